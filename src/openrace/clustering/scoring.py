"""The match model: the log-odds that two quotes report one utterance.

A logistic model over ten readable features. The weights were fitted on labelled pairs of real news quotes
(``benchmarks/fit_match_model.py``, which also prints the figures on families that were left out of the fit).
What did not help there is not here: how much of the shorter one's words the longer has in another order,
whether the outlet is the same, the words around the quotations, what many other quotes two articles share.
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
    "always": -3.43,
    "first words in a row": 0.24,
    "more words in a row": 1.24,
    "lost": -0.4,
    "nothing lost": 3.22,
    "share of the longer": 0.65,
    "same speaker": 1.06,
    "same article": -1.18,
    "same day": 0.55,
    "days": -0.86,
    "stock phrase": -3.91,
}
FIRST_WORDS, LONG_RUN = 4, 8  # words: the first in a row tell most, a run of more than the last no more
UNKNOWN_DAYS = 3  # an undated quote is taken to be so far away
NEVER = -99.0
ROUNDING = 1e-9  # what the order of a sum may change

# A piece of so little weight is a stock phrase where so many articles have it, so many days apart: then it
# hardly joins what was printed more than a few days from it.
STOCK_WEIGHT, STOCK_ARTICLES, STOCK_SPAN, STOCK_DAYS = 16.0, 3, 14, 4
# A reporter's words that tell less than this are a thing ("a research note"), not what was said.
REPORTED_WEIGHT = 14.0
# Two different known speakers: only the very words, so many in a row, are a relay of one utterance, the more
# the later it comes; a common word or two at the edge ("has to do" for "will have to do") may be grammar.
RELAY_RUNS = ((0, 4), (7, 8), (60, 12))  # up to so many days, at least so many words; later never
RELAY_LOST = 1.0
# Two wordings in one article of which neither holds the other are neighbours, not two prints of one sentence.
LOST_IN_ONE_ARTICLE = 3.0
# One known speaker, and half of the longer one's words in the same order in a wording of much the same
# length: retold in other words (another transcription, a reworded copy).
RETOLD_SHARE, RETOLD = 0.5, 0.5
# One known speaker, two articles within days, and a telling run that is most of the shorter quote: told from
# memory or after another recording.
RECALLED_DAYS, RECALLED_RUN, RECALLED_WEIGHT, RECALLED_SHARE = 3, 6, 12.0, 0.5
# A quote that nothing longer fits may join one that is hardly shorter: a reworded copy that grew by a word.
EVEN_WORDS, EVEN_LENGTH = 10, 0.85


class PairContext(NamedTuple):
    """What surrounds two quotes."""

    relation: Relation  # of their speakers
    days: int | None  # between the two dates; None where either is unknown
    same_article: bool
    embedded: bool = False  # the shorter stands inside quotation marks within the longer
    reported: int = 0  # how many of the two are a reporter's words
    is_stock: bool = False  # the shorter is a stock phrase
    is_title: bool = False  # its words are capitalised as in a name or a title

    @property
    def days_apart(self) -> int:
        """Days between the two, taken to be a few where they are unknown."""
        return UNKNOWN_DAYS if self.days is None else self.days


def _word_features(match: Match) -> dict[str, float]:
    return {
        "first words in a row": min(match.run, FIRST_WORDS),
        "more words in a row": min(max(match.run - FIRST_WORDS, 0), LONG_RUN - FIRST_WORDS),
        "lost": math.log1p(match.lost),
        "nothing lost": match.lost == 0,
        "share of the longer": match.aligned / max(match.lengths[1], 1),
    }


def _context_features(same_speaker: bool, days: int, same_article: bool, is_stock: bool) -> dict[str, float]:
    return {
        "same speaker": same_speaker,
        "same article": same_article,
        "same day": days == 0,
        "days": math.log1p(days),
        "stock phrase": is_stock and days >= STOCK_DAYS and not same_article,
    }


def features(match: Match, context: PairContext) -> dict[str, float]:
    """Return the value of each feature, in the order of WEIGHTS."""
    around = _context_features(
        context.relation == "same", context.days_apart, context.same_article, context.is_stock
    )
    return {"always": 1.0} | _word_features(match) | around


def _sum(values: dict[str, float]) -> float:
    return sum([WEIGHTS[name] * value for name, value in values.items()])


def log_odds_of_words(match: Match) -> float:
    """Return what the words alone add to the log-odds."""
    return WEIGHTS["always"] + _sum(_word_features(match))


@lru_cache(maxsize=1 << 16)
def log_odds_of_context(same_speaker: bool, days: int, same_article: bool, is_stock: bool) -> float:
    """Return what speakers, dates and place add to the log-odds."""
    return _sum(_context_features(same_speaker, days, same_article, is_stock))


LAST_DAY = 1_000  # days: more of them tell hardly more
# The most that speakers, dates and place add when so many days lie between two quotes.
_CONTEXT_BY_DAYS = np.array(
    [
        max(log_odds_of_context(True, days, together, False) for together in (False, True))
        for days in range(LAST_DAY + 1)
    ]
)


def bounds(aligned: Ints, shorter: int, longer: Ints, days: Ints) -> Floats:
    """Return the most that pairs can reach of whose words so many align: upper bounds of `log_odds`.

    Args:
        aligned: how many words of each pair align.
        shorter, longer: how many words its wordings have.
        days: the fewest days between them, 0 where any is unknown.

    Those that align may lie in a row, the others tell as little as a word can, and all else may be alike.
    """
    lost = COMMON * (shorter - aligned).clip(0)
    found = WEIGHTS["always"] + _CONTEXT_BY_DAYS[days.clip(0, LAST_DAY)]
    found += WEIGHTS["first words in a row"] * aligned.clip(0, FIRST_WORDS)
    found += WEIGHTS["more words in a row"] * (aligned - FIRST_WORDS).clip(0, LONG_RUN - FIRST_WORDS)
    found += WEIGHTS["lost"] * np.log1p(lost) + WEIGHTS["nothing lost"] * (lost == 0)
    found += WEIGHTS["share of the longer"] * np.minimum(aligned / np.maximum(longer, 1), 1) + ROUNDING
    told_again = (aligned >= RECALLED_RUN) | (aligned >= RETOLD_SHARE * longer)
    most: Floats = np.where(told_again, np.maximum(found, RETOLD), found)
    return most


def forbidden(match: Match, context: PairContext) -> str:
    """Return why the pair cannot be one utterance whatever speaks for it; empty where nothing forbids it."""
    if context.reported == 1:
        return "one is a report without marks: attached, not merged"
    if context.reported and not (match.is_whole and match.common >= REPORTED_WEIGHT):
        return "a report without marks joins only its very copies, and only if it tells enough"
    if context.is_title and not (context.same_article or context.days == 0):
        return "a name or a title in quotation marks, on another day"
    if context.relation == "different" and not _is_relay(match, context):
        return "two different known speakers, and not the very words near in time"
    if context.embedded and context.relation != "same":
        return "one is quoted inside the other's own words: linked, not merged"
    if context.same_article and match.lost > LOST_IN_ONE_ARTICLE:
        return "two sentences of one article, of which neither holds the other"
    return ""


def _is_relay(match: Match, context: PairContext) -> bool:
    days = 0 if context.same_article else context.days_apart
    needed = next((words for within, words in RELAY_RUNS if days <= within), None)
    return needed is not None and match.run >= needed and match.lost <= RELAY_LOST


@lru_cache(maxsize=1 << 10)
def is_even(shorter: int, longer: int) -> bool:
    """Return whether two wordings of so many words are long and of much the same length."""
    return shorter >= max(EVEN_WORDS, EVEN_LENGTH * longer)


@lru_cache(maxsize=1 << 10)
def longest_even(shorter: int) -> int:
    """Return the most words of a wording that is even with one of `shorter`; 0: there is none."""
    return next((n for n in range(int(shorter / EVEN_LENGTH) + 1, shorter - 1, -1) if is_even(shorter, n)), 0)


@lru_cache(maxsize=1 << 10)
def shortest_even(longer: int) -> int:
    """Return the fewest words of a wording that is even with one of `longer`; more than it: there is none."""
    return next((n for n in range(EVEN_WORDS, longer + 1) if is_even(n, longer)), longer + 1)


def log_odds(match: Match, context: PairContext, of_words: float | None = None) -> float:
    """Return the log-odds that the pair reports one utterance; NEVER where something forbids it.

    `of_words` saves computing that part again where many quotes have the same two wordings.
    """
    if forbidden(match, context):
        return NEVER
    found = log_odds_of_words(match) if of_words is None else of_words
    same = context.relation == "same"
    found += log_odds_of_context(same, context.days_apart, context.same_article, context.is_stock)
    return max(found, RETOLD) if _is_told_again(match, context) else found


def _is_told_again(match: Match, context: PairContext) -> bool:
    """Return whether one speaker's words are retold or recalled (see RETOLD and RECALLED)."""
    return context.relation == "same" and (_is_retold(match) or _is_recalled(match, context))


def _is_retold(match: Match) -> bool:
    return match.aligned >= RETOLD_SHARE * match.lengths[1] and is_even(*match.lengths)


def _is_recalled(match: Match, context: PairContext) -> bool:
    near = context.days_apart <= RECALLED_DAYS and not context.same_article
    telling = match.run >= RECALLED_RUN and match.run_weight >= RECALLED_WEIGHT
    return near and telling and match.coverage >= RECALLED_SHARE


def reasons(match: Match, context: PairContext) -> list[tuple[str, float]]:
    """Return the features that speak, with what each adds to the log-odds, weightiest first."""
    if why := forbidden(match, context):
        return [(why, NEVER)]
    terms = [("told again by one speaker", RETOLD)] * _is_told_again(match, context)
    terms += [(name, WEIGHTS[name] * value) for name, value in features(match, context).items() if value]
    return sorted(terms, key=lambda term: -abs(term[1]))
