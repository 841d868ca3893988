"""How a wording that differs is shown: as its outlet printed it, what only it has marked, nothing struck out.

What others print instead is said in words. Where too little agrees there is nothing to mark.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from openrace.story import WordChange

AGREE = 0.6  # the share of words that both print, below which a comparison says nothing
LONGEST_SWAP = 8  # words that others print instead which are still said


class Stretch(NamedTuple):
    """A stretch of a wording: as others print it (``same``), only here (``ins``), or left out (``cut``)."""

    op: Literal["same", "ins", "cut"]
    text: str
    instead: str = ""  # what others print in its place


def stretches(changes: Sequence[WordChange]) -> list[Stretch]:
    """Return a wording in stretches; an empty list where it has too little in common with the other."""
    if agreement(changes) < AGREE:
        return []
    return [stretch for change in changes if (stretch := _stretch(change))]


def agreement(changes: Sequence[WordChange]) -> float:
    """Return the share of the words of the shorter wording that both print, 0 to 1."""
    same = sum(len(c.variant.split()) for c in changes if c.op == "same")
    mine = sum(len(c.variant.split()) for c in changes)
    theirs = sum(len(c.base.split()) for c in changes)
    return same / max(1, min(mine, theirs))


def _stretch(change: WordChange) -> Stretch | None:
    if change.op == "same":
        return Stretch("same", change.variant)
    if change.op in ("left_out", "elided"):
        return Stretch("cut", "[…]") if change.base else None
    short = len(change.base.split()) <= LONGEST_SWAP
    return Stretch("ins", change.variant, change.base if short else "")
