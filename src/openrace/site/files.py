"""Writing the site: only what differs, each file atomically, and nothing of ours left behind.

The manifest in the folder remembers the version of every page and the size of every file of it. It is
written before the first file too, naming what is about to change, so that a run that is killed leaves no
file that the next one does not know of.
"""

# A site has tens of thousands of files, and a Path object costs more than its system call.
# ruff: noqa: PTH103, PTH105, PTH108, PTH116, PTH120, PTH123, PTH202
from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from pydantic_core import from_json, to_json

from openrace.errors import ConfigError

MANIFEST = ".openrace-site.json"
POSSIBLE = ("index.html", "index.json", "feed.xml", "feed.json")  # the files that a page may have
_FORMAT = 1


class Kept(NamedTuple):
    """What the manifest knows of a page: its version and the size of each of its files."""

    version: str
    files: dict[str, int]


class Folder:
    """A folder that holds a site. Raises ConfigError where it holds something else or cannot be written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.written = 0
        self.removed = 0
        self._told = ""
        self._pages = self._read_manifest()
        self._made: set[str] = set()

    def _read_manifest(self) -> dict[str, Kept]:
        manifest = self.path / MANIFEST
        try:
            stored = from_json(manifest.read_bytes())
        except FileNotFoundError:
            if self.path.is_dir() and any(self.path.iterdir()):
                problem = "holds files that openrace did not write"
                raise ConfigError(self.path, problem, "choose an empty folder for the site") from None
            return {}
        except (OSError, ValueError):
            return {}  # a manifest cut short by a full disk: everything is written anew
        if not isinstance(stored, dict) or stored.get("format") != _FORMAT:
            return {}
        self._told = str(stored.get("told"))
        return {page: Kept(version, _inside(files)) for page, (version, files) in stored["pages"].items()}

    def parts(self) -> set[str]:
        """The names of everything that the manifest knows."""
        return set(self._pages)

    def is_whole(self, told: str) -> bool:
        """Whether the folder holds the whole site of the version `told`, every file of it."""
        if self._told != told:
            return False
        return all(
            self._is_whole(name, size) for kept in self._pages.values() for name, size in kept.files.items()
        )

    def has(self, page: str, version: str) -> bool:
        """Whether `page` lies there whole, in this version."""
        kept = self._pages.get(page)
        if kept is None or kept.version != version:
            return False
        return all(self._is_whole(name, size) for name, size in kept.files.items())

    def _is_whole(self, name: str, size: int) -> bool:
        try:
            return os.stat(f"{self.path}/{name}").st_size == size
        except OSError:
            return False

    def read_json(self, name: str) -> dict[str, Any]:
        """The object in the file `name`; empty where there is none or it is damaged."""
        try:
            found = from_json(Path(self.path, name).read_bytes())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def begin(self, changing: Iterable[str]) -> None:
        """Remember, before the first write, that these pages are about to change, and what they may leave."""
        self._told = ""
        for page in changing:
            before = self._pages[page].files if page in self._pages else {}
            possible = POSSIBLE if page.endswith("/") or not page else ()
            self._pages[page] = Kept("", {f"{page}{name}": -1 for name in possible} | before)
        self._save()

    def write(self, page: str, version: str, files: Mapping[str, bytes]) -> None:
        """Write the `files` of `page` (by their path in the site) and remove those that it no longer has."""
        before = self._pages.get(page, Kept("", {})).files
        for name, content in files.items():
            self._write_file(name, content)
        for name in before.keys() - files.keys():
            self._remove_file(name)
        self._pages[page] = Kept(version, {name: len(content) for name, content in files.items()})

    def finish(self, pages: Collection[str], told: str) -> None:
        """Remove every page that is none of `pages`; from now on the site is of the version `told`."""
        self._told = told
        for page in self._pages.keys() - set(pages):
            for name in self._pages.pop(page).files:
                self._remove_file(name)
        self._save()

    def _save(self) -> None:
        pages = {page: self._pages[page] for page in sorted(self._pages)}
        manifest = {"format": _FORMAT, "told": self._told, "pages": pages}
        self._write_file(MANIFEST, to_json(manifest), count=False)

    def _write_file(self, name: str, content: bytes, *, count: bool = True) -> None:
        path = f"{self.path}/{name}"
        try:
            if os.path.getsize(path) == len(content) and Path(path).read_bytes() == content:
                return
        except OSError:
            pass
        self._replace(path, content)
        self.written += count

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
            raise ConfigError(
                path, f"cannot be written: {error.strerror}", "the site keeps its older files"
            ) from error

    def _remove_file(self, name: str) -> None:
        path = self.path / name
        with suppress(FileNotFoundError):
            path.unlink()
            self.removed += 1
        path.with_name(f"{path.name}.new").unlink(missing_ok=True)  # the draft of a run that was killed
        with suppress(OSError):  # not empty: another page lies there
            for folder in path.parents:
                if folder == self.path:
                    break
                folder.rmdir()


def _inside(files: Mapping[str, int]) -> dict[str, int]:
    """Those of `files` that lie inside the site, whatever a manifest may say."""
    return {
        name: size for name, size in files.items() if not name.startswith("/") and ".." not in name.split("/")
    }
