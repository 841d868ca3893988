"""Claims, articles and families as Parquet; needs pyarrow (the extra ``parquet``)."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from openrace.atomic_write import draft_of
from openrace.errors import ConfigError
from openrace.exports.claim_lines import NUMBERS, flatten
from openrace.records import Record

BATCH = 10_000  # rows of a row group: a million claims pass through 100 MB
TIMES = ("published", "first", "last")  # beside the text as everywhere, an instant: a day's is its midnight
SPANS = ("spans", "quoted")
TEXTS = (
    "first_among",
    "changed",
    "against_original",
    "authors",
    "claim_ids",
    "disputed",
    "outlets",
    "same_utterance",
)


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
    rows = map(_typed, records)
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


def _typed(record: Record) -> dict[str, Any]:
    """Return a record as `flatten` does, its lists and offsets as themselves, times twice."""
    return dict(_cells(record, flatten(record)))


def _cells(record: Record, row: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        if name in SPANS:
            yield name, [span._asdict() for span in getattr(record, name)]
        elif name == "context":
            yield name, record.context._asdict()  # type: ignore[attr-defined]  # of a ClaimLine
        elif name == "pieces":
            yield name, [piece.model_dump() for piece in getattr(record, name)]
        elif name in TEXTS:
            yield name, list(getattr(record, name))
        else:
            yield name, value
        if name in TIMES:
            yield f"{name}_at", _instant(value)


def _instant(when: str | None) -> datetime | None:
    if when is None:
        return None
    found = datetime.fromisoformat(when)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _type(pa: Any, name: str) -> Any:
    span = pa.struct([("start", pa.int64()), ("end", pa.int64())])
    nested = {
        **dict.fromkeys(SPANS, pa.list_(span)),
        **dict.fromkeys(TEXTS, pa.list_(pa.string())),
        **{f"{time}_at": pa.timestamp("s", tz="UTC") for time in TIMES},
        "context": span,
        "pieces": pa.list_(pa.struct([("text", pa.string()), ("quoted", pa.bool_())])),
        "automatic": pa.bool_(),
    }
    plain = {str: pa.string, int: pa.int64, float: pa.float64}
    return nested.get(name) or plain[NUMBERS.get(name, str)]()
