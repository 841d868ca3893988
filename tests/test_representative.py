"""Which report's wording is shown for a family: each case of a print that must, or must not, be it."""

from __future__ import annotations

import random
import re
import tomllib
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openrace.diffusion import PrintedClaim, choose_representative
from openrace.person_names import FamilySpeaker
from openrace.records import Article, Claim, Span, Speaker
from openrace.wordings.normalise import encode

PATH = Path(__file__).parent / "cases" / "families-representative.toml"
CASES = tomllib.loads(PATH.read_text("utf-8"))["case"]
SYLLABLES = "ba de fi go ku la me ni po ru sa te".split()


def the_print(number: int, outlet: str, text: str, speaker: str, seed: object) -> PrintedClaim:
    """A claim of the words in marks in `text` (all of it, where there are none) in an article of its own."""
    chance = random.Random(str(seed))
    rest = " ".join("".join(chance.choices(SYLLABLES, k=3)) for _ in range(200))
    article = Article(
        id=f"article{number:03}",
        text=f"{text}\n\n{rest}",
        outlet=outlet,
        published=f"2025-03-{number + 1:02}",
    )
    whole = Span(0, len(text))
    marked = tuple(Span(m.start(1), m.end(1)) for m in re.finditer("“([^”]+)”", text))
    is_direct = not marked or text.strip("“”") == text[1:-1]
    spans = marked if marked and is_direct else (whole,)
    claim = Claim(
        id=f"claim{number:03}",
        article_id=article.id,
        kind="direct" if is_direct else "mixed",
        spans=spans,
        quoted=spans if is_direct else marked,
        text=" ".join(text[a:b] for a, b in spans),
        cue=None,
        speaker=Speaker(span=None, text=speaker, name=speaker) if speaker else None,
        context=whole,
        confidence=1,
        reason="made for a test",
        extractor="test",
    )
    return PrintedClaim(claim, article, encode(claim.verbatim(article)))


def made(case: dict) -> tuple[list[PrintedClaim], set[str]]:
    """The prints of a case, and the ids of the claims that may be shown."""
    prints, shown, numbers = [], set(), count()
    for text in case["prints"]:
        outlets = [("its own", i) for i in range(text.get("outlets", 1))]
        outlets += [("a copy", i) for i in range(text.get("copies", 0))]
        for way, _ in outlets:
            number = next(numbers)
            seed = text["text"] if way == "a copy" or text.get("copies") else number
            speaker = text.get("speaker", "Ansel Moor")
            prints.append(the_print(number, f"o{number}.example", text["text"], speaker, seed))
            if text.get("shown"):
                shown.add(prints[-1].claim.id)
    return prints, shown


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_the_wording_shown(case) -> None:
    prints, shown = made(case)
    assert choose_representative(prints, FamilySpeaker(case.get("speaker"))) in shown


@given(st.sampled_from(CASES), st.randoms())
def test_the_order_of_reports_does_not_matter(case, chance) -> None:
    prints, _ = made(case)
    shuffled = chance.sample(prints, len(prints))
    ordered = sorted(shuffled, key=lambda shown: shown.article.published or "")
    assert choose_representative(ordered) == choose_representative(prints)
