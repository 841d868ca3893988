"""What changed: the families whose pages may look another way than before.

Triggers of the schema note each change of a claim, article, outlet, family or relation where it is written,
so that no writer can forget it. A reader of the changes takes them in order and acknowledges them when done:

    queue = ChangeQueue(db, "site /srv/race", token=…)   # the token it stored with what it last took
    changes = queue.take(now)                             # what came since; everything for an unknown token
    …                                                     # the reader stores it, and `changes.token`
    queue.done(changes)
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from openrace.records import stable_id
from openrace.store import family_table, night_state


class ChangeBatch(NamedTuple):
    """Families that changed, the last change last; `whole`: these are all there are, gone ones excepted."""

    families: Sequence[str]
    whole: bool
    token: str


class ChangeQueue:
    """The changes for one reader, by its name.

    A token is known only to the store that gave it: one that was restored from a backup, or another one,
    gives everything again. While changes are taken and not acknowledged, the token before them is known too,
    so that a reader that was killed goes on where it stopped.
    """

    def __init__(self, db: sqlite3.Connection, reader: str) -> None:
        self._db, self._reader = db, reader

    def peek(self, token: str, now: str) -> ChangeBatch:
        """Return what changed since `token` was given; nothing is noted."""
        known, last = self._known(), latest(self._db)
        new = f"{last}-{stable_id(now, str(last), *known)}"
        if token and token in known:
            found = since(self._db, int(token.split("-")[0]))
            return ChangeBatch(found, False, new if found else token)
        return ChangeBatch(family_table.every_id(self._db), True, new)

    def take(self, token: str, now: str) -> ChangeBatch:
        """Return the same, and note that it is on its way to the reader."""
        taken = self.peek(token, now)
        known = [token] if not taken.whole else []
        night_state.set_value(self._db, self._reader, " ".join(dict.fromkeys([*known, taken.token])))
        return taken

    def done(self, token: str) -> None:
        """Acknowledge what was taken with `token`: the reader has stored it."""
        if self._known() != [token]:
            night_state.set_value(self._db, self._reader, token)

    def _known(self) -> list[str]:
        return (night_state.get_value(self._db, self._reader) or "").split()


def latest(db: sqlite3.Connection) -> int:
    """Return the serial of the last change; 0 where nothing ever changed."""
    return int(db.execute("SELECT coalesce(max(serial), 0) FROM changes").fetchone()[0])


def note_again(db: sqlite3.Connection, families: Iterable[str]) -> None:
    """Count these families as changed once more, so that whoever follows the changes sees them again."""
    db.executemany("INSERT INTO changed (family) VALUES (?)", [(family,) for family in families])


def since(db: sqlite3.Connection, serial: int) -> list[str]:
    """Return the ids of the families that changed after `serial`, the last change last.

    Some may be gone by now.
    """
    rows = db.execute("SELECT family FROM changes WHERE serial > ? ORDER BY serial", (serial,))
    return [row["family"] for row in rows]
