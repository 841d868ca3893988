"""Names as they stand in a text: full names, what is said of them beside them, and whether he or she.

Everything here is read from the article itself: "Mara Lindqvist, chief executive of Halden", "Sen. Aldous
Brandt", "Ms. Okafor". Nothing is looked up.
"""

from __future__ import annotations

from typing import NamedTuple

from openrace.extract.english.sentences import Sentence, Text
from openrace.extract.english.tokens import Token, visible
from openrace.extract.english.wordclass import (
    BODIES,
    FEMALE_NAMES,
    GIVEN_NAMES,
    HER_KIN,
    HERS,
    HIS,
    HIS_KIN,
    MALE_NAMES,
    SAME_ROLE,
    TITLES,
)

_PARTICLES = frozenset("de da del della der den van von bin ibn al el la le du dos di ben ter".split())
_NO_LONGER = frozenset("former ex".split())
_PARTS_OF_ROLES = frozenset("deputy vice chief then acting officer prime".split())
_APPOSITIVE = 12  # tokens of an appositive in which its head is looked for


class Name(NamedTuple):
    """A name of two words or more: where it stands (tokens, both included) and how it is written."""

    first: int
    last: int
    text: str


def role_of(word: str) -> str:
    """`word` as the office or kind of body that it stands for."""
    return SAME_ROLE.get(word, word)


def bare_name(text: Text, first: int, last: int) -> tuple[int, int] | None:
    """The tokens of the name that ends the phrase from `first` to `last`: no title, role or owner in front.

    None where the phrase does not end in a name ("the company", "a Halden spokesman").
    """
    tokens = text.tokens
    while last > first and tokens[last].cls == "'":
        last -= 1
    if tokens[last].cls != "N":
        return None
    start = last
    while start > first and (_in_name(tokens[start - 1]) or _joins(tokens, start - 1, first)):
        start -= 1
    while start < last and not tokens[start].capital:
        start += 1
    start = _after_title(tokens, start, last)
    return None if tokens[start].low in TITLES else (start, last)


def _after_title(tokens: list[Token], start: int, last: int) -> int:
    """Where the name begins behind titles and other words with capitals: "OpenAI CPO Kevin Weil".

    What stands before a title is no name; nor is what stands before a given name that everybody knows.
    """
    for i in range(last - 1, start - 1, -1):
        if tokens[i].low in TITLES:
            return i + 1
    for i in range(last - 1, start, -1):
        if (
            tokens[i].low in GIVEN_NAMES
            and tokens[i - 1].low not in GIVEN_NAMES
            and tokens[i - 1].low not in _PARTICLES
        ):
            return i
    return start


def _in_name(token: Token) -> bool:
    return token.cls == "N" and token.capital


def _joins(tokens: list[Token], i: int, first: int) -> bool:
    """Whether token `i` is a particle inside a name ("van" in "Anna van Dijk")."""
    return (
        i > first
        and tokens[i].low in _PARTICLES
        and (_in_name(tokens[i - 1]) or _joins(tokens, i - 1, first))
    )


def looks_like_body(words: list[str]) -> bool:
    """Whether a name of these words (lower case) is that of an organisation, an outlet, a law or a place."""
    return bool(BODIES.intersection(words))


def full_names(text: Text) -> list[Name]:
    """The names of two to four words outside quotations and headlines, in order."""
    found = []
    for sentence in text.sentences:
        if sentence.headline:
            continue
        at = 0
        while at < len(sentence.classes):
            end = at
            while end < len(sentence.classes) and _may_join(text, sentence, at, end):
                end += 1
            while end > at and sentence.classes[end - 1] != "N":
                end -= 1
            if at == 0 and text.words(sentence, 0).endswith(("ing", "ed", "ly")):
                at = 1  # a sentence that begins "Injecting Mara Lindqvist …"
            if end - at >= 2:
                found += _names(text, sentence.first[at], sentence.last[end - 1])
            at = max(end, at + 1)
    return found


def _may_join(text: Text, sentence: Sentence, at: int, end: int) -> bool:
    return sentence.classes[end] == "N" or (end > at and text.words(sentence, end) in _PARTICLES)


def _names(text: Text, first: int, last: int) -> list[Name]:
    bare = bare_name(text, first, last)
    if bare is None or not 1 <= bare[1] - bare[0] <= 4:
        return []
    tokens = text.tokens
    words = [t.low for t in tokens[bare[0] : bare[1] + 1]]
    if any(w in TITLES for w in words):
        return []
    return [Name(*bare, visible(text.text[tokens[bare[0]].start : tokens[bare[1]].end]))]


def roles_beside(text: Text, name: Name) -> set[str]:
    """The offices and kinds that the words beside `name` give it: titles before, an appositive after."""
    tokens = text.tokens
    found = set()
    before = name.first - 1
    while before >= 0 and (tokens[before].low in TITLES or tokens[before].cls == "h"):
        found.add(role_of(tokens[before].low))
        before -= 1
    if before > 0 and tokens[before].cls == "," and tokens[before - 1].cls == "h":
        found.add(role_of(tokens[before - 1].low))  # "the minister, Ines Vardan,"
    after = tokens[name.last + 1 : name.last + 2 + _APPOSITIVE]
    if after and (after[0].cls == "," or after[0].low in ("is", "was")):
        for token in after[1:]:
            if token.cls in ",.w;vzp":
                break
            if token.cls == "h" or token.low in TITLES:
                found.add(role_of(token.low))
    return set() if found & _NO_LONGER else found - _PARTS_OF_ROLES


def title_gender(title: str) -> str:
    """ "m" or "f" as a title tells ("mr.", "ms."); "" where it does not."""
    return "m" if title in HIS else "f" if title in HERS else ""


def gender(text: Text, name: Name) -> str:
    """ "m" or "f" as title, role or given name tell; "" where they do not."""
    tokens = text.tokens
    near = {tokens[i].low for i in range(max(0, name.first - 3), name.first)}
    near |= {t.low for t in tokens[name.last + 1 : name.last + 8]} if _comma_after(tokens, name) else set()
    given = tokens[name.first].low
    if near & (HERS | HER_KIN) or given in FEMALE_NAMES:
        return "f"
    if near & (HIS | HIS_KIN) or given in MALE_NAMES:
        return "m"
    return ""


def _comma_after(tokens: list[Token], name: Name) -> bool:
    return name.last + 1 < len(tokens) and tokens[name.last + 1].cls == ","
