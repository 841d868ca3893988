"""A night in which the program fails on some families: they alone are left out, told, and tried again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from openrace.cli import article_commands, nightly_command
from openrace.cli.typer_app import app
from openrace.pipeline import family_stories

AT = "2026-01-02T04:00:00Z"
COMMANDS = (article_commands, nightly_command)  # they attach themselves to the app
WORDS = (
    "The ferry will carry bread before it carries cars",
    "Our lighthouse keeps its lamp through every strike",
    "No teacher in this valley has seen the new timetable",
    "A harbour without cranes is only a pretty beach",
    "We counted four hundred seals on the northern rocks",
    "The bakery pays its apprentices from the first morning",
    "Nobody asked the miners what the tunnel would cost",
    "Rain has emptied the stadium twice since October",
    "The orchestra plays for free until the roof is mended",
    "Her recipe needs salt, patience and an iron pan",
    "Trams were never meant to climb that hill in winter",
    "The library lends drills as gladly as it lends novels",
    "Without honest scales the fish market is a theatre",
    "An orchard can outlive three governments and a war",
)
BROKEN = WORDS[:10]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    lines = (
        {
            "url": f"https://{paper}.example/{n}",
            "text": f"“{words},” said Mara Lindqvist on {day}.",
            "published": "2026-01-01",
        }
        for n, words in enumerate(WORDS)
        for paper, day in (("north", "Monday"), ("south", "Monday evening"))
    )
    path = tmp_path / "articles.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--db", str(folder / "o.db"), "--at", AT])


def night(folder: Path) -> Result:
    return run(folder, "nightly", "--no-crawl")


def pages(folder: Path) -> dict[str, str]:
    """Every page but the one that tells of the runs."""
    found = {str(page.relative_to(folder)): page for page in sorted((folder / "site").rglob("*.html"))}
    return {name: page.read_text("utf-8") for name, page in found.items() if "/status/" not in name}


def broken_story(whole):
    def story(family, claims, *more):
        if any(claims[claim].text.strip("“”,") in BROKEN for claim in family.claim_ids):
            raise ZeroDivisionError("a made bug")
        return whole(family, claims, *more)

    return story


def test_ten_families_fail_and_only_they(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound, hurt = tmp_path / "sound", tmp_path / "hurt"
    for folder in (sound, hurt):
        assert run(folder, "import", str(corpus)).exit_code == 0
    assert night(sound).exit_code == 0

    with monkeypatch.context() as bug:
        bug.setattr(family_stories, "story_of_family", broken_story(family_stories.story_of_family))
        done = night(hurt)
    assert done.exit_code == 3
    told = [line for line in done.stderr.splitlines() if "a made bug" in line]
    assert len(told) == 10, done.stderr
    assert len(set(told)) == 10

    expected = {page: text for page, text in pages(sound).items() if "/q/" in page}
    found = {page: text for page, text in pages(hurt).items() if "/q/" in page}
    assert len(expected) == len(WORDS)
    assert len(found) == len(WORDS) - 10
    for page, text in found.items():
        assert text == expected[page]
    front = pages(hurt)["site/index.html"]
    assert [words in front for words in WORDS] == [False] * 10 + [True] * 4

    assert night(hurt).exit_code == 0, "the next night has the mended program"
    assert pages(hurt) == pages(sound)
