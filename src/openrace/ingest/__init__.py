"""Bring articles home: from files, from pages, from feeds, from the web night after night.

    fetch/   bytes from the net, safely and politely: transport, fetcher, robots, rate_limiter, crawl_fetcher
    parse/   bytes → entries and articles, pure: feed, page, article_files, dates, feed_discovery
    crawl/   the rounds of one night over feeds and pages, and what the crawl remembers
    urls.py  one spelling of an address
    worker_pool.py  parsing that can be killed

All of it but the fetcher and the workers is pure, or speaks to the world through what it is handed.
"""
