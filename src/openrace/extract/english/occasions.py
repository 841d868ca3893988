"""When and where something was said: what stands between a cue and its clause, and is no part of it."""

from __future__ import annotations

import re

from openrace.extract.english.cues import Cue
from openrace.extract.english.grammar import pattern

SETTING_WITHIN = 14  # units between "told" and "that": the longest listeners and places in training articles
DATING = frozenset(["say", "tell"])  # frames of cues that a day may follow
_WARNING = frozenset("warn caution promise advise assure remind notify alert".split())
# "warned the makers last week that"
_WARNED = pattern(r"{NOUN_PHRASE AND INDEFINITE PRONOUN}+{TIME PREP OF NOUN_PHRASE AND}*{THAT}(?!{AUX BE})")
# "told the makers and others on Friday that", no "tells so many lies that"
_TOLD_SEVERAL = pattern(
    r"{NAME DET PRONOUN INDEFINITE}{NOUN_PHRASE}*(?:{AND}|{PREP}?{TIME})"
    r"{TIME PREP OF NOUN_PHRASE AND}*{THAT}(?!{AUX BE})"
)
_POSTED = pattern(r"{PREP}{NAME}(?={PRONOUN}{AUX BE})")  # "announced on Chirper he was leaving"
# "said on Monday morning the harbour is", "announced Monday the end of": the day is no part of what was said
DATED = pattern(
    r"{PREP}?{TIME}+(?= (?:{PRONOUN INDEFINITE}|{NOUN_PHRASE}{1,8}){ADVERB}?{FINITE_VERB}"
    r" | (?:{DET}|{NAME}){NOUN_PHRASE}{0,7}?{ADVERB}?{ED}{^NOUN_HEAD} | {PRONOUN}{ADVERB}?{ED} | {DET} )"
)
_SETTING = pattern(
    r"(?:{PREP TIME}|{DET}{1,2}{TIME}) {NOUN_PHRASE TIME PREP OF}* {QUOTATION}? {THAT}"
    r"| {DET}?{NAME NOUN}*{QUOTATION}{THAT}"  # "told the “Sunday Hour” that"
)
# "said on Monday he would sell": whatever "that" comes later opens no clause of the cue
_OPENS_CLAUSE = pattern(r"(?:{PREP}?{TIME}+)?{PRONOUN INDEFINITE}{ADVERB NOT}*{FINITE_VERB ED}")
# ", and its rector called the plan “…”": the marks are another cue's
_ANOTHERS = pattern(r"{COMMA}{AND}{^QUOTATION}*{PAST_OR_PRESENT}{^QUOTATION}*$")


def setting_of(classes: str, cue: Cue, end: int) -> re.Match[str] | None:
    """Return the time and place between the cue and its "that", if there are any: "in a statement that"."""
    limit = min(end, cue.after + SETTING_WITHIN)
    if cue.frame == "say" and (posted := _POSTED.match(classes, cue.after, limit)):
        return posted
    setting = _SETTING.match(classes, cue.after, limit)
    if setting is None and cue.lemma in _WARNING:
        return _WARNED.match(classes, cue.after, limit)
    if setting is None and cue.frame == "tell":
        return _TOLD_SEVERAL.match(classes, cue.after, limit)
    return setting


def opens_clause(classes: str, start: int) -> bool:
    """Whether a clause begins at unit `start`, or right behind a day there."""
    return bool(_OPENS_CLAUSE.match(classes, start))


def belongs_to_next(classes: str, after: int, quotation: int) -> bool:
    """Whether a second cue stands before `quotation`: "said it would go, and called it “…”"."""
    return bool(_ANOTHERS.search(classes, after, quotation))
