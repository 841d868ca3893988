"""Pages to articles: each case a page of our own making and what a careful reader takes from it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openrace.errors import InputError
from openrace.ingest.parse.page import parse_page

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


AROUND = (
    "<p>The tide mill at the pier turned slowly all day, and the barrage was painted by the yard again.</p>"
)
PAGE = f"""<html lang="en"><head><title>The mill turns</title></head><body><main><article>
<h1>The mill turns</h1>{AROUND}{AROUND.replace("day", "week")}MARKUP
{AROUND.replace("day", "year")}</article></main></body></html>"""


def cases(name: str) -> list[dict[str, Any]]:
    return tomllib.loads((CASES.parent / name).read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", cases("markup.toml"), ids=lambda case: case["why"])
def test_a_page_is_read_as_its_reader_reads_it(case: dict[str, Any]) -> None:
    page = case.get("whole") or PAGE.replace("MARKUP", case["markup"])
    text = parse_page(page.encode(), "https://paper.example/mill").text
    assert [part for part in case["has"] if part not in text] == []
    assert [part for part in case.get("lacks", ()) if part in text] == []


@pytest.mark.parametrize("case", cases("interstitials.toml"), ids=lambda case: case["says"])
def test_what_stands_in_the_place_of_an_article_is_refused(case: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=case["says"]):
        parse_page(case["page"].encode(), "https://paper.example/mill")


@pytest.mark.parametrize(
    ("canonical", "here", "believed"),
    [
        ("https://paper.example/news/", "https://paper.example/news/1", False),
        ("https://paper.example/story.php", "https://paper.example/story.php?id=7", False),
        ("https://paper.example/story.php", "https://paper.example/story.php?from=home", True),
        ("https://paper.example/the-mill-turns", "https://paper.example/the-mill-turns/amp", True),
        ("https://paper.example/the-mill-turns", "https://paper.example/the-mill-turns?id=7", True),
        ("https://paper.example/2026/the-mill-turns", "https://paper.example/?p=7", True),
    ],
)
def test_a_section_is_no_canonical_address(canonical: str, here: str, believed: bool) -> None:
    head = f'<head><link rel="canonical" href="{canonical}">'
    article = parse_page(PAGE.replace("<head>", head).replace("MARKUP", AROUND).encode(), here)
    assert article.url == (canonical if believed else here)


def test_authors_are_found_by_reference_and_credits_are_none() -> None:
    graph = """<script type="application/ld+json">{"@graph": [{"@type": "Article", "headline": "The mill",
    "author": {"@id": "#/9"}}, {"@type": "Person", "@id": "#/9", "name": "Stella Moor"}]}</script>"""
    credits = '<meta name="author" content="Emma Reed"><meta name="author" content="(Image: Agency/Photos)">'
    for head, authors in ((graph, ("Stella Moor",)), (credits, ("Emma Reed",))):
        page = PAGE.replace("<head>", f"<head>{head}").replace("MARKUP", AROUND)
        assert parse_page(page.encode(), "https://paper.example/mill").authors == authors


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
