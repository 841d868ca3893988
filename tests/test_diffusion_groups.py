"""Which quotes are one utterance: every case, and that neither order nor batches decide."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from openrace.clustering import group_quotes, place_quotes
from openrace.clustering.linking import match_of
from openrace.clustering.pair_contexts import pair_context
from openrace.clustering.quote_table import QuoteTable, prepare
from openrace.clustering.scoring import bounds, log_odds
from openrace.records import Quote
from openrace.store import open_store, transaction
from openrace.store.quote_index import SqliteQuoteIndex
from openrace.wordings.align import aligned_words

CASES = [
    case
    for path in sorted((Path(__file__).parent / "cases").glob("families-[gk]*.toml"))
    for case in tomllib.loads(path.read_text("utf-8"))["case"]
]
NOW = "2026-01-02T03:04:05Z"


def quotes_of(case) -> list[Quote]:
    return [
        Quote(
            quote_id=f"q{i}",
            text=row["text"],
            speaker=row.get("speaker"),
            date=row.get("day"),
            article_id=row.get("article"),
            kind=row.get("kind", "direct"),
            context=row.get("context"),
        )
        for i, row in enumerate(case["quotes"])
    ]


def groups(placed: Mapping[str, str]) -> set[frozenset[str]]:
    members: defaultdict[str, set[str]] = defaultdict(set)
    for quote_id, family in placed.items():
        members[family].add(quote_id)
    return set(map(frozenset, members.values()))


def grown(batches: list[list[Quote]]) -> set[frozenset[str]]:
    """The groups after so many nights, from the store."""
    db = open_store(":memory:")
    for batch in batches:
        with transaction(db):
            place_quotes(batch, SqliteQuoteIndex(db), now=NOW)
    placed = {row["claim"]: row["family"] for row in db.execute("SELECT claim, family FROM quotes")}
    db.close()
    return groups(placed)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case) -> None:
    expected = groups({f"q{i}": row.get("group", f"alone {i}") for i, row in enumerate(case["quotes"])})
    assert groups(group_quotes(quotes_of(case))) == expected, case["why"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_one_quote_a_night_gives_the_same(case) -> None:
    quotes = quotes_of(case)
    assert grown([[quote] for quote in reversed(quotes)]) == groups(group_quotes(quotes))


WORDS = (
    "we will not publish the open weights of a northern model before spring because nobody in this"
    " harbour believes that chips alone can save fishermen from closed laboratories"
).split()
PEOPLE = (None, "he", "Mara Lindqvist", "Lindqvist", "Tobias Lindqvist", "Tobias Okonjo", "the minister")


@st.composite
def some_quotes(draw) -> list[Quote]:
    """Pieces of one sentence with a word changed here and there, by a few people in a few articles."""

    def text() -> str:
        start = draw(st.integers(0, len(WORDS) - 4))
        piece = WORDS[start : start + draw(st.integers(3, 20))]
        for _ in range(draw(st.integers(0, 2))):
            piece[draw(st.integers(0, len(piece) - 1))] = draw(st.sampled_from(("…", "[them]", "ice", "not")))
        return " ".join(piece)

    return [
        Quote(
            quote_id=f"q{i}",
            text=text(),
            speaker=draw(st.sampled_from(PEOPLE)),
            date=draw(st.sampled_from((None, "2025-01-01", "2025-01-02", "2025-03-01"))),
            article_id=draw(st.sampled_from((None, "x", "y"))),
        )
        for i in range(draw(st.integers(2, 9)))
    ]


@settings(max_examples=150, deadline=None)
@given(some_quotes(), st.randoms(use_true_random=False))
def test_the_order_does_not_matter(quotes, rng) -> None:
    shuffled = list(quotes)
    rng.shuffle(shuffled)
    assert group_quotes(shuffled) == dict(sorted(group_quotes(quotes).items(), key=lambda p: 0)), "ids too"


@settings(max_examples=100, deadline=None)
@given(some_quotes(), st.randoms(use_true_random=False), st.integers(1, 4))
def test_the_nights_do_not_matter(quotes, rng, size) -> None:
    shuffled = list(quotes)
    rng.shuffle(shuffled)
    nights = [shuffled[i : i + size] for i in range(0, len(shuffled), size)]
    assert grown(nights) == groups(group_quotes(quotes))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from((None, "Lindqvist", "Mara Lindqvist", "Tobias Lindqvist")), min_size=3, max_size=7
    ),
    st.randoms(use_true_random=False),
    st.integers(1, 3),
)
def test_namesakes_are_parted_alike_on_any_night(speakers, rng, size) -> None:
    """A surname alone may be either of two people: who joins it may yet contradict another of its family."""
    quotes = [
        Quote(
            quote_id=f"q{i}",
            text=" ".join(WORDS[: 20 - i]),
            speaker=who,
            date="2025-01-01",
            article_id=f"a{i}",
        )
        for i, who in enumerate(speakers)
    ]
    shuffled = rng.sample(quotes, len(quotes))
    nights = [shuffled[i : i + size] for i in range(0, len(shuffled), size)]
    assert grown(nights) == groups(group_quotes(quotes))


def a_crowd(rng: Random) -> list[Quote]:
    """Many speeches with one stock phrase, by people who come back to it, and parts of it without more."""
    made = []
    for _ in range(120):
        before, after = (" ".join(f"w{rng.randrange(400)}x" for _ in range(rng.randint(3, 12))) for _ in "ab")
        phrase = "never again in this harbour"
        whole = f"{before} {phrase} {after}"
        who, day = f"Ada {'ABCDEFGH'[rng.randrange(8)]}erg", f"2025-03-{rng.randint(1, 28):02}"
        made += [(whole, who, day), (phrase, who, day), ("in this harbour", who, day)][: rng.randint(1, 3)]
    return [
        Quote(quote_id=f"q{i}", text=text, speaker=who, date=day) for i, (text, who, day) in enumerate(made)
    ]


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 1 << 20))
@example(285)  # a quote that moved in the first look of a night is offered another place in the second
def test_in_a_crowd_the_nights_do_not_matter(seed) -> None:
    rng = Random(seed)
    quotes = a_crowd(rng)
    shuffled = rng.sample(quotes, len(quotes))
    nights = [shuffled[i::4] for i in range(4)]
    assert grown(nights) == groups(group_quotes(quotes))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=8))
def test_any_text_is_taken(texts) -> None:
    quotes = [Quote(quote_id=str(i), text=text or "…") for i, text in enumerate(texts)]
    assert list(group_quotes(quotes)) == [quote.quote_id for quote in quotes]


PARTS = st.lists(st.sampled_from("the ice a of weights remembers all we built open".split()), max_size=14)


@settings(max_examples=300, deadline=None)
@given(
    PARTS.filter(bool),
    PARTS.filter(bool),
    st.sampled_from(PEOPLE),
    st.sampled_from(("2025-01-01", "2025-02-01")),
    st.booleans(),
)
def test_no_pair_scores_above_its_bound(some, other, who, day, together) -> None:
    said = [
        Quote(quote_id="a", text=" ".join(some), speaker="Mara Lindqvist", date="2025-01-01", article_id="x"),
        Quote(quote_id="b", text=" ".join(other), speaker=who, date=day, article_id="x" if together else "y"),
    ]
    table = QuoteTable(map(prepare, said))
    above, below = (0, 1) if table.is_above(0, 1) else (1, 0)
    shorter, longer = table.wordings[table.wording[below]], table.wordings[table.wording[above]]
    if match := match_of(table, table.wording[below], table.wording[above]):
        context = pair_context(table, below, above)
        lengths, days = np.array([len(longer)]), np.array([context.days or 0])
        [most] = bounds(aligned_words([shorter], [[longer]]), np.array([len(shorter)]), lengths, days)
        assert most >= log_odds(match, context)
