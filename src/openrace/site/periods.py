"""The pages of days, of weeks, and of a week's beats."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from openrace.site.almanac import Almanac, Reported
from openrace.site.digest import by_reach, sections
from openrace.site.feeds import FeedView
from openrace.site.text import week_words
from openrace.site.utterances import Report, SpeakerName, Utterance
from openrace.site.view import Page, brief, data_of


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
    utterances = almanac.week(week)
    if not utterances:
        return None
    context = {
        "week": week,
        "sections": sections(utterances, almanac.edition.beats, len(utterances)),
        "total": len(utterances),
        "later": almanac.week_after(week),
        "earlier": almanac.week_before(week),
    }
    return Page("week.html", context, data_of("week", week=week, statements=[brief(u) for u in utterances]))


def beat(week: str, name: str, almanac: Almanac) -> Page | None:
    """What the people of a beat said in a week."""
    beat = next((b for b in almanac.edition.beats if b.id == name), None)
    own = sorted((u for u in almanac.week(week) if name in u.beats), key=by_reach)
    if beat is None or not own:
        return None
    data = data_of("beat", week=week, beat=name, statements=[brief(u) for u in own])
    feed = FeedView(f"{beat.name} · week of {week_words(week)}", own)
    return Page("beat.html", {"week": week, "beat": beat, "utterances": own}, data, feed)


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
