"""Neighbours: the kept quotes that a night's quotes may hang below, or that may hang below these.

Whatever cannot give a quote a better link than it has is left on the shelf: what a pair can reach at most is
known from the words that align, the speakers and the days before it is judged. So a night comes out as if all
had been looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from openrace.clustering.blocking import ENOUGH, post, rank
from openrace.clustering.scoring import (
    BEST_AROUND,
    LONG_RUN,
    MOST_OF_WORDS,
    NEVER,
    RETOLD,
    is_even,
    longest_even,
    most_of_aligned,
    odds_around,
    shortest_even,
)
from openrace.person_names import compare_names, name_key, parse_name
from openrace.records import KeptQuote
from openrace.wordings.align import aligned, stand_ins
from openrace.wordings.normalise import GAP

Ints = npt.NDArray[np.integer[Any]]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

LIKELIEST = 6  # kept wordings that each new one is first compared with, of those it may hang below
AT_ONCE = 100  # wordings looked up at a time: of a crowd of variants each may share keys with each
# What one speaker adds, by how many days lie between; more than the last add hardly less.
AROUND = [odds_around(True, days, False) for days in range(1_000)]


class Asked(NamedTuple):
    """A wording that is looked up: how many words it and even ones have; when it was said."""

    length: int
    shortest: int
    longest: int
    first: int | None  # day; None: where any is unknown
    last: int | None


class Neighbours(NamedTuple):
    """Kept wordings that share keys with those that were asked for: columns, a row for each two."""

    asked: Ints  # the index of the one asked for
    key: Ints  # what the kept one is called on the shelf
    length: Ints  # its words
    shared: Ints  # keys
    anchors: Ints  # of the one asked for, that the kept one has

    def where(self, rows: Flags | Ints) -> Neighbours:
        """These rows of it."""
        return Neighbours(*(column[rows] for column in self))


class Finder(Protocol):
    """Where kept quotes are found (the shelf)."""

    def sharing(
        self, keys: Iterable[tuple[int, int, int]], asked: Sequence[Asked]
    ) -> tuple[Ints, Ints, Ints, Ints, Ints]:
        """The columns of `Neighbours`; `keys` are an index of those `asked` for, a key and its kind.

        Anchors of the shorter count, whatever they are to the longer, and echoes where both are even.
        """

    def movable(
        self, near: Iterable[tuple[int, int, float | None]], around: Sequence[float], least: float
    ) -> Iterable[tuple[int, list[KeptQuote]]]:
        """Of each wording `near` to one of those last asked for, the quotes that may hang better below it.

        `near` are the index of the one asked, the other's key, and the log-odds that their words allow (None:
        only what hangs below nothing longer may hang there); `around` is what the days add, for 0, 1, … of
        them between two quotes and for more. No two can reach less than `least`.
        """

    def words(self, keys: Iterable[int]) -> Mapping[int, str]:
        """The words of these wordings."""

    def holders(self, keys: Iterable[int]) -> Iterable[tuple[int, list[KeptQuote]]]:
        """The key of each of these wordings, and all its quotes."""


class Near(NamedTuple):
    """New quotes of one wording, kept ones of another or the same, and the log-odds two can reach at most."""

    new: list[KeptQuote]
    kept: list[KeptQuote]
    most: float

    @property
    def words(self) -> tuple[str, str]:
        """The new and the kept ones' words."""
        return self.new[0].words, self.kept[0].words


def keys(quotes: Sequence[KeptQuote]) -> Iterator[tuple[str, int, int]]:
    """Under which keys the words of quotes are found: the words, the key, its kind (see `candidates`)."""
    wordings = list(dict.fromkeys(quote.words for quote in quotes))
    place = {words: i for i, words in enumerate(wordings)}
    named = [
        (place[quote.words], number) for quote in quotes if (number := name_key(parse_name(quote.speaker)))
    ]
    owner, key, kind = post(wordings, [i for i, _ in named], [number for _, number in named])
    return zip(map(wordings.__getitem__, owner.tolist()), key.tolist(), kind.tolist(), strict=True)


class Neighbourhood:
    """What is kept near to new quotes: the likeliest first, the rest only where it may be better."""

    def __init__(self, fresh: Iterable[KeptQuote], shelf: Finder) -> None:
        self.shelf = shelf
        said: defaultdict[str, list[KeptQuote]] = defaultdict(list)
        for quote in fresh:
            if quote.words:
                said[quote.words].append(quote)
        self._said = list(said.values())
        self._lengths = np.array([len(words) for words in said], np.int64)
        self._new = {quote.quote_id for quotes in self._said for quote in quotes}
        self._left: list[Neighbours] = []

    def likeliest(self) -> Iterator[Near]:
        """All that may hang below the new quotes, and what these are likeliest to hang below."""
        for begin in range(0, len(self._said), AT_ONCE):
            some = self._said[begin : begin + AT_ONCE]
            asked = [_asked(quotes) for quotes in some]
            place = {quotes[0].words: i for i, quotes in enumerate(some)}
            of_keys = ((place[w], key, kind) for w, key, kind in keys([q for said in some for q in said]))
            near = Neighbours(*self.shelf.sharing(of_keys, asked))
            lengths, shortest, longest = np.array([it[:3] for it in asked]).T[:, near.asked]
            enough = (near.shared > 1) | (np.minimum(near.length, lengths) < ENOUGH)
            below = near.where(enough & (near.length <= np.maximum(lengths, longest)))
            yield from self._movable(some, below)
            above = near.where(enough & (near.length >= np.minimum(lengths, shortest)))
            above = above._replace(asked=above.asked + begin)
            shorter = above.length < self._lengths[above.asked]
            above = above.where(np.lexsort((-above.length, -above.anchors, shorter, above.asked)))
            first = rank(above.asked) < LIKELIEST
            self._left.append(above.where(~first))
            yield from self._near(self._load(above.where(first), self._said))

    def _movable(self, some: Sequence[list[KeptQuote]], below: Neighbours) -> Iterator[Near]:
        lengths = np.array([len(said[0].words) for said in some])[below.asked]
        most = np.where(below.length <= lengths, MOST_OF_WORDS[np.minimum(below.length, LONG_RUN)], np.nan)
        rows = zip(*(column.tolist() for column in (below.asked, below.key, most)), strict=True)
        for near in self._near((some[i], kept) for i, kept in self.shelf.movable(rows, AROUND, RETOLD)):
            length = len(near.words[0])
            if any(_may_gain(quote, length, near.most) for quote in near.kept):
                yield near

    def better(self, placed: Mapping[str, KeptQuote]) -> Iterator[Near]:
        """What may be better than the links of the new quotes as they are now `placed`."""
        now = [[placed[quote.quote_id] for quote in quotes] for quotes in self._said]
        free = np.array([any(not quote.above for quote in quotes) for quotes in now])
        have = np.array([min(quote.odds for quote in quotes) for quotes in now])
        under = np.array([min(quote.above for quote in quotes) for quotes in now])

        def gaining(rows: Neighbours, of_words: Floats) -> Neighbours:
            i, most = rows.asked, np.maximum(of_words + AROUND[0], RETOLD)
            better = (most > have[i]) | ((most == have[i]) & (rows.length >= under[i]))
            gains = free[i] | (better & (rows.length >= self._lengths[i]))
            return rows.where(gains & (of_words > NEVER))

        for rows in self._left:
            words = np.minimum(np.minimum(rows.length, self._lengths[rows.asked]), LONG_RUN)
            left = gaining(rows, MOST_OF_WORDS[words])
            held = self.shelf.words(left.key.tolist())
            pairs = zip(left.asked.tolist(), left.key.tolist(), strict=True)
            left = gaining(left, allowed_by_words([(now[i][0].words, held[key]) for i, key in pairs]))
            for near in self._near(self._load(left, now)):
                length = len(near.words[1])
                if new := [quote for quote in near.new if _may_gain(quote, length, near.most)]:
                    yield near._replace(new=new)

    def _load(
        self, rows: Neighbours, said: Sequence[list[KeptQuote]]
    ) -> Iterator[tuple[list[KeptQuote], list[KeptQuote]]]:
        asking: defaultdict[int, list[int]] = defaultdict(list)
        for i, key in zip(rows.asked.tolist(), rows.key.tolist(), strict=True):
            asking[key].append(i)
        for key, kept in self.shelf.holders(asking):
            yield from ((said[i], kept) for i in asking[key])

    def _near(self, pairs: Iterable[tuple[list[KeptQuote], list[KeptQuote]]]) -> Iterator[Near]:
        """Those that can be one utterance; what is placed anew is no kept quote."""
        found = [
            (new, kept) for new, held in pairs if (kept := [q for q in held if q.quote_id not in self._new])
        ]
        allowed = allowed_by_words([(new[0].words, kept[0].words) for new, kept in found])
        for (new, kept), of_words in zip(found, allowed.tolist(), strict=True):
            if of_words > NEVER:
                yield Near(new, kept, max(of_words + _around(new, kept), RETOLD))


def _asked(quotes: Sequence[KeptQuote]) -> Asked:
    days = [quote.day for quote in quotes if quote.day is not None]
    ends = (min(days), max(days)) if len(days) == len(quotes) else (None, None)
    length = len(quotes[0].words)
    return Asked(length, shortest_even(length), longest_even(length), *ends)


def _may_gain(quote: KeptQuote, length: int, most: float) -> bool:
    """Whether `quote` may hang better below one of so many words, longer or even, than it does."""
    if not quote.above:
        return True
    tie = most == quote.odds and length >= quote.above
    return length >= len(quote.words) and (tie or most > quote.odds)


def allowed_by_words(pairs: Sequence[tuple[str, str]]) -> Floats:
    """The most that the words of each pair allow; NEVER where it is too little whoever said them when."""
    some, others = [a for a, _ in pairs], [b for _, b in pairs]
    shorter, longer = np.sort([_spoken(some), _spoken(others)], axis=0)
    has_gap = (GAP in a or GAP in b for a, b in pairs)
    cut = [gap and any(stand_ins(*pair)) for gap, pair in zip(has_gap, pairs, strict=True)]
    most = most_of_aligned(shorter, aligned(some, others), np.array(cut, np.bool_))
    even = np.array(list(map(is_even, shorter.tolist(), longer.tolist())), np.bool_)
    return np.where((most + BEST_AROUND > 0) | even, most, NEVER)


def _spoken(wordings: Iterable[str]) -> Ints:
    """How many words each has without ellipses."""
    return np.fromiter((len(wording) - wording.count(GAP) for wording in wordings), np.int64)


def _around(new: Iterable[KeptQuote], kept: Iterable[KeptQuote]) -> float:
    """The most that speakers and days can add for any two of them."""
    voices = {parse_name(quote.speaker) for quote in kept}
    same = any(compare_names(parse_name(quote.speaker), other) == "same" for quote in new for other in voices)
    days = {quote.day for quote in kept}
    apart = [0 if a is None or b is None else abs(a - b) for a in {quote.day for quote in new} for b in days]
    return odds_around(same, min(apart), False)
