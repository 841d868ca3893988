"""Claims and articles as Parquet; needs pyarrow (``pip install 'openrace[parquet]'``)."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from pathlib import Path

from openrace.errors import ConfigError
from openrace.exports.lines import flatten
from openrace.records import Record

BATCH = 10_000  # rows of a row group: a million claims pass through 100 MB


def write_parquet(records: Iterable[Record], path: Path) -> int:
    """Write `records`, all of one kind, as the file `path`; how many. Raises ConfigError without pyarrow.

    Columns are those of the CSV; spans are JSON text, times are text as everywhere.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise ConfigError("parquet", "needs pyarrow", "pip install 'openrace[parquet]'") from error
    rows, count = iter(records), 0
    writer = None
    try:
        while batch := [flatten(record) for record in itertools.islice(rows, BATCH)]:
            if writer is None:
                schema = pa.schema([(name, _type(pa, name)) for name in batch[0]])
                writer = pq.ParquetWriter(path, schema, compression="zstd")
            writer.write_table(pa.Table.from_pylist(batch, schema=schema))
            count += len(batch)
    finally:
        if writer is not None:
            writer.close()
    return count


def _type(pa: object, name: str) -> object:
    kinds = {"confidence": "float64", "length": "int64"}
    return getattr(pa, kinds.get(name, "string"))()
