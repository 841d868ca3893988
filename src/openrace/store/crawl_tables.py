"""What the crawl remembers: states of feeds, fates of entries, pages as they came, revisions, robots.txt."""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from openrace.records import (
    Article,
    Entry,
    FeedState,
    normalise_when,
    normalise_wording,
    stable_id,
)
from openrace.store.database import transaction
from openrace.store.night_state import touch

# Days after the first fetch on which a page is seen again: most corrections come on the first day, and
# what is changed after a month is rarely seen by anybody.
VISIT_DAYS = (1, 3, 7, 30)
KEEP_DAYS = 180  # for which pages are kept as they came, so that better extraction needs no refetch


# -- feeds ------------------------------------------------------------------------------------------


def get_feed(db: sqlite3.Connection, url: str) -> FeedState | None:
    """What is known of the feed that the list has under `url`."""
    row = db.execute("SELECT * FROM feeds WHERE url = ?", (url,)).fetchone()
    return _state(row) if row else None


def iter_feeds(db: sqlite3.Connection) -> list[FeedState]:
    """What is known of all feeds, by address."""
    return [_state(row) for row in db.execute("SELECT * FROM feeds ORDER BY url")]


def _state(row: sqlite3.Row) -> FeedState:
    fields = dict(row)
    return FeedState(feed_url=fields.pop("url"), url=fields.pop("address"), **fields)


def save_feed(db: sqlite3.Connection, state: FeedState, entries: Iterable[Entry], *, seen: str) -> int:
    """Keep the state and, as waiting, those entries whose id and page the feed had not before; how many."""
    with transaction(db):
        db.execute(
            "INSERT OR REPLACE INTO feeds VALUES (:feed_url, :url, :etag, :modified, :checked, :succeeded,"
            " :due, :failed_nights, :problem, :moved_to, :moved_nights, :gone_nights, :retired)",
            state.model_dump(),
        )
        return sum(_save_entry(db, entry, seen) for entry in entries)


def _save_entry(db: sqlite3.Connection, entry: Entry, seen: str) -> bool:
    """Whether the entry is new. A page that the feed names under another id than before is not."""
    known = (  # not with OR, for which SQLite walks through all entries of the feed
        "SELECT 1 FROM entries WHERE feed = :feed AND id = :id"
        " UNION ALL SELECT 1 FROM entries WHERE url = :url AND feed = :feed"
    )
    row = {"feed": entry.feed_url, "id": entry.entry_id, "url": entry.url, "seen": seen}
    if db.execute(known, row).fetchone():
        return False
    row |= {"title": entry.title, "published": entry.published, "record": entry.model_dump_json()}
    db.execute(
        "INSERT INTO entries (feed, id, url, title, published, seen, nights, record)"
        " VALUES (:feed, :id, :url, :title, :published, :seen, 0, :record)",
        row,
    )
    return True


def counts_by_feed(db: sqlite3.Connection) -> dict[str, dict[str, int]]:
    """For each feed, how many of its entries had which fate ("waiting" for none yet)."""
    counts: dict[str, dict[str, int]] = {}
    query = "SELECT feed, coalesce(fate, 'waiting') AS fate, count(*) AS number FROM entries GROUP BY 1, 2"
    for row in db.execute(query):
        counts.setdefault(row["feed"], {})[row["fate"]] = row["number"]
    return counts


# -- entries ----------------------------------------------------------------------------------------


def waiting_entries(db: sqlite3.Connection) -> list[Entry]:
    """The entries whose fate is not settled, those of longest standing first."""
    rows = db.execute("SELECT record FROM entries WHERE fate IS NULL ORDER BY key")
    return [Entry.model_validate_json(row["record"]) for row in rows]


def settle_entry(db: sqlite3.Connection, entry: Entry, fate: str, reason: str) -> None:
    """Note what became of the entry, and why."""
    with transaction(db):
        db.execute(
            "UPDATE entries SET fate = ?, reason = ?, record = NULL WHERE feed = ? AND id = ?",
            (fate, reason, entry.feed_url, entry.entry_id),
        )


class EntryFate(NamedTuple):
    """What became of one entry; `fate` None: it waits."""

    feed: str
    title: str | None
    seen: str
    fate: str | None
    reason: str | None


def fates_at(db: sqlite3.Connection, url: str) -> list[EntryFate]:
    """What became of the entries that name the page at this canonical address, the earliest first."""
    query = "SELECT feed, title, seen, fate, reason FROM entries WHERE url = ? ORDER BY key"
    return [EntryFate(*row) for row in db.execute(query, (url,))]


def put_off_entry(db: sqlite3.Connection, entry: Entry, problem: str, *, day: str) -> int:
    """Note that its page failed on this `day`; on how many days it has by now."""
    key = {"feed": entry.feed_url, "id": entry.entry_id, "problem": problem, "day": day}
    with transaction(db):
        db.execute(
            "UPDATE entries SET reason = :problem, nights = nights + (failed IS NOT :day), failed = :day"
            " WHERE feed = :feed AND id = :id",
            key,
        )
    row = db.execute("SELECT nights FROM entries WHERE feed = :feed AND id = :id", key).fetchone()
    return int(row["nights"])


def article_at(db: sqlite3.Connection, url: str) -> str | None:
    """The id of the article whose address is `url`, or that was read from the page there."""
    row = db.execute("SELECT id FROM articles WHERE id = ?", (Article.make_id(url, ""),)).fetchone()
    row = (
        row
        or db.execute(
            "SELECT id FROM articles WHERE id = (SELECT article FROM pages WHERE url = ?)", (url,)
        ).fetchone()
    )
    return row["id"] if row else None


# -- pages ------------------------------------------------------------------------------------------


def keep_page(
    db: sqlite3.Connection,
    url: str,
    article: Article,
    body: bytes,
    *,
    fetched: str,
    content_type: str | None = None,
    etag: str | None = None,
    modified: str | None = None,
) -> None:
    """Keep the page that `article` was read from, to be seen again after a day."""
    row = (url, article.id, fetched, etag, modified, content_type, gzip.compress(body), _digest(article))
    with transaction(db):
        db.execute(
            "INSERT OR IGNORE INTO pages VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, NULL)",
            (*row, _due(fetched, 0)),
        )


class KeptPage(NamedTuple):
    """A page as it last came; `words` is a digest of the text that was read from it then."""

    url: str
    article: str
    fetched: str
    content_type: str | None
    body: bytes
    words: str


def kept_pages(db: sqlite3.Connection) -> list[str]:
    """The addresses of the pages that are kept as they came."""
    return [row["url"] for row in db.execute("SELECT url FROM pages WHERE body IS NOT NULL ORDER BY url")]


def get_page(db: sqlite3.Connection, url: str) -> KeptPage | None:
    """The page that was asked for at `url`, while it is kept as it came."""
    columns = ", ".join(KeptPage._fields)
    query = f"SELECT {columns} FROM pages WHERE url = ? AND body IS NOT NULL"
    row = db.execute(query, (url,)).fetchone()
    return KeptPage(**dict(row) | {"body": gzip.decompress(row["body"])}) if row else None


def was_read_from(article: Article, page: KeptPage) -> bool:
    """Whether `article` has the text that was last read from `page`."""
    return _digest(article) == page.words


def set_text(db: sqlite3.Connection, page: KeptPage, article: Article) -> None:
    """Give the article of `page` the title and text of `article`, a better reading of the same page.

    The text that it had becomes a revision, as of when the page was fetched. To be called in one transaction
    with `claims.save_claims`, since what is kept points into the text that it had.
    """
    db.execute(
        "INSERT OR IGNORE INTO revisions SELECT id, ?, title, text, '[]' FROM articles WHERE id = ?",
        (page.fetched, page.article),
    )
    row = (article.title, article.text, page.article)
    db.execute("UPDATE articles SET title = ?, text = ? WHERE id = ?", row)
    db.execute("UPDATE pages SET words = ? WHERE url = ?", (_digest(article), page.url))
    touch(db)


def due_pages(db: sqlite3.Connection, now: str) -> list[tuple[str, str, str | None, str | None]]:
    """Address, article id, ETag and Last-Modified of the pages that are to be seen again by `now`."""
    query = "SELECT url, article, etag, modified FROM pages WHERE due <= ? ORDER BY due, url"
    return [tuple(row) for row in db.execute(query, (now,))]


def save_visit(
    db: sqlite3.Connection,
    url: str,
    article: Article | None,
    *,
    seen: str,
    body: bytes | None = None,
    etag: str | None = None,
    modified: str | None = None,
    problem: str | None = None,
) -> tuple[bool, tuple[str, ...]]:
    """Note a page that was seen again, as `article` or (None) unchanged; a changed text becomes a revision.

    Whether its text has changed since it was last seen, and the claims whose quoted words are now gone.
    """
    with transaction(db):
        page = db.execute("SELECT * FROM pages WHERE url = ?", (url,)).fetchone()
        changed = article is not None and _digest(article) != page["words"]
        gone: tuple[str, ...] = ()
        if article is not None and changed:
            gone = _quotations_gone(db, page["article"], article.text)
            db.execute(
                "INSERT OR REPLACE INTO revisions VALUES (?, ?, ?, ?, ?)",
                (page["article"], seen, article.title, article.text, json.dumps(gone)),
            )
        db.execute(
            "UPDATE pages SET visits = visits + 1, due = :due, problem = :problem, words = :words,"
            " etag = coalesce(:etag, etag), modified = coalesce(:modified, modified),"
            " body = coalesce(:body, body) WHERE url = :url",
            {
                "url": url,
                "due": _due(page["fetched"], page["visits"] + 1),
                "problem": problem,
                "words": _digest(article) if article else page["words"],
                "etag": etag,
                "modified": modified,
                "body": gzip.compress(body) if body else None,
            },
        )
    return changed, gone


def _quotations_gone(db: sqlite3.Connection, article_id: str, text: str) -> tuple[str, ...]:
    """The claims of the article of which some quoted words are not in `text`."""
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


def iter_gone(db: sqlite3.Connection) -> list[tuple[str, str, tuple[str, ...]]]:
    """Article id, when it was seen, and the claims whose quoted words its page had lost by then."""
    rows = db.execute("SELECT article, seen, gone FROM revisions WHERE gone <> '[]' ORDER BY seen, article")
    return [(row["article"], row["seen"], tuple(json.loads(row["gone"]))) for row in rows]


def iter_revisions(db: sqlite3.Connection, article_id: str) -> list[tuple[str, str]]:
    """When the page of an article was seen with another text, and that text; the latest last."""
    query = "SELECT seen, text FROM revisions WHERE article = ? ORDER BY seen"
    return [tuple(row) for row in db.execute(query, (article_id,))]


def drop_old_bodies(db: sqlite3.Connection, now: str, keep_days: int = KEEP_DAYS) -> int:
    """Forget pages as they came that were fetched longer ago; how many."""
    before = normalise_when(datetime.fromisoformat(now) - timedelta(days=keep_days))
    with transaction(db):
        query = "UPDATE pages SET body = NULL WHERE fetched < ? AND body IS NOT NULL"
        return db.execute(query, (before,)).rowcount


def _due(fetched: str, visits: int) -> str | None:
    """When a page is to be seen again after so many visits; some hours early, as nights are not all alike."""
    if visits >= len(VISIT_DAYS):
        return None
    return normalise_when(datetime.fromisoformat(fetched) + timedelta(days=VISIT_DAYS[visits], hours=-4))


def _digest(article: Article) -> str:
    return stable_id(normalise_wording(article.text), length=32)


# -- robots.txt -------------------------------------------------------------------------------------


def get_robots(db: sqlite3.Connection, origin: str) -> tuple[str, int, str] | None:
    """When the robots.txt of `origin` was fetched, its status and text."""
    row = db.execute("SELECT fetched, status, text FROM robots WHERE origin = ?", (origin,)).fetchone()
    return tuple(row) if row else None


def put_robots(db: sqlite3.Connection, origin: str, fetched: str, status: int, text: str) -> None:
    """Keep the robots.txt of `origin`."""
    with transaction(db):
        db.execute("INSERT OR REPLACE INTO robots VALUES (?, ?, ?, ?)", (origin, fetched, status, text))
