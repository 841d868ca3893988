"""Killed at any moment and run again, a night ends as if nothing had happened: same records, same bytes.

A few kills here; `make kill-long` does 200 (OPENRACE_KILLS says how many, OPENRACE_SEED where they fall).
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from conftest import all_families, openrace
from idea_voices import VOICES
from openrace.ideas.suggestions import LINE
from openrace.store import article_table, claim_table, idea_tables, open_store
from openrace.user_files.idea_files import add_mark

KILLS = int(os.environ.get("OPENRACE_KILLS", "3"))
SEED = int(os.environ.get("OPENRACE_SEED", "1"))
AT = "2026-01-02T04:00:00Z"
PEOPLE = ("Ada Byte", "Bo Chen", "Cy Dent", "Dee Ode")
IDEA = "commodity"
SAID = ("weights want to be free", "chips are dear", "the race has no line", "nobody owns arithmetic")


class End(NamedTuple):
    """How a night ended: what is kept, suggestions for ideas among it, and every file of the site."""

    records: list[object]
    site: dict[str, bytes]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("corpus") / "articles.jsonl"
    with path.open("w") as file:
        for n in range(24):
            who, said = PEOPLE[n % 4], SAID[n // 4 % 4]
            text = f"Report {n}, Port Example.\n\n“I tell you that {said} and that is all of it,” said {who}."
            line = {"url": f"https://o{n % 7}.example/{n}", "text": text, "published": f"2025-12-{n + 1:02}"}
            file.write(json.dumps(line) + "\n")
        for n, (who, said) in enumerate(VOICES.items()):
            line = {"url": f"https://v{n}.example/", "text": f"Report.\n\n“{said},” said {who}."}
            file.write(json.dumps(line) + "\n")
    mark_for_an_idea(path)
    return path


def mark_for_an_idea(corpus: Path) -> None:
    """Write beside the corpus what a person marked: all `VOICES` but the last, which is to be suggested."""
    db = ["--db", str(corpus.with_name("to-mark.db"))]
    for command in (["import", str(corpus), *db], ["extract", *db]):
        assert openrace(*command).returncode == 0
    lines = map(json.loads, openrace("export", "claims", *db).stdout.splitlines())
    found = {line["text"].rstrip(","): line["claim_id"] for line in lines}
    for said in list(VOICES.values())[:-1]:
        fields = {"when": "2026-01-01", "idea": IDEA, "by": "Ines Dorn", "label": "yes", "claim": found[said]}
        add_mark(corpus.with_name("ideas-marks.toml"), fields)


def steps(corpus: Path, folder: Path) -> list[list[str]]:
    db = ["--db", str(folder / "o.db"), "--at", AT]
    marks = ["--marks", str(corpus.with_name("ideas-marks.toml"))]
    return [["import", str(corpus), *db], ["nightly", "--no-crawl", *marks, *db]]


def end(folder: Path) -> End:
    found = (path for path in (folder / "site").rglob("*") if path.name != ".openrace-site.db")
    files = sorted(path for path in found if path.is_file())
    site = {str(path.relative_to(folder)): path.read_bytes() for path in files}
    db = open_store(folder / "o.db", readonly=True)
    records = [
        *article_table.iter_articles(db),
        *claim_table.iter_placed(db),
        *all_families(db),
        *idea_tables.iter_marks(db),
        *idea_tables.load_models(db).values(),
        idea_tables.waiting(db, IDEA, LINE),
    ]
    db.close()
    return End(records, site)


def run_to_the_end(corpus: Path, folder: Path) -> End:
    for arguments in steps(corpus, folder):
        done = openrace(*arguments)
        assert done.returncode == 0, done.stderr
    return end(folder)


@pytest.fixture(scope="module")
def undisturbed(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[End, list[float]]:
    """The end without kills, and how many seconds each step took."""
    folder = tmp_path_factory.mktemp("undisturbed")
    seconds = []
    for arguments in steps(corpus, folder):
        began = time.monotonic()
        assert openrace(*arguments).returncode == 0
        seconds.append(time.monotonic() - began)
    return end(folder), seconds


def kill_at(arguments: list[str], seconds: float) -> None:
    command = [sys.executable, "-m", "openrace", *arguments]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)


def sound(folder: Path) -> bool:
    """Whether what a killed run left behind can be read: the database, and every page of the site."""
    if (folder / "o.db").exists():
        db = sqlite3.connect(folder / "o.db")
        verdict = db.execute("PRAGMA integrity_check").fetchone()[0]
        db.close()
        if verdict != "ok":
            return False
    return all(page.read_text().rstrip().endswith("</html>") for page in (folder / "site").rglob("*.html"))


@pytest.mark.parametrize("number", range(KILLS))
def test_killed_and_run_again(
    number: int, corpus: Path, undisturbed: tuple[End, list[float]], tmp_path: Path
) -> None:
    expected, seconds = undisturbed
    assert f"site/ideas/{IDEA}/index.html" in expected.site
    assert expected.records[-1], "nothing is suggested"
    dice = random.Random(SEED * 1_000_003 + number)
    disturbed = dice.choices((0, 1), weights=(1, 3))[0]
    for step in range(disturbed):
        assert openrace(*steps(corpus, tmp_path)[step]).returncode == 0
    kill_at(steps(corpus, tmp_path)[disturbed], dice.uniform(0.15, 1.05) * seconds[disturbed])
    assert sound(tmp_path)
    assert run_to_the_end(corpus, tmp_path) == expected
    shutil.rmtree(tmp_path)
