"""What pages are found by: the parts of the search and of the site map, each made by itself.

search/segments.js, search/lex/op.js, search/2026-11.1.js     search_index.py says what they hold
sitemap.xml ─▶ sitemap/pages.xml, sitemap/2026-11.1.xml       https://www.sitemaps.org/protocol.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from xml.sax.saxutils import escape

from pydantic_core import from_json

from openrace.site.addresses import BEGIN, MAP, MAP_OF_PAGES, MONTH
from openrace.site.almanac import Almanac
from openrace.site.catalogue import Catalogue
from openrace.site.search_index import (
    Segment,
    segments,
    shard,
    terms_of,
    write_begin,
    write_lexicon,
    write_segment,
)
from openrace.site.structured import absolute
from openrace.site.tables import Country

PER_MAP = 50_000  # addresses, as the protocol allows


def months_touched(catalogue: Catalogue) -> list[str]:
    """The months whose search segments may be others now; they are no longer stale after this."""
    rows = catalogue.db.execute("DELETE FROM stale WHERE address GLOB ? RETURNING address", (f"{MONTH}*",))
    return [row["address"].removeprefix(MONTH) for row in rows.fetchall()]


def index_words(catalogue: Catalogue, almanac: Almanac) -> None:
    """Bring the words of the touched months up to date, and touch the files that follow from them."""
    before = _names(catalogue)
    for month in months_touched(catalogue):
        now = {segment.name: segment for segment in segments(month, almanac)}
        kept = catalogue.db.execute("SELECT name, version FROM segments WHERE name GLOB ?", (f"{month}.*",))
        known = {row["name"]: row["version"] for row in kept.fetchall()}
        for name in known.keys() - now.keys():
            _index(catalogue, name, set())
            catalogue.db.execute("DELETE FROM segments WHERE name = ?", (name,))
        for segment in now.values():
            if known.get(segment.name) != segment.version:
                _index_segment(catalogue, segment, almanac)
    names = _names(catalogue)
    if names[: len(before)] != before:  # a segment came before others: all have other bits now
        rows = catalogue.db.execute("SELECT DISTINCT shard FROM terms").fetchall()
        catalogue.touch(f"search/lex/{row['shard']}" for row in rows)


def _names(catalogue: Catalogue) -> list[str]:
    return [name for name, _ in _sizes(catalogue)]


def _sizes(catalogue: Catalogue) -> list[tuple[str, int]]:
    """The segments in the order of their bits, oldest first, and how many statements each has."""
    rows = [(row["name"], row["size"]) for row in catalogue.db.execute("SELECT name, size FROM segments")]
    return sorted(rows, key=lambda row: (row[0][:7], int(row[0][8:])))


def _index_segment(catalogue: Catalogue, segment: Segment, almanac: Almanac) -> None:
    _index(catalogue, segment.name, terms_of(it for f in segment.families if (it := almanac.utterance(f))))
    row = (segment.name, segment.version, len(segment.families))
    catalogue.db.execute("INSERT OR REPLACE INTO segments VALUES (?, ?, ?)", row)


def _index(catalogue: Catalogue, name: str, words: set[str]) -> None:
    """Note that the segment `name` holds just `words`."""
    rows = catalogue.db.execute("SELECT term FROM terms WHERE segment = ?", (name,))
    before = {row["term"] for row in rows}
    lost, won = before - words, words - before
    catalogue.db.executemany(
        "DELETE FROM terms WHERE shard = ? AND term = ? AND segment = ?", _rows(lost, name)
    )
    catalogue.db.executemany("INSERT INTO terms VALUES (?, ?, ?)", _rows(won, name))
    catalogue.touch(f"search/lex/{shard(word)}" for word in lost | won)
    catalogue.touch((f"search/{name}", BEGIN))


def _rows(words: Iterable[str], segment: str) -> list[tuple[str, str, str]]:
    return sorted((shard(word), word, segment) for word in words)


class Finding:
    """Makes the files of these parts from what the catalogue has."""

    def __init__(
        self, catalogue: Catalogue, almanac: Almanac, base_url: str | None, countries: Mapping[str, Country]
    ) -> None:
        self._db, self._catalogue, self._almanac = catalogue.db, catalogue, almanac
        self._base_url, self._countries = base_url, countries
        self._numbers = {name: number for number, name in enumerate(_names(catalogue))}

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
            query = "SELECT term, segment FROM terms WHERE shard = ?"
            holders = [tuple(row) for row in self._db.execute(query, (name[4:],)).fetchall()]
            return {f"{address}.js": write_lexicon(name[4:], holders, self._numbers)} if holders else {}
        if name not in self._numbers:
            return {}
        found = next(s for s in segments(name[:7], self._almanac) if s.name == name)
        utterances = [it for family in found.families if (it := self._almanac.utterance(family))]
        return {f"{address}.js": write_segment(name, utterances)}

    def _begin(self) -> bytes:
        rows = self._db.execute("SELECT address FROM parts WHERE address GLOB 'search/lex/*'")
        shards = [row["address"].removeprefix("search/lex/") for row in rows]
        present = {file.outlet.country for file in self._almanac.outlets()} - {None}
        named = [
            (c, self._countries[c].name if c in self._countries else c) for c in sorted(map(str, present))
        ]
        return write_begin(shards, _sizes(self._catalogue), named)

    def _pages(self) -> list[str]:
        query = (
            "SELECT address FROM parts WHERE (address = '' OR address GLOB '*/') AND address NOT GLOB 'q/*'"
        )
        return [row["address"] for row in self._db.execute(query)]

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
