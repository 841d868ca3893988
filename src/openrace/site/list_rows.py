"""What stands for an utterance in a list: its place in it, and most of what a list shows of it ready made."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import NamedTuple, Protocol, Self

from openrace.records import Beat
from openrace.site.family_view import Report, SpeakerName, Utterance

COLUMNS = "family, key, kind, day, speaker, outlets, countries, latest, alerts"  # of the table `utterances`


class Shelf(Protocol):
    """Where utterances and their cards are: the almanac."""

    def utterance(self, family: str) -> Utterance | None: ...
    def speaker(self, key: str) -> SpeakerName | None: ...
    def beats(self, key: str) -> tuple[str, ...]: ...
    def card(self, family: str, form: str, make: Callable[[Utterance], bytes]) -> bytes: ...


class Ready:
    """JSON that is ready made: it is put into what is written as it stands."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    @classmethod
    def all(cls, bodies: Iterable[bytes]) -> Self:
        """A list of such."""
        return cls(b"[%b]" % b",".join(bodies))


class Listed:
    """An utterance in a list, which is fetched only where a card of it is not ready made.

    `row` has `COLUMNS`; `place` is that of the report shown, in `Utterance.all_reports`; None: the utterance
    as such.
    """

    def __init__(self, almanac: Shelf, row: sqlite3.Row, place: int | None = None) -> None:
        self._almanac, self._row, self.place = almanac, row, place

    @cached_property
    def whole(self) -> Utterance:
        """The utterance."""
        found = self._almanac.utterance(self._row["family"])
        if found is None:
            raise LookupError(f"family {self._row['family']} has rows but was never told")
        return found

    @property
    def family(self) -> str:
        """The id of its family."""
        return str(self._row["family"])

    @property
    def report(self) -> Report | None:
        """The report that the list shows."""
        return None if self.place is None else self.whole.all_reports[self.place]

    @property
    def latest(self) -> str | None:
        """When it was last reported."""
        return self._row["latest"] or None

    @property
    def alerts(self) -> int:
        """How many of its wordings may mean something else."""
        return int(self._row["alerts"])

    @property
    def outlets(self) -> int:
        """How many outlets brought it."""
        return int(self._row["outlets"])

    @property
    def day(self) -> str:
        """The day of its first report, empty where no report has a date."""
        return str(self._row["day"])

    @cached_property
    def speaker(self) -> SpeakerName | None:
        """Whose words they are, None where that is unclear."""
        key = self._row["speaker"]
        return self._almanac.speaker(key) if key else None

    @property
    def beats(self) -> tuple[str, ...]:
        """The beats that the speaker is on."""
        return self._almanac.beats(self._row["speaker"])

    @property
    def newest(self) -> tuple[int, int, str]:
        """Sorts as lists are sorted: newest first, verbatim before told, undated last."""
        day = self.day
        return (-int(day.replace("-", "")) if day else 1, self._row["kind"], self._row["key"])

    @property
    def reach(self) -> tuple[int, int, int, int, int, str]:
        """Sorts by reach: most outlets first, then most countries, verbatim before told, then newest."""
        when, kind, key = self.newest
        return (-self.outlets, -self._row["countries"], kind, when, kind, key)

    def card(self, form: str, make: Callable[[Utterance], bytes]) -> bytes:
        """What `make` made of the utterance once for this `form`."""
        return self._almanac.card(self._row["family"], form, make)


class Section(NamedTuple):
    """What the people of one beat said; None: everybody else."""

    beat: Beat | None
    listed: list[Listed]


def by_beat(listed: Iterable[Listed], beats: Sequence[Beat]) -> list[Section]:
    """`listed` by beat, in the order of the beats, those on none at the end; empty ones left out."""
    groups: dict[str, list[Listed]] = defaultdict(list)
    for it in listed:
        for beat in it.beats or ("",):
            groups[beat].append(it)
    sections = [Section(beat, groups[beat.id]) for beat in beats] + [Section(None, groups[""])]
    return [section for section in sections if section.listed]
