"""Families on labelled real news quotes and on made ones, beside floors that only rise.

    python benchmarks/evaluate_families.py [--write]     ends with 1 where a figure is below its floor

The gold data (`../shared/eval`, not part of this project) must lie beside the checkout or where
OPENRACE_EVAL says; without them there is nothing to measure, which is said, and the exit code is 0.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from report import write_section

EVAL = Path(os.environ.get("OPENRACE_EVAL", Path(__file__).parents[2] / "shared" / "eval"))
MADE = 10_000  # quotes of families with known truth

# figure → floor. Raise one when a change has raised its figure; never lower one. The weights have seen these
# families: `fit_match_model.py` prints the figures on families left out, which are hardly lower.
FLOORS = {
    "dev": {"pair_f1": 0.92, "pair_p": 0.935, "hard_recall": 0.86, "different_kept_apart": 0.92},
    "news-dev": {"pair_f1": 0.95, "pair_p": 0.98, "hard_recall": 0.90, "different_kept_apart": 0.95},
    "made": {"pair_f1": 0.995},
}


def group(quotes: Path, found: Path) -> None:
    """`openrace pipe group` of this checkout, from file to file."""
    with quotes.open("rb") as lines, found.open("wb") as out:
        subprocess.run(
            [sys.executable, "-m", "openrace", "pipe", "group"], stdin=lines, stdout=out, check=True
        )


def score(gold: Path, found: Path, *options: str) -> dict[str, float]:
    """What the gold data's own scorer says of it."""
    command = [sys.executable, str(EVAL / "score_clusters.py"), str(gold), str(found), "--json", *options]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)


def make(folder: Path, count: int, seed: int = 1) -> tuple[Path, Path]:
    """`count` made quotes without their truth, and the truth."""
    text, quotes, gold = (
        folder / "train.jsonl",
        folder / f"quotes-{count}.jsonl",
        folder / f"gold-{count}.jsonl",
    )
    if not text.exists():
        text.write_bytes(gzip.decompress((EVAL / "polnear" / "train.jsonl.gz").read_bytes()))
    command = [sys.executable, str(EVAL / "make_variants.py"), "--text", str(text), "-n", str(count)]
    command += ["--seed", str(seed), "--blind", "--gold", str(gold), "--out", str(quotes)]
    subprocess.run(command, check=True)
    return quotes, gold


def measure(folder: Path) -> dict[str, dict[str, float]]:
    figures = {name: labelled(name, folder) for name in ("dev", "news-dev")}
    quotes, gold = make(folder, MADE)
    group(quotes, folder / "made.jsonl")
    return figures | {"made": score(gold, folder / "made.jsonl")}


def labelled(name: str, folder: Path) -> dict[str, float]:
    """The figures of one labelled set."""
    gold, found = EVAL / "variants" / f"{name}.jsonl", folder / f"{name}.jsonl"
    group(gold, found)
    return score(gold, found, "--pairs", str(EVAL / "variants" / f"{name}-pairs.jsonl"))


def table(found: dict[str, dict[str, float]]) -> str:
    shown = ("pair_p", "pair_r", "pair_f1", "hard_recall", "different_kept_apart", "b3_f1")
    names = {
        "dev": "4,281 quoted spans of real news",
        "news-dev": "1,324 quoted spans of 100 stories, three outlets each",
        "made": f"{MADE:,} made quotes",
    }
    lines = ["| | pair P | R | F1 | hard recall | kept apart | B³ F1 |", "|---" * 7 + "|"]
    for name, figures in found.items():
        cells = (f"{figures[f]:.3f}" if f in figures else "" for f in shown)
        lines.append(f"| {names[name]} | {' | '.join(cells)} |")
    floors = [f"{name} {figure} ≥ {floor}" for name, rows in FLOORS.items() for figure, floor in rows.items()]
    return "\n".join([*lines, "", f"Floors: {', '.join(floors)}."])


def main() -> int:
    if not (EVAL / "variants").is_dir():
        print(f"no gold data in {EVAL}: nothing measured", file=sys.stderr)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder))
    body = table(found)
    print(body)
    if "--write" in sys.argv:
        write_section("Families: labelled and made quotes", "make eval", body)
    low = [
        f"{name} {figure} is {found[name][figure]:.4f}, below {floor}"
        for name, rows in FLOORS.items()
        for figure, floor in rows.items()
        if found[name][figure] < floor
    ]
    print("\n".join(low), file=sys.stderr, end="\n" * bool(low))
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())
