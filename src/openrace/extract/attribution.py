"""Which words of a text are whose: cues, their sources and contents, joined into attributions.

For every cue of a sentence two scored choices are made: which phrase is its source (`speakers.py`) and which
stretch is its content, or none (`contents.py`). Where two cues want the same quotation the surer one has it.
Quotations that stand alone then go to the speaker before them, where the layout says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from .contents import Content, content_features, contents, sequel
from .cues import CUE_FORMS, NOUN_CUES
from .scoring import best, load_weights, probabilities
from .sentences import Sentence, Text
from .speakers import Phrase, VerbGroup, extend, phrase_kind, phrases, source_features

Range = tuple[int, int]  # first and last token, both included


class Reading(NamedTuple):
    """One cue as it was read: its source and content, and how sure each is."""

    cue: VerbGroup
    lemma: str
    frame: str
    source: Phrase | None
    source_probability: float
    content: Content | None
    probability: float  # that the cue reports something at all


@dataclass
class Attribution:
    """Content, cue and source as ranges of tokens, with how it was found."""

    content: list[Range]
    cue: Range | None
    source: Range | None
    lemma: str
    shape: str
    probability: float
    source_probability: float
    sentence: int
    quoted: bool
    reason: str
    sentences: list[int] = field(default_factory=list)


_GENERIC_LEFT = re.compile(r"Q[DNhrP'#e]{1,8}y?$")
_GENERIC_RIGHT = re.compile(r"[^,:Q]{0,6}[,:]Q|Q")


def cues(text: Text, sentence: Sentence) -> Iterator[tuple[VerbGroup, str, str]]:
    """The cues of `sentence`, each with its lemma and frame.

    Known reporting verbs and "according to"; a colon; and any verb at all where a quotation stands beside
    it and its subject.
    """
    classes = sentence.classes
    for i, cls in enumerate(classes):
        if cls in "vzbg":
            _, lemma, frame = CUE_FORMS[text.words(sentence, i)]
            yield _group(classes, i), lemma, frame
        elif cls == "a" and classes[i + 1 : i + 2] == "T":
            yield VerbGroup(i, i, i + 1), "according", "according"
        elif cls == ":" and i:
            yield VerbGroup(i, i, i), ":", "colon"
        elif (
            cls == "r"
            and text.words(sentence, i) in NOUN_CUES
            and classes[i + 1 : i + 2] in ("t", "T", "o", "Q")
        ):
            yield VerbGroup(i, i, i), text.words(sentence, i).rstrip("s"), "noun"
        elif cls in "eV" and "Q" in classes and _generic(classes, i):
            yield _group(classes, i), "other", "other"


def _group(classes: str, head: int) -> VerbGroup:
    first = last = head
    while first and classes[first - 1] in "xy~T":
        first -= 1
    while classes[last + 1 : last + 2] == "y":
        last += 1
    return VerbGroup(first, head, last)


def _generic(classes: str, i: int) -> bool:
    return bool(_GENERIC_LEFT.search(classes, max(0, i - 9), i) or _GENERIC_RIGHT.match(classes, i + 1))


def attribute(text: Text) -> list[Attribution]:
    """Every attribution of `text`, in the order of the sentences that hold the cues."""
    found: list[Attribution] = []
    for index, sentence in enumerate(text.sentences):
        readings = [r for r in read_sentence(text, index) if r.content is not None]
        found += [_attribution(text, index, r) for r in _settle(sentence, readings)]
    return follow(text, found)


def read_sentence(text: Text, index: int) -> Iterator[Reading]:
    """Every cue of sentence `index` with the best of its sources and contents."""
    sentence = text.sentences[index]
    found: list[Phrase] | None = None
    following = ""
    for cue, lemma, frame in cues(text, sentence):
        if found is None:
            found, following = phrases(sentence), sequel(text, index)
        source, sure = choose_source(sentence, cue, lemma, frame, found)
        candidates = contents(text, sentence, cue, source, following)
        if candidates:
            content, probability = choose_content(text, sentence, cue, lemma, frame, source, candidates)
            yield Reading(cue, lemma, frame, source, sure, content, probability)


def choose_source(
    sentence: Sentence, cue: VerbGroup, lemma: str, frame: str, found: list[Phrase]
) -> tuple[Phrase | None, float]:
    """The likeliest source of `cue` among the phrases `found`, and its probability."""
    candidates = list(source_features(sentence, cue, lemma, frame, found))
    chances = probabilities(load_weights()["source"], (features for _, features in candidates))
    winner = best(chances)
    return candidates[winner][0], chances[winner]


def choose_content(
    text: Text,
    sentence: Sentence,
    cue: VerbGroup,
    lemma: str,
    frame: str,
    source: Phrase | None,
    found: list[Content],
) -> tuple[Content, float]:
    """The likeliest content among those `found`, and the probability that the cue reports anything."""
    kind = phrase_kind(sentence, source)
    rows = [content_features(text, sentence, cue, lemma, frame, kind, c) for c in (None, *found)]
    chances = probabilities(load_weights()["content"], rows)
    return found[best(chances[1:])], 1 - chances[0]


QUOTED_FLOOR = 0.4  # measured on the training articles: below it more claims are wrong than right
INDIRECT_FLOOR = 0.7


def _settle(sentence: Sentence, readings: list[Reading]) -> list[Reading]:
    """The readings that can stand together, surest first served: no quotation twice, no content half in another."""
    kept: list[tuple[Reading, set[int]]] = []
    for reading in sorted(readings, key=lambda r: -r.probability):
        units = _units(reading)
        quotes = {i for i in units if sentence.classes[i] == "Q"}
        floor = QUOTED_FLOOR if quotes or not units else INDIRECT_FLOOR
        if reading.probability < floor:
            continue
        if any(quotes & others or _crossing(units, others) for _, others in kept):
            continue
        kept.append((reading, units))
    return sorted((r for r, _ in kept), key=lambda r: r.cue.head)


def _units(reading: Reading) -> set[int]:
    runs = reading.content.runs if reading.content else ()
    return {i for first, last in runs for i in range(first, last + 1)}


def _crossing(one: set[int], other: set[int]) -> bool:
    return bool(one & other) and not one <= other and not other <= one


def _attribution(text: Text, index: int, reading: Reading) -> Attribution:
    sentence = text.sentences[index]
    content = reading.content
    runs = content.runs if content else ()
    ranges = [(sentence.first[a], sentence.last[b]) for a, b in runs]
    if not runs:
        following = text.sentences[index + 1]
        ranges = [(following.first[0], following.last[-1])]
    shape = content.shape if content else ""
    quoted = any("Q" in sentence.classes[a : b + 1] for a, b in runs) or shape.startswith("FQ")
    cue, source = reading.cue, reading.source
    if source:
        stop = cue.first if source.last < cue.first else len(sentence.classes)
        source = extend(sentence, source, stop)
    return Attribution(
        content=ranges,
        cue=(sentence.first[cue.first], sentence.last[cue.last]),
        source=(sentence.first[source.first], sentence.last[source.last]) if source else None,
        lemma=reading.lemma,
        shape=shape,
        probability=reading.probability,
        source_probability=reading.source_probability,
        sentence=index,
        quoted=quoted,
        reason=_reason(text, sentence, reading),
        sentences=[index] if runs else [index, index + 1],
    )


_PLACES = {
    "R": "content after the cue",
    "L": "content before the cue",
    "B": "content on both sides of the cue",
    "FQ.": "the quotation after the sentence",
    "FQ:": "the quotation after the colon",
    "FQ¶": "the quotation in the next paragraph",
    "FB:": "the paragraph after the colon",
}


def _reason(text: Text, sentence: Sentence, reading: Reading) -> str:
    """In a few words: the cue, where its content lies, where its source stands, and how sure both are."""
    shape = reading.content.shape if reading.content else ""
    place = _PLACES.get(shape) or _PLACES["B" if "+" in shape else shape[0]]
    cue = " ".join(text.words(sentence, i) for i in range(reading.cue.first, reading.cue.last + 1))
    where = "no source"
    if reading.source:
        where = "source before it" if reading.source.last < reading.cue.first else "source after it"
    return f"cue “{cue}” ({reading.frame}), {place} {reading.probability:.2f}, {where} {reading.source_probability:.2f}"


def follow(text: Text, found: list[Attribution]) -> list[Attribution]:
    """`found` with the quotations that stand alone given to the speaker before them.

    In the same paragraph, or where an open quotation is taken up again, they go on with the claim before;
    a paragraph of its own right after a quotation is the same speaker's next claim.
    """
    taken = {i for a in found for i in a.sentences}
    by_sentence = {i: a for a in found if a.quoted for i in a.sentences}
    result = list(found)
    for index, sentence in enumerate(text.sentences):
        before = by_sentence.get(index - 1)
        if index in taken or before is None or sentence.classes[0] != "Q" or sentence.classes.strip("Q.!?-"):
            continue
        whole = (sentence.first[0], sentence.last[-1])
        taken_up = text.quotations[sentence.first[0]].continues
        if not sentence.starts_paragraph or taken_up:
            before.content.append(whole)
            before.sentences.append(index)
            by_sentence[index] = before
        elif sentence.ends_paragraph:
            follower = Attribution(
                content=[whole],
                cue=None,
                source=before.source,
                lemma="",
                shape="next",
                probability=0.5,
                source_probability=before.source_probability,
                sentence=index,
                quoted=True,
                reason="a paragraph of quotation right after the speaker's own",
                sentences=[index],
            )
            result.append(follower)
            by_sentence[index] = follower
    return result
