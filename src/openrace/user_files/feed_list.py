"""A user's own ``feeds.opml``: changed in place, what else stands in it left as it is; and any list as OPML.

It lies over the bundled list (`seed_files.py`): an outline adds a feed or replaces the bundled one with its
address, and with ``isComment="true"`` it takes that one away.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from lxml import etree

from openrace.atomic_write import draft_of
from openrace.crawl_records import Feed
from openrace.errors import ConfigError, reason
from openrace.user_files.opml import NAMESPACE, OURS, ZONE_OF_COUNTRY, parse_opml

_EMPTY = f'<opml version="2.0" xmlns:o="{NAMESPACE}"><head><title>My feeds</title></head><body></body></opml>'


class FeedList:
    """The outlines of one OPML file, which need not be there yet; `save` writes what was changed."""

    def __init__(self, path: Path) -> None:
        """Raises ConfigError where the file is there and cannot be read."""
        self._path = path
        try:
            self._root = parse_opml(path, path.read_bytes() if path.exists() else _EMPTY.encode())
        except OSError as error:
            raise ConfigError(path, f"cannot be read: {reason(error)}") from error
        body = self._root.find("body")
        if body is None:
            raise ConfigError(path, "is no OPML", "its first element must be <opml>, with a <body>")
        self._body = body

    def add(self, feeds: Iterable[Feed]) -> int:
        """Put `feeds` in, in the place of outlines with their address; how many were not in it before."""
        new = 0
        for feed in feeds:
            new += not self._take_out(feed.url)
            self._body.append(_outline(feed))
        return new

    def remove(self, url: str, *, bundled: bool) -> bool:
        """Take the feed out; one that is `bundled` is marked as left out. Whether there was such a feed."""
        was_there = self._take_out(url)
        if bundled:
            outline = etree.SubElement(self._body, "outline", text=url, type="rss", xmlUrl=url)
            outline.set("isComment", "true")
        return was_there or bundled

    def save(self) -> None:
        """Write the file as a whole, so that a crash leaves the old or the new one. Raises ConfigError."""
        etree.indent(self._root)
        text = etree.tostring(self._root, xml_declaration=True, encoding="utf-8", pretty_print=True)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with draft_of(self._path) as draft:
                draft.write_bytes(text)
        except OSError as error:
            raise ConfigError(self._path, f"cannot be written: {reason(error)}") from error

    def _take_out(self, url: str) -> bool:
        found = [outline for outline in self._root.iter("outline") if outline.get("xmlUrl") == url]
        for outline in found:
            parent = outline.getparent()
            if parent is not None:
                parent.remove(outline)
        return bool(found)


def as_opml(feeds: Iterable[Feed]) -> str:
    """Return the feeds as OPML 2.0, grouped by country and kind, for openrace or any other feed reader."""
    root = etree.fromstring(_EMPTY)
    root.find("head/title").text = "openrace"  # type: ignore[union-attr]  # it stands in _EMPTY
    body = root.find("body")
    by_group = sorted(feeds, key=lambda feed: (feed.country or "", feed.kind or "", feed.title.lower()))
    for (country, kind), members in groupby(by_group, key=lambda feed: (feed.country, feed.kind)):
        name = ", ".join(part for part in (country, kind) if part) or "others"
        group = etree.SubElement(body, "outline", text=name)  # type: ignore[arg-type]  # as above
        group.extend(_outline(feed) for feed in members)
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True).decode()


def _outline(feed: Feed) -> etree._Element:
    zone = None if feed.zone == ZONE_OF_COUNTRY.get(feed.country or "") else feed.zone
    given = {
        OURS + "country": feed.country,
        OURS + "kind": feed.kind,
        OURS + "zone": zone,
    }
    outline = etree.Element(
        "outline", text=feed.title, type="rss", xmlUrl=feed.url, htmlUrl=f"https://{feed.outlet}/"
    )
    for name, value in given.items():
        if value:
            outline.set(name, value)
    return outline
