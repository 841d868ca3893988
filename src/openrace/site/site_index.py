"""What the site remembers: every utterance, where it is shown, and which pages must be made anew.

    tellings ─▶ keep ─▶ rows ─▶ the addresses of all pages that show what changed ─▶ `stale`

What is told twice alike makes nothing stale, so that telling everything again is safe, only slower. One
SQLite file in the site's folder; a damaged one is thrown away and made anew.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pydantic_core import to_json

from openrace.errors import ConfigError
from openrace.site.counters import Tallies
from openrace.site.family_view import Names, Utterance, tell, version_of
from openrace.site.page_addresses import FRONT, LISTS, MONTH, rank
from openrace.site.reader_text import component, ends_of, week_of
from openrace.site.snapshot import Edition, News, Telling

FILE = ".openrace-site.db"
UNDATED = "0000-00"  # the month of what no report dates
AT_ONCE = 5_000  # tellings in a transaction
MAPPED = 1 << 28  # bytes read without copying: what a night shows lies here and there in the file
CACHED = 1 << 26  # bytes of pages being written: the rows of a night come into many, each to be written once
_FORMAT = 3  # of catalogue.sql; another one is made anew


def open_catalogue(path: Path | str) -> sqlite3.Connection:
    """The catalogue at `path` (or ":memory:"), empty where there is none or it is of no use."""
    try:
        return _opened(path)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError) or str(path) == ":memory:":
            raise ConfigError(
                path, f"cannot be used: {error}", "look at the folder's rights and space"
            ) from error
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
        db.execute("PRAGMA page_size = 16384")  # a card lies in one page: a third of the file, twice as fast
        script = (Path(__file__).parent / "site_index.sql").read_text("utf-8")
        db.executescript(f"BEGIN; {script} PRAGMA user_version = {_FORMAT}; COMMIT;")
    return db


def read_catalogue(path: Path) -> sqlite3.Connection:
    """The catalogue at `path`, only to be read; an empty one in memory where there is none of use."""
    if path.is_file():
        db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
        db.row_factory = sqlite3.Row
        with suppress(sqlite3.DatabaseError):
            if db.execute("PRAGMA user_version").fetchone()[0] == _FORMAT:
                return db
        db.close()
    return open_catalogue(":memory:")


class Catalogue:
    """The utterances of a site, and what of it is stale. `names` are those of the edition it last took in."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.names = Names({}, {}, {})
        self.edition = Edition()
        self.tallies = Tallies(db)
        self._touched: set[str] = set()

    @property
    def mark(self) -> str:
        """How far the news reached that it took in last; empty where it never did."""
        return self.fact("mark")

    def fact(self, name: str) -> str:
        """What is remembered under `name`, empty for nothing."""
        row = self.db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return str(row["value"]) if row else ""

    def remember(self, name: str, value: str) -> bool:
        """Keep `value` under `name`; whether it is another than before."""
        if self.fact(name) == value:
            return False
        self.db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))
        return True

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; what was touched in it becomes stale at its end."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._make_stale()
            self.db.execute("COMMIT")
        except BaseException:
            if self.db.in_transaction:  # a full disk has ended it already
                self.db.execute("ROLLBACK")
            self._touched.clear()
            self.tallies.drop()
            raise

    def look(self, edition: Edition) -> None:
        """Tell under the names of `edition`."""
        self.edition, self.names = edition, Names.of(edition)

    def take_in(self, edition: Edition, news: News) -> None:
        """Remember `news` as told under the names of `edition`; call it inside a `transaction`.

        News of everything are committed from time to time: they may be more than a journal should hold.
        """
        self._take_names(edition)
        told: set[str] = set()
        for number, telling in enumerate(news.tellings, 1):
            self.keep(telling)
            if news.whole:
                told.add(telling.story.family.id)
            if not number % AT_ONCE:
                self._make_stale()
                self.db.execute("COMMIT")
                self.db.execute("BEGIN IMMEDIATE")
        for family in self._others(told.union(news.failed)) if news.whole else news.gone:
            self.forget(family)
        moved = dict(edition.moved)
        self.touch(f"q/{component(gone)}/" for gone in self._changed("moved ", moved))
        self._remember_each("moved ", moved)
        self.remember("mark", news.mark)

    def _others(self, told: set[str]) -> list[str]:
        rows = self.db.execute("SELECT family FROM utterances")
        return [row["family"] for row in rows if row["family"] not in told]

    def _take_names(self, edition: Edition) -> None:
        """Tell again, from what is remembered, whatever new names or corrections touch."""
        self.look(edition)
        known = (edition.people, edition.organisations, edition.beats, edition.topics)
        before = self.fact("names")
        if self.remember("names", version_of(known).hex()) and before:
            families = {row["family"] for row in self.db.execute("SELECT family FROM tellings")}
        else:
            families = self._renamed(edition) | self._corrected()
        self._remember_each("outlet ", _outlets(edition))
        self._remember_each("corrected ", self._corrections())
        for family in sorted(families):
            if telling := self.telling(family):
                self._write(telling)
        feeds = _feeds(edition)
        fed = (self.names.outlet(domain) for domain in self._changed("feeds ", feeds))
        self.touch(f"outlets/{outlet.key}/" for outlet in fed if outlet)
        self._remember_each("feeds ", feeds)

    def _renamed(self, edition: Edition) -> set[str]:
        """Families that an outlet brought whose name or country is another one now."""
        found: set[str] = set()
        for name in self._changed("outlet ", _outlets(edition)):
            rows = self.db.execute("SELECT DISTINCT family FROM reports WHERE outlet = ?", (component(name),))
            found.update(row["family"] for row in rows)
        return found

    def _corrections(self) -> dict[str, str]:
        return {family: version_of(found).hex() for family, found in self.names.corrections.items()}

    def _corrected(self) -> set[str]:
        return self._changed("corrected ", self._corrections())

    def _changed(self, kind: str, now: dict[str, str]) -> set[str]:
        """The names whose fact of this kind is new, gone or another."""
        rows = self.db.execute(
            "SELECT substr(name, ?) AS name, value FROM facts WHERE name GLOB ?", (len(kind) + 1, f"{kind}*")
        )
        before = {row["name"]: row["value"] for row in rows}
        return {name for name in before.keys() | now.keys() if before.get(name) != now.get(name)}

    def _remember_each(self, kind: str, now: dict[str, str]) -> None:
        for name in self._changed(kind, now):
            if name in now:
                self.db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (f"{kind}{name}", now[name]))
            else:
                self.db.execute("DELETE FROM facts WHERE name = ?", (f"{kind}{name}",))

    def telling(self, family: str) -> Telling | None:
        """What was told last of `family`."""
        row = self.db.execute("SELECT record FROM tellings WHERE family = ?", (family,)).fetchone()
        return Telling.model_validate_json(zlib.decompress(row["record"])) if row else None

    def keep(self, telling: Telling) -> None:
        """Remember one family; nothing is touched where it is told as before."""
        family, record = telling.story.family.id, zlib.compress(to_json(telling), 1)
        before = self.db.execute("SELECT record FROM tellings WHERE family = ?", (family,)).fetchone()
        if before and before["record"] == record:
            return
        self.db.execute("INSERT OR REPLACE INTO tellings VALUES (?, ?)", (family, record))
        self._write(telling)

    def forget(self, family: str) -> None:
        """Remember nothing of `family`."""
        self._erase(family)
        self.touch(f"q/{component(gone)}/" for gone, kept in self.edition.moved if kept == family)
        self.db.execute("DELETE FROM tellings WHERE family = ?", (family,))

    def _write(self, telling: Telling) -> None:
        """The rows of a family in place of those before, where pages would show another thing."""
        family, utterance = telling.story.family.id, tell(telling, self.names)
        version = utterance.version if utterance else b""
        before = self.db.execute("SELECT version FROM utterances WHERE family = ?", (family,)).fetchone()
        if before and before["version"] == version:
            return
        if before:
            self._erase(family)
        if utterance is None:
            return
        self.db.execute(
            f"INSERT INTO utterances VALUES ({', '.join('?' * 14)})", _utterance_row(utterance, version)
        )
        self.db.executemany(
            f"INSERT INTO reports VALUES ({', '.join('?' * 11)})", list(_report_rows(utterance))
        )
        self.db.executemany(
            "INSERT INTO links VALUES (?, ?)", sorted({(o, family) for o in utterance.story.links})
        )
        on = {topic for r in utterance.all_reports for topic in r.article.topics}
        place = (utterance.day, utterance.kind, utterance.key, family)
        self.db.executemany("INSERT INTO topics VALUES (?, ?, ?, ?, ?)", [(t, *place) for t in sorted(on)])
        self._touch(family, 1)

    def _erase(self, family: str) -> None:
        self._touch(family, -1)
        for table in ("utterances", "reports", "topics", "cards"):
            self.db.execute(f"DELETE FROM {table} WHERE family = ?", (family,))
        self.db.execute("DELETE FROM links WHERE other = ?", (family,))

    def _touch(self, family: str, sign: int) -> None:
        """Note every address that shows `family` as its rows are now, which come (`sign` 1) or go (−1)."""
        row = self.db.execute("SELECT * FROM utterances WHERE family = ?", (family,)).fetchone()
        if row is None:
            return
        reports = self.db.execute("SELECT * FROM reports WHERE family = ?", (family,)).fetchall()
        self.tallies.note(row, reports, sign)
        self._touched |= {f"q/{row['key']}/", f"{MONTH}{row['month']}", f"sitemap/{row['month']}"}
        if row["speaker"]:
            self._touched.add(f"people/{row['speaker']}/")
        for report in reports:
            self._touched |= {f"outlets/{report['outlet']}/"} if report["outlet"] else set()
            self._touched |= {f"day/{report['day']}/"} if report["day"] else set()
        for link in self.db.execute("SELECT other FROM links WHERE family = ?", (family,)):
            self._touched.add(f"q/{component(link['other'])}/")

    def touch(self, addresses: Iterable[str]) -> None:
        """Note that these addresses are to be made anew."""
        self._touched.update(addresses)

    def forget_cards(self) -> None:
        """All cards are to be made anew: what makes them is another one."""
        self.db.execute("DELETE FROM cards")

    def stale(self, most: int) -> list[str]:
        """What is to be made anew, the home page last."""
        query = "SELECT address FROM stale ORDER BY rank, address LIMIT ?"
        return [row["address"] for row in self.db.execute(query, (most,))]

    def is_fresh(self, addresses: Iterable[str]) -> None:
        """These have been made anew."""
        self.db.executemany("DELETE FROM stale WHERE address = ?", [(address,) for address in addresses])

    def _make_stale(self) -> None:
        """Everything that was touched, and what follows from it, is to be made anew."""
        self.tallies.write()
        if not self._touched:
            return
        days = {address[4:14] for address in self._touched if address.startswith("day/")}
        beside = self._beside(days)
        self._touched |= {f"day/{day}/" for day in days | beside}
        weeks = {week_of(day) for day in days | beside | self._in_weeks_beside(days)}
        self._touched |= {f"week/{week}/" for week in weeks}
        self._touched |= {f"week/{week_of(day)}/{beat.id}/" for day in days for beat in self.edition.beats}
        self._touched |= {f"topics/{topic.id}/" for topic in self.edition.topics}
        self._touched.update((*FRONT, *LISTS))
        ranked = [(address, rank(address)) for address in sorted(self._touched)]
        self.db.executemany("INSERT OR IGNORE INTO stale VALUES (?, ?)", ranked)
        self._touched.clear()

    def _come_or_gone(self, days: set[str]) -> set[str]:
        """Those of `days` that have a report now and had none, or the other way round."""
        there, known = "SELECT 1 FROM reports WHERE day = ?", "SELECT 1 FROM parts WHERE address = ?"
        return {
            day
            for day in days
            if (self.db.execute(there, (day,)).fetchone() is None)
            != (self.db.execute(known, (f"day/{day}/",)).fetchone() is None)
        }

    def _beside(self, days: set[str]) -> set[str]:
        """The days next to those of `days` that have come or gone: their pages lead to one another."""
        return {near for day in self._come_or_gone(days) for near in self._next_to(day, day)}

    def _in_weeks_beside(self, days: set[str]) -> set[str]:
        """A day of each week next to theirs, for the same reason."""
        found: set[str] = set()
        for week in {week_of(day) for day in self._come_or_gone(days)}:
            found |= self._next_to(*ends_of(week))
        return found

    def _next_to(self, first: str, last: str) -> set[str]:
        """The last day with a report before `first` and the first one after `last`."""
        before = self._one("SELECT max(day) FROM reports WHERE day <> '' AND day < ?", first)
        return {*before, *self._one("SELECT min(day) FROM reports WHERE day > ?", last)}

    def _one(self, query: str, limit: str) -> list[str]:
        found = self.db.execute(query, (limit,)).fetchone()[0]
        return [found] if found else []


def _outlets(edition: Edition) -> dict[str, str]:
    return {outlet.domain: f"{outlet.country} {outlet.name}" for outlet in edition.outlets}


def _feeds(edition: Edition) -> dict[str, str]:
    """What the page of each outlet says of its feeds, by its domain."""
    told: dict[str, str] = {}
    for feed in edition.feeds:
        told[feed.outlet] = f"{told.get(feed.outlet, '')}{feed.title}: {feed.state}\n"
    return told


def _utterance_row(it: Utterance, version: bytes) -> tuple[object, ...]:
    at = it.when or ""
    speaker = (it.speaker.key, it.speaker.name) if it.speaker else ("", "")
    reach = (it.outlets, len(it.countries), it.seen or "", it.latest or "", len(it.story.alerts))
    return (it.id, it.key, version, at, it.day, at[:7] or UNDATED, it.kind, *speaker, *reach)


def _report_rows(it: Utterance) -> Iterator[tuple[object, ...]]:
    shared = it.outlets > 1 and bool(it.when)
    speaker = it.speaker.key if it.speaker else ""
    for place, report in enumerate(it.all_reports):
        first = report is it.first
        yield (
            it.id,
            place,
            report.when or "",
            report.day or "",
            report.outlet.key if report.outlet else "",
            report.outlet.domain if report.outlet else "",
            None if first else report.lag_hours,
            int(first and shared),
            int(shared),
            speaker,
            report.statement.role or "",
        )
