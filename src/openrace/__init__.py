"""openrace: who said what about open-source AI, and how the words travel.

The face for programmers; everything else may move between versions. Records are frozen and checked when made.

    extract_claims(article) -> list[Claim]       who said what, with exact offsets into article.text
    group_quotes(quotes) -> {quote_id: cluster}  which of them report one utterance
    parse_page(html, url) -> Article             a page's text and what it says of itself
    parse_feed(data, url) -> ParsedFeed          the entries of RSS, Atom, JSON Feed or a news site map

Nothing is loaded before it is asked for: ``import openrace`` alone takes a millisecond.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openrace.clustering import group_quotes as group_quotes
    from openrace.errors import OpenraceError as OpenraceError
    from openrace.extract.claims import extract_claims as extract_claims
    from openrace.extract.directory import Directory as Directory
    from openrace.ingest.parse.feed import ParsedFeed as ParsedFeed
    from openrace.ingest.parse.feed import parse_feed as parse_feed
    from openrace.ingest.parse.page import parse_page as parse_page
    from openrace.records import Article as Article
    from openrace.records import Claim as Claim
    from openrace.records import Quote as Quote
    from openrace.records import Span as Span
    from openrace.records import Speaker as Speaker
    from openrace.records import TextSpan as TextSpan

__version__ = "0.1.0"

_HOMES = {
    "openrace.clustering": ("group_quotes",),
    "openrace.errors": ("OpenraceError",),
    "openrace.extract.claims": ("extract_claims",),
    "openrace.extract.directory": ("Directory",),
    "openrace.ingest.parse.feed": ("ParsedFeed", "parse_feed"),
    "openrace.ingest.parse.page": ("parse_page",),
    "openrace.records": ("Article", "Claim", "Quote", "Span", "Speaker", "TextSpan"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}
__all__ = [*_HOME_OF, "__version__"]  # noqa: PLE0604 - the names of the table above


def __getattr__(name: str) -> object:
    """Load the module that `name` lives in, the first time that it is asked for."""
    if name not in _HOME_OF:
        raise AttributeError(f"module 'openrace' has no attribute {name!r}")
    found: object = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
