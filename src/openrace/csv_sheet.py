"""Rows → CSV (RFC 4180) that no spreadsheet runs. Loads nothing heavy: ``search --csv`` uses it too."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any


def write_sheet(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield a header and one line a row, all with the fields of the first.

    A cell that a spreadsheet would run as a formula gets an apostrophe in front, which it does not show.
    """
    buffer = io.StringIO()
    writer: csv.DictWriter[str] | None = None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(buffer, list(row))
            writer.writeheader()
        writer.writerow({name: _harmless(value) for name, value in row.items()})
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _harmless(value: Any) -> Any:
    formula = isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r")
    return "'" + value if formula else value
