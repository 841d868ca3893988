"""Writing the site: only what differs, each file atomically, and nothing of ours left behind.

The catalogue remembers which files each part of the site has. A part stays stale until its files are written
and remembered, so that a run that is killed leaves no file that the next one does not know of.
"""

# A site has tens of thousands of files, and a Path object costs more than its system call.
# ruff: noqa: PTH103, PTH105, PTH108, PTH116, PTH120, PTH123, PTH202
from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from pydantic_core import from_json, to_json

from openrace.errors import ConfigError
from openrace.site.catalogue import FILE

POSSIBLE = ("index.html", "index.json", "feed.xml", "feed.json")  # the files that a page may have


class Folder:
    """A folder that holds a site. Raises ConfigError where it holds something else or cannot be written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.written = 0
        self.removed = 0
        self._made: set[str] = set()
        if not (path / FILE).exists() and path.is_dir() and any(path.iterdir()) and not _is_ours(path):
            raise ConfigError(
                path, "holds files that openrace did not write", "choose an empty folder for the site"
            )
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _unwritable(path, error) from error

    def parts(self, db: sqlite3.Connection) -> Iterator[tuple[str, dict[str, int]]]:
        """Every part that was written, and the size of each of its files."""
        for row in db.execute("SELECT address, files FROM parts").fetchall():
            yield row["address"], _inside(from_json(row["files"]))

    def count_pages(self, db: sqlite3.Connection) -> int:
        """How many pages were written."""
        query = "SELECT count(*) FROM parts WHERE address = '' OR address LIKE '%/'"
        return int(db.execute(query).fetchone()[0])

    def is_whole(self, files: Mapping[str, int]) -> bool:
        """Whether all these files lie there in these sizes."""
        return all(self._size(name) == size for name, size in files.items())

    def _size(self, name: str) -> int | None:
        try:
            return os.stat(f"{self.path}/{name}").st_size
        except OSError:
            return None

    def put(self, db: sqlite3.Connection, address: str, files: Mapping[str, bytes]) -> None:
        """Write the `files` of a part (by their path in the site) and remove those that it no longer has."""
        row = db.execute("SELECT files FROM parts WHERE address = ?", (address,)).fetchone()
        before = set(_inside(from_json(row["files"]))) if row else set()
        if not files:  # a run that was killed may have written some that nobody remembers
            before |= {f"{address}{name}" for name in POSSIBLE}
        for name, content in files.items():
            self._write_file(name, content)
        for name in before - files.keys():
            self._remove_file(name)
        if files:
            sizes = to_json({name: len(content) for name, content in files.items()}).decode()
            db.execute("INSERT OR REPLACE INTO parts VALUES (?, ?)", (address, sizes))
        else:
            db.execute("DELETE FROM parts WHERE address = ?", (address,))

    def _write_file(self, name: str, content: bytes) -> None:
        path = f"{self.path}/{name}"
        try:
            if os.path.getsize(path) == len(content) and Path(path).read_bytes() == content:
                return
        except OSError:
            pass
        self._replace(path, content)
        self.written += 1

    def _replace(self, path: str, content: bytes) -> None:
        """Put `content` at `path` at once: a reader sees the old file or the new one, never half of it."""
        folder = os.path.dirname(path)
        draft = f"{path}.new"
        try:
            if folder not in self._made:
                os.makedirs(folder, exist_ok=True)
                self._made.add(folder)
            with open(draft, "wb", buffering=0) as file:
                view = memoryview(content)
                while view:
                    view = view[file.write(view) :]
            os.replace(draft, path)
        except OSError as error:
            with suppress(OSError):
                os.unlink(draft)
            raise _unwritable(path, error) from error

    def _remove_file(self, name: str) -> None:
        path = f"{self.path}/{name}"
        with suppress(FileNotFoundError):
            os.unlink(path)
            self.removed += 1
        with suppress(FileNotFoundError):
            os.unlink(f"{path}.new")  # the draft of a run that was killed
        with suppress(OSError):  # not empty: another page lies there
            for folder in Path(path).parents:
                if folder == self.path:
                    break
                folder.rmdir()
                self._made.discard(str(folder))


def _is_ours(path: Path) -> bool:
    """Whether a site of ours lies there whose catalogue was lost."""
    try:
        home = from_json((path / "index.json").read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(home, dict) and str(home.get("schema")).startswith("openrace/home/")


def _unwritable(path: Path | str, error: OSError) -> ConfigError:
    return ConfigError(path, f"cannot be written: {error.strerror}", "the site keeps its older files")


def _inside(files: Mapping[str, int]) -> dict[str, int]:
    """Those of `files` that lie inside the site, whatever a catalogue may say."""
    return {
        name: size for name, size in files.items() if not name.startswith("/") and ".." not in name.split("/")
    }
