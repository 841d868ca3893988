"""RSS 0.9x–2.0, Atom and RDF to entries, through feedparser.

Its sanitising and relative-address passes over embedded markup cost two thirds of its time and are switched
off: markup only ever reaches a reader as text that `page.py` took out of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import feedparser

from openrace.crawl_records import Entry
from openrace.errors import InputError
from openrace.ingest.parse.encoding import decode_if_utf8
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
from openrace.ingest.parse.podcast_tags import transcript_entries
from openrace.ingest.urls import registrable_domain
from openrace.records import normalise_wording

# A description this long is the article itself: the longest teaser in our 112 feeds has 1,400 code points.
FULL_TEXT = 3_000
SYNDICATION_MINUTES = {"hourly": 60, "daily": 1440, "weekly": 10080, "monthly": 43200, "yearly": 525600}
_REFERENCE = re.compile(rb"&#(?:x([0-9a-f]+)|([0-9]+));?", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"^(\s*<\?xml\b[^>]{0,100}?\bencoding\s*=\s*[\"'])[\w.:-]+")
_CHARSET = re.compile(r";\s*charset=[^;]*", re.IGNORECASE)
# Bridges from social networks name their own address in an attribute that feedparser takes for the link.
_FOREIGN_ATTRIBUTE = re.compile(rb"(<link\b[^<>]{0,300}?)\s+uri=(?:\"[^\"<>]*\"|'[^'<>]*')")
_CDATA = re.compile(rb"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
_BARE_AMPERSAND = re.compile(rb"&(?!#?\w{1,32};)")
_MAIL_ADDRESS = re.compile(r"[^\s<>()]+@[^\s<>()]+")


def parse_xml_feed(body: bytes, feed: FeedContext, content_type: str | None) -> ParsedFeed:
    """Return the entries of a feed in XML, however broken. Raises InputError where it is none."""
    # without the document's own address: relative links are resolved here, hosts and paths apart
    parsed = _parse(*_labelled(body, content_type), feed.url)
    if not parsed.entries and not parsed.version:
        raise InputError(feed.url, _what_it_is(body))
    home = resolve_link(parsed.feed.get("link"), feed)
    feed = replace(feed, home=home, language=_tag(dict.get(parsed.feed, "language")))
    dated_once = not parsed.version.startswith("atom")  # RSS 1.0's dc:date comes out as "updated"
    items = parsed.entries[:MAX_ENTRIES]
    entries = distinct(_entries(items, feed, dated_once))
    return ParsedFeed(
        title=plain(parsed.feed.get("title")),
        home=home,
        entries=(*entries, *transcript_entries(body, feed, entries)),
        ttl=_ttl(parsed.feed),
        problem=_problem(parsed),
    )


# -- the document -----------------------------------------------------------------------------------


def _labelled(body: bytes, content_type: str | None) -> tuple[bytes, str | None]:
    """Return the document as UTF-8 where that is what it plainly is, whatever it and its server call it."""
    body = _FOREIGN_ATTRIBUTE.sub(rb"\1", body)
    if decode_if_utf8(body) is None:
        return body, content_type
    return _XML_ENCODING.sub(rb"\1utf-8", body), content_type and _CHARSET.sub(
        "; charset=utf-8", content_type
    )


def _parse(body: bytes, content_type: str | None, url: str) -> Any:
    """feedparser's result, of the best of some mended forms where the document is broken."""
    headers = {"content-type": content_type} if content_type else {}
    try:
        parsed = _with_feedparser(body, headers)
    except Exception:  # feedparser stumbles in more ways than can be listed
        try:
            return _with_feedparser(_REFERENCE.sub(_possible, body), headers)
        except Exception as error:
            raise InputError(url, "is too broken to be read as a feed") from error
    mended = _escape_ampersands(body) if _is_broken(parsed) else body
    if mended == body:
        return parsed
    try:
        again = _with_feedparser(mended, headers)
    except Exception:  # as above
        return parsed
    return again if len(again.entries) >= len(parsed.entries) else parsed


def _with_feedparser(body: bytes, headers: dict[str, str]) -> Any:
    return feedparser.parse(
        BytesIO(body), response_headers=headers, resolve_relative_uris=False, sanitize_html=False
    )


def _possible(reference: re.Match[bytes]) -> bytes:
    """Return the reference to a character, or to U+FFFD where there is none: halves of emoji are common."""
    digits, base = (reference[1], 16) if reference[1] else (reference[2], 10)
    code = int(digits, base) if len(digits) < 10 else 0xD800
    return b"&#65533;" if code > 0x10FFFF or 0xD800 <= code < 0xE000 else reference[0]


def _escape_ampersands(body: bytes) -> bytes:
    """Return `body` with each ampersand escaped that begins no reference: "R&D" would be read as "R&D;"."""
    parts = _CDATA.split(body)
    return b"".join(
        part if part.startswith(b"<![CDATA[") else _BARE_AMPERSAND.sub(b"&amp;", part) for part in parts
    )


def _is_broken(parsed: Any) -> bool:
    mislabelled = (feedparser.NonXMLContentType, feedparser.CharacterEncodingOverride)
    return bool(parsed.bozo) and not isinstance(parsed.bozo_exception, mislabelled)


def _problem(parsed: Any) -> str | None:
    """Return what is wrong with the document itself; that its server mislabelled it is no news to anybody."""
    return normalise_wording(str(parsed.bozo_exception)) if _is_broken(parsed) else None


def _what_it_is(body: bytes) -> str:
    if re.search(rb"<(?:!doctype\s+html|html|head|body)\b", body[:4096], re.IGNORECASE):
        return "is a web page, not a feed"
    return "is no feed: neither RSS, Atom, JSON Feed nor a sitemap"


def _ttl(feed: Any) -> int | None:
    """Minutes, from RSS's ``ttl`` or the syndication module's period and frequency."""
    try:
        if feed.get("ttl"):
            return int(feed["ttl"])
        period = SYNDICATION_MINUTES.get(str(feed.get("sy_updateperiod", "")).strip().lower())
        return period // max(1, int(feed.get("sy_updatefrequency") or 1)) if period else None
    except ValueError:
        return None


def _tag(value: Any) -> str | None:
    return value if isinstance(value, str) else None


# -- its entries ------------------------------------------------------------------------------------


def _entries(
    items: list[Any], feed: FeedContext, dated_once: bool
) -> Iterator[tuple[Entry | None, str | None]]:
    for item in items:
        link = _page_link(item, feed)
        yield _entry(item, link, feed, dated_once), link


def _entry(item: Any, link: str | None, feed: FeedContext, dated_once: bool) -> Entry | None:
    content, summary = _content(item), dict.get(item, "summary")
    updated = _written(item, "updated")
    if content is None and summary and len(summary) >= FULL_TEXT:
        content = summary
    return make_entry(
        feed,
        entry_id=item.get("id"),
        link=link,
        title=plain(item.get("title")),
        authors=_names(item),
        published=_written(item, "published") or _written(item, "created") or (updated if dated_once else ""),
        updated=updated,
        summary=plain(summary),
        content=content,
        language=language_code(feed.language),
    )


def _page_link(item: Any, feed: FeedContext) -> str | None:
    """Return the entry's own page: of several alternates the one in the feed's language, else the first."""
    if item.get("feedburner_origlink"):
        return str(item["feedburner_origlink"])
    pages = [
        link
        for link in item.get("links", [])
        if link.get("rel") == "alternate" and link.get("href") and "html" in (link.get("type") or "html")
    ]
    ours = language_code(feed.language)
    own = [link for link in pages if ours and language_code(link.get("hreflang")) == ours]
    link = (own or pages or [{}])[0].get("href") or item.get("link")
    return link or _permalink(item, feed)


def _permalink(item: Any, feed: FeedContext) -> str | None:
    """RSS's guid where it is an address of the feed's own site, and its link is empty."""
    guid = item.get("id") or ""
    if not guid.startswith(("http://", "https://")):
        return None
    sites = {registrable_domain(url) for url in (feed.url, feed.home) if url}
    return guid if registrable_domain(guid) in sites else None


def _content(item: Any) -> str | None:
    """Return the longest markup or text among the entry's contents."""
    texts = [
        c.value for c in item.get("content", []) if c.get("value") and "image" not in (c.get("type") or "")
    ]
    return max(texts, key=len, default=None)


def _names(item: Any) -> tuple[str, ...]:
    people = item.get("authors", [])
    if isinstance(people, str):  # an element of that name, which no format has
        people = [{"name": people}]
    names = [person.get("name") or "" for person in people]
    last = item.get("author") or ""
    if not names or _MAIL_ADDRESS.search(last):  # feedparser's guess of name and address cuts long domains
        names = [*names[:-1], _MAIL_ADDRESS.sub("", last).strip(" <>(),;")]
    plain_names = (plain(name) for name in names)
    return tuple(dict.fromkeys(name for name in plain_names if name))


def _written(item: Any, key: str) -> str:
    """Return the date of `key` as the feed writes it; feedparser's own reading invents days."""
    written = dict.get(item, key)
    return written if isinstance(written, str) else ""
