"""Bytes to entries: RSS 0.9x–2.0, Atom and RDF (`xml_feed.py`), JSON Feed (`json_feed.py`), sitemaps
(`sitemap.py`)."""

from __future__ import annotations

import re

from openrace.errors import InputError
from openrace.ingest.parse.feed_entries import FeedContext, ParsedFeed
from openrace.ingest.parse.json_feed import parse_json_feed
from openrace.ingest.parse.sitemap import parse_sitemap
from openrace.ingest.parse.xml_feed import parse_xml_feed

_SITEMAP = re.compile(rb"<(?:\w+:)?(urlset|sitemapindex)[\s>]")


def parse_feed(
    body: bytes,
    url: str,
    content_type: str | None = None,
    zone: str | None = None,
    country: str | None = None,
) -> ParsedFeed:
    """Return the entries of the feed `body` that came from `url`, in its order, one for each entry id.

    `zone` (an IANA name) and `country` (ISO 3166-1 alpha-2) are those of the feed where they are known: hours
    that it writes without a zone are of that one. Raises InputError where it is no feed at all.
    """
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:2000]
    if not start:
        raise InputError(url, "is empty")
    feed = FeedContext(url, zone=zone, country=country)
    if start[:1] == b"{":
        return parse_json_feed(body, feed)
    if _SITEMAP.search(start):
        return parse_sitemap(body, feed)
    return parse_xml_feed(body, feed, content_type)


__all__ = ["ParsedFeed", "parse_feed"]
