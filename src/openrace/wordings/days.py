"""Days as running numbers, as grouping and relations compare them."""

from __future__ import annotations

from datetime import date

NO_DAY = 10**7  # after every date


def day_of(when: str | None) -> int:
    """Return the day of an ISO date or instant as a running number; NO_DAY where it is unknown or no date."""
    try:
        return date.fromisoformat((when or "")[:10]).toordinal()
    except ValueError:
        return NO_DAY


def is_day(day: int) -> bool:
    """Whether `day` is one, or only says that none is known."""
    return day != NO_DAY
