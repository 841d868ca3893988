"""The queue of an idea: the likeliest statements first, and every fifth from below the line."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, get_args

import numpy as np

from openrace.ideas.features import Floats, Vectoriser, features, likeness
from openrace.records import stable_id
from openrace.scripts import has_han
from openrace.user_files.idea_files import Label

LABELS: tuple[Label, ...] = get_args(Label)

LEAST_YES, LEAST_SPEAKERS = 5, 3  # with fewer marks the queue would hold what one person's words look like
BACKGROUND = 1_000  # statements drawn by hash
# On the gold, ten marks an idea: .77 right above .15, .69 above .12, .93 above .2 (half as many).
LINE = 0.15  # what is likelier is suggested
NEAR = LINE / 2  # what is likelier than this tests the line: of all the rest nearly nothing voices the idea
EVERY = 5  # of those suggested one comes from below the line, so that the line is tested
LEAST_WORDS = 5  # of 514 labelled statements that voice or oppose an idea the shortest has five words
MOST_SHARED = 8  # shared words that are shown


class Example(NamedTuple):
    """A statement that a person marked for an idea."""

    text: str
    label: Label
    speaker: str | None  # whoever said it; None counts as nobody in particular
    claim_id: str | None = None  # None: an example of the idea's own file


class Nearest(NamedTuple):
    """The marked statement that is most like a suggested one, and the words that both have."""

    example: Example
    likeness: float  # cosine, 0..1
    shared: tuple[str, ...]


class Suggestion(NamedTuple):
    """A statement that may voice an idea; a person decides."""

    key: str  # the family's id
    score: float  # 0..1
    below_the_line: bool
    nearest_yes: Nearest | None
    nearest_against: Nearest | None


def says_enough(text: str) -> bool:
    """Whether a statement has words enough for an argument; two Han characters count as a word."""
    found = [feature for feature in features(text) if " " not in feature and not feature.endswith("…")]
    return len(found) - 0.75 * sum(map(has_han, found)) >= LEAST_WORDS


def is_ready(examples: Iterable[Example]) -> bool:
    """Whether people marked `LEAST_YES` statements of `LEAST_SPEAKERS` speakers, or more, with yes."""
    yes = [example for example in examples if example.label == "yes" and example.claim_id]
    speakers = {example.speaker for example in yes if example.speaker}
    return len(yes) >= LEAST_YES and len(speakers) >= LEAST_SPEAKERS


def draw_background(keys: Iterable[str]) -> list[str]:
    """Return `BACKGROUND` of `keys`, the same ones whatever their order: those whose hash is least."""
    return sorted(keys, key=lambda key: stable_id("background", key))[:BACKGROUND]


def in_turn(scores: Mapping[str, float], below: Sequence[str], limit: int) -> list[tuple[str, bool]]:
    """Return at most `limit` keys, likeliest first, and whether each is a test from below the line.

    `below`: keys drawn from what was nearly taken: they say whether the line is right. Where nothing is
    above the line nothing is suggested.
    """
    above, tests = deque(sorted(scores, key=lambda key: (-scores[key], key))), deque(below)
    picked: list[tuple[str, bool]] = []
    while above and len(picked) < limit:
        test = bool(tests) and len(picked) % EVERY == EVERY - 1
        picked.append(((tests if test else above).popleft(), test))
    return picked


def explain(
    texts: Sequence[str], examples: Sequence[Example], vectoriser: Vectoriser
) -> list[tuple[Nearest | None, Nearest | None]]:
    """Return for each statement the nearest example that voices the idea, and the nearest against it."""
    vectors = vectoriser.vectors(texts)
    by_label = {label: [e for e in examples if e.label == label] for label in ("yes", "against")}
    tables = {
        label: likeness(vectors, vectoriser.vectors(e.text for e in some)) for label, some in by_label.items()
    }
    return [
        (
            _nearest(text, by_label["yes"], tables["yes"][row]),
            _nearest(text, by_label["against"], tables["against"][row]),
        )
        for row, text in enumerate(texts)
    ]


def _nearest(text: str, examples: Sequence[Example], row: Floats) -> Nearest | None:
    if not examples or float(row.max()) <= 0:
        return None
    best = int(np.argmax(row))
    return Nearest(examples[best], float(row[best]), shared_words(text, examples[best].text))


def shared_words(one: str, other: str) -> tuple[str, ...]:
    """Return the longest words or runs that both statements have, at most `MOST_SHARED`."""
    both = set(features(one)) & set(features(other))
    longest = sorted(
        (f for f in both if " " not in f and not f.endswith("…") and len(f) > 1), key=lambda f: (-len(f), f)
    )
    return tuple(longest[:MOST_SHARED])
