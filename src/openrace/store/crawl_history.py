"""How the crawl went: the state of each feed, what became of entries, inputs that a bug kept out."""

from __future__ import annotations

import sqlite3

from openrace import __version__
from openrace.crawl_records import Bug, BugKind, EntryOutcome, FeedState
from openrace.records import Article
from openrace.store.database import transaction


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
