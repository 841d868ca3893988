"""Evidence: what speaks for and against two quotes being reports of one utterance, added up.

A logistic model over eight readable signs. The weights were fitted on labelled pairs of real news quotes
(``benchmarks/fit_evidence.py``); on families left out of the fit they give pair precision .90 at recall
.86. Signs that did not help there are not here: the share of the longer quote, whether the outlet is the
same, how many other quotes two articles share.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from openrace.diffusion.matches import Match
from openrace.diffusion.voices import Relation

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
# Two different known speakers: only the very words, and this many of them, are a relay of one utterance.
RELAY_RUN = 8
# One known speaker and half of the longer wording's words in the same order: retold in other words (another
# transcription, a reworded copy). 14 of 16 such pairs among the labelled quotes are one utterance; the two others
# are a speech that repeats itself, and asking for much the same length spares one of them.
RETOLD_SHARE, RETOLD_LENGTH, RETOLD_WORDS, RETOLD = 0.5, 0.85, 10, 0.5
NEVER = -99.0


class Circumstances(NamedTuple):
    """What surrounds two quotes."""

    relation: Relation
    days: int | None  # between the two dates; None where either is unknown
    same_article: bool
    embedded: bool  # the shorter stands inside quotation marks within the longer
    reported: bool = False  # one of them, or both, are a reporter's words


def signs(match: Match, seen: Circumstances) -> tuple[float, ...]:
    """The value of each sign, in the order of WEIGHTS."""
    days = UNKNOWN_DAYS if seen.days is None else seen.days
    lost = math.log1p(match.lost)
    return (
        1.0,
        min(match.run, LONG_RUN),
        lost,
        lost * seen.same_article,
        match.lost == 0,
        seen.relation == "same",
        seen.same_article,
        days == 0,
        math.log1p(days),
    )


_VALUES = tuple(WEIGHTS.values())


def odds(match: Match, seen: Circumstances) -> float:
    """The log-odds that the pair reports one utterance; NEVER where two known speakers rule it out."""
    if _ruled_out(match, seen):
        return NEVER
    found = sum([w * v for w, v in zip(_VALUES, signs(match, seen), strict=True)])
    return max(found, RETOLD) if _is_retold(match, seen) else found


def hopeless(match: Match) -> bool:
    """Whether no circumstances at all could make the pair one utterance."""
    return all(odds(match, Circumstances("same", 0, together, False)) <= 0 for together in (False, True))


def _ruled_out(match: Match, seen: Circumstances) -> str:
    """Why the pair cannot be one utterance whatever else speaks for it; empty where nothing forbids it."""
    if seen.embedded and seen.relation != "same":
        return "one is quoted inside the other's own words: linked, not merged"
    if seen.reported and match.lost + match.beyond > 0:
        return "a report without marks joins only its very copies"
    if seen.relation == "different" and not (match.lost == 0 and match.run >= RELAY_RUN):
        return "two different known speakers, and not the very words"
    return ""


def _is_retold(match: Match, seen: Circumstances) -> bool:
    shorter, longer = match.lengths
    even = shorter >= max(RETOLD_WORDS, RETOLD_LENGTH * longer)
    return seen.relation == "same" and even and match.aligned >= RETOLD_SHARE * longer


def reasons(match: Match, seen: Circumstances) -> list[tuple[str, float]]:
    """The signs that speak, with the log-odds each contributes, weightiest first."""
    if why := _ruled_out(match, seen):
        return [(why, NEVER)]
    terms = zip(WEIGHTS, _VALUES, signs(match, seen), strict=True)
    told = [("retold by half its words", RETOLD)] if _is_retold(match, seen) else []
    told += [(name, weight * value) for name, weight, value in terms if name != "always" and value]
    return sorted(told, key=lambda term: -abs(term[1]))
