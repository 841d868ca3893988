"""Claims and articles as Parquet; needs pyarrow (the extra ``parquet``)."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from openrace.atomic_write import draft_of
from openrace.errors import ConfigError
from openrace.exports.claim_lines import NUMBERS, flatten
from openrace.records import Record

BATCH = 10_000  # rows of a row group: a million claims pass through 100 MB


def write_parquet(records: Iterable[Record], path: Path) -> int:
    """Write `records`, all of one kind, as the file `path`; how many (of none there is no file).

    Columns are those of the CSV; spans are JSON text, times are text as everywhere. Raises ConfigError
    without pyarrow.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise ConfigError("parquet", "needs pyarrow", "pip install pyarrow") from error
    rows = map(flatten, records)
    batches = iter(lambda: list(itertools.islice(rows, BATCH)), [])
    first = next(batches, None)
    if first is None:
        return 0
    schema, count = pa.schema([(name, _type(pa, name)) for name in first[0]]), 0
    with draft_of(path) as draft, pq.ParquetWriter(draft, schema, compression="zstd") as writer:
        for batch in itertools.chain([first], batches):
            writer.write_table(pa.Table.from_pylist(batch, schema=schema))
            count += len(batch)
    return count


def _type(pa: Any, name: str) -> Any:
    return {str: pa.string, int: pa.int64, float: pa.float64}[NUMBERS.get(name, str)]()
