"""What lists show of an utterance, ready made: a night changes most of those lists, and little in them.

The cards of a family lie in one row, and the rows in the order of making: a night writes its own side by side
at the end of the table, once, and reads those of older families with one look-up each.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from typing import NamedTuple

from pydantic_core import from_json, to_json

KEPT_IN_MIND = 5_000  # families, about 5 KB each: those of a night stand on several pages


class Cards(NamedTuple):
    """The cards of a family, one after the other."""

    places: dict[str, tuple[int, int]]  # by form, which is a list's way of showing it: where its card is
    bodies: bytes


_NONE = Cards({}, b"")


class Deck:
    """The table `cards`; what is made anew is written when there is much of it, and by `keep`."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._held: dict[str, Cards] = {}
        self._new: set[str] = set()  # those of `_held` that are not written yet

    def find(self, family: str, form: str) -> bytes | None:
        """The card of a family in `form`; None where there is none."""
        if family not in self._held:
            self.fetch([family])
        places, bodies = self._held[family]
        place = places.get(form)
        return bodies[place[0] : place[1]] if place else None

    def fetch(self, families: Iterable[str]) -> None:
        """Have the cards of these families at hand: to ask for all of a page at once is cheaper."""
        wanted = [family for family in families if family not in self._held]
        if not wanted:
            return
        self._make_room()
        self._held.update((family, _NONE) for family in wanted)
        query = f"SELECT family, places, bodies FROM cards WHERE family IN {one_of(wanted)}"
        for family, places, bodies in self._db.execute(query, wanted):
            self._held[family] = Cards(from_json(places), bodies)

    def add(self, family: str, form: str, body: bytes) -> None:
        """A card that is made anew."""
        self.fetch([family])
        places, bodies = self._held[family]
        place = (len(bodies), len(bodies) + len(body))
        self._held[family] = Cards({**places, form: place}, bodies + body)
        self._new.add(family)

    def keep(self) -> None:
        """Write what was made since the last time; what a killed run did not write is made again."""
        self._db.executemany(
            "INSERT INTO cards VALUES (?, ?, ?)"
            " ON CONFLICT (family) DO UPDATE SET places = excluded.places, bodies = excluded.bodies",
            [
                (family, to_json(cards.places).decode(), cards.bodies)
                for family, cards in self._held.items()
                if family in self._new
            ],
        )
        self._new.clear()

    def _make_room(self) -> None:
        if len(self._held) < KEPT_IN_MIND:
            return
        if len(self._new) > KEPT_IN_MIND // 2:
            self.keep()
        self._held = {family: cards for family, cards in self._held.items() if family in self._new}


def one_of(values: Collection[str]) -> str:
    """What stands for `values` after IN. (As JSON, a value would end at a zero byte.)"""
    return f"({', '.join('?' * len(values))})"
