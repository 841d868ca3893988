"""A list of TOML tables, written by hand and by commands: read with its lines, appended to, cut from.

What a person wrote in it (comments, order, spelling) stays as it is.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from openrace.atomic_write import draft_of
from openrace.errors import ConfigError, reason
from openrace.records import Record

R = TypeVar("R", bound=Record)
Parse = Callable[[str, Path], object]  # raises ConfigError for a text that is not right


def read_text(path: Path) -> str:
    """Return the text of `path`, "" where there is no such file. Raises ConfigError."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(path, f"cannot be read: {reason(error)}") from error


def parse_toml(text: str, path: Path) -> dict[str, Any]:
    """Return the tables of `text`. Raises ConfigError naming the line that is not TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise ConfigError(f"{path}:{line[1]}" if line else path, f"is not TOML: {error}") from error


def tables_of(text: str, path: Path, name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each ``[[name]]`` table with its place, ``path:line``. Raises ConfigError for anything else."""
    found = parse_toml(text, path)
    if unknown := found.keys() - {name}:
        raise ConfigError(path, f"holds {', '.join(sorted(unknown))}", f"write [[{name}]] tables only")
    entries = found.get(name, [])
    if not isinstance(entries, list):
        raise ConfigError(path, f"{name} must be a list of tables", f"write [[{name}]] above each")
    lines = [number for number, _ in _heads(text, name)]
    places = [f"{path}:{n}" for n in lines] if len(lines) == len(entries) else [str(path)] * len(entries)
    yield from zip(places, entries, strict=True)


def _heads(text: str, name: str) -> Iterator[tuple[int, str]]:
    head = re.compile(rf"\s*\[\[\s*{name}\s*\]\]")
    return ((n, line) for n, line in enumerate(text.splitlines(), 1) if head.match(line))


def record_of(make: type[R], table: Mapping[str, Any], where: str) -> R:
    """Return the record that a table describes, its place in `where`. Raises ConfigError naming the field."""
    try:
        fields = {name: plain(value) for name, value in table.items()}
        return validated(make, {"where": where, **fields}, where)
    except (ValueError, TypeError, AttributeError) as error:
        raise ConfigError(where, str(error)) from error


def validated(make: type[R], fields: Mapping[str, Any], where: str) -> R:
    """Return the record of these fields. Raises ConfigError naming the first field that is not right."""
    try:
        return make.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        field, problem = ".".join(map(str, first["loc"])), first["msg"].removeprefix("Value error, ")
        raise ConfigError(where, f"{field}: {problem}" if field else problem) from error


def plain(value: Any) -> Any:
    """Return a TOML date or time as ISO 8601 text; anything else as it is."""
    return value.isoformat() if isinstance(value, date | datetime) else value


def append_table(path: Path, name: str, fields: Mapping[str, Any], parse: Parse) -> None:
    """Append a table to `path`, which stays as it was where `parse` would refuse it. Raises ConfigError."""
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    parse(before.removeprefix("\ufeff"), path)  # what was wrong before is reported with its line
    lines = "\n".join(f"{field} = {toml_value(value)}" for field, value in fields.items() if value)
    gap = "\n" if before else ""
    text = f"{before}{gap}[[{name}]]\n{lines}\n"
    try:
        parse(text.removeprefix("\ufeff"), path)
    except ConfigError as error:
        raise ConfigError(path, f"stays as it was: this {error.problem}", error.remedy) from error
    write_atomically(path, text)


def remove_tables(path: Path, name: str, wanted: Callable[[Mapping[str, Any]], bool]) -> int:
    """Cut the tables that are `wanted` from `path`, the rest letter by letter as it was; return how many."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    places = [number - 1 for number, _ in _heads(text, name)]
    entries = [entry for _, entry in tables_of(text.removeprefix("\ufeff"), path, name)]
    if len(places) != len(entries):
        raise ConfigError(path, f"has {name} tables that are not written as [[{name}]]", "edit it by hand")
    ends = [*places[1:], len(lines)][: len(places)]
    cut = [
        slice(begin, end) for begin, end, entry in zip(places, ends, entries, strict=True) if wanted(entry)
    ]
    for part in reversed(cut):
        del lines[part]
    if cut:
        write_atomically(path, "".join(lines))
    return len(cut)


def write_atomically(path: Path, text: str) -> None:
    """Write `text` to `path`, all of it or nothing. Raises ConfigError."""
    try:
        with draft_of(path) as draft:
            draft.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(path, f"cannot be written: {reason(error)}") from error


def toml_value(value: Any) -> str:
    """Return `value` in TOML; JSON's strings and lists are TOML's too, DEL apart."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return value
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
