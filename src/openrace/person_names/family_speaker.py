"""Whose words a family of reports is, decided once for every place that shows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import NamedTuple

from openrace.person_names.compare import same_person
from openrace.person_names.parse import NOBODY, parse_name


class FamilySpeaker(NamedTuple):
    """Who speaks in a family: one name, or the names of which none can be chosen (`disputed`), or nobody."""

    name: str | None = None
    person_id: str | None = None
    disputed: tuple[str, ...] = ()


def family_speaker(attributions: Iterable[tuple[str | None, str | None]]) -> FamilySpeaker:
    """Decide whose words a family's are from the person id and the name in each of its reports.

    A report that names nobody contradicts nobody. The name is chosen that every other name in the family is
    another form of: listed ones first, then the commonest, then the fullest. Where there is none, or where
    two listed people are named, the speaker is left open: no quote is put in the wrong mouth.
    """
    counts: dict[tuple[str | None, str], int] = {}
    for person_id, name in attributions:
        if name and (person_id or parse_name(name) != NOBODY):
            counts[person_id, name] = counts.get((person_id, name), 0) + 1
    if not counts:
        return FamilySpeaker()
    ranked = sorted(counts, key=lambda it: (it[0] is None, -counts[it], -len(parse_name(it[1]).parts), it[1]))
    for chosen in ranked:
        if all(_one_speaker(chosen, other) for other in ranked) and not _contradict(ranked):
            return FamilySpeaker(chosen[1], chosen[0])
    return FamilySpeaker(disputed=tuple(dict.fromkeys(name for _, name in ranked)))


def _one_speaker(a: tuple[str | None, str], b: tuple[str | None, str]) -> bool:
    if a[0] and b[0]:
        return a[0] == b[0]
    return a[1] == b[1] or same_person(a[1], b[1]) == "same"


def _contradict(named: Sequence[tuple[str | None, str]]) -> bool:
    """Return whether two of the names are of different people: both "Trump", one Donald, one Melania."""
    return any(
        same_person(a[1], b[1]) == "different"
        for a, b in combinations(named, 2)
        if not (a[0] and a[0] == b[0])
    )
