"""What people wrote, kept beside a backup of the database: corrections, marks for ideas, watches.

backups/openrace-2026-01-05T040000Z.db
backups/openrace-2026-01-05T040000Z.ideas-marks.toml
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from openrace.atomic_write import draft_of
from openrace.user_files.corrections_file import corrections_path
from openrace.user_files.idea_files import marks_path
from openrace.user_files.watch_file import watches_path


class PeoplesFiles(NamedTuple):
    """Where the files are that people write for a database."""

    corrections: Path
    marks: Path
    watches: Path


def files_of(
    database: Path, corrections: Path | None = None, marks: Path | None = None, watches: Path | None = None
) -> PeoplesFiles:
    """Return the files of `database`: those that are given, else those beside it."""
    return PeoplesFiles(
        corrections_path(database, corrections), marks_path(database, marks), watches_path(database, watches)
    )


def kept_beside(backup: Path) -> PeoplesFiles:
    """Return where the files of a backup are kept."""
    names = (path.name for path in files_of(backup))
    return PeoplesFiles(*(backup.with_name(f"{backup.stem}.{name}") for name in names))


def keep_files(files: PeoplesFiles, backup: Path) -> None:
    """Copy those of `files` that there are beside `backup`."""
    _copy(zip(files, kept_beside(backup), strict=True))


def put_back_files(backup: Path, files: PeoplesFiles) -> list[Path]:
    """Copy the files of `backup` to where there are none; return which. What people wrote since stays."""
    return _copy(
        (kept, there) for kept, there in zip(kept_beside(backup), files, strict=True) if not there.exists()
    )


def _copy(pairs: Iterable[tuple[Path, Path]]) -> list[Path]:
    done = []
    for source, target in pairs:
        if source.exists():
            with draft_of(target) as draft:
                shutil.copy(source, draft)
            done.append(target)
    return done
