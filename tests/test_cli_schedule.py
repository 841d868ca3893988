"""What is printed for cron and systemd is what runs."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from conftest import openrace


def test_the_cron_line_runs_as_it_is_printed(tmp_path: Path) -> None:
    db = tmp_path / "a folder" / "100%.db"
    db.parent.mkdir()
    heard = tmp_path / "heard"
    heard.write_text("the receiver was asked\n")
    told = openrace(
        *("schedule", "cron", "--hour", "3:07", "--mail", "ada@byte.example", "--contact", "me"),
        *("--ping", heard.as_uri()),
        db=db,
    )
    assert told.returncode == 0
    mail, line = told.stdout.splitlines()
    assert mail == "MAILTO=ada@byte.example"
    assert line.startswith("7 3 * * * /")
    command = line.split("* * * ", 1)[1].replace(r"\%", "%")  # as cron does
    command = command.replace(" nightly ", " nightly --no-crawl ", 1)
    done = subprocess.run(["sh", "-c", command], cwd="/", capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr
    assert (db.parent / "site" / "index.html").is_file()
    assert len(list((db.parent / "backups").iterdir())) == 1
    log = (db.parent / "nightly.log").read_text()
    assert "publish" in log
    assert "the receiver was asked" in log


def test_the_digest_is_handed_to_sendmail(tmp_path: Path) -> None:
    db = tmp_path / "o.db"
    line = openrace("schedule", "cron", "--digest-to", "ada@byte.example", db=db).stdout
    command = line.split("* * * ", 1)[1].replace(" nightly ", " nightly --no-crawl ", 1)
    command = command.replace("/usr/sbin/sendmail -t", f"cat >{tmp_path / 'mail'}")
    subprocess.run(["sh", "-c", command], cwd="/", capture_output=True, check=True)
    assert "To: ada@byte.example" in (tmp_path / "mail").read_text()
    units = openrace("schedule", "systemd", "--digest-to", "ada@byte.example", db=db).stdout
    assert "ExecStartPost=/bin/sh -c " in units


def test_a_night_that_failed_is_mailed(tmp_path: Path) -> None:
    db = tmp_path / "o.db"
    db.write_text("not a database, but a diary")
    line = openrace("schedule", "cron", db=db).stdout
    command = line.split("* * * ", 1)[1]
    done = subprocess.run(["sh", "-c", command], cwd="/", capture_output=True, text=True, check=False)
    assert "is not a database" in done.stdout


def test_the_units_are_what_systemd_expects(tmp_path: Path) -> None:
    told = openrace(
        *("schedule", "systemd", "--base-url", "https://n.example/100%"),
        *("--ping", "https://alive.example/openrace"),
        db=tmp_path / "o.db",
    ).stdout
    assert re.search(r"^ExecStartPost=/bin/sh -c .*curl .*https://alive.example/openrace", told, re.MULTILINE)
    assert "OnCalendar=*-*-* 04:00:00" in told
    start = re.search(r"^ExecStart=(.*)$", told, re.MULTILINE)
    assert start is not None
    assert start[1].startswith("/")
    assert "100%%" in start[1]
    if not shutil.which("systemd-analyze"):
        return
    service, timer = re.split(r"^# ~/.*\n", told, flags=re.MULTILINE)[1:]
    (tmp_path / "openrace.service").write_text(service)
    (tmp_path / "openrace.timer").write_text(timer)
    command = ["systemd-analyze", "--user", "verify", str(tmp_path / "openrace.timer")]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "openrace" not in checked.stderr, checked.stderr


@pytest.mark.parametrize("hour", ["25:00", "noon", "4"])
def test_an_hour_that_is_none(hour: str) -> None:
    assert openrace("schedule", "cron", "--hour", hour).returncode == 2


def test_the_digest_is_made_from_the_site_that_the_night_makes(tmp_path: Path) -> None:
    line = openrace(
        "schedule", "cron", "--to", "/srv/race", "--digest-to", "ada@byte.example", db=tmp_path / "o.db"
    ).stdout
    assert re.findall(r" (\w+) --db \S+ --to /srv/race", line) == ["nightly", "digest"]
