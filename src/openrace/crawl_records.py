"""The records of the crawl: feeds, their entries and states, pages as they came, rechecks."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple

from openrace.records import DateBasis, NonEmpty, Record, When, Zone

# What became of an entry. "known": its page is kept already; "old": published before the crawl began.
EntryStatus = Literal["kept", "known", "off topic", "old", "failed"]
BugKind = Literal["feed", "page", "recheck", "article"]


class Feed(Record):
    """One feed that is crawled, and the outlet it belongs to."""

    url: NonEmpty
    title: NonEmpty
    outlet: NonEmpty  # Outlet.domain
    country: str | None = None
    kind: str | None = None
    zone: Zone | None = None  # IANA name of the time zone it writes its hours in


class Entry(Record):
    """One entry of a feed as the feed tells it; `content` is HTML when the feed carries the full text."""

    feed_url: NonEmpty
    entry_id: NonEmpty  # unique within the feed: its guid or id, else its link
    url: str | None
    title: str | None = None
    authors: tuple[str, ...] = ()
    published: When | None = None
    published_zone: Zone | None = None  # where its hour was written: "+08:00", "UTC" or an IANA name
    published_basis: DateBasis | None = None
    published_written: str | None = None  # as the publisher wrote it
    updated: When | None = None
    summary: str | None = None
    content: str | None = None
    language: str | None = None
    transcript: str | None = None  # kind of the transcript at `url` (".vtt", …); None: a page is there
    recording: str | None = None  # of a transcript: where the episode can be heard
    people: tuple[str, ...] = ()  # who speaks in the episode, as the feed says


class FeedState(Record):
    """What the crawl knows of one feed from the nights before. Nights are days on which it was asked."""

    feed_url: NonEmpty  # as the list of feeds has it
    url: NonEmpty  # where it is asked for, since it moved or was found elsewhere
    etag: str | None = None
    modified: str | None = None  # the Last-Modified header, as the server wrote it
    checked: When | None = None
    succeeded: When | None = None
    due: When | None = None  # not asked again before
    failed_nights: int = 0  # in a row
    problem: str | None = None  # of the last failure; None since a success
    moved_to: str | None = None  # where it said last that it moved to for good
    moved_nights: int = 0  # in a row, to that same address
    gone_nights: int = 0  # in a row, answered 410
    retired: str | None = None  # why it is no longer asked


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


class StoredPage(NamedTuple):
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
