"""Whether two names are of one person or body: same, unknown or different."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import zip_longest
from typing import TYPE_CHECKING, Literal

from rapidfuzz.distance import DamerauLevenshtein

from openrace.person_names.name_words import PINYIN, PINYIN_SURNAMES
from openrace.person_names.parse import Name, parse_name
from openrace.scripts import pinyin

if TYPE_CHECKING:
    from nicknames import NickNamer

Relation = Literal["same", "unknown", "different"]

LONG_PART = 6  # letters: of shorter parts a wrong letter makes another name (Hansa, Hansen; Wang Yu, Wang Yi)
READ_ALIKE = 3  # Chinese syllables that read alike are one name; of two there are too many homophones


def same_person(a: str | None, b: str | None) -> Relation:
    """Compare two speakers as two texts name them.

    >>> same_person("Chief Scientist Okonjo", "Tobias Okonjo"), same_person("Wang Yu", "Wang Yi")
    ('same', 'different')
    >>> same_person("the minister", "Tobias Okonjo")
    'unknown'
    """
    return compare_names(parse_name(a), parse_name(b))


def name_key(name: Name) -> int:
    """Return a number that two mentions of one person have in common, of the surname; 0: nobody is named."""
    if not name.parts:
        return 0
    surname = name.parts[0] if _is_chinese(name.parts) else name.parts[-1]
    return zlib.crc32(surname.encode())


@lru_cache(maxsize=1 << 18)
def compare_names(a: Name, b: Name) -> Relation:
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
    found = _best(_compare_parts(x, y) for x in _orders(a.parts) for y in _orders(b.parts))
    if found == "same" and a.suffix != b.suffix and a.is_full and b.is_full:
        return "different" if a.suffix and b.suffix else "unknown"  # Trump and Trump Jr.
    return found


def _best(found: Iterable[Relation]) -> Relation:
    return min(found, key=("same", "unknown", "different").index)


def _is_chinese(parts: Sequence[str]) -> bool:
    """Return whether a name can have its surname first, as Chinese names in Latin letters have."""
    given = "".join(parts[1:]).replace("-", "")
    return 1 < len(parts) <= 3 and parts[0] in PINYIN_SURNAMES and PINYIN.fullmatch(given) is not None


def _orders(parts: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield a name with its surname last, for every part that may be the surname."""
    if _is_chinese(parts):
        yield ("".join(parts[1:]).replace("-", ""), parts[0])
        if parts[-1] not in PINYIN_SURNAMES:
            return
    yield parts


def _compare_parts(a: tuple[str, ...], b: tuple[str, ...]) -> Relation:
    """Compare two names whose surname is last."""
    given = _compare_given(a[:-1], b[:-1]) if len(a) > 1 and len(b) > 1 else None
    if a[-1] == b[-1]:
        return given or "same"
    if set(a) == set(b):
        return "same"
    if given is None:
        shares = bool(set(a) & set(b)) or _is_part(a[-1], b[-1]) or _one_slip(a[-1], b[-1])
        return "unknown" if shares else "different"
    if given == "same" and _one_slip(a[-1], b[-1]):
        return "same" if a[0] == b[0] and len(a[0]) > 1 else "unknown"
    if given == "same" and (_is_part(a[-1], b[-1]) or a[-1] in b or b[-1] in a):
        return "unknown"  # a surname of two words, or a second one
    return "different"


def _compare_given(a: Sequence[str], b: Sequence[str]) -> Relation:
    """Compare given and middle names, in order; an initial stands for any name that begins with it."""
    if _alike(a[0], b[0]):
        both = zip_longest(a[1:], b[1:], fillvalue="")
        return "same" if all(not x or not y or _alike(x, y) for x, y in both) else "different"
    if "".join(a).replace("-", "") == "".join(b).replace("-", ""):
        return "same"
    for x, y in ((a, b), (b, a)):
        if len(x) > 1 and y[0] in x[1:]:  # goes by the middle name
            return "same" if len(x[0]) == 1 else "unknown"
    return "same" if _one_slip(a[0], b[0]) else "different"


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


def _one_slip(a: str, b: str) -> bool:
    """Return whether two long parts differ by one letter more, less, other or two swapped; not the first."""
    long = min(len(a), len(b)) >= LONG_PART and not (PINYIN.fullmatch(a) and PINYIN.fullmatch(b))
    return long and a[0] == b[0] and DamerauLevenshtein.distance(a, b, score_cutoff=1) <= 1


def _compare_acronym(acronym: Name, name: Name) -> Relation:
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
    return DamerauLevenshtein.distance(a, b, score_cutoff=1) <= 1 or pinyin(a) == pinyin(b)


def _across_scripts(a: Name, b: Name) -> Relation:
    """Compare a name in Chinese characters with one in Latin letters: only by how a Chinese name is read."""
    han, latin = (a, b) if a.han else (b, a)
    if len(han.parts) > 1 or not latin.is_full or len(han.parts[0]) < READ_ALIKE:
        return "unknown"
    turned = (*latin.parts[-1:], *latin.parts[:-1])
    read = {"".join(parts).replace("-", "") for parts in (latin.parts, turned)}
    return "same" if pinyin(han.parts[0]) in read else "unknown"
