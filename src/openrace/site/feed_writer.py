"""Atom (RFC 4287) and JSON Feed 1.1, for the site and for each speaker, outlet, topic and beat."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from openrace.site.family_view import Shown, Utterance
from openrace.site.list_rows import Ready
from openrace.site.reader_text import KIND_WORDS, clean, clean_json, day_words, shorten
from openrace.site.shown_wording import stretches
from openrace.site.structured_data import absolute
from openrace.story import WordChange

MOST_ENTRIES = 25
MOST_ROWS = 10  # reports told of in an entry; its page has all of them
_NAMESPACE = uuid.UUID("6f0f6f0e-2a55-5b0a-9d2f-0f3a1c6f7a11")  # ours: ids are urn:uuid of it and the address


class FeedView(NamedTuple):
    """A feed: its title (empty for the site's own) and its utterances, newest first."""

    title: str
    utterances: Sequence[Shown]


def _urn(address: str) -> str:
    return f"urn:uuid:{uuid.uuid5(_NAMESPACE, address)}"


def _instant(when: str | None) -> str:
    """RFC 3339; a day becomes its first second, an unknown date the epoch (Atom will not do without)."""
    if not when:
        return "1970-01-01T00:00:00Z"
    return when if len(when) > 10 else f"{when}T00:00:00Z"


def _latest(shown: Shown) -> str:
    return _instant(shown.latest)


def _title(utterance: Utterance) -> str:
    return clean(f"{shorten(utterance.who, 80)}: {utterance.fullest.statement.short(100)}")


@lru_cache(maxsize=4096)  # an utterance stands in the feeds of its speaker, topic, beat and outlets
def _content(utterance: Utterance) -> str:
    """The entry as HTML: the words, their context, where they were brought, and how they changed."""
    report, rows = utterance.fullest, utterance.all_reports[:MOST_ROWS]
    kind = KIND_WORDS[report.statement.kind]
    tag = "blockquote" if report.statement.is_quotation else "p"  # a paraphrase is no quotation
    parts = [
        f"<{tag}>{_html(report.statement.text)}</{tag}>",
        f"<p>{kind}. In context: {_html(report.statement.context)}</p><ul>",
    ]
    for row in rows:
        name = _html(row.outlet.name if row.outlet else "an unnamed outlet")
        linked = f"<a href={quoteattr(row.link)}>{name}</a>" if row.link else name
        parts.append(f"<li>{linked}, {day_words(row.when)}: {KIND_WORDS[row.statement.kind].lower()}</li>")
    parts.append("</ul>")
    for alert in utterance.story.alerts[:5]:
        parts.append(f"<p>Wording differs ({_html(alert.note)}): {_diff(alert.changes)}</p>")
    return "".join(parts)


def _diff(changes: Sequence[WordChange]) -> str:
    """A word diff with ``<del>`` and ``<ins>``."""
    marks = {"del": "<del>{}</del>", "ins": "<ins>{}</ins>"}
    return " ".join(marks.get(piece.op, "{}").format(_html(piece.text)) for piece in stretches(changes))


def _html(text: str) -> str:
    return escape(clean(text), {'"': "&quot;"})


def atom(view: FeedView, site: Mapping[str, Any], address: str) -> bytes:
    """The feed of the page at `address` as Atom; `site` has `title` and `base_url`."""
    entries = view.utterances[:MOST_ENTRIES]
    updated = max((_latest(u) for u in entries), default=_instant(None))
    here = absolute(site["base_url"], address)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<title>{_html(_feed_title(view, site))}</title>",
        f"<id>{_urn(address)}</id>",
        f"<updated>{updated}</updated>",
        f"<author><name>{_html(site['title'])}</name></author>",
    ]
    if here:
        lines += [f'<link rel="alternate" type="text/html" href={quoteattr(here)}/>']
        lines += [f'<link rel="self" type="application/atom+xml" href={quoteattr(here + "feed.xml")}/>']
    base_url = site["base_url"]
    written = [shown.card("atom", lambda it: _atom_entry(it, base_url)) for shown in entries]
    return b"\n".join(["\n".join(lines).encode(), *written, b"</feed>", b""])


def _feed_title(view: FeedView, site: Mapping[str, Any]) -> str:
    return clean(f"{view.title} · {site['title']}" if view.title else str(site["title"]))


def _where(utterance: Utterance, base_url: str | None) -> str | None:
    """The entry's address: its own page where that is known, else the report."""
    return absolute(base_url, f"q/{utterance.key}/") or utterance.fullest.link


@lru_cache(maxsize=4096)
def _atom_entry(utterance: Utterance, base_url: str | None) -> bytes:
    where = _where(utterance, base_url)
    link = f"<link href={quoteattr(where)}/>" if where else ""
    published = f"<published>{_instant(utterance.when)}</published>" if utterance.when else ""
    return (
        f"<entry><title>{_html(_title(utterance))}</title><id>{_urn(f'q/{utterance.key}/')}</id>"
        f"<updated>{_latest(utterance)}</updated>{published}{link}"
        f'<content type="html">{escape(_content(utterance))}</content></entry>'
    ).encode()


def json_feed(view: FeedView, site: Mapping[str, Any], address: str) -> dict[str, Any]:
    """The same feed as JSON Feed 1.1."""
    here = absolute(site["base_url"], address)
    urls = {"home_page_url": here, "feed_url": f"{here}feed.json"} if here else {}
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _feed_title(view, site),
        **urls,
        "items": _items(view.utterances[:MOST_ENTRIES], site["base_url"]),
    }


def _items(entries: Iterable[Shown], base_url: str | None) -> Ready:
    return Ready.all(shown.card("item", lambda it: clean_json(_json_item(it, base_url))) for shown in entries)


def _json_item(utterance: Utterance, base_url: str | None) -> dict[str, Any]:
    where = _where(utterance, base_url)
    return {
        "id": _urn(f"q/{utterance.key}/"),
        "title": _title(utterance),
        "content_html": _content(utterance),
        **({"url": where} if where else {}),
        **({"date_published": _instant(utterance.when)} if utterance.when else {}),
        "date_modified": _latest(utterance),
    }
