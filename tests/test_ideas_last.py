"""Marks last: a better extractor, another text, other families, another machine; a person made each once.

That a night killed anywhere loses none is tested in test_nightly_kill.py.
"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import NamedTuple

import pytest

from conftest import openrace
from openrace.crawl_records import FetchedPage
from openrace.ingest.parse.page import parse_page
from openrace.records import Claim, Span, normalise_wording
from openrace.store import article_table, claim_table, idea_tables, open_store, page_table

AT = "2026-01-05T04:00:00Z"
SAID = {
    "Ada Byte": "A free model leaves nothing to sell for those who charge for theirs",
    "Bo Chen": "Whoever gives the model away takes the price from all who sell one",
    "Cara Node": "Customers pay for a closed model because a closed model works",
}
JUNK = "Sign up for our letter."
FILLER = "The tide mill at the pier turned slowly all day, and the barrage beside it was painted by the yard."


class Marked(NamedTuple):
    """What a mark says today: of whose words, which way, by whom."""

    said: str
    label: str
    by: str | None


def page_of(speaker: str, words: str) -> tuple[str, str]:
    """The address and the HTML of a page with one quotation."""
    text = f"<p>{FILLER}</p><p>“{words},” said {speaker} on the quay.</p><p>{FILLER} Again.</p>"
    name = speaker.split()[0].lower()
    html = (
        f"<html lang=en><head><title>Said by {speaker}</title></head><body><article>{text}</article></body>"
    )
    return f"https://{name}.example/said", html


@pytest.fixture
def store(store_path: Path) -> Path:
    """Three articles as an older version read them: with a line too much, each quotation cut short."""
    db = open_store(store_path, create=True)
    for speaker, words in SAID.items():
        url, html = page_of(speaker, words)
        new = parse_page(html, url)
        article = new.model_copy(update={"text": new.text.replace("\n\n", f"\n\n{JUNK}\n\n", 1)})
        article_table.add_article(db, article, added=AT)
        page_table.save_page(
            db, FetchedPage(url, html.encode(), "text/html", None, None), article, fetched=AT
        )
        claim_table.save_claims(db, article.id, [cut_short(article.text, article.id, words)], "older")
    db.close()
    assert openrace("group", db=store_path).returncode == 0
    for speaker, label in zip(SAID, ("yes", "yes", "against"), strict=True):
        claim = claims(store_path)[speaker]
        done = openrace("ideas", label, "commodity", claim, "--by", "Ines Dorn", "--at", AT, db=store_path)
        assert done.returncode == 0, done.stderr
    return store_path


def cut_short(text: str, article: str, words: str) -> Claim:
    """The claim of an older extractor, which lost the last two words and the speaker."""
    kept = words.rsplit(" ", 2)[0]
    span = Span(text.index(kept), text.index(kept) + len(kept))
    return Claim(
        id=Claim.make_id(article, (span,)), article_id=article, kind="direct", spans=(span,), quoted=(span,),
        text=normalise_wording(kept), cue=None, speaker=None, context=span, confidence=0.9,
        reason="made by a test", extractor="older",
    )  # fmt: skip


def claims(path: Path) -> dict[str, str]:
    """Of whose words there are claims, and their ids."""
    lines = openrace("export", "claims", db=path).stdout.splitlines()
    found = {str(line["text"]): str(line["claim_id"]) for line in map(json.loads, lines)}
    return {s: i for s, words in SAID.items() for text, i in found.items() if text[:20] == words[:20]}


def marks(path: Path) -> set[Marked]:
    """What a night leaves marked in the store, and shown on the page."""
    done = openrace("nightly", "--no-crawl", "--at", AT, db=path)
    assert done.returncode == 0, done.stderr
    db = open_store(path, readonly=True)
    found = {
        Marked(said.text[:20], mark.label, mark.by)
        for mark in idea_tables.iter_marks(db, "commodity")
        for said in idea_tables.statements(db, [mark.family or ""])
    }
    db.close()
    page = json.loads((path.parent / "site/ideas/commodity/index.json").read_bytes())
    assert len(page["statements"]) == len(found)
    return found


MARKED = {
    Marked(words[:20], label, "Ines Dorn")
    for words, label in zip(SAID.values(), ("yes", "yes", "against"), strict=True)
}


def test_a_better_extractor_keeps_them(store: Path) -> None:
    before = claims(store)
    assert openrace("extract", "--stale", db=store).returncode == 0
    assert marks(store) == MARKED
    texts = openrace("export", "claims", db=store).stdout
    assert SAID["Ada Byte"] in texts
    assert set(claims(store)) == set(before)


def test_a_claim_that_got_another_id_is_found_by_its_words(store: Path) -> None:
    db = open_store(store)
    for number, (_, claim) in enumerate(sorted(claims(store).items())):
        db.execute("UPDATE claims SET id = ? WHERE id = ?", (f"{number:012}", claim))
        db.execute(
            "UPDATE families SET representative = ? WHERE representative = ?", (f"{number:012}", claim)
        )
    db.close()
    assert marks(store) == MARKED


def test_a_page_whose_text_is_parsed_anew_keeps_them(store: Path) -> None:
    done = openrace("reread", db=store)
    assert done.returncode == 0, done.stderr
    db = open_store(store, readonly=True)
    assert not any(JUNK in article.text for article in article_table.iter_articles(db))
    db.close()
    assert marks(store) == MARKED


def test_other_families_keep_them(store: Path, tmp_path: Path) -> None:
    """Further reports join the families; then all families are formed anew."""
    report = tmp_path / "more.jsonl"
    lines = [
        {"url": f"https://copy.example/{n}", "text": f"{FILLER}\n\n“{words},” said {speaker} on Monday."}
        for n, (speaker, words) in enumerate(SAID.items())
    ]
    report.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert openrace("import", str(report), db=store).returncode == 0
    assert marks(store) == MARKED
    form_families_anew(open_store(store))
    assert marks(store) == MARKED


def form_families_anew(db: sqlite3.Connection) -> None:
    """Forget all grouping, as a version with another way to group does."""
    db.execute("UPDATE claims SET family = NULL")
    for table in ("families", "quotes", "wordings", "shingles", "merges"):
        db.execute(f"DELETE FROM {table}")
    db.execute("DELETE FROM state WHERE name IN ('grouped', 'ideas', 'published')")
    db.close()


def test_a_backup_takes_them_to_another_machine(store: Path, tmp_path: Path) -> None:
    copy = openrace("backup", db=store).stdout.strip()
    elsewhere = tmp_path / "elsewhere" / "openrace.db"
    done = openrace("restore", copy, db=elsewhere)
    assert done.returncode == 0, done.stderr
    assert "ideas-marks.toml is put back" in done.stderr
    assert marks(elsewhere) == MARKED


def test_a_restore_leaves_what_was_marked_since(store: Path) -> None:
    copy = openrace("backup", db=store).stdout.strip()
    openrace("ideas", "unmark", "commodity", claims(store)["Cara Node"], db=store)
    assert openrace("restore", copy, db=store).returncode == 0
    assert {mark.label for mark in marks(store)} == {"yes"}


def test_old_backups_go_with_what_lies_beside_them(store: Path) -> None:
    folder = Path(openrace("backup", db=store).stdout.strip()).parent
    for path in list(folder.iterdir()):
        path.rename(path.with_name(path.name.replace(path.name.split("Z")[0], "openrace-2020-01-01T000000")))
    openrace("backup", "--keep", "1", db=store)
    assert {path.suffix for path in folder.iterdir()} == {".db", ".toml"}
    assert not list(folder.glob("openrace-2020*"))
