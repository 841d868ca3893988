"""openrace search. Nothing is loaded that it does not need: Typer itself takes most of its time."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from openrace.claim_wording import KIND_NAMES, UNKNOWN_SPEAKER
from openrace.cli.console import (
    BOLD,
    CYAN,
    DIM,
    YELLOW,
    now,
    paint,
    printable,
    say,
    wants_colour,
)
from openrace.cli.typer_app import READING, Database, Limit, SeedsFolder, app, day_option, taking
from openrace.links import clock_time, is_web_address, link_to_words
from openrace.store import open_store

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from openrace.store.claim_search import ClaimQuery, Hit
    from openrace.store.spoken_tables import SpokenHit


class KindOption(StrEnum):
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
    """Return names in the default database, for the shell; never an error while somebody types."""
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


def _name_option(text: str, column: str) -> Any:
    return typer.Option(help=text, autocompletion=lambda incomplete: complete(column, incomplete))


class SearchOptions(NamedTuple):
    """What is searched for, and how it is written out."""

    db: Database
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[WORD]...",
            help='Words, "phrases", -without, this OR that, speaker:name, outlet:, kind:, lang:, country:, '
            "side:, is:denied, since:7d, before:2025-03; none: every claim.",
        ),
    ] = None
    speaker: Annotated[str | None, _name_option("Who said it.", "speaker")] = None
    outlet: Annotated[str | None, _name_option("Who published it.", "outlet")] = None
    kind: Annotated[KindOption | None, typer.Option(help="Verbatim, partial or paraphrase.")] = None
    since: Annotated[str | None, day_option("Published on that day or later.")] = None
    until: Annotated[str | None, day_option("Published on that day or earlier.")] = None
    limit: Limit = 20
    page: Annotated[int, typer.Option(min=1, help="Which page of so many.")] = 1
    web: Annotated[bool, typer.Option("--web", help="Ask the published site, in a browser.")] = False
    seeds: SeedsFolder = None
    sort: Annotated[Sort, typer.Option(help="Newest or most relevant first.")] = Sort.newest
    spoken: Annotated[
        bool, typer.Option("--spoken", help="What was said in recordings, not what is reported.")
    ] = False
    as_json: Annotated[bool, typer.Option("--json", "--jsonl", help="One JSON object a line.")] = False
    as_csv: Annotated[bool, typer.Option("--csv", help="A table.")] = False
    fields: Annotated[
        str | None,
        typer.Option(
            metavar="NAME,…", help="Only these, in JSON or CSV: speaker,text,link.", show_default=False
        ),
    ] = None

    @property
    def as_rows(self) -> bool:
        """Whether rows of fields are wanted, not paragraphs."""
        return self.as_json or self.as_csv or bool(self.fields)

    @property
    def typed(self) -> str:
        """The words in the query language."""
        words = self.words or []
        return " ".join(word if len(words) == 1 else _as_phrase(word) for word in words)

    def query(self, today: str) -> ClaimQuery:
        """Return what the store is asked; an option goes before the same in the words."""
        from openrace.store.claim_search import ClaimQuery
        from openrace.store.search_query import parse_query, read_day

        parsed = parse_query(self.typed, today)
        return ClaimQuery(
            words=parsed.words,
            speaker=self.speaker,
            outlet=self.outlet,
            kind=self.kind.stored if self.kind else None,
            since=read_day(self.since, today) if self.since else parsed.since,
            until=read_day(self.until, today) if self.until else parsed.until,
            limit=self.limit,
            sort=self.sort.value,
            offset=(self.page - 1) * self.limit,
            filters=tuple(it for it in parsed.filters if it.field != "side"),
            persons=tuple(_persons_of(it.values, self.seeds) for it in parsed.filters if it.field == "side"),
        )


@app.command(
    rich_help_panel=READING,
    # -word is a word that must not occur, so what is no option of ours is left to us
    context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]},
)
@taking(SearchOptions)
def search(asked: SearchOptions, context: typer.Context) -> None:
    """Search claims. Exit code 1 if nothing matches."""
    from openrace.store.claim_search import count
    from openrace.store.claim_search import search as find

    _refuse_options(context, asked.words or [])
    if asked.web:
        _open_site(asked)
        return
    chosen, query = _chosen(asked), asked.query(now())
    store = open_store(asked.db, readonly=True)
    if asked.spoken:
        _search_spoken(store, query, chosen, asked)
        return
    hits = find(store, query)
    if not hits:
        _say_nothing_found(store, query)
        raise typer.Exit(1)
    if asked.as_rows:
        _write_rows([{name: row[name] for name in chosen} for row in map(_row, hits)], asked.as_csv)
        return
    colour = wants_colour(sys.stdout)
    _write_paged("".join(_as_paragraph(hit, colour) for hit in hits))
    _say_total(count(store, query), query, len(hits))


def _search_spoken(
    store: sqlite3.Connection, query: ClaimQuery, chosen: list[str], asked: SearchOptions
) -> None:
    """Write the turns of recordings that match; exit code 1 where there are none."""
    from openrace.store.spoken_tables import search_turns

    hits = search_turns(store, query)
    if not hits:
        say("nothing that was said matches")
        raise typer.Exit(1)
    if asked.as_rows:
        rows = [hit._asdict() for hit in hits]
        _write_rows([{name: row[name] for name in chosen} for row in rows], asked.as_csv)
        return
    colour = wants_colour(sys.stdout)
    _write_paged("".join(_spoken_paragraph(hit, colour) for hit in hits))


def _spoken_paragraph(hit: SpokenHit, colour: bool) -> str:
    who = paint(printable(hit.speaker or UNKNOWN_SPEAKER), BOLD, on=colour)
    heard = f"{'in automatic captions' if hit.automatic else 'in the recording'} {clock_time(hit.second)}"
    where = " · ".join(filter(None, [hit.published and hit.published[:10], hit.outlet, hit.title]))
    lines = [f"{who}  {paint(heard.strip(), DIM, on=colour)}", f"  {printable(hit.text)}"]
    lines.append(f"  {paint(printable(where or 'no date, no outlet'), DIM, on=colour)}")
    lines += [f"  {paint(hit.link, CYAN, on=colour)}"] if hit.link else []
    return "\n".join(lines) + "\n\n"


def _say_nothing_found(store: sqlite3.Connection, query: ClaimQuery) -> None:
    from openrace.store.claim_search import suggest

    typed = " ".join((query.words, query.speaker or "", *(v for it in query.filters for v in it.values)))
    near = suggest(store, typed)
    say("no claim matches" + (f"; did you mean {' or '.join(near)}?" if near else ""))


def _say_total(total: int, query: ClaimQuery, shown: int) -> None:
    """Say how many claims there are, and how to see more."""
    first = query.offset + 1
    more = f"; more with --page {query.offset // query.limit + 2}" if total > query.offset + shown else ""
    of = f", {first} to {query.offset + shown} shown" if more or first > 1 else ""
    say(f"{total:,} claim{'s' * (total != 1)}{of}{more}")


def _write_paged(text: str) -> None:
    """Write to stdout, through the reader's pager where that is a terminal too low for it."""
    import os
    import pydoc
    from shutil import get_terminal_size

    if sys.stdout.isatty() and text.count("\n") >= get_terminal_size().lines:
        os.environ.setdefault("LESS", "-RFX")  # colours as they are; no pager for what fits
        pydoc.pager(text)
    else:
        sys.stdout.write(text)


def _open_site(asked: SearchOptions) -> None:
    """Open the search page of the site that was published next to the database."""
    import webbrowser
    from urllib.parse import quote

    from openrace.errors import ConfigError

    page = asked.db.parent / "site" / "search" / "index.html"
    if not page.is_file():
        raise ConfigError(page.parent.parent, "there is no site", "make it with: openrace publish")
    address = f"{page.absolute().as_uri()}?q={quote(asked.typed)}"
    say(address)
    webbrowser.open(address)


def _persons_of(sides: tuple[str, ...], seeds: Path | None) -> tuple[str, ...]:
    """Return the ids of everybody on one of these sides. Only this filter needs the directory."""
    from openrace.user_files.seed_files import load_seeds

    return load_seeds(seeds).persons_on(sides)


def _row(hit: Hit) -> dict[str, Any]:
    return hit._asdict() | {"link": _link(hit.url, hit.words)}


def _chosen(asked: SearchOptions) -> list[str]:
    """Return the fields that are asked for, else all. Raises BadParameter for one that is none."""
    if asked.spoken:
        from openrace.store.spoken_tables import SpokenHit

        known = list(SpokenHit._fields)
    else:
        from openrace.store.claim_search import Hit

        known = [*(name for name in Hit._fields if name not in ("marked", "words")), "link"]
    names = asked.fields.split(",") if asked.fields else known
    if wrong := [name for name in names if name not in known]:
        raise typer.BadParameter(f"there is no field {wrong[0]!r}; there are {', '.join(known)}")
    return names


def _write_rows(rows: list[dict[str, Any]], as_csv: bool) -> None:
    if as_csv:
        from openrace.csv_sheet import write_sheet

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
    """Return `word` in quotes where it has spaces: the shell passed a quoted phrase as one argument."""
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
