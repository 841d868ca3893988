"""The digest: what a reader must see this morning. The home page and the mail are made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from openrace.plurals import many
from openrace.records import Beat
from openrace.site.family_view import SpeakerName, Utterance
from openrace.site.index_queries import Almanac, name_order
from openrace.site.list_rows import Listed
from openrace.site.reader_text import first_day, week_of
from openrace.site.snapshot import Correction, Edition, FeedHealth

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
    feeds: int  # how many are crawled
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
    listed = almanac.week(week)
    edition = almanac.edition
    travelled = [it for it in listed[:MOST_REPEATED] if it.outlets > 1]
    changed = sorted((it for it in listed if it.alerts), key=lambda it: it.newest)[:MOST_CHANGED]
    return Digest(
        day=day,
        week=week,
        current=week == week_of(day),
        sentence=_sentence(listed, almanac, week),
        sections=[
            Section(beat, _whole(found[:MOST_BY_BEAT]), len(found))
            for beat, found in almanac.week_by_beat(week)
        ],
        repeated=_whole(travelled or almanac.most_repeated(MOST_REPEATED)),
        ever=not travelled,
        undated=_whole(almanac.undated_in(week_of(day), MOST_BY_BEAT)),
        new_speakers=_new_speakers(listed, almanac, week),
        changed=_whole(changed),
        corrections=sorted(edition.corrections, key=lambda c: c.when, reverse=True)[:MOST_CORRECTIONS],
        feeds=len(edition.feeds),
        failing=[feed for feed in edition.feeds if not feed.fine],
    )


def _whole(listed: list[Listed]) -> list[Utterance]:
    return [it.whole for it in listed]


def _sentence(listed: list[Listed], almanac: Almanac, week: str) -> str:
    """One sentence of counts over the reports of the week."""
    if not listed:
        return "Nothing has been reported yet."
    speakers = {it.speaker.key for it in listed if it.speaker}
    reports, outlets = almanac.reports_in(week)
    countries = {outlet.country for outlet in outlets} - {None}
    return (
        f"{many(len(listed), 'statement')} by {many(len(speakers), 'speaker')}, "
        f"in {many(reports, 'report')} of {many(len(outlets), 'outlet')}"
        + (f" from {many(len(countries), 'country', 'countries')}." if countries else ".")
    )


def _new_speakers(listed: list[Listed], almanac: Almanac, week: str) -> list[SpeakerName]:
    """Listed speakers whose first dated words are among `listed`, those of a week, in order of name."""
    monday = first_day(week)
    heard = {it.speaker.key: it.speaker for it in listed if it.speaker and it.speaker.known and it.day}
    new = [speaker for speaker in heard.values() if not almanac.said_before(speaker, monday)]
    return sorted(new, key=name_order)[:MOST_NEW]
