"""openrace import, extract, group: from files to families in the store."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from openrace.cli.app import Database, Seeds, app
from openrace.cli.console import counted, now, say

KEEP = "Corpus"


@app.command("import", rich_help_panel=KEEP)
def import_(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders: .txt .md .html .jsonl; - is stdin.")],
    db: Database,
    seeds: Seeds = None,
) -> None:
    """Take articles in. Importing twice changes nothing."""
    from openrace.ingest import read_articles
    from openrace.seeds import load_seeds
    from openrace.stations.keeping import keep_articles
    from openrace.store import open_store

    store = open_store(db, create=True)
    results = counted(read_articles(paths, sys.stdin.buffer), "articles")
    report = keep_articles(store, results, load_seeds(seeds), now=now(), warn=say)
    say(str(report))
    if report.failed:
        raise typer.Exit(3)


@app.command(rich_help_panel=KEEP)
def extract(
    db: Database,
    seeds: Seeds = None,
    stale: Annotated[
        bool, typer.Option("--stale", help="Read again what an older extractor read; say what changed.")
    ] = False,
) -> None:
    """Read the articles that are new and keep who said what in them."""
    from openrace.seeds import load_seeds
    from openrace.stations.reading import read_for_claims
    from openrace.store import open_store

    report = read_for_claims(open_store(db), load_seeds(seeds), stale=stale, watch=counted, warn=say)
    say(str(report))
    if report.failed:
        raise typer.Exit(3)


@app.command(rich_help_panel=KEEP)
def group(db: Database) -> None:
    """Join the claims that report one utterance into families."""
    from openrace.stations.grouping import group_into_families
    from openrace.store import open_store

    say(str(group_into_families(open_store(db))))
