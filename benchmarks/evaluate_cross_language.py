"""How well English and Chinese reports of one utterance are matched, on speakers left out of the fit.

    python benchmarks/evaluate_cross_language.py [PAIRS]

Needs scikit-learn (a tool of whoever refits, no dependency of openrace) and the labelled pairs beside the
checkout. Five folds: a pair is in the fold of its utterance (of its Chinese claim where it is none). In each
fold the model is fitted on the other four, and so is its line: the lowest one at which `AIM` of the others'
best matches are right. Prints the left-out figures, then the weights of a fit on all pairs, to paste.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from openrace.clustering import cross_language
from openrace.clustering.cross_language import WEIGHTS, features, likeness, read_chinese, read_english

PAIRS = Path(__file__).parents[2] / "shared" / "eval" / "cross" / "pairs-dev.jsonl.gz"
FOLDS, SEEDS, AIM = 5, range(4), 0.98


def fold_of(row: dict, seed: int) -> int:
    """The fold of a pair: that of its utterance."""
    key = row.get("utterance") or row["b"]["claim_id"]
    return int(hashlib.sha256(f"{seed} {key}".encode()).hexdigest(), 16) % FOLDS


def values_of(row: dict) -> list[float]:
    a, b = (date.fromisoformat(row[side]["date"]) for side in "ab")
    english, chinese = row["a"], row["b"]
    sentences = likeness(read_english(english["context"]), read_chinese(chinese["context"]))
    wordings = read_english(english["text"]), read_chinese(chinese["text"])
    found = features(*wordings, abs((a - b).days), sentences)
    return list(found.values())[1:] if found else [math.nan] * (len(WEIGHTS) - 1)


def fit(values: np.ndarray, same: np.ndarray) -> LogisticRegression:
    some = ~np.isnan(values).any(1)
    return LogisticRegression(C=3.0).fit(values[some], same[some])


def odds_of(model: LogisticRegression, values: np.ndarray) -> np.ndarray:
    some = ~np.isnan(values).any(1)
    odds = np.full(len(values), -np.inf)
    odds[some] = model.decision_function(values[some])
    return odds


def best_matches(rows: list[dict], odds: Iterable[float]) -> list[tuple[float, int]]:
    """The best of the pairs of each Chinese claim, the surest first, and whether it is right."""
    best: dict[str, tuple[float, int]] = {}
    for row, odd in zip(rows, odds, strict=True):
        claim = row["b"]["claim_id"]
        best[claim] = max(best.get(claim, (-math.inf, 0)), (odd, row["same"]))
    return sorted(best.values(), reverse=True)


def line_for(matches: list[tuple[float, int]], aim: float) -> float:
    right, line = 0, math.inf
    for place, (odds, same) in enumerate(matches, 1):
        right += same
        if right / place >= aim:
            line = odds
    return line


def left_out(
    rows: list[dict], values: np.ndarray, same: np.ndarray, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """The odds of each pair, from a model that has not seen its fold, and whether they reach the line."""
    folds = np.array([fold_of(row, seed) for row in rows])
    odds, found = np.zeros(len(rows)), np.zeros(len(rows), bool)
    for fold in range(FOLDS):
        others, mine = folds != fold, folds == fold
        model = fit(values[others], same[others])
        seen = odds_of(model, values[others])
        line = line_for(best_matches([r for r, o in zip(rows, others, strict=True) if o], seen), AIM)
        odds[mine] = odds_of(model, values[mine])
        found[mine] = odds[mine] >= line
    return odds, found


def report(rows: list[dict], odds: np.ndarray, found: np.ndarray, same: np.ndarray) -> str:
    kept = np.where(found, odds, -np.inf)
    best = [match for match in best_matches(rows, kept) if match[0] > -np.inf]
    right = sum(is_same for _, is_same in best)
    can = len({row["b"]["claim_id"] for row in rows if row["same"]})
    pairs = found & (same == 1)
    return (
        f"best match: P {right / max(len(best), 1):.3f} R {right / can:.3f} ({right} of {can} Chinese claims)"
        f" · pairs: P {pairs.sum() / max(found.sum(), 1):.3f} R {pairs.sum() / same.sum():.3f}"
    )


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else PAIRS
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    values = np.array([values_of(row) for row in rows])
    same = np.array([row["same"] for row in rows])
    for seed in SEEDS:
        odds, found = left_out(rows, values, same, seed)
        print(f"folds {seed}: {report(rows, odds, found, same)}")
    model = fit(values, same)
    line = line_for(best_matches(rows, odds_of(model, values)), AIM)
    names = [name for name in WEIGHTS if name != "always"]
    weights = {"always": model.intercept_[0]} | dict(zip(names, model.coef_[0], strict=True))
    print(
        "all pairs:", {name: round(float(weight), 2) for name, weight in weights.items()}, f"line {line:.2f}"
    )
    shipped = np.array([[1.0, *row] for row in values]) @ np.array(list(WEIGHTS.values()))
    shipped = np.nan_to_num(shipped, nan=-np.inf)
    print(f"as shipped: {report(rows, shipped, shipped >= cross_language.LINE, same)}")


if __name__ == "__main__":
    main()
