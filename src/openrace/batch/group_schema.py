"""The columns that grouping passes from step to step; needs pyarrow. Only FAMILIES is published."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq


class GroupReport(NamedTuple):
    """What was grouped."""

    quotes: int
    clusters: int
    failed: int  # rows that gave no quote


FAMILIES = pa.schema(
    [pa.field("quote_id", pa.string(), nullable=False), pa.field("cluster_id", pa.string(), nullable=False)]
)
_WORDING = pa.field("wording", pa.int64())  # a number made of its words: what is joined on
_WORDS = pa.field("words", pa.string())  # encoded, one character a word
HOLDER = pa.struct(  # a quote of a wording, as in `records.StoredQuote`
    [
        ("quote_id", pa.string()),
        ("speaker", pa.string()),
        ("day", pa.int32()),
        ("article", pa.string()),
        ("reported", pa.bool_()),
        ("titled", pa.bool_()),
        ("inner", pa.list_(pa.string())),
        ("around", pa.string()),
    ]
)
QUOTES = pa.schema(
    [
        *HOLDER,
        _WORDS,
        _WORDING,
        pa.field("row", pa.string()),  # of a row that gave no quote: where it stands …
        pa.field("problem", pa.string()),  # … and what is wrong
    ]
)
WORDINGS = pa.schema([_WORDING, _WORDS, pa.field("holders", pa.list_(HOLDER))])
KEYS = pa.schema(
    [
        pa.field("key", pa.int64()),  # a fingerprint
        pa.field("kind", pa.int8()),
        pa.field("length", pa.int32()),  # words of the wording
        _WORDING,
    ]
)
SHARED = pa.schema(
    [
        pa.field("asking", pa.int64()),  # the shorter wording …
        _WORDING,  # … and the longer one
        pa.field("length", pa.int32()),  # words of the shorter
        pa.field("level", pa.bool_()),  # both have so many
        pa.field("shared", pa.int64()),  # keys
    ]
)
CANDIDATES = pa.schema([pa.field("asking", pa.int64()), _WORDING])
OFFERS = pa.schema(
    [
        pa.field("quote_id", pa.string()),
        pa.field("falls", pa.bool_()),
        pa.field("doubt", pa.float64()),
        pa.field("rank", pa.int32()),
        _WORDS,
        pa.field("day", pa.int32()),
        pa.field("parent", pa.string()),
    ]
)
PARENTS = pa.schema(
    [pa.field("quote_id", pa.string()), pa.field("parent", pa.string()), pa.field("odds", pa.float64())]
)


def is_output(target: Path) -> bool:
    """Whether clusters may be written to `target`: nothing is there, or those of an earlier run."""
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return True
    files = list(target.glob("*.parquet")) if target.is_dir() else [target]
    try:
        return bool(files) and all(pq.read_schema(file).names == FAMILIES.names for file in files)
    except (OSError, pa.ArrowInvalid):
        return False
