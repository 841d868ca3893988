"""Articles as citations: BibTeX and CSL-JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from openrace.exports.claim_lines import ArticleLine

_SPECIAL = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
_SPECIAL |= {character: f"\\{character}" for character in "&%$#_{}"}
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def to_bibtex(articles: Iterable[ArticleLine], outlets: dict[str, str]) -> Iterator[str]:
    """One ``@misc`` entry an article, in UTF-8; `outlets` are names by domain."""
    for article in articles:
        fields = {
            "title": f"{{{_escape(article.title)}}}" if article.title else None,
            "author": " and ".join(f"{{{_escape(name)}}}" for name in article.authors),
            "howpublished": _escape(outlets.get(article.outlet or "", article.outlet or "")),
            "year": article.published and article.published[:4],
            "url": _plain_url(article.url),
            "note": _escape(article.note or ""),
        }
        lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
        if article.published:
            lines.append(f"  month = {_MONTHS[int(article.published[5:7]) - 1]}")
        yield f"@misc{{openrace-{article.id},\n" + ",\n".join(lines) + "\n}\n\n"


def _escape(text: str) -> str:
    return "".join(_SPECIAL.get(character, character) for character in " ".join(text.split()))


def _plain_url(url: str | None) -> str | None:
    """An address as BibTeX's url field wants it: verbatim, with what would end the field percent-encoded."""
    return re.sub(r"[{}\\\s]", lambda found: f"%{ord(found[0]):02X}", url) if url else None


def to_csl(articles: Iterable[ArticleLine], outlets: dict[str, str]) -> Iterator[str]:
    """A JSON array of CSL items, as Zotero, Pandoc and citeproc read them."""
    before = "[\n"
    for article in articles:
        yield before + json.dumps(_csl_item(article, outlets), ensure_ascii=False)
        before = ",\n"
    yield "\n]\n" if before != "[\n" else "[]\n"


def _csl_item(article: ArticleLine, outlets: dict[str, str]) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": f"openrace-{article.id}",
        "type": "article-newspaper",
        "title": article.title,
        "container-title": outlets.get(article.outlet or "", article.outlet),
        "author": [{"literal": name} for name in article.authors],
        "URL": article.url,
        "language": article.language,
        "note": article.note,
    }
    if article.published:
        item["issued"] = {"date-parts": [[int(part) for part in article.published[:10].split("-")]]}
    return {name: value for name, value in item.items() if value}
