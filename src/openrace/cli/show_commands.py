"""openrace show, status: what is in the database, for a person or a program."""

from __future__ import annotations

import json
import sqlite3
import sys
from typing import Annotated

import typer

from openrace.cli.typer_app import READING, Database, app
from openrace.store import open_store


@app.command(rich_help_panel=READING)
def show(
    claim_id: Annotated[
        str,
        typer.Argument(metavar="ID", help="The id of a claim or family, as search and families print it."),
    ],
    db: Database,
    why: Annotated[bool, typer.Option("--why", help="Explain the attribution.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The whole record.")] = False,
) -> None:
    """Show one claim in its sentence, or one family and how its words travelled."""
    from openrace.cli.claim_explanation import explain_claim

    sys.stdout.write(explain_claim(open_store(db, readonly=True), claim_id, why=why, as_json=as_json))


@app.command(rich_help_panel=READING)
def status(
    db: Database,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    worse: Annotated[
        bool, typer.Option("--worse", help="Only what failed more often than the night before; else nothing.")
    ] = False,
) -> None:
    """Show what is in the database, and what is pending."""
    from openrace.store.counts import count_all

    if worse:
        _say_what_is_worse(open_store(db, readonly=True))
        return
    counts = {"database": str(db)} | count_all(open_store(db, readonly=True))
    if as_json:
        sys.stdout.write(json.dumps(counts) + "\n")
        return
    for name, value in counts.items():
        sys.stdout.write(f"{name.replace('_', ' '):<22}{'–' if value is None else value}\n")


def _say_what_is_worse(db: sqlite3.Connection) -> None:
    """Print each step in which more failed than in the run before: in cron, this alone makes a mail."""
    from openrace.store.night_state import last_runs

    runs = [{step["name"]: step for step in run["steps"]} for run in last_runs(db, 2)]
    last, before = [*runs, {}, {}][:2]
    for name, step in last.items():
        earlier = before.get(name, {}).get("failed", 0)
        if step["failed"] > earlier:
            sys.stdout.write(
                f"{name}: {step['failed']:,} failed, {earlier:,} the night before: {step['note']}\n"
            )
