"""Candidates: which wordings are worth comparing, found through the rare shingles they share.

A shingle is three words in a row, packed into one integer. The shorter of two wordings looks for the longer:
it asks for its own rarest shingles, and is offered the longest wordings that hold one. So a cut finds the
full form, a viral family stays whole without comparing every copy with every other, and no shingle is
thrown away for being frequent: it is only asked last. Where many hold a shingle (a stock phrase), those that
its speaker said shortly before are looked at too. All of it is arithmetic on arrays.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.signedinteger[Any]]

SHINGLE = 3  # words
ASKED = 24  # shingles a wording asks for, rarest first
OFFERED = 8  # wordings it is offered for each: the longest
NEAREST = 4  # and those next longer than itself
KIN = 4  # and, where more than all these hold the shingle, those of its own speaker next before it in time
EVEN_WORDS, EVEN_SHARE = 10, 0.85  # … and those next shorter that are hardly so (see evidence: retold)
KEPT = 12  # of all offered those are looked at that share the most of these shingles
ENOUGH = 6  # from this many words on, a candidate must share two of the shingles asked for
CHUNK = 1 << 15  # wordings that ask at a time: bounds the memory


class Postings(NamedTuple):
    """Every shingle of every wording, a row each, sorted by shingle, the longest wording of each first.

    Wordings are called by their place among all, longest first.
    """

    owner: Ints  # the wording
    start: Ints  # the first row with the same shingle
    lengths: Ints  # of the wordings, in words
    rows: Ints  # those whose shingle a longer wording holds too, by owner
    begins: Ints  # for each wording, where among these its own begin; then their number


def candidate_pairs(
    wordings: Sequence[str],
    speakers: Sequence[int],
    days: Sequence[int],
    moving: Collection[int] | None = None,
) -> Iterator[tuple[int, int]]:
    """Pairs of indexes into `wordings` (distinct encoded wordings), the shorter first.

    `speakers` has a number for the speaker of each wording, 0 where unknown; `days` when it was printed.
    With `moving`, one of a pair is one of these.
    """
    order = np.array(_longest_first(wordings), np.int32)
    postings = _post([wordings[i] for i in order])
    kin = _kin(postings, np.array(speakers, np.int32)[order], np.array(days, np.int32)[order])
    moves = np.zeros(len(order), np.bool_)
    moves[list(moving) if moving is not None else slice(None)] = True
    moves = moves[order]
    for begin in range(0, len(wordings), CHUNK):
        asking, offered = _offers(postings, kin, begin, begin + CHUNK)
        wanted = moves[asking] | moves[offered]
        pairs = _most_shared(asking[wanted], offered[wanted], postings.lengths)
        yield from zip(order[pairs[0]].tolist(), order[pairs[1]].tolist(), strict=True)


def _longest_first(wordings: Sequence[str]) -> list[int]:
    """Indexes by length, longest first, then by their words: the same order however they came."""
    order = sorted(range(len(wordings)), key=wordings.__getitem__)
    order.sort(key=lambda i: len(wordings[i]), reverse=True)
    return order


def shingles_of(wording: str) -> list[int]:
    """The distinct shingles of one wording, as 63-bit integers."""
    codes = list(map(ord, wording))
    return list({a << 42 | b << 21 | c for a, b, c in zip(codes, codes[1:], codes[2:], strict=False)})


def _post(wordings: Sequence[str]) -> Postings:
    lengths = np.fromiter(map(len, wordings), np.int32, len(wordings))
    keys, owner = _shingles(wordings, lengths)
    order = np.argsort(keys, kind="stable")
    keys, owner = keys[order], owner[order]
    del order
    fresh = np.r_[True, (keys[1:] != keys[:-1]) | (owner[1:] != owner[:-1])][: len(keys)]
    keys, owner = keys[fresh], owner[fresh]
    first = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]][: len(keys)]).astype(np.int32)
    counts = np.diff(first, append=np.int32(len(keys))).astype(np.int32)
    start = np.repeat(first, counts)
    rows = np.flatnonzero(start < np.arange(len(start))).astype(np.int32)
    rows = rows[np.argsort(owner[rows], kind="stable")]
    begins = np.searchsorted(owner[rows], np.arange(len(wordings) + 1))
    return Postings(owner, start, lengths, rows, begins)


def _shingles(wordings: Sequence[str], lengths: Ints) -> tuple[Ints, Ints]:
    """The shingles of all wordings in turn, and whose each is."""
    codes = np.frombuffer("".join(wordings).encode("utf-32-le"), np.uint32)
    owner = np.repeat(np.arange(len(wordings), dtype=np.int32), lengths)
    if len(codes) < SHINGLE:
        return np.empty(0, np.int64), np.empty(0, np.int32)
    inside = owner[:-2] == owner[2:]
    keys = codes[:-2][inside].astype(np.int64) << 42
    keys |= codes[1:-1][inside].astype(np.int64) << 21
    keys |= codes[2:][inside]
    return keys, owner[:-2][inside]


class Kin(NamedTuple):
    """The rows of shingles that many hold, put together by shingle and speaker, in the order of days."""

    row: Ints  # the row of the postings
    first: Ints  # where the rows of that shingle and speaker begin here
    place: Ints  # for each row of the postings its place here, or -1


def _kin(posted: Postings, speakers: Ints, days: Ints) -> Kin:
    """`speakers` and `days` are those of the wordings."""
    speaker = speakers[posted.owner]
    crowded = np.zeros(len(posted.owner), np.bool_)
    crowded[posted.start[np.arange(len(crowded)) - posted.start > OFFERED + NEAREST]] = True
    rows = np.flatnonzero(crowded[posted.start] & (speaker > 0))
    key = posted.start[rows].astype(np.int64) << 32 | speaker[rows]
    order = np.lexsort((days[posted.owner[rows]], key))
    key, rows = key[order], rows[order].astype(np.int32)
    place = np.full(len(posted.owner), -1, np.int32)
    place[rows] = np.arange(len(rows))
    return Kin(rows, (np.arange(len(rows)) - _rank(key)).astype(np.int32), place)


def _offers(posted: Postings, kin: Kin, begin: int, end: int) -> tuple[Ints, Ints]:
    """Places (asking, offered) for the wordings from `begin` to `end`, a pair for each shingle they share."""
    owner, start = posted.owner, posted.start
    rows = _asked(posted, begin, end)
    rank = rows - start[rows]  # how many longer wordings hold the shingle
    near = np.clip(rank - OFFERED, 0, NEAREST)
    asking, longest = _spread(owner[rows], owner, start[rows], np.minimum(rank, OFFERED))
    again, nearest = _spread(owner[rows], owner, rows - near, near)
    places = kin.place[rows]
    places = places[places >= 0]
    before = np.minimum(places - kin.first[places], KIN)
    once_more, related = _spread(owner[kin.row[places]], owner[kin.row], places - before, before)
    shorter, longer = np.maximum(once_more, related), np.minimum(once_more, related)
    return np.r_[asking, again, shorter], np.r_[longest, nearest, longer]


def _most_shared(asking: Ints, offered: Ints, lengths: Ints) -> tuple[Ints, Ints]:
    """Each pair once: of each wording the `KEPT` that came up most often, and often enough; longest first."""
    size = max(len(lengths), 1)
    packed, shared = np.unique(asking.astype(np.int64) * size + offered, return_counts=True)
    asking, offered = packed // size, packed % size
    order = np.lexsort((offered, -shared, asking))
    asking, offered, shared = asking[order], offered[order], shared[order]
    kept = ((shared > 1) | (lengths[asking] < ENOUGH)) & (_rank(asking) < KEPT)
    asking, offered = asking[kept], offered[kept]
    longest_first = np.lexsort((offered, asking))
    return asking[longest_first], offered[longest_first]


def _asked(posted: Postings, begin: int, end: int) -> Ints:
    """The rows of the shingles these wordings ask for: the `ASKED` that the fewest longer wordings hold."""
    rows = posted.rows[posted.begins[begin] : posted.begins[min(end, len(posted.lengths))]]
    rows = rows[np.lexsort((rows - posted.start[rows], posted.owner[rows]))]
    return rows[_rank(posted.owner[rows]) < ASKED]


def _rank(values: Ints) -> Ints:
    """The place of each element in its run of equal `values`."""
    if not len(values):
        return values
    begins = np.flatnonzero(np.r_[True, values[1:] != values[:-1]])
    return np.arange(len(values)) - np.repeat(begins, np.diff(begins, append=len(values)))


def _spread(askers: Ints, values: Ints, starts: Ints, sizes: Ints) -> tuple[Ints, Ints]:
    """Each of `askers` paired with each of the `sizes` values from its start on."""
    offset = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.repeat(askers, sizes), values[np.repeat(starts, sizes) + offset]
