"""The pages that lead to others: topics, lists, archive, leaders, home; and those about the site itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from openrace.site.digest import choose
from openrace.site.feed_writer import MOST_ENTRIES, FeedView
from openrace.site.index_queries import Almanac
from openrace.site.list_rows import by_beat
from openrace.site.page import Page, briefs, data_of
from openrace.site.rankings import leaders
from openrace.site.reader_text import week_of

PER_SIDE = 12  # statements of a side on the page of a topic, where the sides stand beside one another
FROM_TOPIC = 600  # its latest statements, of which those are chosen
MOST_SPEAKERS = 1_000  # in the index of people: more is no list to read, and search finds all
MOST_UNDATED = 200  # in the archive


def front(address: str, almanac: Almanac, now: str) -> Page:
    """One of the pages that every edition has (`addresses.FRONT`)."""
    return _home(almanac, now) if not address else _MAKERS[address](almanac)


def topic(name: str, almanac: Almanac) -> Page | None:
    """What each side says of a topic."""
    topic = next((t for t in almanac.edition.topics if t.id == name), None)
    if topic is None:
        return None
    latest, total = almanac.on_topic(name, FROM_TOPIC), almanac.count_on_topic(name)
    shown = latest[:MOST_ENTRIES]
    ranked = sorted(latest, key=lambda it: it.reach)
    sides = [(s.beat, s.listed[:PER_SIDE], len(s.listed)) for s in by_beat(ranked, almanac.edition.beats)]
    data = data_of("topic", topic=name, total=total, statements=briefs(shown))
    feed = FeedView(f"{topic.name} · statements", shown)
    context = {"topic": topic, "sides": sides, "total": total, "latest": len(latest)}
    return Page("topic.html", context, data, feed)


def _people(almanac: Almanac) -> Page:
    speakers, total = almanac.speakers(MOST_SPEAKERS), almanac.count_speakers()
    listed = [
        {"name": f.speaker.name, "address": f"people/{f.speaker.key}/", "statements": f.total}
        for f in speakers
    ]
    return Page("people.html", {"speakers": speakers, "total": total}, data_of("people", people=listed))


def _outlets(almanac: Almanac) -> Page:
    outlets = almanac.outlets()
    listed = [
        {"name": f.outlet.name, "address": f"outlets/{f.outlet.key}/", "reports": f.total} for f in outlets
    ]
    return Page("outlets.html", {"outlets": outlets}, data_of("outlets", outlets=listed))


def _topics(almanac: Almanac) -> Page:
    topics = [(topic, almanac.count_on_topic(topic.id)) for topic in almanac.edition.topics]
    return Page("topics.html", {"topics": topics}, data_of("topics", topics=topics))


def _leaders(almanac: Almanac) -> Page:
    boards = leaders(almanac)
    return Page("leaders.html", {"boards": boards}, data_of("leaders", boards=boards))


def _archive(almanac: Almanac) -> Page:
    """Every month, latest first, with its days in order."""
    by_month: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for day, number in almanac.days().items():
        by_month[day[:7]].append((day, number))
    months = list(reversed(by_month.items()))
    weeks = sorted({week_of(day) for days in by_month.values() for day, _ in days}, reverse=True)
    undated = almanac.undated(MOST_UNDATED)
    data = data_of("archive", months=months, undated=briefs(undated))
    return Page("archive.html", {"months": months, "weeks": weeks, "undated": undated}, data)


def _corrections(almanac: Almanac) -> Page:
    log = sorted(almanac.edition.corrections, key=lambda c: (c.when, c.what), reverse=True)
    rows = [(c, [it for i in c.families if (it := almanac.utterance(i))]) for c in log]
    return Page("corrections.html", {"rows": rows}, data_of("corrections", corrections=log))


def _data(almanac: Almanac) -> Page:
    downloads = almanac.edition.downloads
    return Page("data.html", {"downloads": downloads}, data_of("data", downloads=downloads))


def _about(almanac: Almanac) -> Page:
    facts: dict[str, Any] = {"counts": almanac.counts(), "accuracy": almanac.edition.accuracy}
    return Page("about.html", facts, data_of("about", **facts))


def _status(almanac: Almanac) -> Page:
    facts: dict[str, Any] = {"run": almanac.edition.run, "feeds": almanac.edition.feeds}
    return Page("status.html", facts, data_of("status", **facts))


def _search(almanac: Almanac) -> Page:
    return Page("search.html", {}, data_of("search", segments="search/"))


def _home(almanac: Almanac, now: str) -> Page:
    """The digest of the morning."""
    digest = choose(almanac, now)
    shown = [u for s in digest.sections for u in s.utterances]
    shown += digest.repeated + digest.changed + digest.undated
    statements = list({u.id: u for u in shown}.values())
    data = data_of("home", day=digest.day, week=digest.week, statements=briefs(statements))
    feed = FeedView("", almanac.newest(MOST_ENTRIES))
    return Page("home.html", {"digest": digest, "latest": almanac.latest}, data, feed)


_MAKERS: dict[str, Callable[[Almanac], Page]] = {
    "people/": _people,
    "outlets/": _outlets,
    "topics/": _topics,
    "archive/": _archive,
    "leaders/": _leaders,
    "corrections/": _corrections,
    "data/": _data,
    "about/": _about,
    "status/": _status,
    "search/": _search,
}
