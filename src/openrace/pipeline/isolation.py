"""A bug that one family brings to light costs that family alone.

It is left as it was, reported with its id, and tried again in the next run; the exit code is 3.
"""

from __future__ import annotations

import sqlite3
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from openrace.errors import OpenraceError

T = TypeVar("T")


class FailedFamilies(dict[str, str]):
    """What went wrong with which family, in one line each, by its id."""

    def attempt(self, family: str, work: Callable[[], T]) -> T | None:
        """Return what `work` on `family` gives; None where a bug stops it, which is noted.

        Errors of the machine and of the user's files are raised as ever.
        """
        try:
            return work()
        except (OpenraceError, sqlite3.Error, OSError, MemoryError):
            raise
        except Exception as error:
            self[family] = _problem(error)
            return None

    def messages(self) -> tuple[str, ...]:
        """Return one line for each family, as the user reads it."""
        return tuple(f"family {family}: {problem}; left as it was" for family, problem in self.items())


def _problem(error: Exception) -> str:
    """Return what is needed to find a bug from one line of a log: its type, message and place."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return f"a bug, please report it: {type(error).__name__}: {error}{place}"
