"""Ideas in the store: what a person marked, the models fitted on that, and the queue of suggestions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

from openrace.store.database import transaction
from openrace.store.night_state import bump_revision

_SHOWN = "FROM families f JOIN claims c ON c.id = f.representative WHERE c.hidden IS NULL"


class FamilyStatement(NamedTuple):
    """The wording that stands for a family, who said it and who printed it."""

    family: str
    claim: str  # its representative
    text: str  # the content alone: a denial reads as an assertion here
    speaker: str | None
    outlet: str | None


class StoredMark(NamedTuple):
    """A mark on a claim that is there, with the family that it counts for."""

    idea: str
    claim: str
    label: Literal["yes", "against", "no"]
    marked: str
    by: str | None
    family: str | None  # None: not grouped yet


class StoredModel(NamedTuple):
    """A fitted model as bytes; `examples` is the fingerprint of what it was fitted on."""

    idea: str
    examples: str
    buckets: bytes
    weights: bytes


def replace_marks(db: sqlite3.Connection, marks: Iterable[tuple[str, str, str, str, str | None]]) -> bool:
    """Keep `marks` (idea, claim, label, marked, by) in place of all there were; whether anything changed."""
    wanted = sorted(marks)
    with transaction(db):
        rows = db.execute("SELECT idea, claim, label, marked, by FROM idea_marks ORDER BY idea, claim")
        if [tuple(row) for row in rows] == wanted:
            return False
        db.execute("DELETE FROM idea_marks")
        db.executemany(
            "INSERT INTO idea_marks (idea, claim, label, marked, by) VALUES (?, ?, ?, ?, ?)", wanted
        )
        bump_revision(db)
    return True


def iter_marks(db: sqlite3.Connection, idea: str | None = None) -> Iterator[StoredMark]:
    """Yield the marks on claims that are shown, of one idea or of all, earliest marked first."""
    rows = db.execute(
        "SELECT m.idea, m.claim, m.label, m.marked, m.by, c.family FROM idea_marks m"
        " JOIN claims c ON c.id = m.claim WHERE c.hidden IS NULL AND (?1 IS NULL OR m.idea = ?1)"
        " ORDER BY m.idea, m.marked, m.claim",
        (idea,),
    )
    return (StoredMark(*row) for row in rows)


def statements(db: sqlite3.Connection, families: Iterable[str]) -> list[FamilyStatement]:
    """Return the statements of these families that are shown, in their order."""
    query = f"SELECT f.id, c.id, c.text, c.speaker, c.outlet {_SHOWN} AND f.id = ?"
    found = (db.execute(query, (family,)).fetchone() for family in families)
    return [FamilyStatement(*row) for row in found if row]


def iter_statements(db: sqlite3.Connection) -> Iterator[FamilyStatement]:
    """Yield the statement of every family that is shown."""
    return (
        FamilyStatement(*row)
        for row in db.execute(f"SELECT f.id, c.id, c.text, c.speaker, c.outlet {_SHOWN} ORDER BY f.id")
    )


def scored(db: sqlite3.Connection) -> dict[str, str]:
    """Return, by family, the fingerprint of the wording that was scored."""
    return {row["family"]: row["wording"] for row in db.execute("SELECT family, wording FROM idea_scored")}


def load_models(db: sqlite3.Connection) -> dict[str, StoredModel]:
    """Return the fitted models by idea."""
    rows = db.execute("SELECT idea, examples, buckets, weights FROM idea_models")
    return {row["idea"]: StoredModel(*row) for row in rows}


def save_models(db: sqlite3.Connection, models: Iterable[StoredModel]) -> None:
    """Keep `models` as all there are; scores by models that went or changed are forgotten."""
    before, now = load_models(db), {model.idea: model for model in models}
    changed = {idea for idea in before.keys() | now.keys() if before.get(idea) != now.get(idea)}
    with transaction(db):
        for idea in sorted(changed):
            db.execute("DELETE FROM idea_models WHERE idea = ?", (idea,))
            db.execute("DELETE FROM idea_scores WHERE idea = ?", (idea,))
        db.executemany(
            "INSERT INTO idea_models (idea, examples, buckets, weights) VALUES (?, ?, ?, ?)",
            [now[idea] for idea in sorted(changed & now.keys())],
        )


def save_scores(
    db: sqlite3.Connection,
    wordings: Mapping[str, str],
    ideas: Iterable[str],
    scores: Iterable[tuple[str, str, float]],
) -> None:
    """Keep scores (idea, family, score) of these families by these ideas, in place of those of before.

    `wordings`: by family, the fingerprint of the wording that was scored.
    """
    with transaction(db):
        db.executemany(
            "DELETE FROM idea_scores WHERE idea = ? AND family = ?",
            [(idea, family) for idea in ideas for family in wordings],
        )
        db.executemany("INSERT INTO idea_scores (idea, family, score) VALUES (?, ?, ?)", scores)
        db.executemany("INSERT OR REPLACE INTO idea_scored (family, wording) VALUES (?, ?)", wordings.items())


def forget_families(db: sqlite3.Connection) -> None:
    """Forget the scores of families that are no more."""
    gone = "NOT IN (SELECT id FROM families)"
    with transaction(db):
        db.execute(f"DELETE FROM idea_scores WHERE family {gone}")
        db.execute(f"DELETE FROM idea_scored WHERE family {gone}")


def waiting(db: sqlite3.Connection, idea: str, least: float) -> dict[str, float]:
    """Return the scores, `least` or more, of the families that nobody has marked for this idea."""
    rows = db.execute(
        "SELECT s.family, s.score FROM idea_scores s WHERE s.idea = ?1 AND s.score >= ?2 AND s.family NOT IN"
        " (SELECT c.family FROM idea_marks m JOIN claims c ON c.id = m.claim WHERE m.idea = ?1"
        " AND c.family IS NOT NULL)",
        (idea, least),
    )
    return {row["family"]: row["score"] for row in rows}


def polarity_turns(db: sqlite3.Connection, claim_id: str, family: str) -> bool:
    """Whether a shown claim of `family` says it with another polarity than `claim_id` does."""
    row = db.execute(
        "SELECT 1 FROM claims WHERE family = ? AND hidden IS NULL"
        " AND polarity <> (SELECT polarity FROM claims WHERE id = ?)",
        (family, claim_id),
    ).fetchone()
    return row is not None


def turned_families(db: sqlite3.Connection, marks: Iterable[StoredMark]) -> set[str]:
    """Return the families that are marked and hold a claim of another polarity than the marked one."""
    return {mark.family for mark in marks if mark.family and polarity_turns(db, mark.claim, mark.family)}


def address_of(db: sqlite3.Connection, claim_id: str) -> str | None:
    """Return the address of the article that a claim stands in; None where it has none."""
    row = db.execute(
        "SELECT a.url FROM claims c JOIN articles a ON a.key = c.article WHERE c.id = ?", (claim_id,)
    ).fetchone()
    return row["url"] if row else None
