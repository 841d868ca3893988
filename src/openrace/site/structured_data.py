"""What machines read in a page: schema.org JSON-LD, a W3C annotation, and citations.

Nothing is rated: there is no ClaimReview here, and there will be none.
"""

from __future__ import annotations

import html
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import quote

from pydantic_core import to_json

from openrace.citations import Source, to_bibtex, to_csl
from openrace.site.family_view import FamilyView, ReportView
from openrace.site.interface_language import InterfaceLanguage
from openrace.site.page_addresses import file_of
from openrace.site.reader_text import clean, shorten, web_link
from openrace.site.share_cards import CARD_SIZE
from openrace.site.snapshot import SiteSnapshot
from openrace.web_annotations import CONTEXT, QuoteSelector, target

MOST_APPEARANCES = 12  # in the page; index.json has all of them
LONGEST_CITED = 600  # code points of the words in a citation or an embed
EMBED_WIDTH = 600  # pixels: a column of text


@lru_cache(maxsize=256)
def absolute(base_url: str | None, address: str) -> str | None:
    """Return where `address` (relative to the root) will be served; None where that is not known."""
    return f"{base_url.rstrip('/')}/{quote(address, safe='/#')}" if base_url else None


def quotation(view: FamilyView, base_url: str | None) -> list[dict[str, Any]]:
    """Return the family as schema.org Claim, its quoted words as Quotation, and a W3C annotation of them.

    Only words inside marks that the speaker asserts are a Quotation: what is paraphrased or denied is
    nobody's words.
    """
    where = absolute(base_url, file_of(view.address))
    mine = {"@id": where} if where else {}
    said = view.representative.statement
    appearances = [_article(report) for report in view.reports[:MOST_APPEARANCES]]
    graph: list[dict[str, Any]] = [
        {"@type": "Claim", "text": said.text, "firstAppearance": appearances[0], "appearance": appearances}
    ]
    if said.kind != "indirect" and said.polarity == "asserted":
        words = said.wording.quoted_words
        graph.insert(0, {"@type": "Quotation", "text": words, **_creator(view), **mine})
    annotation = {"@context": CONTEXT, **annotate(view.representative)}
    return [{"@context": "https://schema.org", "@graph": graph}, annotation]


def _creator(view: FamilyView) -> dict[str, Any]:
    speaker = view.speaker
    if speaker is None:
        return {}
    kind = "Organization" if speaker.is_organisation else "Person"
    return {"creator": {"@type": kind, "name": speaker.name}}


def _article(report: ReportView) -> dict[str, Any]:
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


def annotate(report: ReportView) -> dict[str, Any]:
    """Return the words in their article as a W3C Web Annotation with a TextQuoteSelector."""
    said = report.statement
    selector = QuoteSelector(said.exact or said.parts[0].text, said.prefix, said.suffix)
    about = target(web_link(report.article.url), selector)
    return {"type": "Annotation", "motivation": "identifying", "target": about}


class _StatementFacts(NamedTuple):
    """What a citation, a copy and an embed of a statement all say, as its representative report prints it."""

    who: str
    words: str  # in their marks, or with their verb
    kind: str
    outlet: str
    title: str | None  # the article's
    published: str | None
    taken: str | None  # when the words were read there
    url: str | None
    page: str | None  # of the family on this site
    language: InterfaceLanguage

    @property
    def place(self) -> str:
        """Where and when the words stand, and when they were read there."""
        gettext, day = self.language.gettext, self.language.day
        where = {"kind": self.kind, "outlet": self.outlet, "day": day(self.published)}
        if self.taken:
            read = day(self.taken)
            return gettext("%(kind)s in %(outlet)s, %(day)s, read on %(read)s", **where, read=read)
        return gettext("%(kind)s in %(outlet)s, %(day)s", **where)


def _named(view: FamilyView, base_url: str | None) -> _StatementFacts:
    report = view.representative
    return _StatementFacts(
        who=clean(view.who),
        words=clean(report.statement.short(LONGEST_CITED)),
        kind=view.language.kinds[report.statement.kind].lower(),
        outlet=clean(report.outlet.name) if report.outlet else view.language.gettext("an unnamed outlet"),
        title=clean(report.article.title) if report.article.title else None,
        published=report.when,
        taken=report.article.seen,
        url=web_link(report.article.url),
        page=absolute(base_url, file_of(view.address)),
        language=view.language,
    )


def cite(view: FamilyView, base_url: str | None) -> dict[str, str]:
    """Return the family, as its representative report prints it, in BibTeX, CSL-JSON and plain words."""
    named = _named(view, base_url)
    source = Source(
        key=f"openrace-{view.key}",
        title=named.title or named.words,
        outlet=named.outlet,
        published=named.published,
        url=named.url or named.page,
        language=view.representative.article.language,
        note=f"{named.who}: {named.words} ({named.kind})",
        accessed=named.taken,
    )
    return {
        "plain": _plain(named),
        "bibtex": to_bibtex(source),
        "csl": to_json([to_csl(source)], indent=1).decode(),
    }


def _plain(named: _StatementFacts) -> str:
    """Return the text that a reader copies: whose words, the words, how they were printed, where and when."""
    gettext, language = named.language.gettext, named.language
    parts = [gettext("%(who)s: %(words)s (%(place)s).", who=named.who, words=named.words, place=named.place)]
    if named.title:
        parts.append(gettext("“%(title)s”.", title=named.title))
    url = named.url or named.page
    return f"{language.sentences(parts)} {url}" if url else language.sentences(parts)


def embed(view: FamilyView, base_url: str | None) -> str:
    """Return HTML to be pasted into another page: what `cite` says, only verbatim words as a quotation."""
    named = _named(view, base_url)
    where = html.escape(named.page or named.url or "")
    words, who, place = (html.escape(text) for text in (named.words, named.who, named.place))
    linked = f'<a href="{where}">{place}</a>' if where else place
    if not view.representative.statement.is_quotation:
        return f"<figure><p>{who}: {words}</p><figcaption>{linked}</figcaption></figure>"
    source = f' cite="{where}"' if where else ""
    quotation = f"<blockquote{source}><p>{words}</p></blockquote>"
    return f"<figure>{quotation}<figcaption>{who}; {linked}</figcaption></figure>"


def oembed(view: FamilyView, card: str, snapshot: SiteSnapshot) -> dict[str, Any] | None:
    """Return what other sites show in place of a link to the family: `embed`, its `card` as the thumbnail.

    oEmbed 1.0, type "rich", found by the link in the page's head; for families with a share card alone, which
    bounds the files. None without a card, or where the site's own address is not known.
    """
    base_url = web_link(snapshot.base_url)
    if not card or not base_url:
        return None
    width, height = CARD_SIZE
    return {
        "version": "1.0",
        "type": "rich",
        "title": _plain(_named(view, base_url)),
        "provider_name": clean(snapshot.title),
        "provider_url": base_url,
        "html": embed(view, base_url),
        "width": EMBED_WIDTH,
        "height": None,  # as high as the words need: the form says so by null
        "thumbnail_url": absolute(base_url, card),
        "thumbnail_width": width,
        "thumbnail_height": height,
    }
