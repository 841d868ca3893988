"""The stories of families: on invented articles, and on the bundled corpus as a reader would tell them."""

from __future__ import annotations

import json
import sqlite3
import tomllib
from pathlib import Path

import pytest

from conftest import NOW, an_article, openrace, quoted_claims
from openrace.cli.demo_run import run_demo
from openrace.diffusion import Outlets, prints_of, story_of_family
from openrace.diffusion.translation import translations
from openrace.pipeline.family_stories import explain_two, stories_of
from openrace.pipeline.group_claims import GroupingReport, group_into_families
from openrace.pipeline.isolation import FailedFamilies
from openrace.records import Article, Family
from openrace.store import open_store
from openrace.store.article_table import add_article
from openrace.store.claim_table import save_claims
from openrace.story import FamilyStory

CASES = Path(__file__).parent / "cases" / "families-translations.toml"
TRANSLATIONS = tomllib.loads(CASES.read_text("utf-8"))["case"]
WORDS = "The northern lab will not close the source of its small models"


def told(*articles: Article) -> FamilyStory:
    """The story of all quotations in `articles` as one family."""
    claims = {claim.id: claim for article in articles for claim in quoted_claims(article)}
    fullest = max(claims.values(), key=lambda claim: len(claim.text))
    family = Family(id="all", claim_ids=tuple(claims), representative=fullest.id)
    texts = {article.id: article for article in articles}
    return story_of_family(family, claims, texts, Outlets({"one.example": "NO", "two.example": "SE"}))


def article(outlet: str, when: str | None, text: str) -> Article:
    return an_article(text, outlet=outlet, published=when, url=f"https://{outlet}/{when}")


def test_who_had_it_when() -> None:
    story = told(
        article("two.example", "2025-05-19T12:30:00Z", f"She said on Monday: “{WORDS} ever.”"),
        article("one.example", "2025-05-19T10:00:00Z", f"“{WORDS},” she said."),
        article("one.example", "2025-05-21", f"Again: “{WORDS}.”"),
        article("three.example", None, f"Somebody wrote “{WORDS}” down."),
    )
    shown = story.appearances
    assert [a.outlet for a in shown] == ["one.example", "two.example", "one.example", "three.example"]
    assert [a.lag_hours for a in shown] == [0, 2.5, 48, None]
    assert [a.country for a in shown] == ["NO", "SE", "NO", None]
    assert [a.nearest for a in shown] == [None, shown[0].claim_id, shown[0].claim_id, None]
    assert shown[2].similarity == 1.0
    assert [(r.day, r.outlets, r.countries, r.appearances) for r in story.reach] == [
        ("2025-05-19", 2, 2, 2),
        ("2025-05-21", 2, 2, 3),
    ]


def test_variants_are_compared_with_the_earliest_and_the_representative() -> None:
    story = told(
        article("one.example", "2025-05-19", f"“{WORDS},” she said."),
        article("two.example", "2025-05-20", f"“{WORDS} in the spring.”"),
        article("three.example", "2025-05-21", f"“{WORDS}.”"),
    )
    common, fullest = story.variants
    assert len(common.claim_ids) == 2
    assert common.to_earliest is None
    assert common.to_representative is not None
    assert common.to_representative.kinds == ("cut",)
    assert fullest.to_representative is None
    assert fullest.to_earliest is not None
    assert fullest.to_earliest.kinds == ("added",)


def test_a_lost_negation_is_an_alert_with_both_wordings() -> None:
    story = told(
        article("one.example", "2025-05-19", f"“{WORDS},” she said."),
        article("two.example", "2025-05-20", f"“{WORDS.replace(' not', '')},” she said."),
    )
    [alert] = story.alerts
    assert alert.what == ("negation",)
    assert alert.lost == ("not",)
    assert "not" in "".join(change.base for change in alert.changes)


def test_a_wire_copy_is_told_from_a_report_of_its_own() -> None:
    long = " ".join(
        f"The harbour of town {i} froze on day {i} of the winter, and {i} boats stayed." for i in range(40)
    )
    story = told(
        article("one.example", "2025-05-19", f"{long} “{WORDS},” she said."),
        article("two.example", "2025-05-20", f"{long} “{WORDS},” she said. (Wire)"),
        article("three.example", "2025-05-21", f"{' '.join(reversed(long.split()))} “{WORDS},” she said."),
    )
    first, copy, own = story.appearances
    assert copy.wire_of == first.article_id
    assert first.wire_of is None
    assert own.wire_of is None


@pytest.mark.parametrize("case", TRANSLATIONS, ids=lambda case: case["why"])
def test_prints_that_are_translations_and_are_worded_differently(case) -> None:
    articles = [
        article(f"{number}.example", f"2025-05-{10 + number}", f"“{text}”")
        for number, (_, text) in enumerate(case["prints"])
    ]
    claims = {
        claim.id: claim
        for printed, (speaker, _) in zip(articles, case["prints"], strict=True)
        for claim in quoted_claims(printed, speaker or None)
    }
    texts = {printed.id: printed for printed in articles}
    places = {claim_id: place for place, claim_id in enumerate(claims)}
    found = translations(prints_of(claims.values(), texts))
    assert sorted(places[claim_id] for claim_id in found) == case["translations"]
    if "labelled" in case:
        family = Family(id="all", claim_ids=tuple(claims), representative=next(iter(claims)))
        story = story_of_family(family, claims, texts)
        held = [variant.to_representative for variant in story.variants if variant.to_representative]
        assert [comparison.translated for comparison in held] == [case["labelled"]]
        assert not story.alerts


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    folder = tmp_path_factory.mktemp("bundled") / "demo"
    run_demo(folder, now=NOW, warn=print, watch=lambda items, _: iter(items))
    return open_store(next(folder.glob("*.db")), readonly=True)


def the_family(db: sqlite3.Connection, words: str) -> FamilyStory:
    """The only family with a quotation that holds `words`."""
    rows = db.execute(
        "SELECT DISTINCT family FROM claims WHERE kind <> 'indirect' AND replace(text, '-', ' ') LIKE ?",
        (f"%{words}%",),
    )
    [story] = stories_of(db, [row["family"] for row in rows], FailedFamilies())
    return story


def outlets(db: sqlite3.Connection, claim_ids) -> set[str]:
    found = (db.execute("SELECT outlet FROM claims WHERE id = ?", (i,)).fetchone() for i in claim_ids)
    return {row["outlet"] for row in found}


def test_the_reddit_answer_is_one_family_over_all_its_pages(bundled: sqlite3.Connection) -> None:
    story = the_family(bundled, "wrong side of history")
    assert outlets(bundled, story.family.claim_ids) >= {
        *("ctksnews.com", "techjuice.pk", "tekedia.com", "technewsday.com", "datacenternews.tech"),
        *("thebeat.tech", "newscentral.africa", "leher-epaper.in", "newstrenders.com"),
    }
    alerts = {alert.what: outlets(bundled, alert.claim_ids) for alert in story.alerts}
    assert "datacenternews.tech" in alerts[("wording",)], "the machine-reworded copy"
    changed = [a for a in story.alerts if "probably" in a.gained]
    assert {"technewsday.com"} == set().union(*(outlets(bundled, a.claim_ids) for a in changed))
    assert not any("leher-epaper.in" in outlets(bundled, a.claim_ids) for a in story.alerts), (
        "a reporter's own hedge outside the marks is not the quotation's"
    )
    late = [a for a in story.appearances if a.when and a.when.startswith("2025-10-27")]
    assert late, "the re-quotation nine months later"


def test_the_interview_is_one_family_with_its_two_transcriptions(bundled: sqlite3.Connection) -> None:
    story = the_family(bundled, "two states of the world")
    assert outlets(bundled, story.family.claim_ids) >= {
        *("officechai.com", "africa.businessinsider.com", "daily8.com", "readnow.cc"),
    }
    assert any({"LLM", "AI"} <= {*alert.lost, *alert.gained} for alert in story.alerts)


def test_why_two_claims_are_one(bundled: sqlite3.Connection) -> None:
    story = the_family(bundled, "wrong side of history")
    a, b = story.variants[0].claim_ids[:2]
    line = explain_two(bundled, a, b)
    assert line.startswith("one family · reports of one utterance")
    assert "same speaker" in line
    assert "\n" not in line


def test_families_on_the_command_line(bundled: sqlite3.Connection) -> None:
    path = Path(bundled.execute("PRAGMA database_list").fetchone()["file"])
    listed = openrace("families", "--changed", "--json", db=path)
    rows = [json.loads(line) for line in listed.stdout.splitlines()]
    assert any("probably" in note for row in rows for note in row["alerts"])
    shown = openrace("show", rows[0]["id"], db=path)
    assert "wrong side of history" in shown.stdout


def test_exported_claims_tell_who_was_first_and_what_changed(bundled: sqlite3.Connection) -> None:
    path = Path(bundled.execute("PRAGMA database_list").fetchone()["file"])
    lines = map(json.loads, openrace("export", "claims", "--format", "jsonl", db=path).stdout.splitlines())
    family = [line for line in lines if line["first_outlet"] == "technewsday.com"]
    assert {line["outlet"]: line["changed"] for line in family if line["changed"]} == {
        "technewsday.com": ["modal"],
        "datacenternews.tech": ["wording"],
    }
    [late] = [line for line in family if line["outlet"] == "newstrenders.com"]
    assert late["lag_hours"] == 24 * 266
    assert {line["lag_hours"] for line in family if not line["published"]} == {None}


def test_a_store_without_families_is_no_error(db: sqlite3.Connection) -> None:
    assert group_into_families(db, now=NOW) == GroupingReport(0, 0)
    an = article("one.example", "2025-05-19", "Nobody said a word.")
    add_article(db, an, added=NOW)
    save_claims(db, an.id, [], "test")
    assert list(stories_of(db, ["nothing"], FailedFamilies())) == []
