"""As many entries and links as feedparser alone finds, on 112 feeds of the wild, and at what cost.

Usage: python benchmarks/feeds.py [CORPUS] [--write]

The reference is feedparser as it comes (sanitising, relative addresses), in the same run. An item that a feed
holds twice to the letter (same id, same link) counts once on both sides; links are compared canonically.
"""

from __future__ import annotations

import argparse
import gzip
import sys
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

import feedparser

from openrace.errors import InputError
from openrace.ingest.parse.feed import ParsedFeed, parse_feed
from openrace.ingest.urls import canonical_url
from report import write_section

CORPUS = Path("../shared/corpora/feeds")
FEED_URL = "https://feed.example/"
T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[T, float]:
    started = time.process_time()
    return work(), (time.process_time() - started) * 1000


def ours(body: bytes) -> ParsedFeed:
    try:
        return parse_feed(body, FEED_URL)
    except InputError:
        return ParsedFeed()


def reference(parsed: Any) -> tuple[int, set[str | None]]:
    """How many distinct entries feedparser found, and their links."""
    named = {(e.get("id") or e.get("link") or e.get("title"), e.get("link")) for e in parsed.entries}
    return len(named), {canonical_url(link, base=FEED_URL) for _, link in named if link}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("corpus", nargs="?", type=Path, default=CORPUS)
    options.add_argument("--write", action="store_true", help="write the figures to RESULTS.md")
    given = options.parse_args()
    files = sorted(given.corpus.glob("*.gz"))
    total, peers, entries, links, short, ratios = 0.0, 0.0, 0, 0, [], []
    for file in files:
        body = gzip.decompress(file.read_bytes())
        peer, peer_ms = timed(lambda body=body: feedparser.parse(BytesIO(body)))
        mine, my_ms = timed(lambda body=body: ours(body))
        count, addresses = reference(peer)
        found = {entry.url for entry in mine.entries if entry.url}
        same = len(mine.entries) >= count and addresses <= found
        short += [] if same else [file.name]
        entries, links = entries + len(mine.entries), links + len(found)
        total, peers, ratios = total + my_ms, peers + peer_ms, [*ratios, my_ms / peer_ms]
        lack = "" if same else "  FEWER"
        told = f"{len(mine.entries):5} entries  {my_ms:7.1f} ms  feedparser {peer_ms:7.1f} ms{lack}"
        print(f"{file.name[:16]}  {told}")
    ratios.sort()
    rows = [
        "| | feeds read whole | entries | links | CPU ms a feed |",
        "|---|---|---|---|---|",
        f"| feedparser alone | {len(files)} | | | {peers / len(files):.1f} |",
        f"| openrace | {len(files) - len(short)} | {entries} | {links} | {total / len(files):.1f} |",
    ]
    print("\n" + "\n".join(rows) + f"\n\nmedian of CPU against feedparser: {ratios[len(ratios) // 2]:.2f}")
    if given.write:
        write_section("Feeds: entries and links", "make bench-feeds", "\n".join(rows))
    sys.exit(f"fewer than feedparser finds: {', '.join(short)}" if short else None)


if __name__ == "__main__":
    main()
