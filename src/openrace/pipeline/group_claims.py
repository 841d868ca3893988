"""Claims → families of one utterance.

claims that wait ─▶ placed in the quote index ─▶ the families they touch ─▶ set right by corrections ─▶ kept
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import NamedTuple

from openrace.clustering import place_quotes
from openrace.diffusion import choose_representative, prints_of
from openrace.person_names import FamilySpeaker, ReportedSpeaker, family_speaker
from openrace.pipeline.find_originals import find_originals
from openrace.pipeline.isolation import FailedFamilies
from openrace.pipeline.link_languages import link_languages
from openrace.pipeline.relate_families import relate_families
from openrace.plurals import many
from openrace.records import Article, Claim, Family, Quote, stable_id
from openrace.store import claim_table, family_table, night_state
from openrace.store.database import transaction
from openrace.store.family_reader import read_claims, read_speakers
from openrace.store.original_tables import get_originals
from openrace.store.quote_index import Member, SqliteQuoteIndex
from openrace.story import Original
from openrace.user_files.corrections_file import Correction, rearrange

AT_ONCE = 200  # families read together: some 600 claims with their articles, a few megabytes


class GroupingReport(NamedTuple):
    """How many families were looked at, how many claims went into another one, how many ids merged.

    `failed` has a line for each family whose relations could not be brought up to date because of a bug.
    """

    families: int
    moved: int
    merged: int = 0
    failed: tuple[str, ...] = ()

    def __str__(self) -> str:
        parts = [
            f"{many(self.moved, 'claim')} newly placed",
            f"{many(self.families, 'family', 'families')} looked at",
        ]
        parts += [f"{self.merged:,} merged"] * bool(self.merged)
        return ", ".join(parts)


def group_into_families(
    db: sqlite3.Connection, corrections: tuple[Correction, ...] = (), *, now: str
) -> GroupingReport:
    """Place the claims that have no family, or that changed, and keep what follows, as `corrections` say.

    Nothing else is read but what shares words with them; only other corrections than the last time make
    every family looked at again.
    """
    index = SqliteQuoteIndex(db)
    with transaction(db):
        index.drop_hidden()
        fresh = _Noted(claim_table.iter_quotes(db, waiting=True))
        placement = place_quotes(fresh, index, now=now)
    seal = stable_id(*(correction.model_dump_json() for correction in corrections))
    anew = night_state.get_value(db, "grouped with") not in (seal, None)
    named = {claim for correction in corrections for claim in (*correction.join, *correction.part)}
    touched = named | placement.placed.keys() | fresh.ids
    failed = FailedFamilies()
    looked_at, moved = _regroup(db, index.members(None if anew else touched), corrections, failed, whole=anew)
    merged = len(placement.merges)
    del fresh, placement, touched  # of a first night these are hundreds of megabytes
    night_state.set_value(db, "grouped with", seal)
    failed |= relate_families(db)
    failed |= link_languages(db)
    failed |= find_originals(db)
    return GroupingReport(looked_at, moved, merged, failed.messages())


def _regroup(
    db: sqlite3.Connection,
    members: Iterable[Member],
    corrections: tuple[Correction, ...],
    failed: FailedFamilies,
    *,
    whole: bool,
) -> tuple[int, int]:
    """Keep the families of `members` (`whole`: all there are); return how many, and the claims moved."""
    groups = _groups(list(members), corrections)
    families = (_family(family_id, group) for family_id, group in groups.items())
    moved = family_table.save_families(db, _decided(db, families, failed), whole=whole)
    return len(groups), moved


class _Noted:
    """Quotes read once, and their ids: a first night may have millions."""

    def __init__(self, quotes: Iterable[Quote]) -> None:
        self.quotes, self.ids = quotes, set[str]()

    def __iter__(self) -> Iterator[Quote]:
        for quote in self.quotes:
            self.ids.add(quote.quote_id)
            yield quote


def _groups(members: list[Member], corrections: tuple[Correction, ...]) -> dict[str, list[Member]]:
    placed = rearrange({member.claim: member.family for member in members}, corrections)
    groups: defaultdict[str, list[Member]] = defaultdict(list)
    for member in members:
        groups[placed[member.claim]].append(member)
    return groups


def _family(family_id: str, group: list[Member]) -> Family:
    """Return the record; where only the words are known, most quoted words stand for it."""
    fullest = min(group, key=lambda member: (member.reported, -member.words, member.claim))
    return Family(id=family_id, claim_ids=tuple(m.claim for m in group), representative=fullest.claim)


def _decided(db: sqlite3.Connection, families: Iterable[Family], failed: FailedFamilies) -> Iterator[Family]:
    """Decide which wording is shown for each family and whose it is, some hundred families at a time."""
    waiting = iter(families)
    while batch := list(islice(waiting, AT_ONCE)):
        speakers = read_speakers(db, [claim for family in batch for claim in family.claim_ids])
        several = [family for family in batch if len(family.claim_ids) > 1]
        claims, articles = read_claims(db, [claim for family in several for claim in family.claim_ids])
        known = {claim.id: claim for claim in claims}
        originals = get_originals(db, [family.id for family in several])
        for family in (_with_speaker(family, speakers) for family in batch):
            choose = partial(_with_representative, family, known, articles, originals.get(family.id))
            yield failed.attempt(family.id, choose) or family


def _with_speaker(family: Family, speakers: Mapping[str, ReportedSpeaker]) -> Family:
    found = family_speaker(speakers[claim] for claim in family.claim_ids if claim in speakers)
    who = {"speaker": found.name, "person_id": found.person_id, "disputed": found.disputed}
    return family.model_copy(update=who)


def _with_representative(
    family: Family, claims: Mapping[str, Claim], articles: Mapping[str, Article], original: Original | None
) -> Family:
    mine = [claims[claim] for claim in family.claim_ids if claim in claims]
    if not mine:
        return family
    misleading = original.misleading if original else frozenset()
    speaker = FamilySpeaker(family.speaker, family.person_id)
    chosen = choose_representative(prints_of(mine, articles), speaker, misleading)
    return family.model_copy(update={"representative": chosen})
