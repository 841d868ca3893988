"""What the rounds of a night share: what they work with, and that a bug costs one input alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from typing import TypeVar

from openrace.crawl_records import Feed
from openrace.errors import OpenraceError
from openrace.ingest.crawl.crawl_report import CrawlPlan, Event, Stage
from openrace.ingest.crawl.crawl_store import CrawlStore
from openrace.ingest.fetch.crawl_fetcher import CrawlFetcher, DeferredError, OfflineError
from openrace.ingest.worker_pool import ParserBugError, WorkerPool

T = TypeVar("T")
OFFLINE = "no host name can be resolved (DNS): is this machine online?"
# What is no bug of one input: what openrace raises on purpose, and what stops the whole night.
_NO_BUGS = (OpenraceError, DeferredError, OfflineError, sqlite3.Error, OSError, MemoryError)


class CrawlRound:
    """Base of the rounds: a plan to work through, with a store, the web and parsers; events go to `tell`."""

    def __init__(
        self,
        plan: CrawlPlan,
        store: CrawlStore,
        web: CrawlFetcher,
        workers: WorkerPool,
        tell: Callable[[Event], None],
    ) -> None:
        self._plan, self._store, self._web, self._workers, self._tell = plan, store, web, workers, tell
        self._feeds: dict[str, Feed] = {feed.url: feed for feed in plan.feeds}

    async def _guarded(self, stage: Stage, resource: str, work: Awaitable[T]) -> T | None:
        """Return the result of `work`; None where it met a bug, which is noted and costs this input alone."""
        bug: Exception
        try:
            return await work
        except ParserBugError as error:
            problem, bug = str(error), error
        except _NO_BUGS:
            raise
        except Exception as error:
            problem, bug = f"{resource}: met a bug in openrace: {type(error).__name__}: {error}", error
        self._store.note_bug(stage, resource, bug)
        self._tell(Event(stage, resource, "bug", problem, failed=True))
        return None
