"""Steps over record batches, ``Iterator[RecordBatch] → Iterator[RecordBatch]``, for any engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
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


Stage = Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]


class GroupStages(NamedTuple):
    """The steps of grouping that an engine runs, in order; `group_schema` has the columns between them.

    What has to be adjacent is so within a part, and all of it in one part.
    """

    prepare: Stage  # rows, with where they stand → QUOTES
    keys: Stage  # distinct wordings with their speakers → KEYS
    shared: Stage  # KEYS, those of one key adjacent, the longest wording first → SHARED
    candidates: Stage  # SHARED, added up for each pair → CANDIDATES
    offers: Stage  # candidates with their WORDINGS, and each wording asking itself, by who asks → OFFERS
    parents: Stage  # OFFERS, those to one quote adjacent → PARENTS
    clusters: Stage  # quotes with their parents, those of one tree adjacent → FAMILIES


def whole_runs(batches: Iterable[pa.RecordBatch], column: str, least: int) -> Iterator[pa.RecordBatch]:
    """Yield the rows again in batches of at least so many, which part no run of equal values of `column`.

    The last batch may be shorter.
    """
    held: list[pa.RecordBatch] = []
    for batch in batches:
        held.append(batch)
        if sum(map(len, held)) > least:
            rows = pa.concat_batches(held)
            cut = _last_run(rows.column(column))
            held = [rows.slice(cut)]
            if cut:
                yield rows.slice(0, cut)
    if sum(map(len, held)):
        yield pa.concat_batches(held)


def _last_run(values: pa.Array) -> int:
    """Return where the last run of equal values begins."""
    other = np.flatnonzero(values.to_numpy(zero_copy_only=False) != values[-1].as_py())
    return int(other[-1]) + 1 if len(other) else 0
