"""What a person sets right applies at once, lasts, can be taken back, and says so where it cannot be."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import NOW, an_article, openrace, quoted_claims
from openrace.errors import ConfigError
from openrace.pipeline.apply_corrections import apply_corrections
from openrace.seed_records import Person
from openrace.store import article_table, claim_table, open_store
from openrace.store.claim_search import ClaimQuery, search
from openrace.user_files.corrections_file import Correction, load_corrections, rearrange, write_correction
from openrace.user_files.seed_files import Seeds

EMPTY = Seeds(feeds=(), outlets=(), people=(), organisations=(), topics=(), beats=())
SEEDS = EMPTY.model_copy(update={"people": (Person(id="ada-byte", name="Ada Byte"),)})
TEXT = "“Weights want to be free,” she said. “Chips do not matter,” said the other."


@pytest.fixture
def kept(db: sqlite3.Connection) -> list[str]:
    article = an_article(TEXT)
    article_table.add_article(db, article, added=NOW)
    made = quoted_claims(article, "Bo Chen")
    claim_table.save_claims(db, article.id, made, "t")
    return [claim.id for claim in made]


def a_correction(**what: object) -> Correction:
    return Correction.model_validate({"where": "c.toml:1", "when": "2026-01-05", "why": "asked"} | what)


def put(db: sqlite3.Connection, *found: Correction) -> list[str]:
    told: list[str] = []
    apply_corrections(db, found, SEEDS, warn=told.append)
    return told


def dump(db: sqlite3.Connection) -> list[tuple[object, ...]]:
    tables = ("articles", "claims", "claims_fts")
    return [tuple(row) for table in tables for row in db.execute(f"SELECT * FROM {table}")]


def test_naming_withholding_and_hiding(db: sqlite3.Connection, kept: list[str]) -> None:
    put(
        db,
        a_correction(claim=kept[0], speaker="Ada Byte", person="ada-byte"),
        a_correction(claim=kept[1], withhold=True),
    )
    first, second = claim_table.iter_claims(db)
    assert first.speaker is not None
    assert (first.speaker.name, first.speaker.person_id) == ("Ada Byte", "ada-byte")
    assert second.speaker is None
    assert first.reason == second.reason == "set right by hand: asked"
    assert [hit.id for hit in search(db, ClaimQuery(speaker="ada"))] == [kept[0]]
    put(db, a_correction(claim=kept[0], hide=True))
    assert [claim.id for claim in claim_table.iter_claims(db)] == [kept[1]]
    assert search(db, ClaimQuery("weights")) == []


def test_what_is_taken_out_of_the_file_is_undone(db: sqlite3.Connection, kept: list[str]) -> None:
    before = dump(db)
    article = next(claim_table.iter_claims(db)).article_id
    put(
        db,
        a_correction(claim=kept[0], speaker="Ada Byte"),
        a_correction(claim=kept[1], hide=True),
        a_correction(merge="Bo Chen", into="ada-byte"),
        a_correction(article=article, published="unknown"),
    )
    assert dump(db) != before
    put(db)
    assert dump(db) == before


def test_a_correction_survives_a_new_reading(db: sqlite3.Connection, kept: list[str]) -> None:
    right = a_correction(claim=kept[0], speaker="Ada Byte")
    put(db, right)
    article = article_table.get_article(db, next(claim_table.iter_claims(db)).article_id)
    assert article is not None
    again = [
        claim.model_copy(update={"extractor": "t2"}) for claim in quoted_claims(article, "Somebody Else")
    ]
    claim_table.save_claims(db, article.id, again, "t2")
    put(db, right)
    found = claim_table.get_claim(db, kept[0])
    assert found is not None
    assert found.speaker is not None
    assert found.speaker.name == "Ada Byte"


def test_a_claim_that_was_cut_differently_is_found_by_its_words(
    db: sqlite3.Connection, kept: list[str]
) -> None:
    article = next(claim_table.iter_claims(db)).article_id
    gone = a_correction(
        claim="gone", article=article, words="she meant: Weights want to be free,", speaker="Ada Byte"
    )
    assert put(db, gone) == []
    assert [hit.id for hit in search(db, ClaimQuery(speaker="ada"))] == [kept[0]]


def test_merging_speakers_keeps_single_corrections(db: sqlite3.Connection, kept: list[str]) -> None:
    put(db, a_correction(claim=kept[0], speaker="Cy Dent"), a_correction(merge="Bo Chen", into="ada-byte"))
    said = {claim.id: claim.speaker.name for claim in claim_table.iter_claims(db) if claim.speaker}
    assert said == {kept[0]: "Cy Dent", kept[1]: "Ada Byte"}


def test_a_date_moves_the_claims_in_time(db: sqlite3.Connection, kept: list[str]) -> None:
    article = next(claim_table.iter_claims(db)).article_id
    put(db, a_correction(article=article, published="2024-12-24"))
    assert len(search(db, ClaimQuery(since="2024-12-24", until="2024-12-24"))) == 2
    put(db, a_correction(article=article, published="unknown"))
    assert search(db, ClaimQuery(since="2000-01-01")) == []
    assert len(search(db, ClaimQuery("weights OR chips"))) == 2


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ({"claim": "nope", "hide": True}, "c.toml:1: there is no claim nope"),
        ({"join": ("nope", "nada")}, "there is no claim nope"),
        ({"article": "nope", "published": "2024-01-01"}, "there is no article nope"),
        ({"merge": "Bo Chen", "into": "nobody"}, "there is no nobody in people.toml"),
        ({"merge": "Nobody", "into": "ada-byte"}, "nobody called Nobody speaks here"),
    ],
)
def test_what_is_not_there_is_told_and_the_rest_applies(
    db: sqlite3.Connection, kept: list[str], what: dict[str, object], told: str
) -> None:
    (line,) = put(db, a_correction(**what), a_correction(claim=kept[0], hide=True))
    assert told in line
    assert len(list(claim_table.iter_claims(db))) == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[correction]]\nwhen = 2026-01-01\nwhy = 'x'\nclaim = 'a'\n", ":1: give one of"),
        ("\n[[correction]]\nwhen = 2026-01-01\nwhy = 'x'\nhide = true\n", ":2: hide needs a claim"),
        ("[[correction]]\nwhen = 'soon'\nwhy = 'x'\nclaim = 'a'\nhide = true\n", ":1: when"),
        ("[[correction]]\nwhen = 2026-01-01\nwhy = 'x'\nclaim = 'a'\nhide = true\nhode = 1\n", ":1: hode"),
        ("[[correction]]\nwhen = \n", ":2: is not TOML"),
        ("[[corection]]\n", "holds corection"),
        ("correction = 3\n", "correction"),
    ],
)
def test_a_broken_file_names_the_line(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "corrections.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as error:
        load_corrections(path)
    assert told in str(error.value)


HEAD = "[[correction]]\nwhen = 2026-01-01\nwhy = 'x'\n"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("claim = 'a'\nspeaker = 'A'\n", "claim = 'a'\nspeaker = 'B'\n"),
        ("claim = 'a'\nspeaker = 'A'\n", "claim = 'a'\nwithhold = true\n"),
        ("merge = 'A'\ninto = 'b'\n", "merge = 'A'\ninto = 'c'\n"),
        ("article = 'a'\npublished = 2025-01-01\n", "article = 'a'\npublished = 'unknown'\n"),
        ("join = ['a', 'b']\n", "part = ['a']\n"),
    ],
)
def test_contradictions_name_both_lines(tmp_path: Path, one: str, other: str) -> None:
    path = tmp_path / "corrections.toml"
    path.write_text(f"{HEAD}{one}\n{HEAD}{other}")
    with pytest.raises(ConfigError, match=r":\d+: contradicts .*:\d+"):
        load_corrections(path)
    path.write_text(f"{HEAD}{one}\n{HEAD}{one}")
    assert len(load_corrections(path)) == 2


def test_families_are_joined_and_parted() -> None:
    placed = {"a": "f", "b": "f", "c": "g", "d": "h"}
    joined = rearrange(placed, [a_correction(join=("a", "c"))])
    assert joined["a"] == joined["b"] == joined["c"] != joined["d"]
    parted = rearrange(placed, [a_correction(part=("a",))])
    assert parted["a"] not in placed.values()
    assert parted["b"] == "f"
    assert rearrange(placed, [a_correction(part=("zz",)), a_correction(join=("zz", "yy"))]) == placed


@given(st.text(), st.text(min_size=1), st.lists(st.text(min_size=1), min_size=2, max_size=3, unique=True))
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, words: str, why: str, ids: list[str]
) -> None:
    path = tmp_path_factory.mktemp("c") / "corrections.toml"
    write_correction(path, {"when": "2026-01-05", "why": why, "claim": "a", "words": words, "hide": True})
    write_correction(path, {"when": "2026-01-05", "why": why, "join": ids})
    first, second = load_corrections(path)
    assert (first.words or "", first.why, second.join) == (words, why, tuple(ids))


@pytest.fixture
def shelf(store_path: Path) -> tuple[Path, list[str]]:
    db = open_store(store_path, create=True)
    ids = []
    for number in range(2):
        article = an_article(TEXT, url=f"https://n{number}.example/")
        article_table.add_article(db, article, added=NOW)
        made = quoted_claims(article, "Bo Chen")
        claim_table.save_claims(db, article.id, made, "t")
        ids += [claim.id for claim in made]
    db.close()
    return store_path, ids


def test_from_the_command_line(shelf: tuple[Path, list[str]]) -> None:
    db, ids = shelf
    assert openrace("correct", "speaker", ids[0], "Ada Byte", "--why", "misread", db=db).returncode == 0
    assert json.loads(openrace("search", "--speaker", "ada", "--json", db=db).stdout)["id"] == ids[0]
    shown = openrace("show", ids[0], "--why", db=db).stdout
    assert "set right by hand: misread" in shown
    assert "Bo Chen" in shown
    assert openrace("correct", "part", ids[0], "--why", "another day", db=db).returncode == 0
    family = {json.loads(line)["claim_id"]: json.loads(line)["family_id"] for line in _export(db)}
    assert family[ids[0]] != family[ids[2]]
    assert openrace("correct", "hide", ids[1], "--why", "asked for", db=db).returncode == 0
    assert len(_export(db)) == 3
    assert len(openrace("correct", "list", db=db).stdout.splitlines()) == 3


def _export(db: Path) -> list[str]:
    return openrace("export", "claims", db=db).stdout.splitlines()


def test_a_correction_that_cannot_be_is_not_written(shelf: tuple[Path, list[str]]) -> None:
    db, ids = shelf
    openrace("correct", "speaker", ids[0], "Ada Byte", "--why", "misread", db=db)
    file = db.with_name("corrections.toml")
    before = file.read_text()
    for arguments in (["hide", "nope"], ["withhold", ids[0]], ["merge", "Bo Chen", "nobody"]):
        done = openrace("correct", *arguments, "--why", "x", db=db)
        assert done.returncode == 2
        (told,) = done.stderr.splitlines()
        assert told.startswith(f"openrace: {file}: stays as it was: ")
        assert file.read_text() == before


def test_a_day_that_is_none_is_refused_where_it_is_typed(shelf: tuple[Path, list[str]]) -> None:
    db, ids = shelf
    shown = openrace("show", ids[0], "--why", db=db).stdout
    (article,) = re.findall(r"^  article +(\w+)$", shown, re.MULTILINE)
    done = openrace("correct", "date", article, "2026-13-40", "--why", "x", db=db)
    assert (done.returncode, "is not a date" in done.stderr) == (2, True)
    assert openrace("correct", "date", article, "2026-01-02", "--why", "x", db=db).returncode == 0
    assert "2026-01-02" in openrace("show", ids[0], db=db).stdout


def test_nothing_is_published_without_the_corrections(shelf: tuple[Path, list[str]]) -> None:
    db, _ = shelf
    db.with_name("corrections.toml").write_text("[[correction]\n")
    openrace("import", "-", stdin="“One more thing,” said Bo Chen.", db=db)
    done = openrace("nightly", "--no-crawl", db=db)
    assert done.returncode == 2
    assert "corrections.toml:1" in done.stderr
    assert "1 article read" in done.stderr
    assert not (db.parent / "site").exists()


def test_a_file_edited_by_hand_is_applied_by_the_night(shelf: tuple[Path, list[str]]) -> None:
    db, ids = shelf
    file = db.with_name("corrections.toml")
    file.write_text(f"{HEAD}claim = '{ids[0]}'\nhide = true\n\n{HEAD}claim = 'nope'\nhide = true\n")
    done = openrace("nightly", "--no-crawl", "--at", "2026-01-02", db=db)
    assert done.returncode == 3
    assert "corrections.toml:7: there is no claim nope" in done.stderr
    assert len(_export(db)) == 3
    site = "".join(page.read_text() for page in (db.parent / "site" / "corrections").rglob("*.html"))
    assert "A claim was taken out of sight." in site
