"""What the workers of the tests do; a module of its own, so that their processes start quickly."""

from __future__ import annotations

import os
import signal
import time

from openrace.batch.rows import Row, RowResult
from openrace.errors import InputError


def work(item: int | str) -> int:
    """Double a number; every word is a way to fail."""
    if item == "refuse":
        raise InputError("work", "wants a number", "give one")
    if item == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if item == "leave":
        os._exit(7)
    if item == "hang":
        time.sleep(600)
    if item == "fail":
        raise KeyError(item)
    time.sleep(item % 3 * 0.01)  # so that later items are done before earlier ones
    return 2 * item


def deadly_rows(rows: tuple[Row, ...]) -> list[RowResult]:
    """Find every row off the topic; kill the process over one that says so."""
    if any(b'"die"' in row.data for row in rows):
        os.kill(os.getpid(), signal.SIGKILL)
    return [RowResult(off_topic=True) for _ in rows]
