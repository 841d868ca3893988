"""One utterance that families report in two languages, as one line: the readers' own leads.

Only what a list holds anyway is put together: what a page shows must make it dirty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from openrace.site.family_line import FamilyLine

T = TypeVar("T")


def in_one_line(lines: Iterable[FamilyLine], language: str) -> list[FamilyLine]:
    """Return `lines`, those of one utterance as one where the first of them stood.

    What is in `language` (ISO 639-1) leads; beside it are the words that most outlets carried in another.
    """
    return one_of_each(lines, language, lambda line: line, lambda _, line: line)


def one_of_each(
    items: Iterable[T],
    language: str,
    line_of: Callable[[T], FamilyLine],
    with_line: Callable[[T, FamilyLine], T],
) -> list[T]:
    """Do the same for items that hold a line each."""
    lines = {line_of(item).family: (line_of(item), item) for item in items}
    place = {family: number for number, family in enumerate(lines)}
    shown: list[T] = []
    for family in place:
        if family not in lines:
            continue
        line, item = lines.pop(family)
        if line.same_utterance:
            near = sorted(lines.keys() & set(line.same_utterance), key=place.__getitem__)
            lead = next((f for f in near if lines[f][0].is_for_readers_of(language)), None)
            if lead and not line.is_for_readers_of(language):
                lines[family] = (line, item)
                line, item = lines.pop(lead)
            others = [
                lines.pop(f)[0] for f in line.same_utterance if f in lines and in_two(line, lines[f][0])
            ]
            item = with_line(item, beside(line, others)) if others else item
        shown.append(item)
    return shown


def beside(line: FamilyLine, others: Sequence[FamilyLine]) -> FamilyLine:
    """Return `line` with the words beside it of that one of `others` which most outlets carried.

    Who had it first is certain only where none of them is earlier, or may be.
    """
    other = min(others, key=lambda it: (-it.outlets, it.kind, it.family))
    first = line.first_is_certain and all(line.when < it.when[: len(line.when)] for it in others if it.when)
    return line._replace(
        other=other.words,
        other_outlets=other.outlets,
        other_address=other.address,
        first_is_certain=first,
    )


def in_two(one: FamilyLine, other: FamilyLine) -> bool:
    """Whether their words are in two languages."""
    return (one.words.language or "")[:2] != (other.words.language or "")[:2]
