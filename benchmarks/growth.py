"""CPU time of extraction for each character, on 1×, 4× and 16× the same text: linear work keeps it level.

Usage: python benchmarks/growth.py [ARTICLES] [--base 3000] [--write]

News (JSON Lines with a `text`, where they lie beside the checkout) and what breaks careless rules: runs of
marks, cues and brackets, no line breaks, no full stops. Exit code 1 where a character costs more than
twice at 16× what it costs at 4×.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import time
from pathlib import Path

from openrace.extract.claims import extract_claims
from openrace.records import Article
from report import write_section

ARTICLES = Path("../shared/eval/polnear/dev.jsonl.gz")
FACTORS = (1, 4, 16)
TOLERATED = 2.0  # of 16× against 4×: noise of a busy machine stays below it, a square is at 4
ENOUGH = 0.2  # CPU seconds over which a text is read again and again: less is noise
SENTENCE = "“The river will not wait,” Mara Lindqvist said, and the boats left before the evening. "
UNITS = {
    "sentences, no line break": SENTENCE,
    "one sentence without an end": "Mara Lindqvist said that the river would not wait, and the boats left, ",
    "paragraphs": SENTENCE + "\n\n",
    "Chinese sentences": "李若川表示：“开源不是慈善。”王小禾认为，标准尚未统一。",
    "Chinese without a full stop": "李若川表示，开源很重要，",
    "“": "“",
    "“”": "“”",
    "straight marks": '"',
    "apostrophes": "'",
    "marks that reopen": "“\n\n",
    "said": "said ",
    "said that": "said that ",
    "said, said": "said said, ",
    "according to": "according to ",
    "names": "Mara Lindqvist ",
    "brackets": "(",
    "pairs of brackets": "() ",
    "full stops": ". ",
    "line breaks": "\n",
    "one word": "a",
    "说": "说",
    "「": "「",
}


def news(path: Path) -> str:
    lines = gzip.decompress(path.read_bytes()).decode("utf-8").splitlines()
    return "\n\n".join(json.loads(line)["text"] for line in lines)


def seconds(text: str) -> float:
    """CPU seconds of one extraction, the mean of as many as take long enough to be measured."""
    article = Article(id="growth", text=text)
    started, rounds = time.process_time(), 0
    while rounds == 0 or time.process_time() - started < ENOUGH:
        extract_claims(article)
        rounds += 1
    return (time.process_time() - started) / rounds


def microseconds(text: str, base: int) -> list[float]:
    """For each character, at every factor; the text is cut to length, or repeated to it."""
    found = []
    for factor in FACTORS:
        length = base * factor
        cut = (text * (length // len(text) + 1))[:length]
        found.append(1e6 * seconds("x" + cut) / length)
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("articles", nargs="?", type=Path, default=ARTICLES)
    options.add_argument("--base", type=int, default=3000, help="characters at 1×")
    options.add_argument("--write", action="store_true", help="write the figures to RESULTS.md")
    given = options.parse_args()
    texts = {"news": news(given.articles)} if given.articles.exists() else {}
    rows, steep = [], []
    for name, text in {**texts, **UNITS}.items():
        costs = microseconds(text, given.base)
        growth = costs[2] / costs[1]
        steep += [name] if growth > TOLERATED else []
        rows.append(f"| {name} | " + " | ".join(f"{cost:.1f}" for cost in costs) + f" | {growth:.2f} |")
        print(rows[-1], flush=True)
    head = "| µs for each character at | 1× | 4× | 16× | 16× / 4× |\n|---|---|---|---|---|\n"
    told = f"1× is {given.base:,} characters. Level is linear.\n\n{head}" + "\n".join(rows)
    if given.write:
        write_section("Extraction: growth", "python benchmarks/growth.py", told)
    if steep:
        sys.exit(f"more than linear: {', '.join(steep)}")


if __name__ == "__main__":
    main()
