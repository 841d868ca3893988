"""A crawl that is killed anywhere and run again has what an undisturbed one has: real processes, SIGKILL."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from loopback.site import Reply, Request
from loopback.web import Web, rss, story
from openrace.store import open_store

NIGHT = Path(__file__).parent / "loopback" / "one_night.py"
NAMES = [f"paper{n}.example" for n in range(5)]
STORIES = 5
REQUESTS = len(NAMES) * (STORIES + 2)  # with the feed and robots.txt
# `make bench-kills` asks for 50; each test run for a few, at other moments every time.
KILLS = int(os.environ.get("OPENRACE_KILLS", "2"))


def a_slow_web() -> Web:
    """Five papers of five stories each; every answer takes a while, so that kills fall everywhere."""
    web = Web({})

    def slowly(reply: Reply) -> Any:
        async def answer(request: Request) -> Reply:
            await asyncio.sleep(0.02)
            return reply

        return answer

    for name in NAMES:
        for number in range(STORIES):
            page = story(f"Open models, {name}, {number}", f"Number {number} is ours.")
            web[f"{name}/{number}"] = slowly(page)
    return web


def open_feeds(web: Web) -> None:
    for name in NAMES:
        links = [(web.url(f"{name}/{n}"), f"Open-source AI in China, part {n}") for n in range(STORIES)]
        web[f"{name}/feed"] = rss(*links)


def start(database: Path, web: Web) -> subprocess.Popen[bytes]:
    command = [sys.executable, str(NIGHT), str(database), str(web.site.port), *NAMES]
    return subprocess.Popen(command, start_new_session=True)


def stored(database: Path) -> dict[str, list[tuple[Any, ...]]]:
    db = open_store(database)
    queries = {
        "articles": "SELECT id, url, title, outlet, published, text FROM articles ORDER BY id",
        "claims": "SELECT id, kind, text, speaker, person FROM claims ORDER BY id",
        "entries": "SELECT feed, id, status FROM entries ORDER BY feed, id",
        "pages": "SELECT url, article FROM pages ORDER BY url",
        "words": "SELECT count(*) FROM claims_fts WHERE claims_fts MATCH 'ours'",
    }
    rows = {name: [tuple(row) for row in db.execute(query)] for name, query in queries.items()}
    assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    db.close()
    return rows


def kill_sometime(night: subprocess.Popen[bytes], web: Web, chance: random.Random) -> None:
    """Kill the night a moment after the web was asked some number of times, or let it end."""
    enough = len(web.site.requests) + chance.randrange(REQUESTS)
    while len(web.site.requests) < enough and night.poll() is None:
        time.sleep(0.002)
    time.sleep(chance.uniform(0, 0.2))
    with contextlib.suppress(ProcessLookupError):
        os.killpg(night.pid, signal.SIGKILL)
    assert night.wait() in (-signal.SIGKILL, 0)  # whatever else it does, it does not fail


def test_killed_anywhere_and_run_again_is_as_if_undisturbed(tmp_path: Path) -> None:
    chance = random.Random()
    with a_slow_web() as web:
        open_feeds(web)
        undisturbed, killed = tmp_path / "whole.db", tmp_path / "killed.db"
        assert start(undisturbed, web).wait() == 0
        for death in range(KILLS):
            kill_sometime(start(killed, web), web, chance)
            if death % 5 == 4:  # after five deaths there is little left to break: begin another
                assert start(killed, web).wait() == 0
                assert_same(stored(killed), stored(undisturbed))
                killed = tmp_path / f"killed-{death}.db"
        assert start(killed, web).wait() == 0
        assert_same(stored(killed), stored(undisturbed))


def assert_same(one: dict[str, list[tuple[Any, ...]]], other: dict[str, list[tuple[Any, ...]]]) -> None:
    assert len(one["articles"]) == len(NAMES) * STORIES
    assert one == other
