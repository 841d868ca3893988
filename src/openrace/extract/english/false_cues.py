"""Reporting words that report nothing where they stand: nouns, names, measures, comparisons."""

from __future__ import annotations

from openrace.extract.english.grammar import (
    CUE_VERB,
    NAME,
    PAST_OR_PRESENT,
    SAID,
    SAY,
    SAYING,
    SAYS,
    TO,
    pattern,
)
from openrace.extract.english.reporting_words import (
    CARRIERS,
    CUE_FORMS,
    DENIALS,
    DENYING_FORMS,
    NOUN_CUES,
    RECEIVING,
)
from openrace.extract.english.sentences import Sentence, Text

_SAYING_AFTER = pattern(r"{ADVERB}* (?:{SAYING} | {AUX}{ADVERB}*{SAID})")  # "denied ever having said"
_QUOTED = pattern(r"{NOUN_PHRASE PRONOUN INDEFINITE}{0,5}{BECAUSE PREP}{SAYING}")  # "quoted him as saying"
_TO_SAY = pattern(r"{TO}{ADVERB}*{SAY}")  # "continued to deny that"
_DENIED = frozenset(form for form, cue in CUE_FORMS.items() if cue[1] in DENIALS)
_TAKE_NOUN_CUES = DENYING_FORMS | CARRIERS | RECEIVING
_PLURALS = NOUN_CUES | {"advocates"}
_AFTER_NOUN = frozenset("like such who of".split())
_CONTINUE = frozenset("continue continues continued continuing".split())
_WITNESSED = frozenset("seen heard saw read".split())
_HELP = frozenset("help helps helped helping".split())
_COMPARING = frozenset("than most more less very".split())
_WANTED = frozenset(["demand", "demands"])
_OF_WHAT = frozenset(["for", "in", "from"])
_TITLED = frozenset("titled entitled".split())
_ANSWERING = frozenset("answer answers answered answering".split())
_ADDED = pattern(r"{NUMBER}(?!{^COMMA STOP AND COLON SEMICOLON}*{FINITE_VERB})")


def is_false_cue(text: Text, sentence: Sentence, i: int) -> bool:
    """Whether the verb at `i` reports nothing: a noun, a piece of a name, or a second one reports for it."""
    word, before, following = _around(text, sentence, i)
    if following == "as" and word == "known":
        return True
    if before == "worth" or (i and _is_in_name(text, sentence, i)):
        return True  # "it is worth noting that"
    if word in _WANTED and following in _OF_WHAT:
        return True  # "the demand for ice is surging"
    if word in _TITLED:
        return True  # "a report titled '…'"
    if word in _WITNESSED and before == "ever":
        return True  # "the best pump she had ever seen"
    if following == "by" and before == "as" and sentence.classes[i] == SAID:
        return any(c in PAST_OR_PRESENT for c in sentence.classes[:i])  # "he said, as reported by …"
    if word in _PLURALS and following in _AFTER_NOUN:
        return True  # "warned democracy advocates like her that …"
    if word in _CONTINUE and _TO_SAY.match(sentence.classes, i + 1):
        return True
    if before in _HELP or (word in _ANSWERING and following == "questions"):
        return True  # "the pumps helped show that"
    return (
        _hands_on(text, sentence, i)
        or _is_object(text, sentence, i)
        or _compares(sentence, i, word, before)
        or _adds_up(text, sentence, i)
    )


def _around(text: Text, sentence: Sentence, i: int) -> tuple[str, str, str]:
    """Return word `i` and its two neighbours, "" where there is none."""
    before = text.words(sentence, i - 1) if i else ""
    following = text.words(sentence, i + 1) if i + 1 < len(sentence.classes) else ""
    return text.words(sentence, i), before, following


def _is_in_name(text: Text, sentence: Sentence, i: int) -> bool:
    """Whether a verb's base form is a piece of a name: "American Express", no "Critics Say"."""
    if sentence.classes[i] != SAY or sentence.classes[i - 1] != NAME:
        return False
    return text.tokens[sentence.first[i]].capital and not text.words(sentence, i - 1).endswith("s")


def _hands_on(text: Text, sentence: Sentence, i: int) -> bool:
    """Whether the verb leaves the report to a second one: "was quoted as saying", "denied ever saying"."""
    quoted = _QUOTED.match(sentence.classes, i + 1)
    if quoted and text.words(sentence, quoted.end() - 2) == "as":
        return True
    return text.words(sentence, i) in _DENIED and bool(_SAYING_AFTER.match(sentence.classes, i + 1))


def _is_object(text: Text, sentence: Sentence, i: int) -> bool:
    """Whether what looks like a verb is a noun, the object of the one before: "rejected claims"."""
    if text.words(sentence, i) not in NOUN_CUES or not i:
        return False
    verb = i - 2 if sentence.classes[i - 1] == TO and i > 1 else i - 1  # "responded to questions about"
    called = verb == i - 1 and sentence.classes[i] == SAYS and sentence.classes[verb] in CUE_VERB
    return called or text.words(sentence, verb) in _TAKE_NOUN_CUES  # "called claims of a leak nonsense"


def _compares(sentence: Sentence, i: int, word: str, before: str) -> bool:
    """Whether a participle only compares or grades: "more than expected", "the most promising lock"."""
    return before in _COMPARING and sentence.classes[i] in SAID + SAYING and word in CUE_FORMS


def _adds_up(text: Text, sentence: Sentence, i: int) -> bool:
    """Whether "added" tells of a sum: "Copper added 1.1%", no "she added 20 boats had left"."""
    if text.words(sentence, i) not in ("add", "adds", "added", "adding"):
        return False
    at = sentence.first[i] + 1
    return bool(_ADDED.match(sentence.classes, i + 1)) and _is_sum(text, at)


def _is_sum(text: Text, at: int) -> bool:
    """Whether token `at` is a share or an amount of money, or the next counts points of an index."""
    low = text.tokens[at].low
    counted = text.tokens[at + 1].low if at + 1 < len(text.tokens) else ""
    return low.endswith("%") or not low[0].isdigit() or counted in ("%", "per", "percent", "points", "cents")
