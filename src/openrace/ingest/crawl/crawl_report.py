"""The plan of a crawl, the events it reports, and its report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from openrace.crawl_records import Entry, Feed
from openrace.records import Article

Stage = Literal["feed", "page", "recheck"]


class Judgement(NamedTuple):
    """Whether a text is on the topic, and why, in one line."""

    relevant: bool
    reason: str


@dataclass(frozen=True)
class CrawlPlan:
    """What is crawled and how.

    `may_be_relevant` judges an entry by its title and summary, before any fetch; `under_its_outlet` gives an
    article the outlet, and with it the time zone, that is known of its address.
    """

    feeds: Sequence[Feed]
    may_be_relevant: Callable[[Entry], Judgement]
    judge: Callable[[Article], Judgement]
    now: Callable[[], datetime]
    under_its_outlet: Callable[[Article], Article] = lambda article: article
    domains_at_once: int = 8
    horizon: timedelta = timedelta(days=30)  # entries older than that when first seen are not fetched
    all_feeds: bool = False  # ask those that are not due too
    second_pass_after: float = 30.0  # seconds


class Event(NamedTuple):
    """What became of one feed or page. `outcome` is a word to count by."""

    what: Stage
    url: str
    outcome: str
    detail: str = ""
    new: int = 0  # entries that a feed brought
    failed: bool = False


@dataclass
class CrawlReport:
    """The events of one crawl."""

    events: list[Event] = field(default_factory=list)

    @property
    def failures(self) -> list[Event]:
        """What failed in the end, by feed or page."""
        return [event for event in self.events if event.failed]

    @property
    def new_entries(self) -> int:
        """Entries that the feeds brought and that were not known."""
        return sum(event.new for event in self.events)

    def count(self, stage: Stage) -> Counter[str]:
        """Return how many inputs of a stage had each outcome."""
        return Counter(event.outcome for event in self.events if event.what == stage)
