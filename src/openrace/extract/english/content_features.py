"""The signs by which a candidate for a cue's content is chosen: its shape, marks, length and place."""

from __future__ import annotations

import re

from openrace.extract.english.content_candidates import Content
from openrace.extract.english.cues import Cue
from openrace.extract.english.grammar import (
    ANY_VERB,
    BECAUSE,
    COLON,
    COMMA,
    DASH,
    ED,
    EXCLAMATION,
    MARK,
    PAST_OR_PRESENT,
    PREPOSITION,
    QUESTION,
    QUOTATION,
    REPORTING,
    SAID,
    STOP,
    VERB,
    WHO,
)
from openrace.extract.english.report_features import surroundings
from openrace.extract.english.reporting_words import CUE_FORMS
from openrace.extract.english.sentences import Sentence, Text
from openrace.extract.english.tokens import Token

_QUOTED_ONLY = COMMA + QUOTATION + STOP + DASH
_TELLTALE = QUOTATION + DASH + WHO + SAID  # of what the content holds, these tell something
_COLON_OR_STOP = COLON + STOP
_VERBS = frozenset(REPORTING + VERB + ED)
_ANY_VERB = re.compile(f"[{re.escape(ANY_VERB)}]")
_IN_REPORTING = re.compile(f"[{re.escape(REPORTING)}]")
_SIZES = ((4, "1-4"), (7, "5-7"), (12, "8-12"), (30, "13-30"))
_FINAL_MARKS = (COMMA, STOP, QUESTION, EXCLAMATION, DASH, "open")
_PREPOSITIONS = PREPOSITION + BECAUSE


def content_features(
    text: Text,
    sentence: Sentence,
    cue: Cue,
    source_kind: str,
    content: Content,
) -> list[str]:
    """The signs of `content` for the scored choice."""
    if not content.runs:
        return _sequel_features(sentence, cue, source_kind, content.shape)
    classes, shape = sentence.classes, content.shape
    form, after, group = surroundings(classes, cue)
    side = "B" if "+" in shape else shape[0]
    inside = "".join(classes[a : b + 1] for a, b in content.runs)
    quotes = inside.count(QUOTATION)
    pure = "pure" if not inside.strip(_QUOTED_ONLY) else "mixed" if quotes else "none"
    size = _size(sentence, content)
    found = [
        f"{shape}",
        f"{shape} frame={cue.frame}",
        f"{shape} form={form}",
        f"{shape} pure={pure}",
        f"{shape} after={after[:1]}",
        f"{shape} size={size}",
        f"{shape} begins={inside[:2]}",
        f"{side} {cue.lemma}",
        f"{side} source={source_kind}",
        f"{side} missed={min(classes.count(QUOTATION) - quotes, 2)}",
        f"{side} pure={pure} size={size}",
        f"{side} begins={inside[:1]}",
        f"{side} {pure} after={after}",
        f"{side} group={group}",
        f"pure={pure} frame={cue.frame}",
    ]
    if quotes:
        found += _quote_features(text, sentence, content, side, pure, cue)
    return found + _word_features(text, sentence, cue, content, side)


def _sequel_features(sentence: Sentence, cue: Cue, source_kind: str, shape: str) -> list[str]:
    classes = sentence.classes
    form, after, _ = surroundings(classes, cue)
    behind = classes[cue.after :]
    return [
        shape,
        f"{shape} frame={cue.frame}",
        f"{shape} form={form}",
        f"{shape} source={source_kind}",
        f"{shape} after={after}",
        f"{shape} last={not behind.strip(_COLON_OR_STOP)}",
        f"F {cue.lemma}",
        f"F left={sum(map(_VERBS.__contains__, behind))}",
    ]


def _word_features(text: Text, sentence: Sentence, cue: Cue, content: Content, side: str) -> list[str]:
    """Signs by closed-class words and reporting verbs at the content's two ends."""
    classes = sentence.classes
    start, end = content.runs[0]
    found = _place_features(classes, cue, content, side)
    if cue.frame == "according":
        found.append(f"{side} according first={cue.first == 0}")
    if side != "R":
        verbless = not _ANY_VERB.search(classes, start, end + 1)
        return [*found, f"{side} verbless={verbless} quote={QUOTATION in classes[start : end + 1]}"]
    if start and classes[start - 1] in _PREPOSITIONS:
        word = text.words(sentence, start - 1)
        found += [f"prep={word}", f"{cue.frame} prep={word}"]
    if content.shape[-1] == "c":
        verb = next(i for i in range(end + 1, len(classes)) if classes[i] in PAST_OR_PRESENT)
        found.append(f"end=c next={CUE_FORMS[text.words(sentence, verb)][2]}")
    return found


def _place_features(classes: str, cue: Cue, content: Content, side: str) -> list[str]:
    start, end = content.runs[0]
    if side == "B":
        gap = classes[cue.after : content.runs[1][0]]
        return [f"B ends={classes[end]} opens={start == 0}", f"B gap={_ends_of(gap)}"]
    if side != "R":
        return [f"{side} ends={classes[end]} opens={start == 0}"]
    return [*_end_features(classes, content, start, end), *_skip_features(classes, cue, content, start)]


def _end_features(classes: str, content: Content, start: int, end: int) -> list[str]:
    """What the content stops before, and what it does not stop at."""
    where, then = content.shape[-1], classes[end + 1 : end + 3]
    inside = classes[start : end + 1]
    return [
        f"end={where} then={then}",
        f"end={where} last={classes[end]} then={then[:1]}",
        f"end={where} holds={''.join(c for c in _TELLTALE if c in inside)}",
    ]


def _skip_features(classes: str, cue: Cue, content: Content, start: int) -> list[str]:
    if cue.after >= start:
        return []
    skipped = classes[cue.after : start]
    return [
        f"{content.shape} skips={min(len(skipped), 6)}",
        f"skips cue={bool(_IN_REPORTING.search(skipped))}",
    ]


def _ends_of(gap: str) -> str:
    return gap if len(gap) <= 4 else f"{gap[:2]}~{gap[-2:]}"


def _size(sentence: Sentence, content: Content) -> str:
    words = 0
    for a, b in content.runs:
        words += sentence.last[b] - sentence.first[a] + 1
    for limit, name in _SIZES:
        if words <= limit:
            return name
    return "31-"


def title_case(tokens: list[Token], first: int, last: int) -> bool:
    """Whether the quotation is written like a title: two words or more, every longer one with a capital."""
    words = [t for t in tokens[first + 1 : last] if t.low[0].isalpha()]
    return len(words) > 1 and all(t.capital or len(t.low) <= 3 for t in words)


def _quote_features(
    text: Text, sentence: Sentence, content: Content, side: str, pure: str, cue: Cue
) -> list[str]:
    classes = sentence.classes
    form = classes[cue.head]
    units = [i for a, b in content.runs for i in range(a, b + 1) if classes[i] == QUOTATION]
    lengths = [sentence.last[i] - sentence.first[i] - 1 for i in units]
    last = sentence.last[units[-1]]
    tokens = text.tokens
    stop = tokens[last - 1].cls if tokens[last].cls == MARK else "open"
    stop = stop if stop in _FINAL_MARKS else "word"
    capital = tokens[min(sentence.first[units[0]] + 1, len(tokens) - 1)].capital
    words = min(max(lengths), 12)
    title = words <= 8 and all(title_case(tokens, sentence.first[i], sentence.last[i]) for i in units)
    return [
        f"{side} {pure} quote={words}",
        f"{side} {pure} stop={stop}",
        f"{side} {pure} capital={capital}",
        f"{side} {form} stop={stop} capital={capital}",
        f"{side} {pure} ends quoted={classes[content.runs[-1][1]] == QUOTATION}",
        f"{side} {cue.frame} title={title}",
        f"{cue.frame} {pure} quote={words // 3}",
        f"{pure} quotes={min(len(units), 3)}",
    ]
