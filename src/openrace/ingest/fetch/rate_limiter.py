"""One queue for each registrable domain, as slow as its server is.

The next request to a domain starts at least a delay after the last one ended: a multiple of the time that
the server took to answer (Heritrix's delay factor), within bounds, and no less than its crawl-delay.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from openrace.ingest.urls import registrable_domain


@dataclass(frozen=True)
class Pace:
    """Seconds between two requests to one domain."""

    factor: float = 5.0  # times the seconds that the last answer took: Heritrix's default
    least: float = 1.0
    most: float = 30.0  # of the adaptive delay; a crawl-delay may ask for more
    most_asked: float = 120.0  # of a crawl-delay: beyond it a night would not hold a feed and its pages


@dataclass
class RateLimiter:
    """Gives out turns. `clock` and `sleep` are monotonic time."""

    pace: Pace = field(default_factory=Pace)
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    _free: dict[str, float] = field(default_factory=dict)  # domain → when its next turn may start
    _adapted: dict[str, float] = field(default_factory=dict)  # domain → the delay that its speed calls for
    _asked: dict[str, float] = field(default_factory=dict)  # domain → the longest crawl-delay of its hosts

    async def turn(self, url: str, asked: float = 0.0) -> None:
        """Wait until the domain of `url` may be asked again; `asked` is its crawl-delay."""
        domain = registrable_domain(url)
        self._asked[domain] = max(self._asked.get(domain, 0.0), min(asked, self.pace.most_asked))
        now = self.clock()
        start = max(now, self._free.get(domain, now))
        self._free[domain] = start + self._delay(domain)
        if start > now:
            await self.sleep(start - now)

    def answered(self, url: str, seconds: float) -> None:
        """Take note that the server of `url` took so many `seconds`: the next turn is counted from now."""
        domain = registrable_domain(url)
        self._adapted[domain] = min(self.pace.factor * seconds, self.pace.most)
        self._free[domain] = max(self._free.get(domain, 0.0), self.clock() + self._delay(domain))

    def hold(self, url: str, seconds: float) -> None:
        """Leave the domain of `url` alone for so many `seconds`, as it asked."""
        domain = registrable_domain(url)
        self._free[domain] = max(self._free.get(domain, 0.0), self.clock() + seconds)

    def _delay(self, domain: str) -> float:
        return max(self.pace.least, self._adapted.get(domain, 0.0), self._asked.get(domain, 0.0))
