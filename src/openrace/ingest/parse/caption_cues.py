"""WebVTT, SubRip and Podcasting 2.0 JSON to cues: who said which words from when to when."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any, NamedTuple

from openrace.errors import InputError
from openrace.transcript_labels import VOICE

_CLOCK = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
_TIMING = re.compile(rf"\s*{_CLOCK}\s*-->\s*{_CLOCK}")
_WORD_TIME = re.compile(r"<\d\d:\d\d(?::\d\d)?\.\d{3}>")  # of karaoke and of automatic captions
_TAG = re.compile(r"</?[a-zA-Z][^>\n]*>|</?>|\{\\an?\d\}")
_FIELD = re.compile(r"(?:NOTE\s+)?(title|url|recording|published|language|outlet|kind)\s*:\s*(\S.*)", re.I)
_ROLLING = 0.3  # of the cues repeat the end of the one before: they roll up the screen
LEAST_TIMED = 0.25  # of the cues (half of the rolling ones) time each word: a machine wrote them


class CaptionCue(NamedTuple):
    """Lines on the screen from second `start` to `end`; `speaker` where a voice tag or field names one."""

    start: float
    end: float
    lines: tuple[str, ...]
    speaker: str | None = None


class Captions(NamedTuple):
    """The cues of a file, what its header says of it, and whether a machine made it."""

    cues: list[CaptionCue]
    fields: dict[str, str]
    automatic: bool


def read_captions(text: str, name: str) -> Captions:
    """Return the cues of a WebVTT or SubRip file. Raises InputError where it has none."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    # In WebVTT a line with a blank on it ends no cue: automatic captions have them.
    blocks = re.split(r"\n{2,}" if text.startswith("WEBVTT") else r"\n[ \t]*\n", text)
    cues: list[CaptionCue] = []
    fields: dict[str, str] = {}
    timed = 0
    for block in blocks:
        found = _cues_of(block)
        timed += bool(found and _WORD_TIME.search(block))
        cues += found
        if not found and not cues:
            fields |= _fields(block)
    if not cues:
        raise InputError(name, "has no captions", 'it needs times such as "00:01:02.000 --> 00:01:05.000"')
    automatic = timed > LEAST_TIMED * len(cues) or fields.get("kind", "").lower() == "asr"
    return Captions(_unrolled(sorted(cues, key=lambda cue: cue.start)), fields, automatic)


def _cues_of(block: str) -> list[CaptionCue]:
    """Return the cues of a block: one a voice where several speak in it; none where it has no timing."""
    lines = block.split("\n")
    at = next((n for n, line in enumerate(lines[:3]) if _TIMING.match(line)), None)
    if at is None:
        return []
    timing = _TIMING.match(lines[at])
    assert timing is not None
    start, end = _seconds(timing.groups()[:4]), _seconds(timing.groups()[4:])
    body = _WORD_TIME.sub("", "\n".join(lines[at + 1 :]))
    voices = list(VOICE.finditer(body))
    if not voices:
        return [CaptionCue(start, end, _lines(body))]
    bounds = [voice.start() for voice in voices] + [len(body)]
    before = [CaptionCue(start, end, _lines(body[: bounds[0]]))]
    spoken = [
        CaptionCue(start, end, _lines(body[voice.end() : bounds[n + 1]]), unescape(voice["name"]).strip())
        for n, voice in enumerate(voices)
    ]
    return [cue for cue in (*before, *spoken) if cue.lines]


def _seconds(clock: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, fraction = (part or "0" for part in clock)
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + int(fraction.ljust(3, "0")) / 1000


def _lines(body: str) -> tuple[str, ...]:
    plain = (" ".join(unescape(_TAG.sub("", line)).split()) for line in body.split("\n"))
    return tuple(line for line in plain if line)


def _fields(block: str) -> dict[str, str]:
    """Return what a header or note says of the recording: "NOTE title: …", or one a line."""
    found = (_FIELD.fullmatch(line.strip()) for line in block.split("\n"))
    return {field[1].lower(): field[2].strip() for field in found if field}


# -- rolling captions -------------------------------------------------------------------------------


def _unrolled(cues: list[CaptionCue]) -> list[CaptionCue]:
    """Return the cues without what each repeats of the one before, where the file rolls its lines.

    Live captions show the last line again above the new one, or the growing line again and again.
    """
    cues = [cue for cue in cues if cue.lines]
    if not cues:
        return []
    repeats = [0] + [_repeated(a, b) for a, b in itertools.pairwise(cues)]
    if sum(map(bool, repeats)) < _ROLLING * len(cues):
        return cues
    shown = []
    for cue, repeat in zip(cues, repeats, strict=True):
        words = " ".join(cue.lines).split(" ")[repeat:]
        if words:
            shown.append(cue._replace(lines=(" ".join(words),)))
    return shown


def _repeated(before: CaptionCue, cue: CaptionCue) -> int:
    """Return how many words `cue` begins with that `before` ended with: a whole line of either at least."""
    last, words = " ".join(before.lines).split(" "), " ".join(cue.lines).split(" ")
    if before.speaker != cue.speaker or cue.start > before.end + 1:
        return 0
    whole = {len(before.lines[-1].split(" ")), len(last), len(words)}
    for n in range(min(len(last), len(words)), 0, -1):
        if n in whole and last[-n:] == words[:n]:
            return n
    return 0


# -- Podcasting 2.0 JSON ----------------------------------------------------------------------------


def is_podcast_json(items: Any) -> bool:
    """Whether `items`, read from JSON, is a Podcasting 2.0 transcript."""
    segments = items.get("segments") if isinstance(items, dict) else None
    return isinstance(segments, list) and any(isinstance(s, dict) and "startTime" in s for s in segments)


def read_podcast_json(text: str, name: str) -> Captions:
    """Return the cues of a transcript in JSON. Raises InputError where it is none."""
    try:
        items = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(name, "is not valid JSON", str(error)) from error
    if not is_podcast_json(items):
        raise InputError(name, "is no transcript", 'it needs "segments" with "startTime" and "body"')
    cues = list(_segments(items["segments"]))
    if not cues:
        raise InputError(name, "has no captions", 'its segments need "startTime" and "body"')
    known = ("title", "url", "recording", "published", "language", "outlet")
    fields = {key: items[key] for key in known if isinstance(items.get(key), str) and items[key].strip()}
    return Captions(cues, fields, items.get("automatic") is True)


def _segments(segments: list[Any]) -> Iterator[CaptionCue]:
    for segment in segments:
        if not isinstance(segment, dict):
            continue
        start, body, speaker = (segment.get(key) for key in ("startTime", "body", "speaker"))
        if isinstance(start, int | float) and start >= 0 and isinstance(body, str) and body.strip():
            end = segment.get("endTime")
            upto = float(end) if isinstance(end, int | float) else float(start)
            who = " ".join(speaker.split()) if isinstance(speaker, str) else ""
            yield CaptionCue(float(start), upto, _lines(body), who or None)
