"""Grouping where no process sees all quotes: the rules of `group_quotes`, for one part at a time.

wordings ─▶ fingerprints ─▶ pairs that share some ─▶ candidates (`blocking`)
         ─▶ offers to the quotes of one asking wording ─▶ the best offer to each quote ─▶ clusters of trees

Each step needs all that belongs to one fingerprint, one pair, one asking wording, one quote or one tree, and
nothing else; so it may be done in any number of parts. What an engine does in between is to bring together
what belongs together. The clusters and their ids are those of one process.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from openrace.clustering.blocking import Candidates, Fingerprints, fingerprints
from openrace.clustering.grouping import cluster_ids
from openrace.clustering.incremental import links_of
from openrace.clustering.linking import NO_PARENT, Links, offers
from openrace.clustering.quote_table import QuoteTable
from openrace.person_names import name_key, parse_name
from openrace.records import StoredQuote


class Offer(NamedTuple):
    """A parent offered to a quote. Of several the least is the best: fields stand in that order."""

    falls: bool  # the parent is hardly shorter: counts only where nothing above the quote is offered
    doubt: float  # the less, the better: −log-odds that both report one utterance
    rank: int  # −words of the parent: the fuller wording before the shorter
    words: str  # the parent's wording
    day: int
    parent: str  # its quote id


def wording_fingerprints(wordings: Sequence[str], speakers: Sequence[Iterable[str | None]]) -> Fingerprints:
    """Return the fingerprints of encoded wordings, of which each has so many speakers."""
    named = [
        (i, number)
        for i, names in enumerate(speakers)
        for number in {name_key(parse_name(name)) for name in names}
        if number
    ]
    return fingerprints(wordings, [i for i, _ in named], [number for _, number in named])


def offers_to(
    asking: Iterable[str], candidates: Mapping[str, Iterable[str]], quotes: Iterable[StoredQuote]
) -> Iterator[tuple[str, Offer]]:
    """Yield the id of a quote and the best parent that these wordings give it, one above it or below.

    Args:
        asking: encoded wordings that look for parents of their quotes.
        candidates: for each of them the wordings to compare it with; those that are shorter, or of one length
            and later in their order, are passed over: there it is for them to ask.
        quotes: all quotes of all these wordings.
    """
    table = QuoteTable(quotes)
    place = {words: i for i, words in enumerate(table.wordings)}
    ranks = {i: table.rank(i) for i in place.values()}
    wanted = sorted(map(place.__getitem__, asking), key=ranks.__getitem__)
    pairs = (
        Candidates(
            low,
            sorted(
                (
                    high
                    for high in map(place.__getitem__, candidates.get(table.wordings[low], ()))
                    if ranks[high] < ranks[low]
                ),
                key=ranks.__getitem__,
            ),
        )
        for low in wanted
    )
    found = offers(table, pairs, asking=wanted)
    yield from _offers_of(table, found.up, falls=False)
    yield from _offers_of(table, found.down, falls=True)


def _offers_of(table: QuoteTable, links: Links, *, falls: bool) -> Iterator[tuple[str, Offer]]:
    for quote, parent in enumerate(links.parent):
        if parent != NO_PARENT:
            rank, words = table.rank(table.wording[parent])
            offer = Offer(falls, -links.odds[quote], rank, words, table.day[parent], table.ids[parent])
            yield table.ids[quote], offer


def cluster_trees(quotes: Sequence[StoredQuote]) -> dict[str, str]:
    """Return the cluster id of each quote id; the quotes are those of whole trees, with their parents."""
    return cluster_ids(QuoteTable(quotes), links_of(quotes))
