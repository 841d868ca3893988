"""The addresses of a site: what is where, and in which order it is made.

An address is a page's folder below the root, with a slash at its end ("" for the front page), or another
part's name. A part may have several pages: a long list goes on in ``<address>2/``.

    q/<family>/                        a family of two reports or more, with a recording, or marked
    a/<article>/                       the statements of an article, each at an anchor that stays
    recordings/<article>/              what is reported of a recording, from its transcript
    people/<speaker>/[<month>/]        a speaker; their months where there is more than one page holds
    people-by/letter/<letter>/, people-by/side/<side>/
    outlets/<domain>/  day/<day>/  week/<week>/[<side>/]  topics/<topic>/  ideas/<idea>/
    archive/<month>/  archive/undated/
    statements/<segment>.json          the same as data
    cards/<family>.png                 a picture of the statement, to be shared
"""

from __future__ import annotations

# Pages that show a choice of everything: whatever changes may change them.
FRONT = (
    "people/",
    "outlets/",
    "outlets/graph/",
    "topics/",
    "ideas/",
    "archive/",
    "rankings/",
    "corrections/",
    "revisions/",
    "data/",
    "about/",
    "status/",
    "search/",
    "",
)
CARDS = "cards/"
MONTH = "search/month/"  # and a month: its search segments are to be looked at; no file has this address
FOLDING, SEARCH_START, MAP_OF_PAGES, MAP = (
    "search/fold.js",
    "search/segments.js",
    "sitemap/pages",
    "sitemap.xml",
)
LISTS = (SEARCH_START, MAP_OF_PAGES, MAP)  # of other parts, in the order of making
FOLDERS = (  # folders that nobody else writes into
    "q", "a", "recordings", "people", "people-by", "outlets", "day", "week", "topics", "ideas", "archive",
    "search", "sitemap", "statements", "cards",
)  # fmt: skip
_RANKS = {
    "q": 0,
    "statements": 0,
    "cards": 0,
    "a": 2,
    "recordings": 2,
    "people": 3,
    "outlets": 3,
    "people-by": 3,
    "day": 4,
    "week": 5,
    "topics": 6,
    "ideas": 6,
}


def is_page(address: str) -> bool:
    """Return whether pages are at `address`, not another part of the site."""
    return not address or address.endswith("/")


def card_address(slug: str) -> str:
    """Return where the card of the family with the page ``q/<slug>/`` is."""
    return f"{CARDS}{slug}.png"


def rank(address: str) -> int:
    """Return the order of making: pages that others lead to first, the front page last, then lists of all."""
    if address in FRONT:
        return 8 if address else 9
    if address in LISTS:
        return 10 + LISTS.index(address)
    return _RANKS.get(address.split("/")[0], 7)


def file_of(address: str) -> str:
    """Return the file that an address leads to, with its anchor: links work from a folder on a disk too."""
    folder, anchor, name = address.partition("#")
    page = f"{folder}index.html" if is_page(folder) else folder
    return f"{page}{anchor}{name}"
