"""The table of pages: which there are, what each shows, and the version by which is told whether it changed.

A view is made only for a page that must be rendered. Its `data` becomes the page's `index.json`;
``schema`` in there names its form, and only grows: what is taken away or changed gets a new number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from openrace.records import Beat
from openrace.site.almanac import Almanac, OutletFile, SpeakerFile
from openrace.site.digest import Digest, by_reach, sections
from openrace.site.feeds import MOST_ENTRIES, FeedView
from openrace.site.leaders import leaders
from openrace.site.structured import annotate
from openrace.site.text import component, week_words
from openrace.site.utterances import Report, SpeakerName, Utterance, version_of

PER_PAGE = 50  # statements on the page of a speaker or topic; the days and weeks have all of them
PER_SIDE = 12  # on the page of a topic, where the sides stand beside one another
PER_OUTLET = 25  # the same for an outlet: a night changes most of their pages


class View(NamedTuple):
    """What a page shows: names for its template, data for its JSON, and its feed if it has one."""

    context: dict[str, Any]
    data: dict[str, Any]
    feed: FeedView | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page: the folder it lies in ("" for home, else with a slash at its end) and how it is made."""

    address: str
    template: str
    facts: tuple[Any, ...]  # everything it shows, or versions thereof
    make: Callable[[], View]

    @property
    def version(self) -> bytes:
        """A hash of what the page shows."""
        return version_of(self.address, self.template, self.facts)


def versions(utterances: Iterable[Utterance]) -> str:
    """One short text that changes with any of `utterances` or their order."""
    return version_of(*(u.version.hex() for u in utterances)).hex()


def plan(almanac: Almanac, digest: Digest) -> Iterator[Page]:
    """Every page of the site. Those that others lead to come first, the home page last of all."""
    yield from (_quote(u, almanac) for u in almanac.utterances)
    yield from _moved(almanac)
    yield from (_speaker(f) for f in almanac.speakers.values())
    yield from (_outlet(f) for f in almanac.outlets.values())
    yield from _days(almanac)
    yield from _weeks(almanac)
    yield from _topics(almanac)
    yield from _lists(almanac)
    yield from _service(almanac)
    yield _home(almanac, digest)


def _brief(utterance: Utterance) -> dict[str, Any]:
    """An utterance in the JSON of a page that lists it."""
    speaker = utterance.speaker
    return {
        "family": utterance.id,
        "address": f"q/{utterance.key}/",
        "speaker": {"name": speaker.name, "address": f"people/{speaker.key}/"} if speaker else None,
        "described": utterance.described,
        "text": utterance.fullest.statement.text,
        "kind": utterance.fullest.statement.kind,
        "first_reported": utterance.when,
        "outlets": utterance.outlets,
        "countries": utterance.countries,
    }


def _said_then(utterance: Utterance, report: Report) -> dict[str, Any]:
    """An utterance in the JSON of a day: what was printed then, not what became of it since."""
    brief = _brief(utterance)
    kept = {name: brief[name] for name in ("family", "address", "speaker", "described", "first_reported")}
    then = {"text": report.statement.text, "kind": report.statement.kind, "claim": report.statement.claim_id}
    return kept | then | {"corrections": utterance.corrections}


def _whole(report: Report) -> dict[str, Any]:
    """A report in the JSON of its quote page."""
    return {
        "when": report.when,
        "lag_hours": report.lag_hours,
        "link": report.link,
        "paraphrase": report.paraphrase,
        "statement": report.statement,
        "article": report.article,
        "outlet": report.outlet,
        "annotation": annotate(report),
    }


def _data(schema: str, **fields: Any) -> dict[str, Any]:
    return {"schema": f"openrace/{schema}/1", **fields}


def _quote(utterance: Utterance, almanac: Almanac) -> Page:
    linked = [almanac.by_id[i] for i in utterance.story.links if i in almanac.by_id]

    def make() -> View:
        context = {"utterance": utterance, "linked": linked, "corrections": utterance.corrections}
        story = utterance.story
        data = _brief(utterance) | {
            "disputed": utterance.disputed,
            "reports": [_whole(r) for r in utterance.all_reports],
            **story.model_dump(include={"variants", "alerts", "paraphrases", "reach", "links"}),
            "corrections": utterance.corrections,
        }
        return View(context, _data("family", **data))

    return Page(f"q/{utterance.key}/", "quote.html", (utterance.version.hex(), versions(linked)), make)


def _moved(almanac: Almanac) -> Iterator[Page]:
    """Pages at the addresses of families that were merged, leading on to where they are now."""
    for gone, kept in almanac.edition.moved:
        target = almanac.by_id.get(kept)
        address = f"q/{component(gone)}/"
        if target and gone not in almanac.by_id:
            view = View(
                {"target": target}, _data("moved", family=gone, kept=kept, address=f"q/{target.key}/")
            )
            yield Page(address, "moved.html", (target.version.hex(),), lambda view=view: view)  # type: ignore[misc]


def _speaker(file: SpeakerFile) -> Page:
    def make() -> View:
        shown = file.utterances[:PER_PAGE]
        context = {
            "speaker": file.speaker,
            "utterances": shown,
            "total": len(file.utterances),
            "days": [u.when[:10] for u in file.utterances if u.when],
            "roles": _roles(file),
            "repeaters": _repeaters(file.utterances),
        }
        data = _data(
            "speaker",
            name=file.speaker.name,
            known=file.speaker.known,
            person=file.speaker.person,
            organisation=file.speaker.organisation,
            total=len(file.utterances),
            statements=[_brief(u) for u in shown],
        )
        return View(context, data, FeedView(f"{file.speaker.name} · statements", shown))

    facts = (file.speaker, versions(file.utterances))
    return Page(f"people/{file.speaker.key}/", "speaker.html", facts, make)


def _roles(file: SpeakerFile) -> list[tuple[str, Report]]:
    """What articles call the speaker, each with the earliest report that does, latest first."""
    found: dict[str, Report] = {}
    for utterance in reversed(file.utterances):
        for report in utterance.reports:
            named = report.statement.role or ""
            if named:
                found.setdefault(named, report)
    return sorted(found.items(), key=lambda pair: pair[1].when or "", reverse=True)[:12]


def _repeaters(utterances: list[Utterance]) -> list[tuple[Any, int]]:
    """The outlets that brought most of `utterances`, with how many."""
    counts = Counter(o for u in utterances for o in {r.outlet for r in u.all_reports if r.outlet})
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0].name, pair[0].key))[:10]


def _outlet(file: OutletFile) -> Page:
    def make() -> View:
        firsts = [u for u, r in file.reports if r is u.first and r.when and u.outlets > 1]
        shared = {u.id for u, _ in file.reports if u.outlets > 1 and u.when}
        lags = sorted(r.lag_hours for u, r in file.reports if r.lag_hours and r is not u.first)
        speakers = Counter(u.speaker for u, _ in file.reports if u.speaker)
        shown = list({u.id: (u, r) for u, r in reversed(file.reports)}.values())[::-1][:PER_OUTLET]
        context = {
            "outlet": file.outlet,
            "reports": shown,
            "total": len(file.reports),
            "utterances": len({u.id for u, _ in file.reports}),
            "firsts": len(firsts),
            "shared": len(shared),
            "median_lag": lags[len(lags) // 2] if lags else None,
            "speakers": sorted(speakers.items(), key=lambda pair: (-pair[1], pair[0].name, pair[0].key))[:10],
            "feeds": file.feeds,
            "days": [r.day for _, r in file.reports if r.day],
        }
        data = _data(
            "outlet",
            domain=file.outlet.domain,
            name=file.outlet.name,
            country=file.outlet.country,
            reports=len(file.reports),
            first_of_shared=[len(firsts), len(shared)],
            median_lag_hours=context["median_lag"],
            statements=[_brief(u) for u, _ in shown],
        )
        return View(context, data, FeedView(f"{file.outlet.name} · statements", [u for u, _ in shown]))

    facts = (file.outlet, versions(u for u, _ in file.reports), file.feeds)
    return Page(f"outlets/{file.outlet.key}/", "outlet.html", facts, make)


def by_speaker(pairs: Iterable[tuple[Utterance, Report]]) -> list[tuple[SpeakerName | None, list[Any]]]:
    """`pairs` by speaker, in order of name; those whose speaker is unclear at the end."""
    groups: dict[str, tuple[SpeakerName | None, list[Any]]] = {}
    for utterance, report in pairs:
        speaker = utterance.speaker
        groups.setdefault(speaker.key if speaker else "", (speaker, []))[1].append((utterance, report))
    return sorted(groups.values(), key=lambda g: (g[0] is None, g[0].name.casefold() if g[0] else ""))


def _days(almanac: Almanac) -> Iterator[Page]:
    days = list(almanac.days)
    for index, day in enumerate(days):
        later, earlier = (
            (days[index - 1] if index else None),
            (days[index + 1] if index + 1 < len(days) else None),
        )
        yield _day(day, almanac.days[day], later, earlier)


def _day(day: str, pairs: list[tuple[Utterance, Report]], later: str | None, earlier: str | None) -> Page:
    def make() -> View:
        context = {
            "day": day,
            "groups": by_speaker(pairs),
            "total": len(pairs),
            "later": later,
            "earlier": earlier,
        }
        statements = [_said_then(u, r) for u, r in pairs]
        return View(context, _data("day", day=day, statements=statements))

    return Page(f"day/{day}/", "day.html", (later, earlier, versions(u for u, _ in pairs)), make)


def _weeks(almanac: Almanac) -> Iterator[Page]:
    weeks = almanac.weeks()
    beats = almanac.edition.beats
    for index, week in enumerate(weeks):
        utterances = almanac.week(week)
        later = weeks[index - 1] if index else None
        earlier = weeks[index + 1] if index + 1 < len(weeks) else None
        facts = (versions(utterances), [(b.id, b.name) for b in beats], later, earlier)
        yield Page(f"week/{week}/", "week.html", facts, _week(week, utterances, beats, later, earlier))
        for beat in beats:
            if own := sorted((u for u in utterances if beat.id in u.beats), key=by_reach):
                yield Page(
                    f"week/{week}/{beat.id}/", "beat.html", (beat, versions(own)), _beat(week, beat, own)
                )


def _week(
    week: str, utterances: list[Utterance], beats: tuple[Beat, ...], later: str | None, earlier: str | None
) -> Callable[[], View]:
    def make() -> View:
        parts = sections(utterances, beats, len(utterances))
        context = {
            "week": week,
            "sections": parts,
            "total": len(utterances),
            "later": later,
            "earlier": earlier,
        }
        return View(context, _data("week", week=week, statements=[_brief(u) for u in utterances]))

    return make


def _beat(week: str, beat: Beat, utterances: list[Utterance]) -> Callable[[], View]:
    def make() -> View:
        feed = FeedView(f"{beat.name} · week of {week_words(week)}", utterances)
        data = _data("beat", week=week, beat=beat.id, statements=[_brief(u) for u in utterances])
        return View({"week": week, "beat": beat, "utterances": utterances}, data, feed)

    return make


def _topics(almanac: Almanac) -> Iterator[Page]:
    for topic in almanac.edition.topics:
        utterances = almanac.topics[topic.id]
        beats = almanac.edition.beats

        def make(topic: Any = topic, utterances: list[Utterance] = utterances) -> View:
            shown = utterances[:PER_PAGE]
            sides = sections(utterances, almanac.edition.beats, PER_SIDE)
            context = {"topic": topic, "sides": sides, "total": len(utterances)}
            data = _data(
                "topic", topic=topic.id, total=len(utterances), statements=[_brief(u) for u in shown]
            )
            return View(context, data, FeedView(f"{topic.name} · statements", shown))

        facts = (topic, versions(utterances), [(b.id, b.name) for b in beats])
        yield Page(f"topics/{topic.id}/", "topic.html", facts, make)


def _simple(address: str, template: str, context: dict[str, Any], data: dict[str, Any], *facts: Any) -> Page:
    return Page(address, template, facts, lambda: View(context, data))


def _lists(almanac: Almanac) -> Iterator[Page]:
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
    yield _simple("people/", "people.html", {"speakers": speakers}, _data("people", people=people), faces)
    yield _simple(
        "outlets/",
        "outlets.html",
        {"outlets": outlets},
        _data("outlets", outlets=sources),
        sources,
        [f.outlet for f in outlets],
        [versions(u for u, _ in f.reports) for f in outlets],
    )
    topics = [(t, len(almanac.topics[t.id])) for t in almanac.edition.topics]
    yield _simple("topics/", "topics.html", {"topics": topics}, _data("topics", topics=topics), topics)
    yield _archive(almanac)
    everything = versions(almanac.utterances)
    yield Page("leaders/", "leaders.html", (everything,), lambda: _leaders(almanac))


def _leaders(almanac: Almanac) -> View:
    boards = leaders(almanac)
    return View({"boards": boards}, _data("leaders", boards=boards))


def _archive(almanac: Almanac) -> Page:
    undated = [u for u in almanac.utterances if not u.when]
    months = [
        (month, [(day, len(almanac.days[day])) for day in days]) for month, days in almanac.months().items()
    ]
    context = {"months": months, "weeks": almanac.weeks(), "undated": undated}
    data = _data("archive", months=months, undated=[_brief(u) for u in undated])
    return _simple("archive/", "archive.html", context, data, months, versions(undated))


def _service(almanac: Almanac) -> Iterator[Page]:
    """Corrections, data, method, status, search."""
    edition = almanac.edition
    log = sorted(edition.corrections, key=lambda c: (c.when, c.what), reverse=True)
    rows = [(c, [almanac.by_id[i] for i in c.families if i in almanac.by_id]) for c in log]
    touched = versions(u for _, touched in rows for u in touched)
    yield _simple(
        "corrections/",
        "corrections.html",
        {"rows": rows},
        _data("corrections", corrections=log),
        log,
        touched,
    )
    yield _simple(
        "data/",
        "data.html",
        {"downloads": edition.downloads},
        _data("data", downloads=edition.downloads),
        edition.downloads,
    )
    counts = {
        "statements": len(almanac.utterances),
        "reports": sum(len(u.all_reports) for u in almanac.utterances),
        "speakers": len(almanac.speakers),
        "outlets": len(almanac.outlets),
    }
    about = _data("about", accuracy=edition.accuracy, counts=counts)
    yield _simple(
        "about/",
        "about.html",
        {"counts": counts, "accuracy": edition.accuracy},
        about,
        counts,
        edition.accuracy,
    )
    status = _data("status", run=edition.run, feeds=edition.feeds)
    health = {"run": edition.run, "feeds": edition.feeds}
    yield _simple("status/", "status.html", health, status, edition.run, edition.feeds)
    yield _simple("search/", "search.html", {}, _data("search", segments="search/"), counts)


def _home(almanac: Almanac, digest: Digest) -> Page:
    shown = (
        [u for s in digest.sections for u in s.utterances] + digest.repeated + digest.changed + digest.undated
    )
    sides = [(s.beat, s.total) for s in digest.sections]
    faces = [f.speaker for f in digest.new_speakers]
    chosen = (digest.day, digest.week, digest.current, digest.ever, digest.sentence, versions(shown), sides)
    notices = (digest.corrections, digest.failing, faces, len(almanac.edition.feeds))

    def make() -> View:
        statements = list({u.id: u for u in shown}.values())
        data = _data("home", day=digest.day, week=digest.week, statements=[_brief(u) for u in statements])
        return View(
            {"digest": digest, "latest": almanac.latest},
            data,
            FeedView("", almanac.utterances[:MOST_ENTRIES]),
        )

    feed = versions(almanac.utterances[:MOST_ENTRIES])
    return Page("", "home.html", (chosen, notices, feed, almanac.latest), make)
