"""The quote index: quotes, their parent links, and an index that finds a wording by its fingerprints.

The store's half of incremental clustering: it keeps and finds, and decides nothing. Writing happens inside
the transaction of whoever calls.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from pydantic_core import from_json

from openrace.records import StoredQuote
from openrace.story import Merge

Ints = npt.NDArray[np.integer[Any]]

AT_ONCE = 16_384  # quotes written at a time
CACHED = 16_384  # KB of pages that are kept while they change
SPEAKER = 2  # the kind of fingerprint that depends on the speaker too
MANY = 500  # parameters in one query
MAPPED = 1 << 27  # bytes read without copying: they count as memory of the process
_COLUMNS = (
    "q.claim, w.words, q.speaker, q.day, q.article, q.reported, q.titled, q.inner, q.around, q.parent,"
    " q.odds, q.family"
)
_FROM = "FROM quotes q CROSS JOIN wordings w ON w.key = q.wording"  # quotes are found first
_INSERTED = (
    "claim, wording, speaker, day, article, reported, titled, inner, around, parent, odds, family, loose"
)
# Of two wordings the selected fingerprints of the shorter count, whatever they are to the longer; those with
# a speaker count where neither is more than twice as long. Each shared one is a number of 10, 32 and 16
# bits: half a million rows would cost more than to find.
_SHARED = """
    SELECT json_group_array(key) FROM (
        SELECT (k.place << 48) + (s.wording << 16) + min(s.length, 65535) AS key
        FROM keys k CROSS JOIN asked a ON a.place = k.place
            CROSS JOIN shingles s ON s.shingle = k.shingle AND s.kind BETWEEN 1 - k.kind AND 1
        WHERE k.kind < 2 AND ((k.kind AND s.length >= a.length) OR (s.kind AND s.length <= a.length))
        UNION ALL
        SELECT (k.place << 48) + (s.wording << 16) + min(s.length, 65535)
        FROM keys k CROSS JOIN asked a ON a.place = k.place
            CROSS JOIN shingles s ON s.shingle = k.shingle AND s.kind = 2
            AND s.length BETWEEN a.shortest AND a.longest
        WHERE k.kind = 2
    )
"""
_MARKS = ", ".join("?" * len(_INSERTED.split(", ")))
_PACKED = (48, 0x3FF), (16, 0xFFFFFFFF), (0, 0xFFFF)  # where a place, a wording and a length are in it

# Under which keys the words of quotes are found, of which kind (see the table `shingles`).
Keys = Callable[[Sequence[StoredQuote]], Iterable[tuple[str, int, int]]]


class Member(NamedTuple):
    """A claim of a family: how many words it has, and whether they are a reporter's."""

    claim: str
    family: str
    words: int
    reported: bool


class SqliteQuoteIndex:
    """The tables `wordings`, `shingles`, `quotes` and `merges` of one database."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.plain = db.cursor()  # rows of it are tuples
        self.plain.row_factory = None
        db.execute(f"PRAGMA mmap_size = {MAPPED}")
        db.execute(f"PRAGMA cache_size = -{CACHED}")

    def sharing(
        self, keys: Iterable[tuple[int, int, int]], queries: Iterable[Sequence[int]]
    ) -> tuple[Ints, Ints, Ints, Ints]:
        """Return the kept wordings that share fingerprints with queries, as `CandidateFinder` says."""
        self._table("keys", "place, shingle, kind", keys)
        rows = ((place, *query) for place, query in enumerate(queries))
        self._table("asked", "place INTEGER PRIMARY KEY, length, shortest, longest", rows)
        [(found,)] = self.plain.execute(_SHARED)
        pairs, shared = np.unique(np.array(from_json(found), np.int64), return_counts=True)
        place, key, length = (pairs >> shift & mask for shift, mask in _PACKED)
        return place, key, length, shared

    def holders(self, keys: Iterable[int]) -> Iterator[tuple[int, list[StoredQuote]]]:
        """Yield all quotes of these wordings, under the wording's key."""
        asked = json.dumps(sorted(set(keys)))
        query = f"SELECT w.key, {_COLUMNS} {_FROM} WHERE q.wording IN (SELECT value FROM json_each(?))"
        for key, some in groupby(self.plain.execute(query, (asked,)).fetchall(), key=itemgetter(0)):
            yield key, [_quote(row[1:]) for row in some]

    def _table(self, name: str, columns: str, rows: Iterable[Sequence[Any]] = ()) -> None:
        """Fill a table of this connection's own with these rows alone."""
        self.db.execute(f"CREATE TEMP TABLE IF NOT EXISTS {name} ({columns})")
        self.db.execute(f"DELETE FROM {name}")
        marks = ", ".join("?" * len(columns.split(",")))
        self.db.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)

    def is_empty(self) -> bool:
        """Return whether nothing is kept yet."""
        return self.db.execute("SELECT 1 FROM quotes LIMIT 1").fetchone() is None

    def root(self, quote_id: str) -> str | None:
        """Return the root of the tree that a quote is in; None where its links lead in a circle."""
        row = self.db.execute(
            "WITH RECURSIVE up (id, parent) AS (SELECT claim, parent FROM quotes WHERE claim = ?"
            " UNION SELECT q.claim, q.parent FROM up JOIN quotes q ON q.claim = up.parent)"
            " SELECT id FROM up WHERE parent IS NULL",
            (quote_id,),
        ).fetchone()
        return row[0] if row else None

    def path(self, a: str, b: str) -> list[str] | None:
        """Return the quotes between two in their tree; None where no tree has both."""
        first, second = self._upwards(a), self._upwards(b)
        common = next((quote_id for quote_id in first if quote_id in second), None)
        if common is None:
            return None
        path = [*first[: first.index(common) + 1], *reversed(second[: second.index(common)])]
        return [quote_id for quote_id in path if quote_id not in (a, b)]

    def _upwards(self, quote_id: str) -> list[str]:
        """Return a quote and its parent, the parent of that, and so on."""
        path: list[str] = []
        above: str | None = quote_id
        while above and above not in path:
            path.append(above)
            row = self.db.execute("SELECT parent FROM quotes WHERE claim = ?", (above,)).fetchone()
            above = row[0] if row else None
        return path

    def quotes(self, quote_ids: Iterable[str]) -> Iterator[StoredQuote]:
        """Yield those of these quotes that are kept."""
        wanted = list(quote_ids)
        for begin in range(0, len(wanted), MANY):
            some = wanted[begin : begin + MANY]
            marks = ", ".join("?" * len(some))
            rows = self.plain.execute(f"SELECT {_COLUMNS} {_FROM} WHERE claim IN ({marks})", some).fetchall()
            yield from map(_quote, rows)

    def add(self, quotes: Iterable[StoredQuote], keys: Keys) -> None:
        """Keep `quotes` (anew where they are known) and an index of the keys of their words."""
        left = iter(quotes)
        while some := list(islice(left, AT_ONCE)):
            wordings, new = self._wordings(dict.fromkeys(quote.words for quote in some))
            posted = [
                (key, kind, len(words), wordings[words])
                for words, key, kind in keys(some)
                if kind == SPEAKER or words in new
            ]
            # In the order of the index: its pages are then written once.
            self.db.executemany("INSERT OR IGNORE INTO shingles VALUES (?, ?, ?, ?)", sorted(posted))
            rows = [_row(wordings[quote.words], quote) for quote in some]
            self.db.executemany(f"INSERT OR REPLACE INTO quotes ({_INSERTED}) VALUES ({_MARKS})", rows)

    def set_parents(self, quotes: Iterable[StoredQuote]) -> None:
        """Keep the parent links that these known quotes have now."""
        self.db.executemany(
            "UPDATE quotes SET parent = ?, odds = ? WHERE claim = ?",
            [(quote.parent, quote.odds, quote.quote_id) for quote in quotes],
        )

    def drop_speaker_keys(self, quotes: Sequence[StoredQuote], keys: Keys) -> None:
        """Forget keys with the old speakers of `quotes`, where no quote of the words has them now."""
        asked = json.dumps([_digest(quote.words) for quote in quotes])
        query = f"SELECT {_COLUMNS} FROM wordings w CROSS JOIN quotes q ON q.wording = w.key"
        query += " WHERE w.digest IN (SELECT value FROM json_each(?))"
        now = [_quote(row) for row in self.plain.execute(query, (asked,))]
        gone = {key for key in keys(quotes) if key[2] == SPEAKER} - set(keys(now))
        wording = "(SELECT key FROM wordings WHERE digest = ?)"
        self.db.executemany(
            f"DELETE FROM shingles WHERE shingle = ? AND kind = ? AND length = ? AND wording = {wording}",
            [(key, kind, len(words), _digest(words)) for words, key, kind in gone],
        )

    def _wordings(self, wordings: Iterable[str]) -> tuple[dict[str, int], set[str]]:
        """Return the keys of distinct wordings, and those that are new; these are kept."""
        digests = {words: _digest(words) for words in wordings}
        query = "SELECT digest, key FROM wordings WHERE digest IN (SELECT value FROM json_each(?))"
        known = dict(self.plain.execute(query, (json.dumps(list(digests.values())),)).fetchall())
        [(last,)] = self.plain.execute("SELECT ifnull(max(key), 0) FROM wordings").fetchall()
        new = [words for words, digest in digests.items() if digest not in known]
        rows = [(last + i, digests[words], words) for i, words in enumerate(new, 1)]
        self.db.executemany("INSERT INTO wordings VALUES (?, ?, ?)", rows)
        known |= {digest: key for key, digest, _ in rows}
        return {words: known[digest] for words, digest in digests.items()}, set(new)

    def trees(self, quote_ids: Iterable[str]) -> Iterator[StoredQuote]:
        """Yield every quote of the trees that these quotes are in."""
        self._mark(quote_ids)
        rows = self.db.cursor()
        rows.row_factory = None
        rows.execute(
            "WITH RECURSIVE tree (id) AS ("
            " SELECT claim FROM marked"
            " UNION SELECT parent FROM tree JOIN quotes ON claim = id WHERE parent IS NOT NULL"
            " UNION SELECT claim FROM tree JOIN quotes ON parent = id)"
            f" SELECT {_COLUMNS} FROM tree CROSS JOIN quotes q ON q.claim = tree.id"
            " CROSS JOIN wordings w ON w.key = q.wording"
        )
        yield from map(_quote, rows)

    def in_articles(self, articles: Iterable[str]) -> Iterator[StoredQuote]:
        """Yield every quote of these articles."""
        asked = json.dumps(sorted(articles))
        query = f"SELECT {_COLUMNS} {_FROM} WHERE q.article IN (SELECT value FROM json_each(?))"
        yield from map(_quote, self.plain.execute(query, (asked,)).fetchall())

    def _mark(self, quote_ids: Iterable[str]) -> None:
        self.db.execute("CREATE TEMP TABLE IF NOT EXISTS marked (claim TEXT PRIMARY KEY)")
        self.db.execute("DELETE FROM marked")
        self.db.executemany("INSERT OR IGNORE INTO marked VALUES (?)", [(i,) for i in quote_ids])

    def members(self, touching: Iterable[str] | None = None) -> Iterator[Member]:
        """Yield all claims of the families that these claims are or were in; None: of every family."""
        where = ""
        if touching is not None:
            self._mark(touching)
            now = "SELECT family FROM marked CROSS JOIN quotes USING (claim)"
            before = "SELECT family FROM marked CROSS JOIN claims ON id = claim"
            where = f"AND q.family IN ({now} UNION {before})"
        columns = "q.claim, q.family, length(w.words), q.reported"
        rows = self.db.execute(f"SELECT {columns} {_FROM} WHERE q.family IS NOT NULL {where}")
        yield from (Member(*row) for row in rows)

    def drop_hidden(self) -> None:
        """Forget the quotes of claims that were taken out of sight; their children are placed anew."""
        hidden = (
            "SELECT id FROM claims WHERE hidden IS NOT NULL AND id IN (SELECT claim FROM quotes WHERE loose)"
        )
        self.db.execute(f"UPDATE claims SET family = NULL WHERE id IN ({hidden})")
        self.db.execute(f"DELETE FROM quotes WHERE claim IN ({hidden})")

    def set_families(self, families: Mapping[str, str], merges: Iterable[Merge]) -> None:
        """Keep the family id of each of these quotes; ids that are gone lead to the kept ones from now on."""
        self.db.executemany(
            "UPDATE quotes SET family = ? WHERE claim = ?", [(f, c) for c, f in families.items()]
        )
        for merge in merges:
            self.db.execute("UPDATE merges SET kept = ? WHERE kept = ?", (merge.kept, merge.gone))
            row = (merge.gone, merge.kept, merge.reason, merge.when)
            self.db.execute("INSERT OR REPLACE INTO merges VALUES (?, ?, ?, ?)", row)

    def is_used(self, family_id: str) -> bool:
        """Return whether a family has or had this id."""
        queries = ("SELECT 1 FROM quotes WHERE family = ? LIMIT 1", "SELECT 1 FROM merges WHERE gone = ?")
        return any(self.db.execute(query, (family_id,)).fetchone() for query in queries)

    def merges(self) -> Iterator[Merge]:
        """Yield every id that a family once had, and the one it is in now."""
        for row in self.db.execute("SELECT * FROM merges ORDER BY at, gone"):
            yield Merge(kept=row["kept"], gone=row["gone"], reason=row["reason"], when=row["at"])


def _digest(words: str) -> int:
    """Return 63 bits of the BLAKE2b hash of encoded words."""
    digest = hashlib.blake2b(words.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def _row(wording: int, quote: StoredQuote) -> tuple[Any, ...]:
    """Return the values of `_INSERTED` for a quote."""
    inner = json.dumps(quote.inner) if quote.inner else None
    form = (int(quote.reported), int(quote.titled), inner, quote.around)
    link = (quote.parent, quote.odds, quote.family, 0)
    return (quote.quote_id, wording, quote.speaker, quote.day, quote.article, *form, *link)


def _quote(row: Sequence[Any]) -> StoredQuote:
    """Return the quote in a row of `_COLUMNS`."""
    claim, words, speaker, day, article, reported, titled, inner, around, *link = row
    said = tuple(json.loads(inner)) if inner else ()
    form = bool(reported), bool(titled), said, around
    return StoredQuote(claim, words, speaker, day, article, *form, *link)
