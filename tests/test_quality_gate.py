"""Measured quality may only rise, on articles that everybody has (tests/gate/)."""

from __future__ import annotations

import tomllib

import pytest

from openrace.records import Claim
from quality_gate import GATE, GoldArticle, Score, extracted, load_gate, score_families, table

FLOORS = tomllib.loads((GATE / "floors.toml").read_text(encoding="utf-8"))
Found = list[tuple[GoldArticle, list[Claim]]]


@pytest.fixture(scope="module")
def found() -> Found:
    return extracted(load_gate())


@pytest.mark.parametrize("row", ["all", "en", "zh"])
def test_what_is_found_and_whose_it_is(row: str, found: Found) -> None:
    score, floor = table(found)[row], FLOORS[row]
    told = "\n".join(score.errors)
    assert score.precision >= floor["precision"], told
    assert score.recall >= floor["recall"], told
    assert score.f1 >= floor["f1"], told
    assert score.wrong <= floor["wrong"], told
    assert score.turned <= floor["turned"], told


def test_families(found: Found) -> None:
    precision, recall = score_families(found)
    assert precision >= FLOORS["families"]["precision"]
    assert recall >= FLOORS["families"]["recall"]


def test_a_claim_put_into_another_mouth_counts_as_wrong(found: Found) -> None:
    """The scorer itself can fail: a gate that lets everything pass guards nothing."""
    gold, claims = found[0]
    turned = [c.model_copy(update={"speaker": c.speaker.model_copy(update={"name": "Ilse Brandt"})})
              for c in claims if c.speaker]  # fmt: skip
    assert table([(gold, turned)])["all"].wrong == 1.0
    assert table([(gold, [])])["all"].recall == 0.0
    assert table([(gold, claims)])["all"].wrong < 1.0
    assert Score().precision == 1.0
