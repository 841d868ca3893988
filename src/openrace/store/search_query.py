"""The query language of `openrace search`, the same as on the site's search page.

    open source              both words          "open source"     these words together
    model -licence           without a word      chips OR compute  either
    weight*                  words that begin so

    speaker:altman  outlet:techcrunch  kind:verbatim  lang:zh  country:us  side:us-labs  is:denied
    since:2025-02-01  before:2025-03  since:7d  since:yesterday

A filter with ``-`` before it excludes; two of one field with OR between them ask for either. Nothing heavy is
loaded: this runs before `openrace search` has opened its database.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

from openrace.errors import ConfigError

KINDS = {"verbatim": "direct", "partial": "mixed", "paraphrase": "indirect"}
LANGUAGES = {"english": "en", "chinese": "zh"}
POLARITIES = ("asserted", "denied", "questioned", "conditional")
FIELDS = ("speaker", "outlet", "kind", "lang", "country", "side", "is", "since", "before")
_NAMES = "|".join(FIELDS)
_FIELD = rf'-?(?:{_NAMES}):(?:"[^"]*"|[^\s"]+)'
_FILTER = rf"(?<!\S){_FIELD}(?:\s+OR\s+{_FIELD})*(?!\S)"
_ONE = rf'(-)?({_NAMES}):("[^"]*"|[^\s"]+)'
_AGO = re.compile(r"(\d{1,5})([dwmy])")
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}


class Filter(NamedTuple):
    """A field and the values of which it must have one, or none where `excluded`."""

    field: str
    values: tuple[str, ...]
    excluded: bool


class ParsedQuery(NamedTuple):
    """A query taken apart: the words, the filters, and the first and last day that may be (both included)."""

    words: str
    filters: tuple[Filter, ...]
    since: str | None
    until: str | None


def parse_query(text: str, today: str) -> ParsedQuery:
    """Return a query taken apart. Raises ConfigError that explains what cannot be understood."""
    plain = re.sub("[“”„«»]", '"', text)
    if ":" not in plain:  # most queries: nothing is compiled for them
        return ParsedQuery(" ".join(plain.split()), (), None, None)
    filters: list[Filter] = []
    since: str | None = None
    until: str | None = None
    for found in re.finditer(_FILTER, plain, re.IGNORECASE):
        terms = re.findall(_ONE, found[0], re.IGNORECASE)
        field, excluded = terms[0][1].lower(), bool(terms[0][0])
        values = tuple(value.strip('"') for _, _, value in terms)
        if any(name.lower() != field for _, name, _ in terms):
            raise ConfigError(found[0], "OR stands between filters of two fields", "write two searches")
        if field == "since":
            since = read_day(values[0], today)
        elif field == "before":
            until = _day_before(read_day(values[0], today))
        else:
            filters.append(Filter(field, tuple(_value(field, value) for value in values), excluded))
    words = " ".join(re.sub(_FILTER, " ", plain, flags=re.IGNORECASE).split())
    return ParsedQuery(words, tuple(filters), since, until)


def _value(field: str, value: str) -> str:
    """Return a filter's value as the store has it."""
    lower = value.lower()
    if field == "kind":
        return _one_of("kind", KINDS.get(lower, lower), tuple(KINDS.values()), tuple(KINDS))
    if field == "is":
        return _one_of("is", lower, POLARITIES, POLARITIES)
    if field == "lang":
        return LANGUAGES.get(lower, lower)
    return value.upper() if field == "country" else value


def _one_of(field: str, value: str, known: tuple[str, ...], shown: tuple[str, ...]) -> str:
    if value not in known:
        raise ConfigError(f"{field}:{value}", f"there is no such {field}", f"write one of {', '.join(shown)}")
    return value


def read_day(text: str, today: str) -> str:
    """Return the day that is meant by ``2025-02-13``, ``2025-02``, ``7d``, ``2w``, ``today``, ``yesterday``.

    >>> read_day("7d", "2025-02-14"), read_day("2025-02", "2025-02-14")
    ('2025-02-07', '2025-02-01')
    """
    now, lower = date.fromisoformat(today[:10]), text.lower()
    if lower in ("today", "yesterday"):
        return (now - timedelta(days=lower == "yesterday")).isoformat()
    try:
        if ago := _AGO.fullmatch(lower):
            return (now - timedelta(days=int(ago[1]) * _DAYS[ago[2]])).isoformat()
        if re.fullmatch(r"\d{4}(-\d\d){0,2}", lower):
            return date.fromisoformat((lower + "-01-01")[:10]).isoformat()
    except (ValueError, OverflowError):
        pass
    raise ConfigError(text, "is not a date", "write YYYY-MM-DD, YYYY-MM, 7d, 2w, today or yesterday")


def _day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()
