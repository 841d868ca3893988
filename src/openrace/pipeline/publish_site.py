"""From the store to the site.

changes of families ─▶ StoreSource: stories, statements, articles
seeds, the last run ─▶ SiteSnapshot: people, organisations, sides, topics, feeds, revisions
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

from openrace.exports.dumps import read_sums
from openrace.extract.relevance import could_be_relevant, judge_relevance
from openrace.pipeline.article_revisions import article_revisions
from openrace.pipeline.family_stories import FamilyRecords, tell_families
from openrace.pipeline.feed_health import feed_health
from openrace.pipeline.isolation import FailedFamilies
from openrace.pipeline.same_speakers import same_speakers
from openrace.records import Article, Claim, Span, stable_id
from openrace.seed_records import Topic
from openrace.site import Publication, PublishReport, look_version, publish
from openrace.site.host_files import write_host_files
from openrace.site.interface_language import LanguageCode, interface_language
from openrace.site.recording_facts import RecordingFacts
from openrace.site.snapshot import (
    ArticleFacts,
    ArticleStatements,
    ChangedFamilies,
    CorrectionNote,
    Download,
    FamilyFacts,
    IdeaFacts,
    IdeaMark,
    NightRun,
    SiteSnapshot,
    Statement,
    TopicName,
)
from openrace.store import (
    article_table,
    change_log,
    claim_table,
    family_table,
    idea_tables,
    night_state,
    page_table,
)
from openrace.store.family_reader import read_claims
from openrace.store.quote_index import SqliteQuoteIndex
from openrace.store.read_records import ReadRecords
from openrace.user_files.corrections_file import Correction
from openrace.user_files.idea_files import Idea
from openrace.user_files.seed_files import Seeds

T = TypeVar("T")


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
    ideas: tuple[Idea, ...] = ()
    language: LanguageCode = "en"  # of the interface


def publish_site(db: sqlite3.Connection, order: Order, *, check: bool = True) -> PublishReport:
    """Bring the site up to date with what is kept; `check` mends files of it that were lost or damaged."""
    sees = _fingerprint(db, order)
    how = Publication(order.now, order.look, order.full, check)
    source = StoreSource(db, order)
    snapshot = snapshot_of(db, order)
    report = publish(snapshot, source, order.folder, how)
    write_host_files(order.folder, snapshot.title, order.base_url, order.language)
    if source.failed:
        change_log.note_again(db, source.failed)  # so that the next run tries them again
    else:
        night_state.set_value(db, "published", sees)
    return report._replace(failed=source.failed.messages())


def publish_if_needed(db: sqlite3.Connection, order: Order) -> PublishReport | None:
    """Publish; None where nothing that a page shows has changed since the last time."""
    there = (order.folder / "index.html").is_file()
    if there and not order.full and night_state.get_value(db, "published") == _fingerprint(db, order):
        return None
    return publish_site(db, order, check=False)


def _fingerprint(db: sqlite3.Connection, order: Order) -> str:
    """Return a hash of all that a site depends on: store, seeds, corrections, templates and the day."""
    known = [record.model_dump_json() for record in (order.seeds, *order.corrections, *order.ideas)]
    where = (str(order.folder.absolute()), str(order.base_url), str(order.contact))
    look = look_version(order.look, order.language)
    return stable_id(str(night_state.revision(db)), *known, *where, order.language, look, order.now[:10])


class StoreSource:
    """The families and articles of a store, as the site asks for them.

    A family that a bug keeps from being read is noted in `failed` and stays on the site as it was. With
    `peek`, nothing is noted in the store: for a digest, which leaves the site as it is.
    """

    def __init__(self, db: sqlite3.Connection, order: Order, *, peek: bool = False) -> None:
        self._db, self._order, self._peek = db, order, peek
        self._queue = change_log.ChangeQueue(db, f"site {order.folder.absolute()}")
        gone = reversed(page_table.iter_gone(db))
        self._gone = {claim: seen for _, seen, claims in gone for claim in claims}
        self._known: dict[str, ArticleFacts] = {}  # by article: it is asked for with each of its families
        self._read = ReadRecords()
        self.failed = FailedFamilies()

    def changes(self, token: str) -> ChangedFamilies:
        """Return the families that changed since `token`; all for a token that this store did not give."""
        ask = self._queue.peek if self._peek else self._queue.take
        return ChangedFamilies(*ask(token, self._order.now))

    def done(self, changes: ChangedFamilies) -> None:
        """Acknowledge `changes`."""
        self._queue.done(changes.token)

    def families(self, ids: Sequence[str]) -> Iterator[FamilyFacts]:
        """Yield those of these families that are shown and can be read."""
        kept = self._read.get(FamilyFacts, ids)
        new = [family for family in ids if family not in kept]
        told = tell_families(self._db, new, self.failed) if new else iter(())
        for family in told:
            facts = self.failed.attempt(family.story.family.id, partial(self._facts, family))
            if facts:
                self._keep(facts)
                yield facts
        yield from kept.values()

    def _keep(self, facts: FamilyFacts) -> None:
        """Keep what will be asked for again: statements, and families that may have a page."""
        self._read.add((statement.claim_id, statement) for statement in facts.statements)
        if len(facts.statements) > 1:
            self._read.add([(facts.story.family.id, facts)])

    def attempt(self, family: str, work: Callable[[], T]) -> T | None:
        """Return what `work` on a family gives; None where a bug stops it."""
        return self.failed.attempt(family, work)

    def _facts(self, family: FamilyRecords) -> FamilyFacts:
        statements = (
            self._statement(claim, family.articles[claim.article_id]) for claim in family.claims.values()
        )
        return FamilyFacts(
            story=family.story, statements=tuple(statements), articles=tuple(self._articles(family.articles))
        )

    def _statement(self, claim: Claim, article: Article) -> Statement:
        return Statement.of(claim, article, gone=self._gone.get(claim.id))

    def _articles(self, articles: Mapping[str, Article]) -> Iterator[ArticleFacts]:
        new = [article for article in articles.values() if article.id not in self._known]
        seen = article_table.seen(self._db, [article.id for article in new]) if new else {}
        for article in new:
            topics = _topics_of(article, self._order.seeds.topics)
            self._known[article.id] = ArticleFacts.of(article, seen=seen[article.id], topics=topics)
        return (self._known[article] for article in articles)

    def articles(self, ids: Sequence[str]) -> Iterator[ArticleStatements]:
        """Yield these articles with the statements in them that are shown and grouped."""
        grouped = claim_table.grouped_in(self._db, ids)
        statements = self._statements([claim for own in grouped.values() for claim, _ in own])
        missing = [name for name in ids if name not in self._known]
        articles = article_table.get_articles(self._db, missing) if missing else {}
        for facts in (*self._articles(articles), *(self._known[name] for name in ids if name not in missing)):
            own = grouped.get(facts.id, [])
            yield ArticleStatements(
                article=facts,
                statements=tuple(statements[claim] for claim, _ in own),
                families=tuple(family for _, family in own),
            )

    def _statements(self, ids: Sequence[str]) -> dict[str, Statement]:
        """Return these statements by the ids of their claims, those read before as they were read."""
        found = self._read.get(Statement, ids)
        claims, articles = read_claims(self._db, [claim for claim in ids if claim not in found])
        return found | {claim.id: self._statement(claim, articles[claim.article_id]) for claim in claims}

    def recording(self, article_id: str, spans: Sequence[Span]) -> RecordingFacts | None:
        """Return of a transcript the turns with these passages; None where it is gone."""
        article = article_table.get_article(self._db, article_id)
        return RecordingFacts.of(article, spans) if article else None


def _topics_of(article: Article, topics: Sequence[Topic]) -> tuple[str, ...]:
    """Return which topics `article` is judged to be on."""
    could_be = [topic for topic in topics if could_be_relevant(article.text, [topic])]
    return tuple(topic.id for topic in could_be if judge_relevance(article, [topic]).relevant)


def snapshot_of(db: sqlite3.Connection, order: Order) -> SiteSnapshot:
    """Return everything that is shown besides the families, as of now."""
    seeds = order.seeds
    return SiteSnapshot(
        language=order.language,
        base_url=order.base_url,
        contact=order.contact,
        people=seeds.people,
        organisations=seeds.organisations,
        outlets=tuple(article_table.iter_outlets(db)),
        beats=seeds.beats,
        topics=tuple(TopicName(id=topic.id, name=topic.name) for topic in seeds.topics),
        corrections=tuple(_corrections(db, order)),
        feeds=tuple(feed_health(db, seeds, order.language)),
        run=_last_run(db),
        downloads=tuple(_downloads(order.folder)),
        revisions=tuple(article_revisions(db)),
        ideas=tuple(_idea(db, idea) for idea in order.ideas),
        same_speakers=tuple(same_speakers(db).items()),
        moved=tuple((merge.gone, merge.kept) for merge in SqliteQuoteIndex(db).merges()),
    )


def _downloads(site: Path) -> Iterator[Download]:
    """Yield the dumps in the site's folder ``data/``, which `openrace export dumps` wrote there."""
    for path, sha256 in read_sums(site / "data"):
        title, size = path.name.removesuffix(".jsonl.gz"), path.stat().st_size
        yield Download(address=f"data/{path.name}", title=title, size=size, sha256=sha256)


def _corrections(db: sqlite3.Connection, order: Order) -> Iterator[CorrectionNote]:
    """Yield the corrections as readers see them; hidden words are not repeated."""
    gettext = interface_language(order.language).gettext
    for correction in order.corrections:
        ids = (correction.claim, *correction.join, *correction.part)
        touched = sorted(family_table.families_of(db, filter(None, ids), hidden=False))
        yield CorrectionNote(
            when=correction.when, what=correction.tell(gettext), why=correction.why, families=tuple(touched)
        )


def _idea(db: sqlite3.Connection, idea: Idea) -> IdeaFacts:
    """Return an idea with the families marked for it, but for those whose marks or reports disagree."""
    marked = [mark for mark in idea_tables.iter_marks(db, idea.id) if mark.family]
    turned = idea_tables.turned_families(db, marked)
    labels: dict[str, set[str]] = {}
    for mark in marked:
        labels.setdefault(mark.family or "", set()).add(mark.label)
    open_ = {family for family, own in labels.items() if family in turned or len(own) > 1}
    marks = tuple(
        IdeaMark(family=mark.family or "", claim=mark.claim, label=mark.label, when=mark.marked, by=mark.by)
        for mark in marked
        if mark.label != "no" and mark.family not in open_
    )
    shown = idea.model_dump(include={"id", "name", "definition", "not_when"})
    return IdeaFacts(**shown, marks=marks, unsettled=sum(labels[family] != {"no"} for family in open_))


def _last_run(db: sqlite3.Connection) -> NightRun | None:
    return next((NightRun.model_validate(run) for run in night_state.last_runs(db, 1)), None)
