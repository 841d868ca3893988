"""openrace watch …: saved searches that every night reports by mail, webhook, feed and digest."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from openrace.cli.console import now, printable, say
from openrace.cli.typer_app import NIGHT, BaseUrl, Database, SeedsFolder, Watches, app, taking

if TYPE_CHECKING:
    from openrace.pipeline.run_watches import WatchPlan
    from openrace.user_files.watch_file import SavedSearch

watch = typer.Typer(
    help="Saved searches: each night reports what is new, by mail, webhook, feed and digest.",
    no_args_is_help=True,
)
app.add_typer(watch, name="watch", rich_help_panel=NIGHT)

WatchName = Annotated[str, typer.Argument(metavar="NAME", help="The name of a watch.")]
SHOWN = 10  # matches that `watch test` prints


class WatchOptions(NamedTuple):
    """The options of every command about watches."""

    db: Database
    watches: Watches = None
    seeds: SeedsFolder = None
    base_url: BaseUrl = None

    @property
    def file(self) -> Path:
        """Where the watches are."""
        from openrace.user_files.watch_file import watches_path

        return watches_path(self.db, self.watches)

    def plan(self) -> WatchPlan:
        """Return how watches are run."""
        from openrace.pipeline.run_watches import WatchPlan
        from openrace.user_files.seed_files import load_seeds

        return WatchPlan(self.file, None, load_seeds(self.seeds), now(), self.base_url, os.environ)

    def find(self, name: str) -> SavedSearch:
        """Return the watch with this name. Raises ConfigError where there is none."""
        from openrace.errors import ConfigError
        from openrace.user_files.watch_file import load_watches

        for found in load_watches(self.file):
            if found.name == name:
                return found
        raise ConfigError(self.file, f"has no watch {name!r}", "openrace watch list names them")


@watch.command()
@taking(WatchOptions)
def add(
    watching: WatchOptions,
    name: WatchName,
    query: Annotated[
        list[str], typer.Argument(metavar="QUERY...", help="As `openrace search` takes it: words, speaker:…")
    ],
    of: Annotated[
        list[str] | None,
        typer.Option("--of", metavar="KIND", help="statement, family, alert, change; may be repeated."),
    ] = None,
    mail: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Send matches to this address.")] = None,
    webhook: Annotated[
        str | None, typer.Option(metavar="env:NAME", help="Where its secret address is: env:NAME, file:PATH.")
    ] = None,
    template: Annotated[str, typer.Option(help="json, slack, mattermost or mastodon.")] = "json",
    token: Annotated[
        str | None, typer.Option(metavar="env:NAME", help="Where the webhook's token is.")
    ] = None,
    feed: Annotated[bool, typer.Option("--feed", help="Publish a feed on the site.")] = False,
    everything: Annotated[
        bool, typer.Option("--everything", help="Also report what is already in the database.")
    ] = False,
) -> None:
    """Add a watch; the next night reports what is new for it."""
    from openrace.pipeline.run_watches import query_of
    from openrace.user_files.watch_file import SavedSearch, add_watch

    words = [f'"{word}"' if len(query) > 1 and " " in word and '"' not in word else word for word in query]
    plan, joined = watching.plan(), " ".join(words)
    since = None if everything else plan.now
    query_of(SavedSearch(where="QUERY", name="new", query=joined), plan.seeds, plan.now)
    fields: dict[str, Any] = {
        "name": name,
        "query": joined,
        "of": of,
        "since": since,
        "mail": mail,
        "webhook": webhook,
    }
    fields |= {"template": template if webhook else None, "token": token, "feed": feed}
    add_watch(watching.file, fields)
    say(f"{watching.file}: watch {name} added; openrace watch test {name} shows what it finds")


@watch.command("list")
@taking(WatchOptions)
def list_(watching: WatchOptions) -> None:
    """List every watch: its query, receivers, matches, and what is still to be delivered."""
    from openrace.store import open_store, watch_tables
    from openrace.user_files.watch_file import load_watches

    watches = load_watches(watching.file)
    if not watches:
        say("no watches yet: openrace watch add NAME QUERY")
        return
    db = open_store(watching.db)
    waiting = watch_tables.waiting(db)
    for found in watches:
        channels = [name for name in ("mail", "webhook", "feed") if getattr(found, name)] or ["digest"]
        mine = [delivery for delivery in waiting if delivery.watch == found.name]
        counts = f"{watch_tables.count_matches(db, found.name)} found, {len(mine)} to be delivered"
        typer.echo(f"{found.name:18} {printable(found.query)}  ({', '.join(channels)}; {counts})")
        for problem in sorted({delivery.problem for delivery in mine if delivery.problem}):
            typer.echo(f"{'':18} {printable(problem)}")


@watch.command()
@taking(WatchOptions)
def remove(watching: WatchOptions, name: WatchName) -> None:
    """Remove a watch, and what was stored for it."""
    from openrace.lock import only_run
    from openrace.store import open_store, watch_tables
    from openrace.user_files.watch_file import remove_watch

    watching.find(name)
    remove_watch(watching.file, name)
    if watching.db.exists():
        with only_run(watching.db, now=now()):
            watch_tables.forget_watch(open_store(watching.db), name)
    say(f"watch {name} removed; a feed of it in the site's folder is yours to delete")


@watch.command("test")
@taking(WatchOptions)
def try_out(
    watching: WatchOptions,
    name: WatchName,
    send: Annotated[
        bool, typer.Option("--send", help="Send these to its receivers too, marked as a test.")
    ] = False,
) -> None:
    """Print what a watch matches in the whole database, without sending or recording it."""
    from openrace.pipeline.run_watches import match_of, query_of, sender_of
    from openrace.store import open_store, watch_tables
    from openrace.watching.messages import Message, as_text

    found, plan = watching.find(name), watching.plan()
    db = open_store(watching.db, readonly=True)
    claims = watch_tables.find_claims(db, query_of(found, plan.seeds, plan.now))
    matches = [match_of(db, "statement", claim) for claim in claims[-SHOWN:]]
    for match in matches:
        typer.echo(printable_lines(as_text(match, plan.base_url)) + "\n")
    say(f"{len(claims):,} statements match")
    for channel in ("mail", "webhook"):
        if send and getattr(found, channel):
            message = Message(f"test of {name}", f"test-{plan.now}", plan.now, matches, plan.base_url)
            sender_of(found, channel, plan)(message)
            say(f"{channel}: sent")


def printable_lines(text: str) -> str:
    """Return `text` whose lines steer no terminal."""
    return "\n".join(map(printable, text.split("\n")))
