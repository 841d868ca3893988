"""How a changed wording is shown: what was left out at its edges, or at length, becomes an ellipsis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from openrace.story import WordChange

LONGEST_LOSS = 5  # words left out that are still shown struck through; a longer cut is an ellipsis
LONGEST_SWAP = 12  # the same for words that others stand in place of


class Stretch(NamedTuple):
    """A stretch of a wording as shown: plain, struck through, underlined, or cut away."""

    op: Literal["same", "del", "ins", "cut"]
    text: str


def stretches(changes: Sequence[WordChange]) -> list[Stretch]:
    """`changes` for a reader's eye: the new wording in full, and of the old one what is short."""
    shown: list[Stretch] = []
    for index, change in enumerate(changes):
        if change.op == "same":
            shown.append(Stretch("same", change.variant))
            continue
        if change.op == "elided":
            shown.append(Stretch("cut", "…"))
            continue
        at_edge = index in (0, len(changes) - 1)
        longest = LONGEST_LOSS if change.op == "left_out" else LONGEST_SWAP
        if len(change.base.split()) > longest or (change.op == "left_out" and at_edge):
            shown.append(Stretch("cut", "…"))
        elif change.base:
            shown.append(Stretch("del", change.base))
        if change.variant:
            shown.append(Stretch("ins", change.variant))
    return shown
