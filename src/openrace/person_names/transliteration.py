"""Whether a Chinese rendering may be of a foreign name: by the consonants that both have when read aloud.

    托贝罗夫 ─ pinyin ─▶ tuo bei luo fu ─▶ TPLF ◀─ spelling ─ Toberoff

Chinese writes l and r alike, b and p, d and t, and it puts a syllable for each consonant in a row, so that
only classes of consonants compare. Likeness is no proof: names are offered by it, and never told.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from openrace.person_names.parse import fold
from openrace.scripts import has_han

ALIKE = 0.75  # likeness from which a name is worth a look
SHORTEST = 3  # consonants: with fewer, too many names read alike

# What letters read as, the longest first; what is in neither list is a vowel or silent.
_SPELT = (
    ("sch tch sh ch zh cz ts tz ds ss zz s z j", "S"),
    ("ck cc qu kk gg k q g c", "K"),
    ("ph ff wh f v w", "F"),
    ("ll rr rh l r", "L"),
    ("bb pp b p", "P"),
    ("dd tt d t", "T"),
    ("nn kn n", "N"),
    ("mm m", "M"),
    ("x", "KS"),
    ("h", "H"),
)
_READ = (
    ("zh ch sh z c s x q j", "S"),
    ("g k", "K"),
    ("b p", "P"),
    ("d t", "T"),
    ("f w", "F"),
    ("l r", "L"),
    ("m", "M"),
    ("n", "N"),
    ("h", "H"),
)
_SOFT_C = re.compile("c(?=[eiy])")
_NASAL = re.compile("m(?=[bp])")  # Trump, 特朗普
_SILENT = re.compile("gh|(?<=[aeiou])[hw](?![aeiou])|(?<=[^e])e$")
_DROPPED_R = re.compile("(?<=[aeiouy])r(?![aeiouyr])")  # Starmer, 斯塔默; but Barkin, 巴尔金
_INNER_TH = re.compile("(?<=.)th")  # Hegseth, 赫格塞思; but Thomas, 托马斯
_HARD_J = re.compile("^j(?=in?g?$|ia$)")  # Zelensky, 泽连斯基; Gartman, 加特曼


def _classes(lists: tuple[tuple[str, str], ...]) -> tuple[re.Pattern[str], dict[str, str]]:
    known = {letters: sound for several, sound in lists for letters in several.split()}
    longest_first = sorted(known, key=lambda letters: (-len(letters), letters))
    return re.compile("|".join(longest_first)), known


_SPELT_PATTERN, _SPELT_CLASS = _classes(_SPELT)
_READ_PATTERN, _READ_CLASS = _classes(_READ)


@lru_cache(maxsize=1 << 16)
def consonants_of(name: str) -> str:
    """Return the classes of the consonants of a foreign surname, in Latin letters or as Chinese writes it.

    >>> consonants_of("Toberoff"), consonants_of("托贝罗夫")
    ('TPLF', 'TPLF')
    """
    return _of_syllables(name) if has_han(name) else _of_letters(fold(name))


def _of_letters(spelt: str) -> str:
    spelt = _SOFT_C.sub("s", _INNER_TH.sub("s", spelt).replace("th", "t"))
    spelt = _NASAL.sub("n", _SILENT.sub("", spelt))
    return "".join(_SPELT_CLASS[found] for found in _SPELT_PATTERN.findall(spelt))


def _of_syllables(han: str) -> str:
    return "".join(map(_of_syllable, syllables(han)))


def _of_syllable(read: str) -> str:
    if read == "er":
        return "L"
    initial = _READ_PATTERN.match(_HARD_J.sub("g", read))
    first = _READ_CLASS[initial.group()] if initial else ""
    ending = read[len(initial.group()) if initial else 0 :]
    return first + ("N" if ending.endswith(("n", "ng")) else "")


def syllables(han: str) -> tuple[str, ...]:
    """Return how Chinese characters are read, a syllable each, without tones."""
    from pypinyin import lazy_pinyin  # 0.2 s to load, and few runs need it

    return tuple(lazy_pinyin(han))


def sound_alike(han: str, latin: str) -> float:
    """Return how alike two surnames read: 0 to 1; 0 where too few consonants are there to compare."""
    read = consonants_of(han)
    if len(read) < SHORTEST:
        return 0.0
    return max(
        (
            Levenshtein.normalized_similarity(read, spelt)
            for spelt in _spellings(latin)
            if len(spelt) >= SHORTEST
        ),
        default=0.0,
    )


@lru_cache(maxsize=1 << 16)
def _spellings(latin: str) -> frozenset[str]:
    """Return the consonants of a Latin surname with and without an r that many do not speak."""
    return frozenset((consonants_of(latin), consonants_of(_DROPPED_R.sub("", fold(latin)))))
