"""The tables of the leaders' page. Each carries the formula by which it counts; no outlet is scored."""

from __future__ import annotations

from typing import NamedTuple

from openrace.site.index_queries import Almanac

MOST = 20


class Row(NamedTuple):
    """A place in a table: a name, where its page is, and the figure."""

    name: str
    address: str
    figure: int
    note: str


class Board(NamedTuple):
    """A table with the formula it was made by."""

    title: str
    formula: str
    unit: str
    rows: list[Row]


def leaders(almanac: Almanac) -> list[Board]:
    """Most quoted, first to report, most repeated."""
    return [_most_quoted(almanac), _first_to_report(almanac), _most_repeated(almanac)]


def _most_quoted(almanac: Almanac) -> Board:
    rows = [
        Row(file.speaker.name, f"people/{file.speaker.key}/", file.total, "")
        for file in almanac.speakers(MOST)
    ]
    formula = "Statements attributed to the speaker, each counted once however many outlets brought it."
    return Board("Most quoted", formula, "statements", _top(rows))


def _first_to_report(almanac: Almanac) -> Board:
    rows = [Row(o.name, f"outlets/{o.key}/", n, f"of {of}") for o, n, of in almanac.firsts(MOST)]
    formula = (
        "Statements that at least two outlets brought, counted for the outlet whose report has the earliest "
        "known date, beside all such statements it brought. Reports without a date cannot be first."
    )
    return Board("First to report", formula, "statements", _top(rows))


def _most_repeated(almanac: Almanac) -> Board:
    ranked = [it.whole for it in almanac.most_repeated(MOST)]
    rows = [Row(u.fullest.statement.short(110), f"q/{u.key}/", u.outlets, u.who) for u in ranked]
    formula = "Outlets that brought the statement, verbatim, in part or paraphrased; each outlet counts once."
    return Board("Most repeated", formula, "outlets", rows)


def _top(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (-row.figure, row.name, row.address))
