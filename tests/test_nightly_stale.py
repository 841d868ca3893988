"""A better extractor reads the kept articles again."""

from __future__ import annotations

import sqlite3

import pytest

from conftest import NOW, an_article, quoted_claims
from openrace.records import Article, Claim
from openrace.seeds import Seeds
from openrace.stations import reading
from openrace.store import articles, claims, families

SEEDS = Seeds(feeds=(), outlets=(), people=(), organisations=(), topics=(), beats=())
TEXT = "“One,” he said. “Two,” he said. “Three,” he said."


@pytest.fixture
def better(monkeypatch: pytest.MonkeyPatch) -> None:
    """An extractor that finds the first two claims only, the second from somebody else."""

    def extract(article: Article, _: object) -> list[Claim]:
        found = [quoted_claims(article, "Bo Chen")[0], quoted_claims(article, "Ada Byte")[1]]
        return [claim.model_copy(update={"extractor": "t2"}) for claim in found]

    monkeypatch.setattr(reading, "extract_claims", extract)
    monkeypatch.setattr(reading, "EXTRACTOR", "t2")


def test_reading_again_keeps_ids_and_tells_what_changed(db: sqlite3.Connection, better: None) -> None:
    article = an_article(TEXT)
    articles.add_article(db, article, added=NOW)
    first, second, third = quoted_claims(article, "Bo Chen")
    claims.save_claims(db, article.id, [first, second, third], "t1")
    told: list[str] = []
    quiet = reading.read_for_claims(db, SEEDS, warn=told.append, watch=lambda items, _: iter(items))
    assert quiet.read == 0
    report = reading.read_for_claims(
        db, SEEDS, warn=told.append, watch=lambda items, _: iter(items), stale=True, tell=told.append
    )
    assert told == [f"- Bo Chen: Three,  ({third.id})", f"~ Bo Chen → Ada Byte: Two,  ({second.id})"]
    assert (report.read, report.claims.changed, report.claims.removed) == (1, 2, 1)
    assert {claim.id for claim in claims.iter_claims(db)} == {first.id, second.id}
    assert list(families.iter_families(db)) == []


def test_an_article_that_breaks_the_extractor_costs_only_itself(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = an_article(TEXT), an_article("Strange.")

    def extract(article: Article, _: object) -> list[Claim]:
        if article.id == bad.id:
            raise RecursionError("too strange")
        return quoted_claims(article)

    monkeypatch.setattr(reading, "extract_claims", extract)
    for article in (bad, good):
        articles.add_article(db, article, added=NOW)
    told: list[str] = []
    report = reading.read_for_claims(db, SEEDS, warn=told.append, watch=lambda items, _: iter(items))
    assert (report.read, report.failed) == (1, 1)
    assert "too strange" in told[0]
    assert bad.url in told[0]
    assert articles.unread(db, reading.EXTRACTOR) == [bad.id]
