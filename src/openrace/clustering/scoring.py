"""The match model: the log-odds that two quotes report one utterance.

A logistic model over ten readable features. The weights were fitted on labelled pairs of real news quotes
(``benchmarks/fit_match_model.py``, which also prints the figures on families that were left out of the fit).
What did not help there is not here: how much of the shorter one's words the longer has in another order,
whether the outlet is the same, the words around the quotations, what many other quotes two articles share.
"""

from __future__ import annotations

import math
from functools import lru_cache
from operator import mul
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from openrace.clustering.retelling import (
    LOST_IN_ONE_ARTICLE,
    RETOLD_SHARE,
    TELLING_RUN,
    is_another_translation,
    is_reordered,
    is_retold_or_cut,
)
from openrace.person_names import Relation
from openrace.wordings.align import Match
from openrace.wordings.normalise import COMMON

Ints = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.float64]

WEIGHTS = {
    "always": -6.47,
    "first words in a row": 0.9,
    "more words in a row": 0.8,
    "lost": -0.27,
    "nothing lost": 3.19,
    "share of the longer": 2.3,
    "same speaker": 0.55,
    "same article": -0.58,
    "within a day": 1.17,
    "days": -0.3,
    "stock phrase": -4.39,
}
FIRST_WORDS, LONG_RUN = 4, 8  # words: the first in a row tell most, a run of more than the last no more
UNKNOWN_DAYS = 3  # an undated quote is taken to be so far away
NEVER = -99.0
ROUNDING = 1e-9  # what the order of a sum may change

# A piece of so little weight is a stock phrase where so many articles have it, so many days apart: then it
# hardly joins what was printed more than a few days from it.
STOCK_WEIGHT, STOCK_ARTICLES, STOCK_SPAN, STOCK_DAYS = 16.0, 3, 14, 4
MANY_SPEAKERS = 3  # or where so many different people have it in their words: then it is nobody's
# A reporter's words that tell less than this are a thing ("a research note"), not what was said.
REPORTED_WEIGHT = 16.0
# Words in a row that a pair must have, by what is known of the two speakers, in two articles of which the one
# is up to so many days older. Fewer are what anybody may say, or what one says again; of two different
# known speakers only the very words are a relay of one utterance, the more of them the later it comes.
LONG_AFTER = 100_000
LEAST_RUNS = {
    "same": ((1, 0), (LONG_AFTER, 4)),
    "unknown": ((7, 0), (LONG_AFTER, 8)),
    "different": ((0, 4), (7, 8), (60, 12)),
}
TOO_FEW_WORDS = {
    "same": "a few words that one speaker says again",
    "unknown": "a few words, and not known to be one speaker's",
    "different": "two different known speakers, and not the very words near in time",
}
# What the words in a row of a pair must tell where the shorter one has others. In two articles, of
# speakers not known to be one: how many they must be, and what they must tell, as a whole and as a piece of
# which none or one of the two speakers is named. A few common words are anybody's.
LEAST_WEIGHT, LEAST_UNKNOWN_RUN, LEAST_WHOLE, LEAST_PIECES = 4.5, 1.5, 5.0, (8.5, 7.0, 7.0)
# A piece of fewer words in a row that tell less is a phrase: two pages whose speakers are not known to be one
# have it from one occasion only if the sentences around it share a telling word. Read in a fortnight of news:
# of 40 links that shared less, 30 were of different occasions; of 60 that shared a little more, 3.
PHRASE_RUN, PHRASE_WEIGHT, LEAST_AROUND = 6, 15.0, 4.0
TOLD_TOO_LITTLE = "words in a row that tell too little"
# In one article few words are what one speaker takes up from another (a slogan, a crowd's chant, a question).
LEAST_RUN_TOGETHER = {"same": 0, "unknown": 4, "different": 4}
# Of a relay a common word or two ("has to do" for "will have to do") may be grammar; a short one is one run.
RELAY_LOST, SHORT_RUN = 1.0, 8
# Words capitalised as a name or a title is join those of the same speaker so many days later, and without one
# only the very same title elsewhere.
TITLE_DAYS = 1
# Other figures on another day are another bulletin; one figure may be a slip.
BULLETIN_FIGURES, BULLETIN_SHARE = 2, 0.5
RETOLD = 0.5  # what a retelling is worth at least (`retelling`)


class Nearness(NamedTuple):
    """How near two quotes are: all that the fitted features see besides the words."""

    relation: Relation  # of their speakers
    days: int | None  # between the two dates; None where either is unknown
    same_article: bool

    @property
    def days_apart(self) -> int:
        """Days between the two, taken to be a few where they are unknown."""
        return UNKNOWN_DAYS if self.days is None else self.days


class PairContext(NamedTuple):
    """What surrounds two quotes."""

    relation: Relation  # of their speakers
    days: int | None  # between the two dates; None where either is unknown
    same_article: bool
    embedded: bool = False  # the shorter stands inside quotation marks within the longer
    reported: int = 0  # how many of the two are a reporter's words
    is_stock: bool = False  # the shorter is a stock phrase
    titles: int = 0  # how many of the two are capitalised as a name or a title is
    named: int = 0  # how many of the two have a speaker with a name
    said_by_many: bool = False  # several people have the shorter in words of their own
    is_opinion: bool = False  # the longer has the shorter as what somebody else thinks
    shared_around: float | None = None  # what the sentences around them share tells; None: not known
    other_figures: bool = False  # most of the shorter one's figures are not in the longer

    @property
    def days_apart(self) -> int:
        """Days between the two, taken to be a few where they are unknown."""
        return UNKNOWN_DAYS if self.days is None else self.days


def _word_features(match: Match) -> tuple[float, ...]:
    """Return the values of the first of WEIGHTS, up to the share of the longer."""
    run, lost = match.run, match.lost
    first = run if run < FIRST_WORDS else FIRST_WORDS
    more = (run if run < LONG_RUN else LONG_RUN) - first
    return 1.0, first, more, math.log1p(lost), lost == 0, match.aligned / (match.lengths[1] or 1)


def _context_features(same_speaker: bool, days: int, same_article: bool, is_stock: bool) -> tuple[float, ...]:
    """Return the values of the others of WEIGHTS."""
    phrase = is_stock and days >= STOCK_DAYS and not same_article
    return same_speaker, same_article, days <= 1, math.log1p(days), phrase


def features(match: Match, context: PairContext) -> dict[str, float]:
    """Return the value of each feature, in the order of WEIGHTS."""
    around = _context_features(
        context.relation == "same", context.days_apart, context.same_article, context.is_stock
    )
    return dict(zip(WEIGHTS, _word_features(match) + around, strict=True))


_OF_WORDS, _OF_CONTEXT = tuple(WEIGHTS.values())[:6], tuple(WEIGHTS.values())[6:]


def log_odds_of_words(match: Match) -> float:
    """Return what the words alone add to the log-odds."""
    found: float = sum(map(mul, _OF_WORDS, _word_features(match)))
    return found


@lru_cache(maxsize=1 << 16)
def log_odds_of_context(same_speaker: bool, days: int, same_article: bool, is_stock: bool) -> float:
    """Return what speakers, dates and place add to the log-odds."""
    features_around = _context_features(same_speaker, days, same_article, is_stock)
    found: float = sum(map(mul, _OF_CONTEXT, features_around))
    return found


LAST_DAY = 1_000  # days: more of them tell hardly more
# The most that speakers, dates and place add when so many days lie between two quotes.
_CONTEXT_BY_DAYS = np.array(
    [
        max(log_odds_of_context(True, days, together, False) for together in (False, True))
        for days in range(LAST_DAY + 1)
    ]
)

_MOST_OF_CONTEXT = float(_CONTEXT_BY_DAYS[0]) + ROUNDING


def most_with(of_words: float) -> float:
    """Return the most that a pair can reach whose words add so much: an upper bound of `log_odds`."""
    return max(of_words + _MOST_OF_CONTEXT, RETOLD)


def bounds(aligned: Ints, shorter: Ints, longer: Ints, days: Ints) -> Floats:
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
    retold = (aligned >= TELLING_RUN) | (aligned >= RETOLD_SHARE * longer)
    most: Floats = np.where(retold, np.maximum(found, RETOLD), found)
    return most


def forbidden(match: Match, context: PairContext) -> str:
    """Return why the pair cannot be one utterance whatever speaks for it; empty where nothing forbids it."""
    if context.reported == 1:
        return "one is a report without marks: attached, not merged"
    if context.reported and not (match.is_whole and match.common >= REPORTED_WEIGHT):
        return "a report without marks joins only its very copies, and only if it tells enough"
    if context.titles and context.reported and context.relation != "same":
        return "a title without marks, and not known to be one speaker's"
    if context.titles and not _is_title_again(match, context):
        return "a name or a title in quotation marks, and not the same one within days"
    if match.run < _least_run(context.relation, context.days_apart, context.same_article):
        return TOO_FEW_WORDS[context.relation]
    if _tells_too_little(match, context):
        return TOLD_TOO_LITTLE
    if _is_passing_phrase(match, context):
        return "a phrase, and the sentences around it have nothing in common"
    if context.said_by_many and context.relation != "same" and not context.same_article:
        return "a phrase that several people use"
    if context.other_figures and context.days and not context.same_article:
        return "other figures on another day"
    if context.relation == "different" and not _has_the_very_words(match):
        return TOO_FEW_WORDS["different"]
    if context.is_opinion and context.relation != "same":
        return "one tells what somebody else thinks"
    if context.embedded and context.relation != "same":
        return "one is quoted inside the other's own words: linked, not merged"
    if context.same_article and match.lost > LOST_IN_ONE_ARTICLE:
        return "two sentences of one article, of which neither holds the other"
    return ""


def _tells_too_little(match: Match, context: PairContext) -> bool:
    if match.outside_run and match.run_weight < LEAST_WEIGHT and not is_reordered(match, context.relation):
        return True
    if context.relation != "unknown" or context.same_article or is_another_translation(match, context):
        return False
    # Two names of which nobody can tell whether they are one person's: in two scripts, hardly ever.
    if match.run < (TELLING_RUN if context.named == 2 else LEAST_UNKNOWN_RUN):
        return True
    return match.run_weight < (LEAST_WHOLE if match.is_whole else LEAST_PIECES[context.named])


def _is_passing_phrase(match: Match, context: PairContext) -> bool:
    if context.relation != "unknown" or context.shared_around is None:
        return False
    if is_another_translation(match, context):
        return False
    is_short = match.run < PHRASE_RUN and match.run_weight < PHRASE_WEIGHT
    return is_short and context.shared_around < LEAST_AROUND


def _is_title_again(match: Match, context: PairContext) -> bool:
    if context.relation == "same":
        return context.same_article or context.days_apart <= TITLE_DAYS
    again = context.titles == 2 and match.is_whole and not context.same_article
    return again and context.days_apart <= TITLE_DAYS


def _has_the_very_words(match: Match) -> bool:
    in_one_run = match.run >= SHORT_RUN or match.outside_run <= RELAY_LOST
    return match.lost <= RELAY_LOST and in_one_run


@lru_cache(maxsize=1 << 12)
def _least_run(relation: Relation, days: int, same_article: bool) -> float:
    """Return how many words in a row the two must have; infinity where no run suffices."""
    if same_article:
        return LEAST_RUN_TOGETHER[relation]
    return next((words for within, words in LEAST_RUNS[relation] if days <= within), math.inf)


def log_odds(match: Match, context: PairContext, of_words: float | None = None) -> float:
    """Return the log-odds that the pair reports one utterance; NEVER where something forbids it.

    `of_words` saves computing that part again where many quotes have the same two wordings.
    """
    if forbidden(match, context):
        return NEVER
    return score_of(match, context, context.is_stock, of_words)


def score_of(
    match: Match, near: Nearness | PairContext, is_stock: bool, of_words: float | None = None
) -> float:
    """Return the log-odds of a pair that nothing forbids."""
    found = log_odds_of_words(match) if of_words is None else of_words
    days = UNKNOWN_DAYS if near.days is None else near.days
    found += log_odds_of_context(near.relation == "same", days, near.same_article, is_stock)
    return settled(found, match, near)


def settled(found: float, match: Match, near: Nearness | PairContext) -> float:
    """Return the log-odds that all features gave, or what telling again is worth where that is more."""
    return RETOLD if found < RETOLD and is_retold_or_cut(match, near) else found


def reasons(match: Match, context: PairContext) -> list[tuple[str, float]]:
    """Return the features that speak, with what each adds to the log-odds, weightiest first."""
    if why := forbidden(match, context):
        return [(why, NEVER)]
    terms = [("told again, or two cuts from one passage", RETOLD)] * is_retold_or_cut(match, context)
    terms += [(name, WEIGHTS[name] * value) for name, value in features(match, context).items() if value]
    return sorted(terms, key=lambda term: -abs(term[1]))
