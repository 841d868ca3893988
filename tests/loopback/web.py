"""A small web on loopback with many names, and a night's crawl over it.

    with Web({"paper.example/feed": Reply(body=…)}) as web:
        night = web.crawl("http://paper.example/feed")

Every name leads to one server in a thread of its own; only the clock is made up.
"""

from __future__ import annotations

import asyncio
import ipaddress
import sqlite3
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Self, TypeVar

from loopback.site import Reply, Route, Site
from openrace.crawl_records import Feed
from openrace.ingest.fetch.fetcher import Limits
from openrace.ingest.fetch.rate_limiter import Pace
from openrace.ingest.worker_pool import WorkerPool
from openrace.pipeline.crawl_feeds import Crawled, CrawlOptions, crawl_feeds
from openrace.records import Outlet
from openrace.store import open_store
from openrace.user_files.seed_files import Seeds, load_seeds

T = TypeVar("T")
LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
EVENING = datetime(2025, 5, 20, 22, tzinfo=UTC)


class InlinePool(WorkerPool):
    """Parses here and now: most nights in these tests need no process of their own."""

    async def run(self, resource: str, function: Callable[..., T], *arguments: Any) -> T:
        return function(*arguments)


class Web:
    """`routes` are by ``name/path``. `now` is the clock: tests move it on."""

    def __init__(self, routes: dict[str, Route], db: sqlite3.Connection | None = None) -> None:
        self.site = Site(routes)
        self.db = db or open_store(":memory:")
        self.now = EVENING
        self.seeds = _seeds()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self.site.__aenter__(), self._loop).result()
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self.site.__aexit__(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self.db.close()

    def url(self, place: str) -> str:
        """``name/path`` as an address with the server's port."""
        name, _, path = place.partition("/")
        return f"http://{name}:{self.site.port}/{path}"

    def __setitem__(self, place: str, route: Route) -> None:
        self.site.routes[place] = route

    def pass_days(self, days: float) -> None:
        self.now += timedelta(days=days)

    def crawl(self, *places: str, workers: WorkerPool | None = None, **options: Any) -> Crawled:
        """One night over these feeds, with no waiting for politeness' sake."""
        feeds = [Feed(url=self.url(place), title=place, outlet=place.partition("/")[0]) for place in places]
        outlets = (*self.seeds.outlets, *(Outlet(domain=feed.outlet, name=feed.outlet) for feed in feeds))
        return crawl_feeds(
            self.db,
            self.seeds.model_copy(update={"feeds": tuple(feeds), "outlets": outlets}),
            clock=lambda: self.now,
            options=CrawlOptions(
                allowed=LOOPBACK,
                pace=Pace(factor=0, least=0),
                limits=Limits(connect=10, read=10, total=20),
                second_pass_after=0,
                resolve=_here,
            )._replace(**options),
            workers=workers or InlinePool(),
        )

    def rows(self, query: str) -> Sequence[tuple[Any, ...]]:
        return [tuple(row) for row in self.db.execute(query)]


@cache
def _seeds() -> Seeds:
    return load_seeds()


async def _here(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


def rss(*items: tuple[str, str], extra: str = "") -> Reply:
    """A feed of (address, title) items, all of the evening's day."""
    entries = "".join(
        f"<item><title>{title}</title><link>{url}</link><pubDate>20 May 2025 10:00:00 GMT</pubDate></item>"
        for url, title in items
    )
    return Reply(body=f'<rss version="2.0"><channel>{extra}{entries}</channel></rss>'.encode())


def story(title: str, quote: str = "We are late, and we know it.", head: str = "") -> Reply:
    """A page on the topic, of our own invention."""
    return Reply(
        body=f"""<html lang="en"><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1>
<p>An invented laboratory said on Monday that open-source AI from China had overtaken what American companies
offer, and that the United States would have to answer with open weights of its own.</p>
<p>“{quote}” said Ada Byte, its founder, of the race between Chinese and American open models.</p>
<p>Other laboratories in China have released large language models with open weights this year as well, and
more of them are expected before the end of the summer, when the export controls are to be reviewed.</p>
</article></body></html>""".encode(),
        headers={"Content-Type": "text/html; charset=utf-8"},
    )


OFF_TOPIC = Reply(
    body=b"""<html><head><title>Open gardens</title></head><body><article><h1>Open gardens</h1>
<p>The gardens of the town are open on Sunday, and the mayor has promised that it will not rain this time.</p>
<p>Visitors are asked to leave their dogs at home, and to close the gates when they go, as last year.</p>
</article></body></html>"""
)
