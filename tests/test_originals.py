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
SAID = "We will not close the lock this winter, because the ferry needs it,"
REPORTS = {
    "faithful": f"“{SAID}” said Ada Rook.",
    "turned": f"“{SAID.replace(' not', '')}” said Ada Rook.",
    "other": "“The bridge has been standing open since the crane fell into the water,” said Ada Rook.",
}
COPIES = {"again": "turned", "third": "turned"}  # print what another does: most have it turned


def take_in(folder: Path, db: Path, *names: str) -> None:
    (folder / "talk.vtt").write_text(TALK)
    texts = REPORTS | {name: REPORTS[of] for name, of in COPIES.items()}
    lines = [
        {"id": name, "text": text, "outlet": f"{name}.example", "published": "2026-03-02"}
        for name, text in texts.items()
    ]
    (folder / "reports.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    for name in names:
        taken = openrace("import", str(folder / name), "--at", "2026-03-03T04:00:00Z", db=db)
        assert [taken.returncode, *(openrace(step, db=db).returncode for step in ("extract", "group"))] == [
            0
        ] * 3


def families(db: Path) -> list[dict]:
    ids = [json.loads(line)["id"] for line in openrace("export", "families", db=db).stdout.splitlines()]
    return [json.loads(openrace("show", family, "--json", db=db).stdout) for family in ids]


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which the talk was before its reports."""
    folder = tmp_path_factory.mktemp("talk")
    take_in(folder, folder / "o.db", "talk.vtt", "reports.jsonl")
    return folder / "o.db"


def test_a_family_has_its_original_and_each_report_is_held_against_it(db: Path) -> None:
    (story,) = [story for story in families(db) if story["original"]]
    assert (story["original"]["speaker"], story["original"]["second"]) == ("Ada Rook", 14.0)
    shown = openrace("show", story["family"]["id"], db=db).stdout
    assert "in the recording at 0:14, Ada Rook:" in shown
    assert "we will not close the lock this winter" in shown
    lines = map(json.loads, openrace("export", "claims", db=db).stdout.splitlines())
    told = {line["outlet"]: (line["original_link"], line["against_original"]) for line in lines}
    link = "https://talks.example/lock.mp3#t=14"
    turned = (link, ["negation"])
    assert told == {
        "faithful.example": (link, []),
        "turned.example": turned,
        "again.example": turned,
        "third.example": turned,
        "other.example": (None, []),
    }


def test_an_alert_speaks_of_the_original_and_a_faithful_report_stands_for_the_family(db: Path) -> None:
    (story,) = [story for story in families(db) if story["alerts"]]
    chosen = story["family"]["representative"]
    assert [v["text"] for v in story["variants"] if chosen in v["claim_ids"]] == [SAID]
    (alert,) = story["alerts"]
    assert len(alert["claim_ids"]) == 3  # most have it so, and still the one as it was said is the base
    assert "the original says “we, uh, we will not close the lock this”" in alert["note"]


def test_it_is_the_same_whichever_comes_first_and_however_often(tmp_path: Path, db: Path) -> None:
    take_in(tmp_path, tmp_path / "o.db", "reports.jsonl", "talk.vtt", "talk.vtt")
    assert families(tmp_path / "o.db") == families(db)


def test_the_pages_of_a_family_and_of_the_recording_show_what_was_said(tmp_path: Path, db: Path) -> None:
    site = tmp_path / "site"
    published = openrace("publish", "--to", str(site), db=db)
    assert published.returncode == 0, published.stderr
    (family,) = [text for page in site.glob("q/*/*.html") if "#t=14" in (text := page.read_text())]
    assert ">negation<" in family
    assert "we will not close the lock this winter" in family
    assert "<b>In the recording.</b>" in (site / "index.html").read_text()
    (recording,) = site.glob("recordings/*/index.html")
    (turn,) = re.findall(r"<section.*?</section>", recording.read_text(), re.DOTALL)
    assert "<mark>we, uh, we will not close the lock this winter," in turn
    assert "turned.example" in turn
    assert "the original: “we, uh, we will not close the lock" in turn
    assert "1 turn that nobody reports" in recording.read_text()
    (target,) = re.findall(r'href="\.\./\.\./(recordings/[^"]+)"', family)
    file, _, anchor = target.partition("#")
    assert f'id="{anchor}"' in (site / file).read_text()
