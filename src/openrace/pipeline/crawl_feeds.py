"""feeds → articles: the crawl, its memory in the store, its judgement from the topics."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Callable, Container, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from openrace.extract.relevance import judge_relevance
from openrace.ingest.crawl.crawl_report import Event, Judgement, Plan, Report
from openrace.ingest.crawl.crawl_store import Change, Fate, RawPage, Visit
from openrace.ingest.crawl.rounds import crawl
from openrace.ingest.fetch.fetcher import Fetcher, Limits, user_agent
from openrace.ingest.fetch.public_addresses import Network
from openrace.ingest.fetch.rate_limiter import Courtesy, Pace
from openrace.ingest.fetch.robots import RobotsTxt
from openrace.ingest.fetch.transport import Resolve, system_resolve
from openrace.ingest.parse.full_text_entries import markup_paragraphs
from openrace.ingest.worker_pool import Workers
from openrace.pipeline.add_articles import under_its_outlet
from openrace.plurals import many
from openrace.records import (
    Article,
    Entry,
    Feed,
    FeedState,
    Relevance,
    Topic,
    normalise_when,
)
from openrace.store import article_table, crawl_tables, transaction
from openrace.user_files.seed_files import Seeds


class Manner(NamedTuple):
    """How the crawl behaves; what is there fits the open web."""

    contact: str | None = None  # an address or page where a site's keeper reaches whoever runs this
    allowed: tuple[Network, ...] = ()  # networks that are reached although they are not public
    all_feeds: bool = False  # ask those that are not due too
    domains_at_once: int = 8
    pace: Pace = Pace()
    limits: Limits = Limits()
    second_pass_after: float = 30.0
    resolve: Resolve = system_resolve


class Crawled(NamedTuple):
    """What the crawl did, in the numbers that a night tells of."""

    kept: int
    failed: int
    note: str
    report: Report


def crawl_feeds(
    db: sqlite3.Connection,
    seeds: Seeds,
    *,
    clock: Callable[[], datetime],
    manner: Manner | None = None,
    feed_list: Sequence[Feed] | None = None,
    workers: Workers | None = None,
    watch: Callable[[Event], None] = lambda event: None,
) -> Crawled:
    """Crawl the feeds of `seeds` (or `feed_list` alone) that are due into the store."""
    manner = manner or Manner()
    article_table.save_outlets(db, seeds.outlets)
    plan = Plan(
        feeds=seeds.feeds if feed_list is None else feed_list,
        promises=lambda entry: promises(entry, seeds.topics),
        judge=lambda article: judge(article, seeds.topics),
        now=clock,
        domains_at_once=manner.domains_at_once,
        all_feeds=manner.all_feeds,
        second_pass_after=manner.second_pass_after,
    )
    known = {outlet.domain for outlet in seeds.outlets} | {feed.outlet for feed in plan.feeds}
    ledger = StoreLedger(db, known, clock)
    report = asyncio.run(_crawl(plan, ledger, manner, workers, watch))
    crawl_tables.drop_old_bodies(db, normalise_when(clock()))
    return Crawled(report.count("page")["kept"], len(report.failures), summary(report), report)


async def _crawl(
    plan: Plan,
    ledger: StoreLedger,
    manner: Manner,
    workers: Workers | None,
    watch: Callable[[Event], None],
) -> Report:
    fetcher = Fetcher(
        agent=user_agent(manner.contact),
        limits=manner.limits,
        allowed=manner.allowed,
        resolve=manner.resolve,
        now=plan.now,
        connections=4 * manner.domains_at_once,
    )
    async with fetcher:
        courtesy = Courtesy(manner.pace)
        return await crawl(plan, ledger, fetcher, courtesy=courtesy, workers=workers, watch=watch)


def summary(report: Report) -> str:
    """What came of a crawl, on one line."""
    pages, visits = report.count("page"), report.count("visit")
    asked = report.count("feed").total()
    told = [f"{many(asked, 'feed')} asked", many(report.new_entries, "new entry", "new entries")]
    told += [f"{many(pages['kept'], 'article')} kept"]
    told += [f"{visits['changed']:,} changed since they were kept"] * bool(visits["changed"])
    told += [f"{len(report.failures):,} failed"] * bool(report.failures)
    return ", ".join(told)


# -- relevance --------------------------------------------------------------------------------------


def judge(article: Article, topics: Iterable[Topic]) -> Judgement:
    """Whether the article is on a topic."""
    relevance = judge_relevance(article, topics)
    return Judgement(relevance.relevant, _why(relevance))


def promises(entry: Entry, topics: Iterable[Topic]) -> Judgement:
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


# -- memory -----------------------------------------------------------------------------------------


class StoreLedger:
    """The crawl's `Ledger`, kept in the store."""

    def __init__(
        self, db: sqlite3.Connection, outlets: Container[str], clock: Callable[[], datetime]
    ) -> None:
        self._db, self._outlets, self._clock = db, outlets, clock

    def feed_state(self, feed_url: str) -> FeedState | None:
        return crawl_tables.get_feed(self._db, feed_url)

    def save_feed(self, state: FeedState, entries: Sequence[Entry] = ()) -> int:
        return crawl_tables.save_feed(self._db, state, entries, seen=self._now())

    def waiting(self) -> list[Entry]:
        return crawl_tables.waiting_entries(self._db)

    def article_at(self, url: str) -> str | None:
        return crawl_tables.article_at(self._db, url)

    def settle(self, entry: Entry, fate: Fate, reason: str) -> None:
        crawl_tables.settle_entry(self._db, entry, fate, reason)

    def put_off(self, entry: Entry, problem: str) -> int:
        return crawl_tables.put_off_entry(self._db, entry, problem, day=self._now()[:10])

    def keep(self, entry: Entry, article: Article, page: RawPage | None) -> bool:
        """Article, page and fate, all of them or none."""
        article = under_its_outlet(article, self._outlets)
        with transaction(self._db):
            added = article_table.add_article(self._db, article, added=self._now(), on_topic=True)
            if page:
                self._keep_page(article, page)
            crawl_tables.settle_entry(self._db, entry, "kept" if added == "new" else "known", article.id)
        return added == "new"

    def _keep_page(self, article: Article, page: RawPage) -> None:
        crawl_tables.keep_page(
            self._db,
            page.url,
            article,
            page.body,
            fetched=self._now(),
            content_type=page.content_type,
            etag=page.etag,
            modified=page.modified,
        )

    def due_visits(self) -> list[Visit]:
        return [Visit(*row) for row in crawl_tables.due_pages(self._db, self._now())]

    def page_before(self, visit: Visit, article: Article) -> RawPage | None:
        page = crawl_tables.get_page(self._db, visit.url)
        if page is None or crawl_tables.was_read_from(article, page):
            return None
        return RawPage(page.url, page.body, page.content_type, visit.etag, visit.modified)

    def save_visit(
        self, visit: Visit, article: Article | None, page: RawPage | None, problem: str | None = None
    ) -> Change:
        seen = crawl_tables.save_visit(
            self._db,
            visit.url,
            article,
            seen=self._now(),
            body=page.body if page else None,
            etag=page.etag if page else None,
            modified=page.modified if page else None,
            problem=problem,
        )
        return Change(*seen)

    def get_robots(self, origin: str) -> RobotsTxt | None:
        kept = crawl_tables.get_robots(self._db, origin)
        return RobotsTxt(origin, datetime.fromisoformat(kept[0]), kept[1], kept[2]) if kept else None

    def put_robots(self, robots: RobotsTxt) -> None:
        fetched = normalise_when(robots.fetched)
        crawl_tables.put_robots(self._db, robots.origin, fetched, robots.status, robots.text)

    def _now(self) -> str:
        return normalise_when(self._clock())
