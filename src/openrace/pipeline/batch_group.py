"""Claims in Parquet → their clusters in Parquet, in one process or on Spark.

Which quotes a claim gives is as in the store: unsure claims give none, and of one that is quoted in part the
words inside quotation marks count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from openrace.batch.group_schema import FAMILIES, GroupReport, is_output
from openrace.batch.rows import Row, read_rows
from openrace.batch.shards import write_parquet
from openrace.clustering import group_quotes
from openrace.errors import ConfigError, InputError
from openrace.pipe_contract import QUOTE_NEEDED, QUOTE_OPTIONAL, choose_fields, problem_of
from openrace.pipeline import Warn
from openrace.records import UNSURE_BELOW, Quote

CLAIM_NEEDED = ("claim_id", "article_id", "kind", "text", "confidence")  # columns of `batch.schema.CLAIMS`
CLAIM_OPTIONAL = ("speaker", "pieces", "outlet", "published", "context")


def group_files(files: list[Path], target: Path, *, master: str | None = None, warn: Warn) -> GroupReport:
    """Write the cluster of each quote of `files`, in this process or on Spark where its `master` is given.

    Rows are claims of ``batch extract``, or quotes as ``pipe group`` takes them: their columns say which.
    """
    if not is_output(target):
        raise ConfigError(target, "is there already, and no clusters of an earlier run", "name another file")
    if master is not None:
        from openrace.batch.spark_engine import group_on_spark
        from openrace.pipeline.group_stages import STAGES

        return group_on_spark(files, target, STAGES, master=master, warn=warn)
    failed: list[str] = []
    clusters = group_quotes(_quotes(files, failed, warn))
    rows = [{"quote_id": quote, "cluster_id": cluster} for quote, cluster in sorted(clusters.items())]
    write_parquet(rows, FAMILIES, target)
    return GroupReport(len(rows), len(set(clusters.values())), len(failed))


def _quotes(files: Iterable[Path], failed: list[str], warn: Warn) -> Iterator[Quote]:
    seen: set[str] = set()
    for row in (row for file in files for row in read_rows(file)):
        quote, problem = read_quote(row)
        if quote and quote.quote_id in seen:
            problem = f"{quote.quote_id} came before"
        if problem:
            warn(f"{row.where}: {problem}; skipped")
            failed.append(row.where)
        elif quote:
            seen.add(quote.quote_id)
            yield quote


class ReadQuote(NamedTuple):
    """The quote of a row, or what is wrong with it; neither of a claim that is too unsure."""

    quote: Quote | None = None
    problem: str | None = None


def read_quote(row: Row) -> ReadQuote:
    """Return the quote of a row of a Parquet file: a claim, or a quote as ``pipe group`` takes it."""
    if row.kind != "columns":
        return ReadQuote(problem=row.data if row.kind == "broken" else "is no row of a Parquet file")
    try:
        return ReadQuote(quote_of(row.data))
    except InputError as error:
        return ReadQuote(problem=error.problem)
    except ValueError as error:  # pydantic's errors are ValueErrors
        return ReadQuote(problem=problem_of(error))


def quote_of(row: Mapping[str, Any]) -> Quote | None:
    """Return the quote of a row, None for a claim that is too unsure. Raises ValueError for anything else."""
    if row.get("claim_id") is None:
        return Quote.model_validate(choose_fields(row, QUOTE_NEEDED, QUOTE_OPTIONAL))
    claim = choose_fields(row, CLAIM_NEEDED, CLAIM_OPTIONAL)
    if claim["confidence"] < UNSURE_BELOW:
        return None
    speaker = claim.get("speaker") or {}
    quoted = (piece["text"] for piece in claim.get("pieces", ()) if piece["quoted"])
    return Quote(
        quote_id=claim["claim_id"],
        text=" … ".join(quoted) if claim["kind"] == "mixed" else claim["text"],
        speaker=speaker.get("person_id") or speaker.get("name"),
        outlet=claim.get("outlet"),
        date=claim.get("published"),
        article_id=claim["article_id"],
        kind=claim["kind"],
        context=None if claim["kind"] == "indirect" else claim.get("context"),
    )
