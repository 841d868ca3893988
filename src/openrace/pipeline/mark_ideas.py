"""A person's mark on a claim, and the statements near to one: `openrace ideas` between nights."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import NamedTuple

import numpy as np

from openrace.errors import ConfigError
from openrace.ideas.features import likeness
from openrace.ideas.suggestions import Nearest, explain, shared_words
from openrace.pipeline.suggest_ideas import examples_of, vectoriser_of
from openrace.records import Claim
from openrace.store import claim_table, family_table, idea_tables
from openrace.store.idea_tables import FamilyStatement
from openrace.user_files.idea_files import Idea, Label, add_mark

AT_ONCE = 5_000


class NearStatement(NamedTuple):
    """A statement that is like another one."""

    statement: FamilyStatement
    likeness: float  # cosine, 0..1
    shared: tuple[str, ...]


def claim_to_mark(db: sqlite3.Connection, claim_id: str) -> Claim:
    """Return the claim. Raises ConfigError where there is none."""
    claim = claim_table.get_claim(db, claim_id)
    if claim is None:
        raise ConfigError(claim_id, "is not the id of a claim", "openrace search prints the ids")
    return claim


def mark_claim(
    db: sqlite3.Connection, path: Path, idea: Idea, claim_id: str, label: Label, *, when: str, by: str | None
) -> None:
    """Write the mark, with the words by which the claim is found again after a better extraction."""
    claim = claim_to_mark(db, claim_id)
    fields = {"when": when, "idea": idea.id, "label": label, "claim": claim.id}
    add_mark(path, fields | {"article": claim.article_id, "words": claim.text, "by": by})


def why(db: sqlite3.Connection, idea: Idea, claim_id: str) -> tuple[Nearest | None, Nearest | None]:
    """Return the marked statements nearest to a claim: one that voices the idea, one against it."""
    claim, vectoriser = claim_to_mark(db, claim_id), vectoriser_of(db)
    if vectoriser is None:
        return None, None
    return explain([claim.text], examples_of(db, idea), vectoriser)[0]


def statements_like(db: sqlite3.Connection, claim_id: str, limit: int) -> list[NearStatement]:
    """Return the statements most like a claim, its own family left out: the start of a new idea."""
    claim, vectoriser = claim_to_mark(db, claim_id), vectoriser_of(db)
    if vectoriser is None:
        return []
    asked = vectoriser.vectors([claim.text])
    own = family_table.families_of(db, [claim_id])
    every = [it for it in idea_tables.iter_statements(db) if it.family not in own]
    scores: list[float] = []
    for begin in range(0, len(every), AT_ONCE):
        some = every[begin : begin + AT_ONCE]
        scores += likeness(vectoriser.vectors(it.text for it in some), asked)[:, 0].tolist()
    best = np.argsort(-np.array(scores), kind="stable")[:limit]
    return [
        NearStatement(every[i], scores[i], shared_words(claim.text, every[i].text))
        for i in best
        if scores[i] > 0
    ]
