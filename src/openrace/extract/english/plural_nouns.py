"""Forms in -s that are nouns and no verbs: "the ministry and states pay", "harbour notes rallied after"."""

from __future__ import annotations

from collections.abc import Sequence

from openrace.extract.english.grammar import (
    ADVERB,
    AND,
    AUX,
    BE,
    COLON,
    DET,
    ED,
    INDEFINITE,
    NAME,
    NUMBER,
    PREPOSITION,
    PRONOUN,
    QUOTATION,
    ROLE,
    THAT,
    WHO,
)
from openrace.extract.english.reporting_words import NOUN_CUES

# more often nouns than verbs; as verbs they are followed by what they state, or put in marks
_MOSTLY_NOUNS = frozenset("states volunteers addresses".split())
_MOSTLY_LABELS = frozenset("brands labels terms casts frames".split())
_MAYBE_PLURALS = NOUN_CUES | {"notes"}
_SIZES = frozenset("estimates forecasts projects".split())
_SIZED = frozenset(PREPOSITION + ED)
_OPENS_STATEMENT = frozenset(THAT + QUOTATION + COLON + PRONOUN + INDEFINITE + DET)
_FINITE = frozenset(AUX + BE + ED)
_SPEAKS = frozenset([ROLE, PRONOUN, WHO])
_RESTS_ON = frozenset(PREPOSITION + NUMBER + ADVERB)  # what may follow "notes rallied"


def is_plural_noun(word: str, classes: Sequence[str], i: int) -> bool:
    """Whether `word`, a form of a reporting verb at unit `i`, is a noun in the plural."""
    after = classes[i + 1] if i + 1 < len(classes) else ""
    if word in _MOSTLY_LABELS:
        return QUOTATION not in classes
    if word in _MOSTLY_NOUNS:
        joined = i > 0 and classes[i - 1] == AND and after != THAT
        return joined or after not in _OPENS_STATEMENT
    if word in _SIZES and after in _SIZED:
        return True  # "missed the street's estimates for the year"
    if word not in _MAYBE_PLURALS or not word.endswith("s") or after not in _FINITE:
        return False
    before = classes[i - 1] if i else ""
    if before in _SPEAKS or (before == NAME and after != ED):
        return False  # "the pump, which the startup claims will hold"
    return after != ED or (classes[i + 2] if i + 2 < len(classes) else "") in _RESTS_ON
