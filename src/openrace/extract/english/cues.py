"""The cues of a sentence: where something may be reported."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from openrace.extract.english.false_cues import is_false_cue
from openrace.extract.english.grammar import (
    ACCORDING,
    ADVERB,
    AUXILIARY,
    BE,
    BECAUSE,
    COLON,
    COMMA,
    CUE_VERB,
    DASH,
    DET,
    DOCUMENT,
    ED,
    ING,
    NAME,
    NOUN,
    NOUN_PHRASE,
    OF,
    PAST_OR_PRESENT,
    POSSESSIVE,
    PREP,
    PREPOSITION,
    QUOTATION,
    SAID,
    SAYING,
    STOP,
    THAT,
    TO,
    VERB,
    pattern,
)
from openrace.extract.english.reporting_words import (
    CARRIERS,
    CUE_FORMS,
    DENIALS,
    DENYING_FORMS,
    FEELINGS,
    LABELLING_FORMS,
    MEDIA,
    NOUN_CUES,
    PHRASAL,
    RECEIVING,
    REFUSING,
    RUMOURS,
    THAT_VERBS,
)
from openrace.extract.english.sentences import Sentence, Text
from openrace.extract.english.wordclass import POSSESSIVES

_COLON_OR_DASH = COLON + DASH
_MAYBE_NOUN_CUE = DOCUMENT + NOUN
_MAYBE_ADJECTIVE = NOUN + ED + ADVERB
_OTHER_VERB = ED + VERB
_BETWEEN_CARRIER_AND_NOUN = DET + ED + NOUN + ING + ADVERB
_AFTER_FEELING = frozenset(PREPOSITION + THAT + BECAUSE)
_AFTER_PUT_IT = frozenset([COMMA, COLON, STOP, QUOTATION, ""])
_VERB_OR_ADVERB = CUE_VERB + ADVERB

# "'…' — Mara Lindqvist, engineer"
_SIGNATURE = pattern(r"(?<={QUOTATION}) {DASH} {NAME}{NAME NOUN}* (?:{COMMA}.*)? (?:{OPEN}.*{CLOSE})? $")
_ANNOUNCING = pattern(r"{DASH}{QUOTATION}{STOP}?$")  # "one answer — '…'"
# "admitting, in the wake of it, that …"
_ASIDE = pattern(r"{COMMA}{^COMMA COLON SEMICOLON QUOTATION}{1,25}{COMMA}(?={THAT})")
_GENERIC_LEFT = pattern(r"{QUOTATION}{DET NAME ROLE DOCUMENT PRONOUN POSSESSIVE NUMBER ED}{1,8}{ADVERB}?$")
_GENERIC_RIGHT = pattern(r"{^COMMA COLON QUOTATION}{0,6}{COMMA COLON}{QUOTATION}|{QUOTATION}")
# after a noun that reports: "that", "to", "of", a quotation, "is that"
_NOUN_FRAME = frozenset(THAT + PREPOSITION + QUOTATION + BE)
_PER = pattern(r"{COMMA QUOTATION}{PREP}{NAME DET}")  # ", per the firm", no "nine pumps per day"
_PER_FIRST = pattern(r"{PREP}{DET}{NOUN_PHRASE}{1,6}{COMMA}")
_MAYBE_TAKES_THAT = ED + NOUN + VERB
_VIEWS = frozenset("words view opinion eyes telling judgment judgement estimation reading".split())
_AFTER_VIEW = frozenset([COMMA, STOP, ""])
_OWNERS_OF_VIEWS = NOUN_PHRASE
_SET = pattern(r"{REPORTING}{ADVERB TIME}*{PREP}{PREDETERMINED ED ING}*$")
_DENIED = frozenset(form for form, cue in CUE_FORMS.items() if cue[1] in DENIALS)
_TO_SAY = pattern(r"{TO}{ADVERB}*{SAY}")  # "continued to deny that"
_GOVERNED = SAYING + SAID
_NOUNS = NOUN_CUES | RUMOURS
_CONTINUE = frozenset("continue continues continued continuing".split())
_MAYBE_PHRASAL = ED + NOUN + ING + VERB
_OPEN = frozenset(NOUN + ED + ING + ADVERB + VERB + DOCUMENT)  # of these only some words report
_LISTED = _VIEWS | PHRASAL.keys() | THAT_VERBS | _NOUNS | FEELINGS | {"put", "puts"}
_MAY_REPORT = _OPEN | frozenset(CUE_VERB + PREP + ACCORDING + OF + COLON + DASH)
_DENIED_WITHIN = 7  # units from "pushed" to "claims"
_BETWEEN_DENIAL_AND_NOUN = DET + ED + NOUN + ING + ADVERB + PREP + NAME + BECAUSE
_NEITHER_WITHIN = 5  # units from "neither" to the verb after "nor"
_CARRIED = 5  # units from "sounded" to "alarm"
_FEELS = pattern(r"{BE VERB}{INDEFINITE ADVERB NOT}*$")  # "is now", "made it"


class Cue(NamedTuple):
    """A reporting word with its auxiliaries and adverbs: units `first` to `last`, the word itself at `head`.

    `lemma` and `frame` are those of `reporting_words.py`; `aside` counts the units put in between cue and
    clause.
    """

    first: int
    head: int
    last: int
    lemma: str
    frame: str
    aside: int = 0

    @property
    def after(self) -> int:
        """The unit at which content after the cue may begin."""
        return self.last + 1 + self.aside


def find_cues(text: Text, sentence: Sentence) -> Iterator[Cue]:
    """The cues of `sentence`, in order.

    Known reporting verbs and nouns and "according to"; a colon or a dash; and any verb at all where a
    quotation stands beside it and its subject.
    """
    classes = sentence.classes
    quoted = QUOTATION in classes
    for i, cls in enumerate(classes):
        if cls not in _MAY_REPORT or (cls in _OPEN and not quoted and not _is_listed(text, sentence, i)):
            continue
        if cls in CUE_VERB:
            if not is_false_cue(text, sentence, i):
                _, lemma, frame = CUE_FORMS[text.words(sentence, i)]
                cue = _with_particle(text, sentence, _group(classes, i, lemma, frame))
                yield _with_negation(text, sentence, _with_denial(text, sentence, cue))
        elif lemma := _phrasal(text, sentence, i) if cls in _MAYBE_PHRASAL else "":
            turned_away = _group(classes, i, lemma, "stance")._replace(last=i + 1)
            yield _with_negation(text, sentence, turned_away)
        elif (
            cls in _MAYBE_TAKES_THAT
            and classes[i + 1 : i + 2] == THAT
            and text.words(sentence, i) in THAT_VERBS
        ):
            yield _group(classes, i, "accept", "say")
        elif cls == PREP and text.words(sentence, i) == "per" and _is_source(classes, i):
            yield Cue(i, i, i, "according", "according")
        elif cls == ACCORDING and classes[i + 1 : i + 2] == TO:
            if not _is_venue(text, sentence, i + 2):
                yield Cue(i, i, i + 1, "according", "according")
        elif cls == OF and _in_the_words(text, sentence, i):
            yield Cue(i - 3, i - 1, i, "according", "according")
        elif cls in _MAYBE_NOUN_CUE and _in_ones_view(text, sentence, i):
            yield Cue(i, i, i, "according", "according")
        elif cls == VERB and _puts_it(text, sentence, i):
            yield _group(classes, i, "put", "say")._replace(last=i + 1)
        elif cls in _COLON_OR_DASH:
            yield from _mark(classes, i)
        elif cls in _MAYBE_NOUN_CUE and text.words(sentence, i) in _NOUNS and _nouns_frame(classes, i):
            yield from _noun(text, sentence, i)
        elif (
            cls in _MAYBE_NOUN_CUE
            and classes[i + 1 : i + 2] == COLON
            and text.words(sentence, i) in NOUN_CUES
        ):
            yield from _announced(text, sentence, i)
        elif cls in _MAYBE_ADJECTIVE and text.words(sentence, i) in FEELINGS and _feels(classes, i):
            yield _group(classes, i, "feeling", "feel")
        elif cls in _OTHER_VERB and quoted and _beside_quotation(classes, i):
            yield _group(classes, i, "other", "other")


def _is_source(classes: str, i: int) -> bool:
    """Whether "per" names a source: ", per the firm", or "Per the firm," at the head of the sentence."""
    return bool(_PER_FIRST.match(classes) if i == 0 else _PER.match(classes, i - 1))


def _is_listed(text: Text, sentence: Sentence, i: int) -> bool:
    """Whether a word of an open class is one of those that may report."""
    return text.tokens[sentence.first[i]].low in _LISTED


def _is_venue(text: Text, sentence: Sentence, start: int) -> bool:
    """Whether only a place is named, who spoke there follows: "according to a Facebook post, Vale said"."""
    end = sentence.classes.find(COMMA, start)
    if end < 0 or not any(cls in PAST_OR_PRESENT for cls in sentence.classes[end:]):
        return False
    return text.words(sentence, end - 1) in MEDIA


def _with_denial(text: Text, sentence: Sentence, cue: Cue) -> Cue:
    """`cue` with the denial that governs it: in "denied ever having said that …" both are one cue."""
    verb = cue.first - 1
    if verb < 0 or text.words(sentence, verb) not in _DENIED or sentence.classes[cue.head] not in _GOVERNED:
        return cue
    _, lemma, frame = CUE_FORMS[text.words(sentence, verb)]
    outer = _group(sentence.classes, verb, lemma, frame)
    return cue._replace(first=outer.first, lemma=lemma)


def _with_negation(text: Text, sentence: Sentence, cue: Cue) -> Cue:
    """`cue` with the "no longer", "neither … nor" or "refused to" before it, which turn its sense."""
    before = [text.words(sentence, i) for i in range(max(0, cue.first - _NEITHER_WITHIN), cue.first)]
    if before[-2:] == ["no", "longer"]:
        return cue._replace(first=cue.first - 2)
    if before[-1:] and before[-1] in _CONTINUE and text.words(sentence, cue.first) == "to":
        return cue._replace(first=cue.first - 1)
    if before[-1:] == ["nor"]:
        back = before[::-1].index("neither") + 1 if "neither" in before else 1
        return cue._replace(first=cue.first - back)
    refused = before and before[-1] in REFUSING and text.words(sentence, cue.first) == "to"
    if refused and cue.lemma in DENIALS:
        return cue._replace(first=_group(sentence.classes, cue.first - 1, "", "").first)
    return cue


def _announced(text: Text, sentence: Sentence, i: int) -> Iterator[Cue]:
    """A carried noun whose report follows a colon: "issued a warning: the coast has two years"."""
    if text.words(sentence, i) in NOUN_CUES:
        yield from (cue for cue in _noun(text, sentence, i) if cue.frame == "carried")


def _phrasal(text: Text, sentence: Sentence, i: int) -> str:
    """Return the lemma of the verb and particle at `i` that deny or play down: "ruled out", or ""."""
    verb = PHRASAL.get(text.words(sentence, i))
    if verb is None or i + 1 >= len(sentence.classes) or text.words(sentence, i + 1) not in verb[1]:
        return ""
    behind = (text.words(sentence, k) for k in range(i + 2, min(i + 5, len(sentence.classes))))
    told_by_noun = verb[0] != "rule" and _NOUNS.intersection(behind)  # "brushed aside claims that"
    return "" if told_by_noun else verb[0]


def _puts_it(text: Text, sentence: Sentence, i: int) -> bool:
    """Whether the words follow or are over: "as Lindqvist put it, …", no "put it bluntly at the hearing"."""
    put = [text.words(sentence, k) for k in range(i, min(i + 2, len(sentence.classes)))]
    return put in (["put", "it"], ["puts", "it"]) and sentence.classes[i + 2 : i + 3] in _AFTER_PUT_IT


def _in_the_words(text: Text, sentence: Sentence, i: int) -> bool:
    """Whether the words before the "of" are "in the words" or "in the view"."""
    if i < 3 or text.words(sentence, i - 1) not in _VIEWS:
        return False
    return [text.words(sentence, k) for k in (i - 3, i - 2)] == ["in", "the"]


def _in_ones_view(text: Text, sentence: Sentence, i: int) -> bool:
    """Whether the noun ends "in Lindqvist's view" or "in her opinion", between commas or at an end."""
    if text.words(sentence, i) not in _VIEWS or sentence.classes[i + 1 : i + 2] not in _AFTER_VIEW:
        return False
    start = i
    while start and sentence.classes[start - 1] in _OWNERS_OF_VIEWS:
        start -= 1
    owned = text.words(sentence, i - 1) in POSSESSIVES or sentence.classes[i - 1] == POSSESSIVE
    opens = start == 1 or sentence.classes[start - 2 : start - 1] == COMMA
    return owned and start > 0 and opens and text.words(sentence, start - 1) == "in"


def _nouns_frame(classes: str, i: int) -> bool:
    """Whether what follows the noun may be its report, and it is no setting ("wrote in a post that")."""
    return classes[i + 1 : i + 2] in _NOUN_FRAME and not _SET.search(classes, max(0, i - 8), i)


def _noun(text: Text, sentence: Sentence, i: int) -> Iterator[Cue]:
    """The noun at `i` as a cue, with the verb that carries or denies it: "is sounding the alarm".

    What a reporting verb denies is told by that verb ("rejected claims that …"), so the noun is no cue.
    """
    word = text.words(sentence, i)
    lemma = word.removesuffix("s")
    carrier = _verb_before(text, sentence, i, CARRIERS, _CARRIED, _BETWEEN_CARRIER_AND_NOUN)
    if carrier is not None and word in NOUN_CUES:
        yield _group(sentence.classes, carrier, lemma, "carried")._replace(last=i)
        return
    denial = _verb_before(text, sentence, i, DENYING_FORMS, _DENIED_WITHIN, _BETWEEN_DENIAL_AND_NOUN)
    received = _verb_before(text, sentence, i, RECEIVING, _CARRIED, _BETWEEN_DENIAL_AND_NOUN + TO)
    labelled = _verb_before(text, sentence, i, LABELLING_FORMS, _CARRIED, _BETWEEN_DENIAL_AND_NOUN)
    if received is not None or labelled is not None or (denial is None and word not in NOUN_CUES):
        return
    if denial is None:
        first = i - 1 if i and text.words(sentence, i - 1) == "no" else i
        yield Cue(first, i, i, lemma, "noun")
    elif sentence.classes[denial] not in CUE_VERB:  # "pushed back on claims that"
        yield _group(sentence.classes, denial, "reject", "stance")._replace(last=i)


def _verb_before(
    text: Text, sentence: Sentence, i: int, verbs: frozenset[str], within: int, between: str
) -> int | None:
    """The one of `verbs` that has the noun at `i` as its object: "pushed back on claims"."""
    at = i - 1
    while at >= 0 and i - at <= within:
        if text.words(sentence, at) in verbs:
            return at
        if sentence.classes[at] not in between:
            return None
        at -= 1
    return None


def _feels(classes: str, i: int) -> bool:
    """Whether the adjective tells what somebody feels about something: "was wary of", "is sure that"."""
    return classes[i + 1 : i + 2] in _AFTER_FEELING and bool(_FEELS.search(classes, max(0, i - 4), i))


def _group(classes: str, head: int, lemma: str, frame: str) -> Cue:
    first = last = head
    while first and classes[first - 1] in AUXILIARY:
        first -= 1
    while classes[last + 1 : last + 2] == ADVERB:
        last += 1
    return Cue(first, head, last, lemma, frame)


def _with_particle(text: Text, sentence: Sentence, cue: Cue) -> Cue:
    """`cue` with the "out" of "pointed out", and with what is put in between it and its "that"."""
    following = cue.last + 1
    if following < len(sentence.classes) and text.words(sentence, following) == "out":
        cue = cue._replace(last=following)
    aside = _ASIDE.match(sentence.classes, cue.last + 1)
    return cue._replace(aside=len(aside[0])) if aside else cue


def _mark(classes: str, i: int) -> Iterator[Cue]:
    """A colon or dash that stands for a verb; a colon right behind a verb is part of its frame."""
    if classes[i] == COLON:
        if i and classes[i - 1] not in _VERB_OR_ADVERB:
            yield Cue(i, i, i, ":", "colon")
    elif _SIGNATURE.match(classes, i):
        yield Cue(i, i, i, "-", "signature")
    elif _ANNOUNCING.match(classes, i):
        yield Cue(i, i, i, "-", "colon")


def _beside_quotation(classes: str, i: int) -> bool:
    return bool(_GENERIC_LEFT.search(classes, max(0, i - 9), i) or _GENERIC_RIGHT.match(classes, i + 1))
