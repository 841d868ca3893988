"""Pair contexts: what surrounds two quotes besides their words, as the match model takes it."""

from __future__ import annotations

from collections import Counter
from math import inf
from typing import NamedTuple

from openrace.clustering.quote_table import QuoteTable
from openrace.clustering.scoring import BULLETIN_FIGURES, BULLETIN_SHARE, Nearness, PairContext
from openrace.wordings.days import NO_DAY
from openrace.wordings.normalise import GAP, HAN_WORD, is_han, weight_of


class PhraseUse(NamedTuple):
    """How a short wording is used, where that shows that it is a phrase and no utterance."""

    is_stock: bool = False  # in many articles, far apart
    said_by_many: bool = False  # by several people in words of their own


NO_PHRASE = PhraseUse()


def has_other_figures(table: QuoteTable, quote: int, other: int) -> bool:
    """Return whether most figures of a quote are not in another one."""
    short, long = table.wording[quote], table.wording[other]
    if table.wordings[short] in table.wordings[long]:
        return False
    mine = table.figures(short)
    if len(mine) < BULLETIN_FIGURES:
        return False
    lost = Counter(mine) - Counter(table.figures(long))
    return lost.total() >= BULLETIN_SHARE * len(mine)


def nearness(table: QuoteTable, quote: int, other: int) -> Nearness:
    """Return how near two quotes are: by their speakers, their days and their articles."""
    together = table.article[quote] == table.article[other]
    mine, theirs = table.day[quote], table.day[other]
    known = together or NO_DAY not in (mine, theirs)
    return Nearness(table.relation(quote, other), abs(mine - theirs) if known else None, together)


def pair_context(
    table: QuoteTable, quote: int, other: int, use: PhraseUse = NO_PHRASE, near: Nearness | None = None
) -> PairContext:
    """Return what surrounds a quote and one that may be its parent; `near` saves finding that again."""
    relation, days, together = near or nearness(table, quote, other)
    return PairContext(
        relation=relation,
        days=days,
        same_article=together,
        embedded=other in table.inner and _is_embedded(table, quote, other),
        reported=table.reported[quote] + table.reported[other],
        is_stock=use.is_stock,
        said_by_many=use.said_by_many,
        other_figures=bool(days) and has_other_figures(table, quote, other),
        titles=table.titled[quote] + table.titled[other],
        named=bool(table.speaker[quote]) + bool(table.speaker[other]),
        shared_around=None if together or relation != "unknown" else shared_around(table, quote, other),
        is_opinion=relation != "same" and table.is_held_opinion(table.wording[quote], table.wording[other]),
    )


def shared_around(table: QuoteTable, quote: int, other: int) -> float | None:
    """Return what the words tell that stand around a quote and in or around another; None: not known."""
    mine, theirs = table.around.get(quote), table.around.get(other)
    if mine is None or theirs is None:
        words = table.wordings[table.wording[quote]]
        return 0.0 if is_han(words[:1]) else None  # a few characters alone tell no occasion
    shared = set(mine).intersection(theirs + table.wordings[table.wording[other]])
    if mine and mine == theirs:
        return inf  # one sentence, copied
    return sum(HAN_WORD * weight_of(word) if is_han(word) else weight_of(word) for word in shared)


def _is_embedded(table: QuoteTable, quote: int, other: int) -> bool:
    """Return whether the words of `quote` stand inside inner quotation marks of `other`."""
    words = table.wordings[table.wording[quote]].replace(GAP, "")
    return any(
        words in said or (said in words and len(said) > 0.6 * len(words)) for said in table.inner[other]
    )
