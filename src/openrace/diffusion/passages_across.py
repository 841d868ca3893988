"""An English and a Chinese print of one statement, cut into the clauses that tell the same.

    clauses of each ─▶ what each pair shares, by a dictionary's glosses, numbers and names
                    ─▶ the clauses that belong together: a passage ─▶ how much of it both tell

A clause without a counterpart is an elision: nothing follows from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from openrace.diffusion.items import Item, items_of
from openrace.scripts import to_simplified
from openrace.wordings.glosses import Gloss, gloss_words, stems_of, weight_of_stem

HEAVIEST = 7.0  # a word that the dictionary has once tells no more than a rare one
UNTOLD = 4.0  # what a word without a counterpart tells at most: the dictionary may only lack the sense
FACT = 6.0  # what a number, a name or a Latin word inside Chinese tells
LEAST_SHARED = 4.0  # for two clauses to belong together
_MARKS = r",.!?;:，。！？；：…\n—–"
_ENDS = tuple(".!?;。！？；…\n")
_CLAUSE = re.compile(rf"[^{_MARKS}]*(?:[,.:](?=\w)[^{_MARKS}]*)*")
_ASIDE = re.compile(r"\[[^\[\]]*\]|\([^()]*\)|（[^（）]*）|【[^【】]*】")
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9.-]+")


class Clause(NamedTuple):
    """A clause: its stems in English, its words with their meanings in Chinese, and its items."""

    text: str
    stems: frozenset[str]  # of a Chinese clause those of the Latin words in it
    words: tuple[Gloss, ...]
    items: tuple[Item, ...]
    sentence: int  # its number in the wording

    @property
    def facts(self) -> frozenset[str]:
        """The keys of its numbers and names."""
        return frozenset(item.key for item in self.items if item.kind in ("number", "name"))


class ClausePair(NamedTuple):
    """Clauses of an English and of a Chinese print that belong together."""

    english: tuple[Clause, ...]
    chinese: tuple[Clause, ...]

    @property
    def stems(self) -> frozenset[str]:
        """The stems of the English side."""
        return frozenset[str]().union(*(clause.stems for clause in self.english))

    @property
    def meanings(self) -> frozenset[str]:
        """The stems of all that the words of the Chinese side can mean."""
        words = (word.stems for clause in self.chinese for word in clause.words)
        return frozenset[str]().union(*words, *(clause.stems for clause in self.chinese))

    def coverage(self, english: Iterable[str] = (), chinese: Iterable[str] = ()) -> float:
        """Return the share of what one side tells that the other tells too, of the side less told.

        The words `english` and `chinese`, which differ, are left out of it.
        """
        but = stems_of(" ".join(english))
        return min(_english_coverage(self, but), _chinese_coverage(self, "".join(chinese)))


@lru_cache(maxsize=1 << 10)
def english_clauses(text: str) -> tuple[Clause, ...]:
    """Return the clauses of an English wording; what stands in brackets is left out."""
    return tuple(Clause(part, stems_of(part), (), items_of(part), n) for n, part in _clauses(text))


@lru_cache(maxsize=1 << 10)
def chinese_clauses(text: str) -> tuple[Clause, ...]:
    """Return the clauses of a Chinese wording, simplified; what stands in brackets is left out."""
    return tuple(
        Clause(part, stems_of(" ".join(_LATIN.findall(part))), tuple(gloss_words(part)), items_of(part), n)
        for n, part in _clauses(to_simplified(text))
    )


def _clauses(text: str) -> Iterator[tuple[int, str]]:
    """Yield the clauses of a text and the number of the sentence in which each stands."""
    sentence, text = 0, _ASIDE.sub(" ", text)
    for found in _CLAUSE.finditer(text):
        if part := found.group().strip():
            yield sentence, part
        sentence += text[found.end() : found.end() + 1] in _ENDS


def passages(english: str, chinese: str) -> list[ClausePair]:
    """Return the passages of two prints: clauses each of which fits another of them best."""
    left, right = english_clauses(english), chinese_clauses(chinese)
    shared = {(i, j): _shared(left[i], right[j]) for i, j in product(range(len(left)), range(len(right)))}
    pairs = {_best(shared, [(i, j) for i in range(len(left))]) for j in range(len(right))}
    pairs |= {_best(shared, [(i, j) for j in range(len(right))]) for i in range(len(left))}
    return [
        ClausePair(tuple(left[i] for i in sorted(ours)), tuple(right[j] for j in sorted(theirs)))
        for ours, theirs in _groups(sorted(pair for pair in pairs if pair))
    ]


def _groups(pairs: Iterable[tuple[int, int]]) -> list[tuple[set[int], set[int]]]:
    """Return the clauses that the pairs join, directly or by way of others."""
    groups: list[tuple[set[int], set[int]]] = []
    for i, j in pairs:
        together = [group for group in groups if i in group[0] or j in group[1]]
        groups = [group for group in groups if group not in together]
        groups.append(({i}.union(*(g[0] for g in together)), {j}.union(*(g[1] for g in together))))
    return groups


def _best(shared: dict[tuple[int, int], float], pairs: list[tuple[int, int]]) -> tuple[int, int] | None:
    best = max(pairs, key=lambda pair: (shared[pair], pair), default=None)
    return best if best and shared[best] >= LEAST_SHARED else None


def _shared(english: Clause, chinese: Clause) -> float:
    told = sum(_told(word, english.stems) for word in chinese.words)
    return told + FACT * (len(chinese.stems & english.stems) + len(english.facts & chinese.facts))


def _told(word: Gloss, stems: frozenset[str]) -> float:
    return max((_weight(stem) for stem in word.stems & stems), default=0.0)


def _weight(stem: str) -> float:
    return min(weight_of_stem(stem), HEAVIEST)


def _english_coverage(passage: ClausePair, but: frozenset[str]) -> float:
    theirs, known = _facts(passage.chinese), passage.meanings
    facts = [item for clause in passage.english for item in clause.items if item.key in clause.facts]
    named = {stem for item in facts if item.key in theirs for stem in stems_of(item.text)}
    told = sum(_weight(stem) for stem in sorted(passage.stems) if stem in known or stem in named)
    untold = sum(min(_weight(stem), UNTOLD) for stem in sorted(passage.stems - known - named - but))
    return _share(told, untold, facts, theirs)


def _chinese_coverage(passage: ClausePair, but: str) -> float:
    theirs, stems = _facts(passage.english), passage.stems
    told = untold = 0.0
    for clause in passage.chinese:
        told += FACT * len(clause.stems & stems)
        untold += FACT * len(clause.stems - stems)
        for word in clause.words:
            best = _told(word, stems)
            told += best
            left_out = best or word.word in but
            untold += 0 if left_out else min(sum(map(_weight, sorted(word.stems))) / len(word.stems), UNTOLD)
    facts = [item for clause in passage.chinese for item in clause.items if item.key in clause.facts]
    return _share(told, untold, facts, theirs)


def _facts(clauses: Iterable[Clause]) -> frozenset[str]:
    return frozenset[str]().union(*(clause.facts for clause in clauses))


def _share(told: float, untold: float, facts: Iterable[Item], theirs: frozenset[str]) -> float:
    """Return the share that is told, like numbers counted too: another number is what is looked for."""
    told += FACT * sum(item.kind == "number" and item.key in theirs for item in facts)
    return told / (told + untold) if told else 0.0
