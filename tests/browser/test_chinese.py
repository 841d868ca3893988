"""The Chinese interface in a real browser: sound for everybody, Latin words in Latin faces, a search."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from browser.conftest import Served, serve
from browser.test_pages import RULES, _axe_is_content, faces_of
from site_editions import NOW, make_edition, publish, with_idea, with_paraphrase


@pytest.fixture(scope="module")
def chinese(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("www") / "chinese"
    edition = with_idea(with_paraphrase(make_edition(12)))
    publish(edition.model_copy(update={"language": "zh"}), folder, now=NOW)
    yield from serve(folder)


@pytest.mark.parametrize("width", [1280, 320])
def test_the_front_page_is_sound_for_everybody(width: int, chinese: Served, browser: Any) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, locale="zh-CN")
    page.goto(chinese.url)
    page.evaluate("document.fonts.ready")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert set(faces_of(page, "blockquote.w p")) == {"Openrace Serif"}
    _axe_is_content(page, RULES)
    page.close()


def test_the_search_answers_in_chinese(chinese: Served, browser: Any) -> None:
    page = browser.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{chinese.url}search/index.html?q=kind:直接引语")
    page.wait_for_selector("#found article")
    assert "条言论" in page.text_content("#said")
    assert "首发：" in page.text_content("#found .meta")
    assert {mark.text_content() for mark in page.query_selector_all("#found .mk")} == {"直接引语"}
    page.goto(f"{chinese.url}search/index.html?q=nowhere-to-be-found")
    page.wait_for_function("document.getElementById('said').textContent === '没有找到。'")
    assert said == []
    page.close()
