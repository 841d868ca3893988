"""The words that decide whether two languages say the same, as words_across.toml has them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from openrace.story import MeaningKind
from openrace.wordings.glosses import stem_of, word_boundaries
from openrace.wordings.normalise import words

_TABLES: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


_NO = re.compile("不(?:太|大|会)?$")  # 不太可能 is no doubt


@lru_cache(maxsize=1 << 10)
def _stemmed(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((word, stem_of(word)) for word in words(text))


class Sense(NamedTuple):
    """The words of one sense in both languages: English stems and phrases, Han words."""

    stems: frozenset[str]
    phrases: tuple[str, ...]
    han: tuple[str, ...]

    def in_english(self, text: str) -> tuple[str, ...]:
        """Return the words of `text` that have this sense."""
        found = [word for word, stem in _stemmed(text) if stem in self.stems]
        return (*found, *(p for p in self.phrases if re.search(rf"\b{p}\b", text, re.I)))

    def in_chinese(self, text: str) -> tuple[str, ...]:
        """Return the words of simplified `text` that have this sense: 要是, but not in 主要是."""
        bounds = word_boundaries(text)
        return tuple(
            word
            for word in self.han
            if word in text
            and any(
                {it.start(), it.end()} <= bounds and not _NO.search(text, 0, it.start())
                for it in re.finditer(word, text)
            )
        )


class Contrast(NamedTuple):
    """Two senses of which a sentence has one; a word of `neither` may stand for both."""

    kind: MeaningKind
    one: Sense
    other: Sense
    neither: Sense


class MissedSense(NamedTuple):
    """A sense whose loss says something else, and what a translator may put for it."""

    sure: Sense
    also: Sense


def _listed(text: str) -> tuple[str, ...]:
    return tuple(word for word in text.replace("\n", " ").strip().split(", ") if word)


def _sense(row: Mapping[str, str]) -> Sense:
    stems = frozenset(stem_of(word.rstrip(",")) for word in _listed(row.get("english", "")))
    return Sense(stems, _listed(row.get("phrases", "")), tuple(row.get("han", "").split()))


@cache
def contrasts() -> tuple[Contrast, ...]:
    """Return the pairs of senses that exclude each other."""
    return tuple(
        Contrast(row["kind"], _sense(row["one"]), _sense(row["other"]), _sense(row.get("neither", {})))
        for row in _TABLES["contrast"]
    )


@cache
def mentions() -> tuple[MissedSense, ...]:
    """Return the senses that are missed where one side lacks them: a doubt, a condition."""
    return tuple(MissedSense(_sense(row["sure"]), _sense(row["also"])) for row in _TABLES["mention"])


@cache
def _excuses() -> tuple[dict[str, tuple[str, ...]], dict[str, frozenset[str]]]:
    english = {stem_of(word): tuple(han.split()) for word, han in _TABLES["negative_english"].items()}
    chinese = {
        han: frozenset(map(stem_of, _listed(several))) for han, several in _TABLES["negative_han"].items()
    }
    return english, chinese


_NEGATIVE_PREFIX = re.compile(_TABLES["negative_prefix"].replace("\n", ""))
_NEGATING = re.compile(r"\b(?:not|no|non|nor|never|none|nothing|nobody|cannot)\b|n['’]t\b", re.I)
_NEGATIVE_CHARACTER = re.compile("[不没无未非毫勿莫]")
_NOT_NEGATIVE = re.compile("|".join(_TABLES["not_negative_han"].split()))


def may_say_no_in_english(text: str, chinese: str) -> bool:
    """Return whether an English text has a word, else untranslated, that may be a Chinese negation."""
    english, _ = _excuses()
    stems = {stem_of(word): word for word in words(text)}
    if _NEGATING.search(text) or any(map(_NEGATIVE_PREFIX.match, stems.values())):
        return True
    return any(stem in stems and not any(w in chinese for w in han) for stem, han in english.items())


def may_say_no_in_chinese(text: str, english: str) -> bool:
    """Return whether a Chinese text has a word, else untranslated, that may be an English negation."""
    _, chinese = _excuses()
    if _NEGATIVE_CHARACTER.search(_NOT_NEGATIVE.sub("", text)):
        return True
    stems = set(map(stem_of, words(english)))
    return any(word in text and stems.isdisjoint(theirs) for word, theirs in chinese.items())


NAMES: dict[str, dict[str, tuple[str, ...]]] = {
    kind: {latin: tuple(han.split()) for latin, han in rows.items()}
    for kind, rows in _TABLES["names"].items()
}
STANDS_FOR: dict[str, str] = _TABLES["stands_for"]
