"""Which addresses show a family, and therefore must be made anew when it comes, goes or changes.

rows of a family ─▶ note ─▶ touched addresses, counts ─▶ write: what follows from them ─▶ the table `dirty`
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from openrace.site.counters import Counters, counts_of
from openrace.site.page_addresses import FRONT, LISTS, MONTH, rank
from openrace.site.reader_text import component, ends_of, letter_of, week_of
from openrace.site.snapshot import SiteSnapshot

UNDATED = "0000-00"  # the month of what no report dates
HAS_PAGE = 2  # statements from which on a speaker who is not in the directory has a page
HAS_MONTHS = 60  # more statements than this: a speaker has a page for each month
REPORTS_OF = (
    "SELECT r.*, o.slug AS outlet_slug, o.domain, a.slug AS article_slug FROM reports r"
    " LEFT JOIN outlets o ON o.key = r.outlet JOIN articles a ON a.key = r.article WHERE r.family = ?"
    " ORDER BY r.place"
)


class DirtyPages:
    """What was touched since the last `write`, and the tables `dirty`, `counters` and `speakers`."""

    def __init__(self, db: sqlite3.Connection, counters: Counters) -> None:
        self.db, self._counters = db, counters
        self._touched: dict[str, str] = {}  # address → its order among those of its rank
        self._speakers: dict[str, int] = {}  # statements before, of those with more or fewer now

    def touch(self, addresses: Iterable[str], order: str = "") -> None:
        """Note that these addresses are to be made anew; those of one rank are made by `order`."""
        for address in addresses:
            self._touched[address] = max(order, self._touched.get(address, ""))

    def note(
        self,
        family: sqlite3.Row,
        reports: Sequence[sqlite3.Row],
        sides: Sequence[str],
        topics: Sequence[str],
        sign: int,
    ) -> None:
        """Count a family as its rows are, which come (`sign` 1) or go (-1), and touch what shows it."""
        self._counters.note(counts_of(family, reports, sides, topics), sign)
        speaker = family["speaker"]
        if speaker and speaker not in self._speakers:
            self._speakers[speaker] = self._statements(speaker)
        self.touch(addresses_of(family, reports), family["day"])
        self.touch(f"week/{week_of(r['day'])}/{side}/" for r in reports if r["day"] for side in sides)
        self.touch(f"people-by/side/{side}/" for side in sides)
        linked = self.db.execute("SELECT other FROM links WHERE family = ?", (family["id"],))
        self.touch(f"q/{component(row['other'])}/" for row in linked)

    def _statements(self, speaker: str) -> int:
        return self._counters.number("people/", "statement", speaker)

    def next(self, most: int) -> list[str]:
        """Return addresses that are to be made anew, the front page last."""
        query = "SELECT address FROM dirty ORDER BY rank, sort, address LIMIT ?"
        return [row["address"] for row in self.db.execute(query, (most,))]

    def done(self, addresses: Iterable[str]) -> None:
        """Acknowledge that these have been made anew."""
        self.db.executemany("DELETE FROM dirty WHERE address = ?", [(address,) for address in addresses])

    def drop(self) -> None:
        """Forget what was noted and not written."""
        self._touched.clear()
        self._speakers.clear()
        self._counters.drop()

    def write(self, snapshot: SiteSnapshot) -> None:
        """Store what was noted, and everything that follows from it."""
        self._counters.write()
        for speaker, before in self._speakers.items():
            self._update_speaker(speaker, before)
        if self._touched:
            self.touch(set(self._around(snapshot)))
            ranked = [(address, rank(address), order) for address, order in sorted(self._touched.items())]
            self.db.executemany("INSERT OR IGNORE INTO dirty VALUES (?, ?, ?)", ranked)
        self._touched.clear()
        self._speakers.clear()

    def _update_speaker(self, speaker: str, before: int) -> None:
        """Bring the row of a speaker up to date, and touch what depends on how much they said."""
        now = self._statements(speaker)
        names = self._counters.most(f"people/{speaker}/", "name", 1)
        row = self.db.execute("SELECT letter FROM speakers WHERE slug = ?", (speaker,)).fetchone()
        letter = letter_of(names[0][0]) if names else ""
        self.touch(f"people-by/letter/{found}/" for found in {letter, row["letter"] if row else ""} - {""})
        self.db.execute("DELETE FROM speakers WHERE slug = ?", (speaker,))
        if names:
            self.db.execute("INSERT INTO speakers VALUES (?, ?, ?)", (speaker, names[0][0], letter))
        if (before >= HAS_PAGE) != (now >= HAS_PAGE):
            for row in self.db.execute("SELECT * FROM families WHERE speaker = ?", (speaker,)).fetchall():
                self.touch(addresses_of(row, self.db.execute(REPORTS_OF, (row["key"],)).fetchall()))
        if (before > HAS_MONTHS) != (now > HAS_MONTHS):
            query = "SELECT DISTINCT substr(day, 1, 7) AS month FROM families WHERE speaker = ?"
            months = (row["month"] or UNDATED for row in self.db.execute(query, (speaker,)))
            self.touch(f"people/{speaker}/{month}/" for month in months)

    def _around(self, snapshot: SiteSnapshot) -> Iterator[str]:
        """Yield the pages that gather what was touched, and those that lead on to days that came or went."""
        days = {address[4:14] for address in self._touched if address.startswith("day/")}
        beside = self._beside(days)
        yield from (f"day/{day}/" for day in beside)
        weeks = {week_of(day) for day in days | beside | self._in_weeks_beside(days)}
        yield from (f"week/{week}/" for week in weeks)
        yield from (f"archive/{day[:7]}/" for day in days)
        yield from (f"topics/{topic.id}/" for topic in snapshot.topics)
        yield from (f"ideas/{idea.id}/" for idea in snapshot.ideas)
        yield from (*FRONT, *LISTS)

    def _come_or_gone(self, days: set[str]) -> set[str]:
        """Return those of `days` that have a report now and had none, or the other way round."""
        there, known = "SELECT 1 FROM reports WHERE day = ?", "SELECT 1 FROM parts WHERE address = ?"
        return {
            day
            for day in days
            if (self.db.execute(there, (day,)).fetchone() is None)
            != (self.db.execute(known, (f"day/{day}/",)).fetchone() is None)
        }

    def _beside(self, days: set[str]) -> set[str]:
        """Return the days next to those that came or went: their pages lead to one another."""
        return {near for day in self._come_or_gone(days) for near in self._next_to(day, day)}

    def _in_weeks_beside(self, days: set[str]) -> set[str]:
        """Return a day of each week next to theirs, for the same reason."""
        found: set[str] = set()
        for week in {week_of(day) for day in self._come_or_gone(days)}:
            found |= self._next_to(*ends_of(week))
        return found

    def _next_to(self, first: str, last: str) -> set[str]:
        """Return the last day with a report before `first` and the first one after `last`."""
        before = self._one("SELECT max(day) FROM reports WHERE day <> '' AND day < ?", first)
        return {*before, *self._one("SELECT min(day) FROM reports WHERE day > ?", last)}

    def _one(self, query: str, limit: str) -> list[str]:
        found = self.db.execute(query, (limit,)).fetchone()[0]
        return [found] if found else []


def addresses_of(family: sqlite3.Row, reports: Iterable[sqlite3.Row]) -> Iterator[str]:
    """Yield the addresses of pages and parts that show a family as its rows are."""
    month = family["day"][:7] or UNDATED
    if family["has_page"]:
        yield f"q/{family['slug']}/"
    if family["recording"]:
        yield f"recordings/{family['recording']}/"
    yield f"{MONTH}{month}"
    yield f"sitemap/{month}"
    if not family["day"]:
        yield "archive/undated/"
    if family["speaker"]:
        yield f"people/{family['speaker']}/"
        yield f"people/{family['speaker']}/{month}/"
    for report in reports:
        yield f"a/{report['article_slug']}/"
        yield f"sitemap/{report['day'][:7] or UNDATED}"
        if report["outlet_slug"]:
            yield f"outlets/{report['outlet_slug']}/"
        if report["day"]:
            yield f"day/{report['day']}/"
