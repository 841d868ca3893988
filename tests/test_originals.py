"""From files to a family with its original: whichever comes first, the transcript or the reports."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from conftest import openrace

TALK = """WEBVTT

NOTE
title: Ada Rook on the lock
recording: https://talks.example/lock.mp3
published: 2026-03-01

00:00:10.000 --> 00:00:14.000
<v Kaveh Sorin>What will you do about the lock?

00:00:14.000 --> 00:00:21.000
<v Ada Rook>Well, we, uh, we will not close the lock this winter,
because the ferry needs it and the town needs the ferry.

00:01:30.000 --> 00:01:34.000
<v Kaveh Sorin>And who is going to pay?

00:02:30.000 --> 00:02:40.000
<v Ada Rook>The county will pay two hundred and fifty thousand crowns before the spring.
"""
REPORTS = {
    "faithful": "“We will not close the lock this winter, because the ferry needs it,” said Ada Rook.",
    "turned": "“We will close the lock this winter, because the ferry needs it,” said Ada Rook.",
    "other": "“The bridge has been standing open since the crane fell into the water,” said Ada Rook.",
}


def write(folder: Path) -> None:
    (folder / "talk.vtt").write_text(TALK)
    lines = [
        {"id": name, "text": text, "outlet": f"{name}.example", "published": "2026-03-02"}
        for name, text in REPORTS.items()
    ]
    (folder / "reports.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))


def take_in(folder: Path, db: Path, *names: str) -> None:
    for name in names:
        taken = openrace("import", str(folder / name), "--at", "2026-03-03T04:00:00Z", db=db)
        assert [taken.returncode, *(openrace(step, db=db).returncode for step in ("extract", "group"))] == [
            0
        ] * 3


def families(db: Path) -> list[dict]:
    ids = [json.loads(line)["id"] for line in openrace("export", "families", db=db).stdout.splitlines()]
    return [json.loads(openrace("show", family, "--json", db=db).stdout) for family in ids]


@pytest.mark.parametrize("order", [("talk.vtt", "reports.jsonl"), ("reports.jsonl", "talk.vtt")])
def test_a_family_has_its_original_whichever_comes_first(tmp_path: Path, order: tuple[str, str]) -> None:
    write(tmp_path)
    db = tmp_path / "o.db"
    take_in(tmp_path, db, *order)
    with_original = [story for story in families(db) if story["original"]]
    assert with_original
    for story in with_original:
        original = story["original"]
        assert (original["speaker"], original["second"]) == ("Ada Rook", 14.0)
        shown = openrace("show", story["family"]["id"], db=db).stdout
        assert "in the recording at 0:14, Ada Rook:" in shown
        assert "we will not close the lock this winter" in shown
    lines = map(json.loads, openrace("export", "claims", db=db).stdout.splitlines())
    told = {line["outlet"]: (line["original_link"], line["against_original"]) for line in lines}
    link = "https://talks.example/lock.mp3#t=14"
    assert told == {
        "faithful.example": (link, []),
        "turned.example": (link, ["negation"]),
        "other.example": (None, []),
    }


def test_the_same_night_again_changes_nothing(tmp_path: Path) -> None:
    write(tmp_path)
    db = tmp_path / "o.db"
    take_in(tmp_path, db, "talk.vtt", "reports.jsonl")
    before = families(db)
    take_in(tmp_path, db, "talk.vtt")
    assert families(db) == before


def test_the_page_of_a_family_shows_what_was_said(tmp_path: Path) -> None:
    write(tmp_path)
    db = tmp_path / "o.db"
    take_in(tmp_path, db, "talk.vtt", "reports.jsonl")
    published = openrace("publish", "--to", str(tmp_path / "site"), db=db)
    assert published.returncode == 0, published.stderr
    site = tmp_path / "site"
    pages = {
        page.relative_to(site).as_posix(): page.read_text()
        for page in [*site.glob("q/*/*.html"), site / "index.html"]
    }
    shown = [page for page in pages.values() if "#t=14" in page and ">negation<" in page]
    assert shown
    assert all("we will not close the lock this winter" in page for page in shown)
    assert "<b>In the recording.</b>" in pages["index.html"]
    (recording,) = site.glob("recordings/*/index.html")
    (turn,) = re.findall(r"<section.*?</section>", recording.read_text(), re.DOTALL)
    assert "<mark>we, uh, we will not close the lock this winter," in turn
    assert "turned.example" in turn
    assert "the original: “we, uh, we will not close the lock" in turn
    assert "1 turn that nobody reports" in recording.read_text()
    for target in re.findall(r'href="\.\./\.\./(recordings/[^"]+)"', "".join(shown)):
        file, _, anchor = target.partition("#")
        assert f'id="{anchor}"' in (site / file).read_text()


def test_an_alert_speaks_of_the_original(tmp_path: Path) -> None:
    write(tmp_path)
    lines = [json.loads(line) for line in (tmp_path / "reports.jsonl").read_text().splitlines()]
    again = [line | {"id": f"{line['id']}2", "outlet": f"{n}.example"} for n, line in enumerate(lines)]
    turned = {"text": lines[1]["text"], "outlet": "third.example", "id": "third", "published": "2026-03-02"}
    more = "".join(json.dumps(line) + "\n" for line in [*lines, again[1], turned])
    (tmp_path / "reports.jsonl").write_text(more)
    db = tmp_path / "o.db"
    take_in(tmp_path, db, "talk.vtt", "reports.jsonl")
    stories = [story for story in families(db) if story["alerts"]]
    shown = {
        v["text"] for s in stories for v in s["variants"] if s["family"]["representative"] in v["claim_ids"]
    }
    assert shown == {REPORTS["faithful"].split("”")[0].strip("“")}
    alerts = [alert for story in stories for alert in story["alerts"]]
    assert alerts
    for alert in alerts:  # three print it so, one as it was said: that one is the base
        assert len(alert["claim_ids"]) == 3
        assert "the original says “" in alert["note"]
        assert "will not close the lock" in alert["note"]
