"""The words that stand behind a Chinese cue: what was said, and where it ends."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from openrace.extract.chinese import patterns
from openrace.extract.chinese.cues import Cue
from openrace.extract.chinese.polarity import is_denial, is_only_judged, is_rejected_view
from openrace.extract.chinese.quotations import (
    FULL,
    GOES_ON,
    PUNCTUATION,
    MaskedText,
    Quotation,
    quotations_in,
)
from openrace.records import Span

_MIN_UNMARKED = 6  # characters: 表示欢迎 and 表示感谢 report no statement
_MIN_CLAUSAL = 4  # 承认炉子老旧
_MIN_TURNED = 2  # 否认裁员
_MIN_MARKED = 3  # behind a comma or colon
_LEAST_STATEMENT = 8  # characters behind a cue that takes things as well as clauses
_TERM = 6  # a quotation up to so long is a term unless it ends its clause
_MARK_RE = re.compile(rf"{patterns.BRACKETED}*\s*(?P<mark>[，,：:]?)\s*")
_SPEAKING_OUT = ("发声", "表态", "发言", "讲话")
_DID_RE = re.compile("[并也还]?(?:回应|谈论|评价|批评|介绍|讲述|解释|公布|推出|发布)了")
_WHETHER_RE = re.compile("是否|能否|有没有")
_FINDING_RE = re.compile("确认|证实|认定|判断|评估")
_BEING_RE = re.compile("[是为]，")  # 他的判断是，……
_EXAMINING_RE = re.compile("(?:分析|介绍|讲述|描述|回顾|总结|研究|解读)了")
_FIRST_CLAUSE_RE = re.compile(f"[^{patterns.STOP}]*")
_NOUN_END_RE = re.compile("的[\u4e00-\u9fff]{1,6}$")
_ASKED_NEXT_RE = re.compile("[，,；;](?:当?被)?(?:问到|问及)")  # what a reporter asks next is not his
# 表示将关店；在昨天的集市上，… : behind a clause without a mark the narrator sets another scene
_ASIDE_RE = re.compile(
    f"；(?:在[^{patterns.STOP}]{{2,20}}[上中里内时后间期]，|(?:而|与此同时|另一边|另一方面))"
)
_BUT_RE = re.compile("用[以于来]|以便|从而|旨在|但|不过|然而|可是|却")
_JOINING_RE = re.compile("[，,；;。](?:不过|但是?|然而|而且?|同时|并且?|此外|另外)[，,]?$")
_CALLING_RE = re.compile("称|形容|描述|批评|指责|怒斥|直言|坦言")
_SAYS_SHORTLY_RE = re.compile("..[会将要能已][^的]{2}")  # 新桥会收费
_CLAUSAL_RE = re.compile("认为|觉得|相信|坚信|承认|[坚声谎辩]称")  # these take clauses alone


class Content(NamedTuple):
    """What was said: its spans, the quoted stretches in them, and the shape it was found in."""

    spans: tuple[Span, ...]
    quoted: tuple[Span, ...]
    shape: Literal["colon", "comma", "clause", "fragment", "named", "block"]


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
    if patterns.MARKED_RE.fullmatch(cue.word) and (
        thing := patterns.OBJECT_RE.match(page.masked, start, limit)
    ):
        start = thing.end()
    if cue.before.view:
        return Content((cue.before.view,), (), "clause")
    mark = _MARK_RE.match(page.masked, start, limit)
    start = mark.end() if mark else start
    if being := _BEING_RE.match(page.masked, start, limit):
        start = being.end()
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
    if full := next((q.end for q in quotations if _is_whole(page, q, colon=False)), None):
        end = min(end, full)
    if asked := _ASKED_NEXT_RE.search(page.masked, start, end):
        end = asked.start()
    if not (colon or comma) and (aside := _ASIDE_RE.search(page.masked, start, end)):
        end = aside.start()
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
    if shape == "comma" and not quoted and cue.word in _SPEAKING_OUT and _DID_RE.match(page.masked, start):
        return None  # 多次发声，回应了……
    if _WHETHER_RE.match(page.masked, start) and _FINDING_RE.match(cue.word):
        return None  # 正在调查，确认是否……
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
        clausal = clausal or _SAYS_SHORTLY_RE.search(words) is not None
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
    """Return where the words end without the marks behind them, and without the "but" of a next clause."""
    if joining := _JOINING_RE.search(masked, start, end):
        end = joining.start()
    while end > start and masked[end - 1] in PUNCTUATION + FULL + "\n：:":
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
