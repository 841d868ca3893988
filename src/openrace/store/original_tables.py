"""Originals: where families were said, and the words of transcripts by which they are found.

Written only where something differs, inside the transaction of whoever calls: every row that is written
makes a family one that changed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from openrace.store.row_lists import LISTED, listed
from openrace.story import Original


def last_turn(db: sqlite3.Connection) -> int:
    """Return the key of the turn that came in last; 0 where there is none."""
    return int(db.execute("SELECT coalesce(max(key), 0) FROM turns").fetchone()[0])


def transcripts_since(db: sqlite3.Connection, turn: int) -> list[str]:
    """Return the ids of the transcripts that came in after this turn."""
    query = "SELECT id FROM articles WHERE key IN (SELECT article FROM turns WHERE key > ?) ORDER BY key"
    return [row["id"] for row in db.execute(query, (turn,))]


def index_transcript(db: sqlite3.Connection, article_id: str, shingles: Iterable[int]) -> None:
    """Keep the shingles by which a transcript is found."""
    key = db.execute("SELECT key FROM articles WHERE id = ?", (article_id,)).fetchone()["key"]
    rows = [(shingle, key) for shingle in shingles]
    db.executemany("INSERT OR IGNORE INTO spoken_shingles (shingle, article) VALUES (?, ?)", rows)


def transcripts_with(db: sqlite3.Connection, shingles: Iterable[int], least: int, most: int) -> list[str]:
    """Return the transcripts with at least `least` of these shingles, those with most of them first."""
    rows = db.execute(
        "SELECT a.id FROM spoken_shingles s JOIN articles a ON a.key = s.article"
        f" WHERE s.shingle IN {LISTED} GROUP BY s.article HAVING count(*) >= ?"
        " ORDER BY count(*) DESC, a.id LIMIT ?",
        (*listed(shingles), least, most),
    )
    return [row["id"] for row in rows]


def iter_quoted(db: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Yield the family and the text of every shown claim that quotes."""
    rows = db.execute(
        "SELECT family, text FROM claims WHERE family IS NOT NULL AND hidden IS NULL AND kind <> 'indirect'"
    )
    yield from ((row["family"], row["text"]) for row in rows)


def save_original(db: sqlite3.Connection, family: str, original: Original | None) -> bool:
    """Keep where a family was said, None for nowhere; return whether that is another place or report."""
    if original is None:
        return db.execute("DELETE FROM originals WHERE family = ?", (family,)).rowcount > 0
    changed = db.execute(
        "INSERT INTO originals (family, record) VALUES (?, ?) ON CONFLICT (family)"
        " DO UPDATE SET record = excluded.record WHERE record <> excluded.record",
        (family, original.model_dump_json()),
    )
    return changed.rowcount > 0


def get_originals(db: sqlite3.Connection, families: Iterable[str]) -> dict[str, Original]:
    """Return where those of these families were said of which it is known."""
    rows = db.execute(f"SELECT family, record FROM originals WHERE family IN {LISTED}", listed(families))
    return {row["family"]: Original.model_validate_json(row["record"]) for row in rows}


def iter_originals(db: sqlite3.Connection) -> Iterator[Original]:
    """Yield every original."""
    for row in db.execute("SELECT record FROM originals ORDER BY family"):
        yield Original.model_validate_json(row["record"])
