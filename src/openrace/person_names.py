"""Voices: whether two speakers, as two articles name them, can be one person.

Quotes come with a person's id, a full name, or only the words of one article ("Mr. Trump", "he", "the
Vermont senator"). `voice` takes the name out of these; `relation` compares two voices and says "unknown"
wherever one of them has no name: an unknown speaker neither joins nor parts two quotes.
"""

from __future__ import annotations

import re
import zlib
from functools import lru_cache
from typing import Literal, NamedTuple

from openrace.wordings.align import misspelt

Relation = Literal["same", "unknown", "different"]

_OFFICES = "state|defen[cs]e|homeland security|commerce|labou?r|energy|education|health|justice|the treasury"
_ASIDE = re.compile(rf"\([^()]*\)|\[[^\[\]]*\]|[’'´`]s?$| of (?i:{_OFFICES})(?= [A-Z])")
_CLAUSE = re.compile(r"\s*(?:,|;|\s[-–—]+\s)\s*")
_COMPLEMENT = re.compile(
    r"\s(?:of|for|at|from|with|in|by|to|on|who|whose)\s"
)  # what follows names no speaker
_NAME_RUN = re.compile(r"(?:[^\W\d_][\w.’'-]*\s+)*?((?:[A-ZÀ-ÖØ-Þ][\w.’'-]*\s*)+)$")
_TITLES = """
    mr mrs ms miss dr prof professor sir lord sen senator rep representative gov governor president vice
    secretary minister chancellor king queen rev reverend judge justice general gen col captain mayor
    ambassador former republican democratic democrat presidential candidate nominee chairman chairwoman
    chair ceo cto founder director spokesman spokeswoman spokesperson the a an jr sr ii iii
"""
_PRONOUNS = """
    i he she they it we you who his her him them their our my me us one someone somebody many some
    others another both sources source officials critics people unknown anonymous
"""
_NOT_NAMES = frozenset(_TITLES.split())
_NOBODY = frozenset(_PRONOUNS.split())
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")


class Voice(NamedTuple):
    """A speaker's name in parts, lower case; no parts where nobody is named."""

    given: tuple[str, ...]
    family: str


NOBODY = Voice((), "")


@lru_cache(maxsize=1 << 16)
def voice(speaker: str | None) -> Voice:
    """The name in `speaker`; NOBODY for None, pronouns and descriptions ("the Vermont senator").

    >>> voice("Clinton spokesman Brian Fallon"), voice("Mr. Trump of Queens"), voice("a spokesman for Trump")
    (Voice(given=('brian',), family='fallon'), Voice(given=(), family='trump'), Voice(given=(), family=''))
    """
    text = (speaker or "").strip()
    if _SLUG.fullmatch(text):
        parts = text.split("-")
    else:
        parts = [part.strip(".’'-").lower() for part in _name(text).split()] or _unspaced(text)
    parts = [p for p in parts if p and p not in _NOT_NAMES]
    if not parts or parts[-1] in _NOBODY:
        return NOBODY
    return Voice(tuple(parts[:-1]), parts[-1])


def name_number(voice: Voice) -> int:
    """A number for the family name, which two reports of one speaker have in common; 0: nobody is named."""
    return zlib.crc32(voice.family.encode())


def _name(text: str) -> str:
    """The name that ends the first clause, or else the whole of a later one ("the head of it, Jo Doe")."""
    for place, clause in enumerate(_CLAUSE.split(_ASIDE.sub("", text.strip(" ,;")))):
        head = _COMPLEMENT.split(clause, maxsplit=1)[0].strip()
        run = _NAME_RUN.search(head)
        if run and (place == 0 or head[:1].isupper()):
            is_body = " " not in head and clause.startswith(f"{head} of ")  # "Bank of America"
            return clause.replace(" ", "-") if is_body else run.group(1)
    return ""


def _unspaced(text: str) -> list[str]:
    """A name in a script without capitals, whole; nothing for lower-case Latin words."""
    return [] if text.isascii() or " " in text else [text]


def _alike(a: str, b: str) -> bool:
    """One name, perhaps misspelt by a letter (five letters or more) or cut to its initial."""
    if a == b or (a and b and min(len(a), len(b)) == 1 and a[0] == b[0]):
        return True
    return misspelt(a, b)


@lru_cache(maxsize=1 << 18)
def relation(a: Voice, b: Voice) -> Relation:
    """Whether `a` and `b` name one person: same family name and no given names that contradict it."""
    if a == NOBODY or b == NOBODY:
        return "unknown"
    if not _alike(a.family, b.family):
        return "different"
    if a.given and b.given and not any(_alike(x, y) for x in a.given for y in b.given):
        return "different"
    return "same"
