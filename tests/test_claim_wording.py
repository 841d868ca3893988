"""How a claim is shown: pieces in their marks, an ellipsis between them, and the verb that turns them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openrace.claim_wording import CLOSING, OPENING, Offsets, Reported, word_claim

CASES = tomllib.loads((Path(__file__).parent / "cases" / "claim-wordings.toml").read_text("utf-8"))["case"]


def places(text: str, words: list[str]) -> list[Offsets]:
    """Where each of `words` stands in `text`, each behind the one before."""
    found, at = [], 0
    for piece in words:
        start = text.index(piece, at)
        at = start + len(piece)
        found.append((start, at))
    return found


def reported(case: dict[str, Any]) -> Reported:
    text = case["text"]
    spans, quoted = places(text, case["content"]), places(text, case.get("quoted", []))
    kind = "indirect" if not quoted else "direct" if quoted == spans else "mixed"
    cue = places(text, [case["cue"]])[0] if "cue" in case else None
    speaker = places(text, [case["speaker"]])[0] if "speaker" in case else None
    return Reported(kind, case.get("polarity", "asserted"), spans, quoted, cue, speaker)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["line"]))
def test_a_claim_is_shown_on_one_line(case: dict[str, Any]) -> None:
    assert word_claim(case["text"], reported(case)).line == case["line"]


words = st.text(st.sampled_from("abcXY ,.—“”‘’'\"「」王说。，否认\n"), min_size=1, max_size=12)
POLARITIES = ["asserted", "denied", "questioned", "conditional"]


@st.composite
def claims(draw: st.DrawFn) -> tuple[str, Reported]:
    """An article made of stretches, some of them content, some of these quoted, one the cue."""
    stretches = draw(st.lists(st.tuples(words, st.sampled_from("nnqicc")), min_size=1, max_size=8))
    text, spans, quoted, cue = "", [], [], None
    for stretch, role in [*stretches, ("last words", "i")]:
        start, end = len(text), len(text) + len(stretch)
        text += stretch
        if role in "qi" and any(map(str.isalnum, stretch)):
            spans.append((start, end))
        if role == "q" and spans and spans[-1] == (start, end):
            quoted.append((start, end))
        if role == "c":
            cue = (start, end)
    kind = "indirect" if not quoted else "direct" if quoted == spans else "mixed"
    return text, Reported(kind, draw(st.sampled_from(POLARITIES)), spans, quoted, cue)


def bare(text: str) -> str:
    return re.sub(rf"[\s{OPENING}{CLOSING},;:，；：、]", "", text)


@given(claims())
def test_every_word_of_the_content_is_shown_once_and_in_order(made: tuple[str, Reported]) -> None:
    text, claim = made
    shown = word_claim(text, claim)
    content = [bare(text[start:end]) for start, end in claim.spans]
    assert [bare(piece.text) for piece in shown.pieces] == content
    at = len(shown.lead)
    for piece in shown.pieces:
        at = shown.line.index(piece.marked, at) + len(piece.marked)
    assert at == len(shown.line)


@given(claims())
def test_words_apart_in_the_article_never_share_a_pair_of_marks(made: tuple[str, Reported]) -> None:
    text, claim = made
    shown = word_claim(text, claim)
    assert shown.words.count(shown.gap.strip()) >= len(claim.spans) - 1
    assert all(piece.marks for piece in shown.pieces if piece.quoted)


@given(claims())
def test_what_is_not_asserted_says_so(made: tuple[str, Reported]) -> None:
    text, claim = made
    shown = word_claim(text, claim)
    if claim.polarity != "asserted":
        assert shown.lead
    if claim.kind != "direct" and claim.cue and any(map(str.isalnum, text[slice(*claim.cue)])):
        assert bare(text[slice(*claim.cue)]).lower() in bare(shown.lead).lower()
