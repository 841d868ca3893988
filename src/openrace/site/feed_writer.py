"""Atom (RFC 4287) and JSON Feed 1.1, for the site and for speakers, outlets, topics and sides."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from openrace.site.family_line import FamilyLine, Words
from openrace.site.fragments import Fragments, RawJson
from openrace.site.interface_language import InterfaceLanguage
from openrace.site.page_addresses import file_of
from openrace.site.reader_text import clean, clean_json, shorten
from openrace.site.structured_data import absolute

MOST_ENTRIES = 25
_NAMESPACE = uuid.UUID("6f0f6f0e-2a55-5b0a-9d2f-0f3a1c6f7a11")  # ours: ids are urn:uuid of it and the address


class FeedView(NamedTuple):
    """A feed: its title (empty for the site's own) and its statements, newest first."""

    title: str
    lines: Sequence[FamilyLine]


def _urn(address: str) -> str:
    return f"urn:uuid:{uuid.uuid5(_NAMESPACE, address)}"


def _instant(when: str) -> str:
    """Return RFC 3339; a day becomes its first second, an unknown date the epoch (Atom needs one)."""
    if not when:
        return "1970-01-01T00:00:00Z"
    return when if len(when) > 10 else f"{when}T00:00:00Z"


def _title(line: FamilyLine) -> str:
    return clean(shorten(line.sentence, 180))


def _content(line: FamilyLine, language: InterfaceLanguage) -> str:
    """Return the words with their verb, how they were printed and who carried them, as HTML."""
    parts = [f"<p>{_html(line.sentence)}</p>"]
    if line.other:
        parts.append(f"<p{_lang(line.other)}>{_html(line.other.text)}</p>")
    parts.append(f"<p>{language.sentences(list(_carried(line, language)))}</p>")
    if line.alert:
        differs = language.gettext("Wording differs: %(how)s", how=_html(line.alert))
        parts.append(f"<p>{differs}</p>")
    return "".join(parts)


def _carried(line: FamilyLine, language: InterfaceLanguage) -> Iterator[str]:
    """Yield how the words were printed, who had them first and who else."""
    gettext = language.gettext
    first = _html(line.first.name if line.first else gettext("an unnamed outlet"))
    source = f"<a href={quoteattr(line.link)}>{first}</a>" if line.link else first
    place = (
        gettext("First in %(outlet)s, %(when)s.")
        if line.first_is_certain
        else gettext("In %(outlet)s, %(when)s.")
    )
    yield gettext("%(kind)s.", kind=language.kinds[line.kind_name])
    yield place % {"outlet": source, "when": language.when(line.when or None)}
    if line.more:
        named = _html(language.listed([outlet.name for outlet in line.more]))
        if line.others:
            named = gettext("%(outlets)s and %(number)s more", outlets=named, number=line.others)
        yield gettext("More: %(outlets)s.", outlets=named)


def _lang(words: Words) -> str:
    return f" lang={quoteattr(clean(words.language))}" if words.language else ""


def _html(text: str) -> str:
    return escape(clean(text), {'"': "&quot;"})


def atom(
    view: FeedView, site: Mapping[str, Any], address: str, fragments: Fragments, language: InterfaceLanguage
) -> bytes:
    """Return the feed of the page at `address` as Atom; `site` has `title` and `base_url`."""
    lines = view.lines[:MOST_ENTRIES]
    updated = max((_instant(line.latest) for line in lines), default=_instant(""))
    here = absolute(site["base_url"], address)
    head = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<title>{_html(_feed_title(view, site))}</title>",
        f"<id>{_urn(address)}</id>",
        f"<updated>{updated}</updated>",
        f"<author><name>{_html(site['title'])}</name></author>",
    ]
    if here:
        head += [f'<link rel="alternate" type="text/html" href={quoteattr(here)}/>']
        head += [f'<link rel="self" type="application/atom+xml" href={quoteattr(here + "feed.xml")}/>']
    base_url = site["base_url"]
    entries = [fragments.get("atom", line, lambda it: _atom_entry(it, base_url, language)) for line in lines]
    return b"\n".join(["\n".join(head).encode(), *entries, b"</feed>", b""])


def _feed_title(view: FeedView, site: Mapping[str, Any]) -> str:
    return clean(f"{view.title} · {site['title']}" if view.title else str(site["title"]))


def _where(line: FamilyLine, base_url: str | None) -> str | None:
    """Return the entry's address: its place on the site where that is known, else the article."""
    return absolute(base_url, file_of(line.address)) or line.link or None


def _atom_entry(line: FamilyLine, base_url: str | None, language: InterfaceLanguage) -> bytes:
    where = _where(line, base_url)
    link = f"<link href={quoteattr(where)}/>" if where else ""
    published = f"<published>{_instant(line.when)}</published>" if line.when else ""
    return (
        f"<entry><title>{_html(_title(line))}</title><id>{_urn(f'q/{line.family}/')}</id>"
        f"<updated>{_instant(line.latest)}</updated>{published}{link}"
        f'<content type="html">{escape(_content(line, language))}</content></entry>'
    ).encode()


def json_feed(
    view: FeedView, site: Mapping[str, Any], address: str, fragments: Fragments, language: InterfaceLanguage
) -> dict[str, Any]:
    """Return the same feed as JSON Feed 1.1."""
    here, base_url = absolute(site["base_url"], address), site["base_url"]
    urls = {"home_page_url": here, "feed_url": f"{here}feed.json"} if here else {}
    lines = view.lines[:MOST_ENTRIES]
    items = (
        fragments.get("item", line, lambda it: clean_json(_json_item(it, base_url, language)))
        for line in lines
    )
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _feed_title(view, site),
        **urls,
        "items": RawJson.list(items),
    }


def _json_item(line: FamilyLine, base_url: str | None, language: InterfaceLanguage) -> dict[str, Any]:
    where = _where(line, base_url)
    return {
        "id": _urn(f"q/{line.family}/"),
        "title": _title(line),
        "content_html": _content(line, language),
        **({"url": where} if where else {}),
        **({"date_published": _instant(line.when)} if line.when else {}),
        "date_modified": _instant(line.latest),
    }
