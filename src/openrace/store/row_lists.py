"""Lists of any length as one parameter of a query, and the rows of a table made equal to a set."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

LISTED = "(SELECT value FROM json_each(?))"  # db.execute(f"… WHERE id IN {LISTED}", listed(ids))


def listed(values: Iterable[str | int]) -> tuple[str]:
    """Return the parameter of a query with one LISTED."""
    return (json.dumps(list(values)),)


def replace_rows(
    db: sqlite3.Connection,
    table: str,
    columns: Sequence[str],
    before: AbstractSet[tuple[Any, ...]],
    now: AbstractSet[tuple[Any, ...]],
) -> None:
    """Delete the rows of `before` that are not in `now`, and insert those of `now` that are new."""
    where = " AND ".join(f"{column} = ?" for column in columns)
    db.executemany(f"DELETE FROM {table} WHERE {where}", sorted(before - now))
    marks = ", ".join("?" * len(columns))
    db.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", sorted(now - before))
