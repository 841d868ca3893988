"""Transcripts to articles: captions and lists of names, times and words → turns of speakers in one text.

    cues (caption_cues.py) or labelled lines ─▶ pieces: who, when, words ─▶ turns ─▶ the article

What is no speech ("[Music]", "♪") is left out; a speaker is who the transcript names, else None.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from lxml import etree, html

from openrace.crawl_records import Entry
from openrace.errors import InputError
from openrace.ingest.parse.caption_cues import Captions, read_captions, read_podcast_json
from openrace.ingest.parse.encoding import NotTextError, decode
from openrace.ingest.parse.full_text_entries import dated, markup_paragraphs
from openrace.ingest.parse.import_fields import make_article
from openrace.records import Article, Turn
from openrace.scripts import HAN
from openrace.transcript_labels import OWN_STAMP, STAMP_FIRST, STAMPED, TIME

UNNAMED = "transcript without speakers"
AUTOMATIC = "automatic captions, which may have misheard words"
PAUSE = 12.0  # seconds from cue to cue after which words of nobody in particular are a new paragraph
LONGEST = 60.0  # seconds of such a paragraph; it ends with the next sentence
LEAST_LABELS = 3  # with times: fewer make a text no transcript

_SOUNDS = "music|applause|laughter|laughs|cheering|sighs|coughs|掌声|笑声|音乐|笑|鼓掌"
_SOUND = re.compile(
    r"[\[【](?!inaudible|crosstalk)[^\[\]【】]{1,40}[\]】]|♪[^♪]*♪|[♪♫]+"
    rf"|[(（](?:[\w ]{{0,20}}\b)?(?:{_SOUNDS})[)）]",
    re.IGNORECASE,
)
_CHANGE = re.compile(r"(?:^|\s)(?:>>+|＞＞+)\s*")
_LABEL = re.compile(
    rf"(?P<name>[A-Z][\w.’'-]*(?: [A-Z\d][\w.’'-]*){{0,4}}|[{HAN}·]{{2,8}})"
    r"(?: ?[(（][^()（）]{1,40}[)）])?\s*[:：]\s*"
)
_STAMPED_HAN = re.compile(
    rf"(?P<name>[{HAN}·]{{2,8}})\s*[(（]?(?P<time>{TIME})[)）]?[:：]?\s*"
    rf"|(?P<clock>{TIME})\s*(?P<who>[{HAN}·]{{2,8}})[:：]\s*"
)
_DASH = re.compile(r"[-–—]\s*(?=\S)")
_ENDED = re.compile(r"[.!?。！？…][\"”’』」)]*$")
_UNSPACED = re.compile(rf"[{HAN}，。！？、：；]$")
_NO_NAME = re.compile(
    r"(?:unknown |unidentified )?(?:speaker|voice)(?: ?[\dA-Z]{1,2})?$|说话人 ?\d*$", re.IGNORECASE
)


class TranscriptSegment(NamedTuple):
    """Words said without a break by one speaker; `opens` where the transcript begins another turn."""

    speaker: str | None
    start: float | None
    words: str
    opens: bool = False


def read_transcript(
    text: str, kind: str, name: str, fields: Mapping[str, Any] | None = None, people: Sequence[str] = ()
) -> Article:
    """Return the article of a transcript file; `kind` is its suffix (``.vtt .srt .json .html .txt``).

    `fields` are those of the article that are known from elsewhere; they rule over what the file says.
    `people` are who speaks, where that is known: a label of part of a name is completed by them. Raises
    InputError where the file holds no transcript.
    """
    if kind in (".vtt", ".srt", ".json"):
        captions = read_podcast_json(text, name) if kind == ".json" else read_captions(text, name)
        return _article(_from_cues(captions), captions, name, fields or {}, people)
    pieces = _from_markup(text) if kind == ".html" else labelled_pieces(text.split("\n"))
    if not pieces:
        raise InputError(name, "is no transcript", "it needs the speakers' names with times")
    return _article(pieces, Captions([], {}, False), name, fields or {}, people)


def parse_transcript(body: bytes, entry: Entry) -> Article:
    """Return the article of the transcript that a feed's entry names. Raises InputError where it is none."""
    name = entry.url or entry.entry_id
    try:
        text = decode(body)
    except NotTextError as problem:
        raise InputError(name, f"is {problem}, no transcript") from problem
    known = ("url", "title", "language", "authors", "recording")
    fields = {field: getattr(entry, field) for field in known} | dated(entry)
    return read_transcript(text, entry.transcript or ".txt", name, fields, entry.people)


def _article(
    pieces: list[TranscriptSegment],
    captions: Captions,
    name: str,
    fields: Mapping[str, Any],
    people: Sequence[str],
) -> Article:
    known = {key: value for key, value in captions.fields.items() if key != "kind"} | {
        key: value for key, value in fields.items() if value
    }
    text, turns = write_turns(_named(pieces, people), known.get("title"))
    if not turns:
        raise InputError(name, "holds no words")
    automatic = captions.automatic
    notes = [AUTOMATIC] * automatic + [UNNAMED] * all(turn.speaker is None for turn in turns)
    article = make_article(known | {"text": text, "note": "; ".join(notes) or None}, name)
    return article.model_copy(update={"turns": turns, "automatic": automatic})


# -- captions ---------------------------------------------------------------------------------------


def _from_cues(captions: Captions) -> list[TranscriptSegment]:
    """Return the pieces of captions: a label or ">>" opens a turn, a voice tag is its cue's alone."""
    labels = _labels(captions)
    pieces: list[TranscriptSegment] = []
    current: str | None = None
    for cue in captions.cues:
        for words, opens in _split_speakers(cue.lines):
            label = _LABEL.match(words)
            if cue.speaker is None and label and (opens or label["name"] in labels):
                current, words, opens = label["name"], words[label.end() :], True
            elif opens:
                current = None
            if words := _spoken(words):
                pieces.append(TranscriptSegment(cue.speaker or current, cue.start, words, opens))
        current = None if cue.speaker else current
    return pieces


def _labels(captions: Captions) -> set[str]:
    """Return the names that open lines again and again, or in capitals: "Look: …" is no label."""
    starts = (_LABEL.match(line) for cue in captions.cues for line in cue.lines)
    seen = Counter(label["name"] for label in starts if label)
    return {name for name, n in seen.items() if n > 1 or (name.isupper() and len(name) > 2) or " " in name}


def _split_speakers(lines: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Yield the words of a cue, and whether another speaker begins there (">>", dashed lines)."""
    dashed = len(lines) > 1 and sum(bool(_DASH.match(line)) for line in lines) > 1
    blocks: list[str] = []
    for line in lines:
        label = _LABEL.match(line) if blocks else None
        if dashed and _DASH.match(line):
            blocks.append(">> " + _DASH.sub("", line, count=1))
        elif not blocks or (label and " " not in label["name"] and label["name"].isupper()):
            blocks.append(line)
        else:
            blocks[-1] = _joined(blocks[-1], line)
    for block in blocks:
        parts = _CHANGE.split(block)
        for n, part in enumerate(parts):
            if part.strip():
                yield part.strip(), n > 0


def _spoken(words: str) -> str:
    return " ".join(_SOUND.sub(" ", words).split())


# -- lines with labels and times --------------------------------------------------------------------


def labelled_pieces(lines: Iterable[str]) -> list[TranscriptSegment]:
    """Return the pieces of a text whose turns open with a name and a time; none where it is no transcript.

    A line of its own time continues the turn; lines before the first label are a heading.
    """
    pieces: list[TranscriptSegment] = []
    labels = 0
    speaker: str | None = None
    time: float | None = None
    for raw in lines:
        line = raw.strip().strip("\u00a0")
        if label := _stamped_label(line):
            labels += 1
            speaker, time, line, opens = *label, True
        elif stamp := OWN_STAMP.match(line):
            time, opens, line = _clock(stamp["time"]), False, line[stamp.end() :]
        else:
            opens = False
        words = _spoken(line)
        if labels and words:
            pieces.append(TranscriptSegment(speaker, time, words, opens))
            time = None
    return pieces if labels >= LEAST_LABELS else []


def _stamped_label(line: str) -> tuple[str, float, str] | None:
    """Return the name and the time that open `line`, and the rest of it; None where none do."""
    if label := STAMPED.match(line) or STAMP_FIRST.match(line):
        return label["name"].strip(), _clock(label["time"]), line[label.end() :]
    if label := _STAMPED_HAN.match(line):
        return label["name"] or label["who"], _clock(label["time"] or label["clock"]), line[label.end() :]
    return None


def _clock(printed: str) -> float:
    seconds = 0.0
    for part in printed.strip("[]()").split(":"):
        seconds = seconds * 60 + float(part)
    return seconds


def _from_markup(text: str) -> list[TranscriptSegment]:
    """Return the pieces of HTML: Podcasting 2.0's ``<cite>`` and ``<time>``, else its labelled paragraphs."""
    try:
        tree = html.fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, ValueError):
        return []
    pieces: list[TranscriptSegment] = []
    speaker: str | None = None
    time: float | None = None
    for element in tree.iter("cite", "time", "p"):
        words = " ".join("".join(map(str, element.itertext())).split())
        if element.tag == "cite":
            speaker = words.rstrip(": ") or None
        elif element.tag == "time":
            time = _clock(words) if OWN_STAMP.fullmatch(words) else None
        elif (speaker or time is not None) and (said := _spoken(words)):
            pieces.append(TranscriptSegment(speaker, time, said, opens=True))
            time = None
    cited = sum(piece.start is not None for piece in pieces)
    return pieces if cited >= 1 else labelled_pieces(markup_paragraphs(text))


# -- pieces to turns --------------------------------------------------------------------------------


def _named(pieces: list[TranscriptSegment], people: Sequence[str]) -> list[TranscriptSegment]:
    """Return the pieces with each label as a name: in the case of names, completed where one person fits."""
    names = {label: _full_name(label, people) for label in {piece.speaker for piece in pieces} if label}
    return [piece._replace(speaker=names.get(piece.speaker or "")) for piece in pieces]


def _full_name(label: str, people: Sequence[str]) -> str | None:
    """Return the speaker's name, None for a label that names nobody ("Speaker 2")."""
    if _NO_NAME.match(label):
        return None
    words = set(label.lower().split())
    fitting = [person for person in people if words <= set(person.lower().split())]
    if len(fitting) == 1:
        return fitting[0]
    return label.title() if label.isupper() and (" " in label or len(label) > 4) else label


def write_turns(
    pieces: Sequence[TranscriptSegment], title: str | None = None
) -> tuple[str, tuple[Turn, ...]]:
    """Return the text of a transcript, its title first, and its turns: a paragraph each, names in front."""
    parts, turns = [title] * bool(title), []
    offset = len(title or "")
    last: str | None = None
    for group in _turns(pieces):
        speaker = group[0].speaker
        lead = ("\n\n" if parts else "") + _label_in_text(speaker, last)
        start = offset + len(lead)
        words, times = "", []
        for piece in group:
            before = len(words)
            words = _joined(words, piece.words)
            if piece.start is not None:
                place = len(words) - len(piece.words) if before else 0
                times.append((start + place, round(piece.start, 3)))
        parts += [lead, words]
        offset = start + len(words)
        turns.append(Turn(span=(start, offset), speaker=speaker, times=tuple(times)))
        last = speaker
    return "".join(part for part in parts if part), tuple(turns)


def _label_in_text(speaker: str | None, last: str | None) -> str:
    """Return what stands before a turn: the name where it is another's; ">>" where nobody says whose."""
    if speaker == last:
        return ""
    return f"{speaker}: " if speaker else ">> "


def _joined(before: str, words: str) -> str:
    if not before:
        return words
    return before + ("" if _UNSPACED.search(before) and not words[0].isascii() else " ") + words


def _turns(pieces: Sequence[TranscriptSegment]) -> Iterator[list[TranscriptSegment]]:
    """Yield the pieces of each turn; of nobody in particular those of a paragraph."""
    group: list[TranscriptSegment] = []
    for piece in pieces:
        if group and _begins(group, piece):
            yield group
            group = []
        group.append(piece)
    if group:
        yield group


def _begins(group: list[TranscriptSegment], piece: TranscriptSegment) -> bool:
    if piece.speaker != group[-1].speaker:
        return True
    if piece.speaker is not None:
        return False
    if piece.opens:
        return True
    if piece.start is None or group[0].start is None:
        return False
    ended = bool(_ENDED.search(group[-1].words))
    long, silent = piece.start - group[0].start, piece.start - (group[-1].start or 0)
    return (long > LONGEST and ended) or long > 2 * LONGEST or silent > PAUSE
