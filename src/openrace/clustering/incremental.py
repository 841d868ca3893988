"""Incremental clustering: a night's quotes against all that is kept, without reading all that is kept.

new quotes ─▶ candidate pairs (shared fingerprints) ─▶ parent links that beat the ones they have
           ─▶ the trees they touch ─▶ clusters ─▶ family ids: kept where there is one, else minted

A quote's parent depends on the set of quotes alone (see `linking`), so a family comes out the same whatever
the order and the nights in which its reports came. Its id is minted once, from the least of its claims'
ids, and stays with most of its members; where two named families turn out to be one, the id that goes is
kept as an alias with the reason.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from typing import TYPE_CHECKING, NamedTuple, Protocol

from openrace.clustering.blocking import Candidates
from openrace.clustering.candidate_retrieval import CandidateFinder, CandidatePair, candidate_pairs, keys
from openrace.clustering.components import clusters, rivals
from openrace.clustering.linking import NO_PARENT, Links, best_links, is_light
from openrace.clustering.quote_table import QuoteTable, is_fuller, prepare
from openrace.memory import without_cycle_search
from openrace.person_names import NOBODY, parse_name, same_person
from openrace.records import Quote, StoredQuote, stable_id

if TYPE_CHECKING:
    from openrace.story import Merge

Keys = Callable[[Sequence[StoredQuote]], Iterable[tuple[str, int, int]]]


class QuoteIndex(CandidateFinder, Protocol):
    """Where quotes are kept between nights."""

    def is_empty(self) -> bool:
        """Return whether nothing is kept yet."""

    def quotes(self, quote_ids: Iterable[str]) -> Iterable[StoredQuote]:
        """Return those of these quotes that are kept."""

    def add(self, quotes: Iterable[StoredQuote], keys: Keys) -> None:
        """Keep `quotes` (anew where they are known) and an index of the keys of their words."""

    def set_parents(self, quotes: Iterable[StoredQuote]) -> None:
        """Keep the parent links that these known quotes have now."""

    def drop_speaker_keys(self, quotes: Sequence[StoredQuote], keys: Keys) -> None:
        """Forget keys with the old speakers of `quotes`, where no quote of the words has them now."""

    def root(self, quote_id: str) -> str | None:
        """Return the root of the tree that a kept quote is in; None where its links lead in a circle."""

    def trees(self, quote_ids: Iterable[str]) -> Iterable[StoredQuote]:
        """Return every quote of the trees that these quotes are in."""

    def in_articles(self, articles: Iterable[str]) -> Iterable[StoredQuote]:
        """Return every quote of these articles."""

    def set_families(self, families: Mapping[str, str], merges: Iterable[Merge]) -> None:
        """Keep the family id of each of these quotes, and which ids live on as aliases."""

    def is_used(self, family_id: str) -> bool:
        """Return whether a family has or had this id."""


class Placement(NamedTuple):
    """What a night changed: the family id of each quote that was placed or moved, and the ids that merged."""

    placed: dict[str, str]
    merges: tuple[Merge, ...]


@without_cycle_search
def place_quotes(quotes: Iterable[Quote], index: QuoteIndex, *, now: str) -> Placement:
    """Place `quotes` (new ones, or ones that changed) among those in the index; merges are dated `now`."""
    fresh = {quote.quote_id: prepare(quote) for quote in quotes}
    if not fresh:
        return Placement({}, ())
    before = {kept.quote_id: kept for kept in index.quotes(fresh)}
    fresh = {i: q._replace(family=before[i].family) if i in before else q for i, q in fresh.items()}
    pairs = [] if index.is_empty() else list(candidate_pairs(fresh.values(), index))
    if again := _in_new_wordings(pairs):  # whether these are stock phrases depends on all that holds them
        before |= again
        reset = {i: q._replace(parent=None, odds=0.0) for i, q in again.items()}
        pairs = [*_without(pairs, again.keys()), *candidate_pairs(reset.values(), index, fresh.keys())]
    else:
        reset = {}
    moved = _relink(fresh | reset, pairs, before, index)
    moved = {i: quote for i, quote in moved.items() if i in fresh or quote != before[i]}
    index.add((quote for i, quote in moved.items() if i in fresh), keys)
    index.set_parents(quote for i, quote in moved.items() if i not in fresh)
    if changed := [before[i] for i, q in fresh.items() if i in before and before[i].speaker != q.speaker]:
        index.drop_speaker_keys(changed, keys)
    return _name_moved(moved, before, index, now)


def _name_moved(
    moved: Mapping[str, StoredQuote], before: Mapping[str, StoredQuote], index: QuoteIndex, now: str
) -> Placement:
    """Return the families of the quotes whose links are new, and of all in the trees that these change."""
    settled = set(_leaving_clusters_unchanged(moved, before, index)) - _said_twice(moved, index)
    touched = {
        i for name in moved.keys() - settled for i in (name, moved[name].parent, _old_parent(before, name))
    }
    found = _name_trees(list(index.trees(i for i in touched if i)), index, now)
    new = (settled - before.keys()) - found.placed.keys()
    placed = found.placed | _follow(new, {**before, **moved}, found.placed, index)
    index.set_families(placed, found.merges)
    return Placement(placed, found.merges)


def _said_twice(moved: Mapping[str, StoredQuote], index: QuoteIndex) -> set[str]:
    """Return those of the kept quotes that their articles have twice in different words."""
    table = QuoteTable(index.in_articles({quote.article for quote in moved.values() if quote.article}))
    return {table.ids[quote] for quote in rivals(table, range(len(table)))}


def _without(pairs: Iterable[CandidatePair], moving: Set[str]) -> Iterator[CandidatePair]:
    """Yield candidate pairs again without the kept quotes that are placed anew."""
    for pair in pairs:
        if kept := [quote for quote in pair.kept if quote.quote_id not in moving]:
            yield CandidatePair(pair.new, kept)


def _in_new_wordings(pairs: Iterable[CandidatePair]) -> dict[str, StoredQuote]:
    """Return the kept quotes whose few words stand in new ones."""
    found: dict[str, StoredQuote] = {}
    for pair in pairs:
        new, kept = pair.words
        if kept in new and is_light(kept):
            found |= {quote.quote_id: quote for quote in pair.kept}
    return found


def _relink(
    new: Mapping[str, StoredQuote],
    pairs: Sequence[CandidatePair],
    before: dict[str, StoredQuote],
    index: QuoteIndex,
) -> dict[str, StoredQuote]:
    """Return the quotes whose links are new, by id, after comparing `new` ones with those in `pairs`.

    `before` are quotes as they were kept; what is read is added.
    """
    kept = {quote.quote_id: quote for pair in pairs for quote in pair.kept}
    before |= {i: quote for i, quote in kept.items() if i not in before}
    known = {**kept, **new}
    parents = {quote.parent for quote in known.values() if quote.parent} - known.keys()
    before |= {quote.quote_id: quote for quote in index.quotes(sorted(parents - before.keys()))}
    quotes = [*known.values(), *(before[i] for i in sorted(parents))]
    table = QuoteTable(quotes)
    fresh = {i for i, quote in enumerate(quotes) if quote.quote_id in new}
    links = best_links(table, _candidates(table, fresh, pairs), links_of(quotes), fresh)
    return dict(_changed(quotes, table, links, fresh))


def _changed(
    quotes: Sequence[StoredQuote], table: QuoteTable, links: Links, fresh: Set[int]
) -> Iterator[tuple[str, StoredQuote]]:
    """Yield the quotes that are fresh or have another parent, with the links that they have now."""
    for i, quote in enumerate(quotes):
        place = links.parent[i]
        parent = table.ids[place] if place != NO_PARENT else None
        if i in fresh or (parent and parent != quote.parent):
            yield quote.quote_id, quote._replace(parent=parent, odds=links.odds[i])


def _candidates(table: QuoteTable, fresh: Set[int], pairs: Sequence[CandidatePair]) -> Iterator[Candidates]:
    """Yield the candidates among fresh quotes, and those of them and kept ones in `pairs`."""
    among = table.candidates(sorted({table.wording[quote] for quote in fresh}))
    if not pairs:
        yield from among
        return
    place = {words: i for i, words in enumerate(table.wordings)}
    longer: defaultdict[int, set[int]] = defaultdict(set)
    for found in among:
        longer[found.wording].update(found.longer)
    for pair in pairs:
        a, b = pair.words
        if a != b:
            low, high = (a, b) if is_fuller(b, a) else (b, a)
            longer[place[low]].add(place[high])
    wordings = sorted(set(longer).union(*longer.values()), key=table.rank)
    ranks = dict(zip(wordings, range(len(wordings)), strict=True))
    for wording in sorted(longer, key=ranks.__getitem__):
        yield Candidates(wording, sorted(longer[wording], key=ranks.__getitem__))


def _old_parent(before: Mapping[str, StoredQuote], quote_id: str) -> str | None:
    return before[quote_id].parent if quote_id in before else None


def _leaving_clusters_unchanged(
    moved: Mapping[str, StoredQuote], before: Mapping[str, StoredQuote], index: QuoteIndex
) -> Iterator[str]:
    """Yield the quotes whose new parent link splits or merges no existing cluster.

    Such a quote is either new (it joins its parent's cluster and brings no other name, or it starts a cluster
    of its own) or already known (it moved within one tree). Their trees need not be read. Another name of the
    parent's speaker may be another's: "Moor" is as much Ada's as Ben's, and a cluster has only one of them.
    """
    known = {**before, **moved}
    parents = {quote.parent for quote in moved.values()}
    for quote_id, quote in moved.items():
        if quote.parent is None:
            if quote_id not in before and quote_id not in parents:
                yield quote_id
            continue
        parent = known[quote.parent]
        names_nobody_new = (name := parse_name(quote.speaker)) == NOBODY or (
            name == parse_name(parent.speaker) and not _is_relay(parent, known)
        )
        root = _first_known(quote.parent, known, before)
        home = before[root].family if root is not None and root in before else None
        stays = before[quote_id].family == home if quote_id in before else root is not None
        left = _old_parent(before, quote_id)
        if names_nobody_new and stays and (not left or index.root(left) == index.root(quote_id) is not None):
            yield quote_id


def _is_relay(quote: StoredQuote, known: Mapping[str, StoredQuote]) -> bool:
    """Return whether a quote's parent has another known speaker: it brings no speaker into the cluster."""
    above = known.get(quote.parent or "")
    return above is not None and same_person(quote.speaker, above.speaker) == "different"


def _first_known(
    quote_id: str, known: Mapping[str, StoredQuote], before: Mapping[str, StoredQuote]
) -> str | None:
    """Return the first stored quote above a quote, or the new one at the root; None in a circle."""
    seen: set[str] = set()
    while quote_id not in before:
        parent = known[quote_id].parent
        if parent is None:
            return quote_id
        if quote_id in seen:  # two of much the same length, each the other's parent
            return None
        seen.add(quote_id)
        quote_id = parent
    return quote_id


def _follow(
    leaves: Iterable[str], known: Mapping[str, StoredQuote], placed: Mapping[str, str], index: QuoteIndex
) -> dict[str, str]:
    """Return the family of each leaf: that of its root, or a new one."""
    found: dict[str, str] = {}
    for leaf in sorted(leaves):
        path = [leaf]
        while (parent := known[path[-1]].parent) and not (placed.get(path[-1]) or found.get(path[-1])):
            path.append(parent)
            if known[parent].family:
                break
        top = path[-1]
        name = placed.get(top) or found.get(top) or known[top].family or _mint(top, index)
        found |= dict.fromkeys((i for i in path if i in leaves), name)
    return found


def links_of(quotes: Sequence[StoredQuote]) -> Links:
    """Return the links among these quotes; of one to another quote, only how sure it is."""
    place = {quote.quote_id: i for i, quote in enumerate(quotes)}
    links = Links(len(quotes))
    for i, quote in enumerate(quotes):
        links.odds[i] = quote.odds
        if quote.parent in place:
            links.parent[i] = place[quote.parent]
    return links


def _name_trees(quotes: Sequence[StoredQuote], index: QuoteIndex, now: str) -> Placement:
    """Return the families of whole trees, each under the id that most of its members had, or a new one."""
    from openrace.story import Merge  # loads all records of stories, which grouping in one run needs not

    links = links_of(quotes)
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for i, group in enumerate(clusters(links, QuoteTable(quotes))):
        groups[group].append(i)
    inherited = _inherited(quotes, groups)
    placed: dict[str, str] = {}
    merges: list[Merge] = []
    for group, members in groups.items():
        name, *gone = inherited.get(group) or [_mint(min(quotes[i].quote_id for i in members), index)]
        placed |= {quotes[i].quote_id: name for i in members if quotes[i].family != name}
        merges += (
            Merge(kept=name, gone=g, reason=_reason(quotes, links, members, g), when=now) for g in gone
        )
    return Placement(placed, tuple(merges))


def _inherited(quotes: Sequence[StoredQuote], groups: Mapping[int, list[int]]) -> dict[int, list[str]]:
    """Return the old ids of each group, the commonest first: an id goes where most of its members are."""
    votes = Counter((quotes[i].family, group) for group, members in groups.items() for i in members)
    best: dict[str, tuple[int, str, int]] = {}
    for (family, group), count in votes.items():
        if family is not None:
            bid = (-count, min(quotes[i].quote_id for i in groups[group]), group)
            best[family] = min(best.get(family, bid), bid)
    found: defaultdict[int, list[str]] = defaultdict(list)
    for family, (_, _, group) in sorted(best.items(), key=lambda item: (item[1][0], item[0])):
        found[group].append(family)
    return found


def _mint(first: str, index: QuoteIndex) -> str:
    """Return a new id: from the least of the quotes' ids, as in `group_quotes`, or the next that is free."""
    name, again = stable_id("family", first), 1
    while index.is_used(name):
        again += 1
        name = stable_id("family", first, str(again))
    return name


def _reason(quotes: Sequence[StoredQuote], links: Links, members: Sequence[int], gone: str) -> str:
    """Return the surest link between a member of the family that goes and one that was not of it."""
    bridges = [
        (links.odds[i], quotes[i].quote_id, quotes[links.parent[i]].quote_id)
        for i in members
        if links.parent[i] != NO_PARENT
        and (quotes[i].family == gone) != (quotes[links.parent[i]].family == gone)
    ]
    odds, child, parent = max(bridges)
    return f"claim {child} reports the utterance of claim {parent} (log-odds {odds:.1f})"
