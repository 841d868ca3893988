"""From the store to the site: what changed is given, whichever store gives it, and nothing is left out."""

from __future__ import annotations

import json
import shutil
import sqlite3
from operator import attrgetter
from pathlib import Path

import pytest

from conftest import NOW, an_article, quoted_claims
from openrace.diffusion.paraphrase_index import saying_of
from openrace.pipeline import family_stories, relate_families
from openrace.pipeline.group_claims import group_into_families
from openrace.pipeline.publish_site import Order, StoreSource, publish_if_needed, publish_site
from openrace.records import Article
from openrace.store import article_table, claim_table, open_store, page_table
from openrace.store.change_log import ChangeQueue
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


def changed(db: sqlite3.Connection, order: Order) -> list[str]:
    """The families that the next publishing would be given."""
    with sqlite3.connect(order.folder / ".openrace-site.db") as index:
        token = index.execute("SELECT value FROM facts WHERE name = 'token'").fetchone()[0]
    return list(StoreSource(db, order, peek=True).changes(token).families)


def test_only_what_changed_is_given(db: sqlite3.Connection, order: Order) -> None:
    add(db, "weights want to be free for everyone")
    publish_site(db, order)
    assert changed(db, order) == []
    article = add(db, "nobody has ever owned a number")
    (new,) = claim_table.iter_quotes(
        db, only=[c.id for c in claim_table.iter_claims(db) if c.article_id == article.id]
    )
    assert len(changed(db, order)) == 1
    publish_site(db, order)
    assert new.text.encode() in b"".join(pages(order).values())


def test_a_restored_store_gives_everything(tmp_path: Path, order: Order) -> None:
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
        assert not [page for page in pages(order).values() if b"Bao Quill" in page]
        assert [page for page in pages(order).values() if b"Cleo Dorn" in page]
        fresh = order._replace(folder=tmp_path / "fresh")
        publish_site(db, fresh)
    assert pages(order) == pages(fresh)


def test_changes_are_given_until_they_are_acknowledged(db: sqlite3.Connection) -> None:
    queue = ChangeQueue(db, "a reader")
    first = queue.take("", NOW)
    assert first.whole
    queue.done(first.token)
    add(db, "weights want to be free for everyone")
    taken = queue.take(first.token, NOW)
    assert (len(taken.families), taken.whole) == (1, False)
    again = queue.take(first.token, NOW)  # the reader was killed before it stored the token
    assert again.families == taken.families
    assert not again.whole
    queue.done(again.token)
    assert queue.take(first.token, NOW).whole  # an older token is of an older state: nothing can be trusted
    assert ChangeQueue(db, "another").take(again.token, NOW).whole


def test_words_that_left_their_page_are_marked(db: sqlite3.Connection, order: Order) -> None:
    article = add(db, "weights want to be free for everyone")
    publish_site(db, order)
    with transaction(db):
        gone = json.dumps([claim.id for claim in claim_table.iter_claims(db)])
        row = (article.id, "2026-01-05T03:00:00Z", None, "Another text.", gone)
        db.execute("INSERT INTO revisions VALUES (?, ?, ?, ?, ?)", row)
    assert len(page_table.iter_gone(db)) == 1
    publish_site(db, order)
    (page,) = (text for name, text in pages(order).items() if name.startswith("a/"))
    assert b"no longer there on 5 January 2026" in page
    assert b"weights want to be free" in pages(order)["revisions/index.html"]


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


def test_a_bug_in_one_family_costs_that_family_alone(
    db: sqlite3.Connection, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(db, "weights want to be free for everyone", "Ada Byte")
    publish_site(db, order)
    before = pages(order)
    again = an_article(
        "Ada Byte said “weights want to be free for everyone” again.", url="https://b.example/"
    )
    article_table.add_article(db, again, added=NOW)
    claim_table.save_claims(db, again.id, quoted_claims(again, "Ada Byte"), extractor="test")
    add(db, "nobody has ever owned a number", "Bob Bit")
    broken = {a for a, b in db.execute("SELECT family, count(*) FROM claims GROUP BY family") if b == 2}
    tell = family_stories.story_of_family

    def tell_others(family, *args):
        if family.id in broken:
            raise IndexError("tuple index out of range")
        return tell(family, *args)

    monkeypatch.setattr(family_stories, "story_of_family", tell_others)
    report = publish_site(db, order)
    [message] = report.failed
    assert broken.pop() in message
    assert "IndexError" in message
    after = pages(order)
    [page] = [path for path in before if path.startswith("a/")]
    assert after[page] == before[page]
    assert b"nobody has ever owned a number" in b"".join(after.values())
    monkeypatch.undo()
    assert publish_if_needed(db, order)  # it is tried again, though nothing else changed
    [family] = [text for path, text in pages(order).items() if path.startswith("q/")]
    assert b"b.example" in family
    assert publish_if_needed(db, order) is None


def test_a_bug_in_one_family_costs_no_other_its_relations(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def saying(quote, family):
        if "number" in quote.text:
            raise ValueError("no such word")
        return saying_of(quote, family)

    monkeypatch.setattr(relate_families, "saying_of", saying)
    add(db, "weights want to be free for everyone")
    article = an_article("Bob Bit said “nobody has ever owned a number” on Monday.")
    article_table.add_article(db, article, added=NOW)
    claim_table.save_claims(db, article.id, quoted_claims(article, "Bob Bit"), extractor="test")
    assert len(group_into_families(db, now=NOW).failed) == 1
    kept = db.execute("SELECT count(*) FROM sayings").fetchone()[0]
    assert kept == 1
    monkeypatch.undo()
    assert group_into_families(db, now=NOW).failed == ()
    assert db.execute("SELECT count(*) FROM sayings").fetchone()[0] == 2


TIDES = """drop = ["*"]
[topics.tides]
name = "Tidal power"
threshold = 4
[topics.tides.facets.tides]
at_least = 4
[topics.tides.facets.tides.terms]
"tidal power" = 4
"""


def test_a_topic_holds_only_what_was_judged_to_be_on_it(
    db: sqlite3.Connection, order: Order, tmp_path: Path
) -> None:
    """With a single topic too: an article that a person handed in may be about something else."""
    (tmp_path / "topics.toml").write_text(TIDES, "utf-8")
    add(db, "tidal power is cheap and will be cheaper soon")
    add(db, "butter was never as dear as it is today")
    publish_site(db, order._replace(seeds=load_seeds(tmp_path)))
    page = pages(order)["topics/tides/index.html"].decode()
    assert "tidal power is cheap" in page
    assert "butter was never" not in page


def test_what_was_read_is_read_back_the_same(db: sqlite3.Connection, order: Order) -> None:
    words = "weights want to be free for everyone"
    articles = [add(db, words).id, add(db, f"{words}, always").id, add(db, "nobody owns a number").id]
    families = sorted({row["family"] for row in db.execute("SELECT DISTINCT family FROM claims")})
    source, fresh = StoreSource(db, order, peek=True), StoreSource(db, order, peek=True)
    first, again = ({f.story.family.id: f for f in source.families(families)} for _ in range(2))
    assert first == again
    assert len(first) == len(families)
    key = attrgetter("article.id")
    assert sorted(source.articles(articles), key=key) == sorted(fresh.articles(articles), key=key)
