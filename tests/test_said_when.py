"""When something was said, as its report has it: a second date beside that of the report."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from openrace.extract.claims import extract_claims
from openrace.pipe_contract import claim_line
from openrace.records import Article

CASES = tomllib.loads((Path(__file__).parent / "cases/said-when.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_the_words_that_date_it(case) -> None:
    article = Article(id="a", text=case["text"], published="2026-11-28T09:00:00Z")
    claims = extract_claims(article)
    assert claims
    told = [claim_line(claim, article)["said_when"] for claim in claims]
    assert told == [case.get("when")] * len(told)


def test_without_a_date_of_its_own_only_a_year_says_when() -> None:
    text = "Petra Lund said in {} that the lock would open."
    for when, told in (("July 2024", "in July 2024"), ("July", None)):
        article = Article(id="a", text=text.format(when))
        assert [c.said_when(article.text, None) for c in extract_claims(article)] == [told]
