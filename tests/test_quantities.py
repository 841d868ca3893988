"""Numbers are compared by value: digits, words, signs and Chinese numerals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openrace.diffusion.items import items_of
from openrace.wordings.quantities import Quantity, read_quantity


def numbers(text: str) -> list[Quantity]:
    return [item.quantity for item in items_of(text) if item.quantity]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("97.4亿美元", "$9.74 billion"),
        ("$411B", "411 billion dollars"),
        ("30%", "thirty percent"),
        ("百分之三十", "30 per cent"),
        ("30\u202fpercent", "30%"),
        ("30\u00a0percent", "30%"),
        ("三成", "30%"),
        ("5-10", "five to ten"),
        ("5到10", "5 to 10"),
        ("两百五十万", "2.5 million"),
        ("5,600,000", "5.6m"),
        ("一百零五", "105"),
        ("二〇二五年", "2025年"),
        ("two hundred and five", "205"),
        ("twenty-one days", "21 days"),
        ("三点五亿", "350 million"),
    ],
)
def test_one_value(a: str, b: str) -> None:
    left, right = numbers(a), numbers(b)
    assert left
    assert len(left) == len(right)
    assert all(x.agrees(y) for x, y in zip(left, right, strict=True))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("5 days", "5 weeks"),
        ("$5", "€5"),
        ("5.6 million", "56 million"),
        ("5%", "5 percentage points"),
        ("三天", "三周"),
    ],
)
def test_another_value(a: str, b: str) -> None:
    [left], [right] = numbers(a), numbers(b)
    assert not left.agrees(right)


@pytest.mark.parametrize(
    "text", ["十分重要", "千万不要", "一直", "万一", "someone", "often", "one of us", "tent"]
)
def test_no_number(text: str) -> None:
    assert all(quantity.value == 1 for quantity in numbers(text))


@given(st.text(st.sampled_from("0123459,.%$ 百千万亿零一二两三点成分之 milonhudrevtf-"), max_size=20))
def test_any_text_is_read(text: str) -> None:
    for place in range(len(text)):
        found = read_quantity(text, place)
        assert found is None or place < found[1] <= len(text)
