"""A folder that `openrace init` makes runs a night by following its own README to the letter."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from conftest import NOW, openrace, without_root_power
from openrace.errors import ConfigError
from openrace.resources import resource
from openrace.store import night_state, open_store
from openrace.user_files.settings_file import PATHS, TEXTS, read_settings

STARTER = resource("seeds") / "starter"


def surroundings(folder: Path) -> dict[str, str]:
    """An environment in which `openrace` is this checkout's."""
    command = folder / "bin" / "openrace"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m openrace "$@"\n')
    command.chmod(0o755)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("OPENRACE_")}
    home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder / "data")}
    return clean | home | {"PATH": f"{command.parent}:{os.environ['PATH']}"}


def test_the_commands_of_its_readme_run(tmp_path: Path) -> None:
    env = surroundings(tmp_path)
    subprocess.run(["openrace", "init", "desk"], cwd=tmp_path, env=env, check=True, capture_output=True)
    desk = tmp_path / "desk"
    blocks = re.findall(r"^```sh\n(.*?)^```$", (desk / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    lines = [line for line in "".join(blocks).splitlines() if not line.endswith("# online")]
    done = subprocess.run(
        ["bash", "-euc", "\n".join(lines)], cwd=desk, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Open weights want to be free" in done.stdout
    assert (desk / "site" / "index.html").is_file()
    kept = {path.name.split(".", 1)[1] for path in (desk / "backups").iterdir()}
    assert kept == {"db", "corrections.toml", "watches.toml"}
    assert not (tmp_path / "data").exists()


def test_a_scheduled_night_has_the_settings_of_the_folder(tmp_path: Path) -> None:
    env = surroundings(tmp_path)
    (tmp_path / "openrace.toml").write_text('db = "o.db"\nwatches = "mine/watches.toml"\n')
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/watches.toml").write_text('[[watch]]\nname = "w"\nquery = "x"\nfeed = true\n')
    asked = ["openrace", "schedule", "cron"]
    line = subprocess.run(asked, cwd=tmp_path, env=env, check=True, capture_output=True, text=True).stdout
    command = line.split("* * * ", 1)[1].replace(" nightly ", " nightly --no-crawl ", 1)
    done = subprocess.run(
        ["sh", "-c", command], cwd="/", env=env, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr
    assert (tmp_path / "site/watch/w.xml").is_file()


def test_what_is_there_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine")
    done = openrace("init", str(tmp_path))
    assert done.returncode == 2
    assert "is there already" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]


def test_every_option_of_the_file_is_told_in_it() -> None:
    told = set(re.findall(r"^(?:# )?([\w-]+) = ", (STARTER / "openrace.toml").read_text(), re.MULTILINE))
    assert told == {*PATHS, *TEXTS}


def test_a_variable_and_an_option_override_the_file(tmp_path: Path) -> None:
    config = tmp_path / "openrace.toml"
    config.write_text('db = "one.db"\n')
    for name in ("one", "two", "three"):
        open_store(tmp_path / f"{name}.db", create=True).close()
    env = {"OPENRACE_CONFIG": str(config)}

    def used(*more: str, **variables: str) -> str:
        told = openrace("status", "--json", *more, **env, **variables)
        return Path(json.loads(told.stdout)["database"]).name

    assert used() == "one.db"
    assert used(OPENRACE_DB=str(tmp_path / "two.db")) == "two.db"
    assert used("--db", str(tmp_path / "three.db"), OPENRACE_DB=str(tmp_path / "two.db")) == "three.db"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('db = "o.db"\nbase_url = "x"\n', r":2: base_url: there is no such option"),
        ("\ncontact = 3\n", r":2: contact: is not text"),
        ('db = "o.db\n', r":1: is not TOML"),
    ],
)
def test_what_is_wrong_in_the_file_is_told_with_its_line(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "openrace.toml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=problem):
        read_settings(path)


def test_only_what_is_worse_than_the_night_before_is_told(store_path: Path) -> None:
    db = open_store(store_path, create=True)
    for failed in (2, 2, 5, 1):
        run = night_state.begin_run(db, NOW)
        step = {"name": "crawl", "done": 9, "failed": failed, "note": "9 kept"}
        night_state.note_steps(db, run, [step], finished=NOW)
        told = openrace("status", "--worse", db=store_path).stdout
        expected = {2: "" if run == 2 else "crawl: 2 failed, 0", 5: "crawl: 5 failed, 2", 1: ""}[failed]
        assert told.startswith(expected)
        assert bool(told) == bool(expected)


def test_the_site_is_served_with_its_own_page_for_what_is_not_there(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("<p>home</p>")
    (site / "404.html").write_text("<p>not here</p>")
    command = [
        sys.executable,
        "-m",
        "openrace",
        "serve",
        "--to",
        str(site),
        "--port",
        "0",
        "--host",
        "127.0.0.1",
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr
            address = process.stderr.readline().split()[0]
            with urllib.request.urlopen(address) as answer:
                assert answer.read() == b"<p>home</p>"
            with pytest.raises(urllib.error.HTTPError) as missing:
                urllib.request.urlopen(f"{address}nowhere/")
            with missing.value as refused:
                assert (refused.code, refused.read()) == (404, b"<p>not here</p>")
        finally:
            process.terminate()


def test_help_into_head_and_a_narrow_terminal_do_no_harm(store_path: Path) -> None:
    program = f"{sys.executable} -m openrace"
    done = subprocess.run(
        ["bash", "-c", f"{program} --help | head -1; echo ${{PIPESTATUS[0]}}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    open_store(store_path, create=True).close()
    told = openrace("families", "--help", PYTHONIOENCODING="ascii", PYTHONUTF8="0", LC_ALL="C")
    assert (told.returncode, "Traceback" in told.stderr) == (0, False)
    article = store_path.with_name("a.txt")
    article.write_text("Häuser.\n\n“Weights want to be free,” said Ada Byte.\n")
    openrace("import", str(article), db=store_path)
    openrace("extract", db=store_path)
    found = openrace("search", "weights", db=store_path, PYTHONIOENCODING="ascii")
    assert found.returncode == 0, found.stderr
    assert "?Weights want to be free" in found.stdout


def test_a_database_that_is_read_only_can_be_searched(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    folder.mkdir()
    article = tmp_path / "a.txt"
    article.write_text("Port.\n\n“Weights want to be free,” said Ada Byte.\n")
    made = tmp_path / "o.db"
    openrace("import", str(article), db=made)
    openrace("extract", db=made)
    openrace("backup", str(folder / "o.db"), db=made)
    (folder / "o.db").chmod(0o444)
    folder.chmod(0o555)
    found = openrace("search", "weights", db=folder / "o.db", preexec_fn=without_root_power)
    folder.chmod(0o755)
    assert found.returncode == 0, found.stderr
    assert "Weights want to be free" in found.stdout


def test_the_units_with_a_mail_are_what_systemd_expects(tmp_path: Path) -> None:
    told = openrace("schedule", "systemd", "--mail", "ada@byte.example", db=tmp_path / "o.db").stdout
    units = re.split(r"^# ~/.config/systemd/user/(\S+)\n", told, flags=re.MULTILINE)[1:]
    found = dict(zip(units[::2], units[1::2], strict=True))
    assert set(found) == {"openrace.service", "openrace.timer", "openrace-failed.service"}
    assert "OnFailure=openrace-failed.service" in found["openrace.service"]
    if not shutil.which("systemd-analyze"):
        return
    for name, text in found.items():
        (tmp_path / name).write_text(text)
    command = ["systemd-analyze", "--user", "verify", *(str(tmp_path / name) for name in found)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "openrace" not in checked.stderr.replace("/usr/sbin/sendmail", ""), checked.stderr
