"""How much of 181 real news pages arrives, and whether paragraphs and quotation marks survive.

Usage: python benchmarks/pages.py [CORPUS] [--worst N] [--write]

Compares `openrace.ingest` with trafilatura's own text in the same run. The pages and their true text are
those of scrapinghub's article-extraction-benchmark, expected beside the checkout. Figures:

words       F1 over the multiset of words (Han, kana and Hangul each a word), the mean over pages
breaks      precision and recall of paragraph ends between words that stand next to each other in both
            texts (difflib's alignment), F1 over all pages
quotations  the share of the true text's quotations that come out whole, with the very marks
"""

from __future__ import annotations

import argparse
import difflib
import gzip
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import trafilatura

from openrace.errors import InputError
from openrace.ingest.parse.main_text import main_paragraphs
from openrace.ingest.parse.page import load_page
from openrace.ingest.parse.page_metadata import read_metadata
from report import write_section

FLOORS = (0.970, 0.995, 0.975)  # words, breaks, quotations: below them the run fails; raise them, never lower
CORPUS = Path("../shared/corpora/pages")
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+")
QUOTATION = re.compile(r"“[^“”\n]+”|\"[^\"\n]+\"|«[^«»\n]+»|「[^「」\n]+」|‘[^‘’\n]{20,}’(?!\w)")
Extract = Callable[[bytes, str], str]  # page and address → text, paragraphs apart by line ends


class Score(NamedTuple):
    """Counts for one page."""

    words: float
    kept_breaks: int
    our_breaks: int
    true_breaks: int
    kept_quotations: int
    quotations: int


def ours(page: bytes, url: str) -> str:
    try:
        tree = load_page(page, url)
        return "\n".join(main_paragraphs(tree, url, read_metadata(tree, url).title))
    except InputError:
        return ""


def trafilaturas(page: bytes, url: str) -> str:
    return trafilatura.extract(page, url=url, include_comments=False) or ""


def f1(hits: float, found: float, true: float) -> float:
    return 2 * hits / (found + true) if found + true else 1.0


def word_f1(text: str, truth: str) -> float:
    found, true = Counter(WORD.findall(text.lower())), Counter(WORD.findall(truth.lower()))
    return f1((found & true).total(), found.total(), true.total())


def words_and_breaks(text: str) -> tuple[list[str], set[int]]:
    """The words, and the numbers of those after which a paragraph ends."""
    words: list[str] = []
    breaks: set[int] = set()
    for line in text.split("\n"):
        breaks.add(len(words) - 1)
        words += WORD.findall(line.lower())
    return words, breaks


def compare_breaks(text: str, truth: str) -> tuple[int, int, int]:
    """How many paragraph ends both have, `text` has and `truth` has, where both have the words around it."""
    found, found_breaks = words_and_breaks(text)
    true, true_breaks = words_and_breaks(truth)
    both = only_found = only_true = 0
    for at, at_true, size in difflib.SequenceMatcher(None, found, true, autojunk=False).get_matching_blocks():
        for step in range(size - 1):
            ends, truly_ends = at + step in found_breaks, at_true + step in true_breaks
            both += ends and truly_ends
            only_found += ends and not truly_ends
            only_true += truly_ends and not ends
    return both, both + only_found, both + only_true


def quotations_kept(text: str, truth: str) -> tuple[int, int]:
    quotations = QUOTATION.findall(" ".join(truth.split(" ")))
    plain = " ".join(text.split())
    return sum(" ".join(q.split()) in plain for q in quotations), len(quotations)


def score(text: str, truth: str) -> Score:
    return Score(word_f1(text, truth), *compare_breaks(text, truth), *quotations_kept(text, truth))


def totals(scores: list[Score]) -> tuple[float, float, float]:
    words = sum(one.words for one in scores) / len(scores)
    breaks = f1(*(sum(column) for column in zip(*(one[1:4] for one in scores), strict=True)))
    kept, all_of_them = (sum(column) for column in zip(*(one[4:6] for one in scores), strict=True))
    return words, breaks, kept / all_of_them


def run(extract: Extract, corpus: Path, truths: dict[str, dict[str, str]]) -> tuple[dict[str, Score], float]:
    """The score of each page, and the CPU seconds for all."""
    scores, spent = {}, 0.0
    for name, truth in truths.items():
        page = gzip.decompress((corpus / "html" / f"{name}.html.gz").read_bytes())
        started = time.process_time()
        text = extract(page, truth["url"])
        spent += time.process_time() - started
        scores[name] = score(text, truth["articleBody"])
    return scores, spent


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("corpus", nargs="?", type=Path, default=CORPUS)
    options.add_argument("--worst", type=int, default=10, help="how many of the worst pages to print")
    options.add_argument("--write", action="store_true", help="write the figures to RESULTS.md")
    given = options.parse_args()
    truths = json.loads((given.corpus / "ground-truth.json").read_text("utf-8"))
    rows = ["| | words F1 | paragraph breaks F1 | quotations kept | CPU ms a page |", "|---|---|---|---|---|"]
    for name, extract in {"trafilatura alone": trafilaturas, "openrace": ours}.items():
        scores, spent = run(extract, given.corpus, truths)
        reached = words, breaks, kept = totals(list(scores.values()))
        rows += [f"| {name} | {words:.4f} | {breaks:.4f} | {kept:.4f} | {spent / len(scores) * 1000:.0f} |"]
    print("\n".join(rows))
    print(f"\nthe worst {given.worst} of openrace:")
    for name, one in sorted(scores.items(), key=lambda item: item[1].words)[: given.worst]:
        print(
            f"{one.words:.3f}  {one.kept_quotations}/{one.quotations} quotations  {truths[name]['url'][:90]}"
        )
    pairs = zip(reached, FLOORS, strict=True)
    short = [f"{figure:.4f} is below {floor}" for figure, floor in pairs if figure < floor]
    if given.write:
        note = (
            f"{len(truths)} news pages with their true text; words: the mean over pages, else all together."
        )
        body = "\n".join([note, "", *rows])
        write_section("Pages: text, paragraphs, quotation marks", "make bench-pages", body)
    sys.exit("\n".join(short) or None)


if __name__ == "__main__":
    main()
