"""The first stage of a night: every feed that is due, and what it says is new."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import urljoin

from openrace.errors import InputError
from openrace.ingest.crawl.crawl_report import Event, Plan
from openrace.ingest.crawl.crawl_store import Ledger
from openrace.ingest.crawl.polling import (
    after_failure,
    after_success,
    first_state,
    found_at,
    is_due,
    is_lost,
    polling_interval,
)
from openrace.ingest.fetch.fetcher import FetchError, Page
from openrace.ingest.fetch.polite_fetcher import LeftAloneError, PoliteFetcher
from openrace.ingest.parse.feed import ParsedFeed, parse_feed
from openrace.ingest.parse.feed_discovery import discover_feeds
from openrace.ingest.worker_pool import Workers
from openrace.records import Entry, FeedState

UNDATED = 50  # of a feed's entries without a date, so many from the top are taken for new
MAX_CHILDREN = 3  # of a sitemap index, the newest


class FeedRound:
    """Asks feeds, keeps their states and new entries in the ledger, and tells what happened."""

    def __init__(
        self,
        plan: Plan,
        ledger: Ledger,
        web: PoliteFetcher,
        workers: Workers,
        tell: Callable[[Event], None],
    ) -> None:
        self._plan, self._ledger, self._web, self._workers, self._tell = plan, ledger, web, workers, tell

    async def run(self) -> None:
        """Ask all feeds that are due."""
        now, plan = self._plan.now(), self._plan
        states = [self._ledger.feed_state(feed.url) or first_state(feed.url) for feed in plan.feeds]
        due = [state for state in states if is_due(state, now) or (plan.all_feeds and not state.retired)]
        await self._web.two_passes(due, lambda state: state.url, self._ask)

    async def _ask(self, state: FeedState, last: bool) -> None:
        try:
            page = await self._web.get(state.url, last=last, etag=state.etag, modified=state.modified)
            parsed = None if page.status == 304 else await self._parse(page)
        except LeftAloneError as error:
            self._tell(Event("feed", state.feed_url, "left alone", str(error), failed=True))
        except InputError as error:
            await self._failed(state, error)
        else:
            self._came(state, page, parsed)

    def _came(self, state: FeedState, page: Page, parsed: ParsedFeed | None) -> None:
        now = self._plan.now()
        if parsed is None:
            self._ledger.save_feed(after_success(state, page, None, now))
            self._tell(Event("feed", state.feed_url, "unchanged"))
            return
        dates = [entry.published or entry.updated for entry in parsed.entries]
        interval = polling_interval(dates, parsed.ttl, page.headers)
        entries = _as_of_feed(parsed.entries, state.feed_url)
        new = self._ledger.save_feed(after_success(state, page, interval, now), entries)
        outcome = "new entries" if new else "nothing new"
        self._tell(Event("feed", state.feed_url, outcome, parsed.problem or "", new))

    async def _parse(self, page: Page) -> ParsedFeed:
        """The feed on the page; of a sitemap index, the entries of its newest sitemaps."""
        parsed = await self._workers.run(page.url, parse_feed, page.body, page.url, page.content_type)
        for child in parsed.children[:MAX_CHILDREN]:
            below = await self._web.get(child, last=True)
            more = await self._workers.run(child, parse_feed, below.body, child, below.content_type)
            parsed = ParsedFeed(entries=(*parsed.entries, *more.entries), problem=parsed.problem)
        return parsed

    async def _failed(self, state: FeedState, error: InputError) -> None:
        failure = error if isinstance(error, FetchError) else FetchError(state.url, error.problem, "soft")
        after = after_failure(state, failure, self._plan.now())
        found = await self._search(state) if is_lost(after) and failure.kind != "temporary" else None
        if found:
            self._ledger.save_feed(found_at(state, found))
            self._tell(Event("feed", state.feed_url, "found elsewhere", found))
            return
        self._ledger.save_feed(after)
        outcome = "retired" if after.retired else f"failed ({failure.kind})"
        self._tell(Event("feed", state.feed_url, outcome, str(failure), failed=True))

    async def _search(self, state: FeedState) -> str | None:
        """Where the site's own page says that the feed is now; None where it says nothing new."""
        home = urljoin(state.url, "/")
        try:
            page = await self._web.get(home, last=True)
            found = await self._workers.run(home, discover_feeds, page.body, page.url)
        except InputError:
            return None
        return next((url for url in found if url not in (state.url, state.feed_url)), None)


def _as_of_feed(entries: Sequence[Entry], feed_url: str) -> list[Entry]:
    """The entries under the address that the list has for the feed; of undated ones those at its top."""
    dated = [entry.published or entry.updated for entry in entries]
    kept, undated = [], 0
    for entry, date in zip(entries, dated, strict=True):
        undated += date is None
        if date or undated <= UNDATED:
            kept.append(entry.model_copy(update={"feed_url": feed_url}))
    return kept
