"""What the crawl asks of whatever remembers for it: `openrace.store.crawl_tables.SqliteCrawlStore` does.

Every call is one transaction, so that a crawl killed at any moment loses at most the request in flight.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from openrace.crawl_records import BugKind, Entry, EntryStatus, FeedState, FetchedPage, PageChange, Recheck
from openrace.ingest.fetch.robots import RobotsStore
from openrace.records import Article


class CrawlStore(RobotsStore, Protocol):
    """The memory of the crawl."""

    def feed_state(self, feed_url: str) -> FeedState | None:
        """Return what is known of the feed."""

    def save_feed(
        self, state: FeedState, entries: Sequence[Entry] = (), *, old: frozenset[str] = frozenset()
    ) -> int:
        """Keep the state and the entries that are new, as pending (ids in `old`: as old); count these."""
        ...

    def pending_entries(self) -> list[Entry]:
        """Return the entries without a status, longest pending first; not those that met a bug of this
        version."""
        ...

    def article_at(self, url: str) -> str | None:
        """Return the id of the article that is kept from this address."""

    def article(self, article_id: str) -> Article | None:
        """Return the article with this id."""

    def set_status(self, entry: Entry, status: EntryStatus, reason: str) -> None:
        """Note what became of the entry, and why; it is not looked at again."""

    def postpone(self, entry: Entry, problem: str) -> int:
        """Note that fetching failed, to be tried another night; return on how many nights it has failed."""
        ...

    def keep(self, entry: Entry, article: Article, page: FetchedPage | None) -> bool:
        """Keep the article that the entry led to, and its page; return whether it was not there before."""
        ...

    def due_rechecks(self) -> list[Recheck]:
        """Return the kept pages that are due to be fetched again."""
        ...

    def last_text(self, recheck: Recheck) -> str:
        """Return the text that the page had when it was last seen."""
        ...

    def page_before(self, recheck: Recheck, article: Article) -> FetchedPage | None:
        """Return the page as it was last seen, if it is kept and another text than `article`'s was read from
        it."""

    def save_recheck(self, recheck: Recheck, article: Article | None, page: FetchedPage | None) -> PageChange:
        """Note a page that was seen again, its `article` None where it is unchanged; return what changed."""
        ...

    def save_failed_recheck(self, recheck: Recheck, problem: str) -> None:
        """Note that the article was not seen on its page; it is tried again the next night."""

    def note_bug(self, kind: BugKind, resource: str, error: Exception) -> None:
        """Keep what an error in openrace did not let in, for `doctor` and for the next version."""
