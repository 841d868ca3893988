"""A scored choice among candidates: add the weights of each candidate's features, the highest sum wins.

This is a conditional (multinomial) logit over readable features: word classes, closed-class words, reporting
verbs and their frames, marks, case, position and length; never content words. `weights.tsv` holds them all,
made by ``make weights``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import repeat
from pathlib import Path

Weights = Mapping[str, float]
_NONE = repeat(0.0)


@cache
def load_weights() -> dict[str, dict[str, float]]:
    """Model name → feature → weight, as `weights.tsv` has them."""
    models: dict[str, dict[str, float]] = {}
    for line in Path(__file__).with_name("weights.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            model, feature, weight = line.split("\t")
            models.setdefault(model, {})[feature] = float(weight)
    return models


def score(weights: Weights, features: Iterable[str]) -> float:
    """Return the sum of the weights of these features; those that have none count nothing."""
    return sum(map(weights.get, features, _NONE))


def probabilities(
    weights: Weights, candidates: Iterable[Sequence[str]], offsets: Sequence[float] | None = None
) -> list[float]:
    """Return the probability of each candidate, given by its features; they sum to one.

    `offsets` are added to the scores of the candidates, in order.
    """
    scores = [score(weights, features) for features in candidates]
    if offsets is not None:
        scores = [s + o for s, o in zip(scores, offsets, strict=True)]
    highest = max(scores)
    powers = [math.exp(s - highest) for s in scores]
    total = sum(powers)
    return [p / total for p in powers]


def best(values: Sequence[float]) -> int:
    """Return the index of the highest value, the first of equals."""
    return max(range(len(values)), key=values.__getitem__)
