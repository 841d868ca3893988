"""The shelf: quotes, what each hangs below, and the index that finds a wording by the shingles it shares.

The store's half of growing families: it keeps and finds, and decides nothing. Writing happens inside the
transaction of whoever calls.
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

from openrace.records import KeptQuote
from openrace.story import Merge

Ints = npt.NDArray[np.integer[Any]]

AT_ONCE = 16_384  # quotes written at a time
CACHED = 16_384  # KB of pages that are kept while they change
ECHO = 2  # the kind of key that depends on the speaker too
MANY = 500  # parameters in one query
MAPPED = 1 << 29  # bytes read without copying: a night looks at 50,000 pages of the index, here and there
_COLUMNS = (
    "q.claim, w.words, q.speaker, q.day, q.article, q.reported, q.inner, q.parent, q.odds, q.above, q.family"
)
_WORDLESS = _COLUMNS.replace("w.words", "''")
_FROM = "FROM quotes q CROSS JOIN wordings w ON w.key = q.wording"  # quotes are found first
_PLACES = ", ".join("?" * len(_COLUMNS.split(", ")))
# Of two the shorter asks: its anchors count, whatever they are to the longer. Echoes count between even ones.
# Each shared key is one number, of 10, 32, 16 bits and one: half a million rows would cost more than to find.
_SHARED = """
    SELECT json_group_array(key) FROM (
        SELECT (k.place << 49) + (s.wording << 17) + (min(s.length, 65535) << 1) + k.kind AS key
        FROM keys k CROSS JOIN asked a ON a.place = k.place
            CROSS JOIN shingles s ON s.shingle = k.shingle AND s.kind BETWEEN 1 - k.kind AND 1
        WHERE k.kind < 2 AND ((k.kind AND s.length >= a.length) OR (s.kind AND s.length <= a.length))
        UNION ALL
        SELECT (k.place << 49) + (s.wording << 17) + (min(s.length, 65535) << 1)
        FROM keys k CROSS JOIN asked a ON a.place = k.place
            CROSS JOIN shingles s ON s.shingle = k.shingle AND s.kind = 2
            AND s.length BETWEEN a.shortest AND a.longest
        WHERE k.kind = 2
    )
"""
# What hangs below nothing longer may hang below what is longer or even; the rest where it can gain by that.
_MOVABLE = f"""
    SELECT a.place, w.key, {_COLUMNS}
    FROM near n CROSS JOIN asked a ON a.place = n.place CROSS JOIN quotes q ON q.wording = n.wording
        CROSS JOIN around r ON r.days = min(ifnull(max(a.first - q.day, q.day - a.last, 0), 0), ?)
        CROSS JOIN wordings w ON w.key = q.wording
    WHERE q.above = 0 OR q.odds < max(n.most + r.odds, ?)
        OR (q.odds = max(n.most + r.odds, ?) AND q.above <= a.length)
"""

_PACKED = (49, 0x3FF), (17, 0xFFFFFFFF), (1, 0xFFFF)  # where a place, a wording and a length are in it

# Under which keys the words of quotes are found, of which kind (see the table `shingles`).
Keys = Callable[[Sequence[KeptQuote]], Iterable[tuple[str, int, int]]]


class Member(NamedTuple):
    """A claim of a family: how many words it has, and whether they are a reporter's."""

    claim: str
    family: str
    words: int
    reported: bool


class SqliteShelf:
    """The tables `wordings`, `shingles`, `quotes` and `merges` of one database."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.plain = db.cursor()  # rows of it are tuples
        self.plain.row_factory = None
        db.execute(f"PRAGMA mmap_size = {MAPPED}")
        db.execute(f"PRAGMA cache_size = -{CACHED}")

    def sharing(
        self, keys: Iterable[tuple[int, int, int]], asked: Iterable[Sequence[int | None]]
    ) -> tuple[Ints, Ints, Ints, Ints, Ints]:
        """The kept wordings that share keys with those `asked` for, as `neighbours.Finder` says."""
        self._table("keys", "place, shingle, kind", keys)
        rows = ((place, *it) for place, it in enumerate(asked))
        self._table("asked", "place INTEGER PRIMARY KEY, length, shortest, longest, first, last", rows)
        [(found,)] = self.plain.execute(_SHARED)
        shared = np.sort(np.array(from_json(found), np.int64))
        begins = np.flatnonzero(np.diff(shared >> 1, prepend=-1))
        place, key, length = (shared[begins] >> shift & mask for shift, mask in _PACKED)
        anchors = np.add.reduceat(shared & 1, begins) if len(begins) else begins
        return place, key, length, np.diff(begins, append=len(shared)), anchors

    def movable(
        self, near: Iterable[tuple[int, int, float | None]], around: Sequence[float], least: float
    ) -> Iterator[tuple[int, list[KeptQuote]]]:
        """Kept quotes that may hang better below those last asked for, as `neighbours.Finder` says."""
        self._table("near", "place, wording, most", near)
        self._table("around", "days INTEGER PRIMARY KEY, odds", enumerate(around))
        rows = self.plain.execute(_MOVABLE, (len(around) - 1, least, least)).fetchall()
        for (place, _), some in groupby(rows, key=itemgetter(0, 1)):
            yield place, [_quote(row[2:]) for row in some]

    def words(self, keys: Iterable[int]) -> dict[int, str]:
        """The words of these wordings."""
        query = "SELECT key, words FROM wordings WHERE key IN (SELECT value FROM json_each(?))"
        return dict(self.plain.execute(query, (json.dumps(sorted(set(keys))),)).fetchall())

    def holders(self, keys: Iterable[int]) -> Iterator[tuple[int, list[KeptQuote]]]:
        """All quotes of these wordings, under the wording's key."""
        asked = json.dumps(sorted(set(keys)))
        query = f"SELECT w.key, {_COLUMNS} {_FROM} WHERE q.wording IN (SELECT value FROM json_each(?))"
        for key, some in groupby(self.plain.execute(query, (asked,)).fetchall(), key=itemgetter(0)):
            yield key, [_quote(row[1:]) for row in some]

    def _table(self, name: str, columns: str, rows: Iterable[Sequence[Any]] = ()) -> None:
        """A table of this connection's own, with these rows alone."""
        self.db.execute(f"CREATE TEMP TABLE IF NOT EXISTS {name} ({columns})")
        self.db.execute(f"DELETE FROM {name}")
        marks = ", ".join("?" * len(columns.split(",")))
        self.db.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)

    def is_empty(self) -> bool:
        """Whether nothing is kept yet."""
        return self.db.execute("SELECT 1 FROM quotes LIMIT 1").fetchone() is None

    def top(self, quote_id: str) -> str | None:
        """The quote that this one leads up to; None where it leads in a circle."""
        row = self.db.execute(
            "WITH RECURSIVE up (id, parent) AS (SELECT claim, parent FROM quotes WHERE claim = ?"
            " UNION SELECT q.claim, q.parent FROM up JOIN quotes q ON q.claim = up.parent)"
            " SELECT id FROM up WHERE parent IS NULL",
            (quote_id,),
        ).fetchone()
        return row[0] if row else None

    def way(self, a: str, b: str) -> list[str] | None:
        """The quotes by way of which one leads to another in their tree; None where they are in none."""
        first, second = self._upwards(a), self._upwards(b)
        common = next((quote_id for quote_id in first if quote_id in second), None)
        if common is None:
            return None
        way = [*first[: first.index(common) + 1], *reversed(second[: second.index(common)])]
        return [quote_id for quote_id in way if quote_id not in (a, b)]

    def _upwards(self, quote_id: str) -> list[str]:
        way: list[str] = []
        above: str | None = quote_id
        while above and above not in way:
            way.append(above)
            row = self.db.execute("SELECT parent FROM quotes WHERE claim = ?", (above,)).fetchone()
            above = row[0] if row else None
        return way

    def quotes(self, quote_ids: Iterable[str]) -> Iterator[KeptQuote]:
        """Those of these quotes that are kept."""
        wanted = list(quote_ids)
        for begin in range(0, len(wanted), MANY):
            some = wanted[begin : begin + MANY]
            marks = ", ".join("?" * len(some))
            rows = self.plain.execute(f"SELECT {_COLUMNS} {_FROM} WHERE claim IN ({marks})", some).fetchall()
            yield from map(_quote, rows)

    def keep(self, quotes: Iterable[KeptQuote], keys: Keys) -> None:
        """Keep `quotes` (anew where they are known) and an index of the keys of their words."""
        left = iter(quotes)
        while some := list(islice(left, AT_ONCE)):
            wordings, new = self._wordings(dict.fromkeys(quote.words for quote in some))
            posted = [
                (key, kind, len(words), wordings[words])
                for words, key, kind in keys(some)
                if kind == ECHO or words in new
            ]
            # In the order of the index: its pages are then written once.
            self.db.executemany("INSERT OR IGNORE INTO shingles VALUES (?, ?, ?, ?)", sorted(posted))
            rows = [_row(wordings[quote.words], quote) for quote in some]
            self.db.executemany(f"INSERT OR REPLACE INTO quotes VALUES ({_PLACES}, 0)", rows)

    def hang(self, quotes: Iterable[KeptQuote]) -> None:
        """Keep where these known quotes hang now."""
        self.db.executemany(
            "UPDATE quotes SET parent = ?, odds = ?, above = ? WHERE claim = ?",
            [(quote.parent, quote.odds, quote.above, quote.quote_id) for quote in quotes],
        )

    def drop_echoes(self, quotes: Sequence[KeptQuote], keys: Keys) -> None:
        """Forget the echoes of `quotes` as they were, as far as no quote of their words has them now."""
        asked = json.dumps([_digest(quote.words) for quote in quotes])
        query = f"SELECT {_COLUMNS} FROM wordings w CROSS JOIN quotes q ON q.wording = w.key"
        query += " WHERE w.digest IN (SELECT value FROM json_each(?))"
        now = [_quote(row) for row in self.plain.execute(query, (asked,))]
        gone = {key for key in keys(quotes) if key[2] == ECHO} - set(keys(now))
        wording = "(SELECT key FROM wordings WHERE digest = ?)"
        self.db.executemany(
            f"DELETE FROM shingles WHERE shingle = ? AND kind = ? AND length = ? AND wording = {wording}",
            [(key, kind, len(words), _digest(words)) for words, key, kind in gone],
        )

    def _wordings(self, wordings: Iterable[str]) -> tuple[dict[str, int], set[str]]:
        """The keys of distinct wordings, and those that are new; these are kept."""
        digests = {words: _digest(words) for words in wordings}
        query = "SELECT digest, key FROM wordings WHERE digest IN (SELECT value FROM json_each(?))"
        known = dict(self.plain.execute(query, (json.dumps(list(digests.values())),)).fetchall())
        [(last,)] = self.plain.execute("SELECT ifnull(max(key), 0) FROM wordings").fetchall()
        new = [words for words, digest in digests.items() if digest not in known]
        rows = [(last + i, digests[words], words) for i, words in enumerate(new, 1)]
        self.db.executemany("INSERT INTO wordings VALUES (?, ?, ?)", rows)
        known |= {digest: key for key, digest, _ in rows}
        return {words: known[digest] for words, digest in digests.items()}, set(new)

    def trees(self, quote_ids: Iterable[str]) -> Iterator[KeptQuote]:
        """Every quote of the trees that these quotes are in, without words: up, then all that hangs below."""
        self._touch(quote_ids)
        rows = self.db.cursor()
        rows.row_factory = None
        rows.execute(
            "WITH RECURSIVE tree (id) AS ("
            " SELECT claim FROM touched"
            " UNION SELECT parent FROM tree JOIN quotes ON claim = id WHERE parent IS NOT NULL"
            " UNION SELECT claim FROM tree JOIN quotes ON parent = id)"
            f" SELECT {_WORDLESS} FROM tree CROSS JOIN quotes q ON q.claim = tree.id"
        )
        yield from map(_quote, rows)

    def _touch(self, quote_ids: Iterable[str]) -> None:
        self.db.execute("CREATE TEMP TABLE IF NOT EXISTS touched (claim TEXT PRIMARY KEY)")
        self.db.execute("DELETE FROM touched")
        self.db.executemany("INSERT OR IGNORE INTO touched VALUES (?)", [(i,) for i in quote_ids])

    def members(self, touching: Iterable[str] | None = None) -> Iterator[Member]:
        """All claims of the families that these claims are or were in; None: of every family."""
        where = ""
        if touching is not None:
            self._touch(touching)
            now = "SELECT family FROM touched CROSS JOIN quotes USING (claim)"
            before = "SELECT family FROM touched CROSS JOIN claims ON id = claim"
            where = f"AND q.family IN ({now} UNION {before})"
        columns = "q.claim, q.family, length(w.words), q.reported"
        rows = self.db.execute(f"SELECT {columns} {_FROM} WHERE q.family IS NOT NULL {where}")
        yield from (Member(*row) for row in rows)

    def drop_hidden(self) -> None:
        """Forget the quotes of claims that were taken out of sight; what hung below them waits anew."""
        hidden = (
            "SELECT id FROM claims WHERE hidden IS NOT NULL AND id IN (SELECT claim FROM quotes WHERE loose)"
        )
        self.db.execute(f"UPDATE claims SET family = NULL WHERE id IN ({hidden})")
        self.db.execute(f"DELETE FROM quotes WHERE claim IN ({hidden})")

    def name(self, families: Mapping[str, str], merges: Iterable[Merge]) -> None:
        """Note the family id of each of these quotes; ids that are gone lead to the kept ones from now on."""
        self.db.executemany(
            "UPDATE quotes SET family = ? WHERE claim = ?", [(f, c) for c, f in families.items()]
        )
        for merge in merges:
            self.db.execute("UPDATE merges SET kept = ? WHERE kept = ?", (merge.kept, merge.gone))
            row = (merge.gone, merge.kept, merge.reason, merge.when)
            self.db.execute("INSERT OR REPLACE INTO merges VALUES (?, ?, ?, ?)", row)

    def is_taken(self, family_id: str) -> bool:
        """Whether a family has or had this id."""
        queries = ("SELECT 1 FROM quotes WHERE family = ? LIMIT 1", "SELECT 1 FROM merges WHERE gone = ?")
        return any(self.db.execute(query, (family_id,)).fetchone() for query in queries)

    def merges(self) -> Iterator[Merge]:
        """Every id that a family once had, and the one it is in now."""
        for row in self.db.execute("SELECT * FROM merges ORDER BY at, gone"):
            yield Merge(kept=row["kept"], gone=row["gone"], reason=row["reason"], when=row["at"])


def _digest(words: str) -> int:
    digest = hashlib.blake2b(words.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def _row(wording: int, quote: KeptQuote) -> tuple[Any, ...]:
    claim, _, speaker, day, article, reported, inner, *link = quote
    return (claim, wording, speaker, day, article, int(reported), json.dumps(inner) if inner else None, *link)


def _quote(row: Sequence[Any]) -> KeptQuote:
    """The quote in a row of `_COLUMNS`."""
    claim, words, speaker, day, article, reported, inner, *link = row
    said = tuple(json.loads(inner)) if inner else ()
    return KeptQuote(claim, words, speaker, day, article, bool(reported), said, *link)
