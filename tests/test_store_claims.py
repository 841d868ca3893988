"""What is kept comes back as it was; what is read again keeps its ids."""

from __future__ import annotations

import sqlite3

import pytest

from conftest import NOW, all_families, an_article, quoted_claims
from openrace.errors import StoreError
from openrace.records import Claim, Family, Span, TextSpan
from openrace.store import article_table, claim_table, family_table
from openrace.store.claim_table import ClaimChanges

TWO = "Ada Byte said “weights want to be free”. Later she said “chips do not matter”."


def keep(db: sqlite3.Connection, text: str = TWO, **fields: str) -> list[Claim]:
    article = an_article(text, **fields)
    article_table.add_article(db, article, added=NOW)
    made = quoted_claims(article)
    claim_table.save_claims(db, article.id, made, "test-1")
    return made


def test_an_article_comes_back_as_it_was(db: sqlite3.Connection) -> None:
    article = an_article("标题\n\n“开源” \U0001f600", authors=("A", "B"), note="a brief", language="zh")
    assert article_table.add_article(db, article, added=NOW) == "new"
    assert article_table.get_article(db, article.id) == article


def test_adding_an_article_twice_changes_nothing(db: sqlite3.Connection) -> None:
    keep(db)
    before = list(db.iterdump())
    assert article_table.add_article(db, an_article(TWO), added="2030-01-01T00:00:00Z") == "same"
    assert list(db.iterdump()) == before


def test_another_text_at_the_same_address_leaves_the_kept_one(db: sqlite3.Connection) -> None:
    made = keep(db, url="https://a.example/1")
    other = an_article("Rewritten.", url="https://a.example/1")
    assert article_table.add_article(db, other, added=NOW) == "differs"
    kept = article_table.get_article(db, other.id)
    assert kept is not None
    assert all(claim.check_against(kept) for claim in made)


def test_syndicated_copies_are_two_articles(db: sqlite3.Connection) -> None:
    keep(db, url="https://a.example/1", outlet="a.example")
    keep(db, url="https://b.example/1", outlet="b.example")
    assert len(list(claim_table.iter_claims(db))) == 4


def test_claims_come_back_as_they_were(db: sqlite3.Connection) -> None:
    article = an_article(TWO)
    article_table.add_article(db, article, added=NOW)
    first, second = quoted_claims(article)
    full = first.model_copy(
        update={
            "cue": TextSpan(span=Span(9, 13), text="said"),
            "venue": TextSpan(span=Span(0, 3), text="Ada"),
            "parent_id": second.id,
        }
    )
    unclear = full.speaker and full.speaker.model_copy(update={"name": None, "text": "he"})
    assert unclear
    claim_table.save_claims(db, article.id, [full.model_copy(update={"speaker": unclear})], "test-0")
    assert next(claim_table.iter_claims(db)).speaker == unclear
    bare = second.model_copy(update={"speaker": None, "kind": "indirect", "quoted": ()})
    claim_table.save_claims(db, article.id, [full, bare], "test-1")
    assert list(claim_table.iter_claims(db)) == [full, bare]
    assert claim_table.get_claim(db, full.id) == full


def test_reading_again_keeps_what_is_the_same_and_tells_what_changed(db: sqlite3.Connection) -> None:
    first, second = keep(db)
    family_table.save_families(db, [Family(id="f", claim_ids=(first.id, second.id), representative=first.id)])
    better = first.model_copy(update={"reason": "a better rule", "extractor": "test-2"})
    changes = claim_table.save_claims(db, first.article_id, [better], "test-2")
    assert changes == ClaimChanges(added=0, changed=1, removed=1, same=0)
    assert list(claim_table.iter_claims(db)) == [better]
    assert db.execute("SELECT family FROM claims").fetchone()[0] == "f"
    assert claim_table.save_claims(db, first.article_id, [better], "test-2") == ClaimChanges(same=1)


def test_claims_of_an_unknown_article_are_refused(db: sqlite3.Connection) -> None:
    article = an_article()
    with pytest.raises(StoreError, match="there is no article"):
        claim_table.save_claims(db, article.id, quoted_claims(article), "test-1")
    assert list(claim_table.iter_claims(db)) == []


def test_a_broken_claim_leaves_the_article_unread(db: sqlite3.Connection) -> None:
    article = an_article(TWO)
    article_table.add_article(db, article, added=NOW)
    good, other = quoted_claims(article)
    broken = other.model_copy(update={"kind": "nonsense"})
    with pytest.raises(StoreError):
        claim_table.save_claims(db, article.id, [good, broken], "test-1")
    assert list(claim_table.iter_claims(db)) == []
    assert article_table.unread(db, "test-1") == [article.id]


def test_unread_and_stale(db: sqlite3.Connection) -> None:
    made = keep(db)
    waiting = an_article("Nothing yet.")
    article_table.add_article(db, waiting, added=NOW)
    assert article_table.unread(db, "test-2") == [waiting.id]
    assert article_table.unread(db, "test-2", stale=True) == [made[0].article_id, waiting.id]
    assert article_table.unread(db, "test-1", stale=True) == [waiting.id]


def test_families_come_back_earliest_first(db: sqlite3.Connection) -> None:
    undated = keep(db, "“weights want to be free”", url="https://u.example/")
    db.execute("UPDATE articles SET published = NULL")
    late = keep(db, "“weights want to be free”", url="https://l.example/", published="2025-06-01")
    early = keep(db, "“weights want to be free”", url="https://e.example/", published="2025-05-01")
    ids = tuple(group[0].id for group in (early, late, undated))
    family_table.save_families(db, [Family(id="f", claim_ids=ids, representative=ids[1])])
    assert all_families(db) == [Family(id="f", claim_ids=ids, representative=ids[1])]


def test_grouping_anew_replaces_and_a_hidden_claim_is_not_in_a_family(db: sqlite3.Connection) -> None:
    a, b = keep(db)
    family_table.save_families(db, [Family(id="f", claim_ids=(a.id, b.id), representative=a.id)])
    db.execute("UPDATE claims SET hidden = 'asked for' WHERE id = ?", (a.id,))
    assert all_families(db) == [Family(id="f", claim_ids=(b.id,), representative=b.id)]
    family_table.save_families(db, [Family(id="g", claim_ids=(a.id, b.id), representative=a.id)])
    assert [family.id for family in all_families(db)] == ["g"]
