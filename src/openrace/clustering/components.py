"""Components: the trees of parent links as clusters, cut where two quotes cannot be one utterance."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import combinations

from openrace.clustering.linking import NO_PARENT, Links, match_of
from openrace.clustering.quote_table import QuoteTable
from openrace.clustering.retelling import TELLING_RUN, is_said_twice
from openrace.person_names import ParsedName, compare_names
from openrace.wordings.normalise import GAP


def clusters(links: Links, table: QuoteTable) -> array[int]:
    """Return the cluster of each quote, as the index of one of its members.

    Links are taken surest first. One that would bring two different known speakers into one cluster through
    somebody unknown is cut; one between two known speakers had to be a relay of the very words, and who
    relays does not become a speaker of the cluster. One that would bring together what one article prints as
    said twice is cut too.
    """
    linked = [quote for quote, parent in enumerate(links.parent) if parent != NO_PARENT]
    linked.sort(key=table.ids.__getitem__)
    linked.sort(key=links.odds.__getitem__, reverse=True)
    found = Components(table, rivals(table, {*linked, *map(links.parent.__getitem__, linked)}))
    for quote in linked:
        found.join(quote, links.parent[quote])
    return array("i", map(found.root, range(len(table))))


class Components:
    """Clusters that grow link by link: who is known to speak in each, which quotes must stay out of it."""

    def __init__(self, table: QuoteTable, rivals: Mapping[int, Set[int]]) -> None:
        self.table = table
        self._roots = array("i", range(len(table)))
        self._named: dict[int, frozenset[ParsedName]] = {}
        self._members: dict[int, Set[int]] = {quote: {quote} for quote in rivals}  # those that have rivals
        self._rivals: dict[int, Set[int]] = dict(rivals)

    def root(self, quote: int) -> int:
        """Return the quote that stands for the cluster of this one."""
        roots = self._roots
        while roots[quote] != quote:
            roots[quote] = roots[roots[quote]]
            quote = roots[quote]
        return quote

    def join(self, quote: int, parent: int) -> None:
        """Make one cluster of those of a quote and its parent, unless something parts them."""
        a, b = self.root(parent), self.root(quote)
        mine, theirs = self._speakers(a), self._speakers(b)
        relayed = self.table.relation(quote, parent) == "different"
        if a == b or not (relayed or _compatible(mine, theirs)):
            return
        if self._rivals and not self._rivals.get(a, frozenset()).isdisjoint(self._members.get(b, ())):
            return
        self._roots[b] = a
        if not relayed and mine | theirs != mine:
            self._named[a] = mine | theirs
        for kept in (self._members, self._rivals):
            if b in kept:
                kept[a] = kept.get(a, frozenset()) | kept.pop(b)

    def _speakers(self, root: int) -> frozenset[ParsedName]:
        known = self._named.get(root)
        return known or (frozenset((self.table.name(root),)) if self.table.speaker[root] else frozenset())


def _compatible(mine: Iterable[ParsedName], theirs: Sequence[ParsedName] | Set[ParsedName]) -> bool:
    return not any(compare_names(x, y) == "different" for x in mine for y in theirs)


def rivals(table: QuoteTable, quotes: Iterable[int]) -> dict[int, Set[int]]:
    """Return the quotes that their own article has twice in different words, each with those others.

    What one article prints in two wordings, neither of which holds the other, was said on two occasions.
    """
    by_article: defaultdict[int, list[int]] = defaultdict(list)
    for quote in quotes:
        if table.article[quote] >= 0 and len(table.wordings[table.wording[quote]]) >= TELLING_RUN:
            by_article[table.article[quote]].append(quote)
    found: defaultdict[int, set[int]] = defaultdict(set)
    for some in by_article.values():
        for a, b in _sharing_a_run(table, some) if len(some) > 1 else ():
            below, above = sorted((a, b), key=lambda i: table.rank(table.wording[i]), reverse=True)
            match = match_of(table, table.wording[below], table.wording[above])
            if match and is_said_twice(match):
                found[a].add(b)
                found[b].add(a)
    return dict(found)


def _sharing_a_run(table: QuoteTable, quotes: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of quotes that have so many words in a row in common, and not the same wording."""
    holding: defaultdict[str, set[int]] = defaultdict(set)
    for quote in quotes:
        words = table.wordings[table.wording[quote]].replace(GAP, "")
        for i in range(len(words) - TELLING_RUN + 1):
            holding[words[i : i + TELLING_RUN]].add(quote)
    pairs = {pair for some in holding.values() if len(some) > 1 for pair in combinations(sorted(some), 2)}
    yield from (pair for pair in sorted(pairs) if table.wording[pair[0]] != table.wording[pair[1]])
