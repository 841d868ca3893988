"""Fit the weights of `openrace.diffusion.evidence` on labelled quotes, and cross-validate them.

    python benchmarks/fit_evidence.py ../shared/eval/variants/dev.jsonl

Needs scikit-learn (a tool of whoever refits, no dependency of openrace). Prints, for each threshold, pair
precision, recall, F1 and the recall of pairs whose words differ, on families left out of the fit (five
folds, eight ways of folding); then the weights to paste, for the threshold that did best.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import defaultdict
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from openrace.diffusion.candidates import candidate_pairs
from openrace.diffusion.evidence import NEVER, WEIGHTS, odds, signs
from openrace.diffusion.forest import Links, circumstances, families
from openrace.diffusion.matches import align
from openrace.diffusion.pool import Pool, prepare
from openrace.records import Quote

FOLDS, SEEDS, THRESHOLDS = 5, range(8), (-1.25, -1.0, -0.75, -0.5, -0.25, 0.0)
NAMES = [name for name in WEIGHTS if name != "always"]


class Labelled(NamedTuple):
    """A pool, the pairs in it that share a shingle, what speaks for each, and the truth."""

    pool: Pool
    pairs: list[tuple[int, int]]
    signs: np.ndarray
    ruled_out: np.ndarray
    true: np.ndarray
    gold: set[frozenset[int]]
    clusters: list[str]


def read(path: str) -> tuple[Pool, list[str]]:
    rows = [json.loads(line) for line in Path(path).read_text("utf-8").splitlines()]
    fields = ("quote_id", "text", "speaker", "date", "article_id")
    quotes = (Quote(**{f: r[f] for f in fields if r.get(f)}) for r in rows)
    return Pool(map(prepare, quotes)), [r["cluster_id"] for r in rows]


def together(groups) -> set[frozenset[int]]:
    members = defaultdict(list)
    for i, group in enumerate(groups):
        members[group].append(i)
    return {frozenset(pair) for group in members.values() for pair in combinations(group, 2)}


def label(pool: Pool, clusters: list[str]) -> Labelled:
    holders, pairs, seen = pool.holders(), [], []
    same = ((w, w) for w, mine in enumerate(holders) if len(mine) > 1 and pool.wordings[w])
    for short, long in [*same, *candidate_pairs(pool.wordings, pool.speakers())]:
        match = align(pool.wordings[short], pool.wordings[long])
        for quote in holders[short]:
            for other in holders[long]:
                if short != long or pool.standing(other) < pool.standing(quote):
                    pairs.append((quote, other))
                    seen.append((match, circumstances(pool, quote, other)))
    gold = together(clusters)
    return Labelled(
        pool=pool,
        pairs=pairs,
        signs=np.array([list(signs(*s).values())[1:] for s in seen], float),
        ruled_out=np.array([odds(*s) == NEVER for s in seen]),
        true=np.array([frozenset(pair) in gold for pair in pairs]),
        gold=gold,
        clusters=clusters,
    )


def grown(data: Labelled, scores: np.ndarray, threshold: float) -> list[int]:
    links = Links(len(data.pool))
    for (quote, other), score in zip(data.pairs, scores, strict=True):
        links.offer(data.pool, quote, other, score - threshold)
    return families(links, data.pool)


def judge(data: Labelled, groups) -> tuple[float, ...]:
    found = together(groups)
    right = len(found & data.gold)
    precision, recall = right / max(1, len(found)), right / len(data.gold)
    wording = data.pool.wording
    hard = [pair for pair in data.gold if len({wording[i] for i in pair}) == 2]
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return precision, recall, f1, sum(pair in found for pair in hard) / len(hard)


def model():
    return make_pipeline(StandardScaler(), LogisticRegression(C=0.5, max_iter=5000))


def left_out(data: Labelled, seed: int) -> np.ndarray:
    """The log-odds of each pair from a model that has not seen its family."""
    digests = [hashlib.sha256(f"{seed}{data.clusters[a]}".encode()).digest()[0] for a, _ in data.pairs]
    folds = np.array(digests) % FOLDS
    scores = np.zeros(len(folds))
    for fold in range(FOLDS):
        fitted = model().fit(data.signs[folds != fold], data.true[folds != fold])
        scores[folds == fold] = fitted.decision_function(data.signs[folds == fold])
    return np.where(data.ruled_out, NEVER, scores)


def told(figures) -> str:
    return "P {:.3f}  R {:.3f}  F1 {:.3f}  hard R {:.3f}".format(*figures)


def main() -> None:
    data = label(*read(sys.argv[1]))
    print(f"{len(data.pairs)} pairs judged, {data.true.sum()} of {len(data.gold)} true pairs among them")
    runs = [left_out(data, seed) for seed in SEEDS]
    table = [np.mean([judge(data, grown(data, run, t)) for run in runs], axis=0) for t in THRESHOLDS]
    for threshold, row in zip(THRESHOLDS, table, strict=True):
        print(f"left out, above {threshold:+.2f}: {told(row)}")
    best = THRESHOLDS[int(np.argmax([row[2] for row in table]))]
    if len(sys.argv) > 2:
        best = float(sys.argv[2])
    fitted = model().fit(data.signs, data.true)
    weights = fitted[1].coef_[0] / fitted[0].scale_
    always = fitted[1].intercept_[0] - weights @ fitted[0].mean_ - best
    print(
        json.dumps({"always": round(always, 2)} | dict(zip(NAMES, weights.round(2), strict=True)), indent=4)
    )
    scores = np.where(data.ruled_out, NEVER, fitted.decision_function(data.signs))
    print(f"fitted on all, above {best:+.2f}: {told(judge(data, grown(data, scores, best)))}")


if __name__ == "__main__":
    main()
