"""What a page of the site is, and the pieces of JSON that several pages share.

Its `data` becomes the page's `index.json`; ``schema`` in there names its form, and only grows: what is taken
away or changed gets a new number.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from openrace.site.family_view import Shown, Utterance
from openrace.site.feed_writer import FeedView
from openrace.site.list_rows import Ready
from openrace.site.reader_text import clean_json


class Page(NamedTuple):
    """What a page shows: its template and the names in it, data for its JSON, and its feed if it has one."""

    template: str
    context: dict[str, Any]
    data: dict[str, Any]
    feed: FeedView | None = None


def briefs(listed: Iterable[Shown]) -> Ready:
    """Utterances in the JSON of a page that lists them."""
    return Ready.all(it.card("json", lambda utterance: clean_json(facts_of(utterance))) for it in listed)


def facts_of(utterance: Utterance) -> dict[str, Any]:
    """The facts of an utterance, as lists have them."""
    speaker = utterance.speaker
    return {
        "family": utterance.id,
        "address": f"q/{utterance.key}/",
        "speaker": {"name": speaker.name, "address": f"people/{speaker.key}/"} if speaker else None,
        "described": utterance.described,
        "text": utterance.fullest.statement.text,
        "kind": utterance.fullest.statement.kind,
        "first_reported": utterance.when,
        "outlets": utterance.outlets,
        "countries": utterance.countries,
    }


def data_of(schema: str, **fields: Any) -> dict[str, Any]:
    """The JSON of a page in the first form of `schema`."""
    return {"schema": f"openrace/{schema}/1", **fields}
