"""Where a page says its feeds are (HTML's ``rel=alternate``, as the RSS Board's autodiscovery has it)."""

from __future__ import annotations

import re

from openrace.errors import InputError
from openrace.ingest.parse.page import base_address, load_page
from openrace.ingest.urls import absolute_url

_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
_SIDE_FEED = re.compile(r"comment|/tag/|/author/|podcast", re.IGNORECASE)


def discover_feeds(page: bytes, url: str, charset: str | None = None) -> list[str]:
    """Return the feeds that the page at `url` names, its main one first; empty where it names none."""
    try:
        tree = load_page(page, url, charset)
    except InputError:
        return []
    found: list[str] = []
    base = base_address(tree, url)
    for link in tree.iter("link"):
        kinds = (link.get("rel") or "").lower().split()
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        target = absolute_url(link.get("href") or "", base=base)
        if "alternate" in kinds and kind in _FEED_TYPES and target and target not in found:
            found.append(target)
    return sorted(found, key=lambda target: bool(_SIDE_FEED.search(target)))
