"""A better reader of pages reads the kept ones again: texts get better, ids and corrections stay."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import NOW, openrace
from openrace.extract import extract_claims
from openrace.ingest import parse_page
from openrace.records import Article
from openrace.store import article_table, claim_table, crawl_tables, open_store

URL = "https://paper.example/tides"
FILLER = "The tide mill at the pier turned slowly all day, and the barrage beside it was painted by the yard."
PAGE = f"""<html lang=en><head><title>The tide mill</title></head><body><article><h1>The tide mill</h1>
<p>{FILLER}</p><p>“The sea sends no invoice,” said Mara Quill on the quay.</p><p>{FILLER} Twice.</p>
<p>“We will build a second one,” said Tobias Fenn.</p><p>“Agreed,” said Ines Harrow.</p>
<p>{FILLER} Again.</p></article></body></html>"""
JUNK = "Sign up for our letter."
INVOICE, SECOND = "The sea sends no invoice", "We will build a second one"


def read_by_an_older_openrace(page: str) -> Article:
    """With a line that is no part of the article, and without its last quotation."""
    text = parse_page(page, URL).text
    older = text.replace("\n\n", f"\n\n{JUNK}\n\n", 1).replace("\n\n“Agreed,” said Ines Harrow.", "")
    assert len(text) != len(older)
    return parse_page(page, URL).model_copy(update={"text": older})


@pytest.fixture
def shelf(store_path: Path) -> Path:
    db = open_store(store_path, create=True)
    article = read_by_an_older_openrace(PAGE)
    article_table.add_article(db, article, added=NOW)
    crawl_tables.keep_page(
        db, URL, article, PAGE.encode(), fetched=NOW, content_type="text/html; charset=utf-8"
    )
    claim_table.save_claims(db, article.id, extract_claims(article), "older")
    db.close()
    openrace("group", db=store_path)
    return store_path


def kept(shelf: Path) -> dict[str, dict[str, object]]:
    lines = openrace("export", "claims", db=shelf).stdout.splitlines()
    return {str(claim["text"]).rstrip(",."): claim for claim in map(json.loads, lines)}


def test_ids_families_and_corrections_stay(shelf: Path) -> None:
    before = kept(shelf)
    right = ("correct", "speaker", str(before[SECOND]["claim_id"]), "Odo Brandt", "--why", "He wrote to us.")
    assert openrace(*right, db=shelf).returncode == 0
    done = openrace("reread", db=shelf)
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("1 page read again, 1 with another text, 1 new claim")
    assert done.stdout.startswith("+ Ines Harrow: Agreed")
    assert len(done.stdout.splitlines()) == 1
    openrace("group", db=shelf)
    after = kept(shelf)
    for words in (INVOICE, SECOND):
        assert after[words]["claim_id"] == before[words]["claim_id"]
        assert after[words]["family_id"] == before[words]["family_id"]
        assert after[words]["spans"] != before[words]["spans"]
    assert after[SECOND]["speaker"]["name"] == "Odo Brandt"  # type: ignore[index]
    assert after["Agreed"]["speaker"]["name"] == "Ines Harrow"  # type: ignore[index]
    assert json.loads(openrace("status", "--json", db=shelf).stdout)["claims_to_group"] == 0
    assert openrace("doctor", db=shelf).returncode == 0


def test_ids_stay_when_a_better_extractor_comes_after_that(shelf: Path) -> None:
    openrace("reread", db=shelf)
    before = kept(shelf)
    db = open_store(shelf)
    db.execute("UPDATE articles SET extractor = 'older'")
    db.close()
    done = openrace("extract", "--stale", db=shelf)
    assert done.stdout == ""
    assert {c["claim_id"] for c in kept(shelf).values()} == {c["claim_id"] for c in before.values()}


def test_the_former_text_is_a_revision_and_a_second_time_changes_nothing(shelf: Path) -> None:
    openrace("reread", db=shelf)
    again = openrace("reread", db=shelf)
    assert (again.stdout, again.stderr.splitlines()[0]) == ("", "1 page read again, 0 with another text")
    db = open_store(shelf)
    (article,) = article_table.iter_articles(db)
    assert JUNK not in article.text
    ((seen, text),) = crawl_tables.iter_revisions(db, article.id)
    assert seen == NOW
    assert JUNK in text


def test_what_its_publisher_changed_since_is_left_as_it_was_quoted(shelf: Path) -> None:
    changed = PAGE.replace(INVOICE, "The sea is for all")
    db = open_store(shelf)
    read = parse_page(changed, URL)
    crawl_tables.save_visit(db, URL, read, seen="2026-02-01T00:00:00Z", body=changed.encode())
    db.close()
    done = openrace("reread", db=shelf)
    assert done.stderr.startswith("0 pages read again")
    assert INVOICE in kept(shelf)


def test_an_id_never_goes_over_to_other_words(shelf: Path) -> None:
    """Where other words now stand at the very place, what a person set right must not be said of them."""
    db = open_store(shelf)
    article = read_by_an_older_openrace(PAGE)
    other = article.model_copy(update={"text": article.text.replace(INVOICE, "The sea sends no invoict")})
    found = claim_table.under_kept_ids(db, article.id, extract_claims(other), anew=True)
    ids = {claim["claim_id"]: words for words, claim in kept(shelf).items()}
    assert [ids.get(claim.id) for claim in found] == [None, SECOND]
