"""Names in two scripts, as texts print them side by side: 托贝罗夫（Marc Toberoff）.

Only what stands in print joins a name in Chinese characters with one in Latin letters: how alike the two
read proves nothing. What stands before a bracket may have an office in front (律师托贝罗夫), so that a name
is looked up by how the printed form ends.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from typing import NamedTuple

from openrace.person_names import NOBODY, name_key, parse_name, same_person
from openrace.scripts import HAN, has_han, to_simplified

_NAME = rf"[{HAN}]{{1,10}}(?:[·•・‧][{HAN}]{{1,8}}){{0,3}}"
_CAPITALISED = r"[A-Z][A-Za-z\u00c0-\u017f0-9'’.-]*"
_LATIN = rf"{_CAPITALISED}(?:[ \u00a0](?:{_CAPITALISED}|de|la|van|von|der|bin|al|du|di)){{0,4}}"
_IN_BRACKETS = re.compile(r"\s?[（(]\s?([^\W\d_][^（()）]{1,40}?)\s?[）)]")
_REACH = 60  # characters before a bracket that can be a name
_IS_HAN, _IS_LATIN = re.compile(_NAME), re.compile(_LATIN)
_ENDS_HAN, _ENDS_LATIN = re.compile(rf"({_NAME})[”」』]?$"), re.compile(rf"({_LATIN})$")
_DOTS = re.compile("[•・‧]")
_LONGEST = 24  # characters of a name
_SHORTEST = 2  # characters of a name that a printed form may end with


class NamePair(NamedTuple):
    """A name in Chinese characters, simplified, and in Latin letters."""

    han: str
    latin: str


def name_pairs(text: str) -> set[NamePair]:
    """Return the names that stand in both scripts side by side in `text`.

    >>> sorted(name_pairs("律师托贝罗夫（Marc Toberoff）说"))
    [NamePair(han='律师托贝罗夫', latin='Marc Toberoff')]
    """
    if not has_han(text):
        return set()
    found = {_pair(text[max(0, m.start() - _REACH) : m.start()], m[1]) for m in _IN_BRACKETS.finditer(text)}
    return {pair for pair in found if pair and parse_name(pair.latin) != NOBODY}


def _pair(before: str, inside: str) -> NamePair | None:
    """Return the name that ends `before` with the one in the brackets after it; None where one is none."""
    if _IS_LATIN.fullmatch(inside):
        han, latin = _ENDS_HAN.search(before[-_LONGEST:]), inside
        return _pair_of(han[1], latin) if han else None
    shown = _ENDS_LATIN.search(before) if _IS_HAN.fullmatch(inside) else None
    return _pair_of(inside, shown[1]) if shown else None


def _pair_of(han: str, latin: str) -> NamePair | None:
    plain = _DOTS.sub("·", to_simplified(han))
    return NamePair(plain, latin) if len(plain) >= _SHORTEST else None


class NameMap:
    """Who is who across the scripts, by what was printed."""

    def __init__(self, pairs: Iterable[NamePair]) -> None:
        self._latin: defaultdict[str, set[str]] = defaultdict(set)
        for han, latin in pairs:
            for begin in range(len(han) - _SHORTEST + 1):
                self._latin[han[begin:]].add(latin)

    def in_latin(self, speaker: str) -> Set[str]:
        """Return the Latin names that a speaker's name stands beside; itself where it is Latin."""
        if not has_han(speaker):
            return {speaker}
        return self._latin.get(_DOTS.sub("·", to_simplified(speaker)), set())


class Speakers:
    """Speakers of English claims, by surname."""

    def __init__(self, speakers: Iterable[str]) -> None:
        self._all = frozenset(speaker for speaker in speakers if not has_han(speaker))
        self._by_surname: defaultdict[int, list[str]] = defaultdict(list)
        for speaker in sorted(self._all):
            if surname := name_key(parse_name(speaker)):
                self._by_surname[surname].append(speaker)

    def same_as(self, speaker: str, names: NameMap) -> set[str]:
        """Return which of them are this speaker: under the very id or name, or one printed beside it."""
        found = {speaker} & self._all
        for latin in names.in_latin(speaker):
            found.update(self._named(latin))
        return found

    def _named(self, latin: str) -> Iterator[str]:
        for speaker in self._by_surname.get(name_key(parse_name(latin)), ()):
            if same_person(latin, speaker) == "same":
                yield speaker
