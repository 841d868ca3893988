"""What the crawl remembers: the state of each feed and entry, pages to be fetched again, robots.txt.

How the crawl went is told by `crawl_history.py`; pages as they came are in `page_table.py`.
"""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from openrace import __version__
from openrace.crawl_records import (
    BugKind,
    Entry,
    EntryStatus,
    FeedState,
    FetchedPage,
    PageChange,
    Recheck,
    RobotsTxt,
)
from openrace.records import Article, normalise_when, normalise_wording
from openrace.store import article_table, crawl_history, page_table
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
        return crawl_history.get_feed(self._db, feed_url)

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
        return crawl_history.article_at(self._db, url)

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
        query = "SELECT url, article, etag, modified FROM pages WHERE due <= ? ORDER BY due, url"
        return [Recheck(*row) for row in self._db.execute(query, (self._now(),))]

    def last_text(self, recheck: Recheck) -> str:
        row = self._db.execute(
            "SELECT coalesce((SELECT text FROM revisions WHERE article = a.id AND seen > a.added"
            " ORDER BY seen DESC LIMIT 1), a.text) AS text FROM articles a WHERE id = ?",
            (recheck.article_id,),
        ).fetchone()
        return str(row["text"]) if row else ""

    def page_before(self, recheck: Recheck, article: Article) -> FetchedPage | None:
        page = page_table.get_page(self._db, recheck.url)
        if page is None or page_table.was_read_from(article, page):
            return None
        return FetchedPage(page.url, page.body, page.content_type, recheck.etag, recheck.modified)

    def save_recheck(self, recheck: Recheck, article: Article | None, page: FetchedPage | None) -> PageChange:
        with transaction(self._db):
            row = self._db.execute("SELECT * FROM pages WHERE url = ?", (recheck.url,)).fetchone()
            changed = article is not None and page_table.digest(article) != row["words"]
            gone: tuple[str, ...] = ()
            if article is not None and changed:
                gone = _quotations_gone(self._db, row["article"], article.text)
                self._db.execute(
                    "INSERT OR REPLACE INTO revisions (article, seen, title, text, gone)"
                    " VALUES (?, ?, ?, ?, ?)",
                    (row["article"], self._now(), article.title, article.text, json.dumps(gone)),
                )
            self._db.execute(
                "UPDATE pages SET rechecks = rechecks + 1, due = :due, problem = NULL, words = :words,"
                " etag = coalesce(:etag, etag), modified = coalesce(:modified, modified),"
                " body = coalesce(:body, body) WHERE url = :url",
                {
                    "url": recheck.url,
                    "due": page_table.recheck_due(row["fetched"], row["rechecks"] + 1),
                    "words": page_table.digest(article) if article else row["words"],
                    "etag": page and page.etag,
                    "modified": page and page.modified,
                    "body": gzip.compress(page.body) if page else None,
                },
            )
        return PageChange(changed, gone)

    def save_failed_recheck(self, recheck: Recheck, problem: str) -> None:
        """That was no recheck; a page that shows something else for weeks is no longer fetched."""
        with transaction(self._db):
            row = self._db.execute("SELECT fetched FROM pages WHERE url = ?", (recheck.url,)).fetchone()
            last = timedelta(days=page_table.RECHECK_DAYS[-1] + page_table.RETRY_DAYS)
            again = self._clock() + timedelta(days=1, hours=-4)
            due = normalise_when(again) if again < datetime.fromisoformat(row["fetched"]) + last else None
            query = "UPDATE pages SET due = ?, problem = ? WHERE url = ?"
            self._db.execute(query, (due, problem, recheck.url))

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
        crawl_history.note_bug(self._db, kind, resource, error, seen=self._now())


def _quotations_gone(db: sqlite3.Connection, article_id: str, text: str) -> tuple[str, ...]:
    """Return the claims of the article of which some quoted words are not in `text`."""
    rows = db.execute(
        "SELECT c.id, c.quoted, a.text FROM claims c JOIN articles a ON a.key = c.article"
        " WHERE a.id = ? AND c.kind <> 'indirect' ORDER BY c.key",
        (article_id,),
    )
    now = normalise_wording(text)
    return tuple(
        row["id"]
        for row in rows
        if any(normalise_wording(row["text"][s:e]) not in now for s, e in json.loads(row["quoted"]))
    )
