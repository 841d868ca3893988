"""The second and third stage of a night: pages that entries lead to, and kept ones that are fetched again."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from openrace.crawl_records import Entry, EntryStatus, Feed, FetchedPage, Recheck
from openrace.errors import InputError
from openrace.ingest.crawl.crawl_report import Event
from openrace.ingest.crawl.crawl_round import OFFLINE, CrawlRound
from openrace.ingest.crawl.page_changes import (
    below_headline,
    compare_visits,
    is_another_page,
    shows_nothing_of,
    with_entry,
    without_future_date,
)
from openrace.ingest.fetch.crawl_fetcher import HostFailingError, OfflineError
from openrace.ingest.fetch.fetcher import FetchError, Hop, Response
from openrace.ingest.parse.encoding import charset_of
from openrace.ingest.parse.full_text_entries import full_text_article
from openrace.ingest.parse.interstitial import may_refresh
from openrace.ingest.parse.page import find_refresh, parse_page
from openrace.ingest.parse.transcript_files import parse_transcript
from openrace.ingest.urls import canonical_url, hostname
from openrace.ingest.worker_pool import ParserBugError
from openrace.records import Article, normalise_when

CONSENT_HOSTS = {"consent", "guce", "cmp", "privacy"}  # where publishers send a reader without cookies
MAX_NIGHTS = 3  # on which a page may fail before it is given up
MAX_REFRESHES = 3  # pages that only lead on, one to the next
CUT = "shows only the beginning of the article"


class PageRound(CrawlRound):
    """Gives pending entries their status, and fetches kept pages again; reports what happened."""

    async def run(self) -> None:
        """Give every pending entry its status."""
        promising = []
        for entry in self._store.pending_entries():
            await asyncio.sleep(0)  # judging ten thousand entries must not keep Ctrl-C waiting
            decided = await self._guarded("page", entry.url or entry.entry_id, self._decide_from_feed(entry))
            if decided is False:
                promising.append(entry)
        try:
            await self._web.two_passes(promising, lambda entry: entry.url or "", self._fetch)
        except OfflineError:
            self._tell(Event("page", promising[0].url or "", "offline", OFFLINE, failed=True))

    async def recheck(self) -> None:
        """Fetch kept pages again that are due, for what their publishers changed."""
        due = self._store.due_rechecks()
        try:
            await self._web.two_passes(due, lambda recheck: recheck.url, self._recheck)
        except OfflineError:
            self._tell(Event("recheck", due[0].url, "offline", OFFLINE, failed=True))

    # -- entries ------------------------------------------------------------------------------------

    async def _decide_from_feed(self, entry: Entry) -> bool:
        """Give the entry its status if the feed alone tells it; whether it did."""
        if entry.url is None:
            return self._set_status(entry, "off topic", "it has no page")
        if self._store.article_at(entry.url):
            return self._set_status(entry, "known", "its page is kept already")
        if self._is_old(entry):
            return self._set_status(entry, "old", f"published {entry.published or entry.updated}")
        article = full_text_article(entry)
        if article:
            return self._keep_or_leave(entry, article, None)
        promise = self._plan.may_be_relevant(entry)
        return not promise.relevant and self._set_status(entry, "off topic", promise.reason)

    def _is_old(self, entry: Entry) -> bool:
        when = entry.published or entry.updated
        return when is not None and when < normalise_when(self._plan.now() - self._plan.horizon)

    async def _fetch(self, entry: Entry, last: bool) -> None:
        await self._guarded("page", entry.url or entry.entry_id, self._fetch_entry(entry, last))

    async def _fetch_entry(self, entry: Entry, last: bool) -> bool:
        url = entry.url or ""
        if self._store.article_at(url):
            return self._set_status(entry, "known", "its page came from another feed")
        try:
            page = await self._get(url, last=last)
            if entry.transcript:
                article = await self._workers.run(page.url, parse_transcript, page.body, entry)
            else:
                article = await self._read(page, self._feeds.get(entry.feed_url))
        except HostFailingError as error:
            self._tell(Event("page", url, "not asked", str(error), failed=True))
        except ParserBugError:
            raise
        except InputError as error:
            self._failed(entry, error)
        else:
            article = with_entry(article, entry)
            fetched = None if entry.transcript else _fetched(url, page)  # a transcript is not seen again
            self._keep_or_leave(entry, self._at_its_own_address(article, page), fetched)
        return True

    async def fetch_article(self, url: str) -> Article:
        """Return the article at `url`, whatever it is about. Raises InputError where there is none."""
        return await self._read(await self._get(url, last=True))

    async def _get(
        self, url: str, *, last: bool, etag: str | None = None, modified: str | None = None
    ) -> Response:
        """Return the page at `url`; one that only leads on (meta refresh) is followed as a redirect is."""
        page = await self._web.get(url, last=last, etag=etag, modified=modified)
        for _ in range(MAX_REFRESHES):
            if not may_refresh(page.body):
                return page
            charset = charset_of(page.content_type)
            target = await self._workers.run(page.url, find_refresh, page.body, page.url, charset)
            if target is None:
                return page
            hops = (*page.hops, Hop(target, False))
            page = await self._web.get(target, last=last)
            page = replace(page, hops=(*hops, *page.hops))
        return page

    async def _read(self, page: Response, feed: Feed | None = None) -> Article:
        """Return the article on the page.

        Raises InputError, too where the page is another than was asked for.
        """
        elsewhere = _led_elsewhere(page)
        if elsewhere:
            raise InputError(page.url, elsewhere)
        charset = charset_of(page.content_type)
        home = (feed.zone, feed.country) if feed else (None, None)
        article = await self._workers.run(page.url, parse_page, page.body, page.url, charset, *home)
        return without_future_date(article, self._plan.now())

    def _at_its_own_address(self, article: Article, page: Response) -> Article:
        """Return `article`; where another one is kept under the address that its page gives, under the page's
        own."""
        own = canonical_url(page.url)
        other = self._store.article(article.id)
        if own is None or own == article.url or other is None or not is_another_page(other, article):
            return article
        return article.model_copy(update={"id": Article.make_id(own, article.text), "url": own})

    def _keep_or_leave(self, entry: Entry, article: Article, fetched: FetchedPage | None) -> bool:
        judgement = self._plan.judge(article)
        if fetched and self._is_not_the_page(entry, article):
            problem = "shows nothing of what its feed announced"
            self._failed(entry, InputError(entry.url or entry.entry_id, problem))
            return True
        if not judgement.relevant:
            return self._set_status(entry, "off topic", judgement.reason)
        new = self._store.keep(entry, self._plan.under_its_outlet(article), fetched)
        self._tell(Event("page", entry.url or article.id, "kept" if new else "known", judgement.reason))
        return True

    def _is_not_the_page(self, entry: Entry, article: Article) -> bool:
        """Whether the text below the headline has neither a word of the entry's title nor the topic."""
        body = below_headline(article)
        if not body or not shows_nothing_of(entry, body):
            return False
        return not self._plan.judge(article.model_copy(update={"title": None, "text": body})).relevant

    def _set_status(self, entry: Entry, status: EntryStatus, reason: str, *, failed: bool = False) -> bool:
        self._store.set_status(entry, status, reason)
        self._tell(Event("page", entry.url or entry.entry_id, status, reason, failed=failed))
        return True

    def _failed(self, entry: Entry, error: InputError) -> None:
        """Put off until another night what may still come; give up what will not."""
        hopeless = isinstance(error, FetchError) and error.kind == "hard"
        nights = self._store.postpone(entry, error.problem)
        if hopeless or nights >= MAX_NIGHTS:
            self._set_status(entry, "failed", str(error), failed=True)
        else:
            self._tell(Event("page", entry.url or entry.entry_id, "put off", str(error), failed=True))

    # -- rechecks -----------------------------------------------------------------------------------

    async def _recheck(self, recheck: Recheck, last: bool) -> None:
        await self._guarded("recheck", recheck.url, self._recheck_page(recheck, last))

    async def _recheck_page(self, recheck: Recheck, last: bool) -> bool:
        try:
            page = await self._get(recheck.url, last=last, etag=recheck.etag, modified=recheck.modified)
            article = None if page.status == 304 else await self._read(page)
        except HostFailingError:
            return False
        except ParserBugError:
            raise
        except InputError as error:
            return self._not_seen(recheck, error.problem)
        if article and await self._is_only_read_otherwise(recheck, article):
            article = None
        verdict = compare_visits(self._store.last_text(recheck), article.text) if article else "same article"
        if verdict == "not seen":
            return self._not_seen(recheck, "shows nothing of the article: another page stands in its place")
        if verdict == "cut":
            return self._not_seen(recheck, CUT, outcome="cut")
        change = self._store.save_recheck(recheck, article, _fetched(recheck.url, page) if article else None)
        gone = f"quoted words are gone: {', '.join(change.gone)}" if change.gone else ""
        self._tell(Event("recheck", recheck.url, "changed" if change.changed else "unchanged", gone))
        return True

    def _not_seen(self, recheck: Recheck, problem: str, outcome: str = "not seen") -> bool:
        """Note that the page showed something else than its article: of its words nothing can be said."""
        self._store.save_failed_recheck(recheck, problem)
        self._tell(Event("recheck", recheck.url, outcome, f"{recheck.url}: {problem}"))
        return True

    async def _is_only_read_otherwise(self, recheck: Recheck, article: Article) -> bool:
        """Whether the page has the text that it had, which an older openrace read otherwise: no news."""
        before = self._store.page_before(recheck, article)
        if before is None:
            return False
        charset = charset_of(before.content_type)
        try:
            then = await self._workers.run(recheck.url, parse_page, before.body, before.url, charset)
        except InputError:
            return False
        return then.text == article.text


def _led_elsewhere(page: Response) -> str | None:
    """Return what a redirect led to instead of the article: a request for consent, or the front page."""
    if not page.hops:
        return None
    host, path = hostname(page.url), page.url.partition("://")[2].partition("/")[2]
    if host.partition(".")[0] in CONSENT_HOSTS:
        return "asks for consent before it shows anything"
    return None if path else "is the front page: the article is gone"


def _fetched(url: str, page: Response) -> FetchedPage:
    etag, modified = page.headers.get("etag"), page.headers.get("last-modified")
    return FetchedPage(url, page.body, page.content_type, etag, modified)
