"""Numbers and their units by value: 97.4亿 is 9.74 billion, "five to ten" is 5-10, "percent" is %."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from openrace.scripts import to_simplified


class Quantity(NamedTuple):
    """A number, and in what it counts (`unit`, "" where that is not said)."""

    value: float
    unit: str = ""

    def agrees(self, other: Quantity) -> bool:
        """Tell whether two numbers are one: equal but for rounding, and not of different units."""
        close = abs(self.value - other.value) <= ROUNDING * max(abs(self.value), abs(other.value))
        return close and (not self.unit or not other.unit or self.unit == other.unit)

    def measures_otherwise(self, other: Quantity) -> bool:
        """Tell whether two numbers of one value measure in other units of one kind: 5 days, 5 weeks."""
        return self.unit != other.unit and any({self.unit, other.unit} <= kind for kind in _KINDS_OF_UNITS)


ROUNDING = 0.005  # relative: "9.7 billion" is no other number than 9.74 billion
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_SCALES |= {"k": 1e3, "m": 1e6, "mn": 1e6, "b": 1e9, "bn": 1e9, "t": 1e12, "tn": 1e12}
_ONES = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen""".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SMALL = {word: float(n) for n, word in enumerate(_ONES)} | {w: 10.0 * n for n, w in enumerate(_TENS, 2)}
_SPELLINGS = {  # of each unit
    "%": "% percent per\u00a0cent ％",
    "points": "percentage\u00a0point 个百分点",
    "usd": "$ us$ dollar 美元",
    "eur": "€ euro 欧元",
    "gbp": "£ pound 英镑",
    "cny": "¥ yuan rmb 元 人民币",
    "jpy": "yen 日元",
    "day": "day 天",
    "week": "week 周",
    "month": "month 个月",
    "year": "year 年",
    "hour": "hour 小时",
    "minute": "minute 分钟",
    "mile": "mile 英里",
    "km": "kilometer kilometre 公里",
    "ton": "ton 吨",
    "times": "times 倍",
}
_KINDS_OF_UNITS = (
    frozenset(("day", "week", "month", "year", "hour", "minute")),
    frozenset(("usd", "eur", "gbp", "cny", "jpy")),
    frozenset(("%", "points")),
    frozenset(("mile", "km")),
)
_UNITS = {
    word.replace("\u00a0", " "): unit for unit, several in _SPELLINGS.items() for word in several.split(" ")
}
_DIGITS_HAN = {character: value for value, character in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
}
_SCALES_HAN = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_BEHIND_A_NAME = re.compile(r"(?:\b[A-Z][\w.]*\s?|[A-Za-z]-?)$")  # Grok 3, but "paid 3"
_IN_A_NAME = re.compile(r"[A-Za-z][-\s]?$")  # GPT-4, R1
_CALENDAR = re.compile(r"\s?(?:月|日|号|年|季度)")
_MONTH = re.compile(r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?\s$")
_YEARS = range(1900, 2100)
_LEAST_SPELLED = 11  # "one of them", 一个: smaller numbers in words count nothing
_NO_NUMBERS_HAN = "十分|万一|千万(?=[不别要])|百般|一一|千方百计|万万|百姓|百货|亿万|四处|八卦|三明治|一二"
NO_NUMBER = re.compile(_NO_NUMBERS_HAN)
_NUMERAL_HAN = "零〇一二两三四五六七八九十百千万亿"
_LATIN_NUMBER = "|".join([*_SMALL, "hundred", "thousand", "million", "billion", "trillion"])
_MEASURES = (
    "个|天|年|月|周|人|家|次|位|名|倍|成|美元|元|克朗|亿|万|吨|公里|小时|分钟|季度|岁|项|座|台|艘|条|篇|种|届"
)
NUMBER = re.compile(
    rf"(?P<sign>us\$|[$€£¥])?\s?(?P<digits>\d[\d,]*(?:\.\d+)?)(?P<scale>\s?(?:hundred|thousand|million|billion"
    rf"|trillion|bn|mn|tn|k|m|b|t)(?![a-z/])|\s?[十百千万亿]+)?"
    rf"|(?P<words>(?<![a-z])(?:(?:a\s)?(?:{_LATIN_NUMBER})(?:[\s-]+(?:and\s)?(?={_LATIN_NUMBER}))?)+(?![a-z]))"
    rf"|百分之(?P<share>\d+(?:\.\d+)?|[{_NUMERAL_HAN}]+)"
    rf"|(?!{_NO_NUMBERS_HAN})(?P<han>[{_NUMERAL_HAN}]+点[零一二三四五六七八九]+[十百千万亿]*|[{_NUMERAL_HAN}]*[十百千万亿][{_NUMERAL_HAN}]*"
    rf"|[二两三四五六七八九](?={_MEASURES})|一(?=倍|成|百|千|万|亿)|[{_NUMERAL_HAN}]{{2,}})(?P<tenth>成)?"
)
UNIT = re.compile(
    r"[\s-]?(?:" + "|".join(map(re.escape, sorted(_UNITS, key=len, reverse=True))) + r")(?:s\b|(?![a-z]))"
)
RANGE = re.compile(rf"\s?(?:-|–|—|~|to|至|到)\s?(?=[\d$€£¥{_NUMERAL_HAN}]|{_LATIN_NUMBER})")


def read_quantity(text: str, start: int) -> tuple[Quantity, int] | None:
    """Return the quantity that stands in lower-case `text` at `start`, and where it ends; None for none."""
    found = NUMBER.match(text, start)
    if found is None or not found.group():
        return None
    value = _value(found)
    if value is None:
        return None
    end = found.end()
    unit = _UNITS[found["sign"]] if found["sign"] else "%" if found["share"] or found["tenth"] else ""
    counted = UNIT.match(text, end)
    if counted:
        unit, end = unit or _unit(counted.group()), counted.end()
    return Quantity(value, unit), end


def _unit(printed: str) -> str:
    name = printed.strip().removeprefix("-")
    return _UNITS.get(name) or _UNITS[name.removesuffix("s")]


def _value(found: re.Match[str]) -> float | None:
    if digits := found["digits"]:
        scale = (found["scale"] or "").strip()
        plain = float(digits.replace(",", ""))
        return plain * (_SCALES.get(scale) or _scale_han(scale)) if scale else plain
    if words := found["words"]:
        return _from_words(words)
    if share := found["share"]:
        return float(share) if share[0].isdigit() else _from_han(share)
    value = _from_han(found["han"])
    return value and value * (10 if found["tenth"] else 1)


def _scale_han(scale: str) -> float:
    value = 1.0
    for character in scale:
        value *= _SCALES_HAN[character]
    return value


def _from_words(words: str) -> float:
    """Return the number that English words spell: "two hundred and five thousand"."""
    total = current = 0.0
    for word in re.findall(r"[a-z]+", words):
        if word in _SMALL:
            current += _SMALL[word]
        elif word == "hundred":
            current = (current or 1) * 100
        elif word in _SCALES and word != "a":
            total += (current or 1) * _SCALES[word]
            current = 0.0
    return total + current


def _from_han(numeral: str) -> float:
    """Return the number that Chinese numerals spell."""
    whole, point, rest = numeral.partition("点")
    if point:
        tenths = "".join(str(_DIGITS_HAN[c]) for c in rest if c in _DIGITS_HAN)
        return float(f"{_from_han(whole):.0f}.{tenths}") * _scale_han(rest.lstrip("".join(_DIGITS_HAN)))
    if not set(whole) & set(_SCALES_HAN):
        return float("".join(str(_DIGITS_HAN[character]) for character in whole))
    total = section = digit = 0.0
    for character in whole:
        if character in _DIGITS_HAN:
            digit = _DIGITS_HAN[character]
        elif _SCALES_HAN[character] >= 10**4:
            total = (total + section + digit or 1) * _SCALES_HAN[character]
            section = digit = 0.0
        else:
            section += (digit or 1) * _SCALES_HAN[character]
            digit = 0.0
    return total + section + digit


@cache
def number_starts() -> Callable[[str, int], re.Match[str] | None]:
    """Return the matcher of what may begin a number: cheap to ask at every place."""
    return re.compile(rf"[\d$€£¥百{_NUMERAL_HAN}]|us\$|(?<![a-z])(?:a\s)?(?:{_LATIN_NUMBER})(?![a-z])").match


def numbers_of(text: str, *, after_words: bool = False) -> tuple[Quantity, ...]:
    """Return the quantities of a wording in either language, by value; no days, years and small words.

    A bare figure behind a Latin word may be a part of a name: with `after_words` only behind a capital one.
    """
    low, may_begin = to_simplified(text).lower(), number_starts()
    found: list[Quantity] = []
    place = 0
    while place < len(low):
        read = read_quantity(low, place) if may_begin(low, place) else None
        if read is None:
            place += 1
            continue
        quantity, end = read
        in_a_name = _BEHIND_A_NAME.search(text[:place]) if after_words else _IN_A_NAME.search(low[:place])
        if _counts(low, place, end, quantity, in_a_name=bool(in_a_name)):
            found.append(quantity)
        place = max(end, place + 1)
    return tuple(found)


def _counts(low: str, start: int, end: int, quantity: Quantity, *, in_a_name: bool) -> bool:
    """Return whether a number counts something: it is no part of a name, no date and no turn of phrase."""
    digits = any(character.isascii() and character.isdigit() for character in low[start:end])
    if not digits:
        return quantity.value >= _LEAST_SPELLED or bool(quantity.unit)
    if quantity.unit:
        return quantity.unit != "year" or quantity.value not in _YEARS
    before = low[max(0, start - 12) : start]
    dated = _CALENDAR.match(low, end) or _MONTH.search(before) or quantity.value in _YEARS
    return not dated and not in_a_name
