"""One night's crawl: feeds, then the pages they lead to, then those of old that are due to be seen again.

    feeds due ─▶ fetch ─▶ parse ─▶ new entries ─▶ waiting                                   feed_round.py
    waiting ─▶ known? old? off topic by its title? ─▶ settled                               page_round.py
            └▶ the feed's own full text, or fetch ─▶ parse ─▶ on the topic? ─▶ kept
    kept ─▶ after 1, 3, 7 and 30 days ─▶ fetch ─▶ parse ─▶ another text? ─▶ a revision

Every fetch is polite (`crawl_fetcher.py`: robots.txt, turns, a second pass) and safe (`fetcher.py`);
whatever is parsed is parsed in processes that can be killed (`worker_pool.py`). What is remembered goes
through the `CrawlStore`, one transaction a step, so that a night that breaks goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable

from openrace.ingest.crawl.crawl_report import CrawlPlan, CrawlReport, Event
from openrace.ingest.crawl.crawl_store import CrawlStore
from openrace.ingest.crawl.feed_round import FeedRound
from openrace.ingest.crawl.page_round import PageRound
from openrace.ingest.fetch.crawl_fetcher import CrawlFetcher
from openrace.ingest.fetch.fetcher import Fetcher
from openrace.ingest.fetch.rate_limiter import RateLimiter
from openrace.ingest.worker_pool import WorkerPool


async def crawl(
    plan: CrawlPlan,
    store: CrawlStore,
    fetcher: Fetcher,
    *,
    limiter: RateLimiter | None = None,
    workers: WorkerPool | None = None,
    watch: Callable[[Event], None] = lambda event: None,
) -> CrawlReport:
    """Crawl what is due. Failures are events in the report, which `watch` gets too; none stops the night."""
    report = CrawlReport()

    def tell(event: Event) -> None:
        report.events.append(event)
        watch(event)

    web = CrawlFetcher(
        fetcher,
        store,
        plan.now,
        limiter=limiter,
        domains_at_once=plan.domains_at_once,
        pause=plan.second_pass_after,
    )
    async with workers or WorkerPool() as parsers:
        await FeedRound(plan, store, web, parsers, tell).run()
        pages = PageRound(plan, store, web, parsers, tell)
        await pages.run()
        await pages.recheck()
    return report
