"""The digest: what a reader must see this morning. The front page and the mail are made of it.

A statement counts for each outlet that carried it in an article of its own, half as much for every 48 hours
since that outlet first did. So what many carry leads while they go on carrying it, and sinks when they stop.
What is on a topic comes before all else: feeds bring the news of the whole world. Of statements about as
strong, those in the readers' language come first. One utterance that is reported in two languages is one
statement, shown in the readers' with the other beside it.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from openrace.seed_records import Beat
from openrace.site.charts import last_days
from openrace.site.family_line import FamilyLine
from openrace.site.index_queries import SiteQueries
from openrace.site.interface_language import InterfaceLanguage
from openrace.site.snapshot import CorrectionNote, FeedHealth, IdeaFacts, SiteSnapshot
from openrace.site.two_languages import beside, in_one_line

HALF_LIFE = 48  # hours
EQUAL = 0.25  # of an outlet: what differs by less is about as strong
WINDOW = 8  # days looked back: after that an outlet counts for a sixteenth
CURRENT = 2  # days without a report after which the digest speaks of the last day with one
MOST_OF_SIDE, MOST_OF_OTHERS = 6, 10
MOST_RISING, MOST_CHANGED, MOST_UNDATED, MOST_CORRECTED, MOST_VOICES = 7, 4, 12, 5, 6
DAYS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class RankedStatement:
    """A statement of the digest: its place, and how many outlets took it up in the last day."""

    rank: int
    line: FamilyLine
    fresh: int
    outlets: int  # that carried it in any language


@dataclass(frozen=True, slots=True)
class SideBand:
    """What the speakers of one side said, by rank; an empty band has the last statement before."""

    beat: Beat | None  # None: everybody else
    name: str
    ranked: list[RankedStatement]
    today: int  # first reported in the last 24 hours
    yesterday: int  # … and in the 24 before
    week: int
    last: FamilyLine | None
    days: Mapping[str, int]


class NewVoice(NamedTuple):
    """The first statement of a speaker that was marked as voicing an idea, in the last day."""

    idea: IdeaFacts
    line: FamilyLine


@dataclass(frozen=True, slots=True)
class Digest:
    """The choice for one morning, as of `moment`; `current`: that is now, not an older day."""

    day: str
    moment: str
    current: bool
    sentence: str
    lead: FamilyLine | None
    lead_outlets: int  # that carried it, in any language
    bands: list[SideBand]
    rising: list[RankedStatement]
    new: int  # statements first reported in the last 24 hours
    repeated: list[RankedStatement]  # older statements that further outlets took up in the last day
    changed: list[FamilyLine]
    heard: list[FamilyLine]  # found in a recording
    gone: list[FamilyLine]
    corrections: list[CorrectionNote]  # of the last day
    voices: list[NewVoice]
    undated: list[FamilyLine]
    undated_total: int
    latest: str | None  # the last day with a report
    earlier: str | None  # the day with a report before
    feeds: int
    failing: list[FeedHealth]
    reports: int
    outlets: int

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing at all."""
        return not self.reports and not self.undated_total


class Morning(NamedTuple):
    """A digest, the snapshot it was chosen from, and the moment it speaks from."""

    digest: Digest
    snapshot: SiteSnapshot
    now: str
    watched: Sequence[str] = ()  # what saved searches found, some lines each; in mails, never on the site


def choose(queries: SiteQueries, now: str) -> Digest:
    """Return the digest as of `now`, or of the last day with a report where that is long before."""
    moment, current = _moment(queries, now)
    cutoff, day = _back(moment, 24), moment[:10]
    ranked, counts = _ranked(queries, moment, cutoff), queries.counts()
    fresh = sorted((it for it in ranked if it.fresh), key=lambda it: (-it.fresh, it.order))
    older = [it for it in fresh if it.at and _instant(it.at) <= cutoff]
    lead = _read(queries, ranked, ranked[:1])
    return Digest(
        day=day,
        moment=moment,
        current=current,
        sentence=_sentence(ranked, counts, queries.language),
        lead=lead[0].line if lead else None,
        lead_outlets=lead[0].outlets if lead else 0,
        bands=list(_bands(queries, ranked, moment)),
        rising=_read(queries, ranked, [it for it in fresh if it.fresh > 1][:MOST_RISING]),
        new=_first_reported(ranked, cutoff, moment),
        repeated=_read(queries, ranked, older[:MOST_CHANGED]),
        changed=queries.changed_since(cutoff, "alerted", MOST_CHANGED),
        heard=queries.changed_since(cutoff, "heard", MOST_CHANGED),
        gone=queries.changed_since(cutoff, "gone", MOST_CHANGED),
        corrections=_corrections(queries.snapshot, cutoff),
        voices=list(_new_voices(queries, _back(now, 24)))[:MOST_VOICES],
        undated=in_one_line(queries.undated(MOST_UNDATED), queries.language.code),
        undated_total=queries.count_undated(),
        latest=queries.day_before(f"{day}~"),
        earlier=queries.day_before(day),
        feeds=len(queries.snapshot.feeds),
        failing=[feed for feed in queries.snapshot.feeds if not feed.fine],
        reports=counts["reports"],
        outlets=counts["outlets"],
    )


def _moment(queries: SiteQueries, now: str) -> tuple[str, bool]:
    latest = queries.day_before(f"{now[:10]}~")
    if latest is None or latest >= _back(now, 24 * CURRENT)[:10]:
        return now, True
    return f"{latest}T23:59:59Z", False


def _back(when: str, hours: int) -> str:
    at = datetime.fromisoformat(when).astimezone(UTC) - timedelta(hours=hours)
    return at.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _instant(when: str) -> str:
    """Return a time of report as an instant: a day counts as its noon."""
    return when if len(when) > 10 else f"{when}T12:00:00Z"


class _Candidate(NamedTuple):
    """A statement of the last days before its line is read; candidates sort by rank."""

    order: tuple[bool, int, bool, float, int, str]  # on no topic; about how strong; language; score; kind; id
    key: int
    speaker: str
    fresh: int
    at: str
    others: tuple[int, ...] = ()  # families that report it in another language


def _ranked(queries: SiteQueries, moment: str, cutoff: str) -> list[_Candidate]:
    """Return the statements of the last days by rank."""
    rows = queries.db.execute(
        "SELECT r.family, r.outlet, f.id, f.kind, f.speaker, f.foreign_, f.at AS first, min(r.at) AS at,"
        " NOT EXISTS (SELECT 1 FROM topics t WHERE t.family = r.family) AS off_topic FROM reports r"
        " JOIN families f ON f.key = r.family WHERE r.day BETWEEN ? AND ? AND NOT r.copy AND r.outlet"
        " GROUP BY r.family, r.outlet",
        (_back(moment, 24 * WINDOW)[:10], moment[:10]),
    ).fetchall()
    now, fresh = datetime.fromisoformat(moment), _fresh(queries, cutoff, moment)
    strength: defaultdict[int, dict[int, float]] = defaultdict(dict)
    for row in rows:
        hours = (now - datetime.fromisoformat(_instant(row["at"]))) / timedelta(hours=1)
        strength[row["family"]][row["outlet"]] = 0.5 ** (max(0.0, hours) / HALF_LIFE)
    families = {row["family"]: row for row in rows}
    together = _in_two_languages(queries, families)
    second = {other for others in together.values() for other in others}
    return sorted(
        _candidate([families[k] for k in (key, *together.get(key, ()))], strength, fresh)
        for key in families
        if key not in second
    )


def _in_two_languages(queries: SiteQueries, families: Mapping[int, sqlite3.Row]) -> dict[int, list[int]]:
    """Return which of `families` report an utterance in the readers' language, each with those in another.

    One in another language is with the first, by id, of those that it reports the same as.
    """
    rows = queries.db.execute(
        "SELECT s.family, f.key AS other FROM same_utterance s JOIN families f ON f.id = s.other"
        " ORDER BY s.family, f.id"
    ).fetchall()
    lead: dict[int, int] = {}
    for row in rows:
        family, other = families.get(row["family"]), families.get(row["other"])
        if family and other and family["foreign_"] and not other["foreign_"]:
            lead.setdefault(row["family"], row["other"])
    found: defaultdict[int, list[int]] = defaultdict(list)
    for family_key, other_key in lead.items():
        found[other_key].append(family_key)
    return found


def _candidate(
    rows: Sequence[sqlite3.Row], strength: Mapping[int, Mapping[int, float]], fresh: Mapping[int, set[int]]
) -> _Candidate:
    """Return a statement to be ranked: of the family of the first row, with those of the others beside it."""
    lead, keys = rows[0], [row["family"] for row in rows]
    outlets: dict[int, float] = {}
    for key in keys:
        for outlet, value in strength[key].items():
            outlets[outlet] = max(value, outlets.get(outlet, 0.0))
    score = round(sum(outlets.values()), 6)
    off_topic = all(row["off_topic"] for row in rows)
    order = (off_topic, -round(score / EQUAL), bool(lead["foreign_"]), -score, lead["kind"], lead["id"])
    taken_up = set().union(*(fresh.get(key, ()) for key in keys))
    first = min((row["first"] for row in rows if row["first"]), default="")
    return _Candidate(order, keys[0], lead["speaker"], len(taken_up), first, tuple(keys[1:]))


def _fresh(queries: SiteQueries, cutoff: str, moment: str) -> dict[int, set[int]]:
    """Return which outlets carried each statement for the first time after `cutoff`."""
    rows = queries.db.execute(
        "SELECT r.family, r.outlet, min(r.at) AS at FROM reports r"
        " WHERE r.outlet AND NOT r.copy AND r.at <> ''"
        " AND r.family IN (SELECT family FROM reports WHERE day BETWEEN ? AND ?) GROUP BY r.family, r.outlet",
        (cutoff[:10], moment[:10]),
    )
    found: defaultdict[int, set[int]] = defaultdict(set)
    for row in rows:
        if cutoff < _instant(row["at"]) <= moment:
            found[row["family"]].add(row["outlet"])
    return found


def _read(queries: SiteQueries, ranked: list[_Candidate], chosen: list[_Candidate]) -> list[RankedStatement]:
    """Return those that are shown with their lines and places."""
    places = {it.key: place for place, it in enumerate(ranked, 1)}
    lines = queries.lines_of([it.key for it in chosen])
    return [
        RankedStatement(
            places[it.key], _with_others(queries, line, it.others), it.fresh, _outlets(queries, line, it)
        )
        for it, line in zip(chosen, lines, strict=True)
    ]


def _outlets(queries: SiteQueries, line: FamilyLine, it: _Candidate) -> int:
    """Return how many outlets carried a statement, in any language."""
    if not it.others:
        return line.outlets
    keys = (it.key, *it.others)
    families = ", ".join("?" * len(keys))
    query = f"SELECT count(DISTINCT outlet) FROM reports WHERE outlet AND family IN ({families})"
    return int(queries.row(query, *keys)[0])


def _with_others(queries: SiteQueries, line: FamilyLine, others: Sequence[int]) -> FamilyLine:
    return beside(line, queries.lines_of(others)) if others else line


def _bands(queries: SiteQueries, ranked: list[_Candidate], moment: str) -> Iterator[SideBand]:
    """Yield the sides, that of the highest rank first, empty ones after them, everybody else's at the end."""
    groups: defaultdict[str, list[_Candidate]] = defaultdict(list)
    for it in ranked:
        for side in queries.sides_of(it.speaker) or ("",):
            groups[side].append(it)
    lowest = (True, 1, True, 1.0, 0, "")
    for beat in sorted(
        queries.snapshot.beats, key=lambda b: min((c.order for c in groups[b.id]), default=lowest)
    ):
        shown = _read(queries, ranked, groups[beat.id][:MOST_OF_SIDE])
        yield _band(beat, shown, groups[beat.id], queries, moment)
    others = _read(queries, ranked, groups[""][:MOST_OF_OTHERS])
    yield SideBand(None, queries.language.others, others, 0, 0, len(groups[""]), None, {})


def _band(
    beat: Beat, shown: list[RankedStatement], group: list[_Candidate], queries: SiteQueries, moment: str
) -> SideBand:
    day = moment[:10]
    counted = queries.counters.every(f"sides/{beat.id}/", "day", "0", f"{day}~")
    days = last_days(counted, day, DAYS_SHOWN)
    last = None if shown else queries.last_of_side(beat.id, f"{day}~")
    cutoff = _back(moment, 24)
    today = _first_reported(group, cutoff, moment)
    yesterday = _first_reported(group, _back(moment, 48), cutoff)
    return SideBand(beat, beat.name, shown, today, yesterday, len(group), last, days)


def _first_reported(candidates: Iterable[_Candidate], after: str, until: str) -> int:
    """Return how many statements were first reported after one instant and until another."""
    return sum(after < _instant(it.at) <= until for it in candidates if it.at)


def _corrections(snapshot: SiteSnapshot, cutoff: str) -> list[CorrectionNote]:
    recent: Iterable[CorrectionNote] = (c for c in snapshot.corrections if c.when[:10] >= cutoff[:10])
    return sorted(recent, key=lambda c: (c.when, c.what), reverse=True)[:MOST_CORRECTED]


def _new_voices(queries: SiteQueries, cutoff: str) -> Iterator[NewVoice]:
    """Yield the first marked statement of each speaker who voices an idea since the day of `cutoff`."""
    for idea in queries.snapshot.ideas:
        known: set[str] = set()
        for mark in idea.marks:  # earliest first
            line = queries.line(mark.family) if mark.label == "yes" else None
            if line and line.speaker and line.speaker not in known:
                known.add(line.speaker)
                if mark.when[:10] >= cutoff[:10]:
                    yield NewVoice(idea, line)


def _sentence(ranked: list[_Candidate], counts: Mapping[str, int], language: InterfaceLanguage) -> str:
    """Return one sentence of counts over the days looked back on."""
    gettext, counted = language.gettext, language.counted
    if not counts["statements"]:
        return gettext("Nothing has been reported yet.")
    statements = counted(len(ranked) or counts["statements"], "%(n)s statement", "%(n)s statements")
    if not ranked:
        return gettext("%(statements)s, none of them with a date.", statements=statements)
    speakers = counted(len({it.speaker for it in ranked} - {""}), "%(n)s speaker", "%(n)s speakers")
    return gettext(
        "%(statements)s by %(speakers)s in the last %(days)s days.",
        statements=statements,
        speakers=speakers,
        days=WINDOW,
    )
