"""Text and Markdown to paragraphs, each on one line; and paragraphs to an article's text."""

from __future__ import annotations

import itertools
import re
import unicodedata
from html import unescape

from markdown_it import MarkdownIt
from markdown_it.token import Token

from openrace.records import normalise_wording

MAX_TITLE = 200  # code points; the longest headline of our news pages has 127
WRAP_WIDTH = 100  # a file whose lines are all at most this long may be wrapped by hand
_SENTENCE_END = re.compile(r"[.;:,…。；：，](?:[\"'”’»」』)\]]*)$")


def text_paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text file.

    Without blank lines each line is one. With them, blocks apart by blank lines are, and the lines of a
    block run on where the file looks wrapped by hand.
    """
    blocks = [block.split("\n") for block in re.split(r"\n[ \t]*\n\s*", _plain(text).strip())]
    if len(blocks) > 1 and _is_wrapped(blocks):
        blocks = [[" ".join(block)] for block in blocks]
    lines = (normalise_wording(line) for block in blocks for line in block)
    return [line for line in lines if line]


def _is_wrapped(blocks: list[list[str]]) -> bool:
    """Whether lines end because the page was narrow: none is long, and most inner ones are nearly full."""
    lengths = [len(line) for block in blocks for line in block]
    inner = [len(line) for block in blocks for line in block[:-1]]
    widest = max(lengths)
    full = sum(length > 0.7 * widest for length in inner)
    return bool(inner) and widest <= WRAP_WIDTH and full > 0.8 * len(inner)


def split_title(paragraphs: list[str]) -> tuple[str | None, list[str]]:
    """Return the title and the paragraphs below it; no title where the first paragraph is prose.

    A title is short, ends as no sentence ends, and has something longer or a second paragraph below it.
    """
    if len(paragraphs) < 2:
        return None, paragraphs
    first = paragraphs[0]
    if len(first) > MAX_TITLE or _SENTENCE_END.search(first) or first[0] in "\"“'‘「«":
        return None, paragraphs
    return first, paragraphs[1:]


def markdown_paragraphs(text: str) -> tuple[str | None, list[str]]:
    """Return the level-one heading that opens a Markdown text, if any, and its paragraphs without markup.

    Parsed as CommonMark; headings, list items and block quotations are paragraphs, code and HTML too.
    """
    tokens = MarkdownIt("commonmark").parse(_plain(text))
    blocks = [(before, token) for before, token in itertools.pairwise(tokens) if token.type == "inline"]
    paragraphs = [(before.tag, normalise_wording(_inline_text(token))) for before, token in blocks]
    paragraphs = [(tag, words) for tag, words in paragraphs if words]
    if paragraphs and paragraphs[0][0] == "h1":
        return paragraphs[0][1], [words for _, words in paragraphs[1:]]
    return None, [words for _, words in paragraphs]


def _inline_text(token: Token) -> str:
    parts = []
    for child in token.children or []:
        parts.append(" " if child.type in ("softbreak", "hardbreak") else child.content)
    return "".join(parts)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).replace("\ufeff", "").replace("\u200b", "")


def with_headline(title: str | None, paragraphs: list[str]) -> str:
    """Return an article's text: `title` as its first paragraph, once, and a blank line between paragraphs."""
    if title and not same_words(title, paragraphs[0]):
        paragraphs = [title, *paragraphs]
    return "\n\n".join(paragraphs)


def clean_text(text: str) -> str:
    """Return `text` on one line in NFC, without what has no width; quotation marks are left as they are."""
    text = unicodedata.normalize("NFC", unescape(text))
    return normalise_wording(re.sub(r"[\u200b\u2060\ufeff\u00ad]", "", text))


def same_words(one: str, other: str) -> bool:
    """Whether two lines differ in case and marks at most."""
    return re.findall(r"\w+", one.lower()) == re.findall(r"\w+", other.lower())
