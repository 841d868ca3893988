"""What a family is to a page: its reports in order, its speaker, how far it went, where its page lies.

Plain objects made from a `Telling`; nothing is rendered here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b
from typing import NamedTuple, Protocol, Self

from pydantic_core import to_json

from openrace.person_names import family_speaker
from openrace.records import KINDS, Organisation, Person, slugify
from openrace.site.reader_text import component, fragment_link, lag_words
from openrace.site.snapshot import ArticleCard, Correction, Edition, Statement, Telling
from openrace.story import Appearance, FamilyStory, Variant


def version_of(*facts: object) -> bytes:
    """A hash of `facts` (records, texts, numbers, lists of them) that is the same in every process."""
    return blake2b(to_json(facts, inf_nan_mode="strings"), digest_size=16).digest()


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

    @property
    def is_organisation(self) -> bool:
        """Whether the organisation itself speaks."""
        return self.person is None and self.organisation is not None


@dataclass(frozen=True, eq=False)
class Report:
    """One appearance of an utterance: the statement, its article and outlet, when, how late."""

    statement: Statement
    article: ArticleCard
    outlet: OutletName | None
    when: str | None
    lag_hours: float | None
    wire_of: str | None = None
    softened: tuple[str, ...] = ()  # hedges that a paraphrase adds
    paraphrase: bool = False

    @property
    def day(self) -> str | None:
        """The day of the article, None where unknown."""
        return self.when[:10] if self.when else None

    @property
    def country(self) -> str | None:
        """The country of the outlet."""
        return self.outlet.country if self.outlet else None

    @cached_property
    def link(self) -> str | None:
        """The address of the very words, None where the article has no web address."""
        return fragment_link(self.article.url, self.statement.exact or self.statement.parts[0].text)

    @property
    def lag(self) -> str:
        """How long after the first report, in words."""
        return lag_words(self.lag_hours)


@dataclass(frozen=True, eq=False)
class Utterance:
    """A family as its page tells it. `reports` are earliest first, undated last."""

    key: str
    story: FamilyStory
    reports: tuple[Report, ...]
    paraphrases: tuple[Report, ...]
    speaker: SpeakerName | None
    disputed: tuple[str, ...]  # the names, where the reports do not agree on one
    described: str | None  # what a report calls a speaker whom no report names ("a company spokesman")
    beats: tuple[str, ...]
    corrections: tuple[Correction, ...]  # what a person set right here

    @property
    def id(self) -> str:
        """The family's id."""
        return self.story.family.id

    @property
    def version(self) -> bytes:
        """A hash of everything that pages show of it: where it is the same, so are they."""
        everything = self.reports + self.paraphrases
        return version_of(self.story, everything, self.speaker, self.disputed, self.corrections)

    @property
    def whole(self) -> Utterance:
        """Itself: lists hold utterances and what stands for one (`listed.Listed`)."""
        return self

    def card(self, form: str, make: Callable[[Utterance], bytes]) -> bytes:
        """What `make` makes of it; nothing is remembered here."""
        return make(self)

    @property
    def who(self) -> str:
        """The speaker in a line of text."""
        return self.speaker.name if self.speaker else self.described or "Speaker unknown"

    @cached_property
    def fullest(self) -> Report:
        """The report with the most complete wording."""
        wanted = self.story.family.representative
        return next((r for r in self.reports if r.statement.claim_id == wanted), self.reports[0])

    @property
    def first(self) -> Report:
        """The earliest report, as far as dates are known."""
        return self.reports[0]

    @property
    def when(self) -> str | None:
        """When it was first reported; None where no report has a date."""
        return self.first.when

    @property
    def day(self) -> str:
        """The day of that, empty for None."""
        return (self.when or "")[:10]

    @property
    def kind(self) -> int:
        """How its fullest report prints it: a place in `records.KINDS`."""
        return KINDS.index(self.fullest.statement.kind)

    @cached_property
    def latest(self) -> str | None:
        """When it was last reported."""
        return max((r.when for r in self.all_reports if r.when), default=None)

    @property
    def seen(self) -> str | None:
        """When openrace first saw a report of it."""
        return min((r.article.seen for r in self.reports if r.article.seen), default=None)

    @cached_property
    def all_reports(self) -> tuple[Report, ...]:
        """Reports and paraphrases, earliest first."""
        return tuple(sorted(self.reports + self.paraphrases, key=by_time))

    @cached_property
    def wording(self) -> dict[str, Variant]:
        """Which wording each claim prints."""
        return {claim_id: variant for variant in self.story.variants for claim_id in variant.claim_ids}

    @cached_property
    def outlets(self) -> int:
        """How many outlets brought it, paraphrases too."""
        return len({r.outlet.key for r in self.all_reports if r.outlet})

    @cached_property
    def countries(self) -> tuple[str, ...]:
        """The countries of those outlets, in the order in which it came there."""
        return tuple(dict.fromkeys(r.country for r in self.all_reports if r.country))


class Shown(Protocol):
    """An utterance, or what stands for one in a list."""

    @property
    def whole(self) -> Utterance: ...
    @property
    def latest(self) -> str | None: ...
    def card(self, form: str, make: Callable[[Utterance], bytes]) -> bytes: ...


def by_time(report: Report) -> tuple[str, str]:
    """Sorts reports: earliest first, a day after its instants' day begins, undated last."""
    return (report.when or "9999", report.statement.claim_id)


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
class Names:
    """Looks up whom and what the records name: outlets, people and organisations, and what was corrected."""

    outlets: dict[str, OutletName]  # by Outlet.domain
    speakers: dict[str, SpeakerName]  # by Person.id and Organisation.id
    corrections: dict[str, list[Correction]]  # by Family.id

    @classmethod
    def of(cls, edition: Edition) -> Self:
        """The lookups of `edition`."""
        homes = {o.id: o for o in edition.organisations}
        speakers = {
            o.id: SpeakerName(component(o.id), o.name, None, o, True, _beats(o, edition))
            for o in edition.organisations
        }
        for person in edition.people:
            home = homes.get(person.organisation or "")
            beats = _beats(home, edition) if home else ()
            speakers[person.id] = SpeakerName(component(person.id), person.name, person, home, True, beats)
        corrections: dict[str, list[Correction]] = {}
        for correction in edition.corrections:
            for family in correction.families:
                corrections.setdefault(family, []).append(correction)
        outlets = {
            o.domain: OutletName(component(o.domain), o.domain, o.name, o.country) for o in edition.outlets
        }
        return cls(outlets, speakers, corrections)

    def outlet(self, domain: str | None) -> OutletName | None:
        """The outlet of `domain`, made up from the domain where it is not listed."""
        if domain is None:
            return None
        return self.outlets.get(domain) or _unlisted_outlet(domain)

    def speaker(self, person_id: str | None, name: str | None) -> SpeakerName | None:
        """The listed speaker, else one known by name only, else None: a description names nobody."""
        if person_id and person_id in self.speakers:
            return self.speakers[person_id]
        if not name or not is_name(name):
            return None
        return self.speakers.get(slugify(name)) or _unlisted_speaker(name)


def _beats(organisation: Organisation, edition: Edition) -> tuple[str, ...]:
    return tuple(beat.id for beat in edition.beats if beat.holds(organisation))


@lru_cache(maxsize=4096)  # the same object each time: reports are counted by it
def _unlisted_outlet(domain: str) -> OutletName:
    return OutletName(component(domain), domain, domain, None)


@lru_cache(maxsize=4096)
def _unlisted_speaker(name: str) -> SpeakerName:
    return SpeakerName(component(slugify(name)), name, None, None, known=False)


def tell(telling: Telling, names: Names) -> Utterance | None:
    """`telling` as pages show it; None where it has no statement of the family."""
    told = _Told({s.claim_id: s for s in telling.statements}, {a.id: a for a in telling.articles}, names)
    story = telling.story
    appearances = {a.claim_id: a for a in story.appearances}
    reports = [r for c in story.family.claim_ids if (r := told.report(c, appearances.get(c)))]
    if not reports:
        return None
    reports.sort(key=by_time)
    paraphrases = [r for p in story.paraphrases if (r := told.report(p.claim_id, None, p.softened))]
    speaker, disputed = _speaker(reports, names)
    return Utterance(
        key=component(story.family.id),
        story=story,
        reports=tuple(reports),
        paraphrases=tuple(sorted(paraphrases, key=by_time)),
        speaker=speaker,
        disputed=disputed,
        described=None if speaker or disputed else _description(reports),
        beats=speaker.beats if speaker else (),
        corrections=tuple(names.corrections.get(story.family.id, ())),
    )


class _Told(NamedTuple):
    """What a telling names, by id."""

    statements: dict[str, Statement]
    articles: dict[str, ArticleCard]
    names: Names

    def report(
        self, claim_id: str, appearance: Appearance | None, softened: tuple[str, ...] = ()
    ) -> Report | None:
        """The report that `claim_id` makes; with no `appearance` it is a paraphrase, dated by its article."""
        statement = self.statements.get(claim_id)
        article = self.articles.get(statement.article_id) if statement else None
        if statement is None or article is None:
            return None
        outlet = self.names.outlet(article.outlet)
        if appearance is None:
            return Report(
                statement, article, outlet, article.published, None, softened=softened, paraphrase=True
            )
        return Report(statement, article, outlet, appearance.when, appearance.lag_hours, appearance.wire_of)


def _speaker(reports: list[Report], names: Names) -> tuple[SpeakerName | None, tuple[str, ...]]:
    """Return whose words the reports say they are, or the names where they contradict each other."""
    said = [r.statement for r in reports if names.speaker(r.statement.speaker_id, r.statement.speaker_name)]
    found = family_speaker((s.speaker_id, s.speaker_name) for s in said)
    if found.name or found.person_id:
        return names.speaker(found.person_id, found.name), ()
    return None, found.disputed


def _description(reports: list[Report]) -> str | None:
    """What the earliest report that calls an unnamed speaker anything calls them."""
    return next((r.statement.speaker_name for r in reports if r.statement.speaker_name), None)
