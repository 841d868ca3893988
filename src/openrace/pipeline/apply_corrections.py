"""What a person set right → over what was extracted."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from openrace.errors import InputError
from openrace.pipeline import Warn
from openrace.plurals import many
from openrace.store import correction_table as store
from openrace.store import night_state, transaction
from openrace.user_files.corrections_file import UNKNOWN, Correction
from openrace.user_files.seed_files import Seeds


class CorrectionReport(NamedTuple):
    """How many corrections are in force, and how many speak of what is not there."""

    in_force: int
    failed: int

    def __str__(self) -> str:
        summary = f"{many(self.in_force, 'correction')} in force"
        return summary + (f", {self.failed:,} of what is not there" if self.failed else "")


def apply_corrections(
    db: sqlite3.Connection, found: tuple[Correction, ...], seeds: Seeds, *, warn: Warn
) -> CorrectionReport:
    """Lay `found` over what is kept, in place of what lay there before; one transaction."""
    failed = 0
    with transaction(db):
        before = store.in_force(db)
        store.take_off(db)
        for correction in sorted(found, key=lambda c: c.does != "merge"):  # a claim's own word comes last
            try:
                _apply(db, correction, seeds)
            except InputError as error:
                failed += 1
                warn(str(error))
        if store.in_force(db) != before:
            night_state.bump_revision(db)
    return CorrectionReport(len(found) - failed, failed)


def _apply(db: sqlite3.Connection, correction: Correction, seeds: Seeds) -> None:
    match correction.does:
        case "merge":
            _merge(db, correction, seeds)
        case "published":
            date = None if correction.published == UNKNOWN else correction.published
            if not store.set_date(db, correction.article or "", date):
                problem = f"there is no article {correction.article}"
                raise InputError(correction.where, problem, "openrace show CLAIM --why prints the ids")
        case "join" | "part":  # grouping does these; here we only look whether the claims are there
            for claim in (*correction.join, *correction.part):
                _claim(db, correction, claim)
        case "hide":
            store.hide(db, _claim(db, correction, correction.claim or ""), correction.why)
        case _:
            claim = _claim(db, correction, correction.claim or "")
            store.set_speaker(db, claim, correction.speaker, correction.person, correction.why)


def _claim(db: sqlite3.Connection, correction: Correction, claim_id: str) -> str:
    found = store.find_claim(db, claim_id, correction.article, correction.words)
    if found is None:
        raise InputError(correction.where, f"there is no claim {claim_id}", "openrace search prints the ids")
    return found


def _merge(db: sqlite3.Connection, correction: Correction, seeds: Seeds) -> None:
    names = {person.id: person.name for person in seeds.people}
    names |= {organisation.id: organisation.name for organisation in seeds.organisations}
    into = correction.into or ""
    if into not in names:
        raise InputError(correction.where, f"there is no {into} in people.toml", "add it there first")
    if not store.merge_speakers(db, correction.merge or "", into, names[into]):
        problem = f"nobody called {correction.merge} speaks here"
        raise InputError(correction.where, problem, "openrace search prints the names")
