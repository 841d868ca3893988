"""What a name names: a person, an organisation, a place, a product, a group of people, or nothing.

Whether it is a person's is a sum of log-odds over readable features: its form (given names, initials, words
of bodies, places) and all its surroundings in the text (titles, ages, prepositions, articles, reporting
verbs).
`weights.tsv` holds them as model "person", fitted by ``make name-weights``. The rest is told by lists and
form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from functools import lru_cache

from openrace.extract.english.choice_model import load_weights, score
from openrace.extract.english.grammar import (
    COMMA,
    NAME,
    NOUN,
    NUMBER,
    OF,
    POSSESSIVE,
    PREP,
    ROLE,
    SAID,
    SAYS,
    WHO,
)
from openrace.extract.english.name_lists import (
    DEMONYMS,
    given_name,
    is_common_given_name,
    is_common_word,
    is_place,
    is_surname,
)
from openrace.extract.english.names import PARTICLES, Name, gender_beside, is_role, looks_like_body
from openrace.extract.english.sentences import Text
from openrace.extract.english.wordclass import HERS, HIS, TITLES

PERSON_FROM = 0.0  # log-odds from which a name is a person's


class NameType(Enum):
    """What a name names; `NONE`: nothing, it is a word with a capital."""

    PERSON = "person"
    ORGANISATION = "organisation"
    PLACE = "place"
    PRODUCT = "product"
    GROUP = "group"
    NONE = "none"


_PERSONAL = (
    HIS
    | HERS
    | frozenset("dr dr. prof prof. professor sen sen. rep rep. gov gov. lt lt. col col. sgt".split())
)
_INSIDE = re.compile(r"[a-z][A-Z]|[0-9]")  # "OpenAI", "GPT-4"
_SCOTS = re.compile(r"^(?:Mc|Mac|De|Di|Le|La|Van|O['’])[A-Z]")
_SPEECH = SAID + SAYS
# Family names of which most Chinese and Korean full names begin or end with one.
_CHINESE = frozenset(
    """
    wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang xie song
    tang
    deng han feng cao peng zeng xiao tian dong pan yuan cai jiang yu du ye cheng wei su lu ding ren shen yao
    zhong cui tan fan wen fang bai jin xiong hao kong qian xi lei kim park lee choi jung kang cho yoon jang
    lim
    nguyen tran pham
    """.split()
)
# measures, headings and interjections with capitals
_NO_NAMES = frozenset(
    """
    earnings revenue revenues tariffs exports imports inflation prices shares stocks yields futures
    sales profits
    ai agi ml llm llms gpu gpus api apis ev evs esg kpi kpis rsi macd nav
    ebitda eps etf etfs gdp cpi pmi roi roe capex opex gaap faq ipo q a net yeah okay thanks hello wow
    jan. feb. aug. sept. oct. nov. dec.
    advertisement related photo image source caption updated video watch listen subscribe
    """.split()
)
_STREETS = frozenset("street avenue road square boulevard valley".split())
_PERIOD = re.compile(r"(?:[QH][1-4]|FY)(?:\d|FY|$)")
_CORPORATE = frozenset(
    """
    inc inc. corp corp. co co. ltd ltd. llc llp plc gmbh ag sa nv group holdings partners labs technologies
    """.split()
)


def has_capital_inside(name: str) -> bool:
    """Whether a word of `name` has a capital or a digit inside: "OpenAI", "GPT-4"."""
    return any(
        (_INSIDE.search(w) and not _SCOTS.match(w)) or (len(w) > 1 and w.isupper()) for w in name.split()
    )


def is_family_first(words: Sequence[str]) -> bool:
    """Whether a full name of these words (small letters) begins with the surname: "Sun Mei-ling"."""
    first, last = words[0], words[-1]
    if len(words) != 2 or "-" in first:
        return False
    return ("-" in last and not is_surname(last)) or (
        first in _CHINESE and last not in _CHINESE and not is_common_given_name(first)
    )


def all_common(name: str) -> bool:
    """Whether every word of `name` is frequent and written small elsewhere."""
    return all(is_common_word(w) for w in name.split())


def is_firm_ending(word: str) -> bool:
    """Whether `word` (small letters) ends the names of firms: "inc.", "llp"."""
    return word in _CORPORATE


def is_no_name(name: str) -> bool:
    """Whether `name` can speak for nobody: a measure, a quarter, the end of a firm's name, a dateline."""
    low = name.lower()
    dateline = name.isupper() and len(name) > 3 and is_place(name)
    if len(low) == 1 and low.isalpha():
        return True  # "10-K"
    return low in _NO_NAMES or low in _CORPORATE or low in PARTICLES or bool(_PERIOD.match(name)) or dateline


def is_people(low: str) -> bool:
    """Whether a word (small letters) is a people in the plural, or half of one: "Hispanics"."""
    singular = low.removesuffix("s").split("-")
    return (singular[-1] in DEMONYMS and (len(singular) > 1 or low.endswith("s"))) or low.endswith("ians")


def is_surely_person(name: str) -> bool:
    """Whether `name` is a usual given name and rare words, so that even a headline shows it as a person's."""
    first, *others = name.split()
    return 1 <= len(others) <= 2 and is_common_given_name(first) and not any(map(is_common_word, others))


@lru_cache(maxsize=1 << 14)
def form_features(name: str) -> tuple[str, ...]:
    """Return what the words of `name` alone tell."""
    words = name.split()
    low = [w.lower() for w in words]
    size = min(len(words), 4)
    given = given_name(low[0]) if low else ""
    many = "common" if is_common_given_name(low[0]) else "rare" if given else "no"
    found = [f"words={size}", f"given={many} words={min(size, 2)}"]
    if size > 1:
        found.append(f"last common={is_common_word(low[-1])} given={many}")
        found.append(f"surname={is_surname(low[-1])} given={many}")
        found.append(f"first common={is_common_word(low[0])} given={many}")
        found.append(f"place first={is_place(low[0])}")
    else:
        found.append(f"common={is_common_word(low[0])} surname={is_surname(low[0])}")
    if any(re.fullmatch(r"[A-Z]\.", w) for w in words[1:]) and size > 2:
        found.append("initial")
    for sign, here in _signs(name, words, low):
        if here:
            found.append(sign)
    return tuple(found)


def _signs(name: str, words: list[str], low: list[str]) -> Iterator[tuple[str, bool]]:
    several = len(words) > 1
    yield "particle", bool(PARTICLES.intersection(low[1:]))
    yield "body", looks_like_body(low)
    yield "corporate", bool(_CORPORATE.intersection(low))
    yield "place", is_place(name)
    yield "place last", several and is_place(low[-1])
    yield "demonym", bool(DEMONYMS.intersection(low))
    yield "capitals", any(len(w) > 1 and w.isupper() and "." not in w for w in words)
    yield "capital inside", has_capital_inside(name)
    yield "of", "of" in low or "for" in low
    yield "family first", several and (low[0] in _CHINESE or low[-1] in _CHINESE)
    yield "all common", several and all(is_common_word(w) for w in low)
    yield "ing", any(w.endswith("ing") and len(w) > 5 for w in low)
    yield "plural", low[-1].endswith("s") and not low[-1].endswith("ss") and is_common_word(low[-1][:-1])
    yield "title inside", bool(TITLES.intersection(low[1:]))


def context_features(text: Text, name: Name) -> list[str]:
    """Return what stands around one mention of a name; the same feature may tell of many mentions."""
    tokens = text.tokens
    before = tokens[name.first - 1] if name.first else None
    after = tokens[name.last + 1] if name.last + 1 < len(tokens) else None
    beyond = tokens[name.last + 2] if name.last + 2 < len(tokens) else None
    found = []
    if before:
        if before.low in _PERSONAL:
            found.append("titled")
        elif before.low in TITLES or (before.cls == ROLE and not before.capital):
            found.append("role before")
        if before.low in ("the", "a", "an"):
            found.append(f"article next={_next_kind(after)}")
        if before.low in ("in", "at", "from", "near", "across", "on"):
            found.append("in")
        elif before.cls == OF:
            found.append("of")
        elif before.cls == PREP:
            found.append("preposition")
        if before.cls in _SPEECH:
            found.append("said before")
    if after:
        if after.cls in _SPEECH:
            found.append("said after")
        if after.cls == COMMA and beyond and beyond.cls == NUMBER:
            found.append("age")
        elif after.cls == COMMA and beyond and beyond.cls == WHO:
            found.append(f"comma {beyond.low}")
        elif after.cls == COMMA and beyond and beyond.low in ("a", "an", "the"):
            found.append("apposition")
        if after.cls == WHO:
            found.append(after.low)
        if after.cls == POSSESSIVE:
            found.append("owner role" if beyond and beyond.cls == ROLE else "owner")
        if after.cls in (NOUN, ROLE):
            found.append(f"next={_next_kind(after)}")
    if gender_beside(text, name):
        found.append("gender")
    return found


def _next_kind(token: object) -> str:
    cls = getattr(token, "cls", "")
    return "noun" if cls == NOUN else "role" if cls == ROLE else "name" if cls == NAME else "other"


def person_odds(features: Iterable[str]) -> float:
    """Return the log-odds that a name with these features is a person's."""
    return score(load_weights().get("person", {}), features)


def type_of_thing(name: str) -> NameType:
    """Return what `name` names where it is no person's: told by its form alone."""
    low = name.lower()
    words = low.split()
    if is_place(name) or (len(words) > 1 and words[-1] in _STREETS):
        return NameType.PLACE
    if (len(words) == 1 and is_role(low)) or is_people(low) or low in DEMONYMS or low.endswith("ese"):
        return NameType.GROUP
    if any(c.isdigit() for c in words[-1]):
        return NameType.PRODUCT
    return NameType.ORGANISATION
