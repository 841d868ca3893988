"""What was said: the stretches of a sentence that may be a cue's content, and the signs of each.

A candidate is one or two runs of units. It may follow the cue (at once, after "that", a colon, a comma, a
listener), precede it ("…, she said"), or stand on both sides of it ("…, she said, …"). The choice among
them, "none" included, is one scored decision, so a cue that reports nothing loses to "none".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from openrace.extract.english.cues import Cue
from openrace.extract.english.grammar import (
    BE,
    BECAUSE,
    CLOSE,
    COLON,
    COMMA,
    DASH,
    EXCLAMATION,
    FINITE_VERB,
    NOUN_PHRASE,
    OPEN,
    PAST_OR_PRESENT,
    PREDETERMINED,
    PREPOSITION,
    PRONOUN,
    QUESTION,
    QUOTATION,
    STOPS,
    THAT,
    TO,
    WHO,
    pattern,
)
from openrace.extract.english.occasions import (
    DATED,
    DATING,
    SETTING_WITHIN,
    belongs_to_next,
    opens_clause,
    setting_of,
)
from openrace.extract.english.reporting_words import LABELLING
from openrace.extract.english.sentences import Sentence, Text
from openrace.extract.english.source_phrases import Phrase

_QUOTATION_OR_STOP = QUOTATION + STOPS + DASH
_SUBJECT = PREDETERMINED + PRONOUN
_INTRODUCTORY = THAT + COLON  # not part of the content they lead to
_QUOTING = NOUN_PHRASE + PAST_OR_PRESENT
_COMMA_OR_COLON = COMMA + COLON
_GAPS = COMMA + QUOTATION + DASH + QUESTION + EXCLAMATION + COLON + CLOSE + OPEN
_MARK_BEFORE = COMMA + DASH + COLON + OPEN

Runs = tuple[tuple[int, int], ...]  # (first, last) units, both included

_TAIL = pattern(r"{POINTS CLOSE OPEN MARK DASH}*$")
_ATTRIBUTED = pattern(  # “Who owns it?” she asked · “It is ours,” said Mara Lindqvist
    r"^{QUOTATION}{COMMA}?(?:{PRONOUN NAME}{1,4}{PAST_OR_PRESENT REPORTING}|{REPORTING}{PRONOUN NAME})"
)


class Content(NamedTuple):
    """One candidate: where it lies and the shape that found it."""

    runs: Runs
    shape: str


def sequel(text: Text, index: int) -> str:
    """Return what follows sentence `index`, where it might be its content: a quotation, a block, or nothing.

    ``Q.`` a sentence that is all quotation, ``Q:`` the same in the next paragraph after a colon, ``Q¶``
    without a colon, ``B:`` a paragraph without marks after a colon."""
    sentence = text.sentences[index]
    if index + 1 >= len(text.sentences) or QUOTATION in sentence.classes:
        return ""
    following = text.sentences[index + 1].classes
    all_quoted = following[0] == QUOTATION and not following.strip(_QUOTATION_OR_STOP)
    colon = sentence.classes.endswith(COLON)
    if not sentence.ends_paragraph:
        return "Q." if all_quoted else ""
    if colon:
        if introduces(text, index):
            return ""
        return "Q:" if following[0] == QUOTATION else "B:"
    return "Q¶" if all_quoted else ""


def introduces(text: Text, index: int) -> bool:
    """Whether sentence `index` ends in a colon and only leads to a quotation with a report of its own."""
    if index + 1 >= len(text.sentences) or not text.sentences[index].classes.endswith(COLON):
        return False
    return bool(_ATTRIBUTED.match(text.sentences[index + 1].classes))


def contents(text: Text, sentence: Sentence, cue: Cue, source: Phrase | None, sequel: str) -> list[Content]:
    """Return the candidates for the content of `cue`, whose source is `source`; each place once.

    Content after the sentence (see `sequel`) has no runs: its shape tells.
    """
    end = _TAIL.search(sentence.classes).start()  # type: ignore[union-attr]
    found: dict[Runs, Content] = {}
    first = _opening(sentence.classes, cue, source)
    if cue.first and text.words(sentence, cue.first - 1) == "as" and source:
        while first and sentence.classes[first - 1] in _QUOTING:
            first -= 1  # "'…,' the Ledger quoted him as saying"
    after = cue.after
    if source and source.first > cue.last and source.first - cue.last <= 3:
        after = source.last + 1
    lefts = list(_lefts(sentence, cue, source, first))
    rights = [c for c in _rights(text, sentence, cue, end) if not _in_apposition(sentence, source, cue, c)]
    rights = [c for c in rights if not _SAYS_NOTHING.fullmatch(sentence.classes, *_range(c))]
    rights = [c for c in rights if not _ADDING.match(sentence.classes, c.runs[0][0])]
    if cue.frame == "tell" and _TOLD.match(sentence.classes, cue.after):
        rights = []
    elif cue.frame == "tell":
        rights = [c for c in rights if not _is_listener(sentence.classes, c)]
    for content in [*rights, *lefts, *_both(text, sentence, lefts, after, end)]:
        if all(a <= b and not (source and a <= source.last and source.first <= b) for a, b in content.runs):
            found.setdefault(content.runs, content)
    if sequel:
        found[()] = Content((), f"F{sequel}")
    return list(found.values())


def _range(content: Content) -> tuple[int, int]:
    """From the first unit of `content` to behind its last."""
    return content.runs[0][0], content.runs[-1][1] + 1


def is_occasion(text: Text, sentence: Sentence, cue: Cue, content: Content) -> bool:
    """Whether the content is only where something was said: "…, he says on a call with analysts"."""
    if not content.runs or not content.shape.startswith("R"):
        return False
    first, behind = _range(content)
    classes = sentence.classes
    link = first if classes[first] in PREPOSITION else first - 1
    if cue.lemma not in _SPEAKING or link <= cue.last or classes[link] not in PREPOSITION:
        return False
    plain = not any(c in FINITE_VERB + QUOTATION for c in classes[first:behind])
    return plain and text.words(sentence, link) in _OCCASIONS


def without_day(sentence: Sentence, cue: Cue, content: Content) -> Content:
    """Return `content` without the day at its head: "said on Monday he would sell"."""
    if cue.frame not in DATING or not content.runs or not content.shape.startswith("R"):
        return content
    (first, last), *others = content.runs
    dated = DATED.match(sentence.classes, cue.after)
    if dated is None or not dated.start() <= first < dated.end() <= last:
        return content
    return content._replace(runs=((dated.end(), last), *others))


_SPEAKING = frozenset("say add note state explain write reply tell".split())
_OCCASIONS = frozenset("on in at during after before to from via through".split())
_SAYS_NOTHING = pattern(
    r"{TIME NUMBER PREP AUX}+ | {PREP}?{DET}?{NOUN}?{TIME}+"
)  # "said May 30", "the same day"


def _opening(classes: str, cue: Cue, source: Phrase | None) -> int:
    """Return the unit at which cue and source begin, with the "as" or the passive's subject before them."""
    first = min(cue.first, source.first) if source else cue.first
    if source and source.first > cue.last and classes[cue.first] == BE:
        while first and classes[first - 1] in _SUBJECT:
            first -= 1
    return first - 1 if first and classes[first - 1] == BECAUSE else first


def _is_listener(classes: str, content: Content) -> bool:
    """Whether the content is only who was told: "told the engineers, who …"."""
    first, last = content.runs[0]
    return content.shape.startswith("R0") and bool(_LISTENER_PHRASE.fullmatch(classes, first, last + 1))


def _in_apposition(sentence: Sentence, source: Phrase | None, cue: Cue, content: Content) -> bool:
    """Whether the content only describes a source behind its cue: "said Anna Holm, a partner at …"."""
    if source is None or cue.frame == "according":
        return False
    start = content.runs[0][0]
    clause = THAT in sentence.classes[start - 1 : start + 1]
    return cue.last < source.first < start and not clause and sentence.classes[start] != QUOTATION


def _rights(text: Text, sentence: Sentence, cue: Cue, end: int) -> Iterator[Content]:
    classes = sentence.classes
    relative = cue.first > 0 and classes[cue.first - 1] == WHO
    ends = _ends(classes, cue.after, end, relative)
    second = _SECOND.match(classes, cue.after, end) if cue.frame in ("noun", "carried") else None
    if second:
        ends.append(("s", second.end()))
    starts = _right_starts(text, sentence, cue, end)
    for name, start in starts:
        for where, stop in ends:
            if start < stop:
                yield Content(((start, stop - 1),), f"R{name}{where}")
    quote = classes.find(QUOTATION, cue.after, end)
    if quote >= 0 and not belongs_to_next(classes, cue.after, quote):
        yield Content(((quote, quote),), "RQ1")
        following = classes.find(QUOTATION, quote + 1, end)
        if following > 0:
            yield Content(((quote, following),), "RQ2")


# Where a clause may give way to the next, by the letter that names it in a candidate's shape.
_TURNS = {
    "g": pattern(
        r"{COMMA SEMICOLON} (?= {ADVERB}*{SAYING} | {ACCORDING}"
        r" | {AND}?{DET NAME PRONOUN ROLE NOUN POSSESSIVE}+{PAST_OR_PRESENT} )"
        r"| (?<={QUOTATION})(?={ADVERB}?{SAYING})"
    ),  # ", adding …", ", according to …"
    "c": pattern(
        r"{COMMA}?(?={AND}{ADVERB}*{DET NAME PRONOUN ROLE NOUN POSSESSIVE}*{ADVERB}*{PAST_OR_PRESENT})"
    ),  # "and called …"
    "e": pattern(r"{COMMA}?(?={AND}{ADVERB}*{AUX BE VERB ED})"),  # "and has …"
    "d": pattern(r"{DASH}"),
    "v": pattern(r"{COMMA}(?={PREP}?{WHO})"),  # ", which …"
    "k": pattern(r"{COMMA}(?={BECAUSE ING PREP THAT})"),  # ", after …"
}


_SECOND = pattern(  # up to the second finite verb
    r"{^PREDICATE}* {PREDICATE}{AUX BE ADVERB NOT SAID VERB ED QUOTATION}*"
    r"{^FINITE_VERB COMMA}* (?={FINITE_VERB})"
)


def _ends(classes: str, start: int, end: int, relative: bool) -> list[tuple[str, int]]:
    """Return where content from `start` may stop: at the sentence's end, before a cue, after a quotation."""
    ends = [("$", end)]
    for name, turn in _TURNS.items():
        found = turn.search(classes, start + 1, end)
        if found:
            ends.append((name, found.start()))
    last = classes.rfind(QUOTATION, start, end)
    if last >= 0 and last + 1 < end:
        ends.append(("q", last + 1))
    comma = classes.find(COMMA, start, end) if relative else -1
    if comma > 0:
        ends.append(("w", comma))
    return ends


def _right_starts(text: Text, sentence: Sentence, cue: Cue, end: int) -> list[tuple[str, int]]:
    classes = sentence.classes
    after = cue.after
    starts: list[tuple[str, int]] = []
    if classes[after : after + 1] in (COMMA, COLON, DASH):
        starts.append((classes[after], after + 1))
    elif after < end and not _LISTENER_COLON.match(classes, after):
        starts.append(("0", after))
    limit = min(end, after + SETTING_WITHIN)
    labels = cue.lemma in LABELLING
    setting = None if labels else setting_of(classes, cue, end)
    if setting:
        return [("t", setting.end()), *_quote_start(classes, after, end)]
    told = labels or (cue.frame in DATING and opens_clause(classes, after))
    for name, cls in (("t", THAT), (":", COLON), ("u", BECAUSE), ("T", TO)):
        at = -1 if told and cls == THAT else classes.find(cls, after, limit)
        if at >= 0:
            starts.append((name, at + 1 if cls in _INTRODUCTORY else at))
    comma = classes.find(COMMA, after, limit)
    if comma > 0:
        starts.append((",", comma + 1))
    if classes[after : after + 1] in PREPOSITION:
        starts.append(("p", after + 1))
    listener = None if labels else _listener_end(classes, after, limit)
    if listener:
        starts.append(("l", listener))
    as_ = next((i for i in range(after, limit) if text.words(sentence, i) == "as"), None)
    if as_ is not None:
        starts.append(("as", as_ + 1))
    return [*starts, *_quote_start(classes, after, end)]


def _quote_start(classes: str, after: int, end: int) -> list[tuple[str, int]]:
    quote = classes.find(QUOTATION, after, end)
    return [("Q", quote)] if quote > 0 and not belongs_to_next(classes, after, quote) else []


# "answered Bremer: '…'"
_LISTENER_COLON = pattern(r"{PREDETERMINED PRONOUN INDEFINITE NUMBER}{1,8} {COLON}{QUOTATION}")
# "…, an official told the Ledger, adding that": what was told stands before
_TOLD = pattern(r"{NOUN_PHRASE PRONOUN INDEFINITE}+{COMMA}{SAYING}")
_LISTENER_PHRASE = pattern(
    r"(?:{PRONOUN INDEFINITE} | {NOUN_PHRASE}+) (?: {OF PREP}{NOUN_PHRASE}+ | {TIME} | {PREP}{TIME} )*"
)


def _listener_end(classes: str, after: int, limit: int) -> int | None:
    m = _LISTENER_PHRASE.match(classes, after, limit)
    return m.end() if m and m.end() < limit and classes[m.end()] not in _COMMA_OR_COLON else None


# "…, a trend" before "noted by Mara Lindqvist"
_APPOSED = pattern(r"{COMMA}{DET}{NOUN ED ING}*{NOUN DOCUMENT}$")
# "But", "Meanwhile,", "ESTMOUTH, May 4 —", "Velmark:"
_OPENING = pattern(r"{AND ADVERB}{COMMA}? | {NAME COMMA STOP NUMBER TIME}{1,6}{DASH} | {NAME}{1,3}{COLON}")
PLACED = pattern(r"{NAME}{1,3}{COLON}")  # "Velmark: Dorland opposes it, she said"


def _lefts(sentence: Sentence, cue: Cue, source: Phrase | None, first: int) -> Iterator[Content]:
    classes = sentence.classes
    if first <= 0:
        return
    apposed = _APPOSED.search(classes, max(1, cue.first - 6), cue.first)
    if apposed and source and source.first > cue.last:
        yield Content(((0, apposed.start() - 1),), "La,")
    gap = classes[first - 1]
    if gap not in _GAPS:
        return
    stop = first - 1 if gap in _MARK_BEFORE else first
    quote = classes.rfind(QUOTATION, 0, stop)
    yield Content(((0, stop - 1),), f"L0{gap}")
    if quote >= 0:
        yield Content(((quote, stop - 1),), f"LQ{gap}")
        yield Content(((quote, quote),), f"Lq{gap}")
    earlier = classes.rfind(COMMA, 0, stop - 1)
    if earlier > 0:
        yield Content(((earlier + 1, stop - 1),), f"L,{gap}")
    m = _OPENING.match(classes)
    if m and m.end() < stop:
        yield Content(((m.end(), stop - 1),), f"Lc{gap}")


_RESUMED = pattern(
    r"{^COMMA COLON QUOTATION}{0,12} {COMMA COLON DASH}? (?={QUOTATION}) | {^COMMA}{0,8}{COMMA}"
)


_ADDING = pattern(r"{ADVERB}*{SAYING}")  # "…, the Ledger said, adding that …" is the next cue's


def _both(text: Text, sentence: Sentence, lefts: list[Content], after: int, end: int) -> Iterator[Content]:
    classes = sentence.classes
    comma = _RESUMED.match(classes, after, end)
    starts = {comma.end()} if comma else set()
    quote = classes.find(QUOTATION, after, end)
    if quote >= 0:
        starts.add(quote)
    for start in starts:
        if start < end and not _ADDING.match(classes, start):
            for left in lefts:
                yield Content((*left.runs, (start, end - 1)), f"{left.shape}+")
                if classes[start] == QUOTATION and start + 1 < end:
                    yield Content((*left.runs, (start, start)), f"{left.shape}+q")
