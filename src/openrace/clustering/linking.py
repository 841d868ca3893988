"""The forest: every quote points to the one quote above it that it fits best; a tree is a family.

"Above" is a longer wording, or the same wording printed earlier. One parent at most is what keeps a short
piece that two speeches share from welding them together (MemeTracker partitions its phrase graph in this
way too: Leskovec, Backstrom and Kleinberg 2009, "Meme-tracking and the dynamics of the news cycle"). Two
disjoint parts meet only in a quote that has both. The parent of a quote depends on the other quotes and on
nothing else, so that neither the order nor the batches in which they came matter.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Set

from openrace.clustering.blocking import Offer
from openrace.clustering.quote_table import Holders, Pool
from openrace.clustering.scoring import (
    BEST_AROUND,
    RETOLD,
    Circumstances,
    is_even,
    odds,
    odds_of_words,
)
from openrace.person_names import Name, compare_names
from openrace.wordings.align import Match, align, overlap, stand_ins
from openrace.wordings.normalise import GAP

LEAST_OVERLAP = 0.35  # of the shorter one's words: no pair below it was likelier than not
NOWHERE = -1


class Links:
    """For each quote its parent (NOWHERE: none) and how surely it hangs there (log-odds)."""

    def __init__(self, size: int) -> None:
        self.parent = array("i", [NOWHERE]) * size
        self.odds = array("d", [0.0]) * size

    def is_free(self, quote: int) -> bool:
        """Whether a quote hangs nowhere, not even below one that is not here."""
        return self.parent[quote] == NOWHERE and not self.odds[quote]

    def offer(self, pool: Pool, quote: int, other: int, score: float) -> None:
        """Hang `quote` below `other` where that is likelier than not and beats the parent it has."""
        if score <= self.odds[quote] and (score <= 0 or score < self.odds[quote]):
            return
        parent = self.parent[quote]
        tie = parent != NOWHERE and score == self.odds[quote]
        if not tie or pool.is_above(other, parent):
            self.parent[quote], self.odds[quote] = other, score


def best_links(
    pool: Pool, offers: Iterable[Offer], known: Links | None = None, fresh: Set[int] | None = None
) -> Links:
    """The parent of each quote among the holders of its own wording and of those in `offers`.

    The offers are to the longest wordings first, so that what is above a wording is settled before it is
    offered to a shorter one. A quote with nothing above it may hang below one that is hardly shorter (a
    reworded copy that grew by a word). With `fresh`, quotes have the links `known`, and only pairs with a
    fresh one are judged.
    """
    up, down = _known(pool, known)
    judge = _Judge(pool, fresh)
    for wording in judge.moving:
        if len(judge.holders[wording]) > 1 and pool.wordings[wording]:
            judge.hang(up, wording, wording)
    for asking, offered, most in offers:
        for other, at_most in zip(offered, most, strict=True):
            if not judge.can_gain(up, asking, other, at_most):
                break  # nor below those that are less likely
            judge.hang(up, asking, other)
        for other in judge.even(asking, offered):
            if any(map(up.is_free, judge.holders[other])):
                judge.hang(down, other, asking)
    for quote in filter(up.is_free, range(len(pool))):
        up.parent[quote], up.odds[quote] = down.parent[quote], down.odds[quote]
    return up


def _known(pool: Pool, known: Links | None) -> tuple[Links, Links]:
    """The links that stand, to what is above and to what is not."""
    up, down = Links(len(pool)), Links(len(pool))
    for quote, parent in enumerate(known.parent) if known else ():
        if known:
            rises = parent == NOWHERE or pool.is_above(parent, quote)
            links = up if rises else down
            links.parent[quote], links.odds[quote] = parent, known.odds[quote]
    return up, down


def match_of(pool: Pool, short: int, long: int) -> Match | None:
    """How two wordings align; None where they hardly do.

    Of one with ellipses, a stretch that the other holds can stand for it.
    """
    shorter, longer = pool.wordings[short], pool.wordings[long]
    if short == long:
        return align(shorter, longer)
    if GAP in shorter or GAP in longer:
        for part, whole in stand_ins(shorter, longer):
            return align(part, whole)
        shorter, longer = shorter.replace(GAP, ""), longer.replace(GAP, "")
        shorter, longer = sorted((shorter, longer), key=len)
    return align(shorter, longer) if overlap(shorter, longer) >= LEAST_OVERLAP else None


class _Judge:
    """Looks at pairs of wordings; `moving` are those of which one must be in a pair."""

    def __init__(self, pool: Pool, fresh: Set[int] | None) -> None:
        self.pool, self.fresh = pool, fresh
        self.holders = Holders(pool)
        every = range(len(pool.wordings))
        self.moving = every if fresh is None else {pool.wording[quote] for quote in fresh}

    def even(self, wording: int, others: Iterable[int]) -> Iterable[int]:
        """Those of `others`, which are longer, that are hardly so (see `evidence`)."""
        length = len(self.pool.wordings[wording])
        return [other for other in others if is_even(length, len(self.pool.wordings[other]))]

    def can_gain(self, links: Links, low: int, high: int, most: float) -> bool:
        """Whether a quote of wording `low` can hang better below one of `high`, with log-odds `most`."""
        pool = self.pool
        for quote in self.holders[low]:
            have, parent = links.odds[quote], links.parent[quote]
            if most > have or (most == have and parent == NOWHERE):
                return True
            if most == have and pool.place(high) <= pool.place(pool.wording[parent]):
                return True
        return False

    def hang(self, links: Links, low: int, high: int) -> None:
        """Offer to the quotes of wording `low` those of `high` as parents."""
        pool = self.pool
        rises = pool.place(high) <= pool.place(low)
        match = match_of(pool, low, high) if rises else match_of(pool, high, low)
        if match is None:
            return
        of_words = odds_of_words(match)
        best = max(of_words) + BEST_AROUND
        if best <= 0 and not is_even(*match.lengths):
            return
        for quote in self.holders[low]:
            if links.odds[quote] <= max(best, RETOLD):
                for other in self._above(quote, low, high):
                    seen = circumstances(pool, quote, other)
                    links.offer(pool, quote, other, odds(match, seen, of_words[seen.same_article]))

    def _above(self, quote: int, low: int, high: int) -> Iterator[int]:
        """The holders of wording `high` to look at from `quote`, one of `low`."""
        is_fresh = self.fresh is None or quote in self.fresh
        for other in self.holders.beside(quote, high):
            earlier = low != high or self.pool.is_above(other, quote)
            if earlier and (is_fresh or (self.fresh and other in self.fresh)):
                yield other


def circumstances(pool: Pool, quote: int, other: int) -> Circumstances:
    """What surrounds a quote and the one above it."""
    together = pool.article[quote] == pool.article[other]
    known = together or (pool.is_dated(quote) and pool.is_dated(other))
    return Circumstances(
        relation=pool.relation(quote, other),
        days=abs(pool.day[quote] - pool.day[other]) if known else None,
        same_article=together,
        embedded=other in pool.inner and _embedded(pool, quote, other),
        reported=pool.reported[quote] + pool.reported[other],
    )


def _embedded(pool: Pool, quote: int, other: int) -> bool:
    """Whether the words of `quote` stand inside inner quotation marks of `other`."""
    words = pool.wordings[pool.wording[quote]].replace(GAP, "")
    return any(
        words in said or (said in words and len(said) > 0.6 * len(words)) for said in pool.inner[other]
    )


def families(links: Links, pool: Pool) -> array[int]:
    """The family of each quote, as the index of one of its members.

    Links are taken surest first. One that would bring two different known speakers into one family
    through somebody unknown is cut; one between two known speakers had to be a relay of the very words, and
    who relays does not become the family's speaker.
    """
    roots = array("i", range(len(pool)))
    known: dict[int, frozenset[Name]] = {}

    def root(i: int) -> int:
        while roots[i] != i:
            roots[i] = roots[roots[i]]
            i = roots[i]
        return i

    def speakers(i: int) -> frozenset[Name]:
        return known.get(i) or (frozenset((pool.voice(i),)) if pool.speaker[i] else frozenset())

    linked = [quote for quote, parent in enumerate(links.parent) if parent != NOWHERE]
    linked.sort(key=pool.ids.__getitem__)
    linked.sort(key=links.odds.__getitem__, reverse=True)
    for quote in linked:
        parent = links.parent[quote]
        a, b = root(parent), root(quote)
        mine, theirs = speakers(a), speakers(b)
        relayed = pool.relation(quote, parent) == "different"
        if a == b or (not relayed and any(compare_names(x, y) == "different" for x in mine for y in theirs)):
            continue
        roots[b] = a
        if not relayed and mine | theirs != mine:
            known[a] = mine | theirs
    return array("i", map(root, range(len(pool))))
