"""What a page of the site is, and the pieces of JSON that several pages share.

A view is made only for a page that must be rendered. Its `data` becomes the page's `index.json`;
``schema`` in there names its form, and only grows: what is taken away or changed gets a new number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from openrace.site.feeds import FeedView
from openrace.site.utterances import Utterance, version_of


class View(NamedTuple):
    """What a page shows: names for its template, data for its JSON, and its feed if it has one."""

    context: dict[str, Any]
    data: dict[str, Any]
    feed: FeedView | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page: the folder it lies in ("" for home, else with a slash at its end) and how it is made."""

    address: str
    template: str
    facts: tuple[Any, ...]  # everything it shows, or versions thereof
    make: Callable[[], View]

    @property
    def version(self) -> bytes:
        """A hash of what the page shows."""
        return version_of(self.address, self.template, self.facts)


def versions(utterances: Iterable[Utterance]) -> str:
    """One short text that changes with any of `utterances` or their order."""
    return version_of(*(u.version.hex() for u in utterances)).hex()


def brief(utterance: Utterance) -> dict[str, Any]:
    """An utterance in the JSON of a page that lists it."""
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


def simple(address: str, template: str, context: dict[str, Any], data: dict[str, Any], *facts: Any) -> Page:
    """A page whose view costs nothing to make."""
    return Page(address, template, facts, lambda: View(context, data))
