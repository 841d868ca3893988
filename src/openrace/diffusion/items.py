"""The items of a wording as its meaning is compared: words, numbers by value, names, negations …"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from openrace.diffusion.meaning_words import (
    AMOUNTS,
    CERTAINTY,
    COUNTRIES,
    KNOWN_NAMES_HAN,
    NEGATIONS,
    NEGATIVE_VERBS,
    NOT_NEGATING,
    NOT_NEGATING_HAN,
    OPPOSITE_WORDS,
    ORDINARY_HAN,
    SOFT_NEGATIONS,
    TIMES,
    TRANSLITERATING,
)
from openrace.scripts import HAN, to_simplified
from openrace.wordings.normalise import code_point, words
from openrace.wordings.quantities import NO_NUMBER, RANGE, Quantity, number_starts, read_quantity

ItemKind = Literal[
    "word", "number", "name", "negation", "soft negation", "negative verb", "certainty", "amount", "time"
]


class Item(NamedTuple):
    """One word, number or name of a wording."""

    kind: ItemKind
    key: str  # items of one key say the same
    text: str  # as printed
    sentence: int  # its number in the wording
    quantity: Quantity | None = None


_INSERTION = re.compile(r"\[[^\[\]]*\]|\([^()]*\)|（[^（）]*）|【[^【】]*】")
_LETTER_IN_BRACKETS = re.compile(r"\[(\w{1,2})\](?=\w)|(?<=\w)\[(\w{1,3})\](?!\w)|(?<=\w)[(（](\w)[)）]")
_MARKS = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "“": " ", "”": " ", '"': " ", "，": ","})
_END = re.compile(r"[.!?;:…。！？；：\n]+")
_ACRONYM = re.compile(r"(?:[a-z]\.){2,}[a-z]?(?![a-z])|(?:[a-z]\.)+[a-z](?![a-z])")
_LATIN_WORD = re.compile(r"[^\W\d_" + HAN + r"][^\W_" + HAN + r"]*(?:'[^\W\d_]+)*")
_NOT_NEGATING = re.compile(rf"\b(?:{'|'.join(sorted(NOT_NEGATING, key=len, reverse=True))})\b", re.I)
_FOREIGN_NAME = re.compile(rf"[{TRANSLITERATING}]{{3,}}(?:·[{HAN}]+)*|[{HAN}]{{2,6}}·[{HAN}]{{1,6}}")
_CAPITALS_OF_A_TITLE = 0.6  # of words: in a headline capitals tell no names


def is_foreign_name(name: str) -> bool:
    """Return whether a name in Han characters spells a foreign one."""
    return _FOREIGN_NAME.fullmatch(to_simplified(name)) is not None


@cache
def _phrases() -> re.Pattern[str]:
    tables = (*CERTAINTY, *AMOUNTS, *TIMES, *COUNTRIES)
    several = sorted((w for w in tables if " " in w and w.isascii()), key=len, reverse=True)
    return re.compile(r"(?<![a-z])(?:" + "|".join(map(re.escape, several)) + r")(?![a-z])")


@cache
def _han_words() -> re.Pattern[str]:
    """Return the pattern of the Han words that mean something by themselves, the longest first."""
    tables = (*NOT_NEGATING_HAN, *ORDINARY_HAN, *NEGATIONS, *SOFT_NEGATIONS, *NEGATIVE_VERBS, *CERTAINTY)
    more = (*AMOUNTS, *(w for w in TIMES if len(w) > 1), *COUNTRIES, *KNOWN_NAMES_HAN)
    known = {w for w in (*tables, *more, *OPPOSITE_WORDS) if not w.isascii()}
    return re.compile("|".join(sorted(known, key=lambda w: (-len(w), w))))


@lru_cache(maxsize=1024)
def items_of(text: str) -> tuple[Item, ...]:
    """Return the items of a wording in order; what an editor put in brackets is left out.

    >>> [item.key for item in items_of("We don't pay $5bn")]
    ['we', 'do', '¬', 'pay', '#5e+09']
    """
    text = _LETTER_IN_BRACKETS.sub(r"\1\2\3", to_simplified(text)).translate(_MARKS)
    text = _NOT_NEGATING.sub(lambda found: " " * len(found.group()), _INSERTION.sub(" ", text))
    low = text.lower()
    return tuple(_read(text if len(low) == len(text) else low, low))


def _read(text: str, low: str) -> Iterator[Item]:
    place = sentence = 0
    opens, plain = True, _is_title(text)
    while place < len(text):
        if end := _END.match(low, place):
            sentence, opens, place = sentence + 1, True, end.end()
            continue
        if not low[place].isalnum() and low[place] not in "$€£¥":
            place += 1
            continue
        found, place = _item_at(text, low, place, sentence, opens or plain)
        yield from found
        opens = False


def _item_at(text: str, low: str, place: int, sentence: int, opens: bool) -> tuple[list[Item], int]:
    """Return the items that begin at `place`, and where they end."""
    if found := NO_NUMBER.match(text, place):
        return [Item("word", c, c, sentence) for c in found.group()], found.end()
    if number_starts()(low, place) and (quantity := read_quantity(low, place)):
        value, end = quantity
        item = Item("number", f"#{value.value:g}", text[place:end].strip(), sentence, value)
        link = RANGE.match(low, end)
        return [item], link.end() if link else end
    if found := _ACRONYM.match(low, place):
        name = found.group().replace(".", "")
        return [Item("name", COUNTRIES.get(name, name), text[place : found.end()], sentence)], found.end()
    if found := _phrases().match(low, place):
        return [_classified(found.group(), text[place : found.end()], sentence, opens)], found.end()
    if found := _LATIN_WORD.match(text, place):
        return list(_latin(found.group(), sentence, opens)), found.end()
    if found := _han_words().match(text, place) or _FOREIGN_NAME.match(text, place):
        return list(_han(found.group(), sentence)), found.end()
    return [Item("word", low[place], text[place], sentence)], place + 1


def _latin(printed: str, sentence: int, opens: bool) -> Iterator[Item]:
    """Yield the items of a printed word; a contraction has two."""
    forms = words(printed)
    if len(forms) == 1:
        yield _classified(printed.lower().removesuffix("'s"), printed, sentence, opens, forms[0])
    for form in forms if len(forms) > 1 else ():
        yield _classified(form, form, sentence, True)


def _classified(word: str, printed: str, sentence: int, opens: bool, form: str | None = None) -> Item:
    capital = printed[:1].isupper()
    if word in COUNTRIES and capital and (word != "us" or printed.isupper()):
        return Item("name", COUNTRIES[word], printed, sentence)
    if word in TIMES and not (word in ("march", "jan") and not capital):
        return Item("time", f"t {TIMES[word]}", printed, sentence)
    for kind, key in _lists(word):
        return Item(kind, key, printed, sentence)
    is_name = capital and printed != "I" and (not opens or sum(map(str.isupper, printed)) > 1)
    return Item("name" if is_name else "word", form or word, printed, sentence)


def _lists(word: str) -> Iterator[tuple[ItemKind, str]]:
    if word in NEGATIONS:
        yield "negation", "¬"
    if word in SOFT_NEGATIONS:
        yield "soft negation", "¬ soft"
    if word in NEGATIVE_VERBS:
        yield "negative verb", word
    if word in CERTAINTY:
        yield "certainty", f"m {CERTAINTY[word]}"
    if word in AMOUNTS:
        yield "amount", f"q {AMOUNTS[word]}"


def _han(word: str, sentence: int) -> Iterator[Item]:
    """Yield the items of a Han word that means something by itself."""
    if word in COUNTRIES or word in KNOWN_NAMES_HAN or _FOREIGN_NAME.fullmatch(word):
        yield Item("name", COUNTRIES.get(word, word), word, sentence)
    elif word in TIMES:
        yield Item("time", f"t {TIMES[word]}", word, sentence)
    else:
        yield next(
            (Item(kind, key, word, sentence) for kind, key in _lists(word)),
            Item("word", word, word, sentence),
        )


def _is_title(text: str) -> bool:
    found = _LATIN_WORD.findall(text)
    return len(found) > 3 and sum(word[0].isupper() for word in found) > _CAPITALS_OF_A_TITLE * len(found)


@lru_cache(maxsize=1024)
def encoded_items(text: str) -> str:
    """Return the items of a wording as one character each: two of one key are alike."""
    return "".join(code_point(item.key) for item in items_of(text))
