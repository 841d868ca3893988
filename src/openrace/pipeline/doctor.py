"""The check-up of ``openrace doctor``: the store, the files around it, the lock and the clock."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from openrace.errors import LockedError, OpenraceError
from openrace.lock import only_run
from openrace.store import crawl_history, open_store
from openrace.store.counts import count_all
from openrace.store.maintenance import CheckResult, check_up
from openrace.user_files.corrections_file import corrections_of
from openrace.user_files.seed_files import load_seeds


def look_at(
    database: Path, seeds: Path | None, corrections: Path | None, *, now: str
) -> Iterator[CheckResult]:
    """Yield all that can be wrong, one finding a check.

    Raises StoreError where the store cannot be opened.
    """
    db = open_store(database)
    yield from check_up(db)
    yield _try("seeds", lambda: load_seeds(seeds))
    yield _try("corrections", lambda: corrections_of(database, corrections))
    yield _lock(database, now)
    yield _clock(db, now)
    yield from _bugs(db)
    db.close()


def _bugs(db: sqlite3.Connection) -> Iterator[CheckResult]:
    """One finding for each input that an error in openrace kept out."""
    for bug in crawl_history.iter_bugs(db):
        when = f"openrace {bug.version}; the next version tries again"
        yield CheckResult("bug", False, f"{bug.kind} {bug.resource}: {bug.error} ({when})")


def _try(check: str, load: Callable[[], object]) -> CheckResult:
    try:
        load()
    except OpenraceError as error:
        return CheckResult(check, False, str(error))
    return CheckResult(check, True, "")


def _lock(database: Path, now: str) -> CheckResult:
    try:
        with only_run(database, now=now):
            return CheckResult("lock", True, "free")
    except LockedError as error:
        return CheckResult(
            "lock", True, error.problem
        )  # a run is no illness; the kernel frees a dead one's lock


def _clock(db: sqlite3.Connection, now: str) -> CheckResult:
    latest = str(count_all(db)["last_added"] or "")
    if latest > now:
        return CheckResult(
            "clock", False, f"it is {now}, but an article came in at {latest}: was the clock set back?"
        )
    return CheckResult("clock", True, now)
