"""Families and recordings → originals: where the words were said.

    new transcripts ─▶ families that share shingles ┐
                              families that changed ┴▶ transcripts with their words ─▶ originals

An original follows from the claims of its family and from all transcripts alone, so that it is the same
whether the transcript came before the reports or after.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, partial

from openrace.diffusion import choose_representative, prints_of
from openrace.diffusion.originals import find_original
from openrace.diffusion.passages import printed_words
from openrace.diffusion.recordings import Recording, Report
from openrace.diffusion.spoken_words import distinctive_shingles
from openrace.person_names import FamilySpeaker, same_person
from openrace.pipeline.isolation import FailedFamilies
from openrace.records import Family
from openrace.store import article_table, change_log, family_table, night_state, original_tables, transaction
from openrace.store.family_reader import FamilyParts, read_families
from openrace.story import Original

AT_ONCE = 200  # families
LEAST_SHARED = 2  # shingles that a transcript must share with a family's reports
MOST_TRANSCRIPTS = 12  # that are looked at for one family, those that share most
IN_MEMORY = 4  # transcripts: one of four hours takes some 30 MB


def find_originals(db: sqlite3.Connection) -> FailedFamilies:
    """Bring the originals up to date with the families that changed and the transcripts that are new.

    Returns the families that a bug left as they were: they count as changed again in the next run.
    """
    failed = FailedFamilies()
    with transaction(db):
        turn, serial = json.loads(night_state.get_value(db, "originals") or "[0, 0]")
        new = original_tables.transcripts_since(db, turn)
        if original_tables.last_turn(db):
            asked = dict.fromkeys([*change_log.since(db, serial), *_families_sharing(db, _index(db, new))])
            if _find_all(db, list(asked), failed):
                night_state.bump_revision(db)
        seen = [original_tables.last_turn(db), change_log.latest(db)]
        night_state.set_value(db, "originals", json.dumps(seen))
        change_log.note_again(db, failed)
    return failed


def _index(db: sqlite3.Connection, transcripts: Sequence[str]) -> set[int]:
    """Index these transcripts; return all their shingles."""
    found: set[int] = set()
    for article_id in transcripts:
        article = article_table.get_article(db, article_id)
        if article:
            shingles = distinctive_shingles(Recording(article).spoken)
            original_tables.index_transcript(db, article_id, shingles)
            found |= shingles
    return found


def _families_sharing(db: sqlite3.Connection, shingles: set[int]) -> Iterator[str]:
    if not shingles:
        return
    for family, text in original_tables.iter_quoted(db):
        if len(distinctive_shingles(printed_words(text)) & shingles) >= LEAST_SHARED:
            yield family


def _find_all(db: sqlite3.Connection, families: Sequence[str], failed: FailedFamilies) -> int:
    """Look for each of these families; return of how many the original is another than before."""
    load = lru_cache(IN_MEMORY)(partial(_load, db))
    changed = 0
    for begin in range(0, len(families), AT_ONCE):
        some = families[begin : begin + AT_ONCE]
        kept = read_families(db, some)
        known = {family.id: family for family in kept.families}
        for family_id in some:
            family = known.get(family_id)
            changed += bool(failed.attempt(family_id, partial(_find, db, family_id, family, kept, load)))
    return changed


def _find(
    db: sqlite3.Connection,
    family_id: str,
    family: Family | None,
    kept: FamilyParts,
    load: Callable[[str], Recording],
) -> bool:
    reports = _reports(family, kept) if family else []
    shingles = {
        shingle for report in reports for shingle in distinctive_shingles(printed_words(report.words))
    }
    ids = original_tables.transcripts_with(db, shingles, LEAST_SHARED, MOST_TRANSCRIPTS) if shingles else []
    original = find_original(reports, [load(i) for i in ids], same_person)
    changed = original_tables.save_original(db, family_id, original)
    if family and (original or changed):
        changed |= family_table.set_representative(db, family_id, _representative(family, kept, original))
    return changed


def _representative(family: Family, kept: FamilyParts, original: Original | None) -> str:
    """Return the claim whose wording is shown: none that the recording contradicts, if there is another."""
    prints = prints_of((kept.claims[claim_id] for claim_id in family.claim_ids), kept.articles)
    misleading = original.misleading if original else frozenset()
    speaker = FamilySpeaker(family.speaker, family.person_id)
    return choose_representative(prints, speaker, misleading)


def _load(db: sqlite3.Connection, article_id: str) -> Recording:
    article = article_table.get_article(db, article_id)
    assert article is not None  # its shingles go with it
    return Recording(article)


def _reports(family: Family, kept: FamilyParts) -> list[Report]:
    """Return what the claims of a family quote."""
    claims = (kept.claims[claim_id] for claim_id in family.claim_ids)
    return [
        Report(
            claim.id,
            claim.verbatim(kept.articles[claim.article_id]),
            claim.speaker.name if claim.speaker else None,
            kept.articles[claim.article_id].published,
        )
        for claim in claims
        if claim.kind != "indirect"
    ]
