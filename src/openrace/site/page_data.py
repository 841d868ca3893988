"""What a page of the site is, and the pieces of JSON that several pages share.

Its `data` becomes the page's `index.json`; ``schema`` in there names its form, and only grows: what is taken
away or changed gets a new number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from openrace.site.family_line import FamilyLine
from openrace.site.feed_writer import FeedView
from openrace.site.fragments import Fragments, RawJson
from openrace.site.reader_text import clean_json

T = TypeVar("T")


class Page(NamedTuple):
    """What a page shows: its template and the names in it; data for its JSON and a feed, if it has them."""

    template: str
    context: dict[str, Any]
    data: dict[str, Any] | None = None
    feed: FeedView | None = None
    sheet: Sequence[Mapping[str, str]] | None = None  # rows of a table, for ``statements.csv``
    oembed: Mapping[str, Any] | None = None  # what other sites show in place of a link to the page


Pages = dict[str, Page]  # the pages of a part by where they are below its address: "", "2/", "3/" …


def chunked(rows: Sequence[T], size: int) -> list[Sequence[T]]:
    """Return `rows` in pages of `size`, one empty page where there are none."""
    return [rows[start : start + size] for start in range(0, len(rows), size)] or [rows]


def paged(number: int) -> str:
    """Return where the page with this number (from 1) is below its address."""
    return "" if number == 1 else f"{number}/"


def briefs(lines: Iterable[FamilyLine], fragments: Fragments) -> RawJson:
    """Return statements in the JSON of a page that lists them."""
    return RawJson.list(fragments.get("json", line, lambda it: clean_json(facts_of(it))) for line in lines)


def facts_of(line: FamilyLine) -> dict[str, Any]:
    """Return the facts of a statement, as lists have them."""
    return {
        "family": line.family,
        "address": line.address,
        "claim": line.claim,
        "speaker": line.who if line.speaker else None,
        "described": line.who if line.described else None,
        "role": line.role or None,
        "polarity": line.polarity,
        "lead": line.lead.strip() or None,
        "text": line.text,
        "pieces": [{"text": text, "quoted": quoted} for text, quoted in line.words.parts],
        "language": line.words.language,
        "kind": line.kind_name,
        "first_reported": line.when or None,
        "first_outlet": line.first.name if line.first else None,
        "first_is_certain": line.first_is_certain,
        "reports": line.reports,
        "outlets": line.outlets,
        "countries": line.countries,
        "link": line.link or None,
        "in_recording": line.heard or None,
        "same_utterance": line.same_utterance,
    }


def data_of(schema: str, **fields: Any) -> dict[str, Any]:
    """Return the JSON of a page in the first form of `schema`."""
    return {"schema": f"openrace/{schema}/1", **fields}
