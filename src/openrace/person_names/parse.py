"""From the words that name a speaker in a text to the parts of the name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from openrace.person_names.name_words import (
    CALENDAR,
    COMPANY_FORMS,
    GROUPS,
    HAN_ROLE,
    HAN_TITLE,
    NOT_BEFORE_NAMES,
    PARTICLES,
    PRONOUNS,
    SUFFIXES,
    SURNAMES_TOO,
    TITLES,
)
from openrace.scripts import has_han, to_simplified

_OFFICES = "state|defen[cs]e|homeland security|commerce|labou?r|energy|education|health|justice|the treasury"
_ASIDE = re.compile(
    rf"\([^()]*\)|\[[^\[\]]*\]|[\"“][^\"”]*[\"”]|[’'´`]s?$| of (?i:{_OFFICES})(?= [A-Z])"
)  # nicknames in marks, parties in brackets, a genitive, the office of a secretary
_CLAUSE = re.compile(r"\s*(?:,|;|\s[-–—]+\s)\s*")
# What follows such a word names no speaker.
_COMPLEMENT = re.compile(r"\s(?:of|for|at|from|with|in|by|to|on|who|whose)\s")
_TWO = re.compile(r"(?:[A-Z]\S*|\d) (?:and|or|und|et) (?:the )?[A-Z]")
_TOKEN = re.compile(r"[^\W\d_][\w.'’&-]*")
_INITIALS = re.compile(r"(?:[^\W\d_a-z]\.-?)+(?:[^\W\d_a-z]\.?)?")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")
_NOT_DECOMPOSED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ı": "i"})


class ParsedName(NamedTuple):
    """A name in parts, folded: no case, accents, titles, lower-case particles; no parts: nobody is named."""

    parts: tuple[str, ...]
    suffix: str = ""  # jr, iii …
    acronym: bool = False  # printed in capitals alone, as bodies are
    han: bool = False

    @property
    def is_full(self) -> bool:
        """Whether it has more than a surname."""
        return len(self.parts) > 1


NOBODY = ParsedName(())


def fold(text: str) -> str:
    """Return `text` without case and accents, Chinese characters in their simplified form."""
    plain = unicodedata.normalize("NFKD", to_simplified(text).casefold())
    return "".join(c for c in plain if not unicodedata.combining(c)).translate(_NOT_DECOMPOSED)


@lru_cache(maxsize=1 << 16)
def parse_name(mention: str | None) -> ParsedName:
    """Return the name in `mention`; NOBODY for None, pronouns, groups, roles and descriptions.

    >>> parse_name("Clinton spokesman Brian Fallon").parts, parse_name("Mr. Trump of Queens").parts
    (('brian', 'fallon'), ('trump',))
    >>> parse_name("a spokesman for Trump") == NOBODY
    True
    """
    text = (mention or "").strip()
    if has_han(text):
        return _han_name(to_simplified(text))
    if _SLUG.fullmatch(text):
        return _name(text.split("-"))
    tokens = _name_tokens(text)
    return _name(tokens) if tokens else NOBODY


def _name_tokens(text: str) -> list[str]:
    """Return the words of the name that ends the first clause, or that is the whole of a later one."""
    for place, clause in enumerate(_CLAUSE.split(_ASIDE.sub(" ", text.strip(" ,;")).strip())):
        head = _COMPLEMENT.split(clause, maxsplit=1)[0].strip()
        if _TWO.search(head):
            return []
        run = _last_run(_TOKEN.findall(head)) if head and not head[-1].isdigit() else []
        if run and (place == 0 or head[:1].isupper()):
            is_body = " " not in head and clause.startswith(f"{head} of ")  # "Bank of America"
            return [clause.replace(" ", "-")] if is_body else run
    return []


def _last_run(tokens: Sequence[str]) -> list[str]:
    """Return the capitalised words at the end of a phrase, with particles between them."""
    begin = len(tokens)
    for place in range(len(tokens) - 1, -1, -1):
        if tokens[place][0].isupper():
            begin = place
        elif tokens[place] not in PARTICLES or place == len(tokens) - 1:
            break
    if begin > 0 and fold(tokens[begin - 1]) in NOT_BEFORE_NAMES:  # "many Republicans"
        return []
    return list(tokens[begin:])


def _name(tokens: Sequence[str]) -> ParsedName:
    """Return the name in capitalised words: what stands after the last title, without its suffix."""
    words = [(token, fold(token).strip(".'’-&")) for token in tokens]
    words = [(token, word) for token, word in words if word and token not in PARTICLES]
    suffix = ""
    while words and words[-1][1] in SUFFIXES:
        suffix = words.pop()[1]
    while len(words) > 1 and words[-1][1] in COMPANY_FORMS:
        words.pop()
    words = words[_after_titles([word for _, word in words], [token for token, _ in words]) :]
    if not words or words[-1][1] in PRONOUNS | GROUPS | CALENDAR or len(words[-1][1]) < 2:
        return NOBODY
    parts = [part for token, word in words for part in _parts(token, word, len(words))]
    acronym = len(words) == 1 and words[0][0].replace(".", "").isupper() and len(parts[0]) > 1
    return ParsedName(tuple(parts), suffix, acronym)


def _after_titles(words: Sequence[str], tokens: Sequence[str]) -> int:
    """Return where the name begins: after titles, offices and the bodies they belong to."""
    begin = 0
    for place, word in enumerate(words):
        last = place == len(words) - 1
        if word in TITLES and not (last and word in SURNAMES_TOO and place > begin):
            begin = place + 1
        elif tokens[place].endswith(("’s", "'s", "-based", "-born")) and place < len(words) - 2:
            begin = place + 1  # "Twitter's Adam Sharp"
        elif place == begin and not last and (word in PRONOUNS or word in CALENDAR):
            begin = place + 1
    return begin


def _parts(token: str, word: str, count: int) -> list[str]:
    """Return a word of a name as its parts: initials one by one, a genitive off."""
    if count > 1 and (_INITIALS.fullmatch(token) or (len(word) == 2 and token.isupper())):
        return [c for c in word if c.isalnum()]
    word = word.replace(".", "").removesuffix("’s").removesuffix("'s")
    return [word.replace("’", "").replace("'", "").replace("&", "")] if word else []


def _han_name(text: str) -> ParsedName:
    """Return the name in Chinese characters, without what follows it as a title ("先生")."""
    text = HAN_TITLE.sub("", re.sub(r"（[^）]*）|\([^)]*\)|[\s“”\"《》]", "", text))
    if len(text) < 2 or HAN_ROLE.search(text):
        return NOBODY
    return ParsedName(tuple(fold(part) for part in re.split(r"[·•・.]", text) if part), han=True)
