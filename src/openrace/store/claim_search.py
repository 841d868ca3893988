"""Searching claims. Loads sqlite3 and nothing heavy: `openrace search` loads no pydantic."""

from __future__ import annotations

import re
import sqlite3
from itertools import islice
from typing import Any, NamedTuple

from openrace.claim_wording import Reported, Wording, word_claim
from openrace.store.claim_keys import key_range
from openrace.store.search_query import Filter
from openrace.store.search_words import fts_expression, matcher_of, speaker_expression

RANKED = 1_000  # so many claims are read to be ranked or sorted here: 15 ms
MOST_SUGGESTED = 5
K1, B = 1.2, 0.75  # as in FTS5's bm25()
START, END = "\x01", "\x02"  # around matched words in `Hit.marked`; neither occurs in a claim's text


class ClaimQuery(NamedTuple):
    """What is asked: `words` as typed (none: every claim), the filters, how many and in which order."""

    words: str = ""
    speaker: str | None = None  # a name or part of one, or a person's id
    outlet: str | None = None  # a domain
    kind: str | None = None
    since: str | None = None  # days, both included; with either, undated claims are left out
    until: str | None = None
    limit: int = 20
    sort: str = "newest"  # or "relevance"
    offset: int = 0  # so many are left out before
    filters: tuple[Filter, ...] = ()
    persons: tuple[tuple[str, ...], ...] = ()  # of each, one of these ids must be the speaker's
    spellings: tuple[str, ...] = ()  # other names of `speaker`: of these, one must be the speaker's as well


class Hit(NamedTuple):
    """A claim that matches, with what a reader needs to judge it."""

    id: str
    kind: str
    polarity: str
    line: str  # as it is shown: pieces in their marks, with the verb where they need one
    text: str  # the content alone
    pieces: list[str]
    marked: str  # the line with START and END around the words that matched
    speaker: str | None
    person: str | None
    cue: str | None
    outlet: str | None
    published: str | None
    title: str | None
    url: str | None
    words: str  # an unbroken stretch of the content as the page has it, "" where there is none
    confidence: float
    family: str | None


def search(db: sqlite3.Connection, query: ClaimQuery) -> list[Hit]:
    """Return the claims that match. Raises ConfigError that explains a query which cannot be understood.

    Relevance is BM25. Where more than RANKED claims match, the newest RANKED of them are ranked, without
    the weight of rare words: that weight is what FTS5 reads a million postings for.
    """
    query = with_spellings(db, query)
    expression, matcher = expression_of(query), matcher_of(query.words)
    last = query.offset + query.limit
    if query.sort == "newest" or not matcher:
        rows = _select(db, query._replace(limit=last), expression)
    else:
        rows = _select(db, query._replace(limit=RANKED + 1), expression)
        few = len(rows) <= RANKED
        ranked = query._replace(limit=last)
        rows = _select(db, ranked, expression, "f.rank, f.rowid") if few else _rank(rows, matcher)
    keys = [row["key"] for row in rows[query.offset : last]]
    return [_hit(row, matcher) for row in _fetch(db, keys)]


def get_hits(db: sqlite3.Connection, keys: list[int]) -> list[Hit]:
    """Return the claims with these keys (`claims.key`), in this order."""
    return [_hit(row, None) for row in _fetch(db, keys)]


def count(db: sqlite3.Connection, query: ClaimQuery) -> int:
    """Return how many claims match."""
    source, wheres, values = matching(with_spellings(db, query))
    row = db.execute(f"SELECT count(*) FROM {source} WHERE {' AND '.join(wheres)}", values).fetchone()
    return int(row[0])


def with_spellings(db: sqlite3.Connection, query: ClaimQuery) -> ClaimQuery:
    """Return `query` asking for its speakers by all their names: Altman finds 奥尔特曼."""
    filters = (
        it._replace(values=tuple(name for value in it.values for name in (value, *_spellings(db, value))))
        if it.field == "speaker"
        else it
        for it in query.filters
    )
    spellings = _spellings(db, query.speaker) if query.speaker else ()
    return query._replace(filters=tuple(filters), spellings=spellings)


def _spellings(db: sqlite3.Connection, name: str) -> tuple[str, ...]:
    """Return the names that claims give to the listed people and bodies who are called `name` in one.

    Only their newest claims are looked at, so that a name in a million of them costs no more.
    """
    called = "SELECT -rowid FROM claims_fts WHERE claims_fts MATCH ? ORDER BY rowid LIMIT ?"
    persons = db.execute(
        f"SELECT DISTINCT person FROM claims WHERE key IN ({called}) AND person IS NOT NULL",
        (speaker_expression(name), RANKED),
    ).fetchall()
    newest = "SELECT speaker FROM claims WHERE person = ? AND hidden IS NULL ORDER BY key DESC LIMIT ?"
    found = {row["speaker"] for (person,) in persons for row in db.execute(newest, (person, RANKED))}
    return tuple(sorted(found - {None}))


def suggest(db: sqlite3.Connection, words: str) -> list[str]:
    """Return speakers whose name has a word like one of `words`, those most quoted first."""
    wanted = {word.lower() for word in re.findall(r"[^\W\d_]{4,}", words)}
    if not wanted:
        return []
    rows = db.execute(
        "SELECT speaker, count(*) AS n FROM claims WHERE speaker IS NOT NULL AND hidden IS NULL"
        " GROUP BY speaker ORDER BY n DESC, speaker"
    )
    near = (
        row["speaker"]
        for row in rows
        if any(_is_near(mine, word) for word in row["speaker"].lower().split() for mine in wanted)
    )
    return list(islice(near, MOST_SUGGESTED))


def _is_near(a: str, b: str) -> bool:
    """Whether two words differ by one letter, or two where they are long; none the same."""
    most = 2 if min(len(a), len(b)) > 6 else 1
    return a != b and abs(len(a) - len(b)) <= most and a[0] == b[0] and _distance(a, b) <= most


def _distance(a: str, b: str) -> int:
    """Return the Levenshtein distance (a library would cost more time to load than it saves)."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        corner, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            corner, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, corner + (x != y))
    return row[-1]


def _select(
    db: sqlite3.Connection, query: ClaimQuery, expression: str, order: str = "f.rowid"
) -> list[sqlite3.Row]:
    """Keys and texts of the claims that match, the newest first, at most as many as the query's limit."""
    source, wheres, values = matching(query)
    order = order if expression else "c.key DESC"
    return db.execute(
        f"SELECT c.key, c.text FROM {source} WHERE {' AND '.join(wheres)} ORDER BY {order} LIMIT :limit",
        values | {"limit": query.limit},
    ).fetchall()


def matching(query: ClaimQuery) -> tuple[str, list[str], dict[str, Any]]:
    """Return the tables (the claim is `c`), conditions and values that select the claims of a query.

    Raises ConfigError that explains a query which cannot be understood.
    """
    expression = expression_of(query)
    wheres, values = _filters(query)
    source = "claims_fts f CROSS JOIN claims c ON c.key = -f.rowid"
    if expression:
        wheres += ["f.rowid BETWEEN -:high AND -:low", "claims_fts MATCH :expression"]
    else:
        source = "claims c"
        wheres.append("c.key BETWEEN :low AND :high")
    low, high = key_range(query.since, query.until)
    return source, wheres, values | {"expression": expression, "low": low, "high": high}


def _fetch(db: sqlite3.Connection, keys: list[int]) -> list[sqlite3.Row]:
    """Return the claims with these keys, in this order, each with its article's facts and text."""
    query = (
        "SELECT c.*, json_extract(c.cue, '$.text') AS said,"
        " a.published, a.title, a.url, a.note, a.text AS page"
        " FROM claims c JOIN articles a ON a.key = c.article WHERE c.key = ?"
    )
    return [db.execute(query, (key,)).fetchone() for key in keys]


def _rank(rows: list[sqlite3.Row], matcher: re.Pattern[str]) -> list[sqlite3.Row]:
    """Return `rows` by relevance to the query (BM25 with equal weights), of equal ones the newest first."""
    lengths = [len(row["text"]) for row in rows]
    mean = sum(lengths) / len(lengths)

    def density(row: sqlite3.Row) -> float:
        found = sum(1 for _ in matcher.finditer(row["text"]))
        return found / (found + K1 * (1 - B + B * len(row["text"]) / mean))

    return sorted(rows, key=density, reverse=True)


def _filters(query: ClaimQuery) -> tuple[list[str], dict[str, Any]]:
    wheres = ["c.hidden IS NULL"]
    if query.outlet:
        wheres.append("c.outlet = :outlet")
    if query.kind:
        wheres.append("c.kind = :kind")
    values: dict[str, Any] = {"outlet": query.outlet, "kind": query.kind}
    for number, wanted in enumerate(query.filters):
        alternatives = []
        for place, value in enumerate(wanted.values):
            name = f"filter{number}_{place}"
            alternatives.append(_CONDITIONS[wanted.field].format(f":{name}"))
            values[name] = speaker_expression(value) if wanted.field == "speaker" else value
        wheres.append(f"{'NOT ' * wanted.excluded}coalesce({' OR '.join(alternatives)}, 0)")
    for number, ids in enumerate(query.persons):
        names = {f"person{number}_{place}": person for place, person in enumerate(ids)}
        wheres.append(f"c.person IN ({', '.join(f':{name}' for name in names)})")
        values |= names
    return wheres, values


# What a filter asks of a claim, {} being the parameter with its value.
_OUTLETS = "c.outlet IN (SELECT domain FROM outlets WHERE {})"
_CONDITIONS = {
    "speaker": "(c.key IN (SELECT -rowid FROM claims_fts WHERE claims_fts MATCH {0}))",
    "outlet": _OUTLETS.format("instr(lower(domain), lower({0})) OR instr(lower(name), lower({0}))"),
    "kind": "c.kind = {0}",
    "is": "c.polarity = {0}",
    "lang": "(SELECT language FROM articles WHERE key = c.article) GLOB {0} || '*'",
    "country": _OUTLETS.format("country = {0}"),
}


def expression_of(query: ClaimQuery) -> str:
    """Return the FTS5 expression, "" where neither words nor a speaker are asked for."""
    wanted = fts_expression(query.words) if query.words.strip() else ""
    if not query.speaker:
        return wanted
    speaker = speaker_expression(query.speaker, *query.spellings)
    return f"({wanted}) AND {speaker}" if wanted else speaker


def first_match(query: ClaimQuery, text: str) -> int:
    """Return where in `text` the first word stands that is asked for; 0 where none does."""
    matcher = matcher_of(query.words)
    found = matcher.search(text) if matcher else None
    return found.start() if found else 0


def _hit(row: sqlite3.Row, matcher: re.Pattern[str] | None) -> Hit:
    wording = worded(row)
    line = wording.line
    marked = matcher.sub(lambda m: f"{START}{m[0]}{END}", line) if matcher else line
    made: dict[str, Any] = {
        "line": line,
        "pieces": [piece.text for piece in wording.pieces],
        "marked": marked,
    }
    made |= {"words": _words(row), "cue": row["said"]}
    return Hit(**made, **{name: row[name] for name in Hit._fields if name not in made})


def worded(row: sqlite3.Row) -> Wording:
    """Return how a claim is shown, from its row with the text of its article as `page`."""
    cue, mention = (_spans(row[name] or "")[:1] for name in ("cue", "mention"))
    return word_claim(
        row["page"],
        Reported(
            kind=row["kind"],
            polarity=row["polarity"],
            spans=_spans(row["spans"]),
            quoted=_spans(row["quoted"]),
            cue=cue[0] if cue else None,
            speaker=mention[0] if mention else None,
        ),
    )


def wording_of(db: sqlite3.Connection, claim_id: str) -> Wording:
    """Return how the claim with this id is shown; it must be there."""
    query = "SELECT c.*, a.text AS page FROM claims c JOIN articles a ON a.key = c.article WHERE c.id = ?"
    return worded(db.execute(query, (claim_id,)).fetchone())


def other_reports(db: sqlite3.Connection, claim_id: str) -> list[tuple[sqlite3.Row, Wording]]:
    """Return the other shown claims of the claim's family, earliest first, each with its wording.

    Columns: those of the claim, and its article's outlet, published and text (as page).
    """
    rows = db.execute(
        "SELECT c.*, a.text AS page, a.outlet AS outlet, a.published"
        " FROM claims c JOIN articles a ON a.key = c.article"
        " WHERE c.family = (SELECT family FROM claims WHERE id = ?1) AND c.id <> ?1 AND c.hidden IS NULL"
        " ORDER BY a.published IS NULL, c.key",
        (claim_id,),
    )
    return [(row, worded(row)) for row in rows]


def _words(row: sqlite3.Row) -> str:
    """Return the first words inside marks, else the first of the content.

    Where the article has a note its text is not the page's, and only what is quoted stands there.
    """
    spans = _spans(row["quoted"]) or ([] if row["note"] else _spans(row["spans"]))
    return row["page"][slice(*spans[0])] if spans else ""


_SPAN = re.compile(r"\[(\d+), (\d+)\]")


def _spans(record: str) -> list[tuple[int, int]]:
    """Return the spans in a list of spans or in front of a mention, without the 3 ms that loading json takes.

    A mention begins with its span, or with null where its words stand nowhere.
    """
    if record.startswith('{"span": null'):
        return []
    return [(int(start), int(end)) for start, end in _SPAN.findall(record)]


def names(db: sqlite3.Connection, column: str, start: str) -> list[str]:
    """Speakers or outlets (`column`) that begin with `start`, for completion in a shell."""
    if column not in ("speaker", "outlet"):
        raise ValueError(column)
    found = db.execute(
        f"SELECT DISTINCT {column} FROM claims WHERE {column} LIKE ? || '%' ORDER BY 1 LIMIT 50", (start,)
    )
    return [row[0] for row in found]
