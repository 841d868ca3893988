"""Text → words with offsets and a one-letter class each, and paragraphs.

A class is what the light grammar of this room knows of a word: whether it is a pronoun, a determiner,
a reporting verb, a capitalised word. Patterns over strings of such letters then read like a grammar and
run at the speed of a regular expression. The letters:

    P he, she, they, I, we      I it, this, one, some     D the, his, many, several    N capitalised
    h people by role            r texts that speak        n any other word             # number
    v said   z says   b say   g saying   (forms of reporting verbs, `reporting_words.py`)         a according
    B be   x other auxiliary   V other common verb   e word in -ed   i word in -ing   y adverb   ~ not, never
    o of   T to   p other preposition   t that   w who, which   c and, but   u because, if, when
    m day or time word          ' possessive              " quotation mark
    , ; : . ! ? ( ) -           themselves ("-" is any dash), / anything else
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from openrace.extract.english.reporting_words import CUE_FORMS
from openrace.extract.english.wordclass import CLOSED

ABBREVIATIONS = (
    "Mr Mrs Ms Dr Sen Sens Rep Reps Gov Govs Gen Lt Col Sgt St Jr Sr Rev Prof Hon Capt Adm Maj Messrs Mx "
    "Inc Corp Co Ltd Bros vs Jan Feb Aug Sept Oct Nov Dec No Ave Blvd Dept Asst Supt Pres Amb Cmdr"
)

_CLITIC = r"(?:s|re|ve|ll|d|m)\b"  # she's, they've, I'm: the pronoun is a word of its own
_TOKEN = re.compile(
    rf"(?:{'|'.join(ABBREVIATIONS.split())})\.(?=[ ,\u00a0])"
    r"|(?:[^\W\d_]\.){2,}"  # U.S., a.m.
    r"|[A-Z]\.(?=[ \u00a0][^\W\d_])"  # an initial
    r"|[$€£¥]?\d+(?:[.,:]\d+)*(?:%|(?:st|nd|rd|th|s)\b)?"
    rf"|['’]{_CLITIC}(?![-'’])"
    rf"|[^\W_]+(?:(?:[-‐‑&/]|['’](?!{_CLITIC}))[^\W_]+)*"
    r"|(?<=\s)''(?=')|''(?!')|``|,,|--+|\.\.\.+"
    r"|[^\s\w]|_"
)

_MARK = frozenset("“”„\"‘’‚'«»「」『』") | {"''", "``", ",,"}
_PUNCTUATION = {
    ",": ",", ";": ";", ":": ":", ".": ".", "!": "!", "?": "?", "(": "(", ")": ")", "[": "(", "]": ")",
    "…": ".", "...": "/", "—": "-", "–": "-", "-": "-", "--": "-", "―": "-", "/": "/", "&": "c",
}  # fmt: skip


class Token(NamedTuple):
    """One word or mark: `text[start:end]`, lower-cased, its class letter, and whether it has a capital."""

    start: int
    end: int
    low: str
    cls: str
    capital: bool


@lru_cache(maxsize=65536)
def classify(word: str) -> tuple[str, str, bool]:
    """`word` lower-cased with straight apostrophes, its class letter, and whether it has a capital."""
    if word in _MARK:
        return word, '"', False
    if word in _PUNCTUATION:
        return word, _PUNCTUATION[word], False
    low = word.lower().replace("’", "'")
    capital = word[0].isupper()
    if len(word) > 1 and word.isupper() and word.isalpha():
        return low, "N", True  # "US" is not "us"
    found = CLOSED.get(low) or (CUE_FORMS[low][0] if low in CUE_FORMS else None)
    if found and not (capital and found in "hrVvzbg"):
        return low, found, capital
    return low, _shape(word, low), capital


def _shape(word: str, low: str) -> str:
    """The class of a word that no list knows, by how it is written."""
    first = word[0]
    if first.isdigit() or first in "$€£¥":
        return "#"
    if low == "'s":
        return "'"
    if first.isupper():
        return "N"
    if not first.isalpha():
        return "/"
    if len(low) > 4:
        for ending, cls in (("ly", "y"), ("ed", "e"), ("ing", "i")):
            if low.endswith(ending):
                return cls
    return "n"


# Control and format characters (Cc, Cf): NUL, soft hyphen, zero width, directions, word joiner.
INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)


def visible(words: str) -> str:
    """`words` without invisible characters."""
    return INVISIBLE.sub("", words)


def tokenize(text: str) -> list[Token]:
    """The words and marks of `text` in order; offsets count invisible code points, which part no word."""
    if not INVISIBLE.search(text):
        return [Token(m.start(), m.end(), *classify(m.group())) for m in _TOKEN.finditer(text)]
    places = [i for i, c in enumerate(text) if not INVISIBLE.match(c)]
    visible = "".join(text[i] for i in places)
    return [
        Token(places[m.start()], places[m.end() - 1] + 1, *classify(m.group()))
        for m in _TOKEN.finditer(visible)
    ]


_BREAK = re.compile(r"\n\s*")


def paragraph_ends(text: str) -> list[int]:
    """The offsets at which the paragraphs of `text` end, in order.

    A newline ends a paragraph, unless the next line goes on in the middle of a sentence (hard-wrapped text).
    """
    ends: list[int] = []
    for m in _BREAK.finditer(text):
        end = m.start()
        while end > (ends[-1] if ends else 0) and text[end - 1].isspace():
            end -= 1
        before, after = text[max(end - 1, 0) : end], text[m.end() : m.end() + 1]
        wrapped = m.group().count("\n") == 1 and after.islower() and (before.isalnum() or before in ",;-")
        if not wrapped:
            ends.append(end)
    return [*ends, len(text)]
