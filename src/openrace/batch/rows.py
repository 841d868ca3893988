"""Input files → rows, lazily and in order; nothing of a row is parsed here, so that any process can do it."""

from __future__ import annotations

import glob
import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Literal, NamedTuple

from openrace.errors import ConfigError, InputError, reason

MAX_LINE = 32 << 20  # bytes of one JSON line: the longest book is smaller


class Row(NamedTuple):
    """One article to be: `data` is a JSON line (bytes), a row's columns (dict) or a page (PageData).

    "broken": it cannot be read, and `data` says why.
    """

    where: str  # file and number, or address
    kind: Literal["json", "columns", "page", "broken"]
    data: Any


class PageData(NamedTuple):
    """A page of a WARC file."""

    url: str
    body: bytes
    charset: str | None  # as its server said


class RowResult(NamedTuple):
    """What became of a row: claims (rows of `schema.CLAIMS`), off the topic, or rejected for `problem`."""

    claims: Sequence[dict[str, Any]] = ()
    off_topic: bool = False
    article: str | None = None  # as a JSON line, where it is to be kept
    problem: str | None = None


RowFunction = Callable[[tuple[Row, ...]], list[RowResult]]


def input_files(places: Iterable[str], output: Path, kinds: Sequence[str] | None = None) -> list[Path]:
    """Return the files at `places` (files, folders, patterns like ``2025-0?/*.parquet``), each once, sorted.

    What lies below `output` is left out. Raises ConfigError for a place that has no file of these kinds
    (endings of names; None: all that are known).
    """
    endings = tuple(_READERS if kinds is None else kinds)
    found: set[Path] = set()
    for place in places:
        path = Path(place)
        if path.is_dir():
            files = [file for file in path.rglob("*") if file.is_file() and _ends(file, endings)]
        else:
            files = [path] if path.is_file() else [Path(name) for name in glob.glob(place, recursive=True)]  # noqa: PTH207 - absolute patterns too
        if not files or not all(_ends(file, endings) for file in files):
            raise ConfigError(place, "has no file that can be read", f"of these kinds: {' '.join(endings)}")
        found.update(files)
    return sorted(file for file in found if output.resolve() not in file.resolve().parents)


def _ends(file: Path, endings: tuple[str, ...]) -> bool:
    return file.name.lower().endswith(endings)


def read_rows(file: Path) -> Iterator[Row]:
    """Yield the rows of `file`; where it breaks off, the last one is "broken" and says so."""
    reader = _reader(file)
    if reader is None:
        raise ConfigError(file, "is of no known kind", f"these are read: {' '.join(_READERS)}")
    try:
        yield from reader(file)
    except InputError as error:
        yield Row(str(file), "broken", f"{error.problem}; what follows is lost")
    except (OSError, EOFError, zlib.error, ValueError) as error:  # pyarrow's errors are OSError or ValueError
        problem = (
            reason(error) if isinstance(error, OSError) and error.strerror else " ".join(str(error).split())
        )
        yield Row(str(file), "broken", f"breaks off: {problem}; what follows is lost")


def in_chunks(rows: Iterable[Row], size: int) -> Iterator[tuple[Row, ...]]:
    """Yield the rows in tuples of `size`, the last one shorter."""
    rows = iter(rows)
    return iter(lambda: tuple(islice(rows, size)), ())


def _reader(file: Path) -> Callable[[Path], Iterator[Row]] | None:
    name = file.name.lower()
    return next((reader for ending, reader in _READERS.items() if name.endswith(ending)), None)


def _read_lines(file: Path) -> Iterator[Row]:
    opened = gzip.open if file.name.lower().endswith(".gz") else open
    with opened(file, "rb") as stream:
        number = 0
        while line := stream.readline(MAX_LINE + 1):
            number += 1
            if len(line) > MAX_LINE:
                raise InputError(file, f"line {number} is larger than {MAX_LINE >> 20} MB")
            if line.strip():
                yield Row(f"{file}:{number}", "json", line)


def _read_parquet(file: Path) -> Iterator[Row]:
    import pyarrow.parquet as pq

    number = 0
    with pq.ParquetFile(file) as parquet:
        for batch in parquet.iter_batches(batch_size=1000):
            for columns in batch.to_pylist():
                number += 1
                yield Row(f"{file}:{number}", "columns", columns)


def _read_warc(file: Path) -> Iterator[Row]:
    from openrace.batch.warc_pages import read_pages

    for page in read_pages(file):
        yield Row(page.url, "page", page)


_READERS: dict[str, Callable[[Path], Iterator[Row]]] = {
    ".parquet": _read_parquet,
    ".jsonl": _read_lines,
    ".jsonl.gz": _read_lines,
    ".warc": _read_warc,
    ".warc.gz": _read_warc,
}
