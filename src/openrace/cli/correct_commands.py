"""openrace correct …: what a person sets right is written to corrections.toml and applies at once."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from openrace.cli.console import now, say
from openrace.cli.typer_app import (
    NIGHT,
    At,
    Corrections,
    Database,
    SeedsFolder,
    app,
    clock_at,
    taking,
)

correct = typer.Typer(
    help="Correct what was extracted; written to corrections.toml and shown on the site.",
    no_args_is_help=True,
)
app.add_typer(correct, name="correct", rich_help_panel=NIGHT)

ClaimArgument = Annotated[
    str, typer.Argument(metavar="CLAIM", help="The id of a claim, as search prints it.")
]
Claims = Annotated[
    list[str], typer.Argument(metavar="CLAIM...", help="Ids of claims, as search prints them.")
]


def _day_or_unknown(text: str) -> str:
    from openrace.records import normalise_when
    from openrace.user_files.corrections_file import UNKNOWN

    try:
        return text if text == UNKNOWN else normalise_when(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date (use YYYY-MM-DD, or {UNKNOWN})") from None


class CorrectionOptions(NamedTuple):
    """The options of every correction."""

    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, shown to readers.")]
    db: Database
    corrections: Corrections = None
    seeds: SeedsFolder = None
    at: At = None


@correct.command()
@taking(CorrectionOptions)
def speaker(
    setting: CorrectionOptions,
    claim: ClaimArgument,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The full name of the speaker.")],
    person: Annotated[str | None, typer.Option(help="Their id in people.toml.")] = None,
) -> None:
    """Name the speaker of a claim."""
    _set_right(setting, claim=claim, speaker=name, person=person)


@correct.command()
@taking(CorrectionOptions)
def withhold(setting: CorrectionOptions, claim: ClaimArgument) -> None:
    """Remove the speaker: it is not known who said it."""
    _set_right(setting, claim=claim, withhold=True)


@correct.command()
@taking(CorrectionOptions)
def hide(setting: CorrectionOptions, claim: ClaimArgument) -> None:
    """Hide a claim everywhere."""
    _set_right(setting, claim=claim, hide=True)


@correct.command()
@taking(CorrectionOptions)
def join(setting: CorrectionOptions, claims: Claims) -> None:
    """Say that these claims report one utterance."""
    _set_right(setting, join=claims)


@correct.command()
@taking(CorrectionOptions)
def part(setting: CorrectionOptions, claims: Claims) -> None:
    """Say that these claims do not belong to their family."""
    _set_right(setting, part=claims)


@correct.command()
@taking(CorrectionOptions)
def merge(
    setting: CorrectionOptions,
    speaker: Annotated[str, typer.Argument(metavar="SPEAKER", help="A speaker's name or id.")],
    into: Annotated[str, typer.Argument(metavar="PERSON", help="The id in people.toml that it is.")],
) -> None:
    """Say that two speakers are the same."""
    _set_right(setting, merge=speaker, into=into)


@correct.command()
@taking(CorrectionOptions)
def date(
    setting: CorrectionOptions,
    article: Annotated[
        str, typer.Argument(metavar="ARTICLE", help="An article's id, as show CLAIM --why prints it.")
    ],
    published: Annotated[
        str, typer.Argument(metavar="DAY", parser=_day_or_unknown, help="2025-05-19, or: unknown")
    ],
) -> None:
    """Correct the date of an article."""
    _set_right(setting, article=article, published=published)


@correct.command("list")
def list_(db: Database, corrections: Corrections = None) -> None:
    """List the corrections, with their lines in the file."""
    from openrace.user_files.corrections_file import corrections_of

    listed = corrections_of(db, corrections)
    for found in listed:
        typer.echo(f"{found.where}  {found.when}  {found.tell()}  ({found.why})")
    if not listed:
        say("there are no corrections")


@correct.command("apply")
def apply(db: Database, corrections: Corrections = None, seeds: SeedsFolder = None) -> None:
    """Apply the corrections file after you edited it."""
    from openrace.store import open_store
    from openrace.user_files.corrections_file import corrections_path

    problems, notices = _apply(open_store(db), corrections_path(db, corrections), seeds)
    _tell(problems, notices)
    if problems:
        raise typer.Exit(3)


def _set_right(setting: CorrectionOptions, **what: Any) -> None:
    """Write a correction and apply it; a file that it would make wrong stays as it was."""
    from openrace.errors import ConfigError
    from openrace.store import open_store
    from openrace.user_files.corrections_file import corrections_path, load_corrections, write_correction

    path = corrections_path(setting.db, setting.corrections)
    db = open_store(setting.db)
    before = path.read_bytes() if path.exists() else None
    today = {"when": clock_at(setting.at)()[:10], "why": setting.why}
    write_correction(path, today | what | _words(db, what.get("claim")))
    problems, notices = _apply(db, path, setting.seeds)
    here = f"{load_corrections(path)[-1].where}: "
    if refused := [problem.removeprefix(here) for problem in problems if problem.startswith(here)]:
        _put_back(path, before)
        raise ConfigError(path, f"stays as it was: {refused[0]}")
    _tell(problems, notices)


def _put_back(path: Path, before: bytes | None) -> None:
    from openrace.atomic_write import draft_of

    if before is None:
        path.unlink()
        return
    with draft_of(path) as draft:
        draft.write_bytes(before)


def _words(db: sqlite3.Connection, claim_id: str | None) -> dict[str, str]:
    """Return what lets a claim be found again after a better extractor has cut it differently."""
    from openrace.store.claim_search import wording_of
    from openrace.store.claim_table import get_claim

    claim = get_claim(db, claim_id) if claim_id else None
    if claim is None:
        return {}
    return {"article": claim.article_id, "words": claim.text, "line": wording_of(db, claim.id).line}


def _apply(db: sqlite3.Connection, path: Path, seeds: Path | None) -> tuple[list[str], list[str]]:
    """Apply the file and group anew; return the problems and what was done."""
    from openrace.pipeline.apply_corrections import apply_corrections
    from openrace.pipeline.group_claims import group_into_families
    from openrace.user_files.corrections_file import load_corrections
    from openrace.user_files.seed_files import load_seeds

    found = load_corrections(path)
    problems: list[str] = []
    report = apply_corrections(db, found, load_seeds(seeds), warn=problems.append)
    return problems, [str(report), str(group_into_families(db, found, now=now()))]


def _tell(problems: list[str], notices: list[str]) -> None:
    for line in (*problems, *notices):
        say(line)
