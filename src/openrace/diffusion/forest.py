"""The forest: every quote points to the one quote above it that it fits best; a tree is a family.

"Above" is a longer wording, or the same wording printed earlier. One parent at most is what keeps a short
piece that two speeches share from welding them together (MemeTracker partitions its phrase graph in this
way too: Leskovec, Backstrom and Kleinberg 2009, "Meme-tracking and the dynamics of the news cycle"). Two
disjoint parts meet only in a quote that has both. The parent of a quote depends on the quotes above it and on
nothing else, so that neither the order nor the batches in which they came matter.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from openrace.diffusion.evidence import Circumstances, hopeless, odds
from openrace.diffusion.matches import Match, align
from openrace.diffusion.pool import Pool
from openrace.diffusion.voices import NOBODY, Voice, relation

FEW = 12  # up to so many holders of a wording, each is looked at; of more, the nearest in time and kind


class Link(NamedTuple):
    """That a quote hangs below `parent` (an index into the pool), and how surely (log-odds)."""

    odds: float
    parent: int


def best_links(pool: Pool, pairs: Iterable[tuple[int, int]]) -> list[Link | None]:
    """The parent of each quote among the holders of its own wording and of those `pairs` offer.

    `pairs` are indexes of wordings, shorter first (see `candidates`).
    """
    links: list[Link | None] = [None] * len(pool)
    holders = pool.holders()
    for wording, mine in zip(pool.wordings, holders, strict=True):
        if wording and len(mine) > 1:
            _link(pool, links, align(wording, wording), mine, mine)
    for short, long in pairs:
        match = align(pool.wordings[short], pool.wordings[long])
        if not hopeless(match):
            _link(pool, links, match, holders[short], holders[long])
    return links


def _link(pool: Pool, links: list[Link | None], match: Match, mine: list[int], above: list[int]) -> None:
    """Hang each of `mine` below the best of `above` where that beats the parent it has."""
    for place, quote in enumerate(mine):
        for other in _nearest(pool, quote, above[:place] if above is mine else above):
            score = odds(match, circumstances(pool, quote, other))
            if score > 0 and _beats(pool, score, other, links[quote]):
                links[quote] = Link(score, other)


def _beats(pool: Pool, score: float, other: int, link: Link | None) -> bool:
    return link is None or (score, pool.standing(link.parent)) > (link.odds, pool.standing(other))


def _nearest(pool: Pool, quote: int, holders: Sequence[int]) -> Iterable[int]:
    """The `holders` (earliest first) worth a look from `quote`: of many, a few on each side in time."""
    if len(holders) <= FEW:
        return holders
    place = bisect_left(holders, pool.day[quote], key=lambda i: pool.day[i])
    near = holders[max(0, place - FEW // 2) : place + FEW // 2]
    kin = [i for i in holders if pool.voice[i] == pool.voice[quote] or pool.article[i] == pool.article[quote]]
    return [*near, *_beside(pool, kin, quote)]


def _beside(pool: Pool, kin: list[int], quote: int) -> list[int]:
    place = bisect_left(kin, pool.day[quote], key=lambda i: pool.day[i])
    return kin[max(0, place - 2) : place + 2]


def circumstances(pool: Pool, quote: int, other: int) -> Circumstances:
    """What surrounds a quote and the one above it."""
    a, b = pool.day[quote], pool.day[other]
    return Circumstances(
        relation=relation(pool.voice[quote], pool.voice[other]),
        days=abs(a - b) if pool.is_dated(quote) and pool.is_dated(other) else None,
        same_article=pool.article[quote] == pool.article[other],
        embedded=_embedded(pool, quote, other),
        reported=bool(pool.reported[quote] or pool.reported[other]),
    )


def _embedded(pool: Pool, quote: int, other: int) -> bool:
    """Whether the words of `quote` stand inside inner quotation marks of `other`."""
    words = pool.wordings[pool.wording[quote]]
    inner = pool.inner.get(other, ())
    return any(words in said or (said in words and len(said) > 0.6 * len(words)) for said in inner)


def families(links: Sequence[Link | None], ids: Sequence[str], voices: Sequence[Voice]) -> list[int]:
    """The family of each quote, as the index of one of its members.

    Links are taken surest first. One that would bring two different known speakers into one family
    through somebody unknown is cut; one between two known speakers had to be a relay of the very words.
    """
    parents = list(range(len(ids)))
    known: dict[int, frozenset[Voice]] = {}

    def root(i: int) -> int:
        while parents[i] != i:
            parents[i] = parents[parents[i]]
            i = parents[i]
        return i

    def speakers(i: int) -> frozenset[Voice]:
        return known.get(i) or (frozenset((voices[i],)) if voices[i] != NOBODY else frozenset())

    for quote, link in sorted(_links(links), key=lambda found: (-found[1].odds, ids[found[0]])):
        a, b = root(link.parent), root(quote)
        mine, theirs = speakers(a), speakers(b)
        relayed = relation(voices[quote], voices[link.parent]) == "different"
        if not relayed and any(relation(x, y) == "different" for x in mine for y in theirs):
            continue
        parents[b] = a
        known[a] = mine | theirs
    return [root(i) for i in range(len(ids))]


def _links(links: Sequence[Link | None]) -> Iterator[tuple[int, Link]]:
    return ((quote, link) for quote, link in enumerate(links) if link)
