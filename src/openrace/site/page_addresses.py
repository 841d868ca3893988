"""The addresses of a site: what lies where, and in which order it is made.

An address is a page's folder below the root, with a slash at its end ("" for home), or another part's name.
"""

from __future__ import annotations

# Pages that show a choice of everything: whatever changes may change them.
FRONT = (
    "people/",
    "outlets/",
    "topics/",
    "archive/",
    "leaders/",
    "corrections/",
    "data/",
    "about/",
    "status/",
    "search/",
    "",
)
MONTH = "search/month/"  # and a month: its search segments are to be looked at; no file has this address
BEGIN, MAP_OF_PAGES, MAP = "search/segments.js", "sitemap/pages", "sitemap.xml"
LISTS = (BEGIN, MAP_OF_PAGES, MAP)  # of other parts, in the order of making
_RANKS = {"q": 0, "people": 1, "outlets": 1, "day": 2, "week": 3, "topics": 4}


def is_page(address: str) -> bool:
    """Whether a page lies at `address`, not another part of the site."""
    return not address or address.endswith("/")


def rank(address: str) -> int:
    """Pages that others lead to come first, the home page last of them; then what lists all of them."""
    if address in FRONT:
        return 6 if address else 7
    if address in LISTS:
        return 8 + LISTS.index(address)
    return _RANKS.get(address.split("/")[0], 5)
