"""Bring articles home: from files, from pages, from feeds, from the web night after night.

    files.py ─▶ plaintext.py, encoding.py            a local file   → article
    webpage.py ─▶ metadata.py, maintext.py           HTML           → article
    feeds.py, fulltext.py, discovery.py              bytes          → entries, whole articles, feeds of a page
    urls.py, dates.py                                one spelling of an address, of a date

    crawl.py ─▶ feed_round.py, page_round.py         one night: what is asked, what becomes of the answers
      polling.py                                     when a feed is asked again, what its answers make of it
      polite.py ─▶ robots.py, courtesy.py            may I, and when
      fetcher.py ─▶ addresses.py, decompress.py      one safe fetch; nothing else touches the network
      worker.py                                      parsing that can be killed
      ledger.py, outcomes.py                         what the crawl remembers, is told and tells

All of it but the fetcher and the workers is pure, or speaks to the world through what it is handed.
"""

from openrace.ingest.feeds import ParsedFeed, parse_feed
from openrace.ingest.files import read_articles
from openrace.ingest.urls import canonical_url
from openrace.ingest.webpage import parse_page

__all__ = ["ParsedFeed", "canonical_url", "parse_feed", "parse_page", "read_articles"]
