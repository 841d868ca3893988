"""The table of pages: which there are, in the order in which they are written.

q/<family>/, people/<slug>/, outlets/<domain>/    here
day/…/, week/…/, week/…/<beat>/                   periods.py
everything else                                   indexes.py
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from openrace.site import indexes, periods
from openrace.site.almanac import Almanac, OutletFile, SpeakerFile
from openrace.site.digest import Digest
from openrace.site.feeds import FeedView
from openrace.site.structured import annotate
from openrace.site.text import component
from openrace.site.utterances import Report, Utterance
from openrace.site.view import Page, View, brief, data_of, versions

PER_SPEAKER = 50  # statements on the page of a speaker; the days and weeks have all of them
PER_OUTLET = 25  # the same for an outlet: a night changes most of their pages


def plan(almanac: Almanac, digest: Digest) -> Iterator[Page]:
    """Every page of the site. Those that others lead to come first, the home page last of all."""
    yield from (_quote(u, almanac) for u in almanac.utterances)
    yield from _moved(almanac)
    yield from (_speaker(f) for f in almanac.speakers.values())
    yield from (_outlet(f) for f in almanac.outlets.values())
    yield from periods.days(almanac)
    yield from periods.weeks(almanac)
    yield from indexes.topics(almanac)
    yield from indexes.lists(almanac)
    yield from indexes.service(almanac)
    yield indexes.home(almanac, digest)


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


def _quote(utterance: Utterance, almanac: Almanac) -> Page:
    linked = [almanac.by_id[i] for i in utterance.story.links if i in almanac.by_id]

    def make() -> View:
        context = {"utterance": utterance, "linked": linked, "corrections": utterance.corrections}
        story = utterance.story
        data = brief(utterance) | {
            "disputed": utterance.disputed,
            "reports": [_whole(r) for r in utterance.all_reports],
            **story.model_dump(include={"variants", "alerts", "paraphrases", "reach", "links"}),
            "corrections": utterance.corrections,
        }
        return View(context, data_of("family", **data))

    return Page(f"q/{utterance.key}/", "quote.html", (utterance.version.hex(), versions(linked)), make)


def _moved(almanac: Almanac) -> Iterator[Page]:
    """Pages at the addresses of families that were merged, leading on to where they are now."""
    for gone, kept in almanac.edition.moved:
        target = almanac.by_id.get(kept)
        address = f"q/{component(gone)}/"
        if target and gone not in almanac.by_id:
            view = View(
                {"target": target}, data_of("moved", family=gone, kept=kept, address=f"q/{target.key}/")
            )
            yield Page(address, "moved.html", (target.version.hex(),), lambda view=view: view)  # type: ignore[misc]


def _speaker(file: SpeakerFile) -> Page:
    def make() -> View:
        shown = file.utterances[:PER_SPEAKER]
        context = {
            "speaker": file.speaker,
            "utterances": shown,
            "total": len(file.utterances),
            "days": [u.when[:10] for u in file.utterances if u.when],
            "roles": _roles(file),
            "repeaters": _repeaters(file.utterances),
        }
        data = data_of(
            "speaker",
            name=file.speaker.name,
            known=file.speaker.known,
            person=file.speaker.person,
            organisation=file.speaker.organisation,
            total=len(file.utterances),
            statements=[brief(u) for u in shown],
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
        data = data_of(
            "outlet",
            domain=file.outlet.domain,
            name=file.outlet.name,
            country=file.outlet.country,
            reports=len(file.reports),
            first_of_shared=[len(firsts), len(shared)],
            median_lag_hours=context["median_lag"],
            statements=[brief(u) for u, _ in shown],
        )
        return View(context, data, FeedView(f"{file.outlet.name} · statements", [u for u, _ in shown]))

    facts = (file.outlet, versions(u for u, _ in file.reports), file.feeds)
    return Page(f"outlets/{file.outlet.key}/", "outlet.html", facts, make)
