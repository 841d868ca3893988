"""Everything that is kept and shown → an edition → the site.

families + claims + articles ─▶ stories, statements, cards
seeds                        ─▶ people, organisations, beats, topics
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from openrace.corrections import Correction
from openrace.records import stable_id
from openrace.seeds import Seeds
from openrace.site import PublishReport, look_version, publish
from openrace.site.edition import ArticleCard, Edition, Run, Statement, Station, TopicCard
from openrace.site.edition import Correction as Shown
from openrace.stations.health import feed_health
from openrace.stations.telling import tell_families
from openrace.store import articles, claims, families, state
from openrace.store.shelf import SqliteShelf


class Order(NamedTuple):
    """What is to be published where, as of when."""

    folder: Path
    now: str  # instant
    seeds: Seeds
    corrections: tuple[Correction, ...] = ()
    full: bool = False  # every page anew
    base_url: str | None = None  # where it is served: for what must be absolute
    contact: str | None = None  # where readers report an error
    look: Path | None = None  # the user's own templates/ and static/, laid over the bundled ones


def publish_site(db: sqlite3.Connection, order: Order) -> PublishReport:
    """Publish what is kept as a site; only files that differ are written."""
    sees = _fingerprint(db, order)
    edition = build_edition(db, order)
    report = publish(edition, order.folder, now=order.now, overlay=order.look, full=order.full)
    state.remember(db, "published", sees)
    return report


def publish_if_needed(db: sqlite3.Connection, order: Order) -> PublishReport | None:
    """Publish; None where nothing that a page shows has changed since the last time."""
    there = (order.folder / "index.html").is_file()
    if there and not order.full and state.recall(db, "published") == _fingerprint(db, order):
        return None
    return publish_site(db, order)


def _fingerprint(db: sqlite3.Connection, order: Order) -> str:
    """All that a site depends on: what is kept, who is known, what was corrected, which program, the day."""
    known = order.seeds.model_dump_json(), *(c.model_dump_json() for c in order.corrections)
    where = (str(order.folder.absolute()), str(order.base_url), str(order.contact))
    return stable_id(str(state.revision(db)), *known, *where, look_version(order.look), order.now[:10])


def build_edition(db: sqlite3.Connection, order: Order) -> Edition:
    """Everything that is kept and shown, as of now."""
    texts = {article.id: article for article in articles.iter_articles(db)}
    found = list(claims.iter_claims(db))
    seen = articles.seen(db)
    known = {claim.article_id for claim in found}
    seeds = order.seeds
    outlets = tuple(articles.iter_outlets(db))
    return Edition(
        base_url=order.base_url,
        contact=order.contact,
        stories=tuple(told.story for told in tell_families(db, [f.id for f in families.iter_families(db)])),
        statements=tuple(Statement.of(claim, texts[claim.article_id]) for claim in found),
        articles=tuple(ArticleCard.of(texts[i], seen=seen[i]) for i in texts if i in known),
        people=seeds.people,
        organisations=seeds.organisations,
        outlets=outlets,
        beats=seeds.beats,
        topics=tuple(TopicCard(id=topic.id, name=topic.name) for topic in seeds.topics),
        corrections=tuple(_corrections(db, order.corrections)),
        feeds=tuple(feed_health(db, seeds)),
        run=_last_run(db),
        moved=tuple((merge.gone, merge.kept) for merge in SqliteShelf(db).merges()),
    )


def _corrections(db: sqlite3.Connection, found: Iterable[Correction]) -> Iterator[Shown]:
    """The corrections as readers see them; what was hidden is not told again."""
    for correction in found:
        ids = (correction.claim, *correction.join, *correction.part)
        touched = families.of_claims(db, [claim for claim in ids if claim])
        yield Shown(when=correction.when, what=correction.tell(), why=correction.why, families=tuple(touched))


def _last_run(db: sqlite3.Connection) -> Run | None:
    run = state.last_run(db)
    if run is None:
        return None
    stations = tuple(Station.model_validate(station) for station in run["stations"])
    return Run(started=run["started"], finished=run["finished"], stations=stations)
