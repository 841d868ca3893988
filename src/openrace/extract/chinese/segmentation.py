"""Chinese text cut into words with their classes, and which words are common ones.

The only module that knows rjieba. It is loaded by the first mention that is looked at, not by an import.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

# Classes of the tagger that say nothing of who is named: persons, places, organisations, other names
_NAMES = frozenset("nr nrt nrfg ns nt nz j x eng".split())


class Word(NamedTuple):
    """A word of a phrase, its class as the tagger calls it, and whether its dictionary has the word."""

    text: str
    word_class: str
    is_known: bool

    @property
    def is_common(self) -> bool:
        """Whether this is a word of the language and no name."""
        return self.is_known and self.word_class not in _NAMES


@lru_cache(maxsize=1 << 15)
def words_of(phrase: str) -> tuple[Word, ...]:
    """Return the words of a phrase in simplified script, in order."""
    import rjieba

    return tuple(
        Word(text, word_class, len(rjieba.cut(text, False)) == 1) for text, word_class in rjieba.tag(phrase)
    )


def is_common_word(phrase: str) -> bool:
    """Return whether `phrase` is, whole, a word of the language that names nobody."""
    words = words_of(phrase)
    return len(words) == 1 and words[0].is_common
