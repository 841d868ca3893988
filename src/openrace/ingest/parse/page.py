"""HTML to an article: what the page says of itself (`page_metadata.py`) and its text (`main_text.py`)."""

from __future__ import annotations

import trafilatura
from lxml.html import HtmlElement

from openrace.errors import InputError
from openrace.ingest.parse.encoding import NotTextError, declared_in_html, decode
from openrace.ingest.parse.main_text import main_paragraphs
from openrace.ingest.parse.page_metadata import PageMetadata, read_metadata, same_outlet
from openrace.ingest.parse.plain_text import with_headline
from openrace.ingest.urls import canonical_url, outlet_domain
from openrace.records import Article

PARTIAL = "partial: the page says that its text is not open to all"


def parse_page(page: bytes | str, url: str | None = None, charset: str | None = None) -> Article:
    """The article on `page`, found at `url`; `charset` is what its server said.

    Raises InputError where there is no text to be had. The article's address is the page's canonical
    one where that is of the same outlet; a canonical of another outlet makes this a copy, told in `note`.
    """
    tree = load_page(page, url, charset)
    metadata = read_metadata(tree, url)
    paragraphs = main_paragraphs(tree, url, metadata.title)
    if not paragraphs:
        raise InputError(url or "page", "has no article text", "is it a home page, or drawn by a script?")
    return _article(metadata, paragraphs, url)


def load_page(page: bytes | str, url: str | None = None, charset: str | None = None) -> HtmlElement:
    """The parsed tree of `page`. Raises InputError where the bytes are no HTML."""
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
    if metadata.accessible is False:
        note = f"{PARTIAL}; {note}" if note else PARTIAL
    text = with_headline(metadata.title, paragraphs)
    return Article(
        id=Article.make_id(own, text),
        text=text,
        url=own,
        title=metadata.title,
        outlet=outlet_domain(own) if own else None,
        published=metadata.published,
        authors=metadata.authors,
        language=metadata.language,
        note=note,
    )


def _address(metadata: PageMetadata, url: str | None) -> tuple[str | None, str | None]:
    """The article's address, and what to note of it: a page that names another outlet's is a copy."""
    here = canonical_url(url) if url else None
    if metadata.canonical is None or here is None or same_outlet(metadata.canonical, here):
        return metadata.canonical or here, None
    return here, f"copy: the page names {metadata.canonical} as its original"
