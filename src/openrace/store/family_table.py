"""Families: which claims report one utterance."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from openrace.records import Family
from openrace.store.database import transaction
from openrace.store.night_state import bump_revision
from openrace.store.row_lists import LISTED, listed

_DECIDED = "representative, speaker, person, disputed"  # what is decided of a family
_SAME_UTTERANCE = "(SELECT json_group_array(b) FROM same_utterance WHERE a = f.id) AS same_utterance"


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
            bump_revision(db)
    return moved


def _write(db: sqlite3.Connection, family: Family) -> bool:
    """Write the row of a family; return whether it had to be written."""
    disputed = json.dumps(family.disputed, ensure_ascii=False)
    new = (family.representative, family.speaker, family.person_id, disputed)
    stored = db.execute(f"SELECT {_DECIDED} FROM families WHERE id = ?", (family.id,)).fetchone()
    if stored and tuple(stored) == new:
        return False
    db.execute(f"INSERT OR REPLACE INTO families (id, {_DECIDED}) VALUES (?, ?, ?, ?, ?)", (family.id, *new))
    return True


def set_representative(db: sqlite3.Connection, family_id: str, claim_id: str) -> bool:
    """Let the wording of this claim stand for a family; return whether another one did before."""
    query = "UPDATE families SET representative = ? WHERE id = ? AND representative <> ?"
    return db.execute(query, (claim_id, family_id, claim_id)).rowcount > 0


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
    """Return the ids of all families, those of one article together: its text is then read once."""
    query = "SELECT family FROM claims WHERE family IS NOT NULL GROUP BY family ORDER BY min(article), family"
    return [row["family"] for row in db.execute(query)]


def family_of(row: sqlite3.Row, members: list[str]) -> Family:
    """Return the record of a row; where its representative is hidden, the earliest claim stands for it."""
    shown = row["representative"] if row["representative"] in members else members[0]
    return Family(
        id=row["id"],
        claim_ids=tuple(members),
        representative=shown,
        speaker=row["speaker"],
        person_id=row["person"],
        disputed=tuple(json.loads(row["disputed"])),
        same_utterance=tuple(sorted(json.loads(row["same_utterance"]))),
    )


def family_rows(db: sqlite3.Connection, family_ids: Iterable[str]) -> dict[str, sqlite3.Row]:
    """Return what `family_of` reads of these families, by id."""
    rows = db.execute(
        f"SELECT f.*, {_SAME_UTTERANCE} FROM families f WHERE id IN {LISTED}",
        listed(family_ids),
    )
    return {row["id"]: row for row in rows}


def families_of(db: sqlite3.Connection, claims: Iterable[str], *, hidden: bool = True) -> set[str]:
    """Return the families of these claims, without those of `hidden` ones where that is False."""
    shown = "" if hidden else " AND hidden IS NULL"
    query = f"SELECT DISTINCT family FROM claims WHERE id IN {LISTED} AND family IS NOT NULL{shown}"
    return {row["family"] for row in db.execute(query, listed(claims))}


def get_family(db: sqlite3.Connection, family_id: str) -> Family | None:
    """Return the family with this id, or the one it was merged into; None where there is none."""
    stored = db.execute("SELECT kept FROM merges WHERE gone = ?", (family_id,)).fetchone()
    row = next(iter(family_rows(db, [stored["kept"] if stored else family_id]).values()), None)
    if row is None:
        return None
    members = db.execute(
        "SELECT c.id FROM claims c JOIN articles a ON a.key = c.article"
        " WHERE c.family = ? AND c.hidden IS NULL ORDER BY a.published IS NULL, c.key",
        (row["id"],),
    )
    shown = [member["id"] for member in members]
    return family_of(row, shown) if shown else None


def reported_again(db: sqlite3.Connection) -> list[str]:
    """Return the ids of the families of which more than one claim is shown."""
    rows = db.execute(
        "SELECT family FROM claims WHERE family IS NOT NULL AND hidden IS NULL"
        " GROUP BY family HAVING count(*) > 1 ORDER BY family"
    )
    return [row["family"] for row in rows]


def list_families(
    db: sqlite3.Connection, *, since: str | None = None, days: int | None = None, limit: int = 20
) -> list[sqlite3.Row]:
    """Return families by how often they were reported.

    With `days`, those of the last so many, by those reports.

    `since` leaves out what first appeared before that day. Columns: id, representative (a claim's id;
    fullest is its older name), claims, outlets, first, last, recent, variants, speaker and person (of the
    family; disputed names, as JSON, where it has none), kind and text (those of the representative),
    same_utterance (JSON: the families that report it in another language).
    """
    latest = db.execute("SELECT max(published) FROM articles").fetchone()[0] or ""
    start = f"date('{latest[:10]}', '-{days or 0} days')"
    return db.execute(
        "SELECT f.id, f.representative, f.representative AS fullest,"
        " count(*) AS claims, count(DISTINCT c.outlet) AS outlets,"
        f" min(a.published) AS first, max(a.published) AS last, sum(a.published >= {start}) AS recent,"
        " count(DISTINCT q.wording) AS variants, f.speaker, f.person, f.disputed, max(top.kind) AS kind,"
        f" max(top.text) AS text, {_SAME_UTTERANCE}"
        " FROM families f JOIN claims top ON top.id = f.representative JOIN claims c ON c.family = f.id"
        " JOIN articles a ON a.key = c.article LEFT JOIN quotes q ON q.claim = c.id"
        " WHERE c.hidden IS NULL AND top.kind <> 'indirect' GROUP BY f.id"
        f" HAVING (?1 IS NULL OR min(a.published) >= ?1) {'AND recent > 0' if days else ''}"
        f" ORDER BY {'recent DESC, ' if days else ''} claims DESC, last DESC, f.id LIMIT ?2",
        (since, limit),
    ).fetchall()
