"""Paraphrases: reports without marks, attached to the quotation whose words they tell in others.

Only where the speaker is the same, no more than `LONGEST_DELAY` days lie between, and the content words of
the report that tell anything are largely those of the quotation. An attachment is a pointer: it never enters
a family's wording. It depends on the set of claims alone, not on the order in which they came.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from openrace.diffusion.meaning_words import HEDGES
from openrace.person_names import NOBODY, parse_name
from openrace.records import Quote, Saying
from openrace.story import Paraphrase
from openrace.wordings.days import day_of
from openrace.wordings.normalise import WEIGHTS, code_point, is_common, words

LEAST_SHARED = 2  # content words
LEAST_WEIGHT = 8.0  # what they must tell together (weights as in `wording`)
LEAST_SHARE = 0.3  # of what the report's content words tell
LONGEST_DELAY = 45  # days; later the same speaker may be talking of it again
_ENDING = re.compile(r"(?<=[^\W\d_]{3})(?:ing|ed|ly|er|est|ion|s|e)$")


def saying_of(quote: Quote, family: str) -> Saying | None:
    """What a claim tells; None where nobody is named or nothing is told."""
    told = dict.fromkeys(words(quote.text))
    stems = {_stem(word): word for word in told if not is_common(word)}
    if quote.speaker is None or parse_name(quote.speaker) == NOBODY or not stems:
        return None
    return Saying(
        speaker=quote.speaker,
        day=day_of(quote.date),
        claim=quote.quote_id,
        family=family,
        reported=quote.kind == "indirect",
        stems="".join(stems),
        weights="".join(str(_weight_class(word)) for word in stems.values()),
        hedges="".join(code_point(word) for word in told if word in HEDGES),
    )


@lru_cache(maxsize=1 << 16)
def _stem(word: str) -> str:
    """The character that stands for the stem of a word."""
    return code_point(_ENDING.sub("", word))


def _weight_class(word: str) -> int:
    return ord(code_point(word)) & 7  # see `code_point`


class Found(NamedTuple):
    """The quotation that a report tells in other words: how largely, and what its family hedges with."""

    family: str
    score: float
    stems: frozenset[str]
    hedges: frozenset[str]


def unsettled(
    sayings: Iterable[Saying], families: Collection[str], attached: Collection[str]
) -> Iterator[Saying]:
    """Those of one speaker's reports that `families`, which changed, may have to do with.

    `sayings` are reports, and what these families quote within `LONGEST_DELAY` of them. `attached` are the
    claims that tell these families' words until now.
    """
    said = list(sayings)
    reports = [saying for saying in said if saying.reported]
    quoted = (saying for saying in said if not saying.reported and saying.family in families)
    changed = _InTime(quoted, reports)
    for report in reports:
        if report.family in families or report.claim in attached or changed.likest(report):
            yield report


def attach(reports: Sequence[Saying], quotations: Iterable[Saying]) -> Iterator[tuple[Saying, Found | None]]:
    """What each report of one speaker paraphrases, of all that the speaker said near to it in time."""
    quoted = _InTime(quotations, reports)
    for report in reports:
        yield report, quoted.likest(report)


class _InTime:
    """Quotations of one speaker in the order of time, and which of them hold a stem that `reports` hold."""

    def __init__(self, quoted: Iterable[Saying], reports: Iterable[Saying]) -> None:
        self._quoted = sorted(quoted, key=lambda saying: (saying.day, saying.claim))
        self._days = [saying.day for saying in self._quoted]
        self._holding: defaultdict[str, list[int]] = defaultdict(list)
        asked = {stem for report in reports for stem in report.stems}
        for place, saying in enumerate(self._quoted):
            for stem in asked.intersection(saying.stems):
                self._holding[stem].append(place)

    def likest(self, report: Saying) -> Found | None:
        """The quotation that has the largest share of a report, of equal ones the earliest."""
        told = {place: share for place in self._near(report) if (share := self._share(report, place))}
        if not told:
            return None
        best = min(told, key=lambda place: (-told[place], place))
        family = self._quoted[best].family
        same = (self._quoted[place] for place in told if self._quoted[place].family == family)
        hedges = frozenset(hedge for quoted in same for hedge in quoted.hedges)
        return Found(family, round(told[best], 3), frozenset(self._quoted[best].stems), hedges)

    def _near(self, report: Saying) -> Iterator[int]:
        """Those of other families within `LONGEST_DELAY` of a report that share enough of its stems."""
        holding = [self._holding[stem] for stem in report.stems if stem in self._holding]
        if len(holding) < LEAST_SHARED:
            return
        begin = bisect_left(self._days, report.day - LONGEST_DELAY)
        end = bisect_right(self._days, report.day + LONGEST_DELAY)
        for place, shared in Counter(chain.from_iterable(holding)).items():
            is_near = shared >= LEAST_SHARED and begin <= place < end
            if is_near and self._quoted[place].family != report.family:
                yield place

    def _share(self, report: Saying, place: int) -> float:
        """The share of what a report tells that a quotation says too; 0 where that is too little."""
        theirs = self._quoted[place].stems
        mine = {stem: WEIGHTS[int(weight)] for stem, weight in zip(report.stems, report.weights, strict=True)}
        weight = sum(weight for stem, weight in mine.items() if stem in theirs)
        share = weight / sum(mine.values())
        return share if weight >= LEAST_WEIGHT and share >= LEAST_SHARE else 0.0


def paraphrase(report: Saying, text: str, found: Found) -> Paraphrase:
    """The record of what was found for a report; `text` is its own."""
    told = dict.fromkeys(words(text))
    shared = {_stem(word): word for word in told if not is_common(word)}
    return Paraphrase(
        claim_id=report.claim,
        score=found.score,
        shared=tuple(word for stem, word in shared.items() if stem in found.stems),
        softened=tuple(word for word in told if word in HEDGES and code_point(word) not in found.hedges),
    )
