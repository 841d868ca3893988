"""What is installed from a wheel or a source archive does what the checkout does."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def run(*command: str | Path, cwd: Path) -> str:
    surroundings = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(command, cwd=cwd, env=surroundings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source archive, and the wheel built from it."""
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, ROOT, cwd=out)
    return out


@pytest.fixture(scope="module")
def installed(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with the wheel; it borrows the locked dependencies, and nothing else, from here."""
    place = tmp_path_factory.mktemp("env")
    env = place / "venv"
    (wheel,) = dist.glob("*.whl")
    run(sys.executable, "-m", "venv", "--without-pip", env, cwd=place)
    run(sys.executable, "-m", "uv", "pip", "install", "--no-deps", "--python", env, wheel, cwd=place)
    libraries = Path(sysconfig.get_path("purelib"))
    (site,) = env.glob("lib/python*/site-packages")
    (site / "borrowed.pth").write_text(f"{libraries}\n")
    return env


def test_the_wheel_works_away_from_the_checkout(installed: Path, tmp_path: Path) -> None:
    run(installed / "bin" / "openrace", "demo", "here", cwd=tmp_path)
    assert (tmp_path / "here" / "site" / "index.html").is_file()
    where = run(installed / "bin" / "python", "-c", "import openrace; print(openrace.__file__)", cwd=tmp_path)
    assert where.startswith(str(installed))


def test_the_wheel_holds_the_package_its_data_and_nothing_else(dist: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "openrace/store/schema.sql" in names
    assert "openrace/locale/zh_Hans/LC_MESSAGES/openrace.po" in names
    assert any(name.startswith("openrace/seeds/articles/") for name in names)
    assert any(name.startswith("openrace/templates/") for name in names)
    assert {name.split("/")[0] for name in names} - {"openrace"} == {
        next(name.split("/")[0] for name in names if "dist-info" in name)
    }


def test_the_source_archive_holds_what_make_needs(dist: Path) -> None:
    (archive,) = dist.glob("*.tar.gz")
    with tarfile.open(archive) as tar:
        names = {name.partition("/")[2] for name in tar.getnames()}
    assert {"Makefile", "requirements.lock", "README.md", "tests/conftest.py", "seeds/people.toml"} <= names


@pytest.mark.skipif(not shutil.which("make"), reason="there is no make")
def test_make_alone_says_what_there_is() -> None:
    told = run("make", "-C", ROOT, cwd=ROOT)
    for target in ("demo", "test", "lint", "lock", "eval", "bench", "clean"):
        assert f"make {target} " in told
