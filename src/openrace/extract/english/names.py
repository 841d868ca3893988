"""Names as they stand in a text, and what the words beside them say of their bearers.

Everything here is read from the article itself: "Mara Lindqvist, chief executive of Halden", "Sen. Aldous
Brandt", "Ms. Okafor", "the Ministry of Rivers". What kind of thing a name names is told in `name_types.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import NamedTuple

from openrace.extract.english.grammar import (
    CLOSE,
    COMMA,
    DET,
    DOCUMENT,
    FINITE_VERB,
    NAME,
    OF,
    OPEN,
    PAST_OR_PRESENT,
    POSSESSIVE,
    PREP,
    QUOTATION,
    ROLE,
    SEMICOLON,
    STOP,
    STOPS,
    WHO,
    pattern,
)
from openrace.extract.english.name_lists import given_name, is_common_given_name, is_surname
from openrace.extract.english.sentences import Sentence, Text
from openrace.extract.english.tokens import Token, visible
from openrace.extract.english.wordclass import BODIES, CLOSED, HER_KIN, HERS, HIS, HIS_KIN, SAME_ROLE, TITLES

PARTICLES = frozenset("de da del della der den van von bin ibn al el la le du dos di ben ter".split())
_NO_LONGER = frozenset("former ex".split())
_PARTS_OF_ROLES = frozenset("deputy vice chief then acting officer prime".split())
_APPOSITIVE = 12  # tokens of an appositive in which its head is looked for
_APPOSITIVE_ENDS = COMMA + STOP + WHO + SEMICOLON + PAST_OR_PRESENT + PREP
_LONGEST = 5  # words of a person's name
# bodies whose name goes on with "of …" or "for …"
_HEADS_OF_BODIES = frozenset(
    """
    ministry department university institute bank board bureau office committee commission council college
    school court house center centre academy association federation union league society foundation museum
    library city chamber church organization organisation conference institution
    campaign party alliance coalition agency offices
    """.split()
)
# titles that companies' names begin with
_IN_NAMES = frozenset(["general", "executive", "justice", "chief", "premier", "officer", "commissioner"])
# kinds of bodies, in small letters: "the Vance campaign", "the bank"
BODY_KINDS = frozenset(
    """
    company organization organisation agency ministry department government campaign committee commission
    court party union university newspaper magazine network outlet bureau institute association board council
    administration coalition team group labs companies bank website paper firm startup hospital school office
    """.split()
)
_SHORT_NAMES = frozenset("us uk un eu ai fc hp gm ge".split())
_NICKNAME = pattern("{OPEN}{NAME}{1,2}{CLOSE}{NAME}")


class Name(NamedTuple):
    """A name: where it stands (tokens, both included; its sentence) and how it is written."""

    first: int
    last: int
    text: str
    sentence: int
    quoted: bool  # inside a quotation
    headline: bool
    low: str  # `text` in small letters
    words: tuple[str, ...]  # its words in small letters


def is_headline(sentence: Sentence) -> bool:
    """Whether capitals make no names here: most words have them, at the top or without a final stop."""
    return sentence.headline and (sentence.paragraph < 2 or sentence.classes[-1] not in STOPS + QUOTATION)


def role_of(word: str) -> str:
    """Return the office or kind of body that `word` stands for."""
    return SAME_ROLE.get(word, word)


def is_title(word: str) -> bool:
    """Whether `word` (small letters) is a title or an office, "director-general" like "director"."""
    return word in TITLES or ("-" in word and any(part in TITLES for part in word.split("-")))


def is_role(word: str) -> bool:
    """Whether `word` (small letters) stands for people or bodies by role: "senators"."""
    return CLOSED.get(word) in (ROLE, DOCUMENT)


def bare_name(text: Text, first: int, last: int) -> tuple[int, int] | None:
    """Return the tokens of the name that ends the phrase from `first` to `last`.

    No title, role, epithet or owner in front is part of it. None where the phrase does not end in a name
    ("the
    company", "a Halden spokesman").
    """
    tokens = text.tokens
    while last > first and tokens[last].cls == POSSESSIVE:
        last -= 1
    if tokens[last].cls != NAME:
        return None
    start = last
    while start > first and (_in_name(tokens[start - 1]) or _joins(tokens, start - 1, first)):
        start -= 1
    start = _before_nickname(tokens, start, first)
    while start < last and not tokens[start].capital:
        start += 1
    start = _after_title(tokens, start, last)
    start = _after_epithet(tokens, start, last)
    while last - start > 1 and given_name(tokens[start].low) and _is_honour(text.text, tokens[last]):
        last -= 1
    return None if tokens[start].low in TITLES else (start, last)


def _is_honour(text: str, token: Token) -> bool:
    """Whether the word is letters behind a name: "Mara Lindqvist FRS"."""
    word = text[token.start : token.end]
    return 2 <= len(word) <= 4 and word.isupper() and word.isalpha()


def _before_nickname(tokens: list[Token], start: int, first: int) -> int:
    """Where "Chi Weng (Dick) Tam" begins, if `start` is its surname."""
    if start - 3 < first or tokens[start - 1].cls != CLOSE or tokens[start - 3].cls != OPEN:
        return start
    begin = start - 3
    while begin > first and _in_name(tokens[begin - 1]):
        begin -= 1
    return begin if begin < start - 3 else start


def _after_title(tokens: list[Token], start: int, last: int) -> int:
    """Where the name begins behind titles and other words with capitals: "OpenAI CPO Kevin Weil".

    What stands before a title is no name; nor is what stands before a given name that many bear.
    """
    for i in range(last - 1, start - 1, -1):
        if _is_office(tokens, i, last):
            return i + 1
    for i in range(last - 1, start, -1):
        before = tokens[i - 1].low
        initials = len(before) == 2 and before not in _SHORT_NAMES  # "JP Morgan"
        ends_given = given_name(before) or before in PARTICLES or before.endswith(".") or initials
        if is_common_given_name(tokens[i].low) and not ends_given and not given_name(tokens[start].low):
            return i
    return start


def _is_office(tokens: list[Token], i: int, last: int) -> bool:
    """Whether word `i` is a title before a name and no piece of one: "Justice Department"."""
    low = tokens[i].low
    rest = [t.low for t in tokens[i + 1 : last + 1]]
    if low not in TITLES:
        named = bool(given_name(rest[0])) or is_surname(rest[-1])
        if CLOSED.get(low) != ROLE or low in BODY_KINDS or not named:
            return False
    if BODIES.intersection(rest) or BODY_KINDS.intersection(rest):
        return False
    return low not in _IN_NAMES or len(rest) > 1 or is_surname(rest[0])


_EPITHET = re.compile(
    r".-(?:based|backed|owned|led|listed|funded|controlled|run|born|headquartered|made|developed|trained|focused"
    r"|affiliated|aligned|linked|appointed|elected|held|sponsored|operated|supported|built|dominated)$|^(?:pro|anti)-."
)


def is_epithet(word: str) -> bool:
    """Whether `word` (small letters) only describes: "velmark-based", "pro-vance"."""
    return bool(_EPITHET.search(word))


def _after_epithet(tokens: list[Token], start: int, last: int) -> int:
    """Where the name begins behind "Velmark-based" or "Pro-Vance"."""
    for i in range(last - 1, start - 1, -1):
        if is_epithet(tokens[i].low):
            return i + 1
    return start


def _in_name(token: Token) -> bool:
    return token.cls == NAME and token.capital


def _joins(tokens: list[Token], i: int, first: int) -> bool:
    """Whether token `i` is a particle inside a name ("van" in "Anna van Dijk")."""
    return (
        i > first and tokens[i].low in PARTICLES and (_in_name(tokens[i - 1]) or _joins(tokens, i - 1, first))
    )


def looks_like_body(words: tuple[str, ...] | list[str]) -> bool:
    """Whether a name of these words (lower case) is that of an organisation, an outlet, a law or a place."""
    return bool(BODIES.intersection(words))


def find_names(text: Text) -> list[Name]:
    """Return the names of `text` in order, of one word or more, quotations and headlines included."""
    found: list[Name] = []
    for index, sentence in enumerate(text.sentences):
        for at, end in _stretches(sentence):
            quoted = sentence.classes[at] == QUOTATION
            first, last = sentence.first[at], sentence.last[end - 1]
            found += _names(text, first, last, index, quoted=quoted, headline=is_headline(sentence))
    return found


def _stretches(sentence: Sentence) -> Iterator[tuple[int, int]]:
    """Yield the units of `sentence` between its quotations, and each quotation, as (first, end)."""
    at = 0
    for i, cls in enumerate(sentence.classes):
        if cls == QUOTATION:
            if i > at:
                yield at, i
            yield i, i + 1
            at = i + 1
    if at < len(sentence.classes):
        yield at, len(sentence.classes)


def _names(text: Text, first: int, last: int, index: int, *, quoted: bool, headline: bool) -> Iterator[Name]:
    """Yield the names among the tokens `first` to `last`."""
    tokens = text.tokens
    at = first
    while at <= last:
        if tokens[at].cls != NAME:
            at += 1
            continue
        end = _run_end(tokens, at, last)
        start = at
        if start == first and end > start and tokens[start].low.endswith(("ing", "ed", "ly")) and not quoted:
            start += 1  # a sentence that begins "Injecting Mara Lindqvist …"
        bare = bare_name(text, start, end)
        if bare:
            begin, stop = bare[0], _body_end(tokens, *bare, last)
            words = visible(text.text[tokens[begin].start : tokens[stop].end]).split()
            low = [word.lower() for word in words]
            yield Name(begin, stop, " ".join(words), index, quoted, headline, " ".join(low), tuple(low))
            end = max(end, stop)
        at = end + 1


def _run_end(tokens: list[Token], at: int, last: int) -> int:
    """The last token of the run of capitals that begins at `at`, particles and a nickname inside it."""
    end = at
    while end < last:
        following = tokens[end + 1]
        joined = end + 1
        while joined < last and tokens[joined].low in PARTICLES:
            joined += 1
        if tokens[joined].cls == NAME:
            end = joined
        elif following.cls == OPEN and _NICKNAME.match("".join(t.cls for t in tokens[end + 1 : end + 6])):
            end += 3
        else:
            break
    while end > at and tokens[end].cls != NAME:
        end -= 1
    return end


def _body_end(tokens: list[Token], first: int, last: int, stop: int) -> int:
    """The last token of a body's name with its "of …": "Ministry of Rivers", "Bank of the North"."""
    if not _HEADS_OF_BODIES.intersection(t.low for t in tokens[first : last + 1]):
        return last
    end = last
    while end + 2 <= stop and (tokens[end + 1].cls == OF or tokens[end + 1].low in ("for", "on")):
        after = end + 2
        if tokens[after].low == "the" and after < stop:
            after += 1
        if tokens[after].cls != NAME:
            break
        end = _run_end(tokens, after, stop)
    return end


def roles_beside(text: Text, name: Name) -> set[str]:
    """Return the offices and kinds beside `name`: titles before it, an appositive after it."""
    tokens = text.tokens
    found = set()
    before = name.first - 1
    while before >= 0 and (tokens[before].low in TITLES or tokens[before].cls == ROLE):
        found.add(role_of(tokens[before].low))
        before -= 1
    if before > 0 and tokens[before].cls == COMMA and tokens[before - 1].cls == ROLE:
        found.add(role_of(tokens[before - 1].low))  # "the minister, Ines Vardan,"
    found |= _roles_behind(tokens[name.last + 1 : name.last + 2 + _APPOSITIVE])
    return set() if found & _NO_LONGER else found - _PARTS_OF_ROLES


def _roles_behind(after: list[Token]) -> set[str]:
    """The roles that the words behind a name give its bearer: ", a harbour engineer," or "is mayor"."""
    if not after or (after[0].cls != COMMA and after[0].low not in ("is", "was")):
        return set()
    found = set()
    for token, following in zip_longest(after[1:], after[2:]):
        if token.cls in FINITE_VERB and after[0].cls == COMMA and after[1].cls == DET:
            return set()  # "By launching Halden Plan, the government showed …"
        if token.cls in _APPOSITIVE_ENDS:
            break
        owner = following is not None and following.cls == POSSESSIVE  # "the mayor's sister"
        if (token.cls == ROLE or token.low in TITLES) and not owner:
            found.add(role_of(token.low))
    return found


def title_gender(title: str) -> str:
    """Return "m" or "f" as a title tells ("mr.", "ms."), "" where it does not."""
    return "m" if title in HIS else "f" if title in HERS else ""


def gender_beside(text: Text, name: Name) -> str:
    """Return "m" or "f" as a title or relative right beside `name` tells, "" where none does."""
    tokens = text.tokens
    before = name.first - 1
    if before > 0 and tokens[before].cls == COMMA:
        before -= 1  # "his wife, Mara"
    near = {tokens[before].low} if before >= 0 else set()
    if name.last + 1 < len(tokens) and tokens[name.last + 1].cls == COMMA:
        for token in tokens[name.last + 2 : name.last + 8]:
            if token.cls in (WHO, COMMA):
                break
            near.add(token.low)
    if near & (HERS | HER_KIN):
        return "f"
    return "m" if near & (HIS | HIS_KIN) else ""
