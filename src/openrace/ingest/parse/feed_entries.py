"""What every kind of feed document becomes: a ParsedFeed of entries, one for each id."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml import etree, html
from pydantic import ValidationError

from openrace.crawl_records import Entry
from openrace.ingest.parse.dates import DateContext, read_date, read_written_date
from openrace.ingest.parse.full_text_entries import carries_full_text
from openrace.ingest.urls import canonical_url, hostname
from openrace.records import normalise_wording

MAX_ENTRIES = 50_000  # of one document: what a sitemap may hold (sitemaps.org)
_HOST_WITHOUT_SCHEME = re.compile(r"(?:www\.)?[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:/|$)")


@dataclass(frozen=True)
class ParsedFeed:
    """What a feed document holds. `problem` tells what was wrong with it although entries came out."""

    title: str | None = None
    home: str | None = None  # the site's page
    entries: tuple[Entry, ...] = ()
    ttl: int | None = None  # minutes for which the feed asks to be left alone
    children: tuple[str, ...] = field(default=())  # a sitemap index: its sitemaps, newest first
    problem: str | None = None


@dataclass(frozen=True)
class FeedContext:
    """What holds for all entries of one document: where it came from, and how it writes dates."""

    url: str
    home: str | None = None
    language: str | None = None  # as it is written: "zh-cn"
    zone: str | None = None  # IANA name of the feed's own time zone, where it is known
    country: str | None = None

    @property
    def dates(self) -> DateContext:
        return DateContext(self.zone, self.country, self.language)


def make_entry(
    feed: FeedContext, *, link: str | None, published: str, updated: str, **fields: Any
) -> Entry | None:
    """Return the entry of a feed; `link`, `published` and `updated` are as they are written.

    None where nothing names it: no id, no address, no title.
    """
    url = resolve_link(link, feed)
    date = read_written_date(published, feed.dates)
    fields["entry_id"] = fields.get("entry_id") or url or fields.get("title")
    if date:
        fields |= {
            "published_zone": date.zone,
            "published_basis": date.basis,
        }
    try:
        return Entry(
            feed_url=feed.url,
            url=url,
            published=date.when if date else None,
            published_written=published.strip()[:100] or None,
            updated=read_date(updated, feed.dates),
            **fields,
        )
    except ValidationError:
        return None


def resolve_link(text: str | None, feed: FeedContext) -> str | None:
    """Return the canonical address of a link.

    An empty one is none, although it would resolve to the feed itself.

    A host that is written without its scheme ("www.paper.example/a") is no path of the feed's own.
    """
    text = (text or "").strip()
    if not text:
        return None
    if _HOST_WITHOUT_SCHEME.match(text) and _names_a_host(text, feed):
        text = f"{urlsplit(feed.url).scheme}://{text}"
    return canonical_url(text, base=feed.url)


def _names_a_host(text: str, feed: FeedContext) -> bool:
    host = text.partition("/")[0].partition(":")[0].lower()
    known = {hostname(url).removeprefix("www.") for url in (feed.url, feed.home) if url}
    return host.startswith("www.") or host in known


def distinct(entries: Iterable[tuple[Entry | None, str | None]]) -> tuple[Entry, ...]:
    """Return the entries, each given with its link as written: one for each id.

    Where one id is given to different pages, the address tells them apart; where several entries with a whole
    text of their own live on one page, the fragment of the link does.
    """
    pairs = [(entry, link) for entry, link in entries if entry is not None]
    shared = Counter(entry.url for entry, _ in pairs)
    kept: dict[str, Entry] = {}
    for entry, link in pairs:
        if shared[entry.url] > 1:
            entry = _with_fragment(entry, link)
        before = kept.get(entry.entry_id)
        if before is not None and before.url != entry.url and entry.url:
            entry = entry.model_copy(update={"entry_id": f"{entry.entry_id} {entry.url}"})
        kept.setdefault(entry.entry_id, entry)
    return tuple(kept.values())


def _with_fragment(entry: Entry, link: str | None) -> Entry:
    fragment = urldefrag(urljoin(entry.url or "", link or ""))[1]
    if not entry.url or not fragment or not carries_full_text(entry.content):
        return entry
    return entry.model_copy(update={"url": f"{entry.url}#{fragment}"})


def plain(markup: str | None) -> str | None:
    """Return `markup` as one line of text; None where nothing is left."""
    if not markup:
        return None
    if "<" in markup or "&" in markup:
        try:
            markup = "".join(html.fragment_fromstring(markup, create_parent="div").itertext(etree.Element))
        except (etree.ParserError, ValueError):
            markup = re.sub(r"<[^>]*>", " ", markup)
    return normalise_wording(markup) or None


def language_code(tag: Any) -> str | None:
    """Return the ISO 639-1 code that a language tag begins with."""
    found = re.match(r"([A-Za-z]{2})(?:[-_]|$)", tag.strip()) if isinstance(tag, str) else None
    return found[1].lower() if found else None
