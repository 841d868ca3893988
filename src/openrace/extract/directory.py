"""The people and organisations that are known beforehand, looked up by name.

A name is found as written or by an alias; in another form (a short first name, a middle initial, a misspelt
part: see `person_names`) only where it is that of exactly one known person. A wrong one is worse than none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from openrace.extract.namesakes import Namesakes
from openrace.person_names import ParsedName, compare_names, fold, parse_name
from openrace.scripts import HAN, to_simplified
from openrace.seed_records import Organisation, Person

_HAN_NAME = re.compile(f"[{HAN}]+(?: [{HAN}]+)*")
_HAN_SURNAME = re.compile(f"[{HAN}]{{3,}}")  # two characters may be anybody
_NOT_LETTERS = re.compile(r"[^\w\s]+")


class Known(NamedTuple):
    """One directory entry under its proper name."""

    id: str
    name: str
    is_person: bool
    organisation: str | None = None  # the id of a person's, of those that are listed


@lru_cache(maxsize=1 << 15)
def _key(name: str) -> str:
    """Return `name` in simplified script without case, marks and accents: spellings of one name meet."""
    return " ".join(_NOT_LETTERS.sub(" ", fold(to_simplified(name))).split())


class Directory:
    """People and organisations by name and alias; names that two of them share are nobody's."""

    def __init__(self, people: Iterable[Person] = (), organisations: Iterable[Organisation] = ()) -> None:
        people, organisations = tuple(people), tuple(organisations)
        self._by_key: dict[str, Known | None] = {}
        self._by_letter: defaultdict[str, list[tuple[ParsedName, Known]]] = defaultdict(list)
        self._other_forms: dict[str, Known | None] = {}
        for organisation in organisations:
            known = Known(organisation.id, organisation.name, False)
            self._add(known, (organisation.name, *organisation.aliases))
        for person in people:
            known = Known(person.id, person.name, True, person.organisation)
            self._add(known, (person.name, *person.aliases))
        self.namesakes = Namesakes(people, {o.id: o for o in organisations})
        self._by_surname = self._surnames_in_han()
        self._han_names: re.Pattern[str] | None = None  # made by the first Chinese text

    def _add(self, known: Known, names: Iterable[str]) -> None:
        for key, name in {_key(name): name for name in names}.items():
            other = self._by_key.get(key, known)
            self._by_key[key] = known if other is not None and other.id == known.id else None
            parsed = parse_name(name)
            if known.is_person and parsed.is_full:
                for letter in {part[0] for part in parsed.parts}:
                    self._by_letter[letter].append((parsed, known))
        self._by_key.pop("", None)

    def _surnames_in_han(self) -> dict[str, Known | None]:
        """Return the last parts of foreign names in Han characters (萨姆·奥尔特曼) by who bears them."""
        surnames: dict[str, Known | None] = {}
        for key, known in self._by_key.items():
            surname = key.split()[-1]
            if known and known.is_person and surname != key and _HAN_SURNAME.fullmatch(surname):
                other = surnames.get(surname, known)
                surnames[surname] = known if other is not None and other.id == known.id else None
        return surnames

    def mentions(self, text: str) -> Iterator[tuple[int, int, bool]]:
        """Yield where known names in Han characters stand in simplified `text`, and whether a person's."""
        if self._han_names is None:
            names = filter(_HAN_NAME.fullmatch, {**self._by_key, **self._by_surname})
            keys = sorted(names, key=len, reverse=True)
            self._han_names = re.compile("|".join(key.replace(" ", "[·•・‧∙ ]") for key in keys) or r"(?!)")
        for match in self._han_names.finditer(text):
            if known := self.find(match[0]):
                yield match.start(), match.end(), known.is_person

    def find(self, name: str) -> Known | None:
        """Return the entry called `name`, or None; initials in the middle make no other person.

        In Han characters the surname alone of a foreign name will do where only one person bears it.
        """
        key = _key(name)
        if key not in self._by_key and key in self._by_surname:
            return self._by_surname[key]
        if key not in self._by_key:
            key = " ".join(part for part in key.split() if len(part) > 1)
        return self._by_key.get(key)

    def is_surname_alone(self, name: str) -> bool:
        """Return whether `name` is found as the surname of a foreign name alone, which others may bear."""
        key = _key(name)
        return key not in self._by_key and key in self._by_surname

    def find_misspelt(self, name: str) -> Known | None:
        """Return the one person whose full name is another form of `name`, or None."""
        if name not in self._other_forms:
            self._other_forms[name] = self._other_form(parse_name(name))
        return self._other_forms[name]

    def _other_form(self, name: ParsedName) -> Known | None:
        if not name.is_full or len(name.parts[0]) == 1:  # "J. Moss" may be anybody
            return None
        near: defaultdict[Known, list[bool]] = defaultdict(list)
        for form, known in self._by_letter[name.parts[-1][0]]:
            found = compare_names(form, name)
            if found != "different":
                as_full = (len(form.parts), form.suffix) == (len(name.parts), name.suffix)
                near[known].append(found == "same" or as_full)
        [*only] = near
        return only[0] if len(only) == 1 and any(near[only[0]]) else None
