"""Poison in every field of every record comes out inert: in pages, feeds, JSON and mail."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import lxml.etree
import lxml.html
import pytest

from openrace.site.reader_text import web_link
from site_editions import BAD_LINKS, NOW, hostile_edition, publish

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff]")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    publish(hostile_edition(), folder, now=NOW)
    return folder


def test_every_page_is_inert(hostile: Path) -> None:
    pages = list(hostile.rglob("*.html"))
    assert len(pages) > 20
    for path in pages:
        text = path.read_text()
        assert not FORBIDDEN.search(text), path
        assert "{{7*7}}" in text or "7*7" not in text, path
        document = lxml.html.document_fromstring(text.encode())
        assert not document.xpath("//img|//iframe|//object|//embed|//style|//base"), path
        assert all(
            form.get("action").endswith("search/index.html") for form in document.xpath("//form[@action]")
        )
        for script in document.xpath("//script[not(@src)]"):
            assert script.get("type") == "application/ld+json"
            json.loads(script.text)
        for element in document.iter(lxml.etree.Element):
            assert not [name for name in element.attrib if name.startswith("on") or name == "style"], path


def test_only_plain_web_links_go_out(hostile: Path) -> None:
    for path in hostile.rglob("*.html"):
        for link in lxml.html.document_fromstring(path.read_bytes()).xpath("//@href|//@src"):
            parts = urlsplit(link)
            assert parts.scheme in {"", "http", "https"}, (path, link)
            if parts.scheme:
                assert web_link(link) or "#:~:text=" in link, (path, link)
            else:
                assert not parts.netloc, (path, link)
                assert (path.parent / link.split("#")[0]).resolve().is_relative_to(hostile), (path, link)


def test_json_and_feeds_are_well_formed(hostile: Path) -> None:
    for path in [*hostile.rglob("*.json"), *hostile.rglob("*.xml")]:
        text = path.read_text()
        assert not FORBIDDEN.search(text), path
        if path.suffix == ".json":
            json.loads(text)
        else:
            lxml.etree.fromstring(text.encode())


def test_feed_contents_are_inert(hostile: Path) -> None:
    for path in hostile.rglob("feed.json"):
        for item in json.loads(path.read_bytes())["items"]:
            content = lxml.html.fragment_fromstring(item["content_html"], create_parent=True)
            assert not content.xpath(".//script|.//img|.//*[@onerror]")
            assert all(web_link(link.split("#")[0]) for link in content.xpath(".//@href"))


def test_files_lie_inside_the_site_and_have_short_names(hostile: Path) -> None:
    for path in hostile.rglob("*"):
        assert len(path.name.encode()) < 100
        assert not FORBIDDEN.search(path.name)


@pytest.mark.parametrize("link", BAD_LINKS)
def test_bad_links_are_no_links(link: str) -> None:
    assert web_link(link) is None


@pytest.mark.parametrize(
    "link",
    [
        "https://a.example/x?y=1&z=2#f",
        "http://a.example:8080",
        "https://例え.jp/路径",
        "HTTPS://A.EXAMPLE/%20",
    ],
)
def test_good_links_are_links(link: str) -> None:
    assert web_link(link) == link
