"""Speech and print as words that can be compared: fillers and repetitions left out, numbers by value.

"We, uh, we will run two hundred — no, I mean, …"     we will run #200 no i mean
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from openrace.scripts import EAST_ASIAN, HAN, has_han
from openrace.wordings.normalise import COMMON, GAP, code_point, weights_of, words
from openrace.wordings.quantities import NO_NUMBER, number_starts, read_quantity

_TOKEN = re.compile(rf"[{HAN}]|[^\W_{EAST_ASIAN}]+(?:['’][^\W\d_]+)*|[{EAST_ASIAN}]|%")
_ELLIPSIS = re.compile(r"…+|\.(?:\s?\.){2,}")
# What is said while thinking: no transcript has all of it, and no report any.
FILLERS = frozenset("uh um er erm ah uhm hmm mhm mm eh huh 嗯 呃 唔 哦 噢 啊 呀 嘛".split())
# What reports leave out as a matter of style. It is left out of nothing here: its loss is no cut.
SMALL_TALK = frozenset(
    """i mean you know sort of kind like well so right ok look actually basically just really and but then now
    literally honestly yeah yes oh 那 这 个 就 是 说 对 吧 呢 然 后 其 实 嗯 的 了""".split()
)
_LONGEST_REPEAT = 3  # words that are said again at once: "we will, we will"
SHINGLE = 3


class SpokenText(NamedTuple):
    """The words of a text in order: `codes` one character each, and where each is printed."""

    text: str
    codes: str
    forms: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def printed(self, first: int, after: int) -> str:
        """Return what is printed from word `first` to the one before `after`, on one line."""
        return " ".join(self.text[self.starts[first] : self.ends[after - 1]].split()) if first < after else ""

    def weight(self, first: int = 0, after: int | None = None) -> float:
        """Return what the words tell together."""
        return sum(weights_of(self.codes[first:after].replace(GAP, "")))


def spoken_text(text: str, stretches: tuple[tuple[int, int], ...] | None = None) -> SpokenText:
    """Return the words of `text`, or of these stretches of it; an ellipsis is kept as GAP."""
    low = text.lower()
    low = low if len(low) == len(text) else text
    found: list[tuple[str, int, int]] = []
    for start, end in stretches or ((0, len(text)),):
        for word in _words_in(low, start, end):
            if word[0] not in FILLERS:
                found.append(word)
                _drop_repetition(found)
    forms = tuple(form for form, _, _ in found)
    codes = "".join(GAP if form == GAP else code_point(form) for form in forms)
    return SpokenText(text, codes, forms, tuple(s for _, s, _ in found), tuple(e for _, _, e in found))


def _words_in(low: str, place: int, end: int) -> Iterator[tuple[str, int, int]]:
    """Yield each word's common form with where it stands; a contraction's words share one place."""
    starts = number_starts()
    while place < end:
        if gap := _ELLIPSIS.match(low, place, end):
            yield GAP, place, gap.end()
            place = gap.end()
            continue
        no_number = NO_NUMBER.match(low, place)
        if not no_number and starts(low, place) and (read := read_quantity(low, place)) and read[1] <= end:
            yield f"#{read[0].value:g}", place, read[1]
            place = read[1]
        elif token := _TOKEN.match(low, place, end):
            for form in _forms(token.group()):
                yield form, place, token.end()
            place = token.end()
        else:
            place += 1


@lru_cache(maxsize=1 << 16)
def _forms(token: str) -> tuple[str, ...]:
    return tuple(words(token))


def _drop_repetition(found: list[tuple[str, int, int]]) -> None:
    """Take the last words away where they only say again what stands before them: "we will, we will"."""
    for n in range(1, _LONGEST_REPEAT + 1):
        last, before = found[-n:], found[-2 * n : -n]
        same = len(before) == n and [w[0] for w in last] == [w[0] for w in before]
        if same and not (n == 1 and has_han(last[0][0])) and last[0][1] != before[0][1]:
            del found[-n:]
            return


class SpokenIndex:
    """Where each three words in a row stand in a spoken text."""

    def __init__(self, spoken: SpokenText) -> None:
        self.spoken = spoken
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        codes = spoken.codes
        for at in range(len(codes) - SHINGLE + 1):
            self._places[codes[at : at + SHINGLE]].append(at)

    def places(self, shingle: str) -> list[int]:
        """Return the places of a shingle, in order; none for one that stands nearly everywhere."""
        found = self._places.get(shingle, [])
        return found if len(found) <= 40 else []


def distinctive_shingles(text: SpokenText) -> set[int]:
    """Return three words in a row as one integer each, but for those that are all common words."""
    codes = text.codes
    runs = {codes[at : at + SHINGLE] for at in range(len(codes) - SHINGLE + 1)}
    return {
        ord(run[0]) << 42 | ord(run[1]) << 21 | ord(run[2])
        for run in runs
        if GAP not in run and any(weight > COMMON for weight in weights_of(run))
    }
