"""Which pages are at an address.

q/<family>/, a/<article>/                             family_pages.py
recordings/<article>/                                 recording_pages.py
people/<speaker>/[<month>/], outlets/<domain>/        profile_pages.py
day/…/, week/…/[<side>/]                              period_pages.py
ideas/, ideas/<idea>/                                 idea_pages.py
everything else                                       list_pages.py
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from openrace.site import (
    family_pages,
    idea_pages,
    list_pages,
    period_pages,
    profile_pages,
    recording_pages,
)
from openrace.site.fragments import Fragments
from openrace.site.index_queries import SiteQueries
from openrace.site.page_addresses import FRONT
from openrace.site.page_data import Pages
from openrace.site.reader_text import component, week_of


def pages_at(
    addresses: Sequence[str], queries: SiteQueries, fragments: Fragments, now: str
) -> Iterator[tuple[str, Pages | None]]:
    """Yield the pages of each address ("" for the front page, else with a slash at its end), in this order.

    Families and articles are read from the source together. None for a family that a bug makes unreadable.
    """
    families = queries.ids_at(a[2:-1] for a in addresses if a.startswith("q/"))
    queries.views(list(families.values()))
    ids = queries.articles_at(a[2:-1] for a in addresses if a.startswith("a/"))
    articles = queries.articles(list(ids.values())) if ids else {}
    for address in addresses:
        kind, _, rest = address.partition("/")
        name = rest.rstrip("/")
        if kind == "q":
            family = families.get(name)
            work = family_pages.family(name, family, queries) if family else family_pages.moved(name, queries)
            yield address, None if family in queries.source.failed else work
        elif kind == "a":
            article = articles.get(ids.get(name, ""))
            yield address, family_pages.article(article, queries) if article else {}
        else:
            yield address, _page_at(address, queries, fragments, now)


def _page_at(address: str, queries: SiteQueries, fragments: Fragments, now: str) -> Pages:
    if address in FRONT:
        return list_pages.front(address, queries, fragments, now)
    kind, name, *rest = address.rstrip("/").split("/")
    match kind, rest:
        case "recordings", []:
            return recording_pages.recording(name, queries)
        case "people", []:
            return profile_pages.speaker(name, queries, fragments)
        case "people", [month]:
            return profile_pages.month(name, month, queries)
        case "people-by", [which]:
            return list_pages.people_by(name, which, queries)
        case "outlets", []:
            return profile_pages.outlet(name, queries, fragments)
        case "day", []:
            return period_pages.day(name, queries)
        case "week", []:
            return period_pages.week(name, queries, fragments)
        case "week", [side]:
            return period_pages.side(name, side, queries, fragments)
        case "topics", []:
            return list_pages.topic(name, queries, fragments)
        case "ideas", []:
            return idea_pages.idea(name, queries)
        case "archive", []:
            return list_pages.archive_of(name, queries)
    return {}


def addresses(queries: SiteQueries) -> Iterator[str]:
    """Yield the address of every page, and of some where there may be none."""
    weeks = set()
    for address in queries.addresses():
        yield address
        if address.startswith("day/"):
            weeks.add(week_of(address[4:14]))
    for week in weeks:
        yield f"week/{week}/"
        yield from (f"week/{week}/{beat.id}/" for beat in queries.snapshot.beats)
    yield from (f"people-by/side/{beat.id}/" for beat in queries.snapshot.beats)
    yield from (f"topics/{topic.id}/" for topic in queries.snapshot.topics)
    yield from (f"ideas/{idea.id}/" for idea in queries.snapshot.ideas)
    yield from (f"q/{component(gone)}/" for gone, _ in queries.snapshot.moved)
    yield "archive/undated/"
    yield from FRONT
