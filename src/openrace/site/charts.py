"""The geometry of the charts: records → numbers and paths, which templates draw as inline SVG.

Marks of one kind are one path, so that a family with hundreds of reports still weighs little. Everything that
is drawn is also in a table on the same page.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from openrace.site.family_view import FamilyView, ReportView
from openrace.site.interface_language import InterfaceLanguage

WIDTH, LEFT, RIGHT = 960, 4, 880  # room for a label after the last tick
COLUMNS = 48  # in which labels are placed
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
    """A label on the time axis; `column` is where it begins, in `COLUMNS` of equal width."""

    x: int
    column: int
    label: str


class Point(NamedTuple):
    """One square of a timeline: when, how it was printed (a `Kind`), and on which side of the axis."""

    at: datetime
    kind: str
    above: bool


class Timeline(NamedTuple):
    """A square for each report, above or below an axis of time; its labels are not part of the drawing."""

    height: int
    baseline: int
    squares: tuple[Squares, ...]
    ticks: tuple[Tick, ...]
    words: str  # the chart in one sentence


def timeline(view: FamilyView) -> Timeline | None:
    """Return when a family was reported; None where fewer than two reports have a time of day."""
    dated = [r for r in view.all_reports if r.when and len(r.when) > 10]
    if len(dated) < 2:
        return None
    own, language = view.representative.language, view.language
    points = [Point(_time(r.when or ""), r.statement.kind, r.language == own) for r in dated]
    reports = language.counted(len(points), "%(n)s report", "%(n)s reports")
    words = [_first_in(view, dated[0], language), _within(reports, points, language)]
    if missing := len(view.all_reports) - len(dated):
        reports = language.counted(missing, "%(n)s report", "%(n)s reports")
        words.append(
            language.gettext("Not drawn, as they have no time of day: %(reports)s.", reports=reports)
        )
    if not all(point.above for point in points):
        name = language.name_of(own) if own else language.gettext("no known language")
        words.append(language.gettext("Above the line: %(language)s; below: other languages.", language=name))
    return draw(points, language.sentences(words), language)


def _first_in(view: FamilyView, report: ReportView, language: InterfaceLanguage) -> str:
    if view.first_is_certain and report.outlet:
        return language.gettext("First in %(outlet)s.", outlet=report.outlet.name)
    return language.gettext("First in one of several outlets.")


def idea_timeline(
    statements: Iterable[tuple[str, str, bool]], language: InterfaceLanguage
) -> Timeline | None:
    """Return when statements (first report, kind, whether for the idea) were made; None for a single day."""
    dated = sorted((when, kind, above) for when, kind, above in statements if when)
    if len({when[:10] for when, _, _ in dated}) < 2:
        return None
    points = [Point(_time(when), kind, above) for when, kind, above in dated]
    counted = language.counted(len(points), "%(n)s statement", "%(n)s statements")
    sides = language.gettext("Above the line: for; below: against.")
    return draw(points, language.sentences([_within(counted, points, language), sides]), language)


def draw(points: Sequence[Point], words: str, language: InterfaceLanguage) -> Timeline:
    """Return the drawing of `points`, which are in the order of time."""
    start = points[0].at
    end = max(points[-1].at, start + _HOUR)
    unit = (RIGHT - LEFT) / ((end - start) / _HOUR)
    places = [(round(LEFT + unit * ((p.at - start) / _HOUR)) // STEP * STEP, p) for p in points]
    above, below = [it for it in places if it[1].above], [it for it in places if not it[1].above]
    up, down = _tallest(above), _tallest(below)
    baseline = 6 + min(up, TALLEST) * STEP
    top = _stacked(above, baseline - SIDE - 3, -_step(up))
    return Timeline(
        height=baseline + min(down, TALLEST) * STEP + 8,
        baseline=baseline,
        squares=_paths(top + _stacked(below, baseline + 4, _step(down))),
        ticks=_ticks(start, end, unit, language),
        words=words,
    )


def _time(when: str) -> datetime:
    """Return a time of report as an instant: a day counts as its noon."""
    return datetime.fromisoformat(when if len(when) > 10 else f"{when}T12:00:00").replace(tzinfo=UTC)


def _tallest(places: Sequence[tuple[int, Point]]) -> int:
    return max(Counter(x for x, _ in places).values(), default=0)


def _step(tallest: int) -> float:
    return STEP * min(1, TALLEST / max(1, tallest))


def _stacked(places: Sequence[tuple[int, Point]], bottom: int, step: float) -> list[tuple[str, int, int]]:
    """Return kind and place of a square for each report, those of one moment over one another."""
    heights: Counter[int] = Counter()
    found: list[tuple[str, int, int]] = []
    for x, point in places:
        found.append((point.kind, x, round(bottom + step * heights[x])))
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


def _ticks(start: datetime, end: datetime, unit: float, language: InterfaceLanguage) -> tuple[Tick, ...]:
    """Return round times between `start` and `end`, at most `MOST_TICKS`."""
    apart = next((t for t in _TICKS if (end - start) / t <= MOST_TICKS), _TICKS[-1])
    midnight = start.replace(hour=0, minute=0, second=0)
    first = -(-(start - midnight) // apart)
    ticks = []
    for number in range(MOST_TICKS + 1):
        at = midnight + (first + number) * apart
        if at > end:
            break
        label = language.tick(at, time=apart < timedelta(days=1), year=end - start > timedelta(days=300))
        x = round(LEFT + unit * ((at - start) / _HOUR))
        ticks.append(Tick(x, x * COLUMNS // WIDTH + 1, label))
    return tuple(ticks)


def _within(counted: str, points: Sequence[Point], language: InterfaceLanguage) -> str:
    """Return how many there are within which time, in one sentence."""
    length = points[-1].at - points[0].at
    if length < timedelta(days=1):
        return language.gettext("%(counted)s within a day.", counted=counted)
    days = round(length / timedelta(days=1))
    return language.counted(
        days, "%(counted)s within %(n)s day.", "%(counted)s within %(n)s days.", counted=counted
    )


class Bar(NamedTuple):
    """A bar of a chart: how high it is, its number and label."""

    height: int
    number: int
    label: str


HIGHEST = 60


def bars(numbers: Mapping[str, int]) -> list[Bar]:
    """Return a bar for each label, in order; the highest number is `HIGHEST` units high."""
    top = max(numbers.values(), default=0) or 1
    return [
        Bar(max(1, round(HIGHEST * number / top)) if number else 0, number, label)
        for label, number in numbers.items()
    ]


def bars_in_words(numbers: Mapping[str, int], language: InterfaceLanguage) -> str:
    """Return a bar chart of reports in one sentence."""
    if not numbers:
        return language.gettext("No reports.")
    most = max(numbers, key=lambda label: numbers[label])
    return language.counted(
        sum(numbers.values()),
        "%(n)s report, most of them at %(label)s (%(most)s).",
        "%(n)s reports, most of them at %(label)s (%(most)s).",
        label=most,
        most=numbers[most],
    )


def last_days(days: Mapping[str, int], until: str, number: int) -> dict[str, int]:
    """Return the counts of the `number` days up to `until`, days without any included."""
    end = datetime.fromisoformat(until[:10])
    names = [(end - timedelta(days=back)).date().isoformat() for back in range(number - 1, -1, -1)]
    return {name: days.get(name, 0) for name in names}
