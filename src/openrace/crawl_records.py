"""What the crawl hands to the store and gets back: statuses of entries, pages as they came, rechecks."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple

# What became of an entry. "known": its page is kept already; "old": published before the crawl began.
EntryStatus = Literal["kept", "known", "off topic", "old", "failed"]
BugKind = Literal["feed", "page", "recheck", "article"]


class FetchedPage(NamedTuple):
    """A page as it came, kept so that better extraction can run with no second fetch."""

    url: str  # where it was asked for
    body: bytes
    content_type: str | None
    etag: str | None
    modified: str | None  # its Last-Modified


class Recheck(NamedTuple):
    """A kept page that is due to be fetched again."""

    url: str
    article_id: str
    etag: str | None
    modified: str | None


class PageChange(NamedTuple):
    """Whether a page's text has changed, and the claims whose quoted words it no longer has."""

    changed: bool
    gone: tuple[str, ...] = ()


class EntryOutcome(NamedTuple):
    """What became of one entry; `status` None: it is pending."""

    feed: str
    title: str | None
    seen: str
    status: str | None
    reason: str | None


class KeptPage(NamedTuple):
    """A page as it last came; `words` is a digest of the text that was read from it then."""

    url: str
    article: str
    fetched: str
    content_type: str | None
    body: bytes
    words: str


class RobotsTxt(NamedTuple):
    """What the robots.txt of one origin said."""

    origin: str  # scheme, host and port
    fetched: datetime
    status: int
    text: str

    @property
    def withheld(self) -> bool:
        """Whether the server failed to give it: then nothing may be fetched until it does."""
        return self.status >= 500 or self.status == 429


class Bug(NamedTuple):
    """An input that an error in openrace kept out, to be tried again by the next version."""

    kind: BugKind
    resource: str  # its address, or the id of an article
    error: str  # type and message
    version: str  # of openrace
    seen: str  # instant
