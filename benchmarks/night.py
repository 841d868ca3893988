"""What a night of new articles costs on stores of growing size, against the same night on an empty one.

Usage: python benchmarks/night.py [--articles N …] [--new N] [--write]

Articles are made up: three quotations each, a third of them repeated from an earlier article, in 200,000
invented words by 20,000 invented people, both as unequally frequent as in the news (Zipf's law: the n-th
most frequent one 1/n as often as the first). Every store is first brought to the state after a night (read,
grouped, published); then the new articles are imported and one more ``openrace nightly --no-crawl`` is timed
as a process of its own. Of more than 50,000 kept articles the quote pages are remembered as written, no more.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from report import write_section

SYLLABLES = [f"{a}{b}" for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "or", "is")]
WORDS, PEOPLE = 200_000, 20_000
QUOTES = 3
A_NIGHT = 1_000  # articles that are dated alike
WHEN = "2026-01-01"
WHOLE = 50_000  # articles up to which every page of the kept store is made


class Cost(NamedTuple):
    """CPU seconds and megabytes at the most."""

    seconds: float
    megabytes: float


def made_words(count: int, dice: random.Random) -> list[str]:
    return list({"".join(dice.choices(SYLLABLES, k=dice.randint(2, 4))): None for _ in range(count)})


def by_rank(things: list[str]) -> list[float]:
    """Cumulative weights for `random.choices`, after Zipf's law."""
    return list(accumulate(1 / rank for rank in range(1, len(things) + 1)))


def articles(count: int, first: int, seed: int) -> Iterator[str]:
    """Lines for ``openrace import``; `first` numbers them."""
    dice, always = random.Random(seed), random.Random(0)
    words = made_words(WORDS, always)
    names = [" ".join(always.choices(words, k=2)).title() for _ in range(PEOPLE)]
    often, heard_often = by_rank(words), by_rank(names)

    def say(length: int) -> str:
        return " ".join(dice.choices(words, cum_weights=often, k=length))

    heard: list[tuple[str, str]] = []
    for number in range(first, first + count):
        paragraphs = [say(3).capitalize()]
        for _ in range(QUOTES):
            if heard and dice.random() < 1 / 3:
                who, said = dice.choice(heard[-3000:])
            else:
                (who,), said = dice.choices(names, cum_weights=heard_often), say(dice.randint(9, 22))
                heard.append((who, said))
            paragraphs.append(f"“{said.capitalize()},” said {who} on {say(1).title()} day.")
        when = date(2020, 1, 1) + timedelta(days=number // A_NIGHT)
        text = "\n\n".join(paragraphs)
        fields = {"url": f"https://o{number % 300}.example/{number}", "text": text, "published": f"{when}"}
        yield json.dumps(fields) + "\n"


def run(*arguments: str, stdin: str = "") -> Cost:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    program = (
        "import resource, sys; from openrace.cli import main\n"
        "try: main()\n"
        "finally: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], input=stdin, capture_output=True, text=True, check=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(seconds, float(done.stderr.splitlines()[-1]))


def publish_kept(database: Path, site: Path) -> None:
    """Publish a large store: all but the pages of families and articles, noted as if they were there.

    There are half a million of them, and a night never looks at those that no change touches.
    """
    from openrace.pipeline.publish_site import Order, publish_site
    from openrace.site.invalidation import DirtyPages
    from openrace.store import open_store
    from openrace.user_files.seed_files import load_seeds

    next_dirty = DirtyPages.next
    many = "FROM dirty WHERE address GLOB 'q/*' OR address GLOB 'a/*'"
    files = "json_object(address || 'index.html', 19000)"

    def next_of_the_others(self: DirtyPages, most: int) -> list[str]:
        self.db.execute(f"INSERT OR REPLACE INTO parts SELECT address, {files} {many}")
        self.db.execute(f"DELETE {many}")
        return next_dirty(self, most)

    DirtyPages.next = next_of_the_others  # type: ignore[method-assign]
    order = Order(site, f"{WHEN}T00:00:00Z", load_seeds(None))
    publish_site(open_store(database, create=False), order, check=False)


def keep(size: int, folder: Path) -> None:
    """A store and a site of `size` articles, as after a night."""
    database, site = folder / f"{size}.db", folder / f"site-{size}"
    run("import", "-", "--db", str(database), "--at", WHEN, stdin="".join(articles(size, 0, 1)))
    if size <= WHOLE:
        run("nightly", "--no-crawl", "--db", str(database), "--at", WHEN, "--to", str(site))
        return
    run("extract", "--db", str(database))
    run("group", "--db", str(database))
    worker = multiprocessing.Process(target=publish_kept, args=(database, site))
    worker.start()
    worker.join()


def measure(size: int, new: int, folder: Path) -> tuple[Cost, Cost]:
    """The night after `size` articles with `new` ones more, and the one after it without news."""
    db = ["--db", str(folder / f"{size}.db"), "--at", WHEN]
    if size:
        keep(size, folder)
    run("import", "-", *db, stdin="".join(articles(new, size, 2)))
    return tuple(run("nightly", "--no-crawl", *db, "--to", str(folder / f"site-{size}")) for _ in range(2))  # type: ignore[return-value]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, nargs="+", default=[3_000, 20_000])
    parser.add_argument("--new", type=int, default=1_000)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    lines = ["| articles kept | claims | night, CPU s | against empty | MB | night without news, CPU s |"]
    lines += ["|---|---|---|---|---|---|"]
    with tempfile.TemporaryDirectory() as folder:
        base = 0.0
        for size in (0, *asked.articles):
            news, nothing = measure(size, asked.new, Path(folder))
            base = base or news.seconds
            claims = f"{size * QUOTES:,}"
            lines.append(
                f"| {size:,} | {claims} | {news.seconds:.1f} | × {news.seconds / base:.1f} |"
                f" {news.megabytes:.0f} | {nothing.seconds:.1f} |"
            )
            print(lines[-1], flush=True)
    body = f"{asked.new} new articles a night, publishing included.\n\n" + "\n".join(lines)
    if asked.write:
        write_section("The night at size", "make bench-night", body)


if __name__ == "__main__":
    main()
