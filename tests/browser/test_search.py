"""The static search in a real browser: over HTTP under a strict policy, from a folder, and what it finds.

All of it in a site as it is, and in one cut small: segments of 3 statements, blocks of 2 segments.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from browser.conftest import Served, serve
from openrace.site import search_index
from openrace.site.snapshot import Part
from site_editions import NOW, Whole, make_edition, publish

WAYS = ("http", "folder", "cut small")
SAID = {
    0: "Ünïcode weights straße-wise are NOT free",
    1: "开源模型 改变 世界 with AI inside",
    2: "The straße weights are free again, mostly",
    3: "ガラス の 開発者 and 데이터 센터",
}


@pytest.fixture(scope="module")
def edition() -> Whole:
    """Forty invented statements of three years, four of them with words that are hard to find."""
    made = make_edition(40, seed=3, days=900)
    fullest = {story.family.representative: n for n, story in enumerate(made.stories)}
    statements = [
        s.model_copy(update={"parts": (Part(SAID[n], True),)})
        if (n := fullest.get(s.claim_id)) in SAID
        else s
        for s in made.statements
    ]
    return made.model_copy(update={"statements": tuple(statements)})


@pytest.fixture(scope="module")
def library(edition: Whole, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("www") / "library"
    publish(edition, folder, now=NOW)
    yield from serve(folder)


@pytest.fixture(scope="module")
def cut_small(edition: Whole, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("www") / "cut-small"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search_index, "PER_SEGMENT", 3)
        patch.setattr(search_index, "PER_BLOCK", 2)
        publish(edition, folder, now=NOW)
    yield from serve(folder)


class Reader:
    """Somebody at the search page."""

    def __init__(self, browser: Any, library: Served, way: str) -> None:
        self.complaints: list[str] = []
        self.page = browser.new_page()
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        root = library.folder.as_uri() + "/" if way == "folder" else library.url
        self.page.goto(f"{root}search/index.html")
        self.page.wait_for_selector("form:not([hidden])")

    def wait_after(self, act: Callable[[], None]) -> None:
        self.page.evaluate("document.body.dataset.took = ''")
        act()
        self.page.wait_for_selector("body:not([data-took=''])", state="attached")

    def look(self, query: str, **filters: str) -> list[str]:
        """The statements that are shown for a query."""
        for name in ("speaker", "outlet"):
            self.page.fill(f"[name={name}]", filters.get(name, ""))
        for name in ("kind", "since", "until", "country"):
            self.page.select_option(f"[name={name}]", filters.get(name, ""))
        self.page.fill("[name=q]", query)
        self.wait_after(lambda: self.page.press("[name=q]", "Enter"))
        while self.page.is_visible("#more"):
            before = self.page.locator("#found li").count()
            self.wait_after(lambda: self.page.click("#more"))
            assert self.page.locator("#found li").count() > before
        return [text.strip() for text in self.page.locator("#found blockquote").all_inner_texts()]


@pytest.fixture(scope="module", params=WAYS)
def reader(
    request: pytest.FixtureRequest, browser: Any, library: Served, cut_small: Served
) -> Iterator[Reader]:
    someone = Reader(browser, cut_small if request.param == "cut small" else library, request.param)
    yield someone
    assert someone.complaints == []
    someone.page.close()


def test_every_word_is_found_everywhere_and_nothing_else(reader: Reader, edition: Whole) -> None:
    fullest = {story.family.representative for story in edition.stories}
    texts = [s.printed for s in edition.statements if s.claim_id in fullest]
    for word in ("frontier", "open", "weights"):
        expected = sorted(t for t in texts if re.search(rf"(?i)\b{word}\b", t))
        assert expected
        assert sorted(reader.look(f"{word} ")) == expected


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("unicode", [0]),  # accents do not matter
        ("STRASSE", []),  # but ß is a letter of its own
        ("straße", [0, 2]),
        ('"weights are free"', [2]),
        ('"are free weights"', []),
        ("unicode strasse", []),
        ("most", [2]),  # the beginning of the last word
        ("most ", []),
        ("模型", [1]),
        ("开源模", [1]),
        ("源改", []),
        ("开源 AI", [1]),
        ("ガラス", [3]),
        ("데이터", [3]),
        ("zzzz", []),
        ("\"'<b>", []),
    ],
)
def test_hard_words(query: str, found: list[int], reader: Reader) -> None:
    assert sorted(reader.look(query)) == sorted(f"“{SAID[n]}”" for n in found)


def test_filters_narrow(reader: Reader, edition: Whole) -> None:
    everything = reader.look("weights ")
    for kind in "012":
        assert set(reader.look("weights ", kind=kind)) <= set(everything)
    person = next(p.name for p in edition.people)
    theirs = reader.look("", speaker=person.upper())
    names = set(reader.page.locator("#found .who").all_inner_texts())
    assert theirs
    assert names == {person}


def test_a_result_leads_to_its_page(reader: Reader) -> None:
    reader.look("unicode")
    reader.page.click("#found >> text=Details")
    assert SAID[0] in reader.page.inner_text(".quote blockquote")
    reader.page.go_back()
    reader.page.wait_for_selector("#found li")


def test_newest_come_first(reader: Reader) -> None:
    reader.look("weights ")
    stamps = reader.page.locator("#found time").evaluate_all("all => all.map(time => time.dateTime)")
    assert len(stamps) > 5
    assert stamps == sorted(stamps, reverse=True)


@pytest.mark.parametrize(
    ("query", "filters"),
    [
        ("open weights ", {}),
        ("tr", {}),
        ("", {"outlet": "post"}),
        ("", {"country": "CN"}),
        ("weights ", {"since": "2025-01"}),
        ("weights ", {"until": "2025-01"}),
        ("weights ", {"since": "2025-03", "until": "2025-12", "kind": "0"}),
    ],
)
def test_the_same_is_found_however_the_index_is_cut(
    query: str, filters: dict[str, str], browser: Any, library: Served, cut_small: Served
) -> None:
    readers = [Reader(browser, served, "http") for served in (library, cut_small)]
    for reader in readers:  # only months in which something was reported can be chosen
        months = reader.page.locator("[name=since] option").evaluate_all("all => all.map(o => o.value)")
        chosen = {n: min(m for m in months if m >= v) for n, v in filters.items() if n in ("since", "until")}
        assert len({month[:4] for month in months[1:]}) > 2
    found = [reader.look(query, **filters | chosen) for reader in readers]
    stamps = reader.page.locator("#found time").evaluate_all("all => all.map(time => time.dateTime)")
    assert len(found[0]) > 1
    assert found[0] == found[1]
    assert all(chosen.get("since", "") <= stamp[:7] <= chosen.get("until", "9999") for stamp in stamps)
    for reader in readers:
        reader.page.close()


def fetched(served: Served) -> list[str]:
    """What was asked for of the search since last time."""
    asked = [path.split("/search/")[1] for path in served.asked if "/search/" in path]
    served.asked.clear()
    return sorted(asked)


def test_what_a_query_cannot_find_is_not_fetched(browser: Any, cut_small: Served) -> None:
    reader = Reader(browser, cut_small, "http")
    months = reader.page.locator("[name=since] option").evaluate_all("all => all.map(o => o.value)")
    year = sorted(month for month in months if month.startswith("2025"))
    fetched(cut_small)
    reader.look("weights ", since=year[0], until=year[-1])
    lexicons = [path for path in fetched(cut_small) if path.startswith("lex/")]
    assert len(lexicons) > 1
    assert all(path.startswith("lex/2025.") for path in lexicons)
    reader.look("mostly ")
    parts = fetched(cut_small)
    assert len([path for path in parts if not path.startswith("lex/")]) == 1
    assert {path.split("/")[-1] for path in parts if path.startswith("lex/")} == {"mo.js"}
    reader.page.close()


def test_a_part_that_could_not_be_read_is_asked_again(browser: Any, library: Served) -> None:
    reader = Reader(browser, library, "http")
    reader.page.route("**/lex/**", lambda route: route.abort())
    reader.page.fill("[name=q]", "unicode")
    reader.page.locator("#said", has_text="could not be read").wait_for()
    reader.page.unroute("**/lex/**")
    assert reader.look("unicode") == [f"“{SAID[0]}”"]
    reader.page.close()
