"""Whom and what the records name: outlets, speakers, what was corrected, which ideas a family voices."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple, Self

from openrace.records import slugify
from openrace.scripts import to_simplified
from openrace.seed_records import Organisation, Person
from openrace.site.interface_language import InterfaceLanguage, interface_language
from openrace.site.reader_text import component
from openrace.site.snapshot import CorrectionNote, IdeaLabel, SiteSnapshot


@dataclass(frozen=True, slots=True, eq=False)
class OutletName:
    """An outlet as pages name it; `key` is its domain as a component of a path."""

    key: str
    domain: str
    name: str
    country: str | None


@dataclass(frozen=True, slots=True, eq=False)
class SpeakerName:
    """A speaker as pages name them; `known` is False for those of whom only the name is known."""

    key: str
    name: str
    person: Person | None
    organisation: Organisation | None
    known: bool
    beats: tuple[str, ...] = ()
    also: tuple[str, ...] = ()  # names in Chinese characters under which matching utterances stand

    @property
    def is_organisation(self) -> bool:
        """Whether the organisation itself speaks."""
        return self.person is None and self.organisation is not None


class Voicing(NamedTuple):
    """That a person marked a family as voicing an idea, or as arguing the opposite."""

    idea: str  # IdeaFacts.id
    name: str
    label: IdeaLabel


_PARTICLES = frozenset("al bin da de del der di dos du el la le of van von y".split())


def is_name(text: str) -> bool:
    """Whether `text` has the form of a name: two words or more, each with a capital, or signs without case.

    Else ("the regulators", "OpenAI chief") it describes somebody, and two who are described alike
    need not be one: they have no page.
    """
    words = re.findall(r"[^\W_][\w'’.-]*", text)
    last = text.strip()[-1:]
    if not words or not (last.isalnum() or last == "."):
        return False
    if not any(word[0].islower() or word[0].isupper() for word in words):
        return len(text.strip()) >= 2 and not words[0][0].isdigit()
    proper = [word for word in words if word.lower() not in _PARTICLES]
    return (
        len(proper) > 1 and words[0].lower() not in {"a", "an", "the"} and all(w[0].isupper() for w in proper)
    )


@dataclass(frozen=True, slots=True)
class NameLookup:
    """Looks up whom and what the records name: outlets, people and organisations, and what was corrected."""

    outlets: dict[str, OutletName]  # by Outlet.domain
    speakers: dict[str, SpeakerName]  # by Person.id and Organisation.id
    corrections: dict[str, list[CorrectionNote]]  # by Family.id
    ideas: dict[str, tuple[Voicing, ...]]  # by Family.id
    language: InterfaceLanguage
    same_speakers: dict[str, str]  # SiteSnapshot.same_speakers, of those who have a name
    also: dict[str, tuple[str, ...]]  # the same by the name or id in English

    @classmethod
    def of(cls, snapshot: SiteSnapshot) -> Self:
        """Return the lookups of `snapshot`."""
        homes = {o.id: o for o in snapshot.organisations}
        speakers = {
            o.id: SpeakerName(component(o.id), o.name, None, o, True, _beats(o, snapshot))
            for o in snapshot.organisations
        }
        for person in snapshot.people:
            home = homes.get(person.organisation or "")
            beats = _beats(home, snapshot) if home else ()
            speakers[person.id] = SpeakerName(component(person.id), person.name, person, home, True, beats)
        same = {name: other for name, other in snapshot.same_speakers if other in speakers or is_name(other)}
        also: dict[str, tuple[str, ...]] = {}
        for name, other in same.items():
            also[other] = (*also.get(other, ()), name)
        for listed in speakers.keys() & also.keys():
            speakers[listed] = replace(speakers[listed], also=also[listed])
        corrections: dict[str, list[CorrectionNote]] = {}
        for correction in snapshot.corrections:
            for family in correction.families:
                corrections.setdefault(family, []).append(correction)
        outlets = {
            o.domain: OutletName(component(o.domain), o.domain, o.name, o.country) for o in snapshot.outlets
        }
        language = interface_language(snapshot.language)
        return cls(outlets, speakers, corrections, _voicings(snapshot), language, same, also)

    @property
    def marked(self) -> frozenset[str]:
        """The families that a person touched: each has a page of its own."""
        return frozenset((*self.corrections, *self.ideas))

    def outlet(self, domain: str | None) -> OutletName | None:
        """Return the outlet of `domain`, made up from the domain where it is not listed."""
        if domain is None:
            return None
        return self.outlets.get(domain) or _unlisted_outlet(domain)

    def speaker(self, person_id: str | None, name: str | None) -> SpeakerName | None:
        """Return the listed speaker, else one known by name only, else None: a description names nobody."""
        if person_id and person_id in self.speakers:
            return self.speakers[person_id]
        if not name or not is_name(name):
            return None
        shown = self.same_speakers.get(to_simplified(name), name)
        found = self.speakers.get(shown) or self.speakers.get(slugify(shown))
        return found or _unlisted_speaker(shown, self.also.get(shown, ()))


def in_its_language(snapshot: SiteSnapshot) -> SiteSnapshot:
    """Return `snapshot` with the bundled names of sides, topics and ideas, and its tagline, in its language.

    A name that the catalogue does not have, as one of the user's own, stays as it is.
    """
    gettext = interface_language(snapshot.language).gettext
    named = {
        kind: tuple(it.model_copy(update={"name": gettext(it.name)}) for it in getattr(snapshot, kind))
        for kind in ("beats", "topics")
    }
    ideas = tuple(
        idea.model_copy(
            update={
                "name": gettext(idea.name),
                "definition": gettext(idea.definition),
                "not_when": idea.not_when and gettext(idea.not_when),
            }
        )
        for idea in snapshot.ideas
    )
    return snapshot.model_copy(update={**named, "ideas": ideas, "tagline": gettext(snapshot.tagline)})


def _voicings(snapshot: SiteSnapshot) -> dict[str, tuple[Voicing, ...]]:
    found: dict[str, dict[Voicing, None]] = {}
    for idea in snapshot.ideas:
        for mark in idea.marks:
            found.setdefault(mark.family, {})[Voicing(idea.id, idea.name, mark.label)] = None
    return {family: tuple(own) for family, own in found.items()}


def _beats(organisation: Organisation, snapshot: SiteSnapshot) -> tuple[str, ...]:
    return tuple(beat.id for beat in snapshot.beats if beat.holds(organisation))


@lru_cache(maxsize=4096)  # the same object each time: reports are counted by it
def _unlisted_outlet(domain: str) -> OutletName:
    return OutletName(component(domain), domain, domain, None)


@lru_cache(maxsize=4096)
def _unlisted_speaker(name: str, also: tuple[str, ...]) -> SpeakerName:
    return SpeakerName(component(slugify(name)), name, None, None, known=False, also=also)
