"""Changes: a word diff of two printed wordings, and what kind of change it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from openrace.scripts import EAST_ASIAN
from openrace.story import ChangeKind, WordChange
from openrace.wordings.align import Stretch, stretches
from openrace.wordings.normalise import code_point, words

_BRACKETS = re.compile(r"[\[\]]")
_GAP = re.compile(r"…|\.\s?\.\s?\.")
_MARKS = re.compile(r"[\"'“”‘’«»„‚`´]")
_OUTER = " \t.,;:!?…-–—"
_HAN = f"[{EAST_ASIAN}]"
_INSIDE = re.compile(rf"(?<=\w[-–—/])(?=\w)|(?<={_HAN})(?=\w)|(?<=\w)(?={_HAN})")


class Token(NamedTuple):
    """A printed word with the marks around it."""

    text: str
    spaced: bool  # a blank follows
    form: tuple[str, ...]  # its words in their common form
    bracketed: bool  # an editor's word in square brackets


@lru_cache(maxsize=4096)
def tokens(text: str) -> tuple[Token, ...]:
    """The printed words of `text`, compounds and runs of Han characters taken apart; see `_print`."""
    found: list[Token] = []
    inside = False
    for piece in text.split():
        inside = inside or "[" in piece
        whole_word = piece.startswith("[") or "[" not in piece  # "[w]e" is the speaker's word
        parts = _INSIDE.split(piece)
        for part in parts:
            form = tuple(words(_BRACKETS.sub("", part)))
            if form or not found:
                found.append(Token(part, part is parts[-1], form, inside and whole_word))
            else:
                gap = " " * found[-1].spaced
                found[-1] = found[-1]._replace(text=found[-1].text + gap + part, spaced=part is parts[-1])
        inside = inside and "]" not in piece
    return tuple(found)


def _print(printed: tuple[Token, ...]) -> str:
    return "".join(t.text + " " * t.spaced for t in printed).strip()


@lru_cache(maxsize=4096)
def _encoded(text: str) -> str:
    """One character a token; an editor's word equals only an editor's word."""
    return "".join(code_point(" ".join(t.form) + "]" * t.bracketed) for t in tokens(text))


def compare(base: str, variant: str) -> tuple[tuple[WordChange, ...], tuple[ChangeKind, ...]]:
    """The word diff from `base` to `variant`, both as printed, and the kinds of change in it.

    No kinds at all where the two are printed alike but for marks at their ends.
    """
    old, new = tokens(base), tokens(variant)
    cuts = list(_joined(stretches(_encoded(base), _encoded(variant)), old, new))
    changes = tuple(_change(cut, old, new) for cut in cuts)
    kinds = list(dict.fromkeys(_kinds(cuts, old, new)))
    if not kinds and _typography(base) != _typography(variant):
        kinds = ["repunctuated"]
    return changes, tuple(kinds)


def _typography(text: str) -> str:
    return _MARKS.sub("'", " ".join(text.split()).strip(_OUTER + "\"'“”‘’"))


def _joined(cuts: list[Stretch], old: tuple[Token, ...], new: tuple[Token, ...]) -> Iterator[Stretch]:
    """`cuts` with contractions taken for equal, and changes that one small word parts made one."""
    merged: list[Stretch] = []
    for cut in (_contracted(cut, old, new) for cut in cuts):
        if merged and merged[-1].same == cut.same:
            cut = Stretch(cut.same, merged[-1].a, cut.b, merged.pop().c, cut.d)
        merged.append(cut)
    k = 1
    while k < len(merged) - 1:
        before, cut, after = merged[k - 1 : k + 2]
        if cut.same and cut.b - cut.a == 1 and _both_sides(before) and _both_sides(after):
            merged[k - 1 : k + 2] = [Stretch(False, before.a, after.b, before.c, after.d)]
        else:
            k += 1
    yield from merged


def _both_sides(cut: Stretch) -> bool:
    return not cut.same and cut.a < cut.b and cut.c < cut.d


def _contracted(cut: Stretch, old: tuple[Token, ...], new: tuple[Token, ...]) -> Stretch:
    left = [w for t in old[cut.a : cut.b] for w in t.form]
    right = [w for t in new[cut.c : cut.d] for w in t.form]
    plain = not any(t.bracketed for t in (*old[cut.a : cut.b], *new[cut.c : cut.d]))
    return cut._replace(same=cut.same or (left == right and plain))


def _change(cut: Stretch, old: tuple[Token, ...], new: tuple[Token, ...]) -> WordChange:
    base, variant = _print(old[cut.a : cut.b]), _print(new[cut.c : cut.d])
    if cut.same:
        return WordChange(op="same", base=base, variant=variant)
    op = "left_out" if not variant else "put_in" if not base else "changed"
    return WordChange(op=op, base=base, variant=variant)


def _kinds(cuts: list[Stretch], old: tuple[Token, ...], new: tuple[Token, ...]) -> Iterator[ChangeKind]:
    for cut in cuts:
        if cut.same:
            if _has_new_gap(cut, old, new):
                yield "elided"
            continue
        if cut.c < cut.d and all(t.bracketed for t in new[cut.c : cut.d]):
            yield "bracketed"
        elif cut.a == cut.b:
            yield "added"
        elif cut.c < cut.d:
            yield "substituted"
        else:
            yield "cut" if cut.a == 0 or cut.b == len(old) else "elided"


def _has_new_gap(cut: Stretch, old: tuple[Token, ...], new: tuple[Token, ...]) -> bool:
    """Return whether an ellipsis stands in the variant between words that follow each other in the base."""
    return not _gaps(new[cut.c : cut.d]) <= _gaps(old[cut.a : cut.b])


def _gaps(printed: tuple[Token, ...]) -> set[int]:
    """Return after how many words of a stretch an ellipsis stands, the end of the stretch left out.

    Counted in words and not in tokens: "don't" is one token and agrees with two.
    """
    upto = accumulate(len(token.form) for token in printed[:-1])
    return {place for place, token in zip(upto, printed, strict=False) if _GAP.search(token.text)}
