"""What all questions to the index of a site are made of: rows, lines, counts and names."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import lru_cache

from openrace.site.family_line import FamilyLine, unpack
from openrace.site.invalidation import HAS_PAGE
from openrace.site.name_lookup import OutletName, SpeakerName
from openrace.site.site_index import SiteIndex

LINES_KEPT = 30_000  # about 1.5 KB each
NEWEST = "ORDER BY f.day DESC, f.kind, f.id"
REACH = "ORDER BY f.outlets DESC, f.countries DESC, f.kind, f.day DESC, f.id"


class IndexReader:
    """Reads lines of families and the names of speakers and outlets."""

    def __init__(self, index: SiteIndex) -> None:
        self.index, self.db, self.counters, self.names = index, index.db, index.counters, index.names
        self.snapshot, self.language = index.snapshot, index.names.language
        self._listed = {speaker.key: speaker for speaker in self.names.speakers.values()}
        self._lines: dict[int, FamilyLine] = {}
        self.speaker = lru_cache(maxsize=LINES_KEPT)(self._speaker)
        self.speaker_address = lru_cache(maxsize=LINES_KEPT)(self._speaker_address)
        self.outlet = lru_cache(maxsize=LINES_KEPT)(self._outlet)

    def lines(self, query: str, *values: object) -> list[FamilyLine]:
        """Return the lines of the families that `query` selects as ``f``, in its order."""
        rows = self.db.execute(f"SELECT f.key FROM {query}", values).fetchall()
        return self.lines_of([row["key"] for row in rows])

    def lines_of(self, keys: Sequence[int]) -> list[FamilyLine]:
        """Return the lines of these families."""
        missing = [key for key in keys if key not in self._lines]
        if len(self._lines) + len(missing) > LINES_KEPT:
            self._lines = {key: self._lines[key] for key in keys if key in self._lines}
        for key in missing:
            row = self.db.execute("SELECT line FROM families WHERE key = ?", (key,)).fetchone()
            self._lines[key] = unpack(row["line"])
        return [self._lines[key] for key in keys]

    def row(self, query: str, *values: object) -> sqlite3.Row:
        found: sqlite3.Row = self.db.execute(query, values).fetchone()
        return found

    def _speaker(self, key: str) -> SpeakerName | None:
        """Return the speaker with this key; None where nothing of theirs is known."""
        if key in self._listed:
            return self._listed[key]
        row = self.row("SELECT name FROM speakers WHERE slug = ?", key)
        return self.names.speaker(None, row["name"]) if row else None

    def _speaker_address(self, key: str) -> str:
        """Return the address of a speaker's page, empty where they have none."""
        number = self.count_of(key)
        return f"people/{key}/" if number >= HAS_PAGE or (number and key in self._listed) else ""

    def sides_of(self, key: str) -> tuple[str, ...]:
        """Return the sides that a speaker is on; who is not in the directory is on none."""
        listed = self._listed.get(key)
        return listed.beats if listed else ()

    def count_of(self, key: str) -> int:
        """Return how many statements are of a speaker."""
        return self.counters.number("people/", "statement", key)

    def _outlet(self, key: str) -> OutletName | None:
        """Return the outlet with this key; None where it carried nothing."""
        row = self.row("SELECT domain FROM outlets WHERE slug = ?", key)
        return self.names.outlet(row["domain"]) if row else None
