"""Advice set as a list: "The Harbour Watch recommends:", and an item on each of the lines below."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, islice

from openrace.extract.english.grammar import CLOSE, COLON, DASH, NUMBER, OPEN, OTHER, STOP
from openrace.extract.english.selection import Reading, may_speak
from openrace.extract.english.sentences import Sentence, Text
from openrace.extract.english.source_phrases import extend
from openrace.extract.english.uncued_quotations import Attribution, Range

LISTED = 0.85  # set by hand: too few to measure
_ADVISING = frozenset("recommend suggest propose advise urge demand advocate".split())
_BULLET = NUMBER + STOP + OTHER + DASH + OPEN + CLOSE
_LEAST = 2  # items
_MOST = 20


def listed_advice(text: Text, index: int, readings: list[Reading]) -> Attribution | None:
    """Return what sentence `index` recommends in the list right below it, or None."""
    sentence = text.sentences[index]
    if not sentence.ends_paragraph or not sentence.classes.endswith(COLON):
        return None
    for reading in readings:
        source, cue = reading.source, reading.cue
        if cue.lemma not in _ADVISING or source is None or not may_speak(text, sentence, source):
            continue
        items = list(islice(_items(text, index), _MOST))
        if len(items) < _LEAST:
            return None
        source = extend(sentence, source, cue.first if source.last < cue.first else len(sentence.classes))
        last = next(i for i in range(index, len(text.sentences)) if _holds(text.sentences[i], items[-1][1]))
        return Attribution(
            content=items,
            cue=(sentence.first[cue.first], sentence.last[cue.last]),
            source=(sentence.first[source.first], sentence.last[source.last]),
            probability=LISTED,
            source_probability=reading.source_probability,
            quoted=False,
            reason=f"a list behind a colon ({LISTED:.2f})",
            sentences=list(range(index, last + 1)),
        )
    return None


def _items(text: Text, index: int) -> Iterator[Range]:
    """Yield the tokens of each line of the list behind sentence `index`, its bullets left out."""
    following = (text.sentences[i] for i in range(index + 1, len(text.sentences)))
    for _, group in groupby(following, key=lambda sentence: sentence.paragraph):
        line = list(group)
        first, last = line[0].first[0], line[-1].last[-1]
        start = first
        while start < last and text.tokens[start].cls in _BULLET:
            start += 1
        if start == first:
            return
        yield start, last


def _holds(sentence: Sentence, token: int) -> bool:
    return sentence.last[-1] >= token
