"""The pages of days, of weeks, and of a week's beats."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from openrace.records import Beat
from openrace.site.almanac import Almanac
from openrace.site.digest import by_reach, sections
from openrace.site.feeds import FeedView
from openrace.site.text import week_words
from openrace.site.utterances import Report, SpeakerName, Utterance
from openrace.site.view import Page, View, brief, data_of, versions


def days(almanac: Almanac) -> Iterator[Page]:
    """Every day with a report."""
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
        return View(context, data_of("day", day=day, statements=statements))

    return Page(f"day/{day}/", "day.html", (later, earlier, versions(u for u, _ in pairs)), make)


def weeks(almanac: Almanac) -> Iterator[Page]:
    """Every ISO week with a report, and its beats."""
    known = almanac.weeks()
    beats = almanac.edition.beats
    for index, week in enumerate(known):
        utterances = almanac.week(week)
        later = known[index - 1] if index else None
        earlier = known[index + 1] if index + 1 < len(known) else None
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
        return View(context, data_of("week", week=week, statements=[brief(u) for u in utterances]))

    return make


def _beat(week: str, beat: Beat, utterances: list[Utterance]) -> Callable[[], View]:
    def make() -> View:
        feed = FeedView(f"{beat.name} · week of {week_words(week)}", utterances)
        data = data_of("beat", week=week, beat=beat.id, statements=[brief(u) for u in utterances])
        return View({"week": week, "beat": beat, "utterances": utterances}, data, feed)

    return make


def by_speaker(pairs: Iterable[tuple[Utterance, Report]]) -> list[tuple[SpeakerName | None, list[Any]]]:
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
