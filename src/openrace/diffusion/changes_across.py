"""What an English and a Chinese print of one statement say otherwise: a number, a name, a negation, a doubt …

Compared is only what both have: passages of clauses that tell the same for the most part. A negation, a doubt
and a condition count only where the words that they belong to are there on both sides, and where nothing may
stand for them on the other: translators are free, and what is left out is no change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from openrace.diffusion.items import Item, items_of
from openrace.diffusion.meaning_changes import MeaningChange
from openrace.diffusion.meaning_words import COUNTRIES
from openrace.diffusion.passages_across import (
    Clause,
    ClausePair,
    chinese_clauses,
    english_clauses,
    passages,
)
from openrace.diffusion.words_across import (
    NAMES,
    STANDS_FOR,
    Contrast,
    Sense,
    contrasts,
    may_say_no_in_chinese,
    may_say_no_in_english,
    mentions,
)
from openrace.wordings.glosses import gloss_words, stems_of, weight_of_stem
from openrace.wordings.quantities import Quantity, numbers_of

# Of what either side of a passage tells, how much the other must tell too for a change to be reported.
SURE = {
    "number": 0.6,
    "time": 0.65,
    "name": 0.8,
    "negation": 0.7,
    "opposite": 0.7,
    "quantity": 0.75,
    "modal": 0.7,
}
NEXT_WORDS, NEXT_HAN = 5, 8  # words, characters behind a negation that it may belong to
HEADS = 2  # telling words behind a negation, a doubt or an "if", one of which must be there on the other side
LEAST_TELLING = 6.0  # of a word behind "if" and "may": "come" and "make" stand for nothing in particular
SHORTEST_ROUNDED = 2  # figures: 97 may be 97.4
_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?![\d,.]*\d)(?!\s?[十百千万亿%])")
_MONTHS = "january february march april may june july august september october november december".split()
_MONTH_HAN = re.compile(
    r"(?<!\d)(1[0-2]|[1-9])月|(?<![一二三四五六七八九十])(十[一二]?|[一二三四五六七八九])月"
)
_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
# A week or a month is counted from the day of the report, which may be another one.
_RELATIVE = frozenset(("month last", "month this", "month next"))
_COMPARED_TIMES = frozenset(("day", "month", "year"))
_NAME_KINDS = ("country", "firm", "place", "person")
_CURRENCIES = frozenset(("usd", "eur", "gbp", "cny", "jpy", "hkd"))


class Print(NamedTuple):
    """One side of a comparison: clauses and their text."""

    clauses: Sequence[Clause]
    text: str

    @property
    def items(self) -> list[Item]:
        """The items of all clauses."""
        return [item for clause in self.clauses for item in clause.items]


class Pair(NamedTuple):
    """An English and a Chinese print, or a passage of both."""

    english: Print
    chinese: Print


def changes_across(english: str, chinese: str) -> Iterator[MeaningChange]:
    """Yield what a Chinese print says otherwise than an English one of the same statement."""
    whole = _pair(english_clauses(english), chinese_clauses(chinese))
    for passage in passages(english, chinese):
        here, around = _pair(passage.english, passage.chinese), _sentences(passage, whole)
        found = [*_numbers(here, whole), *_times(here, whole), *_names(here, whole)]
        found += [*_negations(here, around, passage), *_opposites(here, whole, passage)]
        found += _missing(here, around, whole, passage)
        for change in found:
            sureness = passage.coverage(change.lost, change.gained)
            if sureness >= SURE[change.kind]:
                yield change._replace(sureness=sureness)


def _pair(english: Sequence[Clause], chinese: Sequence[Clause]) -> Pair:
    return Pair(
        Print(english, ", ".join(clause.text for clause in english)),
        Print(chinese, "，".join(clause.text for clause in chinese)),
    )


def _sentences(passage: ClausePair, whole: Pair) -> Pair:
    """Return the sentences in which a passage stands."""
    ours, theirs = ({clause.sentence for clause in side} for side in passage)
    return _pair(
        [clause for clause in whole.english.clauses if clause.sentence in ours],
        [clause for clause in whole.chinese.clauses if clause.sentence in theirs],
    )


# -- numbers and times ----------------------------------------------------------------------------------


def _numbers(here: Pair, whole: Pair) -> Iterator[MeaningChange]:
    """Yield a number in place of another one, or one that counts something else."""
    ours, theirs = _quantities(here)
    all_ours, all_theirs = _quantities(whole)
    gone = [it for it in ours if not any(_agree(it, other) for other in all_theirs)]
    come = [it for it in theirs if not any(_agree(it, other) for other in all_ours)]
    if len(gone) == len(come) == 1 and not _is_converted(gone[0], come[0]):
        yield MeaningChange("number", (_told(gone[0]),), (_told(come[0]),))
        return
    for one, other in ((one, other) for one in ours for other in theirs):
        same = (it for it in (*all_ours, *all_theirs) if it.value == one.value)
        is_only_one = one.value == other.value and {it.unit for it in same} == {one.unit, other.unit}
        if is_only_one and one.measures_otherwise(other):
            yield MeaningChange("number", (_told(one),), (_told(other),))
            return


def _quantities(pair: Pair) -> tuple[list[Quantity], list[Quantity]]:
    """Return the numbers of both; 元 alone may be of any country."""
    spelled = "人民币" in pair.chinese.text
    chinese = (
        it._replace(unit="") if it.unit == "cny" and not spelled else it
        for it in numbers_of(pair.chinese.text, after_words=True)
    )
    return list(numbers_of(pair.english.text, after_words=True)), list(chinese)


def _agree(one: Quantity, other: Quantity) -> bool:
    """Tell whether two numbers may be one: equal but for rounding, whatever they count."""
    if one.value == other.value or one._replace(unit="").agrees(other._replace(unit="")):
        return True
    figures = min(_figures(one.value), _figures(other.value))
    return figures >= SHORTEST_ROUNDED and f"{one.value:.{figures}g}" == f"{other.value:.{figures}g}"


def _figures(value: float) -> int:
    return len(f"{value:.6e}".split("e")[0].replace(".", "").rstrip("0"))


def _is_converted(one: Quantity, other: Quantity) -> bool:
    """Return whether two numbers count in units of which one may be turned into the other."""
    return bool(one.unit and other.unit and one.unit != other.unit)


def _told(quantity: Quantity) -> str:
    """Return a number as a reader of either language can read it."""
    value, unit = f"{quantity.value:,.10g}", quantity.unit
    return (
        f"{value}{unit}"
        if unit == "%"
        else f"{value} {unit.upper() if unit in _CURRENCIES else unit}".strip()
    )


def _times(here: Pair, whole: Pair) -> Iterator[MeaningChange]:
    """Yield another year, month or weekday; of days next to each other one may be that of another zone."""
    years, other_years = ([set(_YEAR.findall(side.text)) for side in pair] for pair in (here, whole))
    gone, come = years[0] - other_years[1], years[1] - other_years[0]
    if len(gone) == len(come) == 1:
        yield MeaningChange("time", tuple(gone), tuple(come))
    ours, theirs = map(_time_items, here)
    all_ours, all_theirs = map(_time_items, whole)
    for key, text in ours.items():
        kind = key.split()[0]
        others = {other for other in theirs if other.split()[0] == kind and other not in all_ours}
        if key not in all_theirs and len(others) == 1:
            (other,) = others
            if kind != "day" or not _are_neighbours(key, other):
                yield MeaningChange("time", (text,), (theirs[other],))


def _time_items(side: Print) -> dict[str, str]:
    """Return the days, months and years of a print by their class, as printed."""
    found = {item.key[2:]: item.text for item in side.items if item.kind == "time"}
    for month in _MONTH_HAN.finditer(side.text):
        number = (
            int(month[1])
            if month[1]
            else "一二三四五六七八九十".find(month[2][-1]) + 1 + 10 * (len(month[2]) - 1)
        )
        found[f"month {_MONTHS[number - 1]}"] = month.group()
    return {
        key: text
        for key, text in found.items()
        if key.split()[0] in _COMPARED_TIMES and key not in _RELATIVE and " " in key
    }


def _are_neighbours(day: str, other: str) -> bool:
    days = [name.split()[1] for name in (day, other)]
    if not set(days) <= set(_DAYS):
        return True
    first, second = map(_DAYS.index, days)
    return (first - second) % 7 in (1, 6)


# -- names ----------------------------------------------------------------------------------------------


class NameInPrint(NamedTuple):
    """A name that is known in both languages: of what kind, and as it is printed."""

    kind: str
    text: str


def _names(here: Pair, whole: Pair) -> Iterator[MeaningChange]:
    """Yield a name in place of another one of its kind."""
    ours, theirs = _names_in(here.english), _names_in(here.chinese)
    all_ours, all_theirs = _names_in(whole.english), _names_in(whole.chinese)
    several = {known.text for key, known in all_theirs.items() if key in all_ours}  # 谷歌: Google, Alphabet
    for kind in _NAME_KINDS:
        gone = {it.text for key, it in ours.items() if it.kind == kind and not _is_there(key, all_theirs)}
        come = {
            it.text
            for key, it in theirs.items()
            if it.kind == kind and not _is_there(key, all_ours) and it.text not in several
        }
        if len(gone) == len(come) == 1:
            yield MeaningChange("name", tuple(gone), tuple(come))


def _is_there(key: str, names: dict[str, NameInPrint]) -> bool:
    """Return whether a name is among `names`, or a capital for its country."""
    return key in names or STANDS_FOR.get(key) in names or key in {STANDS_FOR.get(name) for name in names}


def _names_in(side: Print) -> dict[str, NameInPrint]:
    found = {
        item.key: NameInPrint("country", item.text)
        for item in items_of(side.text)
        if item.kind == "name" and item.key in _COUNTRY_KEYS
    }
    for kind, rows in NAMES.items():
        for latin, several in rows.items():
            if printed := _printed(side.text, latin, several):
                found[latin] = NameInPrint(kind, printed)
    return found


_COUNTRY_KEYS = frozenset(COUNTRIES.values())


def _printed(text: str, latin: str, several: Sequence[str]) -> str:
    """Return how a name is printed in `text`, capitalised where it is in Latin letters; "" if it is not."""
    name = re.search(rf"(?<![^\W_]){re.escape(latin)}(?![A-Za-z])", text, re.I)
    if name and any(map(str.isupper, name.group())):
        return name.group()
    return next((word for word in several if word in text), "")


# -- negations ------------------------------------------------------------------------------------------


def _negations(here: Pair, around: Pair, passage: ClausePair) -> Iterator[MeaningChange]:
    """Yield a negation that one side lacks, of words that both have."""
    ours, theirs = (_negating(side.items) for side in here)
    if theirs and not ours:
        if not may_say_no_in_english(around.english.text, here.chinese.text) and any(
            _next_in_chinese(clause, passage) for clause in passage.chinese
        ):
            yield MeaningChange("negation", (), tuple(item.text for item in theirs))
    elif (
        ours
        and not theirs
        and not may_say_no_in_chinese(around.chinese.text, here.english.text)
        and any(_next_in_english(clause, passage) for clause in passage.english)
    ):
        yield MeaningChange("negation", tuple(item.text for item in ours), ())


def _negating(items: Sequence[Item]) -> list[Item]:
    """Return the negations, if any does not take back another one."""
    found = [item for item in items if item.kind == "negation"]
    soft = any(item.kind in ("soft negation", "negative verb") for item in items)
    return [] if soft or len(found) % 2 == 0 else found


_NEGATION = re.compile(r"\b(?:not|no|never|none|nothing|nobody|nor|without)\b|n['’]t\b|\bcannot\b", re.I)
_NEGATION_HAN = re.compile("没有|不会|不能|不再|[不没未无非]")


def _next_in_english(clause: Clause, passage: ClausePair) -> bool:
    """Return whether a word that an English negation can belong to is there in Chinese."""
    for found in _NEGATION.finditer(clause.text):
        behind = clause.text[found.end() :].split()[:NEXT_WORDS]
        told = [stems for word in behind if (stems := stems_of(word))]
        if any(stems & passage.meanings for stems in told[:HEADS]):
            return True
    return False


def _next_in_chinese(clause: Clause, passage: ClausePair) -> bool:
    """Return whether a word that a Chinese negation can belong to is there in English."""
    for found in _NEGATION_HAN.finditer(clause.text):
        behind = gloss_words(clause.text[found.end() : found.end() + NEXT_HAN])
        if any(word.stems & passage.stems for word in behind[:HEADS]):
            return True
    return False


# -- opposites, doubts, conditions ----------------------------------------------------------------------


def _opposites(here: Pair, whole: Pair, passage: ClausePair) -> Iterator[MeaningChange]:
    """Yield a word in place of one that excludes it, where both sides negate as often."""
    negative = (item.kind == "negation" for side in here for item in side.items)
    if sum(negative) % 2:
        return
    for contrast in contrasts():
        for one, other in ((contrast.one, contrast.other), (contrast.other, contrast.one)):
            ours, theirs = one.in_english(here.english.text), other.in_chinese(here.chinese.text)
            if ours and theirs and not _is_told(contrast, one, other, here, whole, passage):
                yield MeaningChange(contrast.kind, ours, theirs)


def _is_told(
    contrast: Contrast, one: Sense, other: Sense, here: Pair, whole: Pair, passage: ClausePair
) -> bool:
    """Return whether a word of `one` in English or of `other` in Chinese is in the other language too."""
    if other.in_english(whole.english.text) or one.in_chinese(whole.chinese.text):
        return True
    if contrast.neither.in_english(here.english.text) or contrast.neither.in_chinese(here.chinese.text):
        return True
    words = (word for clause in passage.chinese for word in clause.words)
    if any(word.word in other.han and word.stems & passage.stems for word in words):
        return True
    return contrast.kind in ("opposite", "quantity") and any(
        stems_of(word) & passage.meanings for word in one.in_english(here.english.text)
    )


def _missing(here: Pair, around: Pair, whole: Pair, passage: ClausePair) -> Iterator[MeaningChange]:
    """Yield a doubt or a condition that one side lacks, of words that both have."""
    for sure, also in mentions():
        ours, theirs = sure.in_english(here.english.text), sure.in_chinese(here.chinese.text)
        if ours and not theirs:
            said_so = sure.in_chinese(whole.chinese.text) or also.in_chinese(around.chinese.text)
            if not said_so and _is_followed(here.english.text, ours, passage):
                yield MeaningChange("modal", ours, ())
        said_so = sure.in_english(whole.english.text) or also.in_english(around.english.text)
        if theirs and not ours and not said_so:
            yield MeaningChange("modal", (), theirs)


def _is_followed(text: str, found: Sequence[str], passage: ClausePair) -> bool:
    """Return whether the telling word behind one of `found` is there in Chinese."""
    for word in found:
        behind = re.split(rf"\b{re.escape(word)}\b", text, maxsplit=1, flags=re.I)[-1].split()
        told = [stems for other in behind[: NEXT_WORDS + 1] if (stems := _telling(other))]
        if any(stems & passage.meanings for stems in told[:HEADS]):
            return True
    return False


def _telling(word: str) -> frozenset[str]:
    return frozenset(stem for stem in stems_of(word) if weight_of_stem(stem) >= LEAST_TELLING)
