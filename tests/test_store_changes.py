"""The feed of changed families: everything that a page shows leaves its trace, and nothing else does."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from conftest import NOW, an_article, quoted_claims
from openrace.crawl_records import FetchedPage, Recheck
from openrace.pipeline.group_claims import group_into_families
from openrace.records import Article, Claim, Family, Outlet
from openrace.store import (
    article_table,
    change_log,
    claim_table,
    family_table,
    open_store,
    page_table,
)
from openrace.store import correction_table as store_corrections
from openrace.store.crawl_tables import SqliteCrawlStore

TEXT = "“Weights want to be free of every border,” she said. “Chips do not matter at all here,” she added."


@pytest.fixture
def db(store_path: Path) -> Iterator[sqlite3.Connection]:
    store = open_store(store_path, create=True)
    yield store
    store.close()


@pytest.fixture
def article(db: sqlite3.Connection) -> Article:
    article = an_article(TEXT, outlet="one.example", url="https://one.example/a")
    article_table.add_article(db, article, added=NOW)
    claim_table.save_claims(db, article.id, quoted_claims(article), "test")
    group_into_families(db, now=NOW)
    return article


def family_of(db: sqlite3.Connection, claim: Claim) -> str:
    return str(db.execute("SELECT family FROM claims WHERE id = ?", (claim.id,)).fetchone()[0])


def changed_by(db: sqlite3.Connection, change: Callable[[], object]) -> set[str]:
    before = change_log.latest(db)
    change()
    return set(change_log.since(db, before))


def test_an_empty_store_has_no_changes(db: sqlite3.Connection) -> None:
    assert change_log.latest(db) == 0
    assert change_log.since(db, 0) == []


def test_new_families_are_told_in_the_order_of_their_serials(
    db: sqlite3.Connection, article: Article
) -> None:
    a, b = (family_of(db, claim) for claim in quoted_claims(article))
    assert set(change_log.since(db, 0)) == {a, b}
    assert change_log.since(db, change_log.latest(db)) == []
    first, last = change_log.since(db, 0)
    db.execute("UPDATE claims SET venue = '{}' WHERE family = ?", (first,))
    assert change_log.since(db, 0) == [last, first]


def test_a_second_grouping_changes_nothing(db: sqlite3.Connection, article: Article) -> None:
    assert changed_by(db, lambda: group_into_families(db, now=NOW)) == set()


def test_a_reading_that_finds_the_same_changes_nothing(db: sqlite3.Connection, article: Article) -> None:
    again = [claim.model_copy(update={"extractor": "newer"}) for claim in quoted_claims(article)]
    assert changed_by(db, lambda: claim_table.save_claims(db, article.id, again, "newer")) == set()


def test_what_is_said_of_one_claim_changes_its_family_alone(db: sqlite3.Connection, article: Article) -> None:
    first, second = quoted_claims(article)
    family = family_of(db, first)
    other = quoted_claims(article, "Carl Node")[0]
    assert changed_by(db, lambda: claim_table.save_claims(db, article.id, [other, second], "test")) == {
        family
    }
    assert changed_by(db, lambda: store_corrections.hide(db, first.id, "asked for")) == {family}


def test_an_article_changes_all_its_families(db: sqlite3.Connection, article: Article) -> None:
    both = {family_of(db, claim) for claim in quoted_claims(article)}
    assert changed_by(db, lambda: store_corrections.set_date(db, article.id, "2025-05-20")) == both


def test_an_outlet_changes_its_families_when_it_is_told_otherwise(
    db: sqlite3.Connection, article: Article
) -> None:
    both = {family_of(db, claim) for claim in quoted_claims(article)}
    known = [Outlet(domain="one.example", name="The One", country="NO"), Outlet(domain="b", name="B")]
    assert changed_by(db, lambda: article_table.save_outlets(db, known)) == both
    assert changed_by(db, lambda: article_table.save_outlets(db, known)) == set()


def test_a_family_that_is_gone_stays_in_the_feed(db: sqlite3.Connection, article: Article) -> None:
    first, second = quoted_claims(article)
    gone = family_of(db, first)
    assert changed_by(db, lambda: claim_table.save_claims(db, article.id, [second], "test")) == {gone}
    group_into_families(db, now=NOW)
    assert db.execute("SELECT 1 FROM families WHERE id = ?", (gone,)).fetchone() is None
    assert gone in change_log.since(db, 0)


def test_claims_that_move_change_both_families(db: sqlite3.Connection, article: Article) -> None:
    a, b = quoted_claims(article)
    old = {family_of(db, a), family_of(db, b)}
    joined = Family(id=min(old), claim_ids=(a.id, b.id), representative=a.id)
    assert changed_by(db, lambda: family_table.save_families(db, [joined])) == old


def test_a_quotation_gone_from_its_page_changes_its_family(db: sqlite3.Connection, article: Article) -> None:
    page_table.save_page(db, FetchedPage(str(article.url), b"page", None, None, None), article, fetched=NOW)
    both = {family_of(db, claim) for claim in quoted_claims(article)}
    same_words = article.model_copy(update={"text": TEXT + " More to come."})
    fewer = article.model_copy(update={"text": "Nothing was said."})
    recheck = Recheck(str(article.url), article.id, None, None)
    store = SqliteCrawlStore(db, lambda: datetime.fromisoformat(NOW))
    assert changed_by(db, lambda: store.save_recheck(recheck, same_words, None)) == set()
    assert changed_by(db, lambda: store.save_recheck(recheck, fewer, None)) == both


def test_a_removed_article_changes_its_families(db: sqlite3.Connection, article: Article) -> None:
    both = {family_of(db, claim) for claim in quoted_claims(article)}
    assert changed_by(db, lambda: db.execute("DELETE FROM articles WHERE id = ?", (article.id,))) == both


def test_a_serial_is_never_given_twice(db: sqlite3.Connection, article: Article) -> None:
    seen = change_log.latest(db)
    db.execute("DELETE FROM changes WHERE serial = ?", (seen,))
    assert changed_by(db, lambda: store_corrections.set_date(db, article.id, "2025-05-20"))
    assert change_log.latest(db) > seen
