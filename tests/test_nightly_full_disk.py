"""A disk that is full at whatever station: told in a line, nothing lost, and the next night makes it good.

Needs to mount a small tmpfs (Linux, root), else it is left out; `test_store_database.py` still fills a file.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from conftest import openrace
from test_nightly_kill import AT, End, corpus, end, run_to_the_end, sound, steps, undisturbed
from test_nightly_web import PEOPLE, SmallWeb, seeds, story, web

__all__ = ["corpus", "seeds", "undisturbed", "web"]  # fixtures


def mount(*arguments: str) -> bool:
    return subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    if not mount("-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)):
        pytest.skip("may not mount a tmpfs")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.mark.parametrize("kilobytes", [300, 1000])
def test_full_at_some_station(
    kilobytes: int, small_disk: Path, corpus: Path, undisturbed: tuple[End, list[float]]
) -> None:
    assert mount("-o", f"remount,size={kilobytes}k", str(small_disk))
    codes = []
    for arguments in steps(corpus, small_disk):
        done = openrace(*arguments)
        codes.append(done.returncode)
        assert done.returncode in (0, 2), done.stderr
        assert "Traceback" not in done.stderr
        if done.returncode == 2:
            told = done.stderr.splitlines()[-1]
            assert "space" in told or "full" in told or "no database yet" in told
    assert 2 in codes
    assert mount("-o", "remount,size=64m", str(small_disk))
    assert sound(small_disk)
    assert run_to_the_end(corpus, small_disk) == undisturbed[0]


TIMED = ("import", "publish", "digest", "correct", "nightly")  # these take --at


def run(*arguments: str, disk: Path) -> subprocess.CompletedProcess[str]:
    return openrace(*arguments, *(["--at", AT] if arguments[0] in TIMED else []), db=disk / "o.db")


@contextmanager
def filled(disk: Path, *, but: int = 0) -> Iterator[None]:
    """No more than `but` bytes are free on `disk`."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(4096)):
            pass
    with filler.open("r+b") as file:
        file.truncate(max(0, filler.stat().st_size - but))
    yield
    filler.unlink()


STATIONS = {  # station → what is done before it, what is done when the disk is full
    "extract": (["import CORPUS"], "extract"),
    "group": (["import CORPUS", "extract"], "group"),
    "publish": (["import CORPUS", "extract", "group"], "publish"),
    "nightly": (["import CORPUS"], "nightly --no-crawl"),
}


@pytest.mark.parametrize(  # room: bytes that are left, for it to be full at once, soon or in the midst of it
    ("station", "room"),
    [
        ("extract", 0),
        ("group", 0),
        ("group", 40_000),
        ("publish", 0),
        ("publish", 200_000),
        ("nightly", 100_000),
    ],
)
def test_full_at(
    station: str, room: int, small_disk: Path, corpus: Path, undisturbed: tuple[End, list[float]]
) -> None:
    assert mount("-o", "remount,size=64m", str(small_disk))
    before, now = STATIONS[station]
    for command in before:
        assert run(*command.replace("CORPUS", str(corpus)).split(), disk=small_disk).returncode == 0
    with filled(small_disk, but=room):
        done = run(*now.split(), disk=small_disk)
    assert told_in_a_line(done) or done.returncode == 0
    assert done.returncode == 2 or room
    assert sound(small_disk)
    assert run_to_the_end(corpus, small_disk) == undisturbed[0]


def told_in_a_line(done: subprocess.CompletedProcess[str]) -> bool:
    last = done.stderr.splitlines()[-1]
    return done.returncode == 2 and "Traceback" not in done.stderr and ("space" in last or "full" in last)


def test_full_when_somebody_corrects(small_disk: Path, corpus: Path) -> None:
    """What stands in the file of corrections stays whole; the new one is written and applied, or neither."""
    assert mount("-o", "remount,size=64m", str(small_disk))
    run("import", str(corpus), disk=small_disk)
    run("nightly", "--no-crawl", disk=small_disk)
    first, second = [
        line.split('"')[3] for line in run("search", "--json", disk=small_disk).stdout.splitlines()
    ][:2]
    assert run("correct", "hide", first, "--why", "asked for", disk=small_disk).returncode == 0
    file = small_disk / "corrections.toml"
    before, shown = file.read_bytes(), end(small_disk)
    with filled(small_disk):
        done = run("correct", "hide", second, "--why", "asked for too", disk=small_disk)
    assert told_in_a_line(done)
    assert file.read_bytes() == before
    assert end(small_disk) == shown
    assert run("correct", "hide", second, "--why", "asked for too", disk=small_disk).returncode == 0
    assert file.read_bytes().startswith(before)


def test_what_only_reads_works_on_a_full_disk(small_disk: Path, corpus: Path) -> None:
    assert mount("-o", "remount,size=64m", str(small_disk))
    run("import", str(corpus), disk=small_disk)
    run("nightly", "--no-crawl", disk=small_disk)
    digest, found = (run(*c, disk=small_disk).stdout for c in (["digest"], ["search", "free"]))
    with filled(small_disk):
        assert run("digest", disk=small_disk).stdout == digest
        assert run("search", "free", disk=small_disk).stdout == found
        done = run("export", "claims", "--output", str(small_disk / "claims.jsonl"), disk=small_disk)
    assert told_in_a_line(done)
    assert not list(small_disk.glob("claims.jsonl*"))


@pytest.mark.parametrize("room", [0, 100_000])
def test_full_while_it_crawls(room: int, small_disk: Path, web: SmallWeb, seeds: Path) -> None:
    assert mount("-o", "remount,size=64m", str(small_disk))
    for number in range(4):
        stories = [(f"/{k}", story(number, k, f"Pier {number} gave {k} more", PEOPLE[k])) for k in range(4)]
        web.publish(number, 0, stories)
    night = ("nightly", "--at", "2026-03-01T04:00:00Z", "--seeds", str(seeds), "--allow", "127.0.0.0/8")
    openrace("import", "-", stdin="Something else.\n\nA text about nothing.", db=small_disk / "o.db")
    with filled(small_disk, but=room):
        done = openrace(*night, db=small_disk / "o.db")
    assert told_in_a_line(done), done.stderr
    assert sound(small_disk)
    assert openrace(*night, db=small_disk / "o.db").returncode in (0, 3)
    kept = openrace("export", "articles", db=small_disk / "o.db").stdout
    assert len(kept.splitlines()) == 1 + 4 * 4
