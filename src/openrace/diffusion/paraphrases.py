"""Paraphrases: reports without marks, attached to the quotation whose words they tell in others.

Only where the speaker is the same, no more than `LONGEST_DELAY` days lie between, and the content words of
the report that tell anything are largely those of the quotation. An attachment is a pointer: it never enters
a family's wording. It depends on the set of claims alone, not on the order in which they came.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from openrace.diffusion.meaning import HEDGES
from openrace.diffusion.pool import day_of
from openrace.diffusion.voices import NOBODY, voice
from openrace.diffusion.wording import WEIGHTS, code_point, is_common, words
from openrace.records import Paraphrase, Quote, Saying

LEAST_SHARED = 2  # content words
LEAST_WEIGHT = 8.0  # what they must tell together (weights as in `wording`)
LEAST_SHARE = 0.3  # of what the report's content words tell
LONGEST_DELAY = 45  # days; later the same speaker may be talking of it again
_ENDING = re.compile(r"(?<=[^\W\d_]{3})(?:ing|ed|ly|er|est|ion|s|e)$")


def saying_of(quote: Quote, family: str) -> Saying | None:
    """What a claim tells; None where nobody is named or nothing is told."""
    told = dict.fromkeys(words(quote.text))
    stems = "".join(map(_stem, told))
    if quote.speaker is None or voice(quote.speaker) == NOBODY or not stems:
        return None
    return Saying(
        speaker=quote.speaker,
        day=day_of(quote.date),
        claim=quote.quote_id,
        family=family,
        reported=quote.kind == "indirect",
        stems=stems,
        hedges="".join(code_point(word) for word in told if word in HEDGES),
    )


@lru_cache(maxsize=1 << 16)
def _stem(word: str) -> str:
    """The character of a word: its stem, and in the lowest three bits how much the word tells.

    Nothing for a word that every text has.
    """
    if is_common(word):
        return ""
    stem = ord(code_point(_ENDING.sub("", word)))
    return chr((stem & ~7) | (ord(code_point(word)) & 7))


class Found(NamedTuple):
    """The quotation that a report tells in other words: how largely, and what its family hedges with."""

    family: str
    score: float
    stems: frozenset[int]
    hedges: frozenset[str]


def attach(
    sayings: Iterable[Saying], days: Sequence[int], families: Collection[str], kept: Mapping[str, str]
) -> Iterator[tuple[Saying, Found | None]]:
    """What each report now paraphrases, of those for which `families` can have changed it.

    `sayings` are all of one speaker's within twice `LONGEST_DELAY` of `days` (in order), on which these
    families gained or lost some. `kept` is the family that each report was attached to until now.
    """
    said = list(sayings)
    quoted = [saying for saying in said if not saying.reported]
    every, fresh = _InTime(quoted), _InTime(saying for saying in quoted if saying.family in families)
    for report in (saying for saying in said if saying.reported and _is_near(saying.day, days)):
        mine = _weights(report.stems)
        touched = report.family in families or kept.get(report.claim) in families
        if touched or any(_share(mine, stems) for _, stems in fresh.near(report)):
            yield report, _likest(mine, every.near(report))


def _is_near(day: int, days: Sequence[int]) -> bool:
    place = bisect_left(days, day - LONGEST_DELAY)
    return place < len(days) and days[place] <= day + LONGEST_DELAY


class _InTime:
    """Quotations with the numbers of their stems, in the order of time."""

    def __init__(self, quoted: Iterable[Saying]) -> None:
        self._rows = [(q, _numbers(q.stems)) for q in sorted(quoted, key=lambda q: (q.day, q.claim))]
        self._days = [q.day for q, _ in self._rows]

    def near(self, report: Saying) -> list[tuple[Saying, frozenset[int]]]:
        """Those of other families within `LONGEST_DELAY` of `report`."""
        begin = bisect_left(self._days, report.day - LONGEST_DELAY)
        end = bisect_right(self._days, report.day + LONGEST_DELAY)
        return [row for row in self._rows[begin:end] if row[0].family != report.family]


def _likest(mine: Mapping[int, float], near: Sequence[tuple[Saying, frozenset[int]]]) -> Found | None:
    """The quotation that has the largest share of a report, of equal ones the earliest."""
    best: tuple[float, Saying, frozenset[int]] | None = None
    for quoted, stems in near:
        share = _share(mine, stems)
        if share and (best is None or share > best[0]):
            best = share, quoted, stems
    if best is None:
        return None
    family = best[1].family
    hedges = frozenset(hedge for quoted, _ in near if quoted.family == family for hedge in quoted.hedges)
    return Found(family, round(best[0], 3), best[2], hedges)


def _share(mine: Mapping[int, float], theirs: frozenset[int]) -> float:
    """The share of what a report tells that a quotation says too; 0 where that is too little."""
    both = mine.keys() & theirs
    if len(both) < LEAST_SHARED:
        return 0.0
    weight = sum(mine[stem] for stem in both)
    share = weight / sum(mine.values())
    return share if weight >= LEAST_WEIGHT and share >= LEAST_SHARE else 0.0


def _numbers(stems: str) -> frozenset[int]:
    return frozenset(ord(stem) >> 3 for stem in stems)


def _weights(stems: str) -> dict[int, float]:
    return {ord(stem) >> 3: WEIGHTS[ord(stem) & 7] for stem in stems}


def paraphrase(report: Saying, text: str, found: Found) -> Paraphrase:
    """The record of what was found for a report; `text` is its own."""
    told = dict.fromkeys(words(text))
    shared = {ord(stem) >> 3: word for word in told if (stem := _stem(word))}
    return Paraphrase(
        claim_id=report.claim,
        score=found.score,
        shared=tuple(word for stem, word in shared.items() if stem in found.stems),
        softened=tuple(word for word in told if word in HEDGES and code_point(word) not in found.hedges),
    )
