"""What watches found, and what went out to whom.

A delivery is `waiting` until it is begun, then `sending`, then `sent`; one that failed waits for the next
night.
The state is committed before the first byte and after the last answer, so that one which a kill interrupted
is known by it: it may have arrived, and is never sent again (at most once).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from openrace.records import stable_id
from openrace.store.claim_search import ClaimQuery, matching, with_spellings
from openrace.store.database import transaction
from openrace.store.row_lists import LISTED, listed

MOST_NIGHTS = 7  # a receiver that was gone for a week is given up


_COLUMNS = "c.key, c.id, c.family, a.id, a.added, o.name, said.speaker"
_FACTS = (
    "JOIN articles a ON a.key = c.article JOIN families said ON said.id = c.family"
    " LEFT JOIN outlets o ON o.domain = c.outlet"
)


class FoundClaim(NamedTuple):
    """A shown claim that a query matches, and what is needed to tell where it stands."""

    key: int
    claim: str
    family: str
    article: str
    added: str  # when its article came into the database (instant)
    outlet: str | None  # name
    speaker: str | None  # of its family; None: unknown, or the reports do not agree


class Delivery(NamedTuple):
    """Matches that go to one receiver together."""

    key: str
    watch: str
    channel: str
    matches: tuple[int, ...]
    nights: int  # on which it failed
    problem: str | None


def find_claims(db: sqlite3.Connection, query: ClaimQuery, *, changed_after: int = 0) -> list[FoundClaim]:
    """Return the grouped claims that match, of families that changed after this serial, in time.

    Raises ConfigError that explains a query which cannot be understood.
    """
    source, wheres, values = matching(with_spellings(db, query))
    wheres.append("c.family IN (SELECT family FROM changes WHERE serial > :changed_after)")
    where = f"FROM {source} {_FACTS} WHERE {' AND '.join(wheres)} ORDER BY c.key"
    rows = db.execute(f"SELECT {_COLUMNS} {where}", values | {"changed_after": changed_after})
    return [FoundClaim(*row) for row in rows]


def get_claim(db: sqlite3.Connection, claim_id: str) -> FoundClaim | None:
    """Return the grouped and shown claim with this id."""
    where = f"FROM claims c {_FACTS} WHERE c.id = ? AND c.hidden IS NULL"
    row = db.execute(f"SELECT {_COLUMNS} {where}", (claim_id,)).fetchone()
    return FoundClaim(*row) if row else None


def is_known(db: sqlite3.Connection, watch: str, kind: str, subjects: Iterable[str]) -> bool:
    """Whether one of these subjects was found by this watch before."""
    query = "SELECT 1 FROM watch_subjects WHERE watch = ? AND kind = ? AND subject = ?"
    return any(db.execute(query, (watch, kind, subject)).fetchone() for subject in subjects)


def note_known(db: sqlite3.Connection, watch: str, kind: str, subjects: Iterable[str]) -> None:
    """Note that the watch has matched these subjects."""
    rows = [(watch, kind, subject) for subject in subjects]
    db.executemany("INSERT OR IGNORE INTO watch_subjects VALUES (?, ?, ?)", rows)


def add_match(db: sqlite3.Connection, watch: str, found: str, record: str) -> int:
    """Keep a match; its id."""
    query = "INSERT INTO watch_matches (watch, found, record) VALUES (?, ?, ?)"
    return int(db.execute(query, (watch, found, record)).lastrowid or 0)


def add_delivery(db: sqlite3.Connection, watch: str, channel: str, matches: Sequence[int], made: str) -> None:
    """Keep that these matches are to go to a receiver."""
    key = stable_id("delivery", watch, channel, made, *map(str, matches), length=32)
    row = (key, watch, channel, json.dumps(matches), made)
    db.execute("INSERT INTO watch_deliveries VALUES (?, ?, ?, ?, ?, 'waiting', 0, NULL, NULL)", row)


def note_interrupted(db: sqlite3.Connection) -> list[Delivery]:
    """Return the deliveries that a kill interrupted, and note that nobody knows whether they arrived."""
    with transaction(db):
        found = _deliveries(db, "sending")
        db.execute("UPDATE watch_deliveries SET state = 'unsure' WHERE state = 'sending'")
    return found


def waiting(db: sqlite3.Connection) -> list[Delivery]:
    """Return what is to be delivered, oldest first."""
    return _deliveries(db, "waiting")


def _deliveries(db: sqlite3.Connection, state: str) -> list[Delivery]:
    rows = db.execute(
        "SELECT key, watch, channel, matches, nights, problem FROM watch_deliveries"
        " WHERE state = ? ORDER BY made, key",
        (state,),
    )
    return [
        Delivery(row["key"], row["watch"], row["channel"], tuple(ids), row["nights"], row["problem"])
        for row, ids in ((row, json.loads(row["matches"])) for row in rows)
    ]


def set_state(db: sqlite3.Connection, key: str, state: Literal["sending", "sent"]) -> None:
    """Note that the delivery goes out now, or that it arrived."""
    with transaction(db):
        db.execute("UPDATE watch_deliveries SET state = ? WHERE key = ?", (state, key))


def put_off(db: sqlite3.Connection, key: str, problem: str, day: str) -> None:
    """Note that the delivery failed on `day`: it waits for the next night, MOST_NIGHTS of them at most."""
    with transaction(db):
        db.execute(
            "UPDATE watch_deliveries SET nights = nights + (failed IS NOT ?2), failed = ?2, problem = ?1,"
            " state = 'waiting' WHERE key = ?3",
            (problem, day, key),
        )
        db.execute(
            "UPDATE watch_deliveries SET state = 'given up' WHERE key = ? AND nights >= ?", (key, MOST_NIGHTS)
        )


def get_matches(db: sqlite3.Connection, ids: Iterable[int]) -> list[str]:
    """Return the records of these matches."""
    query = f"SELECT record FROM watch_matches WHERE id IN {LISTED} ORDER BY id"
    return [row["record"] for row in db.execute(query, listed(ids))]


def latest_matches(
    db: sqlite3.Connection, watch: str, limit: int, since: str = ""
) -> list[tuple[int, str, str]]:
    """Return id, instant and record of the latest matches of a watch, latest first."""
    rows = db.execute(
        "SELECT id, found, record FROM watch_matches WHERE watch = ? AND found >= ? ORDER BY id DESC LIMIT ?",
        (watch, since, limit),
    )
    return [(row["id"], row["found"], row["record"]) for row in rows]


def count_matches(db: sqlite3.Connection, watch: str) -> int:
    """Return how many matches were found."""
    return int(db.execute("SELECT count(*) FROM watch_matches WHERE watch = ?", (watch,)).fetchone()[0])


def forget_watch(db: sqlite3.Connection, watch: str) -> None:
    """Forget all that was found for a watch that is gone."""
    with transaction(db):
        for table in ("watch_matches", "watch_subjects", "watch_deliveries"):
            db.execute(f"DELETE FROM {table} WHERE watch = ?", (watch,))
        db.execute("DELETE FROM state WHERE name = ?", (f"watch {watch}",))
