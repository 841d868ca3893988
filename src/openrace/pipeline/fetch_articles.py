"""Single articles from the web, fetched as the crawl does: robots.txt, rate limits, public addresses."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from openrace.errors import InputError
from openrace.ingest.crawl.crawl_report import CrawlPlan, Judgement
from openrace.ingest.crawl.page_round import PageRound
from openrace.ingest.fetch.crawl_fetcher import CrawlFetcher
from openrace.ingest.urls import absolute_url
from openrace.ingest.worker_pool import WorkerPool
from openrace.pipeline.crawl_feeds import CrawlOptions
from openrace.records import Article
from openrace.store import open_store
from openrace.store.crawl_tables import SqliteCrawlStore


def fetch_articles(
    urls: Sequence[str], *, clock: Callable[[], datetime], options: CrawlOptions
) -> list[Article | InputError]:
    """Return the article at each address, an InputError in the place of each that gives none."""
    return asyncio.run(_fetch(urls, clock, options))


async def _fetch(
    urls: Sequence[str], clock: Callable[[], datetime], options: CrawlOptions
) -> list[Article | InputError]:
    unjudged = Judgement(True, "a person asked for it")
    plan = CrawlPlan((), lambda entry: unjudged, lambda article: unjudged, clock)
    store = SqliteCrawlStore(open_store(":memory:"), clock)
    async with options.fetcher(clock) as fetcher, WorkerPool(1) as workers:
        web = CrawlFetcher(fetcher, store, clock)
        pages = PageRound(plan, store, web, workers, lambda event: None)
        return [await _one(url, pages) for url in urls]


async def _one(url: str, pages: PageRound) -> Article | InputError:
    address = absolute_url(url)
    if address is None:
        return InputError(url, "is not a web address", "write it in full, with https://")
    try:
        return await pages.fetch_article(address)
    except InputError as error:
        return error
