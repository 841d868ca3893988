"""Claims → families of one utterance."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from openrace.corrections import Correction, rearrange
from openrace.diffusion import group_quotes
from openrace.records import Family, Quote
from openrace.store import claims, families


class Grouping(NamedTuple):
    """How many families there are, and how many claims went into another one."""

    families: int
    moved: int

    def __str__(self) -> str:
        return f"{self.families} families, {self.moved} claims newly placed"


def group_into_families(db: sqlite3.Connection, corrections: tuple[Correction, ...] = ()) -> Grouping:
    """Join all claims into families of one utterance, as `corrections` say where they do; one transaction."""
    quotes = list(claims.iter_quotes(db))
    placed = rearrange(group_quotes(quotes), corrections)
    members: dict[str, list[Quote]] = {}
    for quote in quotes:
        members.setdefault(placed[quote.quote_id], []).append(quote)
    found = [_family(family_id, group) for family_id, group in members.items()]
    return Grouping(len(found), families.save_families(db, found))


def _family(family_id: str, quotes: list[Quote]) -> Family:
    """The record; the most words are the most complete wording, the earliest where two have as many."""
    fullest = max(quotes, key=lambda quote: len(quote.text.split()))
    return Family(id=family_id, claim_ids=tuple(q.quote_id for q in quotes), fullest=fullest.quote_id)
