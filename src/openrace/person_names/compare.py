"""Whether two names are of one person or body: same, unknown or different."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import zip_longest
from typing import TYPE_CHECKING, Literal

from rapidfuzz.distance import DamerauLevenshtein

from openrace.person_names.name_words import PINYIN, PINYIN_SURNAMES
from openrace.person_names.parse import ParsedName, parse_name
from openrace.person_names.transliteration import syllables

if TYPE_CHECKING:
    from nicknames import NickNamer

Relation = Literal["same", "unknown", "different"]

# Letters of a part. In a long one a wrong letter is a slip (Lindquist), in a middling one it may make another
# name (Maria, Marta), in a short one it does (Tim, Tom).
LONG, MIDDLING = 6, 5
READ_ALIKE = 3  # Chinese syllables that read alike are one name; of two there are too many homophones


def same_person(a: str | None, b: str | None) -> Relation:
    """Compare two speakers as two texts name them.

    >>> same_person("Chief Scientist Okonjo", "Tobias Okonjo"), same_person("Wang Yu", "Wang Yi")
    ('same', 'different')
    >>> same_person("the minister", "Tobias Okonjo")
    'unknown'
    """
    return compare_names(parse_name(a), parse_name(b))


def name_key(name: ParsedName) -> int:
    """Return a number that two mentions of one person have in common, of the surname; 0: nobody is named."""
    if not name.parts:
        return 0
    surname = name.parts[0] if _is_chinese(name.parts) else name.parts[-1]
    return zlib.crc32(surname.encode())


@lru_cache(maxsize=1 << 18)
def compare_names(a: ParsedName, b: ParsedName) -> Relation:
    """Compare two parsed names; symmetric, and "same" for one that names somebody beside itself."""
    if not a.parts or not b.parts:
        return "unknown"
    if a == b:
        return "same"
    if a.han != b.han:
        return _across_scripts(a, b)
    if a.han:
        return _compare_han(a.parts, b.parts)
    if a.acronym != b.acronym:
        return _compare_acronym(*((a, b) if a.acronym else (b, a)))
    slips = not (_reads_chinese(a.parts) and _reads_chinese(b.parts))  # of these every letter counts
    found = _best(_compare_parts(x, y, slips) for x in _orders(a.parts) for y in _orders(b.parts))
    if found == "same" and a.suffix != b.suffix and a.is_full and b.is_full:
        return "different" if a.suffix and b.suffix else "unknown"  # Trump and Trump Jr.
    return found


def _best(found: Iterable[Relation]) -> Relation:
    return min(found, key=("same", "unknown", "different").index)


def _is_chinese(parts: Sequence[str]) -> bool:
    """Return whether a name can have its surname first, as Chinese names in Latin letters have."""
    given = "".join(parts[1:]).replace("-", "")
    return 1 < len(parts) <= 3 and parts[0] in PINYIN_SURNAMES and PINYIN.fullmatch(given) is not None


def _reads_chinese(parts: Sequence[str]) -> bool:
    """Return whether a name can be Chinese, its surname first or last."""
    return _is_chinese(parts) or _is_chinese((*parts[-1:], *parts[:-1]))


def _orders(parts: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield a name with its surname last, for every part that may be the surname."""
    if _is_chinese(parts):
        yield ("".join(parts[1:]).replace("-", ""), parts[0])
        if parts[-1] not in PINYIN_SURNAMES:
            return
    yield parts


def _compare_parts(a: tuple[str, ...], b: tuple[str, ...], slips: bool) -> Relation:
    """Compare two names whose surname is last."""
    given = _compare_given(a[:-1], b[:-1], slips) if len(a) > 1 and len(b) > 1 else None
    if a[-1] == b[-1]:
        return given or "same"
    if set(a) == set(b):
        return "unknown"  # the surname first, as in Hungary, or two others
    slip = _slip(a[-1], b[-1]) if slips else "different"
    if given == "same" and slip == "same" and a[0] == b[0] and len(a[0]) > 1:
        return "same"
    shares = slip != "different" or _is_part(a[-1], b[-1]) or a[-1] in b or b[-1] in a
    return "unknown" if shares and given in ("same", None) else "different"


def _compare_given(a: Sequence[str], b: Sequence[str], slips: bool) -> Relation:
    """Compare given and middle names, in order; an initial stands for any name that begins with it."""
    if _alike(a[0], b[0]):
        both = zip_longest(a[1:], b[1:], fillvalue="")
        return "same" if all(not x or not y or _alike(x, y) for x, y in both) else "different"
    if "".join(a).replace("-", "") == "".join(b).replace("-", ""):
        return "same"
    for x, y in ((a, b), (b, a)):
        if len(x) > 1 and y[0] in x[1:]:  # goes by the middle name
            return "same" if len(x[0]) == 1 else "unknown"
    return _slip(a[0], b[0]) if slips else "different"


def _alike(a: str, b: str) -> bool:
    """Return whether two given names can be one: equal, an initial of the other, or short for one name."""
    if a == b or (min(len(a), len(b)) == 1 and a[0] == b[0]):
        return True
    return bool(_full_forms(a) & _full_forms(b))


@lru_cache(maxsize=1 << 14)
def _full_forms(given: str) -> frozenset[str]:
    """Return the names that `given` is or is short for."""
    return frozenset((given, *_nicknames().canonicals_of(given)))


@lru_cache(maxsize=1)
def _nicknames() -> NickNamer:
    from nicknames import NickNamer  # 60 ms to load

    return NickNamer()


def _is_part(a: str, b: str) -> bool:
    """Return whether one surname is a part of the other, hyphenated one."""
    return a in b.split("-") or b in a.split("-")


def _slip(a: str, b: str) -> Relation:
    """Compare parts that differ by one letter more, less, other or two swapped, but not in the first."""
    length = min(len(a), len(b))
    if a[0] != b[0] or DamerauLevenshtein.distance(a, b, score_cutoff=1) > 1:
        return "different"
    return "same" if length >= LONG else "unknown" if length >= MIDDLING else "different"


def _compare_acronym(acronym: ParsedName, name: ParsedName) -> Relation:
    """Compare a body's letters with a name written out."""
    letters = acronym.parts[0].replace(".", "")
    if name.is_full and letters == "".join(part[0] for part in name.parts):
        return "same"
    return "same" if letters in (name.parts[0], name.parts[-1]) and not name.is_full else "different"


def _compare_han(a: tuple[str, ...], b: tuple[str, ...]) -> Relation:
    """Compare names in Chinese characters; a foreign one may be given without the first of its parts."""
    one, other = "".join(a), "".join(b)
    if one == other or (a[-1] == b[-1] and 1 in (len(a), len(b))):
        return "same"
    if one.endswith(other) or other.endswith(one):  # an office before the name
        return "same"
    if one in other or other in one or set(a) & set(b):
        return "unknown"
    transliterated = max(len(a), len(b)) > 1 or min(len(one), len(other)) > 3
    return "unknown" if transliterated and _alike_han(a[-1], b[-1]) else "different"


def _alike_han(a: str, b: str) -> bool:
    """Return whether two transliterations may be of one name: they read alike or differ by one character."""
    return DamerauLevenshtein.distance(a, b, score_cutoff=1) <= 1 or _pinyin(a) == _pinyin(b)


@lru_cache(maxsize=1 << 14)
def _pinyin(han: str) -> str:
    """Return the reading of Chinese characters in Latin letters, without tones."""
    return "".join(syllables(han))


def _across_scripts(a: ParsedName, b: ParsedName) -> Relation:
    """Compare a name in Chinese characters with one in Latin letters: only by how a Chinese name is read."""
    han, latin = (a, b) if a.han else (b, a)
    if len(han.parts) > 1 or not latin.is_full or len(han.parts[0]) < READ_ALIKE:
        return "unknown"
    turned = (*latin.parts[-1:], *latin.parts[:-1])
    read = {"".join(parts).replace("-", "") for parts in (latin.parts, turned)}
    return "same" if _pinyin(han.parts[0]) in read else "unknown"
