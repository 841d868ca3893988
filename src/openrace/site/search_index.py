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
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from openrace.records import KINDS
from openrace.site.text import clean
from openrace.site.utterances import Utterance, version_of

PER_SEGMENT = 800  # about 35 KB compressed: one round trip, and a scan of it takes a browser a few ms
TERMS = "search/terms.json"  # which words each segment holds, so that one more day reads one segment again
_MARKS = re.compile("[\u0300-\u036f]+")
_SIGNS = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff"
_RUNS = re.compile(rf"(?:(?=[{_SIGNS}])[^\W_])+|[^\W_{_SIGNS}]+")


class Segment(NamedTuple):
    """Statements first reported in one month (``0000-00`` without a date), oldest first."""

    name: str
    utterances: tuple[Utterance, ...]

    @property
    def version(self) -> str:
        """Changes with anything that the segment holds."""
        return version_of([u.version.hex() for u in self.utterances]).hex()


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


def segments(utterances: Iterable[Utterance]) -> list[Segment]:
    """`utterances` (newest first) in segments, oldest first; only the last of a month still grows."""
    months: dict[str, list[Utterance]] = defaultdict(list)
    for utterance in utterances:
        months[(utterance.when or "0000-00")[:7]].append(utterance)
    found = []
    for month in sorted(months):
        own = sorted(months[month], key=lambda u: (u.when or "", u.key))
        for start in range(0, len(own), PER_SEGMENT):
            found.append(
                Segment(f"{month}.{start // PER_SEGMENT + 1}", tuple(own[start : start + PER_SEGMENT]))
            )
    return found


def write_segment(segment: Segment) -> bytes:
    """The script of a segment: tables of speakers and outlets, then the statements, newest first."""
    speakers: dict[tuple[str, str], int] = {}
    outlets: dict[tuple[str, str, str], int] = {}
    rows = []
    for it in reversed(segment.utterances):
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
    return _script("segment", segment.name, {"s": list(speakers), "o": list(outlets), "d": rows})


def segment_terms(segment: Segment) -> list[str]:
    """Every word of the statements and speakers of `segment`."""
    texts = (f"{u.who} {u.fullest.statement.text}" for u in segment.utterances)
    return sorted(terms(clean(" ".join(texts))))


def write_lexicon(
    found: list[Segment], known: Mapping[str, Any], countries: Mapping[str, str], made_by: str
) -> Iterator[tuple[str, bytes]]:
    """Everything but the segments: the list of them, the lexicons, and what is remembered of each.

    `known` is what `TERMS` held the last time; a segment of the same version, read by the same code
    (`made_by`), is not read again.
    """
    remembered: dict[str, tuple[str, list[str]]] = {}
    bits: dict[str, int] = defaultdict(int)
    for number, segment in enumerate(found):
        version, old = f"{made_by}-{segment.version}", known.get(segment.name)
        words = old[1] if isinstance(old, list) and old[0] == version else segment_terms(segment)
        remembered[segment.name] = (version, words)
        bit = 1 << number
        for word in words:
            bits[word] |= bit
    shards: dict[str, dict[str, str]] = defaultdict(dict)
    for word in sorted(bits):
        shards[shard(word)][word] = f"{bits[word]:x}"
    for name, lexicon in shards.items():
        yield f"search/lex/{name}.js", _script("lexicon", name, lexicon)
    listed = [[s.name, len(s.utterances)] for s in found]
    present = sorted({country for s in found for u in s.utterances for country in u.countries})
    named = [[code, countries.get(code, code)] for code in present]
    yield "search/segments.js", _script("begin", sorted(shards), {"segments": listed, "countries": named})
    yield TERMS, json.dumps(remembered, ensure_ascii=False, separators=(",", ":")).encode()


def _script(verb: str, name: str | list[str], value: Mapping[str, Any]) -> bytes:
    """A call that hands `value` to the page; JSON is JavaScript, and `clean` takes what might not be."""
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return clean(f"openrace.{verb}({json.dumps(name)},{data})\n").encode()
