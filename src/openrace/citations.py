"""Cite a source as BibTeX and as CSL-JSON: written once, for the exports and for the site's pages."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

_SPECIAL = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
_SPECIAL |= {character: f"\\{character}" for character in "&%$#_{}"}
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


class Source(NamedTuple):
    """What a citation names. `published` and `accessed` are days or instants; "" and None: not known."""

    key: str
    title: str | None = None
    outlet: str | None = None
    published: str | None = None
    url: str | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None  # ISO 639-1
    note: str | None = None
    accessed: str | None = None  # when its words were taken


def to_bibtex(source: Source) -> str:
    """Return `source` as an entry ``@misc`` in UTF-8, as BibTeX and biblatex read it."""
    fields = {
        "title": f"{{{_escape(source.title)}}}" if source.title else None,
        "author": " and ".join(f"{{{_escape(name)}}}" for name in source.authors),
        "howpublished": _escape(source.outlet or ""),
        "year": source.published and source.published[:4],
        "url": _plain_url(source.url),
        "urldate": source.accessed and source.accessed[:10],
        "note": _escape(source.note or ""),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    if source.published:
        lines.append(f"  month = {_MONTHS[int(source.published[5:7]) - 1]}")
        lines.append(f"  day = {{{int(source.published[8:10])}}}")
    return f"@misc{{{source.key},\n" + ",\n".join(lines) + "\n}"


def to_csl(source: Source) -> dict[str, Any]:
    """Return `source` as a CSL item, as Zotero, Pandoc and citeproc read it."""
    item: dict[str, Any] = {
        "id": source.key,
        "type": "article-newspaper",
        "title": source.title,
        "container-title": source.outlet,
        "author": [{"literal": name} for name in source.authors],
        "issued": _csl_date(source.published),
        "URL": source.url,
        "accessed": _csl_date(source.accessed),
        "language": source.language,
        "note": source.note,
    }
    return {name: value for name, value in item.items() if value}


def _csl_date(when: str | None) -> dict[str, Any] | None:
    return {"date-parts": [[int(part) for part in when[:10].split("-")]]} if when else None


def _escape(text: str) -> str:
    return "".join(_SPECIAL.get(character, character) for character in " ".join(text.split()))


def _plain_url(url: str | None) -> str | None:
    """Return an address as BibTeX's url field wants it: what would end the field percent-encoded."""
    return re.sub(r"[{}\\\s]", lambda found: f"%{ord(found[0]):02X}", url) if url else None
