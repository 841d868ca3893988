"""Measure the suggestions of ideas at 5, 10 and 20 marks, parted by speaker, on the gold beside the checkout.

    python benchmarks/evaluate_ideas.py [--write] [--seeds 3]

Of each idea so many yes marks are drawn, and twice as many others, whole speakers at a time; the statements
of all other speakers are ranked. An idea is left out where fewer than 5 yes statements remain.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from openrace.ideas.features import Vectoriser
from openrace.ideas.model import IdeaModels, fit
from openrace.ideas.suggestions import LINE
from report import write_section

EVAL = Path(__file__).resolve().parents[2] / "shared" / "eval" / "ideas"
Row = dict[str, Any]


class Measured(NamedTuple):
    """Of one idea: what its ranking holds."""

    precision20: float
    against20: int
    average_precision: float
    suggested: int  # above the line …
    right: int  # … and voicing the idea


def read(name: str) -> list[Row]:
    with gzip.open(EVAL / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def split(rows: list[Row], marks: int, seed: str) -> tuple[list[Row], list[Row]]:
    """Marks (`marks` yes, twice as many others) and the statements of all speakers that have none of them."""
    by_speaker: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_speaker[row["speaker"] or row["group"]].append(row)
    speakers = sorted(by_speaker)
    random.Random(seed).shuffle(speakers)
    left = {True: marks, False: 2 * marks}
    marked = []
    for speaker in speakers:
        for row in by_speaker[speaker]:
            if left[row["label"] == "yes"] > 0:
                left[row["label"] == "yes"] -= 1
                marked.append(row)
    taken = {row["speaker"] or row["group"] for row in marked}
    return marked, [row for row in rows if (row["speaker"] or row["group"]) not in taken]


def measure(idea: str, rows: list[Row], marks: int, seed: int, background: list[str]) -> Measured | None:
    marked, others = split(rows, marks, f"{seed}/{idea}/{marks}")
    total = sum(row["label"] == "yes" for row in others)
    if total < 5:
        return None
    vectoriser = Vectoriser(background)
    weights = fit(
        vectoriser.vectors(row["text"] for row in marked),
        [row["label"] == "yes" for row in marked],
        vectoriser.vectors(background),
    )
    scores = IdeaModels({idea: weights}).scores(vectoriser.vectors(row["text"] for row in others))[:, 0]
    ranked = [others[i]["label"] for i in np.argsort(-scores, kind="stable")]
    hits = [i for i, label in enumerate(ranked, 1) if label == "yes"]
    above = int((scores >= LINE).sum())
    return Measured(
        ranked[:20].count("yes") / min(20, len(ranked)),
        ranked[:20].count("against"),
        sum((n + 1) / place for n, place in enumerate(hits)) / total,
        above,
        ranked[:above].count("yes"),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--seeds", type=int, default=3)
    given = parser.parse_args()
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in read("dev"):
        rows[row["idea"]].append(row)
    background = [row["text"] for row in read("background")]
    lines = [
        "| yes marks | ideas | precision@20 | against@20 | average precision | right above the line |",
        "|---|---|---|---|---|---|",
    ]
    for marks in (5, 10, 20):
        found = [
            measured
            for seed in range(given.seeds)
            for idea, some in rows.items()
            if (measured := measure(idea, some, marks, seed, background))
        ]
        p20, against, average, above, right = (np.array(column, float) for column in zip(*found, strict=True))
        lines.append(
            f"| {marks} | {len(found) / given.seeds:.1f} | {p20.mean():.2f} | {against.mean():.1f} "
            f"| {average.mean():.2f} | {right.sum() / max(above.sum(), 1):.2f} of {above.mean():.1f} |"
        )
    print("\n".join(lines))
    if given.write:
        write_section("Ideas", "python benchmarks/evaluate_ideas.py", "\n".join(lines))


if __name__ == "__main__":
    main()
