"""Whole transcripts, made of a hundred turns in several layouts, come out turn for turn."""

from __future__ import annotations

import random

import pytest

from openrace.extract.claims import extract_claims
from openrace.records import Article

TURNS = 100
FULL_NAMES = ["Mara Lindqvist", "Tomas Okafor", "Ines Vardan"]
SENTENCES = [
    "I think the lock has leaked since the spring.",
    "Did you ever see the drawings?",
    "We were told that nobody would pay for the dredging.",
    "The board met twice, and people say it will meet again.",
    "That is what the ferrymen believe, according to the harbour master.",
    "Yes.",
    "Let me stress one thing: the gate is older than the town.",
    "You can hear it in the yard at night.",
    "Well, the tide tables were wrong, and the minister said so.",
    "My father built boats here.",
    "Nobody reads them anyway.",
    "Our buoys drift; theirs do not.",
]
INTRODUCTION = "Mara Lindqvist, a scholar of rivers, and Tomas Okafor, a builder of pumps, met in Estmouth."


def _paragraphs():
    """A hundred turns of two speakers and once a third: (speaker's place, its paragraphs)."""
    rng = random.Random(15)
    for turn in range(TURNS):
        who = 2 if turn == 40 else turn % 2
        yield (
            who,
            [" ".join(rng.choices(SENTENCES, k=rng.randint(1, 4))) for _ in range(rng.choice([1, 1, 2, 3]))],
        )


def _stamp(turn, part=0):
    return f"({turn // 60:02}:{turn % 60:02}:{part:02})"


def _stamped(turns, names):
    for number, (who, paragraphs) in enumerate(turns):
        yield f"{names[who]} {_stamp(number)} {paragraphs[0]}"
        yield from (f"{_stamp(number, part)} {words}" for part, words in enumerate(paragraphs[1:], 1))


def _colon(turns, names):
    for who, paragraphs in turns:
        yield f"{names[who]}: {paragraphs[0]}"
        yield from paragraphs[1:]


def _label_alone(turns, names):
    for who, paragraphs in turns:
        yield f"{names[who]}:"
        yield from paragraphs


def _record(turns, names):
    for who, paragraphs in turns:
        yield f"{names[who]}. {paragraphs[0]}"
        yield from paragraphs[1:]


def _voices(turns, names):
    for number, (who, paragraphs) in enumerate(turns):
        yield f"00:{number // 60:02}:{number % 60:02}.000 --> 00:{number // 60:02}:{number % 60:02}.900"
        yield f"<v {names[who]}>{' '.join(paragraphs)}"


LAYOUTS = {
    "name and time stamp": (_stamped, FULL_NAMES, FULL_NAMES),
    "name and colon": (_colon, ["LINDQVIST", "OKAFOR", "Ines Vardan"], FULL_NAMES),
    "office and party on a line": (
        _label_alone,
        ["Rep. Mara Lindqvist (R-OK)", "Sen. Tomas Okafor (D-N.J.)", "Ines Vardan"],
        FULL_NAMES,
    ),
    "as the record of a parliament": (
        _record,
        ["Ms. Lindqvist", "Mr. Okafor", "The Clerk"],
        ["Mara Lindqvist", "Tomas Okafor", "Clerk"],
    ),
    "subtitles": (_voices, FULL_NAMES, FULL_NAMES),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_turn_has_its_speaker_and_all_its_words(layout):
    set_as, labels, names = LAYOUTS[layout]
    turns = list(_paragraphs())
    text = "\n\n".join([INTRODUCTION, *set_as(turns, labels)])
    article = Article(id="made", text=text)
    told = [c.check_against(article) for c in extract_claims(article) if c.cue is None and not c.parent_id]
    found = [(c.speaker.name, [text[s.start : s.end] for s in c.spans]) for c in told]
    merged = set_as is _voices  # each subtitle is one line
    wanted = [
        (names[who], [_bare(p) for p in ([" ".join(paragraphs)] if merged else paragraphs)])
        for who, paragraphs in turns
    ]
    assert found == wanted


@pytest.mark.parametrize("mark", [".", ":"])
def test_the_answers_of_a_hearing_are_the_only_witness_that_it_names(mark):
    turns = [(who % 2, paragraphs) for who, paragraphs in _paragraphs()]
    heading = "Harbour inquiry, Estmouth, 4 May\n\nTestimony of Tomas Okafor, a builder of pumps."
    text = "\n\n".join(
        [heading, *_colon(turns, ["Q", "A"])] if mark == ":" else [heading, *_record(turns, "QA")]
    )
    article = Article(id="made", text=text)
    told = [c.check_against(article) for c in extract_claims(article) if c.cue is None and not c.parent_id]
    assert {c.speaker.name for c in told} == {"Tomas Okafor"}
    found = [[text[s.start : s.end] for s in c.spans] for c in told]
    assert found == [[_bare(p) for p in paragraphs] for who, paragraphs in turns if who]


def test_a_claim_says_why_a_pronoun_means_whom_it_means():
    text = "Ines Vardan spoke to Tomas Okafor. He said it leaks. He added that the lock is old."
    reasons = [claim.reason for claim in extract_claims(Article(id="made", text=text))]
    assert [reason.split("; ")[1] for reason in reasons] == [
        "“He” is Tomas Okafor: the last one named, a man",
        "“He” is Tomas Okafor: the last speaker, a man",
    ]
    assert all(reason.split("; ")[2].startswith("next best ") for reason in reasons)


def _bare(paragraph):
    """The paragraph as a claim's span has it: without the point at its end."""
    return paragraph.rstrip(".?!")
