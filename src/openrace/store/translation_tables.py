"""One utterance in two languages: names in both scripts, matching claims, and the families that these join.

Written only where something differs, inside the transaction of whoever calls: every row of `same_utterance`
that is written makes a family one that changed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from openrace.store.row_lists import LISTED, listed, replace_rows


class AttributedClaim(NamedTuple):
    """A shown claim of a named speaker."""

    claim: str  # claims.id
    speaker: str  # a person's id, else full name
    day: int  # as in `sayings`
    family: str
    text: str
    context: str  # the sentences that hold it


# -- names ----------------------------------------------------------------------------------------------


def texts_of(db: sqlite3.Connection, families: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield key and text of the articles in which these families have claims."""
    rows = db.execute(
        "SELECT key, text FROM articles WHERE key IN"
        f" (SELECT article FROM claims WHERE family IN {LISTED}) ORDER BY key",
        listed(families),
    )
    yield from map(tuple, rows)


def set_names(db: sqlite3.Connection, article: int, pairs: Iterable[tuple[str, str]]) -> set[str]:
    """Make these names all that is kept of an article; return the Chinese ones that are new or gone."""
    rows = db.execute("SELECT han, latin FROM names_across WHERE article = ?", (article,))
    before = {(article, row["han"], row["latin"]) for row in rows}
    now = {(article, han, latin) for han, latin in pairs}
    replace_rows(db, "names_across", ("article", "han", "latin"), before, now)
    return {han for _, han, _ in before ^ now}


def names(db: sqlite3.Connection) -> list[tuple[str, str]]:
    """Return every pair of names, in Chinese characters and in Latin letters."""
    rows = db.execute("SELECT DISTINCT han, latin FROM names_across ORDER BY han, latin")
    return [(row["han"], row["latin"]) for row in rows]


def times_printed(db: sqlite3.Connection) -> dict[tuple[str, str], int]:
    """Return in how many articles each pair of names, in Chinese characters and Latin letters, stands."""
    rows = db.execute("SELECT han, latin, count(*) AS articles FROM names_across GROUP BY han, latin")
    return {(row["han"], row["latin"]): row["articles"] for row in rows}


# -- claims ---------------------------------------------------------------------------------------------


def speakers(db: sqlite3.Connection, first: int, last: int) -> list[str]:
    """Return the named speakers, under id or full name, of claims from one day to another."""
    query = "SELECT DISTINCT speaker FROM sayings WHERE day BETWEEN ? AND ?"
    return sorted(row["speaker"] for row in db.execute(query, (first, last)))


def recurring_speakers(db: sqlite3.Connection, statements: int) -> list[str]:
    """Return the named speakers, under id or full name, of so many statements or more."""
    query = "SELECT speaker FROM sayings GROUP BY speaker HAVING count(*) >= ? ORDER BY speaker"
    return [row["speaker"] for row in db.execute(query, (statements,))]


def said_in(db: sqlite3.Connection, families: Sequence[str]) -> set[tuple[str, int]]:
    """Return speaker and day of the claims of these families."""
    query = f"SELECT DISTINCT speaker, day FROM sayings WHERE family IN {LISTED}"
    return {(row["speaker"], row["day"]) for row in db.execute(query, listed(families))}


def days_of(db: sqlite3.Connection, speaker: str) -> list[int]:
    """Return the days on which a speaker said something."""
    rows = db.execute("SELECT DISTINCT day FROM sayings WHERE speaker = ? ORDER BY day", (speaker,))
    return [row["day"] for row in rows]


def said_by(
    db: sqlite3.Connection, speakers: Iterable[str], first: int, last: int
) -> Iterator[AttributedClaim]:
    """Yield the claims of these speakers from one day to another."""
    query = (
        "SELECT s.claim, s.speaker, s.day, s.family, c.text,"
        " substr(a.text, (c.context ->> 0) + 1, (c.context ->> 1) - (c.context ->> 0))"
        " FROM sayings s JOIN claims c ON c.id = s.claim JOIN articles a ON a.key = c.article"
        " WHERE s.speaker = ? AND s.day BETWEEN ? AND ?"
    )
    for speaker in speakers:
        yield from map(AttributedClaim._make, db.execute(query, (speaker, first, last)))


# -- matches --------------------------------------------------------------------------------------------


def matched_speakers(db: sqlite3.Connection) -> Iterator[tuple[str, str, int]]:
    """Yield who said matching claims, in Chinese and in English, and how many Chinese families match so."""
    rows = db.execute(
        "SELECT a.speaker, b.speaker, count(DISTINCT a.family) FROM translations t"
        " JOIN claims c ON c.id = t.claim JOIN sayings a ON a.family = c.family AND a.claim = c.id"
        " JOIN claims d ON d.id = t.other JOIN sayings b ON b.family = d.family AND b.claim = d.id"
        " WHERE a.speaker <> b.speaker GROUP BY 1, 2 ORDER BY 1, 2"
    )
    yield from map(tuple, rows)


def loose_matches(db: sqlite3.Connection, families: Sequence[str]) -> set[str]:
    """Return the matched Chinese claims whose match these families touch, or of which a side is gone."""
    rows = db.execute(
        "SELECT t.claim FROM translations t LEFT JOIN claims a ON a.id = t.claim"
        " LEFT JOIN claims b ON b.id = t.other"
        f" WHERE a.family IS NULL OR b.family IS NULL OR a.family IN {LISTED} OR b.family IN {LISTED}",
        listed(families) * 2,
    )
    return {row["claim"] for row in rows}


def said_as(db: sqlite3.Connection, claims: Iterable[str]) -> set[tuple[str, int]]:
    """Return speaker and day of these claims, as far as they are shown."""
    rows = db.execute(
        "SELECT s.speaker, s.day FROM claims c JOIN sayings s ON s.family = c.family AND s.claim = c.id"
        f" WHERE c.id IN {LISTED}",
        listed(claims),
    )
    return {(row["speaker"], row["day"]) for row in rows}


def set_matches(
    db: sqlite3.Connection, claims: Iterable[str], found: Mapping[str, tuple[str, float]]
) -> set[str]:
    """Make what is `found` for these Chinese claims all that is kept of them; return those that differ."""
    rows = db.execute(f"SELECT * FROM translations WHERE claim IN {LISTED}", listed(claims))
    before = {row["claim"]: (row["other"], row["odds"]) for row in rows}
    gone = sorted(before.keys() - found.keys())
    new = {claim: match for claim, match in found.items() if before.get(claim) != match}
    db.executemany("DELETE FROM translations WHERE claim = ?", [(claim,) for claim in gone])
    db.executemany(
        "INSERT OR REPLACE INTO translations (claim, other, odds) VALUES (?, ?, ?)",
        [(claim, *match) for claim, match in sorted(new.items())],
    )
    others = {match[0] for claim in (*gone, *new) for match in (before.get(claim), new.get(claim)) if match}
    return {*gone, *new, *others}


# -- families -------------------------------------------------------------------------------------------

_SIDES = """
    SELECT a.family AS mine, b.family AS other FROM claims a JOIN translations t ON {} JOIN claims b ON {}
    WHERE a.family IN {} AND b.family IS NOT NULL AND b.family <> a.family
      AND a.hidden IS NULL AND b.hidden IS NULL
"""


def join_families(db: sqlite3.Connection, families: Sequence[str]) -> None:
    """Make what their claims match all that joins these families with others, both ways."""
    sides = [("t.claim = a.id", "b.id = t.other"), ("t.other = a.id", "b.id = t.claim")]
    query = " UNION ".join(_SIDES.format(*side, LISTED) for side in sides)
    joined = {(row["mine"], row["other"]) for row in db.execute(query, listed(families) * 2)}
    joined |= {(b, a) for a, b in joined}
    rows = db.execute(
        f"SELECT a, b FROM same_utterance WHERE a IN {LISTED} OR b IN {LISTED}", listed(families) * 2
    )
    replace_rows(db, "same_utterance", ("a", "b"), set(map(tuple, rows)), joined)
