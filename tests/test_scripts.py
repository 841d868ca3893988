"""Scripts: what is Chinese, and traditional characters simplified without moving an offset."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openrace.scripts import is_chinese, to_simplified


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("開源", "开源"),
        ("奧特曼說：「謝謝。」", "奥特曼说：「谢谢。」"),
        ("乾隆年間，杯子要乾淨", "乾隆年间，杯子要干净"),  # by phrases, not by characters
        ("後來皇后走了", "后来皇后走了"),
        ("Open source, 1975", "Open source, 1975"),
        ("", ""),
    ],
)
def test_traditional_is_simplified(text: str, expected: str) -> None:
    assert to_simplified(text) == expected


@given(st.text())
def test_every_offset_stays_valid(text: str) -> None:
    assert len(to_simplified(text)) == len(text)


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)))
def test_simplified_text_stays_as_it_is(text: str) -> None:
    once = to_simplified(text)
    assert to_simplified(once) == once


def test_japanese_is_not_chinese() -> None:
    assert is_chinese("開源是必由之路。")
    assert not is_chinese("オープンソースが重要だと李若川氏は述べた。")


def test_the_converter_is_loaded_by_the_first_chinese_text_only() -> None:
    code = "import sys, openrace.scripts as s; s.to_simplified('plain'); sys.exit('opencc' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
