"""Every case of `tests/cases/*.toml`: a text, and all the claims that a careful reader finds in it.

A case whose name stands in `tests/cases/known-misses.txt` is expected to fail; once it passes, its line must
go, so the list can only grow shorter.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from openrace.extract.claims import extract_claims
from openrace.extract.directory import Directory
from openrace.records import Article
from openrace.seed_records import Organisation, Person

CASES = Path(__file__).with_name("cases")
MISSES = set((CASES / "known-misses.txt").read_text("utf-8").splitlines())
_MARKS = re.compile(r"[“”„\"‘’'«»「」『』`]+")
_POINTS = re.compile(r"[.,;:]+(?=\s|$)")


def _cases():
    for path in sorted(CASES.glob("*.toml")):
        for case in tomllib.loads(path.read_text("utf-8")).get("case", []):
            if "claim" in case or "claims" in case or path.stem.startswith(("english", "chinese")):
                name = f"{path.stem}: {case['name']}"
                marks = [pytest.mark.xfail(strict=True, reason=case["why"])] if name in MISSES else []
                yield pytest.param(case, id=name, marks=marks)


def _plain(wording: str) -> str:
    """A wording without marks and without points at the end of words: cases are about words."""
    return " ".join(_POINTS.sub("", _MARKS.sub(" ", wording)).split())


def _told(claim, expected):
    """What the case says of a claim, as extraction told it."""
    speaker = claim.speaker
    told = {
        "kind": claim.kind,
        "text": _plain(claim.text),
        "speaker": speaker.name if speaker else None,
        "mention": speaker.text if speaker else None,
        "cue": claim.cue.text if claim.cue else None,
        "venue": claim.venue.text if claim.venue else None,
        "polarity": claim.polarity,
        "person_id": speaker.person_id if speaker else None,
    }
    return {
        key: value for key, value in told.items() if key in ("kind", "text", "speaker") or key in expected
    }


@pytest.mark.parametrize("case", list(_cases()))
def test_case(case):
    text = f"{case['title']}\n\n{case['text']}" if "title" in case else case["text"]
    article = Article(id="case", text=text.strip(), title=case.get("title"))
    directory = Directory(
        [Person(**p) for p in case.get("person", [])],
        [Organisation(**o) for o in case.get("organisation", [])],
    )
    expected = [{"speaker": None, **claim, "text": _plain(claim["text"])} for claim in case.get("claim", [])]
    found = [claim.check_against(article) for claim in extract_claims(article, directory)]
    told = [_told(claim, expected[i] if i < len(expected) else {}) for i, claim in enumerate(found)]
    assert told == expected, case["why"]
