"""Ideas and what a person marked for them: `ideas.toml` and `ideas-marks.toml`.

    [ideas.commodity]                      # ideas.toml: bundled, the user's own over it
    name = "Free models make AI a commodity"
    definition = "…"
    not_when = "…"
    yes = ["…"]                            # examples in one's own words; against and no likewise

    [[mark]]                               # ideas-marks.toml, beside the database
    when = 2026-01-05
    idea = "commodity"
    label = "yes"                          # yes: voices it · against: argues the opposite · no: neither
    claim = "7895e28823ae"
    words = "…"                            # its wording and its article let it be found again after
    article = "0f3c…"                      # a better extractor has cut it differently
    by = "M. Sørensen"                     # who says so; shown on the page

Nothing here knows the store.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from pydantic import model_validator

from openrace.errors import ConfigError
from openrace.records import NonEmpty, Record, Slug, When
from openrace.resources import resource
from openrace.user_files.seed_files import TomlFile, overlay, present
from openrace.user_files.toml_tables import (
    append_table,
    read_text,
    record_of,
    remove_tables,
    tables_of,
    toml_value,
    write_atomically,
)

Label = Literal["yes", "against", "no"]


class Idea(Record):
    """One argument that different people make in different words; its examples teach the suggestions."""

    id: Slug
    name: NonEmpty
    definition: NonEmpty
    not_when: str | None = None
    yes: tuple[NonEmpty, ...] = ()
    against: tuple[NonEmpty, ...] = ()
    no: tuple[NonEmpty, ...] = ()

    @model_validator(mode="after")
    def _no_example_twice(self) -> Idea:
        seen: dict[str, str] = {}
        for label in ("yes", "against", "no"):
            for text in getattr(self, label):
                if text in seen:
                    raise ValueError(f"{text!r} stands under {seen[text]} and {label}")
                seen[text] = label
        return self


class Mark(Record):
    """What a person says of one claim and one idea. `where` is ``path:line``."""

    where: str
    when: When
    idea: Slug
    label: Label
    claim: NonEmpty
    words: str | None = None
    article: str | None = None
    by: str | None = None  # None: the person did not say who they are


def load_ideas(user_folder: Path | None = None) -> tuple[Idea, ...]:
    """Return the bundled ideas with the user's own laid over them.

    Raises ConfigError, naming file and line, for a file that cannot be read or contradicts itself.
    """
    folders = [resource("seeds"), *([user_folder] if user_folder else [])]
    return overlay([TomlFile(path) for path in present(folders, "ideas.toml")], "ideas", Idea)


def add_idea(folder: Path, idea_id: str, name: str, definition: str) -> Path:
    """Append a new idea to the user's own file; return its path. Raises ConfigError for one that is there."""
    path = folder / "ideas.toml"
    if not re.fullmatch(r"[\w-]+", idea_id, re.ASCII):
        raise ConfigError(path, f"{idea_id!r} cannot be an id", "use letters, digits and hyphens")
    before = read_text(path)
    if idea_id in {idea.id for idea in load_ideas(folder)}:
        raise ConfigError(path, f"there is an idea {idea_id!r} already", "choose another id")
    fields = {"name": name, "definition": definition, "yes": [], "against": [], "no": []}
    lines = "\n".join(f"{field} = {toml_value(value)}" for field, value in fields.items())
    gap = "\n" if before else ""
    write_atomically(path, f"{before}{gap}[ideas.{idea_id}]\n{lines}\n")
    load_ideas(folder)
    return path


def marks_path(database: Path, given: Path | None = None) -> Path:
    """Return where the marks for `database` are kept: the file that is given, else one next to it."""
    return given or database.with_name("ideas-marks.toml")


def load_marks(path: Path, ideas: Iterable[Idea]) -> tuple[Mark, ...]:
    """Return the marks in `path`, none where there is no such file.

    Raises ConfigError naming the line of a mark that cannot be read, names no idea or contradicts another.
    """
    marks = _parse(read_text(path), path)
    known = {idea.id for idea in ideas}
    for mark in marks:
        if mark.idea not in known:
            raise ConfigError(mark.where, f"there is no idea {mark.idea!r}", "openrace ideas list names them")
    return marks


def add_mark(path: Path, fields: dict[str, Any]) -> None:
    """Append a mark to `path`; an earlier one of the same claim and idea goes. Raises ConfigError."""
    if path.exists():
        remove_mark(path, fields["idea"], fields["claim"])
    append_table(path, "mark", fields, _parse)


def remove_mark(path: Path, idea: str, claim: str) -> bool:
    """Take the mark of `claim` for `idea` out of `path`; whether there was one."""
    return path.exists() and bool(
        remove_tables(path, "mark", lambda mark: (mark.get("idea"), mark.get("claim")) == (idea, claim))
    )


def _parse(text: str, path: Path) -> tuple[Mark, ...]:
    marks = tuple(record_of(Mark, table, where) for where, table in tables_of(text, path, "mark"))
    said: dict[tuple[str, str], Mark] = {}
    for mark in marks:
        other = said.setdefault((mark.idea, mark.claim), mark)
        if other is not mark:
            problem = "contradicts" if other.label != mark.label else "repeats"
            raise ConfigError(mark.where, f"{problem} {other.where}", "keep one of them")
    return marks
