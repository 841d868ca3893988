"""What stands for an utterance in a list: most of what a list shows of it is ready made."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Protocol

from openrace.site.utterances import Report, Utterance


class Shelf(Protocol):
    """Where utterances and their cards are: the almanac."""

    def utterance(self, family: str) -> Utterance | None: ...
    def card(self, family: str, form: str, make: Callable[[Utterance], str]) -> str: ...


class Listed:
    """An utterance in a list, which is fetched only where a card of it is not ready made.

    `place` is that of the report shown, in `Utterance.all_reports`; None: the utterance as such.
    """

    def __init__(self, almanac: Shelf, family: str, latest: str, place: int | None = None) -> None:
        self._almanac, self._family, self.place = almanac, family, place
        self.latest = latest or None

    @cached_property
    def whole(self) -> Utterance:
        """The utterance."""
        found = self._almanac.utterance(self._family)
        if found is None:
            raise LookupError(f"family {self._family} has rows but was never told")
        return found

    @property
    def report(self) -> Report | None:
        """The report that the list shows."""
        return None if self.place is None else self.whole.all_reports[self.place]

    def card(self, form: str, make: Callable[[Utterance], str]) -> str:
        """What `make` made of the utterance once for this `form`."""
        return self._almanac.card(self._family, form, make)
