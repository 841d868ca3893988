"""What machines read in a page: schema.org JSON-LD, a W3C annotation, and citations.

Nothing is rated: there is no ClaimReview here, and there will be none.
"""

from __future__ import annotations

import html
from typing import Any
from urllib.parse import quote

from pydantic_core import to_json

from openrace.site.text import clean, day_words, shorten, web_link
from openrace.site.utterances import Report, Utterance

MOST_APPEARANCES = 12  # in the page; index.json has all of them
_BIBTEX = str.maketrans(
    {c: f"\\{c}" for c in "{}%&$#_"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\n": " "}
)


def absolute(base_url: str | None, address: str) -> str | None:
    """Where `address` (relative to the root) will be served; None where that is not known."""
    return f"{base_url.rstrip('/')}/{quote(address)}" if base_url else None


def quotation(utterance: Utterance, base_url: str | None) -> list[dict[str, Any]]:
    """The utterance as schema.org Quotation and Claim, and its fullest words as a W3C annotation."""
    where = absolute(base_url, f"q/{utterance.key}/")
    mine = {"@id": where} if where else {}
    graph: list[dict[str, Any]] = [
        {"@type": "Quotation", "text": utterance.fullest.statement.text, **_creator(utterance), **mine},
        {
            "@type": "Claim",
            "text": utterance.fullest.statement.text,
            "firstAppearance": _article(utterance.first),
            "appearance": [_article(r) for r in utterance.reports[:MOST_APPEARANCES]],
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
    card, link = report.article, web_link(report.article.url)
    return {
        "@type": "Article",
        **({"url": link} if link else {}),
        **({"headline": shorten(card.title, 110)} if card.title else {}),
        **({"datePublished": report.when} if report.when else {}),
        **({"publisher": {"@type": "Organization", "name": report.outlet.name}} if report.outlet else {}),
    }


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


def cite(utterance: Utterance, base_url: str | None) -> dict[str, str]:
    """The utterance, as its fullest report brings it, in BibTeX, CSL-JSON and plain words."""
    report = utterance.fullest
    url = web_link(report.article.url) or absolute(base_url, f"q/{utterance.key}/")
    return {
        "plain": _plain(utterance, report, url),
        "bibtex": _bibtex(utterance, report, url),
        "csl": to_json([_csl(utterance, report, url)], indent=1).decode(),
    }


def _names(utterance: Utterance, report: Report) -> tuple[str, str, str]:
    """Speaker, outlet and title as they stand in a citation."""
    speaker = utterance.who
    outlet = report.outlet.name if report.outlet else "unnamed outlet"
    return clean(speaker), clean(outlet), clean(report.article.title or shorten(report.statement.text, 80))


def _plain(utterance: Utterance, report: Report, url: str | None) -> str:
    speaker, outlet, title = _names(utterance, report)
    when = f", {day_words(report.when)}" if report.when else ""
    return f"{speaker}, quoted in “{title}”, {outlet}{when}." + (f" {url}" if url else "")


def _bibtex(utterance: Utterance, report: Report, url: str | None) -> str:
    speaker, outlet, title = (name.translate(_BIBTEX) for name in _names(utterance, report))
    fields = {"title": f"{{{title}}}", "organization": outlet, "note": f"Quoting {speaker}"}
    if report.when:
        fields |= {
            "year": report.when[:4],
            "month": str(int(report.when[5:7])),
            "day": str(int(report.when[8:10])),
        }
    if url:
        fields["url"] = url.replace("{", "%7B").replace("}", "%7D")
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@online{{openrace-{utterance.key},\n{lines}\n}}"


def _csl(utterance: Utterance, report: Report, url: str | None) -> dict[str, Any]:
    speaker, outlet, title = _names(utterance, report)
    issued = [int(n) for n in report.when[:10].split("-")] if report.when else None
    item = {
        "id": f"openrace-{utterance.key}",
        "type": "article-newspaper",
        "title": title,
        "container-title": outlet,
        "note": f"Quoting {speaker}",
    }
    return item | ({"issued": {"date-parts": [issued]}} if issued else {}) | ({"URL": url} if url else {})


def embed(utterance: Utterance, base_url: str | None) -> str:
    """HTML to be pasted into another page: the words, whose they are, and where they stand."""
    report = utterance.fullest
    where = absolute(base_url, f"q/{utterance.key}/") or web_link(report.article.url)
    words, speaker = html.escape(clean(report.statement.text)), html.escape(_names(utterance, report)[0])
    source = f' cite="{html.escape(where)}"' if where else ""
    name = f'<a href="{html.escape(where)}">{speaker}</a>' if where else speaker
    return f"<blockquote{source}><p>{words}</p><footer>— {name}</footer></blockquote>"
