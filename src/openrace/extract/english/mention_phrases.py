"""The parts of a phrase that means somebody: its head, its name as written, where it ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from openrace.extract.english.grammar import (
    AND,
    CLOSE,
    COLON,
    COMMA,
    DASH,
    DET,
    ED,
    INDEFINITE,
    ING,
    NAME,
    NOUN,
    NOUN_PHRASE_ING,
    OF,
    PAST_OR_PRESENT,
    PREP,
    ROLE,
    STOP,
)
from openrace.extract.english.names import Name, is_title
from openrace.extract.english.sentences import Text
from openrace.extract.english.tokens import Token, visible
from openrace.extract.english.transcripts import INTERVIEW_LABELS

_CLOSES_APPOSITION = COMMA + PAST_OR_PRESENT + STOP


def phrase_head(tokens: Sequence[Token], first: int, last: int) -> int:
    """Return the last token of the phrase before its "of …" or "for …"."""
    return next((i - 1 for i in range(first + 1, last) if tokens[i].cls in (OF, PREP)), last)


def written_name(text: Text, first: int, last: int) -> str:
    """Return the words of the tokens on one line, without an article in front and a possessive behind."""
    tokens = text.tokens
    while first < last and tokens[first].cls == DET:
        first += 1
    written = visible(text.text[tokens[first].start : tokens[last].end])
    return " ".join(written.removesuffix("'s").removesuffix("’s").split())


def end_of_partitive(tokens: Sequence[Token], at: int) -> int:
    """Return the last token of "one of them" or "two of its founders", which begins at token `at`."""
    end = at + 1
    if tokens[end : end + 1] and tokens[end].cls == OF:
        end += 1
        while end < len(tokens) and tokens[end].is_a(NOUN_PHRASE_ING + INDEFINITE):
            end += 1
    return end - 1


def is_interview_label(tokens: Sequence[Token], at: int) -> bool:
    """Whether token `at` is the "Q" or "A" of an interview."""
    following = tokens[at + 1].cls if at + 1 < len(tokens) else ""
    return tokens[at].low in INTERVIEW_LABELS and tokens[at].capital and following in (COLON, STOP)


def before_place(tokens: Sequence[Token], end: int) -> int:
    """Return the end of the phrase before "in Oslo" or "of the firm", where the tokens end so."""
    start = end
    while start > 0 and tokens[start - 1].cls in (NAME, DET):
        start -= 1
    if start > 1 and tokens[start - 1].cls in (PREP, OF) and tokens[start - 2].cls in (NOUN, ROLE):
        return start - 2
    return end


def capitals_behind_comma(tokens: Sequence[Token], last: int) -> tuple[int, int] | None:
    """Return the name of two words or more apposed behind token `last`: "a spokesman, Josh Hale,"."""
    at = end = last + 2
    if at >= len(tokens) or tokens[at - 1].cls != COMMA or tokens[at].cls != NAME:
        return None
    while end + 1 < len(tokens) and tokens[end + 1].cls == NAME:
        end += 1
    closed = end > at and end + 1 < len(tokens) and tokens[end + 1].cls in _CLOSES_APPOSITION
    return (at, end) if closed else None


def firm_before(tokens: Sequence[Token], names: Mapping[int, Name], ending: int) -> tuple[int, int]:
    """Return the tokens of the firm of whose name only "Inc." is given: "Halvorsen, Inc."."""
    name = names.get(ending - 2)
    if name and tokens[ending - 1].cls in (COMMA, AND):
        return name.first, name.last
    return ending, ending


def whole_name(
    tokens: Sequence[Token], names: Mapping[int, Name], first: int, core: int, last: int
) -> tuple[int, int] | None:
    """Return the body's name of which the phrase is a piece: "Rivers" in "Ministry of Rivers"."""
    name = names.get(core)
    if name is None or name.headline or is_title(tokens[core].low):
        return None
    begins_before = name.first < first and any(t.cls == OF for t in tokens[name.first : first])
    if begins_before or name.last > core or core < last:
        return name.first, name.last
    return None


def word_before(tokens: Sequence[Token], at: int) -> int:
    """Return the last token before `at` that is no comma, dash or closing bracket."""
    end = at - 1
    while end > 0 and tokens[end].cls in (COMMA, DASH, CLOSE):
        end -= 1
    return end


def phrase_start(tokens: Sequence[Token], end: int) -> int:
    """Return where the noun phrase that ends with `end` begins."""
    start = end
    while start > 0 and tokens[start - 1].cls in NOUN_PHRASE_ING + INDEFINITE:
        start -= 1
    while start < end and tokens[start].cls in ED + ING:
        start += 1  # "has also included members"
    return start
