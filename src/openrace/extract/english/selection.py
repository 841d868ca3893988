"""Which readings of a sentence are told: sure enough, and no quotation given to two."""

from __future__ import annotations

from typing import NamedTuple

from openrace.extract.english.content_candidates import Content
from openrace.extract.english.content_features import title_case
from openrace.extract.english.cues import Cue
from openrace.extract.english.grammar import (
    ADVERB,
    AND,
    ANY_VERB,
    BECAUSE,
    COLON,
    COMMA,
    DASH,
    DET,
    DOCUMENT,
    NAME,
    NOUN,
    OTHER,
    PAST_OR_PRESENT,
    POSSESSIVE,
    QUOTATION,
    SAID,
    SAYING,
    SEMICOLON,
    STOPS,
    pattern,
)
from openrace.extract.english.name_lists import is_common_given_name, is_common_word
from openrace.extract.english.name_types import is_no_name
from openrace.extract.english.reporting_words import NOUN_CUES
from openrace.extract.english.sentences import Sentence, Text
from openrace.extract.english.source_phrases import Phrase, phrase_kind
from openrace.extract.english.wordclass import OWNERS, PRONOUNS, TITLES
from openrace.records import Polarity

_AND_OR_SEMICOLON = AND + SEMICOLON
_JOINTS = AND + COMMA + SEMICOLON + ADVERB


class Reading(NamedTuple):
    """One cue as it was read: its source and content, and how sure each is."""

    cue: Cue
    source: Phrase | None
    source_probability: float
    content: Content | None
    probability: float  # that the cue reports something at all
    polarity: Polarity = "asserted"


QUOTED_FLOOR = 0.4  # on the training articles more claims are wrong than right below it
SEQUEL_FLOOR = 0.8  # where the quotation is in the next paragraph and no verb and colon lead to it
INDIRECT_FLOOR = 0.5  # chosen there for a precision above 80 %
OPINION_FLOOR = 0.55  # what somebody thinks or wants was not always said
THING_FLOOR = 0.8  # the same where the source is no person, body or text ("a trend", "this development")
# phrases that can speak, in the classes of `phrase_kind`
_SPEAKERS = pattern(r"^{PRONOUN NAME WHO} | {NAME ROLE DOCUMENT}$")
_OPINIONS = frozenset("think stance noun carried".split())
_LABELS = NOUN_CUES | {"source", "note", "notes", "tip", "update", "correction", "disclaimer", "disclosure"}
_SCARE = 2  # words in marks
_NOUNS = frozenset(["noun", "carried"])
_OWN = _OPINIONS | frozenset("show feel call cite".split())
_WORKS = frozenset("write sing read title entitle call publish release".split())


def settle(text: Text, sentence: Sentence, readings: list[Reading]) -> list[Reading]:
    """Return the readings that can stand together, surest first: none shares a quotation or cuts another."""
    kept: list[tuple[Reading, set[int]]] = []
    readings = [_before_parenthesis(reading, readings) for reading in readings]
    readings = [r for r in readings if not any(_is_retold(sentence, r, other) for other in readings)]
    readings = [r for r in readings if not any(_is_medium(sentence, r, other) for other in readings)]
    readings = [r for r in readings if not any(_only_prints(sentence, r, other) for other in readings)]
    for reading in sorted(readings, key=lambda r: -r.probability):
        units = _units(reading)
        quotes = {i for i in units if i < 0 or sentence.classes[i] == QUOTATION}
        if reading.probability < _floor(text, sentence, reading, bool(quotes)):
            continue
        if any(_collide(reading, units, quotes, other, others) for other, others in kept):
            continue
        kept.append((reading, units))
    told = sorted((r for r, _ in kept), key=lambda r: r.cue.head)
    told = [r for r in told if not any(_leaves_open(text, sentence, other, r) for other in told)]
    return _part([_before_others(r, readings, sentence.classes) for r in told], sentence.classes)


_HOW = frozenset("why how when where who what".split())


def _leaves_open(text: Text, sentence: Sentence, outer: Reading, inner: Reading) -> bool:
    """Whether `outer` denies or asks that `inner` was said at all: "denied that she had said …"."""
    if outer.polarity == "asserted" or outer is inner or not outer.content or not inner.source:
        return False
    for first, last in outer.content.runs:
        if first <= inner.source.first and inner.cue.head <= last:
            return text.words(sentence, first) not in _HOW  # "asked why she had said" takes it as said
    return False


def _only_prints(sentence: Sentence, reading: Reading, other: Reading) -> bool:
    """Whether `reading` tells where `other` was printed: "“…,” Sauer said, according to the Post".

    So does a clause with "as": "“…,” wrote Sauer, as Holm reminded them".
    """
    source = reading.source
    beside = source is not None and sentence.classes[source.first - 1 : source.first] == BECAUSE
    if not (reading.cue.frame == "according" or beside) or not reading.content or not reading.content.runs:
        return False
    if other.source is None or sentence.classes[other.cue.head] not in PAST_OR_PRESENT:
        return False
    first, last = reading.content.runs[0][0], reading.content.runs[-1][1]
    ends = max(other.source.last, other.cue.last)
    return first < min(other.source.first, other.cue.first) and ends >= last - 1 and ends <= last


def _is_retold(sentence: Sentence, reading: Reading, other: Reading) -> bool:
    """Whether `other` reports all of the sentence in which `reading` takes a stance in a few words.

    "A clerk has accused them of dumping, the Ledger has said": the Ledger's report is enough.
    """
    outer, inner = other.content, reading.content
    if reading.cue.frame not in _STANCES or not inner or not inner.runs or not outer or not other.source:
        return False
    if not outer.shape.startswith("L0") or not reading.source or other.probability < INDIRECT_FLOOR:
        return False
    (first, last), *more = outer.runs
    start, end = inner.runs[0][0], inner.runs[-1][1]
    inside = not more and first <= reading.source.first and reading.cue.last < last < other.cue.first
    few = end - start < _FEW and QUOTATION not in sentence.classes[start : end + 1]
    return inside and few and end <= last


def _is_medium(sentence: Sentence, reading: Reading, other: Reading) -> bool:
    """Whether `reading` has only the place of what `other` reports: "wrote on Chirper saying that"."""
    if sentence.classes[other.cue.head] != SAYING or other.source is None or other.source != reading.source:
        return False
    if reading.cue.frame not in _POSTING or reading.cue.last >= other.cue.first or not reading.content:
        return False
    between = sentence.classes[reading.cue.last + 1 : other.cue.first]
    begins = reading.content.runs and reading.cue.last < reading.content.runs[0][0] < other.cue.first
    return bool(begins) and bool(_MEDIUM.fullmatch(between)) and other.probability >= INDIRECT_FLOOR


_FEW = 5  # units: a longer accusation is told beside the report of it
_SHOWING = frozenset("highlight underline underscore reflect suggest signal indicate show imply".split())
_STANCES = frozenset(["accuse", "stance"])
_POSTING = frozenset(["say", "tell"])
_MEDIUM = pattern(r"{NOUN_PHRASE PREP OF TIME}+")


def _before_parenthesis(reading: Reading, readings: list[Reading]) -> Reading:
    """Return `reading` cut before a report of it all: "accused them of dumping, a report has said"."""
    content = reading.content
    if not content or len(content.runs) != 1 or not content.shape.startswith("R"):
        return reading
    first, last = content.runs[0]
    for other in readings:
        source, told = other.source, other.content
        if not source or not told or not told.shape.startswith("L") or source.first < reading.cue.last:
            continue
        if source.last < other.cue.first <= last and told.runs[0][0] < first < told.runs[0][1] < source.first:
            return reading._replace(content=content._replace(runs=((first, told.runs[0][1]),)))
    return reading


def _before_others(reading: Reading, readings: list[Reading], classes: str) -> Reading:
    """Return `reading` cut before a semicolon behind which others have the word, told or not."""
    begins = [r.source.first for r in readings if r.source and r.source != reading.source]
    if reading.cue.frame == "call" and reading.content:
        begins += [at + 1 for first, last in reading.content.runs for at in _semicolons(classes, first, last)]
    for at in begins:
        if at > reading.cue.last and classes[at - 1 : at] == SEMICOLON:
            reading = _cut(reading, at, classes)
    return reading


def _semicolons(classes: str, first: int, last: int) -> list[int]:
    return [i for i in range(first, last) if classes[i] == SEMICOLON]


def _part(readings: list[Reading], classes: str) -> list[Reading]:
    """Return the readings in order, cut before a later cue of the same subject ("said … and called …")."""
    parted = []
    for i, reading in enumerate(readings):
        for later in readings[i + 1 :]:
            if reading.source and later.source == reading.source:
                reading = _cut(reading, later.cue.first, classes)
        parted.append(reading)
    return parted


def _cut(reading: Reading, before: int, classes: str) -> Reading:
    """Return `reading` with its last run ended before unit `before`, where that lies inside it."""
    if not reading.content or not reading.content.runs:
        return reading
    *others, (first, last) = reading.content.runs
    if not first < before <= last:
        return reading
    if QUOTATION not in classes[first : last + 1] and classes[before - 1] not in _AND_OR_SEMICOLON:
        return reading  # measured: without marks the cut loses as many as it wins
    end = before - 1
    while end > first and classes[end] in _JOINTS:
        end -= 1
    return reading._replace(content=reading.content._replace(runs=(*others, (first, end))))


def _floor(text: Text, sentence: Sentence, reading: Reading, quoted: bool) -> float:
    """Return the probability from which a reading is accepted."""
    if reading.cue.frame == "colon" and _is_unknown_label(text, sentence, reading.source):
        return 1.0
    if quoted:
        nobody = reading.cue.frame == "call" and reading.source is None
        if reading.cue.frame == "show" and not (reading.source and may_speak(text, sentence, reading.source)):
            return THING_FLOOR  # "the chart showed “…”"
        if nobody or _is_scare_quoted(sentence, reading) or _names_a_work(text, sentence, reading):
            return 1.0
        apart = reading.content is not None and (reading.content.shape == "FQ¶" or _is_bare_colon(reading))
        return SEQUEL_FLOOR if apart else QUOTED_FLOOR
    if reading.source is None or _is_narrated(text, sentence, reading) or _is_meeting(sentence, reading):
        return 1.0  # an indirect claim that nobody makes is none, nor is what the writer thinks
    speaks = may_speak(text, sentence, reading.source)
    if reading.cue.frame == "according" and speaks:
        return 0.0  # the rule beats any score: 86 of 100 on the training articles
    if not speaks:
        shows = sentence.classes[reading.cue.head] == SAYING and reading.cue.lemma in _SHOWING
        return 1.0 if shows else THING_FLOOR  # "the motion was backed by both, underlining …"
    return OPINION_FLOOR if reading.cue.frame in _OPINIONS else INDIRECT_FLOOR


def _is_unknown_label(text: Text, sentence: Sentence, source: Phrase | None) -> bool:
    """Whether what stands before a colon is no known name: "Webinar Recap: '…'"."""
    if source is None:
        return False
    if sentence.classes[source.last] != NAME:
        if source.first == source.last and sentence.classes[source.last] == DOCUMENT:
            return True  # "Note: …"
        first = source.first + _opens_label(text, sentence, source)
        return sentence.classes[first : source.last + 1].strip(NOUN + DET) == ""
    if source.first == source.last and text.words(sentence, source.last) in _LABELS:
        return True  # "Note: amounts may not add up"
    words = [text.words(sentence, i) for i in range(source.first, source.last + 1)]
    named = any(text.capitals[word] > 1 for word in words[-1:])
    return not named and not any(is_common_given_name(word) or word in TITLES for word in words)


def _is_scare_quoted(sentence: Sentence, reading: Reading) -> bool:
    """Whether a headline has a word or two in marks among others: "Lindahl Responds: “Quiet” but Firm"."""
    if not sentence.headline or not reading.content or not reading.content.runs:
        return False
    units = [i for first, last in reading.content.runs for i in range(first, last + 1)]
    classes = "".join(sentence.classes[i] for i in units)
    words = sum(sentence.last[i] - sentence.first[i] - 1 for i in units if sentence.classes[i] == QUOTATION)
    goes_on = bool(classes.strip(QUOTATION + STOPS)) and not set(classes) & set(ANY_VERB)
    behind_colon = sentence.classes[units[0] - 1 : units[0]] == COLON
    return behind_colon and classes[0] == QUOTATION and words <= _SCARE and goes_on


def _opens_label(text: Text, sentence: Sentence, source: Phrase) -> bool:
    """Whether the phrase owes its capital to its place at the head of a line: "Opinions diverge: …"."""
    before = sentence.classes[: source.first]
    alone = sentence.classes[source.first] == NAME and not before.strip(DASH + OTHER)
    return alone and text.capitals[text.words(sentence, source.first)] == 1 and source.last > source.first


def _is_narrated(text: Text, sentence: Sentence, reading: Reading) -> bool:
    """Whether the writer tells what he thinks himself, or what the reader may: "I see", "you can say"."""
    who = text.words(sentence, reading.source.first) if reading.source else ""
    return who == "you" or (who in ("i", "we") and reading.cue.frame in _OWN)


def _is_meeting(sentence: Sentence, reading: Reading) -> bool:
    """Whether "saw" has somebody or something for its object and no clause: "she saw the owner"."""
    if reading.cue.lemma != "see" or sentence.classes[reading.cue.head] != SAID or not reading.content:
        return False
    return not any(set(sentence.classes[a : b + 1]) & set(ANY_VERB) for a, b in reading.content.runs)


def _is_bare_colon(reading: Reading) -> bool:
    """Whether only a colon leads to the quotation in the next paragraph: "Like the page:"."""
    return reading.cue.frame == "colon" and reading.content is not None and reading.content.shape == "FQ:"


def may_speak(text: Text, sentence: Sentence, source: Phrase) -> bool:
    """Whether the phrase names somebody, a body or a text, and no thing ("a trend", "China's strategy")."""
    classes = sentence.classes[source.first : source.last + 1]
    if text.words(sentence, source.first) in PRONOUNS | OWNERS:
        return True
    if classes == NAME and is_no_name(text.words(sentence, source.first)):
        return False  # "Earnings forecasts:" is a heading, "Tariffs suggest" tells of a thing
    if classes[-1] == NOUN and (POSSESSIVE in classes or _only_opens(text, sentence, source)):
        return False
    return bool(_SPEAKERS.search(phrase_kind(sentence, source)))


def _only_opens(text: Text, sentence: Sentence, source: Phrase) -> bool:
    """Whether a common noun owes its capital to the head of its sentence: "Supply constraints suggest"."""
    ahead = sentence.classes[: source.first].strip(DASH + OTHER)
    rest = sentence.classes[source.first + 1 : source.last + 1]
    return not ahead and NAME not in rest and is_common_word(text.words(sentence, source.first))


def _names_a_work(text: Text, sentence: Sentence, reading: Reading) -> bool:
    """Whether the content is the title of a book, a song or a report: "wrote 'A Grammar of Rivers'"."""
    if (
        reading.cue.lemma not in _WORKS
        or sentence.headline
        or not reading.content
        or not reading.content.runs
    ):
        return False
    start = reading.content.runs[0][0]
    introduced = start > 0 and sentence.classes[start - 1] == COLON
    return (
        sentence.classes[start] == QUOTATION
        and not introduced
        and title_case(text.tokens, sentence.first[start], sentence.last[start])
    )


def _units(reading: Reading) -> set[int]:
    """Return the units of its content; of content outside the sentence one that stands for it."""
    runs = reading.content.runs if reading.content else ()
    if not runs:
        return {-1}
    return {i for first, last in runs for i in range(first, last + 1)}


def _collide(one: Reading, units: set[int], quotes: set[int], other: Reading, others: set[int]) -> bool:
    """Whether both want the same words and neither is reported inside the other's content.

    Nor may a noun report again what its own verb does: "issued a warning about …", "expressed fear that …".
    """
    if _NOUNS.intersection((one.cue.frame, other.cue.frame)) and one.source == other.source:
        return bool(units & others)
    if (units < others and one.cue.head in others) or (others < units and other.cue.head in units):
        return False
    crossing = units & others and not units <= others and not others <= units
    return bool(quotes & others or crossing)
