"""`seeds/*` → records: what is crawled, who speaks, what the topic is. The user's own files lie over them.

    feeds.opml    feeds and outlets, by country and kind
    people.toml   people and organisations
    topics.toml   topics (weighted terms) and beats (organisations that the site shows together)

A user's folder may hold any of the three. A record of theirs replaces the bundled one with the same id
(feeds: the same address); what they drop is left out, `ALL` of it if they like. Nothing else in openrace
names a country, a person or a subject: change these files and it observes another race.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from openrace.crawl_records import Feed
from openrace.errors import ConfigError
from openrace.records import Outlet, Record
from openrace.resources import resource
from openrace.seed_records import Beat, Organisation, Person, Topic
from openrace.user_files.opml import ALL, Outline, read_opml
from openrace.user_files.toml_tables import parse_toml, read_text, validated

R = TypeVar("R", bound=Record)
Table = Mapping[str, Any]


class Seeds(Record):
    """All seeds, bundled and the user's own, in the order of the files."""

    feeds: tuple[Feed, ...]
    outlets: tuple[Outlet, ...]
    people: tuple[Person, ...]
    organisations: tuple[Organisation, ...]
    topics: tuple[Topic, ...]
    beats: tuple[Beat, ...]

    def persons_on(self, sides: Sequence[str]) -> tuple[str, ...]:
        """Return the ids of everybody on one of these beats (their ids or names). Raises ConfigError."""
        wanted = {side.lower() for side in sides}
        beats = [beat for beat in self.beats if wanted & {beat.id, beat.name.lower()}]
        if not beats:
            names = ", ".join(beat.id for beat in self.beats)
            raise ConfigError(f"side:{sides[0]}", "there is no such side", f"write one of {names}")
        homes = {o.id for o in self.organisations if any(beat.holds(o) for beat in beats)}
        return (*sorted(homes), *(p.id for p in self.people if p.organisation in homes))


def load_seeds(user_folder: Path | None = None) -> Seeds:
    """Return the bundled seeds with the files of `user_folder` laid over them.

    Raises ConfigError, naming file and line, for a file that cannot be read or contradicts itself.
    """
    if user_folder is not None and not user_folder.is_dir():
        raise ConfigError(user_folder, "is no folder", "give the folder that holds your seed files")
    folders = [resource("seeds"), *([user_folder] if user_folder else [])]
    outlines = _overlay_outlines(read_opml(path) for path in present(folders, "feeds.opml"))
    people = [TomlFile(path) for path in present(folders, "people.toml")]
    topics = [TomlFile(path) for path in present(folders, "topics.toml")]
    seeds = Seeds(
        feeds=_overlay_feeds(outlines),
        outlets=_merge_outlets(outlines),
        people=overlay(people, "people", Person),
        organisations=overlay(people, "organisations", Organisation),
        topics=overlay(topics, "topics", Topic, _with_facets),
        beats=overlay(topics, "beats", Beat),
    )
    seeds = _let_go(seeds, people, topics)
    _check_references(seeds, people, topics)
    return seeds


def present(folders: Iterable[Path], name: str) -> list[Path]:
    """Return the files called `name` that there are in `folders`."""
    return [folder / name for folder in folders if (folder / name).is_file()]


def _overlay_outlines(files: Iterable[list[Outline]]) -> list[Outline]:
    """Return the outlines of all `files`; one that drops `ALL` takes away what the files before it hold."""
    laid: list[Outline] = []
    for outlines in files:
        if any(outline.dropped and outline.feed_url == ALL for outline in outlines):
            laid.clear()
        laid += (outline for outline in outlines if outline.feed_url != ALL)
    return laid


def _overlay_feeds(outlines: Iterable[Outline]) -> tuple[Feed, ...]:
    feeds: dict[str, Feed] = {}
    for outline in outlines:
        if outline.feed_url is None:
            continue
        if outline.dropped:
            feeds.pop(outline.feed_url, None)
        else:
            feeds[outline.feed_url] = outline.to_feed(outline.feed_url)
    return tuple(feeds.values())


def _merge_outlets(outlines: Iterable[Outline]) -> tuple[Outlet, ...]:
    """One outlet for each domain; what a later outline knows of it replaces what an earlier one said."""
    outlets: dict[str, Outlet] = {}
    for outline in outlines:
        new = outline.to_outlet()
        old = outlets.get(new.domain, new)
        outlets[new.domain] = old.model_copy(update=new.model_dump(exclude_none=True))
    return tuple(outlets.values())


class TomlFile:
    """A TOML file that knows on which line each of its records stands."""

    def __init__(self, path: Path) -> None:
        self.path, self.text = path, read_text(path)
        self.tables: Table = parse_toml(self.text, path)

    def where(self, section: str, key: str) -> str:
        """Return ``path:line`` of record `key` of `section`, however it is written; else the path."""
        name = rf"""["']?{re.escape(key)}["']?"""
        header = re.compile(rf"\s*\[\s*{section}\s*(?:\.\s*{name})?\s*[\].]")
        inside = False
        for number, line in enumerate(self.text.splitlines(), 1):
            if re.match(rf"\s*\[\s*{section}\s*\.\s*{name}\s*[\].]", line) or (
                inside and re.match(rf"\s*{name}\s*[=.]", line)
            ):
                return f"{self.path}:{number}"
            if line.lstrip().startswith("["):
                inside = bool(header.match(line))
        return str(self.path)

    def ids(self, section: str) -> set[str]:
        """Return the ids of the records of `section`."""
        return {key for key, _ in self.records(section)}

    def records(self, section: str) -> Iterator[tuple[str, Table]]:
        """Yield each id and table of `section`. Raises ConfigError where it holds something else."""
        tables = self.tables.get(section, {})
        if not isinstance(tables, dict):
            raise ConfigError(self.path, f"[{section}] must be a table of records")
        for key, table in tables.items():
            if not isinstance(table, dict):
                raise ConfigError(self.where(section, key), f"{key} must be a table, not {table!r}")
            yield key, table

    @property
    def dropped(self) -> frozenset[str]:
        """The ids that this file takes away, or `ALL`."""
        ids = self.tables.get("drop", [])
        if not isinstance(ids, list) or not all(isinstance(item, str) for item in ids):
            raise ConfigError(self.path, "drop must be a list of ids")
        return frozenset(ids)


def overlay(
    files: Sequence[TomlFile], section: str, make: type[R], prepare: Callable[[Table], Table] = dict
) -> tuple[R, ...]:
    """Return the records of `section` in all `files`, later ones over earlier ones. Raises ConfigError."""
    records: dict[str, R] = {}
    for file in files:
        for key in list(records) if ALL in file.dropped else file.dropped & records.keys():
            del records[key]
        for key, table in file.records(section):
            records[key] = validated(make, {"id": key, **prepare(table)}, file.where(section, key))
    return tuple(records.values())


def _with_facets(table: Table) -> Table:
    """Return a topic's table with its facets, which TOML writes as tables by name, as a list."""
    facets = table.get("facets")
    if not isinstance(facets, dict) or not all(isinstance(facet, dict) for facet in facets.values()):
        return table
    named = [{"name": name, **facet, "terms": _pairs(facet.get("terms"))} for name, facet in facets.items()]
    return {**table, "facets": named}


def _pairs(terms: object) -> object:
    return tuple(terms.items()) if isinstance(terms, dict) else terms


def _let_go(seeds: Seeds, people: Sequence[TomlFile], topics: Sequence[TomlFile]) -> Seeds:
    """Return `seeds` without references to organisations that the user dropped."""
    gone = people[0].ids("organisations") - {organisation.id for organisation in seeds.organisations}
    own = {key for file in people[1:] for key in file.ids("people")}
    own |= {key for file in topics[1:] for key in file.ids("beats")}

    def still_there(record: Person | Beat, organisations: Iterable[str | None]) -> tuple[str, ...]:
        return tuple(name for name in organisations if name and (name not in gone or record.id in own))

    freed = [
        person.model_copy(
            update={"organisation": next(iter(still_there(person, [person.organisation])), None)}
        )
        for person in seeds.people
    ]
    beats = [
        beat.model_copy(update={"organisations": still_there(beat, beat.organisations)})
        for beat in seeds.beats
    ]
    return seeds.model_copy(update={"people": tuple(freed), "beats": tuple(beats)}) if gone else seeds


def _check_references(seeds: Seeds, people: Sequence[TomlFile], topics: Sequence[TomlFile]) -> None:
    """Raises ConfigError for an organisation that a person or beat names and no file holds."""
    known = {organisation.id for organisation in seeds.organisations}
    for person in seeds.people:
        if person.organisation and person.organisation not in known:
            _refuse_reference(people, "people", person.id, person.organisation)
    for beat in seeds.beats:
        for missing in sorted(set(beat.organisations) - known):
            _refuse_reference(topics, "beats", beat.id, missing)


def _refuse_reference(files: Sequence[TomlFile], section: str, key: str, missing: str) -> None:
    holder = next(file for file in reversed(files) if key in file.tables.get(section, {}))
    raise ConfigError(
        holder.where(section, key), f"there is no organisation {missing!r}", "add it to [organisations]"
    )
