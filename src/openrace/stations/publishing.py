"""Everything that is kept and shown → an edition → the site.

families + claims + articles ─▶ stories, statements, cards
seeds                        ─▶ people, organisations, beats, topics
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from openrace.records import Appearance, Article, Claim, Family, FamilyStory, Variant
from openrace.seeds import Seeds
from openrace.site import PublishReport, publish
from openrace.site.edition import ArticleCard, Edition, Statement, TopicCard
from openrace.store import articles, claims, families


def publish_site(
    db: sqlite3.Connection, seeds: Seeds, folder: Path, *, now: str, full: bool = False
) -> PublishReport:
    """Publish what is kept as a site into `folder`; only files that differ are written."""
    return publish(build_edition(db, seeds), folder, now=now, full=full)


def build_edition(db: sqlite3.Connection, seeds: Seeds) -> Edition:
    """Everything that is kept and shown, as of now."""
    texts = {article.id: article for article in articles.iter_articles(db)}
    found = list(claims.iter_claims(db))
    by_id = {claim.id: claim for claim in found}
    seen = articles.seen(db)
    known = {claim.article_id for claim in found}
    return Edition(
        stories=tuple(_stories(families.iter_families(db), by_id, texts)),
        statements=tuple(Statement.of(claim, texts[claim.article_id]) for claim in found),
        articles=tuple(ArticleCard.of(texts[i], seen=seen[i]) for i in texts if i in known),
        people=seeds.people,
        organisations=seeds.organisations,
        outlets=tuple(articles.iter_outlets(db)),
        beats=seeds.beats,
        topics=tuple(TopicCard(id=topic.id, name=topic.name) for topic in seeds.topics),
    )


def _stories(
    found: Iterable[Family], by_id: dict[str, Claim], texts: dict[str, Article]
) -> Iterator[FamilyStory]:
    for family in found:
        members = [by_id[i] for i in family.claim_ids]
        wordings: dict[str, list[Claim]] = {}
        for claim in members:
            wordings.setdefault(claim.text.casefold(), []).append(claim)
        yield FamilyStory(
            family=family,
            variants=tuple(
                Variant(
                    text=group[0].text,
                    claim_ids=tuple(claim.id for claim in group),
                    first=texts[group[0].article_id].published,
                    to_earliest=None,
                    to_fullest=None,
                )
                for group in sorted(wordings.values(), key=len, reverse=True)
            ),
            appearances=tuple(_appearance(claim, texts[claim.article_id]) for claim in members),
        )


def _appearance(claim: Claim, article: Article) -> Appearance:
    return Appearance(
        claim_id=claim.id,
        article_id=article.id,
        outlet=article.outlet,
        country=None,
        when=article.published,
        lag_hours=None,
        kind=claim.kind,
    )
