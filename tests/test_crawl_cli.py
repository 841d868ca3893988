"""openrace crawl and openrace feeds, run as a person runs them, in processes of their own."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import openrace
from loopback.site import Reply, Request
from loopback.web import Web, rss, story

HERE = "127.0.0.1"
ALLOW = ("--allow", "127.0.0.0/8", "--contact", "desk@paper.example")


@pytest.fixture
def web() -> Iterator[Web]:
    with Web({}) as running:
        running[f"{HERE}/one"] = story("Chinese open models lead")
        feed = rss((running.url(f"{HERE}/one"), "Open-source AI in China")).body
        running[f"{HERE}/feed"] = Reply(body=re.sub(b"<pubDate>.*?</pubDate>", b"", feed))
        running[f"{HERE}/"] = Reply(
            body=b'<html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head></html>',
            headers={"Content-Type": "text/html"},
        )
        yield running


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A seeds folder in which every bundled feed is left out."""
    from openrace.user_files.seed_files import load_seeds

    outlines = "".join(f'<outline xmlUrl="{feed.url}" isComment="true"/>' for feed in load_seeds().feeds)
    folder = tmp_path / "seeds"
    folder.mkdir()
    text = f'<opml version="2.0"><head/><body><!-- mine -->{outlines.replace("&", "&amp;")}</body></opml>'
    (folder / "feeds.opml").write_text(text)
    return folder


def listed(own: Path, db: Path) -> list[dict[str, object]]:
    told = openrace("feeds", "list", "--json", "--seeds", str(own), db=db)
    return [json.loads(line) for line in told.stdout.splitlines()]


def test_a_feed_is_found_at_its_home_page_crawled_listed_and_removed(
    web: Web, own: Path, store_path: Path
) -> None:
    seeds = ("--seeds", str(own))
    added = openrace("feeds", "add", web.url(f"{HERE}/"), *seeds, *ALLOW[:2], "--country", "US")
    assert (added.returncode, added.stdout) == (0, "")
    assert f"{web.url(f'{HERE}/feed')} (entries: 1)" in added.stderr
    assert "<!-- mine -->" in (own / "feeds.opml").read_text()
    (entry,) = listed(own, store_path)
    assert (entry["standing"], entry["country"]) == ("new", "US")

    crawled = openrace("crawl", *seeds, *ALLOW, db=store_path)
    assert (crawled.returncode, crawled.stdout) == (0, "")
    assert "kept: " + web.url(f"{HERE}/one") in crawled.stderr
    (entry,) = listed(own, store_path)
    assert (entry["standing"], entry["entries"]) == ("well", {"kept": 1})
    shown = openrace("feeds", "list", *seeds, db=store_path).stdout
    assert shown.startswith("well ")
    assert "desk@paper.example" in web.site.requests[-1].headers["user-agent"]

    again = openrace("crawl", "--json", *seeds, *ALLOW, db=store_path)
    assert json.loads(again.stdout)["counts"] == {"feed": {}, "page": {}, "recheck": {}}

    removed = openrace("feeds", "remove", web.url(f"{HERE}/feed"), *seeds)
    assert removed.returncode == 0
    assert listed(own, store_path) == []


def test_failures_are_told_with_exit_code_3_and_what_is_stored_stays(
    web: Web, own: Path, store_path: Path
) -> None:
    openrace("feeds", "add", web.url(f"{HERE}/feed"), "--seeds", str(own), *ALLOW[:2])
    openrace("crawl", "--seeds", str(own), *ALLOW, db=store_path)
    before = openrace("export", "articles", db=store_path).stdout
    web[f"{HERE}/feed"] = Reply(body=b"<html><body>Moved house</body></html>")
    failed = openrace("crawl", "--all", "--seeds", str(own), *ALLOW, db=store_path)
    assert failed.returncode == 3
    assert f"failed: {web.url(f'{HERE}/feed')}: is a web page, not a feed" in failed.stderr.splitlines()
    assert "Traceback" not in failed.stderr
    (entry,) = listed(own, store_path)
    assert entry["standing"] == "failing"
    assert openrace("export", "articles", db=store_path).stdout == before


def test_without_a_network_one_line_says_so(own: Path, store_path: Path, tmp_path: Path) -> None:
    opml = tmp_path / "few.opml"
    names = [f"https://{name}.invalid/feed" for name in ("one", "two", "three")]
    outlines = "".join(f'<outline text="x" xmlUrl="{name}"/>' for name in names)
    opml.write_text(f"<opml><body>{outlines}</body></opml>")
    assert "3 feeds added" in openrace("feeds", "import", str(opml), "--seeds", str(own)).stderr
    crawled = openrace("crawl", "--seeds", str(own), "--contact", "me", db=store_path)
    assert crawled.returncode == 3
    lines = [line for line in crawled.stderr.splitlines() if line.startswith("offline: ")]
    assert len(lines) == 1
    assert "no host name can be resolved" in lines[0]
    assert ".invalid" not in crawled.stderr  # each feed is asked the next night, as if this one had not been
    assert "Traceback" not in crawled.stderr


def test_private_addresses_are_refused_unless_allowed(web: Web, own: Path) -> None:
    refused = openrace("feeds", "add", web.url(f"{HERE}/feed"), "--seeds", str(own))
    assert refused.returncode == 3
    assert "leads to 127.0.0.1, which is not on the public internet" in refused.stderr


def test_check_asks_and_keeps_nothing(web: Web, own: Path, store_path: Path) -> None:
    seeds = ("--seeds", str(own))
    openrace("feeds", "add", web.url(f"{HERE}/feed"), *seeds, *ALLOW[:2])
    well = openrace("feeds", "check", *seeds, *ALLOW, db=store_path)
    assert (well.returncode, well.stdout) == (0, f"new entries: {web.url(f'{HERE}/feed')} (1 of them)\n")
    web[f"{HERE}/feed"] = Reply(404)
    bad = openrace("feeds", "check", "--json", *seeds, *ALLOW, db=store_path)
    assert (bad.returncode, json.loads(bad.stdout)["failed"]) == (3, True)
    assert not store_path.exists()


def test_what_is_exported_can_be_imported(own: Path, tmp_path: Path) -> None:
    everything = openrace("feeds", "export").stdout
    (tmp_path / "all.opml").write_text(everything)
    openrace("feeds", "import", str(tmp_path / "all.opml"), "--seeds", str(own))
    assert openrace("feeds", "export", "--seeds", str(own)).stdout == everything


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("add", "https://paper.example/"), "name one: --seeds FOLDER"),
        (("remove", "https://nobody.example/", "--seeds", "OWN"), "is not in the list of feeds"),
        (("check", "https://nobody.example/", "--seeds", "OWN"), "add it first"),
        (("import", "nothing.opml", "--seeds", "OWN"), "nothing.opml"),
        (("add", "javascript:alert(1)", "--seeds", "OWN"), "is not a web address"),
    ],
)
def test_a_mistake_gets_one_clear_line(own: Path, arguments: tuple[str, ...], says: str) -> None:
    done = openrace("feeds", *(str(own) if part == "OWN" else part for part in arguments))
    assert done.returncode in (2, 3)
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_ctrl_c_ends_a_crawl_and_the_next_one_goes_on(web: Web, own: Path, store_path: Path) -> None:
    async def hang(request: Request) -> None:
        await asyncio.sleep(60)

    openrace("feeds", "add", web.url(f"{HERE}/feed"), "--seeds", str(own), *ALLOW[:2])
    page, web[f"{HERE}/one"] = web.site.routes[f"{HERE}/one"], hang
    command = [sys.executable, "-m", "openrace", "crawl", "--seeds", str(own), "--db", str(store_path)]
    crawl = subprocess.Popen([*command, *ALLOW], stderr=subprocess.PIPE, text=True, start_new_session=True)
    while not web.site.count("/one"):
        time.sleep(0.02)
    os.killpg(crawl.pid, signal.SIGINT)
    told = crawl.communicate()[1]
    assert crawl.returncode == 130
    assert "interrupted; what was stored is safe" in told
    assert "Traceback" not in told
    web[f"{HERE}/one"] = page
    assert openrace("crawl", "--seeds", str(own), *ALLOW, db=store_path).returncode == 0
    (entry,) = listed(own, store_path)
    assert entry["entries"] == {"kept": 1}


def test_two_crawls_at_once_are_one_too_many(own: Path, store_path: Path) -> None:
    from openrace.lock import only_run

    with only_run(store_path, now="2025-05-20T22:00:00Z"):
        second = openrace("crawl", "--seeds", str(own), *ALLOW, db=store_path)
    assert second.returncode == 4
    assert "another run holds it" in second.stderr


def test_why_tells_of_a_file_an_article_and_an_entry_that_was_left(
    web: Web, own: Path, store_path: Path, tmp_path: Path
) -> None:
    dogs = web.url(f"{HERE}/dogs")
    feed = rss((dogs, "Dogs to stay at home"), (web.url(f"{HERE}/one"), "Open-source AI in China")).body
    web[f"{HERE}/feed"] = Reply(body=re.sub(b"<pubDate>.*?</pubDate>", b"", feed))
    openrace("feeds", "add", web.url(f"{HERE}/feed"), "--seeds", str(own), *ALLOW[:2])
    openrace("crawl", "--seeds", str(own), *ALLOW, db=store_path)
    kept = openrace("why", web.url(f"{HERE}/one") + "?utm_source=x", db=store_path).stdout
    assert kept.startswith("on the topic open-source-ai: ")
    assert "open source AI  (open, ×" in kept
    assert ": kept (" in kept
    left = openrace("why", dogs, db=store_path).stdout
    assert left.count("\n") == 1
    assert ": off topic (open-source-ai: 0 of 10" in left
    (tmp_path / "a.txt").write_text("Dogs\nDogs are to stay at home.\n")
    assert openrace("why", str(tmp_path / "a.txt"), db=store_path).stdout.startswith("off the topic")
    unknown = openrace("why", "https://nobody.example/", db=store_path)
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "is not in the database" in unknown.stderr
