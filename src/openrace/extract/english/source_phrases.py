"""Who may have said it: noun phrases of a sentence, and the words about each that tell sources from others.

A candidate is a noun phrase outside quotation marks. Its features speak of word classes, case, position and
the pattern of classes between it and the cue; never of what the words mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from openrace.extract.english.cues import Cue
from openrace.extract.english.sentences import Sentence, Text
from openrace.extract.english.wordclass import POSSESSIVES

# determiner, modifiers and head; joined by possessives, by "and" between names, by hyphens
_PHRASE = re.compile(
    r"P|w|(?<=[nNhr])t(?=[y~]*[xBvzVe])|(?:[DI]*#?y?[ei]*)(?:[nNhr#]|'[ei]*(?=[nNhr#])|(?<=N)c(?=N)|,(?=N,h))+|D*I|D(?![nNhr#eiy])"
)
_ASIDE = re.compile(r"[NnhrP],y*v[^,;:]+,[ymDnNhr#]*[xBvzVe]")
_BE = re.compile(r"B[y~]*$")
_NOUNS = re.compile(r"[DnNhr#e'iI]+")
_SUBJECT = re.compile(  # what may stand between a subject and its finite verb: its "of …", an aside, adverbs
    r"(?:[op][DnNhr#ei'c]+)*(?:,[^,:;Q\"]{1,24},|-[^-]{1,24}-|\([^()]{1,12}\))?[ym~]*[xBvzVe]"
)
_FORMS = {"V": "v", "e": "v", "i": "g"}
_FURTHER = re.compile(r"(?:e?[op][DnNhr#ei'c]+)+")


class Phrase(NamedTuple):
    """Units `first` to `last` of a sentence that may name a source."""

    first: int
    last: int


def phrases(sentence: Sentence) -> list[Phrase]:
    """The noun phrases of `sentence`, in order."""
    return [Phrase(m.start(), m.end() - 1) for m in _PHRASE.finditer(sentence.classes)]


def source_features(
    text: Text, sentence: Sentence, cue: Cue, found: list[Phrase], previous: Phrase | None
) -> Iterator[tuple[Phrase | None, list[str]]]:
    """Each phrase that may be the source of `cue`, with its features; and None, for a cue without one.

    `previous` is the source of the cue before it in the sentence, if there is one.
    """
    classes = sentence.classes
    before = classes[cue.first - 1] if cue.first else "^"
    form = _form(classes, cue)
    yield (
        None,
        [
            f"none form={form}",
            f"none before={before}",
            f"none frame={cue.frame}",
            f"none previous={bool(previous)}",
        ],
    )
    passive = is_passive(sentence, cue)
    lefts = [p for p in found if p.last < cue.first and not passive]
    rights = [p for p in found if p.first > cue.last and (not passive or classes[p.first - 1] == "p")]
    subjects = 0
    for rank, phrase in enumerate(reversed(lefts[-8:])):
        gap = classes[phrase.last + 1 : cue.first]
        subject = is_subject(classes, phrase)
        subjects += subject
        place = f"{subjects}" if subject else "no"
        features = _features(sentence, phrase, "L", rank, gap, cue, before)
        features += _subject_features(classes, phrase, cue, place)
        if previous:
            features += [f"L{form} previous={phrase == previous} before={before}"]
        yield phrase, features
    if lefts and len(lefts) > 8:
        gap = classes[lefts[0].last + 1 : cue.first]
        yield lefts[0], _features(sentence, lefts[0], "L", 9, gap, cue, before)
    if cue.frame == "noun" and (owner := _owner(text, sentence, cue)):
        yield owner, [f"own kind={phrase_kind(sentence, owner)}", "own"]
    for rank, phrase in enumerate(rights[:3]):
        gap = classes[cue.last + 1 : phrase.first]
        yield phrase, _features(sentence, phrase, "R", rank, gap, cue, before)


def _owner(text: Text, sentence: Sentence, cue: Cue) -> Phrase | None:
    """Whose the noun is that reports: "Lindqvist's claim", "his recent warning"."""
    classes = sentence.classes
    start = cue.first
    while start and classes[start - 1] in "DNnhr#ei'y":
        start -= 1
    mark = classes.rfind("'", start, cue.first)
    if mark > start:
        return Phrase(start, mark)
    owned = start < cue.first and text.words(sentence, start) in POSSESSIVES
    return Phrase(start, start) if owned else None


def is_subject(classes: str, phrase: Phrase) -> bool:
    """Whether a finite verb follows the phrase, or what belongs to it, and no preposition rules it."""
    ruled = phrase.first > 0 and classes[phrase.first - 1] in "poTDvzVbgi'"
    return not ruled and bool(_SUBJECT.match(classes, phrase.last + 1))


def _form(classes: str, cue: Cue) -> str:
    """The form of the cue, a verb that only carries or accompanies a report counted with the others."""
    return _FORMS.get(classes[cue.head], classes[cue.head])


def _subject_features(classes: str, phrase: Phrase, cue: Cue, place: str) -> list[str]:
    """Which of the subjects before the cue the phrase is, counted from the cue ("no": none)."""
    form = _form(classes, cue)
    behind = classes[phrase.last + 1 : phrase.last + 2]
    before = classes[cue.first - 1]
    return [
        f"L{form} subject={place}",
        f"L{form} subject={place} before={before}",
        f"L subject={place} behind={behind}",
        f"L{form} subject={place} opens={phrase.first == 0}",
    ]


def is_passive(sentence: Sentence, cue: Cue) -> bool:
    """Whether the cue is a participle under "be": then its subject is the one spoken to or of."""
    if cue.lemma == "worry":
        return False  # "she is worried": a feeling
    classes = sentence.classes
    if classes[cue.head] != "v":
        return False
    return bool(_BE.search(classes, cue.first, cue.head) or _is_reduced(classes, cue))


def _is_reduced(classes: str, cue: Cue) -> bool:
    """Whether the cue is a participle between commas: "Sorin, asked about it, waited"."""
    aside = _ASIDE.match(classes, cue.first - 2) if cue.first > 1 else None
    return bool(aside) and classes[cue.last + 1 : cue.last + 2] in tuple("ptTuQ")


def _features(
    sentence: Sentence, phrase: Phrase, side: str, rank: int, gap: str, cue: Cue, before: str
) -> list[str]:
    classes = sentence.classes
    form = _form(classes, cue)
    kind = phrase_kind(sentence, phrase)
    ahead = classes[phrase.first - 1] if phrase.first else "^"
    behind = classes[phrase.last + 1 : phrase.last + 2] or "$"
    verbs = min(sum(c in "vzVeB" for c in gap), 2)
    gap = _shorten(gap)
    found = [
        f"{side} kind={kind}",
        f"{side} ahead={ahead}",
        f"{side}{form} gap={gap}",
        f"{side} rank={min(rank, 4)}",
        f"{side}{form} before={before}",
        f"{side} kind={kind} ahead={ahead}",
    ]
    if side == "R":
        found += [
            f"R behind={behind} before={before}",
            f"R gap={gap} before={before}",
            f"R frame={cue.frame}",
            f"R kind={kind} before={before} behind={behind}",
        ]
    else:
        if gap:
            found += [f"L{form} gap={gap} kind={kind}", f"L verbs between={verbs}"]
        else:
            found += [f"L direct kind={kind}", f"L direct ahead={ahead}"]
        found += [f"L{form} ahead={ahead} gap={gap[:1]}{gap[-1:]}"]
        if before == "c":
            found.append(f"L shared by and: opens={phrase.first == 0} kind={kind}")
    if phrase.first == 0:
        found.append(f"{side}{form} opens")
    return found


def _shorten(classes: str) -> str:
    """The pattern between a phrase and a cue: noun phrases as one letter, long ones by their two ends."""
    short = _NOUNS.sub("n", classes)
    return short if len(short) <= 6 else f"{short[:2]}~{short[-2:]}"


def phrase_kind(sentence: Sentence, phrase: Phrase | None) -> str:
    """What sort of phrase it is: pronoun, name, person by role, text, other; with or without a determiner."""
    if phrase is None:
        return "0"
    classes = sentence.classes[phrase.first : phrase.last + 1]
    if classes in ("P", "I", "w", "t"):
        return classes
    head = classes[-1]
    determined = "D" if classes[0] in "D#" else ""
    return f"{determined}{'N' if 'N' in classes and head != 'N' else ''}{head}"


def extend(sentence: Sentence, phrase: Phrase, stop: int) -> Phrase:
    """`phrase` with the "of …" and "for …" that belong to it, where it is no bare name or pronoun.

    `stop` is the unit that it must not reach.
    """
    classes = sentence.classes
    if classes[phrase.last] in "NPI" and classes[phrase.first] not in "D#":
        return phrase
    m = _FURTHER.match(classes, phrase.last + 1, stop)
    return Phrase(phrase.first, m.end() - 1) if m else phrase
