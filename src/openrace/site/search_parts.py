"""What pages are found by: the parts of the search and of the site map, each made by itself.

search/segments.js, search/2026-11-01.1.js, search/lex/2026.1/op.js     search_index.py says what they hold
sitemap.xml ─▶ sitemap/pages.xml, sitemap/2026-11.1.xml                 https://www.sitemaps.org/protocol.html
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from pydantic_core import from_json

from openrace.site.index_queries import Almanac
from openrace.site.lookup_tables import Country
from openrace.site.page_addresses import BEGIN, MAP, MAP_OF_PAGES, MONTH, is_page
from openrace.site.search_index import (
    Row,
    blocks,
    segments,
    words_of,
    write_begin,
    write_lexicon,
    write_row,
    write_segment,
)
from openrace.site.site_index import Catalogue
from openrace.site.structured_data import absolute

PER_MAP = 50_000  # addresses, as the protocol allows


def months_touched(catalogue: Catalogue) -> list[str]:
    """The months whose search segments may be others now; they are no longer stale after this."""
    rows = catalogue.db.execute("DELETE FROM stale WHERE address GLOB ? RETURNING address", (f"{MONTH}*",))
    return [row["address"].removeprefix(MONTH) for row in rows.fetchall()]


def index_words(catalogue: Catalogue, almanac: Almanac) -> None:
    """Bring the words of the touched months up to date, and touch the files that follow from them."""
    db, before = catalogue.db, _blocks(catalogue.db)
    changed: dict[str, set[str]] = {}  # by segment: the shards where its words are others now
    for month in months_touched(catalogue):
        changed |= _index_month(db, month, almanac)
    catalogue.touch(f"search/{name}" for name in changed)
    after = _blocks(db)
    for block in before.keys() | after.keys():
        was, now = before.get(block, []), after.get(block, [])
        shards = set().union(*(changed.get(name, ()) for name in now))
        if was == now[: len(was)]:
            shards |= _needed(db, now[len(was) :])
        else:  # a segment came before others or went: they have other bits now
            shards |= _needed(db, now) | _written(db, block)
        catalogue.touch(f"search/lex/{block}/{shard}" for shard in shards)
    if changed:
        catalogue.touch((BEGIN,))


def _index_month(db: sqlite3.Connection, month: str, almanac: Almanac) -> dict[str, set[str]]:
    """Note the segments of a month; of those that changed or went, the shards that may differ."""
    when = "iif(at = '', seen, at)"
    query = (
        f"SELECT substr({when}, 1, 10), family, version FROM utterances WHERE month = ? ORDER BY {when}, key"
    )
    statements = [tuple(row) for row in db.execute(query, (month,))]
    now = {segment.name: segment for segment in segments(month, statements)}
    rows = db.execute("SELECT name, version FROM segments WHERE name GLOB ?", (f"{month}*",))
    known = {row["name"]: row["version"] for row in rows}
    changed = {}
    for name in known.keys() - now.keys():
        changed[name] = _index(db, name, {})
        db.execute("DELETE FROM segments WHERE name = ?", (name,))
    for name, segment in now.items():
        if known.get(name) != segment.version:
            changed[name] = _index(db, name, words_of(_rows(segment.families, almanac)))
            row = (name, segment.version, json.dumps(segment.families))
            db.execute("INSERT OR REPLACE INTO segments VALUES (?, ?, ?)", row)
    return changed


def _rows(families: Sequence[str], almanac: Almanac) -> list[Row]:
    almanac.deck.fetch(families)
    cards = (almanac.card(family, "search", write_row) for family in families)
    return [Row(*from_json(card)) for card in cards if card]


def _index(db: sqlite3.Connection, segment: str, words: Mapping[str, str]) -> set[str]:
    """Note that `segment` holds just `words`; the shards where that is new."""
    before = dict(map(tuple, db.execute("SELECT shard, words FROM terms WHERE segment = ?", (segment,))))
    changed = {name for name in before.keys() | words.keys() if before.get(name) != words.get(name)}
    gone = [(segment, name) for name in sorted(changed - words.keys())]
    db.executemany("DELETE FROM terms WHERE segment = ? AND shard = ?", gone)
    came = [(segment, name, words[name]) for name in sorted(changed & words.keys())]
    db.executemany("INSERT OR REPLACE INTO terms VALUES (?, ?, ?)", came)
    return changed


def _blocks(db: sqlite3.Connection) -> dict[str, list[str]]:
    return blocks(row["name"] for row in db.execute("SELECT name FROM segments"))


def _needed(db: sqlite3.Connection, names: Iterable[str]) -> set[str]:
    """The shards where words of these segments stand."""
    query = "SELECT shard FROM terms WHERE segment = ?"
    return {row["shard"] for name in names for row in db.execute(query, (name,))}


def _written(db: sqlite3.Connection, block: str) -> set[str]:
    """The shards that a block has lexicons of."""
    start = f"search/lex/{block}/"
    rows = db.execute("SELECT address FROM parts WHERE address GLOB ?", (f"{start}*",))
    return {row["address"].removeprefix(start) for row in rows}


class Finding:
    """Makes the files of these parts from what the catalogue has."""

    def __init__(
        self, catalogue: Catalogue, almanac: Almanac, base_url: str | None, countries: Mapping[str, Country]
    ) -> None:
        self._db, self._almanac = catalogue.db, almanac
        self._base_url, self._countries = base_url, countries
        self._blocks = _blocks(catalogue.db)

    def files(self, address: str) -> dict[str, bytes]:
        """The files of the part at `address`; none where there is none any more."""
        folder, _, name = address.partition("/")
        if folder == "search":
            return self._search(address, name)
        if not self._base_url:  # the protocol asks for whole addresses
            return {}
        if address == MAP:
            return {MAP: self._list_of_maps()}
        return self._maps(name, list(self._pages() if address == MAP_OF_PAGES else self._quotes(name)))

    def _search(self, address: str, name: str) -> dict[str, bytes]:
        if address == BEGIN:
            return {BEGIN: self._begin()}
        if name.startswith("lex/"):
            return self._lexicon(address, *name.split("/")[1:])
        row = self._db.execute("SELECT families FROM segments WHERE name = ?", (name,)).fetchone()
        if row is None:
            return {}
        return {f"{address}.js": write_segment(name, _rows(json.loads(row["families"]), self._almanac))}

    def _lexicon(self, address: str, block: str, shard: str) -> dict[str, bytes]:
        query = "SELECT words FROM terms WHERE segment = ? AND shard = ?"
        rows = (self._db.execute(query, (name, shard)).fetchone() for name in self._blocks.get(block, ()))
        held = [(number, row["words"]) for number, row in enumerate(rows) if row]
        return {f"{address}.js": write_lexicon(f"{block}/{shard}", held)} if held else {}

    def _begin(self) -> bytes:
        shards = {block: _written(self._db, block) for block in self._blocks}
        present = {file.outlet.country for file in self._almanac.outlets()} - {None}
        named = [
            (c, self._countries[c].name if c in self._countries else c) for c in sorted(map(str, present))
        ]
        return write_begin(self._blocks, shards, named)

    def _pages(self) -> list[str]:
        rows = self._db.execute("SELECT address FROM parts WHERE address < 'q/' OR address >= 'q0'")
        return [row["address"] for row in rows if is_page(row["address"])]

    def _quotes(self, month: str) -> list[str]:
        query = "SELECT 'q/' || key || '/' FROM utterances WHERE month = ?"
        return [row[0] for row in self._db.execute(query, (month,))]

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
