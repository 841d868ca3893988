"""Families: which claims report one utterance."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from openrace.records import Family
from openrace.store.database import transaction
from openrace.store.state import touch


def save_families(db: sqlite3.Connection, families: Iterable[Family], *, whole: bool = True) -> int:
    """Keep `families` (with `whole`, as all there are), in one transaction; how many claims moved."""
    with transaction(db):
        kept = {row["id"]: row["fullest"] for row in db.execute("SELECT * FROM families")}
        moved, given, changed = 0, set(), False
        for family in families:
            given.add(family.id)
            if kept.get(family.id) != family.fullest:
                changed = True
                db.execute("INSERT OR REPLACE INTO families VALUES (?, ?)", (family.id, family.fullest))
            moved += _assign(db, family)
        if whole:
            db.executemany("DELETE FROM families WHERE id = ?", [(i,) for i in kept.keys() - given])
        drop_empty(db)
        if moved or changed or (whole and given != kept.keys()):
            touch(db)
    return moved


def _assign(db: sqlite3.Connection, family: Family) -> int:
    cursor = db.executemany(
        "UPDATE claims SET family = ?1 WHERE id = ?2 AND family IS NOT ?1",
        [(family.id, claim_id) for claim_id in family.claim_ids],
    )
    return cursor.rowcount


def drop_empty(db: sqlite3.Connection) -> None:
    """Forget families that no claim belongs to any more."""
    db.execute("DELETE FROM families WHERE NOT EXISTS (SELECT 1 FROM claims WHERE family = families.id)")


def iter_families(db: sqlite3.Connection) -> Iterator[Family]:
    """Every family of shown claims, its claims earliest published first (undated last)."""
    rows = db.execute(
        "SELECT f.id, f.fullest, c.id AS claim FROM families f JOIN claims c ON c.family = f.id"
        " JOIN articles a ON a.key = c.article WHERE c.hidden IS NULL"
        " ORDER BY f.id, a.published IS NULL, c.key"
    )
    family: tuple[str, str] | None = None
    members: list[str] = []
    for row in rows:
        if family and family[0] != row["id"]:
            yield _family(*family, members)
            members = []
        family = (row["id"], row["fullest"])
        members.append(row["claim"])
    if family:
        yield _family(*family, members)


def _family(family_id: str, fullest: str, members: list[str]) -> Family:
    """The record; where its fullest claim is hidden, the earliest shown one stands for it."""
    shown = fullest if fullest in members else members[0]
    return Family(id=family_id, claim_ids=tuple(members), fullest=shown)


def of_claims(db: sqlite3.Connection, claim_ids: list[str]) -> list[str]:
    """The ids of the families that these claims are shown in, each once."""
    marks = ", ".join("?" * len(claim_ids))
    rows = db.execute(
        f"SELECT DISTINCT family FROM claims WHERE family IS NOT NULL AND hidden IS NULL AND id IN ({marks})"
        " ORDER BY family",
        claim_ids,
    )
    return [row["family"] for row in rows]
