"""Chinese text made ready for rules: told by its script, folded to simplified, its quotations masked.

`MaskedText` keeps every offset: `folded` and `masked` are as long as the text itself, so a match in either
is at the same place in the article.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from openrace.extract.chinese.patterns import BRACKETED, QUOTED, TITLED
from openrace.records import Span
from openrace.scripts import HAN, to_simplified

_PLACEHOLDERS = dict.fromkeys(map(ord, (QUOTED, BRACKETED, TITLED)), " ")
_PLAIN = _PLACEHOLDERS | str.maketrans("﹕︰∶﹐﹔﹑", "：：：，；、")
# Han in names that lies outside of the plane the patterns know: 郭明𫓹
_RARE_RE = re.compile("[\U00020000-\U0003ffff]")
_ANY_RARE = "龘"
FULL = "。！？!?….．"  # ends a sentence, inside marks too
PUNCTUATION = "，,；;、 \t"  # inside a sentence
GOES_ON = frozenset('，,、；;“「"和的')  # behind a quotation they carry the sentence on
_CLOSING = {"“": "”", "「": "」", "『": "』", "‘": "’", '"': '"', "＂": "＂", "〝": "〞", "«": "»"}
_OPENING = {closing: opening for opening, closing in _CLOSING.items() if opening != closing}
_MARK_RE = re.compile(r"[“”「」『』‘’\"＂〝〞«»]|\n\s*")
# Half-width marks among Han characters are read as full-width ones; those in numbers and addresses stay.
_WIDE = str.maketrans(",.:;!?()", "，。：；！？（）")
_HALF_RE = re.compile(
    rf"(?<=[{HAN}{QUOTED}）》)])[,:;!?(]|[,:;!?)(](?=\s?[{HAN}{QUOTED}“「《])|(?<=[{HAN}])(?:[)]|\.(?=[\s\"”]|$))"
)
_BRACKET_RE = re.compile(r"[（(][^（）()\n]{1,60}[）)]|《([^《》\n]{1,60})》|〈([^〈〉\n]{1,60})〉")


def fold(text: str) -> str:
    """Return `text` simplified, small marks widened, without our placeholders; of the same length."""
    return _RARE_RE.sub(_ANY_RARE, to_simplified(text).translate(_PLAIN))


class Quotation(NamedTuple):
    """A quotation: from its opening mark to behind its closing one, and the words between the marks.

    One that goes on over paragraphs, its mark opened anew in each, has a span for each of them.
    """

    start: int
    end: int
    spans: tuple[Span, ...]
    closed: bool = True


@dataclass
class _Open:
    """The quotation that is being read."""

    mark: str
    start: int
    inner: int
    depth: int = 1
    last_close: int | None = None
    spans: list[Span] = field(default_factory=list)

    def finish(self, text: str, end: int, after: int, closed: bool = True) -> Quotation | None:
        spans = tuple(span for span in (*self.spans, trim(text, self.inner, end)) if span.start < span.end)
        return Quotation(self.start, after, spans, closed) if spans else None


def trim(text: str, start: int, end: int) -> Span:
    """Return the span without the white space at its ends."""
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    return Span(start, max(start, start + len(words.strip())))


def find_quotations(text: str) -> Iterator[Quotation]:
    """Yield the outermost quotations of `text` in order; one pass, whatever the marks.

    Marks of the same kind may nest. A paragraph that ends inside a quotation carries it on when the next
    one reopens the mark; else the quotation ends at the last closing mark seen, or, after a colon, with
    its paragraph; else the mark was a slip and is left alone.
    """
    current: _Open | None = None
    for match in _MARK_RE.finditer(text + "\n"):
        mark, at = match[0], match.start()
        if mark[0] == "\n":
            if current and not _goes_on(text, current, match.end(), at):
                quotation = _end_of_paragraph(text, current, at)
                current = None
                if quotation:
                    yield quotation
        elif current is None:
            opening = _opening_of(text, mark, at)
            current = _Open(opening, at, at + 1) if opening else None
        elif (quotation := _step_inside(text, current, mark, at)) is not None:
            yield quotation
            current = None
        elif current.depth == 0:
            current = None


def _opening_of(text: str, mark: str, at: int) -> str | None:
    """Return the opening mark that `mark` stands for; a closing one after a colon is a slip for it."""
    if mark in _CLOSING:
        return mark
    return _OPENING[mark] if mark != "’" and text[max(0, at - 1) : at] in ("：", ":") else None


def _step_inside(text: str, current: _Open, mark: str, at: int) -> Quotation | None:
    """Return the quotation if `mark` closes it; else its depth is kept."""
    if at < current.inner:
        return None  # the mark that reopened it in this paragraph
    if mark == _CLOSING[current.mark]:
        current.depth -= 1
        current.last_close = at
        return current.finish(text, at, at + 1) if current.depth == 0 else None
    if mark == current.mark:
        current.depth += 1
    return None


def _goes_on(text: str, current: _Open, behind: int, at: int) -> bool:
    """Whether the paragraph from `behind` on reopens the mark; then the quotation is carried into it."""
    if behind >= len(text) or text[behind] != current.mark or current.last_close is not None:
        return False
    current.spans.append(trim(text, current.inner, at))
    current.inner, current.depth = behind + 1, 1
    return True


def _end_of_paragraph(text: str, current: _Open, at: int) -> Quotation | None:
    if current.last_close is not None:
        return current.finish(text, current.last_close, current.last_close + 1)
    if current.spans or text[max(0, current.start - 1) : current.start] in ("：", ":"):
        return current.finish(text, at, at, closed=False)
    return None


def _mask_bracket(match: re.Match[str]) -> str:
    whole = match[0]
    if match[1] or match[2]:
        return whole[0] + TITLED * (len(whole) - 2) + whole[-1]
    return BRACKETED * len(whole)


class MaskedText:
    """An article's text with what the rules read of it.

    `masked` is the folded text in which quotations (marks included), brackets and the titles inside 《》
    are runs of placeholders. `sentences` are spans that never end inside a quotation.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.quotations = list(find_quotations(text))
        self.folded = fold(text)
        wide = _HALF_RE.sub(lambda match: match[0].translate(_WIDE), self._mask_quotations())
        self.masked = _BRACKET_RE.sub(_mask_bracket, wide)
        self.sentences = [*self._split()]

    def _mask_quotations(self) -> str:
        parts, last = [], 0
        for quotation in self.quotations:
            parts += [self.folded[last : quotation.start], QUOTED * (quotation.end - quotation.start)]
            last = quotation.end
        return "".join((*parts, self.folded[last:]))

    def _split(self) -> Iterator[Span]:
        """Yield sentences; they end at a full stop, a line end or the closing mark of a full quotation."""
        closings = {q.end for q in self.quotations if self._ends_sentence(q)}
        start = 0
        for match in re.finditer(rf"[。！？!?]+|\n\s*|{QUOTED}+", self.masked):
            if match[0][0] == QUOTED and match.end() not in closings:
                continue
            yield from self._sentence(start, match.end())
            start = match.end()
        yield from self._sentence(start, len(self.masked))

    def _sentence(self, start: int, end: int) -> Iterator[Span]:
        span = trim(self.text, start, end)
        if span.start < span.end:
            yield span

    def _ends_sentence(self, quotation: Quotation) -> bool:
        """Introduced by a colon and full inside, with nothing that carries the sentence on."""
        before = self.text[max(0, quotation.start - 2) : quotation.start].rstrip()[-1:]
        after = self.text[quotation.end : quotation.end + 1]
        full = self.text[quotation.spans[-1].end - 1] in FULL
        return before in ("：", ":") and full and after not in GOES_ON


def paragraph_breaks(text: str) -> list[int]:
    """Return where each paragraph of `text` begins."""
    return [0, *(match.end() for match in re.finditer(r"\n\s*", text))]


def quotations_in(page: MaskedText, start: int, end: int) -> list[Quotation]:
    """Return the quotations that lie between `start` and `end`."""
    first = bisect_left(page.quotations, start, key=lambda q: q.start)
    last = bisect_left(page.quotations, end, key=lambda q: q.start)
    return [q for q in page.quotations[first:last] if q.end <= end]


def leading_quotations(page: MaskedText, sentence: Span) -> list[Quotation]:
    """Return the quotations that open `sentence` one after the other and read as utterances, not terms."""
    found: list[Quotation] = []
    edge = sentence.start
    for quotation in quotations_in(page, sentence.start, sentence.end):
        if page.masked[edge : quotation.start].strip():
            break
        found.append(quotation)
        edge = quotation.end
    if not found:
        return []
    inside = page.text[found[-1].spans[-1].end - 1]
    stands_alone = edge >= sentence.end or page.masked[edge] in "，,。—"
    return found if inside in FULL + "，,—" or stands_alone else []


def is_all_quotation(page: MaskedText, sentence: Span, leading: list[Quotation]) -> bool:
    """Whether `sentence` holds nothing but its `leading` quotations and marks."""
    return bool(leading) and not page.masked[leading[-1].end : sentence.end].strip(PUNCTUATION + FULL)


def colon_quotations(page: MaskedText, sentence: Span) -> Iterator[tuple[int, Quotation]]:
    """Yield the quotations right behind a colon in `sentence`, each with where its colon is."""
    for quotation in quotations_in(page, sentence.start, sentence.end):
        before = page.masked[max(sentence.start, quotation.start - 3) : quotation.start].rstrip()
        if before[-1:] in ("：", ":"):
            yield quotation.start - 1, quotation
