"""What is stored of the runs themselves: a revision number, values by name, and what each step did."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from openrace.store.database import transaction


def bump_revision(db: sqlite3.Connection) -> None:
    """Note, inside the transaction that does it, that something changed which a reader could see."""
    db.execute(
        "INSERT INTO state (name, value) VALUES ('revision', '1') ON CONFLICT (name)"
        " DO UPDATE SET value = CAST(value AS INTEGER) + 1"
    )


def revision(db: sqlite3.Connection) -> int:
    """Return how many changes there were."""
    return int(get_value(db, "revision") or 0)


def get_value(db: sqlite3.Connection, name: str) -> str | None:
    """Return the value stored under `name`; None where there is none."""
    row = db.execute("SELECT value FROM state WHERE name = ?", (name,)).fetchone()
    return row["value"] if row else None


def set_value(db: sqlite3.Connection, name: str, value: str) -> None:
    """Store `value` under `name`."""
    with transaction(db):
        db.execute("INSERT OR REPLACE INTO state (name, value) VALUES (?, ?)", (name, value))


def begin_run(db: sqlite3.Connection, started: str) -> int:
    """Note that a run began; return its id."""
    with transaction(db):
        cursor = db.execute("INSERT INTO runs (started, steps) VALUES (?, '[]')", (started,))
    return int(cursor.lastrowid or 0)


def note_steps(
    db: sqlite3.Connection, run: int, steps: list[dict[str, Any]], finished: str | None = None
) -> None:
    """Note the results of the steps of a run that are done."""
    with transaction(db):
        record = json.dumps(steps, ensure_ascii=False)
        db.execute("UPDATE runs SET steps = ?, finished = ? WHERE id = ?", (record, finished, run))


def last_runs(db: sqlite3.Connection, limit: int) -> list[dict[str, Any]]:
    """Return the latest runs that finished, latest first."""
    query = "SELECT started, finished, steps FROM runs WHERE finished IS NOT NULL ORDER BY id DESC LIMIT ?"
    return [dict(row) | {"steps": json.loads(row["steps"])} for row in db.execute(query, (limit,))]
