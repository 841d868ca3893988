"""Every type of page in a real browser: axe-core, console, requests, widths, colours, without JavaScript."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from browser.conftest import Served, serve
from site_editions import NOW, hostile_edition, publish

WIDTHS = (320, 1280)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def widest_family(site: Served) -> str:
    """The address of a quote page with a chart, alerts and several wordings."""
    shards = [json.loads(path.read_bytes()) for path in site.folder.glob("statements/*.json")]
    rows = [row for shard in shards for row in shard["statements"] if row["address"].startswith("q/")]
    return str(max(rows, key=lambda row: (row["reports"], row["address"]))["address"])


def first_below(site: Served, folder: str) -> str:
    """The address of some page directly below `folder`."""
    found = sorted(p.parent for p in (site.folder / folder).glob("*/index.html"))
    return found[0].relative_to(site.folder).as_posix() + "/"


def outlet_page(site: Served) -> str:
    """The address of the page of some outlet."""
    graph = site.folder / "outlets/graph/index.html"
    found = min(set(site.folder.glob("outlets/*/index.html")) - {graph})
    return found.parent.relative_to(site.folder).as_posix() + "/"


def every_type(site: Served) -> dict[str, str]:
    week = first_below(site, "week")
    return {
        "home": "",
        "week": week,
        "beat": first_below(site, week),
        "day": first_below(site, "day"),
        "family": widest_family(site),
        "article": first_below(site, "a"),
        "people-by": first_below(site, "people-by/letter"),
        "month": first_below(site, "archive"),
        "speaker": first_below(site, "people"),
        "outlet": outlet_page(site),
        "outlet-graph": "outlets/graph/",
        "topic": first_below(site, "topics"),
        "idea": first_below(site, "ideas"),
        **{name: f"{name}/" for name in ("people", "outlets", "topics", "ideas", "rankings")},
        **{name: f"{name}/" for name in ("search", "archive", "corrections", "data", "about")},
        **{name: f"{name}/" for name in ("status", "revisions")},
    }


TYPES = (
    "home week beat day family article speaker people-by outlet outlet-graph topic idea month people outlets "
    "topics ideas rankings search archive corrections data about status revisions"
)


@pytest.mark.parametrize("name", TYPES.split())
@pytest.mark.parametrize("width", WIDTHS)
def test_page_is_sound_for_everybody(name: str, width: int, site: Served, browser: Any) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site.url + every_type(site)[name])
    page.evaluate("document.querySelectorAll('details').forEach(folded => { folded.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    _axe_is_content(page, RULES)
    page.emulate_media(color_scheme="dark")  # what a scheme changes is colours
    _axe_is_content(page, ["cat.color"])
    assert said == []
    assert [url for url in asked if not url.startswith(site.url)] == []
    page.close()


def _axe_is_content(page: Any, rules: list[str]) -> None:
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": rules}}).response
    complaints = [
        (kind, rule["id"], node["target"], node.get("any", [{}])[:1])
        for kind in ("violations", "incomplete")
        for rule in found[kind]
        for node in rule["nodes"][:3]
    ]
    assert complaints == []


def test_works_from_a_folder(site: Served, browser: Any) -> None:
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto((site.folder / "index.html").as_uri())
    page.click("nav >> text=People")
    assert "people/index.html" in page.url
    page.click("main table a >> nth=0")
    assert page.inner_text("h1")
    page.click("main article .meta a >> nth=-1")
    assert page.inner_text("main .w >> nth=0")
    assert page.evaluate("getComputedStyle(document.body).maxWidth") != "none"
    assert said == []
    page.close()


def test_reads_without_javascript(site: Served, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site.url + "search/")
    page.click('main a[href$="people/index.html"]')
    assert page.inner_text("h1") == "People and organisations"
    context.close()


LATIN_IN_CHINESE = """
() => [...document.querySelectorAll("body *")].filter(element =>
    [...element.childNodes].some(node => node.nodeType === 3 && /[A-Za-z]/.test(node.data)) &&
    !getComputedStyle(element).fontFamily.match(/^"?(Openrace|Letters|ui-monospace|monospace)/)
).map(element => element.outerHTML.slice(0, 120))
"""


def faces_of(page: Any, selector: str) -> dict[str, int]:
    """The faces in which the letters of an element are set, as the browser tells them."""
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    node = session.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    return {font["familyName"]: int(font["glyphCount"]) for font in fonts}


def test_no_latin_letter_is_set_in_a_chinese_face(site: Served, browser: Any) -> None:
    page = browser.new_page()
    for address in ("", widest_family(site), first_below(site, "people")):
        page.goto(site.url + address)
        page.evaluate("document.fonts.ready")
        assert page.evaluate(LATIN_IN_CHINESE) == []
    page.evaluate(
        """() => { document.querySelector("main").innerHTML =
        '<p id="both" class="w" lang="zh">AI <span id="latin">open weights 90%</span> 开源“模型”</p>' }"""
    )
    page.evaluate("document.fonts.load('1rem \"Letters Serif\"')")
    page.wait_for_timeout(300)
    assert set(faces_of(page, "#latin")) == {"Openrace Serif"}
    page.close()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("www") / "hostile"
    publish(hostile_edition(), folder, now=NOW)
    yield from serve(folder)


def test_poison_does_nothing_in_a_browser(hostile: Served, browser: Any) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 900})
    noticed: list[str] = []
    page.on("console", lambda message: noticed.append(message.text))
    page.on("dialog", lambda dialog: noticed.append(dialog.message))
    page.on(
        "request", lambda request: noticed.append(request.url) if hostile.url not in request.url else None
    )
    for address in every_type(hostile).values():
        page.goto(hostile.url + address)
        assert page.evaluate("window.pwned") is None
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address
        assert page.evaluate("[...document.links].every(link => /^https?:$/.test(link.protocol))")
    assert noticed == []
    page.close()
