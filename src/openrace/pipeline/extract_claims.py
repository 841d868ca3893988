"""Articles that are new → claims."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import Any, NamedTuple

from openrace.claim_wording import KIND_NAMES, UNKNOWN_SPEAKER
from openrace.extract.claims import EXTRACTOR, extract_claims
from openrace.extract.directory import Directory
from openrace.pipe_contract import claim_line
from openrace.pipeline import Warn, Watch
from openrace.plurals import many
from openrace.processes import Outcome, map_in_order
from openrace.records import Article, Claim, Span
from openrace.store import article_table, block_table, claim_table, crawl_history
from openrace.store.claim_table import ClaimChanges
from openrace.user_files.seed_files import Seeds


class ExtractionReport(NamedTuple):
    """How many articles were read, how many met a bug of the extractor, and what changed."""

    read: int = 0
    failed: int = 0
    claims: ClaimChanges = ClaimChanges()
    spoken: int = 0  # transcripts of recordings: no claims are read from them

    def __str__(self) -> str:
        added, changed, removed, _ = self.claims
        parts = [f"{many(self.read, 'article')} read", many(added, "new claim")]
        parts += [f"{changed:,} changed, {removed:,} gone"] * bool(changed or removed)
        parts += [many(self.spoken, "transcript")] * bool(self.spoken)
        parts += [f"{self.failed:,} could not be read"] * bool(self.failed)
        return ", ".join(parts)


def read_for_claims(
    db: sqlite3.Connection,
    seeds: Seeds,
    *,
    warn: Warn,
    watch: Watch,
    jobs: int = 1,
    stale: bool = False,
    tell: Warn | None = None,
) -> ExtractionReport:
    """Read each article that no extractor has read (`stale`: that this one has not), one transaction each.

    `jobs` processes extract; this one alone writes, in the order of the articles, so that their number
    changes nothing. `tell` gets a line for every claim that this adds, removes or changes.
    """
    block_table.mark_furniture(db)
    extractor = ClaimExtractor(Directory(seeds.people, seeds.organisations))
    tasks = _tasks(db, watch(article_table.unread(db, EXTRACTOR, stale=stale), "articles read"))
    total = ExtractionReport()
    with closing(map_in_order(extractor, tasks, jobs)) as outcomes:
        for task, outcome in outcomes:
            if outcome.how != "done":
                _note_failure(db, task.article, outcome, warn)
                total = total._replace(failed=total.failed + 1)
            elif task.article.is_transcript:
                claim_table.save_claims(db, task.article.id, [], EXTRACTOR)
                total = total._replace(spoken=total.spoken + 1)
            else:
                changes = _save(db, task.article, outcome.result, tell)
                total = total._replace(read=total.read + 1, claims=total.claims + changes)
    return total


class Task(NamedTuple):
    """An article to be read, and what the store knows of it."""

    article: Article
    furniture: tuple[Span, ...] = ()


class ClaimExtractor:
    """Articles → claims, in whatever process; picklable."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def __call__(self, task: Task) -> list[Claim]:
        """Return the claims of an article."""
        if task.article.is_transcript:  # spoken text is kept and searched, and is no statement by itself
            return []
        return extract(task.article, self._directory, task.furniture)


class LineExtractor:
    """Articles → lines of ``pipe extract``, in whatever process; picklable."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def __call__(self, placed: tuple[Any, Article]) -> list[dict[str, Any]]:
        """Return the claims of an article, which comes with where it stands in its file."""
        _, article = placed
        return [claim_line(claim, article) for claim in extract(article, self._directory)]


def _tasks(db: sqlite3.Connection, article_ids: Iterable[str]) -> Iterator[Task]:
    for article_id in article_ids:
        article = article_table.get_article(db, article_id)
        if article is not None:  # else it was taken out meanwhile
            furniture = block_table.furniture_spans(db, article)
            yield Task(article, furniture)


def _note_failure(db: sqlite3.Connection, article: Article, outcome: Outcome, warn: Warn) -> None:
    """Tell that one article could not be read, and keep that for ``openrace doctor``; the night goes on."""
    warn(f"{article.url or article.id}: the extractor failed: {outcome.problem}")
    crawl_history.note_bug(db, "article", article.id, outcome.problem)


def _save(db: sqlite3.Connection, article: Article, found: list[Claim], tell: Warn | None) -> ClaimChanges:
    crawl_history.forget_bug(db, "article", article.id)
    found = claim_table.with_stored_ids(db, article.id, found)
    if tell:
        for line in compare(claim_table.of_article(db, article.id), found, article.text):
            tell(line)
    return claim_table.save_claims(db, article.id, found, EXTRACTOR)


def compare(before: list[Claim], after: list[Claim], page: str, old_page: str = "") -> Iterator[str]:
    """Yield what a new extraction of an article changed, one line a claim: + new, - gone, ~ changed.

    `page` is the text of the article, `old_page` the one it had before where that differs.
    """
    old, new = {claim.id: claim for claim in before}, {claim.id: claim for claim in after}
    for claim in before:
        if claim.id not in new:
            yield f"- {_line(claim, old_page or page)}"
    for claim in after:
        if claim.id not in old:
            yield f"+ {_line(claim, page)}"
        elif (was := _who(old[claim.id])) != _who(claim):
            yield f"~ {was} → {_line(claim, page)}"
        elif (was := KIND_NAMES[old[claim.id].kind]) != KIND_NAMES[claim.kind]:
            yield f"~ {was} → {KIND_NAMES[claim.kind]}: {_line(claim, page)}"
        elif (was := old[claim.id].polarity) != claim.polarity:
            yield f"~ {was} → {claim.polarity}: {_line(claim, page)}"


def _line(claim: Claim, page: str) -> str:
    return f"{_who(claim)}: {claim.wording(page).line}  ({claim.id})"


def _who(claim: Claim) -> str:
    return (claim.speaker and claim.speaker.name) or UNKNOWN_SPEAKER


def extract(article: Article, directory: Directory, furniture: Iterable[Span] = ()) -> list[Claim]:
    """Return the claims of `article`, each checked against its text; none is read from its `furniture`."""
    return [claim.check_against(article) for claim in extract_claims(article, directory, furniture)]
