"""What a reader is told: who repeated it, who was silent, what was cut, and no word too many."""

from __future__ import annotations

import json
import re
from pathlib import Path

import lxml.html
import pytest

from openrace.claim_wording import Piece
from openrace.records import Outlet
from openrace.seed_records import Beat
from openrace.site import compare_with_hosts
from openrace.site.digest_mail import digest_text
from openrace.site.family_line import lead_of
from openrace.site.reader_text import shorten
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


def carriers(edition: Whole) -> tuple[str, list[str]]:
    """Who carried the family with most reports: the first, and the others in time."""
    names = {outlet.domain: outlet.name for outlet in edition.outlets}
    first, *others = (names[a.outlet] for a in widest(edition).appearances if a.outlet)
    assert len(others) > 3
    return first, others


def test_the_front_page_says_who_repeated_it(edition: Whole, tmp_path: Path) -> None:
    first, others = carriers(edition)
    page = told(edition, tmp_path)
    assert re.search(rf"first {first} [^·]*· {len(others) + 1} outlets.*?More: {', '.join(others[:6])}", page)


def test_the_mail_says_who_repeated_it(edition: Whole) -> None:
    first, others = carriers(edition)
    mail = " ".join(digest_text(morning(edition)).split())
    then = rf"then {', '.join(others[:3])} and {len(others) - 3} more"
    assert re.search(rf"irst in {first}, [^;]*; {then}", mail)


def test_the_front_page_names_the_groups_that_were_silent(edition: Whole, tmp_path: Path) -> None:
    silent = Beat(id="silent", name="The silent ones", groups=("nobody",))
    page = told(edition.model_copy(update={"beats": (*edition.beats, silent)}), tmp_path)
    assert re.search(r"The silent ones\s*0 in 24 hours, 0 in the 24 before\s*Nobody quoted in 8 days\.", page)


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
    marked = {f for correction in made.corrections for f in correction.families}
    assert {path.parent.name for path in tmp_path.glob("q/*/index.html")} == marked
    articles = list(tmp_path.glob("a/*/index.html"))
    assert len(articles) == 3
    for path in articles:
        page = lxml.html.document_fromstring(path.read_bytes())
        assert not page.xpath("//table")
        assert len(page.xpath("//main//a[starts-with(text(), 'Read it there')]")) == 1


def test_a_statement_keeps_its_place_when_another_outlet_reports_it(tmp_path: Path) -> None:
    made = make_edition(12)
    story = next(s for s in made.stories if len(s.family.claim_ids) > 1)
    first = story.family.claim_ids[0]
    alone = story.family.model_copy(update={"claim_ids": (first,), "representative": first})
    single = FamilyStory(family=alone, variants=story.variants[:1], appearances=story.appearances[:1])
    others = [s for s in made.stories if s is not story]
    alone_edition = made.model_copy(update={"stories": (single, *others), "corrections": ()})
    publish(alone_edition, tmp_path, now=NOW)
    (page,) = (p for p in tmp_path.glob("a/*/index.html") if f'id="s-{first}"' in p.read_text())
    assert not (tmp_path / "q" / story.family.id).exists()
    publish(made.model_copy(update={"stories": (story, *others), "corrections": ()}), tmp_path, now=NOW)
    grown = page.read_text()
    assert f'id="s-{first}"' in grown
    assert f"q/{story.family.id}/index.html" in grown
    assert (tmp_path / "q" / story.family.id / "index.html").exists()


def test_an_empty_edition_has_no_empty_tables(tmp_path: Path) -> None:
    publish(Whole(), tmp_path, now=NOW)
    for path in tmp_path.rglob("index.html"):
        page = lxml.html.document_fromstring(path.read_bytes())
        assert not page.xpath(
            "//main//tbody[not(tr)] | //main//ul[not(li)] | //main//ol[not(li)][not(@id)]"
        ), path


@pytest.mark.parametrize(
    ("files", "size", "said"),
    [
        (
            12,
            5_000,
            "12 files, less than 1 MB: fits GitHub Pages (1 GB), GitLab Pages (200,000 files), Cloudflare",
        ),
        (
            20_001,
            10**8,
            "20,001 files, 100 MB: fits GitHub Pages (1 GB), GitLab Pages (200,000 files); too large",
        ),
        (200_001, 2 * 10**9, "200,001 files, 2,000 MB: too large for GitHub Pages (1 GB), GitLab Pages"),
    ],
)
def test_the_size_is_told_against_the_limits_of_hosts(files: int, size: int, said: str) -> None:
    assert compare_with_hosts(files, size).startswith(said)


@pytest.mark.parametrize(
    ("who", "polarity", "lead", "shown"),
    [
        ("Ada Byte", "asserted", "according to Ada Byte:", ""),
        ("Ada Byte", "asserted", "per Byte:", ""),
        ("", "asserted", "according to a report:", "according to a report:"),
        ("Ada Byte", "denied", "[denied] according to Ada Byte:", "[denied] according to Ada Byte:"),
        ("Ada Byte", "asserted", "said:", "said:"),
    ],
)
def test_a_verb_that_only_names_does_not_follow_the_name(
    edition: Whole, who: str, polarity: str, lead: str, shown: str
) -> None:
    said = {"kind": "indirect", "polarity": polarity, "lead": lead, "parts": (Piece("prices fell", False),)}
    assert lead_of(edition.statements[0].model_copy(update=said), who).strip() == shown


def test_what_was_cut_already_has_one_ellipsis() -> None:
    assert shorten("“prices fell … and rose” …" + " again" * 9, 28) == "“prices fell … and rose”…"


def test_the_archive_counts_a_statement_once(edition: Whole, tmp_path: Path) -> None:
    publish(edition, tmp_path, now=NOW)
    months = json.loads((tmp_path / "archive" / "index.json").read_bytes())["months"]
    dated = [story for story in edition.stories if any(it.when for it in story.appearances)]
    assert sum(number for _, number in months) == len(dated)


def test_an_outlet_is_not_said_to_come_after_itself(edition: Whole, tmp_path: Path) -> None:
    publish(edition, tmp_path, now=NOW)
    for outlet in edition.outlets:
        page = lxml.html.parse(tmp_path / "outlets" / outlet.domain / "index.html")
        later = page.xpath("//section[contains(h2, 'Carried after others')]//p[@class='meta']")
        assert not [row for row in later if f"after {outlet.name} " in f"{row.text_content()} "]
