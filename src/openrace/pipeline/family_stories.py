"""The stories of families from what is kept, a few at a time: memory stays the same for any store."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import NamedTuple

from openrace.clustering import explain_pair
from openrace.diffusion import Outlets, story_of_family
from openrace.errors import ConfigError
from openrace.pipeline.isolation import FailedFamilies
from openrace.records import Article, Claim, Family
from openrace.store import article_table, claim_table, clock_table, family_table
from openrace.store.family_reader import FamilyParts, read_families
from openrace.store.quote_index import SqliteQuoteIndex
from openrace.story import FamilyStory

AT_ONCE = 200  # families: some 600 claims with their articles, a few megabytes


class FamilyRecords(NamedTuple):
    """A family's story and the records it speaks of: those of the family and of its paraphrases, by id."""

    story: FamilyStory
    claims: Mapping[str, Claim]
    articles: Mapping[str, Article]


def tell_families(
    db: sqlite3.Connection, family_ids: Iterable[str], failed: FailedFamilies
) -> Iterator[FamilyRecords]:
    """Yield the stories of these families in their order, leaving out those that are gone or wholly hidden.

    A family whose story meets a bug is noted in `failed` and left out.
    """
    outlets = Outlets(article_table.countries(db), article_table.zones(db), clock_table.early_clocks(db))
    asked = iter(family_ids)
    while batch := list(islice(asked, AT_ONCE)):
        for parts in _read(db, batch, failed):
            for family in parts.families:
                records = failed.attempt(family.id, partial(_records, family, parts, outlets))
                if records:
                    yield records


def _read(db: sqlite3.Connection, batch: list[str], failed: FailedFamilies) -> Iterator[FamilyParts]:
    """Read a batch at once; where a bug stops that, each family alone."""
    if parts := FailedFamilies().attempt("", lambda: read_families(db, batch)):
        yield parts
        return
    for family_id in batch:
        if parts := failed.attempt(family_id, partial(read_families, db, [family_id])):
            yield parts


def _records(family: Family, parts: FamilyParts, outlets: Outlets) -> FamilyRecords:
    paraphrases, links = parts.paraphrases.get(family.id, ()), parts.links.get(family.id, ())
    original = parts.originals.get(family.id)
    translated = parts.translated.get(family.id, ())
    story = story_of_family(
        family, parts.claims, parts.articles, outlets, paraphrases, links, original, translated
    )
    ids = (*story.family.claim_ids, *(paraphrase.claim_id for paraphrase in story.paraphrases))
    mine = {claim_id: parts.claims[claim_id] for claim_id in ids}
    return FamilyRecords(story, mine, {c.article_id: parts.articles[c.article_id] for c in mine.values()})


def stories_of(
    db: sqlite3.Connection, family_ids: Iterable[str], failed: FailedFamilies
) -> Iterator[FamilyStory]:
    """Yield the stories of these families; an id that is gone leads to the family that has its claims now."""
    found = (family_table.get_family(db, family_id) for family_id in family_ids)
    return (records.story for records in tell_families(db, (family.id for family in found if family), failed))


def explain_two(db: sqlite3.Connection, a: str, b: str) -> str:
    """In one line why two claims are or are not one utterance; ConfigError for an id that is not there."""
    quotes = {quote.quote_id: quote for quote in claim_table.iter_quotes(db, only=(a, b))}
    for claim_id in (a, b):
        if claim_id not in quotes:
            raise ConfigError(claim_id, "no shown claim has this id", "openrace search prints the ids")
    alone = explain_pair(quotes[a], quotes[b])
    if family_table.families_of(db, [a]) != family_table.families_of(db, [b]):
        return f"not one family · {alone.text}"
    way = SqliteQuoteIndex(db).path(a, b)
    if way is None:
        return f"one family, set right by hand · {alone.text}"
    by_way = f" by way of {', '.join(way)}" if way and not alone.joins else ""
    return f"one family{by_way} · {alone.text}"
