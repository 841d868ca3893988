"""openrace nightly: the one command in cron."""

from __future__ import annotations

import json
import os
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from openrace.cli.console import counted, say
from openrace.cli.typer_app import (
    NIGHT,
    Allow,
    At,
    Full,
    Jobs,
    Marks,
    SiteOptions,
    Watches,
    app,
    clock_at,
    taking,
)

if TYPE_CHECKING:
    from openrace.pipeline.nightly import StepReport


class LogFormat(StrEnum):
    text = "text"
    json = "json"


@app.command(rich_help_panel=NIGHT)
@taking(SiteOptions)
def nightly(
    site: SiteOptions,
    at: At = None,
    crawl: Annotated[
        bool, typer.Option("--crawl/--no-crawl", help="Fetch feeds and pages, or leave that out.")
    ] = True,
    allow: Allow = None,
    full: Full = False,
    jobs: Jobs = 1,
    marks: Marks = None,
    watches: Watches = None,
    log_format: Annotated[LogFormat, typer.Option(help="For people or machines.")] = LogFormat.text,
) -> None:
    """Crawl, extract, correct, group, publish and tell the watches. Safe to interrupt and to run again."""
    from openrace.pipeline.nightly import NightPlan, run_night

    clock = clock_at(at)
    plan = NightPlan(
        database=site.db,
        site=site.folder,
        seeds=site.seeds,
        corrections=site.corrections,
        marks=marks,
        full=full,
        base_url=site.base_url,
        contact=site.contact,
        allow=tuple(allow or ()),
        look=site.look,
        language=site.lang,
        jobs=jobs,
        watches=watches,
        environment=os.environ,
    )
    warn = say if log_format is LogFormat.text else _warn_in_json
    failed: list[StepReport] = []
    for report in run_night(plan, clock=clock, warn=warn, watch=counted, crawl=crawl):
        say(_line(report, log_format))
        failed += [report] * bool(report.failed)
    if failed:
        sys.stderr.write(_table(failed) if log_format is LogFormat.text else "")
        raise typer.Exit(3)


def _line(report: StepReport, log_format: LogFormat) -> str:
    if log_format is LogFormat.json:
        return json.dumps(report._asdict(), ensure_ascii=False)
    return f"{report.at}  {report.name:<8} {report.note}"


def _warn_in_json(problem: str) -> None:
    say(json.dumps({"warning": problem}, ensure_ascii=False))


def _table(failed: list[StepReport]) -> str:
    rows = [f"  {report.name:<8} {report.failed:>5} failed" for report in failed]
    return "\n".join(["some inputs failed; what they held is tried again in the next run:", *rows]) + "\n"
