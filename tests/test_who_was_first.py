"""Who had an utterance first: only as sure as the dates and the clocks of the outlets are."""

from __future__ import annotations

import json
import sqlite3
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import NOW, an_article, openrace, quoted_claims
from openrace.diffusion import Outlets, clock_early, leads, story_of_family
from openrace.pipeline.family_stories import stories_of
from openrace.pipeline.group_claims import group_into_families
from openrace.pipeline.isolation import FailedFamilies
from openrace.records import Article, Family
from openrace.store import article_table, change_log, claim_table, clock_table, open_store

CASES = tomllib.loads((Path(__file__).parent / "cases" / "who-was-first.toml").read_text("utf-8"))["case"]
WORDS = "The northern lab will not close the source of its small models"
WORDS_OF_MANY = (
    "harbour bridge railway theatre market library museum station garden airport winter lantern kettle meadow"
    " orchard violin copper granite thunder saddle pepper walnut velvet candle marble falcon timber anchor"
    " ribbon"
).split()


def domain(name: str) -> str:
    return f"{name}.example"


def report(
    number: int, outlet: str, when: str | None = None, zone: str | None = None, basis: str | None = None
) -> Article:
    return an_article(
        f"“{WORDS},” she said.",
        outlet=domain(outlet),
        url=f"https://{domain(outlet)}/{number}",
        published=when,
        published_zone=zone,
        published_basis=basis,
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
@given(rng=st.randoms(use_true_random=False))
@settings(max_examples=5)
def test_who_was_first(case, rng) -> None:
    articles = [report(number, *given) for number, given in enumerate(case["reports"])]
    rng.shuffle(articles)
    claims = {claim.id: claim for article in articles for claim in quoted_claims(article)}
    story = story_of_family(
        Family(id="all", claim_ids=tuple(claims), representative=min(claims)),
        claims,
        {article.id: article for article in articles},
        Outlets(
            zones={domain(name): zone for name, zone in case.get("zones", {}).items()},
            clocks={domain(name): hours for name, hours in case.get("early", {}).items()},
        ),
    )
    assert told_in_order(story.first_words()) == told_in_order(case["told"])
    lags = {shown.outlet: (shown.lag_hours, shown.lag_doubt_hours) for shown in story.appearances}
    for name, lag in case.get("lags", {}).items():
        assert lags[domain(name)] == ((None, 0) if lag == "-" else tuple(lag))


def told_in_order(words: str) -> list[str]:
    """The words; outlets that cannot be ordered come in any order."""
    return sorted(words.replace(",", "").split()) if "more" not in words else [words[-20:]]


@pytest.mark.parametrize(
    ("given", "early"),
    [
        ([4.2] * 20, 5),
        ([4.2] * 19, 0),  # too few to tell
        ([2.9] * 40, 0),  # who breaks news leads as well
        ([4.5] * 15 + [-9.0] * 14, 5),  # it also brings late what others had the day before
        ([4.5] * 14 + [-9.0] * 15, 0),
    ],
)
def test_when_a_clock_seems_early(given, early) -> None:
    assert clock_early(given) == early


def test_a_lead_is_over_the_median_of_those_who_bring_the_same_news() -> None:
    found = dict(leads({"a": 0.0, "b": 4.0, "c": 6.0, "much later": 400.0}))
    assert found == {"a": 5.0, "b": -1.0, "c": -4.0}


# -- in the store -----------------------------------------------------------------------------------

Printing = tuple[str, int, int]  # outlet, which utterance, minutes after its day began


def utterances(early: int = 20) -> list[Printing]:
    """As many utterances as a clock needs to be judged, the outlet "early" four hours ahead of two others."""
    return [
        (outlet, number, minutes + number)
        for number in range(early)
        for outlet, minutes in (("early", 360), ("one", 600), ("two", 605))
    ]


def keep(db: sqlite3.Connection, printings: list[Printing]) -> None:
    for outlet, number, minutes in printings:
        words = " ".join(WORDS_OF_MANY[(number + 1) * step % 29] for step in (1, 3, 5, 9, 11, 13, 15, 17))
        when = f"2025-05-{1 + number % 28:02}T{minutes // 60:02}:{minutes % 60:02}:00Z"
        where = {"outlet": domain(outlet), "url": f"https://{domain(outlet)}/{number}/{minutes}"}
        article = an_article(f"“{words},” she said.", published=when, **where)
        article_table.add_article(db, article, added=NOW)
        claim_table.save_claims(db, article.id, quoted_claims(article, "Ada Byte"), "test")


def kept(db: sqlite3.Connection) -> list[list[tuple]]:
    """What is kept of clocks; families by the claims in them, since their ids depend on the order."""
    leads = (
        "SELECT l.outlet, l.hours, group_concat(c.id) FROM clock_leads l JOIN"
        " (SELECT id, family FROM claims ORDER BY id) c ON c.family = l.family GROUP BY l.outlet, l.family"
    )
    return [
        sorted(map(tuple, db.execute(query))) for query in (leads, "SELECT outlet, hours FROM early_clocks")
    ]


def test_a_clock_that_is_early_is_found_and_doubted(db: sqlite3.Connection) -> None:
    keep(db, utterances()[:-3])
    group_into_families(db, now=NOW)
    assert clock_table.early_clocks(db) == {}
    before = change_log.latest(db)
    keep(db, utterances()[-3:])
    group_into_families(db, now=NOW)
    assert clock_table.early_clocks(db) == {"early.example": 5}
    changed = change_log.since(db, before)
    assert len(changed) == 20, "the outlet's other families are told anew"
    for story in stories_of(db, changed, FailedFamilies()):
        assert story.appearances[0].outlet == "early.example"
        assert story.appearances[0].clock_early_hours == 5
        assert story.first_words() == "early.example and one.example on the same day"


def test_a_clock_that_is_set_right_is_believed_again(db: sqlite3.Connection) -> None:
    keep(db, utterances())
    group_into_families(db, now=NOW)
    db.execute("UPDATE articles SET published = '2025-05-01T10:10:00Z' WHERE url LIKE '%early%/0/360'")
    group_into_families(db, now=NOW)
    assert clock_table.early_clocks(db) == {"early.example": 5}, "still by the median"
    db.execute("UPDATE claims SET hidden = 'test' WHERE outlet = 'one.example'")
    db.execute("UPDATE claims SET hidden = 'test' WHERE outlet = 'two.example'")
    group_into_families(db, now=NOW)
    assert kept(db) == [[], []]


@given(rng=st.randoms(use_true_random=False), cut=st.integers(1, 59))
@settings(max_examples=6, deadline=None)
def test_clocks_do_not_depend_on_the_order_of_nights(rng, cut) -> None:
    given = utterances()
    mixed = rng.sample(given, len(given))
    found = []
    for nights in ([given], [mixed[:cut], mixed[cut:]]):
        db = open_store(":memory:")
        for night in nights:
            keep(db, night)
            group_into_families(db, now=NOW)
        found.append(kept(db))
        db.close()
    assert found[0] == found[1]


def test_what_exports_and_the_terminal_say(tmp_path: Path) -> None:
    path = tmp_path / "clocks.db"
    with open_store(path, create=True) as db:
        keep(db, utterances())
        group_into_families(db, now=NOW)
    lines = map(json.loads, openrace("export", "claims", "--format", "jsonl", db=path).stdout.splitlines())
    told = {line["outlet"]: line for line in lines if line["url"].split("/")[3] == "0"}
    assert {line["first_outlet"] for line in told.values()} == {None}
    assert told["two.example"]["first_among"] == ["early.example", "one.example"]
    lags = {outlet: (line["lag_hours"], line["lag_doubt_hours"]) for outlet, line in told.items()}
    assert lags == {
        "early.example": (-4, 5.02),
        "one.example": (0, 0),
        "two.example": (0.08, 0),
    }
    shown = openrace("show", told["two.example"]["family_id"], db=path).stdout
    assert "early.example and one.example on the same day" in shown
    assert "its clock seems 5 h early" in shown
