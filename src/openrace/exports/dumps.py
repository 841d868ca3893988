"""Dumps: claims by the month of their article, articles, families; the same records give the same bytes."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from openrace.exports.lines import ArticleLine, ClaimLine
from openrace.records import Family, Record

UNDATED = "undated"
SUMS = "SHA256SUMS"


def write_dumps(
    folder: Path, claims: Iterable[ClaimLine], articles: Iterable[ArticleLine], families: Iterable[Family]
) -> list[Path]:
    """Write the dumps and their SHA256SUMS (as ``sha256sum -c`` reads it) into `folder`; their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    months: dict[str, list[ClaimLine]] = {}
    for claim in claims:
        months.setdefault((claim.published or UNDATED)[:7], []).append(claim)
    written = [_write(folder / f"claims-{month}.jsonl.gz", lines) for month, lines in sorted(months.items())]
    written.append(_write(folder / "articles.jsonl.gz", articles))
    written.append(_write(folder / "families.jsonl.gz", families))
    sums = "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in written)
    (folder / SUMS).write_text(sums, "utf-8")
    return written


def _write(path: Path, records: Iterable[Record]) -> Path:
    """Without the time in the head of the file, and under its name only when it is whole."""
    unfinished = path.with_name(path.name + ".unfinished")
    with unfinished.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        for line in _encoded(records):
            packed.write(line)
    unfinished.replace(path)
    return path


def _encoded(records: Iterable[Record]) -> Iterator[bytes]:
    for record in records:
        yield record.model_dump_json().encode() + b"\n"
