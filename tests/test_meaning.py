"""Whether a print turned what was said: made changes are told, cuts, respellings and retellings are not."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from openrace.diffusion.alerts import QuotedWording, alerts, difference

QUOTES = tomllib.loads((Path(__file__).parent / "cases" / "meaning-turned.toml").read_text("utf-8"))["quote"]
LEAST_TOLD = 0.95  # of the changes of meaning
MOST_FALSE = 0.02  # of the prints that say the same
_CLAUSE = re.compile(r"(?<=[,，;])\s*")


def _is_chinese(said: str) -> bool:
    return not said.isascii() and not re.search("[a-z]{3}", said)


def cuts(said: str) -> Iterator[str]:
    """Prints of a part: its clauses alone, its beginning and end left out, an ellipsis within."""
    clauses = _CLAUSE.split(said)
    if len(clauses) > 1:
        yield from (clauses[0], clauses[-1])
    around = "他们今天在码头上又说了一遍。" if _is_chinese(said) else "They said so again on the quay. "
    yield f"{around}{said}"
    yield f"{said}。{around}" if _is_chinese(said) else f"{said}. {around}"


def respellings(said: str) -> Iterator[str]:
    """The same words in another desk's marks."""
    yield f"“{said.replace(', ', ' — ').replace('，', '——')}…”"
    yield said.replace("We ", "[W]e ", 1).replace("我们", "我们[港口]", 1)


def harmless() -> Iterator[tuple[str, str]]:
    for quote in QUOTES:
        for same in (*quote["same"], *cuts(quote["said"]), *respellings(quote["said"])):
            yield quote["said"], same


def test_changes_of_meaning_are_told() -> None:
    turned = [(quote["said"], kind, text) for quote in QUOTES for kind, text in quote["turned"]]
    missed = [(kind, text) for said, kind, text in turned if difference(said, text) is None]
    assert len(turned) >= 100
    assert len(missed) <= (1 - LEAST_TOLD) * len(turned), missed


def test_the_kind_of_change_is_told() -> None:
    turned = [(quote["said"], kind, text) for quote in QUOTES for kind, text in quote["turned"]]
    found = [(kind, difference(said, text), text) for said, kind, text in turned]
    other = [(kind, told.what, text) for kind, told, text in found if told and kind not in told.what]
    assert len(other) <= 0.1 * len(turned), other


def test_the_same_in_other_words_is_no_change() -> None:
    prints = list(harmless())
    false = [
        (told.what, told.lost, told.gained, text) for said, text in prints if (told := difference(said, text))
    ]
    assert len(prints) >= 300
    assert len(false) <= MOST_FALSE * len(prints), false


def test_both_ways_round() -> None:
    """Which print is better attested is chance: most changes must be seen from either."""
    turned = [(quote["said"], text) for quote in QUOTES for _, text in quote["turned"]]
    missed = [text for said, text in turned if difference(text, said) is None]
    assert len(missed) <= (1 - LEAST_TOLD) * len(turned), missed


@pytest.mark.parametrize(
    ("quoted", "around"),
    [
        ("very good ropes in our harbour", "said the town does not have"),
        ("so many good ropes in our harbour as in theirs", "denied that there were"),
        ("very good ropes in our harbour", "承认，我们没有"),
    ],
)
def test_a_negation_that_the_reporter_tells_is_none_that_was_lost(quoted: str, around: str) -> None:
    said = QuotedWording(f"I mean, we don't have {quoted}", ("a",))
    late = QuotedWording(quoted, ("b",), around=around)
    assert not list(alerts([said, late]))
    bare = QuotedWording(f"I mean, we have {quoted}", ("b",))
    assert list(alerts([said, bare]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "We charge 3 crowns for every ton that is shipped out",
            "We charge 5 crowns for every ton that is shipped out",
        ),
        ("对汇出的钱按千分之三收费，最少二百克朗", "对汇入的钱按千分之三收费，最少二百克朗"),
        (
            "We expect Sweden to buy the old lock this winter",
            "We expect Denmark to buy the old lock this winter",
        ),
    ],
)
def test_what_one_article_prints_side_by_side_are_two_statements(one: str, other: str) -> None:
    here, there = frozenset(["here"]), frozenset(["there"])
    first = QuotedWording(one, ("a",), articles=here)
    assert not list(alerts([first, QuotedWording(other, ("b",), articles=here | there)]))
    assert list(alerts([first, QuotedWording(other, ("b",), articles=there)]))
