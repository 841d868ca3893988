"""Copies of what people wrote, next to a backup of the database: corrections, marks for ideas, watches.

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


class HandWrittenFiles(NamedTuple):
    """Where the files are that people write for a database."""

    corrections: Path
    marks: Path
    watches: Path


def files_of(
    database: Path, corrections: Path | None = None, marks: Path | None = None, watches: Path | None = None
) -> HandWrittenFiles:
    """Return the files of `database`: those that are given, else those next to it."""
    return HandWrittenFiles(
        corrections_path(database, corrections), marks_path(database, marks), watches_path(database, watches)
    )


def files_of_backup(backup: Path) -> HandWrittenFiles:
    """Return where the copies that belong to a backup are."""
    names = (path.name for path in files_of(backup))
    return HandWrittenFiles(*(backup.with_name(f"{backup.stem}.{name}") for name in names))


def copy_to_backup(files: HandWrittenFiles, backup: Path) -> None:
    """Copy those of `files` that exist next to `backup`."""
    _copy(zip(files, files_of_backup(backup), strict=True))


def restore_from_backup(backup: Path, files: HandWrittenFiles) -> list[Path]:
    """Copy the files of `backup` to where there are none; return which. What people wrote since stays."""
    return _copy(
        (copy, original)
        for copy, original in zip(files_of_backup(backup), files, strict=True)
        if not original.exists()
    )


def _copy(pairs: Iterable[tuple[Path, Path]]) -> list[Path]:
    done = []
    for source, target in pairs:
        if source.exists():
            with draft_of(target) as draft:
                shutil.copy(source, draft)
            done.append(target)
    return done
