"""Whether two speakers are one person: the pairs of `cases/person-names.toml`, and what always holds."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openrace.person_names import (
    NOBODY,
    ReportedSpeaker,
    family_speaker,
    name_key,
    parse_name,
    printed_role,
    same_person,
)

CASES = Path(__file__).parent / "cases" / "person-names.toml"
PAIRS, SPEAKERS = map(tomllib.loads(CASES.read_text("utf-8")).get, ("pair", "family"))
ROLES = tomllib.loads(CASES.with_name("printed-roles.toml").read_text("utf-8"))["case"]
WORDS = """
    Mara M. Lindqvist Lindquist Tim Timothy Wang Yu Yi Wenfeng von der Jr. III Dr. the he 王宇 梁闻丰 · of
    O'Neill Osei-Lindgren NLC Council and , spokesman
""".split()
MENTIONS = st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join) | st.text(max_size=30)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair['a']} / {pair['b']}")
def test_pair(pair) -> None:
    assert same_person(pair["a"], pair["b"]) == pair["is"], pair["why"]


@pytest.mark.parametrize("case", ROLES, ids=lambda case: case["mention"])
def test_only_a_role_noun_makes_a_role(case) -> None:
    assert printed_role(case["mention"], case["name"]) == case.get("role")


@given(MENTIONS, MENTIONS)
def test_the_answer_is_the_same_the_other_way_round(a, b) -> None:
    assert same_person(a, b) == same_person(b, a)


@given(MENTIONS)
def test_whoever_is_named_is_the_same_as_themselves(mention) -> None:
    is_named = parse_name(mention) != NOBODY
    assert same_person(mention, mention) == ("same" if is_named else "unknown")
    assert bool(name_key(parse_name(mention))) == is_named


@given(st.lists(st.tuples(st.none(), MENTIONS), max_size=5), st.randoms(use_true_random=False))
def test_the_speaker_of_a_family_does_not_depend_on_the_order(named, rng) -> None:
    given = [ReportedSpeaker(*one) for one in named]
    assert family_speaker(rng.sample(given, len(given))) == family_speaker(given)


@pytest.mark.parametrize("case", SPEAKERS, ids=lambda case: case["why"])
@given(rng=st.randoms(use_true_random=False))
def test_the_name_that_is_shown_for_a_family(case, rng) -> None:
    reports = [
        ReportedSpeaker(r.get("id"), r["name"], r.get("outlet"), r.get("when")) for r in case["reports"]
    ]
    assert family_speaker(rng.sample(reports, len(reports))).name == case.get("shown")


def test_a_listed_person_is_chosen_and_who_is_only_described_contradicts_nobody() -> None:
    named = [(None, "the minister"), (None, "Lindqvist"), ("mara-lindqvist", "Mara Lindqvist"), (None, None)]
    found = family_speaker(ReportedSpeaker(*one) for one in named)
    assert (found.name, found.person_id, found.disputed) == ("Mara Lindqvist", "mara-lindqvist", ())


def test_a_surname_that_two_different_people_bear_is_left_open() -> None:
    named = [(None, "Lindqvist"), (None, "Mara Lindqvist"), (None, "Jonas Lindqvist")]
    found = family_speaker(ReportedSpeaker(*one) for one in named)
    assert (found.name, found.person_id) == (None, None)
    assert set(found.disputed) == {"Mara Lindqvist", "Jonas Lindqvist"}


def test_two_listed_people_are_left_open() -> None:
    assert (
        family_speaker(
            [ReportedSpeaker("ada-byte", "Ada Byte"), ReportedSpeaker("carl-node", "Carl Node")]
        ).name
        is None
    )
