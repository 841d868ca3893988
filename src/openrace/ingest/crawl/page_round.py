"""The second and third stage of a night: pages that entries lead to, and kept ones that are seen again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from openrace.errors import InputError
from openrace.ingest.crawl.crawl_report import Event, Plan
from openrace.ingest.crawl.crawl_store import Fate, Ledger, RawPage, Visit
from openrace.ingest.fetch.fetcher import FetchError, Page
from openrace.ingest.fetch.polite_fetcher import LeftAloneError, PoliteFetcher
from openrace.ingest.parse.encoding import charset_of
from openrace.ingest.parse.full_text_entries import whole_article
from openrace.ingest.parse.page import parse_page
from openrace.ingest.urls import hostname
from openrace.ingest.worker_pool import Workers
from openrace.records import Article, Entry, normalise_when

CONSENT_HOSTS = {"consent", "guce", "cmp", "privacy"}  # where publishers send a reader without cookies
MAX_NIGHTS = 3  # on which a page may fail before it is given up


class PageRound:
    """Settles the fate of entries that wait, and visits kept pages; tells what happened."""

    def __init__(
        self,
        plan: Plan,
        ledger: Ledger,
        web: PoliteFetcher,
        workers: Workers,
        tell: Callable[[Event], None],
    ) -> None:
        self._plan, self._ledger, self._web, self._workers, self._tell = plan, ledger, web, workers, tell

    async def run(self) -> None:
        """Settle every entry that waits."""
        promising = []
        for entry in self._ledger.waiting():
            await asyncio.sleep(0)  # judging ten thousand entries must not keep Ctrl-C waiting
            if not self._settle_from_the_feed(entry):
                promising.append(entry)
        await self._web.two_passes(promising, lambda entry: entry.url or "", self._fetch)

    async def visit_again(self) -> None:
        """See kept pages again that are due, for what their publishers changed."""
        await self._web.two_passes(self._ledger.due_visits(), lambda visit: visit.url, self._visit)

    # -- entries ------------------------------------------------------------------------------------

    def _settle_from_the_feed(self, entry: Entry) -> bool:
        """Settle the entry if the feed alone tells its fate; whether it did."""
        if entry.url is None:
            return self._settle(entry, "off topic", "it has no page")
        if self._ledger.article_at(entry.url):
            return self._settle(entry, "known", "its page is kept already")
        if self._is_old(entry):
            return self._settle(entry, "old", f"published {entry.published or entry.updated}")
        article = whole_article(entry)
        if article:
            return self._keep_or_leave(entry, article, None)
        promise = self._plan.promises(entry)
        return not promise.relevant and self._settle(entry, "off topic", promise.reason)

    def _is_old(self, entry: Entry) -> bool:
        when = entry.published or entry.updated
        return when is not None and when < normalise_when(self._plan.now() - self._plan.horizon)

    async def _fetch(self, entry: Entry, last: bool) -> None:
        url = entry.url or ""
        if self._ledger.article_at(url):
            self._settle(entry, "known", "its page came from another feed")
            return
        try:
            page = await self._web.get(url, last=last)
            article = await self._read(page)
        except LeftAloneError as error:
            self._tell(Event("page", url, "left alone", str(error), failed=True))
        except InputError as error:
            self._failed(entry, error)
        else:
            self._keep_or_leave(entry, _with_entry(article, entry), _raw(url, page))

    async def _read(self, page: Page) -> Article:
        """The article on the page. Raises InputError, too where the page is another than was asked for."""
        elsewhere = _led_elsewhere(page)
        if elsewhere:
            raise InputError(page.url, elsewhere)
        charset = charset_of(page.content_type)
        return await self._workers.run(page.url, parse_page, page.body, page.url, charset)

    def _keep_or_leave(self, entry: Entry, article: Article, raw: RawPage | None) -> bool:
        judgement = self._plan.judge(article)
        if not judgement.relevant:
            return self._settle(entry, "off topic", judgement.reason)
        new = self._ledger.keep(entry, article, raw)
        self._tell(Event("page", entry.url or article.id, "kept" if new else "known", judgement.reason))
        return True

    def _settle(self, entry: Entry, fate: Fate, reason: str, *, failed: bool = False) -> bool:
        self._ledger.settle(entry, fate, reason)
        self._tell(Event("page", entry.url or entry.entry_id, fate, reason, failed=failed))
        return True

    def _failed(self, entry: Entry, error: InputError) -> None:
        """Put off until another night what may still come; give up what will not."""
        hopeless = isinstance(error, FetchError) and error.kind == "hard"
        nights = self._ledger.put_off(entry, error.problem)
        if hopeless or nights >= MAX_NIGHTS:
            self._settle(entry, "failed", str(error), failed=True)
        else:
            self._tell(Event("page", entry.url or entry.entry_id, "put off", str(error), failed=True))

    # -- visits -------------------------------------------------------------------------------------

    async def _visit(self, visit: Visit, last: bool) -> None:
        try:
            page = await self._web.get(visit.url, last=last, etag=visit.etag, modified=visit.modified)
            article = None if page.status == 304 else await self._read(page)
            if article and await self._is_only_read_otherwise(visit, article):
                article = None
        except LeftAloneError:
            return
        except InputError as error:
            self._ledger.save_visit(visit, None, None, problem=error.problem)
            self._tell(Event("visit", visit.url, "not seen", str(error)))
            return
        raw = _raw(visit.url, page) if article else None
        change = self._ledger.save_visit(visit, article, raw)
        gone = f"quoted words are gone: {', '.join(change.gone)}" if change.gone else ""
        self._tell(Event("visit", visit.url, "changed" if change.changed else "unchanged", gone))

    async def _is_only_read_otherwise(self, visit: Visit, article: Article) -> bool:
        """Whether the page has the text that it had, which an older openrace read otherwise: no news."""
        before = self._ledger.page_before(visit, article)
        if before is None:
            return False
        charset = charset_of(before.content_type)
        try:
            then = await self._workers.run(visit.url, parse_page, before.body, before.url, charset)
        except InputError:
            return False
        return then.text == article.text


def _led_elsewhere(page: Page) -> str | None:
    """What a redirect led to instead of the article: a page that asks for consent, or the front page."""
    if not page.hops:
        return None
    host, path = hostname(page.url), page.url.partition("://")[2].partition("/")[2]
    if host.partition(".")[0] in CONSENT_HOSTS:
        return "asks for consent before it shows anything"
    return None if path else "is the front page: the article is gone"


def _with_entry(article: Article, entry: Entry) -> Article:
    """The article with what its page did not say and its feed did."""
    said = {"published": article.published or entry.published, "language": article.language or entry.language}
    return article.model_copy(update=said | {"authors": article.authors or entry.authors})


def _raw(url: str, page: Page) -> RawPage:
    etag, modified = page.headers.get("etag"), page.headers.get("last-modified")
    return RawPage(url, page.body, page.content_type, etag, modified)
