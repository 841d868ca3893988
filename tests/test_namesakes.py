"""A known person's name that many people bear needs a sign beside it; other names need none."""

from __future__ import annotations

import pytest

from conftest import an_article
from openrace.extract.claims import extract_claims
from openrace.extract.directory import Directory
from openrace.seed_records import Organisation, Person

MINISTRY = Organisation(
    id="ministry", name="Ministry of Tides", aliases=("潮汐部",), country="CN", group="government"
)
FIRM = Organisation(id="firm", name="Port Example", aliases=("埃港公司",), country="CN", group="lab")
PEOPLE = (
    Person(id="wang-bo", name="Wang Bo", aliases=("王博",), organisation="ministry"),
    Person(id="li-tong", name="Li Tong", aliases=("李同",), organisation="firm"),
    Person(id="ouyang-bo", name="Ouyang Bo", aliases=("欧阳博",), organisation="firm"),
    Person(id="li-wenshan", name="Li Wenshan", aliases=("李文山",), organisation="firm"),
)
DIRECTORY = Directory(PEOPLE, (MINISTRY, FIRM))


def speaker(text: str) -> tuple[str | None, str | None]:
    [claim] = extract_claims(an_article(text), DIRECTORY)
    assert claim.speaker is not None
    return claim.speaker.name, claim.speaker.person_id


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("Foreign Minister Wang Bo said the harbour would open in May.", "wang-bo"),
        ("Wang Bo of the Ministry of Tides said the harbour would open in May.", "wang-bo"),
        ("“The harbour will open in May,” said Li Tong, who runs Port Example.", "li-tong"),
        ("潮汐部部长王博表示，港口将在五月开放。", "wang-bo"),
        ("埃港公司的李同表示，港口将在五月开放。", "li-tong"),
        ("埃港公司的李同在會上說過。李同表示，港口將在五月開放。", "li-tong"),
        ("Ouyang Bo said the harbour would open in May.", "ouyang-bo"),  # a rare surname
        ("Li Wenshan said the harbour would open in May.", "li-wenshan"),  # two syllables
    ],
)
def test_the_known_one_is_told_with_a_sign_or_a_name_that_tells(text: str, person: str) -> None:
    assert speaker(text)[1] == person


@pytest.mark.parametrize(
    "text",
    [
        "The rights group was founded by a campaigner, Wang Bo. Wang said the harbour would open in May.",
        "Wang Bo, a fisherman, said the harbour would open in May.",
        "Li Tong, who runs a bakery, said the harbour would open in May.",
        "工程师王博表示，港口将在五月开放。",
        "面包店老板李同表示，港口将在五月开放。",
        "Wang Bo, a fisherman, said the harbour would open in May."
        + " It rained." * 12
        + " The premier was ill.",
    ],
)
def test_somebody_of_the_name_is_nobody_known(text: str) -> None:
    claims = extract_claims(an_article(text), DIRECTORY)
    assert claims
    assert [c.speaker.name for c in claims if c.speaker and c.speaker.name] == []
