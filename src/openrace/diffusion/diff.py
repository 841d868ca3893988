"""Changes: a word diff of two printed wordings, and what kind of change it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from openrace.scripts import EAST_ASIAN
from openrace.story import ChangeKind, WordChange
from openrace.wordings.align import AlignedSpan, aligned_spans
from openrace.wordings.normalise import code_point, words

_BRACKETS = re.compile(r"[\[\]]")
_GAP = re.compile(r"…|\.\s?\.\s?\.")
_MARKS = re.compile(r"[\"'“”‘’«»„‚`´]")
_SENTENCE_END = re.compile(r"[.!?。！？…][\"'”’)]*$")
LONGEST_LOSS = 3  # words left out within a sentence that are shown struck through; more are an ellipsis
_RANGE_WORDS = (["to"], ["至"], ["到"])
_OUTER = " \t.,;:!?…-–—"
_HAN = f"[{EAST_ASIAN}]"
_INSIDE = re.compile(rf"(?<=\w[-–—/])(?=\w)|(?<={_HAN})(?=\w)|(?<=\w)(?={_HAN})")


class PrintedWord(NamedTuple):
    """A printed word with the marks around it."""

    text: str
    spaced: bool  # a blank follows
    form: tuple[str, ...]  # its words in their common form
    bracketed: bool  # an editor's word in square brackets


@lru_cache(maxsize=4096)
def tokens(text: str) -> tuple[PrintedWord, ...]:
    """Return the printed words of `text`, compounds and runs of Han characters taken apart; see `_print`."""
    found: list[PrintedWord] = []
    inside = False
    for piece in text.split():
        inside = inside or "[" in piece
        whole_word = piece.startswith("[") or "[" not in piece  # "[w]e" is the speaker's word
        parts = _INSIDE.split(piece)
        for part in parts:
            form = tuple(words(_BRACKETS.sub("", part)))
            if form or not found:
                found.append(PrintedWord(part, part is parts[-1], form, inside and whole_word))
            else:
                gap = " " * found[-1].spaced
                found[-1] = found[-1]._replace(text=found[-1].text + gap + part, spaced=part is parts[-1])
        inside = inside and "]" not in piece
    return tuple(found)


def _print(printed: tuple[PrintedWord, ...]) -> str:
    return "".join(t.text + " " * t.spaced for t in printed).strip()


@lru_cache(maxsize=4096)
def _encoded(text: str) -> str:
    """One character a token; an editor's word equals only an editor's word."""
    return "".join(code_point(" ".join(t.form) + "]" * t.bracketed) for t in tokens(text))


def compare(base: str, variant: str) -> tuple[tuple[WordChange, ...], tuple[ChangeKind, ...]]:
    """Return the word diff from `base` to `variant`, both as printed, and the kinds of change in it.

    No kinds at all where the two are printed alike but for marks at their ends.
    """
    old, new = tokens(base), tokens(variant)
    found = _at_sentences(aligned_spans(_encoded(base), _encoded(variant)), old)
    cuts = list(_with_ranges(list(_joined(found, old, new)), old, new))
    changes = tuple(_change(cut, old, new) for cut in _within_sentences(cuts, old))
    kinds = list(dict.fromkeys(_kinds(cuts, old, new)))
    if not kinds and _typography(base) != _typography(variant):
        kinds = ["repunctuated"]
    return changes, tuple(kinds)


def _typography(text: str) -> str:
    return _MARKS.sub("'", " ".join(text.split()).strip(_OUTER + "\"'“”‘’"))


def _joined(
    cuts: list[AlignedSpan], old: tuple[PrintedWord, ...], new: tuple[PrintedWord, ...]
) -> Iterator[AlignedSpan]:
    """Yield `cuts` with contractions taken for equal, and changes that one small word parts made one."""
    merged: list[AlignedSpan] = []
    for cut in (_contracted(cut, old, new) for cut in cuts):
        if merged and merged[-1].same == cut.same:
            cut = AlignedSpan(cut.same, merged[-1].a, cut.b, merged.pop().c, cut.d)
        merged.append(cut)
    k = 1
    while k < len(merged) - 1:
        before, cut, after = merged[k - 1 : k + 2]
        if cut.same and cut.b - cut.a == 1 and _both_sides(before) and _both_sides(after):
            merged[k - 1 : k + 2] = [AlignedSpan(False, before.a, after.b, before.c, after.d)]
        else:
            k += 1
    yield from merged


def _with_ranges(
    cuts: list[AlignedSpan], old: tuple[PrintedWord, ...], new: tuple[PrintedWord, ...]
) -> Iterator[AlignedSpan]:
    """Yield `cuts`, a range of which one side prints the dash and the other the word as one change.

    "4-12" and "four to 12" differ as a whole: nobody added a "to".
    """
    for k in range(1, len(cuts) - 1):
        before, cut, after = cuts[k - 1 : k + 2]
        if before.same and not cut.same and after.same and _spells_range(cut, old, new):
            cuts[k - 1] = before._replace(b=before.b - 1, d=before.d - 1)
            cuts[k] = AlignedSpan(False, before.b - 1, after.a + 1, before.d - 1, after.c + 1)
            cuts[k + 1] = after._replace(a=after.a + 1, c=after.c + 1)
    yield from (cut for cut in cuts if cut.a < cut.b or cut.c < cut.d)


def _spells_range(cut: AlignedSpan, old: tuple[PrintedWord, ...], new: tuple[PrintedWord, ...]) -> bool:
    if cut.a < cut.b and cut.c < cut.d:
        return False
    spelled = (*old[cut.a : cut.b], *new[cut.c : cut.d])
    before = old[cut.a - 1] if cut.a == cut.b else new[cut.c - 1]
    return [word for token in spelled for word in token.form] in _RANGE_WORDS and before.text[-1] in "-–"


def _both_sides(cut: AlignedSpan) -> bool:
    return not cut.same and cut.a < cut.b and cut.c < cut.d


def _contracted(cut: AlignedSpan, old: tuple[PrintedWord, ...], new: tuple[PrintedWord, ...]) -> AlignedSpan:
    left = [w for t in old[cut.a : cut.b] for w in t.form]
    right = [w for t in new[cut.c : cut.d] for w in t.form]
    plain = not any(t.bracketed for t in (*old[cut.a : cut.b], *new[cut.c : cut.d]))
    return cut._replace(same=cut.same or (left == right and plain))


def _at_sentences(cuts: list[AlignedSpan], old: tuple[PrintedWord, ...]) -> list[AlignedSpan]:
    """Move what is left out to where a sentence begins, if the words allow.

    Of "The ice holds. The models win." a print that has "The models win" left out a sentence, and not "ice
    holds. The".
    """
    moved: list[AlignedSpan] = []
    for cut in cuts:
        back = _way_back(moved[-1], cut, old) if moved and not cut.same and cut.c == cut.d else 0
        if back:
            before = moved.pop()
            before = before._replace(b=before.b - back, d=before.d - back)
            moved += [before] * (before.a < before.b)
            moved.append(AlignedSpan(False, cut.a - back, cut.b - back, before.d, before.d))
            moved.append(AlignedSpan(True, cut.b - back, cut.b, before.d, cut.d))
        else:
            moved.append(cut)
    return moved


def _way_back(before: AlignedSpan, cut: AlignedSpan, old: tuple[PrintedWord, ...]) -> int:
    """Return by how many tokens a cut can begin earlier so as to begin a sentence; 0 if it cannot."""
    for back in range(before.b - before.a + 1):
        start = cut.a - back
        if start == 0 or _SENTENCE_END.search(old[start - 1].text):
            return back
        if start - 1 < before.a or old[start - 1].form != old[cut.b - back - 1].form:
            return 0
    return 0


def _within_sentences(cuts: list[AlignedSpan], old: tuple[PrintedWord, ...]) -> Iterator[AlignedSpan]:
    """Yield `cuts` with the base's sentences before and after those that both have apart.

    A print that begins with other words struck out nothing but the words of that same sentence.
    """
    for number, cut in enumerate(cuts):
        ends = [k + 1 for k in range(cut.a, cut.b) if _SENTENCE_END.search(old[k].text)]
        if cut.same or cut.c == cut.d or not ends or len(cuts) == 1:
            yield cut
        elif number == 0:
            yield from _parts(AlignedSpan(False, cut.a, ends[-1], cut.c, cut.c), cut._replace(a=ends[-1]))
        elif number == len(cuts) - 1:
            yield from _parts(cut._replace(b=ends[0]), AlignedSpan(False, ends[0], cut.b, cut.d, cut.d))
        else:
            yield cut


def _parts(*parts: AlignedSpan) -> Iterator[AlignedSpan]:
    return (part for part in parts if part.a < part.b or part.c < part.d)


def _change(cut: AlignedSpan, old: tuple[PrintedWord, ...], new: tuple[PrintedWord, ...]) -> WordChange:
    base, variant = _print(old[cut.a : cut.b]), _print(new[cut.c : cut.d])
    if cut.same:
        return WordChange(op="same", base=base, variant=variant)
    if variant:
        return WordChange(op="changed" if base else "put_in", base=base, variant=variant)
    is_cut = cut.a == 0 or cut.b == len(old) or cut.b - cut.a > LONGEST_LOSS
    return WordChange(op="elided" if is_cut else "left_out", base=base, variant="")


def _kinds(
    cuts: list[AlignedSpan], old: tuple[PrintedWord, ...], new: tuple[PrintedWord, ...]
) -> Iterator[ChangeKind]:
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


def _has_new_gap(cut: AlignedSpan, old: tuple[PrintedWord, ...], new: tuple[PrintedWord, ...]) -> bool:
    """Return whether an ellipsis stands in the variant between words that follow each other in the base."""
    return not _gaps(new[cut.c : cut.d]) <= _gaps(old[cut.a : cut.b])


def _gaps(printed: tuple[PrintedWord, ...]) -> set[int]:
    """Return after how many words of a stretch an ellipsis stands, the end of the stretch left out.

    Counted in words and not in tokens: "don't" is one token and agrees with two.
    """
    upto = accumulate(len(token.form) for token in printed[:-1])
    return {place for place, token in zip(upto, printed, strict=False) if _GAP.search(token.text)}
