"""Every error that openrace raises on purpose, and the exit code each ends the program with.

    OpenraceError                 exit   something a person can set right
    ├── InputError                  3    a file, line, page or feed that cannot be read; the rest goes on
    ├── ConfigError                 2    seeds, options or templates that contradict themselves
    ├── StoreError                  2    the database cannot be opened, read or written
    │   └── NewerStoreError         2    … because a newer openrace wrote it
    └── LockedError                 4    another run holds the lock

Each names its resource (a path, ``path:line`` or URL), says what is wrong with it and, where there is
one, the remedy. Chain the cause with ``raise … from``. Whatever else comes out of openrace is a bug (70).
"""

from __future__ import annotations


def reason(error: OSError | UnicodeError) -> str:
    """Return what the system, or a decoder, found wrong, without the path that stands before it already."""
    if isinstance(error, OSError):
        return (error.strerror or str(error)).lower()
    return "it is not UTF-8"


class OpenraceError(Exception):
    """What is wrong with `resource`, and the `remedy` if there is one."""

    exit_code = 2

    def __init__(self, resource: object, problem: str, remedy: str = "") -> None:
        super().__init__(resource, problem, remedy)
        self.resource = str(resource)
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        message = f"{self.resource}: {self.problem}" + (f" ({self.remedy})" if self.remedy else "")
        # what strangers named their files and pages must neither break the line nor steer a terminal
        return "".join(c if c.isprintable() else " " for c in message)


class InputError(OpenraceError):
    """One input that cannot be read; the others are not touched by it."""

    exit_code = 3


class ConfigError(OpenraceError):
    """Seeds, options or templates that cannot be used as they are."""


class StoreError(OpenraceError):
    """The database cannot be opened, read or written."""


class NewerStoreError(StoreError):
    """The database was written by a newer openrace, and this one must not touch it."""


class LockedError(OpenraceError):
    """Another run holds the lock."""

    exit_code = 4
