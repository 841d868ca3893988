"""One run at a time: a lock on a file beside the database that its holder's death sets free."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from openrace.errors import LockedError, StoreError, reason


@contextmanager
def only_run(database: Path, *, now: str) -> Iterator[None]:
    """Hold the lock of `database` for the block.

    Raises LockedError with the holder's pid and start where another run holds it. The operating system
    frees the lock (flock(2)) when its holder ends, however it ends: no lock is ever stale. The file stays.
    """
    path = database.with_name(database.name + ".lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise StoreError(path, f"cannot be made: {reason(error)}") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LockedError(database, f"another run holds it: {_holder(path)}") from error
        try:
            file.truncate(0)
            file.write(json.dumps({"pid": os.getpid(), "started": now}))
            file.flush()
        except OSError as error:
            raise StoreError(path, f"cannot be written: {reason(error)}") from error
        yield
        file.truncate(0)


def _holder(path: Path) -> str:
    try:
        holder = json.loads(path.read_text(encoding="utf-8"))
        return f"pid {holder['pid']}, since {holder['started']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "it has just begun"
