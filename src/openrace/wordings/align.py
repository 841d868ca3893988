"""Matches: how two wordings align, word by word. The only module that knows rapidfuzz."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein, Indel, LCSseq

from openrace.wordings.normalise import GAP, HAN_WORD, is_han, weight_of, weights_of, word_count

Ints = npt.NDArray[np.int32]

MANY = 64  # others from which on it is faster to look at them all with one wording prepared once
LONG = 12  # words: of a longer run it makes no difference whether there is one still longer
REORDERED = 0.5  # of the longer one's words: a wording of fewer is no translation of it, whatever the order
STRETCH = 5  # words: a stretch between ellipses that can stand for the whole


class Match(NamedTuple):
    """What the shorter of two wordings has in common with the longer one (weights as in `wording`)."""

    common: float  # weight of its words that align
    lost: float  # weight of its words that do not
    run: float  # words in the longest run without a break (a Chinese character is a part of one)
    run_weight: float  # weight of the weightiest run
    aligned: int  # words that align
    lengths: tuple[int, int]  # words of the shorter and of the longer
    is_joint: bool = False  # that run ends one of the two and begins the other
    in_any_order: float = (
        0.0  # of two Chinese ones, how largely they have the same characters (Dice, by weight)
    )

    @property
    def coverage(self) -> float:
        """Share of the shorter wording that the longer one has, by weight."""
        return self.common / (self.common + self.lost or 1.0)

    @property
    def outside_run(self) -> float:
        """Weight of the words of the shorter wording outside its weightiest run."""
        return self.common + self.lost - self.run_weight

    @property
    def is_whole(self) -> bool:
        """Whether the two have the very same words."""
        return self.aligned == self.lengths[1]


def align(shorter: str, longer: str) -> Match:
    """Return the match of two encoded wordings along their longest common subsequence of words."""
    lengths = len(shorter), len(longer)
    if shorter in longer:
        weight, count = _measured(shorter)
        return Match(weight, 0.0, count, weight, lengths[0], lengths)
    upto = _weights_upto(shorter)
    common = run_weight = 0.0
    aligned = start = size = 0
    for at, _, length in LCSseq.opcodes(shorter, longer).as_matching_blocks():
        weight = upto[at + length] - upto[at]
        common, run_weight = common + weight, max(run_weight, weight)
        aligned += length
        start, size = (at, length) if length > size else (start, size)
    if size < min(aligned, LONG):
        start, size = _longest_run(shorter, longer, size, aligned)
        run_weight = max(run_weight, upto[start + size] - upto[start])
    run = shorter[start : start + size]
    return Match(
        common=common,
        lost=upto[-1] - common,
        run=word_count(run),
        run_weight=run_weight,
        aligned=aligned,
        lengths=lengths,
        is_joint=_ends_and_begins(run, shorter, longer),
        in_any_order=_in_any_order(shorter, longer) if lengths[0] >= REORDERED * lengths[1] else 0.0,
    )


@lru_cache(maxsize=1 << 12)  # a wording is compared with several, one after the other
def _measured(wording: str) -> tuple[float, float]:
    return weight_of(wording), word_count(wording)


@lru_cache(maxsize=1 << 12)
def _weights_upto(wording: str) -> tuple[float, ...]:
    """Return what the words before each place tell, and at last what all do."""
    return (0.0, *accumulate(weights_of(wording)))


def _longest_run(shorter: str, longer: str, least: int, most: int) -> tuple[int, int]:
    """Return where in `shorter` the longest run of words begins that `longer` has too, and how long it is.

    Args:
        least, most: words that it has at least and at most.
    """
    start, size = 0, least - 1
    for i in range(len(shorter) - least + 1):
        while size < most and i + size < len(shorter) and shorter[i : i + size + 1] in longer:
            start, size = i, size + 1
    return start, max(size, 0)


def _ends_and_begins(run: str, a: str, b: str) -> bool:
    return bool(run) and ((a.endswith(run) and b.startswith(run)) or (b.endswith(run) and a.startswith(run)))


def _in_any_order(a: str, b: str) -> float:
    if not (mine := _han_weights(a)) or not (theirs := _han_weights(b)):
        return 0.0
    shared = sum(min(weight, theirs[word]) for word, weight in mine.items() if word in theirs)
    return 2 * shared / (sum(mine.values()) + sum(theirs.values()))


@lru_cache(maxsize=1 << 12)
def _han_weights(wording: str) -> dict[str, float]:
    """Return what each word of a Chinese wording tells, as often as it stands there; else nothing."""
    if 2 * (len(wording) - word_count(wording)) < (1 - HAN_WORD) * len(wording):
        return {}
    found: dict[str, float] = {}
    for word, weight in zip(wording, weights_of(wording), strict=True):
        found[word] = found.get(word, 0.0) + (HAN_WORD * weight if is_han(word) else weight)
    return found


def stand_ins(a: str, b: str) -> Iterator[tuple[str, str]]:
    """Of two wordings with ellipses, the spans of each that the other holds, and that other."""
    for cut, whole in ((a, b), (b, a)):
        for part in cut.split(GAP):
            if len(part) >= STRETCH and part != whole and part in whole:
                yield part, whole


def aligned_words(wordings: Sequence[str], others: Sequence[Sequence[str]]) -> Ints:
    """Return how many words of each wording align with each of its others: a quick look before `align`.

    One row for all pairs, in their order.
    """
    few = [place for place, some in enumerate(others) if len(some) < MANY]
    left = [wordings[place] for place in few for _ in others[place]]
    right = [other for place in few for other in others[place]]
    found = _integers(process.cpdist(left, right, scorer=LCSseq.similarity, dtype=np.int32))
    if len(few) == len(others):
        return found
    taken, parts = 0, list[Ints]()
    for wording, some in zip(wordings, others, strict=True):
        if len(some) < MANY:
            parts.append(found[taken : taken + len(some)])
            taken += len(some)
        else:
            parts.append(
                _integers(process.cdist([wording], some, scorer=LCSseq.similarity, dtype=np.int32)[0])
            )
    return np.concatenate(parts)


def _integers(values: object) -> Ints:
    return np.asarray(values, np.int32)


class AlignedSpan(NamedTuple):
    """Words `a` to `b` of one text against `c` to `d` of another: alike, or what each has instead."""

    same: bool
    a: int
    b: int
    c: int
    d: int


def aligned_spans(base: str, variant: str) -> list[AlignedSpan]:
    """Return two encoded texts cut into spans that agree and spans that differ, in turn."""
    found: list[AlignedSpan] = []
    for op in Indel.opcodes(base, variant):
        cut = AlignedSpan(op.tag == "equal", op.src_start, op.src_end, op.dest_start, op.dest_end)
        if found and found[-1].same == cut.same:
            cut = AlignedSpan(cut.same, found[-1].a, cut.b, found.pop().c, cut.d)
        found.append(cut)
    return found


def similarity(a: str, b: str) -> float:
    """Share of the words of two wordings that align, 0 to 1."""
    return float(Indel.normalized_similarity(a, b))


def misspelt(a: str, b: str) -> bool:
    """Whether two names differ by one slip (a letter more, less, other or two swapped)."""
    return min(len(a), len(b)) >= 5 and DamerauLevenshtein.distance(a, b, score_cutoff=1) <= 1
