"""What the crawl remembers: the state of each feed and entry, robots.txt, inputs that failed.

The crawl is handed a `SqliteCrawlStore`; the functions below it answer those who ask how the crawl went.
Pages as they came are in `page_table.py`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from datetime import datetime

from openrace import __version__
from openrace.crawl_records import (
    Bug,
    BugKind,
    Entry,
    EntryOutcome,
    EntryStatus,
    FeedState,
    FetchedPage,
    PageChange,
    Recheck,
    RobotsTxt,
)
from openrace.records import Article, normalise_when
from openrace.store import article_table, page_table
from openrace.store.database import transaction


class SqliteCrawlStore:
    """The memory of the crawl (`openrace.ingest.crawl.crawl_store` says what each method is for).

    `clock` tells the time of what is noted. Every method is one transaction.
    """

    def __init__(self, db: sqlite3.Connection, clock: Callable[[], datetime]) -> None:
        self._db, self._clock = db, clock

    def _now(self) -> str:
        return normalise_when(self._clock())

    # -- feeds and their entries --------------------------------------------------------------------

    def feed_state(self, feed_url: str) -> FeedState | None:
        return get_feed(self._db, feed_url)

    def save_feed(
        self, state: FeedState, entries: Iterable[Entry] = (), *, old: frozenset[str] = frozenset()
    ) -> int:
        with transaction(self._db):
            self._db.execute(
                "INSERT OR REPLACE INTO feeds (url, address, etag, modified, checked, succeeded, due,"
                " failed_nights, problem, moved_to, moved_nights, gone_nights, retired)"
                " VALUES (:feed_url, :url, :etag, :modified, :checked, :succeeded, :due,"
                " :failed_nights, :problem, :moved_to, :moved_nights, :gone_nights, :retired)",
                state.model_dump(),
            )
            self._db.execute("DELETE FROM bugs WHERE kind = 'feed' AND resource = ?", (state.feed_url,))
            return sum(self._save_entry(entry, entry.entry_id in old) for entry in entries)

    def _save_entry(self, entry: Entry, is_old: bool) -> bool:
        """Whether the entry is new and pending. A page that the feed names under another id than before is
        not."""
        known = (  # not with OR, for which SQLite walks through all entries of the feed
            "SELECT 1 FROM entries WHERE feed = :feed AND id = :id"
            " UNION ALL SELECT 1 FROM entries WHERE url = :url AND feed = :feed"
        )
        row = {"feed": entry.feed_url, "id": entry.entry_id, "url": entry.url, "seen": self._now()}
        if self._db.execute(known, row).fetchone():
            return False
        row |= {"title": entry.title, "published": entry.published, "record": entry.model_dump_json()}
        row |= {"status": None, "reason": None}
        if is_old:
            row |= {"status": "old", "reason": "among the older ones of a feed without dates", "record": None}
        self._db.execute(
            "INSERT INTO entries (feed, id, url, title, published, seen, status, reason, nights, record)"
            " VALUES (:feed, :id, :url, :title, :published, :seen, :status, :reason, 0, :record)",
            row,
        )
        return not is_old

    def pending_entries(self) -> list[Entry]:
        rows = self._db.execute(
            "SELECT record FROM entries WHERE status IS NULL AND coalesce(url, '') NOT IN"
            " (SELECT resource FROM bugs WHERE kind = 'page' AND version = ?) ORDER BY key",
            (__version__,),
        )
        return [Entry.model_validate_json(row["record"]) for row in rows]

    def set_status(self, entry: Entry, status: EntryStatus, reason: str) -> None:
        with transaction(self._db):
            self._db.execute(
                "UPDATE entries SET status = ?, reason = ?, record = NULL WHERE feed = ? AND id = ?",
                (status, reason, entry.feed_url, entry.entry_id),
            )
            self._db.execute("DELETE FROM bugs WHERE kind = 'page' AND resource = ?", (entry.url,))

    def postpone(self, entry: Entry, problem: str) -> int:
        key = {"feed": entry.feed_url, "id": entry.entry_id, "problem": problem, "day": self._now()[:10]}
        with transaction(self._db):
            self._db.execute(
                "UPDATE entries SET reason = :problem, nights = nights + (failed IS NOT :day), failed = :day"
                " WHERE feed = :feed AND id = :id",
                key,
            )
        query = "SELECT nights FROM entries WHERE feed = :feed AND id = :id"
        return int(self._db.execute(query, key).fetchone()["nights"])

    # -- articles and pages -------------------------------------------------------------------------

    def article_at(self, url: str) -> str | None:
        return article_at(self._db, url)

    def article(self, article_id: str) -> Article | None:
        return article_table.get_article(self._db, article_id)

    def keep(self, entry: Entry, article: Article, page: FetchedPage | None) -> bool:
        """Article, page and status, all of them or none."""
        with transaction(self._db):
            added = article_table.add_article(self._db, article, added=self._now())
            if page:
                page_table.save_page(self._db, page, article, fetched=self._now())
            self.set_status(entry, "kept" if added == "new" else "known", article.id)
        return added == "new"

    def due_rechecks(self) -> list[Recheck]:
        return page_table.due_rechecks(self._db, self._now())

    def last_text(self, recheck: Recheck) -> str:
        return page_table.last_text(self._db, recheck.article_id)

    def page_before(self, recheck: Recheck, article: Article) -> FetchedPage | None:
        page = page_table.get_page(self._db, recheck.url)
        if page is None or page_table.was_read_from(article, page):
            return None
        return FetchedPage(page.url, page.body, page.content_type, recheck.etag, recheck.modified)

    def save_recheck(self, recheck: Recheck, article: Article | None, page: FetchedPage | None) -> PageChange:
        return page_table.save_recheck(self._db, recheck.url, article, page, seen=self._now())

    def save_failed_recheck(self, recheck: Recheck, problem: str) -> None:
        page_table.save_failed_recheck(self._db, recheck.url, problem, seen=self._now())

    # -- robots.txt and bugs ------------------------------------------------------------------------

    def get_robots(self, origin: str) -> RobotsTxt | None:
        query = "SELECT fetched, status, text FROM robots WHERE origin = ?"
        row = self._db.execute(query, (origin,)).fetchone()
        return (
            RobotsTxt(origin, datetime.fromisoformat(row["fetched"]), row["status"], row["text"])
            if row
            else None
        )

    def put_robots(self, robots: RobotsTxt) -> None:
        row = robots._asdict() | {"fetched": normalise_when(robots.fetched)}
        with transaction(self._db):
            self._db.execute(
                "INSERT OR REPLACE INTO robots (origin, fetched, status, text)"
                " VALUES (:origin, :fetched, :status, :text)",
                row,
            )

    def note_bug(self, kind: BugKind, resource: str, error: Exception) -> None:
        note_bug(self._db, kind, resource, error, seen=self._now())


# -- how the crawl went -----------------------------------------------------------------------------


def get_feed(db: sqlite3.Connection, url: str) -> FeedState | None:
    """Return what is known of the feed that the list has under `url`."""
    row = db.execute("SELECT * FROM feeds WHERE url = ?", (url,)).fetchone()
    return _state(row) if row else None


def iter_feeds(db: sqlite3.Connection) -> list[FeedState]:
    """Return what is known of all feeds, by address."""
    return [_state(row) for row in db.execute("SELECT * FROM feeds ORDER BY url")]


def _state(row: sqlite3.Row) -> FeedState:
    fields = dict(row)
    return FeedState(feed_url=fields.pop("url"), url=fields.pop("address"), **fields)


def counts_by_feed(db: sqlite3.Connection) -> dict[str, dict[str, int]]:
    """For each feed, how many of its entries had which status ("pending" for none yet)."""
    counts: dict[str, dict[str, int]] = {}
    query = (
        "SELECT feed, coalesce(status, 'pending') AS status, count(*) AS number FROM entries GROUP BY 1, 2"
    )
    for row in db.execute(query):
        counts.setdefault(row["feed"], {})[row["status"]] = row["number"]
    return counts


def newest_entries(db: sqlite3.Connection) -> dict[str, str]:
    """For each feed with dated entries the day of its newest one."""
    query = (
        "SELECT feed, max(substr(published, 1, 10)) AS day FROM entries WHERE published > '' GROUP BY feed"
    )
    return {row["feed"]: row["day"] for row in db.execute(query)}


def outcomes_at(db: sqlite3.Connection, url: str) -> list[EntryOutcome]:
    """Return what became of the entries that name the page at this canonical address, the earliest first."""
    query = "SELECT feed, title, seen, status, reason FROM entries WHERE url = ? ORDER BY key"
    return [EntryOutcome(*row) for row in db.execute(query, (url,))]


def article_at(db: sqlite3.Connection, url: str) -> str | None:
    """Return the id of the article whose address is `url`, or that was read from the page there."""
    row = db.execute(
        "SELECT id FROM articles WHERE id = ?"
        " UNION ALL SELECT a.id FROM pages p JOIN articles a ON a.id = p.article WHERE p.url = ? LIMIT 1",
        (Article.make_id(url, ""), url),
    ).fetchone()
    return row["id"] if row else None


def note_bug(
    db: sqlite3.Connection, kind: BugKind, resource: str, error: Exception | str, *, seen: str | None = None
) -> None:
    """Keep what an error in openrace did not let in; `seen` None: the day is not known."""
    problem = error if isinstance(error, str) else f"{type(error).__name__}: {error}"
    words = " ".join(problem.split())[:300]
    with transaction(db):
        db.execute(
            "INSERT OR REPLACE INTO bugs (kind, resource, error, version, seen) VALUES (?, ?, ?, ?, ?)",
            (kind, resource, words, __version__, seen or ""),
        )


def forget_bug(db: sqlite3.Connection, kind: BugKind, resource: str) -> None:
    """Note that the input came in after all."""
    key = (kind, resource)
    if db.execute("SELECT 1 FROM bugs WHERE kind = ? AND resource = ?", key).fetchone():
        with transaction(db):
            db.execute("DELETE FROM bugs WHERE kind = ? AND resource = ?", key)


def iter_bugs(db: sqlite3.Connection) -> list[Bug]:
    """Return the inputs that a bug kept out, the latest first."""
    query = "SELECT kind, resource, error, version, seen FROM bugs ORDER BY seen DESC, kind, resource"
    return [Bug(*row) for row in db.execute(query)]
