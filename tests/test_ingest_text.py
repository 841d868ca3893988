"""Addresses, dates, encodings and plain text, each against its cases and its laws."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openrace.ingest.parse.dates import DateContext, is_in_future, read_date, read_written_date
from openrace.ingest.parse.encoding import NotTextError, decode
from openrace.ingest.parse.plain_text import markdown_paragraphs, split_title, text_paragraphs
from openrace.ingest.urls import canonical_url, outlet_domain, registrable_domain
from openrace.records import local_day, normalise_when

CASES = Path(__file__).parent / "cases" / "ingest"


def cases(name: str) -> list[dict[str, str]]:
    return tomllib.loads((CASES / name).read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", cases("urls.toml"), ids=lambda case: case["why"])
def test_each_page_has_one_address(case: dict[str, str]) -> None:
    assert canonical_url(case["url"], case.get("base")) == case.get("canonical")


@given(st.text(max_size=40).map(lambda tail: f"https://paper.example/{tail}") | st.text())
def test_a_canonical_address_is_its_own(url: str) -> None:
    once = canonical_url(url)
    assert once is None or canonical_url(once) == once


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://www.bbc.co.uk/news", "bbc.co.uk"),
        ("https://tech.news.sina.com.cn/x", "sina.com.cn"),
        ("https://ann.github.io/", "ann.github.io"),
        ("http://127.0.0.1:8080/", "127.0.0.1"),
        ("http://[2001:db8::1]/", "[2001:db8::1]"),
        ("http://localhost/", "localhost"),
        ("nonsense", ""),
    ],
)
def test_the_domain_is_the_one_that_was_registered(url: str, domain: str) -> None:
    assert registrable_domain(url) == domain


@pytest.mark.parametrize(
    ("url", "outlet"),
    [
        ("https://www.paper.example/a", "paper.example"),
        ("https://tech.paper.example/a", "paper.example"),
        ("https://ann.substack.com/p/1", "ann.substack.com"),
        ("https://medium.com/@ann/1", "medium.com"),
    ],
)
def test_an_outlet_on_a_platform_is_its_own(url: str, outlet: str) -> None:
    assert outlet_domain(url) == outlet


@pytest.mark.parametrize("case", cases("dates.toml"), ids=lambda case: case["written"])
def test_dates_are_read_as_they_are_written_or_left_unknown(case: dict[str, str]) -> None:
    context = DateContext(case.get("zone"), case.get("country"), case.get("language"))
    found = read_written_date(case["written"], context)
    if "read" not in case:
        assert found is None
        return
    assert found is not None
    assert (found.when, found.zone, found.basis) == (case["read"], case.get("kept_zone"), case["basis"])
    assert found.written == case["written"]
    assert local_day(found.when, found.zone) == case.get("shown", case["read"][:10])


@pytest.mark.parametrize(
    ("when", "is_future"),
    [
        ("2026-11-26", False),
        ("2026-11-26T10:00:00Z", False),
        ("2026-11-26T10:00:01Z", True),
        ("2026-11-27", True),
    ],
)
def test_a_date_later_than_tomorrow_is_none(when: str, is_future: bool) -> None:
    assert is_in_future(when, datetime(2026, 11, 25, 10, tzinfo=UTC)) == is_future


@given(st.datetimes().map(str) | st.text())
def test_a_date_that_is_read_is_one_that_records_take(written: str) -> None:
    found = read_date(written)
    assert found is None or normalise_when(found) == found


@pytest.mark.parametrize("case", cases("texts.toml"), ids=lambda case: case["why"])
def test_a_text_file_has_its_title_and_paragraphs(case: dict[str, str]) -> None:
    title, paragraphs = split_title(text_paragraphs(case["text"]))
    assert (title, paragraphs) == (case.get("title"), case["paragraphs"])


def test_markdown_loses_its_markup_and_nothing_else() -> None:
    title, paragraphs = markdown_paragraphs(
        "# A *heading*\n\nShe said “[no](https://paper.example/a_b)”\nand **left**.\n\n"
        "> He'd stay.\n\n- one\n- two\n"
    )
    assert title == "A heading"
    assert paragraphs == ["She said “no” and left.", "He'd stay.", "one", "two"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "gb18030", "big5", "koi8-r"])
def test_the_encoding_is_found(encoding: str) -> None:
    text = {
        "gb18030": "部长周一表示，开源模型的竞赛还没有结束，规则将在春天改变。" * 4,
        "big5": "部長週一表示，開源模型的競賽還沒有結束，規則將在春天改變。" * 4,
        "koi8-r": "Министр сказал в понедельник, что правила изменятся весной. " * 4,
    }.get(encoding, "“Naïve,” she said – “we’re not.” The café was full of people who had heard it before.")
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1252", "ascii", "koi8-r", None])
def test_what_is_plainly_utf8_is_read_so_whatever_it_is_called(label: str | None) -> None:
    assert decode("“We don’t,” said Zoë.".encode(), label) == "“We don’t,” said Zoë."
    one_stray_byte = "“We don’t,” said Zoë. ".encode() * 60 + b"\x92"
    assert decode(one_stray_byte, label).startswith("“We don’t,” said Zoë.")


def test_a_declared_encoding_is_believed_unless_it_cannot_be() -> None:
    assert decode("“Ja,” sagte sie".encode("cp1252"), "iso-8859-1") == "“Ja,” sagte sie"
    assert decode("“Ja,” sagte sie".encode(), "ascii-with-a-typo") == "“Ja,” sagte sie"
    assert decode("中文".encode(), "gb2312") != ""
    assert decode("中文".encode(), "utf8") == "中文"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"%PDF-1.7\n...", "a PDF document"),
        (b"PK\x03\x04rest", "a ZIP archive"),
        (bytes(range(256)) * 20, "binary data"),
        (b"text\x00with\x00nothings" * 50, "binary data"),
    ],
)
def test_what_is_no_text_is_named(data: bytes, what: str) -> None:
    with pytest.raises(NotTextError, match=what):
        decode(data)


@given(st.binary())
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        text = decode(data)
    except NotTextError:
        return
    assert "\r" not in text
