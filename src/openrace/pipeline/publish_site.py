"""What is kept → an edition and its news → the site.

families that changed ─▶ news: stories, statements, cards
seeds, the last run   ─▶ edition: people, organisations, beats, topics, feeds
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from openrace.exports.dumps import read_sums
from openrace.extract.relevance import judge_relevance
from openrace.pipeline.family_stories import FamilyRecords, tell_families
from openrace.pipeline.feed_health import feed_health
from openrace.pipeline.isolation import FailedFamilies
from openrace.records import Article, Topic, stable_id
from openrace.site import Publication, PublishReport, look_version, publish
from openrace.site.snapshot import (
    ArticleCard,
    Download,
    Edition,
    News,
    Run,
    Statement,
    Station,
    Telling,
    TopicCard,
)
from openrace.site.snapshot import Correction as Shown
from openrace.store import article_table, change_log, family_table, night_state, page_table
from openrace.store.quote_index import SqliteQuoteIndex
from openrace.user_files.corrections_file import Correction
from openrace.user_files.seed_files import Seeds


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


def publish_site(db: sqlite3.Connection, order: Order, *, check: bool = True) -> PublishReport:
    """Bring the site up to date with what is kept; `check` mends files of it that were lost or damaged."""
    sees = _fingerprint(db, order)
    how = Publication(order.now, order.look, order.full, check)
    failed = FailedFamilies()
    report = publish(edition_of(db, order), partial(_announced, db, order, failed), order.folder, how)
    if failed:
        change_log.note_again(db, failed)  # so that the next run tries them again
    else:
        night_state.remember(db, "published", sees)
    return report._replace(failed=failed.messages())


def publish_if_needed(db: sqlite3.Connection, order: Order) -> PublishReport | None:
    """Publish; None where nothing that a page shows has changed since the last time."""
    there = (order.folder / "index.html").is_file()
    if there and not order.full and night_state.recall(db, "published") == _fingerprint(db, order):
        return None
    return publish_site(db, order, check=False)


def _fingerprint(db: sqlite3.Connection, order: Order) -> str:
    """All that a site depends on: what is kept, who is known, what was corrected, which program, the day."""
    known = order.seeds.model_dump_json(), *(c.model_dump_json() for c in order.corrections)
    where = (str(order.folder.absolute()), str(order.base_url), str(order.contact))
    return stable_id(str(night_state.revision(db)), *known, *where, look_version(order.look), order.now[:10])


def news(db: sqlite3.Connection, order: Order, failed: FailedFamilies, mark: str) -> News:
    """The families that changed since `mark`; all where this store did not give that mark to this folder.

    So a store that was restored from a backup, or another one, tells the site everything again. Families
    that a bug keeps from being told are noted in `failed` and stay on the site as they were.
    """
    given, last = _marks(db, order), change_log.latest(db)
    trusted = bool(mark) and mark in given
    asked = change_log.since(db, int(mark.split("-")[0])) if trusted else family_table.every_id(db)
    new = f"{last}-{stable_id(order.now, str(last), *given)}"
    if not asked and trusted:
        return News((), whole=False, mark=new)
    told: set[str] = set()
    gone = (family for family in asked if family not in told and family not in failed)
    tellings = _tellings(db, order.seeds.topics, asked, told, failed)
    return News(tellings, gone, not trusted, new, failed.keys())


def _announced(db: sqlite3.Connection, order: Order, failed: FailedFamilies, mark: str) -> News:
    """The news, whose mark the store knows before the site has it: a killed run still has the old one."""
    given, found = _marks(db, order), news(db, order, failed, mark)
    night_state.remember(db, _folder(order), " ".join([mark] * (mark in given) + [found.mark]))
    return found


def _marks(db: sqlite3.Connection, order: Order) -> list[str]:
    """The marks up to which the site in this folder may have been told."""
    return (night_state.recall(db, _folder(order)) or "").split()


def _folder(order: Order) -> str:
    return f"site {order.folder.absolute()}"


def _tellings(
    db: sqlite3.Connection,
    topics: Sequence[Topic],
    asked: list[str],
    told: set[str],
    failed: FailedFamilies,
) -> Iterator[Telling]:
    """Yield what pages show of these families; notes in `told` which there are, in `failed` which are not."""
    gone = {claim: seen for _, seen, claims in reversed(page_table.iter_gone(db)) for claim in claims}
    for family in tell_families(db, asked, failed):
        telling = failed.attempt(family.story.family.id, partial(_shown, db, family, topics, gone))
        if telling:
            told.add(family.story.family.id)
            yield telling


def _shown(
    db: sqlite3.Connection, family: FamilyRecords, topics: Sequence[Topic], gone: Mapping[str, str]
) -> Telling:
    """Return what pages show of a family; `gone` says when a claim's words were first seen missing."""
    seen = article_table.seen(db, family.articles)
    return Telling(
        story=family.story,
        statements=tuple(
            Statement.of(claim, family.articles[claim.article_id], gone=gone.get(claim.id))
            for claim in family.claims.values()
        ),
        articles=tuple(
            ArticleCard.of(article, seen=seen[article.id], topics=_topics_of(article, topics))
            for article in family.articles.values()
        ),
    )


def _topics_of(article: Article, topics: Sequence[Topic]) -> tuple[str, ...]:
    """Return which topics `article` is judged to be on."""
    return tuple(topic.id for topic in topics if judge_relevance(article, [topic]).relevant)


def edition_of(db: sqlite3.Connection, order: Order) -> Edition:
    """All that is shown beside the families, as of now."""
    seeds = order.seeds
    return Edition(
        base_url=order.base_url,
        contact=order.contact,
        people=seeds.people,
        organisations=seeds.organisations,
        outlets=tuple(article_table.iter_outlets(db)),
        beats=seeds.beats,
        topics=tuple(TopicCard(id=topic.id, name=topic.name) for topic in seeds.topics),
        corrections=tuple(_corrections(db, order.corrections)),
        feeds=tuple(feed_health(db, seeds)),
        run=_last_run(db),
        downloads=tuple(_downloads(order.folder)),
        moved=tuple((merge.gone, merge.kept) for merge in SqliteQuoteIndex(db).merges()),
    )


def _downloads(site: Path) -> Iterator[Download]:
    """The dumps in the site's folder ``data/``, which `openrace export dumps` wrote there."""
    for path, sha256 in read_sums(site / "data"):
        title, size = path.name.removesuffix(".jsonl.gz"), path.stat().st_size
        yield Download(address=f"data/{path.name}", title=title, size=size, sha256=sha256)


def _corrections(db: sqlite3.Connection, found: Iterable[Correction]) -> Iterator[Shown]:
    """The corrections as readers see them; what was hidden is not told again."""
    for correction in found:
        ids = (correction.claim, *correction.join, *correction.part)
        touched = family_table.of_claims(db, [claim for claim in ids if claim])
        yield Shown(when=correction.when, what=correction.tell(), why=correction.why, families=tuple(touched))


def _last_run(db: sqlite3.Connection) -> Run | None:
    run = night_state.last_run(db)
    if run is None:
        return None
    stations = tuple(Station.model_validate(station) for station in run["stations"])
    return Run(started=run["started"], finished=run["finished"], stations=stations)
