"""Speakers under a Chinese name that may be people whom English texts name: offered to a person, never told.

speakers in Chinese characters ─▶ Latin names that read alike, or that texts print beside theirs
                               ─▶ statements of both that are alike within days
                               ─▶ suggestions, the best founded first, each with its line for people.toml

Nothing here changes who anybody is: a person takes a line over, or does not.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from openrace.clustering.cross_language import MOST_DAYS, EnglishClaims, Said
from openrace.clustering.name_map import NameMap, NamePair, Speakers
from openrace.person_names import parse_name, same_person
from openrace.person_names.transliteration import ALIKE, consonants_of, sound_alike
from openrace.records import slugify
from openrace.scripts import has_han, is_chinese
from openrace.seed_records import Person
from openrace.store import translation_tables
from openrace.store.translation_tables import AttributedClaim
from openrace.wordings.days import NO_DAY, is_day

LONGEST = 6  # characters of a foreign surname in Chinese; what is longer has an office in front
STATEMENTS = 2  # of a speaker who is worth a line in the list
PRINTS = 2  # articles that print two names side by side: enough without statements


class StatementPair(NamedTuple):
    """A Chinese statement and the English one that it fits best, whoever said them."""

    chinese: AttributedClaim
    english: AttributedClaim


class SuggestedName(NamedTuple):
    """Chinese names that may be of a person whom English texts name, and what speaks for it."""

    han: tuple[str, ...]  # the best founded first
    latin: str
    sound: float  # 0 to 1: how alike the surnames read, at most
    printed: int  # times that an article has two of the names side by side
    statements: tuple[StatementPair, ...]
    line: str  # for people.toml


class _Founded(NamedTuple):
    han: str
    sound: float
    printed: int
    statements: tuple[StatementPair, ...]


class _LatinSpeakers:
    """Speakers under Latin names in full, by how their surnames read and by what is printed beside them."""

    def __init__(self, db: sqlite3.Connection, known: Iterable[str], listed: Mapping[str, Person]) -> None:
        every = {speaker: listed[speaker].name if speaker in listed else speaker for speaker in known}
        self.names = {speaker: name for speaker, name in every.items() if parse_name(name).is_full}
        self._printed = translation_tables.times_printed(db)
        self._map = NameMap(map(NamePair._make, self._printed))
        self._speakers = Speakers(self.names.values())
        self._with_name: defaultdict[str, list[str]] = defaultdict(list)
        self._called: defaultdict[str, list[str]] = defaultdict(list)  # by surname
        self._surnames: defaultdict[str, set[str]] = defaultdict(set)  # by the first consonant
        for speaker, name in self.names.items():
            self._with_name[name].append(speaker)
            self._called[_surname(name)].append(speaker)
        for surname in self._called:
            self._surnames[consonants_of(surname)[:1]].add(surname)

    def like(self, han: str) -> dict[str, float]:
        """Return whose surname reads as `han` does, or who is printed beside it, and how alike they read."""
        last = han.rsplit("·", 1)[-1]
        near = self._surnames.get(consonants_of(last)[:1], ()) if len(last) <= LONGEST else ()
        sounds = {surname: sound_alike(last, surname) for surname in near}
        alike = [surname for surname in sounds if sounds[surname] >= ALIKE]
        names = self._speakers.same_as(han, self._map)
        found = {speaker for surname in alike for speaker in self._called[surname]}
        found.update(speaker for name in names for speaker in self._with_name[name])
        return {speaker: sounds.get(_surname(self.names[speaker]), 0.0) for speaker in found}

    def times_beside(self, han: str, name: str) -> int:
        """Return how many articles print the two names side by side."""
        latin = {form for form in self._map.in_latin(han) if same_person(form, name) == "same"}
        if not latin:
            return 0
        return sum(
            count for (form, other), count in self._printed.items() if other in latin and form.endswith(han)
        )


def suggest_people(db: sqlite3.Connection, people: Iterable[Person]) -> list[SuggestedName]:
    """Return Chinese names of speakers that may be of people with a Latin name, the best founded first."""
    listed = {person.id: person for person in people}
    known = translation_tables.recurring_speakers(db, STATEMENTS)
    latin = _LatinSpeakers(db, [name for name in known if not has_han(name)], listed)
    found: defaultdict[str, list[_Founded]] = defaultdict(list)
    for han in filter(has_han, known):
        like = latin.like(han)
        by_speaker: defaultdict[str, list[StatementPair]] = defaultdict(list)
        for pair in _statement_pairs(db, han, sorted(like)) if like else ():
            by_speaker[pair.english.speaker].append(pair)
        for speaker, sound in like.items():
            alike, printed = tuple(by_speaker[speaker]), latin.times_beside(han, latin.names[speaker])
            if alike or printed >= PRINTS:
                found[speaker].append(_Founded(han, round(sound, 2), printed, alike))
    all_found = [_suggested(latin.names[who], forms, listed.get(who)) for who, forms in found.items()]
    return sorted(all_found, key=lambda one: (-len(one.statements), -one.printed, one.latin))


def _suggested(name: str, forms: list[_Founded], person: Person | None) -> SuggestedName:
    forms = sorted(forms, key=lambda form: (-len(form.statements), -form.printed, form.han))
    han = tuple(form.han for form in forms)
    statements = tuple(pair for form in forms for pair in form.statements)
    sound, printed = max(form.sound for form in forms), sum(form.printed for form in forms)
    return SuggestedName(han, name, sound, printed, statements, _line(han, name, person))


def _surname(name: str) -> str:
    return parse_name(name).parts[-1]


def _statement_pairs(db: sqlite3.Connection, han: str, speakers: Sequence[str]) -> list[StatementPair]:
    """Return each Chinese statement under `han` with the statement of one of `speakers` that it fits best."""
    said = [claim for claim in translation_tables.said_by(db, [han], 0, NO_DAY) if is_day(claim.day)]
    chinese = [claim for claim in said if is_chinese(claim.text)]
    if not chinese:
        return []
    first, last = min(claim.day for claim in chinese), max(claim.day for claim in chinese)
    others = translation_tables.said_by(db, speakers, first - MOST_DAYS, last + MOST_DAYS)
    english = {claim.claim: claim for claim in others if not has_han(claim.text)}
    table = EnglishClaims({claim: Said(one.text, one.context) for claim, one in english.items()})
    pairs = []
    for claim in chinese:
        days = {other: abs(one.day - claim.day) for other, one in english.items()}
        near = {other: apart for other, apart in days.items() if apart <= MOST_DAYS}
        match = table.best_match(Said(claim.text, claim.context), near)
        if match:
            pairs.append(StatementPair(claim, english[match.claim]))
    return pairs


def _line(han: Sequence[str], name: str, person: Person | None) -> str:
    """Return the line of people.toml that makes `han` names of this person."""
    fields = {"name": name, "aliases": [*(person.aliases if person else ()), *han]}
    if person and person.organisation:
        fields["organisation"] = person.organisation
    told = ", ".join(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items())
    return f"{person.id if person else slugify(name)} = {{ {told} }}"
