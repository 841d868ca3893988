"""When something was said, where a report says so itself: "Byte said in July 2024 …", 沈屿去年表示.

What is reported today may have been said long ago. The words of the article are kept as printed, never
turned into a date. Only a phrase right beside the reporting verb counts, and only one that names an earlier
time than the month of the report: a "who bought it in 2022" tells when something else happened.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from openrace.scripts import HAN

_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = (
    "(?:" + "|".join(name.capitalize() for name in _MONTHS) + "|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)\\.?"
)
_YEAR = r"(?:19[5-9]\d|20\d\d)(?!\d|-|–|/)"
_DATE = rf"(?:{_MONTH}(?:\s+\d{{1,2}},?)?\s+{_YEAR}|{_YEAR}|{_MONTH}(?:\s+\d{{1,2}})?)(?![\w%])"
_LAST = "month|year|spring|summer|autumn|fall|winter|decade|" + "|".join(map(str.capitalize, _MONTHS))
_NUMBER = r"(?:a|one|two|three|four|five|six|seven|eight|nine|ten|several|many|a few|\d+)"
_AGO = rf"(?:last (?:{_LAST})|{_NUMBER} (?:months?|years?|decades?) ago|years ago|earlier this year)\b"
_OCCASION = (
    r"(?:\s+[\w’'-]+){0,3}\s+"
    r"(?:interview|speech|post|tweet|podcast|memo|letter|email|essay|blog|talk|testimony)\b"
)
_PHRASE = (
    rf"(?:(?:back )?(?:in|on|during) (?:early |late |mid-)?{_DATE}"
    rf"|(?:in|at|on|during) (?:an?|the|his|her|their) {_DATE}{_OCCASION}|{_AGO})"
)
# after the verb, perhaps with the speaker and a listener between: "said Ada Byte in …", "told the court in …"
_NOT_BETWEEN = "(?!(?:who|which|that|and|but|of|as|if|after|before|since|until|by|for)\\b)"
_BEHIND = re.compile(rf"(?:\s+{_NOT_BETWEEN}[\w.’'-]+){{0,5}}?\s+(?P<when>{_PHRASE})(?![’']s)")
# before it: "In July 2024, Ada Byte said"
_BEFORE = re.compile(rf"^\W*(?P<when>{_PHRASE}),?\s+(?:[\w.’'-]+\s+){{1,5}}$", re.I)

_HAN_DATE = (
    r"(?:(?:19|20)\d\d年(?:\d{1,2}月)?(?:\d{1,2}[日号號])?|去年(?:底|年底|初|年初|\d{1,2}月)?|前年|上[个個]月"
    r"|[两兩三四五六七八九十\d]+年前)"
)
_HAN_OCCASION = r"(?:[^，。,；;：:“「]{0,14}(?:中|上|时|時|里|裡|期间|期間|[采採]访|专访|專訪|演讲|演講))?"
_HAN_BEFORE = re.compile(
    rf"(?:^|[，,。]|(?<=[{HAN}]))(?:早在|曾在|曾于|曾於|在|于|於|曾)?(?P<when>{_HAN_DATE})"
    r"(?![^，,]{0,6}(?:[季年半]报|[季年半]報|财年|财报|財報|財年))"
    rf"(?:{_HAN_OCCASION}(?:就|便|也|还|還|曾|公开|公開)*|[，,][^，。,；;：:“「]{{1,14}})$"
)
_NO_SAYING = re.compile("according|预计|预测|预期|估计|預計|預測", re.I)  # their dates are the content's
_RELATIVE = re.compile("last |去年|前年", re.I)  # "last November" is not this November
_REACH = 90  # code points before a verb that are looked at


def said_when(
    text: str,
    cue: tuple[int, int] | None,
    context: tuple[int, int],
    spans: Sequence[tuple[int, int]],
    published: str | None,
) -> str | None:
    """Return the words by which the report dates what was said before the day of the report; None for none.

    `cue`, `context` and `spans` are offsets into `text`, as in `records.Claim`; `published` is ISO 8601.
    """
    if cue is None or _NO_SAYING.match(text, *cue):
        return None
    found = _behind(text, cue, context, spans) or _ahead(text, cue, context, spans)
    return found if found and _is_earlier(found, published) else None


def _behind(
    text: str, cue: tuple[int, int], context: tuple[int, int], spans: Sequence[tuple[int, int]]
) -> str | None:
    end = min([start for start, _ in spans if start >= cue[1]] + [context[1]])
    found = _BEHIND.match(text, cue[1], end)
    return " ".join(found["when"].split()).rstrip(".,") if found else None


def _ahead(
    text: str, cue: tuple[int, int], context: tuple[int, int], spans: Sequence[tuple[int, int]]
) -> str | None:
    start = max([end for _, end in spans if end <= cue[0]] + [context[0], cue[0] - _REACH])
    before = text[start : cue[0]]
    sentence = re.split(r"[.!?]\s+|[。！？\n]", before)[-1]
    found = _BEFORE.match(sentence) or _HAN_BEFORE.search(sentence)
    return " ".join(found["when"].split()) if found else None


def _is_earlier(when: str, published: str | None) -> bool:
    """Whether the words name a time before the month of the report, as far as they say."""
    year, month = _year(when), _month(when)
    if published is None:
        return year is not None
    now = int(published[:4]), int(published[5:7] or 12)
    if year is not None:
        return (year, month or 0) < now if month else year < now[0]
    return month is None or month != now[1] or bool(_RELATIVE.match(when))


def _year(when: str) -> int | None:
    found = re.search(r"(?<!\d)(?:19[5-9]|20\d)\d(?!\d)", when)
    return int(found[0]) if found else None


def _month(when: str) -> int | None:
    if found := re.search(r"(\d{1,2})月", when):
        return int(found[1])
    words = {word[:3] for word in re.findall(r"[a-z]+", when.lower())}
    return next((n for n, name in enumerate(_MONTHS, 1) if name[:3] in words), None)
