"""One utterance in English and in Chinese: likeness, names in both scripts, links in any order of nights."""

from __future__ import annotations

import sqlite3
import tomllib
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import NOW, all_families, an_article, quoted_claims
from openrace.cli.families_command import describe_family
from openrace.clustering.cross_language import (
    LINE,
    EnglishClaims,
    Said,
    line_among,
    log_odds,
    read_chinese,
    read_english,
)
from openrace.clustering.name_map import NameMap, NamePair, Speakers, name_pairs
from openrace.pipeline.family_stories import tell_families
from openrace.pipeline.group_claims import group_into_families
from openrace.pipeline.isolation import FailedFamilies
from openrace.store import article_table, claim_table, open_store
from openrace.wordings.quantities import numbers_of

PAIRS = tomllib.loads((Path(__file__).parent / "cases" / "cross-language.toml").read_text("utf-8"))["pair"]
WEIGHTS = "We will release the weights of our model next month because open source makes everyone safer"
WEIGHTS_ZH = "我们将在下个月发布模型的权重，因为开放源代码让每个人都更安全"
CHIPS = "Export controls on chips will slow down American companies and help their competitors in China"
CHIPS_ZH = "芯片出口管制会拖慢美国公司，帮助它们在中国的竞争对手"
DAY = date(2025, 5, 19)
Print = tuple[str, str, str, int]  # words, speaker, what else the article says, days after the first


@pytest.mark.parametrize("case", PAIRS, ids=lambda case: case["name"])
def test_two_wordings(case: dict[str, object]) -> None:
    odds = log_odds(read_english(str(case["english"])), read_chinese(str(case["chinese"])), 0)
    assert (odds >= LINE) == case["same"]


@pytest.mark.parametrize(
    "text", ["on February 19", "2月19日", "in 2025", "GPT-4.5 and R1", "one of two reasons", "一个原因"]
)
def test_what_is_no_number_of_a_statement(text: str) -> None:
    assert numbers_of(text) == ()


def test_numbers_are_read_by_value() -> None:
    [english], [chinese] = numbers_of("some $9.74 billion"), numbers_of("约 97.4 亿美元")
    assert english.agrees(chinese)


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("律师洛维克·滕贝尔（Lovik Tember）说", {("律师洛维克·滕贝尔", "Lovik Tember")}),
        ("Lovik Tember (洛維克•滕貝爾) said so", {("洛维克·滕贝尔", "Lovik Tember")}),
        ("增长（见下文）", set()),
        ("no Chinese (at all)", set()),
    ],
)
def test_names_in_both_scripts(text: str, pairs: set[tuple[str, str]]) -> None:
    assert name_pairs(text) == pairs


def test_a_name_is_found_by_how_the_printed_form_ends() -> None:
    names = NameMap([NamePair("律师洛维克·滕贝尔", "Lovik Tember")])
    speakers = Speakers(["Lovik Tember", "Tember", "Anna Tember", "Otto Glim"])
    assert speakers.same_as("滕贝尔", names) == {"Lovik Tember", "Tember"}
    assert speakers.same_as("洛维克", names) == set()


def keep(db: sqlite3.Connection, number: int, said: Print) -> None:
    words, speaker, more, days = said
    article = an_article(
        f"“{words}” was said. {more}",
        url=f"https://{number}.example/",
        outlet=f"{number}.example",
        published=str(DAY + timedelta(days=days)),
    )
    article_table.add_article(db, article, added=NOW)
    claim_table.save_claims(db, article.id, quoted_claims(article, speaker), "test")


def linked(nights: Sequence[Sequence[tuple[int, Print]]]) -> set[tuple[str, str]]:
    """The links, by the words of both sides, of a store that took in these articles night by night."""
    db = open_store(Path(":memory:"), create=True)
    try:
        for night in nights:
            for number, said in night:
                keep(db, number, said)
            group_into_families(db, now=NOW)
        query = (
            "SELECT x.text, y.text FROM same_utterance s JOIN families a ON a.id = s.a"
            " JOIN families b ON b.id = s.b JOIN claims x ON x.id = a.representative"
            " JOIN claims y ON y.id = b.representative"
        )
        return set(map(tuple, db.execute(query)))
    finally:
        db.close()


NAMED = "滕贝尔（Lovik Tember）是一名工程师。"
STORE: list[Print] = [
    (WEIGHTS, "Lovik Tember", "", 0),
    (WEIGHTS_ZH, "滕贝尔", "", 1),
    ("Something else was asked", "Otto Glim", NAMED, 1),
    (CHIPS, "Lovik Tember", "", 2),
    (CHIPS_ZH, "滕贝尔", "", 2),
    (CHIPS.replace("slow down", "hurt"), "Tember", "", 4),
    (WEIGHTS_ZH, "格利姆", "", 0),
    (WEIGHTS_ZH.replace("下个月", "明年"), "滕贝尔", "", 9),
]


def test_what_is_joined() -> None:
    pairs = linked([list(enumerate(STORE))])
    assert (WEIGHTS, WEIGHTS_ZH) in pairs
    assert all((b, a) in pairs for a, b in pairs)


def test_without_a_printed_pair_of_names_nobody_is_the_same() -> None:
    assert linked([[(n, said) for n, said in enumerate(STORE) if said[2] != NAMED]]) == set()


def test_days_apart_are_another_utterance() -> None:
    english, chinese = f"{CHIPS} by 30 percent", f"{CHIPS_ZH}，幅度达30%"
    for days, is_one in ((3, True), (4, False)):
        prints = [(english, "Lovik Tember", "", 0), (chinese, "滕贝尔", NAMED, days)]
        assert bool(linked([list(enumerate(prints))])) == is_one


@settings(max_examples=12, deadline=None)
@given(st.permutations(list(enumerate(STORE))), st.sets(st.integers(1, len(STORE) - 1), max_size=3))
def test_links_are_the_same_in_any_order_and_split_into_nights(
    order: list[tuple[int, Print]], cuts: set[int]
) -> None:
    bounds = [0, *sorted(cuts), len(order)]
    nights = [order[a:b] for a, b in pairwise(bounds)]
    assert linked(nights) == linked([list(enumerate(STORE))])


def test_a_claim_that_is_hidden_is_linked_no_more(db: sqlite3.Connection) -> None:
    keep(db, 0, STORE[0])
    keep(db, 1, (WEIGHTS_ZH, "滕贝尔", NAMED, 0))
    group_into_families(db, now=NOW)
    [a, b] = all_families(db)
    assert (a.same_utterance, b.same_utterance) == ((b.id,), (a.id,))
    db.execute("UPDATE claims SET hidden = 'by request' WHERE text = ?", (WEIGHTS_ZH,))
    group_into_families(db, now=NOW)
    [left] = all_families(db)
    assert left.same_utterance == ()


def test_a_family_is_shown_with_its_wording_in_the_other_language(
    db: sqlite3.Connection,
) -> None:
    keep(db, 0, STORE[0])
    keep(db, 1, (WEIGHTS_ZH, "滕贝尔", NAMED, 0))
    group_into_families(db, now=NOW)
    told = {family.id: describe_family(db, family.id, as_json=False) for family in all_families(db)}
    assert any("in Chinese: " in text and f"“{WEIGHTS_ZH}”" in text for text in map(str, told.values()))
    assert any("in English: " in text and f"“{WEIGHTS}”" in text for text in map(str, told.values()))


def test_among_many_claims_the_best_must_be_surer() -> None:
    said = Said("Export controls on chips will slow us down", "")
    chinese = Said("芯片出口管制会拖慢我们", "芯片出口管制会拖慢我们")
    few = {"a": said}
    many = few | {f"b{n}": Said(f"Nothing was agreed on point {n} of the plan", "") for n in range(3000)}
    assert line_among(1) == line_among(100) == LINE < line_among(len(many))
    match = EnglishClaims(few).best_match(chinese, {"a": 0})
    assert match
    among = EnglishClaims(many).best_match(chinese, dict.fromkeys(many, 0))
    assert bool(among) == (match.odds >= line_among(len(many)))


@pytest.mark.parametrize(
    ("chinese", "told"),
    [(CHIPS_ZH, ()), (CHIPS_ZH.replace("会拖慢", "不会拖慢"), ("negation",))],
)
def test_a_translation_that_says_something_else_is_an_alert(chinese: str, told: tuple[str, ...]) -> None:
    db = open_store(Path(":memory:"), create=True)
    try:
        for number, said in enumerate([(CHIPS, "Lovik Tember", NAMED, 0), (chinese, "滕贝尔", NAMED, 0)]):
            keep(db, number, said)
        group_into_families(db, now=NOW)
        families = [family.id for family in all_families(db)]
        alerts = [it for one in tell_families(db, families, FailedFamilies()) for it in one.story.alerts]
        assert tuple(kind for alert in alerts for kind in alert.what) == told
        assert all("1.example" in alert.note for alert in alerts)
    finally:
        db.close()
