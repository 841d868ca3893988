"""Keeping the file well: backups that were verified, restoring, and what a check-up looks at."""

from __future__ import annotations

import itertools
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from openrace.atomic_write import draft_of
from openrace.errors import StoreError
from openrace.store import claim_table
from openrace.store.database import copy_to, open_store, place

LEAN = 0.25  # of the pages may be empty before VACUUM is worth its time and its second copy of the file


class CheckResult(NamedTuple):
    """What one check found."""

    check: str
    well: bool
    note: str


def back_up(db: sqlite3.Connection, target: Path) -> None:
    """Copy the database to `target` while others may write; the copy is verified before it gets its name.

    Raises StoreError where `target` is the database itself.
    """
    _refuse_itself(target, Path(place(db)))
    target.parent.mkdir(parents=True, exist_ok=True)
    with draft_of(target) as draft:
        copy_to(db, draft)


def restore(source: Path, database: Path) -> Path | None:
    """Make `database` what the backup `source` is; the file that now keeps what was there, if anything was.

    Readers see either the old or the new one. Raises StoreError for a `source` that is no sound backup.
    """
    if not source.exists():
        raise StoreError(source, "there is no such backup", "openrace backup says where it puts one")
    _refuse_itself(source, database)
    backup = open_store(source, readonly=True)
    verdict = backup.execute("PRAGMA quick_check").fetchone()[0]
    if verdict != "ok":
        raise StoreError(source, f"is damaged: {verdict}", "take another backup")
    previous = _set_aside(database)
    target = open_store(database, create=True)
    backup.backup(target)
    backup.close()
    target.close()
    open_store(database).close()  # carries an older backup forward
    return previous


def _refuse_itself(backup: Path, database: Path) -> None:
    if backup.exists() and database.exists() and backup.samefile(database):
        raise StoreError(backup, "is the database itself", "name another file for its backup")


def _set_aside(database: Path) -> Path | None:
    """Copy what is there; where it cannot even be opened, move it."""
    if not database.exists():
        return None
    previous = _free(database.with_name(f"{database.name}.before-restore"))
    try:
        db = open_store(database, readonly=True)
        copy_to(db, previous)
        db.close()
    except StoreError:
        for end in ("-wal", "-shm"):
            database.with_name(database.name + end).unlink(missing_ok=True)
        database.replace(previous)
    return previous


def _free(path: Path) -> Path:
    """Return `path`, or where it exists, the first numbered path that does not: nothing is overwritten."""
    numbered = (path.with_name(f"{path.name}-{number}") for number in itertools.count(2))
    return next(free for free in itertools.chain([path], numbered) if not free.exists())


def check_up(db: sqlite3.Connection) -> Iterator[CheckResult]:
    """Look at everything that must hold in a store; one finding a check."""
    yield _finding("integrity", [r[0] for r in db.execute("PRAGMA integrity_check") if r[0] != "ok"])
    yield _finding("references", [f"{r[0]} row {r[1]}" for r in db.execute("PRAGMA foreign_key_check")])
    yield _finding("full-text index", list(_fts_problems(db)))
    yield _finding("words at their places", list(_misplaced(db)))
    yield _finding("families", [f"{r[0]}" for r in db.execute(_ORPHANS)])
    yield _space(db)


_ORPHANS = """SELECT 'claim ' || c.id || ' is in a family that is not there' FROM claims c
    WHERE c.family IS NOT NULL AND NOT EXISTS (SELECT 1 FROM families WHERE id = c.family)
    UNION ALL SELECT 'family ' || f.id || ' has no claims' FROM families f
    WHERE NOT EXISTS (SELECT 1 FROM claims WHERE family = f.id)"""


def _finding(check: str, problems: list[str]) -> CheckResult:
    more = f" and {len(problems) - 3} more" if len(problems) > 3 else ""
    return CheckResult(check, not problems, "; ".join(problems[:3]) + more)


def _fts_problems(db: sqlite3.Connection) -> Iterator[str]:
    try:
        db.execute("INSERT INTO claims_fts (claims_fts, rank) VALUES ('integrity-check', 1)")
    except sqlite3.DatabaseError as error:
        yield f"is out of step with the claims ({error}); mend it with: openrace doctor --mend"


def _misplaced(db: sqlite3.Connection) -> Iterator[str]:
    """Yield claims whose spans no longer hold their words."""
    for claim, article in claim_table.iter_with_articles(db, hidden=True):
        try:
            claim.check_against(article)
        except ValueError as error:
            yield str(error)


def _space(db: sqlite3.Connection) -> CheckResult:
    pages, empty, size = (
        int(db.execute(f"PRAGMA {name}").fetchone()[0])
        for name in ("page_count", "freelist_count", "page_size")
    )
    path = place(db)
    free = shutil.disk_usage(Path(path).parent).free if path != ":memory:" else 0
    note = f"{pages * size / 1e6:.1f} MB, {free / 1e9:.1f} GB free on its disk"
    if empty > pages * LEAN:
        note += f"; {empty / pages:.0%} of it is empty: openrace doctor --mend makes it smaller"
    return CheckResult("space", free > pages * size or path == ":memory:", note)


def mend(db: sqlite3.Connection) -> None:
    """Build the full-text index anew from the claims, forget empty families, and give back empty space."""
    db.execute("INSERT INTO claims_fts (claims_fts) VALUES ('rebuild')")
    db.execute("INSERT INTO claims_fts (claims_fts) VALUES ('optimize')")  # phrases: 5 ms instead of 7
    db.execute("DELETE FROM families WHERE NOT EXISTS (SELECT 1 FROM claims WHERE family = families.id)")
    db.execute(
        "UPDATE claims SET family = NULL WHERE NOT EXISTS (SELECT 1 FROM families WHERE id = claims.family)"
    )
    db.execute("VACUUM")
