"""Families: which claims report one utterance."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from openrace.records import Family
from openrace.store.database import transaction
from openrace.store.night_state import touch


def save_families(db: sqlite3.Connection, families: Iterable[Family], *, whole: bool = True) -> int:
    """Keep `families` (with `whole`, as all there are), in one transaction; how many claims moved.

    A family that loses its last claim is forgotten.
    """
    with transaction(db):
        moved, given, left, changed = 0, set(), set(), False
        for family in families:
            given.add(family.id)
            changed |= _write(db, family)
            before = _assign(db, family)
            moved += len(before)
            left |= set(before)
        every = every_id(db) if whole else ()
        gone = _drop_empty(db, (left | set(every)) - given)
        if moved or changed or gone:
            touch(db)
    return moved


def _write(db: sqlite3.Connection, family: Family) -> bool:
    """Whether the row had to be written."""
    kept = db.execute("SELECT representative FROM families WHERE id = ?", (family.id,)).fetchone()
    if kept and kept["representative"] == family.representative:
        return False
    db.execute(
        "INSERT OR REPLACE INTO families (id, representative) VALUES (?, ?)",
        (family.id, family.representative),
    )
    return True


def _assign(db: sqlite3.Connection, family: Family) -> list[str | None]:
    """Put the claims of `family` into it; where each that moved was before."""
    before: list[str | None] = []
    for claim_id in family.claim_ids:
        row = db.execute("SELECT family FROM claims WHERE id = ?", (claim_id,)).fetchone()
        if row and row["family"] != family.id:
            before.append(row["family"])
            db.execute("UPDATE claims SET family = ? WHERE id = ?", (family.id, claim_id))
    return before


def _drop_empty(db: sqlite3.Connection, families: Iterable[str | None]) -> int:
    """Forget those of `families` that no claim belongs to any more; how many."""
    query = "DELETE FROM families WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM claims WHERE family = ?1)"
    return db.executemany(query, [(family,) for family in families if family]).rowcount


def every_id(db: sqlite3.Connection) -> list[str]:
    """The ids of all families."""
    return [row["id"] for row in db.execute("SELECT id FROM families")]


def iter_families(db: sqlite3.Connection) -> Iterator[Family]:
    """Every family of shown claims, its claims earliest published first (undated last)."""
    rows = db.execute(
        "SELECT f.id, f.representative, c.id AS claim FROM families f JOIN claims c ON c.family = f.id"
        " JOIN articles a ON a.key = c.article WHERE c.hidden IS NULL"
        " ORDER BY f.id, a.published IS NULL, c.key"
    )
    family: tuple[str, str] | None = None
    members: list[str] = []
    for row in rows:
        if family and family[0] != row["id"]:
            yield family_of(*family, members)
            members = []
        family = (row["id"], row["representative"])
        members.append(row["claim"])
    if family:
        yield family_of(*family, members)


def family_of(family_id: str, representative: str, members: list[str]) -> Family:
    """The record; where its representative is hidden, the earliest shown one stands for it."""
    shown = representative if representative in members else members[0]
    return Family(id=family_id, claim_ids=tuple(members), representative=shown)


def of_claims(db: sqlite3.Connection, claim_ids: list[str]) -> list[str]:
    """The ids of the families that these claims are shown in, each once."""
    marks = ", ".join("?" * len(claim_ids))
    rows = db.execute(
        f"SELECT DISTINCT family FROM claims WHERE family IS NOT NULL AND hidden IS NULL AND id IN ({marks})"
        " ORDER BY family",
        claim_ids,
    )
    return [row["family"] for row in rows]


def get_family(db: sqlite3.Connection, family_id: str) -> Family | None:
    """The family with this id, or the one it was merged into; None where there is none."""
    kept = db.execute("SELECT kept FROM merges WHERE gone = ?", (family_id,)).fetchone()
    row = db.execute("SELECT * FROM families WHERE id = ?", (kept["kept"] if kept else family_id,)).fetchone()
    if row is None:
        return None
    members = db.execute(
        "SELECT c.id FROM claims c JOIN articles a ON a.key = c.article"
        " WHERE c.family = ? AND c.hidden IS NULL ORDER BY a.published IS NULL, c.key",
        (row["id"],),
    )
    shown = [member["id"] for member in members]
    return family_of(row["id"], row["representative"], shown) if shown else None


def reported_again(db: sqlite3.Connection) -> list[str]:
    """The ids of the families of which more than one claim is shown."""
    rows = db.execute(
        "SELECT family FROM claims WHERE family IS NOT NULL AND hidden IS NULL"
        " GROUP BY family HAVING count(*) > 1 ORDER BY family"
    )
    return [row["family"] for row in rows]


def list_families(
    db: sqlite3.Connection, *, since: str | None = None, days: int | None = None, limit: int = 20
) -> list[sqlite3.Row]:
    """Families by how often they were reported; with `days`, those of the last so many, by those reports.

    `since` leaves out what first appeared before that day. Columns: id, representative (a claim's id;
    fullest is its older name), claims, outlets, first, last, recent, variants, speaker, kind and text (those
    of the representative).
    """
    latest = db.execute("SELECT max(published) FROM articles").fetchone()[0] or ""
    start = f"date('{latest[:10]}', '-{days or 0} days')"
    return db.execute(
        "SELECT f.id, f.representative, f.representative AS fullest,"
        " count(*) AS claims, count(DISTINCT c.outlet) AS outlets,"
        f" min(a.published) AS first, max(a.published) AS last, sum(a.published >= {start}) AS recent,"
        " count(DISTINCT q.wording) AS variants, max(top.speaker) AS speaker, max(top.kind) AS kind,"
        " max(top.text) AS text"
        " FROM families f JOIN claims top ON top.id = f.representative JOIN claims c ON c.family = f.id"
        " JOIN articles a ON a.key = c.article LEFT JOIN quotes q ON q.claim = c.id"
        " WHERE c.hidden IS NULL AND top.kind <> 'indirect' GROUP BY f.id"
        f" HAVING (?1 IS NULL OR min(a.published) >= ?1) {'AND recent > 0' if days else ''}"
        f" ORDER BY {'recent DESC, ' if days else ''} claims DESC, last DESC, f.id LIMIT ?2",
        (since, limit),
    ).fetchall()
