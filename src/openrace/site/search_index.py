"""The index of the static search: plain scripts, so that it works from a folder and under a strict policy.

    search/segments.js        the blocks, oldest first, each with its lexicons and segments; the countries
    search/2026-11-01.1.js    a segment: 800 statements at most, with what is shown of them
    search/lex/2026.1/op.js   for every word that begins with "op": which segments of a block hold it, as bits

A month is one segment, or halved by its days until none holds more; the statements of a single day that
has more go into several, in order. So a late report changes the segment of its days alone. Statements without
a date lie by the day on which they were first read, before all others. The segments of a year, in order, make
blocks of 32, and each block has lexicons of its own. What a night costs is what it brings, whatever is
kept; and all of it follows from the statements, however they came.

A query reads, from the newest block on, the small lexicons of its words, then the segments that hold all of
them, until the page is full. Words are matched there in the statements themselves, so phrases and prefixes
need no positions. Words are found here as `static/search.js` finds them, Chinese and Japanese by pairs of
signs.
"""

from __future__ import annotations

import json
import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from pydantic_core import to_json

from openrace.records import KINDS
from openrace.site.family_view import Utterance, version_of
from openrace.site.reader_text import clean, clean_bytes

PER_SEGMENT = 800  # about 35 KB compressed: one round trip, and a scan of it takes a browser a few ms
PER_BLOCK = 32  # segments: a browser has bits of 32 at once
_MARKS = re.compile("[\u0300-\u036f]+")
_SIGNS = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff"
_RUNS = re.compile(rf"(?:(?=[{_SIGNS}])[^\W_])+|[^\W_{_SIGNS}]+")

Dated = tuple[str, str, bytes]  # the day of a family ("" where not known), the family, its version
Blocks = Mapping[str, Sequence[str]]  # the segments of each block, all in order


class Segment(NamedTuple):
    """Statements of one month: their families, earliest first."""

    name: str  # the first of its days, and its number there
    families: tuple[str, ...]
    version: str  # changes with anything that the segment holds


class Row(NamedTuple):
    """What the search shows of a statement, and finds it by."""

    key: str
    text: str  # as printed, with marks around what is verbatim
    who: str
    speaker: str  # SpeakerName.key, "" where unclear
    kind: int  # place in records.KINDS
    day: str
    outlets: list[list[str]]  # name, key and country of each


def normalise(text: str) -> str:
    """`text` as words are compared: compatibility forms, no accents, lower case."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFKD", text))).lower()


def terms(text: str) -> set[str]:
    """The words of `text`; of a run of Chinese, Japanese or Korean signs every pair."""
    found = set()
    for run in _RUNS.findall(normalise(text)):
        if run[0] < "\u2e80":
            found.add(run)
        else:
            found.update(run[n : n + 2] for n in range(max(1, len(run) - 1)))
    return found


def shard(term: str) -> str:
    """The lexicon that has `term`: its first two letters, or one of 256 for other scripts."""
    head = term[:2] if len(term) > 1 else f"{term}_"
    if re.fullmatch(r"[a-z0-9][a-z0-9_]", head):
        return head
    units = head.encode("utf-16-le")
    first, second = int.from_bytes(units[:2], "little"), int.from_bytes(units[2:4], "little")
    return f"x{(first * 31 + second) % 256:02x}"


def segments(month: str, statements: Sequence[Dated]) -> Iterator[Segment]:
    """The segments of the `statements` of a month, all in order; ``0000-00`` has those without a date."""
    for lies_in, own in groupby(statements, key=lambda statement: statement[0][:7] or month):
        for segment in _halved(lies_in, list(own), 1, 32):
            yield segment if lies_in == month else segment._replace(name=f"{month}.{segment.name}")


def _halved(month: str, statements: Sequence[Dated], first: int, days: int) -> Iterator[Segment]:
    """The segments of so many days from the `first` on."""
    if len(statements) > PER_SEGMENT and days > 1:
        half = days // 2
        middle = bisect_left(statements, (f"{month}-{first + half:02}",))
        yield from _halved(month, statements[:middle], first, half)
        yield from _halved(month, statements[middle:], first + half, half)
        return
    for number, start in enumerate(range(0, len(statements), PER_SEGMENT), 1):
        own = statements[start : start + PER_SEGMENT]
        version = version_of([version.hex() for *_, version in own]).hex()
        yield Segment(f"{month}-{first:02}.{number}", tuple(family for _, family, _ in own), version)


def blocks(names: Iterable[str]) -> dict[str, list[str]]:
    """The segments of these names in their blocks, by the names of those; all in order."""
    made = {}
    for year, segments in groupby(sorted(names, key=_place), key=lambda name: name[:4]):
        own = list(segments)
        for number, start in enumerate(range(0, len(own), PER_BLOCK), 1):
            made[f"{year}.{number}"] = own[start : start + PER_BLOCK]
    return made


def _place(name: str) -> tuple[str, int]:
    day, _, number = name.rpartition(".")
    return day, int(number)


def write_row(it: Utterance) -> bytes:
    """The `Row` of an utterance, as it is kept."""
    said = it.fullest.statement
    who = (it.speaker.name, it.speaker.key) if it.speaker else (it.described or "", "")
    outlets = dict.fromkeys(
        (r.outlet.name, r.outlet.key, r.outlet.country or "") for r in it.all_reports if r.outlet
    )
    row = Row(it.key, said.text, *who, KINDS.index(said.kind), (it.when or "")[:10], [[*o] for o in outlets])
    return to_json(row)


def write_segment(name: str, rows: Sequence[Row]) -> bytes:
    """The script of a segment: tables of speakers and outlets, then the statements, newest first."""
    speakers: dict[tuple[str, str], int] = {}
    outlets: dict[tuple[str, ...], int] = {}
    said = []
    for row in reversed(rows):
        speaker = speakers.setdefault((row.who, row.speaker), len(speakers))
        carried = [outlets.setdefault(tuple(outlet), len(outlets)) for outlet in row.outlets]
        said.append([row.key, row.text, speaker, row.kind, row.day, carried])
    return _script("segment", name, {"s": list(speakers), "o": list(outlets), "d": said})


def words_of(rows: Iterable[Row]) -> dict[str, str]:
    """Every word of the statements and speakers by its `shard`, in order, with spaces between."""
    words = defaultdict(list)
    for word in sorted(terms(clean(" ".join(f"{row.who} {row.text}" for row in rows)))):
        words[shard(word)].append(word)
    return {name: " ".join(own) for name, own in words.items()}


def write_lexicon(name: str, held: Iterable[tuple[int, str]]) -> bytes:
    """The lexicon `name`: of each word, in order, the segments that hold it, as bits.

    `held` are the number of a segment in its block, and its `words_of` this shard.
    """
    bits: dict[str, int] = defaultdict(int)
    for number, words in held:
        for word in words.split(" "):
            bits[word] |= 1 << number
    return _script("lexicon", name, {word: f"{where:x}" for word, where in sorted(bits.items())})


def write_begin(
    segments: Blocks, shards: Mapping[str, set[str]], countries: Sequence[tuple[str, str]]
) -> bytes:
    """The script that is read first: of each block its segments and, as bits, its shards; the countries."""
    names = sorted(set[str]().union(*shards.values()))
    rows = []
    for block, own in segments.items():
        there = sum(1 << number for number, name in enumerate(names) if name in shards[block])
        rows.append((block, f"{there:x}", " ".join(own)))
    return _script("begin", names, {"blocks": rows, "countries": countries})


def _script(verb: str, name: str | list[str], value: Mapping[str, Any]) -> bytes:
    """A call that hands `value` to the page; JSON is JavaScript, and `clean` takes what might not be."""
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return clean_bytes(f"openrace.{verb}({json.dumps(name)},{data})\n")
