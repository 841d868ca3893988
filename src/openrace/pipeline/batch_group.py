"""Claims in Parquet → their clusters in Parquet, in one process.

Which quotes a claim gives is as in the store: unsure claims give none, and of one that is quoted in part the
words inside quotation marks count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from openrace.batch.rows import read_rows
from openrace.batch.schema import FAMILIES
from openrace.batch.shards import write_parquet
from openrace.clustering import group_quotes
from openrace.errors import InputError
from openrace.pipe_contract import QUOTE_NEEDED, QUOTE_OPTIONAL, choose_fields
from openrace.pipeline import Warn
from openrace.records import UNSURE_BELOW, Quote


def group_files(files: Iterable[Path], target: Path, *, warn: Warn) -> tuple[int, int, int]:
    """Write the cluster of each quote of `files`; returns how many quotes, clusters and bad rows there are.

    Rows are claims of ``batch extract``, or quotes as ``pipe group`` takes them: their columns say which.
    """
    failed: list[str] = []
    clusters = group_quotes(_quotes(files, failed, warn))
    rows = [{"quote_id": quote, "cluster_id": cluster} for quote, cluster in sorted(clusters.items())]
    write_parquet(rows, FAMILIES, target)
    return len(rows), len(set(clusters.values())), len(failed)


def _quotes(files: Iterable[Path], failed: list[str], warn: Warn) -> Iterator[Quote]:
    seen: set[str] = set()
    for row in (row for file in files for row in read_rows(file)):
        try:
            if row.kind != "columns":
                raise InputError(
                    row.where, row.data if row.kind == "broken" else "is no row of a Parquet file"
                )
            quote = quote_of(row.data)
            if quote and quote.quote_id in seen:
                raise InputError(row.where, f"{quote.quote_id} came before")
        except (InputError, ValueError) as error:  # pydantic's errors are ValueErrors
            problem = error.problem if isinstance(error, InputError) else " ".join(str(error).split())
            warn(f"{row.where}: {problem}; skipped")
            failed.append(row.where)
            continue
        if quote:
            seen.add(quote.quote_id)
            yield quote


def quote_of(row: Mapping[str, Any]) -> Quote | None:
    """Return the quote of a row, None for a claim that is too unsure. Raises ValueError for anything else."""
    if "claim_id" not in row:
        return Quote.model_validate(choose_fields(row, QUOTE_NEEDED, QUOTE_OPTIONAL))
    if row["confidence"] < UNSURE_BELOW:
        return None
    speaker = row["speaker"] or {}
    quoted = (piece["text"] for piece in row["pieces"] if piece["quoted"])
    return Quote(
        quote_id=row["claim_id"],
        text=" … ".join(quoted) if row["kind"] == "mixed" else row["text"],
        speaker=speaker.get("person_id") or speaker.get("name"),
        outlet=row["outlet"],
        date=row["published"],
        article_id=row["article_id"],
        kind=row["kind"],
    )
