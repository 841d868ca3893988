"""The pages of recordings: what of each is reported, by whom, and what the reports made of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from openrace.links import clock_time
from openrace.records import Span
from openrace.site.family_line import FamilyLine, OutletRef, line_of
from openrace.site.family_view import FamilyView
from openrace.site.index_queries import SiteQueries
from openrace.site.page_data import Page, Pages, data_of, facts_of
from openrace.site.recording_facts import RecordingFacts, ReportedTurn
from openrace.story import Original, ReportCheck


class TurnPart(NamedTuple):
    """Words of a turn, and whether they are reported."""

    text: str
    reported: bool


class ReportOf(NamedTuple):
    """A family with words of a turn, and what was done to them by which outlet (None: unnamed)."""

    line: FamilyLine
    begins: bool  # its words begin in this turn
    checks: list[tuple[OutletRef | None, ReportCheck]]


class TurnRow(NamedTuple):
    """A turn with reported words; `left_out` counts the turns before it that nobody reports."""

    turn: ReportedTurn
    clock: str
    parts: list[TurnPart]
    reports: list[ReportOf]
    left_out: int


def recording(slug: str, queries: SiteQueries) -> Pages:
    """Return the page of a recording; none where no report is held against it."""
    found = queries.heard_in(slug)
    if found is None:
        return {}
    facts, views = found
    rows = list(_rows(facts, views))
    left_out = facts.total - (facts.turns[-1].number if facts.turns else 0)
    outlet = queries.names.outlet(facts.article.outlet)
    reports = [{"family": facts_of(line_of(view)), "original": view.story.original} for view in views]
    data = data_of("recording", recording=facts, reports=reports)
    context = {"facts": facts, "rows": rows, "left_out": left_out, "outlet": outlet, "total": len(views)}
    return {"": Page("recording.html", context, data)}


def _rows(facts: RecordingFacts, views: list[FamilyView]) -> Iterator[TurnRow]:
    before = 0
    for turn in facts.turns:
        mine = [
            _report(view, original, turn)
            for view in views
            if (original := view.story.original) and any(_is_in(turn, span) for span in original.spans)
        ]
        left_out = turn.number - before - 1
        yield TurnRow(turn, clock_time(turn.second), list(_parts(turn)), mine, left_out)
        before = turn.number


def _is_in(turn: ReportedTurn, span: Span) -> bool:
    return any(words.source.start <= span.start < words.source.end for words in turn.reported)


def _parts(turn: ReportedTurn) -> Iterator[TurnPart]:
    at = 0
    for words in turn.reported:
        yield TurnPart(turn.text[at : words.span.start], False)
        yield TurnPart(turn.text[slice(*words.span)], True)
        at = words.span.end
    yield TurnPart(turn.text[at:], False)


def _report(view: FamilyView, original: Original, turn: ReportedTurn) -> ReportOf:
    outlets = {r.statement.claim_id: r.outlet for r in view.reports}
    named = (
        (OutletRef(outlet.key, outlet.name) if outlet else None, check)
        for check in original.reports
        for outlet in (outlets.get(check.claim_id),)
    )
    return ReportOf(line_of(view), _is_in(turn, original.spans[0]), list(named))
