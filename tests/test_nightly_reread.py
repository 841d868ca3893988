"""A better reader of pages reads the kept ones again: texts get better, ids and corrections stay."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from conftest import NOW, openrace
from openrace.crawl_records import FetchedPage, Recheck
from openrace.extract.claims import extract_claims
from openrace.ingest.parse.page import parse_page
from openrace.records import Article
from openrace.store import article_table, claim_table, open_store, page_table
from openrace.store.crawl_tables import SqliteCrawlStore

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


def page_of(html: str) -> FetchedPage:
    return FetchedPage(URL, html.encode(), "text/html; charset=utf-8", None, None)


@pytest.fixture
def reread_store(store_path: Path) -> Path:
    db = open_store(store_path, create=True)
    article = read_by_an_older_openrace(PAGE)
    article_table.add_article(db, article, added=NOW)
    page_table.save_page(db, page_of(PAGE), article, fetched=NOW)
    claim_table.save_claims(db, article.id, extract_claims(article), "older")
    db.close()
    openrace("group", db=store_path)
    return store_path


def kept(reread_store: Path) -> dict[str, dict[str, object]]:
    lines = openrace("export", "claims", db=reread_store).stdout.splitlines()
    return {str(claim["text"]).rstrip(",."): claim for claim in map(json.loads, lines)}


def test_ids_families_and_corrections_stay(reread_store: Path) -> None:
    before = kept(reread_store)
    right = ("correct", "speaker", str(before[SECOND]["claim_id"]), "Odo Brandt", "--why", "He wrote to us.")
    assert openrace(*right, db=reread_store).returncode == 0
    done = openrace("reread", db=reread_store)
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("1 page read again, 1 with another text, 1 new claim")
    assert done.stdout.startswith("+ Ines Harrow: “Agreed”")
    assert len(done.stdout.splitlines()) == 1
    openrace("group", db=reread_store)
    after = kept(reread_store)
    for words in (INVOICE, SECOND):
        assert after[words]["claim_id"] == before[words]["claim_id"]
        assert after[words]["family_id"] == before[words]["family_id"]
        assert after[words]["spans"] != before[words]["spans"]
    assert after[SECOND]["speaker"]["name"] == "Odo Brandt"  # type: ignore[index]
    assert after["Agreed"]["speaker"]["name"] == "Ines Harrow"  # type: ignore[index]
    assert json.loads(openrace("status", "--json", db=reread_store).stdout)["claims_to_group"] == 0
    assert openrace("doctor", db=reread_store).returncode == 0


def test_ids_stay_when_a_better_extractor_comes_after_that(reread_store: Path) -> None:
    openrace("reread", db=reread_store)
    before = kept(reread_store)
    db = open_store(reread_store)
    db.execute("UPDATE articles SET extractor = 'older'")
    db.close()
    done = openrace("extract", "--stale", db=reread_store)
    assert done.stdout == ""
    assert {c["claim_id"] for c in kept(reread_store).values()} == {c["claim_id"] for c in before.values()}


def test_the_former_text_is_a_revision_and_a_second_time_changes_nothing(reread_store: Path) -> None:
    openrace("reread", db=reread_store)
    again = openrace("reread", db=reread_store)
    assert (again.stdout, again.stderr.splitlines()[0]) == ("", "1 page read again, 0 with another text")
    db = open_store(reread_store)
    (article,) = article_table.iter_articles(db)
    assert JUNK not in article.text
    ((seen, text),) = db.execute("SELECT seen, text FROM revisions WHERE article = ?", (article.id,))
    assert seen == NOW
    assert JUNK in text


def test_what_its_publisher_changed_since_is_left_as_it_was_quoted(reread_store: Path) -> None:
    changed = PAGE.replace(INVOICE, "The sea is for all")
    db = open_store(reread_store)
    read = parse_page(changed, URL)
    store = SqliteCrawlStore(db, lambda: datetime(2026, 2, 1, tzinfo=UTC))
    store.save_recheck(Recheck(URL, read.id, None, None), read, page_of(changed))
    db.close()
    done = openrace("reread", db=reread_store)
    assert done.stderr.startswith("0 pages read again")
    assert INVOICE in kept(reread_store)


def test_an_id_never_goes_over_to_other_words(reread_store: Path) -> None:
    """Where other words now stand at the very place, what a person set right must not be said of them."""
    db = open_store(reread_store)
    article = read_by_an_older_openrace(PAGE)
    other = article.model_copy(update={"text": article.text.replace(INVOICE, "The sea sends no invoict")})
    found = claim_table.with_stored_ids(db, article.id, extract_claims(other), anew=True)
    ids = {claim["claim_id"]: words for words, claim in kept(reread_store).items()}
    assert [ids.get(claim.id) for claim in found] == [None, SECOND]
