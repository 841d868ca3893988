"""Names that may be of one person in both scripts are offered, with what speaks for it; all are invented."""

from __future__ import annotations

import sqlite3
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from conftest import NOW, an_article, openrace, quoted_claims
from openrace.person_names.transliteration import ALIKE, sound_alike
from openrace.pipeline.group_claims import group_into_families
from openrace.pipeline.suggest_people import suggest_people
from openrace.scripts import has_han
from openrace.seed_records import Person
from openrace.store import article_table, claim_table, open_store

CHIPS = "Export controls on chips will slow down American companies and help their competitors in China"
CHIPS_ZH = "芯片出口管制会拖慢美国公司，帮助它们在中国的竞争对手"
HARVEST = "The harvest of apples in the valley was the best in thirty years"
ASIDES = (
    "Rivers freeze over in winter and the ferries to the islands wait for spring",
    "老图书馆的屋顶漏水，孩子们把书搬到了楼下",
)  # what else a speaker says: who speaks once is worth no line
BESIDE = "工程师特伦贝尔科（Lovik Trenbelko）来自山谷。"


def keep(
    db: sqlite3.Connection, words: str, speaker: str, more: str = "", day: int = 19, person: str | None = None
) -> None:
    number = db.execute("SELECT count(*) FROM articles").fetchone()[0]
    article = an_article(
        f"“{words}” was said, and “{ASIDES[has_han(speaker)]}”. {more}",
        url=f"https://{number}.example/",
        outlet=f"{number}.example",
        published=str(date(2025, 5, day)),
    )
    article_table.add_article(db, article, added=NOW)
    claim_table.save_claims(db, article.id, quoted_claims(article, speaker, person), "test")


def offered(db: sqlite3.Connection, *people: Person) -> list[tuple[str | int, ...]]:
    group_into_families(db, now=NOW)
    return [(*one.han, one.latin, len(one.statements), one.printed) for one in suggest_people(db, people)]


@pytest.mark.parametrize(
    ("han", "latin", "alike"),
    [
        ("特伦贝尔科", "Trenbelko", True),
        ("默兰诺夫", "Meranoff", True),
        ("卡斯特纳", "Kastner", True),
        ("格林德森", "Grindthen", True),
        ("巴尔斯基", "Barsky", True),
        ("特伦贝尔科", "Kastner", False),
        ("默兰诺夫", "Grindson", False),
        ("李", "Lee", False),  # too little to compare
    ],
)
def test_surnames_that_read_alike(han: str, latin: str, alike: bool) -> None:
    assert (sound_alike(han, latin) >= ALIKE) == alike


def test_a_name_that_sounds_alike_and_says_the_same_is_offered(db: sqlite3.Connection) -> None:
    keep(db, CHIPS, "Lovik Trenbelko")
    keep(db, CHIPS_ZH, "特伦贝尔科", day=20)
    keep(db, HARVEST, "Otto Glim")
    assert offered(db) == [("特伦贝尔科", "Lovik Trenbelko", 1, 0)]
    [found] = suggest_people(db, ())
    line = tomllib.loads(found.line)["lovik-trenbelko"]
    assert line == {"name": "Lovik Trenbelko", "aliases": ["特伦贝尔科"]}


@pytest.mark.parametrize(
    ("words", "speaker", "day"),
    [(HARVEST, "Lovik Trenbelko", 19), (CHIPS, "Marta Kastner", 19), (CHIPS, "Lovik Trenbelko", 25)],
    ids=["says something else", "sounds otherwise", "another week"],
)
def test_half_a_reason_is_none(db: sqlite3.Connection, words: str, speaker: str, day: int) -> None:
    keep(db, words, speaker, day=day)
    keep(db, CHIPS_ZH, "特伦贝尔科", day=20)
    assert offered(db) == []


def test_who_spoke_once_is_not_offered(db: sqlite3.Connection) -> None:
    keep(db, CHIPS, "Lovik Trenbelko")
    keep(db, CHIPS_ZH, "特伦贝尔科")
    db.execute("UPDATE claims SET hidden = 'by request' WHERE text = ?", (ASIDES[0],))
    assert offered(db) == []


def test_names_printed_side_by_side_twice_are_offered(db: sqlite3.Connection) -> None:
    keep(db, HARVEST, "Lovik Trenbelko", BESIDE)
    keep(db, CHIPS_ZH, "特伦贝尔科")
    assert offered(db) == []
    keep(db, HARVEST, "Otto Glim", BESIDE)
    assert offered(db) == [("特伦贝尔科", "Lovik Trenbelko", 0, 2)]


def test_several_forms_of_one_name_make_one_line(db: sqlite3.Connection) -> None:
    keep(db, CHIPS, "Lovik Trenbelko")
    keep(db, CHIPS_ZH, "特伦贝尔科")
    keep(db, CHIPS_ZH, "洛维克·特伦贝尔科")
    group_into_families(db, now=NOW)
    [found] = suggest_people(db, ())
    assert set(tomllib.loads(found.line)["lovik-trenbelko"]["aliases"]) == set(found.han)
    assert len(found.han) == 2


def test_a_listed_person_is_offered_another_alias(db: sqlite3.Connection) -> None:
    keep(db, CHIPS, "Lovik Trenbelko", person="lovik-trenbelko")
    keep(db, CHIPS_ZH, "特伦贝尔科")
    fields: dict[str, Any] = {"name": "Lovik Trenbelko", "aliases": ["L. Trenbelko"], "organisation": "byte"}
    listed = Person(id="lovik-trenbelko", **fields)
    offered(db, listed)
    [found] = suggest_people(db, [listed])
    fields["aliases"].append("特伦贝尔科")
    assert tomllib.loads(found.line) == {"lovik-trenbelko": fields}


def test_the_command_prints_a_line_to_paste(store_path: Path) -> None:
    db = open_store(store_path, create=True)
    keep(db, CHIPS, "Lovik Trenbelko")
    keep(db, CHIPS_ZH, "特伦贝尔科")
    group_into_families(db, now=NOW)
    db.close()
    told = openrace("people", "suggest", db=store_path).stdout
    assert "特伦贝尔科 – Lovik Trenbelko: 1 statement alike" in told
    assert 'lovik-trenbelko = { name = "Lovik Trenbelko", aliases = ["特伦贝尔科"] }' in told
