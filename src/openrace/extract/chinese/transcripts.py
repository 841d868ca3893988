"""Interviews set as a transcript: each turn opens with a label and a colon, and may have several paragraphs.

    问：停电那天您在做什么？          云岭社记者：对此有何评论？        Q：……
    答：先把锅刷干净。                韩霁月：答复昨天已经发布。        A：……

The outlet's questions are turns too, so that an answer ends before them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from openrace.extract.chinese import patterns
from openrace.extract.chinese.name_edges import read_mention
from openrace.extract.chinese.name_shapes import is_person
from openrace.extract.chinese.noun_phrases import SourcePhrase
from openrace.extract.chinese.quotations import FULL, MaskedText, trim
from openrace.records import Span

_LABEL_RE = re.compile(rf"^[ \t\u3000]*([^{patterns.STOP}“”「」\"《》]{{1,20}})[：:](?=[^\n/])", re.M)
_PARAGRAPH_RE = re.compile(r"[^\n]+")
_LATIN_RE = re.compile("[A-Za-z]{2}")
_FIRST_PERSON_RE = re.compile("我")
_LEAST_TURNS = 2


class InterviewTurn(NamedTuple):
    """One turn: its label, who that names (None: 答), the paragraphs, and whether the outlet asks in it."""

    label: Span
    speaker: SourcePhrase | None
    paragraphs: tuple[Span, ...]
    is_question: bool


def find_turns(page: MaskedText) -> list[InterviewTurn]:
    """Return the turns of `page` in order; none where its labels make no conversation."""
    matches = [match for match in _LABEL_RE.finditer(page.masked) if _may_be_label(match[1].strip())]
    counts = Counter(match[1].strip() for match in matches)
    asking = _asking_labels(page, matches)
    labels = [match for match in matches if _is_label(page, match, counts, asking)]
    if len(labels) > 1:  # full names between turns are turns, though each stands there once
        turns = {match.start() for match in labels}
        between = [m for m in matches if labels[0].start() <= m.start() <= labels[-1].start()]
        labels = between if all(m.start() in turns or is_person(m[1].strip()) for m in between) else labels
    if len(labels) < _LEAST_TURNS or len({match[1].strip() for match in labels}) < 2:
        return []
    return [*_turns(page, labels, asking)]


def _is_role(label: str) -> bool:
    return bool(patterns.QUESTION_LABEL_RE.search(label) or patterns.ANSWER_LABEL_RE.fullmatch(label))


def _may_be_label(label: str) -> bool:
    return _is_role(label) or (label not in patterns.NO_LABELS and patterns.CUE_RE.search(label) is None)


def _is_label(page: MaskedText, match: re.Match[str], counts: Counter[str], asking: set[str]) -> bool:
    """Whether it is 问 or 答, or stands in front of several lines and names a person or one who asks."""
    label = match[1].strip()
    return _is_role(label) or (counts[label] > 1 and (label in asking or _named_by(page, match) is not None))


def _named_by(page: MaskedText, match: re.Match[str]) -> SourcePhrase | None:
    """The person whom a label names; the whole label where it is in Latin letters (王幸Doreen)."""
    phrase = read_mention(page.text, page.masked, *match.span(1))
    if phrase is None or phrase.kind in ("person", "surname"):
        return phrase
    span = trim(page.text, *match.span(1))
    label = page.text[span.start : span.end]
    is_latin = _LATIN_RE.search(label) is not None and not label.isupper()
    return SourcePhrase("person", label, span) if is_latin else None


def _asking_labels(page: MaskedText, labels: list[re.Match[str]]) -> set[str]:
    """Return the labels most of whose turns end with a question mark, and those that say so: 问, 记者."""
    asked: dict[str, list[bool]] = defaultdict(list)
    for match in labels:
        newline = page.text.find("\n", match.end())
        line = page.text[match.end() : newline if newline > 0 else None].rstrip()
        asked[match[1].strip()].append(line.endswith(("？", "?")))
    return {
        label
        for label, ends in asked.items()
        if patterns.QUESTION_LABEL_RE.search(label) or 2 * sum(ends) > len(ends)
    }


def _turns(page: MaskedText, labels: list[re.Match[str]], asking: set[str]) -> Iterator[InterviewTurn]:
    ends = [match.start(1) for match in labels[1:]] + [len(page.text)]
    for match, end in zip(labels, ends, strict=True):
        label = match[1].strip()
        speaker = None if _is_role(label) else _named_by(page, match)
        paragraphs = tuple(_paragraphs(page, match.end(), end, is_last=match is labels[-1]))
        if paragraphs:
            yield InterviewTurn(
                Span(*match.span(1)), speaker, paragraphs, label in asking and speaker is None
            )


def _paragraphs(page: MaskedText, start: int, end: int, is_last: bool) -> Iterator[Span]:
    """Yield the paragraphs of one turn without headings, credits and what follows the last answer."""
    for index, match in enumerate(_PARAGRAPH_RE.finditer(page.text, start, end)):
        span = trim(page.text, *match.span())
        if span.start >= span.end:
            continue
        if index and (page.text[span.end - 1] not in FULL + "”」" or patterns.FURNITURE_RE.search(match[0])):
            if is_last:
                return
            continue
        if index and is_last and _FIRST_PERSON_RE.search(match[0]) is None:
            return
        yield span
