"""What a reader of a page does not read is taken out of it, and what only markup tells is written out.

Struck-out words are withdrawn by their publisher: quoted with the rest they can turn a sentence into its
opposite. Text that is hidden, meant for screen readers or a footnote's mark is nobody's words. Quotation
marks that browsers draw around ``<q>`` are written, and the attribution inside a ``<blockquote>`` is kept as
a line of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree
from lxml.html import HtmlElement

STRUCK_OUT = ("del", "s", "strike")
_STRUCK_STYLE = re.compile(r"text-decoration[^;]*:\s*[^;]*line-through", re.IGNORECASE)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_FOR_SCREEN_READERS = re.compile(
    r"(?:^|\s)(?:sr-only|screen-?reader(?:s|-text|-only)?|visually-?hidden|visuallyhidden|a11y-hidden|u-hidden"
    r"|off-?screen|assistive-text)(?=\s|$)",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr|ccpa|onetrust|cookiebot|didomi|cmp|qc-cmp\d?|sp_message\w*)(?=$|[\s_-])",
    re.IGNORECASE,
)
BARE_PARAGRAPHS = 3  # of a page without any box: fewer are no article
MOST_HIDDEN = 0.5  # of the page's text: more is the article itself, which a script brings to sight
_FOOTNOTE_MARK = re.compile(
    r"[\[(]?\s*(?:\d{1,3}|[a-z]|[ivx]{1,4}|\*{1,3}|[†‡§]|note \d{1,3})\s*[\])]?", re.IGNORECASE
)
_UNIT_OR_FIGURE = re.compile(r"(?:\d|(?<![^\W\d_])(?:[kmcdμn]?m|ft|in|yd|mi|[xyzneabcr]))$", re.IGNORECASE)
_OPENING, _CLOSING = '“"«「『„‘', '”"»」』“’'
_DASH = re.compile(r"^\s*[—–―-]")
_SENTENCE_END = re.compile(r"[.!?。！？…][\"”’»」』)\]]*\s*$")


def clean_page(tree: HtmlElement) -> None:
    """Change `tree` so that its text is what a reader of the page reads."""
    _drop_unread(tree)
    _drop_footnote_marks(tree)
    _write_quotation_marks(tree)
    _keep_attributions(tree)
    _free_article_in_aside(tree)
    _box_bare_text(tree)
    _free_linked_paragraphs(tree)


# -- what is not read -------------------------------------------------------------------------------


def _drop_unread(tree: HtmlElement) -> None:
    length = len(tree.text_content())
    for element in list(tree.iter(etree.Element)):
        if element.getparent() is None or element.tag in ("body", "head", "html"):
            continue
        if (
            element.tag in STRUCK_OUT
            or element.tag == "template"
            or _STRUCK_STYLE.search(element.get("style") or "")
            or (_is_hidden(element) and len(element.text_content()) <= MOST_HIDDEN * length)
        ):
            _drop(element)


def _is_hidden(element: HtmlElement) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    if _FOR_SCREEN_READERS.search(element.get("class") or ""):
        return True
    if element.tag in ("div", "section", "aside", "dialog") and _CONSENT.search(names):
        return True
    hidden = element.get("hidden")
    return (hidden is not None and hidden != "until-found") or bool(
        _HIDDEN_STYLE.search(element.get("style") or "")
    )


def _drop(element: HtmlElement) -> None:
    """Take `element` out; where words stood on both sides one blank is left between them."""
    tail = element.tail or ""
    before = element.getprevious()
    parent = element.getparent()
    lead = before.tail if before is not None else parent.text if parent is not None else None
    if tail[:1].isspace() and (lead or " ")[-1:].isspace():
        element.tail = tail.lstrip() if tail.strip() else tail
    element.drop_tree()


def _drop_footnote_marks(tree: HtmlElement) -> None:
    for sup in list(tree.iter("sup")):
        text = sup.text_content().strip()
        if not _FOOTNOTE_MARK.fullmatch(text):
            continue
        is_link = next(sup.iter("a"), None) is not None or (
            sup.getparent() is not None and sup.getparent().tag == "a"
        )
        if is_link or not _UNIT_OR_FIGURE.search(_text_before(sup)):
            sup.drop_tree()


def _text_before(element: HtmlElement) -> str:
    """Return the text right before `element` in its parent."""
    before = element.getprevious()
    if before is not None:
        return before.tail or before.text_content() if isinstance(before.tag, str) else before.tail or ""
    parent = element.getparent()
    return (parent.text or "") if parent is not None else ""


# -- what only markup tells -------------------------------------------------------------------------


def _write_quotation_marks(tree: HtmlElement) -> None:
    """Give the text of ``<q>`` the marks that browsers draw; inside another one, single ones."""
    for quotation in list(tree.iter("q")):
        text = quotation.text_content().strip()
        if text and text[0] not in _OPENING and text[-1] not in _CLOSING:
            inner = any(
                ancestor.tag == "q" or ancestor.get("data-was-q") for ancestor in quotation.iterancestors()
            )
            _put_marks(quotation, *("‘’" if inner else "“”"))
        quotation.tag = "span"
        quotation.attrib.clear()
        quotation.set("data-was-q", "1")


def _put_marks(element: HtmlElement, opening: str, closing: str) -> None:
    element.text = opening + (element.text or "").lstrip()
    if len(element):
        element[-1].tail = (element[-1].tail or "").rstrip() + closing
    else:
        element.text = element.text.rstrip() + closing


def _keep_attributions(tree: HtmlElement) -> None:
    """Make the attribution of a block quotation a paragraph below it, and the quotation one in marks."""
    for block in list(tree.iter("blockquote")):
        lines = [line for line in _attributions(block) if line.text_content().strip()]
        for line in lines:
            _make_attribution(line)
        if lines:
            _mark_block(block, lines)
            _make_box_of_figure(block)


def _attributions(block: HtmlElement) -> Iterable[HtmlElement]:
    """Yield the elements that attribute the quotation: its footer or cite, or its figure's caption."""
    yield from block.iter("footer")
    for cite in block.iter("cite"):
        parent = cite.getparent()
        if parent is not None and parent.tag != "footer" and _ends_block(cite, block):
            yield cite
    figure = block.getparent()
    if figure is not None and figure.tag == "figure" and next(figure.iter("img", "video"), None) is None:
        yield from figure.iterchildren("figcaption")


def _make_box_of_figure(block: HtmlElement) -> None:
    """A figure that holds a quotation and its caption is no picture, to be passed over with what it holds."""
    figure = block.getparent()
    if figure is not None and figure.tag == "figure":
        figure.tag = "div"
        figure.attrib.clear()


def _ends_block(cite: HtmlElement, block: HtmlElement) -> bool:
    """Whether nothing follows `cite` in its block, and what comes before is a whole sentence or another
    element."""
    if (cite.tail or "").strip() or cite.getnext() is not None:
        return False
    before = _text_before(cite).strip().rstrip("—–―-").strip()
    return cite.getparent() is block or not before or bool(_SENTENCE_END.search(before))


def _make_attribution(line: HtmlElement) -> None:
    parent = line.getparent()
    if parent is not None and parent.tag == "p":  # a paragraph cannot hold one
        previous = line.getprevious()
        before = _text_before(line).rstrip().rstrip("—–―-").rstrip()
        if previous is not None:
            previous.tail = before if previous.tail else previous.tail
        else:
            parent.text = before
        parent.addnext(line)
    for inner in line.iterdescendants("p", "div", "cite", "br"):
        inner.tag = "span"
    line.tag = "p"
    line.attrib.clear()
    if not _DASH.match(line.text_content()):
        line.text = "— " + (line.text or "").lstrip()


def _mark_block(block: HtmlElement, lines: list[HtmlElement]) -> None:
    """Set the words of a quotation with an attribution in marks, as its markup sets them off."""
    paragraphs = [p for p in block.iter("p") if p not in lines and p.text_content().strip()]
    text = " ".join(p.text_content() for p in paragraphs).strip()
    if not paragraphs and (block.text or "").strip():
        first = etree.SubElement(block, "p")
        first.text, block.text = (block.text or "").strip(), None
        block.insert(0, first)
        paragraphs, text = [first], first.text or ""
    if paragraphs and not any(mark in text for mark in _OPENING):
        for (
            paragraph
        ) in paragraphs:  # each is opened anew, the last is closed: as newspapers set long quotations
            _put_marks(paragraph, "“", "”" if paragraph is paragraphs[-1] else "")
    for line in reversed(lines):
        block.addnext(line)


# -- boxes by another name --------------------------------------------------------------------------


def _free_article_in_aside(tree: HtmlElement) -> None:
    """An aside that holds the page's only h1 is no aside."""
    headings = list(tree.iter("h1"))
    for aside in headings[0].iterancestors("aside") if len(headings) == 1 else ():
        aside.tag = "article"
        aside.attrib.clear()


def _box_bare_text(tree: HtmlElement) -> None:
    """Put a text that stands in the body itself into a box: outside of one, lists are taken for menus."""
    if next(tree.iter("article", "main"), None) is not None:
        return
    for body in list(tree.iter("body")):
        prose = [child for child in body if child.tag == "p"]
        if len(prose) >= BARE_PARAGRAPHS and any(child.tag in ("ul", "ol", "dl") for child in body):
            box = etree.SubElement(body, "article")
            box.text, body.text = body.text, None
            box.extend(list(body)[:-1])


def _free_linked_paragraphs(tree: HtmlElement) -> None:
    """Take the link off a paragraph that is one whole sentence between paragraphs: prose, not a teaser."""
    for paragraph in list(tree.iter("p")):
        links = list(paragraph.iter("a"))
        if len(links) != 1 or paragraph.text_content().strip() != links[0].text_content().strip():
            continue
        if _SENTENCE_END.search(paragraph.text_content()) and _between_paragraphs(paragraph):
            links[0].drop_tag()


def _between_paragraphs(paragraph: HtmlElement) -> bool:
    before, after = paragraph.getprevious(), paragraph.getnext()
    around = [other for other in (before, after) if other is not None]
    return len(around) == 2 and all(
        other.tag == "p" and next(other.iter("a"), None) is None for other in around
    )
