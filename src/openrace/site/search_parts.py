"""What statements are found by: the parts of the search, the data, and the site map, each made by itself.

search/segments.js, search/2026-11-01.1.js, search/lex/2026.1/op.js     search_index.py says what they hold
statements/2026-11-01.1.json                                            the same statements for programs
sitemap.xml ─▶ sitemap/pages.xml, sitemap/2026-11.1.xml                 https://www.sitemaps.org/protocol.html
"""

from __future__ import annotations

import json
import re
import sqlite3
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any
from xml.sax.saxutils import escape

from pydantic_core import from_json

from openrace.scripts import has_han
from openrace.site.family_line import FamilyLine
from openrace.site.family_pages import data_of_family
from openrace.site.index_queries import SiteQueries
from openrace.site.lookup_tables import Country
from openrace.site.name_lookup import NameLookup
from openrace.site.page_addresses import FOLDING, MAP, MAP_OF_PAGES, MONTH, SEARCH_START
from openrace.site.page_data import data_of, facts_of
from openrace.site.search_index import (
    Findable,
    Places,
    blocks,
    places_of,
    segments,
    write_block,
    write_folding,
    write_lexicon,
    write_segment,
    write_start,
)
from openrace.site.site_index import SiteIndex
from openrace.site.structured_data import absolute
from openrace.site.templating import write_json

PER_MAP = 50_000  # addresses, as the protocol allows
LEAST_ALIAS = 3  # code points of a name, written without spaces, that is looked for inside words: 奥尔特曼


class _SearchTextReader:
    """Reads statements as the search needs them."""

    def __init__(self, queries: SiteQueries) -> None:
        self._queries, self._aliases = queries, _Aliases(queries.names)

    def read(self, families: Sequence[str]) -> list[Findable]:
        """Return these statements; those that are gone are left out."""
        query = "SELECT key FROM families WHERE id = ?"
        rows = (self._queries.db.execute(query, (family,)).fetchone() for family in families)
        kept = [row["key"] for row in rows if row]
        outlets = self._outlets(kept)
        return [
            self._findable(line, outlets[key])
            for key, line in zip(kept, self._queries.lines_of(kept), strict=True)
        ]

    def _findable(self, line: FamilyLine, outlets: Sequence[str]) -> Findable:
        names = self._aliases.names_of(line.speaker, line.text)
        carried = tuple(filter(None, map(self._queries.outlet, outlets)))
        return Findable(line, names, carried, self._queries.sides_of(line.speaker))

    def _outlets(self, keys: Sequence[int]) -> Mapping[int, list[str]]:
        """Return the outlets of each of these families, in order."""
        query = (
            "SELECT DISTINCT r.family, o.slug FROM reports r JOIN outlets o ON o.key = r.outlet"
            " WHERE r.family IN (SELECT value FROM json_each(?)) ORDER BY 1, 2"
        )
        found: defaultdict[int, list[str]] = defaultdict(list)
        for row in self._queries.db.execute(query, (json.dumps(keys),)):
            found[row["family"]].append(row["slug"])
        return found


class _Aliases:
    """The names of the directory in all their spellings: Altman finds 奥尔特曼."""

    def __init__(self, names: NameLookup) -> None:
        self._of_speaker: dict[str, str] = {}
        self._of_alias: dict[str, str] = {}
        for speaker in names.speakers.values():
            record = speaker.person or speaker.organisation
            spellings = (speaker.name, *(record.aliases if record else ()), *speaker.also)
            self._of_speaker[speaker.key] = " ".join(spellings)
            for alias in spellings:
                if has_han(alias) and len(alias) >= LEAST_ALIAS:
                    self._of_alias[alias] = speaker.name
        for name, spellings in names.also.items():
            if name not in names.speakers and (found := names.speaker(None, name)):
                self._of_speaker[found.key] = " ".join(spellings)

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        longest = sorted(self._of_alias, key=lambda alias: (-len(alias), alias))
        return re.compile("|".join(map(re.escape, longest))) if longest else None

    def names_of(self, speaker: str, text: str) -> str:
        """Return the spellings of a speaker's name, and the names of those whom a Chinese text speaks of."""
        found = [self._of_speaker.get(speaker, "")]
        if self._pattern and not text.isascii():
            found += [self._of_alias[alias] for alias in dict.fromkeys(self._pattern.findall(text))]
        return " ".join(found)


def update_segments(index: SiteIndex, queries: SiteQueries) -> None:
    """Bring the segments of the touched months up to date, and touch the files that follow from them."""
    db, before, reader = index.db, _blocks(index.db), _SearchTextReader(queries)
    rows = db.execute("DELETE FROM dirty WHERE address GLOB ? RETURNING address", (f"{MONTH}*",)).fetchall()
    changed: dict[str, set[str]] = {}  # by segment: the shards where its words are others now
    for row in rows:
        changed |= _update_month(db, row["address"].removeprefix(MONTH), reader)
    index.dirty.touch(f"search/{name}" for name in changed)
    for name in changed:
        index.dirty.touch([f"statements/{name}"], _last_day(db, name))
    after = _blocks(db)
    for block in before.keys() | after.keys():
        was, now = before.get(block, []), after.get(block, [])
        shards = set[str]().union(*(changed.get(name, ()) for name in now))
        if was == now[: len(was)]:
            shards |= _shards_of(db, now[len(was) :])
        else:  # a segment came before others or went: they have other numbers now
            shards |= _shards_of(db, now) | _written(db, block)
        index.dirty.touch(f"search/lex/{block}/{shard}" for shard in shards)
        if was != now or any(name in changed for name in now):
            index.dirty.touch([f"search/block/{block}"])
    if changed:
        index.dirty.touch([SEARCH_START])


def _last_day(db: sqlite3.Connection, segment: str) -> str:
    """Return the last day of a segment's families: it is made after their pages, while they are in memory."""
    row = db.execute("SELECT families FROM segments WHERE name = ?", (segment,)).fetchone()
    families = json.loads(row["families"]) if row else []
    last = families and db.execute("SELECT day FROM families WHERE id = ?", (families[-1],)).fetchone()
    return f"{last['day']}~" if last else ""


def _update_month(db: sqlite3.Connection, month: str, reader: _SearchTextReader) -> dict[str, set[str]]:
    """Note the segments of a month; of those that changed or went, return the shards that may differ."""
    when = "iif(at = '', seen, at)"
    first, last = ("", "") if month == "0000-00" else (month, f"{month}~")
    columns, order = f"substr({when}, 1, 10), id, version", f"ORDER BY {when}, id"
    query = f"SELECT {columns} FROM families WHERE day BETWEEN ? AND ? {order}"
    statements = [tuple(row) for row in db.execute(query, (first, last))]
    now = {segment.name: segment for segment in segments(month, statements)}
    rows = db.execute("SELECT name, version FROM segments WHERE name GLOB ?", (f"{month}*",))
    known = {row["name"]: row["version"] for row in rows}
    changed = {}
    for name in known.keys() - now.keys():
        changed[name] = set(_places(db, name))
        db.execute("DELETE FROM segments WHERE name = ?", (name,))
    for name, segment in now.items():
        if known.get(name) != segment.version:
            before, places = _places(db, name), places_of(reader.read(segment.families))
            changed[name] = {s for s in before.keys() | places.keys() if before.get(s) != places.get(s)}
            packed = zlib.compress(json.dumps(places, ensure_ascii=False, separators=(",", ":")).encode(), 6)
            row = (name, segment.version, json.dumps(segment.families), packed)
            db.execute("INSERT OR REPLACE INTO segments VALUES (?, ?, ?, ?)", row)
    return changed


def _places(db: sqlite3.Connection, segment: str) -> Places:
    row = db.execute("SELECT words FROM segments WHERE name = ?", (segment,)).fetchone()
    found: Places = json.loads(zlib.decompress(row["words"])) if row else {}
    return found


def _blocks(db: sqlite3.Connection) -> dict[str, list[str]]:
    return blocks(row["name"] for row in db.execute("SELECT name FROM segments"))


def _shards_of(db: sqlite3.Connection, names: Iterable[str]) -> set[str]:
    """Return the shards where words of these segments are."""
    return {shard for name in names for shard in _places(db, name)}


def _written(db: sqlite3.Connection, block: str) -> set[str]:
    """Return the shards that a block has lexicons of."""
    start = f"search/lex/{block}/"
    rows = db.execute("SELECT address FROM parts WHERE address GLOB ?", (f"{start}*",))
    return {row["address"].removeprefix(start) for row in rows}


class SearchParts:
    """Makes the files of these parts from what the index has."""

    def __init__(
        self, index: SiteIndex, queries: SiteQueries, base_url: str | None, countries: Mapping[str, Country]
    ) -> None:
        self._db, self._queries, self._base_url = index.db, queries, base_url
        self._countries, self._reader = countries, _SearchTextReader(queries)
        self._blocks = _blocks(index.db)
        self._held: tuple[str, list[Places]] = (
            "",
            [],
        )  # the words of the block whose lexicons were made last

    def files(self, address: str) -> dict[str, bytes]:
        """Return the files of the part at `address`; none where there is none any more."""
        folder, _, name = address.partition("/")
        if address == SEARCH_START:
            shards = {block: _written(self._db, block) for block in self._blocks}
            return {SEARCH_START: write_start(self._blocks, shards)}
        if address == FOLDING:
            return {FOLDING: write_folding()}
        if folder == "statements":
            return self._data(address, name)
        if folder == "search":
            return self._search(address, name)
        if not self._base_url or not address.startswith("sitemap"):  # the protocol asks for whole addresses
            return {}
        if address == MAP:
            return {MAP: self._list_of_maps()}
        return self._maps(name, list(self._pages() if address == MAP_OF_PAGES else self._places_in(name)))

    def _search(self, address: str, name: str) -> dict[str, bytes]:
        if name.startswith("lex/"):
            return self._lexicon(address, *name.split("/")[1:])
        if name.startswith("block/"):
            segments = [self._families(s) for s in self._blocks.get(name.removeprefix("block/"), ())]
            lines = [[it.line for it in self._reader.read(families)] for families in segments]
            return {f"{address}.js": write_block(name.removeprefix("block/"), lines)} if segments else {}
        families = self._families(name)
        return {f"{address}.js": write_segment(name, self._reader.read(families))} if families else {}

    def _families(self, segment: str) -> list[str]:
        row = self._db.execute("SELECT families FROM segments WHERE name = ?", (segment,)).fetchone()
        return json.loads(row["families"]) if row else []

    def _lexicon(self, address: str, block: str, shard: str) -> dict[str, bytes]:
        if self._held[0] != block:
            self._held = (block, [_places(self._db, name) for name in self._blocks.get(block, ())])
        held = [(number, words[shard]) for number, words in enumerate(self._held[1]) if shard in words]
        return {f"{address}.js": write_lexicon(f"{block}/{shard}", held)} if held else {}

    def _data(self, address: str, segment: str) -> dict[str, bytes]:
        """Return the statements of a segment as data; families with a page have all that it tells."""
        families = self._families(segment)
        if not families:
            return {}
        lines = [it.line for it in self._reader.read(families)]
        views = self._queries.views([line.family for line in lines if line.has_page])
        rows = [data_of_family(views[it.family]) if it.family in views else facts_of(it) for it in lines]
        return {f"{address}.json": write_json(data_of("statements", segment=segment, statements=rows))}

    def _pages(self) -> list[str]:
        query = "SELECT files FROM parts WHERE address NOT GLOB 'q/*' AND address NOT GLOB 'a/*'"
        rows = self._db.execute(query).fetchall()
        names = (name for row in rows for name in from_json(row["files"]))
        return [name.removesuffix("index.html") for name in names if name.endswith("index.html")]

    def _places_in(self, month: str) -> list[str]:
        first, last = ("", "") if month == "0000-00" else (month, f"{month}~")
        query = (
            "SELECT 'q/' || slug || '/' FROM families WHERE has_page AND day BETWEEN ?1 AND ?2 UNION "
            "SELECT DISTINCT 'a/' || a.slug || '/' FROM reports r JOIN articles a ON a.key = r.article"
            " WHERE r.day BETWEEN ?1 AND ?2"
        )
        return [row[0] for row in self._db.execute(query, (first, last))]

    def _maps(self, name: str, pages: list[str]) -> dict[str, bytes]:
        pages.sort()
        parts = [pages[start : start + PER_MAP] for start in range(0, len(pages), PER_MAP)]
        return {
            f"sitemap/{name}.{n}.xml": self._xml("urlset", "url", part) for n, part in enumerate(parts, 1)
        }

    def _list_of_maps(self) -> bytes:
        rows = self._db.execute("SELECT files FROM parts WHERE address GLOB 'sitemap/*'").fetchall()
        return self._xml(
            "sitemapindex", "sitemap", sorted(f for row in rows for f in from_json(row["files"]))
        )

    def _xml(self, root: str, element: str, addresses: list[Any]) -> bytes:
        places = (escape(absolute(self._base_url, address) or "") for address in addresses)
        lines = [f"<{element}><loc>{place}</loc></{element}>" for place in places]
        head = f'<?xml version="1.0" encoding="utf-8"?>\n<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        return "\n".join([head, *lines, f"</{root}>", ""]).encode()
