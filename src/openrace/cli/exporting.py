"""openrace export: everything that is kept, in open formats."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openrace.cli.app import Database, app

if TYPE_CHECKING:
    from openrace.records import Record


class What(StrEnum):
    claims = "claims"
    articles = "articles"
    families = "families"


class Format(StrEnum):
    jsonl = "jsonl"
    csv = "csv"


@app.command(rich_help_panel="Publishing")
def export(
    what: Annotated[What, typer.Argument(help="Which records.")],
    db: Database,
    form: Annotated[
        Format, typer.Option("--format", help="JSON Lines is the canonical form.")
    ] = Format.jsonl,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file, else stdout.")] = None,
) -> None:
    """Write out what is kept. The texts of articles stay home: they belong to their publishers."""
    from openrace import exports
    from openrace.store import open_store

    write = {"jsonl": exports.to_jsonl, "csv": exports.to_csv}[form.value]
    chunks = write(_records(open_store(db, readonly=True), what))
    if output is None:
        sys.stdout.writelines(chunks)
        return
    with output.open("w", encoding="utf-8", newline="") as file:
        file.writelines(chunks)


def _records(db: sqlite3.Connection, what: What) -> Iterable[Record]:
    from openrace.exports import ArticleLine, ClaimLine
    from openrace.store import articles, claims, families

    if what is What.claims:
        return (ClaimLine.of(claim, **where) for claim, where in claims.iter_placed(db))
    if what is What.articles:
        return (ArticleLine.of(article) for article in articles.iter_articles(db))
    return families.iter_families(db)
