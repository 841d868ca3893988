"""Fit the weights that tell a person's name from others → the model "person" of weights.tsv.

    python benchmarks/train_names.py ../shared/eval/speakers

The folder holds texts with labelled mentions: gum-dev, polnear-train, and GAP. Prints how many names are
told wrongly by weights that were fitted on other texts (five folds), then writes the weights of all.
"""

from __future__ import annotations

import csv
import gzip
import json
import sys
from collections import Counter
from pathlib import Path

from openrace.extract.directory import Directory
from openrace.extract.english.choice_model import probabilities
from openrace.extract.english.entities import Entities
from openrace.extract.english.sentences import read
from train_extraction import Choice, descend, write_models

FOLDS = 5
GAP_EVERY = 5  # texts of GAP of which one is read
AT_LEAST = 5  # names in which a feature must occur


def read_gold(path: Path) -> list[dict]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def choices(article: dict) -> list[tuple[str, Choice]]:
    """The names of an article: how each is written, its features, and whether it is a person's."""
    text = read(article["text"])
    entities = Entities(text, Directory())
    labels = {tuple(m["span"]): m["type"] for m in article["mentions"]}
    found = []
    for key, names in entities.grouped().items():
        votes: Counter[bool] = Counter()
        for name in names:
            span = text.tokens[name.first].start, text.tokens[name.last].end
            kinds = {kind for other, kind in labels.items() if _alike(span, other)}
            if kinds:
                votes["person" in kinds] += 1
        if votes:
            right = 0 if votes[True] > votes[False] else 1
            found.append((key, ([entities.features(names), []], right)))
    return found


def gap_people(path: Path) -> list[list[tuple[str, Choice]]]:
    """One name of some texts of GAP: all of them are people's, many of other countries."""
    found = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))[::GAP_EVERY]:
            text = read(row["Text"])
            entities = Entities(text, Directory())
            start = int(row["A-offset"])
            for key, names in entities.grouped().items():
                span = text.tokens[names[0].first].start, text.tokens[names[0].last].end
                if _alike(span, (start, start + len(row["A"]))):
                    found.append([(key, ([entities.features(names), []], 0))])
    return found


def _alike(a: tuple[int, int], b: tuple[int, int]) -> bool:
    shared = min(a[1], b[1]) - max(a[0], b[0])
    return 2 * shared >= 0.8 * (a[1] - a[0] + b[1] - b[0])


def fit(rows: list[Choice]) -> dict[str, float]:
    seen = Counter(f for (features, _), _ in rows for f in set(features))
    return descend(rows, {f for f, n in seen.items() if n >= AT_LEAST})[0]


def main() -> None:
    folder = Path(sys.argv[1])
    golds = ("gum-dev.jsonl.gz", "polnear-train.jsonl.gz")
    by_article = [choices(a) for name in golds for a in read_gold(folder / name)]
    by_article += gap_people(folder / "gap-development.tsv.gz")
    wrong: Counter[str] = Counter()
    for fold in range(FOLDS):
        weights = fit([c for i, rows in enumerate(by_article) if i % FOLDS != fold for _, c in rows])
        for key, (features, right) in (
            r for i, rows in enumerate(by_article) if i % FOLDS == fold for r in rows
        ):
            person = probabilities(weights, features)[0] > 0.5
            wrong["all"] += 1
            wrong["people"] += right == 0
            if person != (right == 0):
                wrong["taken for a person" if person else "people missed"] += 1
                print(f"{'person?' if person else 'missed '} {key}: {features[0]}", file=sys.stderr)
    print(dict(wrong))
    write_models({"person": fit([c for rows in by_article for _, c in rows])})


if __name__ == "__main__":
    main()
