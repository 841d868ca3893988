"""Chinese extraction: cases in `cases/chinese-*.toml`, and what holds for any text."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import cpu_limit
from openrace.extract.chinese.quotations import find_quotations, fold
from openrace.extract.claims import extract_claims
from openrace.extract.directory import Directory
from openrace.records import Article, Claim
from openrace.scripts import is_chinese
from openrace.seed_records import Organisation, Person

CASES = Path(__file__).parent / "cases"


def load_cases() -> Iterator[Any]:
    for path in sorted(CASES.glob("chinese-*.toml")):
        for case in tomllib.loads(path.read_text("utf-8"))["case"]:
            yield pytest.param(case, id=f"{path.stem}: {case['name']}")


def directory_of(case: dict[str, Any]) -> Directory:
    return Directory(
        [Person(**p) for p in case.get("person", ())],
        [Organisation(**o) for o in case.get("organisation", ())],
    )


def as_told(claim: Claim, keys: set[str]) -> dict[str, str | None]:
    """The claim in the words of a case: always kind, text and speaker, the rest where `keys` ask for it."""
    told: dict[str, str | None] = {"kind": claim.kind, "text": claim.text}
    told["speaker"] = claim.speaker.name if claim.speaker else None
    told["mention"] = claim.speaker.text if claim.speaker else None
    told["person_id"] = claim.speaker.person_id if claim.speaker else None
    told["cue"] = claim.cue.text if claim.cue else None
    told["venue"] = claim.venue.text if claim.venue else None
    told["polarity"] = claim.polarity
    return {key: told[key] for key in told if key in keys | {"kind", "text", "speaker"}}


@pytest.mark.parametrize("case", [*load_cases()])
def test_case(case: dict[str, Any]) -> None:
    article = Article(id="a", text=case["text"])
    claims = extract_claims(article, directory_of(case))
    expected = [{"speaker": None, **claim} for claim in case.get("claim", ())]
    asked = [set(claim) for claim in expected] + [set()] * len(claims)
    assert [as_told(claim, keys) for claim, keys in zip(claims, asked, strict=False)] == expected, case["why"]
    for claim in claims:
        claim.check_against(article)


def test_every_case_says_why() -> None:
    cases = [param.values[0] for param in load_cases()]
    assert len(cases) >= 90
    assert all(case["why"].strip() for case in cases)
    assert len({case["text"] for case in cases}) == len(cases)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("开源是必由之路。", True),
        ("開源是必由之路。", True),
        ("OpenForge首席执行官Dana Whitlock表示，时间尚未确定。", True),
        ("The founder, Liang Wentian (梁问天), said so twice last week.", False),
        ("オープンソースが重要だと李若川氏は述べた。", False),
        ("오픈소스가 중요하다고 말했다.", False),
        ("", False),
        ("12345 ！？", False),
    ],
)
def test_script_tells_the_language(text: str, expected: bool) -> None:
    assert is_chinese(text) is expected


def test_a_surname_behind_the_dot_finds_its_only_bearer() -> None:
    karl = Person(id="karl", name="Karl Wintland", aliases=("卡尔·温特兰",))
    clara = Person(id="clara", name="Clara Wintland", aliases=("克拉拉·温特兰",))
    known = Directory([karl]).find("溫特蘭")
    assert known is not None
    assert known.id == "karl"
    assert Directory([karl]).find("马丁·温特兰") is None
    assert Directory([karl, clara]).find("温特兰") is None


@given(st.text())
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)


WORDS = """
李若川 王小禾 海棠智能 萨默·奥尔特兰 Whitlock 表示 说 称 据 告诉 的话说 看来 在 对 将 并 他 该公司 前者
首席执行官 教授 開源 是 為 說 不 said The ： ， 。 ； · 、 ？ “ ” ‘ ’ 「 」 『 』 " （ ） 《 》
"""
CONTROLS = ["\n", "\n\n", " ", "\u3000", "\x00", "\u200f", "\ue000", "\ue001"]
PIECES = st.sampled_from([*WORDS.split(), *CONTROLS])


@given(st.lists(PIECES, min_size=1, max_size=60).map("".join))
def test_any_text_gives_claims_that_fit_it(text: str) -> None:
    article = Article(id="a", text=text)
    claims = extract_claims(article)
    for claim in claims:
        claim.check_against(article)
        assert claim.context.start <= claim.spans[0].start
        assert claim.context.end >= claim.spans[-1].end
    assert len({claim.id for claim in claims}) == len(claims)
    assert extract_claims(article) == claims


@given(st.lists(PIECES, max_size=60).map("".join))
def test_quotations_are_in_order_and_apart(text: str) -> None:
    end = 0
    for quotation in find_quotations(text):
        assert end <= quotation.start < quotation.spans[0].start < quotation.spans[-1].end <= quotation.end
        end = quotation.end


@pytest.mark.parametrize(
    "unit",
    [
        "“",
        "“”",
        '"',
        "「",
        "（",
        "《",
        "：“",
        "“\n",
        "\n",
        "·",
        "在",
        "说",
        "“。”他说。",
        "王小禾说，好的很。",
    ],
)
def test_long_runs_are_read(unit: str) -> None:
    """Fifty thousand characters are read in one pass: were it not so, they would take minutes."""
    article = Article(id="a", text="开源" + unit * (50_000 // len(unit)))
    with cpu_limit(35):
        claims = extract_claims(article)
    for claim in claims[:1000]:
        claim.check_against(article)
