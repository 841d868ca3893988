"""Steps over record batches, ``Iterator[RecordBatch] → Iterator[RecordBatch]``, for any engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from openrace.batch.rows import Row, RowFunction, RowResult, in_chunks, read_rows
from openrace.batch.schema import STAGED

ROW = "_row"  # the column that says where a row stands; others are the article's
LINE = "_line"  # a whole JSON line, of an input that has no columns
FILE_ROWS = 100  # pages of a WARC file that are held at once


def extract_stage(batches: Iterable[pa.RecordBatch], function: RowFunction) -> Iterator[pa.RecordBatch]:
    """Yield the claims of articles that come as columns or as JSON lines, batch by batch."""
    for batch in batches:
        yield from _staged(tuple(map(_row, batch.to_pylist())), function)


def page_stage(batches: Iterable[pa.RecordBatch], function: RowFunction) -> Iterator[pa.RecordBatch]:
    """Yield the claims of WARC files whose paths come in; every engine's workers must see them there."""
    for batch in batches:
        for path in batch.column(ROW).to_pylist():
            for rows in in_chunks(read_rows(Path(path)), FILE_ROWS):
                yield from _staged(rows, function)


def _staged(rows: tuple[Row, ...], function: RowFunction) -> Iterator[pa.RecordBatch]:
    staged = [line for row, result in zip(rows, function(rows), strict=True) for line in _lines(row, result)]
    yield from pa.Table.from_pylist(staged, schema=STAGED).to_batches()


def _row(columns: dict[str, Any]) -> Row:
    where = columns.pop(ROW)
    return Row(where, "json", columns[LINE].encode()) if LINE in columns else Row(where, "columns", columns)


def _lines(row: Row, result: RowResult) -> list[dict[str, Any]]:
    outcome = "claim" if result.claims else "off topic" if result.off_topic else "no claim"
    outcome = outcome if result.problem is None else "rejected"
    common = {"row": row.where, "outcome": outcome, "problem": result.problem}
    first: dict[str, Any] = {"first": True, "article": result.article}
    rest = {"first": False}
    return [{**claim, **common, **(rest if n else first)} for n, claim in enumerate(result.claims or [{}])]
