"""Whom the site shows under one name: the speakers in Chinese whose utterances match those of one in English.

A name in Chinese characters that no list has (a bare surname, often) is shown as the English one where
several families match, all with names of one person: a namesake's single match joins nobody.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from openrace.person_names import same_person
from openrace.scripts import has_han, to_simplified
from openrace.store import translation_tables

FEWEST = 3  # families that match, for a name in several parts (杰罗姆·鲍威尔)
FEWEST_OF_SURNAME = 5  # the same for one that may be a surname alone (鲍威尔)
_MOST_OF_SURNAME = 4  # characters of such a name


def same_speakers(db: sqlite3.Connection) -> dict[str, str]:
    """Return names in Chinese characters, simplified, with the name or id of the same person in English."""
    matched: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name, other, families in translation_tables.matched_speakers(db):
        if has_han(name) and not has_han(other):
            matched[to_simplified(name)][other] += families
    return dict(sorted(_chosen(matched.items())))


def _chosen(matched: Iterable[tuple[str, Counter[str]]]) -> Iterator[tuple[str, str]]:
    for name, others in matched:
        fewest = FEWEST if len(name) > _MOST_OF_SURNAME or "·" in name else FEWEST_OF_SURNAME
        best = min(others, key=lambda other: (-others[other], other))
        if others.total() >= fewest and all(same_person(best, other) == "same" for other in others):
            yield name, best
