"""openrace pipe extract, pipe group: filters over JSON Lines, without a database.

The contracts are in CONTRIBUTING.md; a line that cannot be read is told on stderr with its number and
skipped, and the exit code is 3.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from openrace.cli.app import Seeds, app
from openrace.cli.console import say

if TYPE_CHECKING:
    from openrace.records import Claim, Record

    R = TypeVar("R", bound=Record)

pipe = typer.Typer(help="Filters over JSON Lines, for any pipeline; no database.", no_args_is_help=True)
app.add_typer(pipe, name="pipe", rich_help_panel="Filters")


class Lines:
    """The records in stdin; `failed` counts the lines that hold none."""

    def __init__(self) -> None:
        self.failed = 0

    def read(self, model: type[R], names: dict[str, bool]) -> Iterator[R]:
        """A `model` of each line, made of the fields in `names` (True: must be there)."""
        for number, line in enumerate(sys.stdin.buffer, 1):
            if number == 1:
                line = line.removeprefix(b"\xef\xbb\xbf")
            if not line.strip():
                continue
            try:
                yield model.model_validate(_chosen(json.loads(line), names))
            except (ValueError, RecursionError) as error:  # pydantic's and json's errors are ValueErrors
                self.fail(number, _problem(error))

    def fail(self, number: int, problem: str) -> None:
        self.failed += 1
        say(f"standard input:{number}: {problem}; skipped")


def _chosen(fields: Any, names: dict[str, bool]) -> dict[str, Any]:
    if not isinstance(fields, dict):
        raise ValueError("a line must be a JSON object")
    missing = [name for name, needed in names.items() if needed and fields.get(name) is None]
    if missing:
        raise ValueError(f"{' and '.join(missing)} is missing")
    return {name: fields[name] for name in names if fields.get(name) is not None}


def _problem(error: Exception) -> str:
    errors = getattr(error, "errors", None)
    if isinstance(error, json.JSONDecodeError):
        return f"is not JSON: {error.msg} at column {error.colno}"
    if isinstance(error, UnicodeDecodeError):
        return "is not UTF-8"
    if isinstance(error, RecursionError):
        return "is nested too deeply"
    if errors:
        first = errors()[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return str(error)


def _write(line: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")


@pipe.command("extract")
def pipe_extract(seeds: Seeds = None) -> None:
    """Articles in ({"id", "text", …} a line), claims out."""
    from openrace.extract import Directory, extract_claims
    from openrace.records import Article
    from openrace.seeds import load_seeds

    known = load_seeds(seeds)
    directory = Directory(known.people, known.organisations)
    lines = Lines()
    fields = {"id": True, "text": True, "url": False, "title": False, "published": False, "outlet": False}
    for article in lines.read(Article, fields):
        for claim in extract_claims(article, directory):
            _write(_claim_line(claim))
    _finish(lines)


def _claim_line(claim: Claim) -> dict[str, Any]:
    speaker = claim.speaker
    return {
        "claim_id": claim.id,
        "article_id": claim.article_id,
        "kind": claim.kind,
        "spans": claim.spans,
        "text": claim.text,
        "cue": claim.cue.model_dump() if claim.cue else None,
        "speaker": speaker.model_dump() if speaker else None,
        "confidence": claim.confidence,
    }


@pipe.command("group")
def pipe_group() -> None:
    """Quotes in ({"quote_id", "text", …} a line), {"quote_id", "cluster_id"} out."""
    from openrace.diffusion import group_quotes
    from openrace.records import Quote

    lines = Lines()
    fields = {"quote_id": True, "text": True} | dict.fromkeys(
        ("speaker", "outlet", "date", "article_id"), False
    )
    quotes = list(lines.read(Quote, fields))
    families = group_quotes(quotes)
    for quote in quotes:
        _write({"quote_id": quote.quote_id, "cluster_id": families[quote.quote_id]})
    _finish(lines)


def _finish(lines: Lines) -> None:
    sys.stdout.buffer.flush()
    if lines.failed:
        raise typer.Exit(3)
