"""The cues of a Chinese sentence that report an utterance."""

from __future__ import annotations

import re
from dataclasses import dataclass

from openrace.extract.chinese import patterns
from openrace.extract.chinese.name_shapes import is_person
from openrace.extract.chinese.polarity import can_be_negated, is_asking
from openrace.extract.chinese.quotations import FULL, MaskedText
from openrace.extract.chinese.source_phrases import CueContext, read_before
from openrace.records import Span

_UNDERGONE = 20  # characters before a cue in which somebody is asked or judged
_MODIFIER_RE = re.compile("的(?!是|确)")
_ASKED_RE = re.compile(
    f"(?![及到起])[^{patterns.STOP}]{{0,16}}(?:{patterns.QUESTION_RE.pattern}|能否|可否|何时|何以|几时|吗|(.)不\\1)"
)
_QUESTION_MARKS = ("？", "?")


@dataclass(frozen=True)
class Cue:
    """A cue with what stands before it; `frame` names the pattern of `CUE_RE` that found it."""

    span: Span
    word: str  # in simplified script
    frame: str
    before: CueContext
    doubtful: bool = (
        False  # its subject is a name of unknown kind, and the cue alone does not make it a speaker
    )
    silent: bool = False  # 回应某事: it has a subject, and no content of its own

    @property
    def is_unread(self) -> bool:
        """Whether somebody speaks here who could not be told from the words before the cue."""
        return self.doubtful or (self.before.subject is None and not self.before.elided)

    @property
    def reports(self) -> bool:
        """Whether it reports words, and does not only judge or name."""
        return self.opens_utterance or self.frame in ("naming", "told", "said")

    @property
    def opens_utterance(self) -> bool:
        """Whether it opens a new utterance inside a sentence that already reports one."""
        subject = self.before.subject
        if subject is not None and subject.kind == "name":
            return False  # too unsure to end another's words
        if self.frame == "pointed" and self.before.elided:
            return True  # 又指
        personal = subject is not None and subject.kind in ("person", "surname", "former", "latter", "role")
        return personal or patterns.CORE_RE.search(self.word) is not None


def find_cues(page: MaskedText, sentence: Span) -> list[Cue]:
    """Return the cues of `sentence` that report an utterance, in order."""
    found: list[Cue] = []
    behind = -1  # where the cue before ends: one right behind it belongs to it (解释强调)
    is_question = page.text[sentence.end - 1] in _QUESTION_MARKS
    at = sentence.start
    while match := patterns.CUE_RE.search(page.masked, at, sentence.end):
        at = match.end()
        doubled, behind = match.start() == behind, match.end()
        if doubled or _is_lookalike(page.masked, sentence, match):
            continue
        frame = match.lastgroup or ""
        before = read_before(
            page.text, page.masked, sentence.start, match.start(), frame, can_be_negated(match[0])
        )
        if match.lastgroup == "evidence" and not _frame_holds(match, before):
            at, behind = match.start() + 1, -1  # 某某的研究报告指出：the verb alone may be one
            continue
        if before.denied or not _frame_holds(match, before) or _is_neither(page.masked, match, before):
            continue
        asked = is_question and patterns.QUESTION_RE.search(
            page.masked[max(sentence.start, match.start() - 60) : match.start()]
        )
        if not asked:
            silent = _is_silent(page.masked, sentence, match)
            found.append(
                Cue(Span(*match.span()), match[0], frame, before, _is_doubtful(match, before), silent)
            )
    return found


def _is_neither(masked: str, match: re.Match[str], before: CueContext) -> bool:
    """Whether a second negated cue follows, which alone leads to what is left open: 不承认，也不否认…"""
    return bool(before.negation) and patterns.NEITHER_RE.match(masked, match.end()) is not None


def _is_silent(masked: str, sentence: Span, match: re.Match[str]) -> bool:
    """Whether the cue needs a mark behind it and has none."""
    end = match.end()
    if match.lastgroup in ("posted", "gesture") or patterns.AGAIN_RE.match(masked, match.start() - 1):
        return False
    follows = masked[end : end + 1]
    if patterns.MARKED_RE.fullmatch(match[0]) and patterns.TAIL_NEXT_RE.match(masked, end, sentence.end):
        return True  # 首次松口，称……
    if patterns.TOPICAL_RE.match(match[0]) or (is_asking(match[0]) and _ASKED_RE.match(masked, end)):
        return False
    if patterns.MARKED_RE.fullmatch(match[0]) is None or follows in (
        "：",
        ":",
        "，",
        ",",
        patterns.QUOTED,
        patterns.BRACKETED,
    ):
        return False
    return end < sentence.end - 1 and follows not in FULL and patterns.OBJECT_RE.match(masked, end) is None


def _is_doubtful(match: re.Match[str], before: CueContext) -> bool:
    """Whether a name of unknown kind stands before a cue that things can stand before, too."""
    subject = before.subject
    unknown = subject is not None and (subject.kind == "name" or subject.is_titled)
    return unknown and not (patterns.CORE_RE.search(match[0]) or patterns.REPORT_RE.search(match[0]))


def _frame_holds(match: re.Match[str], before: CueContext) -> bool:
    """Whether the words before the cue open its frame (据…消息)."""
    if before.evidence and before.subject is None:
        return False
    return before.evidence if match.lastgroup in ("evidence", "words_of", "seen") else True


def _ends_name(masked: str, at: int) -> bool:
    """Whether a person's name ends at `at`, who does other things elsewhere: 朱铭来/说, and not 对我来/说."""
    name = masked[max(0, at - 3) : at]
    return is_person(name) and masked.count(name) > masked.count(masked[max(0, at - 3) : at + 1])


def _is_lookalike(masked: str, sentence: Span, match: re.Match[str]) -> bool:
    start, end = match.span()
    if match.lastgroup == "said" and _MODIFIER_RE.match(masked, end):
        return True  # 公布的数据
    low = max(sentence.start, start - 8)
    head = masked[low : start + 1] if match[0].startswith(("说", "称", "问")) else masked[low:end]
    judges = is_asking(match[0]) or patterns.JUDGING_RE.match(match[0]) is not None
    if judges and patterns.UNDERGOING_RE.search(masked[max(sentence.start, start - _UNDERGONE) : start]):
        return True
    if match.lastgroup == "said" and patterns.NOT_GIVEN_RE.search(
        masked[max(sentence.start, start - _UNDERGONE) : start]
    ):
        return True
    if match.lastgroup == "said" and patterns.NOT_AFTER_RE.search(head) and not _ends_name(masked, start):
        return True
    if patterns.PASSIVE_RE.search(masked[low:start]):
        return True
    return (
        match.lastgroup != "naming"
        and patterns.NOT_BEFORE_RE.match(masked, start, min(sentence.end, start + 8)) is not None
    )
