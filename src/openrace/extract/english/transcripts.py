"""Interviews and debates set as a transcript: each turn a paragraph, with its speaker and a colon in front.

    LINDQVIST: The ice came early.
    Kaveh Sorin: It always does.

Two such paragraphs make a transcript. A label must look like a speaker ("Note:" and "Key points:" do not):
all in capitals, or a name that the text has elsewhere too, or one that begins with a known given name.
"""

from __future__ import annotations

from collections import Counter

from openrace.extract.english.grammar import NAME, pattern
from openrace.extract.english.sentences import Sentence, Text
from openrace.extract.english.uncued_quotations import Attribution
from openrace.extract.english.wordclass import GIVEN_NAMES

_LABEL = pattern(r"({NAME}{1,4})(?:{OPEN}{^OPEN CLOSE}*{CLOSE})?{COLON}(?={^QUOTATION})")
TURN = 0.95  # set by hand: the training articles have three transcripts


def transcript_turns(text: Text) -> list[Attribution]:
    """The turns of `text` where it is a transcript: the words after each label are its speaker's."""
    named = Counter(t.low for t in text.tokens if t.cls == NAME)
    turns = []
    for index, sentence in enumerate(text.sentences):
        label = _LABEL.match(sentence.classes) if sentence.starts_paragraph else None
        if label and _is_speaker(text, sentence, label.end(1), named):
            turns.append(_turn(text, index, label.end(1), label.end()))
    return turns if len(turns) > 1 else []


def _is_speaker(text: Text, sentence: Sentence, end: int, named: Counter[str]) -> bool:
    tokens = [text.tokens[i] for i in sentence.first[:end]]
    written = text.text[tokens[0].start : tokens[-1].end]
    if len(written) < 3:
        return False
    return written.isupper() or named[tokens[-1].low] > 1 or tokens[0].low in GIVEN_NAMES


def _turn(text: Text, index: int, name_end: int, start: int) -> Attribution:
    sentence = text.sentences[index]
    last = index
    while last + 1 < len(text.sentences) and not text.sentences[last + 1].starts_paragraph:
        last += 1
    return Attribution(
        content=[(sentence.first[start], text.sentences[last].last[-1])],
        cue=(sentence.first[start - 1], sentence.last[start - 1]),
        source=(sentence.first[0], sentence.last[name_end - 1]),
        probability=TURN,
        source_probability=1.0,
        quoted=False,
        reason=f"a turn of a transcript, with its speaker in front ({TURN:.2f})",
        sentences=list(range(index, last + 1)),
    )
