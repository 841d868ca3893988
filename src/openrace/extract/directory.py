"""The people and organisations that are known beforehand, looked up by name.

A name is found as written or by an alias; a misspelt one only where exactly one known name is very near it,
its surname and its given name alike. A wrong person is worse than none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from rapidfuzz.distance import DamerauLevenshtein

from openrace.records import Organisation, Person

_NOT_LETTERS = re.compile(r"[^\w\s]+")


class Known(NamedTuple):
    """One directory entry under its proper name."""

    id: str
    name: str
    is_person: bool


def name_key(name: str) -> str:
    """`name` without case, marks and accents, so that spellings of one name meet."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(_NOT_LETTERS.sub(" ", plain).split())


class Directory:
    """People and organisations by name and alias; names that two of them share are nobody's."""

    def __init__(self, people: Iterable[Person] = (), organisations: Iterable[Organisation] = ()) -> None:
        self._by_key: dict[str, Known | None] = {}
        for organisation in organisations:
            self._add(
                Known(organisation.id, organisation.name, False), (organisation.name, *organisation.aliases)
            )
        for person in people:
            self._add(Known(person.id, person.name, True), (person.name, *person.aliases))
        self._by_length: dict[int, list[str]] = {}
        for key, known in self._by_key.items():
            if known and known.is_person and " " in key:
                self._by_length.setdefault(len(key), []).append(key)

    def _add(self, known: Known, names: Iterable[str]) -> None:
        for key in {name_key(name) for name in names} - {""}:
            other = self._by_key.get(key, known)
            self._by_key[key] = known if other is not None and other.id == known.id else None

    def find(self, name: str) -> Known | None:
        """The entry called `name`, or None; initials in the middle make no other person."""
        key = name_key(name)
        if key not in self._by_key:
            key = " ".join(part for part in key.split() if len(part) > 1)
        return self._by_key.get(key)

    def find_misspelt(self, name: str) -> Known | None:
        """The one person whose full name is a letter or two away from `name`, or None.

        Each part of the name may differ by one letter, a long one by one in five; the whole by two.
        """
        key = name_key(name)
        if " " not in key:
            return None
        near = {
            known
            for length in range(len(key) - 2, len(key) + 3)
            for other in self._by_length.get(length, ())
            if _near(key, other) and (known := self._by_key[other])
        }
        return near.pop() if len(near) == 1 else None


def _near(one: str, other: str) -> bool:
    parts, others = one.split(), other.split()
    if len(parts) != len(others) or DamerauLevenshtein.distance(one, other, score_cutoff=2) > 2:
        return False
    return all(
        DamerauLevenshtein.distance(a, b) <= max(1, len(b) // 5) and a[0] == b[0]
        for a, b in zip(parts, others, strict=True)
    )
