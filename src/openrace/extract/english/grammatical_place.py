"""The grammatical place of a mention: whether it acts, speaks, owns or is acted on."""

from __future__ import annotations

from openrace.extract.english.grammar import (
    AND,
    ANY_VERB,
    COMMA,
    DET,
    ING,
    NAME,
    NOUN,
    NUMBER,
    OTHER,
    PAST_OR_PRESENT,
    POSSESSIVE,
    PREPOSITION,
    QUOTATION,
    ROLE,
    WHO,
    pattern,
)
from openrace.extract.english.source_phrases import Phrase, is_subject

_BEFORE_NAME = NAME + NOUN + ROLE + NUMBER + DET + OTHER + POSSESSIVE
_SPEAKS = pattern(
    "({OF PREP}{NOUN_PHRASE AND}+)* ({COMMA}{^COMMA QUOTATION}{1,24}{COMMA} | {OPEN}{^CLOSE}{1,12}{CLOSE})?"
    "{ADVERB TIME AUX BE}*{PAST_OR_PRESENT}"
)


def place_of(classes: str, first: int, last: int) -> str:
    """Return the grammatical place of units: speaker, subject, object, owner, ruled or other."""
    after = classes[last + 1 : last + 2]
    if after == POSSESSIVE:
        return "owner"
    while first and classes[first - 1] in _BEFORE_NAME:
        first -= 1  # "said the harbour chief Mara Lindqvist"
    before = classes[first - 1] if first else ""
    if before == COMMA and classes[last + 1 : last + 3] == COMMA + AND:
        return "other"  # one of a list
    if before == WHO and classes[first] == NAME:
        return "other"  # "the bill, which Vance wrote"
    if before and before in PAST_OR_PRESENT and (QUOTATION in classes[:first] or after in (".", "")):
        return "speaker"
    if is_subject(classes, Phrase(first, last)):
        return "speaker" if _SPEAKS.match(classes, last + 1) else "subject"
    if before and before in PREPOSITION:
        return "ruled"
    return "object" if before and before in ANY_VERB + ING else "other"
