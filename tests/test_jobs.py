"""Work in several processes: the same results in the same order, and a death costs one item."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import NOW, an_article, openrace
from openrace.pipeline import extract_claims
from openrace.processes import AHEAD, Worker, map_in_order
from openrace.records import Claim
from openrace.store import article_table, claim_table, crawl_history
from openrace.user_files.seed_files import Seeds
from worker_tasks import work

SEEDS = Seeds(feeds=(), outlets=(), people=(), organisations=(), topics=(), beats=())
AT = ("--at", "2026-01-02T04:00:00Z")


@pytest.mark.parametrize("jobs", [1, 3])
def test_results_come_in_the_order_of_the_items(jobs: int) -> None:
    found = list(map_in_order(work, iter(range(40)), jobs))
    assert [(item, outcome.result) for item, outcome in found] == [(n, 2 * n) for n in range(40)]


@settings(max_examples=5, deadline=None)
@given(st.lists(st.sampled_from([1, 2, 3, "refuse", "fail", "die", "leave"]), max_size=6))
def test_whatever_ends_badly_costs_itself_alone(items: list[int | str]) -> None:
    told = {
        "refuse": ("refused", "wants a number"),
        "fail": ("bug", "KeyError: 'fail'"),
        "die": ("died", "its process died (signal 9)"),
        "leave": ("died", "its process died (exit code 7)"),
    }
    found = [(outcome.how, outcome.problem) for _, outcome in map_in_order(work, items, 2)]
    assert found == [told.get(item) or ("done", str(2 * item)) for item in items]  # type: ignore[arg-type]


def test_what_takes_too_long_is_killed() -> None:
    found = list(map_in_order(work, [1, "hang", 2], 1, seconds=1))
    assert [outcome.how for _, outcome in found] == ["done", "late", "done"]


def test_an_idle_worker_that_is_killed_costs_nothing() -> None:
    workers: list[Worker] = []

    class Known(Worker):
        def __init__(self, function: object) -> None:
            super().__init__(function)  # type: ignore[arg-type]
            workers.append(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("openrace.processes.Worker", Known)
        results = map_in_order(work, iter(range(10)), 2)
        found = [next(results)]
        for worker in workers:
            worker._process.kill()
            worker._process.join()
        found += results
    lost = [item for item, outcome in found if outcome.how == "died"]
    assert len(lost) <= len(workers)  # those that were under way
    assert len(found) == 10
    assert all(outcome.result == 2 * item for item, outcome in found if item not in lost)


def test_only_a_few_items_are_taken_ahead() -> None:
    taken: list[int] = []
    results = map_in_order(work, (taken.append(n) or n for n in range(100)), 2)  # type: ignore[func-returns-value]
    next(results)
    assert len(taken) <= 2 * AHEAD + 1
    results.close()


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("corpus") / "articles.jsonl"
    with path.open("w") as file:
        for n in range(30):
            text = f"Report {n}.\n\n" + f"“The tide number {n} is in,” said Ada Byte. " * (n % 4)
            line = {"id": f"a{n}", "url": f"https://o.example/{n}", "text": text, "outlet": "o.example"}
            file.write(json.dumps(line) + "\n")
    return path


def test_pipe_extract_writes_the_same_bytes(corpus: Path) -> None:
    lines = corpus.read_text() + "no JSON\n"
    one, two = (openrace("pipe", "extract", "--jobs", jobs, stdin=lines) for jobs in ("1", "2"))
    assert one.stdout == two.stdout
    assert one.stdout.count("tide number") > 30
    assert (one.returncode, one.stderr) == (two.returncode, two.stderr) == (3, one.stderr)
    assert "standard input:31:" in two.stderr


def test_the_store_is_the_same(corpus: Path, tmp_path: Path) -> None:
    dumps = []
    for jobs in ("1", "2"):
        path = tmp_path / f"{jobs}.db"
        openrace("import", str(corpus), *AT, db=path)
        done = openrace("extract", "--jobs", jobs, db=path)
        assert (done.returncode, done.stderr.split(",")[0]) == (0, "30 articles read")
        with sqlite3.connect(path) as db:
            dumps.append(list(db.iterdump()))
    assert dumps[0] == dumps[1]


class Deadly(extract_claims.ClaimExtractor):
    """An extractor whose process is killed over one article."""

    def __call__(self, task: extract_claims.Task) -> list[Claim] | None:
        if "deadly" in task.article.text:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().__call__(task)


def test_an_article_that_kills_its_worker_is_told_by_name(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extract_claims, "ClaimExtractor", Deadly)
    articles = [an_article(f"“The {what} tide is in,” said Ada Byte.") for what in ("low", "deadly", "high")]
    for article in articles:
        article_table.add_article(db, article, added=NOW)
    told: list[str] = []
    report = extract_claims.read_for_claims(
        db, SEEDS, warn=told.append, watch=lambda items, _: iter(items), jobs=2
    )
    assert (report.read, report.failed) == (2, 1)
    assert told == [f"{articles[1].url}: the extractor failed: its process died (signal 9)"]
    assert article_table.unread(db, extract_claims.EXTRACTOR) == [articles[1].id]
    assert [bug.resource for bug in crawl_history.iter_bugs(db)] == [articles[1].id]
    assert len(list(claim_table.iter_claims(db))) == 2


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="reads /proc")
def test_no_process_outlives_a_parent_that_is_killed(corpus: Path) -> None:
    command = [sys.executable, "-m", "openrace", "pipe", "extract", "--jobs", "2"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as run:
        assert run.stdin
        assert run.stdout
        run.stdin.write(corpus.read_bytes())
        run.stdin.flush()
        run.stdout.readline()  # the workers work
        threads = Path(f"/proc/{run.pid}/task").iterdir()
        children = [child for thread in threads for child in (thread / "children").read_text().split()]
        run.kill()
    assert len(children) >= 2
    for _ in range(1000):
        if not any(_is_alive(child) for child in children):
            return
        time.sleep(0.05)
    raise AssertionError("a worker outlived its parent")


def _is_alive(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
