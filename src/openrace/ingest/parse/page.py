"""HTML to an article: what the page says of itself (`page_metadata.py`) and its text (`main_text.py`)."""

from __future__ import annotations

import trafilatura
from lxml.html import HtmlElement

from openrace.errors import InputError
from openrace.ingest.parse.dates import DateContext
from openrace.ingest.parse.encoding import NotTextError, declared_in_html, decode
from openrace.ingest.parse.interstitial import interstitial, refresh_target
from openrace.ingest.parse.main_text import main_paragraphs
from openrace.ingest.parse.page_metadata import PageMetadata, read_metadata, same_outlet
from openrace.ingest.parse.plain_text import with_headline
from openrace.ingest.urls import absolute_url, canonical_url, outlet_domain
from openrace.records import Article, normalise_wording

FIRST_PAGE = "partial: the article goes on on a next page, which was not read"
PARTIAL = "partial: the page says that its text is not open to all"


def parse_page(
    page: bytes | str,
    url: str | None = None,
    charset: str | None = None,
    zone: str | None = None,
    country: str | None = None,
) -> Article:
    """Return the article on `page`, found at `url`; `charset` is what its server said.

    `zone` (an IANA name) and `country` are the outlet's, where they are known: hours that the page gives
    without a zone are of that one. Raises InputError where there is no text to be had, or another page (a
    consent dialogue, a bot check, an error) stands in the article's place. The article's address is the
    page's canonical one where that is of the same outlet; a canonical of another outlet makes this a copy,
    given in `note`.
    """
    tree = load_page(page, url, charset)
    target = refresh_target(tree)
    if target:
        raise InputError(url or "page", f"only leads on to {target[:200]}")
    metadata = read_metadata(tree, url, DateContext(zone, country))
    paragraphs = main_paragraphs(tree, url, metadata.title, metadata.body)
    if not paragraphs:
        raise InputError(url or "page", "has no article text", "is it a home page, or drawn by a script?")
    problem = interstitial(_headlines(tree, metadata), paragraphs)
    if problem:
        raise InputError(url or "page", problem)
    return _article(metadata, paragraphs, url)


def find_refresh(page: bytes, url: str, charset: str | None = None) -> str | None:
    """Return the whole address that the page at `url` only leads on to.

    None where it is a page of its own.
    """
    try:
        tree = load_page(page, url, charset)
    except InputError:
        return None
    target = refresh_target(tree)
    found = absolute_url(target, base=base_address(tree, url)) if target else None
    return found if found != absolute_url(url) else None


def base_address(tree: HtmlElement, url: str) -> str:
    """Return the address against which the page's links are resolved: its ``<base href>``, else its own."""
    base = tree.find(".//base[@href]")
    return (base is not None and absolute_url(base.get("href") or "", base=url)) or url


def _headlines(tree: HtmlElement, metadata: PageMetadata) -> list[str]:
    markup = [element.text_content() for tag in ("title", "h1") for element in tree.iter(tag)]
    return [text for line in (metadata.title, *markup[:3]) if line and (text := normalise_wording(line))]


def load_page(page: bytes | str, url: str | None = None, charset: str | None = None) -> HtmlElement:
    """Return the parsed tree of `page`. Raises InputError where the bytes are no HTML."""
    try:
        text = page if isinstance(page, str) else decode(page, charset or declared_in_html(page))
    except NotTextError as problem:
        raise InputError(url or "page", f"is {problem}, not HTML") from problem
    tree = trafilatura.load_html(text)
    if tree is None:
        raise InputError(url or "page", "is no HTML")
    return tree


def _article(metadata: PageMetadata, paragraphs: list[str], url: str | None) -> Article:
    own, note = _address(metadata, url)
    notes = [PARTIAL] * (metadata.accessible is False) + [FIRST_PAGE] * metadata.continues
    note = "; ".join([*notes, *([note] if note else [])]) or None
    text = with_headline(metadata.title, paragraphs)
    return Article(
        id=Article.make_id(own, text),
        text=text,
        url=own,
        title=metadata.title,
        outlet=outlet_domain(own) if own else None,
        published=metadata.published.when if metadata.published else None,
        published_zone=metadata.published.zone if metadata.published else None,
        published_basis=metadata.published.basis if metadata.published else None,
        published_written=metadata.published.written if metadata.published else None,
        authors=metadata.authors,
        language=metadata.language,
        note=note,
    )


def _address(metadata: PageMetadata, url: str | None) -> tuple[str | None, str | None]:
    """Return the article's address, and what to note of it: a page that names another outlet's is a copy."""
    here = canonical_url(url) if url else None
    if metadata.canonical is None or here is None or same_outlet(metadata.canonical, here):
        return metadata.canonical or here, None
    return here, f"copy: the page names {metadata.canonical} as its original"
