"""Transcripts that a podcast's feed names: ``<podcast:transcript>`` and ``<podcast:person>`` of each item.

feedparser keeps the last of several such elements alone, so they are read here. Source: the Podcasting 2.0
namespace, https://podcastindex.org/namespace/1.0.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lxml import etree

from openrace.crawl_records import Entry
from openrace.ingest.parse.feed_entries import FeedContext, language_code, resolve_link

# The kinds that are read, the one that tells most first: media type → suffix.
KINDS = {
    "application/json": ".json",
    "text/vtt": ".vtt",
    "application/srt": ".srt",
    "application/x-subrip": ".srt",
    "text/srt": ".srt",
    "text/html": ".html",
    "text/plain": ".txt",
}
_ORDER = list(KINDS)


def transcript_entries(body: bytes, feed: FeedContext, entries: Sequence[Entry]) -> Iterator[Entry]:
    """Yield an entry for the best transcript of each of `entries` for which the feed names one."""
    if b"transcript" not in body:
        return
    by_name = {name: entry for entry in entries for name in (entry.url, entry.entry_id) if name}
    root = etree.fromstring(body, etree.XMLParser(recover=True, resolve_entities=False, no_network=True))
    for item in root.iter("item") if root is not None else ():
        names = [(item.findtext(tag) or "").strip() for tag in ("guid", "link")]
        known = [by_name.get(names[0]), by_name.get(resolve_link(names[1], feed) or "")]
        entry = next((entry for entry in known if entry), None)
        if entry and (made := _transcript(item, entry, feed)):
            yield made


def _transcript(item: etree._Element, entry: Entry, feed: FeedContext) -> Entry | None:
    found = [tag for tag in item if _local(tag) == "transcript" and (tag.get("type") or "") in KINDS]
    ours = language_code(feed.language)
    found.sort(key=lambda tag: (language_code(tag.get("language")) not in (None, ours), _rank(tag)))
    url = resolve_link(found[0].get("url"), feed) if found else None
    if url is None:
        return None
    people = (" ".join((tag.text or "").split()) for tag in item if _local(tag) == "person")
    enclosure = item.find("enclosure")
    media = resolve_link(enclosure.get("url"), feed) if enclosure is not None else None
    return entry.model_copy(
        update={
            "entry_id": f"{entry.entry_id} transcript",
            "url": url,
            "content": None,
            "transcript": KINDS[found[0].get("type") or ""],
            "recording": media or entry.url,
            "people": tuple(person for person in people if person),
        }
    )


def _local(tag: etree._Element) -> str:
    """Return the local name of an element of another namespace; "" for the feed's own and for comments."""
    return etree.QName(tag).localname if isinstance(tag.tag, str) and tag.tag.startswith("{") else ""


def _rank(tag: etree._Element) -> int:
    return _ORDER.index(tag.get("type") or "")
