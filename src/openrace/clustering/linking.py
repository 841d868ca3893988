"""Parent links: every quote points to the one fuller or earlier quote that it fits best; a tree is a family.

A quote's parent has a longer wording, or the same wording printed earlier. One parent at most is what keeps a
short piece that two speeches share from welding them together (MemeTracker partitions its phrase graph in
this way too: Leskovec, Backstrom and Kleinberg 2009, "Meme-tracking and the dynamics of the news cycle"). Two
disjoint parts meet only in a quote that has both. The parent of a quote depends on the other quotes and on
nothing else, so that neither the order nor the batches in which they came matter.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from math import inf
from typing import NamedTuple

import numpy as np

from openrace.clustering.blocking import Candidates, Ints
from openrace.clustering.quote_table import Holders, QuoteTable
from openrace.clustering.scoring import (
    BULLETIN_FIGURES,
    BULLETIN_SHARE,
    MANY_SPEAKERS,
    STOCK_ARTICLES,
    STOCK_SPAN,
    STOCK_WEIGHT,
    Floats,
    PairContext,
    bounds,
    log_odds,
    log_odds_of_words,
    longest_even,
    most_with,
)
from openrace.person_names import ParsedName, compare_names
from openrace.wordings.align import Match, align, aligned_words, stand_ins
from openrace.wordings.normalise import GAP, HAN_WORD, is_han, weight_of

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
        if score <= self.odds[quote] and (score <= 0 or score < self.odds[quote]):
            return
        parent = self.parent[quote]
        tie = parent != NO_PARENT and score == self.odds[quote]
        if not tie or table.is_above(other, parent):
            self.parent[quote], self.odds[quote] = other, score


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
    for wording, longer, likeliest in linker.ranked(candidates):
        use = phrases[wording] = linker.phrase_use(wording, longer)
        for most, other in likeliest:
            if most < min(up.odds[quote] for quote in linker.holders[wording]):
                break  # nor does any after it give a better parent
            linker.compare(up, wording, other, use)
        for other in linker.even(wording, longer, up):
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


class PhraseUse(NamedTuple):
    """How a short wording is used, where that shows that it is a phrase and no utterance."""

    is_stock: bool = False  # in many articles, far apart
    said_by_many: bool = False  # by several people in words of their own


NO_PHRASE = PhraseUse()


class RankedCandidates(NamedTuple):
    """A wording, its candidates, and those that can be likelier than not with the most they reach."""

    wording: int
    longer: list[int]
    likeliest: list[tuple[float, int]]


class Linker:
    """Compares wordings and offers their holders to each other as parents."""

    def __init__(self, table: QuoteTable, fresh: Set[int] | None) -> None:
        self.table, self.fresh = table, fresh
        self.holders = Holders(table)
        self._lengths = np.fromiter(map(len, table.wordings), np.int64, len(table.wordings))
        self._has_gap = np.fromiter((GAP in words for words in table.wordings), np.bool_, len(table.wordings))
        self._first, self._last = table.days()
        self._settled = np.zeros(len(table.wordings), np.bool_)  # all holders of the wording have a parent

    def repeated(self, asking: Iterable[int] | None = None) -> Iterator[int]:
        """Yield the wordings of several quotes of which one is fresh, of these wordings or of all."""
        table = self.table
        every = range(len(table.wordings)) if asking is None else asking
        moving = every if self.fresh is None else sorted({table.wording[quote] for quote in self.fresh})
        return (w for w in moving if len(self.holders[w]) > 1 and table.wordings[w])

    def even(self, wording: int, longer: Sequence[int], links: Links) -> Iterator[int]:
        """Yield those of some longer wordings that are hardly longer and have a holder without a parent."""
        if not (longest := longest_even(int(self._lengths[wording]))):
            return
        others = np.array(longer, np.int64)
        near = self._lengths[others] <= longest
        for other in others[near & ~self._settled[others]].tolist():
            if any(map(links.is_free, self.holders[other])):
                yield other
            else:
                self._settled[other] = True

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
        high = np.fromiter((other for one in found for other in one.longer), np.int64, len(low))
        common = aligned_words(
            [words[one.wording] for one in found], [[words[i] for i in one.longer] for one in found]
        )
        most = self._bounds(low, high, common)
        order = np.flatnonzero(most > 0)
        order = order[np.lexsort((-most[order], owner[order]))]
        ends = np.searchsorted(owner[order], np.arange(len(found)), side="right").tolist()
        pairs = list(zip(most[order].tolist(), high[order].tolist(), strict=True))
        for one, begin, end in zip(found, [0, *ends], ends, strict=False):
            yield RankedCandidates(one.wording, one.longer, pairs[begin:end])

    def _bounds(self, low: Ints, high: Ints, common: Ints) -> Floats:
        """Return the most that pairs of wordings can reach of which so many words align."""
        lengths, first, last = self._lengths, self._first, self._last
        has_gap = self._has_gap[low] | self._has_gap[high]  # a stretch may stand for the whole of either
        common = np.where(has_gap, lengths[low], common)
        longer = np.where(has_gap, lengths[low], lengths[high])
        apart = np.maximum(first[low] - last[high], first[high] - last[low])
        return bounds(common, lengths[low], longer, apart)

    def compare(self, links: Links, low: int, high: int, use: PhraseUse) -> None:
        """Offer to the quotes of wording `low` those of `high` as parents."""
        table = self.table
        rises = table.rank(high) <= table.rank(low)
        match = match_of(table, low, high) if rises else match_of(table, high, low)
        if match is None:
            return
        of_words = log_odds_of_words(match)
        most = most_with(of_words)
        for quote in self.holders[low]:
            if links.odds[quote] > most:
                continue
            for other in self._comparable(quote, low, high):
                context = pair_context(table, quote, other, use)
                links.offer(table, quote, other, log_odds(match, context, of_words))

    def _comparable(self, quote: int, low: int, high: int) -> Iterator[int]:
        """Yield the holders of wording `high` to compare with `quote`, one of `low`."""
        is_fresh = self.fresh is None or quote in self.fresh
        for other in self.holders.compared_with(quote, high):
            earlier = low != high or self.table.is_above(other, quote)
            if earlier and (is_fresh or (self.fresh and other in self.fresh)):
                yield other


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


def has_other_figures(table: QuoteTable, quote: int, other: int) -> bool:
    """Return whether most figures of a quote are not in another one."""
    mine = table.figures(table.wording[quote])
    if len(mine) < BULLETIN_FIGURES:
        return False
    lost = Counter(mine) - Counter(table.figures(table.wording[other]))
    return lost.total() >= BULLETIN_SHARE * len(mine)


def pair_context(table: QuoteTable, quote: int, other: int, use: PhraseUse = NO_PHRASE) -> PairContext:
    """Return what surrounds a quote and one that may be its parent."""
    together = table.article[quote] == table.article[other]
    relation = table.relation(quote, other)
    known = together or (table.is_dated(quote) and table.is_dated(other))
    days = abs(table.day[quote] - table.day[other]) if known else None
    return PairContext(
        relation=relation,
        days=days,
        same_article=together,
        embedded=other in table.inner and _is_embedded(table, quote, other),
        reported=table.reported[quote] + table.reported[other],
        is_stock=use.is_stock,
        said_by_many=use.said_by_many,
        other_figures=bool(days) and has_other_figures(table, quote, other),
        titles=table.titled[quote] + table.titled[other],
        named=bool(table.speaker[quote]) + bool(table.speaker[other]),
        shared_around=None if together or relation != "unknown" else shared_around(table, quote, other),
        is_opinion=relation != "same" and table.is_held_opinion(table.wording[quote], table.wording[other]),
    )


def shared_around(table: QuoteTable, quote: int, other: int) -> float | None:
    """Return what the words tell that stand around a quote and in or around another; None: not known."""
    mine, theirs = table.around.get(quote), table.around.get(other)
    if mine is None or theirs is None:
        return None
    shared = set(mine).intersection(theirs + table.wordings[table.wording[other]])
    if mine and mine == theirs:
        return inf  # one sentence, copied
    return sum(HAN_WORD * weight_of(word) if is_han(word) else weight_of(word) for word in shared)


def _is_embedded(table: QuoteTable, quote: int, other: int) -> bool:
    """Return whether the words of `quote` stand inside inner quotation marks of `other`."""
    words = table.wordings[table.wording[quote]].replace(GAP, "")
    return any(
        words in said or (said in words and len(said) > 0.6 * len(words)) for said in table.inner[other]
    )
