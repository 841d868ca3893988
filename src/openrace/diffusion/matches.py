"""Matches: how two wordings align, word by word. The only module that knows rapidfuzz."""

from __future__ import annotations

from typing import NamedTuple

from rapidfuzz.distance import DamerauLevenshtein, Indel, LCSseq

from openrace.diffusion.wording import weight_of


class Match(NamedTuple):
    """What the shorter of two wordings has in common with the longer one (weights as in `wording`)."""

    common: float  # weight of all its words that align
    lost: float  # weight of its words that do not
    run: int  # words in the longest run without a break
    run_weight: float  # weight of the weightiest run
    beyond: float  # weight of the longer one's words that do not align
    aligned: int  # words that align
    lengths: tuple[int, int]  # words of the shorter and of the longer

    @property
    def coverage(self) -> float:
        """Share of the shorter wording that the longer one has, by weight."""
        return self.common / (self.common + self.lost or 1.0)

    @property
    def wholeness(self) -> float:
        """Share of the longer wording that the shorter one has, by weight."""
        return self.common / (self.common + self.beyond or 1.0)


def align(shorter: str, longer: str) -> Match:
    """The match of two encoded wordings along their longest common subsequence of words."""
    if shorter in longer:
        weight, size = weight_of(shorter), len(shorter)
        return Match(weight, 0.0, size, weight, weight_of(longer) - weight, size, (size, len(longer)))
    common = run_weight = 0.0
    run = aligned = 0
    for block in LCSseq.opcodes(shorter, longer):
        if block.tag != "equal":
            continue
        weight = weight_of(shorter[block.src_start : block.src_end])
        common += weight
        size = block.src_end - block.src_start
        aligned += size
        run = max(run, size)
        run_weight = max(run_weight, weight)
    lost, beyond = weight_of(shorter) - common, weight_of(longer) - common
    return Match(common, lost, run, run_weight, beyond, aligned, (len(shorter), len(longer)))


class Stretch(NamedTuple):
    """Words `a` to `b` of one text against `c` to `d` of another: alike, or what each has instead."""

    same: bool
    a: int
    b: int
    c: int
    d: int


def stretches(base: str, variant: str) -> list[Stretch]:
    """Two encoded texts cut into stretches that agree and stretches that do not, in turn."""
    found: list[Stretch] = []
    for op in Indel.opcodes(base, variant):
        cut = Stretch(op.tag == "equal", op.src_start, op.src_end, op.dest_start, op.dest_end)
        if found and found[-1].same == cut.same:
            cut = Stretch(cut.same, found[-1].a, cut.b, found.pop().c, cut.d)
        found.append(cut)
    return found


def similarity(a: str, b: str) -> float:
    """Share of the words of two wordings that align, 0 to 1."""
    return float(Indel.normalized_similarity(a, b))


def misspelt(a: str, b: str) -> bool:
    """Whether two names differ by one slip (a letter more, less, other or two swapped)."""
    return min(len(a), len(b)) >= 5 and DamerauLevenshtein.distance(a, b, score_cutoff=1) <= 1
