"""Originals: where a family's words were said, of several recordings, and how each report stands to that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from openrace.diffusion.passages import RecordingMatch, find_words
from openrace.diffusion.recordings import Recording, Report, Same
from openrace.diffusion.report_checks import check_report
from openrace.links import link_to_second
from openrace.records import Article, Span
from openrace.scripts import has_han
from openrace.story import Original
from openrace.wordings.normalise import GAP

AROUND = 200  # characters on each side of the words, for a reader
SURE_WORDS = 8  # fewer are found only where the same person says them


def find_original(
    reports: Sequence[Report], recordings: Sequence[Recording], same_person: Callable[[str, str], Same]
) -> Original | None:
    """Return where a family's words were said, and how each report stands to that; None where nowhere.

    Of several recordings the one that has most of the words, then one that names its speakers, one that a
    person wrote down, the earliest.
    """
    best: tuple[tuple[object, ...], Recording, list[tuple[Report, RecordingMatch]]] | None = None
    for recording in recordings:
        found = [
            (report, where)
            for report in reports
            if (where := find_words(report.words, recording))
            and _is_credible(report, where, recording, same_person)
        ]
        if found:
            article = recording.article
            named = recording.speaker_at(found[0][1].passages[0].start) is not None
            most = round(max(where.weight for _, where in found), 3)
            rank = (-most, not named, article.automatic, article.published or "9999", article.id)
            if best is None or rank < best[0]:
                best = rank, recording, found
    return _original(best[1], best[2], same_person) if best else None


def _is_credible(
    report: Report, found: RecordingMatch, recording: Recording, same_person: Callable[[str, str], Same]
) -> bool:
    """Whether the words were first said here: few words need the same speaker; another one may be quoting."""
    speaker = recording.speaker_at(found.passages[0].start)
    same = same_person(report.speaker, speaker) if report.speaker and speaker else "unknown"
    if same == "same":
        return True
    size = len(found.report.codes.replace(GAP, ""))
    if size < SURE_WORDS * (2 if has_han(found.report.text) else 1):
        return False
    day = recording.article.published
    return same == "unknown" or not (day and report.when and report.when[:10] < day[:10])


def _original(
    recording: Recording,
    found: Sequence[tuple[Report, RecordingMatch]],
    same_person: Callable[[str, str], Same],
) -> Original:
    article, spoken = recording.article, recording.spoken
    _, best = max(found, key=lambda pair: (pair[1].weight, -len(pair[1].passages), pair[0].claim_id))
    places = sorted(best.passages, key=lambda passage: passage.start)
    first, last = places[0], places[-1]
    second = recording.second_at(first.start)
    checks = tuple(check_report(report, where, recording, same_person) for report, where in found)
    spans = tuple(dict.fromkeys(Span(spoken.starts[p.start], spoken.ends[p.end - 1]) for p in places))
    return Original(
        article_id=article.id,
        published=article.published,
        spans=spans,
        text=" … ".join(" ".join(article.text[slice(*span)].split()) for span in spans),
        before=_around(article, spans[0].start, -1),
        after=_around(article, spoken.ends[last.end - 1], 1),
        speaker=recording.speaker_at(first.start),
        second=second,
        link=link_to_second(article.recording, second),
        automatic=article.automatic,
        reports=checks,
    )


def _around(article: Article, place: int, side: Literal[-1, 1]) -> str:
    """Return what is said directly before or after a place, in whole words."""
    title = article.title or ""
    begin = len(title) if article.text.startswith(title) else 0
    text = article.text
    part = text[max(place - AROUND, begin) : place] if side < 0 else text[place : place + AROUND]
    if len(part) == AROUND:
        part = part.partition(" ")[2] or part if side < 0 else part.rpartition(" ")[0] or part
    return " ".join(part.split())
