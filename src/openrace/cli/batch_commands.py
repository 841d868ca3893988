"""openrace batch extract, batch group: archives in Parquet, JSON Lines and WARC, on all cores or on Spark."""

from __future__ import annotations

import time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openrace.cli.console import counted, now, say
from openrace.cli.typer_app import FILTERS, SeedsFolder, app
from openrace.plurals import many

if TYPE_CHECKING:
    from openrace.batch.local_engine import BatchReport

batch = typer.Typer(
    help="The filters over archives: Parquet, JSON Lines and WARC; they need no database.",
    no_args_is_help=True,
)
app.add_typer(batch, name="batch", rich_help_panel=FILTERS)


class Engine(StrEnum):
    local = "local"
    spark = "spark"


EngineOption = Annotated[Engine, typer.Option("--engine", help="Where the work is done.")]
Master = Annotated[str, typer.Option("--master", metavar="URL", help="The master of Spark.")]


@batch.command("extract")
def batch_extract(
    places: Annotated[
        list[str],
        typer.Argument(
            metavar="IN... OUT",
            help="Files, folders or patterns (.parquet .jsonl .warc, also .gz); last, the output folder.",
        ),
    ],
    seeds: SeedsFolder = None,
    columns: Annotated[
        list[str] | None,
        typer.Option(metavar="FIELD=COLUMN", help="Which column or key holds a field: text=body."),
    ] = None,
    on_topic: Annotated[
        bool, typer.Option("--on-topic", help="Only articles on a topic of topics.toml.")
    ] = False,
    articles: Annotated[
        bool, typer.Option("--articles", help="Also write the articles, as JSON Lines for `openrace import`.")
    ] = False,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", metavar="N", min=1, help="Processes; default: all cores but one."),
    ] = None,
    engine: EngineOption = Engine.local,
    master: Master = "local[*]",
) -> None:
    """Extract claims from archives of articles into Parquet. A killed run resumes where it stopped."""
    _need_pyarrow()
    from openrace.cli.article_commands import field_columns
    from openrace.pipeline.batch_extract import extract_archive
    from openrace.processes import usable_cores

    files, out = _files_and_output(places, "name what to read, and last the output folder", "IN... OUT")
    began = time.monotonic()
    report = extract_archive(
        files,
        out,
        seeds=seeds,
        columns=field_columns(columns or [], "--columns"),
        on_topic=on_topic,
        keep_articles=articles,
        jobs=jobs or max(1, usable_cores() - 1),
        master=master if engine is Engine.spark else None,
        watch=lambda rows: counted(rows, "rows"),
        now=now(),
    )
    say(_summary(report, time.monotonic() - began))
    if report.now.rejected or report.before.rejected:
        say(f"what was rejected, and why: {out / 'rejected'}")
        raise typer.Exit(3)


def _files_and_output(
    places: list[str], missing: str, names: str, kinds: tuple[str, ...] | None = None
) -> tuple[list[Path], Path]:
    from openrace.batch.rows import input_files

    *inputs, out = places
    if not inputs:
        raise typer.BadParameter(missing, param_hint=names)
    return input_files(inputs, Path(out), kinds), Path(out)


def _need_pyarrow() -> None:
    from openrace.errors import ConfigError

    try:
        import pyarrow  # noqa: F401
    except ImportError as error:
        raise ConfigError("openrace batch", "needs pyarrow", "pip install 'openrace[archives]'") from error


def _summary(report: BatchReport, seconds: float) -> str:
    rate = report.now.rows / seconds if seconds else 0.0
    summary = f"{report.now}; {seconds:,.1f} s, {rate:,.1f} rows/s"
    return f"{summary}; finished before: {report.before}" if report.before.rows else summary


@batch.command("group")
def batch_group(
    claims: Annotated[
        list[str],
        typer.Argument(
            metavar="CLAIMS... OUT",
            help="Parquet of claims, or of quotes; last, the file to write (of Spark: the folder).",
        ),
    ],
    engine: EngineOption = Engine.local,
    master: Master = "local[*]",
) -> None:
    """Group claims or quotes in Parquet: {quote_id, cluster_id} in Parquet, by one process or by Spark."""
    _need_pyarrow()
    from openrace.pipeline.batch_group import group_files

    missing = "name the claims, and last the file to write"
    files, out = _files_and_output(claims, missing, "CLAIMS... OUT", (".parquet",))
    at = master if engine is Engine.spark else None
    quotes, clusters, failed = group_files(files, out, master=at, warn=say)
    say(
        f"{many(quotes, 'quote')} in {many(clusters, 'cluster')}"
        + (f", {failed:,} skipped" if failed else "")
    )
    if failed:
        raise typer.Exit(3)
