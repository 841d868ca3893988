"""Which words of a text are whose: cues, their sources and contents, joined into attributions.

For every cue of a sentence two scored choices are made: which phrase is its source (`speakers.py`) and which
stretch is its content, or none (`contents.py`). Where two cues want the same quotation the surer one has it.
Quotations that stand alone then go to the speaker before them, where the layout says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from .contents import Content, content_features, contents, sequel, title_case
from .cues import CUE_FORMS, NOUN_CUES
from .following import Attribution, follow
from .modality import reports
from .scoring import best, load_weights, probabilities
from .sentences import Sentence, Text
from .speakers import Phrase, VerbGroup, extend, is_passive, phrase_kind, phrases, source_features
from .transcripts import transcript_turns
from .words import PRONOUNS


class Reading(NamedTuple):
    """One cue as it was read: its source and content, and how sure each is."""

    cue: VerbGroup
    lemma: str
    frame: str
    source: Phrase | None
    source_probability: float
    content: Content | None
    probability: float  # that the cue reports something at all


_SPEAKERS = re.compile(r"^[PNw]|[Nhr]$")  # phrases that can speak, in the letters of `phrase_kind`
_EMBEDDED = 0.9  # set by hand, as few are annotated
_TAKES_CLAUSE = frozenset("say think show".split())
_APPOSED = re.compile(r"(?:,[DNhn]+,)?")
_PASSIVE = 0.9  # set by hand: the training articles annotate few passives
_SIGNATURE = re.compile(r"(?<=Q)-N[Nn]*(?:,.*)?$")
_WORKS = frozenset("write sing read title entitle call publish release".split())
_ASIDE = re.compile(r",[^,:;Q]{1,25},(?=t)")
_ANNOUNCING = re.compile(r"-Q[.]?$")
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
            if classes[i + 2 : i + 3] == "g" and text.words(sentence, i + 1) == "as":
                continue  # "was quoted as saying": the second verb reports
            group = _group(classes, i)
            if text.words(sentence, min(group.last + 1, len(classes) - 1)) == "out":
                group = group._replace(last=group.last + 1)  # "pointed out"
            aside = _ASIDE.match(classes, group.last + 1)
            yield group._replace(aside=len(aside[0]) if aside else 0), lemma, frame
        elif cls == "a" and classes[i + 1 : i + 2] == "T":
            yield VerbGroup(i, i, i + 1), "according", "according"
        elif cls == ":" and i and classes[i - 1] not in "vzbgy":
            yield VerbGroup(i, i, i), ":", "colon"
        elif cls == "-" and _SIGNATURE.match(classes, i):
            yield VerbGroup(i, i, i), "-", "signature"
        elif cls == "-" and _ANNOUNCING.match(classes, i):
            yield VerbGroup(i, i, i), "-", "colon"
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
    while first and classes[first - 1] in "xBy~T":
        first -= 1
    while classes[last + 1 : last + 2] == "y":
        last += 1
    return VerbGroup(first, head, last)


def _generic(classes: str, i: int) -> bool:
    return bool(_GENERIC_LEFT.search(classes, max(0, i - 9), i) or _GENERIC_RIGHT.match(classes, i + 1))


def attribute(text: Text) -> list[Attribution]:
    """Every attribution of `text`, in the order of the sentences that hold the cues."""
    found = transcript_turns(text)
    turns = {i for turn in found for i in turn.sentences}
    for index, sentence in enumerate(text.sentences):
        if index in turns:
            continue
        readings = [r for r in read_sentence(text, index) if r.content is not None]
        found += [_attribution(text, index, r) for r in _settle(text, sentence, readings)]
    return follow(text, found)


def read_sentence(text: Text, index: int) -> Iterator[Reading]:
    """Every cue of sentence `index` with the best of its sources and contents."""
    sentence = text.sentences[index]
    found: list[Phrase] | None = None
    following = ""
    for cue, lemma, frame in cues(text, sentence):
        if found is None:
            found, following = phrases(sentence), sequel(text, index)
        source, sure = choose_source(text, sentence, cue, lemma, frame, found)
        candidates = contents(text, sentence, cue, source, following)
        if candidates and reports(text, sentence, cue, source):
            content, probability = choose_content(text, sentence, cue, lemma, frame, source, candidates)
            yield Reading(cue, lemma, frame, source, sure, content, probability)


def choose_source(
    text: Text, sentence: Sentence, cue: VerbGroup, lemma: str, frame: str, found: list[Phrase]
) -> tuple[Phrase | None, float]:
    """The likeliest source of `cue` among the phrases `found`, and its probability.

    Under a passive it is the phrase after "by", else nobody; never the subject, who is spoken to or of.
    """
    by = cue.last + 1 < len(sentence.classes) and text.words(sentence, cue.last + 1) == "by"
    agent = next((p for p in found if by and p.first == cue.last + 2), None)
    participle = sentence.classes[cue.head] == "v"
    if is_passive(sentence, cue) or (participle and agent and phrase_kind(sentence, agent)[-1] in "Nh"):
        return agent, _PASSIVE
    inner = _subject_of_clause(text, sentence, cue, found)
    if inner:
        return inner, _EMBEDDED
    candidates = list(source_features(sentence, cue, lemma, frame, found))
    chances = probabilities(load_weights()["source"], (features for _, features in candidates))
    winner = best(chances)
    return candidates[winner][0], chances[winner]


def _subject_of_clause(text: Text, sentence: Sentence, cue: VerbGroup, found: list[Phrase]) -> Phrase | None:
    """The phrase between another cue and this one: in "X said the minister had told …" the minister told."""
    classes = sentence.classes
    if classes[cue.head] not in "vz":
        return None
    for phrase in reversed([p for p in found if p.last < cue.first]):
        if _APPOSED.fullmatch(classes, phrase.last + 1, cue.first):
            before = text.words(sentence, phrase.first - 1) if phrase.first else ""
            if before in CUE_FORMS and CUE_FORMS[before][2] in _TAKES_CLAUSE:
                return phrase
    return None


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
INDIRECT_FLOOR = 0.45
THING_FLOOR = 0.8  # the same where the source is no person, body or text ("a trend", "this development")


def _settle(text: Text, sentence: Sentence, readings: list[Reading]) -> list[Reading]:
    """The readings that can stand together, surest first: no quotation twice, no content half in another."""
    kept: list[tuple[Reading, set[int]]] = []
    for reading in sorted(readings, key=lambda r: -r.probability):
        units = _units(reading)
        quotes = {i for i in units if i < 0 or sentence.classes[i] == "Q"}
        if reading.probability < _floor(text, sentence, reading, bool(quotes)):
            continue
        if any(_collide(reading, units, quotes, other, others) for other, others in kept):
            continue
        kept.append((reading, units))
    return _part(sorted((r for r, _ in kept), key=lambda r: r.cue.head), sentence.classes)


def _part(readings: list[Reading], classes: str) -> list[Reading]:
    """The readings in order, each cut before a later cue of the same subject ("said … and called …")."""
    parted = []
    for i, reading in enumerate(readings):
        for later in readings[i + 1 :]:
            if reading.source and later.source == reading.source:
                reading = _cut(reading, later.cue.first, classes)
        parted.append(reading)
    return parted


def _cut(reading: Reading, before: int, classes: str) -> Reading:
    """`reading` with its last run ended before unit `before`, where that lies inside it."""
    if not reading.content or not reading.content.runs:
        return reading
    *others, (first, last) = reading.content.runs
    if not first < before <= last:
        return reading
    if "Q" not in classes[first : last + 1]:
        return reading  # measured: without marks the cut loses as many as it wins
    end = before - 1
    while end > first and classes[end] in "c,y":
        end -= 1
    return reading._replace(content=reading.content._replace(runs=(*others, (first, end))))


def _floor(text: Text, sentence: Sentence, reading: Reading, quoted: bool) -> float:
    """The probability from which a reading is told."""
    if quoted:
        nobody = reading.frame == "call" and reading.source is None
        return 1.0 if nobody or _names_a_work(text, sentence, reading) else QUOTED_FLOOR
    if reading.source is None:
        return 1.0  # an indirect claim that nobody makes is none
    first = text.words(sentence, reading.source.first)
    speaks = _SPEAKERS.search(phrase_kind(sentence, reading.source)) or first in PRONOUNS
    if reading.frame == "according" and speaks:
        return 0.0  # the rule beats any score: 86 of 100 on the training articles
    return INDIRECT_FLOOR if speaks else THING_FLOOR


def _names_a_work(text: Text, sentence: Sentence, reading: Reading) -> bool:
    """Whether the content is the title of a book, a song or a report: "wrote 'A Grammar of Rivers'"."""
    if reading.lemma not in _WORKS or sentence.headline or not reading.content or not reading.content.runs:
        return False
    start = reading.content.runs[0][0]
    return sentence.classes[start] == "Q" and title_case(
        text.tokens, sentence.first[start], sentence.last[start]
    )


def _units(reading: Reading) -> set[int]:
    """The units of its content; of content outside the sentence one that stands for it."""
    runs = reading.content.runs if reading.content else ()
    if not runs:
        return {-1}
    return {i for first, last in runs for i in range(first, last + 1)}


def _collide(one: Reading, units: set[int], quotes: set[int], other: Reading, others: set[int]) -> bool:
    """Whether both want the same words and neither is reported inside the other's content."""
    if (units < others and one.cue.head in others) or (others < units and other.cue.head in units):
        return False
    crossing = units & others and not units <= others and not others <= units
    return bool(quotes & others or crossing)


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
        probability=reading.probability,
        source_probability=reading.source_probability,
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
    sure = reading.source_probability
    return f"cue “{cue}” ({reading.frame}), {place} {reading.probability:.2f}, {where} {sure:.2f}"
