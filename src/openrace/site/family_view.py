"""A family as its page shows it: its reports in order, its speaker, how far it spread, where its page is.

Plain objects made from `FamilyFacts`; nothing is rendered here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import NamedTuple

from pydantic_core import to_json

from openrace.dating import lag_is_certain
from openrace.person_names import ReportedSpeaker, family_speaker
from openrace.records import KINDS
from openrace.site.interface_language import InterfaceLanguage
from openrace.site.name_lookup import NameLookup, OutletName, SpeakerName, Voicing
from openrace.site.reader_text import component, fragment_link
from openrace.site.snapshot import ArticleFacts, CorrectionNote, FamilyFacts, Statement
from openrace.story import Alert, Appearance, FamilyStory, ReportCheck, Variant, tell_difference


def version_of(*facts: object) -> bytes:
    """Return a hash of `facts` (records, texts, numbers, lists of them) that is the same in every process."""
    return blake2b(to_json(facts, inf_nan_mode="strings"), digest_size=16).digest()


@dataclass(frozen=True, eq=False)
class ReportView:
    """One appearance of an utterance: the statement, its article and outlet, when, how late."""

    statement: Statement
    article: ArticleFacts
    outlet: OutletName | None
    when: str | None
    lag_hours: float | None
    wire_of: str | None = None
    softened: tuple[str, ...] = ()  # hedges that a paraphrase adds
    paraphrase: bool = False
    lag_doubt_hours: float = 0.0
    clock_early_hours: float = 0.0  # by how many hours the outlet's clock seems early

    @property
    def language(self) -> str | None:
        """The language of the words: the article's, without its region."""
        return self.article.language.split("-")[0].lower() if self.article.language else None

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
    def lag_is_certain(self) -> bool:
        """Whether it is known that it came so long after the first report."""
        return self.lag_hours is None or lag_is_certain(self.lag_hours, self.lag_doubt_hours)


@dataclass(frozen=True, eq=False)
class FamilyView:
    """A family as its page shows it. `reports` are earliest first, undated last."""

    key: str
    story: FamilyStory
    reports: tuple[ReportView, ...]
    paraphrases: tuple[ReportView, ...]
    speaker: SpeakerName | None
    disputed: tuple[str, ...]  # the names, where the reports do not agree on one
    described: str | None  # what a report calls a speaker whom no report names ("a company spokesman")
    beats: tuple[str, ...]
    corrections: tuple[CorrectionNote, ...]  # what a person set right here
    ideas: tuple[Voicing, ...]  # what a person marked it for
    language: InterfaceLanguage  # in which pages speak of it

    @property
    def id(self) -> str:
        """The family's id."""
        return self.story.family.id

    @property
    def version(self) -> bytes:
        """A hash of everything that pages show of it: where it is the same, so are they."""
        everything = self.reports + self.paraphrases
        more = (self.disputed, self.corrections, self.ideas, self.language.code)
        return version_of(self.story, everything, self.speaker, *more)

    @property
    def who(self) -> str:
        """The speaker in a line of text."""
        return (
            self.speaker.name if self.speaker else self.described or self.language.gettext("Speaker unknown")
        )

    @cached_property
    def representative(self) -> ReportView:
        """The report whose wording stands for the family: one in the readers' language if there is any."""
        wanted = self.story.family.representative
        chosen = next((r for r in self.reports if r.statement.claim_id == wanted), self.reports[0])
        if chosen.language in (None, self.language.code):
            return chosen
        return self._best_attested(r for r in self.reports if r.language == self.language.code) or chosen

    @cached_property
    def first(self) -> ReportView:
        """The earliest report, as far as dates are known."""
        sure = self.story.first if self.first_is_certain else ()
        return next((r for r in self.reports if r.statement.claim_id in sure), self.reports[0])

    @cached_property
    def first_is_certain(self) -> bool:
        """Whether one outlet surely had it first."""
        first = [a.outlet for a in self.story.appearances if a.claim_id in self.story.first]
        return len(set(first)) == 1 and None not in first

    @property
    def first_words(self) -> str:
        """Who had it first, or which outlets on the same day."""
        names = {r.outlet.domain: r.outlet.name for r in self.reports if r.outlet}
        return self.story.first_words(names, self.language.gettext)

    def tell_alert(self, alert: Alert) -> str:
        """Return which words an alert is about, in which outlet, and why that may matter.

        The note that it comes with is English; in another language it is told from what it holds.
        """
        if self.language.code == "en":
            return alert.note
        printed = [r.article.outlet for r in self.reports if r.statement.claim_id in alert.claim_ids]
        outlets = [outlet for outlet in printed if outlet]
        return tell_difference(alert.what, alert.lost, alert.gained, outlets, self.language.gettext)

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
        """How its representative report prints it: a place in `records.KINDS`."""
        return KINDS.index(self.representative.statement.kind)

    @cached_property
    def latest(self) -> str | None:
        """When it was last reported."""
        return max((r.when for r in self.all_reports if r.when), default=None)

    @property
    def seen(self) -> str | None:
        """When openrace first saw a report of it."""
        return min((r.article.seen for r in self.reports if r.article.seen), default=None)

    @property
    def alerted(self) -> str | None:
        """When a wording was first printed that may mean something else; None where none has a date."""
        changed = {claim for alert in self.story.alerts for claim in alert.claim_ids}
        changed |= {check.claim_id for check in self.misleading}
        return min((r.when for r in self.reports if r.when and r.statement.claim_id in changed), default=None)

    @property
    def misleading(self) -> tuple[ReportCheck, ...]:
        """What reports made of the words as they were said, where that misleads."""
        return self.story.original.flagged if self.story.original else ()

    @property
    def recording(self) -> str:
        """Where the page is of the recording in which it was said; empty where none is kept."""
        return component(self.story.original.article_id) if self.story.original else ""

    @property
    def heard(self) -> str:
        """From when on both the recording and a report of it were out; empty where that is not known."""
        original = self.story.original
        return max(original.published, self.when) if original and original.published and self.when else ""

    @cached_property
    def all_reports(self) -> tuple[ReportView, ...]:
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
    def independent(self) -> int:
        """How many outlets carried it in an article of their own: copies of another report do not count."""
        return len({r.outlet.key for r in self.all_reports if r.outlet and not r.wire_of})

    @property
    def is_shared(self) -> bool:
        """Whether several outlets carried it, with a date: then one of them had it first."""
        return self.outlets > 1 and bool(self.when)

    @property
    def has_page(self) -> bool:
        """Whether it has a page of its own: two reports or more, a recording, or a person marked it."""
        return bool(self.ideas or self.corrections or self.story.original) or len(self.all_reports) > 1

    @property
    def address(self) -> str:
        """Where it is shown: its own page, else its place on the page of its only article."""
        return f"q/{self.key}/" if self.has_page else statement_address(self.first)

    @cached_property
    def translated(self) -> ReportView | None:
        """The best attested report in another language than the representative's, None for none."""
        own = self.representative.language
        return self._best_attested(r for r in self.reports if r.language and own and r.language != own)

    def _best_attested(self, reports: Iterable[ReportView]) -> ReportView | None:
        """Return the report whose wording most of `reports` print, the earliest of these; None for none."""
        found = list(reports)
        counts = Counter(" ".join(r.statement.text.split()) for r in found)
        return max(found, key=lambda r: (counts[r.statement.text], -self.reports.index(r)), default=None)

    @cached_property
    def countries(self) -> tuple[str, ...]:
        """The countries of those outlets, in the order in which it came there."""
        return tuple(dict.fromkeys(r.country for r in self.all_reports if r.country))


def statement_address(report: ReportView) -> str:
    """Return the address of a statement on the page of its article; it never changes."""
    return f"a/{component(report.article.id)}/#s-{component(report.statement.claim_id)}"


def by_time(report: ReportView) -> tuple[str, str]:
    """Sorts reports: earliest first, a day after its instants' day begins, undated last."""
    return (report.when or "9999", report.statement.claim_id)


def view_of(facts: FamilyFacts, names: NameLookup) -> FamilyView | None:
    """Return a family as pages show it; None where `facts` has no statement of it."""
    named = _NamesById({s.claim_id: s for s in facts.statements}, {a.id: a for a in facts.articles}, names)
    story = facts.story
    appearances = {a.claim_id: a for a in story.appearances}
    reports = [r for c in story.family.claim_ids if (r := named.report(c, appearances.get(c)))]
    if not reports:
        return None
    reports.sort(key=by_time)
    paraphrases = [r for p in story.paraphrases if (r := named.report(p.claim_id, None, p.softened))]
    speaker, disputed = _speaker(reports, names)
    return FamilyView(
        key=component(story.family.id),
        story=story,
        reports=tuple(reports),
        paraphrases=tuple(sorted(paraphrases, key=by_time)),
        speaker=speaker,
        disputed=disputed,
        described=None if speaker or disputed else _description(reports),
        beats=speaker.beats if speaker else (),
        corrections=tuple(names.corrections.get(story.family.id, ())),
        ideas=names.ideas.get(story.family.id, ()),
        language=names.language,
    )


class _NamesById(NamedTuple):
    """What the facts of a family name, by id."""

    statements: dict[str, Statement]
    articles: dict[str, ArticleFacts]
    names: NameLookup

    def report(
        self, claim_id: str, appearance: Appearance | None, softened: tuple[str, ...] = ()
    ) -> ReportView | None:
        """Return the report that `claim_id` makes.

        With no `appearance` it is a paraphrase, dated by its article.
        """
        statement = self.statements.get(claim_id)
        article = self.articles.get(statement.article_id) if statement else None
        if statement is None or article is None:
            return None
        outlet = self.names.outlet(article.outlet)
        if appearance is None:
            return ReportView(
                statement, article, outlet, article.published, None, softened=softened, paraphrase=True
            )
        return ReportView(
            statement,
            article,
            outlet,
            appearance.when,
            appearance.lag_hours,
            appearance.wire_of,
            lag_doubt_hours=appearance.lag_doubt_hours,
            clock_early_hours=appearance.clock_early_hours,
        )


def _speaker(reports: list[ReportView], names: NameLookup) -> tuple[SpeakerName | None, tuple[str, ...]]:
    """Return whose words the reports say they are, or the names where they contradict each other."""
    named = (
        ReportedSpeaker(r.statement.speaker_id, r.statement.speaker_name, r.article.outlet, r.when)
        for r in reports
    )
    found = family_speaker(one for one in named if names.speaker(one.person_id, one.name))
    if found.name or found.person_id:
        return names.speaker(found.person_id, found.name), ()
    return None, found.disputed


def _description(reports: list[ReportView]) -> str | None:
    """Return what the earliest report that calls an unnamed speaker anything calls them."""
    return next((r.statement.speaker_name for r in reports if r.statement.speaker_name), None)
