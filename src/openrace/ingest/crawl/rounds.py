"""One night's crawl: feeds, then the pages they lead to, then those of old that are due to be seen again.

    feeds due ─▶ fetch ─▶ parse ─▶ new entries ─▶ waiting                                   feed_round.py
    waiting ─▶ known? old? off topic by its title? ─▶ settled                               page_round.py
            └▶ the feed's own full text, or fetch ─▶ parse ─▶ on the topic? ─▶ kept
    kept ─▶ after 1, 3, 7 and 30 days ─▶ fetch ─▶ parse ─▶ another text? ─▶ a revision

Every fetch is polite (`polite_fetcher.py`: robots.txt, turns, a second pass) and safe (`fetcher.py`);
whatever is parsed is parsed in processes that can be killed (`worker_pool.py`). What is remembered goes
through the `Ledger`, one transaction a step, so that a night that breaks goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable

from openrace.ingest.crawl.crawl_report import Event, Plan, Report
from openrace.ingest.crawl.crawl_store import Ledger
from openrace.ingest.crawl.feed_round import FeedRound
from openrace.ingest.crawl.page_round import PageRound
from openrace.ingest.fetch.fetcher import Fetcher
from openrace.ingest.fetch.polite_fetcher import PoliteFetcher
from openrace.ingest.fetch.rate_limiter import Courtesy
from openrace.ingest.worker_pool import Workers


async def crawl(
    plan: Plan,
    ledger: Ledger,
    fetcher: Fetcher,
    *,
    courtesy: Courtesy | None = None,
    workers: Workers | None = None,
    watch: Callable[[Event], None] = lambda event: None,
) -> Report:
    """Crawl what is due. What fails is an event in the report, also told to `watch`; none stops the night."""
    report = Report()

    def tell(event: Event) -> None:
        report.events.append(event)
        watch(event)

    web = PoliteFetcher(
        fetcher,
        ledger,
        plan.now,
        courtesy=courtesy,
        domains_at_once=plan.domains_at_once,
        pause=plan.second_pass_after,
    )
    async with workers or Workers() as parsers:
        await FeedRound(plan, ledger, web, parsers, tell).run()
        pages = PageRound(plan, ledger, web, parsers, tell)
        await pages.run()
        await pages.visit_again()
    return report
