"""Who is whose lawyer, wife or spokesman: "Vance's lawyer, Mara Lindqvist".

What is said so once lets "his lawyer" and "Vance's lawyer" mean her anywhere in the text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from openrace.extract.english.entities import Entity
from openrace.extract.english.grammar import (
    AND,
    COMMA,
    DET,
    NAME,
    NOUN,
    NUMBER,
    OF,
    POSSESSIVE,
    PREP,
    ROLE,
)
from openrace.extract.english.mention_phrases import written_name
from openrace.extract.english.mentions import Discourse
from openrace.extract.english.names import BODY_KINDS, Name, role_of
from openrace.extract.english.sentences import Text
from openrace.extract.english.wordclass import HER_KIN, HIS_KIN, OWNERS

_MODIFIERS = NAME + NOUN + ROLE + NUMBER
_LINKS = frozenset("for of to".split())
_FAR = 6  # tokens in which role and owner stand beside the name


class Relations:
    """The people whom a text calls somebody's, by owner and role."""

    def __init__(self, text: Text, discourse: Discourse) -> None:
        self._tokens, self._discourse = text.tokens, discourse
        names = discourse.entities.names
        self._ending = {n.last: n for n in names}
        self._beginning = {n.first: n for n in names}
        self._found: dict[tuple[int, str], dict[int, Entity]] = defaultdict(dict)
        for name in names:
            entity = discourse.entity_of(name)
            if entity and entity.is_person and len(name.words) > 1:
                for owner, role in self._beside(name):
                    if owner is not entity:
                        self._found[id(owner), role][id(entity)] = entity

    def of(self, owner: Entity, role: str) -> Entity | None:
        """Return the one person whom the text calls the `role` of `owner`."""
        found = self._found.get((id(owner), role_of(role)), {})
        return next(iter(found.values())) if len(found) == 1 else None

    def meant(self, first: int, head: int) -> Entity | None:
        """Return who "Vance's lawyer" or "his wife" is (tokens `first` to `head`), if the text tells."""
        mark = next((i for i in range(head - 1, first, -1) if self._tokens[i].cls == POSSESSIVE), first)
        owner = self.owner(mark) if mark < head else None
        if owner is None:
            return None
        role = self._tokens[head].low.removeprefix("ex-")
        return self.of(owner, role) or self._kin_of(owner, role)

    def _kin_of(self, owner: Entity, role: str) -> Entity | None:
        """Return the one whom the text calls a wife or father, if of the same surname as `owner`."""
        if role not in HIS_KIN | HER_KIN:
            return None
        found = [e for e in self._discourse.entities.all if role in e.roles and e is not owner]
        same = len(found) == 1 and found[0].is_person and found[0].surname == owner.surname
        return found[0] if same and not self._is_anothers(found[0], owner, role) else None

    def _is_anothers(self, kin: Entity, owner: Entity, role: str) -> bool:
        """Whether the text calls `kin` the `role` of somebody else."""
        return any(
            id(kin) in found
            for (whose, of), found in self._found.items()
            if of == role_of(role) and whose != id(owner)
        )

    def owner(self, at: int) -> Entity | None:
        """Return who owns what follows token `at`, a possessive mark or pronoun."""
        token = self._tokens[at]
        if token.low in OWNERS:
            choice = self._discourse.chosen.get(at)
            return choice.entity if choice else None
        name = self._ending.get(at - 1) if token.cls == POSSESSIVE else None
        return self._discourse.entity_of(name) if name else None

    def owned_before(self, first: int, head: int) -> str | None:
        """Return the one body of this kind that the text calls somebody's so far: "Vance’s office"."""
        tokens, kind = self._tokens, self._tokens[head].low
        if kind not in BODY_KINDS or head != first + 1:
            return None
        found = {
            written_name(self._discourse.text, name.first, name.last + 2)
            for name in self._ending.values()
            if name.last + 2 < first
            and tokens[name.last + 1].cls == POSSESSIVE
            and tokens[name.last + 2].low == kind
            and (owner := self._discourse.entity_of(name))
            and owner.is_person
        }
        return found.pop() if len(found) == 1 else None

    def _beside(self, name: Name) -> Iterator[tuple[Entity, str]]:
        """Yield the owners and roles in the words before and behind a full name."""
        tokens = self._tokens
        at = name.first - 1
        comma = at >= 0 and tokens[at].cls == COMMA
        at -= comma
        if comma and (link := self._link_before(at)) is not None:
            yield from self._linked(link, tokens[link - 1].low)
        elif at > 0 and tokens[at].cls == ROLE:
            role, owner = tokens[at].low, at - 1
            while owner > at - _FAR and tokens[owner].cls in _MODIFIERS and owner > 0:
                owner -= 1
            if who := self.owner(owner):
                yield who, role_of(role)
        if name.last + 1 < len(tokens) and tokens[name.last + 1].cls == COMMA:
            yield from self._behind(name.last + 2)

    def _link_before(self, end: int) -> int | None:
        """Return the "for" of "a lawyer for Vance," where the owner's name ends at token `end`."""
        owner = self._ending.get(end)
        if owner is None or owner.first < 2:
            return None
        link = owner.first - 1
        linked = self._tokens[link].low in _LINKS and self._tokens[link - 1].cls == ROLE
        return link if linked else None

    def _linked(self, link: int, role: str) -> Iterator[tuple[Entity, str]]:
        """Yield the owner named right behind the "for" at token `link`."""
        after = link + 1
        if after < len(self._tokens) and self._tokens[after].cls == DET:
            after += 1
        owner = self._beginning.get(after)
        if owner and (entity := self._discourse.entity_of(owner)):
            yield entity, role_of(role)

    def _behind(self, at: int) -> Iterator[tuple[Entity, str]]:
        """Yield what an appositive tells: ", a lawyer for Vance", ", Vance's lawyer"."""
        tokens = self._tokens
        for i in range(at, min(at + _FAR, len(tokens) - 1)):
            if tokens[i].cls not in _MODIFIERS + DET + POSSESSIVE + AND:
                return
            if tokens[i].cls != ROLE:
                continue
            following = tokens[i + 1]
            if following.cls in (OF, PREP) and following.low in _LINKS:
                yield from self._linked(i + 1, tokens[i].low)
            mark = next((j for j in range(i - 1, at - 1, -1) if tokens[j].cls in (POSSESSIVE, DET)), None)
            if mark is not None and following.cls in (COMMA, ".") and (who := self.owner(mark)):
                yield who, role_of(tokens[i].low)
