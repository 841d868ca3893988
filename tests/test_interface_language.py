"""The interface in other languages: every message there, and never a page in two languages."""

from __future__ import annotations

import re
import runpy
from collections.abc import Iterator
from pathlib import Path

import lxml.html
from babel.messages import Catalog
from babel.messages.pofile import read_po

from openrace.site.digest_mail import digest_html, digest_text
from openrace.site.interface_language import catalogue_of, interface_language
from site_editions import NOW, make_edition, morning, publish, with_idea, with_paraphrase
from test_site_publish import tree

ENGLISH, CHINESE = interface_language("en"), interface_language("zh")
EDITION = with_idea(with_paraphrase(make_edition(8)))
IN_CHINESE = EDITION.model_copy(update={"language": "zh"})
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
EXTRACT = Path(__file__).parents[1] / "benchmarks" / "catalogue.py"
KEPT = set(
    "openrace Feed UTC JSON Atom BibTeX CSL HTML CSV SHA JavaScript PolNeAR speaker altman kind".split()
)
KEPT |= set(
    "direct denied weight weights weighted open source model licence chips compute since before".split()
)


def catalogue() -> Catalog:
    with catalogue_of("zh").open("rb") as file:
        return read_po(file, locale="zh_Hans")


def test_a_translation_has_the_placeholders_and_the_markup_of_its_message() -> None:
    for message in catalogue():
        forms = _forms(message.id)
        for text in _forms(message.string) if message.id else ():
            assert set(PLACEHOLDER.findall(text)) == set(PLACEHOLDER.findall(forms[-1])), forms
            assert sorted(re.findall("<[^>]*>", text)) == sorted(re.findall("<[^>]*>", forms[0])), forms
            assert "%" not in PLACEHOLDER.sub("", text).replace("%%", ""), forms


def test_every_message_is_in_the_catalogue_and_translated() -> None:
    """`make catalogue` brings in what is missing, and takes out what is gone."""
    known = {(message.context, *_forms(message.id)): message for message in catalogue() if message.id}
    wanted = {(message.context, *_forms(message.id)) for message in _extracted() if message.id}
    assert wanted == known.keys()
    assert [key for key, message in known.items() if message.fuzzy or not all(_forms(message.string))] == []


def _extracted() -> Catalog:
    extracted: Catalog = runpy.run_path(str(EXTRACT))["extracted"]()
    return extracted


def _forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def test_no_page_says_anything_of_its_own_in_another_language(tmp_path: Path) -> None:
    """Whatever Latin words stand on a Chinese page are those of the articles and names in it."""
    publish(IN_CHINESE, tmp_path, now=NOW)
    given = set(re.findall("[A-Za-z]+", IN_CHINESE.model_dump_json())) | KEPT
    for path in tmp_path.rglob("*.html"):
        found = {word for text in _texts(path) for word in re.findall("[A-Za-z]{3,}", text)}
        assert found - given == set(), path


def _texts(page: Path) -> Iterator[str]:
    """Yield what a page says, but for code and what no reader sees."""
    document = lxml.html.document_fromstring(page.read_bytes())
    yield from document.xpath("//text()[not(ancestor::script or ancestor::pre or ancestor::code)]")
    yield from document.xpath("//@aria-label | //@placeholder | //link/@title")


def test_counts_and_days_follow_the_language() -> None:
    one, many = "%(n)s report", "%(n)s reports"
    assert [ENGLISH.counted(n, one, many) for n in (0, 1, 2_310)] == [
        "0 reports",
        "1 report",
        "2,310 reports",
    ]
    assert [CHINESE.counted(n, one, many) for n in (0, 1, 2_310)] == ["0篇报道", "1篇报道", "2,310篇报道"]
    at = "2025-09-03T21:31:00Z"
    assert [ENGLISH.clock(at), CHINESE.clock(at)] == ["3 Sep 2025, 21:31 UTC", "2025年9月3日 21:31 UTC"]
    assert [ENGLISH.weekday(at), CHINESE.weekday(at)] == ["Wednesday, 3 September 2025", "2025年9月3日星期三"]
    assert [ENGLISH.clocks(at), CHINESE.clocks(at)] == [
        "17:31 Washington, 05:31 Beijing",
        "华盛顿17:31，北京05:31",
    ]
    assert [ENGLISH.day(None), CHINESE.day(None)] == ["date unknown", "日期不明"]


def test_a_week_is_told_by_its_ends() -> None:
    weeks = {
        "2026-W47": ("16–22 November 2026", "2026年11月16日至22日"),
        "2026-W44": ("26 October – 1 November 2026", "2026年10月26日至11月1日"),
        "2026-W53": ("28 December 2026 – 3 January 2027", "2026年12月28日至2027年1月3日"),
    }
    assert {week: (ENGLISH.week(week), CHINESE.week(week)) for week in weeks} == weeks


def test_how_late_is_told_in_the_unit_that_fits() -> None:
    lags = {
        None: ("unknown", "不明"),
        0.2: ("at once", "同时"),
        3.4: ("+3 h", "+3小时"),
        26: ("+1 day", "+1天"),
        24 * 300: ("+10 months", "+10个月"),
        8766 * 2: ("+2 years", "+2年"),
    }
    assert {hours: (ENGLISH.lag(hours), CHINESE.lag(hours)) for hours in lags} == lags


def test_a_message_with_figures_is_translated_whatever_they_are() -> None:
    measured = "91 of 100 found are right, 80.5 of 100 there are found"
    assert ENGLISH.with_numbers(measured) == measured
    assert {"91", "80.5"} <= set(re.findall(r"[\d.]+", CHINESE.with_numbers(measured)))
    assert "found" not in CHINESE.with_numbers(measured)
    assert CHINESE.with_numbers("89 % (F1)") == "89 % (F1)"


def test_a_site_that_changes_its_language_is_made_anew_whole(tmp_path: Path) -> None:
    changed, english, chinese = tmp_path / "changed", tmp_path / "en", tmp_path / "zh"
    publish(EDITION, english, now=NOW)
    publish(IN_CHINESE, chinese, now=NOW)
    for edition, whole in ((EDITION, english), (IN_CHINESE, chinese), (EDITION, english)):
        publish(edition, changed, now=NOW)
        assert tree(changed) == tree(whole)
    for path in chinese.rglob("index.html"):
        assert '<html lang="zh-Hans">' in path.read_text("utf-8")


def test_what_articles_say_is_the_same_in_both_languages(tmp_path: Path) -> None:
    publish(EDITION, tmp_path / "en", now=NOW)
    publish(IN_CHINESE, tmp_path / "zh", now=NOW)
    for path in (tmp_path / "en").glob("q/*/index.html"):
        other = tmp_path / "zh" / path.relative_to(tmp_path / "en")
        assert words_of(path) == words_of(other) != []


def words_of(page: Path) -> list[str]:
    """The words of articles on a page, without what is said of them in between."""
    document = lxml.html.document_fromstring(page.read_bytes())
    inside = "//*[contains(concat(' ', @class, ' '), ' w ')]//text()[not(ancestor::*[@class='skipw'])]"
    return [str(text) for text in document.xpath(inside)]


def test_the_mail_is_in_the_language_of_the_site() -> None:
    mail = digest_text(morning(IN_CHINESE))
    assert "昨天以来" in mail
    assert "直接引语" in mail
    assert "Since yesterday" not in mail
    assert '<html lang="zh-Hans">' in digest_html(morning(IN_CHINESE))
