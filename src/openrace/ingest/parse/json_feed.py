"""JSON Feed 1.0 and 1.1 (jsonfeed.org) to entries."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import escape
from typing import Any

from openrace.crawl_records import Entry
from openrace.errors import InputError
from openrace.ingest.parse.encoding import NotTextError, decode
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


def parse_json_feed(body: bytes, feed: FeedContext) -> ParsedFeed:
    """Return the entries of a JSON Feed. Raises InputError where it is none."""
    try:
        document = json.loads(decode(body))
    except (NotTextError, ValueError, RecursionError) as error:
        raise InputError(feed.url, "is broken JSON, not a feed") from error
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        raise InputError(feed.url, "is JSON, but no JSON Feed")
    home = resolve_link(_text(document, "home_page_url"), feed)
    feed = replace(feed, home=home, language=_text(document, "language"))
    items = [item for item in document["items"][:MAX_ENTRIES] if isinstance(item, dict)]
    return ParsedFeed(
        title=plain(_text(document, "title")),
        home=home,
        entries=distinct((_entry(item, feed), _link(item)) for item in items),
    )


def _entry(item: dict[str, Any], feed: FeedContext) -> Entry | None:
    written = _text(item, "content_text")
    people = item.get("authors") or [item.get("author")]
    people = people if isinstance(people, list) else [people]
    names = [person.get("name") for person in people if isinstance(person, dict)]
    return make_entry(
        feed,
        entry_id=str(item.get("id") or "") or None,
        link=_link(item),
        title=plain(_text(item, "title")),
        authors=tuple(name for name in names if isinstance(name, str) and name),
        published=_text(item, "date_published") or "",
        updated=_text(item, "date_modified") or "",
        summary=plain(_text(item, "summary")),
        content=_text(item, "content_html") or (_as_markup(written) if written else None),
        language=language_code(item.get("language")) or language_code(feed.language),
    )


def _link(item: dict[str, Any]) -> str | None:
    return _text(item, "url") or _text(item, "external_url")


def _text(fields: dict[str, Any], key: str) -> str | None:
    value = fields.get(key)
    return value if isinstance(value, str) else None


def _as_markup(text: str) -> str:
    return "".join(
        f"<p>{escape(part, quote=False)}</p>" for part in re.split(r"\n\s*\n", text) if part.strip()
    )
