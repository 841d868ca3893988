"""The pages of days, of weeks, and of what a side said in a week."""

from __future__ import annotations

from openrace.site.charts import bars, bars_in_words
from openrace.site.day_parts import contents_of, groups_of, parts_of
from openrace.site.feed_writer import FeedView
from openrace.site.fragments import Fragments, RawJson
from openrace.site.index_queries import DayEntry, SiteQueries
from openrace.site.page_data import Page, Pages, briefs, data_of, facts_of, paged
from openrace.site.reader_text import clean_json, ends_of
from openrace.site.two_languages import in_one_line

PER_PAGE = 250  # statements of a side on the page of a week of its own
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
    groups = groups_of(entries, queries)
    parts = parts_of(groups)
    hours = {f"{hour:02}": number for hour, number in enumerate(queries.hours_of(day))}
    new = [entry for entry in entries if entry.is_new]
    common = {
        "day": day,
        "total": len(entries),
        "new": len(new),
        "reports": sum(entry.reports for entry in entries),
        "outlets": len({key for entry in entries for key in entry.outlets}),
        "bars": bars(hours) if any(hours.values()) else [],
        "bars_words": bars_in_words({f"{hour}:00": n for hour, n in hours.items()}, queries.language),
        "later": queries.day_after(day),
        "earlier": queries.day_before(day),
        "last": len(parts),
        "contents": contents_of(groups, parts),
        "silent": _silent(new, queries),
        "outlet": queries.outlet,
    }
    pages = {}
    for part in parts:
        shown = {entry.line.family: entry for group in part.groups for entry in group.entries}
        data = data_of("day", day=day, statements=RawJson.list(map(_then, shown.values())))
        context = common | {"number": part.number, "groups": part.groups}
        pages[paged(part.number)] = Page("day.html", context, data)
    return pages


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
    shown = [(beat, queries.lines_of(keys[:PER_SIDE]), len(keys)) for beat, keys in by_side]
    language = queries.language.code
    sides = [(beat, in_one_line(lines, language), number) for beat, lines, number in shown]
    context = {
        "week": week,
        "sides": sides,
        "per_side": PER_SIDE,
        "total": len(reported),
        "days": queries.days(*ends_of(week)),
        "later": queries.week_after(week),
        "earlier": queries.week_before(week),
    }
    lines = (line for _, lines, _ in shown for line in lines)
    data = data_of("week", week=week, total=len(reported), statements=briefs(lines, fragments))
    return {"": Page("week.html", context, data)}


def side(week: str, name: str, queries: SiteQueries, fragments: Fragments) -> Pages:
    """Return the page of what the speakers of a side said in a week."""
    beat = next((beat for beat in queries.snapshot.beats if beat.id == name), None)
    keys = [key for key, speaker in queries.reported(*ends_of(week)) if name in queries.sides_of(speaker)]
    if beat is None or not keys:
        return {}
    shown = queries.lines_of(keys[:PER_PAGE])
    data = data_of("beat", week=week, beat=name, total=len(keys), statements=briefs(shown, fragments))
    lines = in_one_line(shown, queries.language.code)
    context = {"week": week, "beat": beat, "lines_": lines, "per_page": PER_PAGE, "total": len(keys)}
    when = queries.language.gettext("week of %(week)s", week=queries.language.week(week))
    feed = FeedView(f"{beat.name} · {when}", shown)
    return {"": Page("side_week.html", context, data, feed)}
