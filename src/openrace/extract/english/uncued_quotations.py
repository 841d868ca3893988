"""Quotations without a cue of their own: whose they are, told by where they stand.

Each rule says how often it was right on PolNeAR's training articles; that is the probability it gives.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from openrace.extract.english.grammar import DASH, NOUN, QUOTATION, STOPS, pattern
from openrace.extract.english.polarity import is_asked
from openrace.extract.english.sentences import Sentence, Text
from openrace.records import Polarity

_QUOTATION_OR_STOP = STOPS + QUOTATION + DASH

Range = tuple[int, int]  # first and last token, both included

NEXT_PARAGRAPH = 0.87  # 47 of 54 paragraphs of quotation after a quotation are the same speaker's
AFTER_REPORT = 0.78  # 14 of 18 quotations after an indirect report in the same paragraph
SIGNED = 0.95  # set by hand: too few to measure
INTRODUCED = 0.85  # set by hand
UNKNOWN = 0.5
_SIGNED = pattern(
    r"{DASH}({NAME}{NAME}+)(?:{COMMA}|$) | ({NAME}{2,4}){COMMA}{NOUN_PHRASE OF PREP AND COMMA}+$"
)
# a line of a list: "- “The lock leaks” — Tomas Okafor, Halden", "… —Ines Vardan (12:03)"
_SIGNED_LINE = pattern(
    r"{DASH OTHER}?({QUOTATION}+){STOPS}?{DASH}({NAME}{2,4})(?:{COMMA}.*|{OPEN}.*|{STOPS})?$"
)
# "- Despite “a slump”, he is not afraid. —Ines (12:03)": only a time behind it shows that it is signed
_STAMPED_LINE = pattern(
    r"{DASH OTHER}?({^DASH QUOTATION}*{QUOTATION}{^DASH}*?){STOPS}?"
    r"{DASH}({NAME}{1,4}){OPEN}{NUMBER COLON COMMA}+{CLOSE}{STOPS}?$"
)
# "- Ines sets the tone: “The lock is late.” (12:03)"
_OPENED_LINE = pattern(
    r"{DASH OTHER}?({NAME}{1,3})({^NAME COLON QUOTATION}){^COLON QUOTATION}{1,8}"
    r"{COLON}({QUOTATION}){STOPS}?(?:{OPEN}{^CLOSE}*{CLOSE})?{STOPS}?$"
)
_INTRODUCING = pattern(r"{DET}?({NAME}{1,4}){ADVERB AUX}*({SAID SAYS VERB ED NOUN}).*{COLON}$")
_SHORT = 4  # words: shorter quotations alone in a paragraph were answers of others, headings, shouts
_STATEMENT = 8  # words from which a quotation that nothing introduces is a statement and no name or title


@dataclass
class Attribution:
    """Content, cue and source as ranges of tokens, and how it was found."""

    content: list[Range]
    cue: Range | None
    source: Range | None
    probability: float
    source_probability: float
    quoted: bool
    reason: str
    sentences: list[int] = field(default_factory=list)
    polarity: Polarity = "asserted"


def follow(text: Text, found: list[Attribution]) -> list[Attribution]:
    """Return `found` with the sentences that are all quotation given to whom they belong.

    After a quotation in the same paragraph (1,467 of 1,480) or before one that opens its paragraph they are
    part of it; a quotation taken up again after a paragraph's end goes on; else see the rules below.
    """
    result = list(found)
    by_sentence: dict[int, list[Attribution]] = {}
    for attribution in found:
        for index in attribution.sentences:
            by_sentence.setdefault(index, []).append(attribution)
    for index, sentence in enumerate(text.sentences):
        if index in by_sentence:
            continue
        if signed := _signed_line(sentence, index) or _opened_line(text, sentence, index):
            result.append(signed)
            by_sentence[index] = [signed]
            continue
        if not _all_quotation(sentence):
            continue
        before = _last(by_sentence.get(index - 1, []))
        if before and before.quoted and _goes_on(text, index):
            _join(text, before, index, sentence)
            by_sentence[index] = [before]
        elif after := _first_in(text, index, by_sentence.get(index + 1, [])):
            after.content.insert(0, (sentence.first[0], sentence.last[-1]))
            after.sentences.append(index)
            by_sentence[index] = [after]
        elif follower := _on_its_own(text, index, before):
            result.append(follower)
            by_sentence[index] = [follower]
    return result


def _all_quotation(sentence: Sentence) -> bool:
    return sentence.classes[0] == QUOTATION and not sentence.classes.strip(_QUOTATION_OR_STOP)


def _last(attributions: list[Attribution]) -> Attribution | None:
    """Return the attribution that a following quotation would go on: a quoted one, else the first."""
    quoted = [a for a in attributions if a.quoted]
    return quoted[-1] if quoted else attributions[0] if attributions else None


def _goes_on(text: Text, index: int) -> bool:
    sentence = text.sentences[index]
    return not sentence.starts_paragraph or text.quotations[sentence.first[0]].continues


def _join(text: Text, attribution: Attribution, index: int, sentence: Sentence) -> None:
    more = sentence.first[0], sentence.last[-1]
    if all(is_asked(text, *part) for part in attribution.content) and not is_asked(text, *more):
        attribution.polarity = "asserted"  # "Why not?" and then the answer
    attribution.content.append(more)
    attribution.sentences.append(index)


def _first_in(text: Text, index: int, following: list[Attribution]) -> Attribution | None:
    """Return the attribution whose quotation opens the next sentence: there the speaker comes late."""
    if index + 1 >= len(text.sentences):
        return None
    sentence = text.sentences[index + 1]
    opening = sentence.first[0]
    if sentence.starts_paragraph and not (opening in text.quotations and text.quotations[opening].continues):
        return None
    return next((a for a in following if a.quoted and a.content[0][0] == opening), None)


def _on_its_own(text: Text, index: int, before: Attribution | None) -> Attribution | None:
    """Return a new claim for a quotation that joins none."""
    sentence = text.sentences[index]
    words = sum(t.low[0].isalnum() for t in text.tokens[sentence.first[0] : sentence.last[-1] + 1])
    alone = sentence.starts_paragraph and sentence.ends_paragraph
    if before and before.quoted and alone and words >= _SHORT:
        return _follower(
            sentence, index, before, NEXT_PARAGRAPH, "a paragraph of quotation right after the speaker's"
        )
    if before and not before.quoted and not sentence.starts_paragraph:
        return _follower(
            sentence, index, before, AFTER_REPORT, "a quotation right after a report of the speaker"
        )
    introduced = _introduced(text, index) if sentence.starts_paragraph else None
    if introduced:
        follower = _follower(sentence, index, None, INTRODUCED, "the sentence before ends with a colon")
        follower.source = introduced
        return follower
    signature = _signature(text, index + 1) if alone else None
    if signature:
        signed = _follower(sentence, index, None, SIGNED, "signed in the line below")
        signed.source = signature
        return signed
    if words >= _STATEMENT and (alone or not sentence.starts_paragraph):
        return _follower(sentence, index, None, UNKNOWN, "a quotation that nothing beside it attributes")
    return None


def _introduced(text: Text, index: int) -> Range | None:
    """Return the name that opens the sentence before, if that ends with a colon: "Vance made it plain:"."""
    if not index or not (m := _INTRODUCING.match(text.sentences[index - 1].classes)):
        return None
    sentence = text.sentences[index - 1]
    if sentence.classes[m.start(2)] == NOUN and not text.words(sentence, m.start(2)).endswith("s"):
        return None  # "captures it well:", no "Harbour news:"
    return sentence.first[m.start(1)], sentence.last[m.end(1) - 1]


def _signature(text: Text, index: int) -> Range | None:
    """Return the name in a line "— Name, …" below a quotation."""
    if index >= len(text.sentences) or not (m := _SIGNED.match(text.sentences[index].classes)):
        return None
    sentence = text.sentences[index]
    name = 1 if m.group(1) else 2
    return sentence.first[m.start(name)], sentence.last[m.end(name) - 1]


def _signed_line(sentence: Sentence, index: int) -> Attribution | None:
    """Return the claim of a line that is a quotation, a dash and the name of its speaker."""
    if not sentence.starts_paragraph:
        return None
    m = _SIGNED_LINE.match(sentence.classes) or _STAMPED_LINE.match(sentence.classes)
    if m is None:
        return None
    signed = _follower(sentence, index, None, SIGNED, "signed behind a dash")
    signed.content = [(sentence.first[m.start(1)], sentence.last[m.end(1) - 1])]
    signed.source = sentence.first[m.start(2)], sentence.last[m.end(2) - 1]
    return signed


def _opened_line(text: Text, sentence: Sentence, index: int) -> Attribution | None:
    """Return the claim of a line "Name does something: “quotation”", whatever the verb."""
    m = _OPENED_LINE.match(sentence.classes) if sentence.starts_paragraph else None
    verb = text.words(sentence, m.start(2)) if m else ""
    if m is None or not verb.endswith(("s", "ed")):
        return None
    opened = _follower(sentence, index, None, INTRODUCED, "a name and a colon before it")
    opened.content = [(sentence.first[m.start(3)], sentence.last[m.start(3)])]
    opened.source = sentence.first[m.start(1)], sentence.last[m.end(1) - 1]
    return opened


def _follower(
    sentence: Sentence, index: int, before: Attribution | None, probability: float, reason: str
) -> Attribution:
    return Attribution(
        content=[(sentence.first[0], sentence.last[-1])],
        cue=None,
        source=before.source if before else None,
        probability=probability,
        source_probability=before.source_probability if before else 1.0,
        quoted=True,
        reason=f"{reason} ({probability:.2f})",
        sentences=[index],
    )
