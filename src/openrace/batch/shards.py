"""The folder that a batch writes to, shard by shard; a run that was killed goes on after the last whole one.

OUT/claims/FILE-00000.parquet     the claims of one shard, sorted by article and start
OUT/articles/FILE-00000.jsonl     the articles themselves, if they are asked for
OUT/rejected/FILE-00000.jsonl     its rows that could not be used, each with a reason
OUT/finished/FILE-00000.json      what became of its rows; written last, so that the shard is whole
OUT/settings.json                 what the run was asked for: another run may only go on with the same
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from openrace.atomic_write import draft_of
from openrace.batch.rows import Row, RowResult
from openrace.batch.schema import CLAIMS, place_of
from openrace.errors import ConfigError
from openrace.plurals import many
from openrace.records import stable_id

SHARD_ROWS = 5_000  # what a kill costs at most, and the claims that are held at a time: some 30 MB


class Counts(NamedTuple):
    """What became of rows."""

    rows: int = 0
    off_topic: int = 0
    rejected: int = 0
    claims: int = 0

    def __add__(self, other: Counts) -> Counts:  # type: ignore[override]
        return Counts(*(a + b for a, b in zip(self, other, strict=True)))

    def __str__(self) -> str:
        parts = [many(self.rows, "row"), many(self.claims, "claim")]
        parts += [f"{self.off_topic:,} off the topic"] * bool(self.off_topic)
        parts += [f"{self.rejected:,} rejected"] * bool(self.rejected)
        return ", ".join(parts)

    @classmethod
    def of(cls, results: Iterable[RowResult]) -> Counts:
        """Count the results of rows."""
        counts = [(1, r.off_topic, r.problem is not None, len(r.claims)) for r in results]
        return cls(*(sum(column) for column in zip(*counts, strict=True))) if counts else cls()


class OutputFolder:
    """The output of one batch. Raises ConfigError where it holds that of a run with other settings."""

    def __init__(self, folder: Path, settings: Mapping[str, Any]) -> None:
        self.folder = folder
        for name in ("claims", "articles", "rejected", "finished"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        text, path = json.dumps(settings, indent=1, sort_keys=True), folder / "settings.json"
        if not path.exists():
            _write(path, text)
        elif path.read_text(encoding="utf-8") != text:
            other = " and ".join(_differing(_read_json(path), settings)) or "form"
            problem = f"holds the output of a run with other settings: {other}"
            raise ConfigError(folder, problem, "give another folder, or delete this one")

    def finished(self, shard: str) -> Counts | None:
        """Return what became of the rows of a shard that an earlier run finished; None where none did."""
        path = self.folder / "finished" / f"{shard}.json"
        if not path.exists():
            return None
        try:
            return Counts(**_read_json(path))
        except TypeError as error:
            problem = "does not say what became of a shard"
            raise ConfigError(path, problem, "delete it, and the shard is done again") from error

    def drop_older(self, file: Path) -> None:
        """Delete the shards of `file` from when it was smaller or larger: it has been fetched again since."""
        series, now = _series(file), shard_name(file, 0).rpartition("-")[0]
        for path in self.folder.glob("*/*"):
            if path.name.startswith(f"{series}-") and not path.name.startswith(f"{now}-"):
                path.unlink()

    def write(self, shard: str, done: Iterable[tuple[Row, RowResult]]) -> Counts:
        """Write the results of a whole shard; returns what became of its rows."""
        done = list(done)
        claims = sorted((claim for _, result in done for claim in result.claims), key=place_of)
        path = self.folder / "claims" / f"{shard}.parquet"
        if claims:
            write_parquet(claims, CLAIMS, path)
        else:
            path.unlink(missing_ok=True)
        rejected = [
            {"row": row.where, "problem": result.problem}
            for row, result in done
            if result.problem is not None
        ]
        lines = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in rejected)
        _write(self.folder / "rejected" / f"{shard}.jsonl", lines)
        articles = "".join(result.article + "\n" for _, result in done if result.article)
        _write(self.folder / "articles" / f"{shard}.jsonl", articles)
        counts = Counts.of(result for _, result in done)
        _write(self.folder / "finished" / f"{shard}.json", json.dumps(counts._asdict()))
        return counts


def shard_name(file: Path, number: int) -> str:
    """Return the name of the `number`-th shard of `file`, another where its size has changed."""
    return f"{_series(file)}-{file.stat().st_size}-{number:05}"


def _series(file: Path) -> str:
    """Return what the names of all shards of `file` begin with, other for a file of its name elsewhere."""
    return f"{file.name.split('.')[0]}-{stable_id(str(file.resolve()))}"


def write_parquet(rows: list[dict[str, Any]], schema: pa.Schema, path: Path) -> None:
    """Write `rows`, be there any or not, as the file `path`."""
    with (
        draft_of(path) as draft,
        draft.open("wb") as file,
    ):
        pq.write_table(pa.Table.from_pylist(rows, schema=schema), file, compression="zstd")


def _read_json(path: Path) -> Any:
    """Return what `path` holds; None where that is no JSON."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return None


def _differing(before: Any, now: Mapping[str, Any]) -> list[str]:
    """Return the names of the settings that are others now."""
    known = before if isinstance(before, dict) else {}
    return [name for name, value in now.items() if name not in known or known[name] != value]


def _write(path: Path, text: str) -> None:
    """Write a text file whole or not at all; an empty one not at all."""
    if not text:
        path.unlink(missing_ok=True)
        return
    with draft_of(path) as draft:
        draft.write_text(text, encoding="utf-8")
