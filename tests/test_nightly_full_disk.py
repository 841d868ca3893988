"""A disk that is full at whatever station: told in a line, nothing lost, and the next night makes it good.

Needs to mount a small tmpfs (Linux, root), else it is left out; `test_store_database.py` still fills a file.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import openrace
from test_nightly_kill import End, corpus, run_to_the_end, sound, steps, undisturbed

__all__ = ["corpus", "undisturbed"]  # fixtures


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


@pytest.mark.parametrize("kilobytes", [300, 1000, 1900])
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
    assert 2 in codes or kilobytes > 1000
    assert mount("-o", "remount,size=64m", str(small_disk))
    assert sound(small_disk)
    assert run_to_the_end(corpus, small_disk) == undisturbed[0]
