"""Numbers of things in words."""

from __future__ import annotations


def many(number: int, singular: str, plural: str = "") -> str:
    """Return ``1 report``, ``2,310 reports``."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"
