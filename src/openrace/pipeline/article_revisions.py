"""What changed in articles that were read again: reworded passages, quotations that came and went.

A page is read again for some days after it appears; the texts it had before are kept as revisions. Only the
passages that differ are handed on, cut to a length, never a text. What changes a word or two, or nothing but
punctuation and space, is no revision worth showing unless a quotation came or went.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from difflib import SequenceMatcher

from openrace.site.snapshot import ArticleFacts, ArticleRevision, RevisedPassage
from openrace.store import article_table, page_table

MOST = 400  # revisions, the latest
MOST_PASSAGES = 6  # of one revision
MOST_QUOTATIONS = 6
LONGEST = 320  # code points of a passage
LEAST_WORDS = 3  # that differ: fewer are a misprint set right
LONGEST_TEXT = 60_000  # code points: what is longer is compared in its beginning
_SENTENCE = re.compile(r"(?<=[.!?。！？])[\"”’」』]?\s*|\n+")
_QUOTATION = re.compile(r"“([^“”\n]{12,400})”|「([^「」\n]{6,200})」")
_WORD = re.compile(r"[\u4e00-\u9fff]|\w+")


def article_revisions(db: sqlite3.Connection) -> Iterator[ArticleRevision]:
    """Yield what changed in articles, the latest change first."""
    for article_id, seen, former, now in page_table.latest_revisions(db, MOST):
        article = article_table.get_article(db, article_id)
        if article is None:
            continue
        passages = _passages(former[:LONGEST_TEXT], now[:LONGEST_TEXT])
        before, after = _quotations(former), _quotations(now)
        gone = [words for words in before if words not in after]
        came = [words for words in after if words not in before]
        if gone or came or sum(map(_changed_words, passages)) >= LEAST_WORDS:
            yield ArticleRevision(
                article=ArticleFacts.of(article),
                seen=seen,
                passages=tuple(_cut(passage) for passage in passages[:MOST_PASSAGES]),
                more=max(0, len(passages) - MOST_PASSAGES),
                gone=tuple(gone[:MOST_QUOTATIONS]),
                came=tuple(came[:MOST_QUOTATIONS]),
            )


def _sentences(text: str) -> list[str]:
    return [" ".join(piece.split()) for piece in _SENTENCE.split(text) if piece and piece.strip()]


def _passages(former: str, now: str) -> list[RevisedPassage]:
    """Return the sentences that another text has in place of others, in order."""
    a, b = _sentences(former), _sentences(now)
    matcher = SequenceMatcher(None, [_words(s) for s in a], [_words(s) for s in b], autojunk=False)
    return [
        RevisedPassage(before=" ".join(a[i:j]), after=" ".join(b[k:m]))
        for op, i, j, k, m in matcher.get_opcodes()
        if op != "equal"
    ]


def _words(sentence: str) -> tuple[str, ...]:
    """Return the words of a sentence, so that punctuation, space and case make no difference."""
    return tuple(_WORD.findall(sentence.lower()))


def _changed_words(passage: RevisedPassage) -> int:
    matcher = SequenceMatcher(None, _words(passage.before), _words(passage.after), autojunk=False)
    return sum(max(j - i, m - k) for op, i, j, k, m in matcher.get_opcodes() if op != "equal")


def _cut(passage: RevisedPassage) -> RevisedPassage:
    """Return a passage of at most `LONGEST` code points a side, cut where its sides agree."""
    start = 0
    for one, other in zip(passage.before, passage.after, strict=False):
        if one != other:
            break
        start += 1
    start = max(0, start - LONGEST // 4) if max(len(passage.before), len(passage.after)) > LONGEST else 0
    return RevisedPassage(before=_shorten(passage.before, start), after=_shorten(passage.after, start))


def _shorten(text: str, start: int) -> str:
    cut = text[start : start + LONGEST]
    return ("…" if start and cut else "") + cut + ("…" if len(text) > start + LONGEST else "")


def _quotations(text: str) -> list[str]:
    """Return what is inside quotation marks, straight ones taken for curled."""
    curled = re.sub(r'"([^"\n]{12,400})"', r"“\1”", text)
    return [" ".join((one or other).split()) for one, other in _QUOTATION.findall(curled)]
