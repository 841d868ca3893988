"""Second names that a text gives in brackets: "Government Accountability Office (GAO)", "(the “Company”)"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from openrace.extract.english.grammar import CLOSE, MARK, OPEN
from openrace.extract.english.name_types import is_firm_ending
from openrace.extract.english.names import BODY_KINDS, Name
from openrace.extract.english.tokens import Token

_SMALL = frozenset("of the for and on".split())
_LEGAL = 3  # tokens of ", Inc." behind the name
_BRACKETS = 12  # tokens inside the brackets before the second name


def aliases(tokens: Sequence[Token], names: Sequence[Name]) -> Iterator[tuple[str, Name]]:
    """Yield each second name in small letters, and the name that it stands for."""
    yield from _acronyms(tokens, names)
    ending = {name.last: name for name in names}
    for i in range(1, len(tokens) - 1):
        if tokens[i].capital and tokens[i].low in BODY_KINDS and _is_marked(tokens, i):
            end = _before_brackets(tokens, i)
            name = next((n for k in range(end, end - _LEGAL, -1) if _is_full(n := ending.get(k))), None)
            if name:
                yield tokens[i].low, name


def _is_full(name: Name | None) -> bool:
    return name is not None and not is_firm_ending(name.low)


def _acronyms(tokens: Sequence[Token], names: Sequence[Name]) -> Iterator[tuple[str, Name]]:
    """Yield "gao" behind a name of these initials."""
    for name in names:
        at = name.last + 1
        if len(name.words) < 2 or at + 2 >= len(tokens):
            continue
        if tokens[at].cls != OPEN or tokens[at + 2].cls != CLOSE:
            continue
        low = tokens[at + 1].low
        if low.replace(".", "") == "".join(w[0] for w in name.words if w not in _SMALL):
            yield low, name


def _is_marked(tokens: Sequence[Token], i: int) -> bool:
    return tokens[i - 1].cls == MARK and tokens[i + 1].cls == MARK


def _before_brackets(tokens: Sequence[Token], i: int) -> int:
    """Return the last token before the brackets around token `i`, and before those right in front; -1."""
    start = _opening(tokens, i)
    while start and tokens[start - 1].cls == CLOSE:
        start = _opening(tokens, start - 1)
    return start - 1


def _opening(tokens: Sequence[Token], i: int) -> int:
    """Return the bracket that opens what token `i` is in; 0 where none stands near."""
    return next((k for k in range(i, max(-1, i - _BRACKETS), -1) if tokens[k].cls == OPEN), 0)
