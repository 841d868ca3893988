"""The days on which a report says that something was said: "said on Sunday", 周二表示.

Two reports that name different days are of two occasions, however much alike their words are, and nothing was
printed before it was said. Only a day that stands beside the reporting verb counts, never one inside the
words reported, of something else that happened, or of what is still to come.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from openrace.scripts import has_han
from openrace.wordings.days import day_of, is_day

_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_DATE = re.compile(
    rf"\b(?:(?P<week>{'|'.join(_DAYS)})\b"
    rf"|(?P<month>{'|'.join(_MONTHS)})[a-z]{{0,6}}\.?\s+(?P<day>\d{{1,2}})\b(?!,?\s*\d{{3}})"
    r"|(?P<yesterday>yesterday))(?![’']s)"
)
# between the verb and its day; between a day and the verb: a day beside these is another event's
_OTHERS = re.compile(
    r"\b(?:who|which|that|and|but|as|if|after|before|since|until|by|for|from|to|he|she|it|they|next|will|would)\b"
    r"|[.;:—]"
)
_PRONOUN = re.compile(r"^\W*(?:he|she|it|they)\b")
_OTHER_CLAUSE = re.compile(r"\b(?:as|while|when|after|before|since|who|which)\b")
_HAN_DATE = re.compile(
    r"(?<!下)(?:(?P<month>\d{1,2})月)?(?<![\d.-])(?P<day>\d{1,2})[日号號]"
    r"|(?<!下)(?P<last>上)?(?:周|週|星期|礼拜|禮拜)(?P<week>[一二三四五六日天])|(?P<yesterday>昨[日天晚夜])"
)
_HAN_OTHERS = re.compile(r"[签簽]署|[发發]生|成立|[实實]施|生效|公布的|[发發]布的|以[来來]|[将將]|[前后後]$")
_HAN_COMING = re.compile(r"[将將][^，,]{0,8}$|下(?:周|週|星期)[^，,]{0,4}$")
_HAN_WEEK = "一二三四五六日"
_NEAR, _HAN_NEAR = 8, 24  # words, characters between a day and the words said on it
_AHEAD = 1  # days by which the day there may be ahead of the report's


class Days(NamedTuple):
    """The days, as running numbers, between which something was said."""

    earliest: int
    latest: int


def days_said(before: str, after: str, published: str | None) -> Days:
    """Return between which days a report's words were said, as far as its article tells.

    What is told without a day was said on the day of the report or at any time before it. A Chinese desk
    names the day there or the day here.

    Args:
        before, after: what stands in its sentences before and after these words.
        published: ISO 8601.
    """
    printed = day_of(published)
    if not is_day(printed):
        return Days(0, printed)
    sentence = re.split(r"[.!?]\s+(?=[A-Z])|[。！？；\n]", before)[-1]
    is_chinese = has_han(sentence + after)
    named = _han_days(sentence) if is_chinese else _latin_days(sentence, after)
    found = next((day.toordinal() for one in named for day in _day(one, date.fromordinal(printed))), None)
    return Days(found - is_chinese, found) if found else Days(0, printed)


def _latin_days(before: str, after: str) -> Iterator[re.Match[str]]:
    for named in _DATE.finditer(before):
        lead, behind = before[: named.start()], before[named.end() :]
        is_near = min(len(lead.split()), len(behind.split())) <= _NEAR
        if is_near and not _OTHERS.search(lead) and not _OTHER_CLAUSE.search(behind):
            yield named
    tail = re.split(r"[.!?](?:\s|$)", _PRONOUN.sub("", after))[0]
    for named in _DATE.finditer(tail):
        lead = tail[: named.start()]
        if len(lead.split()) <= _NEAR and not _OTHERS.search(lead):
            yield named


def _han_days(before: str) -> Iterator[re.Match[str]]:
    for named in _HAN_DATE.finditer(before):
        lead, behind = before[: named.start()], before[named.end() :]
        if len(behind) <= _HAN_NEAR and not (_HAN_OTHERS.search(behind) or _HAN_COMING.search(lead)):
            yield named


def _day(named: re.Match[str], now: date) -> Iterator[date]:
    """Yield the last day of that name before the report."""
    if named["yesterday"]:
        yield now - timedelta(1)
    elif weekday := named["week"]:
        number = _DAYS.index(weekday) if weekday in _DAYS else _HAN_WEEK.find(weekday.replace("天", "日"))
        last_week = bool(named.groupdict().get("last")) and number <= now.weekday()
        yield now - timedelta((now.weekday() - number) % 7 + 7 * last_week)
    else:
        month = named["month"] or "0"
        number = int(month) if month.isdigit() else _MONTHS.index(month) + 1
        yield from _last(number, int(named["day"]), now)


def _last(month: int, day: int, now: date) -> Iterator[date]:
    """Yield the last day of that number, in that month (0: in any), before the report."""
    latest = now + timedelta(_AHEAD)
    days = (latest - timedelta(back) for back in range(366 if month else 32))
    yield from (found for found in days if found.day == day and month in (0, found.month))
