"""The signs that a cue reports nothing: its verb group, what stands around it, and whose report it might be.

In the scored choice among contents they speak for "none".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from openrace.extract.english.cues import Cue
from openrace.extract.english.grammar import (
    AND,
    AUX,
    BE,
    BECAUSE,
    FINITE_VERB,
    NOT,
    PREPOSITION,
    QUOTATION,
    THAT,
    TO,
    WHO,
)
from openrace.extract.english.sentences import Sentence, Text
from openrace.extract.english.source_phrases import Phrase, phrase_kind

_GRAMMAR = frozenset(AUX + BE + NOT + TO)  # of a verb group; all else in it are adverbs
_GOVERNS = frozenset(PREPOSITION + BECAUSE + AND + THAT + WHO)
_AUXILIARIES = 3  # words of a verb group that are looked at
_SURE = ((0.5, "low"), (0.8, "mid"), (0.97, "high"))  # probabilities of the source below which it is so sure
_NEAR = 5  # units between a source and a cue that is near
_PARAGRAPHS = 4  # from here on all paragraphs are one
_FINITE = re.compile(f"[{re.escape(FINITE_VERB)}]")


def report_features(
    text: Text, sentence: Sentence, cue: Cue, source: Phrase | None, sure: float
) -> list[str]:
    """Return the signs that `cue`, whose source is `source` with probability `sure`, reports nothing."""
    classes = sentence.classes
    form, after, group = surroundings(classes, cue)
    quotes = QUOTATION if QUOTATION in classes else ""
    kind = phrase_kind(sentence, source)
    return [
        f"none {cue.lemma}",
        f"none {cue.lemma} form={form}",
        f"none {cue.lemma} after={after[:1]}",
        f"none frame={cue.frame} form={form}",
        f"none frame={cue.frame} {quotes}",
        f"none frame={cue.frame} after={after}",
        f"none form={form} after={after[:1]}",
        f"none form={form} group={group}",
        f"none group={group}",
        f"none source={kind}",
        f"none {quotes} source={kind}",
        f"none ends={classes[-1]}",
        f"none headline={sentence.paragraph == 0}",
        f"none paragraph={min(sentence.paragraph, _PARAGRAPHS)}",
        f"none last={sentence.ends_paragraph} first={sentence.starts_paragraph}",
        f"none ahead={classes[: cue.first][-2:]}",
        *_verb_group(text, sentence, cue),
        *_source(sentence, cue, source, sure),
    ]


def surroundings(classes: str, cue: Cue) -> tuple[str, str, str]:
    """The cue's form, the two classes after it, and the last two of its auxiliaries and adverbs."""
    return classes[cue.head], classes[cue.after : cue.after + 2], classes[cue.first : cue.head][-2:]


def _verb_group(text: Text, sentence: Sentence, cue: Cue) -> Iterator[str]:
    """Yield the closed-class words of the verb group and the one that governs it: "will", "to", "by"."""
    classes = sentence.classes
    for i in range(cue.first, min(cue.head, cue.first + _AUXILIARIES)):
        yield f"none aux={text.words(sentence, i) if classes[i] in _GRAMMAR else 'adverb'}"
    if cue.first and classes[cue.first - 1] in _GOVERNS:
        yield f"none governed={text.words(sentence, cue.first - 1)}"


def _source(sentence: Sentence, cue: Cue, source: Phrase | None, sure: float) -> Iterator[str]:
    """Yield how sure and how near the source is, and whether it opens the sentence."""
    degree = "none" if source is None else next((name for limit, name in _SURE if sure < limit), "top")
    yield f"none sure={degree}"
    yield f"none sure={degree} frame={cue.frame}"
    if source is None:
        return
    gap = sentence.classes[source.last + 1 : cue.first]
    behind = source.first > cue.last
    place = "behind" if behind else "next" if not gap else "near" if len(gap) < _NEAR else "far"
    yield f"none place={place} form={sentence.classes[cue.head]}"
    yield f"none place={place} verb={not behind and bool(_FINITE.search(gap))}"
    yield f"none opens={source.first == 0}"
