"""The crawl's parts on their own: turns, polling, killable workers, discovery, articles whole in a feed."""

from __future__ import annotations

import asyncio
import itertools
import os
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopback.site import Reply, Site
from openrace.crawl_records import Entry
from openrace.errors import InputError
from openrace.ingest.crawl.polling import (
    LONGEST,
    SHORTEST,
    after_failure,
    after_success,
    first_state,
    is_due,
    polling_interval,
)
from openrace.ingest.fetch.fetcher import FailureKind, Fetcher, FetchError, Hop, Response
from openrace.ingest.fetch.rate_limiter import Pace, RateLimiter
from openrace.ingest.fetch.robots import Robots, RobotsTxt
from openrace.ingest.parse.feed_discovery import discover_feeds
from openrace.ingest.parse.full_text_entries import full_text_article, markup_paragraphs
from openrace.ingest.worker_pool import WorkerPool
from openrace.records import normalise_when

NOW = datetime(2025, 5, 20, 22, tzinfo=UTC)
URL = "https://paper.example/feed"


# -- turns ------------------------------------------------------------------------------------------


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


def turns(*steps: tuple[str, float, float], pace: Pace | None = None) -> list[float]:
    """When each turn of (url, crawl-delay, seconds that the answer took) started."""

    async def run() -> list[float]:
        clock = Clock()
        limiter = RateLimiter(pace or Pace(factor=5, least=1, most=30, most_asked=120), clock, clock.sleep)
        started = []
        for url, asked, took in steps:
            await limiter.turn(url, asked)
            started.append(clock.now)
            clock.now += took
            limiter.answered(url, took)
        return started

    return asyncio.run(run())


def test_a_quick_server_is_asked_once_a_second() -> None:
    assert turns((URL, 0, 0.1), (URL, 0, 0.1), (URL, 0, 0)) == [0, 1.1, 2.2]


def test_a_slow_server_is_given_five_times_its_own_time_within_bounds() -> None:
    assert turns((URL, 0, 2), (URL, 0, 20), (URL, 0, 0)) == [0, 12, 62]


def test_a_crawl_delay_is_kept_up_to_two_minutes() -> None:
    assert turns((URL, 10, 0), (URL, 10, 0), (URL, 9999, 0), (URL, 0, 0)) == [0, 10, 20, 140]


def test_hosts_of_one_domain_share_a_queue_and_other_domains_have_their_own() -> None:
    assert turns(
        ("https://a.paper.example/", 0, 0),
        ("https://b.paper.example/", 0, 0),
        ("https://wire.example/", 0, 0),
    ) == [0, 1, 1]


def test_a_domain_that_is_held_waits() -> None:
    async def run() -> float:
        clock = Clock()
        limiter = RateLimiter(Pace(), clock, clock.sleep)
        limiter.hold(URL, 60)
        await limiter.turn(URL)
        return clock.now

    assert asyncio.run(run()) == 60


@given(st.lists(st.tuples(st.sampled_from([URL, "https://wire.example/"]), st.floats(0, 9), st.floats(0, 9))))
def test_no_domain_is_ever_asked_twice_within_the_least_delay(steps: list[tuple[str, float, float]]) -> None:
    started = turns(*steps)
    for domain in (URL, "https://wire.example/"):
        own = [at for (url, _, _), at in zip(steps, started, strict=True) if url == domain]
        assert all(later - earlier >= 1 - 1e-9 for earlier, later in itertools.pairwise(own))


# -- robots.txt -------------------------------------------------------------------------------------


class Shelf:
    """robots.txt kept in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, RobotsTxt] = {}

    def get_robots(self, origin: str) -> RobotsTxt | None:
        return self.kept.get(origin)

    def put_robots(self, robots: RobotsTxt) -> None:
        self.kept[robots.origin] = robots


def test_the_crawl_delay_of_our_own_group_is_heard() -> None:
    text = b"User-agent: *\nCrawl-delay: 1\n\nUser-agent: openrace\nCrawl-delay: 7.5\n"

    async def run() -> tuple[float, float]:
        async with Site({"/robots.txt": Reply(body=text)}) as site, Site({}) as other:
            fetcher = Fetcher(agent="test", now=lambda: NOW, allowed=[ip_network("127.0.0.0/8")])
            async with fetcher:
                robots = Robots(fetcher, Shelf(), lambda: NOW)
                return await robots.crawl_delay(site.url("/a")), await robots.crawl_delay(other.url("/a"))

    assert asyncio.run(run()) == (7.5, 0.0)


# -- polling ----------------------------------------------------------------------------------------


def every(hours: float, number: int = 20) -> list[str]:
    return [normalise_when(NOW - timedelta(hours=hours * n)) for n in range(number)]


@pytest.mark.parametrize(
    ("dates", "ttl", "headers", "hours"),
    [
        (every(4), None, {}, 2),  # half the usual time between entries
        (every(0.1), None, {}, 1),  # no more than hourly
        (every(48), None, {}, 20),  # a night, less the slack for a run that starts earlier
        (every(24 * 30), None, {}, 68),  # three nights at the most
        ([], None, {}, 20),  # nothing is known: every night
        (every(4), 180, {}, 3),  # the feed asks for more
        (every(4), None, {"cache-control": "public, max-age=14400"}, 4),  # so does the server
        (every(4), 99_999, {}, 20),  # no feed silences itself for more than a day
    ],
)
def test_a_feed_is_polled_as_often_as_it_publishes(
    dates: list[str], ttl: int | None, headers: dict[str, str], hours: float
) -> None:
    assert polling_interval(dates, ttl, headers) == timedelta(hours=hours)


@given(
    st.lists(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)).map(normalise_when)),
    st.none() | st.integers(-10, 10**9),
    st.sampled_from([{}, {"cache-control": "max-age=99999999"}, {"cache-control": "no-store"}]),
)
def test_polling_is_always_within_bounds(dates: list[str], ttl: int | None, headers: dict[str, str]) -> None:
    assert SHORTEST <= polling_interval(dates, ttl, headers) <= LONGEST


Answer = tuple[str, Any]
ANSWERS = st.one_of(
    st.tuples(st.just("page"), st.sampled_from([None, "https://a.example/", "https://b.example/"])),
    st.tuples(
        st.just("failure"),
        st.sampled_from([("temporary", 500), ("soft", 403), ("hard", 410), ("soft", None)]),
    ),
)


@given(st.lists(st.tuples(ANSWERS, st.floats(0.01, 3)), max_size=30))
def test_whatever_the_answers_a_feed_stays_alive_unless_it_was_gone_on_two_nights(
    history: list[tuple[Answer, float]],
) -> None:
    state, now = first_state(URL), NOW
    gone: list[str] = []
    moves: list[tuple[str | None, str]] = []
    for (what, detail), days in history:
        if state.retired:
            break
        now += timedelta(days=days)
        if what == "page":
            hops = (Hop(detail, True),) if detail else ()
            state = after_success(
                state, Response(detail or state.url, 200, {}, b"", hops), timedelta(hours=20), now
            )
            gone, moves = [], [*moves, (detail, normalise_when(now)[:10])]
        else:
            kind, status = detail
            state = after_failure(state, FetchError(URL, "x", kind, status=status), now)
            gone = [*gone, normalise_when(now)[:10]] if status == 410 else []
        assert state.due is not None
        assert state.retired or is_due(state, now + LONGEST)
    assert bool(state.retired) == (len(set(gone)) >= 2)
    if state.url != URL:
        assert len({day for target, day in moves if target == state.url}) >= 3


@pytest.mark.parametrize(("kind", "hours"), [("temporary", 2), ("soft", 20), ("hard", 20)])
def test_a_failed_feed_is_asked_again_soon(kind: FailureKind, hours: int) -> None:
    state = after_failure(first_state(URL), FetchError(URL, "x", kind), NOW)
    assert state.due == normalise_when(NOW + timedelta(hours=hours))


# -- workers ----------------------------------------------------------------------------------------


def hang(_: str) -> str:
    time.sleep(3600)
    return "never"


def crash(_: str) -> str:
    os._exit(1)


def stumble(_: str) -> str:
    raise RecursionError("too deep")


def refuse(_: str) -> str:
    raise InputError("x", "is no page")


def pid(_: str) -> int:
    return os.getpid()


def test_a_worker_that_hangs_is_killed_and_the_next_task_is_done() -> None:
    async def run() -> list[object]:
        results: list[object] = []
        async with WorkerPool(number=1, seconds=3, start_seconds=60) as workers:
            results.append(await workers.run("first", pid, ""))
            for task in (hang, crash, stumble, refuse, pid):
                try:
                    results.append(await workers.run("https://a.example/", task, ""))
                except InputError as error:
                    results.append(str(error))
        return results

    first, hung, crashed, stumbled, refused, last = asyncio.run(run())
    assert hung == "https://a.example/: took longer than 3 s to parse"
    assert crashed == "https://a.example/: crashed the parser"
    assert stumbled == "https://a.example/: cannot be parsed: RecursionError: too deep"
    assert refused == "https://a.example/: is no page"
    assert isinstance(first, int)
    assert isinstance(last, int)
    assert len({first, last, os.getpid()}) == 3  # a new process after those that were lost


# -- discovery --------------------------------------------------------------------------------------


def test_a_page_names_its_feeds_the_main_one_first() -> None:
    page = b"""<html><head>
    <link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed">
    <LINK REL="Alternate" TYPE="application/atom+xml; charset=utf-8" HREF="feed.atom">
    <link rel="alternate" type="application/feed+json" href="//cdn.paper.example/feed.json">
    <link rel="alternate" hreflang="de" href="/de"><link rel="stylesheet" href="/feed.css">
    <link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">
    </head></html>"""
    assert discover_feeds(page, "https://paper.example/news/") == [
        "https://paper.example/news/feed.atom",
        "https://cdn.paper.example/feed.json",
        "https://paper.example/comments/feed",
    ]


def test_what_is_no_page_names_no_feed() -> None:
    assert discover_feeds(b"%PDF-1.7", "https://paper.example/") == []


# -- articles whole in a feed -----------------------------------------------------------------------

LONG = "The minister said on Monday that open models “will be everywhere”, and nobody in the hall answered. "


def an_entry(content: str | None) -> Entry:
    return Entry(feed_url=URL, entry_id="1", url="https://paper.example/1", title="A title", content=content)


def test_blocks_are_paragraphs_and_marks_stay() -> None:
    markup = (
        "<p>“One <b>and</b>\n one,” she said.<br>Two.</p><ul><li>three<li>four</ul>"
        "five<script>no()</script><!-- x -->."
    )
    assert markup_paragraphs(markup) == ["“One and one,” she said.", "Two.", "three", "four", "five."]


def test_a_whole_text_is_an_article_under_its_headline() -> None:
    article = full_text_article(an_entry(f"<p>{LONG * 9}</p><p>{LONG * 9}</p>"))
    assert article is not None
    title, first, second = article.text.split("\n\n")
    assert (title, first) == ("A title", second)


@pytest.mark.parametrize(
    "content",
    [
        None,
        "",
        "<p>Short.</p>",
        f"<p>{LONG * 20} …</p>",
        f"<p>{LONG * 20}</p><p>[…]</p>",
        f"<p>{LONG * 20}</p><a>Read more</a>",
    ],
)
def test_a_teaser_is_none(content: str | None) -> None:
    assert full_text_article(an_entry(content)) is None


@given(st.text(alphabet="<>/pbr &;“”abc\x00\n", max_size=200))
def test_any_markup_has_paragraphs_or_none(markup: str) -> None:
    assert all(text and "\n" not in text for text in markup_paragraphs(markup))
