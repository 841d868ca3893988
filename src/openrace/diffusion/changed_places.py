"""The places at which two prints of one passage differ: what stands in place of what, and how surely."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from openrace.diffusion.items import Item, encoded_items, items_of
from openrace.wordings.align import AlignedSpan, aligned_spans
from openrace.wordings.normalise import is_common

WINDOW = 12  # items on each side of a place that must be the same for the most part
LEAST_AROUND = 3  # items around it that are the same
LONGEST = 7  # items on either side: what is longer is another sentence


class Place(NamedTuple):
    """Items that stand in place of each other, and how much around them is the same."""

    base: Sequence[Item]
    variant: Sequence[Item]
    sureness: float
    is_cut: bool  # one of them ends here
    is_edge: bool  # it is before the first or after the last words that are the same
    sentences: tuple[Sequence[Item], Sequence[Item]] = ((), ())  # in which it stands, whole


def same_items(base: str, variant: str) -> Iterator[tuple[Item, Item]]:
    """Yield the pairs of items in which two wordings agree."""
    old, new = items_of(base), items_of(variant)
    for cut in _aligned(base, variant):
        if cut.same:
            yield from zip(old[cut.a : cut.b], new[cut.c : cut.d], strict=True)


def changed_places(base: str, variant: str) -> Iterator[Place]:
    """Yield the places at which two wordings differ, small enough and with enough alike around them."""
    old, new = items_of(base), items_of(variant)
    cuts = _aligned(base, variant)
    for number, cut in enumerate(cuts):
        if cut.same:
            continue
        is_edge = number in (0, len(cuts) - 1)
        sides, sureness = _both_sides(cuts, number, old, new), _sureness(cuts, number)
        if sureness and 0 < max(map(len, sides)) <= LONGEST:
            around = _sentence(old, cut.a), _sentence(new, cut.c)
            yield Place(*sides, sureness, is_edge and not _is_swap(cut), is_edge, around)


def _sentence(items: Sequence[Item], at: int) -> Sequence[Item]:
    """Return the items of the sentence in which the item at this place stands, or the last before it."""
    here = items[min(at, len(items) - 1)].sentence if items else 0
    return [item for item in items if item.sentence == here]


def _aligned(base: str, variant: str) -> list[AlignedSpan]:
    return _joined(aligned_spans(encoded_items(base), encoded_items(variant)), items_of(base))


def _joined(cuts: list[AlignedSpan], old: Sequence[Item]) -> list[AlignedSpan]:
    """Join two changes that one word without content parts."""
    merged = list(cuts)
    k = 1
    while k < len(merged) - 1:
        before, cut, after = merged[k - 1 : k + 2]
        small = cut.same and cut.b - cut.a == 1 and old[cut.a].kind == "word" and is_common(old[cut.a].key)
        if small and _is_swap(before) and _is_swap(after):
            merged[k - 1 : k + 2] = [AlignedSpan(False, before.a, after.b, before.c, after.d)]
        else:
            k += 1
    return merged


def _is_swap(cut: AlignedSpan) -> bool:
    return not cut.same and cut.a < cut.b and cut.c < cut.d


def _both_sides(
    cuts: list[AlignedSpan], number: int, old: Sequence[Item], new: Sequence[Item]
) -> tuple[Sequence[Item], Sequence[Item]]:
    """Return the items on both sides of a change, within the sentence of the words around it.

    What is cut off before the first or after the last common words belongs to it only where both sides begin,
    or end, that sentence in other words, or where nothing but a negation and its verb is cut off.
    """
    cut = cuts[number]
    left, right = old[cut.a : cut.b], new[cut.c : cut.d]
    if number == 0 and len(cuts) > 1:
        left = [item for item in left if item.sentence == old[cut.b].sentence]
        right = [item for item in right if item.sentence == new[cut.d].sentence]
    elif number == len(cuts) - 1 and number:
        left = [item for item in left if item.sentence == old[cut.a - 1].sentence]
        right = [item for item in right if item.sentence == new[cut.c - 1].sentence]
    crosses = len({item.sentence for item in left}) > 1 or len({item.sentence for item in right}) > 1
    return ((), ()) if crosses else (left, right)


def _sureness(cuts: list[AlignedSpan], number: int) -> float:
    """Return the share of the items around a change that are the same; 0 where these are too few."""
    same = other = 0.0
    for way in (range(number - 1, -1, -1), range(number + 1, len(cuts))):
        seen = 0
        for k in way:
            cut = cuts[k]
            size = cut.b - cut.a if cut.same else max(cut.b - cut.a, cut.d - cut.c)
            if not cut.same and k in (0, len(cuts) - 1) and not _is_swap(cut):
                break  # cut off
            size = min(size, WINDOW - seen)
            seen += size
            same, other = (same + size, other) if cut.same else (same, other + size)
            if seen >= WINDOW:
                break
    return same / (same + other) if same >= LEAST_AROUND else 0.0
