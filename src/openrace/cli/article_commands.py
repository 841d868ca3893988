"""openrace import, extract, reread, group: from files to families in the store."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from itertools import chain
from typing import TYPE_CHECKING, Annotated

import typer

from openrace.cli.console import counted, exit_if_failed, now, say
from openrace.cli.typer_app import (
    CORPUS,
    Allow,
    At,
    Contact,
    Corrections,
    Database,
    Jobs,
    SeedsFolder,
    app,
    clock_at,
)
from openrace.errors import ConfigError

if TYPE_CHECKING:
    from openrace.errors import InputError
    from openrace.records import Article


@app.command("import", rich_help_panel=CORPUS)
def import_(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH...",
            help="Files, folders or web addresses (.txt .md .html .jsonl .csv .tsv .ris .json .eml .mbox"
            " .vtt .srt, all of them also as .gz); - is stdin.",
        ),
    ],
    db: Database,
    seeds: SeedsFolder = None,
    at: At = None,
    column: Annotated[
        list[str] | None,
        typer.Option(metavar="FIELD=COLUMN", help="Which column or key holds a field: text=body."),
    ] = None,
    contact: Contact = None,
    allow: Allow = None,
) -> None:
    """Add articles. Importing them twice changes nothing."""
    from openrace.ingest.parse.article_files import read_articles
    from openrace.pipeline.add_articles import add_articles
    from openrace.store import open_store
    from openrace.user_files.seed_files import load_seeds

    store = open_store(db, create=True)
    files = [path for path in paths if not _is_address(path)]
    addresses = [path for path in paths if _is_address(path)]
    read = chain(
        read_articles(files, sys.stdin.buffer, field_columns(column or [], "--column")),
        _fetched(addresses, contact, allow) if addresses else (),
    )
    results = counted(read, "articles")
    report = add_articles(store, results, load_seeds(seeds), now=clock_at(at)(), warn=say)
    say(str(report))
    if report.failed:
        raise typer.Exit(3)


def _is_address(path: str) -> bool:
    return path.startswith(("http://", "https://"))


def field_columns(pairs: list[str], option: str) -> dict[str, str]:
    """Return our field → their column, from pairs such as ``text=body``. Raises ConfigError for others."""
    from openrace.ingest.parse.import_fields import FIELDS

    columns = dict(pair.partition("=")[::2] for pair in pairs)
    for field, column in columns.items():
        if field not in FIELDS or not column:
            known = ", ".join(sorted(FIELDS))
            raise ConfigError(
                f"{option} {field}", "is no field of an article", f"FIELD=COLUMN, fields: {known}"
            )
    return columns


def _fetched(addresses: list[str], contact: str | None, allow: Allow) -> Iterable[Article | InputError]:
    """Return the articles at these addresses."""
    from openrace.cli.crawl_command import clock
    from openrace.pipeline.crawl_feeds import CrawlOptions
    from openrace.pipeline.fetch_articles import fetch_articles

    return fetch_articles(addresses, clock=clock, options=CrawlOptions(contact, tuple(allow or ())))


@app.command(rich_help_panel=CORPUS)
def extract(
    db: Database,
    seeds: SeedsFolder = None,
    corrections: Corrections = None,
    stale: Annotated[
        bool, typer.Option("--stale", help="Also articles that an older extractor read; print what changed.")
    ] = False,
    jobs: Jobs = 1,
) -> None:
    """Extract claims (who said what) from the articles that are new."""
    from openrace.pipeline.apply_corrections import apply_corrections
    from openrace.pipeline.extract_claims import read_for_claims
    from openrace.store import open_store
    from openrace.user_files.corrections_file import corrections_of
    from openrace.user_files.seed_files import load_seeds

    store, known = open_store(db), load_seeds(seeds)
    right = corrections_of(db, corrections)
    tell = typer.echo if stale else None
    report = read_for_claims(store, known, jobs=jobs, stale=stale, watch=counted, warn=say, tell=tell)
    say(str(report))
    corrected = apply_corrections(store, right, known, warn=say)
    if report.failed or corrected.failed:
        raise typer.Exit(3)


@app.command(rich_help_panel=CORPUS)
def reread(db: Database, seeds: SeedsFolder = None, corrections: Corrections = None, jobs: Jobs = 1) -> None:
    """Parse the stored pages again after an update, without fetching; print which claims changed."""
    from openrace.lock import only_run
    from openrace.pipeline.apply_corrections import apply_corrections
    from openrace.pipeline.reparse_pages import read_pages_again
    from openrace.store import open_store
    from openrace.user_files.corrections_file import corrections_of
    from openrace.user_files.seed_files import load_seeds

    with only_run(db, now=now()):
        store, known = open_store(db), load_seeds(seeds)
        right = corrections_of(db, corrections)
        report = read_pages_again(store, known, warn=say, watch=counted, tell=typer.echo, jobs=jobs)
        say(str(report))
        corrected = apply_corrections(store, right, known, warn=say)
    if report.failed or corrected.failed:
        raise typer.Exit(3)


@app.command(rich_help_panel=CORPUS)
def group(
    db: Database,
    corrections: Corrections = None,
    explain: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="CLAIM CLAIM", help="Only explain why these two belong together, or not."),
    ] = None,
) -> None:
    """Group the claims that report one utterance into families."""
    from openrace.pipeline.family_stories import explain_two
    from openrace.pipeline.group_claims import group_into_families
    from openrace.store import open_store
    from openrace.user_files.corrections_file import corrections_of

    if explain:
        typer.echo(explain_two(open_store(db, readonly=True), *explain))
        return
    store = open_store(db)
    right = corrections_of(db, corrections)
    grouping = group_into_families(store, right, now=now())
    say(str(grouping))
    exit_if_failed(grouping.failed)
