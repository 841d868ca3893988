"""openrace why: which terms made an article one on the topic, or not."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openrace.cli.console import printable
from openrace.cli.typer_app import NIGHT, Database, SeedsFolder, app
from openrace.errors import ConfigError, OpenraceError

if TYPE_CHECKING:
    from openrace.crawl_records import EntryOutcome
    from openrace.records import Article
    from openrace.seed_records import Relevance


@app.command(rich_help_panel=NIGHT)
def why(
    what: Annotated[
        str, typer.Argument(metavar="ARTICLE", help="Its address or id, or a file with an article.")
    ],
    db: Database,
    seeds: SeedsFolder = None,
    as_json: Annotated[bool, typer.Option("--json", help="The judgement as one JSON object.")] = False,
) -> None:
    """Explain term by term why an article is on or off the topic, and what the crawl did with its address."""
    from openrace.extract.relevance import judge_relevance
    from openrace.store import open_store
    from openrace.user_files.seed_files import load_seeds

    store = open_store(db, readonly=True) if db.exists() else None
    article, statuses = _look_up(what, store)
    topics = load_seeds(seeds).topics
    judged = judge_relevance(article, topics) if article else None
    if as_json:
        if judged is None:
            raise ConfigError(
                what, "is not in the database, so it cannot be judged again", "leave out --json"
            )
        typer.echo(judged.model_dump_json())
        return
    note = "" if statuses or Path(what).is_file() else "imported: read for claims whatever its topic"
    for line in [*(_explained(judged) if judged else ()), *map(_status, statuses), *filter(None, [note])]:
        typer.echo(printable(line))


def _look_up(what: str, db: sqlite3.Connection | None) -> tuple[Article | None, list[EntryOutcome]]:
    """Return the article in a file or the store, and the statuses of the address.

    Raises ConfigError for neither.
    """
    from openrace.ingest.parse.article_files import read_articles
    from openrace.ingest.urls import canonical_url
    from openrace.records import Article
    from openrace.store import article_table, crawl_history

    if Path(what).is_file():
        for found in read_articles([what]):
            if isinstance(found, OpenraceError):
                raise found
            if isinstance(found, Article):
                return found, []
        raise ConfigError(what, "holds no article")
    if db and (article := article_table.get_article(db, what)):
        return article, []
    url = canonical_url(what)
    if db and url:
        article_id = crawl_history.article_at(db, url)
        article = article_table.get_article(db, article_id or "") or article_table.article_with_url(db, url)
        statuses = crawl_history.outcomes_at(db, url)
        if article or statuses:
            return article, statuses
    remedy = "give the address or id of an article, the address of a feed's entry, or a file"
    raise ConfigError(what, "is not in the database", remedy)


def _explained(relevance: Relevance) -> Iterator[str]:
    verdict = "on" if relevance.relevant else "off"
    yield f"{verdict} the topic {relevance.topic}: {relevance.score:g} of {relevance.threshold:g}"
    for match in relevance.matches:
        yield f"  {match.weight:>5g}  {match.term}  ({match.facet}, ×{len(match.places)})"
    for facet in relevance.missing:
        yield f"         too little of: {facet}"


def _status(entry: EntryOutcome) -> str:
    status = entry.status or "pending"
    return f"entry of {entry.feed}, seen {entry.seen[:10]}: {status}" + (
        f" ({entry.reason})" if entry.reason else ""
    )
