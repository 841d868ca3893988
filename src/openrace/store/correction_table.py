"""Corrections as they lie over what was extracted: put on together, taken off together.

All of these are called inside one `transaction` that first takes every correction off, so that a reader
sees either the old set or the new one.
"""

from __future__ import annotations

import json
import sqlite3
from typing import NamedTuple

from openrace.store.claim_keys import next_key
from openrace.store.search_words import apart

_SAID_BY = ("speaker", "names", "person", "mention", "reason")


def take_off(db: sqlite3.Connection) -> None:
    """Make everything again what it was before any correction."""
    for row in db.execute("SELECT key, original FROM claims WHERE original IS NOT NULL").fetchall():
        sets = ", ".join(f"{name} = :{name}" for name in _SAID_BY)
        before = json.loads(row["original"]) | {"key": row["key"]}
        db.execute(f"UPDATE claims SET {sets}, original = NULL WHERE key = :key", before)
    db.execute("UPDATE claims SET hidden = NULL WHERE hidden IS NOT NULL")
    for row in db.execute("SELECT key, original FROM articles WHERE original IS NOT NULL").fetchall():
        _date(db, row["key"], json.loads(row["original"]))
        db.execute("UPDATE articles SET original = NULL WHERE key = ?", (row["key"],))


def in_force(db: sqlite3.Connection) -> list[tuple[object, ...]]:
    """Return what corrections have made of what they touch; equal before and after where nothing changed."""
    claims = db.execute(
        "SELECT id, speaker, person, hidden, reason FROM claims WHERE id IN ("
        "SELECT id FROM claims WHERE original IS NOT NULL"
        " UNION SELECT id FROM claims WHERE hidden IS NOT NULL) ORDER BY id"
    )
    dates = db.execute("SELECT id, published FROM articles WHERE original IS NOT NULL ORDER BY id")
    return [tuple(row) for row in (*claims, *dates)]


def find_claim(db: sqlite3.Connection, claim_id: str, article: str | None, words: str | None) -> str | None:
    """Return the id of the claim `claim_id`, else of the one in `article` with `words` or part of them."""
    if db.execute("SELECT 1 FROM claims WHERE id = ?", (claim_id,)).fetchone():
        return claim_id
    if not article or not words:
        return None
    near = db.execute(
        "SELECT c.id FROM claims c JOIN articles a ON a.key = c.article"
        " WHERE a.id = ?1 AND (instr(c.text, ?2) OR instr(?2, c.text))",
        (article, words),
    ).fetchall()
    return near[0]["id"] if len(near) == 1 else None


def set_speaker(
    db: sqlite3.Connection, claim_id: str, name: str | None, person: str | None, why: str
) -> None:
    """Make `name` the speaker of a claim; None: nobody can say who it is."""
    _keep_original(db, "id = ?", claim_id)
    db.execute(
        "UPDATE claims SET speaker = :name, names = :names, person = :person, reason = :reason,"
        " mention = CASE WHEN :name IS NULL THEN NULL ELSE coalesce(mention, :mention) END WHERE id = :id",
        {
            "name": name,
            "names": apart(name),
            "person": person,
            "reason": f"set right by hand: {why}",
            "mention": json.dumps({"span": None, "text": name}, ensure_ascii=False),
            "id": claim_id,
        },
    )


def merge_speakers(db: sqlite3.Connection, old: str, person: str, name: str) -> int:
    """Make the speaker `old` (a name or id) the person `person`; how many claims that touched."""
    _keep_original(db, "(person = ?1 OR (person IS NULL AND speaker = ?1))", old)
    return db.execute(
        "UPDATE claims SET person = ?2, speaker = ?3, names = ?4"
        " WHERE person = ?1 OR (person IS NULL AND speaker = ?1)",
        (old, person, name, apart(name)),
    ).rowcount


def _keep_original(db: sqlite3.Connection, where: str, value: str) -> None:
    fields = ", ".join(f"'{name}', {name}" for name in _SAID_BY)
    db.execute(
        f"UPDATE claims SET original = json_object({fields}) WHERE original IS NULL AND {where}", (value,)
    )


def hide(db: sqlite3.Connection, claim_id: str, why: str) -> None:
    """Take a claim out of sight, everywhere."""
    db.execute("UPDATE claims SET hidden = ? WHERE id = ?", (why, claim_id))


def set_date(db: sqlite3.Connection, article_id: str, published: str | None) -> bool:
    """Make `published` the date of an article; False where there is no such article."""
    row = db.execute("SELECT key, published FROM articles WHERE id = ?", (article_id,)).fetchone()
    if row is None:
        return False
    original = json.dumps(row["published"])
    db.execute("UPDATE articles SET original = coalesce(original, ?) WHERE key = ?", (original, row["key"]))
    _date(db, row["key"], published)
    return True


def _date(db: sqlite3.Connection, article: int, published: str | None) -> None:
    """Date an article and move its claims to where they belong in the order of time."""
    db.execute("UPDATE articles SET published = ? WHERE key = ?", (published, article))
    added = db.execute("SELECT added FROM articles WHERE key = ?", (article,)).fetchone()["added"]
    for row in db.execute("SELECT key FROM claims WHERE article = ? ORDER BY key", (article,)).fetchall():
        db.execute("UPDATE claims SET key = ? WHERE key = ?", (next_key(db, published, added), row["key"]))


class ClaimCorrections(NamedTuple):
    """What people set right about a claim; None: nothing."""

    hidden: str | None  # why it is hidden
    speaker_before: str | None  # as it was extracted; "" where nobody was named
    date_before: str | None  # as the page gives it; "" where it gives none


def overlaid(db: sqlite3.Connection, claim_id: str) -> ClaimCorrections:
    """Return what people set right about the claim with this id and the date of its article."""
    row = db.execute(
        "SELECT c.hidden, c.original, a.original AS dated FROM claims c JOIN articles a ON a.key = c.article"
        " WHERE c.id = ?",
        (claim_id,),
    ).fetchone()
    speaker = (json.loads(row["original"])["speaker"] or "") if row["original"] else None
    return ClaimCorrections(
        row["hidden"], speaker, (json.loads(row["dated"]) or "") if row["dated"] else None
    )
