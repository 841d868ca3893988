"""Between which two instants something was published: what can be said of which of two came first.

A day is a day somewhere, an instant is stamped to the minute, and some outlets' clocks are wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

DAY = 10  # characters of a day; a longer time is an instant
STAMPED = timedelta(minutes=1)  # how exactly most publishers write their instants
# Of a day whose zone is not known: from its first hour in New Zealand's summer to its last in Hawaii.
EASTERNMOST, WESTERNMOST = timedelta(hours=13), timedelta(hours=10)


class Bounds(NamedTuple):
    """Not before `earliest` and before `latest`: instants in UTC, which sort as text."""

    earliest: str
    latest: str


def zone_info(name: str) -> tzinfo:
    """Return the time zone "UTC", "+08:00" or "Asia/Shanghai"; ValueError or KeyError for what is none."""
    offset = re.fullmatch(r"([+-])(\d\d):(\d\d)", name)
    if offset is None:
        return UTC if name == "UTC" else ZoneInfo(name)
    ahead = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
    return timezone(ahead if offset[1] == "+" else -ahead)


@lru_cache(maxsize=4_096)  # the statements of an article have one date
def publication_bounds(
    when: str | None, basis: str | None = None, zone: str | None = None, clock_early: float = 0.0
) -> Bounds | None:
    """Return when at the earliest and at the latest something was published; None where that is not known.

    `when` is a day or an instant in UTC, `zone` that of whoever wrote a day; `clock_early` says by how many
    hours the outlet's clock seems to be early.
    """
    if when is None or basis == "doubtful":
        return None
    begin, after = _instant(when), timedelta(days=1)
    try:
        if len(when) > DAY:
            return _bounds(begin, begin + STAMPED + timedelta(hours=clock_early))
        if zone:
            begin = begin.replace(tzinfo=zone_info(zone))
            return _bounds(begin, begin + after)
        return _bounds(begin - EASTERNMOST, begin + after + WESTERNMOST)
    except OverflowError:  # of the year 1 or 9999
        return None


def _bounds(earliest: datetime, latest: datetime) -> Bounds:
    utc = (moment.astimezone(UTC).replace(tzinfo=None) for moment in (earliest, latest))
    return Bounds(*(f"{moment.isoformat(timespec='seconds')}Z" for moment in utc))


def hours_between(a: str, b: str) -> float:
    """Return the hours from `a` to `b`; whole days where either is only a day."""
    if min(len(a), len(b)) == DAY:
        return 24.0 * (_instant(b[:DAY]) - _instant(a[:DAY])).days
    return round((_instant(b) - _instant(a)).total_seconds() / 3600, 2)


def _instant(when: str) -> datetime:
    moment = datetime.fromisoformat(when)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class Lag(NamedTuple):
    """Hours from one publication to another, and by how many that may be wrong."""

    hours: float
    doubt: float


def lag_between(first: str, first_bounds: Bounds, when: str, bounds: Bounds) -> Lag:
    """Return how long after `first` something came, only as sure as both ends are."""
    hours = hours_between(first, when)
    least = hours_between(first_bounds.latest, bounds.earliest)
    most = hours_between(first_bounds.earliest, bounds.latest)
    doubt = max(hours - least, most - hours)
    return Lag(hours, 0.0 if doubt <= 2 * STAMPED.total_seconds() / 3600 else round(doubt, 2))


def first_words(names: Sequence[str], days: Collection[str], gettext: Callable[[str], str] = str) -> str:
    """Return who had it first, in words for a reader: of several that may be the first none is chosen.

    `names` are the outlets that may be the first, `days` the days on which these printed it.

    >>> first_words(["One"], ["2025-05-19"]), first_words(["One", "Two"], ["2025-05-19"])
    ('first in One', 'One and Two on the same day')
    """
    if not names:
        return gettext("first report not known")
    if len(names) == 1:
        return gettext("first in %(outlet)s") % {"outlet": names[0]}
    rest = gettext("%(number)s more") % {"number": f"{len(names) - 3:,}"}
    shown = [*names[:3], rest] if len(names) > 4 else names
    order = gettext("%(outlets)s and %(last)s in an order that is not certain")
    if len(set(days)) == 1:
        order = gettext("%(outlets)s and %(last)s on the same day")
    return order % {"outlets": gettext(", ").join(shown[:-1]), "last": shown[-1]}


def lag_is_certain(hours: float | None, doubt: float) -> bool:
    """Return whether something surely came later than the first report."""
    return hours is not None and hours > doubt
