"""The pages of days, of weeks, and of what a side said in a week."""

from __future__ import annotations

from openrace.site.charts import bars, bars_in_words
from openrace.site.feed_writer import FeedView
from openrace.site.fragments import Fragments, RawJson
from openrace.site.index_queries import DayEntry, SiteQueries
from openrace.site.page_data import Page, Pages, briefs, chunked, data_of, facts_of, paged
from openrace.site.reader_text import clean_json, ends_of, week_words

PER_PAGE = 250  # statements on one page of a day
PER_SIDE = 40  # statements of a side on the page of a week: those of most outlets; its days have all
# What an earlier page showed must not change because the words travelled on: only that day is told here.
_THEN = (
    "family",
    "address",
    "claim",
    "speaker",
    "described",
    "text",
    "polarity",
    "lead",
    "kind",
    "language",
    "link",
)


def day(day: str, queries: SiteQueries) -> Pages:
    """Return the pages of a day with a report: all that was new, and what was carried on."""
    entries = queries.on(day)
    if not entries:
        return {}
    new, older = [e for e in entries if e.is_new], [e for e in entries if not e.is_new]
    hours = {f"{hour:02}": number for hour, number in enumerate(queries.hours_of(day))}
    rows = [*new, *older]
    chunks = chunked(rows, PER_PAGE)
    common = {
        "day": day,
        "total": len(entries),
        "new": len(new),
        "reports": sum(entry.reports for entry in entries),
        "outlets": len({key for entry in entries for key in entry.outlets}),
        "bars": bars(hours) if any(hours.values()) else [],
        "bars_words": bars_in_words({f"{hour}:00": n for hour, n in hours.items()}),
        "later": queries.day_after(day),
        "earlier": queries.day_before(day),
        "last": len(chunks),
        "silent": _silent(new, queries),
        "outlet": queries.outlet,
    }
    pages = {}
    for number, own in enumerate(chunks, 1):
        context = common | {"number": number, "sides": _by_side([e for e in own if e.is_new], queries),
                            "older": [e for e in own if not e.is_new]}  # fmt: skip
        data = data_of("day", day=day, statements=RawJson.list(_then(entry) for entry in own))
        pages[paged(number)] = Page("day.html", context, data)
    return pages


def _by_side(entries: list[DayEntry], queries: SiteQueries) -> list[tuple[str, list[DayEntry]]]:
    """Return entries by side, the name of each in the order of the sides; empty ones left out."""
    groups: dict[str, list[DayEntry]] = {beat.name: [] for beat in queries.snapshot.beats}
    names = {beat.id: beat.name for beat in queries.snapshot.beats}
    others: list[DayEntry] = []
    for entry in entries:
        for side in queries.sides_of(entry.line.speaker):
            groups[names[side]].append(entry)
        if not queries.sides_of(entry.line.speaker):
            others.append(entry)
    return [(name, own) for name, own in (*groups.items(), ("Others, and speakers unknown", others)) if own]


def _silent(entries: list[DayEntry], queries: SiteQueries) -> list[str]:
    heard = {side for entry in entries for side in queries.sides_of(entry.line.speaker)}
    return [beat.name for beat in queries.snapshot.beats if beat.id not in heard]


def _then(entry: DayEntry) -> bytes:
    facts = facts_of(entry.line)
    then = {"reported": entry.at, "reports_that_day": entry.reports, "outlets_that_day": len(entry.outlets)}
    return clean_json({name: facts[name] for name in _THEN} | then)


def week(week: str, queries: SiteQueries, fragments: Fragments) -> Pages:
    """Return the page of an ISO week with a report."""
    reported = queries.reported(*ends_of(week))
    if not reported:
        return {}
    by_side = queries.by_side(reported)
    sides = [(beat, queries.lines_of(keys[:PER_SIDE]), len(keys)) for beat, keys in by_side]
    context = {
        "week": week,
        "sides": sides,
        "total": len(reported),
        "days": queries.days(*ends_of(week)),
        "later": queries.week_after(week),
        "earlier": queries.week_before(week),
    }
    shown = [line for _, lines, _ in sides for line in lines]
    data = data_of("week", week=week, total=len(reported), statements=briefs(shown, fragments))
    return {"": Page("week.html", context, data)}


def side(week: str, name: str, queries: SiteQueries, fragments: Fragments) -> Pages:
    """Return the page of what the speakers of a side said in a week."""
    beat = next((beat for beat in queries.snapshot.beats if beat.id == name), None)
    keys = [key for key, speaker in queries.reported(*ends_of(week)) if name in queries.sides_of(speaker)]
    if beat is None or not keys:
        return {}
    shown = queries.lines_of(keys[:PER_PAGE])
    data = data_of("beat", week=week, beat=name, total=len(keys), statements=briefs(shown, fragments))
    context = {"week": week, "beat": beat, "lines_": shown, "total": len(keys)}
    feed = FeedView(f"{beat.name} · week of {week_words(week)}", shown)
    return {"": Page("side_week.html", context, data, feed)}
