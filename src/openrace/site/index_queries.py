"""The index in the orders that pages need: by day, week, month, speaker, outlet, topic and side.

Lists are newest first (latest first report first, verbatim before paraphrase, those without a date last) or
by reach (most outlets first, then most countries, verbatim before paraphrase, then newest).
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeVar

from openrace.seed_records import Beat
from openrace.site.family_line import FamilyLine
from openrace.site.family_view import FamilyView, view_of
from openrace.site.index_reader import NEWEST, REACH
from openrace.site.outlet_queries import OutletQueries
from openrace.site.page_addresses import MONTH
from openrace.site.reader_text import component, ends_of, week_of
from openrace.site.recording_facts import RecordingFacts
from openrace.site.site_index import SiteIndex
from openrace.site.snapshot import ArticleStatements, RecordSource
from openrace.site.speaker_queries import SpeakerQueries

VIEWS_KEPT = 500  # families with all their reports, some 50 KB each; reading one again is cheap


class DayEntry(NamedTuple):
    """A family on one day: when and by whom it was reported then, whatever became of it since."""

    line: FamilyLine
    at: str  # of its first report that day
    outlets: tuple[str, ...]  # OutletName.key of those that carried it that day, in time
    reports: int
    is_new: bool  # first reported that day


T = TypeVar("T")


class SiteQueries(SpeakerQueries, OutletQueries):
    """Questions to the index of a site, and the records behind it."""

    def __init__(self, index: SiteIndex, source: RecordSource) -> None:
        super().__init__(index)
        self.source = source
        self._moved = {component(gone): (gone, kept) for gone, kept in self.snapshot.moved}
        self._views: dict[str, FamilyView | None] = {}
        self.reported = lru_cache(maxsize=2)(self._reported)  # a week is asked for by each of its sides

    # -- families ------------------------------------------------------------------------------------------

    def line(self, family: str) -> FamilyLine | None:
        """Return the line of `family`; None where there is none."""
        return next(iter(self.lines("families f WHERE f.id = ?", family)), None)

    def views(self, families: Sequence[str]) -> dict[str, FamilyView]:
        """Return these families with all their reports, but for those that are gone or unreadable."""
        missing = [family for family in families if family not in self._views]
        if len(self._views) + len(missing) > VIEWS_KEPT:
            self._views = {family: self._views[family] for family in families if family in self._views}
        self._views.update(dict.fromkeys(missing))
        for facts in self.source.families(missing) if missing else ():
            self._views[facts.story.family.id] = view_of(facts, self.names)
        return {family: view for family in families if (view := self._views[family])}

    def ids_at(self, slugs: Iterable[str]) -> dict[str, str]:
        """Return the family whose page is ``q/<slug>/``, by slug; families without a page are left out."""
        query = (
            "SELECT id FROM families WHERE id = ?1 AND slug = ?1 AND has_page"
            " UNION ALL SELECT id FROM families WHERE slug = ?1 AND slug <> id AND has_page"
        )
        rows = ((slug, self.row(query, slug)) for slug in slugs)
        return {slug: row["id"] for slug, row in rows if row}

    def moved_to(self, slug: str) -> tuple[str, FamilyLine] | None:
        """Return the id that had the page ``q/<slug>/`` before it was merged, and what it is part of now."""
        gone, kept = self._moved.get(slug, ("", ""))
        target = self.line(kept)
        return (gone, target) if target else None

    def newest(self, most: int) -> list[FamilyLine]:
        """Return the latest families."""
        return self.lines(f"families f {NEWEST} LIMIT ?", most)

    def most_repeated(self, most: int) -> list[FamilyLine]:
        """Return those that most outlets carried, two at least."""
        return self.lines(f"families f WHERE f.outlets > 1 {REACH} LIMIT ?", most)

    def most_repeated_since(self, day: str, most: int) -> list[FamilyLine]:
        """Return those with a page that were first reported on `day` or later, or that no report dates."""
        return self.lines(
            f"families f WHERE (f.day >= ? OR f.day = '') AND f.has_page {REACH} LIMIT ?", day, most
        )

    def undated(self, most: int) -> list[FamilyLine]:
        """Return those that no report dates, the last read first."""
        return self.lines("families f WHERE f.day = '' ORDER BY f.seen DESC, f.id LIMIT ?", most)

    def count_undated(self) -> int:
        """Return how many families no report dates."""
        return int(self.row("SELECT count(*) FROM families WHERE day = ''")[0])

    def on_topic(self, topic: str, most: int) -> list[FamilyLine]:
        """Return the latest on a topic."""
        query = "topics t JOIN families f ON f.key = t.family WHERE t.topic = ?"
        return self.lines(f"{query} ORDER BY t.day DESC, f.kind, f.id LIMIT ?", topic, most)

    def on_topic_of(self, topic: str, side: str, most: int) -> list[FamilyLine]:
        """Return the latest of a side on a topic, of those of no side for ""."""
        if not side:
            query = "topics t JOIN families f ON f.key = t.family WHERE t.topic = ?"
            of_none = "NOT EXISTS (SELECT 1 FROM sides s WHERE s.family = t.family)"
            order = "ORDER BY t.day DESC, f.kind, f.id LIMIT ?"
            return self.lines(f"{query} AND {of_none} {order}", topic, most)
        query = "sides s CROSS JOIN topics t ON t.family = s.family JOIN families f ON f.key = s.family"
        where = "s.side = ? AND t.topic = ? ORDER BY s.day DESC, f.kind, f.id LIMIT ?"
        return self.lines(f"{query} WHERE {where}", side, topic, most)

    def count_on_topic(self, topic: str) -> int:
        """Return how many families are on a topic."""
        return int(self.row("SELECT count(*) FROM topics WHERE topic = ?", topic)[0])

    def sides_on_topic(self, topic: str) -> dict[str, int]:
        """Return how many families on a topic are of each side, those of no side under ""."""
        return self.counters.every(f"topics/{topic}/", "side")

    def changed_since(self, when: str, column: str, most: int) -> list[FamilyLine]:
        """Return families whose wording changed (`alerted`), went (`gone`) or was `heard` since `when`."""
        if column not in ("alerted", "gone", "heard"):
            raise ValueError(column)
        where = f"f.{column} <> '' AND f.{column} > ?"
        return self.lines(f"families f WHERE {where} ORDER BY f.{column} DESC, f.id LIMIT ?", when, most)

    # -- days and weeks ------------------------------------------------------------------------------------

    def day_before(self, day: str) -> str | None:
        """Return the last day before `day` with a report."""
        found: str | None = self.row("SELECT max(day) FROM reports WHERE day <> '' AND day < ?", day)[0]
        return found

    def day_after(self, day: str) -> str | None:
        """Return the first day after `day` with a report."""
        found: str | None = self.row("SELECT min(day) FROM reports WHERE day > ?", day)[0]
        return found

    def week_before(self, week: str) -> str | None:
        """Return the last ISO week before `week` with a report."""
        found = self.day_before(ends_of(week)[0])
        return week_of(found) if found else None

    def week_after(self, week: str) -> str | None:
        """Return the first ISO week after `week` with a report."""
        found = self.day_after(ends_of(week)[1])
        return week_of(found) if found else None

    def _reported(self, first: str, last: str) -> list[tuple[int, str]]:
        """Return key and speaker of the families reported from day `first` to `last`, as `on` orders them."""
        query = (
            "SELECT f.key, f.speaker FROM reports r JOIN families f ON f.key = r.family"
            " WHERE r.day BETWEEN ? AND ? AND r.day <> '' GROUP BY f.key"
            " ORDER BY count(DISTINCT r.outlet) DESC, min(r.at), f.id"
        )
        return [(row["key"], row["speaker"]) for row in self.db.execute(query, (first, last))]

    def on(self, day: str) -> list[DayEntry]:
        """Return the families reported on `day`, most outlets of that day first."""
        rows = self.db.execute(
            "SELECT r.family, r.at, o.slug, f.day FROM reports r JOIN families f ON f.key = r.family"
            " LEFT JOIN outlets o ON o.key = r.outlet WHERE r.day = ? AND r.day <> ''"
            " ORDER BY r.at, f.id, r.place",
            (day,),
        ).fetchall()
        found: defaultdict[int, list[sqlite3.Row]] = defaultdict(list)
        for row in rows:
            found[row["family"]].append(row)
        lines = self.lines_of(list(found))
        entries = [_entry(line, own, day) for line, own in zip(lines, found.values(), strict=True)]
        return sorted(entries, key=lambda entry: (-len(entry.outlets), entry.at, entry.line.family))

    def hours_of(self, day: str) -> list[int]:
        """Return how many reports each hour of `day` has, in UTC; reports with only a day are not counted."""
        query = (
            "SELECT substr(at, 12, 2) AS hour, count(*) AS n FROM reports"
            " WHERE day = ? AND length(at) > 10 GROUP BY 1"
        )
        counts = {row["hour"]: row["n"] for row in self.db.execute(query, (day,))}
        return [counts.get(f"{hour:02}", 0) for hour in range(24)]

    def days(self, first: str = "", last: str = "~") -> dict[str, int]:
        """Return every day from `first` to `last` with a report, and how many statements it has."""
        return self.counters.every("archive/", "day", first, last)

    # -- articles ------------------------------------------------------------------------------------------

    def articles_at(self, slugs: Iterable[str]) -> dict[str, str]:
        """Return the article whose page is ``a/<slug>/``, by slug."""
        query = "SELECT id FROM articles WHERE slug = ?"
        rows = ((slug, self.row(query, slug)) for slug in slugs)
        return {slug: row["id"] for slug, row in rows if row}

    def articles(self, ids: Sequence[str]) -> dict[str, ArticleStatements]:
        """Return these articles with their statements, by id."""
        return {found.article.id: found for found in self.source.articles(ids)}

    def heard_in(self, slug: str) -> tuple[RecordingFacts, list[FamilyView]] | None:
        """Return the recording whose page is ``recordings/<slug>/``, and the families that were said in it.

        They are in the order of the recording. None where there is no such recording.
        """
        rows = self.db.execute("SELECT id FROM families WHERE recording = ? ORDER BY id", (slug,)).fetchall()
        views = [view for view in self.views([row["id"] for row in rows]).values() if view.story.original]
        originals = [view.story.original for view in views if view.story.original]
        if not originals:
            return None
        spans = [span for original in originals for span in original.spans]
        facts = self.source.recording(originals[0].article_id, spans)
        return (facts, sorted(views, key=_place_said)) if facts else None

    # -- everything ----------------------------------------------------------------------------------------

    def by_side(self, spoken: Iterable[tuple[T, str]]) -> list[tuple[Beat | None, list[T]]]:
        """Return what is spoken, each with its speaker, by side: empty ones too, everybody else last."""
        groups: dict[str, list[T]] = defaultdict(list)
        for what, speaker in spoken:
            for side in self.sides_of(speaker) or ("",):
                groups[side].append(what)
        return [*((beat, groups[beat.id]) for beat in self.snapshot.beats), (None, groups[""])]

    def last_of_side(self, side: str, before: str) -> FamilyLine | None:
        """Return the last statement of a side first reported before `before`."""
        where = "s.side = ? AND s.day <> '' AND s.day < ?"
        order = "s.day DESC, f.outlets DESC, f.id"
        query = f"sides s JOIN families f ON f.key = s.family WHERE {where} ORDER BY {order} LIMIT 1"
        return next(iter(self.lines(query, side, before)), None)

    def counts(self) -> dict[str, int]:
        """Return how much there is of everything."""
        return {
            "statements": int(self.row("SELECT count(*) FROM families")[0]),
            "reports": int(self.row("SELECT count(*) FROM reports")[0]),
            "speakers": self.counters.values("people/", "statement"),
            "outlets": self.counters.values("outlets/", "report"),
        }

    def addresses(self) -> Iterator[str]:
        """Yield the address of everything that is made from rows."""
        for query in (
            "SELECT 'q/' || slug || '/' FROM families WHERE has_page",
            "SELECT 'a/' || slug || '/' FROM articles",
            "SELECT DISTINCT 'recordings/' || recording || '/' FROM families WHERE recording <> ''",
            "SELECT 'people/' || slug || '/' FROM speakers",
            "SELECT DISTINCT 'people/' || speaker || '/' || iif(day = '', '0000-00', substr(day, 1, 7))"
            " || '/' FROM families WHERE speaker <> ''",
            "SELECT DISTINCT 'people-by/letter/' || letter || '/' FROM speakers",
            "SELECT 'outlets/' || slug || '/' FROM outlets",
            "SELECT DISTINCT 'day/' || day || '/' FROM reports WHERE day <> ''",
            "SELECT DISTINCT 'archive/' || substr(day, 1, 7) || '/' FROM reports WHERE day <> ''",
            f"SELECT DISTINCT '{MONTH}' || iif(day = '', '0000-00', substr(day, 1, 7)) FROM families",
            "SELECT DISTINCT 'sitemap/' || iif(day = '', '0000-00', substr(day, 1, 7)) FROM families",
        ):
            yield from (row[0] for row in self.db.execute(query).fetchall())


def _place_said(view: FamilyView) -> tuple[int, str]:
    return (view.story.original.spans[0].start if view.story.original else 0, view.id)


def _entry(line: FamilyLine, rows: Sequence[sqlite3.Row], day: str) -> DayEntry:
    outlets = tuple(dict.fromkeys(row["slug"] for row in rows if row["slug"]))
    return DayEntry(line, rows[0]["at"], outlets, len(rows), bool(rows[0]["day"] >= day))
