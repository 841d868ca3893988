"""What the crawl remembers, as it sees it: the store keeps it, the conductor joins the two.

Every call is one transaction, so that a crawl killed at any moment loses at most the request in flight.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, Protocol

from openrace.ingest.fetch.robots import RobotsShelf
from openrace.records import Article, Entry, FeedState

Fate = Literal["kept", "known", "off topic", "old", "failed"]


class RawPage(NamedTuple):
    """A page as it came, kept so that better extraction can run with no second fetch."""

    url: str  # where it was asked for
    body: bytes
    content_type: str | None
    etag: str | None
    modified: str | None


class Visit(NamedTuple):
    """A kept page that is due to be seen again."""

    url: str
    article_id: str
    etag: str | None
    modified: str | None


class Change(NamedTuple):
    """Whether a page's text has changed, and the claims whose quoted words it no longer has."""

    changed: bool
    gone: tuple[str, ...] = ()


class Ledger(RobotsShelf, Protocol):
    """The memory of the crawl."""

    def feed_state(self, feed_url: str) -> FeedState | None:
        """What is known of the feed."""

    def save_feed(self, state: FeedState, entries: Sequence[Entry] = ()) -> int:
        """Keep the state and those of `entries` that are new, as waiting; how many these were."""
        ...

    def waiting(self) -> list[Entry]:
        """The entries whose fate is not settled, those of longest standing first."""
        ...

    def article_at(self, url: str) -> str | None:
        """The id of the article kept from this address."""

    def settle(self, entry: Entry, fate: Fate, reason: str) -> None:
        """Note what became of the entry, and why; it is not looked at again."""

    def put_off(self, entry: Entry, problem: str) -> int:
        """Note that fetching failed, to be tried another night; how many nights it has failed on now."""
        ...

    def keep(self, entry: Entry, article: Article, page: RawPage | None) -> bool:
        """Keep the article that the entry led to, and its page; whether it was not there before."""
        ...

    def due_visits(self) -> list[Visit]:
        """The kept pages that are due to be seen again."""
        ...

    def page_before(self, visit: Visit, article: Article) -> RawPage | None:
        """The page as it was last seen, if it is kept and another text than `article`'s was read from it."""

    def save_visit(
        self, visit: Visit, article: Article | None, page: RawPage | None, problem: str | None = None
    ) -> Change:
        """Note a page that was seen again: its `article`, or None where it is unchanged or a `problem` kept
        it away. What has changed since it was last seen."""
        ...
