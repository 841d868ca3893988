"""The digest: what a reader must see this morning. The home page and the mail are made of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from openrace.records import Beat
from openrace.site.almanac import Almanac, name_order, newest
from openrace.site.edition import Correction, Edition, FeedHealth
from openrace.site.text import counted, first_day, week_of
from openrace.site.utterances import SpeakerName, Utterance

MOST_BY_BEAT = 6
MOST_REPEATED = 3
MOST_NEW = 8
MOST_CHANGED = 4
MOST_CORRECTIONS = 5


@dataclass(frozen=True, slots=True)
class Section:
    """What the people of one beat said, most reported first; `total` counts what is not listed too."""

    beat: Beat | None  # None: everybody else
    utterances: list[Utterance]
    total: int


@dataclass(frozen=True, slots=True)
class Digest:
    """The choice for one morning. `current` is False where nothing was reported in the week of `day`."""

    day: str
    week: str
    current: bool
    sentence: str
    sections: list[Section]
    repeated: list[Utterance]
    ever: bool  # whether `repeated` had to be chosen from all times
    undated: list[Utterance]  # new here in the week of `day`, though no report of them has a date
    new_speakers: list[SpeakerName]
    changed: list[Utterance]
    corrections: list[Correction]
    failing: list[FeedHealth]


class Morning(NamedTuple):
    """A digest, the edition it was chosen from, and the moment it speaks from."""

    digest: Digest
    edition: Edition
    now: str


def choose(almanac: Almanac, now: str) -> Digest:
    """The digest of the week of `now`, or of the latest one with a report before it."""
    day = now[:10]
    week = week_of(almanac.day_before(f"{day}~") or day)
    utterances = almanac.week(week)
    edition = almanac.edition
    travelled = sorted((u for u in utterances if u.outlets > 1), key=by_reach)[:MOST_REPEATED]
    return Digest(
        day=day,
        week=week,
        current=week == week_of(day),
        sentence=_sentence(utterances, week),
        sections=sections(utterances, edition.beats, MOST_BY_BEAT),
        repeated=travelled or almanac.most_repeated(MOST_REPEATED),
        ever=not travelled,
        undated=sorted(almanac.undated(week=week_of(day)), key=by_reach)[:MOST_BY_BEAT],
        new_speakers=_new_speakers(utterances, almanac, week),
        changed=[u for u in utterances if u.story.alerts][:MOST_CHANGED],
        corrections=sorted(edition.corrections, key=lambda c: c.when, reverse=True)[:MOST_CORRECTIONS],
        failing=[feed for feed in edition.feeds if not feed.fine],
    )


def by_reach(utterance: Utterance) -> tuple[int, int, int, int, int, str]:
    """Sorts utterances: most outlets first, then most countries, verbatim before told, then newest."""
    when, kind, key = newest(utterance)
    return (-utterance.outlets, -len(utterance.countries), kind, when, kind, key)


def sections(utterances: list[Utterance], beats: tuple[Beat, ...], most: int) -> list[Section]:
    """`utterances` by beat, in the order of the beats, those on none at the end; empty ones left out."""
    ranked = sorted(utterances, key=by_reach)
    groups = [(beat, [u for u in ranked if beat.id in u.beats]) for beat in beats]
    rest = [u for u in ranked if not u.beats]
    return [Section(beat, own[:most], len(own)) for beat, own in [*groups, (None, rest)] if own]


def _sentence(utterances: list[Utterance], week: str) -> str:
    """One sentence of counts over the reports of the week."""
    reports = [r for u in utterances for r in u.all_reports if r.when and week_of(r.when) == week]
    speakers = {u.speaker.key for u in utterances if u.speaker}
    outlets = {r.outlet.key for r in reports if r.outlet}
    countries = Counter(r.country for r in reports if r.country)
    if not utterances:
        return "Nothing has been reported yet."
    return (
        f"{counted(len(utterances), 'statement')} by {counted(len(speakers), 'speaker')}, "
        f"in {counted(len(reports), 'report')} of {counted(len(outlets), 'outlet')}"
        + (f" from {counted(len(countries), 'country', 'countries')}." if countries else ".")
    )


def _new_speakers(utterances: list[Utterance], almanac: Almanac, week: str) -> list[SpeakerName]:
    """Listed speakers whose first dated words are among `utterances`, those of a week, in order of name."""
    monday = first_day(week)
    heard = {u.speaker.key: u.speaker for u in utterances if u.speaker and u.speaker.known and u.when}
    new = [speaker for speaker in heard.values() if not almanac.said_before(speaker, monday)]
    return sorted(new, key=name_order)[:MOST_NEW]
