"""feeds → articles: the crawl, its memory in the store, its judgement from the topics."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from openrace.crawl_records import Entry
from openrace.extract.relevance import judge_relevance
from openrace.ingest.crawl.crawl_report import CrawlPlan, CrawlReport, Event, Judgement
from openrace.ingest.crawl.rounds import crawl
from openrace.ingest.fetch.fetcher import Fetcher, Limits, user_agent
from openrace.ingest.fetch.public_addresses import Network
from openrace.ingest.fetch.rate_limiter import Pace, RateLimiter
from openrace.ingest.fetch.transport import Resolve, system_resolve
from openrace.ingest.parse.full_text_entries import markup_paragraphs
from openrace.ingest.worker_pool import WorkerPool
from openrace.pipeline.add_articles import under_its_outlet
from openrace.plurals import many
from openrace.records import Article, normalise_when
from openrace.seed_records import Relevance, Topic
from openrace.store import article_table, page_table
from openrace.store.crawl_tables import SqliteCrawlStore
from openrace.user_files.seed_files import Seeds


class CrawlOptions(NamedTuple):
    """How the crawl behaves; what is there fits the open web."""

    contact: str | None = None  # an address or page where a site's keeper reaches whoever runs this
    allowed: tuple[Network, ...] = ()  # networks that are reached although they are not public
    all_feeds: bool = False  # ask those that are not due too
    domains_at_once: int = 8
    pace: Pace = Pace()
    limits: Limits = Limits()
    second_pass_after: float = 30.0
    resolve: Resolve = system_resolve

    def fetcher(self, now: Callable[[], datetime]) -> Fetcher:
        """Return what fetches with these options."""
        return Fetcher(
            agent=user_agent(self.contact),
            limits=self.limits,
            allowed=self.allowed,
            resolve=self.resolve,
            now=now,
            connections=4 * self.domains_at_once,
        )


class Crawled(NamedTuple):
    """What the crawl did, in the numbers that a night tells of."""

    kept: int
    failed: int
    note: str
    report: CrawlReport


def crawl_feeds(
    db: sqlite3.Connection,
    seeds: Seeds,
    *,
    clock: Callable[[], datetime],
    options: CrawlOptions | None = None,
    workers: WorkerPool | None = None,
    watch: Callable[[Event], None] = lambda event: None,
) -> Crawled:
    """Crawl the feeds of `seeds` that are due into the store."""
    options = options or CrawlOptions()
    article_table.save_outlets(db, seeds.outlets)
    outlets = {outlet.domain: outlet for outlet in seeds.outlets}
    plan = CrawlPlan(
        feeds=seeds.feeds,
        under_its_outlet=lambda article: under_its_outlet(article, outlets),
        may_be_relevant=lambda entry: may_be_relevant(entry, seeds.topics),
        judge=lambda article: judge(article, seeds.topics),
        now=clock,
        domains_at_once=options.domains_at_once,
        all_feeds=options.all_feeds,
        second_pass_after=options.second_pass_after,
    )
    report = asyncio.run(_crawl(plan, SqliteCrawlStore(db, clock), options, workers, watch))
    page_table.drop_old_bodies(db, normalise_when(clock()))
    return Crawled(report.count("page")["kept"], len(report.failures), summary(report), report)


async def _crawl(
    plan: CrawlPlan,
    store: SqliteCrawlStore,
    options: CrawlOptions,
    workers: WorkerPool | None,
    watch: Callable[[Event], None],
) -> CrawlReport:
    async with options.fetcher(plan.now) as fetcher:
        limiter = RateLimiter(options.pace)
        return await crawl(plan, store, fetcher, limiter=limiter, workers=workers, watch=watch)


def summary(report: CrawlReport) -> str:
    """Return what came of a crawl, on one line."""
    pages, rechecks = report.count("page"), report.count("recheck")
    asked = report.count("feed").total()
    parts = [f"{many(asked, 'feed')} asked", many(report.new_entries, "new entry", "new entries")]
    parts += [f"{many(pages['kept'], 'article')} kept"]
    parts += [f"{rechecks['changed']:,} changed since they were kept"] * bool(rechecks["changed"])
    parts += [f"{len(report.failures):,} failed"] * bool(report.failures)
    return ", ".join(parts)


# -- relevance --------------------------------------------------------------------------------------


def judge(article: Article, topics: Iterable[Topic]) -> Judgement:
    """Whether the article is on a topic."""
    relevance = judge_relevance(article, topics)
    return Judgement(relevance.relevant, _why(relevance))


def may_be_relevant(entry: Entry, topics: Iterable[Topic]) -> Judgement:
    """Whether an entry is worth fetching: one term of a topic in its title, address or what the feed has of
    its text is enough, since a headline says little of what an article quotes."""
    slug = re.sub(r"[\W_]+", " ", unquote(urlsplit(entry.url or "").path))
    teaser = "\n\n".join(markup_paragraphs(entry.content)) if entry.content else None
    text = "\n\n".join(part for part in (entry.title, entry.summary, teaser, slug) if part)
    if not text.strip():
        return Judgement(True, "its feed tells nothing of it")
    relevance = judge_relevance(Article(id="entry", text=text, title=entry.title), topics)
    return Judgement(bool(relevance.matches), _why(relevance))


def _why(relevance: Relevance) -> str:
    terms = ", ".join(match.term for match in relevance.matches[:4]) or "none of its terms"
    lacking = f"; too little of {', '.join(relevance.missing)}" if relevance.missing else ""
    return f"{relevance.topic}: {relevance.score:g} of {relevance.threshold:g} ({terms}{lacking})"
