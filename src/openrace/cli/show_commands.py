"""openrace show, status: what is kept, as a person or a program reads it."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from openrace.cli.typer_app import READING, Database, app
from openrace.store import open_store

if TYPE_CHECKING:
    import sqlite3


@app.command(rich_help_panel=READING)
def show(
    claim_id: Annotated[
        str, typer.Argument(metavar="ID", help="Of a claim or family, as search and families print it.")
    ],
    db: Database,
    why: Annotated[bool, typer.Option("--why", help="Explain the attribution.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The whole record.")] = False,
) -> None:
    """One claim with its sentence and why it is whose, or one family and how its words travelled."""
    from openrace.cli.claim_explanation import explain_claim

    sys.stdout.write(explain_claim(open_store(db, readonly=True), claim_id, why=why, as_json=as_json))


@app.command(rich_help_panel=READING)
def status(
    db: Database,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """How much is kept, and what waits to be done."""
    counts = {"database": str(db)} | _counts(open_store(db, readonly=True))
    if as_json:
        sys.stdout.write(json.dumps(counts) + "\n")
        return
    for name, value in counts.items():
        sys.stdout.write(f"{name.replace('_', ' '):<22}{'–' if value is None else value}\n")


def _counts(db: sqlite3.Connection) -> dict[str, object]:
    row = db.execute(
        """SELECT (SELECT count(*) FROM articles) AS articles,
        (SELECT count(*) FROM articles WHERE extractor IS NULL AND on_topic IS NOT 0) AS articles_to_read,
        (SELECT count(DISTINCT outlet) FROM articles) AS outlets,
        (SELECT count(*) FROM claims) AS claims,
        (SELECT count(*) FROM claims WHERE speaker IS NOT NULL) AS with_a_speaker,
        (SELECT count(DISTINCT coalesce(person, speaker)) FROM claims) AS speakers,
        (SELECT count(*) FROM claims WHERE family IS NULL) AS claims_to_group,
        (SELECT count(*) FROM families) AS families,
        (SELECT min(published) FROM articles) AS earliest,
        (SELECT max(published) FROM articles) AS latest,
        (SELECT max(added) FROM articles) AS last_added,
        (SELECT max(started) FROM runs) AS last_night,
        (SELECT finished FROM runs ORDER BY id DESC LIMIT 1) AS last_night_ended"""
    ).fetchone()
    return dict(row)
