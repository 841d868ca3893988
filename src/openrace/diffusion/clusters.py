"""Clusters: from scored pairs to groups, the surest pairs first, never two known speakers in one group."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from openrace.diffusion.voices import NOBODY, Voice, relation


class Edge(NamedTuple):
    """Two quotes (indexes into the pool) that seem to be one utterance, and how surely (log-odds)."""

    score: float
    a: int
    b: int


def connect(edges: Iterable[Edge], ids: Sequence[str], voices: Sequence[Voice]) -> list[int]:
    """The group of each quote, as the index of one of its members.

    Single linkage in the order of certainty (Kruskal), equal scores by the quotes' ids, so that the order in
    which they came does not matter. A link that would bring two different known speakers into one
    group through somebody unknown is left out; one between two different speakers themselves had
    evidence enough to overcome that (a relay that consists of the very words).
    """
    parents = list(range(len(ids)))
    known: dict[int, set[Voice]] = {}

    def root(i: int) -> int:
        while parents[i] != i:
            parents[i] = parents[parents[i]]
            i = parents[i]
        return i

    def speakers(i: int) -> set[Voice]:
        return known.get(i) or ({voices[i]} if voices[i] != NOBODY else set())

    for edge in sorted(edges, key=lambda e: (-e.score, *sorted((ids[e.a], ids[e.b])))):
        a, b = root(edge.a), root(edge.b)
        if a == b:
            continue
        mine, theirs = speakers(a), speakers(b)
        relayed = relation(voices[edge.a], voices[edge.b]) == "different"
        if not relayed and any(relation(x, y) == "different" for x in mine for y in theirs):
            continue
        parents[b] = a
        if mine or theirs:
            known[a] = mine | theirs
    return [root(i) for i in range(len(ids))]
