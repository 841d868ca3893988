"""Records that a run has worked out of the store, kept on disk until its end: it asks for them again.

Publishing asks for a family when the index of the site takes it in, then for its page and for its data; for a
statement with its family and for the page of its article. Reading one back takes a tenth of working it out.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import TypeVar

from openrace.records import Record
from openrace.store.row_lists import LISTED, listed

AnyRecord = TypeVar("AnyRecord", bound=Record)


class ReadRecords:
    """Records of any type, by id, in a file of SQLite that goes when this object does."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)  # a temporary file without a name
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute(
            "CREATE TABLE records (type TEXT, id TEXT, record TEXT, PRIMARY KEY (type, id)) WITHOUT ROWID"
        )

    def add(self, records: Iterable[tuple[str, Record]]) -> None:
        """Keep these records, each with its id; one that is kept already is replaced."""
        rows = [(type(record).__name__, name, record.model_dump_json()) for name, record in records]
        self._db.executemany("INSERT OR REPLACE INTO records VALUES (?, ?, ?)", rows)

    def get(self, record: type[AnyRecord], ids: Sequence[str]) -> dict[str, AnyRecord]:
        """Return those of these records that were kept, by id."""
        query = f"SELECT id, record FROM records WHERE type = ? AND id IN {LISTED}"
        rows = self._db.execute(query, (record.__name__, *listed(ids)))
        return {name: record.model_validate_json(body) for name, body in rows}
