"""Whole nights on loopback: what comes home, what is asked how often, and what becomes of trouble."""

from __future__ import annotations

import gzip

import pytest

from loopback.site import Reply, Request, Route
from loopback.web import OFF_TOPIC, Web, rss, story
from openrace.crawl_records import FeedState
from openrace.errors import StoreError
from openrace.pipeline.extract_claims import read_for_claims
from openrace.store import crawl_history, page_table


def a_web(**more: Route) -> Web:
    """A paper with two stories on the topic and one off it."""
    web = Web({})
    web["paper.example/one"] = story("Chinese open models lead")
    web["paper.example/two"] = story("America answers with open weights")
    web["paper.example/garden"] = OFF_TOPIC
    for place, route in more.items():
        web[place] = route
    return web


def serve_feed(web: Web, *names: str, **reply: object) -> None:
    titles = {
        "one": "Chinese open-source AI leads",
        "two": "America answers China with open-source AI",
        "garden": "AI in gardens",
    }
    items = [(web.url(f"paper.example/{name}"), titles.get(name, f"Open-source AI {name}")) for name in names]
    feed = rss(*items)
    web["paper.example/feed"] = Reply(body=feed.body, headers={"ETag": f'"{"-".join(names)}"'} | reply)


FEED = "paper.example/feed"


def kept(web: Web) -> list[str]:
    return [title for (title,) in web.rows("SELECT title FROM articles ORDER BY title")]


def state(web: Web) -> FeedState:
    found = crawl_history.get_feed(web.db, web.url(FEED))
    assert found is not None
    return found


# -- what comes home --------------------------------------------------------------------------------


def test_articles_on_the_topic_come_home_and_others_are_only_remembered() -> None:
    with a_web() as web:
        serve_feed(web, "one", "two", "garden")
        night = web.crawl(FEED)
        assert kept(web) == ["America answers with open weights", "Chinese open models lead"]
        assert night.report.count("page") == {"kept": 2, "off topic": 1}
        ((reason,),) = web.rows("SELECT reason FROM entries WHERE status = 'off topic'")
        assert "open-source-ai" in reason
        (article,) = web.rows("SELECT url, outlet, published, language FROM articles WHERE title LIKE 'C%'")
        assert article == (web.url("paper.example/one"), "paper.example", "2025-05-20T10:00:00Z", "en")


def test_a_headline_that_promises_nothing_costs_no_fetch() -> None:
    with a_web() as web:
        web[FEED] = rss((web.url("paper.example/dogs"), "Dogs to stay at home"))
        web.crawl(FEED)
        assert web.site.asked == ["/feed"]
        assert web.rows("SELECT status FROM entries") == [("off topic",)]


def test_a_promise_anywhere_in_the_feed_is_enough_for_a_fetch() -> None:
    teaser = "<content><![CDATA[<p>A talk on <b>open-source</b> AI models. Read more</p>]]></content>"
    with a_web() as web:
        feed = rss((web.url("paper.example/one"), "A talk")).body.decode()
        web[FEED] = Reply(body=feed.replace("</item>", f"{teaser}</item>").encode())
        web.crawl(FEED)
        assert kept(web) == ["Chinese open models lead"]


def test_full_text_in_the_feed_saves_the_fetch() -> None:
    page = story("Chinese open models lead").body.decode()
    text = page[page.index("<p>") : page.index("</article>")] * 3
    with a_web() as web:
        feed = rss((web.url("paper.example/one"), "Chinese open models lead")).body.decode()
        body = feed.replace("</item>", f"<content><![CDATA[{text}]]></content></item>")
        web[FEED] = Reply(body=body.encode())
        web.crawl(FEED)
        assert kept(web) == ["Chinese open models lead"]
        assert web.site.asked == ["/feed"]


def test_the_same_page_in_two_feeds_is_fetched_and_kept_once() -> None:
    with a_web() as web:
        link = web.url("paper.example/one")
        web[FEED] = rss((link + "?utm_source=rss", "Open-source AI in China"))
        web["other.example/feed"] = rss((link + "?utm_source=other", "Open-source AI in China"))
        night = web.crawl(FEED, "other.example/feed")
        assert web.site.count("/one") == 1
        assert night.report.count("page") == {"kept": 1, "known": 1}


def test_the_same_wire_story_in_two_outlets_is_two_articles_and_a_named_copy_says_so() -> None:
    with a_web() as web:
        original = web.url("wire.example/story")
        web["wire.example/story"] = story("Open weights for all")
        web["local.example/story"] = story(
            "Open weights for all", head=f'<link rel="canonical" href="{original}">'
        )
        for outlet in ("wire", "local"):
            web[f"{outlet}.example/feed"] = rss(
                (web.url(f"{outlet}.example/story"), "Open-source AI: open weights")
            )
        web.crawl("wire.example/feed", "local.example/feed")
        rows = dict(web.rows("SELECT outlet, note FROM articles"))
        assert rows == {
            "wire.example": None,
            "local.example": f"copy: the page names {original} as its original",
        }


def test_a_news_sitemap_index_is_a_feed_too_gzipped_or_not() -> None:
    with a_web() as web:
        page, below = web.url("paper.example/one"), web.url("paper.example/news.xml.gz")
        child = f"<urlset><url><loc>{page}</loc><lastmod>2025-05-20</lastmod></url></urlset>"
        index = f"<sitemapindex><sitemap><loc>{below}</loc></sitemap></sitemapindex>"
        web["paper.example/news.xml.gz"] = Reply(body=gzip.compress(child.encode()))
        web["paper.example/sitemap.xml"] = Reply(body=index.encode())
        web["paper.example/one"] = story("Chinese open models lead")
        web.crawl("paper.example/sitemap.xml")
        # the address /one says nothing of the topic: remembered, not fetched
        assert web.rows("SELECT url, status FROM entries") == [(web.url("paper.example/one"), "off topic")]


def test_old_entries_of_a_first_night_are_not_fetched() -> None:
    with a_web() as web:
        body = rss((web.url("paper.example/one"), "Open-source AI")).body.replace(b"May 2025", b"May 2024")
        web[FEED] = Reply(body=body)
        web.crawl(FEED)
        assert web.rows("SELECT status FROM entries") == [("old",)]
        assert web.site.asked == ["/feed"]


def test_ten_thousand_entries_come_in_and_only_their_promising_pages_are_asked_for() -> None:
    with a_web() as web:
        items = [(web.url(f"paper.example/{n}"), f"Story {n}") for n in range(9_999)]
        web[FEED] = rss(*items, (web.url("paper.example/one"), "Open-source AI"))
        night = web.crawl(FEED)
        assert night.report.new_entries == 10_000
        assert web.site.asked == ["/feed", "/one"]


# -- the next night ---------------------------------------------------------------------------------


def test_an_unchanged_feed_costs_one_conditional_request() -> None:
    async def unless_known(request: Request) -> Reply:
        if request.headers.get("if-none-match") in ('"1"', '"2"'):
            return Reply(304, headers={"ETag": '"2"'})
        return Reply(
            body=rss().body, headers={"ETag": '"1"', "Last-Modified": "Mon, 19 May 2025 10:00:00 GMT"}
        )

    with a_web() as web:
        web[FEED] = unless_known
        web.crawl(FEED)
        web.pass_days(1)
        night = web.crawl(FEED)
        assert night.report.count("feed") == {"unchanged": 1}
        last = web.site.requests[-1]
        assert last.headers["if-none-match"] == '"1"'
        assert last.headers["if-modified-since"] == "Mon, 19 May 2025 10:00:00 GMT"
        assert state(web).etag == '"2"'  # kept even from a 304
        assert state(web).modified == "Mon, 19 May 2025 10:00:00 GMT"


def test_a_feed_is_not_asked_again_before_it_is_due() -> None:
    with a_web() as web:
        serve_feed(web, "one")
        web.crawl(FEED)
        web.pass_days(0.01)
        assert web.crawl(FEED).report.events == []
        web.crawl(FEED, all_feeds=True)
        assert web.site.count("/feed") == 2


def test_only_what_is_new_is_fetched_even_if_ids_change() -> None:
    with a_web() as web:
        serve_feed(web, "one")
        web.crawl(FEED)
        web.pass_days(0.8)  # no page is due to be seen again yet
        serve_feed(web, "one", "two")
        changed = web.site.routes[FEED].body.replace(
            b"</title><link>", b"</title><guid>new id</guid><link>", 1
        )
        web[FEED] = Reply(body=changed)
        assert web.crawl(FEED, all_feeds=True).report.new_entries == 1
        assert (web.site.count("/one"), web.site.count("/two")) == (1, 1)


def test_robots_txt_is_believed_for_a_day() -> None:
    with a_web() as web:
        serve_feed(web, "one")
        web.crawl(FEED)
        web.pass_days(0.5)
        web.crawl(FEED, all_feeds=True)
        assert web.site.count("/robots.txt") == 1
        web.pass_days(0.6)
        web.crawl(FEED, all_feeds=True)
        assert web.site.count("/robots.txt") == 2


# -- robots.txt -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("robots", "outcome"),
    [
        (Reply(404), "new entries"),
        (Reply(403), "new entries"),
        (Reply(body=b"User-agent: *\nDisallow: /private"), "new entries"),
        (Reply(body=b"User-agent: openrace\nAllow: /feed\nUser-agent: *\nDisallow: /"), "new entries"),
        (Reply(body=b"User-agent: *\nDisallow: /feed"), "failed (soft)"),
        (Reply(body=b"User-agent: openrace\nDisallow: /"), "failed (soft)"),
        (Reply(500), "failed (temporary)"),
        (Reply(503), "failed (temporary)"),
        (Reply(429), "failed (temporary)"),
        (Reply(301, headers={"Location": "/elsewhere.txt"}), "failed (soft)"),
        (Reply(body=b"\x00\xff" * 999), "new entries"),
        (Reply(body=b"User-agent: *\nAllow: /\n" + b"# words\n" * 200_000), "new entries"),
    ],
)
def test_robots_txt_of_each_kind_is_obeyed(robots: Reply, outcome: str) -> None:
    with a_web() as web:
        serve_feed(web, "one")
        web["paper.example/robots.txt"] = robots
        web["paper.example/elsewhere.txt"] = Reply(body=b"User-agent: *\nDisallow: /")
        assert web.crawl(FEED).report.count("feed") == {outcome: 1}
        assert web.site.count("/feed") == (1 if outcome == "new entries" else 0)


def test_a_page_behind_a_redirect_is_under_its_own_robots_txt() -> None:
    with a_web() as web:
        serve_feed(web, "one")
        web["paper.example/one"] = Reply(302, headers={"Location": web.url("closed.example/one")})
        web["closed.example/robots.txt"] = Reply(body=b"User-agent: *\nDisallow: /")
        web.crawl(FEED)
        assert kept(web) == []
        assert web.site.count("/one") == 1  # the redirect itself, not its target


# -- trouble ----------------------------------------------------------------------------------------


def test_what_fails_for_a_moment_is_asked_once_more_at_the_end() -> None:
    with a_web() as web:
        serve_feed(web, "one")
        good = web.site.routes[FEED]
        web[FEED] = [Reply(503), good]
        web["paper.example/one"] = [Reply(500), story("Chinese open models lead")]
        night = web.crawl(FEED)
        assert night.report.failures == []
        assert kept(web) == ["Chinese open models lead"]


def test_one_bad_feed_costs_the_others_nothing() -> None:
    with a_web() as web:
        serve_feed(web, "one")
        web["bad.example/feed"] = Reply(body=b"<html><body>Hello</body></html>")
        web["gone.example/feed"] = Reply(404)
        web["slow.example/feed"] = Reply(500)
        night = web.crawl("bad.example/feed", FEED, "gone.example/feed", "slow.example/feed")
        assert kept(web) == ["Chinese open models lead"]
        told = {event.detail.partition(": ")[2] for event in night.report.failures}
        assert told == {"is a web page, not a feed", "answered 404", "answered 500"}


def test_a_page_that_fails_is_tried_on_three_nights_and_then_given_up() -> None:
    with a_web() as web:
        serve_feed(web, "one")
        web["paper.example/one"] = Reply(500)
        for outcome in ("put off", "put off", "failed"):
            assert web.crawl(FEED).report.count("page") == {outcome: 1}
            web.pass_days(1)
        assert web.crawl(FEED).report.count("page") == {}


def test_a_page_that_fails_tonight_comes_home_tomorrow() -> None:
    with a_web() as web:
        serve_feed(web, "one")
        web["paper.example/one"] = Reply(404)
        web.crawl(FEED)
        web.pass_days(1)
        web["paper.example/one"] = story("Chinese open models lead")
        web.crawl(FEED)
        assert kept(web) == ["Chinese open models lead"]


def test_a_domain_that_fails_again_and_again_is_not_asked_again_tonight() -> None:
    with a_web() as web:
        serve_feed(web, *(f"page-{n}" for n in range(20)))
        for n in range(20):
            web[f"paper.example/page-{n}"] = Reply(503)
        night = web.crawl(FEED)
        assert len([path for path in web.site.asked if path.startswith("/page-")]) <= 6  # three a pass
        assert night.report.count("page")["not asked"] > 10
        web.pass_days(1)
        assert web.rows("SELECT max(nights) FROM entries WHERE status IS NULL") == [(1,)]


def test_a_feed_that_asks_for_rest_gets_it() -> None:
    with a_web() as web:
        web[FEED] = Reply(429, headers={"Retry-After": "172800"})
        web.crawl(FEED)
        assert web.site.count("/feed") == 1  # no second pass within the two days
        web.pass_days(1)
        web.crawl(FEED)
        assert web.site.count("/feed") == 1
        web.pass_days(1.1)
        web.crawl(FEED)
        assert web.site.count("/feed") == 2


def test_a_403_disables_nothing() -> None:
    with a_web() as web:
        web[FEED] = Reply(403)
        for _ in range(20):
            web.crawl(FEED)
            web.pass_days(1)
        assert state(web).retired is None
        serve_feed(web, "one")
        web.pass_days(3)
        web.crawl(FEED)
        assert kept(web) == ["Chinese open models lead"]
        assert (state(web).problem, state(web).failed_nights) == (None, 0)


def test_a_feed_that_is_gone_on_two_nights_is_retired() -> None:
    with a_web() as web:
        web[FEED] = Reply(410)
        web.crawl(FEED)
        web.crawl(FEED, all_feeds=True)  # the same night says nothing new
        assert state(web).retired is None
        web.pass_days(1)
        assert web.crawl(FEED).report.count("feed") == {"retired": 1}
        web.pass_days(9)
        asked = len(web.site.asked)
        assert web.crawl(FEED, all_feeds=True).report.events == []
        assert len(web.site.asked) == asked


def test_an_address_changes_only_after_three_nights_of_the_same_move() -> None:
    with a_web() as web:
        web["paper.example/new"] = rss()
        web[FEED] = Reply(301, headers={"Location": "/new"})
        for nights in (1, 2):
            web.crawl(FEED, all_feeds=True)
            web.crawl(FEED, all_feeds=True)  # twice in a night is one night
            assert (state(web).url, state(web).moved_nights) == (web.url(FEED), nights)
            web.pass_days(1)
        web.crawl(FEED, all_feeds=True)
        assert state(web).url == web.url("paper.example/new")
        web.pass_days(1)
        web.crawl(FEED, all_feeds=True)
        assert web.site.asked[-1] == "/new"


def test_a_temporary_redirect_never_changes_the_address() -> None:
    with a_web() as web:
        web["paper.example/new"] = rss()
        web[FEED] = Reply(302, headers={"Location": "/new"})
        for _ in range(5):
            web.crawl(FEED, all_feeds=True)
            web.pass_days(1)
        assert state(web).url == web.url(FEED)


def test_a_dead_feed_is_looked_up_on_its_site() -> None:
    with a_web() as web:
        home = b'<html><head><link rel="alternate" type="application/rss+xml" href="/fresh"></head></html>'
        web["paper.example/"] = Reply(body=home)
        web["paper.example/fresh"] = rss((web.url("paper.example/one"), "Open-source AI in China"))
        web[FEED] = Reply(404)
        for _ in range(3):
            night = web.crawl(FEED)
            web.pass_days(1)
        assert night.report.count("feed") == {"found elsewhere": 1}
        web.crawl(FEED)
        assert kept(web) == ["Chinese open models lead"]


def test_a_full_disk_ends_the_night_and_harms_nothing() -> None:
    with a_web() as web:
        serve_feed(web, "one")
        web.crawl(FEED)
        ((pages,),) = web.rows("PRAGMA page_count")
        web.db.execute(f"PRAGMA max_page_count = {pages}")
        web.pass_days(1)
        items = [(web.url(f"paper.example/{n}"), f"Open-source AI in China, part {n}") for n in range(999)]
        web[FEED] = rss(*items)
        with pytest.raises(StoreError, match="full"):
            web.crawl(FEED)
        assert kept(web) == ["Chinese open models lead"]
        web.db.execute("PRAGMA max_page_count = 1000000")
        assert web.crawl(FEED, all_feeds=True).report.new_entries == 999


def test_a_page_on_a_private_address_is_given_up_at_once() -> None:
    with a_web() as web:
        web[FEED] = rss(("http://169.254.169.254/open-source-ai", "Open-source AI in China"))

        async def as_told(host: str, port: int) -> list[str]:
            return [host] if host[0].isdigit() else ["127.0.0.1"]

        night = web.crawl(FEED, resolve=as_told)
        (failure,) = night.report.failures
        assert "not on the public internet" in failure.detail
        assert web.rows("SELECT status FROM entries") == [("failed",)]


@pytest.mark.parametrize(
    ("target", "says"),
    [("consent.example/ask?then=one", "asks for consent"), ("paper.example/", "is the front page")],
)
def test_what_a_redirect_leads_to_instead_of_the_article_is_not_taken_for_it(target: str, says: str) -> None:
    with a_web() as web:
        serve_feed(web, "one")
        web["paper.example/one"] = Reply(302, headers={"Location": web.url(target)})
        web[target.partition("?")[0]] = story("Chinese open models, and more of our stories")
        (failure,) = web.crawl(FEED).report.failures
        assert says in failure.detail
        assert kept(web) == []


def test_two_addresses_of_one_article_are_one() -> None:
    with a_web() as web:
        for name in ("one", "two"):
            head = f'<link rel="canonical" href="{web.url("paper.example/both")}">'
            web[f"paper.example/{name}"] = story("Chinese open models lead", head=head)
        serve_feed(web, "one", "two")
        assert web.crawl(FEED).report.count("page") == {"kept": 1, "known": 1}
        assert web.rows("SELECT url FROM articles") == [(web.url("paper.example/both"),)]


# -- seen again -------------------------------------------------------------------------------------


def test_a_page_is_seen_again_and_a_changed_text_is_a_revision() -> None:
    with a_web() as web:
        serve_feed(web, "one")
        web.crawl(FEED)
        ((article_id,),) = web.rows("SELECT id FROM articles")
        web.pass_days(1)
        assert web.crawl(FEED).report.count("recheck") == {"unchanged": 1}
        web["paper.example/one"] = story("Chinese open models lead", quote="We were never late.")
        web.pass_days(2)
        assert web.crawl(FEED).report.count("recheck") == {"changed": 1}
        ((text,),) = web.rows(f"SELECT text FROM revisions WHERE article = '{article_id}'")
        assert page_table.iter_gone(web.db) == []  # nobody has read it for claims yet
        assert "“We were never late.”" in text
        ((first,),) = web.rows("SELECT text FROM articles")
        assert "“We are late, and we know it.”" in first
        for days in (4, 23, 60):
            web.pass_days(days)
            web.crawl(FEED)
        assert web.site.count("/one") == 5  # the first time, and after 1, 3, 7 and 30 days


def test_what_an_older_openrace_read_otherwise_is_no_change_of_the_page() -> None:
    with a_web() as web:
        serve_feed(web, "one")
        web.crawl(FEED)
        web.db.execute("UPDATE pages SET words = 'of a text that an older reader made of it'")
        web.pass_days(1)
        assert web.crawl(FEED).report.count("recheck") == {"unchanged": 1}
        web["paper.example/one"] = story("Chinese open models lead", quote="We were never late.")
        web.pass_days(2)
        assert web.crawl(FEED).report.count("recheck") == {"changed": 1}


def test_a_quotation_that_is_taken_out_is_told() -> None:
    with a_web() as web:
        serve_feed(web, "one")
        web.crawl(FEED)
        read_for_claims(web.db, web.seeds, warn=print, watch=lambda items, _: iter(items))
        ((claim, text),) = web.rows("SELECT id, text FROM claims WHERE kind = 'direct'")
        assert text == "We are late, and we know it."
        web["paper.example/one"] = story("Chinese open models lead", quote="We were never late.")
        web.pass_days(1)
        (event,) = [e for e in web.crawl(FEED).report.events if e.what == "recheck"]
        assert event.detail == f"quoted words are gone: {claim}"
        ((_, _, gone),) = page_table.iter_gone(web.db)
        assert gone == (claim,)


def test_the_page_as_it_came_is_kept_for_its_time() -> None:
    with a_web() as web:
        serve_feed(web, "one")
        web.crawl(FEED)
        ((article_id,),) = web.rows("SELECT id FROM articles")
        page = page_table.get_page(web.db, web.url("paper.example/one"))
        assert page is not None
        assert (page.article, page.body) == (article_id, story("Chinese open models lead").body)
        assert page.content_type == "text/html; charset=utf-8"
        web.pass_days(page_table.KEEP_DAYS + 1)
        web["paper.example/one"] = Reply(404)
        web.crawl(FEED)
        assert page_table.get_page(web.db, web.url("paper.example/one")) is None
        assert kept(web) == ["Chinese open models lead"]
