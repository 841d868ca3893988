"""Where a Chinese article names those that it introduces, and others who only seem to be persons."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from typing import NamedTuple

from openrace.extract.chinese import patterns, wordclass
from openrace.extract.chinese.name_shapes import is_person
from openrace.extract.chinese.quotations import MaskedText, fold
from openrace.extract.chinese.segmentation import is_common_word, is_inside_word, words_of

_HIDDEN_RE = re.compile(f"[{patterns.QUOTED}{patterns.BRACKETED}{patterns.TITLED}]+")
_DOT_RE = re.compile("[·•・‧]")
_NEXT = 3  # characters behind a name that tell where its last word ends
_MOST_NAMES = 300  # names of one article that are looked for; keeps the search linear
_DOTTED_NAME_RE = re.compile(
    rf"[\u4e00-\u9fff]{{1,4}}[·•・‧]([\u4e00-\u9fff]{{2,6}}?){patterns.AFTER_NAME}", re.M
)
_TITLED_STRANGER_RE = re.compile(rf"{patterns.one_of(wordclass.TITLES)}({patterns.SURNAME}[\u4e00-\u9fff])")
_STRANGER_RE = re.compile(
    rf"(?:^|[，。、；]|[和与同对向跟由给让请]|批评|称赞|邀请|会见|采访|支持|反对|回应|接替|质疑|感谢|指责|遇到|见到|取代)"
    rf"({patterns.SURNAME}[\u4e00-\u9fff]{{1,2}}?){patterns.AFTER_NAME}",
    re.M,
)


class NameMention(NamedTuple):
    """Where a person or organisation is named; one not introduced has a name that begins with "?"."""

    start: int
    name: str
    end: int = 0


def find_known(page: MaskedText, forms: Mapping[str, str]) -> Iterator[NameMention]:
    """Yield where one of `forms` stands outside of what is hidden, with the full name that it means."""
    longest = sorted(forms, key=len, reverse=True)[:_MOST_NAMES]
    if not longest:
        return
    visible = _hide(page)
    for match in re.finditer("|".join(map(re.escape, longest)), visible):
        if not is_inside_word(visible, match.start(), match.end()):
            yield NameMention(match.start(), forms[match[0]], match.end())


def find_strangers(page: MaskedText, members: Iterable[str]) -> Iterator[NameMention]:
    """Yield others than `members` who seem to be people: they make a pronoun doubtful."""
    known = {fold(name)[:2] for name in members}
    for regex in (_STRANGER_RE, _TITLED_STRANGER_RE, _DOTTED_NAME_RE):
        for match in regex.finditer(page.masked):
            shape = regex is _DOTTED_NAME_RE or (is_person(match[1]) and not is_common_word(match[1]))
            shape = shape and match[1][0] not in "时于和向对后" and patterns.CUE_RE.search(match[1]) is None
            if shape and match[1][:2] not in known and not _is_known_here(page, match, members):
                yield _stranger(page.masked, *match.span(1))


def _stranger(masked: str, start: int, end: int) -> NameMention:
    """Return who seems to be named there, to the end of a word: no 魏远 for 魏远山."""
    longer = masked[start : end + 1]
    ends = {*accumulate(len(word.text) for word in words_of(masked[start : end + _NEXT]))}
    if end - start not in ends and end + 1 - start in ends and is_person(longer):
        return NameMention(start, f"?{longer}", end + 1)
    return NameMention(start, f"?{masked[start:end]}", end)


def _is_known_here(page: MaskedText, match: re.Match[str], members: Iterable[str]) -> bool:
    near = page.text[max(0, match.start() - 12) : match.end() + 6]
    return any(match[1] in name and name in near for name in members) if _DOT_RE.search(match[0]) else False


def _hide(page: MaskedText) -> str:
    """Return the text as printed, with what `masked` hides hidden."""
    pieces, end = [], 0
    for hidden in _HIDDEN_RE.finditer(page.masked):
        pieces += [page.text[end : hidden.start()], hidden[0]]
        end = hidden.end()
    return "".join([*pieces, page.text[end:]])
