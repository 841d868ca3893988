"""The columns of what ``openrace batch`` writes; needs pyarrow.

Columns may be added, none changes its meaning. The claims are the lines of ``openrace pipe
extract`` (`openrace.pipe_contract`), with the sentences around them and where they were published,
which grouping needs; docs/archives.md describes each column.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

_SPAN = pa.list_(pa.int32())  # [start, end]: code points of the article's text
CLAIMS = pa.schema(
    [
        pa.field("claim_id", pa.string(), nullable=False),
        pa.field("article_id", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("polarity", pa.string(), nullable=False),
        pa.field("spans", pa.list_(_SPAN), nullable=False),
        pa.field("text", pa.string(), nullable=False),
        pa.field("line", pa.string(), nullable=False),
        pa.field("pieces", pa.list_(pa.struct([("text", pa.string()), ("quoted", pa.bool_())]))),
        pa.field("cue", pa.struct([("span", _SPAN), ("text", pa.string())])),
        pa.field(
            "speaker",
            pa.struct(
                [
                    ("span", _SPAN),
                    ("text", pa.string()),
                    ("name", pa.string()),
                    ("person_id", pa.string()),
                ]
            ),
        ),
        pa.field("said_when", pa.string()),  # as the article dates what was said; null: it does not
        pa.field("confidence", pa.float64(), nullable=False),
        pa.field("start", pa.int32(), nullable=False),  # of the first span: files are sorted by it
        pa.field("context", pa.string()),  # the sentence or sentences that hold it
        pa.field("url", pa.string()),
        pa.field("title", pa.string()),
        pa.field("outlet", pa.string()),
        pa.field("published", pa.string()),  # a day, or an instant in UTC; null: not known
    ]
)
# What a stage yields: the rows of claims, and for what was read and has none a row with nothing but this.
STAGED = pa.schema(
    [
        *(field.with_nullable(True) for field in CLAIMS),
        pa.field("article", pa.string()),  # as a JSON line, where it is to be kept
        pa.field("row", pa.string()),  # where it stands in the input
        pa.field("first", pa.bool_()),  # the first of what a row of the input gave: these count the rows
        pa.field("outcome", pa.string()),  # claim, no claim, off topic, rejected
        pa.field("problem", pa.string()),
    ]
)


def place_of(row: Mapping[str, Any]) -> tuple[str, int, str]:
    """Return the sort key of a claim: its article, and where in it the claim starts."""
    return row["article_id"], row["start"], row["claim_id"]
