"""The night: what it does, that it does it once, and that nobody can run it twice at a time."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conftest import openrace, without_root_power
from openrace.errors import LockedError, StoreError
from openrace.lock import only_run
from openrace.store import database, open_store, transaction

AT = "2026-01-02T04:00:00Z"
ARTICLES = {
    "a": "“Weights want to be free, and they will be free,” said Ada Byte on Monday in Port Example.",
    "b": "Ada Byte said: “Weights want to be free, and they will be free.” Nobody answered her that day.",
    "c": "According to Bo Chen, the founder of Reedmark, chips are dearer than people. He went home.",
}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    lines = (
        {
            "url": f"https://{name}.example/1",
            "text": text,
            "published": "2026-01-01",
            "outlet": f"{name}.example",
        }
        for name, text in ARTICLES.items()
    )
    path = tmp_path / "articles.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def night(db: Path, *more: str, **env: str) -> subprocess.CompletedProcess[str]:
    return openrace("nightly", "--no-crawl", "--at", AT, *more, db=db, **env)


def tree(site: Path) -> dict[str, bytes]:
    published = (f for f in sorted(site.rglob("*")) if f.is_file() and f.name != ".openrace-site.db")
    return {str(f.relative_to(site)): f.read_bytes() for f in published}


def test_one_night_makes_a_site(corpus: Path, store_path: Path) -> None:
    openrace("import", str(corpus), db=store_path)
    done = night(store_path)
    assert done.returncode == 0, done.stderr
    steps = [line.split()[1] for line in done.stderr.splitlines()]
    assert steps == ["extract", "correct", "group", "ideas", "publish", "watch"]
    assert "Weights want to be free" in (store_path.parent / "site" / "index.html").read_text()


def test_a_second_night_without_news_does_nothing(corpus: Path, store_path: Path) -> None:
    openrace("import", str(corpus), db=store_path)
    night(store_path)
    site = store_path.parent / "site"
    before = {path: path.stat().st_mtime_ns for path in site.rglob("*") if path.is_file()}
    lines = [json.loads(line) for line in night(store_path, "--log-format", "json").stderr.splitlines()]
    assert [line["done"] for line in lines] == [0, 0, 0, 0, 0, 0]
    assert {path: path.stat().st_mtime_ns for path in site.rglob("*") if path.is_file()} == before


def test_the_same_night_on_the_same_articles_gives_the_same_bytes(corpus: Path, tmp_path: Path) -> None:
    sites = []
    for seed, name in enumerate(("one", "two")):
        db, env = tmp_path / name / "o.db", {"PYTHONHASHSEED": str(seed)}  # sets in another order
        openrace("import", str(corpus), "--at", AT, db=db, **env)
        night(db, "--to", str(tmp_path / name / "site"), **env)
        sites.append(tree(tmp_path / name / "site"))
    assert sites[0] == sites[1]


def test_news_are_added_to_what_was_there(corpus: Path, store_path: Path) -> None:
    openrace("import", str(corpus), db=store_path)
    night(store_path)
    before = tree(store_path.parent / "site")
    news = {"url": "https://d.example/", "text": "“Chips are dear,” said Bo Chen.", "published": "2026-01-02"}
    openrace("import", "-", stdin=json.dumps(news), db=store_path)
    night(store_path)
    after = tree(store_path.parent / "site")
    assert len(after) > len(before)
    assert any(b"Chips are dear" in page for page in after.values())


def test_two_nights_at_once(store_path: Path) -> None:
    with only_run(store_path, now=AT):
        done = night(store_path)
    assert done.returncode == 4
    assert f"since {AT}" in done.stderr
    assert "pid " in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_the_lock_of_a_dead_run_is_free(store_path: Path) -> None:
    holder = (
        "import sys, time; from pathlib import Path; from openrace.lock import only_run\n"
        "with only_run(Path(sys.argv[1]), now='then'): print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", holder, str(store_path)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(LockedError, match=f"pid {process.pid}, since then"), only_run(store_path, now=AT):
            pass
        process.send_signal(signal.SIGKILL)
    with only_run(store_path, now=AT):
        pass


def test_a_forbidden_site_folder_costs_only_the_publishing(corpus: Path, store_path: Path) -> None:
    openrace("import", str(corpus), db=store_path)
    site = store_path.parent / "locked"
    site.mkdir(mode=0o555)
    done = openrace(
        "nightly", "--no-crawl", "--at", AT, "--to", str(site), db=store_path, preexec_fn=without_root_power
    )
    site.chmod(0o755)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert json.loads(openrace("status", "--json", db=store_path).stdout)["families"] == 2
    assert night(store_path, "--to", str(site)).returncode == 0


def test_searching_while_the_night_runs(corpus: Path, store_path: Path) -> None:
    openrace("import", str(corpus), db=store_path)
    command = [sys.executable, "-m", "openrace", "nightly", "--no-crawl", "--db", str(store_path)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        codes = set()
        while process.poll() is None:
            codes.add(openrace("search", "weights", db=store_path).returncode)
            time.sleep(0.01)
    assert process.returncode == 0
    assert codes <= {0, 1}
    assert openrace("search", "weights", db=store_path).returncode == 0


HELD = float(os.environ.get("OPENRACE_HELD", "3"))  # seconds; `make night-long` takes a minute


def test_a_database_that_another_program_holds_is_waited_for(corpus: Path, store_path: Path) -> None:
    openrace("import", str(corpus), db=store_path)
    holder = open_store(store_path)
    holder.execute("BEGIN EXCLUSIVE")
    command = [sys.executable, "-m", "openrace", "nightly", "--no-crawl", "--at", AT, "--db", str(store_path)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(HELD)
        assert openrace("search", "weights", db=store_path).returncode == 1  # readers wait for nobody
        holder.execute("ROLLBACK")
        _, told = process.communicate()
    assert process.returncode == 0, told
    assert openrace("search", "weights", db=store_path).returncode == 0


def test_a_database_that_is_never_let_go(
    corpus: Path, store_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)
    openrace("import", str(corpus), db=store_path)
    holder, patient = open_store(store_path), open_store(store_path)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="another program has held it"), transaction(patient):
        pass
    holder.execute("ROLLBACK")
    with transaction(patient):
        pass


@pytest.mark.parametrize("moment", ["yesterday", "2026-13-01"])
def test_a_moment_that_is_none_is_usage(store_path: Path, moment: str) -> None:
    done = openrace("nightly", "--at", moment, db=store_path)
    assert done.returncode == 2
    assert "2025-05-19" in done.stderr


def test_a_clock_put_back_and_dates_from_anywhere(store_path: Path) -> None:
    dates = ("1970-01-01", "2099-12-31", None, "2026-01-01T23:59:59Z", "0001-01-01")
    said = [
        {"url": f"https://d.example/{n}", "text": f"“The tide {n} is in,” said Ada Byte.", "published": date}
        for n, date in enumerate(dates)
    ]
    lines = "\n".join(map(json.dumps, said))
    openrace("import", "-", "--at", "2026-01-05", stdin=lines, db=store_path)
    # put back a day; the hour that Berlin leaps over; the one that it has twice
    for at in ("2026-01-05", "2026-01-04", "2026-03-29T01:30:00Z", "2026-10-25T00:30:00Z"):
        done = openrace("nightly", "--no-crawl", "--at", at, db=store_path, TZ="Europe/Berlin")
        assert done.returncode == 0, done.stderr
    hits = map(json.loads, openrace("search", "tide", "--json", db=store_path).stdout.splitlines())
    years = [hit["published"] and hit["published"][:4] for hit in hits]
    assert years == ["2026", "1970", "0001", None, None]  # later than tomorrow: no date
