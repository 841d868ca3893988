"""The Typer app that the modules of commands attach to, and the options that they share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openrace import __version__

app = typer.Typer(
    name="openrace",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Who said what, and how the words travel: an observatory of attributed statements in the news.",
)


def default_database() -> Path:
    from platformdirs import user_data_path

    return user_data_path("openrace", appauthor=False) / "openrace.db"


Database = Annotated[
    Path,
    typer.Option(
        "--db",
        envvar="OPENRACE_DB",
        help="The database; else the platform's data folder.",
        default_factory=default_database,
        show_default=False,
    ),
]
Seeds = Annotated[
    Path | None,
    typer.Option(
        "--seeds",
        envvar="OPENRACE_SEEDS",
        help="Your own feeds.opml, people.toml and topics.toml, laid over the bundled ones.",
        show_default=False,
    ),
]


def _tell_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"openrace {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Every command explains itself: openrace COMMAND --help."""
