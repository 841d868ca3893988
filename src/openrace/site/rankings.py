"""The tables of the page of rankings. Each carries the formula by which it counts; no outlet is scored."""

from __future__ import annotations

from typing import NamedTuple

from openrace.site.family_line import FamilyLine
from openrace.site.index_queries import SiteQueries
from openrace.site.reader_text import shorten
from openrace.site.two_languages import in_one_line

MOST = 20


class RankedRow(NamedTuple):
    """A place in a table: a name, where its page is, and the figure."""

    name: str
    address: str
    figure: int
    note: str


class Ranking(NamedTuple):
    """A table with the formula it was made by."""

    title: str
    formula: str
    unit: str
    rows: list[RankedRow]


def rankings(queries: SiteQueries) -> list[Ranking]:
    """Return who is quoted most, which outlet reports first, what is repeated most."""
    return [_most_quoted(queries), _first_to_report(queries), _most_repeated(queries)]


def _most_quoted(queries: SiteQueries) -> Ranking:
    quoted = queries.most_quoted(MOST)
    rows = [RankedRow(s.name, queries.speaker_address(s.key), n, "") for s, n in quoted]
    gettext = queries.language.gettext
    formula = gettext(
        "Statements attributed to the speaker, each counted once however many outlets carried it."
    )
    return Ranking(gettext("Most quoted"), formula, "statements", _top(rows))


def _first_to_report(queries: SiteQueries) -> Ranking:
    gettext = queries.language.gettext
    rows = [
        RankedRow(o.name, f"outlets/{o.key}/", n, gettext("of %(all)s", all=queries.language.number(of)))
        for o, n, of in queries.firsts(MOST)
    ]
    formula = gettext(
        "Statements that at least two outlets carried, counted for the outlet whose report has the earliest "
        "known date, with the number of all such statements it carried. Without a date no report is first."
    )
    return Ranking(gettext("First to report"), formula, "statements", _top(rows))


def _most_repeated(queries: SiteQueries) -> Ranking:
    lines = in_one_line(queries.most_repeated(2 * MOST), queries.language.code)
    rows = [
        RankedRow(shorten(line.text, 110), line.address, line.outlets, _who(line, queries)) for line in lines
    ]
    gettext = queries.language.gettext
    formula = gettext(
        "Outlets that carried the statement, verbatim, in part or paraphrased; each outlet counts once."
    )
    rows.sort(key=lambda row: -row.figure)  # what led in another language may have fewer in this one
    return Ranking(gettext("Most repeated"), formula, "outlets", rows[:MOST])


def _who(line: FamilyLine, queries: SiteQueries) -> str:
    """Return whose words they are, and how many outlets carried them in another language."""
    language = queries.language
    who = line.who
    if line.disputed:
        names = shorten("; ".join(line.disputed), 120)
        who = language.gettext("Reports differ: %(names)s", names=names)
    if not line.other:
        return who
    elsewhere = language.counted(line.other_outlets, "%(n)s outlet", "%(n)s outlets")
    return f"{who} · {language.name_of(line.other.language or '')}: {elsewhere}"


def _top(rows: list[RankedRow]) -> list[RankedRow]:
    return sorted(rows, key=lambda row: (-row.figure, row.name, row.address))
