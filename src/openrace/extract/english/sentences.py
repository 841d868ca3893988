"""Sentences seen from outside their quotations.

A sentence is a row of units: words, and quotations folded into one unit each (class ``Q``). So a full
stop inside a quotation ends nothing, "'…,' said X. '…'" is read as one pattern, and words inside the
marks are never taken for the article's own.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections import Counter
from typing import NamedTuple

from openrace.extract.english.furniture import furniture
from openrace.extract.english.grammar import (
    ADVERB,
    AUX,
    BE,
    CLOSE,
    COLON,
    COMMA,
    DASH,
    DET,
    DOCUMENT,
    ED,
    INDEFINITE,
    ING,
    MARK,
    NAME,
    NOT,
    NOUN,
    NUMBER,
    OF,
    OPEN,
    PAST_OR_PRESENT,
    POSSESSIVE,
    PREP,
    PRONOUN,
    QUOTATION,
    REPORTING,
    ROLE,
    SAID,
    SAY,
    SAYING,
    SAYS,
    SEMICOLON,
    STOP,
    STOPS,
    THAT,
    TIME,
    TO,
    pattern,
)
from openrace.extract.english.plural_nouns import is_plural_noun
from openrace.extract.english.quotations import Quotation, find_quotations
from openrace.extract.english.reporting_words import CUE_FORMS, NOUN_CUES
from openrace.extract.english.tokens import Token, name_wills_and_mays, paragraph_ends, tokenize

_NOUN_OR_ROLE = NOUN + ROLE
_BEFORE_ADJECTIVE = frozenset(DET + POSSESSIVE + PREP)
_NAMED_OR_ROLE = frozenset(NOUN + ROLE + NAME)
_ADJECTIVE = NOUN + ED + ING
_DETERMINED = DET + POSSESSIVE


class Sentence(NamedTuple):
    """Units `i` cover tokens ``first[i]`` to ``last[i]``; ``classes[i]`` is the unit's class."""

    first: list[int]
    last: list[int]
    classes: str
    paragraph: int
    starts_paragraph: bool
    ends_paragraph: bool
    headline: bool  # most of its words have capitals


class Text(NamedTuple):
    """An article's text, read once: its tokens, quotations and sentences."""

    text: str
    tokens: list[Token]
    quotations: dict[int, Quotation]  # by first token
    sentences: list[Sentence]
    capitals: Counter[str]  # how often each word is written with a capital, by its lower case

    def words(self, sentence: Sentence, i: int) -> str:
        """Unit `i` of `sentence`, lower case; of a quotation its opening mark."""
        return self.tokens[sentence.first[i]].low


def read(text: str) -> Text:
    """`text` tokenised and split into sentences; furniture (`furniture.py`) has none."""
    tokens = name_wills_and_mays(tokenize(text))
    paragraphs = _paragraphs(text, tokens)
    quotations = {q.first: q for q in find_quotations(text, tokens, paragraphs)}
    outside = furniture([text[tokens[a].start : tokens[b - 1].end] for a, b in paragraphs])
    sentences: list[Sentence] = []
    for number, (first, last) in enumerate(paragraphs):
        if not outside[number]:
            sentences += _sentences(text, tokens, quotations, first, last, number)
    capitals = Counter([t.low for t in tokens if t.cls == NAME])
    return Text(text, tokens, quotations, sentences, capitals)


def _paragraphs(text: str, tokens: list[Token]) -> list[tuple[int, int]]:
    starts = [t.start for t in tokens]
    paragraphs, at = [], 0
    for end in paragraph_ends(text):
        stop = bisect_left(starts, end)
        if stop > at:
            paragraphs.append((at, stop))
            at = stop
    return paragraphs


def _sentences(
    text: str, tokens: list[Token], quotations: dict[int, Quotation], first: int, last: int, number: int
) -> list[Sentence]:
    firsts, lasts, classes = _units(tokens, quotations, first, last)
    headline = _is_headline(tokens, firsts, classes)
    _reread(tokens, firsts, classes, headline)
    opening = _opening_end(tokens, firsts, classes, text)
    classes[:opening] = TIME * opening
    small = not any(t.capital for t in tokens[first:last])
    bounds = [0, opening] if 0 < opening < len(firsts) else [0]
    for i in range(opening, len(firsts) - 1):
        if i + 1 - bounds[-1] >= _LONGEST or _ends(tokens, firsts, lasts, classes, i, small=small):
            bounds.append(i + 1)
    bounds.append(len(firsts))
    line = "".join(classes)
    return [
        Sentence(firsts[a:b], lasts[a:b], line[a:b], number, a in (0, opening), b == len(firsts), headline)
        for a, b in itertools.pairwise(bounds)
    ]


def _units(
    tokens: list[Token], quotations: dict[int, Quotation], first: int, last: int
) -> tuple[list[int], list[int], list[str]]:
    firsts: list[int] = []
    lasts: list[int] = []
    classes: list[str] = []
    i = first
    while i < last:
        quotation = quotations.get(i)
        after_name = classes and classes[-1] == NAME and tokens[i].cls in _OPENS_PARTY
        if after_name and (end := _party_end(tokens, i, last) or _ticker_end(tokens, i, last)):
            i = end  # "Sen. Tor Vance, R-S.D., said": the party belongs to the name, the ticker too
            lasts[-1] = i - 1
            continue
        firsts.append(i)
        if quotation:
            i = quotation.last
        lasts.append(i)
        classes.append(QUOTATION if quotation else tokens[i].cls)
        i += 1
    return firsts, lasts, classes


def _party_end(tokens: list[Token], i: int, last: int) -> int | None:
    """The token behind a party and state that stand at token `i` after a name: ", R-S.D.," or "(D-N.J.)"."""
    if i + 2 >= last or not _PARTY.fullmatch(tokens[i + 1].low):
        return None
    closing = COMMA if tokens[i].cls == COMMA else CLOSE
    return next((k + 1 for k in range(i + 2, min(i + 4, last)) if tokens[k].cls == closing), None)


def _ticker_end(tokens: list[Token], i: int, last: int) -> int | None:
    """The token behind the exchange and ticker at token `i` after a firm's name: "(NASDAQ:HLDN)"."""
    if i + 4 >= last or tokens[i].cls != OPEN or tokens[i + 1].low not in _EXCHANGES:
        return None
    closing = next((k for k in range(i + 2, min(i + 6, last)) if tokens[k].cls == CLOSE), None)
    return closing + 1 if closing else None


_EXCHANGES = frozenset(
    "nasdaq nyse nysearca nysemkt otc otcpk otcqb otcqx otcmkts amex lse lon tsx tsxv cse asx nse bse hkg "
    "hkex hkse sgx sehk tse tyo fra etr epa ase nzse nzx jse osl sto cph bit bme swx krx kosdaq twse".split()
)
_OPENS_PARTY = COMMA + OPEN
_PARTY = re.compile(r"[rdi]-[a-z.]{1,6}")
_LONGEST = 300  # units: a longer sentence is cut, so that no text takes more than linear time
_HEADLINE_WORDS = 40
_PRESENTED = frozenset("guest guests host hosts speaker speakers panelist panelists moderator".split())
_AFTER_VERB = frozenset(
    DET + AUX + BE + SAID + SAYING + PREP + THAT + TO + ADVERB + PRONOUN + NOT + COMMA + STOP + INDEFINITE
)
_BEFORE_PLURAL = frozenset(DET + POSSESSIVE + OF + ED + NUMBER + PREP)
_EPITHET = pattern("{NAME}{ED VERB}{NAME}")
_AMBIGUOUS = frozenset(POSSESSIVE + SAYING + SAY + SAYS + SAID)
_BEFORE_NOUN = _BEFORE_PLURAL | frozenset(ING + DOCUMENT + REPORTING)
_SPOKEN_BY = frozenset(PAST_OR_PRESENT)
_AFTER_NOUN = frozenset(COMMA + STOP + SEMICOLON + PAST_OR_PRESENT + AUX + BE)


def _is_headline(tokens: list[Token], firsts: list[int], classes: list[str]) -> bool:
    """Whether most words of a paragraph have capitals."""
    if tokens[firsts[0]].low in _PRESENTED and classes[1:2] == [COLON]:
        return False  # "Guest: Rita Solberg, Tidewell"
    words = [i for i, cls in enumerate(classes) if cls.isalpha() and cls != QUOTATION]
    capitals = sum(tokens[firsts[i]].capital for i in words)
    least = 5 if QUOTATION in classes or classes[-1] == STOP else 3  # "'…,' said Ines Vardan." is no headline
    return least <= len(words) <= _HEADLINE_WORDS and capitals > 0.6 * len(words)


def _reread(tokens: list[Token], firsts: list[int], classes: list[str], headline: bool) -> None:
    """Set right, by what stands around them, the classes that one word alone cannot tell.

    In a headline most words have capitals, so a capital makes no name of a reporting verb there. After a
    determiner, a preposition or an adjective "claims" is a noun and "proposed" an adjective.
    """
    opening = "".join(classes[:3])
    if not headline and tokens[firsts[0]].low.endswith("ly") and _EPITHET.fullmatch(opening):
        classes[:2] = [ADVERB, ED]  # "Privately held Brennock said"
    for i, cls in enumerate(classes):
        if cls not in _AMBIGUOUS and not (headline and cls == NAME):
            continue
        before = classes[i - 1] if i else ""
        after = classes[i + 1] if i + 1 < len(classes) else ""
        # "Vardan's warning"
        named = after == SAYING and before != PRONOUN and tokens[firsts[i + 1]].low in NOUN_CUES
        if classes[i] == POSSESSIVE and (before == PRONOUN or after in _AFTER_VERB) and not named:
            classes[i] = BE  # "she's now leaving"
        if classes[i] == SAYING and tokens[firsts[i]].low in NOUN_CUES and _determined(classes, i):
            classes[i] = DOCUMENT  # "a stark warning"
        if headline and i and classes[i] == NAME and tokens[firsts[i]].low in CUE_FORMS:
            classes[i] = CUE_FORMS[tokens[firsts[i]].low][0]
        plural = before == DOCUMENT and tokens[firsts[i - 1]].low.endswith(
            "s"
        )  # "polls show", "remarks reflect"
        one = before == INDEFINITE and tokens[firsts[i - 1]].low == "one"  # "one answer"
        noun = (
            one
            or (before in _BEFORE_NOUN and not plural)
            or (before in _NOUN_OR_ROLE and after in _AFTER_NOUN)
        )
        noun = noun or after in _SPOKEN_BY  # "the Ledger report added"
        if classes[i] == SAYS and is_plural_noun(tokens[firsts[i]].low, classes, i):
            classes[i] = NOUN
        if tokens[firsts[i]].low in _NOUNS_TOO and _has_article(tokens, firsts, classes, i):
            classes[i] = DOCUMENT  # "an internal forecast"
        if (classes[i] == SAY and before and noun) or (classes[i] == SAYS and before in _BEFORE_PLURAL):
            classes[i] = DOCUMENT if tokens[firsts[i]].low in NOUN_CUES else NOUN
        elif classes[i] == SAID and before in _BEFORE_ADJECTIVE and after in _NAMED_OR_ROLE:
            classes[i] = ED


def _has_article(tokens: list[Token], firsts: list[int], classes: list[str], i: int) -> bool:
    """Whether an article that makes a noun of the word at `i` stands before it, adjectives between them."""
    while i and classes[i - 1] in _ADJECTIVE:
        i -= 1
    return i > 0 and tokens[firsts[i - 1]].low in _ARTICLES


_ARTICLES = frozenset("a an its his her their".split())
_NOUNS_TOO = frozenset("forecast estimate project review report".split())


def _determined(classes: list[str], i: int) -> bool:
    """Whether a determiner or a possessive stands before the word at `i`, adjectives between them or not."""
    while i and classes[i - 1] in _ADJECTIVE:
        i -= 1
    return i > 0 and classes[i - 1] in _DETERMINED


# "ESTMOUTH, May 4 (Fen) —"
_DATELINE = pattern(
    r"{NAME}{1,3} (?:{COMMA}{NAME TIME NUMBER STOP AUX}{1,4})* (?:{OPEN}{NAME}{1,2}{CLOSE})? {DASH}"
)
# "ESTMOUTH, FEN / HARBOUR Newswire / May 4, 2025 /"
_PRESS = pattern(
    r"{NAME}{1,3}{COMMA}{NAME STOP}{1,3}{OTHER}{NAME NOUN}{1,4}{OTHER}"
    r"{TIME NAME NUMBER COMMA STOP AUX}{1,5}{OTHER}"
)
_STAMP = pattern(r"{NUMBER} {NAME} {DASH}")  # "1207 GMT -", as tickers open each of their items
_ZONES = frozenset("gmt utc bst cet cest et est edt ct cst cdt pt pst pdt hkt sgt jst ist aest".split())


def _opening_end(tokens: list[Token], firsts: list[int], classes: list[str], text: str) -> int:
    """Return how many units the dateline or the stamp takes that opens a paragraph; 0 for none.

    It is a sentence of its own: no part of what is said after it, and nobody is called ESTMOUTH.
    """
    opening = "".join(classes[:16])
    word = text[tokens[firsts[0]].start : tokens[firsts[0]].end]
    if (m := _PRESS.match(opening)) and word.isupper():
        return m.end()
    if (m := _DATELINE.match(opening)) and word.isupper() and len(word) > 4:
        return m.end()
    if (m := _STAMP.match(opening)) and tokens[firsts[1]].low in _ZONES:
        return m.end()
    return 0


_LONGEST_CREDIT = 9  # tokens up to the sign of an address
_OPENERS = frozenset(QUOTATION + NUMBER + OPEN + DASH)
_CLOSERS = frozenset(CLOSE + MARK)


def _ends(
    tokens: list[Token], firsts: list[int], lasts: list[int], classes: list[str], i: int, *, small: bool
) -> bool:
    """Whether a sentence ends after unit `i`; `small`: the paragraph has no capital."""
    following = classes[i + 1]
    if following == OPEN and _is_credit(tokens, firsts[i + 1]):
        return True
    if classes[i] in STOPS:
        return following in _OPENERS or tokens[firsts[i + 1]].capital or small
    if classes[i] in _CLOSERS and i and classes[i - 1] in STOPS:
        return following == QUOTATION or tokens[firsts[i + 1]].capital
    if classes[i] == NAME and following == QUOTATION:
        return (
            _abbreviated(tokens[firsts[i]].low)
            and tokens[firsts[i + 1] + 1].capital
            and QUOTATION in classes[:i]
        )
    if classes[i] != QUOTATION:
        return False
    final = _final_stop(tokens, firsts[i], lasts[i])
    if final not in STOPS or not (following == QUOTATION or tokens[firsts[i + 1]].capital or small):
        return False
    return not _attribution_follows(classes, i + 1, strict=final == STOP)


def _abbreviated(word: str) -> bool:
    """Whether the word brings its own full stop, which may then end a sentence too: "in Fort Hale, S.C."."""
    return word.endswith(".") and word.count(".") > 1


def _is_credit(tokens: list[Token], opening: int) -> bool:
    """Whether the bracket holds an address: "(jon.pell@paper.example)", who wrote this."""
    return any(token.low == "@" for token in tokens[opening + 1 : opening + _LONGEST_CREDIT])


def _final_stop(tokens: list[Token], first: int, last: int) -> str:
    """The class of the last token of a quotation inside its closing mark or marks."""
    while last > first and tokens[last].cls == MARK:
        last -= 1
    return tokens[last].cls


_SPEAKER = NAME + DET + ROLE + PRONOUN + POSSESSIVE
_LONG_SPEAKER = _SPEAKER + NOUN + ED + INDEFINITE + COMMA + NUMBER + ADVERB


def _attribution_follows(classes: list[str], i: int, strict: bool) -> bool:
    """Whether units from `i` read "Mr. Name said": then the stop before them ended only the quotation.

    `strict`: nothing may come after the verb, as a full stop inside the marks mostly does end the sentence.
    """
    for at in range(i, min(i + 9, len(classes))):
        if classes[at] in PAST_OR_PRESENT:
            return not strict or classes[at + 1 : at + 2] in ([], [STOP])
        if classes[at] not in (_SPEAKER if strict else _LONG_SPEAKER):
            return False
    return False
