"""Dates as publishers write them, read without guessing.

A day is never taken that is not in the text, and an instant only where the zone of the hour is known:
because it is written, or because the feed or outlet has a zone of its own. What is doubtful is kept as it
was written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from openrace.records import DateBasis, normalise_when

EARLIEST = 1990  # there was no web page before; an older date is a default of some software
MAX_LENGTH = 100  # code points: a longer text is no date
MAX_OFFSET = timedelta(hours=14)  # of a zone that people live in: Kiribati's


class WrittenDate(NamedTuple):
    """A date, what is known of its hour, and the words it was read from."""

    when: str  # as records keep it: a day, or an instant in UTC
    zone: str | None  # that the hour was given in: "+08:00", "UTC" or an IANA name; None: not known
    basis: DateBasis
    written: str


class DateContext(NamedTuple):
    """What is known of whoever wrote a date."""

    zone: str | None = None  # IANA name: the zone of the feed or outlet
    country: str | None = None  # ISO 3166-1 alpha-2
    language: str | None = None  # as the feed writes it: "zh-cn"

    @property
    def is_chinese(self) -> bool:
        """Whether the hours of an unnamed zone, or of "CST", are China's."""
        return self.country in ("CN", "TW", "HK", "MO") or (
            self.country is None and _is_chinese(self.language)
        )


ANYWHERE = DateContext()


def read_date(text: str, context: DateContext = ANYWHERE) -> str | None:
    """Return `text` as ``YYYY-MM-DD`` or ``YYYY-MM-DDTHH:MM:SSZ``, or None where it is no certain date."""
    found = read_written_date(text, context)
    return found.when if found else None


def read_written_date(text: str, context: DateContext = ANYWHERE) -> WrittenDate | None:
    """Return the date that `text` tells, or None where it is no certain one.

    An hour whose zone is not known could be of another day in UTC, so only its day is kept. Dates in figures
    alone whose order depends on the country (``03/04/2025``) are no certain dates.
    """
    written = " ".join(text.split())
    if not written or len(written) > MAX_LENGTH:
        return None
    plain = unicodedata.normalize("NFKC", written)
    try:
        return _from_timestamp(plain, written) or _from_words(plain, written, context)
    except (ValueError, OverflowError):
        return None


def is_in_future(when: str, now: datetime) -> bool:
    """Whether `when` is later than a day after `now`: then it is a mistake or an announcement."""
    return when > normalise_when(now + timedelta(days=1))[: len(when)]


# -- the day ----------------------------------------------------------------------------------------

_MONTHS = {
    name[:length]: number
    for number, name in enumerate(
        ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
         "november", "december"), 1,
    )
    for length in (3, 4, len(name))
}  # fmt: skip
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_BEFORE = rf"^\W*(?:(?:published|posted|updated|date|on)\b:?\s+)?{_WEEKDAY}"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_DAY_FORMS = [
    re.compile(_BEFORE + form, re.IGNORECASE)
    for form in (
        r"(?P<year>\d{4})(?P<sign>[-/.])(?P<figures>\d{1,2})(?P=sign)(?P<day>\d{1,2})(?!\d)",
        r"(?P<year>(?:19|20)\d\d)(?P<figures>\d\d)(?P<day>\d\d)(?=T?\d{4}(?:\d\d)?(?:\D|$)|T|\s|$)",
        r"(?P<year>\d{4})\s?年\s?(?P<figures>\d{1,2})\s?月\s?(?P<day>\d{1,2})\s?[日号]",
        rf"{_DAY}[\s.-]*(?:of\s+)?{_MONTH},?[\s-]*(?P<year>\d{{4}}|\d\d(?=\s|$))(?!\d)",
        rf"{_MONTH}\s*{_DAY},?\s+(?P<year>\d{{4}})(?!\d)",
        r"(?P<one>\d{1,2})(?P<sign>[/.-])(?P<other>\d{1,2})(?P=sign)(?P<year>\d{4})(?!\d)",
    )
]
# C's asctime, also with a zone before the year: Wed Nov 25 10:00:33 +0000 2026
_ASCTIME = re.compile(rf"^{_WEEKDAY}({_MONTH}\s+\d{{1,2}})\s+(\d.*?)\s+(\d{{4}})$", re.IGNORECASE)
_TIME_FIRST = re.compile(
    r"^(\d{1,2}:\d\d(?::\d\d)?(?:\s*[ap]\.?m\.?)?(?:\s*\(?[A-Z]{2,5}\)?)?),?\s+(?:on\s+)?(?=\S*\D)(.+)$",
    re.IGNORECASE,
)


def _from_words(plain: str, written: str, context: DateContext) -> WrittenDate | None:
    for text in _orders(plain):
        for form in _DAY_FORMS:
            if found := form.match(text):
                day = _day(found)
                return _with_hour(day, text[found.end() :], written, context) if day else None
    return None


def _orders(plain: str) -> Iterator[str]:
    """Yield `plain`, with the day in front of the time where the time comes first or in the middle."""
    if found := _ASCTIME.match(plain):
        yield f"{found[1]} {found[4]} {found[3]}"
    yield plain
    if found := _TIME_FIRST.match(plain):
        yield f"{found[2]} {found[1]}"


def _day(found: re.Match[str]) -> date | None:
    """Return the day that a form matched.

    None where it is too old, or day and month cannot be distinguished.
    """
    parts = found.groupdict()
    year = int(parts["year"])
    if len(parts["year"]) == 2:  # RFC 822's; RFC 2822, 4.3 on the century
        year += 2000 if year < 50 else 1900
    if year < EARLIEST:
        return None
    if "one" in parts:
        one, other = int(parts["one"]), int(parts["other"])
        day, month = (one, other) if one > 12 or one == other else (other, one)
        return date(year, month, day) if day > 12 or one == other else None
    month = _MONTHS[parts["month"].lower()] if parts.get("month") else int(parts["figures"])
    return date(year, month, int(parts["day"]))


# -- the hour and its zone --------------------------------------------------------------------------

_HALF_DAYS = {"凌晨": 0, "早上": 0, "上午": 0, "中午": 12, "下午": 12, "晚上": 12, "晚": 12}
_HOUR = re.compile(
    r"^[\s,|T/·–—-]*(?:(?:at|um|星期.|周.|\([^)]{1,4}\))\s*)*"
    rf"(?P<half>{'|'.join(_HALF_DAYS)})?\s*"
    r"(?P<hour>\d{1,2})(?:[:.时時点點]\s?)?(?P<minute>\d\d)(?:[:.分]?(?P<second>\d\d)秒?)?分?(?:[.,]\d+)?"
    r"\s*(?P<clock>[ap]\.?m\b\.?)?\s*(?P<zone>.*)$",
    re.IGNORECASE,
)
_ZONE = re.compile(
    r"^\W*?(?P<name>Z(?![A-Za-z])|[A-Za-z]{2,5}\b(?: time)?|(?:eastern|central|mountain"
    r"|pacific)(?: (?:standard|daylight))? time"
    r"|beijing time|北京时间|北京時間)?\s*(?P<offset>[+-−]\d{1,2}(?::?\d\d)?)?(?P<rest>.*)$",
    re.IGNORECASE,
)
_EAST, _CENTRAL, _MOUNTAIN, _PACIFIC = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
)  # fmt: skip
# What abbreviations mean that mean one thing only: hours, or the place whose clocks decide.
ZONES: dict[str, float | str] = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 1, "cet": 1, "cest": 2, "mez": 1, "mesz": 2,
    "eet": 2, "eest": 3, "msk": 3, "est": -5, "edt": -4, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8,
    "pdt": -7, "akst": -9, "akdt": -8, "hst": -10, "jst": 9, "kst": 9, "hkt": 8, "sgt": 8, "pht": 8,
    "wib": 7, "ict": 7, "aest": 10, "aedt": 11, "awst": 8, "nzst": 12, "nzdt": 13, "bjt": 8,
    "beijing time": 8, "北京时间": 8, "北京時間": 8,
    "et": _EAST, "ct": _CENTRAL, "mt": _MOUNTAIN, "pt": _PACIFIC, "eastern time": _EAST,
    "central time": _CENTRAL, "mountain time": _MOUNTAIN, "pacific time": _PACIFIC,
}  # fmt: skip
# Abbreviations of several zones: what they mean in a country. Elsewhere only the day is kept.
AMBIGUOUS: dict[str, dict[str, float]] = {
    "cst": {"CN": 8, "TW": 8, "US": -6, "CA": -6, "MX": -6},
    "ist": {"IN": 5.5, "IE": 1, "IL": 2},
    "bst": {"GB": 1},
}


def _with_hour(day: date, rest: str, written: str, context: DateContext) -> WrittenDate:
    only_day = WrittenDate(day.isoformat(), None, "day", written)
    found = _HOUR.match(rest)
    clock = found and _clock(found)
    if found is None or clock is None:
        return only_day
    stated = _stated_zone(found["zone"], context)
    if stated is None and found["zone"].strip(" ."):
        return only_day  # words that are no zone, or one that means several
    zone = stated or _home_zone(context)
    if zone is None:
        return only_day
    instant = datetime.combine(day, clock, tzinfo=zone[1])
    return WrittenDate(normalise_when(instant), zone[0], "stated" if stated else "assumed", written)


def _clock(found: re.Match[str]) -> time | None:
    """Return the time of day; None where there is no such time."""
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    half = (found["clock"] or "").lower().replace(".", "")
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + 12 * (half == "pm")
    elif found["half"] and hour < 12:
        hour += _HALF_DAYS[found["half"]]
    in_a_day = hour < 24 and minute < 60 and second <= 60
    return time(hour, minute, min(second, 59)) if in_a_day else None  # a leap second is its minute's last


def _stated_zone(text: str, context: DateContext) -> tuple[str, tzinfo] | None:
    """Return the zone that is written behind an hour, with its name; None: none, or one that is not known."""
    found = _ZONE.match(text.strip(" ()."))
    if not found or not (found["name"] or found["offset"]):
        return None
    name = re.sub(r" (?:standard|daylight)", "", (found["name"] or "").lower())
    if found["offset"] and name in ("", "utc", "gmt", "ut", "z"):
        return _offset(_hours(found["offset"]))
    if found["offset"] or re.search(r"\w", found["rest"]):
        return None
    if name in AMBIGUOUS:
        country = "CN" if context.is_chinese else context.country or _country(context.language)
        hours = AMBIGUOUS[name].get(country or "")
        return None if hours is None else _offset(hours)
    meaning = ZONES.get(name, ZONES.get(name.removesuffix(" time")))
    if isinstance(meaning, str):
        return meaning, ZoneInfo(meaning)
    return None if meaning is None else _offset(meaning)


def _hours(offset: str) -> float:
    sign = 1 if offset[0] == "+" else -1
    figures = offset[1:].replace(":", "")
    hours, minutes = (figures[:-2], figures[-2:]) if len(figures) > 2 else (figures, "0")
    return sign * (int(hours) + int(minutes) / 60)


def _offset(hours: float) -> tuple[str, tzinfo] | None:
    delta = timedelta(minutes=round(hours * 60))
    if abs(delta) > MAX_OFFSET:
        return None
    minutes = abs(round(hours * 60))
    sign = "-" if hours < 0 else "+"
    name = f"{sign}{minutes // 60:02}:{minutes % 60:02}" if minutes else "UTC"
    return name, timezone(delta) if minutes else UTC


def _home_zone(context: DateContext) -> tuple[str, tzinfo] | None:
    """Return the zone that whoever wrote the hour lives in, if it is known."""
    name = context.zone or ("Asia/Shanghai" if context.is_chinese else None)
    try:
        return (name, ZoneInfo(name)) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


def _from_timestamp(plain: str, written: str) -> WrittenDate | None:
    """Return seconds or milliseconds since 1970: an instant without a time zone."""
    if not re.fullmatch(r"1\d{9}(?:\d{3})?", plain):
        return None
    instant = datetime.fromtimestamp(int(plain[:10]), UTC)
    return WrittenDate(normalise_when(instant), "UTC", "stated", written)


def _is_chinese(language: str | None) -> bool:
    """Whether `language` is Chinese: wherever it is an official language one clock is kept (UTC+8)."""
    return bool(re.match(r"zh(?:$|[-_])", (language or "").lower()))


def _country(language: str | None) -> str | None:
    """Return the country that a language tag names: US in en-us."""
    found = re.match(r"[a-z]{2}[-_]([A-Z]{2})$", language or "", re.IGNORECASE)
    return found[1].upper() if found else None
