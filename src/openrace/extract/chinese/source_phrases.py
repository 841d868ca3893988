"""The words before a Chinese cue: who is its subject, and whether anything was said at all.

Chinese puts time, place and manner between the subject and its verb: 李某周三在论坛上对记者表示. So the
words before the cue are peeled from the right, adverbial by adverbial, until the subject's end is bare.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from openrace.extract.chinese import patterns, wordclass
from openrace.extract.chinese.name_edges import read_mention
from openrace.extract.chinese.name_shapes import is_person, leading_length
from openrace.extract.chinese.noun_phrases import CITED_RE, SourcePhrase, read_noun_phrase
from openrace.extract.chinese.segmentation import splits_word, words_of
from openrace.records import Span
from openrace.scripts import has_han

REACH = 120  # characters before a cue that are looked at: keeps the cost of a cue constant
_PEEL_REACH = 64
_LONGEST_GIVEN = 3  # characters behind a surname that are looked at
_PREPOSITIONS = "在于对向和"
_TITLE_REACH = 12  # characters of a title and the surname behind it
_MANNERLY = "davz"  # classes of words in a manner but for the last, which may be of any
_NEAR = 2_000  # characters around a name in which it is looked for again
_CERTAIN = ("person", "surname", "pronoun", "company", "anaphor", "former", "latter", "group", "plural")
_CLAUSE_MARKS = f"，,；;：:。！？!?\n{patterns.QUOTED}"
_OPENINGS = {
    "seen": "在|依|于",
    "words_of": "用|照|借|借用|据|根据|按照|依据|按|依",
    "": "据|根据|按照|依据|按",
}
_OPENING_RES = {frame: re.compile(f"(?:{opening})") for frame, opening in _OPENINGS.items()}


@dataclass(frozen=True)
class CueContext:
    """What stands before a cue: its subject, or that it is left out, or why there is no utterance."""

    subject: SourcePhrase | None
    elided: bool = False
    denied: bool = False  # not said, not yet said, asked whether it was said, or said by nobody
    venue: Span | None = None
    clause_start: int = 0  # where the clause of subject and cue begins
    evidence: bool = False  # opened by 据 or a word like it
    negation: str = ""  # of a cue that reports something even so: 不认为, 没有否认
    view: Span | None = None  # that it rejects or doubts, before it: 对…的说法予以否认
    disposal: int | None = None  # where 将… or 把… begins, the thing that is called something


def read_before(
    text: str, masked: str, floor: int, cue_start: int, frame: str = "", negatable: bool = False
) -> CueContext:
    """Return what stands in `masked` before the cue at `cue_start`, not looking back beyond `floor`.

    `frame` is "seen" for 在…看来 and "words_of" for 用…的话说, which open with a word of their own, and
    "naming" for 将…称为. A `negatable` cue reports something when it is negated, too: 不认为, 没有否认.
    """
    floor = max(floor, cue_start - REACH)
    end, disposal, negation = floor + len(masked[floor:cue_start].rstrip(" ")), None, ""
    if negatable and (negated := patterns.NOT_SAID_RE.search(masked[max(floor, end - _PEEL_REACH) : end])):
        negation, end = negated["negation"], end - len(negated[0])
    thing = (
        patterns.DISPOSAL_RE.search(masked[max(floor, end - _PEEL_REACH) : end])
        if frame == "naming"
        else None
    )
    if thing:
        end = disposal = end - len(thing[0])
    view = patterns.VIEW_BEFORE_RE.search(masked[max(floor, end - _PEEL_REACH) : end]) if negatable else None
    before = max(floor, end - _PEEL_REACH)
    if view:
        end -= len(view[0])
    peeled = _peel(text, masked, floor, end)
    if peeled is None:
        return CueContext(None, denied=True)
    end, venue = peeled
    start = _clause_start(masked, floor, end)
    if patterns.SUPPOSED_RE.match(masked[start:end].lstrip()):
        return CueContext(None, denied=True)
    lead = start + leading_length(masked[start:end])
    opening = _OPENING_RES.get(frame, _OPENING_RES[""]).match(masked, lead, end)
    found = _read_subject(text, masked, floor, opening.end() if opening else start, end)
    if found is None:
        elided = bool(patterns.ELLIPSIS_RE.match(masked[start:end].strip(" 、")))
        nobody = bool(patterns.NOBODY_RE.search(masked[start:end]))
        return CueContext(
            None,
            elided,
            nobody,
            venue,
            _clause_start(masked, floor, cue_start),
            bool(opening),
            negation,
            disposal=disposal,
        )
    cited = CITED_RE.match(masked[start:end]) is not None
    return CueContext(
        found,
        venue=venue,
        clause_start=start,
        evidence=bool(opening) or cited,
        negation=negation,
        view=Span(before + view.start("view"), before + view.end("view")) if view else None,
        disposal=disposal,
    )


def _peel(text: str, masked: str, floor: int, end: int) -> tuple[int, Span | None] | None:
    """Return where the adverbials before `end` begin, and the venue among them; None: nothing was said."""
    venue = None
    while True:
        low = max(floor, end - _PEEL_REACH)
        region = masked[low:end]
        if patterns.NOT_SAID_RE.search(region) or _is_unsaid(text, masked, floor, end):
            return None
        peeled = _adverbial(region)
        if peeled is None or _is_whole_subject(text, masked, floor, end, low + peeled.start()):
            return end, venue
        if peeled["venue"] and (place := patterns.VENUE_RE.match(peeled["venue"])):
            venue = Span(low + peeled.start(), low + peeled.start() + place.end())
        end = _skip_comma(masked, floor, low + peeled.start())


def _adverbial(region: str) -> re.Match[str] | None:
    """Return the adverbial that ends `region`, which begins with no part of a word (共和党)."""
    peeled = patterns.PEEL_RE.search(region)
    while peeled:
        if subject := patterns.SUBJECT_INSIDE_RE.search(region, peeled.start() + 1, peeled.end()):
            begin = subject.end()
        elif joins := patterns.JOINED_RE.match(region, peeled.start()):
            begin = joins.end()
        elif _goes_on(region, peeled.start()):
            begin = peeled.start() + 1
        elif (begins := _start_of_manner(peeled)) > peeled.start():
            begin = begins
        else:
            return peeled
        peeled = patterns.PEEL_RE.search(region, begin)
    return None


def _start_of_manner(peeled: re.Match[str]) -> int:
    """Return where the words of a manner begin behind the name before it: 诺曼/形象地, 沈屿/十分形象地."""
    words = words_of(peeled["manner"]) if peeled["manner"] else ()
    begin = peeled.end("manner") if words else peeled.start()
    for word in reversed(words):
        if begin < peeled.end("manner") and not (word.is_known and word.word_class[0] in _MANNERLY):
            break
        begin -= len(word.text)
    return begin


def _goes_on(region: str, at: int) -> bool:
    """Whether a word, a name or two who speak together go on over `at`: no adverbial begins there."""
    joins = region[at] in "和与" and _joins_people(region, at)
    return joins or splits_word(region, at) or _is_surname(region, at, len(region))


def _joins_people(region: str, at: int) -> bool:
    """Whether people are joined at `at`: 许多分析师/和投资者, and not 沈屿/和读者."""
    before = words_of(region[max(0, at - _TITLE_REACH) : at])
    people = bool(before) and before[-1].is_common and before[-1].word_class == "n"
    return people and len(before[-1].text) > 1 and before[-1].text[-1] in wordclass.PEOPLE_ENDINGS


def _is_surname(masked: str, at: int, end: int) -> bool:
    """Whether a preposition is part of a name behind a title there: 总裁于泽, 总统文在寅."""
    if masked[at] not in _PREPOSITIONS or patterns.AUDIENCE_RE.search(masked, at + 2, end):
        return False
    if patterns.TITLE_AND_SURNAME_RE.search(masked, max(0, at - _TITLE_REACH), at):
        return True
    if not patterns.TITLE_AND_SURNAME_RE.search(masked, max(0, at - _TITLE_REACH), at + 1):
        return False
    follows = words_of(masked[at + 1 : min(end, at + 1 + _LONGEST_GIVEN)])
    return (
        bool(follows) and has_han(follows[0].text) and not (follows[0].is_common and len(follows[0].text) > 1)
    )


def _read_subject(text: str, masked: str, floor: int, start: int, end: int) -> SourcePhrase | None:
    """Return the subject between `start` and `end`; what follows a preposition behind it is no part of it."""
    found = read_mention(text, masked, start, end)
    if found is None or (found.kind in _CERTAIN and not patterns.PREPOSITION_RE.search(found.name)):
        return found
    for preposition in patterns.PREPOSITION_RE.finditer(masked, start + 1, end):
        if _is_surname(masked, preposition.start(), end):
            continue  # 前总统文在寅, 总裁于泽
        head = masked.rfind("的", preposition.end(), end) + 1
        described = read_mention(text, masked, head, end) if head else None
        if described is not None and described.kind == "role":
            return described  # 某某向记者提供的分析师
        peeled = _peel(text, masked, start, preposition.start())
        shorter = read_mention(text, masked, start, peeled[0]) if peeled else None
        if shorter is not None:
            return shorter
    return found


def _skip_comma(masked: str, floor: int, end: int) -> int:
    """`end` before the comma that parts a peeled adverbial from what an earlier adverbial clause says."""
    if masked.startswith(("并", "且", "同时", "此外", "另外", "随后", "最后"), end):
        return end  # a clause of its own whose subject is left out
    before = masked[floor:end].rstrip(" ，,")
    return floor + len(before) if patterns.PEEL_RE.search(before[-_PEEL_REACH:]) else end


def _clause_start(masked: str, floor: int, end: int) -> int:
    return max(floor, 1 + max(masked.rfind(mark, floor, end) for mark in _CLAUSE_MARKS))


def _is_unsaid(text: str, masked: str, floor: int, end: int) -> bool:
    """Whether a modal or an asking word stands here, and not the last character of a subject (…委员会)."""
    match = patterns.NOT_YET_RE.search(masked[max(floor, end - 20) : end])
    if match is None:
        return False
    subject = read_noun_phrase(text, masked, _clause_start(masked, floor, end), end)
    return subject is None or subject.kind not in ("organisation", "company")


def _is_whole_subject(text: str, masked: str, floor: int, end: int, cut: int) -> bool:
    """Whether peeling at `cut` would break a name that ends here: 李再 says, not 李 says again."""
    start = _clause_start(masked, floor, end)
    subject = read_noun_phrase(text, masked, start, end) if end - cut == 1 else None
    if subject is None or not is_person(masked[subject.span.start : end]):
        return False
    longer, shorter = masked[subject.span.start : end], masked[subject.span.start : cut]
    low, high = max(0, cut - _NEAR), cut + _NEAR
    return not is_person(shorter) or 1 < masked.count(longer, low, high) == masked.count(shorter, low, high)
