"""One utterance that is reported in two languages: the readers' own leads, the other stands beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import lxml.html
import pytest

from openrace.claim_wording import Piece
from openrace.records import Family
from openrace.site.digest_mail import digest_text
from openrace.story import FamilyStory, Variant
from site_editions import NOW, Whole, make_edition, morning, publish, with_idea

SAID, HAN = "Our harbour will stay open to all", "我们的港口将对所有人开放"
DAY = "2026-11-20"
READS = {"en": (f"“{SAID}”", f"“{HAN}”"), "zh": (f"“{HAN}”", f"“{SAID}”")}


def in_two_languages(**given: Any) -> Whole:
    """An edition whose first person says the same in an English article and, earlier, in a Chinese one."""
    made = make_edition(14, days=2, single=True)
    first, second = (
        {s.claim_id: s for s in made.statements}[it.family.claim_ids[0]] for it in made.stories[:2]
    )
    said = {"speaker_id": made.people[0].id, "speaker_name": made.people[0].name}
    said |= {"kind": "direct", "lead": "", "polarity": "asserted"}
    changed: dict[str, dict[str, object]] = {
        first.claim_id: {**said, "parts": (Piece(SAID, True),)},
        second.claim_id: {**said, "parts": (Piece(HAN, True),)},
        first.article_id: {"published": f"{DAY}T10:00:00Z", "language": "en"},
        second.article_id: {"published": f"{DAY}T08:00:00Z", "language": "zh"},
    }
    statements = tuple(s.model_copy(update=changed.get(s.claim_id, {})) for s in made.statements)
    articles = tuple(a.model_copy(update=changed.get(a.id, {})) for a in made.articles)
    stories = (*_linked(made.stories[0], made.stories[1]), *made.stories[2:])
    return made.model_copy(
        update={"statements": statements, "articles": articles, "stories": stories, **given}
    )


def _linked(first: FamilyStory, second: FamilyStory) -> tuple[FamilyStory, FamilyStory]:
    def linked(story: FamilyStory, other: FamilyStory, hour: str) -> FamilyStory:
        family = story.family.model_copy(update={"same_utterance": (other.family.id,)})
        at = {"when": f"{DAY}T{hour}:00:00Z", "lag_hours": 0.0, "kind": "direct"}
        appearances = tuple(it.model_copy(update=at) for it in story.appearances)
        return story.model_copy(
            update={"family": family, "appearances": appearances, "first": family.claim_ids}
        )

    return linked(first, second, "10"), linked(second, first, "08")


def in_one_family(whole: Whole) -> Whole:
    """The same, but both reports are of one family, for which the Chinese wording stands."""
    first, second = whole.stories[:2]
    claims = (*second.family.claim_ids, *first.family.claim_ids)
    words = zip((HAN, SAID), claims, strict=True)
    apart: dict[str, Any] = {"first": None, "to_earliest": None, "to_representative": None}
    family = Family(id=first.family.id, claim_ids=claims, representative=claims[0])
    story = FamilyStory(
        family=family,
        variants=tuple(Variant(text=text, claim_ids=(claim,), **apart) for text, claim in words),
        appearances=(*second.appearances, *first.appearances),
        first=claims[:1],
    )
    return whole.model_copy(update={"stories": (story, *whole.stories[2:])})


def shown_on(page: Path) -> list[tuple[str, str]]:
    """The words in which each statement of the two is set on a page, and those beside them."""
    found = []
    for row in lxml.html.parse(page).xpath("//article[@class='st'] | //article[@class='family']"):
        words = row.xpath("string((.//blockquote | .//div[contains(@class, 'w')])[1])").strip()
        found.append((words, row.xpath("string(.//p[@class='alt']/*[@class='w'])").strip()))
    return [pair for pair in found if any(said in f"{pair}" for said in (SAID, HAN))]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_readers_language_leads_and_the_other_stands_beside_it(tmp_path: Path, language: str) -> None:
    made = in_two_languages(language=language)
    publish(made, tmp_path, now=NOW)
    lists = ("", f"day/{DAY}/", "week/2026-W47/", "topics/weights/", f"people/{made.people[0].id}/")
    assert [shown_on(tmp_path / page / "index.html") for page in lists] == [[READS[language]]] * len(lists)
    english = tmp_path / "q" / made.stories[0].family.id / "index.html"
    assert shown_on(english) == [READS["en"]]  # a page of one of the two is about its own words
    feed = (tmp_path / lists[-1] / "feed.xml").read_text()
    assert SAID in feed
    assert HAN in feed  # whoever follows the feed misses neither
    ranked = [it for band in morning(made).digest.bands for it in band.ranked]
    assert {it.outlets for it in ranked if SAID in f"{it.line}"} == {
        len({it.outlet for story in made.stories[:2] for it in story.appearances})
    }
    text = digest_text(morning(made))
    assert text.index(READS[language][0]) < text.index(READS[language][1])


def test_a_topic_is_told_in_the_readers_language_wherever_that_was_reported(tmp_path: Path) -> None:
    made = in_two_languages()
    english = made.stories[0].appearances[0].article_id
    off_topic = (a.model_copy(update={"topics": ()}) if a.id == english else a for a in made.articles)
    publish(made.model_copy(update={"articles": tuple(off_topic)}), tmp_path, now=NOW)
    assert shown_on(tmp_path / "topics" / "weights" / "index.html") == [READS["en"]]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_under_an_idea_too(tmp_path: Path, language: str) -> None:
    publish(with_idea(in_two_languages(language=language)), tmp_path, now=NOW)
    assert shown_on(tmp_path / "ideas/give-away/index.html") == [READS[language]]


def test_who_was_first_is_not_told_where_the_other_language_was_earlier(tmp_path: Path) -> None:
    firsts = []
    for language in ("en", "zh"):
        publish(in_two_languages(language=language), tmp_path / language, now=NOW)
        rows = lxml.html.parse(tmp_path / language / "index.html").xpath("//article")
        meta = next(row for row in rows if SAID in row.text_content()).xpath("string(p[@class='meta'])")
        firsts.append(meta.split("·")[1].split()[0])
    assert firsts[0] == "in"
    assert firsts[1].startswith("首")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_of_a_family_with_both_languages_the_readers_own_leads(tmp_path: Path, language: str) -> None:
    made = in_one_family(in_two_languages(language=language))
    publish(made, tmp_path, now=NOW)
    page = tmp_path / "q" / made.stories[0].family.id / "index.html"
    assert shown_on(page)[0][0] == READS[language][0]
    assert READS[language][1].strip("“”") in page.read_text()
    assert shown_on(tmp_path / "index.html") == [READS[language]]


def test_of_statements_about_as_strong_those_in_the_readers_language_come_first() -> None:
    made = in_two_languages()
    alone = {"same_utterance": ()}
    apart = [s.model_copy(update={"family": s.family.model_copy(update=alone)}) for s in made.stories]
    orders = []
    for language in ("en", "zh"):
        bands = morning(made.model_copy(update={"stories": tuple(apart), "language": language})).digest.bands
        ranked = sorted((it for band in bands for it in band.ranked), key=lambda it: it.rank)
        lines = [it.line.words.text for it in ranked]
        orders.append([text for text in lines if SAID in text or HAN in text])
    assert orders == [list(READS["en"]), list(READS["zh"])]
