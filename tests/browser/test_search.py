"""The static search in a real browser: over HTTP under a strict policy, from a folder, and what it finds.

All of it in a site as it is, and in one cut small: segments of 3 statements, blocks of 2 segments.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from browser.conftest import Served, serve
from openrace.claim_wording import Piece
from openrace.site import search_index
from openrace.site.snapshot import Statement
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
        s.model_copy(update={"parts": (Piece(SAID[n], True),)})
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
        """The statements that are shown for a query, all pages of them."""
        for name in ("speaker", "outlet", "since", "before"):
            self.page.fill(f"[name={name}]", filters.get(name, ""))
        for name in ("kind", "country", "side", "sort"):
            self.page.select_option(f"[name={name}]", filters.get(name, ""))
        self.page.fill("[name=q]", query)
        self.wait_after(lambda: self.page.press("[name=q]", "Enter"))
        while self.page.is_visible("#more"):
            before = self.page.locator("#found article").count()
            self.wait_after(lambda: self.page.click("#more"))
            assert self.page.locator("#found article").count() > before
        return [text.strip() for text in self.page.locator("#found .w").all_inner_texts()]

    def total(self) -> int:
        """How many statements the page says there are."""
        found = re.match(r"([\d,]+) statement", self.page.inner_text("#said"))
        return int(found[1].replace(",", "")) if found else 0


@pytest.fixture(scope="module", params=WAYS)
def reader(
    request: pytest.FixtureRequest, browser: Any, library: Served, cut_small: Served
) -> Iterator[Reader]:
    someone = Reader(browser, cut_small if request.param == "cut small" else library, request.param)
    yield someone
    assert someone.complaints == []
    someone.page.close()


def shown(edition: Whole) -> list[Statement]:
    """The statements whose words are shown for their families."""
    representatives = {story.family.representative for story in edition.stories}
    return [s for s in edition.statements if s.claim_id in representatives]


def test_every_word_is_found_everywhere_and_nothing_else(reader: Reader, edition: Whole) -> None:
    for word in ("frontier", "open", "weights"):
        expected = sorted(s.text for s in shown(edition) if re.search(rf"(?i)\b{word}\b", s.text))
        assert expected
        assert sorted(reader.look(word)) == expected
        assert reader.total() == len(expected)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("unicode", [0]),  # accents do not matter
        ("STRASSE", []),  # but ß is a letter of its own
        ("straße", [0, 2]),
        ('"weights are free"', [2]),
        ('"are free weights"', []),
        ("straße -unicode", [2]),
        ("straße -is:asserted", []),
        ("unicode OR mostly", [0, 2]),
        ("unicode OR 模型", [0, 1]),
        ("mostl*", [2]),
        ("mostl", []),
        ("straße-wise", [0]),
        ("模型", [1]),
        ("開源模", [1]),  # traditional characters find simplified ones
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
    everything = reader.look("weights")
    by_kind = [reader.look("weights", kind=kind) for kind in ("direct", "mixed", "indirect")]
    assert sorted(text for texts in by_kind for text in texts) == sorted(everything)
    assert sorted(reader.look("weights -kind:verbatim")) == sorted(by_kind[1] + by_kind[2])
    person = next(p for p in edition.people if any(s.speaker_id == p.id for s in shown(edition)))
    theirs = reader.look("", speaker=person.name.upper())
    names = set(reader.page.locator("#found h3").all_inner_texts())
    assert theirs
    assert names == {person.name}
    assert sorted(reader.look(f'speaker:"{person.name}"')) == sorted(theirs)
    assert set(theirs) <= set(reader.look("speaker:贝特"))  # a name in another script, from the directory


def test_a_misspelt_word_is_set_right(reader: Reader) -> None:
    assert reader.look("unicoed") == []
    with reader.page.expect_navigation():
        reader.page.click("#hint a")
    reader.page.wait_for_selector("#found article")
    assert reader.page.input_value("[name=q]") == "unicode"


def test_what_is_no_date_is_told(reader: Reader) -> None:
    reader.page.fill("[name=q]", "weights since:whenever")
    reader.page.locator("#said", has_text="is not a date").wait_for()


def test_a_result_leads_to_its_place(reader: Reader) -> None:
    reader.look("unicode")
    reader.page.click("#found .meta a >> nth=-1")
    assert SAID[0] in reader.page.inner_text("main")
    reader.page.go_back()
    reader.page.wait_for_selector("#found article")


def test_newest_come_first_or_most_carried(reader: Reader) -> None:
    reader.look("weights")
    stamps = reader.page.locator("#found time").evaluate_all("all => all.map(time => time.dateTime)")
    assert len(stamps) > 5
    assert stamps == sorted(stamps, reverse=True)
    reader.look("weights", sort="relevance")
    links = reader.page.locator("#found .meta a:last-of-type").all_inner_texts()
    carried = [int(text.split()[0]) if text[0].isdigit() else 1 for text in links]
    assert carried == sorted(carried, reverse=True)
    assert max(carried) > 1


@pytest.mark.parametrize(
    ("query", "filters"),
    [
        ("open weights", {}),
        ("outlet:post", {}),
        ("", {"country": "cn"}),
        ("weights", {"since": "2025-06-01"}),
        ("weights", {"before": "2026-02-01"}),
        ("weights", {"since": "2025-03-01", "before": "2026-10-01", "kind": "direct"}),
    ],
)
def test_the_same_is_found_however_the_index_is_cut(
    query: str, filters: dict[str, str], browser: Any, library: Served, cut_small: Served
) -> None:
    readers = [Reader(browser, served, "http") for served in (library, cut_small)]
    found = [it.look(query, **filters) for it in readers]
    stamps = readers[0].page.locator("#found time").evaluate_all("all => all.map(time => time.dateTime)")
    assert len(found[0]) > 1
    assert found[0] == found[1]
    assert readers[0].total() == readers[1].total() == len(found[0])
    if "since" in filters or "before" in filters:
        assert all(filters.get("since", "") <= s[:10] < filters.get("before", "9999") for s in stamps)
    for it in readers:
        it.page.close()


def fetched(served: Served) -> list[str]:
    """What was asked for of the search since last time."""
    asked = [path.split("/search/")[1] for path in served.asked if "/search/" in path]
    served.asked.clear()
    return sorted(asked)


def test_what_a_query_cannot_find_is_not_fetched(browser: Any, cut_small: Served) -> None:
    reader = Reader(browser, cut_small, "http")
    fetched(cut_small)
    reader.look("mostly")
    parts = fetched(cut_small)
    assert len([path for path in parts if not path.startswith("lex/")]) == 1
    assert {path.split("/")[-1] for path in parts if path.startswith("lex/")} == {"mo.js"}
    reader.look("weights", since="2025-01-01", before="2026-01-01")
    lexicons = [path for path in fetched(cut_small) if path.startswith("lex/")]
    assert len(lexicons) > 1
    assert all(path.startswith("lex/2025.") for path in lexicons)
    reader.page.close()


def test_a_part_that_could_not_be_read_is_asked_again(browser: Any, library: Served) -> None:
    reader = Reader(browser, library, "http")
    reader.page.route("**/lex/**", lambda route: route.abort())
    reader.page.fill("[name=q]", "unicode")
    reader.page.locator("#said", has_text="could not be read").wait_for()
    reader.page.unroute("**/lex/**")
    assert reader.look("unicode") == [f"“{SAID[0]}”"]
    reader.page.close()
