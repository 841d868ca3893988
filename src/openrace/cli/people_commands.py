"""openrace people: names of speakers that the list of people lacks, as suggestions."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import typer

from openrace.cli.console import DIM, paint, printable, wants_colour
from openrace.cli.typer_app import CARE, AsJsonLines, Database, Limit, SeedsFolder, app
from openrace.plurals import many

if TYPE_CHECKING:
    from openrace.pipeline.suggest_people import StatementPair, SuggestedName

people = typer.Typer(no_args_is_help=True, help="Who speaks: names that people.toml may take over.")
app.add_typer(people, name="people", rich_help_panel=CARE)

EXAMPLES = 3  # statements shown of a suggestion


@people.callback()
def _group() -> None:
    """Keep `suggest` a command of its own while it is the only one."""


@people.command()
def suggest(
    db: Database,
    seeds: SeedsFolder = None,
    limit: Limit = 20,
    as_json: AsJsonLines = False,
) -> None:
    """Suggest which Chinese names are of people with a Latin name: they sound alike and say the same.

    Nothing is taken over: paste a line into your people.toml where it is right.
    """
    from openrace.pipeline.suggest_people import suggest_people
    from openrace.store import open_store
    from openrace.user_files.seed_files import load_seeds

    store = open_store(db, readonly=True)
    for found in suggest_people(store, load_seeds(seeds).people)[:limit]:
        typer.echo(_as_json(found) if as_json else _told(found))


def _told(found: SuggestedName) -> str:
    colour = wants_colour(sys.stdout)
    names = ", ".join(found.han)
    beside = f", printed side by side {many(found.printed, 'time')}" if found.printed else ""
    head = f"{names} – {found.latin}: {many(len(found.statements), 'statement')} alike{beside}"
    examples = [
        paint(f"    “{printable(pair.chinese.text)}” – “{printable(pair.english.text)}”", DIM, on=colour)
        for pair in found.statements[:EXAMPLES]
    ]
    return "\n".join((printable(head), *examples, f"    {printable(found.line)}", ""))


def _as_json(found: SuggestedName) -> str:
    fields = found._asdict() | {"statements": [_claims_of(pair) for pair in found.statements]}
    return json.dumps(fields, ensure_ascii=False)


def _claims_of(pair: StatementPair) -> dict[str, str]:
    return {"chinese": pair.chinese.claim, "english": pair.english.claim}
