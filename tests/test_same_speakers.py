"""Whom the site shows under one name: speakers in two scripts whose utterances match again and again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from openrace.pipeline import same_speakers
from site_editions import NOW, Whole, make_edition, publish

FIVE = 5


@pytest.mark.parametrize(
    ("matches", "shown"),
    [
        ([("朵恩", "Greta Dorn", FIVE)], {"朵恩": "Greta Dorn"}),
        ([("朵恩", "Greta Dorn", 4), ("朵恩", "Dorn", 2)], {"朵恩": "Greta Dorn"}),
        ([("朵恩", "Greta Dorn", FIVE - 1)], {}),  # a surname needs more than a full name does
        ([("格蕾塔·朵恩", "Greta Dorn", 3)], {"格蕾塔·朵恩": "Greta Dorn"}),
        ([("朵恩", "Greta Dorn", 30), ("朵恩", "Karl Dorn", 1)], {}),  # there is a namesake
        ([("馬科斯", "Marcus Byte", 3), ("马科斯", "Marcus Byte", 2)], {"马科斯": "Marcus Byte"}),
        ([("Dorn", "Greta Dorn", 9), ("greta-dorn", "Dorn", 9)], {}),  # one script is no matter of this
    ],
)
def test_a_name_is_anothers_where_enough_matches_say_so_and_none_denies_it(
    monkeypatch: pytest.MonkeyPatch, matches: list[tuple[str, str, int]], shown: dict[str, str]
) -> None:
    def matched(db: object) -> Iterator[tuple[str, str, int]]:
        yield from matches

    monkeypatch.setattr(same_speakers.translation_tables, "matched_speakers", matched)
    assert same_speakers.same_speakers(None) == shown


def edition(*pairs: tuple[str, str]) -> Whole:
    """One in which two named people say something each in English, one of them once more in Chinese."""
    made = make_edition(6, days=2, single=True, same_speakers=pairs)
    names = ("Greta Dorn", "Karl Moyo", "朵恩", "朵恩", "Greta Dorn", "Karl Moyo")
    claims = {story.family.claim_ids[0]: name for story, name in zip(made.stories, names, strict=True)}
    said = tuple(
        s.model_copy(update={"speaker_id": None, "speaker_name": claims[s.claim_id]}) for s in made.statements
    )
    return made.model_copy(update={"statements": said})


def tree(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".db")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def pages_of(name: str, files: dict[str, bytes]) -> list[str]:
    return [path for path in files if path.startswith(f"people/{name}") and path.endswith("/index.html")]


def test_both_names_of_a_person_have_one_page_and_one_line(tmp_path: Path) -> None:
    publish(edition(), tmp_path / "site", now=NOW)
    apart = tree(tmp_path / "site")
    assert len(pages_of("朵恩", apart)) == len(pages_of("greta-dorn", apart)) == 1
    publish(edition(("朵恩", "Greta Dorn")), tmp_path / "site", now=NOW)
    together = tree(tmp_path / "site")
    publish(edition(("朵恩", "Greta Dorn")), tmp_path / "anew", now=NOW)
    assert together == tree(tmp_path / "anew")
    assert not pages_of("朵恩", together)
    page = together["people/greta-dorn/index.html"].decode()
    assert "4 statements" in page
    assert "朵恩" in page
    assert "朵恩" in apart["rankings/index.html"].decode()
    assert "朵恩" not in together["rankings/index.html"].decode()
    publish(edition(), tmp_path / "site", now=NOW)
    assert tree(tmp_path / "site") == apart
