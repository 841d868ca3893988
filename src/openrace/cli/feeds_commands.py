"""openrace feeds: the list of what is crawled, and how each feed fares."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openrace.cli.console import (
    RED,
    YELLOW,
    paint,
    printable,
    say,
    wants_colour,
)
from openrace.cli.crawl_command import clock, line
from openrace.cli.typer_app import (
    NIGHT,
    Allow,
    AsJsonLines,
    Contact,
    Database,
    SeedsFolder,
    app,
)
from openrace.errors import ConfigError
from openrace.plurals import many

if TYPE_CHECKING:
    from openrace.crawl_records import Feed
    from openrace.ingest.crawl.crawl_report import Event
    from openrace.pipeline.check_feeds import FeedStanding

COLOURS = {"failing": YELLOW, "lost": RED, "retired": RED}
feeds = typer.Typer(
    no_args_is_help=True, help="The feeds that are crawled: list, add, remove, check, import, export."
)
app.add_typer(feeds, name="feeds", rich_help_panel=NIGHT)


@feeds.command("list")
def list_(
    db: Database,
    seeds: SeedsFolder = None,
    failing: Annotated[bool, typer.Option("--failing", help="Only feeds with problems.")] = False,
    as_json: AsJsonLines = False,
) -> None:
    """List the feeds: their state, the last success, and how many entries became articles."""
    from openrace.pipeline.check_feeds import list_feeds
    from openrace.store import open_store
    from openrace.user_files.seed_files import load_seeds

    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # … | head
    store = open_store(db, readonly=True) if db.exists() else None
    standings = list_feeds(store, load_seeds(seeds).feeds)
    shown = [standing for standing in standings if not failing or standing.word in COLOURS]
    for standing in shown:
        typer.echo(_as_json(standing) if as_json else _row(standing))
    if not shown:
        say(
            f"none of {many(len(standings), 'feed')} is failing"
            if standings
            else "there is no feed on the list"
        )


def _row(standing: FeedStanding) -> str:
    state, counts = standing.state, standing.entries
    word = paint(f"{standing.word:<8}", COLOURS.get(standing.word, ""), on=wants_colour(sys.stdout))
    last = (state.succeeded or "never")[:10] if state else ""
    numbers = f"{counts.get('kept', 0):>4} kept {sum(counts.values()):>6} seen"
    why = f"  {state.retired or state.problem}" if state and (state.retired or state.problem) else ""
    moved = f"  asked at {state.url}" if state and state.url != standing.feed.url else ""
    return f"{word} {last:<10} {numbers}  {printable(standing.feed.url)}{printable(moved + why)}"


def _as_json(standing: FeedStanding) -> str:
    state = standing.state.model_dump(exclude={"feed_url"}) if standing.state else None
    fields = {
        "standing": standing.word,
        **standing.feed.model_dump(),
        "state": state,
        "entries": standing.entries,
    }
    return json.dumps(fields, ensure_ascii=False)


@feeds.command()
def add(
    url: Annotated[
        str,
        typer.Argument(metavar="ADDRESS", help="The address of a feed, or of a page that links to its feed."),
    ],
    seeds: SeedsFolder = None,
    contact: Contact = None,
    allow: Allow = None,
    country: Annotated[str | None, typer.Option(help="Of the outlet: US, CN, …")] = None,
    kind: Annotated[str | None, typer.Option(help="Of the outlet: press, lab, government, …")] = None,
) -> None:
    """Add a feed to your list; from a home page, the feed that it links to."""
    from openrace.pipeline.check_feeds import find_feed
    from openrace.pipeline.crawl_feeds import CrawlOptions
    from openrace.user_files.feed_list import FeedList

    own = FeedList(_own_list(seeds))
    options = CrawlOptions(contact, tuple(allow or ()))
    feed, parsed = find_feed(url, clock=clock, options=options)
    new = own.add([feed.model_copy(update={"country": country, "kind": kind})])
    own.save()
    done = "added" if new else "replaced"
    say(printable(f"{done}: {feed.title}, {feed.url} (entries: {len(parsed.entries)})"))


@feeds.command()
def remove(
    url: Annotated[
        str,
        typer.Argument(metavar="FEED", help="Its address as `feeds list` prints it; '*': all bundled feeds."),
    ],
    seeds: SeedsFolder = None,
) -> None:
    """Remove a feed from your list; a bundled one is no longer crawled. Its articles stay."""
    from openrace.user_files.feed_list import FeedList
    from openrace.user_files.opml import ALL
    from openrace.user_files.seed_files import load_seeds

    own = FeedList(_own_list(seeds))
    bundled = url == ALL or any(feed.url == url for feed in load_seeds().feeds)
    if not own.remove(url, bundled=bundled):
        raise ConfigError(url, "is not in the list of feeds", "see: openrace feeds list")
    own.save()
    say(f"removed: {'all bundled feeds' if url == ALL else url}")


@feeds.command()
def check(
    urls: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FEED]...", help="Addresses as `feeds list` prints them; default: all feeds."
        ),
    ] = None,
    seeds: SeedsFolder = None,
    contact: Contact = None,
    allow: Allow = None,
    as_json: AsJsonLines = False,
) -> None:
    """Fetch feeds now and report how each answers; nothing is stored."""
    from openrace.pipeline.check_feeds import check_feeds
    from openrace.pipeline.crawl_feeds import CrawlOptions
    from openrace.user_files.seed_files import load_seeds

    listed = _chosen(load_seeds(seeds).feeds, urls or [])
    options = CrawlOptions(contact, tuple(allow or ()))

    def show(event: Event) -> None:
        typer.echo(json.dumps(event._asdict(), ensure_ascii=False) if as_json else line(event))

    checks = check_feeds(listed, clock=clock, options=options, watch=show)
    ill = sorted((c for c in checks if c.verdict != "well"), key=lambda c: (c.verdict, c.feed))
    for found in ill:
        say(printable(f"{found.verdict:<8} {found.feed}  {found.detail}"))
    failed = sum(found.failed for found in checks)
    say(f"{len(checks) - len(ill)} of {len(checks)} feeds are well")
    if failed:
        raise typer.Exit(3)


@feeds.command("import")
def import_(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="An OPML file, as feed readers export it.")],
    seeds: SeedsFolder = None,
) -> None:
    """Add all feeds of an OPML file to your list."""
    from openrace.user_files.feed_list import FeedList
    from openrace.user_files.opml import iter_opml

    own = FeedList(_own_list(seeds))
    outlines = iter_opml(path)
    failed = [outline for outline in outlines if isinstance(outline, ConfigError)]
    found = [
        outline.to_feed(outline.feed_url)
        for outline in outlines
        if not isinstance(outline, ConfigError) and outline.feed_url and not outline.dropped
    ]
    for error in failed:
        say(str(error))
    new = own.add(found)
    own.save()
    unread = f", {len(failed)} could not be read" if failed else ""
    say(f"{new} feeds added, {len(found) - new} replaced{unread}")
    if failed:
        raise typer.Exit(3)


@feeds.command()
def export(seeds: SeedsFolder = None) -> None:
    """Write the whole list as OPML to stdout."""
    from openrace.user_files.feed_list import as_opml
    from openrace.user_files.seed_files import load_seeds

    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # … | head
    typer.echo(as_opml(load_seeds(seeds).feeds), nl=False)


def _own_list(seeds: Path | None) -> Path:
    if seeds is None:
        raise ConfigError("your list of feeds", "has no folder yet", "name one: --seeds FOLDER")
    return seeds / "feeds.opml"


def _chosen(listed: tuple[Feed, ...], urls: list[str]) -> list[Feed]:
    by_url = {feed.url: feed for feed in listed}
    unknown = [url for url in urls if url not in by_url]
    if unknown:
        raise ConfigError(unknown[0], "is not in the list of feeds", "add it first: openrace feeds add URL")
    return [by_url[url] for url in urls] if urls else list(listed)
