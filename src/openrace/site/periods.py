"""The pages of days, of weeks, and of a week's beats."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from openrace.site.almanac import Almanac, Reported, ends
from openrace.site.digest import sections
from openrace.site.feeds import FeedView
from openrace.site.text import week_words
from openrace.site.utterances import Report, SpeakerName, Utterance
from openrace.site.view import Page, brief, data_of

PER_SECTION = 200  # statements of a beat on the page of a week: those of most outlets; its days have all


def day(day: str, almanac: Almanac) -> Page | None:
    """A day with a report."""
    pairs = almanac.day(day)
    if not pairs:
        return None
    context = {
        "day": day,
        "groups": by_speaker(pairs),
        "total": len(pairs),
        "later": almanac.day_after(day),
        "earlier": almanac.day_before(day),
    }
    statements = [_said_then(u, r) for u, r in pairs]
    return Page("day.html", context, data_of("day", day=day, statements=statements))


def week(week: str, almanac: Almanac) -> Page | None:
    """An ISO week with a report."""
    listed = almanac.week(week)
    if not listed:
        return None
    parts = sections(listed, almanac.edition.beats, PER_SECTION)
    context = {
        "week": week,
        "sections": parts,
        "total": len(listed),
        "days": almanac.days(*ends(week)),
        "later": almanac.week_after(week),
        "earlier": almanac.week_before(week),
    }
    statements = [brief(it) for section in parts for it in section.utterances]
    return Page("week.html", context, data_of("week", week=week, total=len(listed), statements=statements))


def beat(week: str, name: str, almanac: Almanac) -> Page | None:
    """What the people of a beat said in a week."""
    beats = tuple(beat for beat in almanac.edition.beats if beat.id == name)
    found = [part for part in sections(almanac.week(week), beats, PER_SECTION) if part.beat]
    if not found:
        return None
    shown, total = found[0].utterances, found[0].total
    data = data_of("beat", week=week, beat=name, total=total, statements=[brief(it) for it in shown])
    feed = FeedView(f"{beats[0].name} · week of {week_words(week)}", shown)
    context = {"week": week, "beat": beats[0], "utterances": [it.whole for it in shown], "total": total}
    return Page("beat.html", context, data, feed)


def by_speaker(pairs: Iterable[Reported]) -> list[tuple[SpeakerName | None, list[Any]]]:
    """`pairs` by speaker, in order of name; those whose speaker is unclear at the end."""
    groups: dict[str, tuple[SpeakerName | None, list[Any]]] = {}
    for utterance, report in pairs:
        speaker = utterance.speaker
        groups.setdefault(speaker.key if speaker else "", (speaker, []))[1].append((utterance, report))
    return sorted(groups.values(), key=lambda g: (g[0] is None, g[0].name.casefold() if g[0] else ""))


def _said_then(utterance: Utterance, report: Report) -> dict[str, Any]:
    """An utterance in the JSON of a day: what was printed then, not what became of it since."""
    whole = brief(utterance)
    kept = {name: whole[name] for name in ("family", "address", "speaker", "described", "first_reported")}
    then = {"text": report.statement.text, "kind": report.statement.kind, "claim": report.statement.claim_id}
    return kept | then | {"corrections": utterance.corrections}
