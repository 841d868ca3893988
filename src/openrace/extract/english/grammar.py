"""The word classes by name, sets of them, and patterns over them.

A class is what the light grammar of this room knows of a word or mark: whether it is a pronoun, a
determiner, a reporting verb, a capitalised word. Inside, a class is one character and a sentence a string of
them, so that a pattern runs at the speed of a regular expression; only this module knows which character.
A set of classes is a string too, so `cls in FINITE_VERB` and `classes.strip(STOPS)` read alike.
"""

from __future__ import annotations

import re

# The features in `weights.tsv` are made of these characters. Of words they are letters, "#", "~" or "'".
PRONOUN = "P"  # he, she, they, I, we
INDEFINITE = "I"  # it, this, one, some
DET = "D"  # his, the, many, several
NAME = "N"  # any word with a capital
ROLE = "h"  # people by role: senator, spokesman; and bodies: the ministry
DOCUMENT = "r"  # texts that speak: statement, poll, letter
NOUN = "n"  # any other word: mostly a noun or an adjective
NUMBER = "#"
SAID, SAYS, SAY, SAYING = "v", "z", "b", "g"  # forms of reporting verbs, `reporting_words.py`
ACCORDING = "a"
BE = "B"
AUX = "x"  # has, would, did
VERB = "V"  # other common verbs: made, went
ED = "e"  # other words in -ed
ING = "i"  # other words in -ing
ADVERB = "y"
NOT = "~"  # not, never
OF, TO, THAT = "o", "T", "t"
PREP = "p"  # other prepositions
WHO = "w"  # who, which
AND = "c"  # and, but
BECAUSE = "u"  # because, if, when
TIME = "m"  # days and times
POSSESSIVE = "'"
MARK = '"'  # a quotation mark
QUOTATION = "Q"  # a whole quotation, folded into one unit
COMMA, SEMICOLON, COLON, STOP, EXCLAMATION, QUESTION = ",", ";", ":", ".", "!", "?"
OPEN, CLOSE = "(", ")"
DASH = "-"  # any dash
OTHER = "/"

NOUN_HEAD = NAME + NOUN + ROLE + DOCUMENT
PAST_OR_PRESENT = SAID + SAYS  # of reporting verbs
REPORTING = SAID + SAYS + SAYING
CUE_VERB = REPORTING + SAY
FINITE_VERB = AUX + BE + SAID + SAYS + VERB
PREDICATE = FINITE_VERB + ED  # finite, or a participle that may be
ANY_VERB = PREDICATE + SAY
AUXILIARY = AUX + BE + ADVERB + NOT + TO  # what stands before a verb and belongs to it
PREDETERMINED = DET + NOUN_HEAD + POSSESSIVE
NOUN_PHRASE = PREDETERMINED + NUMBER + ED  # what a noun phrase is made of
NOUN_PHRASE_ING = NOUN_PHRASE + ING
STOPS = STOP + EXCLAMATION + QUESTION
POINTS = COMMA + SEMICOLON + COLON + STOPS
PREPOSITION = PREP + OF + TO

_NAMED = re.compile(r"\{(\^?)([A-Z_]+(?: [A-Z_]+)*)\}")


def pattern(expression: str) -> re.Pattern[str]:
    """Compile a regular expression over word classes: "{DET}?{ADVERB ED}*{NOUN}+".

    Braces hold the names of one or more classes or sets of this module, of which one stands there; with "^"
    in front, none of them. All else is a regular expression's own; blanks and line breaks are for the reader.
    """
    return re.compile(_NAMED.sub(_one_of, expression), re.VERBOSE)


def _one_of(named: re.Match[str]) -> str:
    classes = re.escape("".join(globals()[name] for name in named[2].split()))
    return f"[{named[1]}{classes}]"
