"""A day in parts: in which order a long day is cut into pages, and what each of them holds, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from openrace.site.index_queries import DayEntry, SiteQueries
from openrace.site.interface_language import InterfaceLanguage
from openrace.site.page_data import chunked
from openrace.site.two_languages import one_of_each

PER_PART = 250  # statements on one page of a day


class DayGroup(NamedTuple):
    """Statements of one day that stand under one heading: of a side, of everybody else, or carried on."""

    name: str
    is_new: bool  # they were new that day
    entries: Sequence[DayEntry]
    language: InterfaceLanguage

    @property
    def span(self) -> str:
        """From where to where they go in the order of the day: most outlets first, then by time."""
        first, last = self.entries[0], self.entries[-1]
        most, least = len(first.outlets), len(last.outlets)
        counted = self.language.counted
        if most != least:
            return counted(least, "%(most)s to %(n)s outlet", "%(most)s to %(n)s outlets", most=most)
        outlets = counted(most, "%(n)s outlet", "%(n)s outlets")
        begin, end = first.at[11:16], last.at[11:16]
        if not begin or not end or begin == end:
            return outlets
        return self.language.gettext(
            "%(outlets)s, %(begin)s to %(end)s", outlets=outlets, begin=begin, end=end
        )


class DayPart(NamedTuple):
    """One page of a day: its number from 1, and what is on it."""

    number: int
    groups: Sequence[DayGroup]


class DayContents(NamedTuple):
    """A heading of a day: how many statements stand under it, and on which parts, each with what is there."""

    name: str
    total: int
    parts: Sequence[tuple[int, str]]


def groups_of(entries: Sequence[DayEntry], queries: SiteQueries) -> list[DayGroup]:
    """Return the statements of a day under their headings; empty ones are left out."""
    new = [entry for entry in entries if entry.is_new]
    language = queries.language
    groups = [
        DayGroup(beat.name if beat else language.others, True, _in_one_line(own, language.code), language)
        for beat, own in queries.by_side((entry, entry.line.speaker) for entry in new)
    ]
    older = _in_one_line([entry for entry in entries if not entry.is_new], language.code)
    groups.append(DayGroup(language.gettext("Carried on from earlier days"), False, older, language))
    return [group for group in groups if group.entries]


def _in_one_line(entries: Sequence[DayEntry], language: str) -> list[DayEntry]:
    """Return the entries with those of one utterance as one; beside it too that day alone is told."""
    return one_of_each(
        entries,
        language,
        lambda it: it.line._replace(outlets=len(it.outlets)),
        lambda it, line: it._replace(line=line),
    )


def parts_of(groups: Iterable[DayGroup]) -> list[DayPart]:
    """Return the pages of a day, each with its share of the groups, in their order."""
    rows = [(group, entry) for group in groups for entry in group.entries]
    return [DayPart(number, list(_grouped(own))) for number, own in enumerate(chunked(rows, PER_PART), 1)]


def _grouped(rows: Sequence[tuple[DayGroup, DayEntry]]) -> Iterator[DayGroup]:
    for group, own in groupby(rows, key=lambda row: row[0]):
        yield group._replace(entries=[entry for _, entry in own])


def contents_of(groups: Iterable[DayGroup], parts: Sequence[DayPart]) -> list[DayContents]:
    """Return what is on which part of a day, heading by heading."""
    return [
        DayContents(
            group.name,
            len(group.entries),
            [(part.number, own.span) for part in parts for own in part.groups if own.name == group.name],
        )
        for group in groups
    ]
