"""Fit the weights by which pronouns and descriptions go to whom they mean → model "antecedent" of
weights.tsv.

    python benchmarks/train_antecedents.py ../shared/eval/speakers

The shipped weights are not what this command gives today: they were fitted before the names, places and
tokens of the candidates were mended, and are kept because every refit is worse. Right names of those that
the text names, PolNeAR dev: 90.0 % shipped; 88.6 % fitted again as below, and as much with three rounds and
half as much weight again for PolNeAR.

The folder holds labelled mentions (gum-dev, polnear-train) and GAP (Webster et al., 2018: ambiguous pronouns
of
Wikipedia with two names each). Earlier mentions are put right before later ones are learnt; where the labels
say nothing of them they go to whom the weights of the round before choose. Prints, for each source, how many
are told and how many of these wrongly by weights of other texts (five folds), then writes the weights of all.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from openrace.extract.directory import Directory
from openrace.extract.english import choice_model
from openrace.extract.english.antecedents import Choice
from openrace.extract.english.choice_model import best, probabilities
from openrace.extract.english.entities import Entities, Entity
from openrace.extract.english.mentions import Discourse, decide_by_weights
from openrace.extract.english.sentences import Text, read
from train_extraction import descend, write_models

FOLDS = 5
AT_LEAST = 25
DROP = set("the a an mr mrs ms dr sir president senator sen rep gov governor secretary".split())
ROUNDS = 2
WEIGHTS = {"gum-dev": 3, "polnear-train": 8}  # GAP's pronouns were chosen for being hard


def words(name: str) -> list[str]:
    found = [re.sub(r"['’]s?$", "", w.lower()).replace(".", "") for w in re.findall(r"[^\s()\"“”,]+", name)]
    return [w for w in found if w not in DROP] or found


def same(a: str, b: str) -> bool:
    one, other = words(a), words(b)
    short, long = sorted((one, other), key=len)
    return bool(short) and (one == other or (set(short) <= set(long) and len(short) > 1))


class Gold:
    """What the labels of one text say: span → its names (None: nobody named), and which spans are learnt."""

    def __init__(self, source: str, text: str, labels: dict[tuple[int, int], list[str] | None]) -> None:
        self.source, self.text, self.labels = source, text, labels


def labelled(path: Path) -> Iterator[Gold]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for article in map(json.loads, lines):
            labels = {
                tuple(m["span"]): [m["name"], *m["also"]] if m["name"] else None for m in article["mentions"]
            }
            yield Gold(path.name.split(".")[0], article["text"], labels)


def gap(path: Path) -> Iterator[Gold]:
    """GAP's texts: the pronoun is one of two names; a pronoun that is neither teaches nothing."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            at = int(row["Pronoun-offset"])
            labels: dict[tuple[int, int], list[str] | None] = {}
            for side in "AB":
                start = int(row[f"{side}-offset"])
                if row[f"{side}-coref"].upper() == "TRUE":
                    labels[at, at + len(row["Pronoun"])] = [row[side]]
                    labels[start, start + len(row[side])] = [row[side]]
            if labels:
                yield Gold("gap", row["Text"], labels)


class Learner:
    """Reads one text, puts mentions right by the labels and keeps the choices that they teach."""

    def __init__(self, gold: Gold) -> None:
        self.gold, self.kept = gold, []
        self.text: Text = read(gold.text)
        self.entities = Entities(self.text, Directory())
        self.names = self._names()
        Discourse(self.text, self.entities, self.decide)

    def _names(self) -> dict[int, set[str]]:
        """Entity → the names that labels on its mentions give it, of which most agree."""
        votes: dict[int, Counter] = defaultdict(Counter)
        for entity in self.entities.all:
            for name in entity.names:
                span = self.span(name.first, name.last)
                for other, names in self.gold.labels.items():
                    inside = min(span[1], other[1]) - max(span[0], other[0])
                    if names and 2 * inside >= 0.8 * (span[1] - span[0] + other[1] - other[0]):
                        votes[id(entity)][tuple(names)] += 1
        return {key: set(found.most_common(1)[0][0]) for key, found in votes.items()}

    def span(self, first: int, last: int) -> tuple[int, int]:
        return self.text.tokens[first].start, self.text.tokens[last].end

    def label(self, first: int, last: int) -> tuple[bool, list[str] | None]:
        """Whether a label begins or ends with these words, and its names."""
        start, end = self.span(first, last)
        if (start, end) in self.gold.labels:
            return True, self.gold.labels[start, end]
        for (s, e), names in self.gold.labels.items():
            if s == start and first != last and (e >= end) and e - end < 60:
                return True, names
        return False, None

    def is_meant(self, entity: Entity, names: list[str]) -> bool:
        known = self.names.get(id(entity), set())
        if self.gold.source == "gap":
            return bool(known.intersection(names))
        return bool(known.intersection(names)) or any(same(entity.name, n) for n in names)

    def decide(self, anaphor, tracks, rows) -> Choice:
        found, names = self.label(anaphor.first, anaphor.last)
        if not found:
            return decide_by_weights(anaphor, tracks, rows)
        right = len(tracks)
        if names:
            right = next((i for i, t in enumerate(tracks) if self.is_meant(t.entity, names)), -1)
            if right < 0:
                if any(self.is_meant(e, names) for e in self.entities.all):
                    self.kept.append(("he", rows, -1, anaphor.word, WEIGHTS.get(self.gold.source, 1)))
                    return Choice(None, "")
                right = len(tracks)
        self.kept.append(("he", rows, right, anaphor.word, WEIGHTS.get(self.gold.source, 1)))
        return Choice(tracks[right].entity if right < len(tracks) else None, "")


def fit(rows: list) -> dict[str, float]:
    data = [(r, right) for _, r, right, _, weight in rows if right >= 0 for _ in range(weight)]
    seen = Counter(f for choice, _ in data for f in {f for row in choice for f in row})
    return descend(data, {f for f, n in seen.items() if n >= AT_LEAST})[0]


def report(golds: list[Gold], kept: list[list], least: float) -> None:
    tally: dict[tuple[str, str], Counter] = defaultdict(Counter)
    for fold in range(FOLDS):
        weights = fit([r for i, rows in enumerate(kept) if i % FOLDS != fold for r in rows])
        for i in range(fold, len(kept), FOLDS):
            for kind, rows, right, *_ in kept[i]:
                chances = probabilities(weights, rows)
                winner = best(chances)
                told = winner < len(rows) - 1 and chances[winner] >= least
                row = tally[golds[i].source, kind]
                row["all"] += 1
                row["named"] += right != len(rows) - 1
                row["told"] += told
                row["wrong"] += told and winner != right
    for key, row in sorted(tally.items()):
        right = 100 * (row["told"] - row["wrong"]) / max(1, row["named"])
        share = 100 * row["wrong"] / max(1, row["told"])
        print(f"  {least} {key} {dict(row)} wrong {share:.1f} % of told, right {right:.0f} % of named")


def main() -> None:
    folder = Path(sys.argv[1])
    golds = [g for name in ("gum-dev", "polnear-train") for g in labelled(folder / f"{name}.jsonl.gz")]
    golds += list(gap(folder / "gap-development.tsv.gz"))
    for _ in range(ROUNDS):
        kept = [Learner(g).kept for g in golds]
        write_models({"antecedent": fit([r for rows in kept for r in rows])})
        choice_model.load_weights.cache_clear()
    for least in (0.5, 0.7, 0.8, 0.9):
        report(golds, kept, least)


if __name__ == "__main__":
    main()
