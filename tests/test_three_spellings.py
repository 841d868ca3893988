"""One speaker in three spellings, from the articles to the pages: everywhere the name that most print."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import openrace

SPELLINGS = {"one": "Mara Lindquist", "two": "Mara Lindqvist", "three": "M. Lindqvist"}  # by outlet
SAID = (
    "We will publish the plans of every small turbine before the winter begins",
    "Nobody should have to ask a ministry before they mend a bridge",
    "The library of the old harbour stays open for everyone who reads",
    "Copper is cheaper this year than the paper that we print on",
    "My engineers would rather share a failure than hide a success",
    "A lighthouse without a keeper is only an expensive lamp",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a store, `three.db`, and of what is published of it, `site`."""
    folder = tmp_path_factory.mktemp("three")
    articles = [
        {
            "url": f"https://{outlet}.example/{number}",
            "outlet": f"{outlet}.example",
            "published": f"2025-05-{10 + number}T1{later}:00:00Z",
            "title": f"What was said in {outlet}",
            "text": f"“{said},” {name} said on Monday. The harbour of {outlet} was quiet on day {number}.",
        }
        for number, said in enumerate(SAID)
        for later, (outlet, name) in enumerate(SPELLINGS.items())
    ]
    path = folder / "three.db"
    openrace("import", "-", db=path, stdin="\n".join(map(json.dumps, articles)))
    for step in ("extract", "group"):
        assert openrace(step, db=path).returncode == 0
    assert openrace("publish", "--to", str(folder / "site"), db=path).returncode == 0
    return folder


def test_the_terminal_names_the_speaker_so(site: Path) -> None:
    listed = openrace("families", "--json", db=site / "three.db").stdout.splitlines()
    assert [json.loads(line)["speaker"] for line in listed] == ["Mara Lindqvist"] * len(SAID)


def test_feed_search_and_front_page_name_the_speaker_so(site: Path) -> None:
    folder = site / "site"
    shown = [folder / "index.html", folder / "feed.xml", *folder.glob("search/**/*.js")]
    assert len(shown) > 2
    for path in shown:
        text = path.read_text("utf-8")
        assert "Lindquist" not in text, path
        assert "M. Lindqvist" not in text, path
    assert all("Mara Lindqvist" in (folder / name).read_text() for name in ("index.html", "feed.xml"))


def test_there_is_one_page_of_the_person(site: Path) -> None:
    pages = [path.name for path in (site / "site" / "people").iterdir() if path.is_dir()]
    assert pages == ["mara-lindqvist"]
    listed = json.loads((site / "site" / "people" / "index.json").read_text())["most_quoted"]
    assert [(row["name"], row["statements"]) for row in listed] == [("Mara Lindqvist", len(SAID))]
