"""The cues of a Chinese sentence, and the words that stand behind each: its content."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from openrace.extract.chinese import patterns
from openrace.extract.chinese.polarity import (
    can_be_negated,
    is_asking,
    is_denial,
    is_only_judged,
    is_rejected_view,
)
from openrace.extract.chinese.quotations import FULL, GOES_ON, MaskedText, Quotation
from openrace.extract.chinese.source_phrases import CueContext, read_before
from openrace.records import Span

_MIN_UNMARKED = 6  # characters: 表示欢迎 and 表示感谢 report no statement
_MIN_CLAUSAL = 4  # 承认炉子老旧
_MIN_TURNED = 2  # 否认裁员
_MIN_MARKED = 3  # behind a comma or colon
_LEAST_STATEMENT = 8  # characters behind a cue that takes things as well as clauses
_UNDERGONE = 20  # characters before a cue in which somebody is asked or judged
_TERM = 6  # a quotation up to so long is a term unless it ends its clause
_PUNCTUATION = "，,；;、 \t"
_MARK_RE = re.compile(rf"{patterns.BRACKETED}*\s*(?P<mark>[，,：:]?)\s*")
_EXAMINING_RE = re.compile("(?:分析|介绍|讲述|描述|回顾|总结|研究|解读)了")
_FIRST_CLAUSE_RE = re.compile(f"[^{patterns.STOP}]*")
_NOUN_END_RE = re.compile("的[\u4e00-\u9fff]{1,6}$")
_ASKED_NEXT_RE = re.compile("[，,；;](?:当?被)?(?:问到|问及)")  # what a reporter asks next is not his
_BUT_RE = re.compile("用[以于来]|以便|从而|旨在|但|不过|然而|可是|却")
_CALLING_RE = re.compile("称|形容|描述|批评|指责|怒斥|直言|坦言")
_OBJECT_RE = re.compile(rf"[^{patterns.STOP}]{{1,16}}(?=[：:]\s*{patterns.QUOTED})")  # 这样评价对手：“…”
_MODIFIER_RE = re.compile("的(?!是|确)")
_CLAUSAL_RE = re.compile("认为|觉得|相信|坚信|承认|[坚声谎辩]称")  # these take clauses alone
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
        personal = subject is not None and subject.kind in ("person", "surname", "former", "latter", "role")
        return personal or patterns.CORE_RE.search(self.word) is not None


class Content(NamedTuple):
    """What was said: its spans, the quoted stretches in them, and the shape it was found in."""

    spans: tuple[Span, ...]
    quoted: tuple[Span, ...]
    shape: Literal["colon", "comma", "clause", "fragment", "named", "block"]


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
    if match.lastgroup == "posted":
        return False
    follows = masked[end : end + 1]
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
    return end < sentence.end - 1 and follows not in FULL and _OBJECT_RE.match(masked, end) is None


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


def _is_lookalike(masked: str, sentence: Span, match: re.Match[str]) -> bool:
    start, end = match.span()
    if match.lastgroup == "said" and _MODIFIER_RE.match(masked, end):
        return True  # 公布的数据
    low = max(sentence.start, start - 8)
    head = masked[low : start + 1] if match[0].startswith(("说", "称", "问")) else masked[low:end]
    judges = is_asking(match[0]) or patterns.JUDGING_RE.match(match[0]) is not None
    if judges and patterns.UNDERGOING_RE.search(masked[max(sentence.start, start - _UNDERGONE) : start]):
        return True
    if (match.lastgroup == "said" and patterns.NOT_AFTER_RE.search(head)) or patterns.PASSIVE_RE.search(
        masked[low:start]
    ):
        return True
    return (
        match.lastgroup != "naming"
        and patterns.NOT_BEFORE_RE.match(masked, start, min(sentence.end, start + 8)) is not None
    )


def quotations_in(page: MaskedText, start: int, end: int) -> list[Quotation]:
    """Return the quotations that lie between `start` and `end`."""
    first = bisect_left(page.quotations, start, key=lambda q: q.start)
    last = bisect_left(page.quotations, end, key=lambda q: q.start)
    return [q for q in page.quotations[first:last] if q.end <= end]


def end_of_content(page: MaskedText, sentence: Span, cues: list[Cue], index: int) -> int:
    """Return where the content of cue `index` must end: at the next cue's clause, else with the sentence."""
    begin = _MARK_RE.match(page.masked, cues[index].span.end, sentence.end)
    begins = begin.end() if begin else cues[index].span.end
    for at in range(index + 1, len(cues)):
        later = cues[at]
        if later.silent:
            continue
        clause = later.before.clause_start
        if clause - begins >= 2 and (later.opens_utterance or page.masked[clause - 1] in "；;"):
            return clause
        if later.span.start - begins > 2_000:
            break
    return sentence.end


def content_behind(page: MaskedText, cue: Cue, limit: int) -> Content | None:
    """Return the content between `cue` and `limit`, or None where nothing is said there."""
    if cue.frame == "posted":
        return None
    start = cue.span.end
    if patterns.MARKED_RE.fullmatch(cue.word) and (thing := _OBJECT_RE.match(page.masked, start, limit)):
        start = thing.end()
    if cue.before.view:
        return Content((cue.before.view,), (), "clause")
    mark = _MARK_RE.match(page.masked, start, limit)
    start = mark.end() if mark else start
    colon = mark is not None and mark["mark"] in ("：", ":")
    comma = mark is not None and mark["mark"] in ("，", ",")
    end = _trim_end(page.masked, start, limit)
    if start >= end:
        return None
    quotations = quotations_in(page, start, end)
    if cue.frame == "naming" and quotations:
        return _naming(page, cue, quotations[0])
    if quotations and _only_quotations(page, start, end, quotations):
        spans = tuple(span for q in quotations for span in q.spans)
        return Content(spans, spans, "colon" if colon else "comma" if comma else "fragment")
    if (
        quotations
        and quotations[0].start == start
        and (colon or comma)
        and _is_whole(page, quotations[0], colon)
    ):
        return Content(quotations[0].spans, quotations[0].spans, "colon" if colon else "comma")
    end = _before_another(page, start, end, quotations)
    if asked := _ASKED_NEXT_RE.search(page.masked, start, end):
        end = asked.start()
    return _clause(
        page, cue, Span(start, end), quotations, "colon" if colon else "comma" if comma else "clause"
    )


def _is_whole(page: MaskedText, quotation: Quotation, colon: bool) -> bool:
    """Whether a quotation ends inside its marks all that was said; behind a comma nothing may carry it on."""
    goes_on = not colon and page.text[quotation.end : quotation.end + 1] in GOES_ON
    return page.text[quotation.spans[-1].end - 1] in FULL and not goes_on


def _naming(page: MaskedText, cue: Cue, quotation: Quotation) -> Content:
    """将某物称为“某名”: the thing and the name it is given; behind a colon the words alone."""
    if page.masked[quotation.start - 1] in "：:":
        return Content(quotation.spans, quotation.spans, "colon")
    if cue.before.disposal is None:
        return Content(quotation.spans, quotation.spans, "named")
    thing = Span(cue.before.disposal + 1, cue.span.start)
    return Content((thing, *quotation.spans), quotation.spans, "named")


def _before_another(page: MaskedText, start: int, end: int, quotations: list[Quotation]) -> int:
    """Return where the content ends: before a later clause that introduces another's quotation."""
    for quotation in quotations:
        colon = quotation.start - 1
        if colon > start and page.masked[colon] in "：:":
            clause = max(page.masked.rfind(mark, start, colon) for mark in "，,；;")
            return _trim_end(page.masked, start, clause) if clause > start else end
    return end


def _clause(
    page: MaskedText, cue: Cue, whole: Span, quotations: list[Quotation], shape: str
) -> Content | None:
    start, end = whole
    calls = _CALLING_RE.search(cue.word) is not None
    quoted = tuple(span for q in quotations if _is_quoting(page, q, end, calls) for span in q.spans)
    if (
        shape == "comma"
        and not quoted
        and patterns.CORE_RE.search(cue.word) is None
        and _BUT_RE.match(page.masked, start)
    ):
        return None  # 仍在坚持，但市场……
    if shape == "comma" and is_denial(cue.word) and patterns.GOES_ON_RE.match(page.masked, start, end):
        return None
    words = page.masked[start:end]
    if not quoted and (is_only_judged(cue.word, words) or _is_too_short(page, cue, whole, shape)):
        return None
    if not quoted and is_rejected_view(cue.word, cue.before.negation, words):
        return Content((whole,), (), shape)  # type: ignore[arg-type]
    if cue.word.startswith("排除") and not cue.before.negation:
        return None  # 排除故障
    says_all = bool(quoted) and quotations[-1].end >= end
    if shape == "clause" and not says_all and not _is_clause(page, cue, whole, bool(quoted)):
        return None
    return Content((whole,), quoted, shape)  # type: ignore[arg-type]


def _is_too_short(page: MaskedText, cue: Cue, content: Span, shape: str) -> bool:
    """Whether the words behind `cue` are too few for a statement, or only point to one (这一说法)."""
    words = page.masked[content.start : content.end]
    turned = is_denial(cue.word) or bool(cue.before.negation)
    if patterns.POINTING_RE.fullmatch(words.removeprefix("了")):
        return True
    least = _MIN_MARKED
    if shape == "clause":
        clausal = _CLAUSAL_RE.match(cue.word) is not None
        least = _MIN_TURNED if turned else _MIN_CLAUSAL if clausal else _MIN_UNMARKED
    return sum(map(str.isalnum, page.text[content.start : content.end][: 4 * _MIN_UNMARKED])) < least


def _is_clause(page: MaskedText, cue: Cue, content: Span, quoted: bool) -> bool:
    """Whether a cue that takes things as well (批评某事, 提到某事) is followed by a statement."""
    if _EXAMINING_RE.match(cue.word) and not quoted and _names_thing(page.masked, content):
        return False
    takes_things = patterns.JUDGING_RE.match(cue.word) and not quoted
    if not (takes_things or patterns.TOPICAL_RE.match(cue.word)):
        return True
    words = page.masked[content.start : content.end]
    if patterns.THING_RE.match(words):
        return False
    if cue.before.negation:
        return True  # 不排除明年涨价
    return len(words) >= _LEAST_STATEMENT and patterns.PREDICATE_RE.search(words) is not None


def _names_thing(masked: str, content: Span) -> bool:
    """Whether the clause behind 分析了 is a noun phrase, and no statement: …的关系."""
    first = _FIRST_CLAUSE_RE.match(masked, content.start, content.end)
    words = first[0] if first else ""
    return patterns.PREDICATE_RE.search(words) is None or _NOUN_END_RE.search(words) is not None


def _trim_end(masked: str, start: int, end: int) -> int:
    while end > start and masked[end - 1] in _PUNCTUATION + FULL + "\n：:":
        end -= 1
    return end


def _only_quotations(page: MaskedText, start: int, end: int, quotations: list[Quotation]) -> bool:
    """Whether nothing but quotations, and marks and joining words between them, lies there."""
    edge = start
    for quotation in quotations:
        if page.masked[edge : quotation.start].strip("，,、；; 和与及以"):
            return False
        edge = quotation.end
    return not page.masked[edge:end].strip("，,、；; 。")


def _is_quoting(page: MaskedText, quotation: Quotation, end: int, calls: bool) -> bool:
    """Whether the marks quote words, and not a term, a name or a doubt (所谓“…”).

    Short ones do so only at the end of a clause, behind a copula or behind a cue that `calls` names (称…“…”).
    """
    before = page.masked[max(0, quotation.start - 6) : quotation.start]
    if quotation.end > end or before[-1:] in ("：", ":") or patterns.TERM_RE.search(before):
        return False
    if sum(span.end - span.start for span in quotation.spans) > _TERM:
        return True
    ends_clause = quotation.end >= end or page.masked[quotation.end] in "，,；;。"
    return ends_clause and (calls or patterns.FRAGMENT_RE.search(before) is not None)


def leading_quotations(page: MaskedText, sentence: Span) -> list[Quotation]:
    """Return the quotations that open `sentence` one after the other and read as utterances, not terms."""
    found: list[Quotation] = []
    edge = sentence.start
    for quotation in quotations_in(page, sentence.start, sentence.end):
        if page.masked[edge : quotation.start].strip():
            break
        found.append(quotation)
        edge = quotation.end
    if not found:
        return []
    inside = page.text[found[-1].spans[-1].end - 1]
    stands_alone = edge >= sentence.end or page.masked[edge] in "，,。—"
    return found if inside in FULL + "，,—" or stands_alone else []


def is_all_quotation(page: MaskedText, sentence: Span, leading: list[Quotation]) -> bool:
    """Whether `sentence` holds nothing but its `leading` quotations and marks."""
    return bool(leading) and not page.masked[leading[-1].end : sentence.end].strip(_PUNCTUATION + FULL)


def colon_quotations(page: MaskedText, sentence: Span) -> Iterator[tuple[int, Quotation]]:
    """Yield the quotations right behind a colon in `sentence`, each with where its colon is."""
    for quotation in quotations_in(page, sentence.start, sentence.end):
        before = page.masked[max(sentence.start, quotation.start - 3) : quotation.start].rstrip()
        if before[-1:] in ("：", ":"):
            yield quotation.start - 1, quotation
