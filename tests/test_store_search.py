"""Searching: what is found, in which order, and what is told where a query cannot be understood."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import NOW, an_article, quoted_claims
from openrace.errors import ConfigError
from openrace.store import article_table, claim_table, open_store
from openrace.store.claim_search import END, START, ClaimQuery, count, names, search, suggest
from openrace.store.search_query import parse_query


def keep(
    db: sqlite3.Connection, wording: str, speaker: str | None = "Ada Byte", added: str = NOW, **fields: Any
) -> str:
    article = an_article(f"Lead. “{wording}”", **fields)
    article_table.add_article(db, article, added=added)
    made = quoted_claims(article, speaker)
    claim_table.save_claims(db, article.id, made, "t")
    return made[0].text


def found(db: sqlite3.Connection, words: str = "", **filters: Any) -> list[str]:
    return [hit.text for hit in search(db, ClaimQuery(words=words, **filters))]


@pytest.fixture
def shelf(db: sqlite3.Connection) -> sqlite3.Connection:
    keep(db, "open weights win", published="2025-01-01")
    keep(db, "open source wins", "Bo Chen", published="2025-03-01", outlet="b.example")
    keep(db, "weights are open to all", "Çelik Ångström", published="2025-02-01T10:00:00Z")
    keep(db, "nobody said this", None, published="2025-04-01")
    return db


def test_a_listed_speaker_is_found_by_all_their_names(shelf: sqlite3.Connection) -> None:
    keep(shelf, "our weights stay closed", "陈博", published="2025-05-01")
    shelf.execute("UPDATE claims SET person = 'bo-chen' WHERE speaker IN ('Bo Chen', '陈博')")
    both = ["our weights stay closed", "open source wins"]
    assert found(shelf, speaker="Bo Chen") == both
    assert found(shelf, speaker="陈博") == both
    assert found(shelf, "weights", speaker="chen") == both[:1]
    assert [hit.text for hit in search(shelf, parsed("speaker:bo-chen"))] == both
    assert count(shelf, parsed("-speaker:chen")) == 3


def parsed(query: str) -> ClaimQuery:
    made = parse_query(query, NOW)
    return ClaimQuery(words=made.words, filters=made.filters)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("open", ["open source wins", "weights are open to all", "open weights win"]),
        ("open weights", ["weights are open to all", "open weights win"]),
        ('"open weights"', ["open weights win"]),
        ("“open weights”", ["open weights win"]),
        ("open -source", ["weights are open to all", "open weights win"]),
        ("nobody OR source", ["nobody said this", "open source wins"]),
        ("angstrom", ["weights are open to all"]),
        ("OPEN NEAR", []),
        ("absent", []),
        ("chen", ["open source wins"]),
    ],
)
def test_words(shelf: sqlite3.Connection, words: str, expected: list[str]) -> None:
    assert found(shelf, words) == expected


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"speaker": "chen"}, ["open source wins"]),
        ({"speaker": "open"}, []),
        ({"outlet": "b.example"}, ["open source wins"]),
        ({"kind": "indirect"}, []),
        ({"since": "2025-02-01", "until": "2025-03-01"}, ["open source wins", "weights are open to all"]),
        ({"until": "2025-01-01"}, ["open weights win"]),
        ({"limit": 1}, ["nobody said this"]),
    ],
)
def test_filters(shelf: sqlite3.Connection, filters: dict[str, object], expected: list[str]) -> None:
    assert found(shelf, **filters) == expected


def test_filters_and_words_together(shelf: sqlite3.Connection) -> None:
    assert found(shelf, "open", speaker="Ada Byte", since="2025-01-01") == ["open weights win"]
    assert found(shelf, "open", outlet="b.example") == ["open source wins"]


def test_relevance_puts_the_densest_first(db: sqlite3.Connection) -> None:
    keep(db, "chips chips chips", published="2024-01-01")
    keep(db, "chips and a great many other things that were said on that long day", published="2025-01-01")
    assert found(db, "chips", sort="relevance")[0] == "chips chips chips"
    assert found(db, "chips")[0] != "chips chips chips"


def test_relevance_among_more_than_are_read(db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openrace.store.claim_search.RANKED", 3)
    keep(db, "chips chips chips of long ago", published="2024-01-01")
    for day in range(1, 4):
        keep(db, f"chips and a great many other things on day {day}", published=f"2025-01-0{day}")
    keep(db, "chips, chips", published="2024-12-31")
    texts = found(db, "chips", sort="relevance")
    assert texts[0] == "chips, chips"
    assert texts[1].endswith("day 3")
    assert found(db, "chips", sort="relevance", limit=1) == texts[:1]


@pytest.mark.parametrize("ranked", [2, 100])  # more of the phrase than are sorted, and fewer
def test_the_newest_of_a_phrase(db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch, ranked: int) -> None:
    monkeypatch.setattr("openrace.store.claim_search.RANKED", ranked)
    for day in (2, 4, 1, 3, 5):
        keep(db, f"open weights on day {day}", published=f"2025-01-0{day}")
        keep(db, f"weights open on day {day}", published=f"2025-01-0{day}")
    newest = [f"open weights on day {day}" for day in (5, 4, 3, 2, 1)]
    assert found(db, '"open weights"') == newest
    assert found(db, '"open weights"', limit=2) == newest[:2]
    assert found(db, '"open weights"', until="2025-01-03") == newest[2:]


def test_newest_first_with_undated_last_and_the_future_no_later_than_when_it_was_seen(
    db: sqlite3.Connection,
) -> None:
    keep(db, "from 1970", published="1970-01-01")
    keep(db, "without a date", published=None)
    keep(db, "from the future", published="2099-01-01")
    keep(db, "seen later", published="2026-02-02", added="2026-02-03T00:00:00Z")
    keep(db, "of old", published="0001-01-01")
    assert found(db) == ["seen later", "from the future", "from 1970", "of old", "without a date"]
    assert found(db, until="2026-12-31") == ["seen later", "from the future", "from 1970", "of old"]


def test_chinese_words_are_found_inside_a_run(db: sqlite3.Connection) -> None:
    keep(db, "中国的开源模型很好", "李开复")
    assert found(db, "开源") == ["中国的开源模型很好"]
    assert found(db, "源开") == []
    assert found(db, "", speaker="开复") == ["中国的开源模型很好"]
    keep(db, "the qwen开源 model")
    assert found(db, "qwen 开源") == ["the qwen开源 model"]


def test_traditional_and_simplified_find_each_other(db: sqlite3.Connection) -> None:
    keep(db, "開源不會停下", "沈嶼")
    keep(db, "开源会更快", "沈屿")
    assert sorted(found(db, "开源")) == sorted(found(db, "開源")) == ["开源会更快", "開源不會停下"]
    assert len(found(db, "", speaker="沈屿")) == 2


def test_hidden_claims_are_not_found(shelf: sqlite3.Connection) -> None:
    shelf.execute("UPDATE claims SET hidden = 'asked for' WHERE text LIKE 'open%'")
    assert found(shelf, "open") == ["weights are open to all"]


def test_matched_words_are_marked_and_the_exact_words_come_along(shelf: sqlite3.Connection) -> None:
    hit = search(shelf, ClaimQuery(words='"open weights" -source'))[0]
    assert hit.marked == f"“{START}open weights{END} win”"
    assert hit.words == "open weights win"


def test_the_pieces_of_a_split_quotation_are_told_apart(db: sqlite3.Connection) -> None:
    article = an_article("“One thing,” he said. “Another thing.”")
    article_table.add_article(db, article, added=NOW)
    first, second = quoted_claims(article)
    split = {"spans": first.spans + second.spans, "quoted": first.quoted + second.quoted}
    joined = first.model_copy(update=split | {"text": f"{first.text} {second.text}"})
    claim_table.save_claims(db, article.id, [joined], "t")
    assert search(db, ClaimQuery())[0].marked == "“One thing” … “Another thing.”"


@pytest.mark.parametrize("words", ['say "open', "OR chips", "chips OR", "-chips", "…", "chips OR OR models"])
def test_a_query_that_cannot_be_meant_is_explained(db: sqlite3.Connection, words: str) -> None:
    with pytest.raises(ConfigError) as error:
        search(db, ClaimQuery(words=words))
    assert error.value.remedy


@given(st.text(max_size=40))
def test_no_query_reaches_fts5_as_syntax(words: str) -> None:
    db = open_store(":memory:")
    try:
        search(db, ClaimQuery(words=words, speaker=words or None))
    except ConfigError:
        pass
    finally:
        db.close()


def test_the_index_follows_changes_and_removals(shelf: sqlite3.Connection) -> None:
    shelf.execute("UPDATE claims SET speaker = 'Dee Ode' WHERE speaker = 'Bo Chen'")
    assert found(shelf, speaker="dee") == ["open source wins"]
    shelf.execute("DELETE FROM articles WHERE outlet = 'b.example'")
    assert found(shelf, "source") == []
    shelf.execute("INSERT INTO claims_fts (claims_fts, rank) VALUES ('integrity-check', 1)")


def test_names_for_completion(shelf: sqlite3.Connection) -> None:
    assert names(shelf, "speaker", "bo") == ["Bo Chen"]
    assert names(shelf, "outlet", "b.") == ["b.example"]


@pytest.mark.parametrize(
    ("typed", "words", "filters", "days"),
    [
        ("open source", "open source", [], (None, None)),
        ("speaker:altman chips", "chips", [("speaker", ("altman",), False)], (None, None)),
        ('speaker:"Mara Lind"', "", [("speaker", ("Mara Lind",), False)], (None, None)),
        ("-kind:verbatim", "", [("kind", ("direct",), True)], (None, None)),
        ("lang:chinese", "", [("lang", ("zh",), False)], (None, None)),
        ("country:us x", "x", [("country", ("US",), False)], (None, None)),
        ("outlet:a OR outlet:b x", "x", [("outlet", ("a", "b"), False)], (None, None)),
        ("since:7d before:2025-02", "", [], ("2025-02-07", "2025-01-31")),
        ("since:yesterday", "", [], ("2025-02-13", None)),
        ("time:12 a:b", "time:12 a:b", [], (None, None)),
    ],
)  # fmt: skip
def test_a_query_is_taken_apart(typed: str, words: str, filters: list[Any], days: tuple[Any, Any]) -> None:
    parsed = parse_query(typed, "2025-02-14T09:30:00Z")
    assert parsed.words == words
    assert [tuple(found) for found in parsed.filters] == filters
    assert (parsed.since, parsed.until) == days


@pytest.mark.parametrize(
    "typed",
    ["kind:shouted", "is:maybe", "since:whenever", "speaker:a OR outlet:b", "before:2025-13", "since:99999y"],
)
def test_a_filter_that_cannot_be_meant_is_explained(typed: str) -> None:
    with pytest.raises(ConfigError):
        parse_query(typed, "2025-02-14")


def counted(db: sqlite3.Connection, typed: str) -> tuple[int, int]:
    """How many claims a query counts, and finds."""
    parsed = parse_query(typed, NOW)
    query = ClaimQuery(
        parsed.words, since=parsed.since, until=parsed.until, filters=parsed.filters, limit=100
    )
    return count(db, query), len(search(db, query))


def test_filters_in_the_query_select_and_are_counted(shelf: sqlite3.Connection) -> None:
    every = counted(shelf, "")[0]
    assert every == counted(shelf, "")[1] > 2
    for field in ("kind:verbatim", "kind:verbatim OR kind:partial", "is:asserted", "lang:en", "speaker:ada"):
        chosen, others = counted(shelf, field), counted(shelf, "-" + field.split(" ")[0])
        assert chosen[0] == chosen[1]
        assert others[0] == others[1]
        if " " not in field:
            assert chosen[0] + others[0] == every, field


def test_pages_of_hits_follow_one_another(shelf: sqlite3.Connection) -> None:
    every = [hit.id for hit in search(shelf, ClaimQuery(limit=100))]
    pages = [hit.id for n in range(len(every)) for hit in search(shelf, ClaimQuery(limit=1, offset=n))]
    assert pages == every


def test_a_misspelt_name_is_set_right(shelf: sqlite3.Connection) -> None:
    names = [row[0] for row in shelf.execute("SELECT DISTINCT speaker FROM claims WHERE speaker IS NOT NULL")]
    longest = max((word for name in names for word in name.split()), key=len)
    assert any(longest in found for found in suggest(shelf, longest[:-1] + "x"))
    assert suggest(shelf, longest) == []
