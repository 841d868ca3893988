"""Pages as they came → better texts → claims, without a second fetch.

stored page ─▶ read by today's openrace ─▶ another text? ─▶ the article has it, the former text is a revision,
and its claims are read anew: one transaction a page
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import NamedTuple

from openrace.crawl_records import StoredPage
from openrace.errors import InputError
from openrace.extract.claims import EXTRACTOR
from openrace.extract.directory import Directory
from openrace.ingest.parse.encoding import charset_of
from openrace.ingest.parse.page import parse_page
from openrace.ingest.worker_pool import PARSE_SECONDS, parsed
from openrace.pipeline import Warn, Watch
from openrace.pipeline.extract_claims import compare, extract
from openrace.plurals import many
from openrace.processes import map_in_order
from openrace.records import Article
from openrace.store import article_table, block_table, claim_table, page_table, transaction
from openrace.store.claim_table import ClaimChanges
from openrace.user_files.seed_files import Seeds


class ReparseReport(NamedTuple):
    """How many pages were read again, gave another text, or could not be read; what became of the claims."""

    pages: int = 0
    better: int = 0
    failed: int = 0
    claims: ClaimChanges = ClaimChanges()

    def __str__(self) -> str:
        added, changed, removed, _ = self.claims
        parts = [f"{many(self.pages, 'page')} read again", f"{self.better:,} with another text"]
        parts += [f"{many(added, 'new claim')}, {changed:,} changed, {removed:,} gone"] * bool(self.better)
        parts += [f"{self.failed} could not be read"] * bool(self.failed)
        return ", ".join(parts)


def read_pages_again(
    db: sqlite3.Connection, seeds: Seeds, *, warn: Warn, watch: Watch, tell: Warn, jobs: int = 1
) -> ReparseReport:
    """Read every stored page again; `tell` gets a line for every claim that this adds, removes or changes.

    A page that its publisher has changed since is left alone: its article keeps the words that were quoted.
    `jobs` processes parse; this one alone extracts and writes, in the order of the addresses.
    """
    directory = Directory(seeds.people, seeds.organisations)
    pages = _pages_to_parse(db, watch(page_table.stored_pages(db), "pages read again"))
    total = ReparseReport()
    with closing(map_in_order(_parse, pages, jobs, PARSE_SECONDS)) as outcomes:
        for page, outcome in outcomes:
            article = _article_of(db, page)
            if article is None:  # a page before this one gave the article another text
                continue
            total = total._replace(pages=total.pages + 1)
            try:
                changes = _take(db, page, article, parsed(page.url, outcome), directory, tell)
            except InputError as error:
                warn(str(error))
                total = total._replace(failed=total.failed + 1)
                continue
            if changes:
                total = total._replace(better=total.better + 1, claims=total.claims + changes)
    return total


def _pages_to_parse(db: sqlite3.Connection, urls: Iterable[str]) -> Iterator[StoredPage]:
    for url in urls:
        page = page_table.get_page(db, url)
        if page is not None and _article_of(db, page) is not None:
            yield page


def _article_of(db: sqlite3.Connection, page: StoredPage) -> Article | None:
    """Return the article that has the text which was last read from `page`; None where there is none."""
    article = article_table.get_article(db, page.article)
    return article if article is not None and page_table.was_read_from(article, page) else None


def _parse(page: StoredPage) -> Article:
    return parse_page(page.body, page.url, charset_of(page.content_type))


def _take(
    db: sqlite3.Connection, page: StoredPage, stored: Article, read: Article, directory: Directory, tell: Warn
) -> ClaimChanges | None:
    """Replace the `stored` text by the one that was `read`; None where they are the same."""
    if read.text == stored.text:
        return None
    article = stored.model_copy(update={"title": read.title, "text": read.text})
    try:
        furniture = block_table.furniture_spans(db, article)
        found = claim_table.with_stored_ids(db, stored.id, extract(article, directory, furniture), anew=True)
    except Exception as error:  # one strange article must not cost the others
        problem = f"the extractor failed: {type(error).__name__}: {error}"
        raise InputError(page.url, problem) from error
    for line in compare(claim_table.of_article(db, stored.id), found, article.text, stored.text):
        tell(line)
    with transaction(db):
        page_table.set_text(db, page, article)
        return claim_table.save_claims(db, stored.id, found, EXTRACTOR)
