"""The geometry of the charts: records → numbers and paths, which templates draw as inline SVG.

Marks of one country are one path, so that a family with hundreds of reports still weighs little.
Everything drawn here stands beside it in a table.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from openrace.plurals import many
from openrace.site.family_view import Report, Utterance
from openrace.site.reader_text import lag_words

WIDTH = 400  # user units; the figure is shown 320 to 480 px wide, so a unit is about a pixel
_LEFT, _RIGHT = 14, 386
_BIN = 8  # reports closer than this along the axis are stacked
_STEP, _TALLEST = 9, 10  # the height of one in a stack, and how many before the stack is pressed together
# The scales: an axis ends at the first of these that holds every lag, so that charts can be compared. The
# style sheet places the labels, by the scale's name.
_SCALES: tuple[tuple[float, str, tuple[str, ...]], ...] = (
    (24, "day", ("first", "1 h", "6 h", "1 day")),
    (168, "week", ("first", "1 h", "6 h", "1 day", "1 week")),
    (730.5, "month", ("first", "1 h", "1 day", "1 week", "1 month")),
    (8766, "year", ("first", "1 h", "1 day", "1 week", "1 month", "1 year")),
    (87660, "decade", ("first", "1 h", "1 day", "1 month", "1 year", "10 years")),
)


class Series(NamedTuple):
    """All reports of one country as one path of its `mark`."""

    country: str | None
    mark: str
    path: str
    number: int


class Spread(NamedTuple):
    """When which country's outlets brought an utterance, over a logarithmic axis of hours."""

    height: int
    baseline: int
    scale: str
    ticks: tuple[str, ...]
    series: tuple[Series, ...]
    first: tuple[int, int]
    first_name: str
    words: str  # the chart in one sentence


def spread(utterance: Utterance, marks: dict[str, str]) -> Spread | None:
    """The spread chart of `utterance`; None where fewer than two reports are dated. `marks` is by country."""
    dated = [(r.lag_hours, r) for r in utterance.reports if r.lag_hours is not None and r.lag_hours >= 0]
    if len(dated) < 2:
        return None
    last, first = max(lag for lag, _ in dated), dated[0][1].outlet
    top, scale, ticks = next((s for s in _SCALES if last <= s[0]), _SCALES[-1])
    unit = (_RIGHT - _LEFT) / math.log1p(top)
    places = [(round(_LEFT + unit * math.log1p(min(lag, top))), report) for lag, report in dated]
    tallest = max(Counter(x // _BIN for x, _ in places).values())
    baseline = 14 + min(tallest, _TALLEST) * _STEP
    return Spread(
        height=baseline + 4,
        baseline=baseline,
        scale=scale,
        ticks=ticks,
        series=_series(places, baseline, _STEP * min(1, _TALLEST / tallest), marks),
        first=(places[0][0], baseline - _STEP),
        first_name=first.name if first else "an unnamed outlet",
        words=_in_words(len(dated), last, len(utterance.reports) - len(dated)),
    )


def _series(
    places: list[tuple[int, Report]], baseline: int, step: float, marks: dict[str, str]
) -> tuple[Series, ...]:
    """The paths, most frequent country first."""
    stacked: dict[int, int] = defaultdict(int)
    heights: dict[str | None, list[tuple[int, int]]] = defaultdict(list)
    for x, report in places:
        heights[report.country].append((x, round(baseline - _STEP - stacked[x // _BIN] * step)))
        stacked[x // _BIN] += 1
    order = sorted(heights.items(), key=lambda pair: (-len(pair[1]), pair[0] or "~"))
    return tuple(_path(country, marks.get(country or "", "other"), where) for country, where in order)


def _path(country: str | None, mark: str, where: list[tuple[int, int]]) -> Series:
    return Series(country, mark, "".join(_mark(mark, x, y) for x, y in where), len(where))


def _mark(mark: str, x: int, y: int) -> str:
    """One mark as path data; dots and squares are the caps of a line without length."""
    match mark:
        case "dot" | "square":
            return f"M{x} {y}h0"
        case "diamond":
            return f"M{x} {y - 5}l5 5-5 5-5-5z"
        case "triangle":
            return f"M{x} {y - 4}l5 8h-10z"
        case "cross":
            return f"M{x - 3} {y - 3}l6 6m0-6l-6 6"
    return f"M{x - 3} {y}a3 3 0 1 0 6 0a3 3 0 1 0-6 0"


def _in_words(dated: int, last: float, undated: int) -> str:
    length = many(round(last / 24), "day") if last >= 24 else "a day"
    also = f"; {many(undated, 'report')} without a date not drawn" if undated else ""
    return f"{many(dated, 'dated report')} within {length}{also}."


class Sparkline(NamedTuple):
    """Counts by month as one line; the last point is `end`."""

    path: str
    end: tuple[int, int]
    words: str


def sparkline(months: Mapping[str, int]) -> Sparkline | None:
    """Statements by month from the first to the last, at most 24 months; None for a single month."""
    if len(months) < 2:
        return None
    last = _month_number(max(months))
    first = max(_month_number(min(months)), last - 23)
    counts = [months.get(f"{n // 12:04}-{n % 12 + 1:02}", 0) for n in range(first, last + 1)]
    top = max(counts)
    points = [(round(2 + 96 * i / (len(counts) - 1)), round(18 - 15 * c / top)) for i, c in enumerate(counts)]
    path = "M" + "L".join(f"{x} {y}" for x, y in points)
    return Sparkline(
        path, points[-1], f"{min(counts)} to {many(top, 'statement')} a month, {counts[-1]} in the last"
    )


def small_spread(utterance: Utterance) -> Sparkline | None:
    """How many reports there were after each lag, over the logarithm of hours; None for fewer than three."""
    lags = sorted(r.lag_hours for r in utterance.reports if r.lag_hours is not None and r.lag_hours >= 0)
    if len(lags) < 3:
        return None
    last = max(24.0, lags[-1])
    points = [
        (round(2 + 96 * math.log1p(lag) / math.log1p(last)), round(18 - 15 * (n + 1) / len(lags)))
        for n, lag in enumerate(lags)
    ]
    path = "M2 18" + "".join(f"H{x}V{y}" for x, y in points)
    return Sparkline(path, points[-1], f"{len(lags)} dated reports, the last {lag_words(lags[-1])}")


def _month_number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1


class Calendar(NamedTuple):
    """A year of days: the path of each level of activity."""

    levels: tuple[tuple[int, str], ...]
    words: str


def calendar(days: Mapping[str, int], what: str = "statement") -> list[Calendar]:
    """One calendar for each year that `days` lie in, the latest first; weeks are columns, Monday on top.

    `days` says how many of `what`, as the words call it, each day has."""
    by_year: dict[str, dict[str, int]] = defaultdict(dict)
    for day, number in days.items():
        by_year[day[:4]][day] = number
    return [_year(year, by_year[year], what) for year in sorted(by_year, reverse=True)]


def _year(year: str, counts: Mapping[str, int], what: str) -> Calendar:
    paths: dict[int, list[str]] = defaultdict(list)
    for day, count in sorted(counts.items()):
        paths[min(4, count.bit_length())].append(_cell(day))
    words = f"{year}: {many(sum(counts.values()), what)} on {many(len(counts), 'day')}"
    return Calendar(tuple((level, "".join(p)) for level, p in sorted(paths.items())), words)


@lru_cache(maxsize=4096)  # hundreds of pages have the same days
def _cell(when: str) -> str:
    """A day's cell as path data: 7 units a week and a weekday."""
    day = date.fromisoformat(when)
    new_year = date(day.year, 1, 1)
    column = (day.timetuple().tm_yday - 1 + new_year.weekday()) // 7
    return f"M{column * 7} {day.weekday() * 7}h6v6h-6z"


def by_month(days: Mapping[str, int]) -> list[tuple[str, int]]:
    """How many there are in each month, latest first: the table beside a calendar."""
    months: Counter[str] = Counter()
    for day, number in days.items():
        months[day[:7]] += number
    return sorted(months.items(), reverse=True)


def by_country(utterance: Utterance) -> list[tuple[str | None, int]]:
    """Outlets that brought `utterance` by their country, most first."""
    outlets = {r.outlet for r in utterance.all_reports if r.outlet}
    counts = Counter(outlet.country for outlet in outlets)
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0] or "~"))
