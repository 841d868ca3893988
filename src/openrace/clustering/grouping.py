"""Grouping in one run: quotes in, clusters of one utterance out.

quotes ─▶ quote table (columns, distinct wordings) ─▶ candidates (shared fingerprints)
       ─▶ matches (word alignments) ─▶ log-odds (match model) ─▶ parent links ─▶ clusters
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from openrace.clustering.components import clusters
from openrace.clustering.linking import Links, best_links, match_of
from openrace.clustering.pair_contexts import pair_context
from openrace.clustering.quote_table import QuoteTable, prepare
from openrace.clustering.scoring import NEVER, log_odds, reasons
from openrace.memory import without_cycle_search
from openrace.records import Quote, stable_id


@without_cycle_search
def group_quotes(quotes: Iterable[Quote]) -> dict[str, str]:
    """Return the cluster id of each quote id, in the order of `quotes`.

    The same quotes give the same clusters and ids in any order. `quotes` is read once and may be a
    generator.
    """
    table = QuoteTable(map(prepare, quotes))
    links = best_links(table, table.candidates(range(len(table.wordings))))
    return cluster_ids(table, links)


def cluster_ids(table: QuoteTable, links: Links) -> dict[str, str]:
    """Return the cluster id of each quote id: minted from the least of the ids in its cluster."""
    found = clusters(links, table)
    first: dict[int, str] = {}
    for quote_id, cluster in zip(table.ids, found, strict=True):
        first[cluster] = min(first.get(cluster, quote_id), quote_id)
    names = {cluster: stable_id("family", quote_id) for cluster, quote_id in first.items()}
    return {quote_id: names[cluster] for quote_id, cluster in zip(table.ids, found, strict=True)}


class Explanation(NamedTuple):
    """Whether two quotes are one utterance by themselves, and why, in one line."""

    joins: bool
    text: str


def explain_pair(a: Quote, b: Quote) -> Explanation:
    """Return what speaks for and against two quotes being one utterance, as log-odds."""
    table = QuoteTable(map(prepare, (a, b)))
    above, below = (0, 1) if table.is_above(0, 1) else (1, 0)
    match = match_of(table, table.wording[below], table.wording[above])
    if match is None:
        return Explanation(False, "hardly a word in common")
    context = pair_context(table, below, above)
    terms = reasons(match, context)
    if terms[0][1] == NEVER:
        return Explanation(False, f"kept apart: {terms[0][0]}")
    total = log_odds(match, context)
    verdict = "reports of one utterance" if total > 0 else "no reports of one utterance by themselves"
    listed = ", ".join(f"{name} {value:+.1f}" for name, value in terms)
    return Explanation(total > 0, f"{verdict} ({total:+.1f}): {listed}")
