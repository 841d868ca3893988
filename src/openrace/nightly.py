"""The whole night on one page.

    crawl ─▶ extract ─▶ correct ─▶ group ─▶ publish
      each station's result is committed before the next one starts

A night that is killed anywhere is run again: every station goes on where it stopped. A station whose input
did not change since it last ran to its end does nothing. Time comes from the caller's clock.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from openrace.lock import only_run
from openrace.seeds import Seeds, load_seeds
from openrace.stations import Warn, Watch
from openrace.store import open_store, state


class Plan(NamedTuple):
    """What a night works on."""

    database: Path
    site: Path
    seeds: Path | None = None  # the user's own files
    full: bool = False  # publish every page anew


class Told(NamedTuple):
    """What a station did: `done` things, `failed` inputs, and both in words."""

    name: str
    done: int
    failed: int
    note: str
    at: str  # the instant it ended


class Night(NamedTuple):
    """What every station is handed."""

    db: sqlite3.Connection
    plan: Plan
    seeds: Seeds
    now: str
    warn: Warn
    watch: Watch


def run_night(
    plan: Plan, *, clock: Callable[[], str], warn: Warn, watch: Watch, crawl: bool = True
) -> Iterator[Told]:
    """Run the night, station by station; yields what each did as soon as it is committed.

    `crawl` False leaves the network alone. Raises LockedError where another run holds the database, and
    whatever OpenraceError ends the night early; all that was yielded before it is kept.
    """
    with only_run(plan.database, now=clock()):
        db = open_store(plan.database, create=True)
        try:
            night = Night(db, plan, load_seeds(plan.seeds), clock(), warn, watch)
            yield from _run_stations(night, clock, crawl)
        finally:
            db.close()


def _run_stations(night: Night, clock: Callable[[], str], crawl: bool) -> Iterator[Told]:
    run = state.begin_run(night.db, night.now)
    told: list[dict[str, Any]] = []
    for name, station in STATIONS.items():
        if name == "crawl" and not crawl:
            continue
        done, failed, note = station(night)
        result = Told(name, done, failed, note, clock())
        told.append({"name": name, "done": done, "failed": failed, "note": note})
        state.note_stations(night.db, run, told)
        yield result
    state.note_stations(night.db, run, told, finished=clock())


Result = tuple[int, int, str]


def _extract(night: Night) -> Result:
    from openrace.stations.reading import read_for_claims

    report = read_for_claims(night.db, night.seeds, warn=night.warn, watch=night.watch)
    return report.read, report.failed, str(report)


def _group(night: Night) -> Result:
    if not _moved_since(night.db, "grouped"):
        return 0, 0, "nothing new"
    from openrace.stations.grouping import group_into_families

    report = group_into_families(night.db)
    state.remember(night.db, "grouped", str(state.revision(night.db)))
    return report.moved, 0, str(report)


def _moved_since(db: sqlite3.Connection, station: str) -> bool:
    return state.recall(db, station) != str(state.revision(db))


def _publish(night: Night) -> Result:
    from openrace.stations.publishing import publish_if_needed

    report = publish_if_needed(night.db, night.seeds, night.plan.site, now=night.now, full=night.plan.full)
    if report is None:
        return 0, 0, "nothing new"
    return (
        report.written,
        0,
        f"{report.pages} pages, {report.written} files written, {report.removed} removed",
    )


STATIONS: dict[str, Callable[[Night], Result]] = {
    "extract": _extract,
    "group": _group,
    "publish": _publish,
}
