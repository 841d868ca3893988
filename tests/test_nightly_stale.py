"""A better extractor reads the kept articles again."""

from __future__ import annotations

import sqlite3

import pytest

from conftest import NOW, all_families, an_article, quoted_claims
from openrace.pipeline import extract_claims
from openrace.records import Article, Claim
from openrace.store import article_table, claim_table
from openrace.user_files.seed_files import Seeds

SEEDS = Seeds(feeds=(), outlets=(), people=(), organisations=(), topics=(), beats=())
TEXT = "“One,” he said. “Two,” he said. “Three,” he said."


@pytest.fixture
def better(monkeypatch: pytest.MonkeyPatch) -> None:
    """An extractor that finds the first two claims only, the second from somebody else."""

    def extract(article: Article, *_: object) -> list[Claim]:
        found = [quoted_claims(article, "Bo Chen")[0], quoted_claims(article, "Ada Byte")[1]]
        return [claim.model_copy(update={"extractor": "t2"}) for claim in found]

    monkeypatch.setattr(extract_claims, "extract_claims", extract)
    monkeypatch.setattr(extract_claims, "EXTRACTOR", "t2")


def test_reading_again_keeps_ids_and_tells_what_changed(db: sqlite3.Connection, better: None) -> None:
    article = an_article(TEXT)
    article_table.add_article(db, article, added=NOW)
    first, second, third = quoted_claims(article, "Bo Chen")
    claim_table.save_claims(db, article.id, [first, second, third], "t1")
    told: list[str] = []
    quiet = extract_claims.read_for_claims(db, SEEDS, warn=told.append, watch=lambda items, _: iter(items))
    assert quiet.read == 0
    report = extract_claims.read_for_claims(
        db, SEEDS, warn=told.append, watch=lambda items, _: iter(items), stale=True, tell=told.append
    )
    assert told == [f"- Bo Chen: “Three”  ({third.id})", f"~ Bo Chen → Ada Byte: “Two”  ({second.id})"]
    assert (report.read, report.claims.changed, report.claims.removed) == (1, 2, 1)
    assert {claim.id for claim in claim_table.iter_claims(db)} == {first.id, second.id}
    assert all_families(db) == []


def test_an_article_that_breaks_the_extractor_costs_only_itself(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = an_article(TEXT), an_article("Strange.")

    def extract(article: Article, *_: object) -> list[Claim]:
        if article.id == bad.id:
            raise RecursionError("too strange")
        return quoted_claims(article)

    monkeypatch.setattr(extract_claims, "extract_claims", extract)
    for article in (bad, good):
        article_table.add_article(db, article, added=NOW)
    told: list[str] = []
    report = extract_claims.read_for_claims(db, SEEDS, warn=told.append, watch=lambda items, _: iter(items))
    assert (report.read, report.failed) == (1, 1)
    assert "too strange" in told[0]
    assert bad.url in told[0]
    assert article_table.unread(db, extract_claims.EXTRACTOR) == [bad.id]
