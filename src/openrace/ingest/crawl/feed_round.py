"""The first stage of a night: every feed that is due, and what it says is new."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from urllib.parse import urljoin

from openrace.crawl_records import Entry, FeedState
from openrace.errors import InputError
from openrace.ingest.crawl.crawl_report import Event
from openrace.ingest.crawl.crawl_round import OFFLINE, CrawlRound
from openrace.ingest.crawl.page_changes import entry_without_future_date
from openrace.ingest.crawl.polling import (
    after_failure,
    after_success,
    first_state,
    found_at,
    is_due,
    is_lost,
    polling_interval,
)
from openrace.ingest.fetch.crawl_fetcher import HostFailingError, OfflineError
from openrace.ingest.fetch.fetcher import FetchError, Response
from openrace.ingest.parse.feed import ParsedFeed, parse_feed
from openrace.ingest.parse.feed_discovery import discover_feeds
from openrace.ingest.worker_pool import ParserBugError

UNDATED = 50  # of the entries without a date of a feed that is asked for the first time: the newest
ALL_UNDATED = 500  # so many are all taken where their order is not known
CLEAR = 0.9  # of the steps from entry to entry that go one way
MAX_CHILDREN = 3  # of a sitemap index, the newest


class FeedRound(CrawlRound):
    """Asks feeds, keeps their states and new entries in the store, and reports what happened."""

    async def run(self) -> None:
        """Ask all feeds that are due."""
        now, plan = self._plan.now(), self._plan
        states = [self._store.feed_state(feed.url) or first_state(feed.url) for feed in plan.feeds]
        due = [state for state in states if is_due(state, now) or (plan.all_feeds and not state.retired)]
        try:
            await self._web.two_passes(due, lambda state: state.url, self._ask)
        except OfflineError:
            detail = f"{OFFLINE} {len(due)} feeds were not asked"
            self._tell(Event("feed", due[0].feed_url, "offline", detail, failed=True))

    async def _ask(self, state: FeedState, last: bool) -> None:
        await self._guarded("feed", state.feed_url, self._ask_feed(state, last))

    async def _ask_feed(self, state: FeedState, last: bool) -> None:
        try:
            page = await self._web.get(state.url, last=last, etag=state.etag, modified=state.modified)
            parsed = None if page.status == 304 else await self._parse(page, state.feed_url)
        except HostFailingError as error:
            self._tell(Event("feed", state.feed_url, "not asked", str(error), failed=True))
        except ParserBugError:
            raise
        except InputError as error:
            await self._failed(state, error)
        else:
            self._came(state, page, parsed)

    def _came(self, state: FeedState, page: Response, parsed: ParsedFeed | None) -> None:
        now = self._plan.now()
        if parsed is None:
            self._store.save_feed(after_success(state, page, None, now))
            self._tell(Event("feed", state.feed_url, "unchanged"))
            return
        entries = [
            entry_without_future_date(entry.model_copy(update={"feed_url": state.feed_url}), now)
            for entry in parsed.entries
        ]
        interval = polling_interval([e.published or e.updated for e in entries], parsed.ttl, page.headers)
        old = frozenset() if state.succeeded else older_undated(entries)
        new = self._store.save_feed(after_success(state, page, interval, now), entries, old=old)
        outcome = "new entries" if new else "nothing new"
        self._tell(Event("feed", state.feed_url, outcome, parsed.problem or "", new))

    async def _parse(self, page: Response, feed_url: str) -> ParsedFeed:
        """Return the feed on the page; of a sitemap index, the entries of its newest sitemaps."""
        feed = self._feeds.get(feed_url)
        home = (feed.zone, feed.country) if feed else (None, None)
        parsed = await self._workers.run(page.url, parse_feed, page.body, page.url, page.content_type, *home)
        for child in parsed.children[:MAX_CHILDREN]:
            below = await self._web.get(child, last=True)
            more = await self._workers.run(child, parse_feed, below.body, child, below.content_type, *home)
            parsed = ParsedFeed(entries=(*parsed.entries, *more.entries), problem=parsed.problem)
        return parsed

    async def _failed(self, state: FeedState, error: InputError) -> None:
        failure = error if isinstance(error, FetchError) else FetchError(state.url, error.problem, "soft")
        after = after_failure(state, failure, self._plan.now())
        found = await self._search(state) if is_lost(after) and failure.kind != "temporary" else None
        if found:
            self._store.save_feed(found_at(state, found))
            self._tell(Event("feed", state.feed_url, "found elsewhere", found))
            return
        self._store.save_feed(after)
        outcome = "retired" if after.retired else f"failed ({failure.kind})"
        self._tell(Event("feed", state.feed_url, outcome, str(failure), failed=True))

    async def _search(self, state: FeedState) -> str | None:
        """Return where the site's own page says that the feed is now; None where it says nothing new."""
        home = urljoin(state.url, "/")
        try:
            page = await self._web.get(home, last=True)
            found = await self._workers.run(home, discover_feeds, page.body, page.url)
        except InputError:
            return None
        return next((url for url in found if url not in (state.url, state.feed_url)), None)


def older_undated(entries: Sequence[Entry]) -> frozenset[str]:
    """Return the ids of those undated entries that are too old to be fetched when a feed is first asked.

    Numbers in the addresses tell which end of the feed is the newer one. Where they do not, all are taken of
    a feed of usual length, and both ends of a longer one.
    """
    undated = [entry for entry in entries if not (entry.published or entry.updated)]
    order = _order(undated)
    if len(undated) <= (UNDATED if order else ALL_UNDATED):
        return frozenset()
    if order > 0:
        old = undated[:-UNDATED]
    elif order < 0:
        old = undated[UNDATED:]
    else:
        old = undated[UNDATED:-UNDATED]
    return frozenset(entry.entry_id for entry in old)


def _order(entries: Sequence[Entry]) -> int:
    """1: the entries' numbers grow down the feed, so the newest is last; -1: the newest is first; 0:
    unclear."""
    numbers = [_number(entry) for entry in entries]
    steps = [later - earlier for earlier, later in itertools.pairwise(numbers) if later != earlier]
    if not steps or len(steps) < len(entries) / 2:
        return 0
    grown = sum(step > 0 for step in steps) / len(steps)
    return 1 if grown > CLEAR else -1 if grown < 1 - CLEAR else 0


def _number(entry: Entry) -> int:
    """Return the number that tells an entry's place: the longest in its address or id."""
    found = re.findall(r"\d{1,18}", f"{entry.url or entry.entry_id}")
    return int(max(reversed(found), key=len)) if found else 0
