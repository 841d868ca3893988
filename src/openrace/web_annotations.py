"""Point at words in a page: W3C Web Annotations (https://www.w3.org/TR/annotation-model/)."""

from __future__ import annotations

from typing import NamedTuple

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
MARGIN = 32  # code points of prefix and suffix, as hypothes.is writes them


class QuoteSelector(NamedTuple):
    """A TextQuoteSelector: the very words, and what stands before and after them."""

    exact: str
    prefix: str = ""
    suffix: str = ""

    def as_json(self) -> dict[str, str]:
        """Return the selector as it stands in JSON-LD; an empty prefix or suffix is left out."""
        fields = {"exact": self.exact, "prefix": self.prefix, "suffix": self.suffix}
        return {"type": "TextQuoteSelector"} | {name: words for name, words in fields.items() if words}


def select(text: str, start: int, end: int) -> QuoteSelector:
    """Return the selector of ``text[start:end]``."""
    return QuoteSelector(text[start:end], text[max(0, start - MARGIN) : start], text[end : end + MARGIN])


def target(url: str | None, selector: QuoteSelector) -> dict[str, object]:
    """Return what an annotation is about: the page at `url` and the words that `selector` finds in it."""
    return {"source": url, "selector": selector.as_json()}
