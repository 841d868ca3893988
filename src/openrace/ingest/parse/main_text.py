"""The main text of a page, paragraph by paragraph: trafilatura's default mode, with second looks.

The tree that trafilatura makes (not its flat text) is read here, so that paragraphs stay apart and
quotation marks stay what they were. Before, articles appended to the page's own are cut off, and posts that
it embeds are made plain quotations. After, two of trafilatura's errors that leave a mark are looked at again:

- pages whose text is cut into sibling boxes between advertisements: only the first box came out;
- pages where a fallback took in their own metadata, or the articles below: paragraphs come out repeated.

Each second look is believed only on evidence in its own result (figures: benchmarks/RESULTS.md, "Pages").
"""

from __future__ import annotations

import copy
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from configparser import ConfigParser

import trafilatura
from lxml.etree import _Element
from lxml.html import HtmlElement
from trafilatura.metadata import Document
from trafilatura.settings import DEFAULT_CONFIG

from openrace.ingest.parse.page_cleanup import clean_page
from openrace.ingest.parse.plain_text import clean_text, same_words
from openrace.scripts import EAST_ASIAN, characters

_BLOCKS = {"p", "head", "item", "row", "quote", "code", "fw", "ab"}
_HAN = characters(EAST_ASIAN)
_NOT_TEXT = re.compile(r"comment|repl(?:y|ies)|related|teaser|promo|footer|sidebar|disqus", re.IGNORECASE)

_TAG = re.compile(r"<[^>]{1,300}>")
_POST = re.compile(
    r"\b(?:twitter-tweet|bluesky-embed|mastodon-embed|instagram-media|fb-post|text-post-media)"
)
POST_MARGIN = 40  # code points that a box around a post may have beside it: a caption, a loading note
_NOT_INLINE = {
    "p",
    "div",
    "section",
    "article",
    "ul",
    "ol",
    "table",
    "blockquote",
    "h1",
    "h2",
    "h3",
    "h4",
    "br",
}
# Of a box: what two paragraphs of prose have at least; shorter ones are captions, bios and forms.
BOX_PARAGRAPHS, BOX_LENGTH = 2, 300
MUCH_LONGER = 1.3  # the joined boxes against the first look: below it the first look had them all
# Below this many code points trafilatura calls an extraction failed and takes the page as one block. Its 250
# is right for alphabets; the same news takes about a third of that in Han, kana and Hangul.
SHORTEST_HAN = 80


def main_paragraphs(
    tree: HtmlElement, url: str | None = None, title: str | None = None, body: str | None = None
) -> list[str]:
    """Return the paragraphs of the page's main text, each on one line, `title` left out where it opens them.

    `body` is the text that the page's JSON-LD has: of a page that is drawn by a script it is the only one.
    """
    tree = copy.deepcopy(tree)
    clean_page(tree)
    _cut_other_articles(tree)
    _free_posts(tree)
    _name_paragraphs(tree)
    paragraphs = _extract(tree, url)
    joined = _join_boxes(tree)
    if joined is not None:
        paragraphs = _longer(paragraphs, _extract(joined, url))
    if _repeated(paragraphs) > 1:
        paragraphs = _without_repeats(paragraphs, _extract(tree, url, fast=True))
    return _below_title(_apart(paragraphs, body), title)


def _apart(paragraphs: list[str], body: str | None) -> list[str]:
    """Return the paragraphs of `body` where those that came out are the same words, run together."""
    parts = [
        text
        for part in re.split(r"\n\s*|<br\s*/?>|</p>", body or "")
        if (text := clean_text(_TAG.sub("", part)))
    ]
    same = re.sub(r"\W", "", "".join(parts)) == re.sub(r"\W", "", "".join(paragraphs))
    return parts if same and len(parts) > len(paragraphs) else paragraphs


# -- trafilatura ------------------------------------------------------------------------------------


def _extract(tree: HtmlElement, url: str | None, *, fast: bool = False) -> list[str]:
    config = HAN_CONFIG if _is_han(tree) else DEFAULT_CONFIG
    found = trafilatura.bare_extraction(tree, url=url, include_comments=False, fast=fast, config=config)
    if not isinstance(found, Document) or found.body is None:
        return []
    return list(_paragraphs(found.body))


def _han_config() -> ConfigParser:
    config = copy.deepcopy(DEFAULT_CONFIG)
    config["DEFAULT"]["MIN_EXTRACTED_SIZE"] = str(SHORTEST_HAN)
    return config


HAN_CONFIG = _han_config()


def _is_han(tree: HtmlElement) -> bool:
    """Whether much of what opens the page's paragraphs and boxes is in scripts without spaces."""
    text = " ".join(text for element in tree.iter("p", "div", "h1") if (text := element.text))
    return len(_HAN.findall(text)) > 0.3 * len(text)


def _paragraphs(body: _Element) -> Iterator[str]:
    """Yield the text of each block of trafilatura's tree.

    A line break ends a paragraph too, a table row is one.
    """
    pieces: list[str] = []
    for event, element in _walk(body):
        if element.tag in _BLOCKS or element.tag == "lb":
            yield from _flush(pieces)
        elif element.tag == "cell" and event == "start" and element.getprevious() is not None:
            pieces.append(" | ")
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
    if text.strip(" |"):
        yield text


# -- other articles on the page -----------------------------------------------------------------------


def _cut_other_articles(tree: HtmlElement) -> None:
    """Drop the articles that are appended to the page's own for reading on.

    What stands in them was said elsewhere: with them in the text, their quotations would be taken for this
    page. The page's own article is the one with the only h1; others are known by a heading of their own.
    """
    articles, own = _full_articles(tree), _with_headline(tree)
    if len(articles) < 2 or len(own) != 1:
        return
    for other in articles:
        if other is not own[0] and next(other.iter("h1", "h2", "h3"), None) is not None:
            other.drop_tree()


def _full_articles(tree: HtmlElement) -> list[HtmlElement]:
    """Return the outermost article elements with prose in them."""
    outer = [
        article for article in tree.iter("article") if next(article.iterancestors("article"), None) is None
    ]
    return [article for article in outer if _prose(article.iter("p")) >= BOX_LENGTH]


def _with_headline(tree: HtmlElement) -> list[HtmlElement]:
    return [article for article in _full_articles(tree) if next(article.iter("h1"), None) is not None]


def _prose(paragraphs: Iterable[HtmlElement]) -> int:
    return sum(len(paragraph.text_content()) for paragraph in paragraphs)


# -- embedded posts ---------------------------------------------------------------------------------


def _free_posts(tree: HtmlElement) -> None:
    """Make embedded posts plain quotations: by their names trafilatura takes them for share buttons."""
    for post in list(filter(_is_post, tree.iter("blockquote"))):
        _undress(post)
        length = len(post.text_content())
        for box in post.iterancestors("div", "figure", "aside", "section", "p"):
            if len(box.text_content()) > length + POST_MARGIN:
                break
            box.tag = "div"
            _undress(box)


def _is_post(quotation: HtmlElement) -> bool:
    return bool(_POST.search(quotation.get("class") or ""))


def _undress(element: HtmlElement) -> None:
    for name in ("class", "id", "style", "role", "data-component"):
        element.attrib.pop(name, None)


# -- paragraphs by another name -----------------------------------------------------------------------


def _name_paragraphs(tree: HtmlElement) -> None:
    """Call a section that holds nothing but a line of text a paragraph, as WeChat's editor means it."""
    for section in list(tree.iter("section")):
        if not any(child.tag in _NOT_INLINE for child in section.iterdescendants()):
            section.tag = "p"


# -- a text cut into boxes --------------------------------------------------------------------------


def _join_boxes(tree: HtmlElement) -> HtmlElement | None:
    """Return a copy of the page with the boxes of its text made one; None where the text is not cut."""
    if not any(len(group) > 1 for group in _boxes(tree).values()):
        return None
    joined = copy.deepcopy(tree)
    for first, *others in _boxes(joined).values():
        for box in others:
            first.extend(list(box))
    return joined


def _boxes(tree: HtmlElement) -> dict[tuple[str, ...], list[HtmlElement]]:
    """Return the elements that hold prose directly, by what they have in common with their like.

    A box of a single paragraph belongs to the text where boxes of its kind that hold more stand around it.
    """
    groups: dict[tuple[str, ...], list[HtmlElement]] = defaultdict(list)
    for box in tree.iter("div", "section"):
        if box.get("class") and any(child.tag == "p" for child in box):
            groups[_kind(box)].append(box)
    inner = {kind: _from_first_to_last(group) for kind, group in groups.items()}
    return {kind: group for kind, group in inner.items() if group and not any(map(_has_own_heading, group))}


def _from_first_to_last(boxes: list[HtmlElement]) -> list[HtmlElement]:
    """Return the boxes from the first that holds prose to the last that does."""
    places = [place for place, box in enumerate(boxes) if _holds_prose(box)]
    return boxes[places[0] : places[-1] + 1] if places else []


def _holds_prose(box: HtmlElement) -> bool:
    prose = [child for child in box if child.tag == "p"]
    return len(prose) >= BOX_PARAGRAPHS and _prose(prose) >= BOX_LENGTH


def _kind(box: HtmlElement) -> tuple[str, ...]:
    """Tag and class of the box and of all it lies in; in different articles nothing is of one kind."""
    kind = []
    for element in (box, *box.iterancestors()):
        kind += [str(element.tag), element.get("class") or ""]
        if element.tag == "article" or _NOT_TEXT.search(f"{element.get('class')} {element.get('id')}"):
            kind.append(element.getroottree().getpath(element))
    return tuple(kind)


def _has_own_heading(box: HtmlElement) -> bool:
    """Whether a heading is a sibling of the box: then it is a text of its own, as on a blog's front page."""
    parent = box.getparent()
    return parent is not None and any(child.tag in ("h1", "h2", "h3") for child in parent)


def _longer(first: list[str], joined: list[str]) -> list[str]:
    """Return `joined` where it holds what `first` holds and much more."""
    kept = set(first) & set(joined)
    holds = sum(map(len, kept)) > 0.8 * _length(first)
    return joined if holds and _length(joined) > MUCH_LONGER * _length(first) else first


# -- a text that came twice -------------------------------------------------------------------------


def _repeated(paragraphs: list[str]) -> int:
    """Return how many paragraphs of more than a few words came before already."""
    long = [paragraph for paragraph in paragraphs if len(paragraph) > 30]
    return len(long) - len(set(long))


def _without_repeats(paragraphs: list[str], fast: list[str]) -> list[str]:
    """Return what trafilatura finds without its fallbacks, where that is a good part and repeats nothing."""
    distinct = sum(map(len, set(paragraphs)))
    return fast if not _repeated(fast) and 4 * _length(fast) > distinct else paragraphs


def _length(paragraphs: list[str]) -> int:
    return sum(map(len, paragraphs))


def _below_title(paragraphs: list[str], title: str | None) -> list[str]:
    """Return the paragraphs without the headline, which the article carries by itself."""
    if title is None:
        return paragraphs
    return [text for number, text in enumerate(paragraphs) if number > 2 or not same_words(text, title)]
