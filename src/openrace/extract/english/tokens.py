"""Text → words with offsets and a class each (`grammar.py`), and paragraphs."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from openrace.extract.english.grammar import (
    ADVERB,
    AND,
    AUX,
    BE,
    CLOSE,
    COLON,
    COMMA,
    CUE_VERB,
    DASH,
    DOCUMENT,
    ED,
    EXCLAMATION,
    ING,
    MARK,
    NAME,
    NOUN,
    NUMBER,
    OPEN,
    OTHER,
    POSSESSIVE,
    PREP,
    QUESTION,
    ROLE,
    SAID,
    SAYS,
    SEMICOLON,
    STOP,
    VERB,
)
from openrace.extract.english.reporting_words import CUE_FORMS
from openrace.extract.english.wordclass import CLOSED

ABBREVIATIONS = (
    "Mr Mrs Ms Dr Sen Sens Rep Reps Gov Govs Gen Lt Col Sgt St Jr Sr Rev Prof Hon Capt Adm Maj Messrs Mx "
    "Inc Corp Co Ltd Bros vs Jan Feb Aug Sept Oct Nov Dec No Ave Blvd Dept Asst Supt Pres Amb Cmdr"
)

_CLITIC = r"(?:s|re|ve|ll|d|m)\b"  # she's, they've, I'm: the pronoun is a word of its own
_TOKEN = re.compile(
    r"[A-Z]?[a-z]+(?=[ ,\n])"  # most words: what follows shows that no other form can begin here
    rf"|(?:{'|'.join(ABBREVIATIONS.split())})\.(?=[ ,\u00a0])"
    r"|(?:[^\W\d_]\.){2,}"  # U.S., a.m.
    r"|[RDI]-(?:(?:[A-Z]\.)+|[A-Z][a-z]+\.)"  # R-S.D., D-Calif.
    # an initial, no "on X." or "plan B. The", nor the "A." that opens an answer
    r"|(?!(?<![^\n])[QA])(?:[A-WYZ]|(?<!\bon )(?<!\bto )(?<!\bvia )X)"
    r"\.(?=[ \u00a0](?!(?:The|It|They|We|She|But)\b)[^\W\d_])"
    r"|(?<![^\n])[A-Z]{5,}(?=-[A-Z][a-z])"  # ESTMOUTH-President Vance
    r"|(?:[A-Z]{1,3}(?=[$€£¥]|\d+[.,]\d))?[$€£¥]?\d+(?:[.,:]\d+)*"  # A$843, EUR9.527, $245M
    r"(?:%|(?:st|nd|rd|th|s|[KMBT]|[mbt]n)\b)?"
    r"|(?<=[(:])[A-Z][A-Z0-9]{0,5}\.[A-Z]{1,3}(?=\))"  # (BP.L)
    rf"|['’]{_CLITIC}(?![-'’])"
    r"|[A-Z0-9][^\W_]*\.(?:com|Com|COM|ai|io|org|net)\b(?!\.[^\W_])"  # Halden.com
    rf"|[^\W_]+(?:(?:[-‐‑&/]|['’](?!{_CLITIC}))[^\W_]+)*"
    r"|(?<=\s)''(?=')|''(?!')|``|,,|--+|\.\.\.+"
    r"|[^\s\w]|_"
)

_MARK = frozenset("“”„\"‘’‚'«»「」『』") | {"''", "``", ",,"}
_PUNCTUATION = {
    ",": COMMA, ";": SEMICOLON, ":": COLON, ".": STOP, "…": STOP, "!": EXCLAMATION, "?": QUESTION,
    "(": OPEN, "[": OPEN, ")": CLOSE, "]": CLOSE, "—": DASH, "–": DASH, "-": DASH, "--": DASH, "―": DASH,
    "/": OTHER, "...": OTHER, "&": AND,
}  # fmt: skip


class Token(NamedTuple):
    """One word or mark: `text[start:end]`, lower-cased, its class, and whether it has a capital."""

    start: int
    end: int
    low: str
    cls: str
    capital: bool

    def is_a(self, classes: str) -> bool:
        """Whether the word's class is `classes`, or one of a set of them."""
        return self.cls in classes


# with a capital these may be names: "Post", "Price"
_MAY_BE_NAMES = ROLE + DOCUMENT + VERB + CUE_VERB


_IN_PAPERS = frozenset(["morning", "evening"])  # "South China Morning Post"


@lru_cache(maxsize=65536)
def classify(word: str) -> tuple[str, str, bool]:
    """`word` lower-cased with straight apostrophes, its class, and whether it has a capital."""
    if word in _MARK:
        return word, MARK, False
    if word in _PUNCTUATION:
        return word, _PUNCTUATION[word], False
    low = word.lower().replace("’", "'")
    capital = word[0].isupper()
    if len(word) > 1 and word.isupper() and word.isalpha():
        return low, NAME, True  # "US" is not "us"
    found = CLOSED.get(low) or (CUE_FORMS[low][0] if low in CUE_FORMS else None)
    if found and not (capital and (found in _MAY_BE_NAMES or low in _IN_PAPERS)):
        return low, found, capital
    return low, _shape(word, low), capital


_AMOUNT = re.compile(r"[A-Z]{1,3}(?:[$€£¥]|\d+[.,]\d)")


def _shape(word: str, low: str) -> str:
    """The class of a word that no list knows, by how it is written."""
    first = word[0]
    if first.isdigit() or first in "$€£¥" or _AMOUNT.match(word):
        return NUMBER
    if low == "'s":
        return POSSESSIVE
    if first.isupper():
        return NAME
    if not first.isalpha():
        return OTHER
    if len(low) > 4:
        for ending, cls in (("ly", ADVERB), ("ed", ED), ("ing", ING)):
            if low.endswith(ending):
                return cls
    return NOUN


# Control and format characters (Cc, Cf): NUL, soft hyphen, zero width, directions, word joiner.
INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)


def visible(words: str) -> str:
    """`words` without invisible characters."""
    return INVISIBLE.sub("", words)


_new = tuple.__new__  # without the call in Python that `Token(…)` makes for each word


def tokenize(text: str) -> list[Token]:
    """The words and marks of `text` in order; offsets count invisible code points, which part no word."""
    if not INVISIBLE.search(text):
        return [_new(Token, (*m.span(), *classify(m[0]))) for m in _TOKEN.finditer(text)]
    places = [i for i, c in enumerate(text) if not INVISIBLE.match(c)]
    visible = "".join(text[i] for i in places)
    return [
        Token(places[m.start()], places[m.end() - 1] + 1, *classify(m.group()))
        for m in _TOKEN.finditer(visible)
    ]


_ALSO_NAMES = frozenset(["will", "may"])
_BEFORE_MONTH = frozenset(PREP + ADVERB + NUMBER)
_AFTER_NAME = frozenset(SAID + SAYS + POSSESSIVE + COMMA + BE + AUX)


def name_wills_and_mays(tokens: list[Token]) -> list[Token]:
    """Return `tokens`, in which "Will" and "May" before a name and its verb are names: "Will Okafor said"."""
    for i, token in enumerate(tokens):
        if token.low in _ALSO_NAMES and token.capital and _goes_with_name(tokens, i):
            tokens[i] = token._replace(cls=NAME)
    return tokens


def _goes_with_name(tokens: list[Token], i: int) -> bool:
    """Whether the word begins a name: no month ("in May Apple said"), no question ("Will Okafor be?")."""
    if i and tokens[i - 1].cls in _BEFORE_MONTH:
        return False
    end = i + 1
    while end < min(i + 4, len(tokens)) and tokens[end].cls == NAME:
        end += 1
    if end == i + 1 or end >= len(tokens):
        return False
    return tokens[end].cls in _AFTER_NAME and tokens[end].low not in ("be", "have", "do")


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
