"""Sitemaps (sitemaps.org) and news sitemaps to entries."""

from __future__ import annotations

from lxml import etree

from openrace.crawl_records import Entry
from openrace.errors import InputError
from openrace.ingest.parse.feed_entries import (
    MAX_ENTRIES,
    FeedContext,
    ParsedFeed,
    distinct,
    language_code,
    make_entry,
    plain,
    resolve_link,
)
from openrace.records import normalise_wording


def parse_sitemap(body: bytes, feed: FeedContext) -> ParsedFeed:
    """Return the pages of a sitemap as entries, or the sitemaps of an index. Raises InputError where it is
    broken."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, load_dtd=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InputError(feed.url, "is a broken sitemap") from error
    if root is None:
        raise InputError(feed.url, "is a broken sitemap")
    items = [_leaves(item) for item in root.iterchildren(tag=etree.Element)][:MAX_ENTRIES]
    problem = normalise_wording(str(parser.error_log.last_error.message)) if len(parser.error_log) else None
    if _local_name(root) == "sitemapindex":
        newest = sorted(items, key=lambda item: item.get("lastmod", ""), reverse=True)
        found = (resolve_link(item.get("loc"), feed) for item in newest)
        return ParsedFeed(children=tuple(child for child in found if child), problem=problem)
    return ParsedFeed(
        entries=distinct((_entry(item, feed), item.get("loc")) for item in items), problem=problem
    )


def _leaves(item: etree._Element) -> dict[str, str]:
    """Return the text of each element inside `item` by its local name, the first of a name winning."""
    leaves: dict[str, str] = {}
    for element in item.iterdescendants(tag=etree.Element):
        text = _text(element)
        if text:
            leaves.setdefault(_local_name(element), text)
    return leaves


def _text(element: etree._Element) -> str:
    try:
        return (element.text or "").strip()
    except UnicodeDecodeError:  # half of an emoji
        return ""


def _local_name(element: etree._Element) -> str:
    """Return the name without its namespace, or without a prefix that the document forgot to declare."""
    try:
        return str(element.tag).rpartition("}")[2].rpartition(":")[2]
    except UnicodeDecodeError:  # half of an emoji in the namespace
        return ""


def _entry(item: dict[str, str], feed: FeedContext) -> Entry | None:
    return make_entry(
        feed,
        link=item.get("loc"),
        title=plain(item.get("title")),
        published=item.get("publication_date", ""),
        updated=item.get("lastmod", ""),
        language=language_code(item.get("language")),
    )
