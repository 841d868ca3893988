"""The geometry of the charts: records → numbers and paths, which templates draw as inline SVG.

Marks of one kind are one path, so that a family with hundreds of reports still weighs little. Everything that
is drawn is also in a table on the same page.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from openrace.plurals import many
from openrace.site.family_view import FamilyView, ReportView
from openrace.site.reader_text import day_words

WIDTH, LEFT, RIGHT = 960, 70, 950
STEP, SIDE = 12, 9  # the height of a square in a stack, and its side
TALLEST = 9  # squares in a stack: more of them are pressed together
MOST_TICKS = 8
_HOUR = timedelta(hours=1)
_TICKS = tuple(timedelta(hours=h) for h in (1, 3, 6, 12, 24, 48, 168, 336, 730, 2190, 8766, 87660))


class Squares(NamedTuple):
    """All reports of one kind as one path."""

    kind: str
    path: str


class Tick(NamedTuple):
    """A label on the time axis."""

    x: int
    label: str


class Timeline(NamedTuple):
    """When a family was reported: a square for each report, the first language above the axis."""

    height: int
    baseline: int
    squares: tuple[Squares, ...]
    ticks: tuple[Tick, ...]
    first: tuple[int, int]  # where the first report is
    first_name: str
    languages: tuple[str, ...]  # above the axis, and below it where there are others
    words: str  # the chart in one sentence


def timeline(view: FamilyView) -> Timeline | None:
    """Return the timeline of a family; None where fewer than two reports have a time of day."""
    dated = [r for r in view.all_reports if r.when and len(r.when) > 10]
    if len(dated) < 2:
        return None
    times = [_time(r.when or "") for r in dated]
    start, end = times[0], max(times[-1], times[0] + _HOUR)
    unit = (RIGHT - LEFT) / ((end - start) / _HOUR)
    places = [
        (round(LEFT + unit * ((t - start) / _HOUR)) // STEP * STEP, r)
        for t, r in zip(times, dated, strict=True)
    ]
    own = view.representative.language
    above = [(x, r) for x, r in places if r.language == own]
    below = [(x, r) for x, r in places if r.language != own]
    up, down = _tallest(above), _tallest(below)
    baseline = 26 + min(up, TALLEST) * STEP
    top = _stacked(above, baseline - SIDE - 3, -_step(up))
    squares = top + _stacked(below, baseline + 4, _step(down))
    first = dated[0].outlet if view.first_is_certain else None
    paths = _paths(squares)
    return Timeline(
        height=baseline + min(down, TALLEST) * STEP + 26,
        baseline=baseline,
        squares=paths,
        ticks=_ticks(start, end, unit),
        first=(places[0][0], baseline - SIDE),
        first_name=first.name if first else "one of several outlets",
        languages=tuple(filter(None, (own or "", "other" if below else ""))),
        words=_in_words(dated, end - start, len(view.all_reports) - len(dated)),
    )


def _time(when: str) -> datetime:
    return datetime.fromisoformat(when).replace(tzinfo=UTC)


def _tallest(places: Sequence[tuple[int, ReportView]]) -> int:
    return max(Counter(x for x, _ in places).values(), default=0)


def _step(tallest: int) -> float:
    return STEP * min(1, TALLEST / max(1, tallest))


def _stacked(
    places: Sequence[tuple[int, ReportView]], bottom: int, step: float
) -> list[tuple[str, int, int]]:
    """Return kind and place of a square for each report, those of one moment over one another."""
    heights: Counter[int] = Counter()
    found: list[tuple[str, int, int]] = []
    for x, report in places:
        found.append((report.statement.kind, x, round(bottom + step * heights[x])))
        heights[x] += 1
    return found


def _paths(squares: Sequence[tuple[str, int, int]]) -> tuple[Squares, ...]:
    paths: dict[str, list[str]] = defaultdict(list)
    for kind, x, y in squares:
        paths[kind].append(f"M{x} {y}h{SIDE}v{SIDE}h-{SIDE}z")
        if kind == "mixed":
            paths["half"].append(f"M{x} {y}h{SIDE // 2}v{SIDE}h-{SIDE // 2}z")
    order = ("direct", "mixed", "indirect", "half")
    return tuple(Squares(kind, "".join(paths[kind])) for kind in order if kind in paths)


def _ticks(start: datetime, end: datetime, unit: float) -> tuple[Tick, ...]:
    """Return round times between `start` and `end`, at most `MOST_TICKS`."""
    apart = next((t for t in _TICKS if (end - start) / t <= MOST_TICKS), _TICKS[-1])
    midnight = start.replace(hour=0, minute=0, second=0)
    first = -(-(start - midnight) // apart)
    ticks = []
    for number in range(MOST_TICKS + 1):
        at = midnight + (first + number) * apart
        if at > end:
            break
        label = f"{at.day} {at:%b}" + (f" {at:%H:%M}" if apart < timedelta(days=1) else "")
        label += f" {at.year}" if end - start > timedelta(days=300) else ""
        ticks.append(Tick(round(LEFT + unit * ((at - start) / _HOUR)), label))
    return tuple(ticks)


def _in_words(dated: Sequence[ReportView], length: timedelta, undated: int) -> str:
    days = many(round(length / timedelta(days=1)), "day") if length >= timedelta(days=1) else "a day"
    also = f"; {many(undated, 'report')} without a time of day not drawn" if undated else ""
    return f"{many(len(dated), 'report')} within {days}{also}."


class Bar(NamedTuple):
    """A bar of a chart: where it is, how high, its number and label."""

    x: int
    y: int
    height: int
    number: int
    label: str


BAR, GAP, HIGHEST = 30, 8, 60


def bars(numbers: Mapping[str, int]) -> list[Bar]:
    """Return a bar for each label, in order; the highest number is `HIGHEST` units high."""
    top = max(numbers.values(), default=0) or 1
    found = []
    for place, (label, number) in enumerate(numbers.items()):
        height = max(1, round(HIGHEST * number / top)) if number else 0
        found.append(Bar(place * (BAR + GAP), HIGHEST + 16 - height, height, number, label))
    return found


def bars_in_words(numbers: Mapping[str, int], what: str = "report") -> str:
    """Return a bar chart in one sentence."""
    if not numbers:
        return f"No {what}s."
    most = max(numbers, key=lambda label: numbers[label])
    return f"{many(sum(numbers.values()), what)}, most of them at {most} ({numbers[most]})."


def last_days(days: Mapping[str, int], until: str, number: int) -> dict[str, int]:
    """Return the counts of the `number` days up to `until`, days without any included."""
    end = datetime.fromisoformat(until[:10])
    names = [(end - timedelta(days=back)).date().isoformat() for back in range(number - 1, -1, -1)]
    return {name: days.get(name, 0) for name in names}


def short_day(day: str) -> str:
    """Return ``2025-02-13`` as ``13 Feb``."""
    number, month, _ = day_words(day).split()
    return f"{number} {month[:3]}"
