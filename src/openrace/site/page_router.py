"""Which page lies at an address, and what it shows.

q/<family>/, people/<slug>/, outlets/<domain>/    here
day/…/, week/…/, week/…/<beat>/                   period_pages.py
everything else                                   list_pages.py
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from openrace.site import list_pages, period_pages
from openrace.site.family_view import Report
from openrace.site.feed_writer import FeedView
from openrace.site.index_queries import Almanac
from openrace.site.page import Page, briefs, data_of, facts_of
from openrace.site.page_addresses import FRONT
from openrace.site.reader_text import component, week_of
from openrace.site.structured_data import annotate
from openrace.story import Variant

PER_PROFILE = 20  # statements on the page of a speaker or an outlet, of which a night changes hundreds


def page_at(address: str, almanac: Almanac, now: str) -> Page | None:
    """The page at `address` ("" for home, else with a slash at its end); None where there is none."""
    if address in FRONT:
        return list_pages.front(address, almanac, now)
    kind, name, *rest = address.rstrip("/").split("/")
    if kind == "week":
        return period_pages.beat(name, rest[0], almanac) if rest else period_pages.week(name, almanac)
    make = _MAKERS.get(kind)
    return make(name, almanac) if make else None


def addresses(almanac: Almanac) -> Iterator[str]:
    """The address of every page, and of some where there may be none."""
    weeks = set()
    for address in almanac.addresses():
        yield address
        if address.startswith("day/"):
            weeks.add(week_of(address[4:14]))
    for week in weeks:
        yield f"week/{week}/"
        yield from (f"week/{week}/{beat.id}/" for beat in almanac.edition.beats)
    yield from (f"topics/{topic.id}/" for topic in almanac.edition.topics)
    yield from (f"q/{component(gone)}/" for gone, _ in almanac.edition.moved)
    yield from FRONT


def _whole(report: Report) -> dict[str, Any]:
    """A report in the JSON of its quote page."""
    return {
        "when": report.when,
        "lag_hours": report.lag_hours,
        "link": report.link,
        "paraphrase": report.paraphrase,
        "line": report.statement.text,
        "statement": report.statement,
        "article": report.article,
        "outlet": report.outlet,
        "annotation": annotate(report),
    }


def _quote(key: str, almanac: Almanac) -> Page | None:
    utterance = almanac.at_key(key)
    if utterance is None:
        return _moved(key, almanac)
    story = utterance.story
    context = {
        "utterance": utterance,
        "linked": [other for i in story.links if (other := almanac.utterance(i))],
        "corrections": utterance.corrections,
    }
    data = facts_of(utterance) | {
        "disputed": utterance.disputed,
        "reports": [_whole(r) for r in utterance.all_reports],
        "variants": [_variant(variant) for variant in story.variants],
        **story.model_dump(include={"alerts", "paraphrases", "reach", "links"}),
        "corrections": utterance.corrections,
    }
    return Page("quote.html", context, data_of("family", **data))


def _variant(variant: Variant) -> dict[str, Any]:
    """The variant under the field names of index.json."""
    fields = variant.model_dump()
    return fields | {"to_fullest": fields.pop("to_representative")}


def _moved(key: str, almanac: Almanac) -> Page | None:
    """The page at the address of a family that was merged, leading on to where it is now."""
    found = almanac.moved_to(key)
    if found is None:
        return None
    gone, target = found
    data = data_of("moved", family=gone, kept=target.id, address=f"q/{target.key}/")
    return Page("moved.html", {"target": target}, data)


def _speaker(key: str, almanac: Almanac) -> Page | None:
    speaker = almanac.speaker(key)
    if speaker is None:
        return None
    shown, total = almanac.statements_of(speaker, PER_PROFILE), almanac.count_of(speaker)
    context = {
        "speaker": speaker,
        "utterances": shown,
        "total": total,
        "days": almanac.days_of(speaker),
        "roles": almanac.roles_of(speaker, 12),
        "repeaters": almanac.repeaters_of(speaker, 10),
    }
    data = data_of(
        "speaker",
        name=speaker.name,
        known=speaker.known,
        person=speaker.person,
        organisation=speaker.organisation,
        total=total,
        statements=briefs(shown),
    )
    return Page("speaker.html", context, data, FeedView(f"{speaker.name} · statements", shown))


def _outlet(key: str, almanac: Almanac) -> Page | None:
    outlet = almanac.outlet(key)
    if outlet is None:
        return None
    shown, counts = almanac.brought_by(outlet, PER_PROFILE), almanac.counts_of(outlet)
    context = {
        "outlet": outlet,
        "reports": shown,
        "total": counts.reports,
        "utterances": counts.utterances,
        "firsts": counts.firsts,
        "shared": counts.shared,
        "median_lag": almanac.median_lag_of(outlet),
        "speakers": almanac.speakers_in(outlet, 10),
        "feeds": almanac.feeds_of(outlet),
        "days": almanac.days_in(outlet),
    }
    data = data_of(
        "outlet",
        domain=outlet.domain,
        name=outlet.name,
        country=outlet.country,
        reports=counts.reports,
        first_of_shared=[counts.firsts, counts.shared],
        median_lag_hours=context["median_lag"],
        statements=briefs(shown),
    )
    feed = FeedView(f"{outlet.name} · statements", shown)
    return Page("outlet.html", context, data, feed)


_MAKERS: dict[str, Callable[[str, Almanac], Page | None]] = {
    "q": _quote,
    "people": _speaker,
    "outlets": _outlet,
    "day": period_pages.day,
    "topics": list_pages.topic,
}
