"""What grouping costs from ten thousand to a million quotes, beside datasketch's MinHash LSH in the same run.

    python benchmarks/families.py [--sizes 10000 100000 1000000] [--peer PYTHON] [--write]

`--peer` is a Python that has datasketch (``make bench-families`` makes it one). Both read the same made
quotes from a file and write cluster ids; CPU seconds and peak memory are those of the whole process. Then
1,000 new claims are added to a store that holds all but them, and 100,000 are shuffled and placed in five
nights: the same pairs must come out as from all at once.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from evaluate_families import make, score
from openrace.clustering import group_quotes, place_quotes
from openrace.records import Quote
from openrace.store import open_store, transaction
from openrace.store.quote_index import SqliteQuoteIndex
from report import write_section

PEER = Path(__file__).with_name("families_peer.py")
ADDED = 1_000
SHUFFLED = 100_000
NOW = "2026-01-01T00:00:00Z"
FIELDS = ("quote_id", "text", "speaker", "date", "article_id")


class Cost(NamedTuple):
    cpu: float  # seconds, user and system
    megabytes: float  # peak resident
    f1: float


def run(command: list[str], quotes: Path, found: Path) -> tuple[float, float]:
    """CPU seconds and peak memory of `command`, reading `quotes` and writing `found`."""
    with quotes.open("rb") as lines, found.open("wb") as out:
        child = subprocess.Popen(command, stdin=lines, stdout=out)
        _, status, used = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"{command} ended with {status}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def cost(command: list[str], quotes: Path, gold: Path, folder: Path) -> Cost:
    cpu, megabytes = run(command, quotes, folder / "found.jsonl")
    return Cost(cpu, megabytes, score(gold, folder / "found.jsonl")["pair_f1"])


def read(path: Path, wanted: Callable[[int], bool]) -> Iterator[Quote]:
    """The quotes on the lines whose number (from 0) is `wanted`."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if wanted(number):
                row = json.loads(line)
                yield Quote(**{name: row[name] for name in FIELDS if row.get(name)})


def adding(quotes: Path, count: int, folder: Path) -> tuple[float, float, float, float]:
    """CPU seconds to fill a store with all but `ADDED` of `count` quotes, then to add those.

    And the size of the store, and the peak memory of this process, in MB.
    """
    step = max(1, count // ADDED)
    late = list(read(quotes, lambda number: number % step == 0))[:ADDED]
    db = open_store(folder / "store.db", create=True)
    index = SqliteQuoteIndex(db)
    cpu = [time.process_time()]
    for night in (read(quotes, lambda number: number % step > 0), late):
        with transaction(db):
            place_quotes(night, index, now=NOW)
        cpu.append(time.process_time())
    db.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return cpu[1] - cpu[0], cpu[2] - cpu[1], (folder / "store.db").stat().st_size / 1e6, peak


def misplaced(quotes: Path, nights: int = 5) -> tuple[int, int, int]:
    """How many pairs differ when `quotes` come shuffled in so many nights; of how many; ids that got lost."""
    ordered = list(read(quotes, lambda number: True))
    shuffled = random.Random(1).sample(ordered, len(ordered))
    db = open_store(":memory:")
    published: set[str] = set()
    for night in range(nights):
        with transaction(db):
            place_quotes(shuffled[night::nights], SqliteQuoteIndex(db), now=NOW)
        published |= {row["family"] for row in db.execute("SELECT DISTINCT family FROM quotes")}
    grown = {row["claim"]: row["family"] for row in db.execute("SELECT claim, family FROM quotes")}
    known = {*grown.values(), *(merge.gone for merge in SqliteQuoteIndex(db).merges())}
    db.close()
    once = group_quotes(ordered)
    of_both = (grown[quote_id] + family for quote_id, family in once.items())
    a, b, both = map(pairs, (grown.values(), once.values(), of_both))
    return a + b - 2 * both, b, len(published - known)


def pairs(families: Iterable[str]) -> int:
    """Pairs of quotes in one family."""
    return sum(math.comb(count, 2) for count in Counter(families).values())


def exponent(small: float, large: float, factor: float) -> float:
    return math.log(large / small) / math.log(factor)


def table(costs: dict[str, dict[int, Cost]]) -> list[str]:
    lines = ["| | quotes | CPU s | peak MB | pair F1 |", "|---|---|---|---|---|"]
    for name, by_size in costs.items():
        lines += [
            f"| {name} | {n:,} | {c.cpu:.1f} | {c.megabytes:,.0f} | {c.f1:.4f} |" for n, c in by_size.items()
        ]
    for name, by_size in costs.items():
        sizes = sorted(by_size)
        if len(sizes) > 1:
            small, large = by_size[sizes[0]], by_size[sizes[-1]]
            grown = [exponent(a, b, sizes[-1] / sizes[0]) for a, b in zip(small[:2], large[:2], strict=True)]
            lines += ["", f"{name}: growth exponent {grown[0]:.2f} in CPU, {grown[1]:.2f} in memory."]
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--peer", help="a Python that has datasketch")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    commands = {"openrace pipe group": [sys.executable, "-m", "openrace", "pipe", "group"]}
    if args.peer:
        commands["datasketch MinHash LSH"] = [args.peer, str(PEER)]
    costs: dict[str, dict[int, Cost]] = {name: {} for name in commands}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for size in args.sizes:
            quotes, gold = make(folder, size)
            for peer, command in commands.items():
                costs[peer][size] = cost(command, quotes, gold, folder)
                print(peer, size, costs[peer][size], flush=True)
        filled, added, megabytes, peak = adding(quotes, size, folder)
        differ, among, lost = misplaced(make(folder, SHUFFLED)[0])
    lines = table(costs)
    lines += [
        "",
        f"In the store: {filled:.0f} CPU s and at most {peak:,.0f} MB to place {size - ADDED:,} claims in"
        f" one night, {added:.2f} CPU s to add {ADDED:,} others; grouping's tables take {megabytes:,.0f} MB.",
        f"Order: {SHUFFLED:,} quotes shuffled and in five nights, beside all at once: {differ:,} of {among:,}"
        f" pairs differ, {lost} published ids lead nowhere.",
    ]
    print("\n".join(lines))
    if args.write:
        write_section(
            "Families: cost from 10,000 to a million quotes", "make bench-families", "\n".join(lines)
        )


if __name__ == "__main__":
    main()
