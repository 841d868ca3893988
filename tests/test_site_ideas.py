"""Ideas on the site: only what a person marked, with their name and the day, kept up as marks change."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
from pathlib import Path

import pytest

from conftest import openrace
from idea_voices import VOICES
from openrace.cli.demo_run import run_demo
from openrace.ideas.suggestions import LINE
from openrace.pipeline.publish_site import Order, publish_if_needed, publish_site
from openrace.pipeline.suggest_ideas import suggest_ideas
from openrace.resources import resource
from openrace.site.digest_mail import digest_text
from openrace.store import idea_tables, open_store
from openrace.user_files.idea_files import load_ideas, load_marks
from openrace.user_files.seed_files import load_seeds
from site_editions import NOW, Whole, make_edition, morning, publish, with_idea


@pytest.fixture
def edition() -> Whole:
    return with_idea(make_edition(12))


def tree(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def statements(site: Path, idea: str) -> list[dict[str, object]]:
    page = json.loads((site / "ideas" / idea / "index.json").read_bytes())
    found: list[dict[str, object]] = page["statements"]
    return found


def test_an_idea_shows_what_was_marked_and_by_whom(edition: Whole, tmp_path: Path) -> None:
    publish(edition, tmp_path, now=NOW)
    page = (tmp_path / "ideas/give-away/index.html").read_text()
    assert page.count('<article class="st">') == 6
    assert page.count("Marked for") == 5
    assert page.count("Marked against") == 1
    assert page.count("not signed") == 1
    assert "Ines Dorn" in page
    assert "Left out: 1 statement" in page
    found = statements(tmp_path, "give-away")
    assert {it["family"]: it["label"] for it in found} == {
        mark.family: mark.label for mark in edition.ideas[0].marks
    }
    dated = [it["first_reported"] for it in found if it["first_reported"]]
    assert dated == sorted(dated, key=str)


def test_the_sheet_and_the_feed_have_the_same(edition: Whole, tmp_path: Path) -> None:
    publish(edition, tmp_path, now=NOW)
    with (tmp_path / "ideas/give-away/statements.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [row["claim"] for row in rows] == [it["claim"] for it in statements(tmp_path, "give-away")]
    assert {row["marked_by"] for row in rows} == {"Ines Dorn", ""}
    feed = json.loads((tmp_path / "ideas/give-away/feed.json").read_bytes())
    assert len(feed["items"]) == sum(row["label"] == "yes" for row in rows)


def test_an_idea_without_marks_is_named_and_has_no_page(edition: Whole, tmp_path: Path) -> None:
    publish(edition, tmp_path, now=NOW)
    assert "Nobody says this" in (tmp_path / "ideas/index.html").read_text()
    assert not (tmp_path / "ideas/nobody-yet").exists()


def test_family_and_speaker_lead_to_the_idea(edition: Whole, tmp_path: Path) -> None:
    publish(edition, tmp_path, now=NOW)
    for mark in edition.ideas[0].marks:
        page = (tmp_path / f"q/{mark.family}/index.html").read_text()
        assert ("Argues against the idea" if mark.label == "against" else "Voices the idea") in page
    speakers = {it["speaker"] for it in statements(tmp_path, "give-away") if it["speaker"]}
    shown = [path for path in tmp_path.glob("people/*/index.html") if "ideas/give-away/" in path.read_text()]
    assert len(shown) == len(speakers)


def test_marks_that_change_make_the_same_site_as_from_nothing(edition: Whole, tmp_path: Path) -> None:
    idea, other = edition.ideas
    fewer = idea.model_copy(update={"marks": idea.marks[2:]})
    for number, ideas in enumerate([(), (idea, other), (fewer, other), (other,), (idea, other)]):
        now = edition.model_copy(update={"ideas": ideas})
        publish(now, tmp_path / "kept", now=NOW)
        publish(now, tmp_path / f"new{number}", now=NOW)
        assert tree(tmp_path / "kept") == tree(tmp_path / f"new{number}")


def test_the_digest_names_a_new_voice_once(edition: Whole) -> None:
    text = digest_text(morning(edition))
    assert text.count("New voice of the idea") == 1
    older = [mark.model_copy(update={"when": "2026-10-01"}) for mark in edition.ideas[0].marks]
    idea = edition.ideas[0].model_copy(update={"marks": tuple(older)})
    assert "New voice" not in digest_text(morning(edition.model_copy(update={"ideas": (idea,)})))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    run_demo(folder, now=NOW, watch=lambda found, what: found, warn=pytest.fail)
    return folder


def test_the_demo_shows_one_argument_with_its_tellings(demo: Path) -> None:
    found = statements(demo / "site", "commodity")
    assert len(found) == 11
    assert [it["speaker"] for it in found if it["speaker"]] == ["Marc Andreessen"]
    assert {it["first_outlet"] for it in found} == {"Riffon"}


def test_the_briefs_marked_by_commands_give_the_page_of_the_demo(demo: Path, tmp_path: Path) -> None:
    """Import, extract, group, find the statements by their words, mark them, publish: as an analyst does."""
    db = tmp_path / "openrace.db"
    for step in (["import", str(resource("seeds") / "articles")], ["extract"], ["group"]):
        assert openrace(*step, db=db).returncode == 0
    lines = map(json.loads, openrace("export", "claims", db=db).stdout.splitlines())
    found = {line["text"]: line["claim_id"] for line in lines}
    marks = load_marks(demo / "ideas-marks.toml", load_ideas())
    claims = [found[mark.words] for mark in marks if mark.words]
    signed = ["--by", str(marks[0].by), "--at", marks[0].when]
    assert openrace("ideas", "yes", "commodity", *claims, *signed, db=db).returncode == 0
    assert openrace("publish", "--to", str(tmp_path / "site"), db=db).returncode == 0
    assert statements(tmp_path / "site", "commodity") == statements(demo / "site", "commodity")


def test_everything_under_an_idea_carries_the_mark_of_a_person(demo: Path) -> None:
    """Walks the whole site of the demo."""
    db = open_store(demo / "openrace.db")
    marked = {(mark.idea, mark.family): mark for mark in idea_tables.iter_marks(db)}
    seen = 0
    for path in (demo / "site/ideas").glob("*/index.json"):
        for it in json.loads(path.read_bytes())["statements"]:
            mark = marked[path.parent.name, it["family"]]
            assert (it["label"], it["marks"][0]["by"]) == (mark.label, mark.by)
            seen += 1
        page = path.with_name("index.html").read_text()
        assert page.count('<article class="st">') == page.count("Marked for") + page.count("Marked against")
    assert seen == len(marked)
    told = re.compile(r"(?:Voices|Argues against) the idea <a[^>]*ideas/([\w-]+)/")
    for path in (demo / "site/q").glob("*/index.html"):
        for idea in told.findall(path.read_text()):
            assert (idea, path.parent.name) in marked, path


SUGGESTED = VOICES["Finn Port"]


@pytest.fixture(scope="module")
def suggesting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with its site, in which five statements are marked for an idea and a sixth is suggested."""
    folder = tmp_path_factory.mktemp("suggesting")
    path, corpus = folder / "openrace.db", folder / "corpus.jsonl"
    texts = [f"Port Example.\n\n“{words},” said {speaker} on Monday." for speaker, words in VOICES.items()]
    lines = [{"url": f"https://o{n}.example/{n}", "text": text} for n, text in enumerate([*texts, texts[-1]])]
    corpus.write_text("".join(json.dumps(line) + "\n" for line in lines))
    for step in (["import", str(corpus)], ["extract"], ["group"]):
        assert openrace(*step, db=path).returncode == 0
    found = map(json.loads, openrace("export", "claims", db=path).stdout.splitlines())
    claims = [line["claim_id"] for line in found if SUGGESTED not in line["text"]]
    assert openrace("ideas", "yes", "commodity", *claims, "--by", "Ines Dorn", db=path).returncode == 0
    assert openrace("publish", "--base-url", "https://race.example/", db=path).returncode == 0
    return folder


def test_what_is_only_suggested_stands_under_no_idea(suggesting: Path) -> None:
    """Looks through every file of the site and every export."""
    db = open_store(suggesting / "openrace.db", readonly=True)
    (family,) = idea_tables.waiting(db, "commodity", LINE)
    assert SUGGESTED in idea_tables.statements(db, [family])[0].text
    db.close()
    pages = [path for path in (suggesting / "site").rglob("*") if path.is_file()]
    under = [path for path in pages if "ideas" in path.relative_to(suggesting / "site").parts]
    assert {path.name for path in under} >= {
        "index.html",
        "index.json",
        "feed.xml",
        "feed.json",
        "statements.csv",
    }
    assert all(b"nobody else can sell" not in path.read_bytes() for path in under)
    own = [path for path in (suggesting / "site/q").rglob("*.html") if path.parent.name == family]
    assert len(own) == 1
    marked = [path for path in pages if b"the idea" in path.read_bytes() and path.suffix == ".html"]
    assert own[0] not in marked
    assert len([path for path in marked if "q" in path.parts]) == len(VOICES) - 1


def test_exports_hold_marks_and_no_suggestion(suggesting: Path) -> None:
    path = suggesting / "openrace.db"
    lines = [json.loads(line) for line in openrace("ideas", "export", db=path).stdout.splitlines()]
    assert len(lines) == len(VOICES) - 1
    assert {(line["label"], line["by"], len(line["marked"])) for line in lines} == {("yes", "Ines Dorn", 10)}
    for what in ("claims", "families"):
        assert "commodity" not in openrace("export", what, db=path).stdout.replace("into a commodity", "")
    for what in ("datasette", "dumps"):
        assert openrace("export", what, "-o", str(suggesting / what), db=path).returncode == 0
    with sqlite3.connect(suggesting / "datasette" / "openrace.sqlite") as taken:
        names = {row[0] for row in taken.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    taken.close()
    assert not any("idea" in name for name in names)
    assert not any("idea" in file.name for file in (suggesting / "dumps").iterdir())


def test_a_mark_taken_back_takes_the_page_with_it(demo: Path, tmp_path: Path) -> None:
    db, ideas = open_store(demo / "openrace.db"), load_ideas()
    order = Order(tmp_path / "site", NOW, load_seeds(), ideas=ideas)
    marks = load_marks(demo / "ideas-marks.toml", ideas)
    publish_site(db, order)
    assert publish_if_needed(db, order) is None
    suggest_ideas(db, ideas, marks[1:], warn=pytest.fail)
    assert publish_if_needed(db, order)
    assert len(statements(tmp_path / "site", "commodity")) == 10
    suggest_ideas(db, ideas, (), warn=pytest.fail)
    assert publish_if_needed(db, order)
    assert not (tmp_path / "site/ideas/commodity").exists()
    suggest_ideas(db, ideas, marks, warn=pytest.fail)


def test_marks_both_ways_leave_a_statement_out(demo: Path, tmp_path: Path) -> None:
    db, ideas = open_store(demo / "openrace.db"), load_ideas()
    kept = list(idea_tables.iter_marks(db))
    rows = [(mark.idea, mark.claim, mark.label, mark.marked, mark.by) for mark in kept]
    query = "SELECT family, min(id) AS one, max(id) AS other FROM claims WHERE hidden IS NULL GROUP BY family"
    found = db.execute(f"{query} HAVING family IS NOT NULL AND count(*) > 1 LIMIT 1").fetchone()
    both = [("commodity", found[c], label, NOW, None) for c, label in (("one", "yes"), ("other", "against"))]
    idea_tables.replace_marks(db, [*rows, *both])
    publish_site(db, Order(tmp_path / "site", NOW, load_seeds(), ideas=ideas))
    page = json.loads((tmp_path / "site/ideas/commodity/index.json").read_bytes())
    assert found["family"] not in {it["family"] for it in page["statements"]}
    assert page["unsettled"] == 1
    idea_tables.replace_marks(db, rows)
