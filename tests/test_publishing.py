"""From the store to the site: what changed is told, whichever store tells it, and nothing is left out."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from conftest import NOW, an_article, quoted_claims
from openrace.pipeline.group_claims import group_into_families
from openrace.pipeline.publish_site import Order, news, publish_site
from openrace.records import Article
from openrace.store import article_table, claim_table, crawl_tables, open_store
from openrace.store.database import transaction
from openrace.user_files.seed_files import load_seeds


@pytest.fixture
def order(tmp_path: Path) -> Order:
    return Order(tmp_path / "site", NOW, load_seeds())


def add(db: sqlite3.Connection, words: str, speaker: str = "Ada Byte") -> Article:
    article = an_article(f"{speaker} said “{words}” on Monday.")
    article_table.add_article(db, article, added=NOW)
    claim_table.save_claims(db, article.id, quoted_claims(article, speaker), extractor="test")
    group_into_families(db, now=NOW)
    return article


def pages(order: Order) -> dict[str, bytes]:
    found = (path for path in order.folder.rglob("*.html"))
    return {path.relative_to(order.folder).as_posix(): path.read_bytes() for path in found}


def told(db: sqlite3.Connection, order: Order) -> list[str]:
    """The families that the next publishing would be told."""
    with sqlite3.connect(order.folder / ".openrace-site.db") as catalogue:
        mark = catalogue.execute("SELECT value FROM facts WHERE name = 'mark'").fetchone()[0]
    return [telling.story.family.id for telling in news(db, order, mark).tellings]


def test_only_what_changed_is_told(db: sqlite3.Connection, order: Order) -> None:
    add(db, "weights want to be free for everyone")
    publish_site(db, order)
    assert told(db, order) == []
    article = add(db, "nobody has ever owned a number")
    (new,) = claim_table.iter_quotes(
        db, only=[c.id for c in claim_table.iter_claims(db) if c.article_id == article.id]
    )
    assert len(told(db, order)) == 1
    publish_site(db, order)
    assert new.text.encode() in b"".join(pages(order).values())


def test_a_restored_store_tells_everything(tmp_path: Path, order: Order) -> None:
    path, backup = tmp_path / "o.db", tmp_path / "backup.db"
    with open_store(path, create=True) as db:
        add(db, "weights want to be free for everyone")
        publish_site(db, order)
    shutil.copy(path, backup)
    with open_store(path) as db:
        add(db, "nobody has ever owned a number", "Bao Quill")
        publish_site(db, order)
    with open_store(backup) as db:
        add(db, "what is published cannot be recalled", "Cleo Dorn")
        publish_site(db, order)
        assert not list(order.folder.glob("people/bao-quill*"))
        assert len(list(order.folder.glob("people/cleo-dorn*"))) == 1
        fresh = order._replace(folder=tmp_path / "fresh")
        publish_site(db, fresh)
    assert pages(order) == pages(fresh)


def test_words_that_left_their_page_are_marked(db: sqlite3.Connection, order: Order) -> None:
    article = add(db, "weights want to be free for everyone")
    publish_site(db, order)
    with transaction(db):
        gone = json.dumps([claim.id for claim in claim_table.iter_claims(db)])
        row = (article.id, "2026-01-05T03:00:00Z", None, "Another text.", gone)
        db.execute("INSERT INTO revisions VALUES (?, ?, ?, ?, ?)", row)
    assert len(crawl_tables.iter_gone(db)) == 1
    publish_site(db, order)
    (quote,) = (text for name, text in pages(order).items() if name.startswith("q/"))
    assert b"read again on 5 January 2026" in quote


def test_dumps_in_the_site_are_offered(db: sqlite3.Connection, order: Order) -> None:
    add(db, "weights want to be free for everyone")
    publish_site(db, order)
    (order.folder / "data" / "claims-2025-05.jsonl.gz").write_bytes(b"packed")
    (order.folder / "data" / "SHA256SUMS").write_text("00ff  claims-2025-05.jsonl.gz\nffff  lost.jsonl.gz\n")
    publish_site(db, order)
    page = (order.folder / "data" / "index.html").read_text()
    assert "claims-2025-05.jsonl.gz" in page
    assert "00ff" in page
    assert "lost" not in page
