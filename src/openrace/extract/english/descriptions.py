"""Whom "the senator", "the Texas Republican" and "the retired surgeon" mean, among those mentioned so far."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from openrace.extract.english.affiliations import affiliations_in, agree
from openrace.extract.english.antecedents import Track
from openrace.extract.english.entities import Entity
from openrace.extract.english.names import BODY_KINDS, role_of
from openrace.extract.english.wordclass import HER_KIN, HERS, HIS, HIS_KIN

IN_FOCUS = 2  # sentences back in which who is called "the retired pilot" acted or spoke
CONTENDERS = frozenset("candidate nominee contender hopeful".split())
_PLURAL = frozenset("people men women police military family audience crowd".split())
# words that tell another than the last one, and offices of which everybody knows the holder
_ANOTHER = frozenset(
    """
    other another next first second third last late same latter previous unnamed anonymous new lone only
    local federal senior unidentified
    """.split()
)
_OF_POLITICIANS = frozenset("senator governor secretary president representative mayor".split())
_INCUMBENTS = frozenset("president minister secretary chancellor judge spokesman spokeswoman".split())
ANYBODY = frozenset("man woman people person source official".split())  # whom no name need follow
_FORMERLY = frozenset("former retired presidential vice-presidential ex".split())
_HEADS = frozenset("head boss chief".split())
_CALLINGS = ("ologist", "surgeon", "ician", "congressman", "congresswoman", "billionaire")


def find_holder(words: Sequence[str], tracks: Collection[Track]) -> Entity | None:
    """Return the one person of `tracks` who was introduced so, by office, party and place.

    `words` are those of the description behind its article, in small letters.
    """
    role, gender = role_of(words[-1]), gender_of_role(words[-1])
    called = affiliations_in(words)
    found = [
        t.entity
        for t in tracks
        if t.entity.is_person
        and role in t.entity.roles | t.entity.affiliations
        and gender in ("", t.entity.gender or gender)
        and agree(called, t.entity.affiliations)
    ]
    if len(found) > 1 and called:
        found = [e for e in found if called <= e.affiliations]
    return found[0] if len(found) == 1 else None


def find_introduced(words: Sequence[str], named: Sequence[Entity], before: float) -> Entity | None:
    """Return the one of `named` of this office or kind, party and place, if named before token `before`."""
    role, called = role_of(words[-1]), affiliations_in(words)
    if is_plural(role):
        return None
    body = role in BODY_KINDS
    holders = [
        e
        for e in named
        if role in e.roles and e.first < before and e.is_person != body and agree(called, e.affiliations)
    ]
    return holders[0] if len(holders) == 1 else None


def find_in_focus(words: Sequence[str], acting: Sequence[Track], named: Sequence[Entity]) -> Entity | None:
    """Return the only one who acted or spoke just before, if the description tells something new of him.

    News calls somebody well known so instead of by name: "Solberg … . The retired surgeon said". `acting`
    are the tracks of the last `IN_FOCUS` sentences, `named` all whom the text names: nobody else may hold
    the office, and the one in focus no other.
    """
    if not _is_telling(words) or _ANOTHER.intersection(words) or words[-1] in _INCUMBENTS:
        return None
    role, gender = role_of(words[-1]), gender_of_role(words[-1])
    acting = [t for t in acting if gender in ("", t.entity.gender or t.gender or gender)]
    if len(acting) != 1:
        return None
    entity = acting[0].entity
    offices = {r for r in entity.roles if r not in HIS | HERS | HIS_KIN | HER_KIN}
    if not entity.is_person or (offices and role not in offices) or " " not in entity.name:
        return None
    if any(role in e.roles for e in named if e is not entity):
        return None
    known = entity.gender or acting[0].gender
    agrees = gender in ("", known) and agree(affiliations_in(words), entity.affiliations)
    return entity if agrees else None


def find_contender(words: Sequence[str], near: Sequence[Track]) -> Entity | None:
    """Return the only one named just before who may be "the Democratic nominee".

    `near` are the tracks of the last sentences. Who holds another office or belongs to another party is none,
    nor is who stands there by a given name alone.
    """
    if words[-1] not in CONTENDERS or _ANOTHER.intersection(words):
        return None
    called = affiliations_in(words)
    found = [
        t.entity
        for t in near
        if t.entity.is_person
        and not (t.entity.roles - CONTENDERS - _OF_POLITICIANS)
        and agree(called, t.entity.affiliations)
    ]
    return found[0] if len(found) == 1 else None


def _is_telling(words: Sequence[str]) -> bool:
    """Whether a description says something by which a person is known: party, place, age, what he was."""
    return bool(affiliations_in(words)) or any(w in _FORMERLY or w.endswith("year-old") for w in words)


def is_calling(head: str) -> bool:
    """Whether a noun is a calling by its ending, though no list holds it: "neurosurgeon", "biologist"."""
    return head.endswith(_CALLINGS) or head in _HEADS


def gender_of_role(head: str) -> str:
    """Return "m" or "f" as a role tells ("spokesman", "sister"), "" where it does not."""
    if head in HIS | HIS_KIN or head == "man":
        return "m"
    return "f" if head in HERS | HER_KIN or head == "woman" else ""


def is_plural(head: str) -> bool:
    """Whether a role is that of several: "officials", "police"."""
    return head in _PLURAL or (head.endswith("s") and not head.endswith("ss"))
