"""How the feeds fare, as the site tells it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from openrace.crawl_records import Feed, FeedState
from openrace.site.snapshot import FeedHealth
from openrace.store import crawl_tables
from openrace.user_files.seed_files import Seeds


def feed_health(db: sqlite3.Connection, seeds: Seeds) -> Iterator[FeedHealth]:
    """Yield the health of each listed feed that was ever asked, in the order of the list."""
    states = {state.feed_url: state for state in crawl_tables.iter_feeds(db)}
    counts = crawl_tables.counts_by_feed(db) if states else {}
    for feed in seeds.feeds:
        if state := states.get(feed.url):
            yield _health(feed, state, sum(counts.get(feed.url, {}).values()))


def _health(feed: Feed, state: FeedState, entries: int) -> FeedHealth:
    return FeedHealth(
        title=feed.title,
        url=feed.url,
        outlet=feed.outlet,
        state=_in_words(state),
        fine=not (state.problem or state.retired),
        last_success=state.succeeded,
        entries=entries,
    )


def _in_words(state: FeedState) -> str:
    if state.retired:
        return f"no longer asked: {state.retired}"
    if state.problem:
        nights = f"{state.failed_nights} night{'s' * (state.failed_nights != 1)}"
        return f"failing for {nights}: {state.problem}"
    return "fine" if state.succeeded else "not asked yet"
