"""Bytes to entries: RSS 0.9x–2.0, Atom and RDF through feedparser; JSON Feed and sitemaps by their own rules.

feedparser's sanitising and relative-address passes over embedded markup cost two thirds of its time and
are switched off: markup only ever reaches a reader as text that `page.py` took out of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from io import BytesIO
from typing import Any

import feedparser
from lxml import etree, html
from pydantic import ValidationError

from openrace.errors import InputError
from openrace.ingest.parse.dates import read_date
from openrace.ingest.parse.encoding import decode
from openrace.ingest.urls import canonical_url
from openrace.records import Entry, normalise_wording

MAX_ENTRIES = 50_000  # of one document: what a sitemap may hold (sitemaps.org)
# A description this long is the article itself: the longest teaser in our 112 feeds has 1,400 code points.
FULL_TEXT = 3_000
SYNDICATION_MINUTES = {"hourly": 60, "daily": 1440, "weekly": 10080, "monthly": 43200, "yearly": 525600}
_REFERENCE = re.compile(rb"&#(?:x([0-9a-f]+)|([0-9]+));?", re.IGNORECASE)
_SITEMAP = re.compile(rb"<(?:\w+:)?(urlset|sitemapindex)[\s>]")


@dataclass(frozen=True)
class ParsedFeed:
    """What a feed document holds. `problem` tells what was wrong with it although entries came out."""

    title: str | None = None
    home: str | None = None  # the site's page
    entries: tuple[Entry, ...] = ()
    ttl: int | None = None  # minutes for which the feed asks to be left alone
    children: tuple[str, ...] = field(default=())  # a sitemap index: its sitemaps, newest first
    problem: str | None = None


def parse_feed(body: bytes, url: str, content_type: str | None = None) -> ParsedFeed:
    """The entries of the feed `body` that came from `url`, in its order, one for each entry id.

    Raises InputError where it is no feed at all.
    """
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:2000]
    if not start:
        raise InputError(url, "is empty")
    if start[:1] == b"{":
        return _parse_json_feed(body, url)
    if _SITEMAP.search(start):
        return _parse_sitemap(body, url)
    return _parse_xml_feed(body, url, content_type)


def plain(markup: str | None) -> str | None:
    """`markup` as one line of text; None where nothing is left."""
    if not markup:
        return None
    if "<" in markup or "&" in markup:
        try:
            markup = "".join(html.fragment_fromstring(markup, create_parent="div").itertext(etree.Element))
        except (etree.ParserError, ValueError):
            markup = re.sub(r"<[^>]*>", " ", markup)
    return normalise_wording(markup) or None


# -- RSS, Atom, RDF ---------------------------------------------------------------------------------


def _parse_xml_feed(body: bytes, url: str, content_type: str | None) -> ParsedFeed:
    headers = {"content-location": url}
    if content_type:
        headers["content-type"] = content_type
    try:
        parsed = _fed(body, headers)
    except Exception:  # feedparser stumbles in more ways than can be listed
        try:
            parsed = _fed(_REFERENCE.sub(_possible, body), headers)
        except Exception as error:
            raise InputError(url, "is too broken to be read as a feed") from error
    if not parsed.entries and not parsed.version:
        raise InputError(url, _what_it_is(body))
    language = _language(dict.get(parsed.feed, "language"))
    dated_once = not parsed.version.startswith("atom")  # RSS 1.0's dc:date comes out as "updated"
    entries = (_from_feedparser(item, url, language, dated_once) for item in parsed.entries[:MAX_ENTRIES])
    return ParsedFeed(
        title=plain(parsed.feed.get("title")),
        home=_link(parsed.feed.get("link"), url),
        entries=_distinct(entries),
        ttl=_ttl(parsed.feed),
        problem=_problem(parsed),
    )


def _fed(body: bytes, headers: dict[str, str]) -> Any:
    return feedparser.parse(
        BytesIO(body), response_headers=headers, resolve_relative_uris=False, sanitize_html=False
    )


def _possible(reference: re.Match[bytes]) -> bytes:
    """The reference to a character, or to U+FFFD where there is none: halves of emoji are common."""
    digits, base = (reference[1], 16) if reference[1] else (reference[2], 10)
    code = int(digits, base) if len(digits) < 10 else 0xD800
    return b"&#65533;" if code > 0x10FFFF or 0xD800 <= code < 0xE000 else reference[0]


def _problem(parsed: Any) -> str | None:
    """What is wrong with the document itself; that its server mislabelled it is no news to anybody."""
    mislabelled = (feedparser.NonXMLContentType, feedparser.CharacterEncodingOverride)
    if not parsed.bozo or isinstance(parsed.bozo_exception, mislabelled):
        return None
    return normalise_wording(str(parsed.bozo_exception))


def _what_it_is(body: bytes) -> str:
    if re.search(rb"<(?:!doctype\s+html|html|head|body)\b", body[:4096], re.IGNORECASE):
        return "is a web page, not a feed"
    return "is no feed: neither RSS, Atom, JSON Feed nor a sitemap"


def _from_feedparser(item: Any, feed_url: str, language: str | None, dated_once: bool) -> Entry | None:
    url = _link(item.get("feedburner_origlink") or item.get("link"), feed_url)
    content, summary = _content(item), dict.get(item, "summary")
    updated = _when(item, "updated")
    if content is None and summary and len(summary) >= FULL_TEXT:
        content = summary
    return _entry(
        feed_url=feed_url,
        entry_id=item.get("id") or url,
        url=url,
        title=plain(item.get("title")),
        authors=_names(item),
        published=_when(item, "published") or _when(item, "created") or (updated if dated_once else None),
        updated=updated,
        summary=plain(summary),
        content=content,
        language=language,
    )


def _content(item: Any) -> str | None:
    """The longest markup or text among the entry's contents."""
    texts = [
        c.value for c in item.get("content", []) if c.get("value") and "image" not in (c.get("type") or "")
    ]
    return max(texts, key=len, default=None)


def _names(item: Any) -> tuple[str, ...]:
    people = item.get("authors", [])
    if isinstance(people, str):  # an element of that name, which no format has
        people = [{"name": people}]
    said = [person.get("name") or "" for person in people] or [item.get("author") or ""]
    names = (plain(name) for name in said)
    return tuple(dict.fromkeys(name for name in names if name))


def _when(item: Any, key: str) -> str | None:
    """The date of `key`: as it is written where that is certain, else as feedparser reads it."""
    written, parsed = dict.get(item, key), dict.get(item, f"{key}_parsed")
    found = read_date(written) if isinstance(written, str) else None
    if found or not parsed or parsed.tm_year < 1990:
        return found
    return f"{parsed.tm_year:04}-{parsed.tm_mon:02}-{parsed.tm_mday:02}"


def _ttl(feed: Any) -> int | None:
    """Minutes, from RSS's ``ttl`` or the syndication module's period and frequency."""
    try:
        if feed.get("ttl"):
            return int(feed["ttl"])
        period = SYNDICATION_MINUTES.get(str(feed.get("sy_updateperiod", "")).strip().lower())
        return period // max(1, int(feed.get("sy_updatefrequency") or 1)) if period else None
    except ValueError:
        return None


def _language(code: Any) -> str | None:
    found = re.match(r"([A-Za-z]{2})(?:[-_]|$)", code.strip()) if isinstance(code, str) else None
    return found[1].lower() if found else None


# -- JSON Feed (jsonfeed.org, 1.0 and 1.1) ----------------------------------------------------------


def _parse_json_feed(body: bytes, url: str) -> ParsedFeed:
    try:
        document = json.loads(decode(body))
    except (ValueError, RecursionError) as error:
        raise InputError(url, "is broken JSON, not a feed") from error
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        raise InputError(url, "is JSON, but no JSON Feed")
    entries = (
        _from_json(item, url, document) for item in document["items"][:MAX_ENTRIES] if isinstance(item, dict)
    )
    return ParsedFeed(
        title=plain(_text(document, "title")),
        home=_link(_text(document, "home_page_url"), url),
        entries=_distinct(entries),
    )


def _from_json(item: dict[str, Any], feed_url: str, document: dict[str, Any]) -> Entry | None:
    url = _link(_text(item, "url") or _text(item, "external_url"), feed_url)
    written = _text(item, "content_text")
    people = item.get("authors") or [item.get("author")]
    names = [person.get("name") for person in people if isinstance(person, dict)]
    return _entry(
        feed_url=feed_url,
        entry_id=str(item.get("id") or url or ""),
        url=url,
        title=plain(_text(item, "title")),
        authors=tuple(name for name in names if isinstance(name, str) and name),
        published=read_date(_text(item, "date_published") or ""),
        updated=read_date(_text(item, "date_modified") or ""),
        summary=plain(_text(item, "summary")),
        content=_text(item, "content_html") or (_as_markup(written) if written else None),
        language=_language(item.get("language") or document.get("language")),
    )


def _text(fields: dict[str, Any], key: str) -> str | None:
    value = fields.get(key)
    return value if isinstance(value, str) else None


def _as_markup(text: str) -> str:
    return "".join(
        f"<p>{escape(part, quote=False)}</p>" for part in re.split(r"\n\s*\n", text) if part.strip()
    )


# -- sitemaps (sitemaps.org) and news sitemaps ------------------------------------------------------


def _parse_sitemap(body: bytes, url: str) -> ParsedFeed:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, load_dtd=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InputError(url, "is a broken sitemap") from error
    if root is None:
        raise InputError(url, "is a broken sitemap")
    items = [_leaves(item) for item in root.iterchildren(tag=etree.Element)][:MAX_ENTRIES]
    problem = normalise_wording(str(parser.error_log.last_error.message)) if len(parser.error_log) else None
    if _local_name(root) == "sitemapindex":
        newest = sorted(items, key=lambda item: item.get("lastmod", ""), reverse=True)
        found = (_link(item.get("loc"), url) for item in newest)
        return ParsedFeed(children=tuple(child for child in found if child), problem=problem)
    return ParsedFeed(entries=_distinct(_from_sitemap(item, url) for item in items), problem=problem)


def _leaves(item: etree._Element) -> dict[str, str]:
    """The text of each element inside `item` by its local name, the first of a name winning."""
    leaves: dict[str, str] = {}
    for element in item.iterdescendants(tag=etree.Element):
        if element.text and element.text.strip():
            leaves.setdefault(_local_name(element), element.text.strip())
    return leaves


def _local_name(element: etree._Element) -> str:
    """The name without its namespace, or without a prefix that the document forgot to declare."""
    try:
        return str(element.tag).rpartition("}")[2].rpartition(":")[2]
    except UnicodeDecodeError:  # half of an emoji in the namespace
        return ""


def _from_sitemap(item: dict[str, str], feed_url: str) -> Entry | None:
    url = _link(item.get("loc"), feed_url)
    return _entry(
        feed_url=feed_url,
        entry_id=url,
        url=url,
        title=plain(item.get("title")),
        published=read_date(item.get("publication_date", "")),
        updated=read_date(item.get("lastmod", "")),
        language=_language(item.get("language")),
    )


# -- common -----------------------------------------------------------------------------------------


def _link(text: str | None, base: str) -> str | None:
    """The canonical address of a link; an empty one is none, although it would resolve to the feed itself."""
    return canonical_url(text, base=base) if text and text.strip() else None


def _entry(**fields: Any) -> Entry | None:
    """The entry of `fields`, or None where nothing names it: no id, no address, no title."""
    if not fields["entry_id"]:
        fields["entry_id"] = fields["title"]
    try:
        return Entry(**fields) if fields["entry_id"] else None
    except ValidationError:
        return None


def _distinct(entries: Iterator[Entry | None]) -> tuple[Entry, ...]:
    """The entries, one for each id; where an id is given to different pages, the address tells them apart."""
    kept: dict[str, Entry] = {}
    for entry in entries:
        if entry is None:
            continue
        before = kept.get(entry.entry_id)
        if before is not None and before.url != entry.url and entry.url:
            entry = entry.model_copy(update={"entry_id": f"{entry.entry_id} {entry.url}"})
        kept.setdefault(entry.entry_id, entry)
    return tuple(kept.values())
