"""Which articles are on a topic, and whether the reason given is the true one. All texts are our own."""

from __future__ import annotations

from pathlib import Path

import frontmatter
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openrace.extract.relevance import judge_relevance
from openrace.records import Article
from openrace.resources import resource
from openrace.seed_records import Facet, Topic
from openrace.user_files.seed_files import load_seeds

TOPICS = load_seeds().topics
RIVERS = Topic(
    id="rivers",
    name="Rivers",
    threshold=4,
    facets=(
        Facet(name="water", at_least=2, terms=(("river*", 1), ("US", 1), ("old dam", 2), ("河", 2))),
        Facet(name="law", at_least=1, terms=(("court", 1), ("river*", 1), ("法院", 1))),
    ),
)


def article(text: str, title: str | None = None) -> Article:
    return Article(id="a", text=f"{title}\n\n{text}" if title else text, title=title)


def terms_of(text: str, title: str | None = None) -> dict[str, float]:
    matches = judge_relevance(article(text, title), [RIVERS]).matches
    return {match.term: match.weight for match in matches if match.facet == "water"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the river", {"river*": 1}),
        ("RIVERSIDE and Rivers", {"river*": 2}),
        ("drivers", {}),
        ("tell us of the US", {"US": 1}),
        ("the U.S. and USA", {}),
        ("an old-dam", {"old dam": 2}),
        ("an Old\n dam", {"old dam": 2}),
        ("an old damage", {}),
        ("在河边", {"河": 2}),
        ("中国US河", {"US": 1, "河": 2}),
        ("river river river river river", {"river*": 3}),
    ],
)
def test_terms(text: str, found: dict[str, float]) -> None:
    assert terms_of(text) == found


def test_the_headline_counts_more() -> None:
    assert terms_of("The river.", title="River")["river*"] == terms_of("The river. River.")["river*"] + 2


def test_every_facet_is_needed() -> None:
    relevance = judge_relevance(article("An old dam. The US. An old dam. The old dam."), [RIVERS])
    assert relevance.score >= relevance.threshold
    assert (relevance.relevant, relevance.missing) == (False, ("law",))


def test_a_term_counts_for_every_facet_it_is_in() -> None:
    relevance = judge_relevance(article("A river, a river."), [RIVERS])
    assert relevance.relevant
    assert [(match.facet, match.weight) for match in relevance.matches] == [("water", 2), ("law", 2)]


def test_the_fitting_topic_is_chosen() -> None:
    rivers = judge_relevance(article("The court spared the old dam on the river."), [*TOPICS, RIVERS])
    assert (rivers.topic, rivers.relevant) == ("rivers", True)


def test_without_topics_there_is_nothing_to_judge() -> None:
    with pytest.raises(ValueError, match="no topic"):
        judge_relevance(article("x"), [])


@given(st.text(alphabet=st.sampled_from("river US-old\ndam 河法院courtRIVER"), min_size=1))
def test_places_are_the_very_words(text: str) -> None:
    relevance = judge_relevance(Article(id="a", text=text), [RIVERS])
    for match in relevance.matches:
        stem = match.term.removesuffix("*").split()[0]
        assert all(text[s.start : s.end].casefold().startswith(stem.casefold()) for s in match.places)
    assert relevance.score == sum(match.weight for match in relevance.matches)


@pytest.mark.parametrize("path", sorted((resource("seeds") / "articles").glob("*.md")), ids=lambda p: p.stem)
def test_the_briefs_are_on_the_topic(path: Path) -> None:
    brief = frontmatter.load(str(path))
    relevance = judge_relevance(article(brief.content, str(brief["title"])), TOPICS)
    assert relevance.relevant, relevance


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "Investor wants America to lead in open AI models",
            "A fund manager said that start-ups use Chinese open-source models because they are free.",
        ),
        ("DeepSeek gibt Gewichte frei", "Das Modell R1 von DeepSeek ist ein LLM. DeepSeek sitzt in China."),
        ("中国开源大模型领先", "该公司表示,将继续开放权重,人工智能属于所有人。"),
        (
            None,
            "Free open-weight models from China put a price of zero on AI. So do open-source LLMs.",
        ),
    ],
)
def test_on_the_topic(title: str | None, text: str) -> None:
    assert judge_relevance(article(text, title), TOPICS).relevant


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "China raises tariffs on soy",
            "Beijing answered Washington. China, Chinese ports and the US disagree on trade with China.",
        ),
        (
            "Open-source database turns twenty",
            "The open source project thanked its maintainers. Its closed-source rivals are gone.",
        ),
        (
            "OpenAI raises prices of ChatGPT",
            "The AI company OpenAI said that its language models cost more to run. Anthropic followed.",
        ),
        (
            "OpenAI, Anthropic and the courts",
            "Artificial intelligence firms were sued over training data.",
        ),
        ("开源节流", "中国企业如何节约成本,中国经济与美国市场。"),
    ],
)
def test_off_the_topic(title: str | None, text: str) -> None:
    assert not judge_relevance(article(text, title), TOPICS).relevant
