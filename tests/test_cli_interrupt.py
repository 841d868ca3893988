"""Ctrl-C in any command: one line, exit 130, nothing lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import openrace

AT = ("--at", "2026-01-02T04:00:00Z")


def interrupt(arguments: list[str], when: Callable[[], bool], **streams: int) -> tuple[int, str]:
    """Run the command, press Ctrl-C as soon as `when` says so; how it ended and what it told."""
    command = [sys.executable, "-m", "openrace", *arguments]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, start_new_session=True, **streams
    ) as run:
        while run.poll() is None and not when():
            time.sleep(0.01)
        os.killpg(run.pid, signal.SIGINT)
        return run.wait(timeout=120), run.stderr.read() if run.stderr else ""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "articles.jsonl"
    with path.open("w") as file:
        for n in range(400):
            text = f"Report {n}.\n\n“The tide number {n} is in,” said Ada Byte. " * 5
            file.write(json.dumps({"url": f"https://o.example/{n}", "text": text}) + "\n")
    return path


def count(db: Path, what: str) -> int:
    done = openrace("status", "--json", db=db)
    return int(json.loads(done.stdout)[what]) if done.returncode == 0 else 0


def told_once(ended: tuple[int, str]) -> bool:
    code, told = ended
    return code == 130 and told.splitlines() == [
        "openrace: interrupted; what was stored is safe, the same command goes on from there"
    ]


@pytest.mark.parametrize("command", [["import", "-"], ["pipe", "extract"], ["pipe", "group"]])
def test_while_it_waits_for_its_input(command: list[str], store_path: Path) -> None:
    began = time.monotonic()
    paths = ["--db", str(store_path)] if command[0] == "import" else []
    read, write = os.pipe()  # held open: the command waits for it
    quiet = {"stdin": read, "stdout": subprocess.DEVNULL}
    assert told_once(interrupt([*command, *paths], lambda: time.monotonic() > began + 2, **quiet))
    os.close(read)
    os.close(write)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_while_it_reads_articles(jobs: str, corpus: Path, store_path: Path) -> None:
    """What was read stays, and the next run reads the rest."""
    openrace("import", str(corpus), *AT, db=store_path)
    reads = ["extract", "--jobs", jobs, "--db", str(store_path)]
    assert told_once(interrupt(reads, lambda: count(store_path, "claims") > 0))
    left = count(store_path, "articles_to_read")
    assert 0 < left < 400
    done = openrace("extract", db=store_path)
    assert done.stderr.startswith(f"{left} articles read")


def test_while_the_night_publishes(corpus: Path, store_path: Path) -> None:
    openrace("import", str(corpus), *AT, db=store_path)
    openrace("extract", db=store_path)
    openrace("group", db=store_path)
    night = ["nightly", "--no-crawl", *AT, "--db", str(store_path)]
    site = store_path.parent / "site"
    code, told = interrupt(night, site.exists)
    assert code == 130
    assert told.splitlines()[-1].startswith("openrace: interrupted")
    assert "Traceback" not in told
    assert openrace(*night).returncode == 0
    assert (site / "index.html").read_text().rstrip().endswith("</html>")
