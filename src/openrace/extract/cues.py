"""The cues of a sentence: where something may be reported."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from .lexicon import CUE_FORMS, NOUN_CUES
from .sentences import Sentence, Text

_SIGNATURE = re.compile(r"(?<=Q)-N[Nn]*(?:,.*)?$")  # "'…' — Mara Lindqvist, engineer"
_ANNOUNCING = re.compile(r"-Q[.]?$")  # "one answer — '…'"
_ASIDE = re.compile(r",[^,:;Q]{1,25},(?=t)")  # "admitting, in the wake of it, that …"
_GENERIC_LEFT = re.compile(r"Q[DNhrP'#e]{1,8}y?$")
_GENERIC_RIGHT = re.compile(r"[^,:Q]{0,6}[,:]Q|Q")
_NOUN_FRAME = frozenset("tToQ")  # what follows a noun that reports: "that …", "to …", "of …", a quotation


class Cue(NamedTuple):
    """A reporting word with its auxiliaries and adverbs: units `first` to `last`, the word itself at `head`.

    `lemma` and `frame` are those of `lexicon.py`; `aside` counts the units put in between cue and clause.
    """

    first: int
    head: int
    last: int
    lemma: str
    frame: str
    aside: int = 0

    @property
    def after(self) -> int:
        """The unit at which content after the cue may begin."""
        return self.last + 1 + self.aside


def find_cues(text: Text, sentence: Sentence) -> Iterator[Cue]:
    """The cues of `sentence`, in order.

    Known reporting verbs and nouns and "according to"; a colon or a dash; and any verb at all where a
    quotation stands beside it and its subject.
    """
    classes = sentence.classes
    for i, cls in enumerate(classes):
        if cls in "vzbg":
            if not _hands_on(text, sentence, i):
                _, lemma, frame = CUE_FORMS[text.words(sentence, i)]
                yield _with_particle(text, sentence, _group(classes, i, lemma, frame))
        elif cls == "a" and classes[i + 1 : i + 2] == "T":
            yield Cue(i, i, i + 1, "according", "according")
        elif cls in ":-":
            yield from _mark(classes, i)
        elif cls == "r" and text.words(sentence, i) in NOUN_CUES and classes[i + 1 : i + 2] in _NOUN_FRAME:
            yield Cue(i, i, i, text.words(sentence, i).rstrip("s"), "noun")
        elif cls in "eV" and "Q" in classes and _beside_quotation(classes, i):
            yield _group(classes, i, "other", "other")


def _hands_on(text: Text, sentence: Sentence, i: int) -> bool:
    """Whether the verb leaves the report to a second one: "was quoted as saying"."""
    return sentence.classes[i + 2 : i + 3] == "g" and text.words(sentence, i + 1) == "as"


def _group(classes: str, head: int, lemma: str, frame: str) -> Cue:
    first = last = head
    while first and classes[first - 1] in "xBy~T":
        first -= 1
    while classes[last + 1 : last + 2] == "y":
        last += 1
    return Cue(first, head, last, lemma, frame)


def _with_particle(text: Text, sentence: Sentence, cue: Cue) -> Cue:
    """`cue` with the "out" of "pointed out", and with what is put in between it and its "that"."""
    following = cue.last + 1
    if following < len(sentence.classes) and text.words(sentence, following) == "out":
        cue = cue._replace(last=following)
    aside = _ASIDE.match(sentence.classes, cue.last + 1)
    return cue._replace(aside=len(aside[0])) if aside else cue


def _mark(classes: str, i: int) -> Iterator[Cue]:
    """A colon or dash that stands for a verb; a colon right behind a verb is part of its frame."""
    if classes[i] == ":":
        if i and classes[i - 1] not in "vzbgy":
            yield Cue(i, i, i, ":", "colon")
    elif _SIGNATURE.match(classes, i):
        yield Cue(i, i, i, "-", "signature")
    elif _ANNOUNCING.match(classes, i):
        yield Cue(i, i, i, "-", "colon")


def _beside_quotation(classes: str, i: int) -> bool:
    return bool(_GENERIC_LEFT.search(classes, max(0, i - 9), i) or _GENERIC_RIGHT.match(classes, i + 1))
