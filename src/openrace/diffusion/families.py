"""The door of the room: quotes in, families of one utterance out.

    quotes ─▶ pool (columns, distinct wordings) ─▶ candidates (shared rare shingles)
           ─▶ matches (alignments) ─▶ evidence (log-odds of pairs) ─▶ clusters (surest first)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from openrace.diffusion.candidates import candidate_pairs
from openrace.diffusion.clusters import Edge, connect
from openrace.diffusion.evidence import SCORE_AT_LEAST, Circumstances, score
from openrace.diffusion.matches import Match, align
from openrace.diffusion.pool import NO_DAY, Pool
from openrace.diffusion.voices import relation
from openrace.records import Quote, stable_id

ALL_PAIRS = 64  # up to so many pairs of quotes of two wordings, each is looked at


def group_quotes(quotes: Iterable[Quote]) -> dict[str, str]:
    """The cluster id of each quote id, in the order of `quotes`.

    The same quotes give the same clusters and ids in any order. `quotes` is read once and may be a generator;
    a million take about 2 GB.
    """
    pool = Pool(quotes)
    groups = connect(_edges(pool), pool.ids, pool.voice)
    names: dict[int, str] = {}
    for i, group in enumerate(groups):
        names[group] = min(names.get(group, pool.ids[i]), pool.ids[i])
    named = {group: stable_id("family", first) for group, first in names.items()}
    return {quote_id: named[group] for quote_id, group in zip(pool.ids, groups, strict=True)}


def _edges(pool: Pool) -> list[Edge]:
    pairs = list(_compared(pool))
    shared = _shared_quotes(pool, pairs)
    return [edge for match, a, b in pairs if (edge := _edge(pool, match, a, b, shared)) is not None]


def _compared(pool: Pool) -> Iterator[tuple[Match, int, int]]:
    """Every pair of quotes that is worth judging, with the match of their wordings (shorter first)."""
    holders = pool.holders()
    for wording, mine in zip(pool.wordings, holders, strict=True):
        if wording and len(mine) > 1:
            match = align(wording, wording)
            for a, b in _meetings(mine, mine):
                yield match, a, b
    for short, long in candidate_pairs(pool.wordings).tolist():
        match = align(pool.wordings[short], pool.wordings[long])
        if match.coverage < 0.35:
            continue
        for a, b in _meetings(holders[short], holders[long]):
            yield match, a, b


def _meetings(mine: list[int], theirs: list[int]) -> Iterator[tuple[int, int]]:
    """Pairs of quotes of two wordings: all where they are few, else each with its next in time."""
    if mine is theirs:
        few = len(mine) * len(mine) <= ALL_PAIRS
        for k, a in enumerate(mine):
            for b in mine[k + 1 :] if few else mine[k + 1 : k + 4]:
                yield a, b
        return
    if len(mine) * len(theirs) <= ALL_PAIRS:
        yield from ((a, b) for a in mine for b in theirs)
        return
    yield from zip(mine, theirs, strict=False)


def _shared_quotes(pool: Pool, pairs: list[tuple[Match, int, int]]) -> Counter[tuple[int, int]]:
    """How many quotes two articles share by wording alone."""
    strong = ((a, b) for match, a, b in pairs if _is_strong(match))
    return Counter(_articles(pool, a, b) for a, b in strong if pool.article[a] != pool.article[b])


def _is_strong(match: Match) -> bool:
    return match.coverage > 0.9 and match.common > 10


def _articles(pool: Pool, a: int, b: int) -> tuple[int, int]:
    x, y = pool.article[a], pool.article[b]
    return (x, y) if x < y else (y, x)


def _edge(pool: Pool, match: Match, a: int, b: int, shared: Counter[tuple[int, int]]) -> Edge | None:
    odds = score(match, _circumstances(pool, match, a, b, shared))
    return Edge(odds, a, b) if odds > SCORE_AT_LEAST else None


def _circumstances(
    pool: Pool, match: Match, a: int, b: int, shared: Counter[tuple[int, int]]
) -> Circumstances:
    together = pool.article[a] == pool.article[b]
    undated = NO_DAY in (pool.day[a], pool.day[b])
    return Circumstances(
        relation=relation(pool.voice[a], pool.voice[b]),
        days=None if undated else abs(pool.day[a] - pool.day[b]),
        same_article=together,
        shared_quotes=0 if together else shared[_articles(pool, a, b)] - _is_strong(match),
        embedded=_embedded(pool, a, b),
    )


def _embedded(pool: Pool, a: int, b: int) -> bool:
    """Whether the words of `a` stand inside inner quotation marks of `b`."""
    words = pool.wordings[pool.wording[a]]
    inner = pool.inner.get(b, ())
    return any(words in said or (said in words and len(said) > 0.6 * len(words)) for said in inner)
