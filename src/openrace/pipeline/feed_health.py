"""How the feeds fare, as the site tells it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from openrace.crawl_records import Feed, FeedState
from openrace.site.interface_language import InterfaceLanguage, LanguageCode, interface_language
from openrace.site.snapshot import FeedHealth
from openrace.store import crawl_history
from openrace.user_files.seed_files import Seeds


def feed_health(db: sqlite3.Connection, seeds: Seeds, language: LanguageCode) -> Iterator[FeedHealth]:
    """Yield the health of each listed feed that was ever asked, in the order of the list."""
    words = interface_language(language)
    states = {state.feed_url: state for state in crawl_history.iter_feeds(db)}
    counts = crawl_history.counts_by_feed(db) if states else {}
    for feed in seeds.feeds:
        if state := states.get(feed.url):
            yield _health(feed, _in_words(state, words), state, sum(counts.get(feed.url, {}).values()))


def _health(feed: Feed, told: str, state: FeedState, entries: int) -> FeedHealth:
    return FeedHealth(
        title=feed.title,
        url=feed.url,
        outlet=feed.outlet,
        state=told,
        fine=not (state.problem or state.retired),
        last_success=state.succeeded,
        entries=entries,
    )


def _in_words(state: FeedState, language: InterfaceLanguage) -> str:
    if state.retired:
        return language.gettext("no longer asked: %(why)s", why=state.retired)
    if state.problem:
        return language.counted(
            state.failed_nights,
            "failing for %(n)s night: %(problem)s",
            "failing for %(n)s nights: %(problem)s",
            problem=state.problem,
        )
    return language.gettext("fine") if state.succeeded else language.gettext("not asked yet")
