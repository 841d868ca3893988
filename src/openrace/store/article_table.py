"""Articles and outlets: in once, their text never changed under the claims that point into it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from openrace.records import Article, Outlet
from openrace.store import spoken_tables
from openrace.store.block_table import learn_blocks
from openrace.store.database import transaction
from openrace.store.night_state import bump_revision
from openrace.store.row_lists import LISTED, listed

Added = Literal["new", "same", "differs"]
_COLUMNS = (
    "id, url, title, outlet, published, published_zone, published_basis, published_written, language,"
    " authors, note, text, recording, automatic"
)


def add_article(db: sqlite3.Connection, article: Article, *, added: str) -> Added:
    """Store `article`, seen at the instant `added`; one transaction.

    "same": it is there already. "differs": an article of this id is there with another text; the stored
    one stays, since claims point into it.
    """
    with transaction(db):
        stored = db.execute("SELECT text FROM articles WHERE id = ?", (article.id,)).fetchone()
        if stored:
            return "same" if stored["text"] == article.text else "differs"
        _insert(db, article, added)
        spoken_tables.add_turns(db, article)
        learn_blocks(db, article)
        bump_revision(db)
    return "new"


def _insert(db: sqlite3.Connection, article: Article, added: str) -> None:
    if article.outlet:
        outlet = (article.outlet, article.outlet)  # its name is its domain until somebody tells it
        db.execute("INSERT OR IGNORE INTO outlets (domain, name) VALUES (?, ?)", outlet)
    row = article.model_dump() | {
        "authors": json.dumps(article.authors, ensure_ascii=False),
        "added": added,
    }
    names = f"{_COLUMNS}, added"
    values = ", ".join(f":{name}" for name in names.split(", "))
    db.execute(f"INSERT INTO articles ({names}) VALUES ({values})", row)


def article_with_url(db: sqlite3.Connection, url: str) -> Article | None:
    """Return the article whose canonical address is `url`, whatever id its file gave it; None for none.

    It reads all addresses: for a person who asks, not for a crawl.
    """
    row = db.execute("SELECT id FROM articles WHERE url = ? ORDER BY key LIMIT 1", (url,)).fetchone()
    return get_article(db, row["id"]) if row else None


def get_article(db: sqlite3.Connection, article_id: str) -> Article | None:
    """Return the article with this id."""
    row = db.execute(f"SELECT {_COLUMNS} FROM articles WHERE id = ?", (article_id,)).fetchone()
    return next(_articles(db, [row])) if row else None


def get_articles(db: sqlite3.Connection, article_ids: Iterable[str]) -> dict[str, Article]:
    """Return those of these articles that are there, by id."""
    asked = listed(article_ids)
    rows = db.execute(f"SELECT {_COLUMNS} FROM articles WHERE id IN {LISTED}", asked)
    return {article.id: article for article in _articles(db, rows.fetchall())}


def iter_articles(db: sqlite3.Connection) -> Iterator[Article]:
    """Yield every article, in the order they came in."""
    for row in db.execute(f"SELECT {_COLUMNS} FROM articles ORDER BY key"):
        yield from _articles(db, [row])


def _articles(db: sqlite3.Connection, rows: Sequence[sqlite3.Row]) -> Iterator[Article]:
    turns = spoken_tables.get_turns(db, [row["id"] for row in rows])
    for row in rows:
        more = {"authors": tuple(json.loads(row["authors"])), "turns": turns.get(row["id"], ())}
        yield Article.model_validate(dict(row) | more)


def seen(db: sqlite3.Connection, article_ids: Iterable[str]) -> dict[str, str]:
    """Return when each of these articles came into the store, by its id."""
    asked = listed(article_ids)
    rows = db.execute(f"SELECT id, added FROM articles WHERE id IN {LISTED}", asked)
    return {row["id"]: row["added"] for row in rows}


def unread(db: sqlite3.Connection, extractor: str, *, stale: bool = False) -> list[str]:
    """Return the ids of articles that no extractor has read; with `stale`, that this one has not."""
    older = "OR extractor <> :extractor" if stale else ""
    query = f"SELECT id FROM articles WHERE extractor IS NULL {older} ORDER BY key"
    return [row["id"] for row in db.execute(query, {"extractor": extractor})]


def save_outlets(db: sqlite3.Connection, outlets: Iterable[Outlet]) -> None:
    """Keep what is known of outlets; what a later call knows replaces the earlier."""
    with transaction(db):
        db.executemany(
            "INSERT INTO outlets (domain, name, country, kind, zone) VALUES (:domain, :name, :country, "
            ":kind, :zone)"
            " ON CONFLICT (domain) DO UPDATE SET name = excluded.name, country = excluded.country,"
            " kind = excluded.kind, zone = excluded.zone",
            [outlet.model_dump() for outlet in outlets],
        )


def countries(db: sqlite3.Connection) -> dict[str, str]:
    """Return the country of each outlet of which it is known, by domain."""
    rows = db.execute("SELECT domain, country FROM outlets WHERE country IS NOT NULL")
    return {row["domain"]: row["country"] for row in rows}


def zones(db: sqlite3.Connection) -> dict[str, str]:
    """Return the time zone of each outlet of which it is known, by domain."""
    rows = db.execute("SELECT domain, zone FROM outlets WHERE zone IS NOT NULL")
    return {row["domain"]: row["zone"] for row in rows}


def iter_outlets(db: sqlite3.Connection) -> list[Outlet]:
    """Return the outlets of which articles are kept, by domain."""
    rows = db.execute("SELECT * FROM outlets WHERE domain IN (SELECT outlet FROM articles) ORDER BY domain")
    return [Outlet.model_validate(dict(row)) for row in rows]
