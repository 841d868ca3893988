"""Dumps: claims by the month of their article, articles, families; the same records give the same bytes."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

from openrace.atomic_write import draft_of
from openrace.exports.claim_lines import ArticleLine, ClaimLine
from openrace.records import Family, Record

UNDATED = "undated"
SUMS = "SHA256SUMS"


def write_dumps(
    folder: Path, claims: Iterable[ClaimLine], articles: Iterable[ArticleLine], families: Iterable[Family]
) -> list[Path]:
    """Write the dumps and their SHA256SUMS (as ``sha256sum -c`` reads it) into `folder`; their paths.

    Records pass through one by one: a million need no more memory than a hundred.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        dump = Dump(folder, stack, "articles", "families")
        for claim in claims:
            dump.add(f"claims-{(claim.published or UNDATED)[:7]}", claim)
        for article in articles:
            dump.add("articles", article)
        for family in families:
            dump.add("families", family)
    written = [folder / f"{name}.jsonl.gz" for name in sorted(dump.files)]
    sums = "".join(f"{_sha256(path)}  {path.name}\n" for path in written)
    with draft_of(folder / SUMS) as draft:
        draft.write_text(sums, "utf-8")
    return written


def read_sums(folder: Path) -> list[tuple[Path, str]]:
    """Return the dumps that lie in `folder` and the SHA-256 that its SHA256SUMS gives of each.

    Empty without one.
    """
    try:
        lines = (folder / SUMS).read_text("utf-8").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return []
    listed = (line.split("  ", 1) for line in lines if "  " in line)
    return [(folder / name, sha256) for sha256, name in listed if (folder / name).is_file()]


class Dump:
    """Files of JSON Lines, packed; those called `names` are made even if empty. They are whole, and have
    their names, when `stack` is closed."""

    def __init__(self, folder: Path, stack: ExitStack, *names: str) -> None:
        self._folder, self._stack = folder, stack
        self.files = {name: self._open(name) for name in names}

    def add(self, name: str, record: Record) -> None:
        """Write `record` into the file called `name`."""
        if name not in self.files:
            self.files[name] = self._open(name)
        self.files[name].write(record.model_dump_json().encode() + b"\n")

    def _open(self, name: str) -> gzip.GzipFile:
        draft = self._stack.enter_context(draft_of(self._folder / f"{name}.jsonl.gz"))
        raw = self._stack.enter_context(draft.open("wb"))
        packed = gzip.GzipFile("", "wb", 9, raw, mtime=0)  # neither name nor time in its head
        return self._stack.enter_context(packed)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
