"""Count what is in the database, for ``openrace status``, the demo and the check-up."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from openrace.records import UNSURE_BELOW


class QuotedSpeaker(NamedTuple):
    """A speaker, how many claims are theirs and in how many outlets these stand."""

    speaker: str
    claims: int
    outlets: int


class WidestFamily(NamedTuple):
    """The family in most outlets, by the claim that represents it."""

    claim_id: str
    speaker: str | None
    outlets: int
    wordings: int


def count_all(db: sqlite3.Connection) -> dict[str, int | str | None]:
    """Return how much there is of everything, what is pending, and when something was last done.

    The site shows the claims less `claims_left_out` (unsure, or taken out of sight by a person). It has fewer
    people than `names_of_speakers`: it counts somebody once whose name is spelled in several ways.
    """
    row = db.execute(
        """SELECT (SELECT count(*) FROM articles) AS articles,
        (SELECT count(*) FROM articles WHERE extractor IS NULL) AS articles_to_read,
        (SELECT count(DISTINCT outlet) FROM articles) AS outlets,
        (SELECT count(*) FROM claims) AS claims,
        (SELECT count(*) FROM claims WHERE speaker IS NOT NULL) AS with_a_speaker,
        (SELECT count(DISTINCT coalesce(person, speaker)) FROM claims) AS names_of_speakers,
        (SELECT count(*) FROM claims
         WHERE family IS NULL AND hidden IS NULL AND confidence >= :sure) AS claims_to_group,
        (SELECT count(*) FROM claims WHERE hidden IS NOT NULL
         OR (family IS NULL AND confidence < :sure)) AS claims_left_out,
        (SELECT count(*) FROM families) AS families,
        (SELECT min(published) FROM articles) AS earliest,
        (SELECT max(published) FROM articles) AS latest,
        (SELECT max(added) FROM articles) AS last_added,
        (SELECT max(started) FROM runs) AS last_night,
        (SELECT finished FROM runs ORDER BY id DESC LIMIT 1) AS last_night_ended""",
        {"sure": UNSURE_BELOW},
    ).fetchone()
    return dict(row)


def most_quoted(db: sqlite3.Connection, limit: int) -> list[QuotedSpeaker]:
    """Return the speakers with most claims, in order of how many."""
    rows = db.execute(
        "SELECT speaker, count(*) AS claims, count(DISTINCT outlet) AS outlets FROM claims"
        " WHERE speaker IS NOT NULL AND hidden IS NULL"
        " GROUP BY coalesce(person, speaker) ORDER BY 2 DESC, 1 LIMIT ?",
        (limit,),
    )
    return [QuotedSpeaker(row["speaker"], row["claims"], row["outlets"]) for row in rows]


def widest_family(db: sqlite3.Connection) -> WidestFamily | None:
    """Return the family in most outlets; None where there is none."""
    row = db.execute(
        "SELECT c.id, c.speaker, count(DISTINCT m.outlet) AS outlets, count(DISTINCT q.wording) AS wordings"
        " FROM families f JOIN claims c ON c.id = f.representative JOIN claims m ON m.family = f.id"
        " JOIN quotes q ON q.claim = m.id GROUP BY f.id ORDER BY 3 DESC, 4 DESC, f.id LIMIT 1"
    ).fetchone()
    return WidestFamily(row["id"], row["speaker"], row["outlets"], row["wordings"]) if row else None
