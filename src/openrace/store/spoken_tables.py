"""Spoken text: the turns of recordings, and the search through them."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from openrace.links import link_to_second
from openrace.store.claim_search import ClaimQuery, expression_of, first_match
from openrace.store.row_lists import LISTED, listed
from openrace.store.search_words import set_apart

if TYPE_CHECKING:
    from openrace.records import Article, Turn

AROUND = 160  # code points that are shown on each side of the first word found


class SpokenHit(NamedTuple):
    """Words of a recording that match: who said them, and when in it."""

    speaker: str | None
    text: str
    second: float | None  # of the recording
    link: str | None  # plays the recording from there; else the transcript's address
    automatic: bool
    article: str
    title: str | None
    outlet: str | None
    published: str | None


def add_turns(db: sqlite3.Connection, article: Article) -> None:
    """Keep the turns of an article that was just added, and index them."""
    for turn in article.turns:
        start, stop = turn.span
        cursor = db.execute(
            "INSERT INTO turns (article, start, stop, speaker, times)"
            " SELECT key, ?, ?, ?, ? FROM articles WHERE id = ?",
            (start, stop, turn.speaker, json.dumps(turn.times), article.id),
        )
        words = set_apart(article.text[start:stop])
        row = (cursor.lastrowid, words, set_apart(turn.speaker or ""))
        db.execute("INSERT INTO turns_fts (rowid, text, speaker) VALUES (?, ?, ?)", row)


def get_turns(db: sqlite3.Connection, article_ids: Iterable[str]) -> dict[str, tuple[Turn, ...]]:
    """Return the turns of those of these articles that are transcripts, in order."""
    from openrace.records import Span, Turn

    found: defaultdict[str, list[Turn]] = defaultdict(list)
    rows = db.execute(
        "SELECT a.id, t.start, t.stop, t.speaker, t.times FROM turns t JOIN articles a ON a.key = t.article"
        f" WHERE a.id IN {LISTED} ORDER BY t.article, t.start",
        listed(article_ids),
    )
    for row in rows:
        times = tuple((offset, second) for offset, second in json.loads(row["times"]))
        span = Span(row["start"], row["stop"])
        found[row["id"]].append(Turn(span=span, speaker=row["speaker"], times=times))
    return {article_id: tuple(turns) for article_id, turns in found.items()}


def is_transcript(db: sqlite3.Connection, article_id: str) -> bool:
    """Return whether turns are kept of this article."""
    query = "SELECT 1 FROM turns WHERE article = (SELECT key FROM articles WHERE id = ?) LIMIT 1"
    return db.execute(query, (article_id,)).fetchone() is not None


def search_turns(db: sqlite3.Connection, query: ClaimQuery) -> list[SpokenHit]:
    """Return the turns that match, newest recording first. Raises ConfigError as `search` does."""
    low, high = query.since or "", (query.until or "9999-12-31") + "\uffff"
    dated = "AND a.published BETWEEN :low AND :high" if query.since or query.until else ""
    expression = expression_of(query)
    found = "t.key IN (SELECT rowid FROM turns_fts WHERE turns_fts MATCH :expression)" if expression else "1"
    rows = db.execute(
        "SELECT t.*, a.id, a.title, a.outlet, a.published, a.url, a.recording, a.automatic,"
        " substr(a.text, t.start + 1, t.stop - t.start) AS words"
        " FROM turns t JOIN articles a ON a.key = t.article"
        f" WHERE {found} AND (:outlet IS NULL OR a.outlet = :outlet) {dated}"
        " ORDER BY a.published IS NULL, a.published DESC, t.article, t.start LIMIT :limit",
        {"expression": expression, "outlet": query.outlet, "low": low, "high": high, "limit": query.limit},
    )
    return [_hit(row, first_match(query, row["words"])) for row in rows]


def _hit(row: sqlite3.Row, at: int) -> SpokenHit:
    """Return a row as a hit, showing the words around `at`."""
    words: str = row["words"]
    begin = 0 if at <= AROUND else words.rfind(" ", 0, at - AROUND // 2) + 1
    end = len(words) if len(words) <= at + AROUND else max(words.find(" ", at + AROUND), at + AROUND)
    text = "… " * (begin > 0) + words[begin:end] + " …" * (end < len(words))
    second = None
    for offset, when in json.loads(row["times"]):
        if offset <= row["start"] + at:
            second = when
    return SpokenHit(
        speaker=row["speaker"],
        text=text,
        second=second,
        link=link_to_second(row["recording"], second) or row["recording"] or row["url"],
        automatic=bool(row["automatic"]),
        article=row["id"],
        title=row["title"],
        outlet=row["outlet"],
        published=row["published"],
    )
