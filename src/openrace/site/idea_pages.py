"""The pages of ideas: who voices an argument, since when, and who argues the opposite.

Whatever stands under an idea was marked by a person; its page says by whom and when.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, NamedTuple

from openrace.seed_records import Beat
from openrace.site.charts import idea_timeline
from openrace.site.family_line import FamilyLine
from openrace.site.feed_writer import MOST_ENTRIES, FeedView
from openrace.site.index_queries import SiteQueries
from openrace.site.page_data import Page, Pages, data_of, facts_of
from openrace.site.snapshot import IdeaFacts, IdeaLabel, IdeaMark
from openrace.site.two_languages import one_of_each


class MarkedStatement(NamedTuple):
    """A statement under an idea, and the marks that put it there, earliest first."""

    line: FamilyLine
    label: IdeaLabel
    marks: tuple[IdeaMark, ...]


class SideVoices(NamedTuple):
    """How many of a side voice an idea, and how many argue the opposite."""

    name: str
    speakers: int
    statements: int
    speakers_against: int
    statements_against: int


class IdeaRow(NamedTuple):
    """An idea on the index, with what was marked for it."""

    idea: IdeaFacts
    voices: int  # statements
    speakers: int
    against: int
    first: FamilyLine | None


def index(queries: SiteQueries) -> Page:
    """Return the index: the ideas with marks, most statements first, then those without."""
    rows = [_row(idea, marked_for(idea, queries)) for idea in queries.snapshot.ideas]
    rows.sort(key=lambda row: (-(row.voices + row.against), row.idea.name))
    listed = [{"id": row.idea.id, "name": row.idea.name, "address": f"ideas/{row.idea.id}/",
               "voices": row.voices, "against": row.against} for row in rows if row.idea.marks]  # fmt: skip
    context = {
        "rows": [row for row in rows if row.idea.marks],
        "unmarked": [r.idea for r in rows if not r.idea.marks],
    }
    return Page("ideas.html", context, data_of("ideas", ideas=listed))


def _row(idea: IdeaFacts, marked: list[MarkedStatement]) -> IdeaRow:
    voices = [it.line for it in marked if it.label == "yes"]
    return IdeaRow(idea, len(voices), len(_speakers(voices)), len(marked) - len(voices), _first(voices))


def idea(name: str, queries: SiteQueries) -> Pages:
    """Return the page of an idea; one for which nobody has marked anything has none."""
    found = next((idea for idea in queries.snapshot.ideas if idea.id == name and idea.marks), None)
    if found is None:
        return {}
    marked = marked_for(found, queries)
    voices = [it.line for it in marked if it.label == "yes"]
    context = {
        "idea": found,
        "row": _row(found, marked),
        "sides": list(_sides(marked, queries)),
        "chart": idea_timeline(
            ((it.line.when, it.line.kind_name, it.label == "yes") for it in marked), queries.language
        ),
        "undated": sum(not it.line.when for it in marked),
        "voices": _shown(marked, "yes", queries),
        "against": _shown(marked, "against", queries),
    }
    data = data_of("idea", idea=found.id, name=found.name, definition=found.definition,
                   not_when=found.not_when, unsettled=found.unsettled,
                   statements=[_data_of(it) for it in marked])  # fmt: skip
    newest = sorted(voices, key=lambda line: (line.when, line.family), reverse=True)[:MOST_ENTRIES]
    feed = FeedView(queries.language.gettext("%(idea)s · who voices it", idea=found.name), newest)
    return {"": Page("idea.html", context, data, feed, [_sheet_row(it) for it in marked])}


def marked_for(idea: IdeaFacts, queries: SiteQueries) -> list[MarkedStatement]:
    """Return the statements under an idea that are still shown, earliest report first, undated ones last."""
    marks: dict[str, list[IdeaMark]] = {}
    for mark in idea.marks:
        marks.setdefault(mark.family, []).append(mark)
    lines = ((queries.line(family), own) for family, own in marks.items())
    found = [MarkedStatement(line, own[0].label, tuple(own)) for line, own in lines if line]
    return sorted(found, key=lambda it: _in_time(it.line))


def _in_time(line: FamilyLine) -> tuple[str, str]:
    return line.when or "9999", line.family


def _first(lines: Iterable[FamilyLine]) -> FamilyLine | None:
    """Return the earliest of the statements that have a date."""
    return min((line for line in lines if line.when), key=_in_time, default=None)


def _speakers(lines: Iterable[FamilyLine]) -> set[str]:
    return {line.speaker for line in lines} - {""}


def _sides(marked: list[MarkedStatement], queries: SiteQueries) -> Iterator[SideVoices]:
    """Yield the counts of every side, empty ones too, then those of everybody else."""
    groups: list[tuple[Beat | None, str]] = [(beat, beat.name) for beat in queries.snapshot.beats]
    for beat, name in [*groups, (None, queries.language.others)]:
        own = [it for it in marked if _is_of(it.line, beat, queries)]
        voices = [it.line for it in own if it.label == "yes"]
        against = [it.line for it in own if it.label == "against"]
        yield SideVoices(name, len(_speakers(voices)), len(voices), len(_speakers(against)), len(against))


def _is_of(line: FamilyLine, beat: Beat | None, queries: SiteQueries) -> bool:
    sides = queries.sides_of(line.speaker)
    return beat.id in sides if beat else not sides


def _shown(
    marked: Iterable[MarkedStatement], label: IdeaLabel, queries: SiteQueries
) -> list[list[MarkedStatement]]:
    """Return the statements with a label by speaker, one utterance in two languages as one of them."""
    own = (it for it in marked if it.label == label)
    code = queries.language.code
    return list(
        _by_speaker(one_of_each(own, code, lambda it: it.line, lambda it, line: it._replace(line=line)))
    )


def _by_speaker(marked: Iterable[MarkedStatement]) -> Iterator[list[MarkedStatement]]:
    """Yield the statements of each speaker, the earliest first; those of unknown speakers at the end."""
    ordered = sorted(marked, key=lambda it: it.line.speaker)
    groups = [list(own) for _, own in groupby(ordered, key=lambda it: it.line.speaker)]
    yield from sorted(groups, key=lambda own: (not own[0].line.speaker, *_in_time(own[0].line)))


def _data_of(it: MarkedStatement) -> dict[str, Any]:
    marks = [{"claim": mark.claim, "when": mark.when, "by": mark.by} for mark in it.marks]
    return {**facts_of(it.line), "label": it.label, "marks": marks}


def _sheet_row(it: MarkedStatement) -> dict[str, str]:
    """Return a statement as a row of a sheet."""
    line = it.line
    return {
        "label": it.label,
        "speaker": line.who if line.speaker else "",
        "statement": line.text,
        "kind": line.kind_name,
        "polarity": line.polarity,
        "first_reported": line.when,
        "first_outlet": line.first.name if line.first and line.first_is_certain else "",
        "outlets": str(line.outlets),
        "article": line.url,
        "page": line.address,
        "claim": line.claim,
        "marked": it.marks[0].when,
        "marked_by": it.marks[0].by or "",
    }
