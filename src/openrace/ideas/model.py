"""One logistic regression an idea, fitted on a person's marks; all ideas score a statement in one pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from openrace.ideas.features import BUCKETS, Floats, Vectors

ROUNDS = 300  # of accelerated gradient descent; the scores of dev do not move after 200
PENALTY = 1.0  # of squared weights; .1 gives the same precision@20 within .01
BACKGROUND_WEIGHT = 0.3  # of a statement drawn by hash: few of these voice the idea, none was looked at
AT_ONCE = 1 << 19  # features scored together: bounds the memory at some 100 MB for 50 ideas

Doubles = npt.NDArray[np.float64]
Buckets = npt.NDArray[np.int64]
IdeaWeights = tuple[Buckets, Doubles]  # the features that count; their weights, the bias last


class IdeaModels:
    """The weights of several ideas over the features that their marks hold."""

    def __init__(self, weights: Mapping[str, IdeaWeights]) -> None:
        self.ideas = tuple(weights)
        seen = np.unique(np.concatenate([weights[idea][0] for idea in self.ideas]))
        self._column = np.full(BUCKETS, len(seen), np.int64)  # the last: a feature that no mark holds
        self._column[seen] = np.arange(len(seen))
        self._weights = np.zeros((len(seen) + 1, len(self.ideas)), np.float32)
        self._bias = np.zeros(len(self.ideas), np.float32)
        for i, idea in enumerate(self.ideas):
            buckets, found = weights[idea]
            self._weights[self._column[buckets], i] = found[:-1]
            self._bias[i] = found[-1]

    def scores(self, vectors: Vectors) -> Floats:
        """Return the probability (0..1) that each statement (rows) voices each idea (columns)."""
        sums = np.zeros((len(vectors), len(self.ideas)), np.float32)
        sizes = np.diff(vectors.begins)
        cuts = np.searchsorted(vectors.begins, np.arange(0, len(vectors.buckets), AT_ONCE))
        for first, end in zip(cuts, [*cuts[1:], len(vectors)], strict=True):
            part = slice(vectors.begins[first], vectors.begins[end])
            rows = np.repeat(np.arange(first, end), sizes[first:end])
            weighted = self._weights[self._column[vectors.buckets[part]]] * vectors.values[part, None]
            np.add.at(sums, rows, weighted)
        odds: Floats = 1 / (1 + np.exp(-(sums + self._bias)))
        return odds


def fit(marked: Vectors, yes: Sequence[bool], background: Vectors) -> IdeaWeights:
    """Fit one idea: the buckets that count, and their weights with the bias last.

    `yes` says of each of `marked` whether it voices the idea; `background` counts as not voicing it, a
    little.
    Yes and the rest weigh alike but for the root of their numbers, so that ten marks are heard among a
    thousand.
    """
    rows, buckets, values, n = _stacked(marked, background)
    columns, at = np.unique(buckets, return_inverse=True)
    wanted = np.r_[np.array(yes, float), np.zeros(len(background))]
    weight = np.r_[np.ones(len(marked)), np.full(len(background), BACKGROUND_WEIGHT)]
    weight[wanted == 1] *= np.sqrt(weight[wanted == 0].sum() / weight[wanted == 1].sum())
    return columns, _descend(rows, at, values, wanted, weight, n, len(columns))


def _stacked(marked: Vectors, background: Vectors) -> tuple[Buckets, Buckets, Doubles, int]:
    n = len(marked) + len(background)
    rows = np.repeat(np.arange(n), np.r_[np.diff(marked.begins), np.diff(background.begins)])
    buckets = np.r_[marked.buckets, background.buckets]
    return rows, buckets, np.r_[marked.values, background.values].astype(np.float64), n


def _descend(
    rows: Buckets,
    columns: Buckets,
    values: Doubles,
    wanted: Doubles,
    weight: Doubles,
    n: int,
    width: int,
) -> Doubles:
    """Nesterov's accelerated gradient descent on the weighted, penalised logistic loss."""
    steepest = (
        0.25 * (4 * np.bincount(columns, values**2 * weight[rows], width).max() + weight.sum()) + PENALTY
    )
    here = ahead = np.zeros(width + 1)
    momentum = 1.0
    for _ in range(ROUNDS):
        score = np.bincount(rows, values * ahead[columns], n) + ahead[-1]
        error = weight * (1 / (1 + np.exp(-score)) - wanted)
        slope = np.r_[np.bincount(columns, values * error[rows], width) + PENALTY * ahead[:-1], error.sum()]
        there = ahead - slope / steepest
        grown = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        ahead = there + (momentum - 1) / grown * (there - here)
        here, momentum = there, grown
    return here
