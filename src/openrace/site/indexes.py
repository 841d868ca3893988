"""The pages that lead to others: topics, lists, archive, leaders, home; and those about the site itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from openrace.site.almanac import Almanac
from openrace.site.digest import Digest, sections
from openrace.site.feeds import MOST_ENTRIES, FeedView
from openrace.site.leaders import leaders
from openrace.site.utterances import Utterance
from openrace.site.view import Page, View, brief, data_of, simple, versions

PER_SIDE = 12  # statements of a side on the page of a topic, where the sides stand beside one another


def topics(almanac: Almanac) -> Iterator[Page]:
    """Every topic: what each side says of it."""
    for topic in almanac.edition.topics:
        utterances = almanac.topics[topic.id]
        beats = almanac.edition.beats

        def make(topic: Any = topic, utterances: list[Utterance] = utterances) -> View:
            shown = utterances[:MOST_ENTRIES]
            sides = sections(utterances, almanac.edition.beats, PER_SIDE)
            context = {"topic": topic, "sides": sides, "total": len(utterances)}
            data = data_of(
                "topic", topic=topic.id, total=len(utterances), statements=[brief(u) for u in shown]
            )
            return View(context, data, FeedView(f"{topic.name} · statements", shown))

        facts = (topic, versions(utterances), [(b.id, b.name) for b in beats])
        yield Page(f"topics/{topic.id}/", "topic.html", facts, make)


def lists(almanac: Almanac) -> Iterator[Page]:
    """The indexes by which everything is found without a search."""
    speakers, outlets = list(almanac.speakers.values()), list(almanac.outlets.values())
    people = [
        {"name": f.speaker.name, "address": f"people/{f.speaker.key}/", "statements": len(f.utterances)}
        for f in speakers
    ]
    sources = [
        {"name": f.outlet.name, "address": f"outlets/{f.outlet.key}/", "reports": len(f.reports)}
        for f in outlets
    ]
    faces = [(f.speaker, versions(f.utterances)) for f in speakers]
    yield simple("people/", "people.html", {"speakers": speakers}, data_of("people", people=people), faces)
    yield simple(
        "outlets/",
        "outlets.html",
        {"outlets": outlets},
        data_of("outlets", outlets=sources),
        sources,
        [f.outlet for f in outlets],
        [versions(u for u, _ in f.reports) for f in outlets],
    )
    topics = [(t, len(almanac.topics[t.id])) for t in almanac.edition.topics]
    yield simple("topics/", "topics.html", {"topics": topics}, data_of("topics", topics=topics), topics)
    yield _archive(almanac)
    everything = versions(almanac.utterances)
    yield Page("leaders/", "leaders.html", (everything,), lambda: _leaders(almanac))


def _leaders(almanac: Almanac) -> View:
    boards = leaders(almanac)
    return View({"boards": boards}, data_of("leaders", boards=boards))


def _archive(almanac: Almanac) -> Page:
    undated = [u for u in almanac.utterances if not u.when]
    months = [
        (month, [(day, len(almanac.days[day])) for day in days]) for month, days in almanac.months().items()
    ]
    context = {"months": months, "weeks": almanac.weeks(), "undated": undated}
    data = data_of("archive", months=months, undated=[brief(u) for u in undated])
    return simple("archive/", "archive.html", context, data, months, versions(undated))


def service(almanac: Almanac) -> Iterator[Page]:
    """Corrections, data, method, status, search."""
    edition = almanac.edition
    log = sorted(edition.corrections, key=lambda c: (c.when, c.what), reverse=True)
    rows = [(c, [almanac.by_id[i] for i in c.families if i in almanac.by_id]) for c in log]
    touched = versions(u for _, touched in rows for u in touched)
    yield simple(
        "corrections/",
        "corrections.html",
        {"rows": rows},
        data_of("corrections", corrections=log),
        log,
        touched,
    )
    yield simple(
        "data/",
        "data.html",
        {"downloads": edition.downloads},
        data_of("data", downloads=edition.downloads),
        edition.downloads,
    )
    counts = {
        "statements": len(almanac.utterances),
        "reports": sum(len(u.all_reports) for u in almanac.utterances),
        "speakers": len(almanac.speakers),
        "outlets": len(almanac.outlets),
    }
    about = data_of("about", accuracy=edition.accuracy, counts=counts)
    yield simple(
        "about/",
        "about.html",
        {"counts": counts, "accuracy": edition.accuracy},
        about,
        counts,
        edition.accuracy,
    )
    status = data_of("status", run=edition.run, feeds=edition.feeds)
    health = {"run": edition.run, "feeds": edition.feeds}
    yield simple("status/", "status.html", health, status, edition.run, edition.feeds)
    yield simple("search/", "search.html", {}, data_of("search", segments="search/"), counts)


def home(almanac: Almanac, digest: Digest) -> Page:
    """The digest of the morning."""
    shown = (
        [u for s in digest.sections for u in s.utterances] + digest.repeated + digest.changed + digest.undated
    )
    sides = [(s.beat, s.total) for s in digest.sections]
    faces = [f.speaker for f in digest.new_speakers]
    chosen = (digest.day, digest.week, digest.current, digest.ever, digest.sentence, versions(shown), sides)
    notices = (digest.corrections, digest.failing, faces, len(almanac.edition.feeds))

    def make() -> View:
        statements = list({u.id: u for u in shown}.values())
        data = data_of("home", day=digest.day, week=digest.week, statements=[brief(u) for u in statements])
        return View(
            {"digest": digest, "latest": almanac.latest},
            data,
            FeedView("", almanac.utterances[:MOST_ENTRIES]),
        )

    feed = versions(almanac.utterances[:MOST_ENTRIES])
    return Page("", "home.html", (chosen, notices, feed, almanac.latest), make)
