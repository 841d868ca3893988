"""The pages of days, of weeks, and of a week's beats."""

from __future__ import annotations

from collections.abc import Iterable

from openrace.site.family_view import SpeakerName, Utterance
from openrace.site.feed_writer import FeedView
from openrace.site.index_queries import Almanac
from openrace.site.list_rows import Listed, Ready
from openrace.site.page import Page, briefs, data_of, facts_of
from openrace.site.reader_text import clean_json, ends_of, week_words

PER_SECTION = 200  # statements of a beat on the page of a week: those of most outlets; its days have all


def day(day: str, almanac: Almanac) -> Page | None:
    """A day with a report."""
    listed = almanac.day(day)
    if not listed:
        return None
    context = {
        "day": day,
        "groups": _by_speaker(listed),
        "total": len(listed),
        "later": almanac.day_after(day),
        "earlier": almanac.day_before(day),
    }
    return Page("day.html", context, data_of("day", day=day, statements=[_said_then(it) for it in listed]))


def week(week: str, almanac: Almanac) -> Page | None:
    """An ISO week with a report."""
    total = len(almanac.week(week))
    if not total:
        return None
    sections = [(s.beat, s.listed[:PER_SECTION], len(s.listed)) for s in almanac.week_by_beat(week)]
    context = {
        "week": week,
        "sections": sections,
        "total": total,
        "days": almanac.days(*ends_of(week)),
        "later": almanac.week_after(week),
        "earlier": almanac.week_before(week),
    }
    statements = briefs(it for _, listed, _ in sections for it in listed)
    return Page("week.html", context, data_of("week", week=week, total=total, statements=statements))


def beat(week: str, name: str, almanac: Almanac) -> Page | None:
    """What the people of a beat said in a week."""
    own = next((s for s in almanac.week_by_beat(week) if s.beat and s.beat.id == name), None)
    if own is None or own.beat is None:
        return None
    shown, total = own.listed[:PER_SECTION], len(own.listed)
    data = data_of("beat", week=week, beat=name, total=total, statements=briefs(shown))
    feed = FeedView(f"{own.beat.name} · week of {week_words(week)}", shown)
    context = {"week": week, "beat": own.beat, "utterances": [it.whole for it in shown], "total": total}
    return Page("beat.html", context, data, feed)


def _by_speaker(listed: Iterable[Listed]) -> list[tuple[SpeakerName | None, list[Listed]]]:
    """`listed` by speaker, in order of name; those whose speaker is unclear at the end."""
    groups: dict[str, tuple[SpeakerName | None, list[Listed]]] = {}
    for it in listed:
        groups.setdefault(it.speaker.key if it.speaker else "", (it.speaker, []))[1].append(it)
    return sorted(groups.values(), key=lambda g: (g[0] is None, g[0].name.casefold() if g[0] else ""))


def _said_then(listed: Listed) -> Ready:
    """An utterance in the JSON of a day: what was printed then, not what became of it since."""

    def make(utterance: Utterance) -> bytes:
        whole, statement = facts_of(utterance), utterance.all_reports[listed.place or 0].statement
        kept = {name: whole[name] for name in ("family", "address", "speaker", "described", "first_reported")}
        then = {"text": statement.text, "kind": statement.kind, "claim": statement.claim_id}
        return clean_json(kept | then | {"corrections": utterance.corrections})

    return Ready(listed.card(f"day {listed.place}", make))
