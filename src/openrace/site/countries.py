"""The names of countries and the marks that stand for them in charts, from `templates/countries.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from openrace.errors import ConfigError

MARKS = ("dot", "diamond", "square", "triangle", "cross", "other")


class Country(NamedTuple):
    """A country's name in the site's language and the mark of its outlets in charts."""

    name: str
    mark: str


def read_countries(folders: Iterable[Path]) -> dict[str, Country]:
    """Countries by ISO 3166-1 alpha-2 code; files of earlier `folders` lie over those of later ones."""
    found: dict[str, Country] = {}
    for folder in reversed(list(folders)):
        path = folder / "countries.toml"
        if path.is_file():
            found |= _read(path)
    return found


def _read(path: Path) -> dict[str, Country]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        known = {code: Country(entry["name"], entry.get("mark", "other")) for code, entry in table.items()}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, TypeError, KeyError, AttributeError) as error:
        raise ConfigError(
            path, f"not a table of countries: {error}", 'write e.g. XX = {name = "…"}'
        ) from error
    for code, country in known.items():
        if country.mark not in MARKS:
            raise ConfigError(
                path, f"{code} has the mark {country.mark!r}", f"choose one of {', '.join(MARKS)}"
            )
    return known
