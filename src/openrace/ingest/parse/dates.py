"""Dates as publishers write them, into the two shapes that records keep; what is doubtful is no date."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

from openrace.records import normalise_when

_ISO = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)"
    r"(?:[T ]+(?P<time>\d\d:\d\d(?::\d\d)?)(?:[.,]\d+)?\s*(?P<zone>Z|UTC|GMT|[+-]\d\d:?\d\d)?)?\b",
    re.IGNORECASE,
)
_DAY_FORMATS = ("%B %d, %Y", "%b %d, %Y", "%b. %d, %Y", "%d %B %Y", "%d %b %Y", "%Y/%m/%d", "%Y%m%d")
_CHINESE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
EARLIEST = "1990"  # there was no web page before; an older date is a default of some software


def read_date(text: str) -> str | None:
    """`text` as ``YYYY-MM-DD`` or ``YYYY-MM-DDTHH:MM:SSZ``, or None where it is no certain date.

    An hour without a zone could be of another day in UTC, so only its day is kept. Dates in figures
    alone whose order depends on the country (``03/04/2025``) are no certain dates.
    """
    text = text.strip()
    try:
        found = _from_iso(text) or _from_rfc822(text) or _from_words(text)
    except (ValueError, OverflowError):
        return None
    return found if found and found >= EARLIEST else None


def _from_iso(text: str) -> str | None:
    found = _ISO.match(text)
    if not found:
        return None
    day, time, zone = found["day"], found["time"], found["zone"]
    if not (time and zone):
        return date.fromisoformat(day).isoformat()
    zone = "+00:00" if zone.upper() in ("Z", "UTC", "GMT") else zone
    return normalise_when(datetime.fromisoformat(f"{day}T{time}{zone}"))


def _from_rfc822(text: str) -> str | None:
    try:
        when = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError):
        return None
    return normalise_when(when.astimezone(UTC)) if when.tzinfo else when.date().isoformat()


def _from_words(text: str) -> str | None:
    chinese = _CHINESE.match(text)
    if chinese:
        return date(*(int(part) for part in chinese.groups())).isoformat()
    for form in _DAY_FORMATS:
        try:
            return datetime.strptime(text, form).date().isoformat()
        except ValueError:
            continue
    return None
