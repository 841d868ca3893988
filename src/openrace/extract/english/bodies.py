"""Which organisation or country "it", "the company" and "the agency" mean, among those mentioned so far."""

from __future__ import annotations

from collections.abc import Sequence

from openrace.extract.english.antecedents import Choice, Track
from openrace.extract.english.entities import Entity
from openrace.extract.english.name_types import NameType
from openrace.extract.english.names import role_of

THINGS = frozenset(["it", "its"])
_BODIES = (NameType.ORGANISATION, NameType.PLACE, NameType.PERSON)
_OF_ANYBODY = frozenset("court government school office team group labs".split())  # texts mean others too


def find_body(head: str, tracks: Sequence[Track], since: int) -> Choice | None:
    """Return the body that "it" or "the `head`" means, None in it where several may be meant.

    It is the only one that acts from sentence `since` on, the last one that speaks, or the only one of this
    kind. A body that was named after it and may be called so too leaves it open. `tracks` begin with the one
    mentioned last.
    """
    near = [t for t in tracks if t.last.sentence >= since and _is_body(t.entity)]
    acting = [t for t in near if t.subject and t.subject.sentence >= since]
    if head in THINGS:
        return Choice(acting[0].entity, "the last body that acts") if len(acting) == 1 else None
    latest = next((t for t in near if t.entity.may_be_called(head, or_unknown=True)), None)
    called = [t for t in near if t.entity.may_be_called(head)]
    same = [t for t in called if role_of(head) in t.entity.roles or head in t.entity.name.lower().split()]
    fitting = same or [t for t in called if t in acting]
    if not fitting and len(called) == 1 and called[0] is latest:
        return Choice(latest.entity, f"the only {head} named just before")
    if fitting and fitting[0] is latest and (len(fitting) == 1 or latest.last.place == "speaker"):
        return Choice(latest.entity, "the last body that acts")
    if only := _only_called(head, tracks):
        return Choice(only, f"the only {head} named so far")
    return Choice(None, f"“the {head}” may be {latest.entity.name}") if latest else None


def _is_body(entity: Entity) -> bool:
    return entity.may_be_body and entity.type in _BODIES


def _only_called(head: str, tracks: Sequence[Track]) -> Entity | None:
    """Return the one body so far with `head` in its name: "the board" after "Karvik Board of Mills"."""
    if head in _OF_ANYBODY:
        return None
    found = [
        t.entity
        for t in tracks
        if t.entity.type is NameType.ORGANISATION and head in t.entity.name.lower().split()
    ]
    return found[0] if len(found) == 1 else None
