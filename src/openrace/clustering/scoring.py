"""Evidence: what speaks for and against two quotes being reports of one utterance, added up.

A logistic model over eight readable signs. The weights were fitted on labelled pairs of real news quotes
(``benchmarks/fit_evidence.py``); on families left out of the fit they give pair precision .89 at recall
.86. Signs that did not help there are not here: the share of the longer quote, whether the outlet is the
same, how many other quotes two articles share.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from openrace.person_names import Relation
from openrace.wordings.align import Match
from openrace.wordings.normalise import COMMON

Ints = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.float64]

WEIGHTS = {
    "always": -4.62,
    "run": 0.72,
    "lost": -0.78,
    "lost, in one article": -1.67,
    "exact": 2.14,
    "same speaker": 2.09,
    "same article": -1.05,
    "same day": 1.22,
    "days": -0.59,
}
LONG_RUN = 12  # words: a run of more says no more
UNKNOWN_DAYS = 3  # an undated quote is taken to be so far away
# Two different known speakers: only the very words, so many in a row, are a relay of one utterance; a common
# word or two at its edge ("has to do" for "will have to do") may be the relayer's grammar.
RELAY_RUN, RELAY_LOST = 8, 1.0
# One known speaker and half of the longer wording's words in the same order: retold in other words (another
# transcription, a reworded copy). 14 of 16 such pairs among the labelled quotes are one utterance; the two
# others are a speech that repeats itself, and asking for much the same length spares one of them.
RETOLD_SHARE, RETOLD_LENGTH, RETOLD_WORDS, RETOLD = 0.5, 0.85, 10, 0.5
# One known speaker, two articles within days, and a telling run that is most of the shorter quote: the
# labelled quotes call that one utterance where the articles do not settle it.
KEPT_DAYS, KEPT_RUN, KEPT_WEIGHT, KEPT_SHARE = 3, 6, 12.0, 0.5
NEVER = -99.0
ROUNDING = 1e-9  # what the order of a sum may change


class Circumstances(NamedTuple):
    """What surrounds two quotes."""

    relation: Relation
    days: int | None  # between the two dates; None where either is unknown
    same_article: bool
    embedded: bool = False  # the shorter stands inside quotation marks within the longer
    reported: int = 0  # how many of the two are a reporter's words


def _signs_of_words(match: Match, together: bool) -> tuple[tuple[str, float], ...]:
    lost = math.log1p(match.lost)
    return (
        ("run", min(match.run, LONG_RUN)),
        ("lost", lost),
        ("lost, in one article", lost * together),
        ("exact", match.lost == 0),
    )


def _signs_around(same_speaker: bool, days: int | None, together: bool) -> tuple[tuple[str, float], ...]:
    apart = UNKNOWN_DAYS if days is None else days
    return (
        ("same speaker", same_speaker),
        ("same article", together),
        ("same day", apart == 0),
        ("days", math.log1p(apart)),
    )


def signs(match: Match, seen: Circumstances) -> dict[str, float]:
    """The value of each sign, in the order of WEIGHTS."""
    around = _signs_around(seen.relation == "same", seen.days, seen.same_article)
    return {"always": 1.0} | dict(_signs_of_words(match, seen.same_article)) | dict(around)


def odds_of_words(match: Match) -> tuple[float, float]:
    """The log-odds that the words alone give a pair in two articles, and in one."""
    run, lost, together, exact = (WEIGHTS[name] * value for name, value in _signs_of_words(match, True))
    return WEIGHTS["always"] + (run + lost + exact), WEIGHTS["always"] + (run + lost + together + exact)


@lru_cache(maxsize=1 << 16)
def odds_around(same_speaker: bool, days: int | None, together: bool) -> float:
    """What speakers, dates and place add to the log-odds."""
    return sum([WEIGHTS[name] * value for name, value in _signs_around(same_speaker, days, together)])


BEST_AROUND = odds_around(True, 0, False)


@lru_cache(maxsize=1 << 10)
def most_of_words(words: int) -> float:
    """The most that words give a pair of which one has so many: that the other has them in a row."""
    return odds_of_words(Match(1.0, 0.0, words, 1.0, words, (words, words)))[0]


# The same for 0, 1, … words; more than the last give no more.
MOST_OF_WORDS = np.array([most_of_words(words) for words in range(LONG_RUN + 1)])


def most_odds(words: Ints, apart: Ints) -> Floats:
    """The most that pairs can reach of which one has so many words and that lie so many days apart."""
    days, place = np.unique(apart, return_inverse=True)
    around = np.array([odds_around(True, day, False) for day in days.tolist()])
    most: Floats = np.maximum(MOST_OF_WORDS[np.minimum(words, LONG_RUN)] + around[place], RETOLD)
    return most


def most_of_aligned(words: Ints, aligned: Ints, cut: npt.NDArray[np.bool_]) -> Floats:
    """The most that words give pairs of which the shorter has so many, of which so many align.

    Those that align may lie in a row, and the others tell as little as a word can. Of one that is `cut` by
    ellipses a stretch may stand for the whole.
    """
    run = np.minimum(aligned, LONG_RUN)
    lost = np.where(cut, 0, words - aligned).clip(0)  # of words: ellipses may align too
    of_lost = WEIGHTS["lost"] * np.log1p(COMMON * lost) + ROUNDING
    return np.where(lost == 0, MOST_OF_WORDS[run], WEIGHTS["always"] + WEIGHTS["run"] * run + of_lost)


def ruled_out(match: Match, seen: Circumstances) -> str:
    """Why the pair cannot be one utterance whatever speaks for it; empty where nothing forbids it."""
    if seen.reported == 1:
        return "one is a report without marks: attached, not merged"
    if seen.reported and not match.is_whole:
        return "a report without marks joins only its very copies"
    if seen.relation == "different" and not (match.lost <= RELAY_LOST and match.run >= RELAY_RUN):
        return "two different known speakers, and not the very words"
    if seen.embedded and seen.relation != "same":
        return "one is quoted inside the other's own words: linked, not merged"
    return ""


def is_even(shorter: int, longer: int) -> bool:
    """Whether two wordings of so many words are long and of much the same length."""
    return shorter >= max(RETOLD_WORDS, RETOLD_LENGTH * longer)


@lru_cache(maxsize=1 << 10)
def longest_even(shorter: int) -> int:
    """The most words of a wording that is even with one of `shorter`; 0: there is none."""
    return next(
        (n for n in range(int(shorter / RETOLD_LENGTH) + 1, shorter - 1, -1) if is_even(shorter, n)), 0
    )


@lru_cache(maxsize=1 << 10)
def shortest_even(longer: int) -> int:
    """The fewest words of a wording that is even with one of `longer`; more than it: there is none."""
    return next((n for n in range(RETOLD_WORDS, longer + 1) if is_even(n, longer)), longer + 1)


def _is_retold(match: Match, seen: Circumstances) -> bool:
    half = match.aligned >= RETOLD_SHARE * match.lengths[1]
    return half and seen.relation == "same" and is_even(*match.lengths)


def _is_kept(match: Match, seen: Circumstances) -> bool:
    near = (UNKNOWN_DAYS if seen.days is None else seen.days) <= KEPT_DAYS and not seen.same_article
    telling = match.run >= KEPT_RUN and match.run_weight >= KEPT_WEIGHT and match.coverage >= KEPT_SHARE
    return seen.relation == "same" and near and telling


def odds(match: Match, seen: Circumstances, of_words: float | None = None) -> float:
    """The log-odds that the pair reports one utterance; NEVER where something rules it out.

    `of_words` saves computing them again where many quotes have the same two wordings.
    """
    together = seen.same_article
    found = odds_of_words(match)[together] if of_words is None else of_words
    return settle(found + odds_around(seen.relation == "same", seen.days, together), match, seen)


def settle(found: float, match: Match, seen: Circumstances) -> float:
    """The log-odds that all signs gave, or what a rule says instead."""
    if (seen.relation == "different" or seen.embedded or seen.reported) and ruled_out(match, seen):
        return NEVER
    if found < RETOLD and (_is_retold(match, seen) or _is_kept(match, seen)):
        return RETOLD
    return found


def reasons(match: Match, seen: Circumstances) -> list[tuple[str, float]]:
    """The signs that speak, with the log-odds each contributes, weightiest first."""
    if why := ruled_out(match, seen):
        return [(why, NEVER)]
    told = [("retold by half its words", RETOLD)] * _is_retold(match, seen)
    told += [("a telling run within days", RETOLD)] * _is_kept(match, seen)
    told += [(name, WEIGHTS[name] * value) for name, value in signs(match, seen).items() if value]
    return sorted(told, key=lambda term: -abs(term[1]))
