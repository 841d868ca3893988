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
_CAPITALISED = r"[A-Z][\w'’.-]*"
_LATIN = rf"{_CAPITALISED}(?:[ \u00a0](?:{_CAPITALISED}|de|la|van|von|der|bin|al|du|di)){{0,4}}"
_HAN_FIRST = re.compile(rf"({_NAME})[”」』]?\s?[（(]\s?({_LATIN})\s?[）)]")
_LATIN_FIRST = re.compile(rf"({_LATIN})\s?[（(]\s?({_NAME})\s?[）)]")
_DOTS = re.compile("[•・‧]")
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
    plain = _DOTS.sub("·", to_simplified(text))
    found = {NamePair(*pair) for pair in _HAN_FIRST.findall(plain)}
    found |= {NamePair(han, latin) for latin, han in _LATIN_FIRST.findall(plain)}
    return {pair for pair in found if parse_name(pair.latin) != NOBODY and len(pair.han) >= _SHORTEST}


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
