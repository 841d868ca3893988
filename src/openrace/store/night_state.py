"""What the conductor must remember from one night to the next."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from openrace.store.database import transaction


def touch(db: sqlite3.Connection) -> None:
    """Note, inside the transaction that does it, that something changed which a reader could see."""
    db.execute(
        "INSERT INTO state (name, value) VALUES ('revision', '1') ON CONFLICT (name)"
        " DO UPDATE SET value = CAST(value AS INTEGER) + 1"
    )


def revision(db: sqlite3.Connection) -> int:
    """How many changes there were."""
    return int(recall(db, "revision") or 0)


def recall(db: sqlite3.Connection, name: str) -> str | None:
    """What was remembered under `name`."""
    row = db.execute("SELECT value FROM state WHERE name = ?", (name,)).fetchone()
    return row["value"] if row else None


def remember(db: sqlite3.Connection, name: str, value: str) -> None:
    """Remember `value` under `name`."""
    with transaction(db):
        db.execute("INSERT OR REPLACE INTO state (name, value) VALUES (?, ?)", (name, value))


def begin_run(db: sqlite3.Connection, started: str) -> int:
    """Note that a run began; its id."""
    with transaction(db):
        cursor = db.execute("INSERT INTO runs (started, stations) VALUES (?, '[]')", (started,))
    return int(cursor.lastrowid or 0)


def note_stations(
    db: sqlite3.Connection, run: int, stations: list[dict[str, Any]], finished: str | None = None
) -> None:
    """Note how far a run has come."""
    with transaction(db):
        told = json.dumps(stations, ensure_ascii=False)
        db.execute("UPDATE runs SET stations = ?, finished = ? WHERE id = ?", (told, finished, run))


def last_run(db: sqlite3.Connection) -> dict[str, Any] | None:
    """The latest run that finished: started, finished, stations."""
    return next(iter(last_runs(db, 1)), None)


def last_runs(db: sqlite3.Connection, limit: int) -> list[dict[str, Any]]:
    """Return the latest runs that finished, latest first."""
    query = "SELECT * FROM runs WHERE finished IS NOT NULL ORDER BY id DESC LIMIT ?"
    return [dict(row) | {"stations": json.loads(row["stations"])} for row in db.execute(query, (limit,))]
