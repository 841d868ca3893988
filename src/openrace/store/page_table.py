"""Pages as they came, when they are fetched again, and the other texts that they had: revisions."""

from __future__ import annotations

import gzip
import json
import sqlite3
from datetime import datetime, timedelta

from openrace.crawl_records import FetchedPage, StoredPage
from openrace.records import Article, normalise_when, normalise_wording, stable_id
from openrace.store.database import transaction
from openrace.store.night_state import bump_revision

# Days after the first fetch on which a page is fetched again: most corrections come on the first day, and
# what is changed after a month is rarely seen by anybody.
RECHECK_DAYS = (1, 3, 7, 30)
RETRY_DAYS = 14  # after the last of them, for which a page that showed something else is tried every night
KEEP_DAYS = 180  # for which pages are kept as they came, so that better extraction needs no refetch


def save_page(db: sqlite3.Connection, page: FetchedPage, article: Article, *, fetched: str) -> None:
    """Keep the page that `article` was read from, to be fetched again after a day."""
    row = {
        **page._asdict(),
        "article": article.id,
        "fetched": fetched,
        "body": gzip.compress(page.body),
        "words": digest(article),
        "due": recheck_due(fetched, 0),
    }
    with transaction(db):
        db.execute(
            "INSERT OR IGNORE INTO pages"
            " (url, article, fetched, etag, modified, content_type, body, words, rechecks, due)"
            " VALUES (:url, :article, :fetched, :etag, :modified, :content_type, :body, :words, 0, :due)",
            row,
        )


def recheck_due(fetched: str, rechecks: int) -> str | None:
    """Return when a page is to be seen again after so many rechecks; some hours early, as nights are not all
    alike."""
    if rechecks >= len(RECHECK_DAYS):
        return None
    return normalise_when(datetime.fromisoformat(fetched) + timedelta(days=RECHECK_DAYS[rechecks], hours=-4))


def stored_pages(db: sqlite3.Connection) -> list[str]:
    """Return the addresses of the pages that are kept as they came."""
    return [row["url"] for row in db.execute("SELECT url FROM pages WHERE body IS NOT NULL ORDER BY url")]


def get_page(db: sqlite3.Connection, url: str) -> StoredPage | None:
    """Return the page that was asked for at `url`, while it is kept as it came."""
    columns = ", ".join(StoredPage._fields)
    query = f"SELECT {columns} FROM pages WHERE url = ? AND body IS NOT NULL"
    row = db.execute(query, (url,)).fetchone()
    return StoredPage(**dict(row) | {"body": gzip.decompress(row["body"])}) if row else None


def was_read_from(article: Article, page: StoredPage) -> bool:
    """Whether `article` has the text that was last read from `page`."""
    return digest(article) == page.words


def set_text(db: sqlite3.Connection, page: StoredPage, article: Article) -> None:
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
    db.execute("UPDATE pages SET words = ? WHERE url = ?", (digest(article), page.url))
    bump_revision(db)


def iter_gone(db: sqlite3.Connection) -> list[tuple[str, str, tuple[str, ...]]]:
    """Article id, when it was seen, and the claims whose quoted words its page had lost by then."""
    rows = db.execute("SELECT article, seen, gone FROM revisions WHERE gone <> '[]' ORDER BY seen, article")
    return [(row["article"], row["seen"], tuple(json.loads(row["gone"]))) for row in rows]


def latest_revisions(db: sqlite3.Connection, most: int) -> list[tuple[str, str, str, str]]:
    """Return article, when its page was seen with another text, the text before and that one; latest first.

    What an older openrace read from the same page is no change of the page, and is left out.
    """
    reread = "EXISTS (SELECT 1 FROM pages p WHERE p.article = {0}.article AND p.fetched = {0}.seen)"
    before = (
        "SELECT b.text FROM revisions b WHERE b.article = r.article AND b.seen < r.seen"
        f" AND NOT {reread.format('b')} ORDER BY b.seen DESC LIMIT 1"
    )
    rows = db.execute(
        f"SELECT r.article, r.seen, coalesce(({before}), a.text) AS before, r.text FROM revisions r"
        f" JOIN articles a ON a.id = r.article WHERE NOT {reread.format('r')}"
        " ORDER BY r.seen DESC, r.article LIMIT ?",
        (most,),
    )
    return [tuple(row) for row in rows]


def drop_old_bodies(db: sqlite3.Connection, now: str) -> int:
    """Delete the bodies of pages that were fetched longer ago than `KEEP_DAYS`; return how many."""
    before = normalise_when(datetime.fromisoformat(now) - timedelta(days=KEEP_DAYS))
    with transaction(db):
        query = "UPDATE pages SET body = NULL WHERE fetched < ? AND body IS NOT NULL"
        return db.execute(query, (before,)).rowcount


def digest(article: Article) -> str:
    """Return what tells one text of an article from another."""
    return stable_id(normalise_wording(article.text), length=32)
