"""Chinese text cut into words with their classes, and which words are common ones.

The only module that knows rjieba. It is loaded by the first mention that is looked at, not by an import.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from openrace.scripts import to_simplified

# Classes of the tagger that say nothing of who is named: persons, places, organisations, other names
_NAMES = frozenset("nr nrt nrfg ns nt nz j x eng".split())


_LONGEST_PART = 4  # characters that are looked for in a longer word
_SPLIT = 2  # characters of a word that may be two words by chance
_AROUND = 3  # characters before and behind them that the word may have


class Word(NamedTuple):
    """A word of a phrase, its class as the tagger calls it, and whether its dictionary has the word."""

    text: str
    word_class: str
    is_known: bool

    @property
    def is_common(self) -> bool:
        """Whether this is a word of the language and no name."""
        return self.is_known and self.word_class not in _NAMES

    @property
    def is_nominal(self) -> bool:
        """Whether this is a noun of the dictionary or a name, also one that it has not."""
        return self.word_class in _NAMES or (self.is_known and self.word_class in ("n", "l"))


@lru_cache(maxsize=1 << 15)
def words_of(phrase: str) -> tuple[Word, ...]:
    """Return the words of a phrase in simplified script, in order."""
    import rjieba

    return tuple(
        Word(text, word_class, len(rjieba.cut(text, False)) == 1) for text, word_class in rjieba.tag(phrase)
    )


@lru_cache(maxsize=1 << 15)
def _known_word_around(window: str, start: int, end: int, crossing: bool) -> int:
    """Return how long the word of the dictionary is that has `window[start:end]` in it; 0 for none."""
    import rjieba

    place = 0
    for word in rjieba.cut(window, False):
        behind = place + len(word)
        if place <= start and end <= behind:
            return len(word)
        if crossing and start < place < end < behind:
            return behind - start  # 高通, of which a word goes on: 高/通胀
        place = behind
    return 0


def _length_around(text: str, start: int, end: int, crossing: bool = False) -> int:
    low = max(0, start - _AROUND)
    return _known_word_around(to_simplified(text[low : end + _AROUND]), start - low, end - low, crossing)


def is_inside_word(text: str, start: int, end: int) -> bool:
    """Return whether `text[start:end]`, in Han, is part of a longer word of the dictionary: 哈-萨克斯-坦."""
    length = end - start
    return length <= _LONGEST_PART and _length_around(text, start, end, length == _SPLIT) > length


def splits_word(text: str, at: int) -> bool:
    """Return whether a word of the dictionary of three characters or more goes on over `at`: 共-和党."""
    return 0 < at < len(text) and _length_around(text, at - 1, at + 1) > _SPLIT


def is_common_word(phrase: str) -> bool:
    """Return whether `phrase` is, whole, a word of the language that names nobody."""
    words = words_of(phrase)
    return len(words) == 1 and words[0].is_common
