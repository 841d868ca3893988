"""Families that last: ids, merges, what is hidden or changed, and that a night reads only what it must."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from conftest import NOW, all_families, an_article, openrace, quoted_claims
from openrace.clustering import place_quotes
from openrace.pipeline.family_stories import explain_two
from openrace.pipeline.group_claims import GroupingReport, group_into_families
from openrace.records import Claim, Quote
from openrace.store import claim_table, family_table, open_store, transaction
from openrace.store.article_table import add_article
from openrace.store.quote_index import SqliteQuoteIndex

FIRST = "The ice remembers everything that we ever built on it"
SECOND = "and no laboratory of ours will outlive the spring of that year"
BOTH = f"{FIRST}, {SECOND}."


def keep(db: sqlite3.Connection, text: str, outlet: str, speaker: str | None = "Ada Byte") -> list[Claim]:
    """An article of one outlet with a quotation, kept and read."""
    article = an_article(
        f"{outlet} spoke with her on Monday. “{text}” That was all.",
        url=f"https://{outlet}/a",
        outlet=outlet,
    )
    add_article(db, article, added=NOW)
    found = quoted_claims(article, speaker)
    claim_table.save_claims(db, article.id, found, "test")
    return found


def family_of(db: sqlite3.Connection, claim: Claim) -> str:
    return str(db.execute("SELECT family FROM claims WHERE id = ?", (claim.id,)).fetchone()[0])


def test_an_id_stays_when_reports_join(db: sqlite3.Connection) -> None:
    [first] = keep(db, BOTH, "one.example")
    group_into_families(db, now=NOW)
    before = family_of(db, first)
    later = [keep(db, FIRST, f"o{i}.example")[0] for i in range(5)]
    assert group_into_families(db, now=NOW).moved == 5
    assert {family_of(db, claim) for claim in (first, *later)} == {before}


def test_two_families_that_turn_out_to_be_one_leave_an_alias(db: sqlite3.Connection) -> None:
    [a], [b] = keep(db, FIRST, "one.example"), keep(db, SECOND, "two.example")
    group_into_families(db, now=NOW)
    old = {family_of(db, a), family_of(db, b)}
    assert len(old) == 2
    [both] = keep(db, BOTH, "three.example")
    assert group_into_families(db, now=NOW).merged == 1
    [kept] = {family_of(db, claim) for claim in (a, b, both)}
    [gone] = old - {kept}
    assert kept in old
    assert family_table.get_family(db, gone) == family_table.get_family(db, kept)
    [merge] = SqliteQuoteIndex(db).merges()
    assert (merge.gone, merge.kept, merge.when) == (gone, kept, NOW)
    assert both.id in merge.reason


def test_two_parts_are_told_the_way_between_them(db: sqlite3.Connection) -> None:
    [a], [b] = keep(db, FIRST, "one.example"), keep(db, SECOND, "two.example")
    group_into_families(db, now=NOW)
    assert explain_two(db, a.id, b.id).startswith("not one family")
    [both] = keep(db, BOTH, "three.example")
    group_into_families(db, now=NOW)
    assert explain_two(db, a.id, b.id).startswith(f"one family by way of {both.id} ·")
    assert explain_two(db, a.id, both.id).startswith("one family · reports of one utterance")


def test_a_part_that_moves_to_another_whole_takes_nobody_along(db: sqlite3.Connection) -> None:
    """What hung together by way of it falls apart again, as if all had come in one night."""
    index = SqliteQuoteIndex(db)
    late = "The harbour kept one lamp for the small models, said nobody, and the ice took every other one"
    part = "one lamp for the small models"
    nights = [
        Quote(quote_id="early", text=f"In winter {part}", speaker="Ada Byte", date="2025-01-01"),
        Quote(quote_id="part", text=part, speaker="Ada Byte", date="2025-03-01"),
        Quote(quote_id="late", text=late, speaker="Ada Byte", date="2025-03-01"),
    ]
    for quote in nights:
        with transaction(db):
            place_quotes([quote], index, now=NOW)
    placed = {row["claim"]: row["family"] for row in db.execute("SELECT claim, family FROM quotes")}
    assert placed["part"] == placed["late"] != placed["early"]


def test_who_relays_brings_no_words_of_their_own_into_the_family(db: sqlite3.Connection) -> None:
    words = "we will not publish the open weights of"
    quotes = [
        Quote(quote_id="a", text=words, speaker="Ada Byte"),
        Quote(quote_id="b", text=words, speaker="Carl Node"),
        Quote(quote_id="c", text="we will not", speaker="Carl Node"),
    ]
    for quote in quotes:
        with transaction(db):
            place_quotes([quote], SqliteQuoteIndex(db), now=NOW)
    placed = {row["claim"]: row["family"] for row in db.execute("SELECT claim, family FROM quotes")}
    assert placed["a"] == placed["b"] != placed["c"]


def test_an_alias_of_an_alias_leads_to_the_last(db: sqlite3.Connection) -> None:
    index = SqliteQuoteIndex(db)
    parts = [FIRST, SECOND, "while every harbour on this coast keeps a light for the small models"]
    for i, part in enumerate(parts):
        with transaction(db):
            place_quotes([Quote(quote_id=f"p{i}", text=part, speaker="Ada Byte")], index, now=NOW)
    for i, text in enumerate((f"{parts[0]} and {parts[1]}", f"{parts[0]} and {parts[1]} and {parts[2]}")):
        with transaction(db):
            place_quotes([Quote(quote_id=f"w{i}", text=text, speaker="Ada Byte")], index, now=NOW)
    live = {row["family"] for row in db.execute("SELECT family FROM quotes")}
    assert len(live) == 1
    assert {merge.kept for merge in index.merges()} == live
    assert len({merge.gone for merge in index.merges()}) == 2


def test_a_second_run_has_nothing_to_do(db: sqlite3.Connection) -> None:
    keep(db, BOTH, "one.example")
    keep(db, FIRST, "two.example")
    group_into_families(db, now=NOW)
    assert group_into_families(db, now=NOW) == GroupingReport(0, 0)


def test_what_hung_below_a_hidden_claim_is_placed_anew(db: sqlite3.Connection) -> None:
    [whole], [a], [b] = (
        keep(db, BOTH, "one.example"),
        keep(db, FIRST, "two.example"),
        keep(db, SECOND, "three.example"),
    )
    group_into_families(db, now=NOW)
    shared = family_of(db, whole)
    assert family_of(db, a) == family_of(db, b) == shared
    db.execute("UPDATE claims SET hidden = 'wrong' WHERE id = ?", (whole.id,))
    group_into_families(db, now=NOW)
    assert family_of(db, a) != family_of(db, b)
    assert shared in (family_of(db, a), family_of(db, b)), "the published id stays with somebody"
    db.execute("UPDATE claims SET hidden = NULL WHERE id = ?", (whole.id,))
    group_into_families(db, now=NOW)
    assert family_of(db, a) == family_of(db, b) == family_of(db, whole)


def test_a_claim_that_is_gone_leaves_no_trace(db: sqlite3.Connection) -> None:
    [whole], [a] = keep(db, BOTH, "one.example"), keep(db, FIRST, "two.example")
    group_into_families(db, now=NOW)
    claim_table.save_claims(db, whole.article_id, [], "test")
    group_into_families(db, now=NOW)
    [family] = all_families(db)
    assert family.claim_ids == (a.id,)
    assert [row["claim"] for row in db.execute("SELECT claim FROM quotes")] == [a.id]


def test_a_speaker_set_right_parts_a_family(db: sqlite3.Connection) -> None:
    [a], [b] = (
        keep(db, "Models taught us", "one.example"),
        keep(db, "Models taught us", "two.example"),
    )
    group_into_families(db, now=NOW)
    assert family_of(db, a) == family_of(db, b)
    db.execute("UPDATE claims SET speaker = 'Carl Node' WHERE id = ?", (b.id,))
    group_into_families(db, now=NOW)
    assert family_of(db, a) != family_of(db, b)


def test_a_family_knows_its_fullest_wording(db: sqlite3.Connection) -> None:
    [a], [whole] = keep(db, FIRST, "one.example"), keep(db, BOTH, "two.example")
    group_into_families(db, now=NOW)
    family = family_table.get_family(db, family_of(db, a))
    assert family is not None
    assert family.representative == whole.id


def test_a_speaker_set_right_leaves_no_echo_of_the_wrong_one(db: sqlite3.Connection) -> None:
    said = "We are what we do and we will not be what they say we are"
    quotes = [Quote(quote_id=i, text=said, speaker=who) for i, who in (("a", "Ada Byte"), ("b", "Bo Chen"))]
    place_quotes(quotes, SqliteQuoteIndex(db), now=NOW)
    right = [quotes[0], quotes[1].model_copy(update={"speaker": "Cy Dent"})]
    place_quotes(right[1:], SqliteQuoteIndex(db), now=NOW)
    fresh = open_store(":memory:")
    place_quotes(right, SqliteQuoteIndex(fresh), now=NOW)
    index = "SELECT shingle, kind, length FROM shingles"
    assert set(map(tuple, db.execute(index))) == set(map(tuple, fresh.execute(index)))
    assert fresh.execute(f"{index} WHERE kind = 2").fetchone()
    fresh.close()


def test_three_spellings_are_one_speaker_everywhere(tmp_path: Path) -> None:
    """The command line, the store, the export and the page name one speaker, and not the misspelling."""
    path = tmp_path / "openrace.db"
    db = open_store(path, create=True)
    for number, speaker in enumerate(("Mara Lindquist", "Mara Lindqvist", "M. Lindqvist", "Mara Lindqvist")):
        keep(db, FIRST, f"outlet{number}.example", speaker=speaker)
    group_into_families(db, now=NOW)
    [family] = all_families(db)
    assert family.speaker == "Mara Lindqvist"
    assert [row["speaker"] for row in family_table.list_families(db)] == ["Mara Lindqvist"]
    db.close()
    assert "Mara Lindqvist" in openrace("families", db=path).stdout.splitlines()[0]
    assert openrace("show", family.id, db=path).stdout.startswith("Mara Lindqvist")
    exported = json.loads(openrace("export", "families", "--format", "jsonl", db=path).stdout)
    assert exported["speaker"] == "Mara Lindqvist"
    openrace("publish", "--to", str(tmp_path / "site"), db=path)
    [page] = (tmp_path / "site" / "q").glob("*/index.html")
    assert "<title>Mara Lindqvist: " in page.read_text("utf-8")
    assert "Lindquist" not in page.read_text("utf-8")


def test_a_report_that_names_nobody_contradicts_nobody(db: sqlite3.Connection) -> None:
    for number, speaker in enumerate(("Ada Byte", None)):
        keep(db, FIRST, f"outlet{number}.example", speaker=speaker)
    group_into_families(db, now=NOW)
    [family] = all_families(db)
    assert (family.speaker, family.disputed) == ("Ada Byte", ())
