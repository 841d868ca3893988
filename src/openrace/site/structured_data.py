"""What machines read in a page: schema.org JSON-LD, a W3C annotation, and citations.

Nothing is rated: there is no ClaimReview here, and there will be none.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import quote

from pydantic_core import to_json

from openrace.site.family_view import Report, Utterance
from openrace.site.reader_text import clean, day_words, shorten, web_link

MOST_APPEARANCES = 12  # in the page; index.json has all of them
_BIBTEX = {c: f"\\{c}" for c in "{}%&$#_"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "\n": " ",
}
_BIBTEX_SIGN = re.compile(r"[{}%&$#_\\~^\n]")


@lru_cache(maxsize=256)
def absolute(base_url: str | None, address: str) -> str | None:
    """Where `address` (relative to the root) will be served; None where that is not known."""
    return f"{base_url.rstrip('/')}/{quote(address)}" if base_url else None


def quotation(utterance: Utterance, base_url: str | None) -> list[dict[str, Any]]:
    """The utterance as schema.org Quotation and Claim, and its fullest words as a W3C annotation."""
    where = absolute(base_url, f"q/{utterance.key}/")
    mine = {"@id": where} if where else {}
    text = utterance.fullest.statement.text
    appearances = [_article(report) for report in utterance.reports[:MOST_APPEARANCES]]
    graph: list[dict[str, Any]] = [
        {"@type": "Quotation", "text": text, **_creator(utterance), **mine},
        {
            "@type": "Claim",
            "text": text,
            "firstAppearance": appearances[0],
            "appearance": appearances,
        },
    ]
    annotation = {"@context": "http://www.w3.org/ns/anno.jsonld", **annotate(utterance.fullest)}
    return [{"@context": "https://schema.org", "@graph": graph}, annotation]


def _creator(utterance: Utterance) -> dict[str, Any]:
    speaker = utterance.speaker
    if speaker is None:
        return {}
    kind = "Organization" if speaker.is_organisation else "Person"
    return {"creator": {"@type": kind, "name": speaker.name}}


def _article(report: Report) -> dict[str, Any]:
    card = report.article
    found: dict[str, Any] = {"@type": "Article"}
    if link := web_link(card.url):
        found["url"] = link
    if card.title:
        found["headline"] = shorten(card.title, 110)
    if report.when:
        found["datePublished"] = report.when
    if report.outlet:
        found["publisher"] = {"@type": "Organization", "name": report.outlet.name}
    return found


def annotate(report: Report) -> dict[str, Any]:
    """The words in their article as a W3C Web Annotation with a TextQuoteSelector."""
    said = report.statement
    selector = {"type": "TextQuoteSelector", "exact": said.exact or said.text}
    selector |= {name: words for name, words in (("prefix", said.prefix), ("suffix", said.suffix)) if words}
    return {
        "type": "Annotation",
        "motivation": "identifying",
        "target": {"source": web_link(report.article.url), "selector": selector},
    }


class _Named(NamedTuple):
    """What every form of a citation names; `title` is the article's, else the words."""

    speaker: str
    outlet: str
    title: str
    when: str | None
    url: str | None


def _named(utterance: Utterance, base_url: str | None) -> _Named:
    """The utterance as its fullest report brings it."""
    report = utterance.fullest
    return _Named(
        clean(utterance.who),
        clean(report.outlet.name) if report.outlet else "unnamed outlet",
        clean(report.article.title or shorten(report.statement.text, 80)),
        report.when,
        web_link(report.article.url) or absolute(base_url, f"q/{utterance.key}/"),
    )


def cite(utterance: Utterance, base_url: str | None) -> dict[str, str]:
    """The utterance, as its fullest report brings it, in BibTeX, CSL-JSON and plain words."""
    named, key = _named(utterance, base_url), f"openrace-{utterance.key}"
    csl = to_json([_csl(named, key)], indent=1).decode()
    return {"plain": _plain(named), "bibtex": _bibtex(named, key), "csl": csl}


def _plain(named: _Named) -> str:
    when = f", {day_words(named.when)}" if named.when else ""
    url = f" {named.url}" if named.url else ""
    return f"{named.speaker}, quoted in “{named.title}”, {named.outlet}{when}.{url}"


def _bibtex(named: _Named, key: str) -> str:
    speaker, outlet, title = (_BIBTEX_SIGN.sub(lambda sign: _BIBTEX[sign[0]], name) for name in named[:3])
    fields = {"title": f"{{{title}}}", "organization": outlet, "note": f"Quoting {speaker}"}
    if named.when:
        year, month, day = named.when[:10].split("-")
        fields |= {"year": year, "month": str(int(month)), "day": str(int(day))}
    if named.url:
        fields["url"] = named.url.replace("{", "%7B").replace("}", "%7D")
    lines = ",\n".join([f"  {name} = {{{value}}}" for name, value in fields.items()])
    return f"@online{{{key},\n{lines}\n}}"


def _csl(named: _Named, key: str) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": key,
        "type": "article-newspaper",
        "title": named.title,
        "container-title": named.outlet,
        "note": f"Quoting {named.speaker}",
    }
    if named.when:
        item["issued"] = {"date-parts": [[int(n) for n in named.when[:10].split("-")]]}
    if named.url:
        item["URL"] = named.url
    return item


def embed(utterance: Utterance, base_url: str | None) -> str:
    """HTML to be pasted into another page: the words, whose they are, and where they stand."""
    report = utterance.fullest
    where = html.escape(absolute(base_url, f"q/{utterance.key}/") or web_link(report.article.url) or "")
    words, speaker = html.escape(clean(report.statement.text)), html.escape(clean(utterance.who))
    source = f' cite="{where}"' if where else ""
    name = f'<a href="{where}">{speaker}</a>' if where else speaker
    return f"<blockquote{source}><p>{words}</p><footer>— {name}</footer></blockquote>"
