"""The story of one family, or of some, from what is kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from openrace.diffusion import explain_pair, tell_stories
from openrace.errors import ConfigError
from openrace.records import Article, Claim, Family, FamilyStory
from openrace.store import articles, claims, families


def stories_of(db: sqlite3.Connection, family_ids: Iterable[str]) -> Iterator[FamilyStory]:
    """The stories of these families; an id that is gone leads to the family that has its claims now."""
    for family_id in family_ids:
        family = families.get_family(db, family_id)
        if family is not None:
            known: dict[str, Claim] = {}
            beside = [family, *_reports_beside(db, family)]
            texts = dict(_read(db, beside, known))
            countries = {
                outlet.domain: outlet.country for outlet in articles.iter_outlets(db) if outlet.country
            }
            yield next(tell_stories(beside, known, texts, countries))


def _reports_beside(db: sqlite3.Connection, family: Family) -> Iterator[Family]:
    """The families of reports without marks by the same speakers: some may paraphrase it."""
    for family_id in families.reports_by_speakers_of(db, family.id):
        found = families.get_family(db, family_id)
        if found is not None and found.id != family.id:
            yield found


def _read(
    db: sqlite3.Connection, found: Iterable[Family], known: dict[str, Claim]
) -> Iterator[tuple[str, Article]]:
    """The articles of these families by id; their claims go into `known`."""
    for claim_id in (claim_id for family in found for claim_id in family.claim_ids):
        claim = claims.get_claim(db, claim_id)
        article = claim and articles.get_article(db, claim.article_id)
        if claim and article:
            known[claim.id] = claim
            yield article.id, article


def explain_two(db: sqlite3.Connection, a: str, b: str) -> str:
    """In one line why two claims are or are not one utterance; ConfigError for an id that is not there."""
    quotes = {quote.quote_id: quote for quote in claims.iter_quotes(db, only=(a, b))}
    for claim_id in (a, b):
        if claim_id not in quotes:
            raise ConfigError(claim_id, "no shown claim has this id", "openrace search prints the ids")
    together = families.of_claims(db, [a]) == families.of_claims(db, [b])
    return f"{'one family' if together else 'not one family'} · {explain_pair(quotes[a], quotes[b])}"
