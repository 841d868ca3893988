"""openrace export: everything that is kept, in open formats."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from openrace.cli.app import Database, app


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
    from openrace.stations import exported
    from openrace.store import open_store

    write = {"jsonl": exports.to_jsonl, "csv": exports.to_csv}[form.value]
    chunks = write(exported(open_store(db, readonly=True), what.value))
    if output is None:
        sys.stdout.writelines(chunks)
        return
    with output.open("w", encoding="utf-8", newline="") as file:
        file.writelines(chunks)
