"""Neighbours: the kept quotes that a night's quotes may hang below, or that may hang below these.

Whatever cannot give a quote a better link than it has is left on the shelf: what a pair can reach at most is
known from the words they share, the speakers and the days before the pair is aligned. So a night comes out as
if all had been looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from openrace.diffusion.candidates import ENOUGH, post
from openrace.diffusion.evidence import (
    BEST_AROUND,
    LONG_RUN,
    RETOLD,
    is_even,
    longest_even,
    most_of_words,
    odds_around,
    shortest_even,
)
from openrace.diffusion.pool import standing
from openrace.diffusion.voices import name_number, relation, voice
from openrace.records import KeptQuote, Neighbour

LIKELIEST = 6  # kept wordings that each new one is first compared with, of those it may hang below
AT_ONCE = 1_000  # wordings looked up at a time
# What the words alone allow, by how many there are; more than the last allow no more.
MOST = tuple(max(most_of_words(words) + BEST_AROUND, RETOLD) for words in range(LONG_RUN + 1))


class Finder(Protocol):
    """Where kept quotes are found (the shelf)."""

    def neighbours(
        self, asked: Iterable[tuple[int, int, int]], bounds: Iterable[tuple[int, int, int, int]], few: int
    ) -> list[Neighbour]:
        """The kept wordings that share two keys with one; one where either has fewer than `few` words.

        `asked` are an index of a wording, a key and its kind. Anchors of the shorter count, whatever they are
        to the longer, and echoes where both are even: `bounds` are, for each index, how many words it has,
        and how few and how many an even one.
        """

    def movable(self, most: Sequence[float]) -> Iterable[tuple[int, KeptQuote]]:
        """Quotes of the wordings last found that may hang better, and the index of the wording below which.

        `most` has the log-odds that the words alone allow, for 0, 1, … of them; the last also for more.
        """

    def holders(self, keys: Iterable[int]) -> Iterable[tuple[int, KeptQuote]]:
        """All quotes of these wordings, and the wording's key."""


class Near(NamedTuple):
    """A new quote, a kept one that may hang below or above it, and the log-odds they can reach at most."""

    quote: KeptQuote
    kept: KeptQuote
    most: float

    @property
    def is_above(self) -> bool:
        """Whether the kept one is the longer, or the same words earlier."""
        return standing(self.kept) < standing(self.quote)


def keys(quotes: Sequence[KeptQuote]) -> Iterator[tuple[str, int, int]]:
    """Under which keys the words of quotes are found: the words, the key, its kind (see `candidates`)."""
    wordings = list(dict.fromkeys(quote.words for quote in quotes))
    place = {words: i for i, words in enumerate(wordings)}
    named = [
        (place[quote.words], number) for quote in quotes if (number := name_number(voice(quote.speaker)))
    ]
    owner, key, kind = post(wordings, [i for i, _ in named], [number for _, number in named])
    return zip(map(wordings.__getitem__, owner.tolist()), key.tolist(), kind.tolist(), strict=True)


class Neighbourhood:
    """What is kept near to new quotes: the likeliest first, the rest only where it may be better."""

    def __init__(self, fresh: Iterable[KeptQuote], shelf: Finder) -> None:
        self.shelf = shelf
        self._said: defaultdict[str, list[KeptQuote]] = defaultdict(list)
        for quote in fresh:
            if quote.words:
                self._said[quote.words].append(quote)
        self._new = {quote.quote_id for quotes in self._said.values() for quote in quotes}
        self._left: dict[str, list[Neighbour]] = {}

    def likeliest(self) -> Iterator[Near]:
        """All that may hang below the new quotes, and what these are likeliest to hang below."""
        wordings = list(self._said)
        for begin in range(0, len(wordings), AT_ONCE):
            some = wordings[begin : begin + AT_ONCE]
            place = {words: i for i, words in enumerate(some)}
            said = [quote for words in some for quote in self._said[words]]
            asked = [(place[words], key, kind) for words, key, kind in keys(said)]
            bounds = [(i, len(w), shortest_even(len(w)), longest_even(len(w))) for i, w in enumerate(some)]
            found: defaultdict[int, list[Neighbour]] = defaultdict(list)
            for neighbour in self.shelf.neighbours(asked, bounds, ENOUGH):
                found[neighbour.asked].append(neighbour)
            for i, kept in self.shelf.movable(MOST):
                yield from self._pairs(some[i], kept)
            first: dict[str, list[Neighbour]] = {}
            for i, near in found.items():
                near.sort(key=lambda n: (n.length >= len(some[i]), n.held, n.length), reverse=True)
                first[some[i]], self._left[some[i]] = near[:LIKELIEST], near[LIKELIEST:]
            yield from self._load(first)

    def better(self, placed: Mapping[str, KeptQuote]) -> list[Near]:
        """What may be better than the links of the new quotes as they are now `placed`."""
        left: dict[str, list[Neighbour]] = {}
        for words, near in self._left.items():
            quotes = [placed[quote.quote_id] for quote in self._said[words]]
            left[words] = [n for n in near if any(_may_be_better(quote, n) for quote in quotes)]
        pairs = (pair._replace(quote=placed[pair.quote.quote_id]) for pair in self._load(left))
        return [
            pair
            for pair in pairs
            if (may_gain(pair.quote, pair.kept, pair.most) if pair.is_above else not pair.quote.above)
        ]

    def _load(self, found: Mapping[str, Iterable[Neighbour]]) -> Iterator[Near]:
        asking: defaultdict[int, list[str]] = defaultdict(list)
        for words, near in found.items():
            for neighbour in near:
                asking[neighbour.key].append(words)
        for key, kept in self.shelf.holders(asking):
            for words in asking[key]:
                yield from self._pairs(words, kept)

    def _pairs(self, words: str, kept: KeptQuote) -> Iterator[Near]:
        """Pairs with the new quotes of these words; a quote that is placed anew is no kept one."""
        if kept.quote_id not in self._new:
            of_words = most_of_words(min(len(words), len(kept.words)))
            for quote in self._said[words]:
                yield Near(quote, kept, max(of_words + _around(quote, kept), RETOLD))


def _may_be_better(quote: KeptQuote, other: Neighbour) -> bool:
    """Whether `quote` may hang better below one of this wording, as far as the words alone tell."""
    length = len(quote.words)
    if not quote.above:
        return other.length >= length or is_even(other.length, length)
    most = MOST[min(length, LONG_RUN)]
    return other.length >= length and (most > quote.odds or other.length >= quote.above)


def may_gain(quote: KeptQuote, other: KeptQuote, most: float) -> bool:
    """Whether `quote` may hang better below `other`, a longer one, than it does."""
    tie = most == quote.odds and len(other.words) >= quote.above
    return tie or most > quote.odds or not quote.above


def _around(a: KeptQuote, b: KeptQuote) -> float:
    """The most that speakers and days can add."""
    same = relation(voice(a.speaker), voice(b.speaker)) == "same"
    if a.day is not None and b.day is not None:
        return odds_around(same, abs(a.day - b.day), False)
    return odds_around(same, 0 if a.article and a.article == b.article else None, False)
