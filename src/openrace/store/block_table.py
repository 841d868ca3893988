"""Paragraphs that recur in many articles of one outlet: furniture, whatever they say.

Link lists, disclaimers, prompts to subscribe and credits are learned as articles come in. A block is known
by a digest of its words, counted once an article, with the days on which these were published; the counts
depend on the set of articles alone, not on their order.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterator
from datetime import date

from openrace.records import Article, Span, normalise_wording
from openrace.store.database import transaction

# Measured on 24,059 articles of a fortnight, 44 outlets. Background that reporters repeat ("…, he said in
# January") comes in several articles of a few days; so a sentence needs more of both than a line that is
# none.
LEAST_ARTICLES, LEAST_DAYS = 5, 3  # of a line that is no sentence
MANY_ARTICLES = 10  # of such a line, on however few days: link lists of one day
SENTENCE_ARTICLES, SENTENCE_DAYS = 8, 4
SHORTEST = 4  # code points
_SENTENCE = re.compile(r"[.!?。！？…][\"”’»」』)\]]*$|[“”「」]")
_PARAGRAPH = re.compile(r"[^\n]+")


def learn_blocks(db: sqlite3.Connection, article: Article) -> None:
    """Count the paragraphs of an article that is new; to be called in the transaction that adds it."""
    if not article.outlet:
        return
    day = 1 << date.fromisoformat(article.published[:10]).toordinal() % 63 if article.published else 0
    blocks = {fingerprint: is_sentence for fingerprint, is_sentence, _ in _blocks(article.text)}
    db.executemany(
        "INSERT INTO blocks (outlet, block, sentence, articles, days, furniture) VALUES (?, ?, ?, 1, ?, 0)"
        " ON CONFLICT (outlet, block) DO UPDATE SET articles = articles + 1, days = days | excluded.days",
        [(article.outlet, fingerprint, sentence, day) for fingerprint, sentence in blocks.items()],
    )


def mark_furniture(db: sqlite3.Connection) -> None:
    """Mark the blocks that recur often enough by now, and have the articles read anew that hold them."""
    with transaction(db):
        rows = db.execute(
            "SELECT outlet, block, sentence, articles, days FROM blocks WHERE NOT furniture AND articles >= "
            "?",
            (LEAST_ARTICLES,),
        ).fetchall()
        new: dict[str, set[int]] = {}
        for row in rows:
            if _is_furniture(row["sentence"], row["articles"], row["days"].bit_count()):
                new.setdefault(row["outlet"], set()).add(row["block"])
        for outlet, blocks in new.items():
            marked = [(outlet, block) for block in blocks]
            db.executemany("UPDATE blocks SET furniture = 1 WHERE outlet = ? AND block = ?", marked)
            _read_anew(db, outlet, blocks)


def _is_furniture(sentence: int, articles: int, days: int) -> bool:
    if sentence:
        return articles >= SENTENCE_ARTICLES and days >= SENTENCE_DAYS
    return articles >= MANY_ARTICLES or (articles >= LEAST_ARTICLES and days >= LEAST_DAYS)


def _read_anew(db: sqlite3.Connection, outlet: str, blocks: set[int]) -> None:
    """Forget that those articles of the outlet were read for claims which hold one of `blocks`."""
    rows = db.execute("SELECT key, text FROM articles WHERE outlet = ? AND extractor IS NOT NULL", (outlet,))
    held = [(row["key"],) for row in rows if any(block in blocks for block, _, _ in _blocks(row["text"]))]
    db.executemany("UPDATE articles SET extractor = NULL WHERE key = ?", held)


def furniture_spans(db: sqlite3.Connection, article: Article) -> tuple[Span, ...]:
    """Return the paragraphs of the article that are furniture in its outlet.

    Never its first, the headline.
    """
    if not article.outlet:
        return ()
    query = "SELECT 1 FROM blocks WHERE outlet = ? AND block = ? AND furniture"
    return tuple(
        span
        for fingerprint, _, span in _blocks(article.text)
        if span.start > 0 and db.execute(query, (article.outlet, fingerprint)).fetchone()
    )


def _blocks(text: str) -> Iterator[tuple[int, int, Span]]:
    """Yield the fingerprint of each paragraph, whether it is a sentence (1 or 0), and where it stands."""
    for paragraph in _PARAGRAPH.finditer(text):
        words = normalise_wording(paragraph[0])
        if len(words) >= SHORTEST:
            digest = hashlib.blake2b(words.lower().encode("utf-8", "surrogatepass"), digest_size=8).digest()
            fingerprint = int.from_bytes(digest, "big") >> 1
            yield fingerprint, int(bool(_SENTENCE.search(words))), Span(*paragraph.span())
