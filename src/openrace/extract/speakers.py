"""Who may have said it: noun phrases of a sentence, and the words about each that tell sources from others.

A candidate is a noun phrase outside quotation marks. Its features speak of word classes, case, position and
the pattern of classes between it and the cue; never of what the words mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from .cues import Cue
from .sentences import Sentence

# determiner, modifiers and head; joined by possessives, by "and" between names, by hyphens
_PHRASE = re.compile(
    r"P|w|(?:[DI]*#?y?[ei]*)(?:[nNhr#]|'[ei]*(?=[nNhr#])|(?<=N)c(?=N)|,(?=N,h))+|D*I|D(?![nNhr#eiy])"
)
_BE = re.compile(r"B[y~]*$")
_NOUNS = re.compile(r"[DnNhr#e'iI]+")
_FURTHER = re.compile(r"(?:[op][DnNhr#ei'c]+)+")


class Phrase(NamedTuple):
    """Units `first` to `last` of a sentence that may name a source."""

    first: int
    last: int


def phrases(sentence: Sentence) -> list[Phrase]:
    """The noun phrases of `sentence`, in order."""
    return [Phrase(m.start(), m.end() - 1) for m in _PHRASE.finditer(sentence.classes)]


def source_features(
    sentence: Sentence, cue: Cue, found: list[Phrase]
) -> Iterator[tuple[Phrase | None, list[str]]]:
    """Each phrase that may be the source of `cue`, with its features; and None, for a cue without one."""
    classes = sentence.classes
    form = classes[cue.head]
    before = classes[cue.first - 1] if cue.first else "^"
    yield None, [f"none form={form}", f"none before={before}", f"none frame={cue.frame}"]
    passive = is_passive(sentence, cue)
    lefts = [p for p in found if p.last < cue.first and not passive]
    rights = [p for p in found if p.first > cue.last and (not passive or classes[p.first - 1] == "p")]
    for rank, phrase in enumerate(reversed(lefts[-8:])):
        gap = classes[phrase.last + 1 : cue.first]
        yield phrase, _features(sentence, phrase, "L", rank, gap, cue, before)
    if lefts and len(lefts) > 8:
        gap = classes[lefts[0].last + 1 : cue.first]
        yield lefts[0], _features(sentence, lefts[0], "L", 9, gap, cue, before)
    for rank, phrase in enumerate(rights[:3]):
        gap = classes[cue.last + 1 : phrase.first]
        yield phrase, _features(sentence, phrase, "R", rank, gap, cue, before)


def is_passive(sentence: Sentence, cue: Cue) -> bool:
    """Whether the cue is a participle under "be": then its subject is the one spoken to or of."""
    if cue.lemma == "worry":
        return False  # "she is worried": a feeling
    return sentence.classes[cue.head] == "v" and bool(_BE.search(sentence.classes, cue.first, cue.head))


def _features(
    sentence: Sentence, phrase: Phrase, side: str, rank: int, gap: str, cue: Cue, before: str
) -> list[str]:
    classes = sentence.classes
    form = classes[cue.head]
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
    if classes in ("P", "I", "w"):
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
