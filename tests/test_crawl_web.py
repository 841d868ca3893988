"""A web as it really is, over three nights: nothing lost, nothing wrong told, nothing settled for ever.

Each scenario is a site of its own; all are crawled together, on three days in a row.
"""

from __future__ import annotations

import gzip
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from loopback.site import Reply, Request, Route
from loopback.web import Web, rss, story
from openrace.pipeline.extract_claims import read_for_claims

TITLE = "Chinese open-source AI models lead"
QUOTE = "We are late, and we know it."
PAGES = tomllib.loads((Path(__file__).parent / "cases/ingest/walls.toml").read_text("utf-8"))
HTML = {"Content-Type": "text/html; charset=utf-8"}


DATE = "20 May 2025 10:00:00 GMT"
WRAPPED = "https://www.google.com/url?rct=j&amp;url=http://HOST/story&amp;ct=ga"
NO_LINK = f"<item><title>{TITLE}</title><link/><guid>http://HOST/story</guid></item>"
LATIN = {"Content-Type": "text/html; charset=iso-8859-1"}
MORE = "<p>More is expected on Friday.</p></article>"


class Scenario(NamedTuple):
    """`pages` are what /story answers on each night (the last again and again); `feed` likewise for /feed."""

    name: str
    pages: tuple[Reply, ...]
    feed: tuple[str, ...] = ()  # bodies; none: one entry that leads to /story
    kept: int = 1  # articles in the end
    changed: int = 0  # rechecks that told of another text
    gone: bool = False  # whether quoted words were told to be gone
    pending: int = 0  # entries that are to be tried again
    routes: tuple[tuple[str, Reply], ...] = ()


def html(text: str, **headers: str) -> Reply:
    return Reply(body=text.encode(), headers=HTML | headers)


def whole(**given: Any) -> Reply:
    return story(TITLE, **given)


def text_of(reply: Reply) -> str:
    return reply.body.decode()


def edited(old: str, new: str) -> Reply:
    page = text_of(whole())
    assert old in page
    return html(page.replace(old, new))


def cut() -> Reply:
    """The first paragraph and an offer, as behind a paywall."""
    page = text_of(whole())
    start, end = page.index("<p>“"), page.index("</article>")
    return html(f"{page[:start]}<p>Subscribe to continue reading.</p>{page[end:]}")


def item(
    path: str = "story", title: str = TITLE, date: str = "20 May 2025 10:00:00 GMT", more: str = ""
) -> str:
    return (
        f"<item><title>{title}</title><link>http://HOST/{path}</link><pubDate>{date}</pubDate>{more}</item>"
    )


def feed(*items: str) -> str:
    return f'<rss version="2.0"><channel><title>T</title>{"".join(items)}</channel></rss>'


def walls(name: str, wall: str) -> list[Scenario]:
    """The wall at the first visit, and at a later one."""
    return [
        Scenario(f"{name} at first", (html(wall), whole())),
        Scenario(f"{name} later", (whole(), html(wall), whole())),
        Scenario(f"{name} for good", (whole(), html(wall))),
    ]


STRUCK = edited(f"<p>“{QUOTE}”", "<p>“We are <del>not</del> late, and we know it.”")
SECTION = '<link rel="canonical" href="http://HOST/news/">'
SCENARIOS = [
    Scenario("plain", (whole(),)),
    *walls("consent", PAGES["consent"]),
    *walls("bot check", PAGES["bot_check"]),
    *walls("maintenance", PAGES["maintenance"]),
    *walls("soft 404", PAGES["not_found"]),
    *walls("login", PAGES["login"]),
    *walls("another page", PAGES["another"]),
    Scenario("server error at first", (Reply(503), whole())),
    Scenario("404 at first", (Reply(404), whole())),
    Scenario("paywall later", (whole(), cut(), whole())),
    Scenario("paywall for good", (whole(), cut())),
    Scenario("paragraph added", (whole(), edited("</article>", MORE)), changed=1),
    Scenario(
        "quotation withdrawn", (whole(), edited(QUOTE, "We have no comment at all.")), changed=1, gone=True
    ),
    Scenario("words struck out later", (whole(), edited("late", "<s>late</s> early")), changed=1, gone=True),
    Scenario("struck out at first", (STRUCK,)),
    Scenario("meta refresh", (html(PAGES["refresh"]),), routes=(("real", whole()),)),
    Scenario(
        "meta refresh to a wall",
        (html(PAGES["refresh"]),),
        kept=0,
        routes=(("real", html(PAGES["consent"])),),
    ),
    Scenario("gzip without a header", (Reply(body=gzip.compress(whole().body), headers=HTML),)),
    Scenario(
        "a gzip header without gzip", (Reply(body=whole().body, headers=HTML | {"Content-Encoding": "gzip"}),)
    ),
    Scenario(
        "a br header without br", (Reply(body=whole().body, headers=HTML | {"Content-Encoding": "br"}),)
    ),
    Scenario("UTF-8 called latin-1", (Reply(body=whole().body, headers=LATIN),)),
    Scenario("gzipped feed", (whole(),), feed=("gzip",)),
    Scenario("future date", (whole(),), feed=(feed(item(date="27 Oct 2028 10:00:00 GMT")),)),
    Scenario("slashed date", (whole(),), feed=(feed(item(date="2025/05/20 10:00")),)),
    Scenario("link without scheme", (whole(),), feed=(feed(item().replace("http://HOST/", "HOST/")),)),
    Scenario("empty link, permalink guid", (whole(),), feed=(feed(NO_LINK),)),
    Scenario("escaped twice", (whole(),), feed=(feed(item("story?a=1&amp;amp;b=2")),)),
    Scenario("bare ampersand", (whole(),), feed=(feed(item(title="R&D says: open-source AI from China")),)),
    Scenario("wrapped link", (whole(),), feed=(feed(item().replace("http://HOST/story", WRAPPED)),)),
    Scenario(
        "no feed on the second night",
        (whole(),),
        feed=(feed(item()), "<html><body>Not now</body></html>", feed(item())),
    ),
    Scenario("empty feed", (whole(),), feed=(feed(),), kept=0),
    Scenario("new entry on the third night", (whole(),), feed=(feed(), feed(), feed(item()))),
    Scenario("new id for an old page", (whole(),), feed=(feed(item()), feed(item(more="<guid>2</guid>")))),
    Scenario(
        "a section as canonical",
        (html(text_of(whole()).replace("<head>", f"<head>{SECTION}")),),
        feed=(feed(item(), item("other", title="America answers China with open weights")),),
        kept=2,
        routes=(("other", html(PAGES["other_story"].replace("<head>", f"<head>{SECTION}"))),),
    ),
    Scenario(
        "dateless, newest last",
        (whole(),),
        kept=1,
        feed=(
            feed(
                *(f"<item><title>Dogs {n}</title><link>http://HOST/{n}</link></item>" for n in range(1, 121)),
                f"<item><title>{TITLE}</title><link>http://HOST/story?n=121</link></item>",
            ),
        ),
    ),
]


def night_of(web: Web, start: Any) -> int:
    return (web.now - start).days


def by_night(web: Web, replies: tuple[Reply, ...]) -> Route:
    """Answers on each night with that night's reply."""
    start = web.now

    async def answer(request: Request) -> Reply:
        return replies[min(night_of(web, start), len(replies) - 1)]

    return answer


def host_of(number: int) -> str:
    return f"site{number}.example"


def serve(web: Web, scenario: Scenario, host: str) -> None:
    place = web.url(f"{host}/").removeprefix("http://").rstrip("/")

    def at_home(reply: Reply) -> Reply:
        return Reply(reply.status, reply.body.replace(b"HOST", place.encode()), reply.headers)

    web[f"{host}/story"] = by_night(web, tuple(map(at_home, scenario.pages)))
    for path, reply in scenario.routes:
        web[f"{host}/{path}"] = at_home(reply)
    plain = rss((f"http://{place}/story", TITLE))
    bodies = [
        Reply(body=gzip.compress(plain.body)) if body == "gzip" else Reply(body=body.encode())
        for body in scenario.feed
    ]
    web[f"{host}/feed"] = by_night(web, tuple(map(at_home, bodies or [plain])))


class Outcome(NamedTuple):
    web: Web
    outcomes: dict[str, list[str]]  # address → what its rechecks came to


@pytest.fixture(scope="module")
def crawled() -> Any:
    with Web({}) as web:
        for number, scenario in enumerate(SCENARIOS):
            serve(web, scenario, host_of(number))
        feeds = [f"{host_of(number)}/feed" for number in range(len(SCENARIOS))]
        outcomes: dict[str, list[str]] = {}
        for _ in range(3):
            report = web.crawl(*feeds, all_feeds=True).report
            for event in report.events:
                if event.what == "recheck":
                    outcomes.setdefault(event.url, []).append(event.outcome)
            read_for_claims(web.db, web.seeds, warn=print, watch=lambda items, _: iter(items))
            web.pass_days(1)
        yield Outcome(web, outcomes)


def test_there_are_enough_scenarios() -> None:
    assert len(SCENARIOS) >= 40
    assert len({scenario.name for scenario in SCENARIOS}) == len(SCENARIOS)


@pytest.mark.parametrize("number", range(len(SCENARIOS)), ids=[scenario.name for scenario in SCENARIOS])
def test_the_web_as_it_is(crawled: Outcome, number: int) -> None:
    web, scenario = crawled.web, SCENARIOS[number]
    host = host_of(number)
    here = f"LIKE '%//{host}:%'"
    articles = web.rows(f"SELECT id, text, published, published_basis FROM articles WHERE url {here}")
    entries = web.rows(f"SELECT url, status, reason FROM entries WHERE feed {here}")
    assert len(articles) == scenario.kept, entries
    assert sum(status is None for _, status, _ in entries) == scenario.pending
    outcomes = [o for url, each in crawled.outcomes.items() if f"//{host}:" in url for o in each]
    assert outcomes.count("changed") == scenario.changed
    revisions = "SELECT gone FROM revisions WHERE gone <> '[]' AND article IN"
    assert bool(web.rows(f"{revisions} (SELECT id FROM articles WHERE url {here})")) == scenario.gone
    for _, text, published, basis in articles:
        assert "not late" not in text
        assert "â€" not in text
        assert (published is None) == (basis == "doubtful" or basis is None)


def test_no_input_met_a_bug(crawled: Outcome) -> None:
    assert crawled.web.rows("SELECT * FROM bugs") == []
