"""The whole night on one page.

    crawl ─▶ extract ─▶ correct ─▶ group ─▶ ideas ─▶ publish ─▶ watch
      the result of each step is committed before the next one starts

A night that is killed anywhere is run again: every step goes on where it stopped. A step whose input did not
change since it last ran to its end does nothing. Time comes from the caller's clock.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from openrace.ingest.fetch.public_addresses import Network
from openrace.lock import only_run
from openrace.memory import give_back
from openrace.pipeline import Warn, Watch
from openrace.records import stable_id
from openrace.store import night_state, open_store
from openrace.user_files.corrections_file import Correction, corrections_of
from openrace.user_files.seed_files import Seeds, load_seeds

if TYPE_CHECKING:
    from openrace.site.interface_language import LanguageCode


class NightPlan(NamedTuple):
    """What a night works on."""

    database: Path
    site: Path
    seeds: Path | None = None  # the user's own files
    corrections: Path | None = None  # what a person set right; None: corrections.toml beside the database
    marks: Path | None = None  # what a person marked for ideas; None: ideas-marks.toml beside the database
    full: bool = False  # publish every page anew
    base_url: str | None = None  # where the site is served
    contact: str | None = None  # where its readers report an error, and those whose sites are crawled
    allow: tuple[Network, ...] = ()  # networks that are crawled although they are not public
    look: Path | None = None  # the user's own templates/ and static/
    language: LanguageCode = "en"  # of the site
    jobs: int = 1  # processes that extract
    watches: Path | None = None  # saved searches; None: watches.toml beside the database
    environment: Mapping[str, str] = {}  # where the secrets of watches are


class StepReport(NamedTuple):
    """What a step did: how many things it did, how many inputs failed, and both in words."""

    name: str
    done: int
    failed: int
    note: str
    at: str  # the instant it ended


class Night(NamedTuple):
    """What every step is handed."""

    db: sqlite3.Connection
    plan: NightPlan
    seeds: Seeds
    corrections: tuple[Correction, ...]
    clock: Callable[[], str]
    now: str  # when it began
    warn: Warn
    watch: Watch


def run_night(
    plan: NightPlan, *, clock: Callable[[], str], warn: Warn, watch: Watch, crawl: bool = True
) -> Iterator[StepReport]:
    """Run the night, step by step; yield what each did as soon as it is committed.

    `crawl` False leaves the network alone. Raises LockedError where another run holds the database, and
    whatever OpenraceError ends the night early; all that was yielded before it is kept.
    """
    with only_run(plan.database, now=clock()):
        db = open_store(plan.database, create=True)
        try:
            night = Night(db, plan, load_seeds(plan.seeds), (), clock, clock(), warn, watch)
            yield from _run_steps(night, clock, crawl)
        finally:
            db.close()


def _run_steps(night: Night, clock: Callable[[], str], crawl: bool) -> Iterator[StepReport]:
    run = night_state.begin_run(night.db, night.now)
    reports: list[dict[str, Any]] = []
    for name, step in STEPS.items():
        if name == "crawl" and not crawl:
            continue
        if name == "correct":  # a broken file stops here: nothing is published without what people set right
            right = corrections_of(night.plan.database, night.plan.corrections)
            night = night._replace(corrections=right)
        done, failed, note = step(night)
        result = StepReport(name, done, failed, note, clock())
        reports.append({"name": name, "done": done, "failed": failed, "note": note})
        night_state.note_steps(night.db, run, reports)
        yield result
        give_back()
    night_state.note_steps(night.db, run, reports, finished=clock())


StepOutcome = tuple[int, int, str]


def _crawl(night: Night) -> StepOutcome:
    from openrace.pipeline.crawl_feeds import CrawlOptions, crawl_feeds

    options = CrawlOptions(contact=night.plan.contact, allowed=night.plan.allow)
    report = crawl_feeds(
        night.db, night.seeds, clock=lambda: datetime.fromisoformat(night.clock()), options=options
    )
    for event in report.report.failures:
        night.warn(event.detail)
    return report.kept, report.failed, report.note


def _extract(night: Night) -> StepOutcome:
    from openrace.pipeline.extract_claims import read_for_claims

    report = read_for_claims(night.db, night.seeds, warn=night.warn, watch=night.watch, jobs=night.plan.jobs)
    return report.read, report.failed, str(report)


def _correct(night: Night) -> StepOutcome:
    from openrace.pipeline.apply_corrections import apply_corrections

    if _done(night, "corrected"):
        return 0, 0, "nothing new"
    report = apply_corrections(night.db, night.corrections, night.seeds, warn=night.warn)
    _note_done(night, "corrected")
    return report.in_force, report.failed, str(report)


def _group(night: Night) -> StepOutcome:
    from openrace.pipeline.group_claims import group_into_families

    if _done(night, "grouped"):
        return 0, 0, "nothing new"
    report = group_into_families(night.db, night.corrections, now=night.now)
    if not report.failed:
        _note_done(night, "grouped")
    return report.moved, _tell_failed(night, report.failed), str(report)


def _ideas(night: Night) -> StepOutcome:
    from openrace.pipeline.suggest_ideas import suggest_ideas
    from openrace.user_files.idea_files import load_ideas, load_marks, marks_path

    ideas = load_ideas(night.plan.seeds)
    marks = load_marks(marks_path(night.plan.database, night.plan.marks), ideas)
    if not marks and _done(night, "ideas"):
        return 0, 0, "nothing new"
    report = suggest_ideas(night.db, ideas, marks, warn=night.warn)
    _note_done(night, "ideas")
    return report.scored, report.failed, str(report)


def _publish(night: Night) -> StepOutcome:
    from openrace.pipeline.publish_site import Order, publish_if_needed
    from openrace.user_files.idea_files import load_ideas

    plan = night.plan
    where = (plan.full, plan.base_url, plan.contact, plan.look, load_ideas(plan.seeds), plan.language)
    order = Order(plan.site, night.now, night.seeds, night.corrections, *where)
    report = publish_if_needed(night.db, order)
    if report is None:
        return 0, 0, "nothing new"
    for note in report.notes:
        night.warn(note)
    note = f"{report.pages} pages, {report.written} files written, {report.removed} removed"
    return report.written, _tell_failed(night, report.failed), note


def _watch(night: Night) -> StepOutcome:
    from openrace.user_files.watch_file import watches_path

    plan = night.plan
    file = watches_path(plan.database, plan.watches)
    if not file.exists():
        return 0, 0, "no watches"
    from openrace.pipeline.run_watches import WatchPlan, run_watches

    how = WatchPlan(file, plan.site, night.seeds, night.now, plan.base_url, plan.environment)
    report = run_watches(night.db, how, warn=night.warn)
    return report.found, report.failed, str(report)


def _tell_failed(night: Night, failed: Sequence[str]) -> int:
    """Warn of every family that failed; how many these are."""
    for message in failed:
        night.warn(message)
    return len(failed)


def _done(night: Night, step: str) -> bool:
    """Whether the step ran to its end since anything last changed."""
    return night_state.get_value(night.db, step) == _seen(night)


def _note_done(night: Night, step: str) -> None:
    night_state.set_value(night.db, step, _seen(night))


def _seen(night: Night) -> str:
    return stable_id(str(night_state.revision(night.db)), *(c.model_dump_json() for c in night.corrections))


STEPS: dict[str, Callable[[Night], StepOutcome]] = {
    "crawl": _crawl,
    "extract": _extract,
    "correct": _correct,
    "group": _group,
    "ideas": _ideas,
    "publish": _publish,
    "watch": _watch,
}
