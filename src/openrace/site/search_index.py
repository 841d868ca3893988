"""The index of the static search: plain scripts, so that it works from a folder and under a strict policy.

    search/segments.js            the blocks, oldest first, each with its lexicons and segments
    search/2026-11-01.1.js        a segment: 64 statements at most, with what is shown of them
    search/lex/2026.1/op.js       for every word that begins with "op": where in a block it is
    search/block/2026.1.js        of every statement of a block: how many outlets carried it, and its day
    statements/2026-11-01.1.json  a segment as data, for programs

A month is one segment, or halved by its days until none holds more; the statements of a single day that has
more go into several, in order. So a late report changes the segment of its days alone. Statements without a
date are filed under the day on which they were first read, before all others. The segments of a year, in
order, make blocks of 400, and each block has lexicons of its own. What a night costs is what it brings,
however much there is; and all of it follows from the statements, however they arrived.

A lexicon tells of each word in which statements it is, so that two words are intersected before anything
else is read, and totals are exact. ``word → "AB" places "." "AC" places …``: two signs name the segment,
then one sign for each place in it, or ``~`` and the places as 64 bits. Filters are words too:
``kind:direct``, ``side:us-labs``, ``speaker:altman``. Words are found here as `static/search.js` finds
them: folded to lower case without accents, traditional characters simplified, Chinese and Japanese by pairs
of signs.
"""

from __future__ import annotations

import json
import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import groupby
from typing import NamedTuple

from openrace.scripts import to_simplified
from openrace.site.family_line import FamilyLine
from openrace.site.family_view import version_of
from openrace.site.name_lookup import OutletName
from openrace.site.reader_text import clean, clean_bytes

PER_SEGMENT = 64  # statements: about 5 KB compressed, and a place in it is one sign
PER_BLOCK = 400  # segments
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
MOST_LISTED = 11  # places: more of them are shorter as bits
_MARKS = re.compile("[\u0300-\u036f]+")
_SIGNS = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff"
_RUNS = re.compile(rf"(?:(?=[{_SIGNS}])[^\W_])+|[^\W_{_SIGNS}]+")

Dated = tuple[str, str, bytes]  # the day of a family ("" where not known), the family, its version
Blocks = Mapping[str, Sequence[str]]  # the segments of each block, all in order
Places = dict[str, dict[str, str]]  # shard → word → places in a segment, a sign each


class Segment(NamedTuple):
    """Statements of one month: their families, earliest first."""

    name: str  # the first of its days, and its number there
    families: tuple[str, ...]
    version: str  # changes with anything that the segment holds


class Findable(NamedTuple):
    """A statement as the search finds and shows it."""

    line: FamilyLine
    names: str  # the speaker's name in all spellings that are known, and of whom the words speak
    outlets: tuple[OutletName, ...]
    sides: tuple[str, ...]


def normalise(text: str) -> str:
    """Return `text` as words are compared: compatibility forms, simplified, no accents, lower case."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFKD", text)))
    return to_simplified(plain).lower()


def terms(text: str) -> set[str]:
    """Return the words of `text`; of a run of Chinese, Japanese or Korean signs every pair."""
    found = set()
    for run in _RUNS.findall(normalise(text)):
        if run[0] < "\u2e80":
            found.add(run)
        else:
            found.update(run[n : n + 2] for n in range(max(1, len(run) - 1)))
    return found


@lru_cache(maxsize=1 << 16)  # most words of a month are those of the month before
def shard(term: str) -> str:
    """Return the lexicon of `term`: its first two letters, one of 256 for other scripts, or filters."""
    field, colon, value = term.partition(":")
    if colon:
        return f"_{field[0]}{_hash(value) % 16:x}" if field in ("speaker", "outlet") else "_"
    head = term[:2] if len(term) > 1 else f"{term}_"
    if re.fullmatch(r"[a-z0-9][a-z0-9_]", head):
        return head
    return f"x{_hash(head) % 256:02x}"


def _hash(head: str) -> int:
    units = head.encode("utf-16-le")
    first, second = int.from_bytes(units[:2], "little"), int.from_bytes(units[2:4], "little")
    return first * 31 + second


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


def terms_of(it: Findable) -> set[str]:
    """Return every word and filter by which a statement is found."""
    line = it.line
    found = terms(clean(f"{line.who} {it.names} {line.text} {line.other.text if line.other else ''}"))
    speaker = terms(clean(f"{line.who} {it.names}")) if line.speaker else set()
    outlets = terms(clean(" ".join(f"{outlet.name} {outlet.domain}" for outlet in it.outlets)))
    languages = {words.language[:2] for words in (line.words, line.other) if words and words.language}
    found |= {f"speaker:{word}" for word in speaker} | {f"outlet:{word}" for word in outlets}
    found |= {f"kind:{line.kind_name}", f"is:{line.polarity}"} | {f"lang:{clean(name)}" for name in languages}
    found |= {f"country:{clean(code).lower()}" for code in line.countries}
    return found | {f"side:{side}" for side in it.sides}


def places_of(statements: Sequence[Findable]) -> Places:
    """Return where in a segment every word is, by the `shard` of the word."""
    places: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for sign, it in zip(ALPHABET, statements, strict=False):
        for term in terms_of(it):
            own = places[shard(term)]
            own[term] = own.get(term, "") + sign
    return dict(places)


def write_segment(name: str, statements: Sequence[Findable]) -> bytes:
    """Return the script of a segment: tables of speakers and outlets, then the statements, earliest first."""
    speakers: dict[tuple[str, str], int] = {}
    outlets: dict[tuple[str, str], int] = {}
    rows = []
    for it in statements:
        line = it.line
        speaker = speakers.setdefault((line.who, line.speaker), len(speakers))
        first = outlets.setdefault((line.first.key, line.first.name), len(outlets)) if line.first else -1
        verb = line.lead or (f"{line.verb}: " if line.verb else "")
        parts = [[text, int(quoted)] for text, quoted in line.words.parts]
        turned = line.polarity != "asserted"
        rows.append([line.address, verb, parts, line.words.language or "", speaker, line.kind, turned,
                     line.when, first, line.outlets, bool(line.alert)])  # fmt: skip
    return _script("segment", name, {"s": list(speakers), "o": list(outlets), "d": rows})


def write_block(name: str, segments: Sequence[Sequence[FamilyLine]]) -> bytes:
    """Return the script of a block: by segment the outlets of its statements, and their days."""
    rows = []
    for lines in segments:
        carried = "".join(ALPHABET[min(63, line.outlets)] for line in lines)
        days = [[day, len(list(own))] for day, own in groupby(line.when[:10] for line in lines)]
        rows.append([carried, days])
    return _script("block", name, rows)


def write_lexicon(name: str, held: Iterable[tuple[int, Mapping[str, str]]]) -> bytes:
    """Return the lexicon `name`; `held`: the number of a segment in its block, its words of this shard."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for number, words in held:
        head = ALPHABET[number >> 6] + ALPHABET[number & 63]
        for word, places in words.items():
            found[word].append(head + (places if len(places) <= MOST_LISTED else _as_bits(places)))
    return _script("lexicon", name, {word: ".".join(own) for word, own in sorted(found.items())})


def _as_bits(places: str) -> str:
    bits = sum(1 << ALPHABET.index(sign) for sign in places)
    return "~" + "".join(ALPHABET[bits >> 6 * n & 63] for n in range(11))


@cache  # 27,000 characters are asked for
def write_folding() -> bytes:
    """Return the script that simplifies traditional characters, in pairs: it is read for a Chinese query."""
    signs = map(chr, range(0x3400, 0xA000))
    pairs = "".join(
        sign + plain for sign in signs if (plain := to_simplified(sign)) != sign and len(plain) == 1
    )
    return _script("fold", "", pairs)


def write_start(segments: Blocks, shards: Mapping[str, set[str]]) -> bytes:
    """Return the script that is read first: of each block its segments and, as bits, its shards."""
    names = sorted(set[str]().union(*shards.values()))
    rows = []
    for block, own in segments.items():
        there = sum(1 << number for number, name in enumerate(names) if name in shards[block])
        rows.append((block, f"{there:x}", " ".join(own)))
    return _script("start", names, rows)


def _script(verb: str, name: str | list[str], value: object) -> bytes:
    """Return a call that hands `value` to the page; JSON is JavaScript once it is cleaned."""
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return clean_bytes(f"openrace.{verb}({json.dumps(name)},{data})\n")
