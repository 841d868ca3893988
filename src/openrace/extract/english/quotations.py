"""Where quotation marks open and close.

Only outermost quotations are found: a quotation inside another belongs to it. Marks are told apart by what
stands beside them, since typewriter marks look alike and closing single marks look like apostrophes. A
quotation never runs past its paragraph; one left open there goes on in the next paragraph only if that
begins with an opening mark (the convention for long quotations, Chicago Manual of Style 13.32).
"""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

from openrace.extract.english.grammar import MARK, pattern
from openrace.extract.english.tokens import Token

_PAIRS = {"“": "”", "„": "“”", "«": "»", "「": "」", "『": "』", "``": "''"}
_STRAIGHT = {'"', "''"}
_SINGLE_OPEN = {"‘", "'", "‚"}
_SINGLE_CLOSE = {"’", "'"}
_ELIDED = frozenset("em til cause tis twas n round bout cuz".split())  # 'em, 'til: an apostrophe, no mark


_ATTRIBUTION = pattern(r"{COMMA} (?: (?:{PRONOUN}|{NAME}+){SAID} | {SAID}(?:{PRONOUN}|{NAME}+) ) {STOP}$")


class Quotation(NamedTuple):
    """Tokens `first` to `last`, marks included; `closed` is False where the paragraph ended first."""

    first: int
    last: int
    closed: bool
    continues: bool  # it takes up a quotation that the paragraph before left open


def find_quotations(text: str, tokens: list[Token], paragraphs: list[tuple[int, int]]) -> list[Quotation]:
    """Return the outermost quotations of `text`, in order; `paragraphs` are half-open ranges of tokens."""
    found: list[Quotation] = []
    for first, last in paragraphs:
        left_open = bool(found) and not found[-1].closed and found[-1].last == first - 1
        found += _Paragraph(text, tokens, first, last, left_open).quotations()
    return found


class _Paragraph:
    """One paragraph's marks, read from left to right once."""

    def __init__(self, text: str, tokens: list[Token], first: int, last: int, left_open: bool) -> None:
        self.text, self.tokens, self.first, self.last = text, tokens, first, last
        self.left_open = left_open
        self.marks = [i for i in range(first, last) if tokens[i].cls == MARK]
        self.single_closers = [i for i in self.marks if tokens[i].low in _SINGLE_CLOSE and self._may_close(i)]

    def quotations(self) -> list[Quotation]:
        found: list[Quotation] = []
        at = self.first
        for mark in self.marks:
            if mark < at or not self._opens(mark):
                continue
            close = self._closing(mark)
            if close is None and self.tokens[mark].low in _SINGLE_OPEN:
                continue  # an apostrophe
            end = self._open_end(mark) if close is None else close
            if end > mark:
                continues = self.left_open and mark == self.first
                found.append(Quotation(mark, end, close is not None, continues))
                at = end + 1
        return found

    def _open_end(self, opening: int) -> int:
        """Return the end of an unclosed quotation: before a final ", he said.", else its paragraph's end."""
        classes = "".join(t.cls for t in self.tokens[max(opening, self.last - 12) : self.last])
        tail = _ATTRIBUTION.search(classes)
        return self.last - (len(classes) - tail.start()) if tail else self.last - 1

    def _before(self, i: int) -> str:
        start = self.tokens[i].start
        return self.text[start - 1 : start] if i > self.first else ""

    def _after(self, i: int) -> str:
        end = self.tokens[i].end
        return self.text[end : end + 1]

    def _may_open(self, i: int) -> bool:
        before, after = self._before(i), self._after(i)
        return (not before or (not before.isalnum() and before not in ".,!?;%)")) and bool(after.strip())

    def _may_close(self, i: int) -> bool:
        nested = i > self.first and self.tokens[i - 1].cls == MARK  # ' " at the end of a quotation in another
        return (nested or bool(self._before(i).strip())) and not self._after(i).isalnum()

    def _opens(self, i: int) -> bool:
        low = self.tokens[i].low
        if low in _PAIRS:
            return True
        if low in _STRAIGHT:
            return self._may_open(i)
        if low in _SINGLE_OPEN and self._may_open(i) and i + 1 < self.last:
            following = self.tokens[i + 1].low
            return (following not in _ELIDED and not following[0].isdigit()) or low == "‘"
        return False

    def _closing(self, opening: int) -> int | None:
        low = self.tokens[opening].low
        if low in _SINGLE_OPEN:
            return self._single_closing(opening)
        closers = {low, "”"} if low in _STRAIGHT else {"''"} if low == "``" else set(_PAIRS[low])
        depth = 0
        for k in range(bisect_left(self.marks, opening) + 1, len(self.marks)):
            i = self.marks[k]
            mark = self.tokens[i].low
            if low not in _STRAIGHT and mark == low:
                if depth == 0 and self._may_close(i) and not self._may_open(i):
                    return i  # an opening mark typed for a closing one
                depth += 1
            elif mark in closers and (low not in _STRAIGHT or self._may_close(i)):
                if depth == 0:
                    return i
                depth -= 1
            elif mark == '"' and low == "“" and self._may_close(i) and not self._may_open(i) and depth == 0:
                return i  # a curly mark closed by a typewriter one
        return None

    def _single_closing(self, opening: int) -> int | None:
        """Return the closing mark; of two candidates the second, where the first is a plural's apostrophe."""
        at = bisect_left(self.single_closers, opening + 1)
        if at == len(self.single_closers):
            return None
        close = self.single_closers[at]
        plural = self._before(close) in "sS" and self._after(close) == " "
        further = self.single_closers[at + 1] if at + 1 < len(self.single_closers) else None
        if plural and further is not None and not self._opens_between(close, further):
            return further
        return close

    def _opens_between(self, first: int, last: int) -> bool:
        """Whether a mark between the tokens `first` and `last` opens a quotation."""
        at, end = bisect_left(self.marks, first + 1), bisect_left(self.marks, last)
        return any(self._opens(self.marks[k]) for k in range(at, end))
