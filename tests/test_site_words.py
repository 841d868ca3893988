"""What a reader is told: who repeated it, who was silent, what was cut, and no word too many."""

from __future__ import annotations

import re
from pathlib import Path

import lxml.html
import pytest

from openrace.claim_wording import Piece
from openrace.records import Beat, Outlet
from openrace.site.digest_mail import digest_text
from openrace.story import FamilyStory
from site_editions import NOW, Whole, make_edition, morning, publish

LONG = " ".join(f"word{n}" for n in range(200))


def told(edition: Whole, folder: Path, address: str = "") -> str:
    """The text of a page of `edition` on one line."""
    publish(edition, folder, now=NOW)
    page = lxml.html.document_fromstring((folder / address / "index.html").read_bytes())
    return " ".join(page.xpath("string(//main)").split())


@pytest.fixture
def edition() -> Whole:
    """Forty statements of three days, one of them in many outlets, whose names can be told apart."""
    made = make_edition(40, seed=11, days=3)
    outlets = tuple(Outlet(domain=o.domain, name=f"Gazette {n}x") for n, o in enumerate(made.outlets))
    return made.model_copy(update={"outlets": outlets})


def widest(edition: Whole) -> FamilyStory:
    """The family with most reports."""
    return max(edition.stories, key=lambda story: len(story.appearances))


def carriers(edition: Whole) -> str:
    """How a reader is told who carried the family with most reports, as a pattern."""
    names = {outlet.domain: outlet.name for outlet in edition.outlets}
    first, *others = (names[a.outlet] for a in widest(edition).appearances if a.outlet)
    assert len(others) > 3
    return rf"irst in {first}, [^;]*; then {', '.join(others[:3])} and {len(others) - 3} more"


def test_the_front_page_says_who_repeated_it(edition: Whole, tmp_path: Path) -> None:
    assert re.search(carriers(edition), told(edition, tmp_path))


def test_the_mail_says_who_repeated_it(edition: Whole) -> None:
    assert re.search(carriers(edition), " ".join(digest_text(morning(edition)).split()))


def test_the_front_page_names_the_groups_that_were_silent(edition: Whole, tmp_path: Path) -> None:
    silent = Beat(id="silent", name="The silent ones", groups=("nobody",))
    page = told(edition.model_copy(update={"beats": (*edition.beats, silent)}), tmp_path)
    assert re.search(r"Nothing reported this week from: ([^.]*; )?The silent ones\.", page)


def test_long_words_are_cut_in_lists_and_whole_on_their_page(edition: Whole, tmp_path: Path) -> None:
    family = widest(edition).family
    said = tuple(
        s.model_copy(update={"parts": (Piece(LONG, True),)}) if s.claim_id == family.representative else s
        for s in edition.statements
    )
    edition = edition.model_copy(update={"statements": said})
    front = told(edition, tmp_path)
    assert f"“{LONG[:300]}" in front
    assert "word199" not in front
    assert f"“{LONG}”" in told(edition, tmp_path, f"q/{family.id}")


def test_a_single_report_is_told_once(tmp_path: Path) -> None:
    made = make_edition(3, single=True)
    publish(made, tmp_path, now=NOW)
    for path in tmp_path.glob("q/*/index.html"):
        page = lxml.html.document_fromstring(path.read_bytes())
        assert not page.xpath("//table")
        assert len(page.xpath("//main//a[text()='Read it there']")) == 1


def test_an_empty_edition_has_no_empty_tables(tmp_path: Path) -> None:
    publish(Whole(), tmp_path, now=NOW)
    for path in tmp_path.rglob("index.html"):
        page = lxml.html.document_fromstring(path.read_bytes())
        assert not page.xpath(
            "//main//tbody[not(tr)] | //main//ul[not(li)] | //main//ol[not(li)][not(@id)]"
        ), path
