"""The pages of speakers and outlets, and of a speaker's months."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import Any

from openrace.site.charts import bars, bars_in_words, last_days
from openrace.site.family_line import FamilyLine
from openrace.site.feed_writer import MOST_ENTRIES, FeedView
from openrace.site.fragments import Fragments
from openrace.site.index_queries import SiteQueries
from openrace.site.invalidation import HAS_MONTHS, UNDATED
from openrace.site.page_data import Page, Pages, briefs, chunked, data_of, paged
from openrace.site.two_languages import in_one_line
from openrace.wordings.days import day_of

PER_PAGE = 200  # statements of a speaker on one page
HAS_FEED = 12  # statements from which on a speaker who is not in the directory has a feed and data
MOST_REPEATED = 8
MOST_WORDINGS = 4  # of a topic over time
APART = 2  # days at least between the first and the last of them
TELLING = 12  # code points at least of one of them: a few words tell no view
MOST_ROWS = 12  # of a table
MOST_CARRIED = 8
MOST_ALERTS = 5
DAYS_SHOWN = 14


def speaker(key: str, queries: SiteQueries, fragments: Fragments) -> Pages:
    """Return the page of a speaker; who was heard once and is not in the directory has none."""
    found = queries.speaker(key)
    if found is None or not queries.speaker_address(key):
        return {}
    lines = queries.statements_of(key)
    months = queries.months_of(key)
    in_one = in_one_line(lines, queries.language.code)
    shown = in_one if len(lines) <= HAS_MONTHS else []
    context: dict[str, Any] = {
        "speaker": found,
        "total": len(lines),
        "months": months,
        "has_months": len(lines) > HAS_MONTHS,
        "by_day": by_day(shown),
        "latest": in_one[: PER_PAGE // 20] if not shown else [],
        "repeated": _most_repeated(in_one),
        "roles": queries.roles_of(key),
        "carriers": queries.carriers_of(key)[:MOST_ROWS],
        "kinds": [sum(line.kind == kind for line in lines) for kind in range(3)],
        "reports": sum(line.reports for line in lines),
        "sides": [beat for beat in queries.snapshot.beats if beat.id in found.beats],
        "then": _then_and_now(key, queries),
        "ideas": Counter(v for line in lines for v in queries.names.ideas.get(line.family, ())),
    }
    if not found.known and len(lines) < HAS_FEED:
        return {"": Page("speaker.html", context)}
    feed = lines[:MOST_ENTRIES]
    data = data_of("speaker", name=found.name, known=found.known, person=found.person,
                   organisation=found.organisation, total=len(lines),
                   statements=briefs(feed, fragments))  # fmt: skip
    return {
        "": Page("speaker.html", context, data, FeedView(queries.language.statements_of(found.name), feed))
    }


def _most_repeated(lines: list[FamilyLine]) -> list[FamilyLine]:
    return _most_repeated_of([line for line in lines if line.outlets > 1])[:MOST_REPEATED]


def _then_and_now(key: str, queries: SiteQueries) -> list[tuple[str, list[FamilyLine]]]:
    """Return a speaker's verbatim statements on a topic over time, under the name of each topic.

    They are the earliest, the latest, and those between that most outlets carried; none where all of them
    are of one day or two.
    """
    found, on_topics = [], queries.on_topics(key)
    for topic in queries.snapshot.topics:
        verbatim = [
            line for line in on_topics.get(topic.id, ()) if line.is_quotation and len(line.text) >= TELLING
        ]
        lines = sorted(in_one_line(verbatim, queries.language.code), key=_in_time)
        if lines and day_of(lines[-1].when) - day_of(lines[0].when) >= APART:
            between = _most_repeated_of(lines[1:-1])[: MOST_WORDINGS - 2]
            found.append((topic.name, sorted((lines[0], *between, lines[-1]), key=_in_time)))
    return found


def _most_repeated_of(lines: list[FamilyLine]) -> list[FamilyLine]:
    return sorted(lines, key=lambda line: (-line.independent, -line.outlets, line.when, line.family))


def _in_time(line: FamilyLine) -> tuple[str, str]:
    return (line.when, line.family)


def by_day(lines: list[FamilyLine]) -> list[tuple[str, list[FamilyLine]]]:
    """Return lines in order by the day of their first report, "" for those without a date."""
    return [(day, list(own)) for day, own in groupby(lines, key=lambda line: line.when[:10])]


def month(key: str, month: str, queries: SiteQueries) -> Pages:
    """Return the pages of what a speaker said in a month; none where their own page has everything."""
    found = queries.speaker(key)
    if found is None or queries.count_of(key) <= HAS_MONTHS:
        return {}
    lines = queries.statements_of(key, month)
    if not lines:
        return {}
    pages: Pages = {}
    chunks = chunked(in_one_line(lines, queries.language.code), PER_PAGE)
    for number, own in enumerate(chunks, 1):
        context = {"speaker": found, "month": "" if month == UNDATED else month, "by_day": by_day(list(own)),
                   "total": len(lines), "number": number, "last": len(chunks)}  # fmt: skip
        pages[paged(number)] = Page("speaker_month.html", context)
    return pages


def outlet(key: str, queries: SiteQueries, fragments: Fragments) -> Pages:
    """Return the page of an outlet."""
    found = queries.outlet(key)
    counts = queries.counts_of(found) if found else None
    if found is None or counts is None or not counts.reports:
        return {}
    shown = queries.carried_by(found, MOST_ENTRIES)
    days = queries.counters.every(f"outlets/{key}/", "day")
    recent = last_days(days, max(days), DAYS_SHOWN) if days else {}
    numbers = {queries.language.short_day(day): number for day, number in recent.items()}
    kinds = queries.counters.every(f"outlets/{key}/", "kind")
    corrected = queries.corrected_in(found)
    context = {
        "outlet": found,
        "counts": counts,
        "first": queries.first_in(found, MOST_CARRIED),
        "later": queries.later_in(found, MOST_CARRIED),
        "followers": queries.followers_of(found, MOST_ROWS),
        "shown": shown[:MOST_CARRIED],
        "kinds": [kinds.get(str(kind), 0) for kind in range(3)],
        "median_lag": queries.median_lag_of(found),
        "speakers": queries.speakers_in(found, MOST_ROWS),
        "feeds": queries.feeds_of(found),
        "days": days,
        "bars": bars(numbers),
        "bars_words": bars_in_words(numbers, queries.language),
        "corrections": [c for c in queries.snapshot.corrections if set(c.families) & set(corrected)],
        "revisions": [r for r in queries.snapshot.revisions if r.article.outlet == found.domain][
            :MOST_ALERTS
        ],
    }
    data = data_of("outlet", domain=found.domain, name=found.name, country=found.country,
                   reports=counts.reports,
                   first_of_shared=[counts.firsts, counts.shared], median_lag_hours=context["median_lag"],
                   statements=briefs(shown, fragments))  # fmt: skip
    return {
        "": Page("outlet.html", context, data, FeedView(queries.language.statements_of(found.name), shown))
    }
