"""Who may have said it: noun phrases of a sentence, and the words about each that tell sources from others.

A candidate is a noun phrase outside quotation marks. Its features speak of word classes, case, position and
the pattern of classes between it and the cue; never of what the words mean.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from openrace.extract.english.cues import Cue
from openrace.extract.english.grammar import (
    ADVERB,
    AND,
    BE,
    BECAUSE,
    CUE_VERB,
    DET,
    ED,
    INDEFINITE,
    ING,
    NAME,
    NOUN,
    NOUN_PHRASE_ING,
    NUMBER,
    PAST_OR_PRESENT,
    POSSESSIVE,
    PREP,
    PREPOSITION,
    PRONOUN,
    QUOTATION,
    SAID,
    SAYING,
    THAT,
    TO,
    VERB,
    WHO,
    pattern,
)
from openrace.extract.english.sentences import Sentence, Text
from openrace.extract.english.wordclass import POSSESSIVES

_OWNED = NOUN_PHRASE_ING + ADVERB
_GOVERNORS = CUE_VERB + PREPOSITION + DET + VERB + ING + POSSESSIVE
_AFTER_ASIDE = frozenset(PREP + THAT + TO + BECAUSE + QUOTATION)
_FINITE = frozenset(PAST_OR_PRESENT + VERB + ED + BE)
_DETERMINED = DET + NUMBER
_BARE = NAME + PRONOUN + INDEFINITE

# determiner, modifiers and head; joined by possessives, by "and" between names, by hyphens
_PHRASE = pattern(
    r"{PRONOUN} | {WHO} | (?<={NOUN_HEAD}){THAT}(?={ADVERB NOT}*{PREDICATE})"
    r"| (?:{DET INDEFINITE}*(?:{NUMBER}{DASH})?{NUMBER}?{ADVERB}?{ED ING}*)"
    r"  (?: {NOUN_HEAD NUMBER} | {POSSESSIVE}{ED ING}*(?={NOUN_HEAD NUMBER})"
    r"    | (?<={NAME}){AND}(?={NAME})"
    r"    | (?<={DET}){TIME}(?={NAME NOUN}*{DOCUMENT})"  # "a Tuesday filing"
    r"    | (?<={ROLE}){AND}(?={NOUN}{0,3}{ROLE}|{NAME}{2}) | {COMMA}(?={NAME}{COMMA}{ROLE}) )+"
    r"| {DET}*{INDEFINITE} | {DET}(?!{NOUN_HEAD NUMBER ED ING ADVERB})"
)
_ASIDE = pattern(
    r"{NOUN_HEAD PRONOUN}{COMMA}{ADVERB}*{SAID}{^COMMA SEMICOLON COLON}+"
    r"{COMMA}{NOUN_HEAD ADVERB TIME DET NUMBER}*{PREDICATE}"
)
_BE = pattern(r"{BE}{ADVERB NOT}*$")
_NOUNS = pattern(r"{NOUN_PHRASE_ING INDEFINITE}+")
_SUBJECT = pattern(  # what may stand between a subject and its finite verb: its "of …", an aside, adverbs
    r"(?:{OF PREP}{NOUN_PHRASE_ING AND}+)*"
    r"(?: {COMMA}{^COMMA COLON SEMICOLON QUOTATION MARK}{1,24}{COMMA} | {DASH}{^DASH}{1,24}{DASH}"
    r"  | {OPEN}{^OPEN CLOSE}{1,12}{CLOSE} )?"
    r"{ADVERB TIME NOT}*{PREDICATE}"
)
_FORMS = {VERB: SAID, ED: SAID, ING: SAYING}
_ACTS = pattern(r"{ED}(?={DET NOUN})(?!{NOUN}{AND})")  # "of Halvorsen played down his part and said"
_FURTHER = pattern(r"(?:{ED}?{OF PREP}{NOUN_PHRASE_ING AND}+)+")


class Phrase(NamedTuple):
    """Units `first` to `last` of a sentence that may name a source."""

    first: int
    last: int


def phrases(sentence: Sentence) -> list[Phrase]:
    """The noun phrases of `sentence`, in order."""
    return [Phrase(m.start(), m.end() - 1) for m in _PHRASE.finditer(sentence.classes)]


def source_features(
    text: Text, sentence: Sentence, cue: Cue, found: list[Phrase], previous: Phrase | None
) -> Iterator[tuple[Phrase | None, list[str]]]:
    """Each phrase that may be the source of `cue`, with its features; and None, for a cue without one.

    `previous` is the source of the cue before it in the sentence, if there is one.
    """
    classes = sentence.classes
    before = classes[cue.first - 1] if cue.first else "^"
    form = _form(classes, cue)
    yield (
        None,
        [
            f"none form={form}",
            f"none before={before}",
            f"none frame={cue.frame}",
            f"none previous={bool(previous)}",
        ],
    )
    passive = is_passive(sentence, cue)
    lefts = [p for p in found if p.last < cue.first and not passive]
    rights = [p for p in found if p.first > cue.last and (not passive or classes[p.first - 1] == PREP)]
    subjects = 0
    for rank, phrase in enumerate(reversed(lefts[-8:])):
        gap = classes[phrase.last + 1 : cue.first]
        subject = is_subject(classes, phrase)
        subjects += subject
        place = f"{subjects}" if subject else "no"
        features = _features(sentence, phrase, "L", rank, gap, cue, before)
        features += _subject_features(classes, phrase, cue, place)
        if previous:
            features += [f"L{form} previous={phrase == previous} before={before}"]
        yield phrase, features
    if lefts and len(lefts) > 8:
        gap = classes[lefts[0].last + 1 : cue.first]
        yield lefts[0], _features(sentence, lefts[0], "L", 9, gap, cue, before)
    if cue.frame == "noun" and (holder := owner(text, sentence, cue)):
        yield holder, [f"own kind={phrase_kind(sentence, holder)}", "own"]
    for rank, phrase in enumerate(rights[:3]):
        gap = classes[cue.last + 1 : phrase.first]
        yield phrase, _features(sentence, phrase, "R", rank, gap, cue, before)


def owner(text: Text, sentence: Sentence, cue: Cue) -> Phrase | None:
    """Whose the noun is that reports: "Lindqvist's claim", "his recent warning"."""
    classes = sentence.classes
    start = cue.first
    while start and classes[start - 1] in _OWNED:
        start -= 1
    mark = classes.rfind(POSSESSIVE, start, cue.first)
    if mark > start:
        return Phrase(start, mark)
    owned = start < cue.first and text.words(sentence, start) in POSSESSIVES
    return Phrase(start, start) if owned else None


def is_subject(classes: str, phrase: Phrase) -> bool:
    """Whether a finite verb follows the phrase, or what belongs to it, and no preposition rules it."""
    ruled = phrase.first > 0 and classes[phrase.first - 1] in _GOVERNORS
    return not ruled and bool(_SUBJECT.match(classes, phrase.last + 1))


def _form(classes: str, cue: Cue) -> str:
    """The form of the cue, a verb that only carries or accompanies a report counted with the others."""
    return _FORMS.get(classes[cue.head], classes[cue.head])


def _subject_features(classes: str, phrase: Phrase, cue: Cue, place: str) -> list[str]:
    """Which of the subjects before the cue the phrase is, counted from the cue ("no": none)."""
    form = _form(classes, cue)
    behind = classes[phrase.last + 1 : phrase.last + 2]
    before = classes[cue.first - 1]
    return [
        f"L{form} subject={place}",
        f"L{form} subject={place} before={before}",
        f"L subject={place} behind={behind}",
        f"L{form} subject={place} opens={phrase.first == 0}",
    ]


def is_passive(sentence: Sentence, cue: Cue) -> bool:
    """Whether the cue is a participle under "be": then its subject is the one spoken to or of."""
    if cue.lemma == "worry":
        return False  # "she is worried": a feeling
    classes = sentence.classes
    if classes[cue.head] != SAID:
        return False
    return bool(_BE.search(classes, cue.first, cue.head) or _is_reduced(classes, cue))


def _is_reduced(classes: str, cue: Cue) -> bool:
    """Whether the cue is a participle between commas: "Sorin, asked about it, waited"."""
    aside = _ASIDE.match(classes, cue.first - 2) if cue.first > 1 else None
    return bool(aside) and classes[cue.last + 1 : cue.last + 2] in _AFTER_ASIDE


def _features(
    sentence: Sentence, phrase: Phrase, side: str, rank: int, gap: str, cue: Cue, before: str
) -> list[str]:
    classes = sentence.classes
    form = _form(classes, cue)
    kind = phrase_kind(sentence, phrase)
    ahead = classes[phrase.first - 1] if phrase.first else "^"
    behind = classes[phrase.last + 1 : phrase.last + 2] or "$"
    verbs = min(sum(map(_FINITE.__contains__, gap)), 2)
    gap = _shorten(gap)
    found = [
        f"{side} kind={kind}",
        f"{side} ahead={ahead}",
        f"{side}{form} gap={gap}",
        f"{side} rank={min(rank, 4)}",
        f"{side}{form} before={before}",
        f"{side} kind={kind} ahead={ahead}",
    ]
    if side == "R":
        found += [
            f"R behind={behind} before={before}",
            f"R gap={gap} before={before}",
            f"R frame={cue.frame}",
            f"R kind={kind} before={before} behind={behind}",
        ]
    else:
        if gap:
            found += [f"L{form} gap={gap} kind={kind}", f"L verbs between={verbs}"]
        else:
            found += [f"L direct kind={kind}", f"L direct ahead={ahead}"]
        found += [f"L{form} ahead={ahead} gap={gap[:1]}{gap[-1:]}"]
        if before == AND:
            found.append(f"L shared by and: opens={phrase.first == 0} kind={kind}")
    if phrase.first == 0:
        found.append(f"{side}{form} opens")
    return found


def _shorten(classes: str) -> str:
    """The pattern between a phrase and a cue: noun phrases as one letter, long ones by their two ends."""
    short = _NOUNS.sub(NOUN, classes) if classes else ""
    return short if len(short) <= 6 else f"{short[:2]}~{short[-2:]}"


def phrase_kind(sentence: Sentence, phrase: Phrase | None) -> str:
    """What sort of phrase it is: pronoun, name, person by role, text, other; with or without a determiner."""
    if phrase is None:
        return "0"
    classes = sentence.classes[phrase.first : phrase.last + 1]
    if classes in (PRONOUN, INDEFINITE, WHO, THAT):
        return classes
    head = classes[-1]
    determined = DET if classes[0] in _DETERMINED else ""
    return f"{determined}{NAME if NAME in classes and head != NAME else ''}{head}"


def extend(sentence: Sentence, phrase: Phrase, stop: int) -> Phrase:
    """`phrase` with the "of …" and "for …" that belong to it, where it is no bare name or pronoun.

    `stop` is the unit that it must not reach.
    """
    classes = sentence.classes
    if classes[phrase.last] in _BARE and classes[phrase.first] not in _DETERMINED:
        return phrase
    acts = _ACTS.search(classes, phrase.last + 1, stop) if classes[stop - 1] == AND else None
    m = _FURTHER.match(classes, phrase.last + 1, acts.start() if acts else stop)
    return Phrase(phrase.first, m.end() - 1) if m else phrase
