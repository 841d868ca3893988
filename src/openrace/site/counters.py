"""What pages count: kept up as reports come and go, so that no page counts everything.

page              facet      value     what is counted
people/           statement  speaker   their statements
people/<key>/     name       name      statements under that name
outlets/          report     domain    reports in it
outlets/          statement  domain    statements it carried
outlets/          shared     domain    those of them that others carried too, with a date
outlets/          first      domain    those of these that it had first
outlets/<key>/    day        day       reports in it
outlets/<key>/    speaker    speaker   reports in it of their words
outlets/<key>/    kind       kind      reports in it that print words that way
archive/          day        day       statements reported on it
archive/          new        day       statements first reported on it
sides/<side>/     day        day       statements of that side first reported on it ("" without a date)
topics/<topic>/   side       side      statements on it of that side ("" for those of no side)
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

Count = tuple[str, str, str]  # page, facet, value


class Counters:
    """The table `counters`."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._plain = db.cursor()  # whose rows are pairs: a page of an outlet has one for every day
        self._plain.row_factory = None
        self._noted: Counter[Count] = Counter()

    def note(self, counts: Iterable[Count], sign: int) -> None:
        """Note these counts once more (`sign` 1) or once less (-1); `write` stores them."""
        for count in counts:
            self._noted[count] += sign

    def write(self) -> None:
        """Store what was noted."""
        changed = sorted((*count, n) for count, n in self._noted.items() if n)
        self._db.executemany(
            "INSERT INTO counters VALUES (?, ?, ?, ?)"
            " ON CONFLICT (page, facet, value) DO UPDATE SET n = n + excluded.n",
            changed,
        )
        fewer = [count for *count, n in changed if n < 0]
        self._db.executemany(
            "DELETE FROM counters WHERE page = ? AND facet = ? AND value = ? AND n <= 0", fewer
        )
        self._noted.clear()

    def drop(self) -> None:
        """Forget what was noted and not stored."""
        self._noted.clear()

    def most(self, page: str, facet: str, most: int) -> list[tuple[str, int]]:
        """Return the values counted most often, with their numbers."""
        query = "SELECT value, n FROM counters WHERE page = ? AND facet = ? ORDER BY n DESC, value LIMIT ?"
        return self._plain.execute(query, (page, facet, most)).fetchall()

    def every(self, page: str, facet: str, first: str = "", last: str = "\U0010ffff") -> dict[str, int]:
        """Return all values from `first` to `last` with their numbers, in order of the values."""
        query = (
            "SELECT value, n FROM counters WHERE page = ? AND facet = ? AND value BETWEEN ? AND ?"
            " ORDER BY value"
        )
        return dict(self._plain.execute(query, (page, facet, first, last)))

    def number(self, page: str, facet: str, value: str) -> int:
        """Return how often `value` was counted."""
        query = "SELECT n FROM counters WHERE page = ? AND facet = ? AND value = ?"
        row = self._db.execute(query, (page, facet, value)).fetchone()
        return int(row[0]) if row else 0

    def total(self, page: str, facet: str) -> int:
        """Return the sum over all values."""
        query = "SELECT coalesce(sum(n), 0) FROM counters WHERE page = ? AND facet = ?"
        return int(self._db.execute(query, (page, facet)).fetchone()[0])

    def values(self, page: str, facet: str) -> int:
        """Return how many values there are."""
        query = "SELECT count(*) FROM counters WHERE page = ? AND facet = ?"
        return int(self._db.execute(query, (page, facet)).fetchone()[0])


def counts_of(
    family: sqlite3.Row, reports: Sequence[sqlite3.Row], sides: Sequence[str], topics: Iterable[str]
) -> Iterator[Count]:
    """Yield everything that the rows of a family add one to."""
    if family["speaker"]:
        yield "people/", "statement", family["speaker"]
        yield f"people/{family['speaker']}/", "name", family["name"]
    yield from (("archive/", "day", day) for day in {r["day"] for r in reports} - {""})
    if family["day"]:
        yield "archive/", "new", family["day"]
    yield from ((f"sides/{side}/", "day", family["day"]) for side in sides)
    yield from ((f"topics/{topic}/", "side", side) for topic in topics for side in (sides or [""]))
    yield from _of_outlets(family, [report for report in reports if report["domain"]])


def _of_outlets(family: sqlite3.Row, reports: Sequence[sqlite3.Row]) -> Iterator[Count]:
    yield from (("outlets/", "statement", domain) for domain in {r["domain"] for r in reports})
    yield from (("outlets/", "shared", domain) for domain in {r["domain"] for r in reports if r["shared"]})
    for report in reports:
        page = f"outlets/{report['outlet_slug']}/"
        yield "outlets/", "report", report["domain"]
        yield page, "kind", str(report["kind"])
        if report["first"]:
            yield "outlets/", "first", report["domain"]
        if report["day"]:
            yield page, "day", report["day"]
        if family["speaker"]:
            yield page, "speaker", family["speaker"]
