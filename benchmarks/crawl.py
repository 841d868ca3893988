"""What a feed costs: 1,000 feeds on loopback, 20 at once, first night and unchanged night, in CPU.

Usage: python benchmarks/crawl.py [CORPUS] [--feeds N] [--write]

The peer, in the same run, is a bare loop of httpx and feedparser: no robots.txt, no store, no state. The
feeds are real ones, each served under several names by a process of its own. openrace's figure holds all that
it does for a feed: robots.txt, parsing (in other processes, counted too), the store.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import ipaddress
import multiprocessing
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import feedparser
import httpx

from openrace.crawl_records import Feed
from openrace.ingest.crawl.crawl_report import CrawlPlan, Event, Judgement
from openrace.ingest.crawl.feed_round import FeedRound
from openrace.ingest.fetch.crawl_fetcher import CrawlFetcher
from openrace.ingest.fetch.fetcher import Fetcher
from openrace.ingest.fetch.rate_limiter import Pace, RateLimiter
from openrace.ingest.worker_pool import WorkerPool
from openrace.store import open_store
from openrace.store.crawl_tables import SqliteCrawlStore
from report import write_section

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from loopback.site import Reply, Request, Site

CORPUS = Path("../shared/corpora/feeds")
AT_ONCE = 20
EVENING = datetime(2026, 3, 1, 22, tzinfo=UTC)
LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)


def serve(corpus: Path, port: multiprocessing.Queue[int]) -> None:
    """Any name's ``/N`` is the Nth feed of the corpus, which never changes."""
    bodies = [gzip.decompress(path.read_bytes()) for path in sorted(corpus.glob("*.gz"))]

    async def feed(request: Request) -> Reply:
        if request.path == "/robots.txt":
            return Reply(404)
        number = int(request.path[1:]) % len(bodies)
        etag = f'"{number}"'
        if request.headers.get("if-none-match") == etag:
            return Reply(304, headers={"ETag": etag})
        return Reply(body=bodies[number], headers={"ETag": etag, "Content-Type": "application/xml"})

    async def run() -> None:
        class Everywhere(dict[str, object]):
            def get(self, key: object, default: object = None) -> object:
                return feed

        async with Site(Everywhere()) as site:  # type: ignore[arg-type]  # every path has a route
            port.put(site.port)
            await asyncio.Event().wait()

    asyncio.run(run())


def cpu() -> float:
    """CPU seconds of this process and of those that it started and that have ended."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def timed(work: Callable[[], None], feeds: int) -> tuple[float, float]:
    """CPU milliseconds and wall seconds."""
    started, spent = time.monotonic(), cpu()
    work()
    return (cpu() - spent) / feeds * 1000, time.monotonic() - started


def bare(port: int, feeds: int) -> None:
    """httpx and feedparser and nothing else."""

    async def run() -> None:
        turns = asyncio.Semaphore(AT_ONCE)
        async with httpx.AsyncClient(timeout=None) as client:

            async def one(number: int) -> None:
                async with turns:
                    page = await again_where_it_broke(client, f"http://127.0.0.1:{port}/{number}")
                    feedparser.parse(BytesIO(page.content))

            await asyncio.gather(*map(one, range(feeds)))

    asyncio.run(run())


async def again_where_it_broke(client: httpx.AsyncClient, url: str) -> httpx.Response:
    """Parsing in the event loop makes idle connections outlive their time; httpx then trips over some."""
    for _ in range(3):
        try:
            return await client.get(url)
        except httpx.ReadError:
            continue
    return await client.get(url)


async def here(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


def ours(database: Path, port: int, feeds: int, now: datetime) -> None:
    """A round of feeds into a store: requests, robots.txt, parsing, states and entries."""
    names = [f"site{number}.example" for number in range(feeds)]
    listed = [Feed(url=f"http://{name}:{port}/{n}", title=name, outlet=name) for n, name in enumerate(names)]
    db = open_store(database, create=True)
    events: list[Event] = []

    async def run() -> None:
        unjudged = Judgement(False, "not asked")
        plan = CrawlPlan(
            listed, lambda entry: unjudged, lambda article: unjudged, lambda: now, all_feeds=True
        )
        store = SqliteCrawlStore(db, plan.now)
        limiter = RateLimiter(Pace(factor=0, least=0))
        fetcher = Fetcher(agent="benchmark", now=plan.now, allowed=LOOPBACK, resolve=here)
        async with fetcher, WorkerPool() as workers:
            web = CrawlFetcher(fetcher, store, plan.now, limiter=limiter, domains_at_once=AT_ONCE)
            await FeedRound(plan, store, web, workers, events.append).run()

    asyncio.run(run())
    db.close()
    print(f"  {dict(Counter(e.outcome for e in events))}, {sum(e.new for e in events)} new entries")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("corpus", nargs="?", type=Path, default=CORPUS)
    options.add_argument("--feeds", type=int, default=1000)
    options.add_argument("--write", action="store_true", help="write the figures to RESULTS.md")
    given = options.parse_args()
    ports: multiprocessing.Queue[int] = multiprocessing.Queue()
    server = multiprocessing.Process(target=serve, args=(given.corpus, ports), daemon=True)
    server.start()
    port = ports.get()
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder, "crawl.db")
        peer = timed(lambda: bare(port, given.feeds), given.feeds)
        first = timed(lambda: ours(store, port, given.feeds, EVENING), given.feeds)
        later = EVENING + timedelta(hours=20)
        unchanged = timed(lambda: ours(store, port, given.feeds, later), given.feeds)
    server.terminate()
    rows = [
        f"| {given.feeds} feeds, {AT_ONCE} at once | CPU ms a feed | wall s |",
        "|---|---|---|",
        f"| bare httpx and feedparser | {peer[0]:.1f} | {peer[1]:.0f} |",
        f"| openrace, first night | {first[0]:.1f} | {first[1]:.0f} |",
        f"| openrace, nothing changed (304) | {unchanged[0]:.1f} | {unchanged[1]:.0f} |",
    ]
    print("\n".join(rows))
    if given.write:
        write_section("Crawl: what a feed costs", "make bench-crawl", "\n".join(rows))


if __name__ == "__main__":
    main()
