"""What changed: the families whose pages may look another way than before.

Triggers of the schema note each change of a claim, article, outlet, family or relation where it is written,
so that no writer can forget it. Who shows families remembers the serial up to which it has seen them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable


def latest(db: sqlite3.Connection) -> int:
    """The serial of the last change; 0 where nothing ever changed."""
    return int(db.execute("SELECT coalesce(max(serial), 0) FROM changes").fetchone()[0])


def note_again(db: sqlite3.Connection, families: Iterable[str]) -> None:
    """Count these families as changed once more, so that whoever follows the changes sees them again."""
    db.executemany("INSERT INTO changed (family) VALUES (?)", [(family,) for family in families])


def since(db: sqlite3.Connection, serial: int) -> list[str]:
    """The ids of the families that changed after `serial`, the last change last; some may be gone by now."""
    rows = db.execute("SELECT family FROM changes WHERE serial > ? ORDER BY serial", (serial,))
    return [row["family"] for row in rows]
