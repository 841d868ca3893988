"""The forest: every quote points to the one quote above it that it fits best; a tree is a family.

"Above" is a longer wording, or the same wording printed earlier. One parent at most is what keeps a short
piece that two speeches share from welding them together (MemeTracker partitions its phrase graph in this
way too: Leskovec, Backstrom and Kleinberg 2009, "Meme-tracking and the dynamics of the news cycle"). Two
disjoint parts meet only in a quote that has both. The parent of a quote depends on the other quotes and on
nothing else, so that neither the order nor the batches in which they came matter.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence, Set

from openrace.diffusion.evidence import Circumstances, is_even, odds, odds_around, odds_of_words
from openrace.diffusion.matches import Match, align, overlap
from openrace.diffusion.pool import Pool
from openrace.diffusion.voices import Voice, relation
from openrace.diffusion.wording import GAP

FEW = 12  # up to so many holders of a wording, each is looked at; of more, the nearest in time and kind
LEAST_OVERLAP = 0.35  # of the shorter one's words: no pair below it was likelier than not
STRETCH = 5  # words: a stretch between ellipses that can stand for the whole
NOWHERE = -1


class Links:
    """For each quote its parent (NOWHERE: none) and how surely it hangs there (log-odds)."""

    def __init__(self, size: int) -> None:
        self.parent = array("i", [NOWHERE]) * size
        self.odds = array("d", [0.0]) * size

    def offer(self, pool: Pool, quote: int, other: int, score: float) -> None:
        """Hang `quote` below `other` where that is likelier than not and beats the parent it has."""
        if score <= self.odds[quote] and (score <= 0 or score < self.odds[quote]):
            return
        parent = self.parent[quote]
        tie = parent != NOWHERE and score == self.odds[quote]
        if not tie or pool.standing(other) < pool.standing(parent):
            self.parent[quote], self.odds[quote] = other, score


def best_links(
    pool: Pool, pairs: Iterable[tuple[int, int]], known: Links | None = None, fresh: Set[int] | None = None
) -> Links:
    """The parent of each quote among the holders of its own wording and of those `pairs` offer.

    `pairs` are indexes of wordings, shorter first (see `candidates`). A quote with nothing above it may
    hang below one that is hardly shorter (a reworded copy that grew by a word). With `fresh`, the other
    quotes have the links `known` among themselves, and only pairs with a fresh one are judged.
    """
    up, down = _known(pool, known, fresh or frozenset())
    holders = pool.holders()
    moving = {pool.wording[quote] for quote in fresh} if fresh is not None else None
    for wording, mine in enumerate(holders):
        if len(mine) > 1 and pool.wordings[wording] and (moving is None or wording in moving):
            match = align(pool.wordings[wording], pool.wordings[wording])
            _link(pool, up, match, mine, mine, fresh)
    for short, long in pairs:
        if moving is not None and short not in moving and long not in moving:
            continue
        match_or_none = match_of(pool, short, long)
        if match_or_none is None:
            continue
        _link(pool, up, match_or_none, holders[short], holders[long], fresh)
        if is_even(match_or_none):
            _link(pool, down, match_or_none, holders[long], holders[short], fresh)
    for quote, parent in enumerate(up.parent):
        if parent == NOWHERE and not up.odds[quote]:
            up.parent[quote], up.odds[quote] = down.parent[quote], down.odds[quote]
    return up


def _known(pool: Pool, known: Links | None, fresh: Set[int]) -> tuple[Links, Links]:
    """The links that stand, to what is above and to what is not; fresh quotes have none yet."""
    up, down = Links(len(pool)), Links(len(pool))
    for quote, parent in enumerate(known.parent) if known else ():
        if known and quote not in fresh:
            rises = parent == NOWHERE or pool.standing(parent) < pool.standing(quote)
            links = up if rises else down
            links.parent[quote], links.odds[quote] = parent, known.odds[quote]
    return up, down


def match_of(pool: Pool, short: int, long: int) -> Match | None:
    """How two wordings align; None where they hardly do.

    Of one with ellipses, a stretch that the other holds can stand for it.
    """
    shorter, longer = pool.wordings[short], pool.wordings[long]
    if GAP in shorter or GAP in longer:
        parts = [(part, longer) for part in shorter.split(GAP)]
        parts += [(part, shorter) for part in longer.split(GAP)]
        for part, whole in parts:
            if len(part) >= STRETCH and part != whole and part in whole:
                return align(part, whole)
        shorter, longer = shorter.replace(GAP, ""), longer.replace(GAP, "")
        shorter, longer = sorted((shorter, longer), key=len)
    return align(shorter, longer) if overlap(shorter, longer) >= LEAST_OVERLAP else None


def _link(
    pool: Pool,
    links: Links,
    match: Match,
    mine: Sequence[int],
    above: Sequence[int],
    fresh: Set[int] | None = None,
) -> None:
    """Offer to each of `mine` the best of `above` as its parent."""
    of_words = odds_of_words(match, False), odds_of_words(match, True)
    best = max(words + odds_around(True, 0, bool(k)) for k, words in enumerate(of_words))
    if best <= 0 and not is_even(match):
        return
    for place, quote in enumerate(mine):
        for other in _nearest(pool, quote, above[:place] if above is mine else above):
            if fresh is None or quote in fresh or other in fresh:
                seen = circumstances(pool, quote, other)
                links.offer(pool, quote, other, odds(match, seen, of_words[seen.same_article]))


def _nearest(pool: Pool, quote: int, holders: Sequence[int]) -> Iterable[int]:
    """The `holders` (earliest first) worth a look from `quote`: of many, a few on each side in time."""
    if len(holders) <= FEW:
        return holders
    speaker, article = pool.speaker[quote], pool.article[quote]
    kin = [i for i in holders if pool.speaker[i] == speaker or pool.article[i] == article]
    return [*_beside(pool, holders, quote, FEW // 2), *_beside(pool, kin, quote, 2)]


def _beside(pool: Pool, holders: Sequence[int], quote: int, few: int) -> Sequence[int]:
    place = bisect_left(holders, pool.day[quote], key=pool.day.__getitem__)
    return holders[max(0, place - few) : place + few]


def circumstances(pool: Pool, quote: int, other: int) -> Circumstances:
    """What surrounds a quote and the one above it."""
    dated = pool.is_dated(quote) and pool.is_dated(other)
    return Circumstances(
        relation=pool.relation(quote, other),
        days=abs(pool.day[quote] - pool.day[other]) if dated else None,
        same_article=pool.article[quote] == pool.article[other],
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
    known: dict[int, frozenset[Voice]] = {}

    def root(i: int) -> int:
        while roots[i] != i:
            roots[i] = roots[roots[i]]
            i = roots[i]
        return i

    def speakers(i: int) -> frozenset[Voice]:
        return known.get(i) or (frozenset((pool.voice(i),)) if pool.speaker[i] else frozenset())

    linked = [quote for quote, parent in enumerate(links.parent) if parent != NOWHERE]
    linked.sort(key=pool.ids.__getitem__)
    linked.sort(key=links.odds.__getitem__, reverse=True)
    for quote in linked:
        parent = links.parent[quote]
        a, b = root(parent), root(quote)
        mine, theirs = speakers(a), speakers(b)
        relayed = pool.relation(quote, parent) == "different"
        if a == b or (not relayed and any(relation(x, y) == "different" for x in mine for y in theirs)):
            continue
        roots[b] = a
        if not relayed and mine | theirs != mine:
            known[a] = mine | theirs
    return array("i", map(root, range(len(pool))))
