"""Fetching as a guest: robots.txt and turns before every hop, one queue a registrable domain, two passes.

A server that fails for a moment is asked once more at the end, when the others are done. One that fails
several times in a row, or asks for rest, is left alone.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TypeVar

from openrace.ingest.fetch.fetcher import Fetcher, FetchError, Page
from openrace.ingest.fetch.rate_limiter import Courtesy
from openrace.ingest.fetch.robots import Robots, RobotsShelf
from openrace.ingest.urls import registrable_domain

T = TypeVar("T")
PATIENCE = 3  # failures in a row after which a domain is left alone for the rest of the pass
GENTLE = 2  # domains at once in the second pass


class LeftAloneError(FetchError):
    """Not even asked: the domain has failed too often tonight."""


class DeferredError(Exception):
    """Failed for a moment: to be tried in the second pass."""


class PoliteFetcher:
    """A Fetcher with manners. `pause` is the seconds before the second pass."""

    def __init__(
        self,
        fetcher: Fetcher,
        shelf: RobotsShelf,
        now: Callable[[], datetime],
        *,
        courtesy: Courtesy | None = None,
        domains_at_once: int = 8,
        pause: float = 30.0,
    ) -> None:
        self._fetcher = fetcher
        self._robots = Robots(fetcher, shelf, now)
        self._courtesy = courtesy or Courtesy()
        self._domains_at_once, self._pause = domains_at_once, pause
        self._strikes: Counter[str] = Counter()  # domain → failures in a row

    async def get(
        self, url: str, *, last: bool, etag: str | None = None, modified: str | None = None
    ) -> Page:
        """The page at `url`. Raises FetchError, or unless this is the `last` try, DeferredError."""
        domain = registrable_domain(url)
        try:
            if self._strikes[domain] >= PATIENCE:
                raise LeftAloneError(
                    url, f"left alone: {domain} failed {PATIENCE} times running", "temporary"
                )
            page = await self._fetcher.fetch(url, etag=etag, modified=modified, permit=self._permit)
        except FetchError as error:
            self._note_failure(domain, error)
            if not last and self._may_pass_soon(error):
                raise DeferredError from error
            raise
        self._strikes[domain] = 0
        self._courtesy.answered(page.url, page.seconds)
        return page

    async def _permit(self, url: str) -> None:
        await self._robots.check(url)
        await self._courtesy.turn(url, await self._robots.crawl_delay(url))

    def _note_failure(self, domain: str, error: FetchError) -> None:
        """A server that asks for rest gets it; at the second time the whole domain does."""
        if error.kind == "temporary":
            self._strikes[domain] += 1
        if error.retry_after is not None:
            self._strikes[domain] += 1
            self._courtesy.hold(error.resource, min(error.retry_after, self._courtesy.pace.most_asked))

    def _may_pass_soon(self, error: FetchError) -> bool:
        patient = (error.retry_after or 0.0) <= self._courtesy.pace.most_asked
        return error.kind == "temporary" and patient

    async def two_passes(
        self,
        items: Sequence[T],
        address: Callable[[T], str],
        work: Callable[[T, bool], Awaitable[None]],
    ) -> None:
        """``work(item, last)`` on all `items`; on those that it defers, once more at the end."""
        again = await self._pass(items, address, work, at_once=self._domains_at_once, last=False)
        if not again:
            return
        offline = len(again) == len(items)  # nothing came at all: no server needs rest
        if not offline:
            await asyncio.sleep(self._pause)
        self._strikes.clear()
        at_once = self._domains_at_once if offline else GENTLE
        await self._pass(again, address, work, at_once=at_once, last=True)

    async def _pass(
        self,
        items: Sequence[T],
        address: Callable[[T], str],
        work: Callable[[T, bool], Awaitable[None]],
        *,
        at_once: int,
        last: bool,
    ) -> list[T]:
        """One task a registrable domain, `at_once` of them at a time; what was deferred."""
        queues: dict[str, list[T]] = defaultdict(list)
        for item in items:
            queues[registrable_domain(address(item))].append(item)
        again: list[T] = []
        turns = asyncio.Semaphore(at_once)

        async def run(queue: list[T]) -> None:
            async with turns:
                for item in queue:
                    try:
                        await work(item, last)
                    except DeferredError:
                        again.append(item)

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
