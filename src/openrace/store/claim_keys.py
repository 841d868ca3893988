"""The order of claims: their key says when they were published.

A claim's key is ``minute << 20 | serial``, where `minute` counts from the year 1. To list the newest
first is then to walk back along the key, or forward in the full-text index, whose rowids are negative
keys, without a sort (a million claims: 1 ms instead of 400), and a range of dates is a range of keys.
Claims of articles without a date have minute 0: they come last, and no range of dates holds them.
"""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta

SERIAL_BITS = 20
_MINUTES_A_DAY = 1440


def first_key(when: str | None) -> int:
    """Return the lowest key of claims published at `when` (a day or an instant as in `openrace.records`)."""
    if when is None:
        return 1
    minutes = date.fromisoformat(when[:10]).toordinal() * _MINUTES_A_DAY
    if len(when) > 10:
        minutes += int(when[11:13]) * 60 + int(when[14:16])
    return minutes << SERIAL_BITS


def key_range(since: str | None, until: str | None) -> tuple[int, int]:
    """Return the first and last key of the days `since` to `until`.

    Undated claims only where both are None.
    """
    low = first_key(since) if since else first_key("0001-01-01") if until else 0
    if not until:
        return low, 2**63 - 1
    day = date.fromisoformat(until)
    if day == date.max:
        return low, 2**63 - 1
    return low, first_key((day + timedelta(days=1)).isoformat()) - 1


def next_key(db: sqlite3.Connection, published: str | None, added: str) -> int:
    """Return a free key for a claim of an article that was published then and came in at the instant `added`.

    What claims to be of the future is ordered by when we saw it: it cannot have been said later than that.
    """
    low = first_key(min(published, added) if published else None)
    high = low + (1 << SERIAL_BITS) if published else first_key("0001-01-01")
    last = db.execute("SELECT max(key) FROM claims WHERE key >= ? AND key < ?", (low, high)).fetchone()[0]
    return low if last is None else last + 1
