"""Extraction on PolNeAR dev, scored by the gold data's own scorer, beside floors that only rise.

    python benchmarks/evaluate.py [--write]     ends with 1 where a figure is below its floor

The gold data (`../shared/eval`, not part of this project) must lie beside the checkout or where
OPENRACE_EVAL says; without them there is nothing to measure, which is said, and the exit code is 0.
"""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from accuracy import write_accuracy
from openrace.extract.claims import extract_claims
from openrace.records import Article
from report import write_section

EVAL = Path(os.environ.get("OPENRACE_EVAL", Path(__file__).parents[2] / "shared" / "eval"))
ROWS = ("direct", "mixed", "quoted", "indirect", "all")

# (row, figure, part) → the floor in percent. Raise one when a change has raised its figure; never lower one.
FLOORS = {
    ("quoted", "end_to_end", "f1"): 88.8,
    ("quoted", "speaker", "precision"): 96.2,
    ("direct", "end_to_end", "f1"): 90.8,
    ("mixed", "end_to_end", "f1"): 84.2,
    ("indirect", "end_to_end", "f1"): 59.2,
    ("indirect", "end_to_end", "p"): 84.2,
    ("all", "end_to_end", "f1"): 71.3,
}


def predictions(gold: list[dict]) -> list[dict]:
    """What openrace finds in each gold article, as the scorer reads it, with the confidence kept beside."""
    return [
        {
            "id": article["id"],
            "claims": [
                {
                    "kind": claim.kind,
                    "content": [list(span) for span in claim.spans],
                    "speaker": [list(claim.speaker.span)] if claim.speaker and claim.speaker.span else None,
                    "speaker_name": claim.speaker.name if claim.speaker else None,
                    "confidence": claim.confidence,
                }
                for claim in extract_claims(Article(id=article["id"], text=article["text"]))
            ],
        }
        for article in gold
    ]


def score(gold: Path, found: list[dict]) -> dict:
    """The scorer's figures for `found`, by row."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as out:
        out.writelines(json.dumps(line) + "\n" for line in found)
        out.flush()
        command = [sys.executable, str(EVAL / "score_quotes.py"), str(gold), out.name, "--json"]
        return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["micro"]


def reliability(gold: list[dict], found: list[dict]) -> list[tuple[str, int, float, float]]:
    """(band, claims, mean confidence, share right) of the claims that name a speaker."""
    spec = importlib.util.spec_from_file_location("score_quotes", EVAL / "score_quotes.py")
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    options = type("Options", (), {"resolved": False, "one_to_one": False, "min_overlap": 0.5})
    claims, right, told = Counter(), Counter(), Counter()
    for article, line in zip(gold, found, strict=True):
        judged = scorer.Article(article, line["claims"], options)
        good = {k for ks, _ in judged.match(range(len(line["claims"]))).values() for k in ks}
        for k, claim in enumerate(line["claims"]):
            if claim["speaker"]:
                band = min(int(claim["confidence"] * 10), 9)
                claims[band] += 1
                told[band] += claim["confidence"]
                right[band] += k in good and judged.verdicts[k] in ("right", "nosource")
    return [
        (f"{b / 10:.1f}–{b / 10 + 0.1:.1f}", claims[b], told[b] / claims[b], right[b] / claims[b])
        for b in sorted(claims)
    ]


def table(rows: dict) -> str:
    head = (
        "| | gold | found | content P | R | F1 | speaker named | precision | end to end P | R | F1 |\n"
        + "|---" * 11
        + "|"
    )
    lines = [head]
    for name in ROWS:
        r = rows[name]
        figures = [
            *r["overlap"].values(),
            r["speaker"]["coverage"],
            r["speaker"]["precision"],
            *r["end_to_end"].values(),
        ]
        lines.append(
            f"| {name} | {r['gold']} | {r['pred']} | " + " | ".join(f"{x:.1f}" for x in figures) + " |"
        )
    return "\n".join(lines)


def main() -> int:
    path = EVAL / "polnear" / "dev.jsonl.gz"
    if not path.exists():
        print(
            f"no gold data at {EVAL}: nothing to measure (OPENRACE_EVAL says where they lie)", file=sys.stderr
        )
        return 0
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        gold = [json.loads(line) for line in lines]
    found = predictions(gold)
    rows = score(path, found)
    bands = reliability(gold, found)
    trust = "| confidence told | claims | mean | right |\n|---|---|---|---|\n"
    trust += "\n".join(f"| {b} | {n} | {c:.2f} | {r:.2f} |" for b, n, c, r in bands)
    low = [
        (*key, rows[key[0]][key[1]][key[2]], floor)
        for key, floor in FLOORS.items()
        if rows[key[0]][key[1]][key[2]] < floor
    ]
    floors = "\n".join(
        f"| {a} {b} {c} | {rows[a][b][c]:.1f} | {floor} |" for (a, b, c), floor in FLOORS.items()
    )
    body = (
        f"{table(rows)}\n\nFloors:\n\n| | now | floor |\n|---|---|---|\n{floors}\n\nReliability:\n\n{trust}"
    )
    print(body)
    if "--write" in sys.argv:
        write_section("Extraction: PolNeAR dev", "make eval", body)
        write_accuracy(rows, bands)
    for row, figure, part, now, floor in low:
        print(f"below its floor: {row} {figure} {part} is {now:.1f}, must be {floor}", file=sys.stderr)
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())
