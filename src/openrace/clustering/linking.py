"""Parent links: every quote points to the one fuller or earlier quote that it fits best; a tree is a family.

A quote's parent has a longer wording, or the same wording printed earlier. One parent at most is what keeps a
short piece that two speeches share from welding them together (MemeTracker partitions its phrase graph in
this way too: Leskovec, Backstrom and Kleinberg 2009, "Meme-tracking and the dynamics of the news cycle"). Two
disjoint parts meet only in a quote that has both. The parent of a quote depends on the other quotes and on
nothing else, so that neither the order nor the batches in which they came matter.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import chain
from typing import NamedTuple

import numpy as np

from openrace.clustering.blocking import Candidates, Ints
from openrace.clustering.pair_contexts import NO_PHRASE, PhraseUse, nearness, pair_context
from openrace.clustering.quote_table import Holders, QuoteTable
from openrace.clustering.retelling import longest_even
from openrace.clustering.scoring import (
    MANY_SPEAKERS,
    STOCK_ARTICLES,
    STOCK_SPAN,
    STOCK_WEIGHT,
    Floats,
    bounds,
    forbidden,
    log_odds_of_words,
    most_with,
    score_of,
)
from openrace.person_names import ParsedName, compare_names
from openrace.wordings.align import STRETCH, Match, align, aligned_words, stand_ins
from openrace.wordings.normalise import GAP, weight_of

LEAST_OVERLAP = 0.35  # of the shorter one's words: no pair below it was likelier than not
NO_PARENT = -1
AT_ONCE = 1 << 16  # pairs whose bounds are worked out at a time: bounds the memory


class Links:
    """For each quote its parent (NO_PARENT: none) and how sure that link is (log-odds)."""

    def __init__(self, size: int) -> None:
        self.parent = array("i", [NO_PARENT]) * size
        self.odds = array("d", [0.0]) * size

    def is_free(self, quote: int) -> bool:
        """Return whether a quote has no parent, not even one outside this table."""
        return self.parent[quote] == NO_PARENT and not self.odds[quote]

    def offer(self, table: QuoteTable, quote: int, other: int, score: float) -> None:
        """Make `other` the parent of `quote` where that is likelier than not and beats the one it has."""
        if self.takes(table, quote, other, score):
            self.parent[quote], self.odds[quote] = other, score

    def takes(self, table: QuoteTable, quote: int, other: int, score: float) -> bool:
        """Return whether `other` would be a better parent of `quote` than the one it has."""
        if score <= self.odds[quote]:
            parent = self.parent[quote]
            tied = 0 < score == self.odds[quote]
            return tied and (parent == NO_PARENT or table.is_above(other, parent))
        return True


def best_links(
    table: QuoteTable,
    candidates: Iterable[Candidates],
    known: Links | None = None,
    fresh: Set[int] | None = None,
) -> Links:
    """Return the best parent of each quote among the holders of its own wording and of its `candidates`.

    Args:
        candidates: of each wording all longer ones to compare it with; the longest wordings come first.
        known: links that stand already.
        fresh: the quotes that are new; only pairs with one of them are compared. None: all are.

    A quote with nothing longer to join may join one that is hardly shorter.
    """
    found = offers(table, candidates, known, fresh)
    for quote in filter(found.up.is_free, range(len(table))):
        found.up.parent[quote], found.up.odds[quote] = found.down.parent[quote], found.down.odds[quote]
    return found.up


class Offers(NamedTuple):
    """The best parent of each quote by kind: one above it counts whatever one hardly shorter may offer."""

    up: Links  # a longer wording, or the same one earlier
    down: Links  # a wording that is hardly shorter


def offers(
    table: QuoteTable,
    candidates: Iterable[Candidates],
    known: Links | None = None,
    fresh: Set[int] | None = None,
    asking: Iterable[int] | None = None,
) -> Offers:
    """Return the best parents of both kinds, as in `best_links`.

    Args:
        asking: the wordings whose own holders are compared with each other; None: all that move.
    """
    up, down = _known(table, known)
    linker = Linker(table, fresh)
    phrases: dict[int, PhraseUse] = {}
    for wording, longer, likeliest, even in linker.ranked(candidates):
        use = phrases[wording] = linker.phrase_use(wording, longer)
        for most, other in likeliest:
            if most < min(map(up.odds.__getitem__, linker.holders[wording])):
                break  # nor does any after it give a better parent
            linker.compare(up, wording, other, use)
        for other in linker.without_parent(even, up):
            linker.compare(down, other, wording, use)
    for wording in linker.repeated(asking):
        use = phrases.get(wording) or linker.phrase_use(wording, ())
        linker.compare(up, wording, wording, use)
    return Offers(up, down)


def _known(table: QuoteTable, known: Links | None) -> tuple[Links, Links]:
    """Return the links that stand: those to a quote above, and those to one hardly shorter."""
    up, down = Links(len(table)), Links(len(table))
    for quote, parent in enumerate(known.parent) if known else ():
        if known:
            rises = parent == NO_PARENT or table.is_above(parent, quote)
            links = up if rises else down
            links.parent[quote], links.odds[quote] = parent, known.odds[quote]
    return up, down


def match_of(table: QuoteTable, short: int, long: int) -> Match | None:
    """Return how two wordings align; None where they hardly do.

    Of one with ellipses, a stretch that the other holds can stand for it.
    """
    shorter, longer = table.wordings[short], table.wordings[long]
    if short == long:
        return align(shorter, longer)
    if GAP in shorter or GAP in longer:
        for part, whole in stand_ins(shorter, longer):
            return align(part, whole)
        shorter, longer = sorted((shorter.replace(GAP, ""), longer.replace(GAP, "")), key=len)
    match = align(shorter, longer)
    return match if match.aligned >= LEAST_OVERLAP * match.lengths[0] else None


class RankedCandidates(NamedTuple):
    """A wording, its candidates, and which of them can be likelier than not, with the most they reach."""

    wording: int
    longer: list[int]
    likeliest: list[tuple[float, int]]
    even: list[int]  # those that are hardly longer


class Linker:
    """Compares wordings and offers their holders to each other as parents."""

    def __init__(self, table: QuoteTable, fresh: Set[int] | None) -> None:
        self.table, self.fresh = table, fresh
        self.holders = Holders(table)
        self._lengths = np.fromiter(map(len, table.wordings), np.int64, len(table.wordings))
        gaps = np.fromiter((words.count(GAP) for words in table.wordings), np.int64, len(table.wordings))
        self._has_gap, self._words = gaps > 0, self._lengths - gaps
        self._stretch = self._lengths.copy()  # words of the longest stretch between gaps
        for i in np.flatnonzero(gaps).tolist():
            self._stretch[i] = max(map(len, table.wordings[i].split(GAP)))
        self._first, self._last = table.days()
        self._longest_even = np.array([longest_even(n) for n in range(int(self._lengths.max(initial=0)) + 1)])
        self._settled = bytearray(len(table.wordings))  # 1: all holders of the wording have a parent

    def repeated(self, asking: Iterable[int] | None = None) -> Iterator[int]:
        """Yield the wordings of several quotes of which one is fresh, of these wordings or of all."""
        table = self.table
        every = range(len(table.wordings)) if asking is None else asking
        moving = every if self.fresh is None else sorted({table.wording[quote] for quote in self.fresh})
        return (w for w in moving if len(self.holders[w]) > 1 and table.wordings[w])

    def without_parent(self, wordings: Iterable[int], links: Links) -> Iterator[int]:
        """Yield those of some wordings of which a holder has no parent."""
        for wording in wordings:
            if not self._settled[wording]:
                if any(map(links.is_free, self.holders[wording])):
                    yield wording
                else:
                    self._settled[wording] = True

    def phrase_use(self, wording: int, longer: Sequence[int]) -> PhraseUse:
        """Return whether a short wording is a phrase: many articles far apart have it, or several people."""
        table, words = self.table, self.table.wordings[wording]
        if len(longer) + len(self.holders[wording]) < STOCK_ARTICLES or not is_light(words):
            return NO_PHRASE
        containing = [wording, *(other for other in longer if words in table.wordings[other])]
        quotes = [quote for other in containing for quote in self.holders[other]]
        days = [table.day[quote] for quote in quotes if table.is_dated(quote)]
        span = max(days) - min(days) if days else 0
        articles = {table.article[quote] for quote in quotes}
        return PhraseUse(
            is_stock=span > STOCK_SPAN and len(articles) >= STOCK_ARTICLES,
            said_by_many=_are_many(table, {table.speaker[quote] for quote in quotes}),
        )

    def ranked(self, found: Iterable[Candidates]) -> Iterator[RankedCandidates]:
        """Yield candidates again, with those longer wordings that can be likelier than not, best first.

        The bound is worked out for many wordings at a time: for each alone that costs as much as to compare.
        """
        waiting: list[Candidates] = []
        pairs = 0
        for one in found:
            waiting.append(one)
            pairs += len(one.longer)
            if pairs >= AT_ONCE:
                yield from self._rank(waiting)
                waiting, pairs = [], 0
        yield from self._rank(waiting)

    def _rank(self, found: Sequence[Candidates]) -> Iterator[RankedCandidates]:
        words = self.table.wordings
        sizes = np.fromiter((len(one.longer) for one in found), np.int64, len(found))
        owner = np.repeat(np.arange(len(found)), sizes)
        low = np.repeat(np.fromiter((one.wording for one in found), np.int64, len(found)), sizes)
        high = np.fromiter(chain.from_iterable([one.longer for one in found]), np.int64, len(low))
        others = [list(map(words.__getitem__, one.longer)) for one in found]
        common = aligned_words([words[one.wording] for one in found], others)
        most = self._bounds(low, high, common)
        order = np.flatnonzero(most > 0)
        order = order[np.lexsort((-most[order], owner[order]))]
        ends = np.searchsorted(owner[order], np.arange(len(found)), side="right").tolist()
        pairs = list(zip(most[order].tolist(), high[order].tolist(), strict=True))
        rows = np.flatnonzero(self._lengths[high] <= self._longest_even[self._lengths[low]])
        even = high[rows].tolist()
        stops = np.searchsorted(owner[rows], np.arange(len(found)), side="right").tolist()
        bounds_of = zip(found, [0, *ends], ends, [0, *stops], stops, strict=False)
        for one, begin, end, start, stop in bounds_of:
            yield RankedCandidates(one.wording, one.longer, pairs[begin:end], even[start:stop])

    def _bounds(self, low: Ints, high: Ints, common: Ints) -> Floats:
        """Return the most that pairs of wordings can reach of which so many words align."""
        words, first, last = self._words, self._first, self._last
        apart = np.maximum(first[low] - last[high], first[high] - last[low])
        shorter, longer = np.minimum(words[low], words[high]), np.maximum(words[low], words[high])
        most = bounds(common, shorter, longer, apart)
        gap = np.flatnonzero(self._has_gap[low] | self._has_gap[high])  # a stretch may stand for the whole
        stretch = np.minimum(common[gap], np.maximum(self._stretch[low[gap]], self._stretch[high[gap]]))
        of_stretch = bounds(stretch, stretch, shorter[gap], apart[gap])
        most[gap] = np.where(stretch >= STRETCH, np.maximum(most[gap], of_stretch), most[gap])
        return most

    def compare(self, links: Links, low: int, high: int, use: PhraseUse) -> None:
        """Offer to the quotes of wording `low` those of `high` as parents."""
        table = self.table
        match = match_of(table, low, high) if table.is_fuller(high, low) else match_of(table, high, low)
        if match is None:
            return
        of_words = log_odds_of_words(match)
        most = most_with(of_words)
        for quote in self.holders[low]:
            if links.odds[quote] > most:
                continue
            for other in self._comparable(quote, low, high):
                near = nearness(table, quote, other)
                score = score_of(match, near, use.is_stock, of_words)
                if not links.takes(table, quote, other, score):
                    continue  # most do not, and what may forbid it costs more to find
                if not forbidden(match, pair_context(table, quote, other, use, near)):
                    links.parent[quote], links.odds[quote] = other, score

    def _comparable(self, quote: int, low: int, high: int) -> Iterable[int]:
        """Return the holders of wording `high` to compare with `quote`, one of `low`."""
        found = self.holders.compared_with(quote, high)
        if low == high:
            found = [other for other in found if self.table.is_above(other, quote)]
        if self.fresh is None or quote in self.fresh:
            return found
        return [other for other in found if other in self.fresh]


def is_light(words: str) -> bool:
    """Return whether an encoded wording tells so little that it may be a stock phrase."""
    return len(words) <= 2 * STOCK_WEIGHT and weight_of(words) < STOCK_WEIGHT


def _are_many(table: QuoteTable, speakers: Iterable[int]) -> bool:
    """Return whether so many of these names are of people or bodies known to be different."""
    found: list[ParsedName] = []
    for name in sorted(table.names[speaker] for speaker in speakers if speaker):
        if all(compare_names(name, other) == "different" for other in found):
            found.append(name)
    return len(found) >= MANY_SPEAKERS
