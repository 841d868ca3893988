"""What suggestions of ideas cost: 100,000 families and 50 ideas; a night's 5,000 new ones, and all anew.

    python benchmarks/ideas.py [--families N] [--ideas N] [--new N] [--write]

Statements of 24 made words by Zipf's law, every fifth in Chinese characters; 20 marks an idea. Each figure is
the CPU time and the peak memory of a process of its own.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from openrace.pipeline.suggest_ideas import suggest_ideas
from openrace.store import open_store
from openrace.user_files.idea_files import Idea, Mark
from report import write_section

BEGINNINGS = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "or", "is")]
WORDS = [a + b + c for a in BEGINNINGS for b in "bdfgklmnprst" for c in ("a", "en", "is", "o", "ed")]
HAN = [chr(0x4E00 + 7 * n) for n in range(2_000)]
LENGTH, HAN_LENGTH, MARKS = 24, 40, 20
LIMITS = {"a night": 5.0, "all anew": 60.0}
MOST_MEGABYTES = 300


class Cost(NamedTuple):
    """What one run took."""

    scored: int
    seconds: float  # CPU
    megabytes: float  # at the peak


def statements(first: int, count: int, dice: random.Random) -> Iterator[tuple[int, str]]:
    by_rank = {
        len(kind): list(accumulate(1 / rank for rank in range(1, len(kind) + 1))) for kind in (WORDS, HAN)
    }
    for number in range(first, first + count):
        if number % 5:
            yield number, " ".join(dice.choices(WORDS, cum_weights=by_rank[len(WORDS)], k=LENGTH))
        else:
            yield number, "".join(dice.choices(HAN, cum_weights=by_rank[len(HAN)], k=HAN_LENGTH))


def add(db: sqlite3.Connection, first: int, count: int) -> None:
    """Families of one statement each, as grouping leaves them."""
    rows = [
        (n + 1, f"c{n:011}", n + 1, text, f"Speaker {n % 2_000}", f"f{n:011}")
        for n, text in statements(first, count, random.Random(first))
    ]
    db.execute("BEGIN")
    db.executemany(
        "INSERT INTO articles (key, id, url, authors, text, automatic, added)"
        " VALUES (?1, 'a' || ?1, 'https://o.example/' || ?1, '[]', 'text of it', 0, '2030')",
        ((key,) for key, *_ in rows),
    )
    db.executemany(
        "INSERT INTO claims (key, id, article, text, speaker, family, kind, polarity, spans, quoted, context,"
        " confidence, reason, extractor)"
        " VALUES (?, ?, ?, ?, ?, ?, 'direct', 'asserted', '[[0, 4]]', '[[0, 4]]', '[0, 4]', 1, 'r', 'x')",
        rows,
    )
    db.executemany("INSERT INTO families VALUES (?, ?, ?, NULL, '[]')", ((r[5], r[1], r[4]) for r in rows))
    db.execute("COMMIT")


def marked(ideas: int, families: int) -> tuple[list[Idea], list[Mark]]:
    dice = random.Random(3)
    made = [Idea(id=f"idea-{n}", name=f"Idea {n}", definition="As made.") for n in range(ideas)]
    marks = [
        Mark(where="m:1", when="2030-01-01", idea=idea.id, label=label, claim=f"c{claim:011}", by="bench")
        for idea in made
        for place, claim in enumerate(dice.sample(range(families), MARKS))
        for label in [("yes", "no", "yes", "against")[place % 4]]
    ]
    return made, marks  # type: ignore[return-value]


def run(path: Path, ideas: int, families: int) -> Cost:
    """Suggest, in this process."""
    known, marks = marked(ideas, families)
    db = open_store(path)
    began = time.process_time()
    report = suggest_ideas(db, known, marks, warn=print)
    seconds = time.process_time() - began
    assert report.failed == 0
    return Cost(report.scored, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def alone(path: Path, given: argparse.Namespace) -> Cost:
    """The same in a process of its own."""
    asked = ["--run", str(path), "--families", str(given.families), "--ideas", str(given.ideas)]
    done = subprocess.run([sys.executable, __file__, *asked], capture_output=True, text=True, check=True)
    return Cost(*json.loads(done.stdout))


def measure(given: argparse.Namespace, folder: Path) -> dict[str, Cost]:
    path = folder / "bench.db"
    db = open_store(path, create=True)
    add(db, 0, given.families)
    found = {"all anew": alone(path, given), "nothing new": alone(path, given)}
    add(db, given.families, given.new)
    db.close()
    return found | {"a night": alone(path, given)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--families", type=int, default=100_000)
    parser.add_argument("--ideas", type=int, default=50)
    parser.add_argument("--new", type=int, default=5_000)
    parser.add_argument("--run", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    if given.run:
        print(json.dumps(run(given.run, given.ideas, given.families)))
        return
    with tempfile.TemporaryDirectory() as folder:
        found = measure(given, Path(folder))
    lines = ["| | statements scored | CPU s | limit | peak MB |", "|---|---|---|---|---|"]
    for name, cost in found.items():
        limit = LIMITS.get(name, "")
        lines.append(f"| {name} | {cost.scored:,} | {cost.seconds:.1f} | {limit} | {cost.megabytes:.0f} |")
    size = f"{given.families:,} families, {given.ideas} ideas with {MARKS} marks each"
    head = f"{size}; the limit of memory is {MOST_MEGABYTES} MB."
    body = "\n".join([head, "", *lines])
    print(body)
    if given.write:
        write_section("Ideas: cost of suggestions", "make bench-ideas", body)


if __name__ == "__main__":
    main()
