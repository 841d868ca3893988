"""The index of the static search: plain scripts, so that it works from a folder and under a strict policy.

    search/segments.js      which segments there are, oldest first, and the countries
    search/lex/op.js        for every word that begins with "op": the segments that hold it, as bits
    search/2026-11.1.js     the statements of a month, 800 at most, with what is shown of them

A query reads the small lexicons of its words, then the segments that hold all of them, newest first, until
the page is full; words are matched there in the statements themselves, so phrases and prefixes need no
positions. Words are found here as `static/search.js` finds them, Chinese and Japanese by pairs of signs.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from openrace.records import KINDS
from openrace.site.almanac import Almanac
from openrace.site.text import clean
from openrace.site.utterances import Utterance, version_of

PER_SEGMENT = 800  # about 35 KB compressed: one round trip, and a scan of it takes a browser a few ms
_MARKS = re.compile("[\u0300-\u036f]+")
_SIGNS = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff"
_RUNS = re.compile(rf"(?:(?=[{_SIGNS}])[^\W_])+|[^\W_{_SIGNS}]+")


class Segment(NamedTuple):
    """Statements first reported in one month (``0000-00`` without a date): their families, earliest first."""

    name: str
    families: tuple[str, ...]
    version: str  # changes with anything that the segment holds


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


def segments(month: str, almanac: Almanac) -> list[Segment]:
    """The segments of a month; only the last of them still grows as its days pass."""
    rows = almanac.month(month)
    found = []
    for start in range(0, len(rows), PER_SEGMENT):
        own = rows[start : start + PER_SEGMENT]
        version = version_of([version.hex() for _, version in own]).hex()
        name = f"{month}.{start // PER_SEGMENT + 1}"
        found.append(Segment(name, tuple(family for family, _ in own), version))
    return found


def write_segment(name: str, utterances: Sequence[Utterance]) -> bytes:
    """The script of a segment: tables of speakers and outlets, then the statements, newest first."""
    speakers: dict[tuple[str, str], int] = {}
    outlets: dict[tuple[str, str, str], int] = {}
    rows = []
    for it in reversed(utterances):
        who = (it.speaker.name, it.speaker.key) if it.speaker else (it.described or "", "")
        carried = dict.fromkeys(
            (r.outlet.name, r.outlet.key, r.outlet.country or "") for r in it.all_reports if r.outlet
        )
        rows.append(
            [
                it.key,
                it.fullest.statement.text,
                speakers.setdefault(who, len(speakers)),
                KINDS.index(it.fullest.statement.kind),
                (it.when or "")[:10],
                [outlets.setdefault(outlet, len(outlets)) for outlet in carried],
            ]
        )
    return _script("segment", name, {"s": list(speakers), "o": list(outlets), "d": rows})


def terms_of(utterances: Iterable[Utterance]) -> set[str]:
    """Every word of the statements and speakers."""
    return terms(clean(" ".join(f"{u.who} {u.fullest.statement.text}" for u in utterances)))


def write_lexicon(name: str, holders: Iterable[tuple[str, str]], numbers: Mapping[str, int]) -> bytes:
    """The lexicon `name`: of each word, in order, the segments that hold it, as bits.

    `holders` are (word, segment); `numbers` gives each segment its bit.
    """
    bits: dict[str, int] = defaultdict(int)
    for word, segment in holders:
        bits[word] |= 1 << numbers[segment]
    return _script("lexicon", name, {word: f"{held:x}" for word, held in sorted(bits.items())})


def write_begin(
    shards: list[str], sizes: Sequence[tuple[str, int]], countries: Sequence[tuple[str, str]]
) -> bytes:
    """The script that is read first: the lexicons, the segments (oldest first) and the countries."""
    return _script("begin", sorted(shards), {"segments": sizes, "countries": countries})


def _script(verb: str, name: str | list[str], value: Mapping[str, Any]) -> bytes:
    """A call that hands `value` to the page; JSON is JavaScript, and `clean` takes what might not be."""
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return clean(f"openrace.{verb}({json.dumps(name)},{data})\n").encode()
