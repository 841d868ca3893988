"""Feeds of each kind, against what they hold; and what is no feed, refused."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openrace.crawl_records import Entry
from openrace.errors import InputError
from openrace.ingest.parse.feed import parse_feed

CASES = Path(__file__).parent / "cases" / "ingest" / "feeds"


def told(entry: Entry) -> dict[str, object]:
    """The entry without how its date was read, which the table of dates tests."""
    return entry.model_dump(exclude={"published_zone", "published_basis", "published_written"})


@pytest.mark.parametrize("toml", sorted(CASES.glob("*.toml")), ids=lambda path: path.stem)
def test_a_feed_gives_its_entries(toml: Path) -> None:
    case = tomllib.loads(toml.read_text("utf-8"))
    body = next(path for path in CASES.glob(f"{toml.stem}.*") if path != toml).read_bytes()
    parsed = parse_feed(body, case["url"])
    expected = [Entry(feed_url=case["url"], **({"url": None} | entry)) for entry in case.get("entry", [])]
    assert [told(entry) for entry in parsed.entries] == [told(entry) for entry in expected]
    assert (parsed.title, parsed.home, parsed.ttl) == (case.get("title"), case.get("home"), case.get("ttl"))
    assert parsed.children == tuple(case.get("children", ()))
    assert bool(parsed.problem) == case.get("problem", False)


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"", "is empty"),
        (b"<!doctype html><html><body>Not found</body></html>", "is a web page, not a feed"),
        (b"just words", "is no feed"),
        (b'{"a": 1}', "no JSON Feed"),
        (b'{"a": ', "broken JSON"),
        (b"[" * 100_000, "is no feed"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "is no feed"),
    ],
)
def test_what_is_no_feed_is_refused(body: bytes, what: str) -> None:
    with pytest.raises(InputError, match=what):
        parse_feed(body, "https://paper.example/feed")


def test_entities_that_grow_do_not() -> None:
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    bomb = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "ha">{lol}]><rss version="2.0"><channel><item><title>&l8;</title><link>https://a.example/1</link></item></channel></rss>'
    parsed = parse_feed(bomb.encode(), "https://a.example/feed")
    assert sum(len(entry.title or "") for entry in parsed.entries) < 1000


def test_a_local_file_is_never_read_through_an_entity(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the password")
    sitemap = f'<!DOCTYPE urlset [<!ENTITY x SYSTEM "{secret.as_uri()}">]><urlset><url><loc>https://a.example/1</loc><title>&x;</title></url></urlset>'
    assert "password" not in repr(parse_feed(sitemap.encode(), "https://a.example/sitemap.xml"))


@pytest.mark.parametrize(
    "kind", ["text/html", "application/octet-stream", "text/xml; charset=latin-1", "image/png"]
)
def test_a_wrong_content_type_changes_nothing(kind: str) -> None:
    body = (CASES / "rss.xml").read_bytes()
    assert (
        parse_feed(body, "https://a.example/f", kind).entries
        == parse_feed(body, "https://a.example/f").entries
    )


@given(st.binary(max_size=300), st.integers(0, 2000))
def test_a_damaged_feed_is_read_or_refused(damage: bytes, at: int) -> None:
    whole = (CASES / "rss.xml").read_bytes()
    body = whole[:at] + damage + whole[at + len(damage) :]
    try:
        parsed = parse_feed(body, "https://paper.example/feed.xml")
    except InputError:
        return
    ids = [entry.entry_id for entry in parsed.entries]
    assert len(ids) == len(set(ids))
    assert all(entry.url is None or entry.url.startswith(("http://", "https://")) for entry in parsed.entries)
