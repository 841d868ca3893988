"""May I fetch: robots.txt after RFC 9309, read by protego, believed for 24 hours."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit

from protego import Protego

from openrace.crawl_records import RobotsTxt
from openrace.ingest.fetch.fetcher import Fetcher, FetchError, UnresolvedHostError
from openrace.ingest.parse.encoding import NotTextError, decode

LIFETIME = timedelta(hours=24)  # RFC 9309, 2.4: no longer than that
MAX_SIZE = 512_000  # RFC 9309, 2.5: parse at least 500 KiB
TOKEN = "openrace"  # noqa: S105  the product token that a robots.txt names


class RobotsStore(Protocol):
    """Where robots.txt files are kept between runs."""

    def get_robots(self, origin: str) -> RobotsTxt | None: ...
    def put_robots(self, robots: RobotsTxt) -> None: ...


class Robots:
    """The rules of each origin, fetched once a day."""

    def __init__(self, fetcher: Fetcher, store: RobotsStore, now: Callable[[], datetime]) -> None:
        self._fetcher, self._store, self._now = fetcher, store, now
        self._rules: dict[str, tuple[RobotsTxt, Protego]] = {}
        self._locks: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def check(self, url: str) -> None:
        """Return if `url` may be fetched; else raise FetchError.

        No robots.txt (4xx) allows everything; one that the server fails to give (5xx, no answer) allows
        nothing yet, and that is a temporary failure (RFC 9309, 2.3.1).
        """
        robots, rules = await self._rules_for(url)
        if robots.withheld:
            answer = f"{robots.origin}/robots.txt answered {robots.status}"
            raise FetchError(url, f"may not be fetched yet: {answer}", "temporary", status=robots.status)
        if not rules.can_fetch(url, TOKEN):
            raise FetchError(url, f"{robots.origin}/robots.txt asks not to fetch it", "soft")

    async def crawl_delay(self, url: str) -> float:
        """Return the seconds between two requests that the origin asks of us; 0 where it asks nothing."""
        _, rules = await self._rules_for(url)
        return float(rules.crawl_delay(TOKEN) or 0.0)

    async def _rules_for(self, url: str) -> tuple[RobotsTxt, Protego]:
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(url))
        async with self._locks[origin]:
            known = self._rules.get(origin)
            if known is None or self._is_stale(known[0]):
                robots = self._cached(origin) or await self._fetch(origin, url)
                known = self._rules[origin] = (robots, Protego.parse(robots.text))
        return known

    def _is_stale(self, robots: RobotsTxt) -> bool:
        return self._now() - robots.fetched >= LIFETIME

    def _cached(self, origin: str) -> RobotsTxt | None:
        """Return the stored file, if it is young and was an answer: a server that failed is asked again."""
        stored = self._store.get_robots(origin)
        return stored if stored and not stored.withheld and not self._is_stale(stored) else None

    async def _fetch(self, origin: str, url: str) -> RobotsTxt:
        robots = await self._ask(origin, url)
        self._store.put_robots(robots)
        return robots

    async def _ask(self, origin: str, url: str) -> RobotsTxt:
        """Return what the origin says.

        Where nothing answered, the FetchError that `url` would have met too.
        """
        try:
            page = await self._fetcher.fetch(f"{origin}/robots.txt")
        except FetchError as error:
            if isinstance(error, UnresolvedHostError):
                raise UnresolvedHostError(url, error.problem) from error
            if error.status is None:
                raise FetchError(url, error.problem, error.kind) from error
            return RobotsTxt(origin, self._now(), error.status, "")
        try:
            text = decode(page.body[:MAX_SIZE])
        except NotTextError:
            text = ""
        return RobotsTxt(origin, self._now(), page.status, text)
