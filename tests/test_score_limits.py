"""Constants of translations, Chinese claims and suggestions for ideas, each with a case on either side."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from openrace.clustering.cross_language import (
    LINE,
    ChineseWording,
    EnglishClaims,
    EnglishWording,
    Said,
    features,
    likeness,
    line_among,
    numbers_of,
    read_chinese,
    read_english,
    weigh,
)
from openrace.extract.claims import extract_claims
from openrace.ideas.features import features as features_of_statement
from openrace.ideas.suggestions import Example, draw_background, is_ready, shared_words
from openrace.records import Article, Claim

LIMITS = tomllib.loads((Path(__file__).parent / "cases" / "score-limits.toml").read_text("utf-8"))


# -- one utterance in English and in Chinese --------------------------------------------------------


@pytest.mark.parametrize("case", LIMITS["translation"]["case"], ids=lambda case: case["name"])
def test_a_weight_of_a_translation(case: dict[str, Any]) -> None:
    pair = LIMITS["translation"]["base"] | case.get("base", {})
    assert weigh(pair | {case["field"]: case["no"]}) < LINE <= weigh(pair | {case["field"]: case["yes"]})


@pytest.mark.parametrize("case", LIMITS["crowd"], ids=lambda case: f"{case['claims']} claims")
def test_the_best_of_many_must_be_surer(case: dict[str, Any]) -> None:
    assert case["no"] < line_among(case["claims"]) < case["yes"]


def share(english: dict[str, float], *words: str, latin: str = "") -> tuple[float, float]:
    """How much each wording has that the other has, in percent."""
    read = ChineseWording(tuple(frozenset([word]) for word in words), frozenset(latin), (), {})
    return tuple(round(100 * told) for told in likeness(EnglishWording(english, (), {}), read))  # type: ignore[return-value]


def test_a_short_wording_has_little_to_be_alike_in() -> None:
    assert share({"a": 10.0}, "a") == (50, 50)
    assert share({"a": 10.0}, latin="a") == (50, 38)
    assert share({"a": 10.0}, "a", "a word that no dictionary has") == (50, 42)


def test_a_rare_word_weighs_no_more_than_one_that_the_dictionary_has_once() -> None:
    assert read_english("qzxj").stems == {"qzxj": 7.0}


def test_two_numbers_in_common_are_as_good_as_three() -> None:
    texts = [f"{n} percent, {n + 1} percent and {n + 2} percent" for n in (21, 21)]
    english, chinese = read_english(texts[0]), read_chinese("百分之21、百分之22和百分之23")
    values = features(english, chinese, 0)
    assert len(english.numbers) == len(chinese.numbers) == 3
    assert values is not None
    assert values["numbers"] == 2


def test_small_numbers_in_words_count_nothing() -> None:
    assert [len(numbers_of(text)) for text in ("ten mills", "eleven mills", "十个磨坊", "十一个磨坊")] == [
        0,
        1,
        0,
        1,
    ]


@pytest.mark.parametrize(("liker", "found"), [(29, True), (30, False)])
def test_thirty_wordings_are_looked_at_closely(liker: int, found: bool) -> None:
    chinese = "我们将在下个月发布模型的权重，因为百分之40的开放源代码让每个人都更安全"
    true = "We will release the weights of our model next month because open source makes everyone safer"
    said = {"true": Said(true, true)}
    for number in range(liker):  # they share "percent" too, but their number is another one
        text = f"{true}, all 7{number % 10} percent of us"
        said[f"other {number}"] = Said(text, text)
    match = EnglishClaims(said).best_match(Said(chinese, chinese), dict.fromkeys(said, 0))
    assert (match is not None) is found


# -- Chinese claims ---------------------------------------------------------------------------------


def claims_in(text: str) -> list[Claim]:
    return extract_claims(Article(id="a", text=text, language="zh"))


@pytest.mark.parametrize("case", LIMITS["chinese"], ids=lambda case: case["name"])
def test_a_chinese_claim_needs_so_much(case: dict[str, str]) -> None:
    assert claims_in(case["no"]) == []
    assert len(claims_in(case["yes"])) == 1


@pytest.mark.parametrize(("marked", "kind"), [("全民的工具箱", "indirect"), ("全民的工具箱子", "mixed")])
def test_six_characters_in_marks_are_a_term(marked: str, kind: str) -> None:
    (claim,) = claims_in(f"磐石公司创始人魏远山表示“{marked}”会继续扩建。")
    assert claim.kind == kind


@pytest.mark.parametrize("case", LIMITS["sure"], ids=lambda case: case["shape"])
def test_how_sure_a_shape_makes_a_chinese_claim(case: dict[str, Any]) -> None:
    assert case["over"] < claims_in(case["text"])[-1].confidence < case["under"]


# -- suggestions for ideas --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("speakers", "ready"), [("ABCAB", True), ("ABCA", False), ("ABABA", False), ("ABCDE", True)]
)
def test_an_idea_needs_five_marks_of_three_people(speakers: str, ready: bool) -> None:
    marks = [Example(f"statement {n}", "yes", speaker, f"c{n}") for n, speaker in enumerate(speakers)]
    assert is_ready(marks) is ready


def test_a_thousand_statements_are_the_background() -> None:
    keys = [str(number) for number in range(1_100)]
    assert len(draw_background(keys)) == len(draw_background(keys[:1_000])) == 1_000
    assert len(draw_background(keys[:999])) == 999


def test_words_with_the_same_five_letters_are_alike() -> None:
    one, other = (set(features_of_statement(word)) for word in ("commodity", "commodities"))
    assert one & other == {"commo…"}
    assert not set(features_of_statement("comma")) & set(features_of_statement("commas")) - {"comma…"}
    assert set(features_of_statement("comma")) == {"comma"}


def test_eight_shared_words_are_shown() -> None:
    words = "apple brick cedar delta ember fjord grape hazel iris".split()
    assert len(shared_words(" ".join(words), " ".join(words))) == 8
    assert len(shared_words(" ".join(words[:8]), " ".join(words[:8]))) == 8
