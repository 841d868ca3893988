"""Candidate retrieval: the kept quotes that a night's quotes are to be compared with.

new quotes ─▶ fingerprints ─▶ kept wordings that share enough of them ─▶ all quotes of these wordings
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from openrace.clustering.blocking import TWICE, fingerprints, is_enough
from openrace.person_names import name_key, parse_name
from openrace.records import StoredQuote

Ints = npt.NDArray[np.integer[Any]]

AT_ONCE = 100  # wordings looked up at a time: of a crowd of variants each may share fingerprints with each


class WordingQuery(NamedTuple):
    """A wording that is looked up: its words, and the fewest and most of one that weak fingerprints find."""

    length: int
    shortest: int
    longest: int


class CandidateFinder(Protocol):
    """Where kept quotes are found (the quote index)."""

    def sharing(
        self, keys: Iterable[tuple[int, int, int]], queries: Sequence[WordingQuery]
    ) -> tuple[Ints, Ints, Ints, Ints]:
        """Return the kept wordings that share fingerprints with queries: columns, a row for each pair.

        The columns are the index of the query, the key of the kept wording, its words, and how many
        fingerprints the two share. `keys` are the index of a query, a fingerprint and its kind. Selected ones
        of the shorter count, whatever they are to the longer, and those with a speaker where neither
        is more than twice as long.
        """

    def holders(self, keys: Iterable[int]) -> Iterable[tuple[int, list[StoredQuote]]]:
        """Return the key of each of these wordings, and all its quotes."""


class CandidatePair(NamedTuple):
    """New quotes of one wording, and kept ones of another or the same."""

    new: list[StoredQuote]
    kept: list[StoredQuote]

    @property
    def words(self) -> tuple[str, str]:
        """The new and the kept ones' words."""
        return self.new[0].words, self.kept[0].words


def keys(quotes: Sequence[StoredQuote]) -> Iterator[tuple[str, int, int]]:
    """Yield under which keys the words of quotes are found: the words, the fingerprint, its kind."""
    wordings = list(dict.fromkeys(quote.words for quote in quotes))
    place = {words: i for i, words in enumerate(wordings)}
    named = [
        (place[quote.words], number) for quote in quotes if (number := name_key(parse_name(quote.speaker)))
    ]
    found = fingerprints(wordings, [i for i, _ in named], [number for _, number in named])
    owner, key, kind = (column.tolist() for column in found)
    return zip(map(wordings.__getitem__, owner), key, kind, strict=True)


def candidate_pairs(
    fresh: Iterable[StoredQuote], finder: CandidateFinder, besides: Set[str] = frozenset()
) -> Iterator[CandidatePair]:
    """Yield what is kept near to `fresh` quotes; these, and those `besides` them, are no kept ones."""
    by_words: defaultdict[str, list[StoredQuote]] = defaultdict(list)
    for quote in fresh:
        if quote.words:
            by_words[quote.words].append(quote)
    new = besides | {quote.quote_id for quotes in by_words.values() for quote in quotes}
    groups = list(by_words.values())
    wanted: defaultdict[int, list[int]] = defaultdict(list)
    for begin in range(0, len(groups), AT_ONCE):
        for place, key in _sharing(groups[begin : begin + AT_ONCE], finder):
            wanted[key].append(begin + place)
    for key, quotes in finder.holders(wanted):
        if kept := [quote for quote in quotes if quote.quote_id not in new]:
            yield from (CandidatePair(groups[i], kept) for i in wanted[key])


def _sharing(groups: Sequence[list[StoredQuote]], finder: CandidateFinder) -> Iterator[tuple[int, int]]:
    """Yield which of `groups` share enough fingerprints with which kept wordings, by their keys."""
    place = {quotes[0].words: i for i, quotes in enumerate(groups)}
    rows = ((place[w], key, kind) for w, key, kind in keys([q for quotes in groups for q in quotes]))
    lengths = np.array([len(words) for words in place], np.int64)
    queries = [WordingQuery(n, -(-n // TWICE), TWICE * n) for n in lengths.tolist()]
    query, wording, length, shared = finder.sharing(rows, queries)
    enough = is_enough(shared, np.minimum(length, lengths[query]))
    return zip(query[enough].tolist(), wording[enough].tolist(), strict=True)
