"""Relations between families, and what they are found by: sayings for paraphrases, passages for links.

Written only where something differs, inside the transaction of whoever calls: every row that is written
makes a family one that changed.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from openrace.records import Saying
from openrace.store.row_lists import LISTED, listed, replace_rows
from openrace.story import Paraphrase

_SAVE_SAYING = (
    "INSERT OR REPLACE INTO sayings (speaker, day, claim, family, reported, stems, weights, hedges, earliest,"
    " latest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def members(db: sqlite3.Connection, families: Sequence[str]) -> dict[str, str]:
    """Return the family of each claim that is shown in one of these."""
    rows = db.execute(
        f"SELECT id, family FROM claims WHERE family IN {LISTED} AND hidden IS NULL", listed(families)
    )
    return {row["id"]: row["family"] for row in rows}


# -- paraphrases --------------------------------------------------------------------------------------


class SayingChanges(NamedTuple):
    """What became of sayings: it may be a first night's millions, so it has no more than is asked for."""

    days: set[tuple[str, int]]  # speaker and day of those that are gone or new
    gone: set[str]  # reports that are not where they were, by claim
    new: set[str]  # reports that are where they were not


def set_sayings(db: sqlite3.Connection, families: Sequence[str], found: Iterable[Saying]) -> SayingChanges:
    """Make `found` what is kept of these families."""
    query = f"SELECT * FROM sayings WHERE family IN {LISTED}"
    before, now = {Saying(*row) for row in db.execute(query, listed(families))}, set(found)
    gone, new = before - now, now - before
    places = sorted((saying.speaker, saying.day, saying.claim) for saying in gone)
    db.executemany("DELETE FROM sayings WHERE speaker = ? AND day = ? AND claim = ?", places)
    # A claim that came from a family that is not among these has its row still.
    db.executemany(_SAVE_SAYING, sorted(new))
    days = {(saying.speaker, saying.day) for saying in gone | new}
    return SayingChanges(days, _reports(gone), _reports(new))


def _reports(sayings: set[Saying]) -> set[str]:
    return {saying.claim for saying in sayings if saying.reported}


def reports_near(db: sqlite3.Connection, speaker: str, days: Sequence[int], reach: int) -> Iterator[Saying]:
    """Yield the reports of a speaker within `reach` days of `days`, and the quotations on these very days."""
    on_day = f"(reported OR day IN {LISTED})"
    return _near(db, speaker, days, reach, on_day, *listed(days))


def quoted_near(db: sqlite3.Connection, speaker: str, days: Sequence[int], reach: int) -> Iterator[Saying]:
    """Yield the quotations of a speaker within `reach` days of `days`."""
    return _near(db, speaker, days, reach, "NOT reported")


def _near(
    db: sqlite3.Connection, speaker: str, days: Sequence[int], reach: int, where: str, *more: str
) -> Iterator[Saying]:
    """Yield each once; `days` are in order."""
    plain = db.cursor()
    plain.row_factory = None  # tuples: a busy speaker has thousands
    query = f"SELECT * FROM sayings WHERE speaker = ? AND day BETWEEN ? AND ? AND {where}"
    upto = -1
    for day in days:
        begin, upto = max(day - reach, upto + 1), day + reach
        yield from map(Saying._make, plain.execute(query, (speaker, begin, upto, *more)))


def attached(db: sqlite3.Connection, families: Iterable[str]) -> set[str]:
    """Return the claims that tell the words of these families."""
    rows = db.execute(f"SELECT claim FROM paraphrases WHERE family IN {LISTED}", listed(families))
    return {row["claim"] for row in rows}


def texts(db: sqlite3.Connection, claims: Iterable[str]) -> dict[str, str]:
    """Return the text of each of these claims."""
    rows = db.execute(f"SELECT id, text FROM claims WHERE id IN {LISTED}", listed(claims))
    return {row["id"]: row["text"] for row in rows}


def attach(db: sqlite3.Connection, family: str, paraphrase: Paraphrase) -> None:
    """Keep that a claim tells the words of `family`, and of no other."""
    row = (paraphrase.claim_id, family, paraphrase.model_dump_json())
    db.execute(
        "INSERT INTO paraphrases (claim, family, record) VALUES (?, ?, ?) ON CONFLICT (claim)"
        " DO UPDATE SET family = excluded.family, record = excluded.record"
        " WHERE (family, record) IS NOT (excluded.family, excluded.record)",
        row,
    )


def detach(db: sqlite3.Connection, claims: Iterable[str]) -> None:
    """Keep that these claims tell no family's words."""
    db.executemany("DELETE FROM paraphrases WHERE claim = ?", [(claim,) for claim in claims])


# -- links --------------------------------------------------------------------------------------------


class Wordings(NamedTuple):
    """What a family says, and what it quotes inside that, encoded."""

    words: set[str]
    inner: set[str]


def wordings(db: sqlite3.Connection, families: Sequence[str]) -> dict[str, Wordings]:
    """Return what each of these families says, also those of which nothing is shown."""
    rows = db.execute(
        "SELECT DISTINCT c.family, w.words, q.inner FROM claims c JOIN quotes q ON q.claim = c.id"
        f" JOIN wordings w ON w.key = q.wording WHERE c.family IN {LISTED} AND c.hidden IS NULL",
        listed(families),
    )
    found = {family: Wordings(set(), set()) for family in families}
    for family, words, inner in rows:
        found[family].words.add(words)
        found[family].inner.update(json.loads(inner) if inner else ())
    return found


def set_passages(db: sqlite3.Connection, family: str, runs: set[str]) -> None:
    """Make these runs all that is kept as quoted inside `family`."""
    rows = db.execute("SELECT run FROM passages WHERE family = ?", (family,))
    before, now = {(row["run"], family) for row in rows}, {(run, family) for run in runs}
    replace_rows(db, "passages", ("run", "family"), before, now)


def quoting(db: sqlite3.Connection, runs: Iterable[str]) -> set[str]:
    """Return the families that quote one of these runs inside their words."""
    rows = db.execute(f"SELECT DISTINCT family FROM passages WHERE run IN {LISTED}", listed(runs))
    return {row["family"] for row in rows}


def saying_run(db: sqlite3.Connection, run: str, shingle: int) -> set[str]:
    """Return the families that say this run; `shingle` is one of its shingles."""
    rows = db.execute(
        "SELECT DISTINCT c.family FROM shingles s JOIN wordings w ON w.key = s.wording"
        " JOIN quotes q ON q.wording = w.key JOIN claims c ON c.id = q.claim"
        " WHERE s.shingle = ? AND instr(w.words, ?) AND c.family IS NOT NULL AND c.hidden IS NULL",
        (shingle, run),
    )
    return {row["family"] for row in rows}


def link(db: sqlite3.Connection, family: str, others: set[str]) -> None:
    """Make `others` the families that `family` is linked with; each pair is kept both ways."""
    rows = db.execute("SELECT b FROM links WHERE a = ?", (family,))
    before = {row["b"] for row in rows}
    for query, pairs in (
        ("DELETE FROM links WHERE a = ? AND b = ?", before - others),
        ("INSERT OR IGNORE INTO links (a, b) VALUES (?, ?)", others - before),
    ):
        for other in sorted(pairs):
            db.executemany(query, [(family, other), (other, family)])
