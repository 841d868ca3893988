"""HTML to an article: what the page says of itself, then its text, paragraph by paragraph.

Metadata come from `metadata.py`; the text from trafilatura's default mode, whose tree (not its flat
text) is read here, so that paragraphs stay apart and quotation marks stay what they were.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from html import unescape

import trafilatura
from lxml.etree import _Element
from lxml.html import HtmlElement
from trafilatura.metadata import Document

from openrace.errors import InputError
from openrace.ingest.encoding import NotTextError, declared_in_html, decode
from openrace.ingest.metadata import PageMetadata, read_metadata, same_outlet
from openrace.ingest.urls import canonical_url, registrable_domain
from openrace.records import Article, normalise_wording

PARTIAL = "partial: the page says that its text is not open to all"
_BLOCKS = {"p", "head", "item", "cell", "quote", "code", "fw", "ab"}


def parse_page(page: bytes | str, url: str | None = None, charset: str | None = None) -> Article:
    """The article on `page`, found at `url`; `charset` is what its server said.

    Raises InputError where there is no text to be had. The article's address is the page's canonical
    one where that is of the same outlet; a canonical of another outlet makes this a copy, told in `note`.
    """
    tree = load_page(page, url, charset)
    metadata = read_metadata(tree, url)
    paragraphs = page_paragraphs(tree, url)
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


def page_paragraphs(tree: HtmlElement, url: str | None = None) -> list[str]:
    """The paragraphs of the page's main text, each on one line."""
    found = trafilatura.bare_extraction(tree, url=url, include_comments=False)
    if not isinstance(found, Document) or found.body is None:
        return []
    return list(_paragraphs(found.body))


def _paragraphs(body: _Element) -> Iterator[str]:
    """The text of each block of trafilatura's tree; a line break inside a block ends a paragraph too."""
    pieces: list[str] = []
    for event, element in _walk(body):
        if element.tag in _BLOCKS or element.tag == "lb":
            yield from _flush(pieces)
        pieces.append((element.text if event == "start" else element.tail) or "")
    yield from _flush(pieces)


def _walk(element: _Element) -> Iterator[tuple[str, _Element]]:
    yield "start", element
    for child in element:
        yield from _walk(child)
    yield "end", element


def _flush(pieces: list[str]) -> Iterator[str]:
    text = clean_text("".join(pieces))
    pieces.clear()
    if text:
        yield text


def clean_text(text: str) -> str:
    """`text` on one line in NFC, without what has no width; quotation marks are left as they are."""
    text = unicodedata.normalize("NFC", unescape(text))
    return normalise_wording(re.sub(r"[\u200b\u2060\ufeff\u00ad]", "", text))


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
        outlet=registrable_domain(own) if own else None,
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


def with_headline(title: str | None, paragraphs: list[str]) -> str:
    """The article's text: `title` as its first paragraph, once, and one blank line between paragraphs."""
    if title and not _same_words(title, paragraphs[0]):
        paragraphs = [title, *paragraphs]
    return "\n\n".join(paragraphs)


def _same_words(one: str, other: str) -> bool:
    return re.findall(r"\w+", one.lower()) == re.findall(r"\w+", other.lower())
