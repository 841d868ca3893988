"""Growth: a night's quotes against all that is kept, without reading all that is kept.

new quotes ─▶ neighbours on the shelf (shared anchors) ─▶ links that beat the ones they have
           ─▶ the trees they touch ─▶ families ─▶ ids: kept where there is one, else minted

A quote's parent depends on the set of quotes alone (see `forest`), so a family comes out the same whatever
the order and the nights in which its reports came. Its id is minted once, from the least of its claims'
ids, and stays with most of its members; where two named families turn out to be one, the id that goes is
kept as an alias with the reason.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from typing import NamedTuple, Protocol

from openrace.clustering.blocking import Offer
from openrace.clustering.candidate_retrieval import Finder, Near, Neighbourhood, keys
from openrace.clustering.linking import NOWHERE, Links, best_links, families
from openrace.clustering.quote_table import Pool, prepare
from openrace.person_names import NOBODY, parse_name, same_person
from openrace.records import KeptQuote, Quote, stable_id
from openrace.story import Merge

Keys = Callable[[Sequence[KeptQuote]], Iterable[tuple[str, int, int]]]


class Shelf(Finder, Protocol):
    """Where quotes are kept between nights."""

    def is_empty(self) -> bool:
        """Whether nothing is kept yet."""

    def quotes(self, quote_ids: Iterable[str]) -> Iterable[KeptQuote]:
        """Those of these quotes that are kept."""

    def keep(self, quotes: Iterable[KeptQuote], keys: Keys) -> None:
        """Keep `quotes` (anew where they are known) and an index of the keys of their words."""

    def hang(self, quotes: Iterable[KeptQuote]) -> None:
        """Keep where these known quotes hang now."""

    def drop_echoes(self, quotes: Sequence[KeptQuote], keys: Keys) -> None:
        """Forget the echoes of `quotes` as they were, as far as no quote of their words has them now."""

    def top(self, quote_id: str) -> str | None:
        """The quote that a kept one leads up to; None where it leads in a circle."""

    def trees(self, quote_ids: Iterable[str]) -> Iterable[KeptQuote]:
        """Every quote of the trees that these quotes are in, without its words."""

    def name(self, families: Mapping[str, str], merges: Iterable[Merge]) -> None:
        """Note the family id of each of these quotes, and which ids live on as aliases."""

    def is_taken(self, family_id: str) -> bool:
        """Whether a family has or had this id."""


class Growth(NamedTuple):
    """What a night changed: the family id of each quote that was placed or moved, and the ids that merged."""

    placed: dict[str, str]
    merges: tuple[Merge, ...]


def grow_families(quotes: Iterable[Quote], shelf: Shelf, *, now: str) -> Growth:
    """Place `quotes` (new ones, or ones that changed) among those on the shelf; merges are dated `now`."""
    fresh = {quote.quote_id: prepare(quote) for quote in quotes}
    if not fresh:
        return Growth({}, ())
    near = {kept.quote_id: kept for kept in shelf.quotes(fresh)}
    fresh = {i: quote._replace(family=near[i].family) if i in near else quote for i, quote in fresh.items()}
    nearby = Neighbourhood(() if shelf.is_empty() else fresh.values(), shelf)
    moved = _relink(fresh, list(nearby.likeliest()), near, {}, shelf)
    if better := list(nearby.better(moved)):
        again = {quote.quote_id: quote for pair in better for quote in pair.new}
        moved |= _relink(again, better, near, moved, shelf)
    shelf.keep((quote for i, quote in moved.items() if i in fresh), keys)
    shelf.hang(quote for i, quote in moved.items() if i not in fresh)
    if told := [near[i] for i, quote in fresh.items() if i in near and near[i].speaker != quote.speaker]:
        shelf.drop_echoes(told, keys)
    settled = set(_settled(moved, near, shelf))
    touched = {
        i for name in moved.keys() - settled for i in (name, moved[name].parent, _old_parent(near, name))
    }
    growth = _name(list(shelf.trees(i for i in touched if i)), shelf, now)
    new = (settled - near.keys()) - growth.placed.keys()
    placed = growth.placed | _follow(new, near | moved, growth.placed, shelf)
    shelf.name(placed, growth.merges)
    return Growth(placed, growth.merges)


def _relink(
    new: Mapping[str, KeptQuote],
    pairs: Sequence[Near],
    near: dict[str, KeptQuote],
    moved: Mapping[str, KeptQuote],
    shelf: Shelf,
) -> dict[str, KeptQuote]:
    """The quotes whose links are new, by id, when `new` ones are judged with what they are in `pairs` with.

    `near` are quotes as they were kept, `moved` those that have changed since; what is read is added.
    """
    kept = {quote.quote_id: quote for pair in pairs for quote in pair.kept}
    near |= kept
    known = {**kept, **{i: moved[i] for i in kept.keys() & moved.keys()}, **new}
    above = {quote.parent for quote in known.values() if quote.parent} - known.keys()
    near |= {quote.quote_id: quote for quote in shelf.quotes(sorted(above - near.keys() - moved.keys()))}
    quotes = [*known.values(), *(moved.get(i) or near[i] for i in sorted(above))]
    pool = Pool(quotes)
    fresh = {i for i, quote in enumerate(quotes) if quote.quote_id in new}
    links = best_links(pool, _offers(pool, fresh, pairs), links_of(quotes), fresh)
    return dict(_changed(quotes, pool, links, fresh))


def _changed(
    quotes: Sequence[KeptQuote], pool: Pool, links: Links, fresh: Set[int]
) -> Iterator[tuple[str, KeptQuote]]:
    for i, quote in enumerate(quotes):
        place = links.parent[i]
        parent = pool.ids[place] if place != NOWHERE else None
        if i in fresh or (parent and parent != quote.parent):
            rises = place != NOWHERE and pool.is_above(place, i)
            above = len(quotes[place].words) if rises else 0
            yield quote.quote_id, quote._replace(parent=parent, odds=links.odds[i], above=above)


def _offers(pool: Pool, fresh: Set[int], pairs: Sequence[Near]) -> Iterator[Offer]:
    """What wordings are offered: of the kept ones in `pairs`, and those of fresh quotes among themselves."""
    among = pool.candidates(sorted({pool.wording[quote] for quote in fresh}))
    if not pairs:
        yield from among
        return
    place = {words: i for i, words in enumerate(pool.wordings)}
    standing = {wording: i for i, wording in enumerate(sorted(place.values(), key=pool.place))}
    offered: defaultdict[int, dict[int, float]] = defaultdict(dict)
    for offer in among:
        offered[offer.asking] = dict(zip(offer.offered, offer.most, strict=True))
    for pair in pairs:
        a, b = map(place.__getitem__, pair.words)
        if a != b:
            high, low = sorted((a, b), key=standing.__getitem__)
            offered[low][high] = max(pair.most, offered[low].get(high, 0.0))
    for low in sorted(offered, key=standing.__getitem__):
        best = sorted(offered[low].items(), key=lambda item: (-item[1], standing[item[0]]))
        yield Offer(low, [high for high, _ in best], [most for _, most in best])


def _old_parent(near: Mapping[str, KeptQuote], quote_id: str) -> str | None:
    return near[quote_id].parent if quote_id in near else None


def _settled(moved: Mapping[str, KeptQuote], near: Mapping[str, KeptQuote], shelf: Shelf) -> Iterator[str]:
    """Quotes whose move changes no family but their own: their trees need not be read.

    New ones that join the family of their parent and name nobody else, or stand alone; known ones that hang
    elsewhere in the tree they were in.
    """
    known = {**near, **moved}
    bearing = {quote.parent for quote in moved.values()}
    for quote_id, quote in moved.items():
        if quote.parent is None:
            if quote_id not in near and quote_id not in bearing:
                yield quote_id
            continue
        speaker = parse_name(quote.speaker)
        parent = known[quote.parent]
        names_nobody_new = speaker == NOBODY or (
            same_person(quote.speaker, parent.speaker) == "same" and not _relays(parent, known)
        )
        top = _top(quote.parent, known, near)
        home = near[top].family if top is not None and top in near else None
        stays = near[quote_id].family == home if quote_id in near else top is not None
        left = _old_parent(near, quote_id)
        if names_nobody_new and stays and (not left or shelf.top(left) == shelf.top(quote_id) is not None):
            yield quote_id


def _relays(quote: KeptQuote, known: Mapping[str, KeptQuote]) -> bool:
    """Whether a quote hangs below one of another known speaker: it speaks in that one's family for nobody."""
    above = known.get(quote.parent or "")
    return above is not None and same_person(quote.speaker, above.speaker) == "different"


def _top(quote_id: str, known: Mapping[str, KeptQuote], near: Mapping[str, KeptQuote]) -> str | None:
    """The first kept quote that a quote leads up to, or the new one at the top; None in a circle."""
    seen: set[str] = set()
    while quote_id not in near:
        parent = known[quote_id].parent
        if parent is None:
            return quote_id
        if quote_id in seen:  # two of much the same length, each below the other
            return None
        seen.add(quote_id)
        quote_id = parent
    return quote_id


def _follow(
    leaves: Iterable[str], known: Mapping[str, KeptQuote], placed: Mapping[str, str], shelf: Shelf
) -> dict[str, str]:
    """The family of each leaf: that of the quote it leads up to, or a new one."""
    found: dict[str, str] = {}
    for leaf in sorted(leaves):
        path = [leaf]
        while (parent := known[path[-1]].parent) and not (placed.get(path[-1]) or found.get(path[-1])):
            path.append(parent)
            if known[parent].family:
                break
        top = path[-1]
        name = placed.get(top) or found.get(top) or known[top].family or _mint(top, shelf)
        found |= dict.fromkeys((i for i in path if i in leaves), name)
    return found


def links_of(quotes: Sequence[KeptQuote]) -> Links:
    """The links that these quotes have among themselves; of one to another quote, only how sure it is."""
    place = {quote.quote_id: i for i, quote in enumerate(quotes)}
    links = Links(len(quotes))
    for i, quote in enumerate(quotes):
        links.odds[i] = quote.odds
        if quote.parent in place:
            links.parent[i] = place[quote.parent]
    return links


def _name(quotes: Sequence[KeptQuote], shelf: Shelf, now: str) -> Growth:
    """The families of whole trees, each under the id that most of its members had, or a new one."""
    links = links_of(quotes)
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for i, group in enumerate(families(links, Pool(quotes))):
        groups[group].append(i)
    inherited = _inherited(quotes, groups)
    placed: dict[str, str] = {}
    merges: list[Merge] = []
    for group, members in groups.items():
        name, *gone = inherited.get(group) or [_mint(min(quotes[i].quote_id for i in members), shelf)]
        placed |= {quotes[i].quote_id: name for i in members if quotes[i].family != name}
        merges += (
            Merge(kept=name, gone=g, reason=_reason(quotes, links, members, g), when=now) for g in gone
        )
    return Growth(placed, tuple(merges))


def _inherited(quotes: Sequence[KeptQuote], groups: Mapping[int, list[int]]) -> dict[int, list[str]]:
    """The old ids of each group, the commonest first: an id goes where most of its members are."""
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


def _mint(first: str, shelf: Shelf) -> str:
    """A new id: from the least of the quotes' ids, as `group_quotes` does, or the next that is free."""
    name, again = stable_id("family", first), 1
    while shelf.is_taken(name):
        again += 1
        name = stable_id("family", first, str(again))
    return name


def _reason(quotes: Sequence[KeptQuote], links: Links, members: Sequence[int], gone: str) -> str:
    """The surest link between a member of the family that goes and one that was not of it."""
    bridges = [
        (links.odds[i], quotes[i].quote_id, quotes[links.parent[i]].quote_id)
        for i in members
        if links.parent[i] != NOWHERE
        and (quotes[i].family == gone) != (quotes[links.parent[i]].family == gone)
    ]
    odds, child, parent = max(bridges)
    return f"claim {child} reports the utterance of claim {parent} (log-odds {odds:.1f})"
