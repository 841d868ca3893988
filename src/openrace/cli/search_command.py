"""openrace search. Nothing is loaded that it does not need: Typer itself takes most of its time."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openrace.claim_wording import KIND_NAMES, UNKNOWN_SPEAKER
from openrace.cli.console import (
    BOLD,
    CYAN,
    DIM,
    YELLOW,
    paint,
    printable,
    say,
    wants_colour,
)
from openrace.cli.typer_app import READING, Database, app, day_option
from openrace.links import is_web_address, link_to_words
from openrace.store import open_store

if TYPE_CHECKING:
    from openrace.store.claim_search import Hit


class Kind(StrEnum):
    """The kinds as readers know them, and by the names that the data has."""

    verbatim = "verbatim"
    partial = "partial"
    paraphrase = "paraphrase"
    direct = "direct"
    mixed = "mixed"
    indirect = "indirect"

    @property
    def stored(self) -> str:
        """The name in the data."""
        return next((kind for kind, name in KIND_NAMES.items() if name == self), self.value)


class Sort(StrEnum):
    newest = "newest"
    relevance = "relevance"


def complete(column: str, start: str) -> list[str]:
    """Names in the default database, for the shell; never an error while somebody types."""
    import os
    from pathlib import Path

    from openrace.cli.typer_app import default_database
    from openrace.errors import StoreError
    from openrace.store.claim_search import names

    try:
        db = open_store(Path(os.environ.get("OPENRACE_DB") or default_database()), readonly=True)
        return names(db, column, start)
    except StoreError:
        return []


@app.command(
    rich_help_panel=READING,
    # -word is a word that must not occur, so what is no option of ours is left to us
    context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]},
)
def search(
    context: typer.Context,
    db: Database,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[WORD]...", help='Words, "phrases", -without, this OR that; none: every claim.'
        ),
    ] = None,
    speaker: Annotated[
        str | None,
        typer.Option(
            help="The speaker: a name, part of one, or an id.",
            autocompletion=lambda incomplete: complete("speaker", incomplete),
        ),
    ] = None,
    outlet: Annotated[
        str | None,
        typer.Option(
            help="The outlet, by its domain.",
            autocompletion=lambda incomplete: complete("outlet", incomplete),
        ),
    ] = None,
    kind: Annotated[
        Kind | None, typer.Option(help="How it is printed: verbatim, partial or paraphrase.")
    ] = None,
    since: Annotated[str | None, day_option("Published on that day or later.")] = None,
    until: Annotated[str | None, day_option("Published on that day or earlier.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 20,
    sort: Annotated[Sort, typer.Option(help="Newest or most relevant first.")] = Sort.newest,
    as_json: Annotated[bool, typer.Option("--json", "--jsonl", help="One JSON object a line.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="A table.")] = False,
    fields: Annotated[
        str | None,
        typer.Option(
            metavar="NAME,…", help="Only these, in JSON or CSV: speaker,text,link.", show_default=False
        ),
    ] = None,
) -> None:
    """Search claims. Exit code 1 if nothing matches."""
    from openrace.store.claim_search import Query
    from openrace.store.claim_search import search as find

    _refuse_options(context, words or [])
    chosen = _chosen(fields)
    query = Query(
        words=" ".join(word if len(words or ()) == 1 else _as_phrase(word) for word in words or ()),
        speaker=speaker,
        outlet=outlet,
        kind=kind.stored if kind else None,
        since=since,
        until=until,
        limit=limit,
        sort=sort.value,
    )
    hits = find(open_store(db, readonly=True), query)
    if not hits:
        say("no claim matches")
        raise typer.Exit(1)
    if as_csv or as_json or fields:
        _write_rows([{name: row[name] for name in chosen} for row in map(_row, hits)], as_csv)
        return
    colour = wants_colour(sys.stdout)
    for hit in hits:
        sys.stdout.write(_as_paragraph(hit, colour))


def _row(hit: Hit) -> dict[str, Any]:
    return hit._asdict() | {"link": _link(hit.url, hit.words)}


def _chosen(fields: str | None) -> list[str]:
    """The fields that are asked for, else all. Raises BadParameter for one that is none."""
    from openrace.store.claim_search import Hit

    known = [*(name for name in Hit._fields if name not in ("marked", "words")), "link"]
    names = fields.split(",") if fields else known
    if wrong := [name for name in names if name not in known]:
        raise typer.BadParameter(f"there is no field {wrong[0]!r}; there are {', '.join(known)}")
    return names


def _write_rows(rows: list[dict[str, Any]], as_csv: bool) -> None:
    if as_csv:
        from openrace.exports.csv_sheet import write_sheet

        sys.stdout.writelines(write_sheet(rows))
    else:
        import json

        sys.stdout.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _refuse_options(context: typer.Context, words: list[str]) -> None:
    """`words` may begin with one hyphen, not with two; -h alone asks for help."""
    if words == ["-h"]:
        typer.echo(context.get_help())
        raise typer.Exit
    if wrong := [word for word in words if word.startswith("--")]:
        raise typer.BadParameter(f"there is no option {wrong[0]}")


def _as_phrase(word: str) -> str:
    """An argument that the shell passed as one though it has spaces was a phrase in quotes."""
    return f'"{word}"' if " " in word and '"' not in word else word


def _as_paragraph(hit: Hit, colour: bool) -> str:
    from openrace.store.claim_search import END, START

    parts = hit.marked.split(START)
    text = printable(parts[0])
    for part in parts[1:]:
        found, rest = part.split(END, 1)
        text += paint(printable(found), BOLD, YELLOW, on=colour) + printable(rest)
    who = paint(printable(hit.speaker or UNKNOWN_SPEAKER), BOLD, on=colour)
    kind = KIND_NAMES[hit.kind] + (f", {hit.polarity}" if hit.polarity != "asserted" else "")
    where = " · ".join(filter(None, [hit.published and hit.published[:10], hit.outlet, hit.title]))
    lines = [
        f"{who}  {paint(f'{kind} · {hit.id}', DIM, on=colour)}",
        f"  {text}",
        f"  {paint(printable(where or 'no date, no outlet'), DIM, on=colour)}",
    ]
    if link := _link(hit.url, hit.words):
        lines.append(f"  {paint(link, CYAN, on=colour)}")
    return "\n".join(lines) + "\n\n"


def _link(url: str | None, words: str) -> str | None:
    return link_to_words(url, words) if url and is_web_address(url) else None
