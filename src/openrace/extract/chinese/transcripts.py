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
from openrace.extract.chinese.quotations import FULL, MaskedText, trim
from openrace.extract.chinese.source_phrases import SourcePhrase, read_noun_phrase
from openrace.records import Span

_LABEL_RE = re.compile(rf"^[ \t\u3000]*([^{patterns.STOP}“”「」\"《》]{{1,20}})[：:](?=[^\n/])", re.M)
_PARAGRAPH_RE = re.compile(r"[^\n]+")
_FIRST_PERSON_RE = re.compile("我")
_LEAST_TURNS = 2


class Turn(NamedTuple):
    """One turn: its label, who that names (None: 答), the paragraphs, and whether the outlet asks in it."""

    label: Span
    speaker: SourcePhrase | None
    paragraphs: tuple[Span, ...]
    is_question: bool


def find_turns(page: MaskedText) -> list[Turn]:
    """Return the turns of `page` in order; none where its labels make no conversation."""
    labels = [match for match in _LABEL_RE.finditer(page.masked) if _is_label(page, match)]
    counts = Counter(match[1].strip() for match in labels)
    labels = [match for match in labels if counts[match[1].strip()] > 1 or _is_role(match[1].strip())]
    if len(labels) < _LEAST_TURNS or len({match[1].strip() for match in labels}) < 2:
        return []
    asking = _asking_labels(page, labels)
    return [*_turns(page, labels, asking)]


def _is_role(label: str) -> bool:
    return bool(patterns.QUESTION_LABEL_RE.search(label) or patterns.ANSWER_LABEL_RE.fullmatch(label))


def _is_label(page: MaskedText, match: re.Match[str]) -> bool:
    if _is_role(match[1].strip()):
        return True
    phrase = read_noun_phrase(page.text, page.masked, *match.span(1))
    return phrase is not None and match[1].strip() not in patterns.NO_LABELS


def _asking_labels(page: MaskedText, labels: list[re.Match[str]]) -> set[str]:
    """Return the labels of the outlet: 记者, 问, and bodies most of whose turns end with a question mark."""
    asked: dict[str, list[bool]] = defaultdict(list)
    for match in labels:
        newline = page.text.find("\n", match.end())
        line = page.text[match.end() : newline if newline > 0 else None].rstrip()
        asked[match[1].strip()].append(line.endswith(("？", "?")))
    asking = {label for label, ends in asked.items() if 2 * sum(ends) > len(ends)}
    return {label for label in asked if patterns.QUESTION_LABEL_RE.search(label) or label in asking}


def _turns(page: MaskedText, labels: list[re.Match[str]], asking: set[str]) -> Iterator[Turn]:
    starts = [match.start(1) for match in labels[1:]] + [len(page.text)]
    for match, end in zip(labels, starts, strict=True):
        label = match[1].strip()
        is_last = end == len(page.text)
        speaker = read_noun_phrase(page.text, page.masked, *match.span(1)) if not _is_role(label) else None
        paragraphs = tuple(_paragraphs(page, match.end(), end, is_last))
        if paragraphs:
            asks = label in asking and (speaker is None or speaker.kind not in ("person", "surname"))
            yield Turn(Span(*match.span(1)), speaker, paragraphs, asks)


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
