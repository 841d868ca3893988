"""Lists of names and words that tell what a name is: given names, places, frequent words.

They are files of public sources (`benchmarks/build_name_lists.py` says which, and makes them), read at first
use.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

_REMEMBERED = 1 << 15  # words whose answers are kept: the same names come again in many articles
_LISTS = Path(__file__).with_name("name_lists")

# Countries as headlines call them, and parts of the world.
NATIONS = frozenset(
    """
    us u.s u.s. usa uk u.k u.k. eu e.u. america britain england scotland wales europe asia africa uae korea
    palestine dprk prc roc arctic antarctica mideast
    """.split()
)
# What belongs to a country, a party, a faith or a part of the world: adjectives, and people in the plural.
DEMONYMS = frozenset(
    """
    american british english scottish welsh irish french german italian spanish portuguese dutch belgian
    swiss austrian polish czech slovak hungarian romanian bulgarian greek turkish russian ukrainian
    belarusian lithuanian latvian estonian finnish swedish norwegian danish icelandic serbian croatian
    chinese japanese korean taiwanese vietnamese thai indonesian malaysian filipino singaporean indian
    pakistani bangladeshi nepali afghan iranian iraqi syrian lebanese israeli palestinian jordanian saudi
    emirati qatari kuwaiti yemeni egyptian libyan tunisian algerian moroccan sudanese ethiopian kenyan
    nigerian ghanaian ugandan rwandan congolese african mexican canadian cuban haitian brazilian
    argentine chilean colombian peruvian venezuelan australian european asian western eastern northern
    southern arab arabic muslim islamic christian catholic jewish hispanic latino democratic republican
    communist conservative liberal socialist labour federal californian texan
    """.split()
)


def plain(word: str) -> str:
    """Return `word` in small letters without accents, as the lists spell it."""
    low = word.lower()
    if low.isascii():
        return low
    return "".join(c for c in unicodedata.normalize("NFKD", low) if not unicodedata.combining(c))


def _lines(name: str) -> Iterator[str]:
    for line in (_LISTS / name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


@cache
def _given() -> dict[str, tuple[str, bool]]:
    rows = (line.split("\t") for line in _lines("given_names.tsv"))
    return {name: (gender, common == "common") for name, gender, common in rows}


@lru_cache(maxsize=_REMEMBERED)
def given_name(word: str) -> str:
    """Return "m", "f" or "u" (both) for a given name, "" for any other word.

    A name in two parts goes by its first: "Jean-Marc", "Min-jun".
    """
    found = _given().get(plain(word)) or _given().get(plain(word.split("-")[0]))
    return found[0] if found else ""


@lru_cache(maxsize=_REMEMBERED)
def is_common_given_name(word: str) -> bool:
    """Whether `word` is a given name that many bear."""
    found = _given().get(plain(word))
    return found is not None and found[1]


@cache
def _surnames() -> frozenset[str]:
    return frozenset(_lines("surnames.txt"))


@lru_cache(maxsize=_REMEMBERED)
def is_surname(word: str) -> bool:
    """Whether `word` is a frequent surname of the United States."""
    return plain(word) in _surnames()


@cache
def _places() -> frozenset[str]:
    return frozenset(_lines("places.txt")) | NATIONS


@lru_cache(maxsize=_REMEMBERED)
def is_place(name: str) -> bool:
    """Whether `name` is that of a country, a state or a large city."""
    return plain(name) in _places()


@cache
def _common_words() -> frozenset[str]:
    return frozenset(_lines("common_words.txt"))


@lru_cache(maxsize=_REMEMBERED)
def is_common_word(word: str) -> bool:
    """Whether `word` is frequent in English and written small where it names nobody."""
    low = plain(word)
    return low in _common_words()
