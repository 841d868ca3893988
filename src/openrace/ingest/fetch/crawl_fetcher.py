"""Fetching within limits: robots.txt and the rate limiter before every hop, one queue a domain, two passes.

A server that fails for a moment is asked once more at the end, when the others are done. One that fails
several times in a row, or asks for rest, is left alone.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TypeVar

from openrace.ingest.fetch.fetcher import Fetcher, FetchError, Response, UnresolvedHostError
from openrace.ingest.fetch.rate_limiter import RateLimiter
from openrace.ingest.fetch.robots import Robots, RobotsStore
from openrace.ingest.urls import registrable_domain

T = TypeVar("T")
PATIENCE = 3  # failures in a row after which a domain is left alone for the rest of the pass
GENTLE = 2  # domains at once in the second pass


class HostFailingError(FetchError):
    """Not even asked: the domain has failed too often tonight."""


class DeferredError(Exception):
    """Failed for a moment: to be tried in the second pass. `cause` is what failed."""

    def __init__(self, cause: FetchError) -> None:
        super().__init__(str(cause))
        self.cause = cause


class OfflineError(Exception):
    """Not one host name of a whole pass was resolved: this machine has no network."""


class CrawlFetcher:
    """A Fetcher that obeys robots.txt and rate limits. `pause` is the seconds before the second pass."""

    def __init__(
        self,
        fetcher: Fetcher,
        store: RobotsStore,
        now: Callable[[], datetime],
        *,
        limiter: RateLimiter | None = None,
        domains_at_once: int = 8,
        pause: float = 30.0,
    ) -> None:
        self._fetcher = fetcher
        self._robots = Robots(fetcher, store, now)
        self._limiter = limiter or RateLimiter()
        self._domains_at_once, self._pause = domains_at_once, pause
        self._strikes: Counter[str] = Counter()  # domain → failures in a row

    async def get(
        self, url: str, *, last: bool, etag: str | None = None, modified: str | None = None
    ) -> Response:
        """Return the page at `url`. Raises FetchError, or unless this is the `last` try, DeferredError."""
        domain = registrable_domain(url)
        try:
            if self._strikes[domain] >= PATIENCE:
                raise HostFailingError(
                    url, f"not asked: {domain} failed {PATIENCE} times running", "temporary"
                )
            page = await self._fetcher.fetch(url, etag=etag, modified=modified, permit=self._permit)
        except FetchError as error:
            self._note_failure(domain, error)
            if not last and self._may_pass_soon(error):
                raise DeferredError(error) from error
            raise
        self._strikes[domain] = 0
        self._limiter.answered(page.url, page.seconds)
        return page

    async def _permit(self, url: str) -> None:
        await self._robots.check(url)
        await self._limiter.turn(url, await self._robots.crawl_delay(url))

    def _note_failure(self, domain: str, error: FetchError) -> None:
        """A server that asks for rest gets it; at the second time the whole domain does."""
        if error.kind == "temporary":
            self._strikes[domain] += 1
        if error.retry_after is not None:
            self._strikes[domain] += 1
            self._limiter.hold(error.resource, min(error.retry_after, self._limiter.pace.most_asked))

    def _may_pass_soon(self, error: FetchError) -> bool:
        patient = (error.retry_after or 0.0) <= self._limiter.pace.most_asked
        return error.kind == "temporary" and patient

    async def two_passes(
        self,
        items: Sequence[T],
        address: Callable[[T], str],
        work: Callable[[T, bool], Awaitable[None]],
    ) -> None:
        """``work(item, last)`` on all `items`; on those that it defers, once more at the end.

        Raises OfflineError where no host name of several domains was resolved.
        """
        failed = await self._pass(items, address, work, at_once=self._domains_at_once, last=False)
        again = [item for item, _ in failed]
        if not again:
            return
        nothing_came = len(again) == len(items)  # then no server needs rest
        domains = {registrable_domain(address(item)) for item in items}
        if nothing_came and len(domains) > 1 and all(isinstance(e, UnresolvedHostError) for _, e in failed):
            raise OfflineError
        if not nothing_came:
            await asyncio.sleep(self._pause)
        self._strikes.clear()
        at_once = self._domains_at_once if nothing_came else GENTLE
        await self._pass(again, address, work, at_once=at_once, last=True)

    async def _pass(
        self,
        items: Sequence[T],
        address: Callable[[T], str],
        work: Callable[[T, bool], Awaitable[None]],
        *,
        at_once: int,
        last: bool,
    ) -> list[tuple[T, FetchError]]:
        """One task a registrable domain, `at_once` of them at a time; what was deferred, and why."""
        queues: dict[str, list[T]] = defaultdict(list)
        for item in items:
            queues[registrable_domain(address(item))].append(item)
        again: list[tuple[T, FetchError]] = []
        turns = asyncio.Semaphore(at_once)

        async def run(queue: list[T]) -> None:
            async with turns:
                for item in queue:
                    try:
                        await work(item, last)
                    except DeferredError as deferred:
                        again.append((item, deferred.cause))

        try:
            async with asyncio.TaskGroup() as group:
                for queue in queues.values():
                    group.create_task(run(queue))
        except BaseExceptionGroup as errors:  # a full disk, a bug: what ended the first queue ends the night
            raise _first(errors) from errors
        return again


def _first(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    first = errors.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first
