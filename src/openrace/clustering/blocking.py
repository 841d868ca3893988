"""Blocking: which wordings are worth comparing, found through the fingerprints they share.

A fingerprint is three words in a row, or four Chinese characters, as one integer. Of the shorter of two
wordings eight are selected, the one that tells most of each eighth of it (of two of one length, of each), and
the longer one is a candidate where it has two of them. Where it is by the same speaker and not more than
twice as long, weak fingerprints count too: three words that every text has, or three characters; a reworded
copy or another translation keeps these. That depends on the two wordings and their speakers alone: not on
what else there is, nor on the order in which it came. A cut finds every fuller form, so that a viral family
stays whole. All is arithmetic on arrays.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from openrace.wordings.normalise import GAP, HAN_CODES, WEIGHTS

Ints = npt.NDArray[np.integer[Any]]
Flags = npt.NDArray[np.bool_]

SHINGLE, NOTHING = 3, "\0"  # words; no word has this code
HELD, SELECTED, SPEAKER = 0, 1, 2  # kinds of fingerprints
# With 8 as with all, labelled news quotes come out the same and 100,000 made ones with pair F1 .9967; with 7
# it is .9965, with 6 .9953, and with 5 and 4 of 10,000 .993 and .980 (8: .9968).
SELECTIONS = 8
TWO_FROM = 6  # from this many words on, the longer one must have two
TWICE = 2  # so much longer is at most what weak fingerprints find
AT_ONCE = 1 << 15  # wordings taken apart at a time …
PAIRED = 1 << 21  # … and pairs counted: both bound the memory
_TELLS = np.array([2 * weight for weight in WEIGHTS], np.uint64)  # by the lowest three bits; all are halves
_CLASSES = 7 << 42 | 7 << 21 | 7  # the bits of a shingle that say whether its words are in every text
_MIXER = np.uint64(0x9E3779B97F4A7C15)  # Knuth's multiplicative hash, of 64 bits


class Fingerprints(NamedTuple):
    """The fingerprints of wordings, a row each."""

    owner: Ints  # the index of the wording
    key: Ints  # the fingerprint
    kind: Ints  # HELD, SELECTED or SPEAKER


def fingerprints(
    wordings: Sequence[str], said: npt.ArrayLike = (), names: npt.ArrayLike = ()
) -> Fingerprints:
    """Return the fingerprints of encoded wordings.

    Args:
        said: indexes of wordings; -1 is passed over.
        names: for each of them the number of its speaker's name; 0 is passed over.

    A fingerprint of the kind SPEAKER is a weak one, mixed with the speaker: all that a reworded copy may have
    in common with the original.
    """
    speakers = _once(np.asarray(said, np.int64) << 32 | np.asarray(names, np.int64))
    speakers = speakers[(speakers >= 0) & (speakers & 0xFFFFFFFF > 0)]
    parts: list[Fingerprints] = []
    for begin in range(0, max(len(wordings), 1), AT_ONCE):
        strong, weak = _shingles(wordings[begin : begin + AT_ONCE])
        owner, shingle, selected = _selected(*strong)
        parts.append(Fingerprints(owner + np.int32(begin), shingle, selected.astype(np.int8)))
        parts.append(_with_speakers(weak.owner + np.int32(begin), weak.shingle, speakers))
    return Fingerprints(*map(np.concatenate, zip(*parts, strict=True)))


class Shingles(NamedTuple):
    """Shingles of wordings, in their order, with what each tells."""

    owner: Ints
    shingle: Ints
    tells: Ints


def _shingles(wordings: Sequence[str]) -> tuple[Shingles, Shingles]:
    """Return the shingles of wordings that count by themselves, and those that count with a speaker."""
    padded = [wording.ljust(SHINGLE, NOTHING) for wording in wordings]  # two words find their copies only
    codes = np.frombuffer("".join(padded).encode("utf-32-le"), np.uint32).astype(np.uint64)
    lengths = np.fromiter(map(len, padded), np.int32, len(padded))
    owner = np.repeat(np.arange(len(padded), dtype=np.int32), lengths)
    inside = np.flatnonzero(owner[: 1 - SHINGLE] == owner[SHINGLE - 1 :])
    words = [codes[inside + i] for i in range(SHINGLE)]
    three = words[0] << 42 | words[1] << 21 | words[2]
    is_han = np.logical_and.reduce([(word >= HAN_CODES.start) & (word < HAN_CODES.stop) for word in words])
    owners, after = owner[inside], np.minimum(inside + SHINGLE, len(codes) - 1)
    is_longer = is_han & (owner[after] == owners) & (after > inside + SHINGLE - 1)
    words.append(np.where(is_longer, codes[after], np.uint64(ord(GAP))))
    four = (three * _MIXER ^ words[-1]) * _MIXER >> np.uint64(1)
    tells = np.sum([_TELLS[word & 7] * (word != ord(GAP)) for word in words], axis=0)
    whole = ~is_han | is_longer | (lengths[owners] == SHINGLE)
    weak = is_han | ((three & _CLASSES) == 0)
    strong = np.where(is_longer, four, three)
    return (
        Shingles(owners[whole], strong[whole], tells[whole]),
        Shingles(owners[weak], three[weak], tells[weak]),
    )


def _selected(owner: Ints, shingle: Ints, tells: Ints) -> tuple[Ints, Ints, Flags]:
    """Return whose the distinct shingles are, these, and which of them are selected (anywhere in it)."""
    part = SELECTIONS * rank(owner) // np.bincount(owner, minlength=1)[owner]
    best_first = (owner.astype(np.uint64) * SELECTIONS + part.astype(np.uint64)) << 32 | (63 - tells) << 26
    order = np.argsort(best_first | (shingle * _MIXER) >> 38)
    selected = np.zeros(len(owner), np.bool_)
    selected[order[_begins(best_first[order] >> 32)]] = True
    order = np.lexsort((~selected, shingle, owner))
    owner, shingle, selected = owner[order], shingle[order].astype(np.int64), selected[order]
    first = np.flatnonzero(_begins(owner) | _begins(shingle))
    return owner[first], shingle[first], selected[first]


def _with_speakers(owner: Ints, shingle: Ints, speakers: Ints) -> Fingerprints:
    """Return shingles mixed with each speaker of their wordings, each once.

    `speakers` hold a wording and the number of a name in one integer, in order.
    """
    owners = owner.astype(np.int64)
    start = np.searchsorted(speakers, owners << 32)
    size = np.searchsorted(speakers, owners + 1 << 32) - start
    row, name = _spread(np.arange(len(owner)), speakers & 0xFFFFFFFF, start, size)
    mixed = ((shingle[row] * _MIXER + name.astype(np.uint64)) * _MIXER >> np.uint64(1)).astype(np.int64)
    order = np.lexsort((mixed, row_owner := owner[row]))
    row_owner, mixed = row_owner[order], mixed[order]
    first = np.flatnonzero(_begins(row_owner) | _begins(mixed))
    return Fingerprints(row_owner[first], mixed[first], np.full(len(first), SPEAKER, np.int8))


class Candidates(NamedTuple):
    """A wording, and the longer ones (of equal length: earlier in their order) to compare it with."""

    wording: int
    longer: list[int]


def candidates(wordings: Sequence[str], said: Sequence[int], names: Sequence[int]) -> Iterator[Candidates]:
    """Yield the candidates of each of these wordings that has any, the longest wordings first.

    Args:
        wordings: distinct and encoded.
        said, names: who said which, as in `fingerprints`.
    """
    order = np.array(_longest_first(wordings), np.int32)
    ranked = [wordings[i] for i in order]
    places = np.full(len(order) + 1, -1, np.int32)  # the last stands for no wording
    places[order] = np.arange(len(order))
    lengths = np.fromiter(map(len, ranked), np.int32, len(ranked))
    found = fingerprints(ranked, places[np.array(said, np.int32)], names)
    for asking, longer in _sharing(found, lengths):
        cuts = np.r_[np.flatnonzero(_begins(asking)), len(asking)].tolist()
        owners, others = order[asking].tolist(), order[longer].tolist()
        for begin, end in pairwise(cuts):
            yield Candidates(owners[begin], others[begin:end])


def _longest_first(wordings: Sequence[str]) -> list[int]:
    """Return indexes by length, longest first, then by their words: the same order however they came."""
    order = sorted(range(len(wordings)), key=wordings.__getitem__)
    order.sort(key=lambda i: len(wordings[i]), reverse=True)
    return order


def _sharing(found: Fingerprints, lengths: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Yield pairs of wordings (the longest come first) that share enough: the shorter, and the longer."""
    by_key = np.argsort(found.key, kind="stable")  # of each the longest wording first
    owner, kind, begins = found.owner[by_key], found.kind[by_key], _begins(found.key[by_key])
    del found, by_key
    start, size, values = _partners(owner, kind, begins, lengths)
    del kind, begins
    rows = np.flatnonzero(size).astype(np.int32)
    rows = rows[np.argsort(owner[rows], kind="stable")]
    for some in _portions(owner[rows], size[rows]):
        chosen = rows[some]
        asking, longer = _spread(owner[chosen], values, start[chosen], size[chosen])
        pairs, shared = np.unique(asking.astype(np.int64) << 32 | longer, return_counts=True)
        asking, longer = pairs >> 32, pairs & 0xFFFFFFFF
        kept = is_enough(shared, lengths[asking])
        yield asking[kept], longer[kept]


def is_enough(shared: Ints, shorter: Ints) -> Flags:
    """Return where so many shared fingerprints make a candidate, by the words of the shorter wording."""
    enough: Flags = (shared > 1) | (shorter < TWO_FROM)
    return enough


def shared_fingerprints(found: Fingerprints, lengths: Ints) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Yield pairs of wordings with how many fingerprints they share: the shorter, the longer, the count.

    Args:
        found: rows of whole fingerprints, those of one adjacent and its longest wordings first. Unlike those
            of `candidates`, these may be some of all fingerprints: the counts of several calls add up.
        lengths: the words of each row's wording.
    """
    start, size, values = _partners(found.owner, found.kind, _begins(found.key), lengths)
    rows = np.flatnonzero(size)
    for some in _portions(np.arange(len(rows)), size[rows]):
        chosen = rows[some]
        asking, longer = _spread(found.owner[chosen], values, start[chosen], size[chosen])
        order = np.lexsort((longer, asking))
        asking, longer = asking[order], longer[order]
        first = np.flatnonzero(_begins(asking) | _begins(longer))
        yield asking[first], longer[first], np.diff(first, append=len(asking))


def _partners(owner: Ints, kind: Ints, begins: Flags, lengths: Ints) -> tuple[Ints, Ints, Ints]:
    """Return the partners of each row: from where on in the last array, and how many.

    Rows of one key are adjacent, longest first. The partners of a row are those before it: all of a selected
    fingerprint, of one with a speaker those up to twice as long. Of two of one length both ask: what the one
    has only may be selected in the other.
    """
    places = np.arange(len(owner), dtype=np.int32)
    selected, held = kind == SELECTED, kind == HELD
    start = np.where(selected, np.maximum.accumulate(places * begins), places)
    mixed = np.flatnonzero(kind == SPEAKER)
    start[mixed] = mixed[_first_near(lengths[owner[mixed]], begins[mixed])]
    size = places - start
    before = np.cumsum(selected, dtype=np.int32)
    before -= selected  # the selected ones before each row
    alike = before[np.maximum.accumulate(places * (begins | _begins(lengths[owner])))]
    np.add(alike, len(owner), out=start, where=held)
    np.subtract(before, alike, out=size, where=held)
    return start, size, np.concatenate((owner, owner[selected]))


def _first_near(lengths: Ints, begins: Flags) -> Ints:
    """Return for each row the first of its key that is not more than twice as long."""
    groups = np.cumsum(begins, dtype=np.int64) << 32
    first = np.searchsorted(groups - lengths, groups - TWICE * lengths.astype(np.int64))
    return np.minimum(first, np.arange(len(lengths)))


def _portions(owners: Ints, sizes: Ints) -> Iterator[slice]:
    """Yield slices of rows that pair with so many others, all of one owner together."""
    ends = np.cumsum(sizes)
    cuts: Ints = np.searchsorted(ends, np.arange(PAIRED, ends[-1] if len(ends) else 0, PAIRED))
    cuts = _once(np.r_[0, np.searchsorted(owners, owners[cuts]), len(owners)])
    yield from map(slice, cuts[:-1], cuts[1:])


def _begins(values: Ints) -> Flags:
    """Return where a run of equal values begins."""
    begins: Flags = np.r_[True, values[1:] != values[:-1]][: len(values)]
    return begins


def _once(values: Ints) -> Ints:
    """Return each value once, in order (`numpy.unique` loads masked arrays first: 20 ms)."""
    ordered = np.sort(values)
    return ordered[_begins(ordered)]


def rank(values: Ints) -> Ints:
    """Return the place of each element in its run of equal `values`."""
    begins = np.flatnonzero(_begins(values))
    return np.arange(len(values)) - np.repeat(begins, np.diff(begins, append=len(values)))


def _spread(rows: Ints, values: Ints, starts: Ints, sizes: Ints) -> tuple[Ints, Ints]:
    """Pair each of `rows` with each of the `sizes` values from its start on."""
    offset = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.repeat(rows, sizes), values[np.repeat(starts, sizes) + offset]
