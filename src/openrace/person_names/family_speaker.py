"""Whose words a family of reports is, decided once for every place that shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import combinations
from typing import NamedTuple

from openrace.person_names.compare import same_person
from openrace.person_names.parse import NOBODY, ParsedName, parse_name

_Named = tuple[str | None, str]  # the id of a listed person, the name as it is printed
OUTLETS_THAT_OUTWEIGH = 3
SHARE_THAT_OUTWEIGHS = 0.9  # of the reports that name a speaker


class FamilySpeaker(NamedTuple):
    """Who speaks in a family: one name, or the names of which none can be chosen (`disputed`), or nobody."""

    name: str | None = None
    person_id: str | None = None
    disputed: tuple[str, ...] = ()


class ReportedSpeaker(NamedTuple):
    """Whom one report names as the speaker, in which outlet and when."""

    person_id: str | None
    name: str | None
    outlet: str | None = None
    when: str | None = None


def family_speaker(attributions: Iterable[ReportedSpeaker]) -> FamilySpeaker:
    """Decide whose words a family's are.

    A report that names nobody contradicts nobody. The name is chosen that every other name in the family is
    another form of, or nearly every: a slip in one report of twenty does not make the speaker of the others
    unknown. Of several forms: one that is listed, then a full name, then one in the spelling that most
    outlets print, then the one that most print, then the one attested earliest. Where there is none the
    speaker is left open, and `disputed` has one name of each: no quote is put in the wrong mouth.
    """
    named: dict[_Named, list[ReportedSpeaker]] = {}
    for one in attributions:
        if one.name and (one.person_id or parse_name(one.name) != NOBODY):
            named.setdefault((one.person_id, one.name), []).append(one)
    ranked = sorted(named, key=partial(_rank, named))
    for chosen in ranked:
        agreeing = [other for other in ranked if _one_speaker(chosen, other, ranked)]
        if not _contradict(agreeing) and _outweigh(named, agreeing):
            return FamilySpeaker(chosen[1], chosen[0])
    return FamilySpeaker(disputed=tuple(name for _, name in _one_of_each(ranked)))


def _outweigh(named: Mapping[_Named, Sequence[ReportedSpeaker]], agreeing: Sequence[_Named]) -> bool:
    """Return whether those who agree are all, or so many in so many outlets that the others are slips."""
    all_reports = sum(map(len, named.values()))
    reports = [report for name in agreeing for report in named[name]]
    return len(reports) == all_reports or (
        _outlets(reports) >= OUTLETS_THAT_OUTWEIGH and len(reports) >= SHARE_THAT_OUTWEIGHS * all_reports
    )


def _one_of_each(ranked: Sequence[_Named]) -> list[_Named]:
    """Return the first of the names of each speaker."""
    found: list[_Named] = []
    for name in ranked:
        if not any(_one_speaker(other, name, ranked) for other in found):
            found.append(name)
    return found


def _rank(
    named: Mapping[_Named, Sequence[ReportedSpeaker]], who: _Named
) -> tuple[bool, int, int, int, str, str]:
    """Return what sorts `who` among all that are named, the one to be shown first."""
    name = parse_name(who[1])
    agreeing = [one for other in named if _spelt_alike(parse_name(other[1]), name) for one in named[other]]
    earliest = min(one.when or "9999" for one in named[who])
    full = min(len(_written_out(name)), 2)
    return who[0] is None, -full, -_outlets(agreeing), -_outlets(named[who]), earliest, who[1]


def _outlets(found: Sequence[ReportedSpeaker]) -> int:
    """Return how many outlets print these; each report of an unknown outlet counts as one."""
    return len({one.outlet for one in found if one.outlet}) + sum(one.outlet is None for one in found)


def _spelt_alike(a: ParsedName, b: ParsedName) -> bool:
    """Return whether what both write out is spelt alike: "M. Osei" and "Mara Osei"."""
    first, second = _written_out(a), _written_out(b)
    return first <= set(b.parts) or second <= set(a.parts)


def _written_out(name: ParsedName) -> set[str]:
    """Return the parts of a name that are no initials."""
    return {part for part in name.parts if len(part.rstrip(".")) > 1}


def _one_speaker(a: _Named, b: _Named, named: Sequence[_Named]) -> bool:
    """Return whether these are names of one speaker, by any of the forms in which a listed one is `named`."""
    if a[0] and b[0]:
        return a[0] == b[0]
    return any(
        first == second or same_person(first, second) == "same"
        for first in _forms(a, named)
        for second in _forms(b, named)
    )


def _forms(one: _Named, named: Sequence[_Named]) -> list[str]:
    return [name for person, name in named if person == one[0]] if one[0] else [one[1]]


def _contradict(named: Sequence[_Named]) -> bool:
    """Return whether two of the names are of different people: both "Trump", one Donald, one Melania."""
    return any(
        same_person(a[1], b[1]) == "different"
        for a, b in combinations(named, 2)
        if not (a[0] and a[0] == b[0])
    )
