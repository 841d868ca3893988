"""Whatever record can be made comes back from the store as it was, and its words are found."""

from __future__ import annotations

import re
import sqlite3

from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import NOW
from openrace.exports.claim_lines import ClaimLine, to_jsonl
from openrace.records import (
    Article,
    Claim,
    Span,
    Speaker,
    TextSpan,
    normalise_wording,
)
from openrace.store import article_table, claim_table, open_store
from openrace.store.claim_search import ClaimQuery, search

TEXT = st.text(st.characters(codec="utf-8"), min_size=6, max_size=80).filter(lambda t: len(t.split()) > 1)
NAME = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)


@st.composite
def read_articles(draw: st.DrawFn) -> tuple[Article, list[Claim]]:
    """An article of any text and up to three claims of any shape that fit it."""
    article = Article(
        id=draw(NAME),
        text=draw(TEXT),
        title=draw(st.none() | NAME),
        outlet=draw(st.none() | NAME),
        published=draw(st.none() | st.dates().map(str) | st.datetimes().map(str)),
        authors=tuple(draw(st.lists(NAME, max_size=2))),
    )
    found = {claim.id: claim for claim in draw(st.lists(claims_of(article), max_size=3))}
    return article, list(found.values())


@st.composite
def claims_of(draw: st.DrawFn, article: Article) -> Claim:
    size = len(article.text)
    cuts = sorted(draw(st.sets(st.integers(0, size), min_size=2, max_size=4)))
    spans = tuple(Span(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False))
    wording = normalise_wording(" ".join(article.text[s.start : s.end] for s in spans)) or "?"
    kind = draw(st.sampled_from(["direct", "mixed", "indirect"]))
    mention = TextSpan(span=spans[0], text=article.text[spans[0].start : spans[0].end])
    speaker = Speaker(
        span=draw(st.none() | st.just(spans[0])),
        text=mention.text,
        name=draw(st.none() | NAME),
        person_id=draw(st.none() | st.just("ada-byte")),
    )
    return Claim(
        id=Claim.make_id(article.id, spans),
        article_id=article.id,
        kind=kind,
        spans=spans,
        quoted={"direct": spans, "mixed": spans[:1], "indirect": ()}[kind],
        text=wording,
        cue=draw(st.none() | st.just(mention)),
        speaker=draw(st.none() | st.just(speaker)),
        venue=draw(st.none() | st.just(mention)),
        context=Span(0, size),
        parent_id=draw(st.none() | NAME),
        confidence=draw(st.floats(0, 1)),
        reason=draw(NAME),
        extractor="t",
    )


def keep(db: sqlite3.Connection, article: Article, found: list[Claim]) -> None:
    article_table.add_article(db, article, added=NOW)
    claim_table.save_claims(db, article.id, found, "t")


@settings(max_examples=150)
@given(read_articles())
def test_records_come_back(read: tuple[Article, list[Claim]]) -> None:
    article, found = read
    db = open_store(":memory:")
    keep(db, article, found)
    assert article_table.get_article(db, article.id) == article
    assert {claim.id: claim for claim in claim_table.iter_claims(db)} == {claim.id: claim for claim in found}
    assert claim_table.save_claims(db, article.id, found, "t").same == len(found)
    lines = [ClaimLine.of(claim, wording, **where) for claim, wording, where in claim_table.iter_placed(db)]
    assert [ClaimLine.model_validate_json(line) for line in to_jsonl(lines)] == lines
    db.execute("INSERT INTO claims_fts (claims_fts, rank) VALUES ('integrity-check', 1)")
    db.close()


@settings(max_examples=150)
@given(read_articles())
def test_words_are_found(read: tuple[Article, list[Claim]]) -> None:
    article, found = read
    db = open_store(":memory:")
    keep(db, article, found)
    for claim in found:
        for word in re.findall(r"[a-z]{2,}", claim.text)[:3]:
            # a whole word between ASCII: FTS5 takes what Unicode had not assigned by 6.1 for letters
            if re.search(rf"(?<![\w\x80-\U0010ffff]){word}(?![\w\x80-\U0010ffff])", claim.text):
                assert claim.id in {hit.id for hit in search(db, ClaimQuery(word))}
    db.close()
