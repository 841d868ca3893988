"""Grouping as steps over record batches, for an engine that brings together what belongs together.

rows ─▶ quotes ─▶ (distinct wordings) ─▶ keys ─▶ pairs that share keys ─▶ candidates
     ─▶ offers to each asking wording ─▶ parents ─▶ (trees) ─▶ cluster ids

Brackets stand for what the engine alone does. The rules are those of `openrace.clustering.parts`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openrace.batch.group_schema import CANDIDATES, FAMILIES, HOLDER, KEYS, OFFERS, PARENTS, QUOTES, SHARED
from openrace.batch.rows import Row
from openrace.batch.stages import ROW, GroupStages, whole_runs
from openrace.clustering.blocking import Fingerprints, is_enough, shared_fingerprints
from openrace.clustering.parts import Offer, cluster_trees, offers_to, wording_fingerprints
from openrace.clustering.quote_table import prepare
from openrace.pipeline.batch_group import read_quote
from openrace.records import StoredQuote, stable_id

Batches = Iterable[pa.RecordBatch]
AT_ONCE = 4_000  # rows at least that are worked on together: less costs more for each, more costs memory
KEY_ROWS = 100_000


def prepare_stage(batches: Batches) -> Iterator[pa.RecordBatch]:
    """Yield what grouping needs of the quotes of rows, and of a row that has none only what is wrong."""
    for batch in batches:
        yield _batch([found for row in batch.to_pylist() if (found := _prepared(row))], QUOTES)


def _prepared(columns: dict[str, Any]) -> dict[str, Any] | None:
    """Return a row of QUOTES; None for a claim that is too unsure."""
    where = columns.pop(ROW)
    quote, problem = read_quote(Row(where, "columns", columns))
    if quote is None:
        return {"row": where, "problem": problem} if problem else None
    stored = prepare(quote)
    return {**stored._asdict(), "wording": _number(stored.words)}


def _number(words: str) -> int:
    """Return a number of 60 bits: among ten million wordings two have one once in 20,000 times.

    Then they would be compared too, and nothing worse: a wording is its words.
    """
    return int(stable_id(words, length=15), 16)


def key_stage(batches: Batches) -> Iterator[pa.RecordBatch]:
    """Yield the fingerprints of distinct wordings."""
    for batch in batches:
        wordings = batch.column("words").to_pylist()
        found = wording_fingerprints(wordings, batch.column("speakers").to_pylist())
        length = np.fromiter(map(len, wordings), np.int32, len(wordings))[found.owner]
        wording = batch.column("wording").to_numpy()[found.owner]
        yield pa.RecordBatch.from_arrays([found.key, found.kind, length, wording], schema=KEYS)


def shared_stage(batches: Batches) -> Iterator[pa.RecordBatch]:
    """Yield pairs of wordings that share some of these keys: rows of one key adjacent, the longest first."""
    for some in whole_runs(batches, "key", KEY_ROWS):
        key, kind, length, wording = (some.column(name).to_numpy() for name in KEYS.names)
        owners, owner = np.unique(wording, return_inverse=True)
        lengths = np.zeros(len(owners), np.int32)
        lengths[owner] = length
        for low, high, shared in shared_fingerprints(Fingerprints(owner, key, kind), lengths):
            columns = owners[low], owners[high], lengths[low], lengths[low] == lengths[high], shared
            yield pa.RecordBatch.from_arrays(list(map(pa.array, columns)), names=SHARED.names).cast(SHARED)


def candidate_stage(batches: Batches) -> Iterator[pa.RecordBatch]:
    """Yield the pairs, counted over all keys, that share enough; of two of one length either may ask."""
    for batch in batches:
        enough = is_enough(batch.column("shared").to_numpy(), batch.column("length").to_numpy())
        kept = batch.filter(pa.array(enough)).select(["asking", "wording", "level"])
        level = kept.filter(kept.column("level"))
        yield kept.select(["asking", "wording"]).cast(CANDIDATES)
        yield pa.RecordBatch.from_arrays(level.columns[1::-1], schema=CANDIDATES)


def offer_stage(batches: Batches) -> Iterator[pa.RecordBatch]:
    """Yield the parents that wordings offer: rows of one asking wording adjacent, its own among them."""
    for some in whole_runs(batches, "asking", AT_ONCE):
        asking, wording = some.column("asking").to_numpy(), some.column("wording").to_numpy()
        numbers, first = np.unique(wording, return_index=True)
        once = some.take(pa.array(first))
        words = dict(zip(numbers.tolist(), once.column("words").to_pylist(), strict=True))
        candidates: defaultdict[str, list[str]] = defaultdict(list)
        for low, high in zip(asking.tolist(), wording.tolist(), strict=True):
            candidates[words[low]].append(words[high])
        found = offers_to(candidates, candidates, _holders(once))
        yield _batch([{"quote_id": quote, **offer._asdict()} for quote, offer in found], OFFERS)


def _holders(wordings: pa.RecordBatch) -> Iterator[StoredQuote]:
    """Yield the quotes of distinct wordings."""
    holders = wordings.column("holders")
    flat = holders.flatten()
    words = np.repeat(wordings.column("words").to_numpy(zero_copy_only=False), pc.list_value_length(holders))
    columns = [column.to_pylist() for column in flat.flatten()]
    for said, *values in zip(words.tolist(), *columns, strict=True):
        yield _stored(dict(zip(HOLDER.names, values, strict=True)), said)


def _stored(row: dict[str, Any], words: str) -> StoredQuote:
    return StoredQuote(words=words, **{**row, "inner": tuple(row["inner"])})


def parent_stage(batches: Batches) -> Iterator[pa.RecordBatch]:
    """Yield the best parent of each quote: the offers to one quote adjacent."""
    for some in whole_runs(batches, "quote_id", AT_ONCE):
        found = []
        for quote, offers in groupby(some.to_pylist(), key=itemgetter("quote_id")):
            best = min(Offer(*(offer[name] for name in Offer._fields)) for offer in offers)
            found.append({"quote_id": quote, "parent": best.parent, "odds": -best.doubt})
        yield _batch(found, PARENTS)


def cluster_stage(batches: Batches) -> Iterator[pa.RecordBatch]:
    """Yield the cluster id of each quote: the quotes of one tree adjacent, with their parents."""
    for some in whole_runs(batches, "tree", AT_ONCE):
        rows = some.drop_columns(["tree"]).to_pylist()
        found = cluster_trees([_stored(row, row.pop("words")) for row in rows])
        yield _batch([{"quote_id": quote, "cluster_id": name} for quote, name in found.items()], FAMILIES)


def _batch(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist(rows, schema=schema)


STAGES = GroupStages(
    prepare_stage, key_stage, shared_stage, candidate_stage, offer_stage, parent_stage, cluster_stage
)
