"""What happened to the words: every case of a change, and what must hold for any two texts."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openrace.diffusion.alerts import difference
from openrace.diffusion.diff import compare
from openrace.wordings.normalise import code_point, encode, words

CASES = tomllib.loads((Path(__file__).parent / "cases" / "families-changes.toml").read_text("utf-8"))["case"]
LETTERS = st.text(st.sampled_from("ab cB.…[]'’“”-—, 1中国%$€（）"), max_size=40)
# contractions, signs, brackets, ellipses and scripts: what is one word here is two there
_LATIN = "we don’t|we do not|it's|it is|can't|cannot|30%|30 percent|per cent|not|mill|U.S.|US|$4bn|5-10"
_OTHERS = "％|…|...|. . .|[|]|[sic]|[w]e|(|)|我们|不会|百分之三十|……|（约30元）|AI模型|，|。|“|”|\u200b"
PIECES = f"{_LATIN}|{_OTHERS}".split("|")
PHRASES = st.lists(st.sampled_from(PIECES), max_size=12).flatmap(
    lambda pieces: st.sampled_from(["", " "]).map(lambda gap: gap.join(pieces))
)
TEXTS = LETTERS | PHRASES


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_kinds_of_change(case) -> None:
    assert list(compare(case["base"], case["variant"])[1]) == case["kinds"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_alerts(case) -> None:
    found = difference(case["base"], case["variant"])
    assert (list(found.what) if found else []) == case.get("alert", [])
    if found and ("lost" in case or "gained" in case):
        assert list(found.lost) == case.get("lost", [])
        assert list(found.gained) == case.get("gained", [])


def _joined(sides) -> str:
    return "".join("".join(sides).split())


@given(TEXTS, TEXTS)
def test_a_diff_has_all_of_both_texts(base, variant) -> None:
    changes = compare(base, variant)[0]
    assert _joined(change.base for change in changes) == _joined(base)
    assert _joined(change.variant for change in changes) == _joined(variant)


@pytest.mark.parametrize(
    ("base", "variant", "ops"),
    [
        ("The ice holds. The small models win.", "The small models win.", ["elided", "same"]),
        ("The ice holds. The small models win.", "Our small models win.", ["elided", "changed", "same"]),
        ("The small models win. The ice holds.", "The small models win", ["same", "elided"]),
        (
            "The models, as we all know here, win the race",
            "The models win the race",
            ["same", "elided", "same"],
        ),
        ("The models do not win the race", "The models do win the race", ["same", "left_out", "same"]),
    ],
)
def test_what_a_print_never_had_is_not_struck_out(base, variant, ops) -> None:
    assert [change.op for change in compare(base, variant)[0]] == ops


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text) -> None:
    changes, kinds = compare(text, text)
    assert kinds == ()
    assert all(change.op == "same" for change in changes)
    assert difference(text, text) is None


@given(TEXTS, TEXTS, TEXTS)
def test_words_around_do_not_break_a_diff(before, text, after) -> None:
    """Contractions that agree while more tokens stand on one side than on the other."""
    for base, variant in ((text, f"{before} {text} {after}"), (f"{before} {text} {after}", text)):
        compare(base, variant)
        difference(base, variant)


@given(st.text(max_size=30))
def test_a_wording_has_one_character_a_word(text) -> None:
    assert len(encode(text).replace("\x01", "")) == len(words(text))


@given(st.text(min_size=1, max_size=12))
def test_code_points_can_be_written(word) -> None:
    code = code_point(word)
    assert code.encode("utf-8").decode("utf-8") == code
    assert code not in "\x00\x01"
