"""Feeds looked at one by one, outside of the night: what answers at an address, and how listed ones fare."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from openrace.crawl_records import Feed, FeedState
from openrace.errors import InputError
from openrace.ingest.crawl.crawl_report import CrawlPlan, Event, Judgement
from openrace.ingest.crawl.feed_round import FeedRound
from openrace.ingest.crawl.polling import is_lost
from openrace.ingest.fetch.crawl_fetcher import CrawlFetcher
from openrace.ingest.fetch.fetcher import Response
from openrace.ingest.parse.feed import ParsedFeed, parse_feed
from openrace.ingest.parse.feed_discovery import discover_feeds
from openrace.ingest.urls import absolute_url
from openrace.ingest.worker_pool import WorkerPool
from openrace.pipeline.crawl_feeds import CrawlOptions
from openrace.records import normalise_when
from openrace.store import crawl_history, open_store
from openrace.store.crawl_tables import SqliteCrawlStore

FeedVerdict = Literal["well", "stale", "moved", "blocked", "dead"]
STALE = timedelta(days=120)  # without a new entry
_REFUSED = re.compile(r"answered (?:401|403|405|406|418|429|451)|robots\.txt asks not to")  # a bot's name
TRIED = 3  # of the feeds that a page names


class FeedStanding(NamedTuple):
    """How a listed feed fares: what it was when last asked, and what came of its entries."""

    feed: Feed
    state: FeedState | None  # None: it was never asked
    entries: dict[str, int]  # by status

    @property
    def word(self) -> str:
        """Its standing in a word."""
        if self.state is None or self.state.checked is None:
            return "new"
        if self.state.retired:
            return "retired"
        if is_lost(self.state):
            return "lost"
        return "failing" if self.state.problem else "moving" if self.state.moved_to else "well"


def list_feeds(db: sqlite3.Connection | None, listed: Sequence[Feed]) -> list[FeedStanding]:
    """Return the standing of each listed feed, in the order of the list.

    `db` None: nothing was ever crawled.
    """
    states = {state.feed_url: state for state in crawl_history.iter_feeds(db)} if db else {}
    counts = crawl_history.counts_by_feed(db) if db else {}
    return [FeedStanding(feed, states.get(feed.url), counts.get(feed.url, {})) for feed in listed]


class FeedCheck(NamedTuple):
    """How a feed answered when it was checked."""

    feed: str  # its address
    verdict: FeedVerdict
    detail: str
    failed: bool


def check_feeds(
    listed: Sequence[Feed],
    *,
    clock: Callable[[], datetime],
    options: CrawlOptions,
    watch: Callable[[Event], None],
) -> list[FeedCheck]:
    """Ask each feed now and tell how it answers; nothing is kept."""
    events: list[Event] = []
    db = open_store(":memory:")

    def tell(event: Event) -> None:
        events.append(event)
        watch(event)

    async def run() -> None:
        unjudged = Judgement(False, "only checked")
        plan = CrawlPlan(listed, lambda entry: unjudged, lambda article: unjudged, clock)
        store = SqliteCrawlStore(db, clock)
        async with options.fetcher(clock) as fetcher, WorkerPool() as workers:
            web = CrawlFetcher(fetcher, store, clock, domains_at_once=options.domains_at_once)
            await FeedRound(plan, store, web, workers, tell).run()

    asyncio.run(run())
    newest = crawl_history.newest_entries(db)
    stale_before = normalise_when(clock() - STALE)
    checks = [
        _judge(event, crawl_history.get_feed(db, event.url), newest.get(event.url), stale_before)
        for event in events
    ]
    db.close()
    return checks


def _judge(event: Event, state: FeedState | None, newest: str | None, stale_before: str) -> FeedCheck:
    if event.outcome == "found elsewhere":
        return FeedCheck(event.url, "moved", f"its site names {event.detail}", event.failed)
    if event.failed:
        verdict: FeedVerdict = "blocked" if _REFUSED.search(event.detail) else "dead"
        return FeedCheck(event.url, verdict, event.detail.removeprefix(f"{event.url}: "), True)
    if state is not None and state.moved_to:
        return FeedCheck(event.url, "moved", f"for good, to {state.moved_to}", False)
    if newest is not None and newest < stale_before:
        return FeedCheck(event.url, "stale", f"its newest entry is of {newest}", False)
    return FeedCheck(event.url, "well", f"newest entry {newest}" if newest else "", False)


def find_feed(url: str, *, clock: Callable[[], datetime], options: CrawlOptions) -> tuple[Feed, ParsedFeed]:
    """Return the feed at `url`, or the one that the page there names.

    Raises InputError where there is none.
    """
    address = absolute_url(url if "://" in url else f"https://{url}")
    if address is None:
        raise InputError(url, "is not a web address", "write it in full, with https://")
    return asyncio.run(_find(address, clock, options))


async def _find(
    address: str, clock: Callable[[], datetime], options: CrawlOptions
) -> tuple[Feed, ParsedFeed]:
    store = SqliteCrawlStore(open_store(":memory:"), clock)
    async with options.fetcher(clock) as fetcher, WorkerPool() as workers:
        web = CrawlFetcher(fetcher, store, clock)

        async def parse(page: Response) -> ParsedFeed:
            return await workers.run(page.url, parse_feed, page.body, page.url, page.content_type)

        page = await web.get(address, last=True)
        try:
            return _as_feed(address, await parse(page))
        except InputError as no_feed:
            named = await workers.run(page.url, discover_feeds, page.body, page.url)
            for candidate in named[:TRIED]:
                try:
                    return _as_feed(candidate, await parse(await web.get(candidate, last=True)))
                except InputError:
                    continue
            raise InputError(address, f"{no_feed.problem}, and names none that answers") from no_feed


def _as_feed(url: str, parsed: ParsedFeed) -> tuple[Feed, ParsedFeed]:
    """Return the record of a feed; its outlet is the host of the site's page."""
    host = (urlsplit(parsed.home or url).hostname or "").removeprefix("www.")
    return Feed(url=url, title=parsed.title or host, outlet=host), parsed
