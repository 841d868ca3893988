"""The door of the room: quotes in, families of one utterance out.

quotes ─▶ pool (columns, distinct wordings) ─▶ candidates (shared telling shingles)
       ─▶ matches (word alignments) ─▶ evidence (log-odds) ─▶ forest (each quote's one parent)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from openrace.clustering.linking import best_links, circumstances, families, match_of
from openrace.clustering.quote_table import Pool, prepare
from openrace.clustering.scoring import NEVER, odds, reasons
from openrace.records import Quote, stable_id


def group_quotes(quotes: Iterable[Quote]) -> dict[str, str]:
    """The cluster id of each quote id, in the order of `quotes`.

    The same quotes give the same clusters and ids in any order. `quotes` is read once and may be a
    generator.
    """
    pool = Pool(map(prepare, quotes))
    links = best_links(pool, pool.candidates(range(len(pool.wordings))))
    groups = families(links, pool)
    first: dict[int, str] = {}
    for quote_id, group in zip(pool.ids, groups, strict=True):
        first[group] = min(first.get(group, quote_id), quote_id)
    names = {group: stable_id("family", quote_id) for group, quote_id in first.items()}
    return {quote_id: names[group] for quote_id, group in zip(pool.ids, groups, strict=True)}


class Explanation(NamedTuple):
    """Whether two quotes are one utterance by themselves, and why, in one line."""

    joins: bool
    told: str


def explain_pair(a: Quote, b: Quote) -> Explanation:
    """What speaks for and against two quotes being one utterance, as log-odds."""
    pool = Pool(map(prepare, (a, b)))
    above, below = (0, 1) if pool.is_above(0, 1) else (1, 0)
    match = match_of(pool, pool.wording[below], pool.wording[above])
    if match is None:
        return Explanation(False, "hardly a word in common")
    seen = circumstances(pool, below, above)
    told = reasons(match, seen)
    if told[0][1] == NEVER:
        return Explanation(False, f"kept apart: {told[0][0]}")
    total = odds(match, seen)
    verdict = "reports of one utterance" if total > 0 else "no reports of one utterance by themselves"
    terms = ", ".join(f"{name} {value:+.1f}" for name, value in told)
    return Explanation(total > 0, f"{verdict} ({total:+.1f}): {terms}")
