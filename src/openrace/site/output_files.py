"""Writing the site: only what differs, and all of it put in place at once when all of it is made.

    put ─▶ index.html.new ─▶ … ─▶ swap: index.html, page by page in the order of making, the home page last

Whoever reads the site meanwhile sees the old one, then the new one; the swap is only a renaming of files. The
index remembers the files of each part and what waits for the swap, so that a run that is killed leaves no
file that the next one does not know of, and a swap that was begun is ended by it.
"""

# A site has tens of thousands of files, and a Path object costs more than its system call.
# ruff: noqa: PTH102, PTH103, PTH105, PTH108, PTH116, PTH120, PTH123, PTH202
from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from pydantic_core import from_json, to_json

from openrace.errors import ConfigError
from openrace.site.page_addresses import FOLDERS, is_page
from openrace.site.site_index import FILE, SiteIndex

DRAFT = ".new"  # ends the name of a file that waits for the swap
_STATE, _WRITING, _SWAPPING = "work", "writing", "swapping"  # a fact: what a run is at; empty after its end
POSSIBLE = ("index.html", "index.json", "feed.xml", "feed.json")  # the files that a page may have


class Folder:
    """A folder that holds a site. Raises ConfigError where it holds something else or cannot be written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.written = 0
        self.removed = 0
        self._made: set[str] = set()
        self._unsure = False  # whether a run that was killed may have left drafts
        if path.is_file():
            raise ConfigError(path, "is a file", "choose a folder for the site")
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
        """Return how many pages were written."""
        return sum(name.endswith("index.html") for _, files in self.parts(db) for name in files)

    def totals(self, db: sqlite3.Connection) -> tuple[int, int]:
        """Return how many files the site has, and their bytes."""
        sizes = [size for _, files in self.parts(db) for size in files.values()]
        return len(sizes), sum(sizes)

    def sweep(self, db: sqlite3.Connection) -> None:
        """Remove what a index that was lost had written and this one does not know of."""
        known = {name for _, files in self.parts(db) for name in files}
        for folder in FOLDERS:
            for path in list((self.path / folder).rglob("*")):
                name = path.relative_to(self.path).as_posix()
                if path.is_file() and name not in known:
                    self._remove_file(name)

    def is_whole(self, files: Mapping[str, int]) -> bool:
        """Whether all these files lie there in these sizes, or wait for the swap."""
        return all(size in (self._size(name), self._size(f"{name}{DRAFT}")) for name, size in files.items())

    def _size(self, name: str) -> int | None:
        try:
            return os.stat(f"{self.path}/{name}").st_size
        except OSError:
            return None

    def go_on(self, index: SiteIndex) -> None:
        """End the swap of a run that was killed; what one had only begun to write is written over."""
        state = index.fact(_STATE)
        self._unsure = bool(state)
        if state == _SWAPPING:
            self.swap(index)

    def begin(self, index: SiteIndex) -> None:
        """Note that drafts are written from now on; call it outside a transaction, before the first `put`."""
        index.set_fact(_STATE, _WRITING)

    def put(self, db: sqlite3.Connection, address: str, files: Mapping[str, bytes]) -> None:
        """Write the `files` of a part, by their path in the site, for the swap; its other files are to go."""
        row = db.execute("SELECT files FROM parts WHERE address = ?", (address,)).fetchone()
        before = set(_inside(from_json(row["files"]))) if row else set()
        if not files and self._unsure:  # a run that was killed may have written some that nobody remembers
            before |= {f"{address}{name}" for name in POSSIBLE} if is_page(address) else {address}
        if not files and not before:
            return
        waiting = [(name, 0) for name, content in files.items() if self._write(db, name, content)]
        waiting += [(name, 1) for name in sorted(before - files.keys())]
        db.executemany("INSERT OR REPLACE INTO drafts (name, gone) VALUES (?, ?)", waiting)
        if files:
            sizes = to_json({name: len(content) for name, content in files.items()}).decode()
            db.execute("INSERT OR REPLACE INTO parts VALUES (?, ?)", (address, sizes))
        else:
            db.execute("DELETE FROM parts WHERE address = ?", (address,))

    def _write(self, db: sqlite3.Connection, name: str, content: bytes) -> bool:
        """Write `content` beside its place; False where it lies there already."""
        path = f"{self.path}/{name}"
        try:
            if os.path.getsize(path) == len(content) and Path(path).read_bytes() == content:
                if self._unsure:
                    db.execute("DELETE FROM drafts WHERE name = ?", (name,))
                    _remove(f"{path}{DRAFT}")
                return False
        except OSError:
            pass
        self._write_draft(f"{path}{DRAFT}", content)
        self.written += 1
        return True

    def _write_draft(self, path: str, content: bytes) -> None:
        folder = os.path.dirname(path)
        try:
            if folder not in self._made:
                _make(folder)
                self._made.add(folder)
            with open(path, "wb", buffering=0) as file:
                view = memoryview(content)
                while view:
                    view = view[file.write(view) :]
        except OSError as error:
            with suppress(OSError):
                os.unlink(path)
            raise _unwritable(path, error) from error

    def swap(self, index: SiteIndex) -> None:
        """Put everything that waits in its place, in the order of writing; then remove what is gone."""
        db = index.db
        if not index.fact(_STATE):
            return
        index.set_fact(_STATE, _SWAPPING)
        for row in db.execute("SELECT name FROM drafts WHERE NOT gone ORDER BY place"):
            if _is_inside(row["name"]):
                self._put_in_place(f"{self.path}/{row['name']}")
        for row in db.execute("SELECT name FROM drafts WHERE gone ORDER BY place"):
            if _is_inside(row["name"]):
                self._remove_file(row["name"])
        with index.transaction():
            db.execute("DELETE FROM drafts")
            index.set_fact(_STATE, "")
        db.executescript("PRAGMA incremental_vacuum")  # what waited; execute() would free one page alone

    def _put_in_place(self, path: str) -> None:
        try:
            os.replace(f"{path}{DRAFT}", path)
        except FileNotFoundError:
            pass  # a run that was killed has done it; what was lost otherwise is mended by the next check
        except OSError as error:
            raise _unwritable(path, error) from error

    def _remove_file(self, name: str) -> None:
        path = f"{self.path}/{name}"
        self.removed += _remove(path)
        _remove(f"{path}{DRAFT}")  # of a run that was killed
        with suppress(OSError):  # not empty: another page lies there
            for folder in Path(path).parents:
                if folder == self.path:
                    break
                folder.rmdir()
                self._made.discard(str(folder))


def _make(folder: str) -> None:
    """Make a folder; nearly always the one above it is there."""
    try:
        os.mkdir(folder)
    except FileExistsError:
        pass
    except FileNotFoundError:
        os.makedirs(folder, exist_ok=True)


def _remove(path: str) -> bool:
    try:
        os.unlink(path)
    except FileNotFoundError:
        return False
    return True


def _is_ours(path: Path) -> bool:
    """Whether a site of ours lies there whose index was lost."""
    try:
        home = from_json((path / "index.json").read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(home, dict) and str(home.get("schema")).startswith("openrace/home/")


def _unwritable(path: Path | str, error: OSError) -> ConfigError:
    return ConfigError(path, f"cannot be written: {error.strerror}", "the site keeps its older files")


def _inside(files: Mapping[str, int]) -> dict[str, int]:
    """Those of `files` that lie inside the site, whatever a index may say."""
    return {name: size for name, size in files.items() if _is_inside(name)}


def _is_inside(name: str) -> bool:
    return not name.startswith("/") and ".." not in name.split("/")
