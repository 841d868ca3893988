"""Reports held against recordings: where their words were said, and what the report made of them.

    the report's words ─▶ runs that the recording has too ─▶ the best chain of them ─▶ passages
                       ─▶ each passage aligned word by word ─▶ what was cut, joined, changed, put in

Speech is no print: fillers, repetitions and the figures of numbers are the same in both (spoken_words.py),
and what a report leaves out at its ends, or marks with an ellipsis, is no change. What is flagged is a report
that joins what was said apart, that loses or gains a "not", that has another number, or that gives the words
to somebody else. A machine's transcript mishears: its words alone flag nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import Literal, NamedTuple

from openrace.diffusion.items import items_of
from openrace.diffusion.spoken_words import SHINGLE, SMALL_TALK, SpokenIndex, SpokenText, spoken_text
from openrace.links import link_to_second
from openrace.records import Article, Span
from openrace.scripts import has_han
from openrace.story import Original, ReportCheck, WordChange
from openrace.wordings.align import aligned_spans
from openrace.wordings.normalise import GAP

# Set on made pairs (tests/cases/recordings.toml); each has a case on both sides of it.
LEAST_COVERAGE = 0.66  # of the report's words, by weight, that the passages must have
LEAST_WEIGHT = 12.0  # of what is found, in all
LEAST_PASSAGE = 7.0  # weight of each passage of several
LEAST_RUN = 4  # words of the report in a row that the recording has too
SURE_WORDS = 8  # fewer are found only where the same person says them
NEAR = 20  # words that may be left out within one passage
SLACK = 4  # words around a passage that may hold what its first and last words are reported of
JUMP = 6.0  # weight that a passage elsewhere must bring more
JOINED = 8  # words left out without a mark: more join what was said apart
JOINED_HAN = 14
FAR_SECONDS, FAR_WORDS = 60.0, 150  # over which an ellipsis joins two answers, where another speaks between
SHORT_CUT = 3  # words, or twice as many Han characters: with more goes a clause, and its "not" with it

Same = Literal["same", "different", "unknown"]
_LETTER_IN_BRACKETS = re.compile(r"\[(\w{1,2})\](?=\w)")
_BRACKETS = re.compile(r"\[[^\[\]]*\]|［[^［］]*］")


class Report(NamedTuple):
    """Quoted words of one claim, stretches apart by an ellipsis, and whom it gives them to."""

    claim_id: str
    words: str
    speaker: str | None
    when: str | None = None


class Block(NamedTuple):
    """`size` words of the report from `report` on that stand in the recording from `place` on."""

    report: int
    place: int
    size: int


class Passage(NamedTuple):
    """Words `first` to `after` of the report, said from word `start` to `end` of the recording."""

    first: int
    after: int
    start: int
    end: int


class RecordingMatch(NamedTuple):
    """Where a report's words stand in a recording."""

    report: SpokenText
    passages: tuple[Passage, ...]
    weight: float  # of the words that both have
    coverage: float  # their share of the report's words


class Recording:
    """A transcript ready to be searched: its words and its turns."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.index = SpokenIndex(spoken_text(article.text, tuple(turn.span for turn in article.turns)))
        self.spoken = self.index.spoken
        self._bounds = [turn.span.start for turn in article.turns]

    def turn_at(self, word: int) -> int:
        """Return the number of the turn in which a word is said."""
        return max(bisect_right(self._bounds, self.spoken.starts[word]) - 1, 0)

    def turn_words(self, word: int) -> tuple[int, int]:
        """Return the first word of the turn in which a word is said, and the one after its last."""
        start, end = self.article.turns[self.turn_at(word)].span
        return bisect_left(self.spoken.starts, start), bisect_left(self.spoken.starts, end)

    def second_at(self, word: int) -> float | None:
        """Return when a word is said; None where no time is known."""
        return self.article.turns[self.turn_at(word)].second_at(self.spoken.starts[word])

    def speaker_at(self, word: int) -> str | None:
        """Return who says a word; None where the transcript does not name them."""
        return self.article.turns[self.turn_at(word)].speaker


# -- finding ----------------------------------------------------------------------------------------


def find_words(words: str, recording: Recording) -> RecordingMatch | None:
    """Return where these words of a report are said in the recording; None where they are not."""
    report = printed_words(words)
    chain = _best_chain(_blocks(report.codes, recording), report)
    if not chain or max(block.size for block in chain) < LEAST_RUN:
        return None
    passages = tuple(_passages(chain, report, recording))
    weight = sum(_shared(passage, report, recording) for passage in passages)
    found = RecordingMatch(report, passages, weight, weight / (report.weight() or 1.0))
    return found if weight >= LEAST_WEIGHT and found.coverage >= LEAST_COVERAGE else None


def printed_words(words: str) -> SpokenText:
    """Return the words of a report without what an editor put in brackets."""
    return spoken_text(_BRACKETS.sub(" ", _LETTER_IN_BRACKETS.sub(r"\1", words)))


def _blocks(codes: str, recording: Recording) -> list[Block]:
    """Return the runs of three words or more that both have, each as long as it goes."""
    said = recording.spoken.codes
    found = []
    for at in range(len(codes) - SHINGLE + 1):
        for place in recording.index.places(codes[at : at + SHINGLE]):
            if at and place and codes[at - 1] == said[place - 1]:
                continue
            size = SHINGLE
            while codes[at + size : at + size + 1] == said[place + size : place + size + 1] != "":
                size += 1
            found.append(Block(at, place, size))
    return sorted(found, key=lambda block: -block.size)[:200]


def _best_chain(blocks: list[Block], report: SpokenText) -> list[Block]:
    """Return the blocks that tell most of the report in its order; a step to elsewhere costs JUMP."""
    blocks = sorted(blocks)
    best: list[tuple[float, int]] = []
    for n, block in enumerate(blocks):
        own = report.weight(block.report, block.report + block.size)
        score, before = own, -1
        for m, earlier in enumerate(blocks[:n]):
            overlap = max(earlier.report + earlier.size - block.report, 0)
            if overlap >= block.size or earlier.report >= block.report:
                continue
            rest = report.weight(block.report + overlap, block.report + block.size)
            through = best[m][0] + rest - (0 if _follows(earlier, block, overlap) else JUMP)
            if through > score:
                score, before = through, m
        best.append((score, before))
    if not best:
        return []
    at = max(range(len(best)), key=lambda n: (best[n][0], -n))
    chain = []
    while at >= 0:
        chain.append(blocks[at])
        at = best[at][1]
    return chain[::-1]


def _follows(earlier: Block, later: Block, overlap: int = 0) -> bool:
    """Whether `later` goes on in the recording soon after `earlier`."""
    skipped = later.place + overlap - (earlier.place + earlier.size)
    return 0 <= skipped <= NEAR + (later.report - earlier.report - earlier.size)


def _passages(chain: list[Block], report: SpokenText, recording: Recording) -> Iterator[Passage]:
    """Yield the chain as passages that cover the report without a gap."""
    groups: list[list[Block]] = []
    for block in chain:
        last = groups[-1][-1] if groups else None
        overlap = max(last.report + last.size - block.report, 0) if last else 0
        if last and _follows(last, block, overlap):
            groups[-1].append(block)
        else:
            groups.append([block])
    first = 0
    for n, group in enumerate(groups):
        after = groups[n + 1][0].report if n + 1 < len(groups) else len(report.codes)
        after = max(after, group[-1].report + group[-1].size) if n + 1 < len(groups) else after
        lead, tail = max(group[0].report - first, 0), after - group[-1].report - group[-1].size
        end = group[-1].place + group[-1].size
        start = max(group[0].place - lead - SLACK * (lead > 0), recording.turn_words(group[0].place)[0])
        reach = max(tail, 0) + SLACK * (tail > 0)
        end = max(min(end + reach, recording.turn_words(end - 1)[1]), end)
        yield _trimmed(Passage(first, after, start, end), report, recording)
        first = after


def _trimmed(passage: Passage, report: SpokenText, recording: Recording) -> Passage:
    """Return the passage without what only the recording has at its ends."""
    cuts = aligned_spans(
        recording.spoken.codes[passage.start : passage.end], report.codes[passage.first : passage.after]
    )
    start, end = passage.start, passage.end
    if cuts and not cuts[0].same:
        start += cuts[0].b - cuts[0].a if cuts[0].c == cuts[0].d else 0
    if cuts and not cuts[-1].same:
        end -= cuts[-1].b - cuts[-1].a if cuts[-1].c == cuts[-1].d else 0
    return passage._replace(start=start, end=max(end, start + 1))


def _shared(passage: Passage, report: SpokenText, recording: Recording) -> float:
    """Return the weight of the words that a passage and the report share; 0 where these are too few."""
    said, told = (
        recording.spoken.codes[passage.start : passage.end],
        report.codes[passage.first : passage.after],
    )
    cuts = aligned_spans(said, told)
    same = sum(report.weight(passage.first + cut.c, passage.first + cut.d) for cut in cuts if cut.same)
    return same if same >= LEAST_PASSAGE else 0.0


# -- what the report made of it ---------------------------------------------------------------------


def find_original(
    reports: Sequence[Report], recordings: Sequence[Recording], same_person: Callable[[str, str], Same]
) -> Original | None:
    """Return where a family's words were said, and how each report stands to that; None where nowhere.

    Of several recordings the one that has most of the words, then one that names its speakers, one that a
    person wrote down, the earliest.
    """
    best: tuple[tuple[object, ...], Recording, list[tuple[Report, RecordingMatch]]] | None = None
    for recording in recordings:
        found = [
            (report, where)
            for report in reports
            if (where := find_words(report.words, recording))
            and _is_credible(report, where, recording, same_person)
        ]
        if found:
            article = recording.article
            named = recording.speaker_at(found[0][1].passages[0].start) is not None
            most = round(max(where.weight for _, where in found), 3)
            rank = (-most, not named, article.automatic, article.published or "9999", article.id)
            if best is None or rank < best[0]:
                best = rank, recording, found
    return _original(best[1], best[2], same_person) if best else None


def _is_credible(
    report: Report, found: RecordingMatch, recording: Recording, same_person: Callable[[str, str], Same]
) -> bool:
    """Whether the words were first said here: few words need the same speaker; another one may be quoting."""
    speaker = recording.speaker_at(found.passages[0].start)
    same = same_person(report.speaker, speaker) if report.speaker and speaker else "unknown"
    if same == "same":
        return True
    size = len(found.report.codes.replace(GAP, ""))
    if size < SURE_WORDS * (2 if has_han(found.report.text) else 1):
        return False
    day = recording.article.published
    return same == "unknown" or not (day and report.when and report.when[:10] < day[:10])


def _original(
    recording: Recording,
    found: Sequence[tuple[Report, RecordingMatch]],
    same_person: Callable[[str, str], Same],
) -> Original:
    article, spoken = recording.article, recording.spoken
    _, best = max(found, key=lambda pair: (pair[1].weight, -len(pair[1].passages), pair[0].claim_id))
    places = sorted(best.passages, key=lambda passage: passage.start)
    first, last = places[0], places[-1]
    second = recording.second_at(first.start)
    checks = tuple(check_report(report, where, recording, same_person) for report, where in found)
    spans = tuple(dict.fromkeys(Span(spoken.starts[p.start], spoken.ends[p.end - 1]) for p in places))
    return Original(
        article_id=article.id,
        spans=spans,
        text=" … ".join(" ".join(article.text[slice(*span)].split()) for span in spans),
        before=_around(article, spans[0].start, -1),
        after=_around(article, spoken.ends[last.end - 1], 1),
        speaker=recording.speaker_at(first.start),
        second=second,
        link=link_to_second(article.recording, second),
        automatic=article.automatic,
        reports=checks,
    )


def _around(article: Article, place: int, side: Literal[-1, 1], reach: int = 200) -> str:
    """Return what is said directly before or after a place, in whole words."""
    part = article.text[max(place - reach, 0) : place] if side < 0 else article.text[place : place + reach]
    if len(part) == reach:
        part = part.partition(" ")[2] or part if side < 0 else part.rpartition(" ")[0] or part
    return " ".join(part.split())


def check_report(
    report: Report, found: RecordingMatch, recording: Recording, same_person: Callable[[str, str], Same]
) -> ReportCheck:
    """Return what a report did to the words as they were said."""
    kinds: list[str] = []
    notes: list[str] = []
    changes: list[WordChange] = []
    for before, passage in zip((None, *found.passages), found.passages, strict=False):
        if before and (joint := _joint(before, passage, found, recording)):
            kinds.append(joint[0])
            notes.append(joint[1])
            changes.append(WordChange(op="elided", base="…", variant=""))
        for change, kind in _changes(passage, found.report, recording):
            changes.append(change)
            kinds += [kind] * bool(kind)
    speaker = recording.speaker_at(found.passages[0].start)
    if report.speaker and speaker and same_person(report.speaker, speaker) == "different":
        kinds.append("another speaker")
        notes.append(f"said by {speaker}, not by {report.speaker}")
    kinds = list(dict.fromkeys(kinds))
    if recording.article.automatic:  # a machine may have misheard the word: told, and no alert
        kinds = ["changed" if kind in ("negation", "number") else kind for kind in kinds]
    flagged = not {"joined", "negation", "number", "another speaker"}.isdisjoint(kinds)
    return ReportCheck.model_validate(
        {"claim_id": report.claim_id, "kinds": tuple(dict.fromkeys(kinds)), "flagged": flagged}
        | {"changes": tuple(changes), "note": "; ".join(notes) or None}
    )


def _joint(
    before: Passage, after: Passage, found: RecordingMatch, recording: Recording
) -> tuple[str, str] | None:
    """Return how the report passes from one passage to the next: "cut" or "joined", and over what."""
    marked = GAP in found.report.codes[max(after.first - 2, 0) : after.first + 2]
    left_out = after.start - before.end
    a, b = recording.second_at(before.end - 1), recording.second_at(after.start)
    apart = b - a if a is not None and b is not None else None
    told = f"{abs(apart):.0f} seconds" if apart is not None else f"{abs(left_out)} words"
    if left_out < 0:
        return "joined", f"puts first what was said {told} later"
    between = {
        recording.article.turns[n].speaker
        for n in range(recording.turn_at(before.start), recording.turn_at(after.start) + 1)
    }
    far = apart > FAR_SECONDS if apart is not None else left_out > FAR_WORDS
    if not marked or (far and len(between) > 1):
        return "joined", f"joins words that were said {told} apart"
    return "cut", f"leaves out {told}, with a mark"


def _changes(passage: Passage, report: SpokenText, recording: Recording) -> Iterator[tuple[WordChange, str]]:
    """Yield the stretches of a passage as said and as reported, with what was done: "" for nothing."""
    spoken = recording.spoken
    for cut in aligned_spans(
        spoken.codes[passage.start : passage.end], report.codes[passage.first : passage.after]
    ):
        a, b, c, d = (
            passage.start + cut.a,
            passage.start + cut.b,
            passage.first + cut.c,
            passage.first + cut.d,
        )
        base, variant = spoken.printed(a, b), report.printed(c, d)
        if cut.same:
            yield WordChange(op="same", base=base, variant=variant), ""
            continue
        op = "changed" if a < b and c < d else "left_out" if a < b else "put_in"
        if c < d and report.codes[c:d] == GAP:
            op, variant = "elided", ""
        yield (
            WordChange.model_validate({"op": op, "base": base, "variant": variant}),
            _kind(passage, spoken, a, b, report, c, d),
        )


def _kind(passage: Passage, spoken: SpokenText, a: int, b: int, report: SpokenText, c: int, d: int) -> str:
    """Return what was done where words `a` to `b` were said and `c` to `d` are reported."""
    lost, gained = spoken.forms[a:b], report.forms[c:d]
    content = [form for form in lost if form not in SMALL_TALK]
    short = SHORT_CUT * (2 if has_han("".join(lost)) else 1)
    if len(lost) <= short + len(gained) and _turns_sense(passage, spoken, (a, b), report, (c, d)):
        return "negation"
    numbers = [{form for form in side if form[0] == "#"} for side in (lost, gained)]
    if all(numbers) and numbers[0] != numbers[1]:
        return "number"
    if GAP in gained:
        return "cut"
    if len(lost) - len(gained) > (JOINED_HAN if has_han("".join(lost)) else JOINED):
        return "joined"
    if gained and any(form not in SMALL_TALK for form in gained):
        return "changed"
    return "cut" if content else ""


def _turns_sense(
    passage: Passage, spoken: SpokenText, said: tuple[int, int], report: SpokenText, told: tuple[int, int]
) -> bool:
    """Whether one of two stretches negates what the other asserts, read with two words on either side."""
    base = spoken.printed(max(said[0] - 2, passage.start), min(said[1] + 2, passage.end))
    variant = report.printed(max(told[0] - 2, passage.first), min(told[1] + 2, passage.after))
    return _negations(base) != _negations(variant)


def _negations(printed: str) -> int:
    return sum(item.kind == "negation" for item in items_of(printed))
