"""Claims, articles and families as Parquet; needs pyarrow (the extra ``parquet``)."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args, get_origin

from openrace.atomic_write import draft_of
from openrace.errors import ConfigError
from openrace.exports.claim_lines import PieceLine, flatten, plain_type
from openrace.records import Record, Span

BATCH = 10_000  # rows of a row group: a million claims pass through 100 MB
TIMES = ("published", "first", "last")  # beside the text as everywhere, an instant: a day's is its midnight


def write_parquet(records: Iterable[Record], path: Path) -> int:
    """Write `records`, all of one kind, as the file `path`; how many (of none there is no file).

    Columns are those of the CSV with lists, offsets and numbers in their own types. Times stay text, which
    tells a day from an instant, with a timestamp in UTC beside each (``published_at``). Raises ConfigError
    without pyarrow.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise ConfigError("parquet", "needs pyarrow", "pip install pyarrow") from error
    rows = iter(records)
    batches = iter(lambda: list(itertools.islice(rows, BATCH)), [])
    first = next(batches, None)
    if first is None:
        return 0
    names, model = dict(_cells(first[0])), type(first[0])
    schema, count = pa.schema([(name, _column_type(pa, model, name)) for name in names]), 0
    with draft_of(path) as draft, pq.ParquetWriter(draft, schema, compression="zstd") as writer:
        for batch in itertools.chain([first], batches):
            writer.write_table(pa.Table.from_pylist([dict(_cells(record)) for record in batch], schema))
            count += len(batch)
    return count


def _cells(record: Record) -> Iterator[tuple[str, Any]]:
    """Yield the columns of `flatten`, lists and offsets as themselves, times twice."""
    for name, value in flatten(record).items():
        own = getattr(record, name, None)
        yield name, _as_data(own) if isinstance(own, tuple) else value
        if name in TIMES:
            yield f"{name}_at", _instant(value)


def _as_data(value: Any) -> Any:
    if isinstance(value, Span):
        return value._asdict()
    if isinstance(value, tuple):
        return list(map(_as_data, value))
    return value.model_dump() if isinstance(value, Record) else value


def _instant(when: str | None) -> datetime | None:
    if when is None:
        return None
    found = datetime.fromisoformat(when)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _column_type(pa: Any, model: type[Record], name: str) -> Any:
    if name.removesuffix("_at") in TIMES and name not in TIMES:
        return pa.timestamp("s", tz="UTC")
    field = model.model_fields.get(name)
    return _type(pa, field.annotation) if field else pa.string()


def _type(pa: Any, annotation: Any) -> Any:
    if get_origin(annotation) is tuple:
        return pa.list_(_type(pa, get_args(annotation)[0]))
    if annotation is Span:
        return pa.struct([(name, pa.int64()) for name in Span._fields])
    if annotation is PieceLine:
        return pa.struct([(name, _type(pa, it.annotation)) for name, it in PieceLine.model_fields.items()])
    return {str: pa.string, int: pa.int64, float: pa.float64, bool: pa.bool_}[plain_type(annotation)]()
