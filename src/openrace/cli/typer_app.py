"""The Typer app that the modules of commands attach to, and the options that they share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, get_type_hints

import typer

from openrace import __version__
from openrace.cli.console import now

# The panels of --help.
CORPUS, READING, PUBLISHING, NIGHT = "Articles", "Reading", "Publishing", "Nightly run"
CARE, FILTERS = "Maintenance", "Filters"

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


def shared_option(name: str, variable: str | None, text: str, **more: Any) -> Any:
    """Return an option that several commands take, with the environment variable that stands in for it."""
    return typer.Option(name, envvar=variable, help=text, show_default=False, **more)


Database = Annotated[
    Path,
    shared_option(
        "--db",
        "OPENRACE_DB",
        "The database file; default: in the platform's data folder.",
        default_factory=default_database,
    ),
]
SeedsFolder = Annotated[
    Path | None,
    shared_option(
        "--seeds",
        "OPENRACE_SEEDS",
        "Your own feeds.opml, people.toml, topics.toml: they extend the bundled ones.",
    ),
]
SiteFolder = Annotated[
    Path | None,
    shared_option("--to", "OPENRACE_SITE", "The folder of the site; default: `site` next to the database."),
]
Corrections = Annotated[
    Path | None,
    shared_option(
        "--corrections",
        "OPENRACE_CORRECTIONS",
        "The corrections file; default: `corrections.toml` next to the database.",
    ),
]


def _base_url(text: str) -> str:
    from openrace.links import is_web_address

    if not is_web_address(text):
        raise typer.BadParameter(f"{text!r} is not a web address (write it in full: https://race.example/)")
    return text


BaseUrl = Annotated[
    str | None,
    shared_option(
        "--base-url",
        "OPENRACE_BASE_URL",
        "The address at which the site is served.",
        parser=_base_url,
        metavar="URL",
    ),
]
Contact = Annotated[
    str | None,
    shared_option(
        "--contact",
        "OPENRACE_CONTACT",
        "How readers, and operators of the sites that you crawl, can reach you.",
        metavar="ADDRESS",
    ),
]
Look = Annotated[
    Path | None,
    shared_option(
        "--look", "OPENRACE_LOOK", "Your own templates/ and static/, which replace the bundled ones."
    ),
]
Lang = Annotated[
    Literal["en", "zh"],
    shared_option("--lang", "OPENRACE_LANG", "The language of the site's own words; default: en."),
]
Marks = Annotated[
    Path | None,
    shared_option(
        "--marks",
        "OPENRACE_MARKS",
        "What people marked for ideas; default: `ideas-marks.toml` next to the database.",
    ),
]
Watches = Annotated[
    Path | None,
    shared_option(
        "--watches",
        "OPENRACE_WATCHES",
        "Your saved searches; default: `watches.toml` next to the database.",
    ),
]
AsJsonLines = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
Limit = Annotated[int, typer.Option("--limit", min=1, help="How many at most.")]


def day_option(text: str) -> Any:
    """Return an option that takes a day, as `read_day` reads it."""
    return typer.Option(metavar="DAY", help=f"{text} 2025-02-13, 2025-02, 7d, yesterday.", show_default=False)


def _network(text: str) -> Any:
    from ipaddress import ip_network

    try:
        return ip_network(text)
    except ValueError as error:
        raise typer.BadParameter(f"{error}; write 10.0.0.0/8") from None


Allow = Annotated[
    list[Any] | None,
    typer.Option(
        "--allow",
        parser=_network,
        metavar="NETWORK",
        help="Fetch from this network although it is not public.",
    ),
]
At = Annotated[
    str | None,
    shared_option(
        "--at",
        None,
        "Pretend that the current time is 2025-05-19 or 2025-05-19T04:00:00Z.",
        metavar="MOMENT",
    ),
]
Jobs = Annotated[int, typer.Option("--jobs", metavar="N", min=1, help="How many processes share the work.")]
Full = Annotated[bool, typer.Option("--full", help="Rebuild every page.")]


class SiteOptions(NamedTuple):
    """What the commands that make a site work on."""

    db: Database
    seeds: SeedsFolder = None
    to: SiteFolder = None
    corrections: Corrections = None
    base_url: BaseUrl = None
    contact: Contact = None
    look: Look = None
    lang: Lang = "en"

    @property
    def folder(self) -> Path:
        """Where the site goes."""
        return self.to or self.db.parent / "site"


def taking(options: Any) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make a command take an option for each field of `options`, a NamedTuple.

    It is handed them as its first argument: options that several commands share are written down once.
    """
    hints = get_type_hints(options, include_extras=True)
    defaults = dict.fromkeys(options._fields, Parameter.empty) | options._field_defaults
    shared = [
        Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=hints[name])
        for name, default in defaults.items()
    ]

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        own = [*signature(command, eval_str=True).parameters.values()][1:]
        both = [*(parameter.replace(kind=Parameter.KEYWORD_ONLY) for parameter in own), *shared]

        @wraps(command)
        def run(**given: Any) -> None:
            command(options(**{name: given.pop(name) for name in options._fields}), **given)

        run.__signature__ = Signature(both)  # type: ignore[attr-defined]  # where Typer looks
        run.__annotations__ = {parameter.name: parameter.annotation for parameter in both}
        return run

    return decorate


def clock_at(at: str | None) -> Callable[[], str]:
    """Return the clock that always tells `at`, or the real one. Raises BadParameter for what is no moment."""
    if at is None:
        return now
    from openrace.records import normalise_when

    try:
        when = normalise_when(at)
    except ValueError:
        problem = f"{at!r} is not a date or time (use 2025-05-19 or 2025-05-19T04:00:00Z)"
        raise typer.BadParameter(problem, param_hint="--at") from None
    moment = when if len(when) > 10 else f"{when}T00:00:00Z"
    return lambda: moment


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
