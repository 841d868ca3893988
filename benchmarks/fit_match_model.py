"""Fit the weights of `openrace.clustering.scoring` on labelled quotes, and cross-validate them.

    python benchmarks/fit_match_model.py [THRESHOLD] [--write]     ends with 1 where a figure is too low

Needs scikit-learn (a tool of whoever refits, no dependency of openrace) and the gold data beside the checkout
(see `evaluate_families.py`). Fits one model on `variants/dev`, `variants/news-dev` and the project's own
cases. Prints, for each threshold, the figures of each set on families left out of the fit (five folds by
family, eight ways of folding); then the weights to paste, for the threshold that did best or the one given.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import combinations, product
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from evaluate_families import EVAL
from openrace.clustering.components import clusters
from openrace.clustering.linking import Linker, Links, match_of
from openrace.clustering.pair_contexts import pair_context
from openrace.clustering.quote_table import QuoteTable, prepare
from openrace.clustering.retelling import is_even
from openrace.clustering.scoring import (
    TOLD_TOO_LITTLE,
    WEIGHTS,
    PairContext,
    features,
    forbidden,
    settled,
)
from openrace.records import Quote
from openrace.wordings.align import Match
from report import write_section

CASES = Path(__file__).parents[1] / "tests" / "cases"
FOLDS, SEEDS, THRESHOLDS = 5, range(8), (-1.25, -1.0, -0.75, -0.5, -0.25, 0.0, 0.25)
NAMES = [name for name in WEIGHTS if name != "always"]
FIGURES = ("P", "R", "F1", "hard R", "apart")
# What families left out of the fit must reach. Raise one when a change has raised it; never lower one.
FLOORS = {
    "dev": {"P": 0.935, "F1": 0.915, "hard R": 0.86, "apart": 0.92},
    "news-dev": {"P": 0.98, "F1": 0.95, "hard R": 0.895, "apart": 0.97},
}


class Labelled(NamedTuple):
    """Quotes, the candidate pairs among them, what speaks for each pair, and the truth."""

    name: str
    table: QuoteTable
    families: list[str]
    pairs: list[tuple[int, int]]  # the one below first
    seen: list[tuple[Match, PairContext]]
    features: np.ndarray
    true: np.ndarray
    allowed: np.ndarray  # not those whose words tell too little: the model is fitted on them, none is joined
    gold: set[frozenset[int]]
    apart: list[tuple[int, int]]  # pairs that were read and are none


def rows_of(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def read_variants(name: str) -> Labelled:
    """Labelled news quotes, and the pairs that were read and are none."""
    rows = rows_of(EVAL / "variants" / f"{name}.jsonl")
    fields = ("quote_id", "text", "speaker", "date", "article_id")
    quotes = [Quote(**{f: r[f] for f in fields if r.get(f)}) for r in rows]
    place = {quote.quote_id: i for i, quote in enumerate(quotes)}
    pairs = rows_of(EVAL / "variants" / f"{name}-pairs.jsonl")
    apart = [(place[row["a"]], place[row["b"]]) for row in pairs if not row["same"]]
    return label(name, quotes, [r["cluster_id"] for r in rows], apart)


def read_cases() -> Iterator[Labelled]:
    """The project's own cases, each a set by itself."""
    for path in sorted(CASES.glob("families-*.toml")):
        for number, case in enumerate(tomllib.loads(path.read_text("utf-8"))["case"]):
            if rows := case.get("quotes"):
                name = f"{path.stem} {number}"
                families = [f"{name} {row.get('group', i)}" for i, row in enumerate(rows)]
                yield label(name, [quote_of(i, row) for i, row in enumerate(rows)], families, [])


def quote_of(number: int, row: dict) -> Quote:
    return Quote(
        quote_id=f"q{number}",
        text=row["text"],
        speaker=row.get("speaker"),
        date=row.get("day"),
        article_id=row.get("article"),
        kind=row.get("kind", "direct"),
        context=row.get("context"),
    )


def together(groups: Sequence[object]) -> set[frozenset[int]]:
    members = defaultdict(list)
    for i, group in enumerate(groups):
        members[group].append(i)
    return {frozenset(pair) for group in members.values() for pair in combinations(group, 2)}


def label(name: str, quotes: list[Quote], families: list[str], apart: list[tuple[int, int]]) -> Labelled:
    table = QuoteTable(map(prepare, quotes))
    found = [(pair, seen) for pair, seen in compared(table) if forbidden(*seen) in ("", TOLD_TOO_LITTLE)]
    gold = together(families)
    return Labelled(
        name=name,
        table=table,
        families=families,
        pairs=[pair for pair, _ in found],
        seen=[seen for _, seen in found],
        features=np.array([list(features(*seen).values())[1:] for _, seen in found], float),
        true=np.array([frozenset(pair) in gold for pair, _ in found], bool),
        allowed=np.array([not forbidden(*seen) for _, seen in found], bool),
        gold=gold,
        apart=apart,
    )


def compared(table: QuoteTable) -> Iterator[tuple[tuple[int, int], tuple[Match, PairContext]]]:
    """Every pair of quotes that grouping compares, the one below first, and what it sees of it."""
    linker = Linker(table, None)
    longer = {found.wording: found.longer for found in table.candidates(range(len(table.wordings)))}
    for low in filter(table.wordings.__getitem__, range(len(table.wordings))):
        use = linker.phrase_use(low, longer.get(low, ()))
        for high in (low, *longer.get(low, ())):
            match = match_of(table, low, high)
            for quote, other in product(linker.holders[low], linker.holders[high] if match else ()):
                if match and (low != high or table.is_above(other, quote)):
                    yield (quote, other), (match, pair_context(table, quote, other, use))


def linked(data: Labelled, scores: np.ndarray, threshold: float) -> Sequence[int]:
    """The clusters that follow from these log-odds of the pairs."""
    table = data.table
    up, down = Links(len(table)), Links(len(table))
    offered = zip(data.pairs, data.seen, scores.tolist(), data.allowed.tolist(), strict=True)
    for (quote, other), seen, score in (row[:3] for row in offered if row[3]):
        found = settled(score - threshold, *seen)
        up.offer(table, quote, other, found)
        if is_even(*seen[0].lengths) and table.wording[quote] != table.wording[other]:
            down.offer(table, other, quote, found)
    for quote in filter(up.is_free, range(len(table))):
        up.parent[quote], up.odds[quote] = down.parent[quote], down.odds[quote]
    return clusters(up, table)


def judge(data: Labelled, groups: Sequence[int]) -> tuple[float, ...]:
    """FIGURES of these clusters."""
    found = together(groups)
    right = len(found & data.gold)
    precision, recall = right / max(1, len(found)), right / len(data.gold)
    wording = data.table.wording
    hard = [pair for pair in data.gold if len({wording[i] for i in pair}) == 2]
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    kept_apart = sum(groups[a] != groups[b] for a, b in data.apart) / len(data.apart)
    return precision, recall, f1, sum(pair in found for pair in hard) / len(hard), kept_apart


def model():
    return make_pipeline(StandardScaler(), LogisticRegression(C=0.5, max_iter=5000))


def fit(sets: Sequence[Labelled], kept: Sequence[np.ndarray]):
    """A model of the `kept` pairs of each set."""
    some = np.vstack([data.features[k] for data, k in zip(sets, kept, strict=True)])
    return model().fit(some, np.concatenate([data.true[k] for data, k in zip(sets, kept, strict=True)]))


def folds(data: Labelled, seed: int) -> np.ndarray:
    """The fold of each pair: that of the family of its lower quote."""
    digests = (hashlib.sha256(f"{seed}{data.families[a]}".encode()).digest()[0] for a, _ in data.pairs)
    return np.fromiter(digests, int, len(data.pairs)) % FOLDS


def left_out(sets: Sequence[Labelled], seed: int) -> list[np.ndarray]:
    """The log-odds of each pair from a model that has not seen its family, for each set."""
    folded = [folds(data, seed) for data in sets]
    scores = [np.zeros(len(fold)) for fold in folded]
    for k in range(FOLDS):
        fitted = fit(sets, [fold != k for fold in folded])
        for data, fold, score in zip(sets, folded, scores, strict=True):
            if (fold == k).any():
                score[fold == k] = fitted.decision_function(data.features[fold == k])
    return scores


def bootstrap(data: Labelled, groups: Sequence[int], rounds: int = 200) -> tuple[float, float]:
    """The middle 90 % of pair F1 when families, true and found, are drawn anew."""
    found, rng = together(groups), np.random.default_rng(1)
    root = partial(_component, _components([*data.gold, *found]))
    right, wrong, missed = (defaultdict(int) for _ in range(3))
    for pair in found | data.gold:
        kind = right if pair in found & data.gold else wrong if pair in found else missed
        kind[root(min(pair))] += 1
    names = sorted({*right, *wrong, *missed})
    counts = np.array([[right[n], wrong[n], missed[n]] for n in names])
    drawn = (counts[rng.integers(0, len(names), len(names))].sum(axis=0) for _ in range(rounds))
    f1 = [2 * r / (2 * r + w + m) for r, w, m in drawn]
    return tuple(np.quantile(f1, (0.05, 0.95)).tolist())  # type: ignore[return-value]


def _components(pairs: Sequence[frozenset[int]]) -> dict[int, int]:
    parent: dict[int, int] = {}
    for a, b in map(sorted, pairs):
        parent[_component(parent, b)] = _component(parent, a)
    return parent


def _component(parent: dict[int, int], i: int) -> int:
    while parent.get(i, i) != i:
        i = parent[i]
    return i


def shown(figures: Sequence[float]) -> str:
    return "  ".join(f"{name} {value:.3f}" for name, value in zip(FIGURES, figures, strict=True))


def weights_of(fitted, threshold: float) -> dict[str, float]:
    """The weights as `scoring` has them: of features that are not scaled, above 0."""
    weights = fitted[1].coef_[0] / fitted[0].scale_
    always = fitted[1].intercept_[0] - weights @ fitted[0].mean_ - threshold
    return {"always": round(always, 2)} | dict(zip(NAMES, weights.round(2).tolist(), strict=True))


def measured_at(data: Labelled, runs: Sequence[np.ndarray], threshold: float) -> np.ndarray:
    """FIGURES of families left out of the fit, the mean over the ways of folding."""
    return np.mean([judge(data, linked(data, scores, threshold)) for scores in runs], axis=0)


def section(tables: dict[float, dict[str, np.ndarray]], ranges: dict[str, tuple[float, float]]) -> str:
    """The figures as a section of RESULTS.md, with the ranges of F1 at the threshold of the weights."""
    lines = [f"| above | | {' | '.join(FIGURES)} |", "|---" * (2 + len(FIGURES)) + "|"]
    for threshold, table in tables.items():
        for name, figures in table.items():
            lines.append(f"| {threshold:+.2f} | {name} | {' | '.join(f'{value:.3f}' for value in figures)} |")
    told = (f"{name} {low:.3f} to {high:.3f}" for name, (low, high) in ranges.items())
    floors = (f"{name} {figure} ≥ {floor}" for name, row in FLOORS.items() for figure, floor in row.items())
    return "\n".join(
        [
            "Weights and threshold from families that are not judged: five folds by family, the mean of eight"
            " ways of folding.",
            "",
            *lines,
            "",
            f"F1 at the threshold of the weights, 90 % of samples by family: {', '.join(told)}.",
            f"Floors: {', '.join(floors)}.",
        ]
    )


def below_floors(table: dict[str, np.ndarray]) -> list[str]:
    """What is lower than its floor, a line each."""
    return [
        f"{name}, left out: {figure} is {value:.4f}, below {FLOORS[name][figure]}"
        for name, figures in table.items()
        for figure, value in zip(FIGURES, figures, strict=True)
        if value < FLOORS[name].get(figure, 0)
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("threshold", type=float, nargs="?", help="that of the weights, if not the best")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    measured = [read_variants("dev"), read_variants("news-dev")]
    sets = [*measured, *(data for data in read_cases() if len(data.pairs))]
    for data in measured:
        true = f"{data.true.sum()} of {len(data.gold)} true ones in them"
        print(f"{data.name}: {len(data.pairs)} pairs, {true}")
    runs = list(zip(*(left_out(sets, seed) for seed in SEEDS), strict=True))[: len(measured)]
    found = list(zip(measured, runs, strict=True))
    tables = {t: {data.name: measured_at(data, run, t) for data, run in found} for t in THRESHOLDS}
    mean_f1 = {t: sum(figures[2] for figures in table.values()) for t, table in tables.items()}
    best = max(mean_f1, key=mean_f1.__getitem__) if args.threshold is None else args.threshold
    body = section(tables, {data.name: bootstrap(data, linked(data, run[0], best)) for data, run in found})
    print(body)
    fitted = fit(sets, [np.ones(len(data.pairs), bool) for data in sets])
    print(json.dumps(weights_of(fitted, best), indent=4))
    for data in measured:
        scores = fitted.decision_function(data.features)
        print(f"in sample, above {best:+.2f}, {data.name}: {shown(judge(data, linked(data, scores, best)))}")
    if args.write:
        write_section("Families: left out of the fit", "make match-weights", body)
    low = below_floors(tables.get(best) or {data.name: measured_at(data, run, best) for data, run in found})
    print("\n".join(low), file=sys.stderr, end="\n" * bool(low))
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())
