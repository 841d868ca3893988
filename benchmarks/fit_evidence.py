"""Fit the weights of `openrace.diffusion.evidence` on labelled quotes, and cross-validate them.

    python benchmarks/fit_evidence.py ../shared/eval/variants/dev.jsonl

Needs scikit-learn (a tool of whoever refits, no dependency of openrace) and, beside the labelled quotes, the
labelled pairs. Prints, for each threshold, pair precision, recall, F1, the recall of pairs whose words differ
and the share of hard negatives kept apart, on families left out of the fit (five folds, eight ways of
folding); then the weights to paste, for the threshold that did best or the one given.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import defaultdict
from itertools import combinations, product
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from openrace.clustering.linking import Links, circumstances, families, match_of
from openrace.clustering.quote_table import Holders, Pool, prepare
from openrace.clustering.scoring import WEIGHTS, Circumstances, is_even, settle, signs
from openrace.records import Quote
from openrace.wordings.align import Match

FOLDS, SEEDS, THRESHOLDS = 5, range(8), (-1.25, -1.0, -0.85, -0.75, -0.5, 0.0)
NAMES = [name for name in WEIGHTS if name != "always"]


class Labelled(NamedTuple):
    """A pool, the pairs in it that share a shingle, what speaks for each, and the truth."""

    pool: Pool
    pairs: list[tuple[int, int]]  # the one below first
    seen: list[tuple[Match, Circumstances]]
    signs: np.ndarray
    true: np.ndarray
    gold: set[frozenset[int]]
    apart: list[tuple[int, int]]  # pairs that were read and are none
    clusters: list[str]


def rows_of(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def read(path: Path) -> tuple[Pool, list[str]]:
    rows = rows_of(path)
    fields = ("quote_id", "text", "speaker", "date", "article_id")
    quotes = (Quote(**{f: r[f] for f in fields if r.get(f)}) for r in rows)
    return Pool(map(prepare, quotes)), [r["cluster_id"] for r in rows]


def read_apart(path: Path, pool: Pool) -> list[tuple[int, int]]:
    place = {quote_id: i for i, quote_id in enumerate(pool.ids)}
    return [(place[row["a"]], place[row["b"]]) for row in rows_of(path) if not row["same"]]


def together(groups) -> set[frozenset[int]]:
    members = defaultdict(list)
    for i, group in enumerate(groups):
        members[group].append(i)
    return {frozenset(pair) for group in members.values() for pair in combinations(group, 2)}


def label(pool: Pool, clusters: list[str], apart: list[tuple[int, int]]) -> Labelled:
    holders, pairs, seen = Holders(pool), [], []
    same = ((w, w) for w in range(len(pool.wordings)) if pool.wordings[w])
    for short, long in [*same, *pool.candidates()]:
        match = match_of(pool, short, long)
        for quote, other in product(holders[short], holders[long] if match else ()):
            if short != long or pool.is_above(other, quote):
                pairs.append((quote, other))
                seen.append((match, circumstances(pool, quote, other)))
    gold = together(clusters)
    return Labelled(
        pool=pool,
        pairs=pairs,
        seen=seen,
        signs=np.array([list(signs(*s).values())[1:] for s in seen], float),
        true=np.array([frozenset(pair) in gold for pair in pairs]),
        gold=gold,
        apart=apart,
        clusters=clusters,
    )


def grown(data: Labelled, scores: np.ndarray, threshold: float) -> list[int]:
    """The families that follow where the words and circumstances of each pair give it these log-odds."""
    up, down = Links(len(data.pool)), Links(len(data.pool))
    for (quote, other), seen, score in zip(data.pairs, data.seen, scores, strict=True):
        found = settle(score - threshold, *seen)
        up.offer(data.pool, quote, other, found)
        if is_even(*seen[0].lengths) and data.pool.wording[quote] != data.pool.wording[other]:
            down.offer(data.pool, other, quote, found)
    for quote in filter(up.is_free, range(len(data.pool))):
        up.parent[quote], up.odds[quote] = down.parent[quote], down.odds[quote]
    return families(up, data.pool)


def judge(data: Labelled, groups) -> tuple[float, ...]:
    found = together(groups)
    right = len(found & data.gold)
    precision, recall = right / max(1, len(found)), right / len(data.gold)
    wording = data.pool.wording
    hard = [pair for pair in data.gold if len({wording[i] for i in pair}) == 2]
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    kept_apart = sum(groups[a] != groups[b] for a, b in data.apart) / len(data.apart)
    return precision, recall, f1, sum(pair in found for pair in hard) / len(hard), kept_apart


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
    return scores


def told(figures) -> str:
    return "P {:.3f}  R {:.3f}  F1 {:.3f}  hard R {:.3f}  apart {:.3f}".format(*figures)


def main() -> None:
    gold = Path(sys.argv[1])
    pool, clusters = read(gold)
    data = label(pool, clusters, read_apart(gold.with_name(f"{gold.stem}-pairs.jsonl"), pool))
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
    scores = fitted.decision_function(data.signs)
    print(f"fitted on all, above {best:+.2f}: {told(judge(data, grown(data, scores, best)))}")


if __name__ == "__main__":
    main()
