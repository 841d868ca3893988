"""A name that many people bear is a known person's only where the article says so.

In China some twenty surnames are borne by half of the people, and with a given name of one syllable the name
tells nobody: the premier, a labour campaigner and a vice-president are all called Li Qiang. What tells is an
office or the name of the person's organisation close to the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from openrace.extract.attributed_content import AttributedContent
from openrace.records import Speaker
from openrace.scripts import HAN, to_simplified
from openrace.seed_records import Organisation, Person

# The most frequent first (yearly report on names of China's Ministry of Public Security, 2020)
_SURNAMES = frozenset(
    "wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang".split()
)
_SYLLABLE = re.compile(r"[bcdfghj-np-tw-z]{0,2}[aeiouü]{1,3}(?:ng?|r)?", re.IGNORECASE)
_SHORT_HAN = re.compile(f"[{HAN}]{{2}}")
_CLOSE = 90  # characters on either side of the name
_OFFICES = (
    r"\b(?:premier|prime minister|ministers?|ministry|politburo|president|spokes\w+)\b"
    r"|总理|部长|外长|政治局|主席|发言人"
)


class Namesakes:
    """The known persons whose names many others bear, and what in a text tells that they are meant."""

    def __init__(self, people: Iterable[Person], organisations: Mapping[str, Organisation]) -> None:
        self._signs: dict[str, re.Pattern[str]] = {}
        for person in people:
            if is_common_name(person):
                self._signs[person.id] = _sign(person, organisations.get(person.organisation or ""))

    def doubt(self, text: str, found: AttributedContent) -> AttributedContent:
        """Return `found`, without a name where nothing in `text` tells that the known person is meant."""
        speaker = found.speaker
        sign = self._signs.get(speaker.person_id or "") if speaker else None
        if speaker is None or sign is None or sign.search(to_simplified(text)):
            return found
        reason = f"{found.reason}; but nothing near {speaker.name} tells whether the known one is meant"
        return replace(found, speaker=Speaker(span=speaker.span, text=speaker.text, name=None), reason=reason)


def is_common_name(person: Person) -> bool:
    """Whether `person` has a frequent Chinese surname and a given name of one syllable, in both scripts."""
    surname, _, given = person.name.partition(" ")
    in_han = any(_SHORT_HAN.fullmatch(alias) for alias in person.aliases)
    return in_han and surname.lower() in _SURNAMES and bool(_SYLLABLE.fullmatch(given))


def _sign(person: Person, home: Organisation | None) -> re.Pattern[str]:
    signs = [re.escape(name) for name in (home.name, *home.aliases)] if home else []
    if home and home.group == "government":
        signs.append(_OFFICES)
    name = "|".join(map(re.escape, (person.name, *person.aliases)))
    sign = "|".join(map(to_simplified, signs)) or "(?!)"
    near = f"[^\n]{{0,{_CLOSE}}}?"
    return re.compile(f"(?:{name}){near}(?:{sign})|(?:{sign}){near}(?:{name})", re.IGNORECASE)
