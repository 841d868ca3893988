"""What pages count: kept up as reports come and go, so that no page counts all that is kept.

page              facet      value     what is counted
people/           statement  speaker   their statements
people/<key>/     name       name      statements under that name
people/<key>/     day        day       statements first reported on it
people/<key>/     outlet     domain    statements it brought
people/<key>/     role       words     reports that call them so
outlets/          report     domain    reports in it
outlets/          statement  domain    statements it brought
outlets/          shared     domain    those of them that others have too, with a date
outlets/          first      domain    those of these that it had first
outlets/<key>/    day        day       reports in it
outlets/<key>/    speaker    speaker   reports in it of their words
archive/          day        day       statements reported on it
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Row = Mapping[str, Any]
Count = tuple[str, str, str]  # page, facet, value


class Tallies:
    """The table `tallies`."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._plain = db.cursor()  # whose rows are pairs: a page of an outlet has one for every day
        self._plain.row_factory = None
        self._new: Counter[Count] = Counter()

    def note(self, utterance: Row, reports: Iterable[Row], sign: int) -> None:
        """Count these rows of a family once more (`sign` 1) or no more (−1); `write` keeps it."""
        for count in _counts(utterance, list(reports)):
            self._new[count] += sign

    def write(self) -> None:
        """Keep what was noted."""
        changed = sorted((*count, n) for count, n in self._new.items() if n)
        self._db.executemany(
            "INSERT INTO tallies VALUES (?, ?, ?, ?)"
            " ON CONFLICT (page, facet, value) DO UPDATE SET n = n + excluded.n",
            changed,
        )
        fewer = [count for *count, n in changed if n < 0]
        self._db.executemany(
            "DELETE FROM tallies WHERE page = ? AND facet = ? AND value = ? AND n <= 0", fewer
        )
        self._new.clear()

    def drop(self) -> None:
        """Forget what was noted and not written."""
        self._new.clear()

    def most(self, page: str, facet: str, most: int) -> list[tuple[str, int]]:
        """The values counted most often, with their numbers."""
        query = "SELECT value, n FROM tallies WHERE page = ? AND facet = ? ORDER BY n DESC, value LIMIT ?"
        return self._plain.execute(query, (page, facet, most)).fetchall()

    def every(self, page: str, facet: str) -> dict[str, int]:
        """All values with their numbers, in order of the values."""
        query = "SELECT value, n FROM tallies WHERE page = ? AND facet = ? ORDER BY value"
        return dict(self._plain.execute(query, (page, facet)))

    def number(self, page: str, facet: str, value: str) -> int:
        """How often `value` was counted."""
        query = "SELECT n FROM tallies WHERE page = ? AND facet = ? AND value = ?"
        row = self._db.execute(query, (page, facet, value)).fetchone()
        return int(row[0]) if row else 0

    def values(self, page: str, facet: str) -> int:
        """How many values there are."""
        query = "SELECT count(*) FROM tallies WHERE page = ? AND facet = ?"
        return int(self._db.execute(query, (page, facet)).fetchone()[0])


def _counts(utterance: Row, reports: list[Row]) -> Iterator[Count]:
    """All that a family adds one to."""
    domains = {r["domain"]: f"outlets/{r['outlet']}/" for r in reports if r["outlet"]}
    if utterance["speaker"]:
        yield from _of_speaker(utterance, reports, domains)
    for domain in domains:
        yield "outlets/", "statement", domain
    for day in {r["day"] for r in reports} - {""}:
        yield "archive/", "day", day
    shared = {r["domain"] for r in reports if r["shared"]}
    yield from (("outlets/", "shared", domain) for domain in domains if domain in shared)
    for report in reports:
        if page := domains.get(report["domain"]):
            yield "outlets/", "report", report["domain"]
            if report["first"]:
                yield "outlets/", "first", report["domain"]
            if report["day"]:
                yield page, "day", report["day"]
            if report["speaker"]:
                yield page, "speaker", report["speaker"]


def _of_speaker(utterance: Row, reports: list[Row], domains: Iterable[str]) -> Iterator[Count]:
    page = f"people/{utterance['speaker']}/"
    yield "people/", "statement", utterance["speaker"]
    yield page, "name", utterance["name"]
    if utterance["day"]:
        yield page, "day", utterance["day"]
    yield from ((page, "outlet", domain) for domain in domains)
    yield from ((page, "role", report["role"]) for report in reports if report["role"])
