"""The tables beside the templates: names of countries with their marks in charts, and measured accuracy.

Where the user's own folder has a file of the same name, its entries lie over the bundled ones.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from openrace.errors import ConfigError
from openrace.site.snapshot import Accuracy

MARKS = ("dot", "diamond", "square", "triangle", "cross", "other")


class Country(NamedTuple):
    """A country's name in the site's language and the mark of its outlets in charts."""

    name: str
    mark: str


def read_countries(folders: Iterable[Path], gettext: Callable[[str], str]) -> dict[str, Country]:
    """Countries by ISO 3166-1 alpha-2 code, from `countries.toml` in `folders`, the user's own first.

    Their names are put through `gettext`.
    """
    found: dict[str, Country] = {}
    for folder in reversed(list(folders)):
        found |= _countries(folder / "countries.toml")
    return {code: country._replace(name=gettext(country.name)) for code, country in found.items()}


def read_accuracy(folders: Iterable[Path], gettext: Callable[[str], str]) -> tuple[Accuracy, ...]:
    """Return the figures of the first `accuracy.toml` in `folders`, their words put through `gettext`."""
    for path in (folder / "accuracy.toml" for folder in folders):
        if path.is_file():
            try:
                rows = [{key: gettext(text) for key, text in row.items()} for row in _load(path)["measured"]]
                return tuple(map(Accuracy.model_validate, rows))
            except (KeyError, TypeError, ValueError) as error:
                raise ConfigError(
                    path, f"no table of figures: {error}", "write [[measured]] entries"
                ) from error
    return ()


def _load(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ConfigError(path, f"not TOML: {error}", "mend the line") from error


def _countries(path: Path) -> dict[str, Country]:
    if not path.is_file():
        return {}
    try:
        known = {
            code: Country(entry["name"], entry.get("mark", "other")) for code, entry in _load(path).items()
        }
    except (TypeError, KeyError, AttributeError) as error:
        raise ConfigError(
            path, f"not a table of countries: {error}", 'write e.g. XX = {name = "…"}'
        ) from error
    for code, country in known.items():
        if country.mark not in MARKS:
            raise ConfigError(
                path, f"{code} has the mark {country.mark!r}", f"choose one of {', '.join(MARKS)}"
            )
    return known
