"""openrace nightly: the one command in cron."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from openrace.cli.app import Database, Seeds, app
from openrace.cli.console import counted, now, say
from openrace.cli.sites import Folder

if TYPE_CHECKING:
    from openrace.nightly import Told

NIGHT = "The night"


class LogFormat(StrEnum):
    text = "text"
    json = "json"


@app.command(rich_help_panel=NIGHT)
def nightly(
    db: Database,
    seeds: Seeds = None,
    to: Folder = None,
    at: Annotated[str | None, typer.Option(help="The moment that it takes for now.")] = None,
    crawl: Annotated[bool, typer.Option("--crawl/--no-crawl", help="Fetch feeds and pages first.")] = True,
    full: Annotated[bool, typer.Option("--full", help="Make every page anew.")] = False,
    log_format: Annotated[LogFormat, typer.Option(help="For people or machines.")] = LogFormat.text,
) -> None:
    """Crawl, extract, correct, group, publish: the whole night, safe to run again at any point."""
    from openrace.nightly import Plan, run_night

    moment = _moment(at) if at else None
    clock = (lambda: moment) if moment else now
    plan = Plan(db, to or db.parent / "site", seeds, full)
    failed: list[Told] = []
    for told in run_night(plan, clock=clock, warn=say, watch=counted, crawl=crawl):
        say(_line(told, log_format))
        failed += [told] * bool(told.failed)
    if failed:
        sys.stderr.write(_table(failed) if log_format is LogFormat.text else "")
        raise typer.Exit(3)


def _moment(at: str) -> str:
    from openrace.records import normalise_when

    try:
        when = normalise_when(at)
    except ValueError:
        raise typer.BadParameter(f"{at!r} is no moment; write 2025-05-19 or 2025-05-19T04:00:00Z") from None
    return when if len(when) > 10 else f"{when}T00:00:00Z"


def _line(told: Told, log_format: LogFormat) -> str:
    if log_format is LogFormat.json:
        return json.dumps(told._asdict(), ensure_ascii=False)
    return f"{told.at}  {told.name:<8} {told.note}"


def _table(failed: list[Told]) -> str:
    rows = [f"  {told.name:<8} {told.failed:>5} failed" for told in failed]
    return "\n".join(["some inputs failed; what they held is tried again in the next run:", *rows]) + "\n"
