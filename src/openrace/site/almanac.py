"""The edition in the orders that pages need: by day, week, month, speaker, outlet, topic and beat."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from openrace.records import KINDS, Beat, Organisation
from openrace.site.edition import Correction, Edition, FeedHealth
from openrace.site.text import component, week_of
from openrace.site.utterances import Names, OutletName, Report, SpeakerName, Utterance, tell


@dataclass(slots=True)
class SpeakerFile:
    """A speaker and all that is known of what they said, newest first."""

    speaker: SpeakerName
    utterances: list[Utterance] = field(default_factory=list)


@dataclass(slots=True)
class OutletFile:
    """An outlet and everything it reported, newest first."""

    outlet: OutletName
    reports: list[tuple[Utterance, Report]] = field(default_factory=list)
    feeds: list[FeedHealth] = field(default_factory=list)


@dataclass(slots=True)
class Almanac:
    """Indexes over the utterances of an edition. Lists of utterances are newest first throughout."""

    edition: Edition
    utterances: list[Utterance]
    by_id: dict[str, Utterance]
    days: dict[str, list[tuple[Utterance, Report]]]  # one report an utterance and day, latest day first
    speakers: dict[str, SpeakerFile]  # by SpeakerName.key, in order of name
    outlets: dict[str, OutletFile]  # by OutletName.key, in order of name
    topics: dict[str, list[Utterance]]  # by Topic.id

    @property
    def latest(self) -> str | None:
        """The last day on which anything was reported."""
        return next(iter(self.days), None)

    def week(self, week: str) -> list[Utterance]:
        """What was reported in an ISO week, the first reports of the week foremost."""
        monday = date.fromisocalendar(int(week[:4]), int(week[6:]), 1)
        days = [(monday + timedelta(days=n)).isoformat() for n in range(7)]
        found = {u.id: u for day in days for u, _ in self.days.get(day, ())}
        return sorted(found.values(), key=newest)

    def weeks(self) -> list[str]:
        """Every ISO week with a report, latest first."""
        return sorted({week_of(day) for day in self.days}, reverse=True)

    def months(self) -> dict[str, list[str]]:
        """Every month with a report, latest first, and its days, in order."""
        found: dict[str, list[str]] = defaultdict(list)
        for day in reversed(self.days):
            found[day[:7]].append(day)
        return dict(reversed(found.items()))


def newest(utterance: Utterance) -> tuple[int, int, str]:
    """Sorts utterances: latest first report first, verbatim before told; those without a date last."""
    when, kind = utterance.when, KINDS.index(utterance.fullest.statement.kind)
    return (-int(when[:10].replace("-", "")) if when else 1, kind, utterance.key)


def make_almanac(edition: Edition) -> Almanac:
    """The indexes of `edition`."""
    names = _names(edition)
    utterances = sorted((u for s in edition.stories if (u := tell(s, names))), key=newest)
    return Almanac(
        edition=edition,
        utterances=utterances,
        by_id={u.id: u for u in utterances},
        days=_days(utterances),
        speakers=_speakers(utterances, names),
        outlets=_outlets(utterances, edition.feeds, names),
        topics=_topics(utterances, edition),
    )


def _names(edition: Edition) -> Names:
    """The lookups that `tell` needs."""
    organisations = {o.id: o for o in edition.organisations}
    speakers = {
        o.id: SpeakerName(component(o.id), o.name, None, o, known=True, beats=_beats(o, edition.beats))
        for o in edition.organisations
    }
    for person in edition.people:
        home = organisations.get(person.organisation or "")
        beats = _beats(home, edition.beats) if home else ()
        speakers[person.id] = SpeakerName(component(person.id), person.name, person, home, True, beats)
    corrections: dict[str, list[Correction]] = defaultdict(list)
    for correction in edition.corrections:
        for family in correction.families:
            corrections[family].append(correction)
    return Names(
        statements={s.claim_id: s for s in edition.statements},
        articles={a.id: a for a in edition.articles},
        outlets={
            o.domain: OutletName(component(o.domain), o.domain, o.name, o.country) for o in edition.outlets
        },
        speakers=speakers,
        corrections=corrections,
    )


def _beats(organisation: Organisation, beats: Iterable[Beat]) -> tuple[str, ...]:
    return tuple(beat.id for beat in beats if beat.holds(organisation))


def _days(utterances: list[Utterance]) -> dict[str, list[tuple[Utterance, Report]]]:
    """What was reported on each day: of several reports of an utterance on it, the earliest."""
    found: dict[str, dict[str, tuple[Utterance, Report]]] = defaultdict(dict)
    for utterance in utterances:
        for report in utterance.all_reports:
            if report.day:
                found[report.day].setdefault(utterance.id, (utterance, report))
    return {day: list(found[day].values()) for day in sorted(found, reverse=True)}


def _speakers(utterances: list[Utterance], names: Names) -> dict[str, SpeakerFile]:
    """Everybody who said something, and every listed organisation with somebody who did."""
    files: dict[str, SpeakerFile] = {}
    for utterance in utterances:
        if utterance.speaker:
            key = utterance.speaker.key
            files.setdefault(key, SpeakerFile(utterance.speaker)).utterances.append(utterance)
    return {f.speaker.key: f for f in sorted(files.values(), key=lambda f: _name_order(f.speaker))}


def _name_order(speaker: SpeakerName) -> tuple[str, str]:
    """Sorts persons by the last word of their name, as an index does, and organisations by the first."""
    name = speaker.name.casefold()
    return (name if speaker.is_organisation else name.split()[-1] if name.split() else "", speaker.key)


def _outlets(utterances: list[Utterance], feeds: Iterable[FeedHealth], names: Names) -> dict[str, OutletFile]:
    files: dict[str, OutletFile] = {}
    for utterance in utterances:
        for report in utterance.all_reports:
            if report.outlet:
                own = files.setdefault(report.outlet.key, OutletFile(report.outlet))
                own.reports.append((utterance, report))
    for feed in feeds:
        outlet = names.outlet(feed.outlet)
        if outlet and outlet.key in files:
            files[outlet.key].feeds.append(feed)
    for own in files.values():
        own.reports.sort(key=lambda pair: pair[1].when or "", reverse=True)
    return {
        f.outlet.key: f
        for f in sorted(files.values(), key=lambda f: (f.outlet.name.casefold(), f.outlet.key))
    }


def _topics(utterances: list[Utterance], edition: Edition) -> dict[str, list[Utterance]]:
    """The utterances of each topic; with a single topic, everything is on it."""
    if len(edition.topics) == 1:
        return {edition.topics[0].id: utterances}
    found: dict[str, list[Utterance]] = {topic.id: [] for topic in edition.topics}
    for utterance in utterances:
        for topic in dict.fromkeys(t for r in utterance.all_reports for t in r.article.topics):
            if topic in found:
                found[topic].append(utterance)
    return found
