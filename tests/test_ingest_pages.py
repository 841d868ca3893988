"""Pages to articles: each case a page of our own making and what a careful reader takes from it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openrace.errors import InputError
from openrace.ingest import parse_page

CASES = Path(__file__).parent / "cases" / "ingest" / "pages"


@pytest.mark.parametrize("toml", sorted(CASES.glob("*.toml")), ids=lambda path: path.stem)
def test_a_page_gives_its_article(toml: Path) -> None:
    case = tomllib.loads(toml.read_text("utf-8"))
    article = parse_page(toml.with_suffix(".html").read_bytes(), case["url"])
    expected = case["article"]
    if "text" in expected:
        expected["text"] = expected["text"].strip()
    said = article.model_dump(mode="json")
    assert {key: said[key] for key in expected} == expected
    assert said["note"] == expected.get("note")


def test_the_same_page_is_the_same_article_however_it_was_reached() -> None:
    page = (CASES / "jsonld.html").read_bytes()
    one = parse_page(page, "https://www.paper.example/2025/05/open-weights?utm_source=x")
    other = parse_page(page, "https://www.paper.example/2025/05/open-weights?fbclid=y")
    assert one == other


def test_the_charset_of_the_server_is_heard() -> None:
    page = (
        "<html><body><p>“Naïve,” she said in a café, and went on to say a good deal more about the café.</p>"
    )
    assert "“Naïve,”" in parse_page(page.encode("cp1252"), None, "iso-8859-1").text


@pytest.mark.parametrize("page", [b"", b"<html><body></body></html>", b"%PDF-1.4 x", bytes(range(256)) * 9])
def test_what_has_no_article_is_refused(page: bytes) -> None:
    with pytest.raises(InputError, match=r"https://paper\.example/x: "):
        parse_page(page, "https://paper.example/x")


@given(st.binary(max_size=500), st.integers(0, 2500))
def test_a_damaged_page_is_read_or_refused(damage: bytes, at: int) -> None:
    whole = (CASES / "jsonld.html").read_bytes()
    try:
        article = parse_page(whole[:at] + damage + whole[at:], "https://paper.example/x")
    except InputError:
        return
    assert all(paragraph.strip() for paragraph in article.text.split("\n\n"))
