"""Reports of one utterance in English and in Chinese: how alike two wordings are by a dictionary's glosses.

English words ◀─ stems ─▶ senses of the Chinese words
                ─▶ how much of each the other tells, of the claims and of the sentences that hold them,
                   numbers by value ─▶ log-odds

A logistic model over a few readable features; `benchmarks/evaluate_cross_language.py` fits it on labelled
pairs and prints the figures on speakers that were left out. Whose words they are, and when, is decided by
whoever asks: only claims of one person within `MOST_DAYS` are compared.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from openrace.wordings.glosses import gloss_words, stems_of, weight_of_stem
from openrace.wordings.quantities import Quantity, numbers_of

MOST_DAYS = 3  # between two reports of one utterance; later the same person may be saying it again
LINE = 1.9  # log-odds from which two claims are one utterance: of pairs left out of the fit .972 are right
# The best of 2,000 is sooner right by chance than that of 20: the line is higher by CROWD for each e times
# as many English claims near in time as CROWD_FROM. Of 80 links of a fortnight, read, 5 of the 7 wrong ones
# were of the busiest speaker; on the labelled pairs it costs .005 of what is found.
CROWD, CROWD_FROM = 0.3, 100
WEIGHTS = {
    "always": -4.26,
    "English told": 3.6,
    "Chinese told": 4.5,
    "lesser share": 2.03,
    "numbers": 0.75,
    "days": -0.38,
    "sentences": 4.36,
}
PADDING = 10.0  # added to what a wording tells: of a short one any other says much
LATIN_WEIGHT = 6.0  # of a Latin word inside Chinese, mostly a name
HEAVIEST = 7.0  # a word that the dictionary has once tells no more than a rare one
MOST_UNTOLD = 4.0  # of a word without a counterpart: the dictionary may only lack the sense
CANDIDATES = 30  # English wordings, by what they share, that are looked at closely
MOST_NUMBERS = 2  # shared; more tell no more
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9.-]+")
_VERSION = re.compile(r"(?<![A-Za-z])([A-Z][A-Za-z]+)[-\s]?(\d+(?:\.\d+)?)(?![\d%])")  # GPT-4.5, Grok 3


class EnglishWording(NamedTuple):
    """What an English wording tells: the weight of each stem, its numbers, the versions of what it names."""

    stems: Mapping[str, float]
    numbers: tuple[Quantity, ...]
    versions: Mapping[str, frozenset[str]]


class ChineseWording(NamedTuple):
    """What a Chinese wording tells: what each of its words can mean, its numbers, its versions."""

    words: tuple[frozenset[str], ...]
    latin: frozenset[str]
    numbers: tuple[Quantity, ...]
    versions: Mapping[str, frozenset[str]]


class Likeness(NamedTuple):
    """How much of what each of two wordings tells the other tells too: 0 to 1."""

    english: float
    chinese: float


class TranslationMatch(NamedTuple):
    """The English claim whose wording a Chinese one fits best."""

    claim: str
    odds: float


@lru_cache(maxsize=1 << 14)
def read_english(text: str) -> EnglishWording:
    """Return what an English wording tells."""
    stems = {stem: _weight(stem) for stem in stems_of(text) if not stem[0].isdigit()}
    return EnglishWording(stems, numbers_of(text), versions_of(text))


@lru_cache(maxsize=1 << 14)
def read_chinese(text: str) -> ChineseWording:
    """Return what a Chinese wording tells."""
    words = {gloss.word: gloss.stems for gloss in gloss_words(text)}
    latin = frozenset(stem for word in _LATIN.findall(text) for stem in stems_of(word))
    return ChineseWording(tuple(words.values()), latin, numbers_of(text), versions_of(text))


def _weight(stem: str) -> float:
    return min(weight_of_stem(stem), HEAVIEST)


def versions_of(text: str) -> dict[str, frozenset[str]]:
    """Return which versions of each name a text in either language has: GPT-4.5 and GPT 5."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for name, version in _VERSION.findall(text):
        found[name.lower()].add(version)
    return {name: frozenset(versions) for name, versions in found.items()}


def likeness(english: EnglishWording, chinese: ChineseWording) -> Likeness:
    """Return how much of each of two wordings the other tells."""
    found: set[str] = set(chinese.latin & english.stems.keys())
    told, whole = LATIN_WEIGHT * len(found), LATIN_WEIGHT * len(chinese.latin)
    for meanings in chinese.words:
        shared = meanings & english.stems.keys()
        found |= shared
        best = max((english.stems[stem] for stem in shared), default=0.0)
        told += best
        whole += best or _usual_weight(meanings)
    shared_weight = sum(english.stems[stem] for stem in sorted(found))
    return Likeness(shared_weight / (sum(english.stems.values()) + PADDING), told / (whole + PADDING))


def features(
    english: EnglishWording, chinese: ChineseWording, days: int, sentences: Likeness | None = None
) -> dict[str, float] | None:
    """Return the value of each feature, in the order of WEIGHTS; None where numbers or versions contradict.

    `sentences` is the likeness of the sentences that hold the claims; of the wordings where it is not given.
    """
    numbers = sum(any(n.agrees(other) for other in chinese.numbers) for n in english.numbers)
    if (english.numbers and chinese.numbers and not numbers) or _other_version(english, chinese):
        return None
    told = likeness(english, chinese)
    return {
        "always": 1.0,
        "English told": told.english,
        "Chinese told": told.chinese,
        "lesser share": min(told),
        "numbers": min(numbers, MOST_NUMBERS),
        "days": days,
        "sentences": min(sentences or told),
    }


def _other_version(english: EnglishWording, chinese: ChineseWording) -> bool:
    """Return whether the two tell of one thing in versions of which none is the same."""
    return any(
        versions.isdisjoint(chinese.versions.get(name, versions))
        for name, versions in english.versions.items()
    )


@lru_cache(maxsize=1 << 16)
def _usual_weight(meanings: frozenset[str]) -> float:
    """Return what a Chinese word tells of which no sense is found: the mean over its senses, but not much."""
    return min(sum(sorted(map(_weight, meanings))) / len(meanings), MOST_UNTOLD)


def log_odds(
    english: EnglishWording, chinese: ChineseWording, days: int, sentences: Likeness | None = None
) -> float:
    """Return the log-odds that wordings of one person, so many days apart, are one utterance.

    -inf where their numbers or versions contradict.
    """
    values = features(english, chinese, days, sentences)
    return -math.inf if values is None else weigh(values)


def weigh(values: Mapping[str, float]) -> float:
    """Return the log-odds that the features of a pair make."""
    return round(sum(WEIGHTS[name] * value for name, value in values.items()), 6)


def line_among(claims: int) -> float:
    """Return the log-odds that the best match among so many claims needs."""
    return LINE + CROWD * math.log(max(1.0, claims / CROWD_FROM))


class Said(NamedTuple):
    """The wording of a claim and the sentences that hold it."""

    text: str
    context: str


class EnglishClaims:
    """English claims of one person, by the stems of their words."""

    def __init__(self, claims: Mapping[str, Said]) -> None:
        self._claims = claims
        self._wordings = {claim: read_english(said.text) for claim, said in sorted(claims.items())}
        self._with: defaultdict[str, list[str]] = defaultdict(list)
        for claim, wording in self._wordings.items():
            for stem in wording.stems:
                self._with[stem].append(claim)

    def best_match(self, chinese: Said, near: Mapping[str, int]) -> TranslationMatch | None:
        """Return which claim of `near` (id → days apart) says what a Chinese one says; None for none."""
        read, around = read_chinese(chinese.text), read_chinese(chinese.context)
        found = []
        for claim in self._candidates(read, near):
            sentences = likeness(read_english(self._claims[claim].context), around)
            odds = log_odds(self._wordings[claim], read, near[claim], sentences)
            found.append(TranslationMatch(claim, odds))
        best = max(found, key=lambda match: (match.odds, match.claim), default=None)
        return best if best and best.odds >= line_among(len(near)) else None

    def _candidates(self, chinese: ChineseWording, near: Mapping[str, int]) -> list[str]:
        shared: defaultdict[str, float] = defaultdict(float)
        for stem in sorted(frozenset().union(*chinese.words) | chinese.latin):
            for claim in self._with.get(stem, ()):
                if claim in near:
                    shared[claim] += self._wordings[claim].stems[stem]
        return sorted(shared, key=lambda claim: (-shared[claim], claim))[:CANDIDATES]
