"""A night in a process of its own, to be killed: python one_night.py DATABASE PORT NAME…

Crawls http://NAME:PORT/feed for each name on loopback, then reads what came for claims.
"""

from __future__ import annotations

import ipaddress
import sys
from datetime import UTC, datetime
from pathlib import Path

from openrace.crawl_records import Feed
from openrace.ingest.fetch.rate_limiter import Pace
from openrace.pipeline.crawl_feeds import CrawlOptions, crawl_feeds
from openrace.pipeline.extract_claims import read_for_claims
from openrace.records import Outlet
from openrace.store import open_store
from openrace.user_files.seed_files import load_seeds


async def here(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


def main(database: str, port: str, *names: str) -> None:
    db, seeds = open_store(Path(database), create=True), load_seeds()
    feeds = tuple(Feed(url=f"http://{name}:{port}/feed", title=name, outlet=name) for name in names)
    outlets = (*seeds.outlets, *(Outlet(domain=name, name=name) for name in names))
    crawl_feeds(
        db,
        seeds.model_copy(update={"feeds": feeds, "outlets": outlets}),
        clock=lambda: datetime(2025, 5, 20, 22, tzinfo=UTC),
        options=CrawlOptions(
            allowed=(ipaddress.ip_network("127.0.0.0/8"),),
            all_feeds=True,
            pace=Pace(factor=0, least=0),
            second_pass_after=0,
            resolve=here,
        ),
    )
    read_for_claims(db, seeds, warn=print, watch=lambda items, _: iter(items))


if __name__ == "__main__":
    main(*sys.argv[1:])
