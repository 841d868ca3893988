"""Archives → claims: what a row of an archive is to the rooms, whatever engine runs it.

row ─▶ article (the parsers of ingest/) ─▶ on the topic? ─▶ claims (extract/) ─▶ rows of batch/schema.py
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openrace.batch.local_engine import BatchReport, RowWatch, extract_files
from openrace.batch.rows import PageData, Row, RowResult
from openrace.batch.shards import SHARD_ROWS, OutputFolder
from openrace.errors import ConfigError, InputError
from openrace.extract.claims import EXTRACTOR
from openrace.extract.directory import Directory
from openrace.extract.relevance import could_be_relevant, judge_relevance
from openrace.ingest.parse.import_fields import known_fields, make_article
from openrace.ingest.parse.page import parse_page
from openrace.lock import only_run
from openrace.pipe_contract import claim_line
from openrace.pipeline.extract_claims import extract
from openrace.records import Article, Claim, stable_id
from openrace.seed_records import Topic
from openrace.user_files.seed_files import Seeds, load_seeds

COLUMNS_TOLD = 12  # of a row without text


@dataclass(frozen=True)
class RowExtractor:
    """Rows → results, in whatever process; picklable."""

    directory: Directory
    topics: tuple[Topic, ...] | None  # None: whatever the subject
    columns: Mapping[str, str]  # our field → theirs
    keep_articles: bool = False

    def __call__(self, rows: tuple[Row, ...]) -> list[RowResult]:
        """Return what becomes of each row; a bad one is rejected with a reason."""
        return [self._result(row) for row in rows]

    def _result(self, row: Row) -> RowResult:
        try:
            article = _article(row, self.columns)
            if self.topics is not None and not _is_on_topic(article, self.topics):
                return RowResult(off_topic=True)
            claims = extract(article, self.directory)
            kept = article.model_dump_json(exclude_defaults=True) if self.keep_articles else None
            return RowResult([_claim_row(claim, article) for claim in claims], article=kept)
        except InputError as error:
            return RowResult(problem=f"{error.problem} ({error.remedy})" if error.remedy else error.problem)
        except Exception as error:  # a bug that one strange row brings to light costs that row alone
            return RowResult(problem=" ".join(f"a bug: {type(error).__name__}: {error}".split()))


def extract_archive(
    files: list[Path],
    folder: Path,
    *,
    seeds: Path | None,
    columns: Mapping[str, str],
    on_topic: bool,
    keep_articles: bool,
    jobs: int,
    master: str | None,
    watch: RowWatch,
    now: str,
) -> BatchReport:
    """Write the claims of all articles in `files` to `folder`, `on_topic` ones only or all.

    `jobs` processes of this machine do the work, or Spark where its `master` is given.
    Raises ConfigError where the folder holds other output, LockedError where another run writes to it.
    """
    if folder.exists() and not folder.is_dir():
        raise ConfigError(folder, "is a file", "name last the folder to write to")
    known = load_seeds(seeds)
    with only_run(folder / "run", now=now):
        directory = Directory(known.people, known.organisations)
        extractor = RowExtractor(directory, known.topics if on_topic else None, columns, keep_articles)
        output = OutputFolder(folder, _settings(extractor, known))
        if master is not None:
            from openrace.batch.spark_engine import extract_on_spark

            return BatchReport(extract_on_spark(files, folder, extractor, master=master))
        return extract_files(files, output, extractor, jobs=jobs, watch=watch)


def _settings(extractor: RowExtractor, seeds: Seeds) -> dict[str, Any]:
    """Return what the output depends on besides the input."""
    return {
        "extractor": EXTRACTOR,
        "shard_rows": SHARD_ROWS,
        "on_topic": extractor.topics is not None,
        "articles": extractor.keep_articles,
        "columns": dict(extractor.columns),
        "seeds": stable_id(seeds.model_dump_json(include={"people", "organisations", "topics"})),
    }


def _article(row: Row, columns: Mapping[str, str]) -> Article:
    if row.kind == "page":
        page: PageData = row.data
        return parse_page(page.body, page.url, page.charset)
    if row.kind == "broken":
        raise InputError(row.where, row.data)
    fields = _json(row) if row.kind == "json" else row.data
    known = known_fields(fields, columns)
    if not isinstance(known.get("text"), str) or not known["text"].strip():
        names = ", ".join(list(fields)[:COLUMNS_TOLD]) or "nothing"
        raise InputError(row.where, f"has no text, only {names}", "name its column: --columns text=COLUMN")
    return make_article(known, row.where)


def _json(row: Row) -> dict[str, Any]:
    try:
        fields = json.loads(row.data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise InputError(row.where, f"is not JSON: {error}") from error
    if not isinstance(fields, dict):
        raise InputError(row.where, "is no JSON object")
    return fields


def _is_on_topic(article: Article, topics: tuple[Topic, ...]) -> bool:
    return could_be_relevant(article.text, topics) and judge_relevance(article, topics).relevant


def _claim_row(claim: Claim, article: Article) -> dict[str, Any]:
    where = {name: getattr(article, name) for name in ("url", "title", "outlet", "published")}
    around = article.text[claim.context.start : claim.context.end]
    return {**claim_line(claim, article), "start": claim.spans[0].start, "context": around, **where}
