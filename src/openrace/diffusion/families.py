"""The door of the room: quotes in, families of one utterance out.

quotes ─▶ pool (columns, distinct wordings) ─▶ candidates (shared rare shingles)
       ─▶ matches (word alignments) ─▶ evidence (log-odds) ─▶ forest (each quote's one parent)
"""

from __future__ import annotations

from collections.abc import Iterable

from openrace.diffusion.candidates import candidate_pairs
from openrace.diffusion.forest import best_links, families
from openrace.diffusion.pool import Pool, prepare
from openrace.records import Quote, stable_id


def group_quotes(quotes: Iterable[Quote]) -> dict[str, str]:
    """The cluster id of each quote id, in the order of `quotes`.

    The same quotes give the same clusters and ids in any order. `quotes` is read once and may be a
    generator.
    """
    pool = Pool(map(prepare, quotes))
    links = best_links(pool, candidate_pairs(pool.wordings, pool.speakers()))
    groups = families(links, pool)
    first: dict[int, str] = {}
    for quote_id, group in zip(pool.ids, groups, strict=True):
        first[group] = min(first.get(group, quote_id), quote_id)
    names = {group: stable_id("family", quote_id) for group, quote_id in first.items()}
    return {quote_id: names[group] for quote_id, group in zip(pool.ids, groups, strict=True)}
