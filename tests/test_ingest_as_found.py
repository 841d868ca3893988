"""Feeds, tables, references and mail as they are found, and the blocks that recur in an outlet."""

from __future__ import annotations

import json
import sqlite3
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import NOW, an_article
from openrace.errors import ConfigError, InputError
from openrace.extract.claims import extract_claims
from openrace.extract.link_labels import blank_out, link_labels
from openrace.ingest.parse.article_files import read_articles
from openrace.ingest.parse.feed import parse_feed
from openrace.ingest.parse.import_fields import Notice
from openrace.records import Article, Span
from openrace.store import article_table, block_table, open_store
from openrace.user_files.opml import iter_opml, read_opml

CASES = tomllib.loads((Path(__file__).parent / "cases/ingest/odd-feeds.toml").read_text("utf-8"))["case"]
TEXT = "Mill turns\n\n“We turn,” said Ada Byte."


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_an_odd_feed_gives_its_entries(case: dict[str, Any]) -> None:
    parsed = parse_feed(case["feed"].encode(), "https://paper.example/feed")
    found = [entry.model_dump(mode="json") for entry in parsed.entries]
    shown = [
        {key: entry[key] for key in expected} for entry, expected in zip(found, case["entries"], strict=True)
    ]
    assert shown == case["entries"]


def test_whole_texts_that_live_on_one_page_are_articles_of_their_own() -> None:
    words = "<p>The tide mill at the pier turned slowly all day, and nobody had expected it to last.</p>" * 40
    items = "".join(
        f"<item><title>Week {n}</title><link>https://paper.example/notes#w{n}</link>"
        f"<description><![CDATA[{words}]]></description></item>"
        for n in (1, 2)
    )
    parsed = parse_feed(
        f"<rss version='2.0'><channel>{items}</channel></rss>".encode(), "https://a.example/f"
    )
    assert [e.url for e in parsed.entries] == [f"https://paper.example/notes#w{n}" for n in (1, 2)]


# -- files ------------------------------------------------------------------------------------------


def read(path: Path, content: str, /, **columns: str) -> list[Article | InputError | Notice]:
    path.write_text(content)
    return list(read_articles([path], columns=columns))


def test_a_table_is_read_by_the_usual_names_and_tells_what_it_leaves_out(tmp_path: Path) -> None:
    row = "date,source,headline,link,body,mood\n2026/11/25,Harbour Post,Mill turns,https://h.example/1,"
    row += '"“We turn,” said Ada Byte.",glad\n,,Empty,,,\n'
    notice, article, error = read(tmp_path / "a.csv", row)
    assert isinstance(notice, Notice)
    assert "mood" in notice.message
    assert isinstance(article, Article)
    assert (article.text, article.outlet, article.published) == (TEXT, "Harbour Post", "2026-11-25")
    assert isinstance(error, InputError)
    assert "a.csv:3: has no text" in str(error)


def test_columns_of_other_names_are_given(tmp_path: Path) -> None:
    (article,) = read(
        tmp_path / "a.tsv", f"Kopf\tVolltext\nMill turns\t{TEXT[12:]}\n", title="Kopf", text="Volltext"
    )
    assert isinstance(article, Article)
    assert article.text == TEXT
    (error,) = read(tmp_path / "b.csv", "a,b\n1,2\n", text="c")
    assert "has no column 'c'" in str(error)


def test_lines_of_other_names_lose_nothing_silently(tmp_path: Path) -> None:
    line = {"date": "2026-11-25", "source": "Harbour Post", "headline": "Mill", "link": "https://h.example/1"}
    notice, article = read(tmp_path / "a.jsonl", json.dumps(line | {"text": "T said.", "mood": "glad"}))
    assert isinstance(notice, Notice)
    assert "mood" in notice.message
    assert isinstance(article, Article)
    assert (article.title, article.url, article.outlet) == ("Mill", line["link"], "Harbour Post")


RIS = """TY  - NEWS
TI  - Mill turns
AU  - Byte, Ada
DA  - 2026/11/25
AB  - “We turn,” said Ada Byte.
ER  - \n"""
CSL = [{"type": "article", "title": "Mill turns", "author": [{"given": "Ada", "family": "Byte"}],
        "issued": {"date-parts": [[2026, 11, 25]]}, "note": "<p>“We turn,” said Ada Byte.</p>"}]  # fmt: skip
MAIL = """From: "Ada Byte" <ada@letter.example>
Subject: Mill turns
Date: Wed, 25 Nov 2026 10:00:00 -0800
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: 8bit

<p><a href="https://letter.example/p/mill?utm_campaign=x">View in browser</a></p>
<p>“We turn,” said Ada Byte.</p>
<p>Unsubscribe here</p>
"""


@pytest.mark.parametrize(
    ("name", "text", "published"),
    [
        ("a.ris", RIS, "2026-11-25"),
        ("a.json", json.dumps(CSL), "2026-11-25"),
        ("a.eml", MAIL, "2026-11-25T18:00:00Z"),
        ("a.mbox", f"From ada Wed Nov 25 10:00:00 2026\n{MAIL}", "2026-11-25T18:00:00Z"),
    ],
)
def test_references_and_mail_are_articles(tmp_path: Path, name: str, text: str, published: str) -> None:
    (article,) = read(tmp_path / name, text)
    assert isinstance(article, Article)
    assert (article.text, article.authors, article.published) == (TEXT, ("Ada Byte",), published)


@pytest.mark.parametrize("name", ["a.csv", "a.ris", "a.json", "a.mbox", "a.eml"])
@pytest.mark.parametrize("text", ["", "nothing of the kind", "\x00\x01\x02" * 50])
def test_what_is_none_is_told_by_its_name(tmp_path: Path, name: str, text: str) -> None:
    results = read(tmp_path / name, text)
    assert all(not isinstance(result, Article) for result in results)
    assert all(name in str(result) for result in results)


@pytest.mark.parametrize("date", ["2" * 30 + ":00:00", "next week", "32 Nov 2026", "\udce9t\udce9"])
def test_a_mail_whose_date_cannot_be_read_is_kept_without_one(tmp_path: Path, date: str) -> None:
    odd = MAIL.replace("Wed, 25 Nov 2026 10:00:00 -0800", date, 1)
    (tmp_path / "a.eml").write_bytes(odd.encode("utf-8", "surrogateescape"))
    (article,) = read_articles([tmp_path])
    assert isinstance(article, Article)
    assert (article.text, article.published, article.published_basis) == (TEXT, None, "doubtful")
    assert article.published_written
    assert Article.model_validate_json(article.model_dump_json()) == article


def test_a_day_that_no_calendar_has_is_broken_front_matter(tmp_path: Path) -> None:
    (found,) = read(tmp_path / "a.md", f"---\npublished: 2026-13-45\n---\n\n{TEXT}\n")
    assert isinstance(found, InputError)
    assert "broken front matter" in str(found)


def test_an_opml_of_any_encoding_is_read_and_one_odd_line_costs_no_other(tmp_path: Path) -> None:
    path = tmp_path / "a.opml"
    addresses = ("feed://a.example/f", "mailto:x", "feed:https://c.example/f")
    outlines = "".join(f'<outline text="新闻镕" xmlUrl="{address}"/>' for address in addresses)
    path.write_bytes(
        f'<?xml version="1.0" encoding="gb2312"?><opml><body>{outlines}</body></opml>'.encode("gbk")
    )
    one, odd, last = iter_opml(path)
    assert not isinstance(one, ConfigError)
    assert (one.title, one.feed_url) == ("新闻镕", "http://a.example/f")
    assert isinstance(odd, ConfigError)
    assert not isinstance(last, ConfigError)
    assert last.feed_url == "https://c.example/f"
    with pytest.raises(ConfigError, match="not a web address"):
        read_opml(path)


# -- blocks that recur ------------------------------------------------------------------------------

LABEL = "Subscribe to the Harbour Letter"


def articles_with(line: str, number: int) -> list[Article]:
    return [
        an_article(
            f"Day {n}\n\nAda Byte said the mill turned {n} times.\n\n{line}",
            url=f"https://h.example/{n}",
            outlet="h.example",
            published=f"2026-11-{n + 1:02}",
        )
        for n in range(number)
    ]


def furniture(db: sqlite3.Connection, articles: list[Article]) -> set[str]:
    for article in articles:
        article_table.add_article(db, article, added=NOW)
    block_table.mark_furniture(db)
    spans = [(a, span) for a in articles for span in block_table.furniture_spans(db, a)]
    return {a.text[span.start : span.end] for a, span in spans}


@pytest.mark.parametrize(
    ("line", "number", "is_furniture"),
    [
        (LABEL, 5, True),
        (LABEL, 4, False),
        ("“We turn,” said Ada Byte.", 7, False),  # background that reporters repeat
        ("“We turn,” said Ada Byte.", 8, True),
    ],
)
def test_what_recurs_in_an_outlet_is_furniture(
    db: sqlite3.Connection, line: str, number: int, is_furniture: bool
) -> None:
    assert furniture(db, articles_with(line, number)) == ({line} if is_furniture else set())


@given(st.permutations(range(6)))
def test_the_order_in_which_articles_come_changes_nothing(order: list[int]) -> None:
    articles = articles_with(LABEL, 6)
    db = open_store(":memory:")
    assert furniture(db, [articles[n] for n in order]) == {LABEL}
    db.close()


def test_nothing_is_read_from_furniture_and_from_lines_that_lead_elsewhere() -> None:
    lines = (
        "Mill turns",
        "Ada Byte met the board.",
        "ALSO READ: Minister warns of tides",
        "She said the mill would turn.",
    )
    text = "\n\n".join(lines)
    (claim,) = extract_claims(Article(id="1", text=text))
    assert claim.speaker is not None
    assert claim.speaker.name == "Ada Byte"
    line = text.index("She said")
    assert extract_claims(Article(id="1", text=text), None, [Span(line, len(text))]) == []


@given(st.text(alphabet="ALSO READ: \n说more相关阅读xy.", max_size=80))
def test_blanks_keep_every_offset(text: str) -> None:
    spans = list(link_labels(text))
    blank = blank_out(text, spans)
    assert len(blank) == len(text)
    inside = {at for span in spans for at in range(*span)}
    assert all(blank[at] == (" " if at in inside else text[at]) for at in range(len(text)))
