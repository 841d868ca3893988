"""Everything that is kept and shown → an edition → the site.

families + claims + articles ─▶ stories, statements, cards
seeds                        ─▶ people, organisations, beats, topics
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from openrace import __version__
from openrace.records import Appearance, Article, Claim, Family, FamilyStory, Variant, stable_id
from openrace.seeds import Seeds
from openrace.site import PublishReport, publish
from openrace.site.edition import ArticleCard, Edition, Statement, TopicCard
from openrace.store import articles, claims, families, state


def publish_site(
    db: sqlite3.Connection, seeds: Seeds, folder: Path, *, now: str, full: bool = False
) -> PublishReport:
    """Publish what is kept as a site into `folder`; only files that differ are written."""
    sees = _fingerprint(db, seeds, folder, now)
    report = publish(build_edition(db, seeds), folder, now=now, full=full)
    state.remember(db, "published", sees)
    return report


def publish_if_needed(
    db: sqlite3.Connection, seeds: Seeds, folder: Path, *, now: str, full: bool = False
) -> PublishReport | None:
    """Publish; None where nothing that a page shows has changed since the last time."""
    there = (folder / "index.html").is_file()
    if there and not full and state.recall(db, "published") == _fingerprint(db, seeds, folder, now):
        return None
    return publish_site(db, seeds, folder, now=now, full=full)


def _fingerprint(db: sqlite3.Connection, seeds: Seeds, folder: Path, now: str) -> str:
    """All that a site depends on: what is kept, who is known, which program, where, and the day."""
    known = stable_id(seeds.model_dump_json())
    return stable_id(str(state.revision(db)), known, __version__, str(folder.absolute()), now[:10])


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
