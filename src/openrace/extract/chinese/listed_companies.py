"""Companies that a Chinese article names with the code of their shares: 云岭能源（000000.SZ）."""

from __future__ import annotations

import re
from collections.abc import Iterator

from openrace.extract.chinese import patterns
from openrace.extract.chinese.name_edges import read_mention
from openrace.extract.chinese.quotations import MaskedText
from openrace.records import Span

_CODE_RE = re.compile(
    r"[（(](?:(?:股票|证券|證券)代[码碼][:：]?|[A-Z]{2,6}[:：.])? ?"
    r"\d{4,6}(?:[.．][A-Z]{2})?[^（()）]{0,20}[）)]"
    r"|[（(](?:NYSE|NASDAQ|Nasdaq|HKEX|TSX|LSE|纽交所|纳斯达克)[:：] ?[A-Z.]{1,6}[）)]"
)
_REACH = 24  # characters before the code that its name may have


def listed_companies(page: MaskedText) -> Iterator[Span]:
    """Yield where a company stands that a code of its shares follows."""
    for code in _CODE_RE.finditer(page.text):
        low = max(0, code.start() - _REACH)
        clause = max(page.masked.rfind(mark, low, code.start()) for mark in patterns.STOP + "、")
        found = read_mention(page.text, page.masked, max(low, clause + 1), code.start())
        if found and found.kind in ("organisation", "name"):
            yield found.span
