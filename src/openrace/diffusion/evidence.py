"""Evidence: what speaks for and against two quotes being reports of one utterance, added up.

A logistic model over a dozen readable signs. `Evidence.terms` is the whole reasoning: each sign with the
log-odds it contributes, so that ``group --explain`` can print it. The weights were fitted on labelled
pairs of real news quotes (``benchmarks/fit_evidence.py``), with families kept whole in cross-validation.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from openrace.diffusion.matches import Match
from openrace.diffusion.voices import Relation

SCORE_AT_LEAST = 0.0  # log-odds


class Circumstances(NamedTuple):
    """What surrounds two quotes."""

    relation: Relation
    days: int | None  # between the two dates; None where either is unknown
    same_article: bool
    shared_quotes: int  # how many other quotes their two articles share
    embedded: bool  # the shorter is quoted inside the longer one's words


UNKNOWN_DAYS = 3  # an undated quote is treated as if it were this far away

WEIGHTS: dict[str, float] = {
    "always": -6.0,
    "run_weight": 0.008,
    "coverage": 3.31,
    "lost": -0.722,
    "exact": 0.724,
    "whole": 0.342,
    "same_speaker": 1.46,
    "other_speaker": -0.406,
    "days": -0.58,
    "same_article": -1.731,
    "exact_in_article": 1.852,
    "shared_quotes": 0.318,
    "embedded": -3.602,
    "run": 0.492,
}


def signs(match: Match, seen: Circumstances) -> dict[str, float]:
    """The value of each sign for a pair."""
    days = UNKNOWN_DAYS if seen.days is None else seen.days
    exact = match.lost == 0
    return {
        "run_weight": math.log1p(match.run_weight),
        "coverage": match.coverage,
        "lost": math.log1p(match.lost),
        "exact": exact,
        "whole": match.wholeness > 0.8,
        "same_speaker": seen.relation == "same",
        "other_speaker": seen.relation == "different",
        "days": math.log1p(days),
        "same_article": seen.same_article,
        "exact_in_article": seen.same_article and exact,
        "shared_quotes": min(seen.shared_quotes, 2),
        "embedded": seen.embedded and seen.relation != "same",
        "run": match.run,
    }


def score(match: Match, seen: Circumstances, weights: Mapping[str, float] = WEIGHTS) -> float:
    """The log-odds that the pair reports one utterance."""
    return weights["always"] + sum(weights[name] * value for name, value in signs(match, seen).items())
