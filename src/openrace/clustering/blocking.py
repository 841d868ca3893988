"""Candidates: which wordings are worth comparing, found through the telling shingles they share.

A shingle is three words in a row, packed into one integer. The shorter of two wordings asks for its anchors,
the shingles of it that tell most (of two of one length each does), and the longer one is a candidate where it
holds two of them; of one that is hardly longer and by the same speaker, shingles of words that every text has
do too: a reworded copy keeps these. That depends on the two wordings and their speakers alone: not on what
else there is, nor on the order in which it came. A cut finds every fuller form, so that a viral family stays
whole. All is arithmetic on arrays.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from openrace.clustering.scoring import longest_even, most_odds
from openrace.wordings.normalise import GAP, WEIGHTS

Ints = npt.NDArray[np.integer[Any]]
Flags = npt.NDArray[np.bool_]

SHINGLE, NOTHING = 3, "\0"  # words; no word has this code
HELD, ANCHOR, ECHO = 0, 1, 2  # kinds of keys
# With 8 as with all, labelled news quotes come out the same and 100,000 made ones with pair F1 .9967; with 7
# it is .9965, with 6 .9953, and with 5 and 4 of 10,000 .993 and .980 (8: .9968).
ANCHORS = 8
ENOUGH = 6  # from this many words on, the longer one must hold two
AT_ONCE = 1 << 15  # wordings taken apart at a time …
PAIRED = 1 << 21  # … and pairs counted: both bound the memory
_TELLS = np.array([2 * weight for weight in WEIGHTS], np.uint64)  # by the lowest three bits; all are halves
_CLASSES = 7 << 42 | 7 << 21 | 7  # the bits of a shingle that say whether its words are in every text
_MIXER = np.uint64(0x9E3779B97F4A7C15)  # Knuth's multiplicative hash, of 64 bits


class Posted(NamedTuple):
    """The keys under which wordings are found, a row each."""

    owner: Ints  # the index of the wording
    key: Ints  # a shingle, or an echo
    kind: Ints  # HELD, ANCHOR or ECHO


def post(wordings: Sequence[str], said: npt.ArrayLike = (), names: npt.ArrayLike = ()) -> Posted:
    """The keys of encoded wordings; of each that is `said` (an index), the number of its speaker's name.

    An echo is a shingle of three words that every text has, taken together with the speaker: all that a
    reworded copy may have in common with the original. No index (-1) and no name (0) are passed over.
    """
    speakers = np.unique(np.asarray(said, np.int64) << 32 | np.asarray(names, np.int64))
    speakers = speakers[(speakers >= 0) & (speakers & 0xFFFFFFFF > 0)]
    parts: list[Posted] = []
    for begin in range(0, max(len(wordings), 1), AT_ONCE):
        owner, shingle, anchor = _shingles(wordings[begin : begin + AT_ONCE])
        parts.append(Posted(owner + np.int32(begin), shingle, anchor.astype(np.int8)))
        parts.append(_echoes(parts[-1], speakers))
    return Posted(*map(np.concatenate, zip(*parts, strict=True)))


def _shingles(wordings: Sequence[str]) -> tuple[Ints, Ints, Flags]:
    """Whose the distinct shingles of wordings are, those that tell most first; and which are anchors."""
    padded = [wording.ljust(SHINGLE, NOTHING) for wording in wordings]  # two words find their copies only
    codes = np.frombuffer("".join(padded).encode("utf-32-le"), np.uint32).astype(np.uint64)
    lengths = np.fromiter(map(len, padded), np.int32, len(padded))
    owner = np.repeat(np.arange(len(padded), dtype=np.int32), lengths)
    inside = np.flatnonzero(owner[: 1 - SHINGLE] == owner[SHINGLE - 1 :])
    words = [codes[inside + i] for i in range(SHINGLE)]
    owner, shingle = owner[inside], words[0] << 42 | words[1] << 21 | words[2]
    tells = np.sum([_TELLS[word & 7] * (word != ord(GAP)) for word in words], axis=0)
    order = np.argsort(owner.astype(np.uint64) << 49 | (31 - tells) << 44 | (shingle * _MIXER) >> 20)
    owner, shingle = owner[order], shingle[order].astype(np.int64)
    distinct = np.flatnonzero(_begins(owner) | _begins(shingle))
    owner, shingle = owner[distinct], shingle[distinct]
    return owner, shingle, rank(owner) < ANCHORS


def _echoes(posted: Posted, speakers: Ints) -> Posted:
    """The echoes of shingles; `speakers`: a wording and the number of a name in one integer, in order."""
    rows = np.flatnonzero((posted.key & _CLASSES) == 0)
    owners = posted.owner[rows].astype(np.int64)
    start = np.searchsorted(speakers, owners << 32)
    row, name = _spread(
        rows, speakers & 0xFFFFFFFF, start, np.searchsorted(speakers, owners + 1 << 32) - start
    )
    echo = (posted.key[row].astype(np.uint64) * _MIXER + name.astype(np.uint64)) * _MIXER >> np.uint64(1)
    return Posted(posted.owner[row], echo.astype(np.int64), np.full(len(row), ECHO, np.int8))


class Offer(NamedTuple):
    """What a wording is offered: others that are longer, the likeliest first."""

    asking: int
    offered: list[int]
    most: list[float]  # the log-odds that a quote of the one can reach below one of the other


class Said(NamedTuple):
    """Of wordings (distinct and encoded), the first and the last day; then who said which, by number."""

    wordings: Sequence[str]
    first: Sequence[int]
    last: Sequence[int]
    said: Sequence[int]  # an index of a wording, or -1
    names: Sequence[int]  # and the number of a speaker's name, or 0


def candidates(found: Said) -> Iterator[Offer]:
    """Offers among wordings, to the longest first: the later or earlier the other, the less likely."""
    order = np.array(_longest_first(found.wordings), np.int32)
    begins, ends = np.array(found.first, np.int32)[order], np.array(found.last, np.int32)[order]
    ranked = [found.wordings[i] for i in order]
    places = np.full(len(order) + 1, -1, np.int32)  # the last stands for no wording
    places[order] = np.arange(len(order))
    lengths = np.fromiter(map(len, ranked), np.int32, len(ranked))
    for asking, offered in _shared(
        post(ranked, places[np.array(found.said, np.int32)], found.names), lengths
    ):
        apart = np.maximum(begins[asking] - ends[offered], begins[offered] - ends[asking]).clip(0)
        most = most_odds(lengths[asking], apart)
        likeliest = np.lexsort((offered, -most, asking))
        cuts = np.r_[np.flatnonzero(_begins(asking)), len(asking)].tolist()
        told = order[asking].tolist(), order[offered[likeliest]].tolist(), most[likeliest].tolist()
        for begin, end in pairwise(cuts):
            yield Offer(told[0][begin], told[1][begin:end], told[2][begin:end])


def _longest_first(wordings: Sequence[str]) -> list[int]:
    """Indexes by length, longest first, then by their words: the same order however they came."""
    order = sorted(range(len(wordings)), key=wordings.__getitem__)
    order.sort(key=lambda i: len(wordings[i]), reverse=True)
    return order


def _shared(posted: Posted, lengths: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Of wordings, longest first, those that ask and those they are offered, in order."""
    by_key = np.argsort(posted.key, kind="stable")  # of each the longest wording first
    owner, kind, begins = posted.owner[by_key], posted.kind[by_key], _begins(posted.key[by_key])
    del posted, by_key
    start, size, values = _partners(owner, kind, begins, lengths)
    del kind, begins
    rows = np.flatnonzero(size).astype(np.int32)
    rows = rows[np.argsort(owner[rows], kind="stable")]
    for some in _portions(owner[rows], size[rows]):
        asked = rows[some]
        asking, offered = _spread(owner[asked], values, start[asked], size[asked])
        pairs, shared = np.unique(asking.astype(np.int64) << 32 | offered, return_counts=True)
        asking, offered = pairs >> 32, pairs & 0xFFFFFFFF
        kept = (shared > 1) | (lengths[asking] < ENOUGH)
        yield asking[kept], offered[kept]


def _partners(owner: Ints, kind: Ints, begins: Flags, lengths: Ints) -> tuple[Ints, Ints, Ints]:
    """Whom each row is offered: from where in the last array, and how many.

    Rows of a key lie together, longest first. A row is offered those before it: of an anchor all, of an echo
    those that are even. Of two of one length both ask: what is no anchor of the one may be one of the other.
    """
    places = np.arange(len(owner), dtype=np.int32)
    anchor, held = kind == ANCHOR, kind == HELD
    start = np.where(anchor, np.maximum.accumulate(places * begins), places)
    echoes = np.flatnonzero(kind == ECHO)
    start[echoes] = echoes[_first_even(lengths[owner[echoes]], begins[echoes])]
    size = places - start
    anchors = np.cumsum(anchor, dtype=np.int32)
    anchors -= anchor  # those before each row
    alike = anchors[np.maximum.accumulate(places * (begins | _begins(lengths[owner])))]
    np.add(alike, len(owner), out=start, where=held)
    np.subtract(anchors, alike, out=size, where=held)
    return start, size, np.concatenate((owner, owner[anchor]))


def _first_even(lengths: Ints, begins: Flags) -> Ints:
    """For each row, those of a shingle together and longest first, the first that is hardly longer."""
    longest = np.array([longest_even(n) for n in range(int(lengths.max(initial=0)) + 1)], np.int64)
    groups = np.cumsum(begins, dtype=np.int64) << 32
    first = np.searchsorted(groups - lengths, groups - longest[lengths])
    return np.minimum(first, np.arange(len(lengths)))


def _portions(owners: Ints, sizes: Ints) -> Iterator[slice]:
    """Slices of rows that pair with so many others, all of one owner together."""
    ends = np.cumsum(sizes)
    cuts = np.searchsorted(ends, np.arange(PAIRED, ends[-1] if len(ends) else 0, PAIRED))
    cuts = np.unique(np.r_[0, np.searchsorted(owners, owners[cuts]), len(owners)])
    yield from map(slice, cuts[:-1], cuts[1:])


def _begins(values: Ints) -> Flags:
    """Where a run of equal values begins."""
    begins: Flags = np.r_[True, values[1:] != values[:-1]][: len(values)]
    return begins


def rank(values: Ints) -> Ints:
    """The place of each element in its run of equal `values`."""
    begins = np.flatnonzero(_begins(values))
    return np.arange(len(values)) - np.repeat(begins, np.diff(begins, append=len(values)))


def _spread(askers: Ints, values: Ints, starts: Ints, sizes: Ints) -> tuple[Ints, Ints]:
    """Each of `askers` paired with each of the `sizes` values from its start on."""
    offset = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.repeat(askers, sizes), values[np.repeat(starts, sizes) + offset]
