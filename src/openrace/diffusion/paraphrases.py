"""Paraphrases: reports without marks, attached to the quotation whose words they tell in others.

Only where the speaker is the same, no more than `LONGEST_DELAY` days lie between, and the content words of
the report that tell anything are largely those of the quotation. An attachment is a pointer: it never enters
a family's wording. It depends on the set of claims alone, not on the order in which they came.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain
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


def unsettled(
    sayings: Iterable[Saying], families: Collection[str], kept: Mapping[str, str]
) -> Iterator[Saying]:
    """Those of one speaker's reports that `families`, which changed, may have to do with.

    `sayings` are reports, and what these families quote within `LONGEST_DELAY` of them. `kept` is the family
    that each report was attached to until now.
    """
    said = list(sayings)
    changed = _InTime(saying for saying in said if not saying.reported and saying.family in families)
    for report in (saying for saying in said if saying.reported):
        if report.family in families or kept.get(report.claim) in families or changed.likest(report):
            yield report


def attach(reports: Iterable[Saying], quotations: Iterable[Saying]) -> Iterator[tuple[Saying, Found | None]]:
    """What each report of one speaker paraphrases, of all that the speaker said near to it in time."""
    quoted = _InTime(quotations)
    for report in reports:
        yield report, quoted.likest(report)


class _InTime:
    """Quotations of one speaker in the order of time, and which of them hold a stem."""

    def __init__(self, quoted: Iterable[Saying]) -> None:
        self._quoted = sorted(quoted, key=lambda saying: (saying.day, saying.claim))
        self._days = [saying.day for saying in self._quoted]
        self._holding: defaultdict[int, list[int]] = defaultdict(list)
        for place, saying in enumerate(self._quoted):
            for stem in _numbers(saying.stems):
                self._holding[stem].append(place)

    def likest(self, report: Saying) -> Found | None:
        """The quotation that has the largest share of a report, of equal ones the earliest."""
        mine = {ord(stem) >> 3: WEIGHTS[ord(stem) & 7] for stem in report.stems}
        told = {place: share for place in self._near(report, mine) if (share := self._share(mine, place))}
        if not told:
            return None
        best = min(told, key=lambda place: (-told[place], place))
        family = self._quoted[best].family
        same = (self._quoted[place] for place in told if self._quoted[place].family == family)
        hedges = frozenset(hedge for quoted in same for hedge in quoted.hedges)
        return Found(family, round(told[best], 3), _numbers(self._quoted[best].stems), hedges)

    def _near(self, report: Saying, stems: Iterable[int]) -> Iterator[int]:
        """Those of other families within `LONGEST_DELAY` of a report that share enough of its stems."""
        begin = bisect_left(self._days, report.day - LONGEST_DELAY)
        end = bisect_right(self._days, report.day + LONGEST_DELAY)
        holding = (self._holding[stem] for stem in stems if stem in self._holding)
        for place, shared in Counter(chain.from_iterable(holding)).items():
            is_near = shared >= LEAST_SHARED and begin <= place < end
            if is_near and self._quoted[place].family != report.family:
                yield place

    def _share(self, mine: Mapping[int, float], place: int) -> float:
        """The share of what a report tells that a quotation says too; 0 where that is too little."""
        theirs = _numbers(self._quoted[place].stems)
        weight = sum(weight for stem, weight in mine.items() if stem in theirs)
        share = weight / sum(mine.values())
        return share if weight >= LEAST_WEIGHT and share >= LEAST_SHARE else 0.0


def _numbers(stems: str) -> frozenset[int]:
    return frozenset(ord(stem) >> 3 for stem in stems)


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
