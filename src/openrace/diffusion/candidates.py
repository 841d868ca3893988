"""Candidates: which wordings are worth comparing, found through the rare shingles they share.

A shingle is three words in a row, packed into one integer. The shorter of two wordings looks for the longer:
it asks for its own rarest shingles, and is offered the longest wordings that hold one. So a cut finds the
full form, a viral family stays whole without comparing every copy with every other, and no shingle is
thrown away for being frequent: it is only asked last. All of it is arithmetic on arrays.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

ASKED = 8  # shingles a wording asks for, rarest first
OFFERED = 6  # wordings it is offered for each: the longest
NEAREST = 3  # and those next longer than itself
KEPT = 8  # of all offered those are looked at that share the most of these shingles
EVEN_WORDS, EVEN_SHARE = 10, 0.85  # … and those next shorter that are hardly so (see evidence: retold)
ENOUGH = 6  # from this many words on, a candidate must share two of the shingles asked for


def candidate_pairs(wordings: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Pairs of indexes into `wordings` (distinct encoded wordings), the shorter first."""
    lengths = np.fromiter(map(len, wordings), np.int64, len(wordings))
    order = _longest_first(wordings, lengths)
    place = np.empty(len(wordings), np.int64)  # place 0 is the longest wording
    place[order] = np.arange(len(wordings))
    keys, owners = _shingles([wordings[i] for i in order])
    pairs = _offers(keys, owners, lengths[order])
    yield from zip(order[pairs[:, 0]].tolist(), order[pairs[:, 1]].tolist(), strict=True)


def _longest_first(wordings: Sequence[str], lengths: Ints) -> Ints:
    """Indexes by length, longest first, then by their words: the same order however they came."""
    return np.array(sorted(range(len(wordings)), key=lambda i: (-lengths[i], wordings[i])), np.int64)


def _shingles(wordings: Sequence[str]) -> tuple[Ints, Ints]:
    """Each distinct shingle of each wording, as (key, index of the wording), sorted by both."""
    lengths = np.fromiter(map(len, wordings), np.int64, len(wordings))
    codes = np.frombuffer("".join(wordings).encode("utf-32-le"), np.uint32).astype(np.int64)
    owners = np.repeat(np.arange(len(wordings)), lengths)
    if len(codes) < 3:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    keys = codes[:-2] << 42 | codes[1:-1] << 21 | codes[2:]
    inside = owners[:-2] == owners[2:]
    keys, owners = keys[inside], owners[:-2][inside]
    order = np.lexsort((owners, keys))
    keys, owners = keys[order], owners[order]
    fresh = np.ones(len(keys), bool)
    fresh[1:] = (keys[1:] != keys[:-1]) | (owners[1:] != owners[:-1])
    return keys[fresh], owners[fresh]


def _offers(keys: Ints, owners: Ints, lengths: Ints) -> Ints:
    """Pairs of places (asking, offered): the offered one is longer, so its place comes first."""
    first = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else np.empty(0, np.int64)
    counts = np.diff(np.r_[first, len(keys)])
    start = np.repeat(first, counts)  # where the postings of a row's shingle start
    count = np.repeat(counts, counts)
    rows = _rarest(owners, count)
    rank = rows - start[rows]  # how many longer wordings hold the shingle
    asking, offered = _spread(owners, rows, start[rows], np.minimum(rank, OFFERED))
    near = np.clip(rank - OFFERED, 0, NEAREST)
    more = _spread(owners, rows, rows - near, near)
    below = np.minimum(start[rows] + count[rows] - 1 - rows, NEAREST)
    less = _spread(owners, rows, rows + 1, below)
    even = lengths[less[1]] >= np.maximum(EVEN_WORDS, EVEN_SHARE * lengths[less[0]])
    asking = np.r_[asking, more[0], less[1][even]]
    offered = np.r_[offered, more[1], less[0][even]]
    packed, shared = np.unique(asking * len(lengths) + offered, return_counts=True)
    asking, offered = packed // max(len(lengths), 1), packed % max(len(lengths), 1)
    order = np.lexsort((offered, -shared, asking))
    asking, offered, shared = asking[order], offered[order], shared[order]
    kept = ((shared > 1) | (lengths[asking] < ENOUGH)) & (_rank(asking) < KEPT)
    return np.stack([asking[kept], offered[kept]], axis=1)


def _rarest(owners: Ints, count: Ints) -> Ints:
    """The rows of the shingles each wording asks for: its `ASKED` rarest that anyone shares."""
    rows = np.flatnonzero(count > 1)
    rows = rows[np.lexsort((count[rows], owners[rows]))]
    return rows[_rank(owners[rows]) < ASKED]


def _rank(values: Ints) -> Ints:
    """The place of each element in its run of equal `values`."""
    if not len(values):
        return values
    begins = np.flatnonzero(np.r_[True, values[1:] != values[:-1]])
    return np.arange(len(values)) - np.repeat(begins, np.diff(np.r_[begins, len(values)]))


def _spread(owners: Ints, rows: Ints, starts: Ints, sizes: Ints) -> tuple[Ints, Ints]:
    """For each row, its owner paired with the owners of the `sizes` rows from `starts` on."""
    asking = np.repeat(owners[rows], sizes)
    offset = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return asking, owners[np.repeat(starts, sizes) + offset]
