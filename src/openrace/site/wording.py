"""How a changed wording is shown: what was left out at its edges, or at length, becomes an ellipsis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from openrace.records import WordChange

LONGEST_LOSS = (
    5  # words left out that are still shown struck through; more is a cut, and a cut is an ellipsis
)


class Stretch(NamedTuple):
    """A stretch of a wording as shown: plain, struck through, underlined, or cut away."""

    op: Literal["same", "del", "ins", "cut"]
    text: str


def stretches(changes: Sequence[WordChange]) -> list[Stretch]:
    """`changes` for a reader's eye: the new wording in full, of the old one what is short enough to compare."""
    shown: list[Stretch] = []
    for index, change in enumerate(changes):
        if change.op == "same":
            shown.append(Stretch("same", change.variant))
            continue
        at_edge = index in (0, len(changes) - 1)
        if change.op == "left_out" and (at_edge or len(change.base.split()) > LONGEST_LOSS):
            shown.append(Stretch("cut", "…"))
        elif change.base:
            shown.append(Stretch("del", change.base))
        if change.variant:
            shown.append(Stretch("ins", change.variant))
    return shown
