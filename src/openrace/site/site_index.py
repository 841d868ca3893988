"""The index of a site: a row for every family, and in which lists it is.

    changes ─▶ apply ─▶ rows ─▶ invalidation.py: the addresses that show what changed

What arrives unchanged makes nothing dirty, so that taking in everything again is safe, only slower. One
SQLite file in the site's folder; a damaged one is thrown away and made anew from the store.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from itertools import islice
from pathlib import Path

from openrace.errors import ConfigError
from openrace.records import KINDS
from openrace.scripts import to_simplified
from openrace.site.counters import Counters
from openrace.site.family_line import line_of, pack
from openrace.site.family_view import FamilyView, ReportView, version_of, view_of
from openrace.site.invalidation import REPORTS_OF, DirtyPages
from openrace.site.name_lookup import NameLookup, OutletName
from openrace.site.reader_text import component
from openrace.site.snapshot import ChangedFamilies, FamilyFacts, RecordSource, SiteSnapshot

FILE = ".openrace-site.db"
AT_ONCE = 200  # families read together
COMMIT_AFTER = 5_000  # families: everything is more than a journal should hold
MAPPED = 1 << 25  # bytes read without copying: they count as memory of the process
CACHED = 1 << 25  # bytes of pages being written
_FORMAT = 10  # of site_index.sql; another one is made anew


def open_index(path: Path | str) -> sqlite3.Connection:
    """Open the index at `path` (or ":memory:"), empty where there is none or it is of no use.

    Raises ConfigError where the folder cannot be written.
    """
    try:
        return _opened(path)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError) or str(path) == ":memory:":
            problem = f"cannot be used: {error}"
            raise ConfigError(path, problem, "look at the folder's rights and space") from error
        Path(path).unlink()
        return _opened(path)


def _opened(path: Path | str) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None, timeout=60)
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA synchronous = OFF")  # a file that breaks with the machine is made anew
    db.execute(f"PRAGMA mmap_size = {MAPPED}")
    db.execute(f"PRAGMA cache_size = -{CACHED >> 10}")
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version not in (0, _FORMAT):
        db.close()
        Path(path).unlink()
        return _opened(path)
    if not version:
        db.execute("PRAGMA auto_vacuum = INCREMENTAL")
        script = (Path(__file__).parent / "site_index.sql").read_text("utf-8")
        db.executescript(f"BEGIN; {script} PRAGMA user_version = {_FORMAT}; COMMIT;")
    return db


def read_index(path: Path) -> sqlite3.Connection:
    """Open the index at `path` only to be read; an empty one in memory where there is none of use."""
    if path.is_file():
        db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
        db.row_factory = sqlite3.Row
        with suppress(sqlite3.DatabaseError):
            if db.execute("PRAGMA user_version").fetchone()[0] == _FORMAT:
                return db
        db.close()
    return open_index(":memory:")


class SiteIndex:
    """The families of a site, and what of it is dirty. `names` are those of the snapshot last applied."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.snapshot = SiteSnapshot()
        self.names = NameLookup.of(self.snapshot)
        self.counters = Counters(db)
        self.dirty = DirtyPages(db, self.counters)
        self._keys: dict[tuple[str, str], int] = {}  # of outlets and articles, by table and slug or id

    @property
    def token(self) -> str:
        """How far the changes reached that were applied last; empty where none ever were."""
        return self.fact("token")

    def fact(self, name: str) -> str:
        """Return what is kept under `name`, empty for nothing."""
        row = self.db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return str(row["value"]) if row else ""

    def set_fact(self, name: str, value: str) -> bool:
        """Keep `value` under `name`; return whether it is another than before."""
        if self.fact(name) == value:
            return False
        self.db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))
        return True

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; what was touched in it becomes dirty at its end."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.dirty.write(self.snapshot)
            self.db.execute("COMMIT")
        except BaseException:
            if self.db.in_transaction:  # a full disk has ended it already
                self.db.execute("ROLLBACK")
            self.dirty.drop()
            raise

    def use(self, snapshot: SiteSnapshot) -> None:
        """Look up names in `snapshot` from now on."""
        self.snapshot, self.names = snapshot, NameLookup.of(snapshot)

    def apply(self, snapshot: SiteSnapshot, changes: ChangedFamilies, source: RecordSource) -> None:
        """Store what changed, under the names of `snapshot`; call it inside a `transaction`."""
        asked = dict.fromkeys((*changes.families, *self._renamed(snapshot)))
        rest, number = iter(asked), 0
        while batch := tuple(islice(rest, AT_ONCE)):
            number += 1
            self._apply_batch(batch, source)
            if not number % (COMMIT_AFTER // AT_ONCE):
                self.dirty.write(snapshot)
                self.db.execute("COMMIT")
                self.db.execute("BEGIN IMMEDIATE")
        if changes.whole:
            for row in self.db.execute("SELECT id FROM families").fetchall():
                if row["id"] not in asked:
                    self.forget(row["id"])
        self._apply_moves(dict(snapshot.moved))
        self.set_fact("token", changes.token)

    def _apply_batch(self, batch: tuple[str, ...], source: RecordSource) -> None:
        found = {facts.story.family.id: facts for facts in source.families(batch)}
        for family in batch:
            if facts := found.get(family):
                source.attempt(family, partial(self.keep, facts))
            elif family not in source.failed:
                self.forget(family)

    def _apply_moves(self, moved: dict[str, str]) -> None:
        self.dirty.touch(f"q/{component(gone)}/" for gone in self._changed("moved ", moved))
        self.set_facts("moved ", moved)

    def _renamed(self, snapshot: SiteSnapshot) -> set[str]:
        """Note the names of `snapshot`; return the families that new names, corrections or marks touch."""
        self.use(snapshot)
        known = (snapshot.people, snapshot.organisations, snapshot.beats, snapshot.topics, snapshot.language)
        before = self.fact("names")
        outlets, marks = _outlets(snapshot), self._marks()
        if self.set_fact("names", version_of(known).hex()) and before:
            families = {row["id"] for row in self.db.execute("SELECT id FROM families")}
        else:
            families = self._of_outlets(self._changed("outlet ", outlets)) | self._changed("mark ", marks)
            families |= self._of_speakers(snapshot)
        self.set_facts("outlet ", outlets)
        self.set_facts("mark ", marks)
        self.set_facts("same speaker ", dict(snapshot.same_speakers))
        self._note_feeds(snapshot)
        self._note_revisions(snapshot)
        self._note_ideas(snapshot)
        return families

    def _of_outlets(self, domains: Iterable[str]) -> set[str]:
        query = (
            "SELECT DISTINCT f.id FROM outlets o JOIN reports r ON r.outlet = o.key"
            " JOIN families f ON f.key = r.family WHERE o.slug = ?"
        )
        return {row["id"] for domain in domains for row in self.db.execute(query, (component(domain),))}

    def _of_speakers(self, snapshot: SiteSnapshot) -> set[str]:
        """Return the families of speakers who are now shown under one name, or no longer."""
        before, now = self.facts("same speaker "), dict(snapshot.same_speakers)
        names = self._changed("same speaker ", now)
        if not names:
            return set()
        shown = {found[name] for name in names for found in (before, now) if name in found}
        keys = {found.key for name in shown if (found := self.names.speaker(name, name))}
        rows = self.db.execute("SELECT slug, name FROM speakers")
        keys.update(row["slug"] for row in rows if to_simplified(row["name"]) in names)
        query = "SELECT id FROM families WHERE speaker = ?"
        return {row["id"] for key in keys for row in self.db.execute(query, (key,))}

    def _marks(self) -> dict[str, str]:
        corrections, ideas = self.names.corrections, self.names.ideas
        return {
            family: version_of(corrections.get(family), ideas.get(family)).hex()
            for family in self.names.marked
        }

    def _note_feeds(self, snapshot: SiteSnapshot) -> None:
        feeds: dict[str, str] = {}
        for feed in snapshot.feeds:
            feeds[feed.outlet] = f"{feeds.get(feed.outlet, '')}{feed.title}: {feed.state}\n"
        self.dirty.touch(f"outlets/{component(domain)}/" for domain in self._changed("feeds ", feeds))
        self.set_facts("feeds ", feeds)

    def _note_revisions(self, snapshot: SiteSnapshot) -> None:
        found: dict[str, str] = {}
        for revision in snapshot.revisions:
            article = revision.article.id
            found[article] = version_of(found.get(article, ""), revision).hex()
        self.dirty.touch(f"a/{component(article)}/" for article in self._changed("revision ", found))
        self.set_facts("revision ", found)

    def _note_ideas(self, snapshot: SiteSnapshot) -> None:
        ideas = {idea.id: version_of(idea).hex() for idea in snapshot.ideas}
        self.dirty.touch(f"ideas/{idea}/" for idea in self._changed("idea ", ideas))
        self.set_facts("idea ", ideas)

    def facts(self, kind: str) -> dict[str, str]:
        """Return what is kept under names that begin with `kind`, by the rest of the name."""
        rows = self.db.execute(
            "SELECT substr(name, ?) AS name, value FROM facts WHERE name GLOB ?", (len(kind) + 1, f"{kind}*")
        )
        return {row["name"]: row["value"] for row in rows}

    def _changed(self, kind: str, now: dict[str, str]) -> set[str]:
        """Return the names whose fact of this kind is new, gone or another."""
        before = self.facts(kind)
        return {name for name in before.keys() | now.keys() if before.get(name) != now.get(name)}

    def set_facts(self, kind: str, now: dict[str, str]) -> None:
        """Keep `now` in place of all facts of this kind."""
        for name in self._changed(kind, now):
            if name in now:
                self.db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (f"{kind}{name}", now[name]))
            else:
                self.db.execute("DELETE FROM facts WHERE name = ?", (f"{kind}{name}",))

    def keep(self, facts: FamilyFacts) -> bool:
        """Store one family; return whether pages would show another thing than before."""
        view = view_of(facts, self.names)
        if view is None:
            return self.forget(facts.story.family.id)
        row = self.db.execute("SELECT version FROM families WHERE id = ?", (view.id,)).fetchone()
        version = view.version
        if row and row["version"] == version:
            return False
        self.forget(view.id)
        self._insert(view, version)
        return True

    def forget(self, family: str) -> bool:
        """Remove one family; return whether it was there."""
        row = self.db.execute("SELECT key FROM families WHERE id = ?", (family,)).fetchone()
        if row is None:
            return False
        self._note(row["key"], -1)
        self.db.execute("DELETE FROM families WHERE key = ?", (row["key"],))
        for table in ("reports", "sides", "topics", "same_utterance"):
            self.db.execute(f"DELETE FROM {table} WHERE family = ?", (row["key"],))
        self.db.execute("DELETE FROM links WHERE other = ?", (family,))
        self.dirty.touch(f"q/{component(gone)}/" for gone, kept in self.snapshot.moved if kept == family)
        return True

    def _insert(self, view: FamilyView, version: bytes) -> None:
        """Store the rows of a family that has none."""
        query = f"INSERT INTO families VALUES (NULL, {', '.join('?' * 19)})"
        key = self.db.execute(query, _family_row(view, version)).lastrowid or 0
        rows = [
            (key, place, *self._places(report), *_report_row(view, report))
            for place, report in enumerate(view.all_reports)
        ]
        self.db.executemany(f"INSERT INTO reports VALUES ({', '.join('?' * 13)})", rows)
        near = {*view.story.links, *view.story.family.same_utterance}
        others = sorted((other, view.id) for other in near)
        same = [(key, other) for other in view.story.family.same_utterance]
        if others:  # most families stand alone
            self.db.executemany("INSERT INTO links VALUES (?, ?)", others)
            self.db.executemany("INSERT INTO same_utterance VALUES (?, ?)", same)
        topics = {topic for report in view.all_reports for topic in report.article.topics}
        for table, names in (("sides", view.beats), ("topics", sorted(topics))):
            for name in names:
                self.db.execute(f"INSERT INTO {table} VALUES (?, ?, ?)", (name, view.day, key))
        self._note(key, 1)

    def _places(self, report: ReportView) -> tuple[str, str, int, int]:
        """Return time, day, outlet and article of a report, the latter two by their keys."""
        outlet = self._outlet_key(report.outlet) if report.outlet else 0
        return report.when or "", report.day or "", outlet, self._article_key(report.article.id)

    def _outlet_key(self, outlet: OutletName) -> int:
        return self._key("outlets", "slug", outlet.key, outlet.domain)

    def _article_key(self, article: str) -> int:
        return self._key("articles", "id", article, component(article))

    def _key(self, table: str, column: str, name: str, other: str) -> int:
        """Return the key of an outlet or article, which gets one if it has none: it keeps it for ever."""
        if (table, name) not in self._keys:
            row = self.db.execute(f"SELECT key FROM {table} WHERE {column} = ?", (name,)).fetchone()
            if row is None:
                query = f"INSERT INTO {table} VALUES (NULL, ?, ?) RETURNING key"
                row = self.db.execute(query, (name, other)).fetchone()
            self._keys[table, name] = int(row["key"])
        return self._keys[table, name]

    def _note(self, key: int, sign: int) -> None:
        """Count the rows of a family, and touch every address that shows it, as it comes (1) or goes (-1)."""
        family = self.db.execute("SELECT * FROM families WHERE key = ?", (key,)).fetchone()
        reports = self.db.execute(REPORTS_OF, (key,)).fetchall()
        sides, topics = self._lists("side", key), self._lists("topic", key)
        self.dirty.note(family, reports, sides, topics, sign)

    def _lists(self, kind: str, key: int) -> list[str]:
        """Return on which sides, or topics, a family is."""
        query = f"SELECT {kind} FROM {kind}s WHERE family = ? ORDER BY {kind}"
        return [row[0] for row in self.db.execute(query, (key,))]


def _outlets(snapshot: SiteSnapshot) -> dict[str, str]:
    return {outlet.domain: f"{outlet.country} {outlet.name}" for outlet in snapshot.outlets}


def _family_row(view: FamilyView, version: bytes) -> tuple[object, ...]:
    speaker = (view.speaker.key, view.speaker.name) if view.speaker else ("", "")
    spread = (view.outlets, view.independent, len(view.countries), view.seen or "")
    gone = max((r.statement.gone for r in view.reports if r.statement.gone), default="")
    line = line_of(view)
    foreign = int(not line.is_for_readers_of(view.language.code))
    found = (view.alerted or "", gone, view.recording, view.heard, int(view.has_page), foreign, pack(line))
    return (view.id, view.key, version, view.when or "", view.day, view.kind, *speaker, *spread, *found)


def _report_row(view: FamilyView, report: ReportView) -> tuple[object, ...]:
    first = view.first_is_certain and report is view.first
    lag, shared, copy = None if first else report.lag_hours, view.is_shared, bool(report.wire_of)
    kind = KINDS.index(report.statement.kind)
    follows = view.first_is_certain and lag is not None and lag > report.lag_doubt_hours
    flags = (first and shared, shared, follows, copy)
    return (kind, lag, *map(int, flags), report.statement.role or "")
