"""How long a search takes in a store of a million claims, and a whole ``openrace search``.

Usage: python benchmarks/search.py [--claims N] [--keep FILE] [--write]

The claims are made up: words by Zipf's law over 11,000, 24 to a claim, 2,000 speakers, ten years. Each kind
of query is asked 40 times, over words from common to rare; figures are CPU milliseconds in the process,
median and slowest. The index is one segment, as after ``openrace doctor --mend``. The peer is what most
programs do with FTS5: the same index, sorted by a column of dates.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path

from openrace.store import open_store
from openrace.store.claim_keys import first_key
from openrace.store.claim_search import ClaimQuery, search
from report import write_section

WORDS = [f"{a}{b}{c}" for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "or", "is") for c in
         [x + y for x in "bcdfghjklmnpqrstvwxyz" for y in ("a", "e", "is", "on", "er")]]  # fmt: skip
ASKED = 40
LENGTH = 24


def claims(count: int, dice: random.Random) -> Iterator[tuple[object, ...]]:
    """Rows of claims, oldest first, four to an article."""
    weights = list(accumulate(1 / rank for rank in range(1, len(WORDS) + 1)))
    start = date(2016, 1, 1)
    serial, day = 0, ""
    for number in range(count):
        when = (start + timedelta(days=number * 3650 // count)).isoformat()
        serial, day = (serial + 1, day) if when == day else (0, when)
        text = " ".join(dice.choices(WORDS, cum_weights=weights, k=LENGTH))
        speaker = f"{WORDS[dice.randrange(400)].title()} {WORDS[dice.randrange(2_000)].title()}"
        article = number // 4 + 1
        yield first_key(when) + serial, f"{number:012x}", article, f"o{article % 300}.example", text, speaker


def build(path: Path, count: int) -> sqlite3.Connection:
    """A store of `count` claims."""
    db = open_store(path, create=True)
    dice = random.Random(1)
    db.execute("BEGIN")
    db.executemany(
        "INSERT INTO articles (key, id, url, published, authors, text, added, automatic)"
        " VALUES (?1, 'a' || ?1, 'https://o.example/' || ?1, '2020-01-01', '[]', 'text of it', '2030', 0)",
        ((n,) for n in range(1, count // 4 + 2)),
    )
    db.executemany(
        "INSERT INTO claims (key, id, article, outlet, text, speaker, kind, spans, quoted, context,"
        " confidence, reason, extractor, polarity)"
        " VALUES (?, ?, ?, ?, ?, ?, 'direct', '[[0, 4]]', '[[0, 4]]', '[0, 4]', 1, 'r', 'x', 'asserted')",
        claims(count, dice),
    )
    db.execute("COMMIT")
    db.execute("INSERT INTO claims_fts (claims_fts) VALUES ('optimize')")
    return db


def queries(db: sqlite3.Connection) -> dict[str, list[ClaimQuery]]:
    """Forty of each kind: words of every frequency (ranks spread evenly by logarithm), phrases that occur."""
    dice = random.Random(2)
    ranks = [int(len(WORDS) ** (k / ASKED)) for k in range(ASKED)]
    words = [WORDS[rank] for rank in ranks]
    texts = [
        row["text"].split() for row in db.execute("SELECT text FROM claims ORDER BY id LIMIT ?", (ASKED,))
    ]
    speakers = [f"{WORDS[dice.randrange(400)]}" for _ in range(ASKED)]
    return {
        "newest, one word": [ClaimQuery(word) for word in words],
        "newest, two words": [ClaimQuery(f"{a} {b}") for a, b in zip(words, reversed(words), strict=True)],
        "newest, phrase of three": [ClaimQuery(f'"{" ".join(text[4:7])}"') for text in texts],
        "newest, word and speaker": [ClaimQuery(w, speaker=s) for w, s in zip(words, speakers, strict=True)],
        "newest, word and one month": [ClaimQuery(w, since="2020-03-01", until="2020-03-31") for w in words],
        "newest, everything": [ClaimQuery()] * ASKED,
        "relevance, one word": [ClaimQuery(word, sort="relevance") for word in words],
        "relevance, two words": [
            ClaimQuery(f"{a} {b}", sort="relevance") for a, b in zip(words, reversed(words), strict=True)
        ],
    }


def peer(db: sqlite3.Connection, query: ClaimQuery) -> None:
    """FTS5 and a sort by date, as it is commonly done."""
    order = "f.rank" if query.sort == "relevance" else "c.day DESC"
    quoted = query.words if query.words.startswith('"') else " ".join(f'"{w}"' for w in query.words.split())
    db.execute(
        "SELECT c.* FROM claims_fts f JOIN (SELECT *, key >> 20 AS day FROM claims) c ON c.key = -f.rowid"
        f" WHERE claims_fts MATCH ? ORDER BY {order} LIMIT 20",
        (quoted,),
    ).fetchall()


def cpu(run: Callable[[], object]) -> float:
    began = time.process_time()
    run()
    return (time.process_time() - began) * 1000


def table(db: sqlite3.Connection) -> Iterator[str]:
    yield "| query | median ms | slowest ms | the peer: median | slowest |"
    yield "|---|---|---|---|---|"
    for name, asked in queries(db).items():
        ours = [cpu(lambda q=query: search(db, q)) for query in asked]  # type: ignore[misc]
        row = f"| {name} | {statistics.median(ours):.1f} | {max(ours):.1f} |"
        if "everything" in name or "speaker" in name or "month" in name:
            yield f"{row} | |"
            continue
        theirs = [cpu(lambda q=query: peer(db, q)) for query in asked]  # type: ignore[misc]
        yield f"{row} {statistics.median(theirs):.1f} | {max(theirs):.1f} |"


CHEAPEST = """import typer
app = typer.Typer(pretty_exceptions_enable=False)
@app.command()
def one(word: str) -> None: pass
@app.command()
def two(word: str) -> None: pass
app()"""


def whole(command: list[str]) -> float:
    """Median CPU milliseconds of a whole process over 15 runs."""
    times = []
    settings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for _ in range(15):  # the first of them compiles what no installation has compiled
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, stdout=subprocess.DEVNULL, env=settings, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append((after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000)
    return statistics.median(times)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--claims", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = asked.keep or Path(folder, "openrace.db")
        db = open_store(path) if path.exists() else build(path, asked.claims)
        size = path.stat().st_size / 1e9
        lines = [f"{asked.claims:,} claims of {LENGTH} words in {size:.1f} GB.", "", *table(db), ""]
        ours = whole([sys.executable, "-m", "openrace", "search", WORDS[300], "--db", str(path)])
        bare = whole([sys.executable, "-c", CHEAPEST, "one", "x"])
        lines.append(
            f"The whole `openrace search`: {ours:.0f} ms CPU; the cheapest Typer command: {bare:.0f} ms."
        )
        db.close()
    body = "\n".join(lines)
    print(body)
    if asked.write:
        write_section("Search at size", "make bench-search", body)


if __name__ == "__main__":
    main()
