"""The shelf: quotes, what each hangs below, and the index that finds a wording by the shingles it shares.

The store's half of growing families: it keeps and finds, and decides nothing. Writing happens inside the
transaction of whoever calls.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from openrace.records import KeptQuote
from openrace.story import Merge

CROWD = 32  # so many wordings of one shingle are all looked at; of more …
LONGEST, NEAREST, SHORTER = 6, 6, 12  # … the longest, the next longer and the next shorter
KEPT_LONGER, KEPT_SHORTER = 6, 8  # of all these, those that share the most
ENOUGH = 6  # from this many words on, two wordings must share two
DAYS, KIN, SHORT = 3, 16, 12  # of a short quote's speaker: so many days around, so many at most; words
HOLDERS = 16  # quotes of the same wording: the first, and as many on each side in time
FEW = 6  # quotes of another wording: the first
AT_ONCE = 500_000  # shingles written at a time
MANY = 500  # parameters in one query
MAPPED = 1 << 32  # bytes read without copying: a night looks at 50,000 pages of the index, here and there
_COLUMNS = "q.claim, w.words, q.speaker, q.day, q.article, q.reported, q.inner, q.parent, q.odds, q.family"
_FROM = "FROM quotes q JOIN wordings w ON w.key = q.wording"


Shingles = Callable[[str], Sequence[int]]  # those of an encoded wording


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

    def neighbours(self, quotes: Iterable[KeptQuote], shingles: Shingles) -> Iterator[tuple[str, KeptQuote]]:
        """The words of one of `quotes`, and a kept quote that has them or shares most of their shingles.

        So does, where the words are few, one of the same speaker in the same days that shares any.
        """
        quotes = list(quotes)
        if not self.db.execute("SELECT 1 FROM quotes LIMIT 1").fetchone():
            return
        for words, day in {(quote.words, quote.day) for quote in quotes}:
            yield from ((words, kept) for kept in self._alike(words, day))
        near: defaultdict[int, set[str]] = defaultdict(set)
        for words in {quote.words for quote in quotes}:
            for key in self._sharing(len(words), shingles(words)):
                near[key].add(words)
        for key in sorted(near):
            for kept in self._holders("wording = ? ORDER BY day", key, most=FEW):
                yield from ((words, kept) for words in near[key])
        for quote in quotes:
            if quote.speaker and len(quote.words) <= SHORT:
                yield from ((quote.words, kept) for kept in self._said_beside(quote, shingles))

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

    def _alike(self, words: str, day: int | None) -> Iterator[KeptQuote]:
        """Quotes of these very words: the first ones, and those next in time."""
        key = self._find(_digest(words))
        if key is not None:
            yield from self._holders("wording = ? ORDER BY day", key)
            yield from self._holders("wording = ? AND day >= ? ORDER BY day", key, day)
            yield from self._holders("wording = ? AND day <= ? ORDER BY day DESC", key, day)

    def _said_beside(self, quote: KeptQuote, shingles: Shingles) -> Iterator[KeptQuote]:
        """Quotes of the same speaker in the same days (or of no known day either) that share its shingles."""
        if quote.day is None:
            found = self._holders("speaker = ? AND day IS NULL", quote.speaker, most=KIN)
        else:
            days = quote.day - DAYS, quote.day + DAYS
            found = self._holders("speaker = ? AND day BETWEEN ? AND ?", quote.speaker, *days, most=KIN)
        mine = set(shingles(quote.words))
        for kept in found:
            shared = len(mine.intersection(shingles(kept.words)))
            if shared > 1 or (shared and min(len(quote.words), len(kept.words)) < ENOUGH):
                yield kept

    def quotes(self, quote_ids: Iterable[str]) -> Iterator[KeptQuote]:
        """Those of these quotes that are kept."""
        wanted = list(quote_ids)
        for begin in range(0, len(wanted), MANY):
            some = wanted[begin : begin + MANY]
            marks = ", ".join("?" * len(some))
            rows = self.plain.execute(f"SELECT {_COLUMNS} {_FROM} WHERE claim IN ({marks})", some).fetchall()
            yield from map(_quote, rows)

    def _holders(self, where: str, *values: str | int | None, most: int = HOLDERS) -> Iterator[KeptQuote]:
        rows = self.plain.execute(f"SELECT {_COLUMNS} {_FROM} WHERE {where} LIMIT {most}", values).fetchall()
        return map(_quote, rows)

    def _find(self, digest: int) -> int | None:
        row = self.db.execute("SELECT key FROM wordings WHERE digest = ?", (digest,)).fetchone()
        return row[0] if row else None

    def _sharing(self, length: int, shingles: Sequence[int]) -> Iterator[int]:
        """Wordings that share shingles with one of this length, those that share the most."""
        shared = Counter(chain.from_iterable(self._holding(shingle, length) for shingle in shingles))
        enough = [
            (-count / min(length, other), -count, key, other >= length)  # the largest share first
            for (key, other), count in shared.items()
            if count > 1 or min(length, other) < ENOUGH
        ]
        enough.sort()
        longer = [key for *_, key, is_longer in enough if is_longer]
        shorter = [key for *_, key, is_longer in enough if not is_longer]
        yield from longer[:KEPT_LONGER]
        yield from shorter[:KEPT_SHORTER]
        yield from self._roots(shorter[KEPT_SHORTER:])

    def _holding(self, shingle: int, length: int) -> Iterable[tuple[int, int]]:
        """The wordings, with their lengths, that hold a shingle; in a crowd some about this length."""
        query = "SELECT wording, length FROM shingles WHERE shingle = ?"
        found: list[tuple[int, int]] = self.plain.execute(f"{query} LIMIT {CROWD}", (shingle,)).fetchall()
        if len(found) < CROWD:
            return found
        parts = (
            (f"{query} AND length >= ? ORDER BY length DESC LIMIT {LONGEST}"),
            (f"{query} AND length >= ? ORDER BY length LIMIT {NEAREST}"),
            (f"{query} AND length < ? ORDER BY length DESC LIMIT {SHORTER}"),
        )
        return {row for part in parts for row in self.plain.execute(part, (shingle, length))}

    def _roots(self, keys: Sequence[int]) -> Iterator[int]:
        """Those of these wordings with a quote that hangs below nothing yet."""
        for begin in range(0, len(keys), MANY):
            some = keys[begin : begin + MANY]
            marks = ", ".join("?" * len(some))
            where = f"parent IS NULL AND wording IN ({marks})"
            yield from (row[0] for row in self.db.execute(f"SELECT wording FROM quotes WHERE {where}", some))

    def keep(self, quotes: Iterable[KeptQuote], shingles: Shingles) -> None:
        """Keep `quotes` (anew where they are known) and an index of the shingles of their words."""
        keys: dict[str, int] = {}
        posted: list[tuple[int, int, int]] = []
        rows: list[tuple[Any, ...]] = []
        for quote in quotes:
            if quote.words not in keys:
                keys[quote.words], is_new = self._key(quote.words)
                posted += [(s, len(quote.words), keys[quote.words]) for s in shingles(quote.words) if is_new]
            rows.append(_row(keys[quote.words], quote))
            if len(posted) > AT_ONCE:
                self._write(rows, posted)
        self._write(rows, posted)

    def _key(self, words: str) -> tuple[int, bool]:
        """The key of a wording, and whether it is new."""
        digest = _digest(words)
        found = self._find(digest)
        if found is not None:
            return found, False
        cursor = self.db.execute("INSERT INTO wordings (digest, words) VALUES (?, ?)", (digest, words))
        return int(cursor.lastrowid or 0), True

    def _write(self, rows: list[tuple[Any, ...]], posted: list[tuple[int, int, int]]) -> None:
        """Write and empty both lists, shingles in the order of the index: its pages are then written once."""
        places = ", ".join("?" * len(_row(0, KeptQuote("", ""))))
        self.db.executemany(f"INSERT OR REPLACE INTO quotes VALUES ({places}, 0)", rows)
        self.db.executemany("INSERT INTO shingles VALUES (?, ?, ?)", sorted(posted))
        rows.clear()
        posted.clear()

    def trees(self, quote_ids: Iterable[str]) -> Iterator[KeptQuote]:
        """Every quote of the trees that these quotes are in: up to the roots, then all that hangs below."""
        self._touch(quote_ids)
        rows = self.db.cursor()
        rows.row_factory = None
        rows.execute(
            "WITH RECURSIVE tree (id) AS ("
            " SELECT claim FROM touched"
            " UNION SELECT parent FROM tree JOIN quotes ON claim = id WHERE parent IS NOT NULL"
            " UNION SELECT claim FROM tree JOIN quotes ON parent = id)"
            f" SELECT {_COLUMNS} {_FROM} JOIN tree ON q.claim = tree.id"
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
            now = "SELECT family FROM quotes JOIN touched USING (claim)"
            before = "SELECT family FROM claims JOIN touched ON id = touched.claim"
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
    inner = json.dumps(quote.inner) if quote.inner else None
    return (
        quote.quote_id,
        wording,
        quote.speaker,
        quote.day,
        quote.article,
        int(quote.reported),
        inner,
        quote.parent,
        quote.odds,
        quote.family,
    )


def _quote(row: tuple[Any, ...]) -> KeptQuote:
    """The quote in a row of `_COLUMNS`."""
    claim, words, speaker, day, article, reported, inner, *link = row
    said = tuple(json.loads(inner)) if inner else ()
    return KeptQuote(claim, words, speaker, day, article, bool(reported), said, *link)
