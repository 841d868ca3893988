"""Paraphrases: reports without marks, attached to the quotation whose words they tell in others.

Only where somebody in particular speaks, the same in both, and where the content words of the report and
those of the one or two sentences that it tells are largely the same: with a long answer any report shares
some words. A name alone tells no statement, however long it is, nor do countries, of which a week's news is
full. A number that the quotation lacks speaks of something else, and what was signed was not said. Chinese
is compared by pairs of characters, most of which are words, and not by characters. The further apart the
days, the more must be shared, and what two articles date differently was not said at once. An attachment is a
pointer: it never enters a family's wording. It depends on the set of claims alone, not on the order in which
they came.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, pairwise
from typing import NamedTuple

from openrace.diffusion.meaning_words import COUNTRIES, FUNCTION_HAN, HEDGES, NOBODY_IN_PARTICULAR
from openrace.diffusion.said_on import days_said
from openrace.person_names import NOBODY, parse_name
from openrace.records import Quote, Saying
from openrace.scripts import HAN, has_han, to_simplified
from openrace.story import Paraphrase
from openrace.wordings.days import day_of, is_day
from openrace.wordings.normalise import WEIGHTS, code_point, is_common, words

LEAST_SHARED = 2  # content words
LEAST_WEIGHT = 10.0  # what they must tell together (weights as in `wording`)
# Of 60 reports of a fortnight above it, drawn and read by hand, 2 told something else and 6 perhaps; of 24
# between .4 and it, 5 and 2.
LEAST_SHARE = 0.43  # twice what is shared, of what both tell (Dice)
SHARE_A_DAY = 0.02  # so much more for each day between them
LONGEST_DELAY = 14  # days; later the same speaker may be talking of it again
MOST_SENTENCES = 2  # that one report puts together
_ENDING = re.compile(r"(?<=[^\W\d_]{3})(?:ing|ed|ly|er|est|ion|s|e)$")
_SENTENCE_END = re.compile(r"[.!?。！？；;…\n]+(?=\s|$|[^\d\s])")
_RUN = re.compile(f"[{HAN}]+|[^{HAN}]+")
_PAIR_CLASS = 3  # the weight class of two characters: that of a Latin word of three letters
_NUMBER_CLASS = 8  # beyond those of `WEIGHTS`
_WEIGHTS = (*WEIGHTS, 2.0)
_SLIGHT = len(_WEIGHTS)  # added to the class of a country, and of all words of a name but its first
_EVIDENCE = (*_WEIGHTS, *(1.0 for _ in _WEIGHTS))  # what a shared word is worth towards LEAST_WEIGHT
_DIGITS = "0123456789abcdefgh"  # a class as one character
_APART = " "  # between the sentences of a saying
_NAME = re.compile(r"[A-Z][\w’'.-]*(?:(?: (?:of|the|and|for|de))* [A-Z][\w’'.-]*)+")
_HAN_COUNTRY = re.compile("|".join(name for name in COUNTRIES if has_han(name) and len(name) > 1))
_TITLE_CAPITALS = 0.6  # of words: in a headline capitals tell no names
# "signed an order imposing …", "签署行政命令，宣布…"
_SIGNED = re.compile(
    r"\bsign(?:s|ed|ing)\s+(?:[\w’'-]+\s+){0,5}(?:orders?|proclamations?|memorand(?:um|a)|bills?|documents?"
    r"|directives?|decrees?|deals?|contracts?|laws?)\b[^.;,]{0,24}$"
    r"|[签簽]署[^。；，,]{0,24}[，,]?(?:并|並|正式)?(?:宣布|宣佈|公布|下令|要求)?$"
)


def saying_of(quote: Quote, family: str) -> Saying | None:
    """Return what a claim tells; None where nobody in particular is named, or nothing is said but signed."""
    sentences = [found for part in _SENTENCE_END.split(quote.text) if (found := _content_words(part))]
    if quote.speaker is None or not (quote.listed or _is_somebody(quote.speaker)) or not sentences:
        return None
    before, after = quote.frame or ("", "")
    if quote.kind == "indirect" and _SIGNED.search(before):
        return None
    said = days_said(before, after, quote.date)
    return Saying(
        speaker=quote.speaker,
        day=day_of(quote.date),
        claim=quote.quote_id,
        family=family,
        reported=quote.kind == "indirect",
        stems=_APART.join("".join(_stem(word) for word in found) for found in sentences),
        weights=_APART.join("".join(map(_DIGITS.__getitem__, found.values())) for found in sentences),
        hedges="".join(code_point(word) for word in dict.fromkeys(words(quote.text)) if word in HEDGES),
        earliest=said.earliest,
        latest=said.latest,
    )


def _is_somebody(speaker: str) -> bool:
    """Return whether a printed name is that of somebody in particular (an id may be one plain word)."""
    return parse_name(speaker) != NOBODY and speaker.lower().removeprefix("the ") not in NOBODY_IN_PARTICULAR


def _content_words(text: str) -> dict[str, int]:
    """Return the words of `text` that tell something, one of each stem, each with the class of its weight.

    Of Chinese each two characters.
    """
    found: dict[str, tuple[str, int]] = {}
    for run in _RUN.findall(to_simplified(text)):
        for word, weight in _han_words(run) if has_han(run) else _latin_words(run):
            found.setdefault(_stem(word), (word, weight))
    return dict(found.values())


def _han_words(run: str) -> Iterator[tuple[str, int]]:
    within = {i for name in _HAN_COUNTRY.finditer(run) for i in range(name.start(), name.end() - 1)}
    for i, (a, b) in enumerate(pairwise(run)):
        if not {a, b} & FUNCTION_HAN:
            yield a + b, _PAIR_CLASS + _SLIGHT * (i in within)


def _latin_words(run: str) -> Iterator[tuple[str, int]]:
    within = {word for name in _names(run) for word in [w for w in words(name) if not is_common(w)][1:]}
    for word in words(run):
        if word[0].isdigit():
            yield word, _NUMBER_CLASS
        elif not is_common(word):
            yield word, (ord(code_point(word)) & 7) + _SLIGHT * (word in within or word in COUNTRIES)


def _names(text: str) -> list[str]:
    """Return the names of several words in `text`; none of a headline, where all words are capitalised."""
    printed = text.split()
    is_title = sum(word[0].isupper() for word in printed) > _TITLE_CAPITALS * len(printed)
    return [] if is_title else _NAME.findall(text)


@lru_cache(maxsize=1 << 16)
def _stem(word: str) -> str:
    """Return the character that stands for the stem of a word."""
    return code_point(_ENDING.sub("", word))


StemWeights = Mapping[str, int]  # the class of each stem


@lru_cache(maxsize=1 << 12)
def _sentences(stems: str, weights: str) -> tuple[StemWeights, ...]:
    pairs = zip(stems.split(_APART), weights.split(_APART), strict=True)
    return tuple({stem: _DIGITS.index(weight) for stem, weight in zip(*pair, strict=True)} for pair in pairs)


def _together(sentences: Iterable[StemWeights]) -> StemWeights:
    return dict(chain.from_iterable(sentence.items() for sentence in sentences))


class NearestQuotation(NamedTuple):
    """The quotation that a report tells in other words: how largely, and what its family hedges with."""

    family: str
    score: float
    stems: frozenset[str]
    hedges: frozenset[str]


def reports_to_match(
    sayings: Iterable[Saying], families: Collection[str], attached: Collection[str]
) -> Iterator[Saying]:
    """Yield those of one speaker's reports that `families`, which changed, may have to do with.

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


def attach(
    reports: Sequence[Saying], quotations: Iterable[Saying]
) -> Iterator[tuple[Saying, NearestQuotation | None]]:
    """Yield what each report of one speaker paraphrases, of all that the speaker said near to it in time."""
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
            for stem in asked.intersection(saying.stems) - {_APART}:
                self._holding[stem].append(place)

    def likest(self, report: Saying) -> NearestQuotation | None:
        """Return the quotation that shares most with a report, of equal ones the earliest."""
        shares = {place: share for place in self._near(report) if (share := self._share(report, place))}
        if not shares:
            return None
        best = min(shares, key=lambda place: (-shares[place], place))
        family = self._quoted[best].family
        same = (self._quoted[place] for place in shares if self._quoted[place].family == family)
        hedges = frozenset(hedge for quoted in same for hedge in quoted.hedges)
        return NearestQuotation(
            family, round(shares[best], 3), frozenset(self._quoted[best].stems) - {_APART}, hedges
        )

    def _near(self, report: Saying) -> Iterator[int]:
        """Yield those of other families within `LONGEST_DELAY` of a report that share enough of its stems."""
        stems = set(report.stems) - {_APART}
        holding = [self._holding[stem] for stem in sorted(stems) if stem in self._holding]
        if len(holding) < LEAST_SHARED:
            return
        begin = bisect_left(self._days, report.day - LONGEST_DELAY)
        end = bisect_right(self._days, report.day + LONGEST_DELAY)
        for place, shared in Counter(chain.from_iterable(holding)).items():
            is_near = shared >= LEAST_SHARED and begin <= place < end
            if is_near and self._quoted[place].family != report.family:
                yield place

    def _share(self, report: Saying, place: int) -> float:
        """Return how much a report shares with the sentences it tells; 0 where that is too little."""
        quoted = self._quoted[place]
        if report.latest < quoted.earliest or quoted.latest < report.earliest:
            return 0.0  # of two occasions, or printed before it was said
        if not _numbers(report) <= set(quoted.stems):
            return 0.0
        mine = _together(_sentences(report.stems, report.weights))
        theirs = _sentences(quoted.stems, quoted.weights)
        windows = (
            _together(theirs[begin : begin + size])
            for size in range(1, MOST_SENTENCES + 1)
            for begin in range(len(theirs) - size + 1)
        )
        share = max((_dice(mine, window) for window in windows), default=0.0)
        days = abs(report.day - quoted.day) if is_day(report.day) and is_day(quoted.day) else 0
        return share if share >= LEAST_SHARE + SHARE_A_DAY * days else 0.0


def _numbers(saying: Saying) -> set[str]:
    pairs = zip(saying.stems, saying.weights, strict=True)
    return {stem for stem, weight in pairs if weight == str(_NUMBER_CLASS)}


def _dice(mine: StemWeights, theirs: StemWeights) -> float:
    """Return twice what two sentences share, of what both tell; 0 where too little is shared to tell."""
    shared = [max(mine[stem], theirs[stem]) for stem in mine.keys() & theirs.keys()]
    telling = [weight for weight in shared if weight < _SLIGHT]
    if len(telling) < LEAST_SHARED or sum(_EVIDENCE[w] for w in shared) < LEAST_WEIGHT:
        return 0.0
    both = sum(_WEIGHTS[w % _SLIGHT] for w in chain(mine.values(), theirs.values()))
    return 2 * sum(_WEIGHTS[w % _SLIGHT] for w in shared) / both


def paraphrase(report: Saying, text: str, found: NearestQuotation) -> Paraphrase:
    """Return the record of what was found for a report; `text` is its own."""
    shared = [word for word in _content_words(text) if _stem(word) in found.stems]
    softened = (word for word in dict.fromkeys(words(text)) if word in HEDGES)
    return Paraphrase(
        claim_id=report.claim,
        score=found.score,
        shared=tuple(_runs(shared)),
        softened=tuple(word for word in softened if code_point(word) not in found.hedges),
    )


def _runs(shared: Iterable[str]) -> Iterator[str]:
    """Yield words, overlapping pairs of characters as the run they make: 关税 and 税政 as 关税政."""
    run = ""
    for word in shared:
        if run and has_han(word) and run[-1] == word[0]:
            run += word[1:]
        else:
            yield from [run] * bool(run)
            run = word
    yield from [run] * bool(run)
