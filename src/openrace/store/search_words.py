"""Words as the full-text index sees them, the same for what is kept and for what is asked."""

from __future__ import annotations

from openrace.scripts import UNSPACED, characters, to_simplified


def set_apart(text: str) -> str:
    """Return `text` in simplified script, a space around every character of a script that writes none.

    Of Han and kana unicode61 would make one long word; and 開源 is asked for as 开源.
    """
    return text if text.isascii() else characters(UNSPACED).sub(r" \g<0> ", to_simplified(text))


def apart(text: str | None) -> str | None:
    """Return `text` set apart, None where that changes nothing."""
    spaced = set_apart(text or "")
    return spaced if spaced != (text or "") else None
