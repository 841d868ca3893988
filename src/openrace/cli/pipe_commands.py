"""openrace pipe extract, pipe group: filters over JSON Lines, without a database.

The contracts are in CONTRIBUTING.md; a line that cannot be read is reported on stderr with its number and
skipped, and the exit code is 3.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from openrace.cli.console import say
from openrace.cli.typer_app import FILTERS, Jobs, SeedsFolder, app

if TYPE_CHECKING:
    from openrace.records import Record

    R = TypeVar("R", bound=Record)

pipe = typer.Typer(help="Filters over JSON Lines; they need no database.", no_args_is_help=True)
app.add_typer(pipe, name="pipe", rich_help_panel=FILTERS)


@pipe.command("extract")
def pipe_extract(seeds: SeedsFolder = None, jobs: Jobs = 1) -> None:
    """Extract claims from articles on stdin ({"id", "text", …} a line)."""
    from openrace.extract.directory import Directory
    from openrace.pipe_contract import ARTICLE_NEEDED, ARTICLE_OPTIONAL
    from openrace.pipeline.extract_claims import LineExtractor
    from openrace.processes import map_in_order
    from openrace.records import Article
    from openrace.user_files.seed_files import load_seeds

    known = load_seeds(seeds)
    extractor = LineExtractor(Directory(known.people, known.organisations))
    lines = Lines()
    articles = lines.records(Article, ARTICLE_NEEDED, ARTICLE_OPTIONAL)
    for (number, article), outcome in map_in_order(extractor, articles, jobs):
        if outcome.how == "done":
            for line in outcome.result:
                _write(line)
        else:
            lines.fail(number, f"article {article.id!r}: the extractor failed: {outcome.problem}")
    lines.finish()


@pipe.command("group")
def pipe_group() -> None:
    """Group quotes on stdin ({"quote_id", "text", …} a line); print {"quote_id", "cluster_id"} lines."""
    from openrace.clustering import group_quotes
    from openrace.pipe_contract import QUOTE_NEEDED, QUOTE_OPTIONAL
    from openrace.records import Quote

    lines = Lines()

    def quotes() -> Iterator[Quote]:  # one at a time: a million of them need not be held
        seen: set[str] = set()
        for number, quote in lines.records(Quote, QUOTE_NEEDED, QUOTE_OPTIONAL):
            if quote.quote_id in seen:
                lines.fail(number, f"quote_id {quote.quote_id!r} came before")
            else:
                seen.add(quote.quote_id)
                yield quote

    for quote_id, family_id in group_quotes(quotes()).items():
        _write({"quote_id": quote_id, "cluster_id": family_id})
    lines.finish()


class Lines:
    """The JSON objects in stdin, one a line; `failed` counts the lines that hold none."""

    def __init__(self) -> None:
        self.failed = 0

    def records(
        self, model: type[R], needed: tuple[str, ...], optional: tuple[str, ...]
    ) -> Iterator[tuple[int, R]]:
        """Yield the number and `model` of each line: its `needed` and `optional` fields.

        Others are passed over.
        """
        from openrace.pipe_contract import choose_fields, problem_of

        for number, line in enumerate(sys.stdin.buffer, 1):
            line = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            if not line.strip():
                continue
            try:
                fields = choose_fields(json.loads(line), needed, optional)
                record = model.model_validate(fields) if fields["text"] != "" else None
            except (ValueError, RecursionError) as error:  # pydantic's and json's errors are ValueErrors
                self.fail(number, problem_of(error))
            else:
                if record:
                    yield number, record

    def fail(self, number: int, problem: str) -> None:
        """Tell that a line cannot be used."""
        self.failed += 1
        say(f"standard input:{number}: {problem}; skipped")

    def finish(self) -> None:
        """Exit code 3 where a line was skipped."""
        sys.stdout.buffer.flush()
        if self.failed:
            raise typer.Exit(3)


def _write(line: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
