"""openrace crawl: bring home what is new."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from openrace.cli.console import now, printable, say
from openrace.cli.typer_app import (
    NIGHT,
    Allow,
    Contact,
    Database,
    SeedsFolder,
    app,
)

if TYPE_CHECKING:
    from openrace.ingest.crawl.crawl_report import CrawlReport, Event, Stage


@app.command(rich_help_panel=NIGHT)
def crawl(
    db: Database,
    seeds: SeedsFolder = None,
    contact: Contact = None,
    allow: Allow = None,
    at_once: Annotated[
        int, typer.Option(min=1, max=64, help="How many domains to fetch from at the same time.")
    ] = 8,
    all_feeds: Annotated[bool, typer.Option("--all", help="Also fetch feeds that are not due yet.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write the report as JSON to stdout.")] = False,
) -> None:
    """Fetch the feeds that are due and add their articles on the topic. Safe to interrupt."""
    from openrace.lock import only_run
    from openrace.pipeline.crawl_feeds import CrawlOptions, crawl_feeds
    from openrace.store import open_store
    from openrace.user_files.seed_files import load_seeds

    if contact is None:
        say("tip: with --contact, operators of the sites that you crawl can reach you")
    options = CrawlOptions(contact, tuple(allow or ()), all_feeds, at_once)
    loaded = load_seeds(seeds)
    with only_run(db, now=now()), watcher() as watch:
        crawled = crawl_feeds(open_store(db, create=True), loaded, clock=clock, options=options, watch=watch)
    if as_json:
        typer.echo(json.dumps(as_data(crawled.report), ensure_ascii=False, indent=1))
    else:
        sys.stderr.write(table(crawled.report))
    if crawled.failed:
        raise typer.Exit(3)


def clock() -> datetime:
    """This moment."""
    return datetime.fromisoformat(now())


@contextmanager
def watcher() -> Iterator[Callable[[Event], None]]:
    """Yield what reports the progress of a crawl: a line an event, and on a terminal a running count."""
    if not sys.stderr.isatty():
        yield lambda event: say(line(event)) if is_news(event) else None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
    counts = {"feed": 0, "page": 0, "recheck": 0}
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("asking feeds …")

        def watch(event: Event) -> None:
            counts[event.what] += 1
            if is_news(event):
                progress.console.print(line(event), markup=False, highlight=False, soft_wrap=True)
            done = " · ".join(f"{stage}s {number}" for stage, number in counts.items() if number)
            progress.update(task, description=done)

        yield watch


def is_news(event: Event) -> bool:
    """Whether a person wants a line of it: every feed that has something to say, every page that matters."""
    return event.failed or event.outcome in ("new entries", "found elsewhere", "kept", "changed")


def line(event: Event) -> str:
    """Return the event on one line."""
    if event.failed:
        return printable(f"{_outcome(event)}: {event.detail or event.url}")
    detail = f"{event.new} of them" if event.new else event.detail
    return printable(f"{event.outcome}: {event.url}" + (f" ({detail})" if detail else ""))


def _outcome(event: Event) -> str:
    """Return the outcome without the kind of a failure, which matters to the crawl alone."""
    return event.outcome.partition(" (")[0]


def table(report: CrawlReport) -> str:
    """Stage came, what failed and why."""
    from collections import Counter

    rows = []
    titles: dict[Stage, str] = {"feed": "feeds", "page": "pages", "recheck": "pages seen again"}
    for stage, title in titles.items():
        counts = Counter(_outcome(event) for event in report.events if event.what == stage)
        outcomes = ", ".join(f"{number} {outcome}" for outcome, number in counts.most_common())
        rows += [f"  {title:<17} {outcomes}"] * bool(outcomes)
    rows += [f"  failed: {reason} ({number})" for reason, number in reasons(report)]
    return "\n".join(["the crawl is done:", *(rows or ["  nothing was due"])]) + "\n"


def reasons(report: CrawlReport) -> list[tuple[str, int]]:
    """Return why things failed, in words that name no address, and how often."""
    from collections import Counter
    from urllib.parse import urlsplit

    def reason(event: Event) -> str:
        words = event.detail.partition(": ")[2] or event.detail
        return printable(words.replace(urlsplit(event.url).netloc or "//", "the host"))

    return Counter(map(reason, report.failures)).most_common(12)


def as_data(report: CrawlReport) -> dict[str, object]:
    """Return the report for machines."""
    from typing import get_args

    from openrace.ingest.crawl.crawl_report import Stage

    return {
        "counts": {what: dict(report.count(what)) for what in get_args(Stage)},
        "new_entries": report.new_entries,
        "events": [event._asdict() for event in report.events],
    }
