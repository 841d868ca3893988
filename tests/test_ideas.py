"""Ideas: what a person marks counts and lasts, what the machine suggests waits for a person."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import NOW, an_article, openrace, quoted_claims
from openrace.errors import ConfigError
from openrace.ideas.features import Vectoriser, features, likeness
from openrace.ideas.suggestions import EVERY, Example, explain, in_turn, is_ready
from openrace.pipeline.group_claims import group_into_families
from openrace.pipeline.suggest_ideas import suggest_ideas, suggestions_for
from openrace.store import article_table, claim_table, idea_tables, open_store
from openrace.user_files.idea_files import Idea, Mark, add_idea, add_mark, load_ideas, load_marks, remove_mark

VOICES = (  # who, and in which words, voices one argument
    ("Ada Byte", "A free model leaves nothing to sell for those who charge for theirs"),
    ("Bo Chen", "Whoever gives the model away takes the price from all who sell one"),
    ("Carl Node", "Nobody can charge for a model once a free model is as good"),
    ("Dora Link", "Free models turn the whole business into a commodity without a price"),
    ("Eli Gate", "The price of a model falls to nothing when a free one lies beside it"),
    ("Finn Port", "They give the model away so that nobody else can sell one at a price"),
)
OTHERS = (
    "The bridge over the northern river will open in the spring",
    "Teachers in the valley want smaller classes next year",
    "The orchestra plays in the old harbour on Sunday evening",
    "Rain is expected on both coasts until the end of the week",
)
IDEA = Idea(id="price", name="Free models take the price", definition="Free models take the price.")


def keep(db: sqlite3.Connection, speaker: str, words: str) -> str:
    """An article with one quotation, kept; the claim's id."""
    article = an_article(f"“{words},” said {speaker}.")
    article_table.add_article(db, article, added=NOW)
    (claim,) = quoted_claims(article, speaker)
    claim_table.save_claims(db, article.id, [claim], "t")
    return claim.id


@pytest.fixture
def claims(db: sqlite3.Connection) -> dict[str, str]:
    """Speaker → claim of the argument, in a store with other statements."""
    found = {speaker: keep(db, speaker, words) for speaker, words in VOICES}
    for number, words in enumerate(OTHERS):
        keep(db, f"Other Speaker{number}", words)
    group_into_families(db, now=NOW)
    return found


def marked(claims: list[str], label: str = "yes") -> list[Mark]:
    fields = {"when": "2026-01-05", "idea": "price", "label": label}
    return [Mark.model_validate({"where": f"m:{n}", "claim": c, **fields}) for n, c in enumerate(claims)]


def suggest(db: sqlite3.Connection, marks: list[Mark]) -> list[str]:
    told: list[str] = []
    suggest_ideas(db, [IDEA], marks, warn=told.append)
    return told


def test_too_few_marks_suggest_nothing(db: sqlite3.Connection, claims: dict[str, str]) -> None:
    suggest(db, marked(list(claims.values())[:4]))
    assert suggestions_for(db, IDEA, 20) == []
    assert idea_tables.load_models(db) == {}


def test_five_marks_of_one_speaker_are_too_few() -> None:
    one = [Example(f"words {n}", "yes", "Ada Byte", str(n)) for n in range(5)]
    own = [Example(f"own {n}", "yes", None) for n in range(5)]
    assert not is_ready(one)
    assert not is_ready(own)
    three = [e._replace(speaker=f"S{n}") for n, e in enumerate(one[:3])]
    assert is_ready(three + one[3:])


def test_the_restatement_is_suggested_first(db: sqlite3.Connection, claims: dict[str, str]) -> None:
    suggest(db, marked(list(claims.values())[:5]))
    first, suggestion = suggestions_for(db, IDEA, 20)[0]
    assert first.speaker == "Finn Port"
    assert not suggestion.below_the_line
    assert suggestion.nearest_yes is not None
    assert "price" in suggestion.nearest_yes.shared


def test_what_was_marked_is_not_suggested_again(db: sqlite3.Connection, claims: dict[str, str]) -> None:
    suggest(db, [*marked(list(claims.values())[:5]), *marked([claims["Finn Port"]], "no")])
    assert "Finn Port" not in [it.speaker for it, _ in suggestions_for(db, IDEA, 20)]


def test_a_second_night_scores_only_what_is_new(db: sqlite3.Connection, claims: dict[str, str]) -> None:
    marks = marked(list(claims.values())[:5])
    first = suggest_ideas(db, [IDEA], marks, warn=print)
    assert first.scored == len(VOICES) + len(OTHERS)
    assert suggest_ideas(db, [IDEA], marks, warn=print).scored == 0
    keep(db, "Gina Mast", "Free models take the price from those who sell one")
    group_into_families(db, now=NOW)
    assert suggest_ideas(db, [IDEA], marks, warn=print).scored == 1
    assert "Gina Mast" in [it.speaker for it, _ in suggestions_for(db, IDEA, 20)]


def test_a_mark_is_found_again_by_its_words(db: sqlite3.Connection, claims: dict[str, str]) -> None:
    claim = claim_table.get_claim(db, claims["Ada Byte"])
    assert claim
    words = {"article": claim.article_id, "words": claim.text}
    (mark,) = marked(["0" * 12])
    assert suggest(db, [mark.model_copy(update=words)]) == []
    assert [kept.claim for kept in idea_tables.iter_marks(db)] == [claim.id]


def test_a_mark_of_what_is_not_there_is_told_and_the_rest_counts(
    db: sqlite3.Connection, claims: dict[str, str]
) -> None:
    (told,) = suggest(db, marked(["f" * 12, claims["Ada Byte"]]))
    assert told.startswith("m:0: there is no claim ffffffffffff")
    assert [mark.claim for mark in idea_tables.iter_marks(db)] == [claims["Ada Byte"]]


def test_marks_are_written_taken_back_and_kept_letter_by_letter(tmp_path: Path) -> None:
    path = tmp_path / "ideas-marks.toml"
    path.write_text('# our marks\n[[mark]]\nwhen = 2026-01-01\nidea = "price"\nlabel = "no"\nclaim = "c1"\n')
    before = path.read_text()
    fields = {"when": "2026-01-05", "idea": "price", "claim": "c2", "words": '“odd” "words"', "by": None}
    add_mark(path, fields | {"label": "yes"})
    add_mark(path, fields | {"label": "against"})
    assert [(m.claim, m.label) for m in load_marks(path, [IDEA])] == [("c1", "no"), ("c2", "against")]
    assert remove_mark(path, "price", "c2")
    assert not remove_mark(path, "price", "c2")
    assert path.read_text().rstrip() == before.rstrip()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('[[mark]]\nwhen = 2026-01-01\nidea = "none"\nlabel = "no"\nclaim = "c"\n', "m.toml:1: there is no"),
        ('[[mark]]\nwhen = 2026-01-01\nidea = "price"\nlabel = "maybe"\nclaim = "c"\n', "m.toml:1: label"),
        ("[[mark]]\nwhen = 2026-13-01\n", "m.toml:2: is not TOML"),
        ("[mark]\nx = 1\n", "mark must be a list of tables"),
        ("".join(
            f'[[mark]]\nwhen = 2026-01-01\nidea = "price"\nlabel = "{label}"\nclaim = "c"\n'
            for label in ("yes", "no")
        ), "m.toml:6: contradicts"),
    ],
)  # fmt: skip
def test_a_wrong_file_of_marks_is_told_with_its_line(text: str, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=problem):
        load_marks(path, [IDEA])


def test_own_ideas_lie_over_the_bundled_ones(tmp_path: Path) -> None:
    bundled = load_ideas()
    assert len(bundled) == 8
    add_idea(tmp_path, "tides", "Tides are late", "The tides come later than they did.")
    assert [idea.id for idea in load_ideas(tmp_path)][-1] == "tides"
    with pytest.raises(ConfigError, match="there is an idea 'tides' already"):
        add_idea(tmp_path, "tides", "Again", "Again.")
    (tmp_path / "ideas.toml").write_text('drop = ["commodity"]\n[ideas.x]\nname = "X"\ndefinition = "X"\n')
    assert {idea.id for idea in load_ideas(tmp_path)} == {i.id for i in bundled} - {"commodity"} | {"x"}


def test_one_example_under_two_labels_is_told_with_its_line(tmp_path: Path) -> None:
    text = '\n[ideas.x]\nname = "X"\ndefinition = "X"\nyes = ["same"]\nagainst = ["same"]\n'
    (tmp_path / "ideas.toml").write_text(text)
    with pytest.raises(ConfigError, match=r"ideas\.toml:2: .*'same' stands under yes and against"):
        load_ideas(tmp_path)


def test_from_the_command_line(store_path: Path) -> None:
    db = open_store(store_path, create=True)
    claims = [keep(db, speaker, words) for speaker, words in VOICES]
    db.close()
    openrace("group", db=store_path)
    done = openrace("ideas", "yes", "commodity", *claims[:5], "--by", "M. Sørensen", db=store_path)
    assert (done.returncode, done.stderr) == (0, "5 marks in force, 6 statements scored\n")
    listed = openrace("ideas", "list", db=store_path).stdout
    assert "commodity" in listed
    assert "5 yes, 0 against, 0 no; 1 suggested" in listed
    assert "M. Sørensen" in openrace("ideas", "show", "commodity", db=store_path).stdout
    assert "Finn Port" in openrace("ideas", "suggest", "commodity", db=store_path).stdout
    reviewed = openrace("ideas", "review", "commodity", db=store_path, stdin="a")
    assert "1 marked" in reviewed.stderr
    exported = [json.loads(x) for x in openrace("ideas", "export", db=store_path).stdout.splitlines()]
    assert [line["label"] for line in exported].count("against") == 1
    assert openrace("ideas", "unmark", "commodity", claims[0], db=store_path).returncode == 0
    again = openrace("ideas", "unmark", "commodity", claims[0], db=store_path)
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    assert openrace("ideas", "yes", "nowhere", claims[0], db=store_path).returncode == 2


@given(st.text(), st.text())
def test_any_two_texts_have_a_likeness_between_none_and_one(one: str, other: str) -> None:
    vectoriser = Vectoriser([one, "some words beside it"])
    value = likeness(vectoriser.vectors([one]), vectoriser.vectors([other]))[0, 0]
    assert -1e-6 <= value <= 1 + 1e-6
    if list(features(one)):
        assert likeness(*[vectoriser.vectors([one])] * 2)[0, 0] == pytest.approx(1, abs=1e-5)


@given(st.dictionaries(st.text(min_size=1), st.floats(0.2, 1), max_size=30), st.integers(1, 30))
def test_every_fifth_of_the_queue_is_a_test(scores: dict[str, float], limit: int) -> None:
    below = [f"below {n}" for n in range(30)]
    picked = in_turn(scores, below, limit)
    assert len(picked) <= limit
    assert [test for _, test in picked] == [n % EVERY == EVERY - 1 for n in range(len(picked))]
    assert [key for key, test in picked if not test] == sorted(scores, key=lambda k: (-scores[k], k))[
        : sum(not test for _, test in picked)
    ]


def test_a_script_is_no_barrier() -> None:
    vectoriser = Vectoriser(["開源模型很便宜", "the weather is fine"])
    examples = [Example("开源模型很便宜", "yes", "Bo Chen", "c")]
    ((near, against),) = explain(["開源模型很便宜"], examples, vectoriser)
    assert near is not None
    assert near.likeness == pytest.approx(1, abs=1e-5)
    assert against is None
