"""The figures that the documents give are those of the code."""

from __future__ import annotations

from pathlib import Path

from openrace.batch.shards import SHARD_ROWS
from openrace.ingest.crawl.crawl_report import CrawlPlan
from openrace.ingest.crawl.polling import NIGHTS_TO_MOVE, NIGHTS_TO_RETIRE, NIGHTS_TO_SEARCH
from openrace.ingest.fetch.fetcher import MAX_REDIRECTS, Limits
from openrace.ingest.fetch.rate_limiter import Pace
from openrace.pipeline.check_feeds import STALE
from openrace.site.share_cards import MOST_RECENT, MOST_WIDESPREAD
from openrace.store.page_table import KEEP_DAYS, RECHECK_DAYS
from openrace.store.watch_tables import MOST_NIGHTS
from openrace.watching.receivers import DEADLINE

ROOT = Path(__file__).resolve().parents[1]
WORDS = {2: "two", 3: "three", 5: "five", 7: "seven"}


def test_the_figures_of_the_documents_are_those_of_the_code() -> None:
    *often, last = RECHECK_DAYS
    limits, pace, plan = Limits(), Pace(), CrawlPlan.__dataclass_fields__
    figures = {
        "crawling": [
            f"seen again after {', '.join(map(str, often))} and {last} days",
            f"kept as they came for {KEEP_DAYS} days",
            f"at least {pace.least:.0f} s, at most {pace.most:.0f} s",
            f"older than {plan['horizon'].default.days} days when the feed was first seen",
            f"no entry for {STALE.days} days",
            f"A body ends at {limits.size >> 20} MB",
            f"a fetch after {limits.total:.0f} s and {WORDS[MAX_REDIRECTS]} redirects",
            f"404, 410 or no feed on {WORDS[NIGHTS_TO_SEARCH]} nights",
            f"one same address on {WORDS[NIGHTS_TO_MOVE]} nights",
            f"410 on {WORDS[NIGHTS_TO_RETIRE]} nights",
        ],
        "correcting": [f"no longer kept ({KEEP_DAYS} days)"],
        "archives": [f"({SHARD_ROWS:,} rows of a file)"],
        "publishing": [f"Up to {MOST_WIDESPREAD + MOST_RECENT} of these pages have a share card"],
        "watching": [f"takes longer than {DEADLINE:.0f} seconds", f"on {WORDS[MOST_NIGHTS]} days at most"],
    }
    for page, told in figures.items():
        text = " ".join((ROOT / "docs" / f"{page}.md").read_text("utf-8").split())
        assert [words for words in told if words not in text] == []
