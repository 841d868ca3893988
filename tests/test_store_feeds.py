"""What the crawl remembers: states of feeds, statuses of entries, pages; and transactions inside others."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime

import pytest

from conftest import NOW, an_article
from openrace.crawl_records import Entry, FeedState, FetchedPage
from openrace.errors import StoreError
from openrace.store import article_table, crawl_history, page_table, transaction
from openrace.store.crawl_tables import SqliteCrawlStore

FEED = "https://paper.example/feed"
STATE = FeedState(feed_url=FEED, url=FEED, checked=NOW, due=NOW)


def a_store(db: sqlite3.Connection, now: str = NOW) -> SqliteCrawlStore:
    return SqliteCrawlStore(db, lambda: datetime.fromisoformat(now))


def an_entry(entry_id: str, url: str | None = "https://paper.example/1") -> Entry:
    return Entry(feed_url=FEED, entry_id=entry_id, url=url, title="A title", content="<p>Text</p>")


def add_and_stumble(db: sqlite3.Connection, stumble: Callable[[], object]) -> None:
    with transaction(db):
        article_table.add_article(db, an_article(), added=NOW)
        stumble()


def test_a_transaction_inside_another_is_part_of_it(db: sqlite3.Connection) -> None:
    with pytest.raises(ZeroDivisionError):
        add_and_stumble(db, lambda: 1 / 0)
    with pytest.raises(StoreError):
        add_and_stumble(db, lambda: db.execute("INSERT INTO nothing VALUES (1)"))
    assert list(article_table.iter_articles(db)) == []
    add_and_stumble(db, lambda: None)
    assert len(list(article_table.iter_articles(db))) == 1


def test_a_state_comes_back_as_it_was_kept(db: sqlite3.Connection) -> None:
    state = STATE.model_copy(update={"etag": '"1"', "moved_to": "https://a.example/", "moved_nights": 2})
    a_store(db).save_feed(state, [])
    assert crawl_history.get_feed(db, FEED) == state
    assert crawl_history.iter_feeds(db) == [state]


def test_an_entry_is_new_once_by_its_id_and_by_its_page(db: sqlite3.Connection) -> None:
    assert a_store(db).save_feed(STATE, [an_entry("1"), an_entry("2", url=None)]) == 2
    again = [an_entry("1", url="https://paper.example/moved"), an_entry("new id"), an_entry("2", url=None)]
    assert a_store(db).save_feed(STATE, again) == 0
    assert a_store(db).pending_entries() == [an_entry("1"), an_entry("2", url=None)]


def test_an_entry_with_a_status_keeps_its_status_and_gives_up_its_text(db: sqlite3.Connection) -> None:
    a_store(db).save_feed(STATE, [an_entry("1")])
    a_store(db).set_status(an_entry("1"), "off topic", "because")
    assert a_store(db).pending_entries() == []
    ((record,),) = db.execute("SELECT record FROM entries")
    assert record is None
    (status,) = crawl_history.outcomes_at(db, "https://paper.example/1")
    assert (status.status, status.reason) == ("off topic", "because")
    assert crawl_history.counts_by_feed(db) == {FEED: {"off topic": 1}}


def test_nights_on_which_a_page_failed_are_counted_by_day(db: sqlite3.Connection) -> None:
    a_store(db).save_feed(STATE, [an_entry("1")])
    days = ["2026-01-02T01:00:00Z", "2026-01-02T23:00:00Z", "2026-01-03T01:00:00Z"]
    assert [a_store(db, day).postpone(an_entry("1"), "x") for day in days] == [1, 1, 2]


def test_an_article_is_found_by_its_own_address_and_by_the_one_it_was_asked_for(
    db: sqlite3.Connection,
) -> None:
    article = an_article()
    asked = "https://news.example/amp/1"
    page_table.save_page(db, FetchedPage(asked, b"<html>", None, None, None), article, fetched=NOW)
    assert crawl_history.article_at(db, asked) is None  # the page alone is not the article
    article_table.add_article(db, article, added=NOW)
    assert (
        crawl_history.article_at(db, asked) == crawl_history.article_at(db, article.url or "") == article.id
    )
    assert crawl_history.article_at(db, "https://news.example/other") is None
