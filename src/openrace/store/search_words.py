"""Words as the full-text index sees them, the same for what is kept and for what is asked."""

from __future__ import annotations

import re
from functools import cache


@cache  # compiling it takes longer than an ASCII search needs in all
def _unspaced() -> re.Pattern[str]:
    """Han, kana and bopomofo: scripts written without spaces, of which unicode61 would make one long word."""
    return re.compile(
        r"([\u3005-\u3007\u3040-\u30ff\u3100-\u312f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])"
    )


def set_apart(text: str) -> str:
    """`text` with a space around every character of a script that writes none between words."""
    return text if text.isascii() else _unspaced().sub(r" \1 ", text)


def apart(text: str | None) -> str | None:
    """`text` set apart, None where that changes nothing."""
    spaced = set_apart(text or "")
    return spaced if spaced != (text or "") else None
