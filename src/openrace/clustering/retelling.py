"""Retellings: pairs that are one utterance whatever the features say.

One speaker's words after another recording or in another translation, and two cuts from one passage, share
too few words in a row for the match model.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from openrace.person_names import Relation
from openrace.wordings.align import Match

if TYPE_CHECKING:
    from openrace.clustering.scoring import Nearness, PairContext

# Two wordings in one article of which neither holds the other are neighbours, not two prints of one sentence.
LOST_IN_ONE_ARTICLE = 3.0
# One known speaker, and half of the longer one's words in the same order in a wording of much the same
# length: retold in other words (another transcription, a reworded copy).
RETOLD_SHARE = 0.5
# A run of so many words that tell so much is one passage, whatever stands around it.
TELLING_RUN, TELLING_WEIGHT = 6, 12.0
# One known speaker, two articles within days, and a telling run that is most of the shorter quote: told from
# memory or after another recording.
RECALLED_DAYS, RECALLED_SHARE = 3, 0.5
# One known speaker, two articles within so many days, most of the shorter one's words in the same order in a
# wording that is not much longer: two translations.
TRANSLATED_DAYS, TRANSLATED_SHARE, TRANSLATED_LENGTH, TRANSLATED_WEIGHT = 1, 0.65, 0.5, 20.0
# So are two Chinese ones of so many words that have largely the same, in whatever order, by one speaker or by
# two of whom nobody can tell. Read in a fortnight of news: of 45 pairs above .6 by one speaker 42 were prints
# of one utterance, the wrong ones short; of the 16 that these two bounds joined besides, 15; of 17 between .5
# and .55, 10.
REORDERED_LENGTH, REORDERED_SHARE = 14, {"same": 0.55, "unknown": 0.6}
# The end of one print and the beginning of another, days apart at most: two cuts from one passage. How many
# words in a row they share, and what these tell, by one speaker and by one who may be somebody else.
JOINT_DAYS, JOINT = 3, {"same": (6, 8.0), "unknown": (8, 12.0)}
# A quote that nothing longer fits may join one that is hardly shorter: a reworded copy that grew by a word.
EVEN_WORDS, EVEN_LENGTH = 10, 0.85


@lru_cache(maxsize=1 << 10)
def is_even(shorter: int, longer: int) -> bool:
    """Return whether two wordings of so many words are long and of much the same length."""
    return shorter >= max(EVEN_WORDS, EVEN_LENGTH * longer)


@lru_cache(maxsize=1 << 10)
def longest_even(shorter: int) -> int:
    """Return the most words of a wording that is even with one of `shorter`; 0: there is none."""
    return next((n for n in range(int(shorter / EVEN_LENGTH) + 1, shorter - 1, -1) if is_even(shorter, n)), 0)


def is_retold_or_cut(match: Match, context: Nearness | PairContext) -> bool:
    """Return whether the words are retold or recalled by one speaker, or two cuts from one passage."""
    retold = context.relation == "same" and (
        _is_retold(match) or _is_recalled(match, context) or _is_translated(match, context)
    )
    return retold or _are_joint_cuts(match, context) or is_another_translation(match, context)


def _is_retold(match: Match) -> bool:
    return match.aligned >= RETOLD_SHARE * match.lengths[1] and is_even(*match.lengths)


def _is_recalled(match: Match, context: Nearness | PairContext) -> bool:
    near = context.days_apart <= RECALLED_DAYS and not context.same_article
    return near and _has_a_passage(match) and match.coverage >= RECALLED_SHARE


def _is_translated(match: Match, context: Nearness | PairContext) -> bool:
    if context.days_apart > TRANSLATED_DAYS or context.same_article:
        return False
    compact = match.lengths[0] >= TRANSLATED_LENGTH * match.lengths[1] and match.common >= TRANSLATED_WEIGHT
    return compact and match.coverage >= TRANSLATED_SHARE


def is_another_translation(match: Match, context: Nearness | PairContext) -> bool:
    """Return whether two Chinese wordings in two articles within a day have largely the same characters.

    Where nobody can tell whether the two speakers are one, too: a desk may print the name in Latin, or none.
    """
    near = context.days_apart <= TRANSLATED_DAYS and not context.same_article
    return near and is_reordered(match, context.relation)


def is_reordered(match: Match, relation: Relation) -> bool:
    if match.lengths[0] < REORDERED_LENGTH or match.aligned < TELLING_RUN:  # as `bounds` asks
        return False
    return relation in REORDERED_SHARE and match.in_any_order >= REORDERED_SHARE[relation]


def _are_joint_cuts(match: Match, context: Nearness | PairContext) -> bool:
    if not match.is_joint or context.relation not in JOINT or context.days_apart > JOINT_DAYS:
        return False
    run, weight = JOINT[context.relation]
    return match.run >= run and match.run_weight >= weight


def _has_a_passage(match: Match) -> bool:
    return match.run >= TELLING_RUN and match.run_weight >= TELLING_WEIGHT


def is_said_twice(match: Match) -> bool:
    """Return whether two quotes of one article share a passage that each of them tells in its own words."""
    return match.lost > LOST_IN_ONE_ARTICLE and _has_a_passage(match)
