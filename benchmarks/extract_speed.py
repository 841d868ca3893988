"""Words per CPU-second of extraction beside what others use for quotations, on the same articles.

Usage: python benchmarks/extract_speed.py [ARTICLES] [--peers PYTHON] [--passes 3] [--write]

ARTICLES are JSON Lines with a `text` (.gz or not). The peers run right after us in a Python of their own,
outside of the checkout, with spacy, textacy and spaCy's small English pipeline; speed_peers.py says how
to make it. Imports, models and reading are not counted; each reads one article before its clock starts.
"""

from __future__ import annotations

import argparse
import gzip
import json
import resource
import statistics
import subprocess
import time
from pathlib import Path
from typing import Any

from openrace.extract.claims import extract_claims
from openrace.records import Article
from report import write_section

ARTICLES = Path("../shared/eval/polnear/dev.jsonl.gz")
PEERS = Path(__file__).with_name("speed_peers.py")
MILLION = 1_000_000


def read_texts(path: Path) -> list[str]:
    content = path.read_bytes()
    lines = (gzip.decompress(content) if path.suffix == ".gz" else content).splitlines()
    return [json.loads(line)["text"] for line in lines]


def words_in(texts: list[str]) -> int:
    return sum(len(text.split()) for text in texts)


def measure(texts: list[str], passes: int) -> dict[str, Any]:
    """Our own row: the median of several passes, each over all articles."""
    articles = [Article(id=str(i), text=text) for i, text in enumerate(texts)]
    extract_claims(articles[0])
    seconds, found = [], 0
    for _ in range(passes):
        started = time.process_time()
        found = sum(len(extract_claims(article)) for article in articles)
        seconds.append(time.process_time() - started)
    return {"name": "openrace", "seconds": statistics.median(seconds), "found": found}


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def memory_over_a_million_words(texts: list[str]) -> tuple[float, float]:
    """The peak after one pass over the articles, and after as many as make a million words."""
    before, read = peak_megabytes(), 0
    while read < MILLION:
        for i, text in enumerate(texts):
            extract_claims(Article(id=str(i), text=text))
        read += words_in(texts)
    return before, peak_megabytes()


def ask_peers(python: str, texts: list[str]) -> list[dict[str, Any]]:
    lines = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    run = subprocess.run([python, str(PEERS)], input=lines, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


def table(rows: list[dict[str, Any]], words: int) -> str:
    ours = words / rows[0]["seconds"]
    head = "| | statements found | CPU s | words per CPU-second | slower |\n|---|---|---|---|---|\n"
    lines = []
    for row in rows:
        rate = words / row["seconds"]
        times = "" if row is rows[0] else f"{ours / rate:.1f}×"
        lines.append(f"| {row['name']} | {row['found']} | {row['seconds']:.2f} | {rate:,.0f} | {times} |")
    return head + "\n".join(lines)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("articles", nargs="?", type=Path, default=ARTICLES)
    options.add_argument(
        "--peers", metavar="PYTHON", help="the Python of the environment that holds the peers"
    )
    options.add_argument("--passes", type=int, default=3)
    options.add_argument("--write", action="store_true", help="write the figures to RESULTS.md")
    given = options.parse_args()
    texts = read_texts(given.articles)
    words = words_in(texts)
    rows = [measure(texts, given.passes)]
    before, after = memory_over_a_million_words(texts)
    rows += ask_peers(given.peers, texts) if given.peers else []
    told = (
        f"{len(texts)} news articles, {words:,} words. CPU time of one process, all threads; the peers"
        f" run after us in the same run. What each finds is counted, not judged.\n\n{table(rows, words)}\n\n"
        f"Peak memory after the first passes {before:.0f} MB, after a million words more {after:.0f} MB."
    )
    print(told)
    if given.write:
        write_section("Extraction: speed", "python benchmarks/extract_speed.py --peers PYTHON", told)


if __name__ == "__main__":
    main()
