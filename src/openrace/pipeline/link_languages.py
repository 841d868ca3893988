"""Families that changed → the families that report the same utterance in the other language.

changed families ─▶ names that their articles print in both scripts ─▶ who is who
                 ─▶ the speakers and days that they touch           ─▶ Chinese claims that may match anew
each of these    ─▶ the English claim near in time, by the same person, that says the same best ─▶ matches
matches          ─▶ families of one utterance, both ways

All of it follows from the set of claims and articles alone: worked out night by night for what changed, it
is the same as worked out at once. No family gains or loses a claim by it, and none changes its id.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

from openrace.clustering.cross_language import MOST_DAYS, EnglishClaims, Said
from openrace.clustering.name_map import NameMap, NamePair, Speakers, name_pairs
from openrace.pipeline.isolation import FailedFamilies
from openrace.scripts import has_han, is_chinese
from openrace.store import change_log, family_table, night_state, transaction, translation_tables
from openrace.store.translation_tables import AttributedClaim
from openrace.wordings.days import is_day

AT_ONCE = 500  # families


def link_languages(db: sqlite3.Connection) -> FailedFamilies:
    """Bring the links between the languages up to date with the families that changed since the last time.

    Returns the families that a bug left as they were: they count as changed again in the next run.
    """
    failed = FailedFamilies()
    with transaction(db):
        changed = change_log.since(db, int(night_state.get_value(db, "languages linked") or 0))
        if changed:
            touched = _match_anew(db, changed, failed)
            families = sorted(family_table.families_of(db, touched) | set(changed))
            for some in _batches(families):
                translation_tables.join_families(db, some)
            night_state.set_value(db, "languages linked", str(change_log.latest(db)))
            change_log.note_again(db, failed)
    return failed


def _batches(families: Sequence[str]) -> Iterator[Sequence[str]]:
    yield from (families[begin : begin + AT_ONCE] for begin in range(0, len(families), AT_ONCE))


def _match_anew(db: sqlite3.Connection, changed: Sequence[str], failed: FailedFamilies) -> set[str]:
    """Match the Chinese claims that `changed` may match otherwise; return the claims of changed matches."""
    before = set(translation_tables.names(db))
    places: set[tuple[str, int]] = set()
    loose: set[str] = set()
    for article, text in translation_tables.texts_of(db, changed):
        translation_tables.set_names(db, article, name_pairs(text))
    for some in _batches(changed):
        places |= translation_tables.said_in(db, some)
        loose |= translation_tables.loose_matches(db, some)
    places |= translation_tables.said_as(db, loose)
    pairs = translation_tables.names(db)
    places |= _renamed(db, before ^ set(pairs))
    asked, found = _matches(db, places, NameMap(map(NamePair._make, pairs)), failed)
    return translation_tables.set_matches(db, asked | loose, found)


def _renamed(db: sqlite3.Connection, pairs: Iterable[tuple[str, str]]) -> set[tuple[str, int]]:
    """Return where the speakers stand whose names in the other script are other ones than before."""
    names = {han[begin:] for han, _ in pairs for begin in range(len(han))}
    return {(name, day) for name in names for day in translation_tables.days_of(db, name)}


def _matches(
    db: sqlite3.Connection, places: set[tuple[str, int]], names: NameMap, failed: FailedFamilies
) -> tuple[set[str], dict[str, tuple[str, float]]]:
    """Return the Chinese claims within days of `places`, and what those that match an English one match."""
    days: defaultdict[str, set[int]] = defaultdict(set)
    for speaker, day in places:
        if is_day(day):
            days[speaker].add(day)
    asked: set[str] = set()
    found: dict[str, tuple[str, float]] = {}
    if not days:
        return asked, found
    for speaker, english in _same_speakers(db, days, names):
        touched = sorted(set().union(*(days.get(name, ()) for name in {speaker, *english})))
        for first, last in _stretches(touched):
            said = list(translation_tables.said_by(db, [speaker], first - MOST_DAYS, last + MOST_DAYS))
            chinese = [claim for claim in said if is_chinese(claim.text)]
            asked.update(claim.claim for claim in chinese)
            if chinese:
                found.update(_best_matches(db, chinese, english, failed))
    return asked, found


def _same_speakers(
    db: sqlite3.Connection, days: Mapping[str, set[int]], names: NameMap
) -> Iterator[tuple[str, set[str]]]:
    """Yield each speaker whose claims may match anew, and the speakers of English claims who are the same."""
    first, last = min(map(min, days.values())), max(map(max, days.values()))
    known = translation_tables.speakers(db, first - 2 * MOST_DAYS, last + 2 * MOST_DAYS)
    english = Speakers(known)
    asked = set(days).union(*(english.same_as(name, names) for name in days))
    asked.update(name for name in known if has_han(name) and names.in_latin(name))
    for speaker in sorted(asked):
        same = english.same_as(speaker, names)
        if same and not days.keys().isdisjoint({speaker, *same}):
            yield speaker, same


def _stretches(days: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last day of each run of `days` (in order) whose surroundings meet."""
    begin = 0
    for place in range(1, len(days) + 1):
        if place == len(days) or days[place] - days[place - 1] > 2 * MOST_DAYS:
            yield days[begin], days[place - 1]
            begin = place


def _best_matches(
    db: sqlite3.Connection, chinese: Sequence[AttributedClaim], english: Iterable[str], failed: FailedFamilies
) -> Iterator[tuple[str, tuple[str, float]]]:
    first, last = min(claim.day for claim in chinese), max(claim.day for claim in chinese)
    said = translation_tables.said_by(db, sorted(english), first - MOST_DAYS, last + MOST_DAYS)
    others = [claim for claim in said if not has_han(claim.text)]
    on_day: defaultdict[int, list[str]] = defaultdict(list)
    for claim in others:
        on_day[claim.day].append(claim.claim)
    table = EnglishClaims({claim.claim: Said(claim.text, claim.context) for claim in others})
    for claim in chinese:
        around = range(claim.day - MOST_DAYS, claim.day + MOST_DAYS + 1)
        near = {other: abs(day - claim.day) for day in around for other in on_day.get(day, ())}
        if not near:
            continue
        chinese_said = Said(claim.text, claim.context)
        match = failed.attempt(claim.family, partial(table.best_match, chinese_said, near))
        if match:
            yield claim.claim, (match.claim, match.odds)
