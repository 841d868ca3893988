"""Which of the people or bodies named so far a pronoun or a description means: a scored choice.

Candidates are what agrees in type, gender and number; who could not be meant is none. Their features speak of
distance, grammatical place, form and number of their mentions, who spoke last, and what is known of them;
`weights.tsv` holds the weights (model "antecedent"), fitted by ``make name-weights``. A choice is told only
where it
is clear of the next.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from openrace.extract.english.choice_model import best, load_weights, probabilities
from openrace.extract.english.entities import Entity
from openrace.extract.english.grammar import AND, BECAUSE, COLON, QUOTATION, SEMICOLON, THAT, WHO

MOST = 6  # candidates: farther back it is nobody
SURE = 0.6  # probability from which an antecedent is told
SURE_OF_TWO = 0.9  # the same where the next best was mentioned beside it: "Bremer met Okafor. He said …"
CLAUSE_BREAK = THAT + BECAUSE + WHO + COLON + SEMICOLON + QUOTATION
_COUNTS = (1, 2, 4, 8)
_GAPS = (0, 1, 2, 4, 8)


class Mention(NamedTuple):
    """One place where somebody is meant, seen as grammar sees it.

    `form`: name, part (of a name), pronoun, role. `place`: speaker, subject, object, owner, ruled (by a
    preposition),
    or other. `between` is what stands between the start of its sentence and it.
    """

    first: int
    last: int
    sentence: int
    unit: int
    paragraph: int
    form: str
    place: str
    quoted: bool
    word: str


@dataclass
class Track:
    """The mentions of one entity so far."""

    entity: Entity
    last: Mention
    count: int = 0
    subject: Mention | None = None  # the last one that was a subject or spoke
    spoke: int = -1  # its number among the speakers so far
    opening: bool = False  # named in the headline or the first paragraph
    outside: bool = False  # mentioned outside of quotations
    gender: str = ""  # as the last pronoun told that went to it

    def add(self, mention: Mention, turn: int) -> None:
        """Note that `mention` means this entity; `turn` counts the speakers so far."""
        self.last, self.count = mention, self.count + 1
        if mention.place in ("subject", "speaker"):
            self.subject = mention
        if mention.place == "speaker":
            self.spoke = turn
        self.outside = self.outside or not mention.quoted
        self.opening = self.opening or mention.paragraph == 0


class Choice(NamedTuple):
    """An entity and why it was chosen; None and why nobody was."""

    entity: Entity | None
    how: str


def _bucket(value: int, bounds: Sequence[int]) -> int:
    return bisect_right(bounds, value)


def candidate_features(
    anaphor: Mention, tracks: Sequence[Track], before: str, turn: int, unnamed: int
) -> Iterator[list[str]]:
    """Yield the features of each of `tracks`, latest mention first, as antecedent of the pronoun `anaphor`.

    `before` are the word classes from the start of its sentence up to it; `turn` the number of speakers so
    far.
    """
    subjects = sorted((t for t in tracks if t.subject), key=lambda t: -(t.subject.first if t.subject else 0))
    order = {id(t): rank for rank, t in enumerate(subjects)}
    for rank, track in enumerate(tracks):
        last = track.last
        gap = _bucket(anaphor.sentence - last.sentence, _GAPS)
        near = gap < 3
        found = [
            f"gap={gap}",
            f"gap={gap} place={last.place}",
            f"form={last.form} near={near}",
            f"rank={min(rank, 3)} of={min(len(tracks), 4)}",
            f"subject rank={min(order.get(id(track), 9), 4)}",
            f"paragraphs={min(anaphor.paragraph - last.paragraph, 3)}",
            f"near={near} from={last.place} to={anaphor.place}",
            f"count={_bucket(track.count, _COUNTS)}",
            f"opening={track.opening}",
            f"quoted={last.quoted}",
            f"unnamed since={last.sentence < unnamed} near={near}",
            f"rivals={sum(t.last.sentence == last.sentence for t in tracks)} place={last.place}",
            f"odds={_bucket(int(track.entity.odds), (1, 2, 4, 6))}",
            f"gender known={bool(track.entity.gender or track.gender)}",
            f"spoke last={track.spoke == turn} to={anaphor.place}",
            f"spoke={track.spoke >= 0} to={anaphor.place}",
        ]
        if track.subject:
            found.append(f"subject gap={_bucket(anaphor.sentence - track.subject.sentence, _GAPS)}")
        if last.sentence == anaphor.sentence:
            inside = before[last.unit + 1 :]
            broken = "clause" if any(c in CLAUSE_BREAK for c in inside) else "and" if AND in inside else "no"
            found.append(f"same sentence broken={broken} from={last.place} to={anaphor.place}")
            found.append(f"same sentence broken={broken} word={anaphor.word}")
        yield found


def nobody_features(anaphor: Mention, tracks: Sequence[Track], unnamed: str) -> list[str]:
    """Return the features of the choice of nobody; `unnamed` says where somebody without a name is."""
    near = any(anaphor.sentence - t.last.sentence < 2 and (t.entity.gender or t.gender) for t in tracks)
    return [
        "nobody",
        f"nobody others near={near} of={min(len(tracks), 2)}",
        f"nobody of={min(len(tracks), 4)}",
        f"nobody unnamed={unnamed}",
        f"nobody place={anaphor.place}",
    ]


def choose(rows: Sequence[list[str]], tracks: Sequence[Track], word: str) -> Choice:
    """Return the likeliest of `tracks` by their `rows` of features (the last row: nobody), if it is sure."""
    chances = probabilities(load_weights().get("antecedent", {}), rows)
    winner = best(chances)
    if winner == len(tracks):
        return Choice(None, f"nobody near is likely to be “{word}”")
    entity = tracks[winner].entity
    rival = best([c if i != winner else 0.0 for i, c in enumerate(chances)])
    margin = _log_odds(chances[winner], chances[rival])
    if chances[winner] < _least(tracks, winner, rival):
        other = tracks[rival].entity.name if rival < len(tracks) else "somebody else"
        return Choice(None, f"“{word}” may be {entity.name} or {other}, only {margin:.1f} apart")
    unheard = tracks[winner].spoke < 0 or not entity.is_person
    if unheard and entity.may_be_body and " " not in entity.name:
        return Choice(None, f"“{word}” may be {entity.name}, of which little says that it is a person")
    return Choice(entity, f"{_why(tracks[winner], tracks)}; next best {margin:.1f} below")


def _least(tracks: Sequence[Track], winner: int, rival: int) -> float:
    """Return the probability that is sure enough.

    It is higher where the next best stands in the same sentence and the winner does not speak there, and
    where a passage of somebody's text named another since.
    """
    last = tracks[winner].last
    together = rival < len(tracks) and tracks[rival].last.sentence == last.sentence
    in_passage = any(t.last.quoted and t.entity.gender and t.last.first > last.first for t in tracks)
    return SURE_OF_TWO if in_passage or (together and last.place != "speaker") else SURE


def _log_odds(one: float, other: float) -> float:
    return math.log(max(one, 1e-6) / max(other, 1e-6))


def _why(track: Track, tracks: Sequence[Track]) -> str:
    """In a few words what the chosen one is among the candidates."""
    kind = {"m": "a man", "f": "a woman"}.get(track.entity.gender, "")
    if track.spoke >= 0 and track.spoke == max(t.spoke for t in tracks):
        what = "the last speaker"
    elif track.last.place in ("subject", "speaker"):
        what = "the last subject" if track is tracks[0] else "a subject before"
    else:
        what = "the last one named" if track is tracks[0] else "named before"
    return f"{what}, {kind}" if kind else what
