"""Between two steps nothing is remembered that was only kept to be quicker."""

from __future__ import annotations

from openrace.memory import give_back
from openrace.person_names import compare_names, parse_name


def test_the_caches_of_functions_are_empty_afterwards_and_answers_are_the_same() -> None:
    before = compare_names(*map(parse_name, ("Mara Lindqvist", "M. Lindqvist")))
    assert parse_name.cache_info().currsize > 0
    give_back()
    assert parse_name.cache_info().currsize == 0
    assert compare_names(*map(parse_name, ("Mara Lindqvist", "M. Lindqvist"))) == before
