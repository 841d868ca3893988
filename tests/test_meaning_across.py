"""Whether a print in the other language turned what was said: made changes are told, no translation."""

from __future__ import annotations

import tomllib
from pathlib import Path

from openrace.diffusion.changes_across import changes_across

QUOTES = tomllib.loads((Path(__file__).parent / "cases" / "meaning-across.toml").read_text("utf-8"))["quote"]
LEAST_TOLD = 0.84  # of the changes of meaning: names and opposites in short sentences are not sure enough


def turned() -> list[tuple[str, str, str]]:
    """The kind of change, the English and the Chinese print."""
    chinese = [(kind, quote["english"], print_) for quote in QUOTES for kind, print_ in quote["turned"]]
    english = [
        (kind, print_, quote["same"][0]) for quote in QUOTES for kind, print_ in quote["turned_english"]
    ]
    return chinese + english


def test_changes_of_meaning_are_told_and_of_which_kind() -> None:
    made = turned()
    missed = [
        (kind, english, chinese)
        for kind, english, chinese in made
        if kind not in {change.kind for change in changes_across(english, chinese)}
    ]
    assert len(made) >= 100
    assert len(missed) <= (1 - LEAST_TOLD) * len(made), missed


def test_a_faithful_translation_changes_nothing() -> None:
    pairs = [(quote["english"], chinese) for quote in QUOTES for chinese in quote["same"]]
    assert [(*pair, found) for pair in pairs if (found := list(changes_across(*pair)))] == []
