"""Rows → claims on the cores of one machine, shard by shard."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import count, groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from openrace.batch.rows import Row, RowFunction, RowResult, in_chunks, read_rows
from openrace.batch.shards import SHARD_ROWS, Counts, OutputFolder, shard_name
from openrace.processes import map_in_order

CHUNK = 32  # rows that are handed to a process at once: most of an archive is off the topic, and quickly so
ROW_SECONDS = 20.0  # as for a page of a crawl; a row that takes longer is rejected
RowWatch = Callable[[Iterable[Row]], Iterable[Row]]


class Chunk(NamedTuple):
    """Rows of one shard that are handed to a process at once."""

    shard: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class OnChunk:
    """`function`, applied to the rows of a chunk; picklable if the function is."""

    function: RowFunction

    def __call__(self, chunk: Chunk) -> list[RowResult]:
        return self.function(chunk.rows)


class BatchReport(NamedTuple):
    """What became of the rows of this run, and of those that earlier runs had finished."""

    now: Counts = Counts()
    before: Counts = Counts()


def extract_files(
    files: Iterable[Path], output: OutputFolder, function: RowFunction, *, jobs: int, watch: RowWatch
) -> BatchReport:
    """Write the claims of the rows of `files`, as `function` finds them in `jobs` processes.

    The output depends on neither their number nor on how often the run was killed and started again.
    """
    files = list(files)
    for file in files:
        output.drop_older(file)
    before = sum((counts for file in files for counts in _finished(file, output)), Counts())
    now = Counts()
    chunks = (chunk for file in files for chunk in _unfinished(file, output, watch))
    for shard, results in groupby(run_chunks(chunks, function, jobs), key=itemgetter(0)):
        now += output.write(shard, ((row, result) for _, row, result in results))
    return BatchReport(now, before)


def _finished(file: Path, output: OutputFolder) -> Iterator[Counts]:
    """Yield the counts of the shards of `file` that are finished; these are its first ones."""
    for number in count():
        counts = output.finished(shard_name(file, number))
        if counts is None:
            return
        yield counts


def _unfinished(file: Path, output: OutputFolder, watch: RowWatch) -> Iterator[Chunk]:
    done = sum(1 for _ in _finished(file, output))
    rows = iter(watch(islice(read_rows(file), done * SHARD_ROWS, None)))
    for number in count(done):
        shard = shard_name(file, number)
        chunk = None
        for chunk in in_chunks(islice(rows, SHARD_ROWS), CHUNK):
            yield Chunk(shard, chunk)
        if chunk is None:
            return


def run_chunks(
    chunks: Iterable[Chunk], function: RowFunction, jobs: int
) -> Iterator[tuple[str, Row, RowResult]]:
    """Yield the shard of each row, the row and its result, in order.

    What kills or stalls a process costs its row alone: the rows of its chunk are tried again one by one.
    """
    with closing(map_in_order(OnChunk(function), chunks, jobs, CHUNK * ROW_SECONDS)) as outcomes:
        for (shard, rows), outcome in outcomes:
            results = outcome.result if outcome.how == "done" else _one_by_one(rows, function)
            for row, result in zip(rows, results, strict=True):
                yield shard, row, result


def _one_by_one(rows: tuple[Row, ...], function: RowFunction) -> Iterator[RowResult]:
    for _, outcome in map_in_order(function, ((row,) for row in rows), 1, ROW_SECONDS):
        yield outcome.result[0] if outcome.how == "done" else RowResult(problem=outcome.problem)
