"""Bring articles home: from feeds, from pages, from files."""

from openrace.ingest.feeds import ParsedFeed, parse_feed
from openrace.ingest.files import read_articles
from openrace.ingest.urls import canonical_url
from openrace.ingest.webpage import parse_page

__all__ = ["ParsedFeed", "canonical_url", "parse_feed", "parse_page", "read_articles"]
