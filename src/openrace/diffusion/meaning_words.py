"""The words that can change what a sentence says, as meaning_words.toml has them, ready to be looked up."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

_TABLES: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def _classes(table: str) -> dict[str, str]:
    """Return the class of each word of a table."""
    rows = _TABLES[table].items()
    return {word: name for name, several in rows for word in several.replace("\n", " ").strip().split(", ")}


def _listed(name: str) -> tuple[str, ...]:
    return tuple(_TABLES[name].replace("\n", " ").strip().split(", "))


def _words(name: str) -> tuple[str, ...]:
    return tuple(_TABLES[name].split())


NEGATIONS = frozenset(_words("negations"))
SOFT_NEGATIONS = frozenset(_words("soft_negations"))
NEGATIVE_VERBS = frozenset(_words("negative_verbs"))
NOT_NEGATING = _listed("not_negating")
NOT_NEGATING_HAN = _words("not_negating_han")
ORDINARY_HAN = _words("ordinary_han")
TRANSPARENT = frozenset(_words("transparent")) | frozenset(_words("beliefs"))
BELIEFS = frozenset(_words("beliefs"))
CLAUSE_OPENERS = frozenset(_words("clause_openers"))
KNOWN_NAMES_HAN = _words("known_names_han")
TRANSLITERATING = "".join(_words("transliterating"))
OPPOSITES = frozenset(frozenset(pair.split("/")) for pair in _words("opposites"))
OPPOSITE_WORDS = frozenset(word for pair in OPPOSITES for word in pair)
NEGATIVE_PREFIXES = ("un", "in", "im", "ir", "il", "dis", "non", "mis", "不", "非", "无")

CERTAINTY, AMOUNTS = _classes("certainty"), _classes("amounts")
TIMES, COUNTRIES = _classes("times"), _classes("countries")
# Classes that translators and desks take for each other.
NEAR_CERTAINTIES = frozenset(
    map(frozenset, (("could", "possible"), ("could", "able"), ("certain", "able"), ("certain", "could")))
)
NEAR_CERTAINTIES_HAN = frozenset((frozenset(("certain", "advised")),))
HEDGES = frozenset(word for word, name in CERTAINTY.items() if name == "possible") | set(_words("doubts"))
# Amounts whose loss alone says another amount: "almost all", "most of them".
AMOUNTS_THAT_MATTER_ALONE = frozenset(("most", "minority", "half", "only", "almost", "most at"))
FUNCTION_HAN = frozenset(_words("function_han"))
NOBODY_IN_PARTICULAR = frozenset(_listed("nobody_in_particular"))
