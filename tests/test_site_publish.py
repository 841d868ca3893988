"""Publishing: what is written, what is left alone, what is taken away, and what is refused."""

from __future__ import annotations

import errno
import itertools
import json
import os
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openrace.errors import ConfigError
from openrace.records import Outlet
from openrace.site import Publication, builder, look_version
from openrace.site.site_index import FILE, SiteIndex, open_index
from site_editions import NOW, MadeSource, Whole, make_edition, publish, with_paraphrase

SMALL = make_edition(8)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by its path."""
    files = (p for p in folder.rglob("*") if p.is_file() and p.name != FILE)
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files}


def test_every_statement_is_there_as_data(tmp_path: Path) -> None:
    edition = with_paraphrase(SMALL)
    report = publish(edition, tmp_path, now=NOW)
    assert len(list(tmp_path.rglob("index.html"))) == report.pages
    rows = [
        row
        for path in tmp_path.glob("statements/*.json")
        for row in json.loads(path.read_bytes())["statements"]
    ]
    assert {row["family"] for row in rows} == {story.family.id for story in edition.stories}
    for row in rows:
        folder, _, anchor = row["address"].partition("#")
        page = (tmp_path / folder / "index.html").read_text()
        assert not anchor or f'id="{anchor}"' in page


def test_the_report_counts_files_and_bytes(tmp_path: Path) -> None:
    report = publish(SMALL, tmp_path, now=NOW)
    found = tree(tmp_path)
    assert (report.files, report.size) == (len(found), sum(map(len, found.values())))


def test_nothing_changed_writes_nothing(tmp_path: Path) -> None:
    publish(SMALL, tmp_path, now=NOW)
    before = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")}
    report = publish(SMALL, tmp_path, now=NOW)
    assert (report.rendered, report.written, report.removed) == (0, 0, 0)
    assert {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")} == before


def test_a_full_build_writes_only_what_differs(tmp_path: Path) -> None:
    publish(SMALL, tmp_path, now=NOW)
    report = publish(SMALL, tmp_path, now=NOW, full=True)
    assert (report.rendered, report.written) == (report.pages, 0)


def edits(edition: Whole, seed: int) -> Whole:
    """`edition` with something of it changed, as a night may change it."""
    dice = random.Random(seed)
    stories, statements = list(edition.stories), list(edition.statements)
    outlets, people = list(edition.outlets), list(edition.people)
    for _ in range(dice.randint(1, 3)):
        match dice.randrange(7):
            case 0 if len(stories) > 1:
                stories.pop(dice.randrange(len(stories)))
            case 1:
                n = dice.randrange(len(statements))
                statements[n] = statements[n].model_copy(update={"speaker_id": None, "speaker_name": None})
            case 2:
                n = dice.randrange(len(outlets))
                outlets[n] = outlets[n].model_copy(update={"name": f"Renamed {seed}", "country": "CN"})
            case 3:
                n = dice.randrange(len(people))
                people[n] = people[n].model_copy(update={"name": f"Married {seed}", "organisation": None})
            case 4:
                n = dice.randrange(len(statements))
                statements[n] = statements[n].model_copy(update={"context": f"Other words {seed}."})
            case 5:
                n = dice.randrange(len(stories))
                stories[n] = stories[n].model_copy(update={"alerts": ()})
            case 6:
                n, other = dice.randrange(len(stories)), dice.choice(stories).family.id
                stories[n] = stories[n].model_copy(update={"links": (other,)})
    parts = {"stories": stories, "statements": statements, "outlets": outlets, "people": people}
    moved = tuple((s.family.id, stories[0].family.id) for s in edition.stories if s not in stories)
    return edition.model_copy(update={k: tuple(v) for k, v in parts.items()} | {"moved": moved})


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10**6), steps=st.integers(1, 3), days=st.integers(0, 9))
def test_step_by_step_is_the_same_as_at_once(
    seed: int, steps: int, days: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    grown, fresh = tmp_path_factory.mktemp("grown"), tmp_path_factory.mktemp("fresh")
    edition, now = SMALL, NOW
    publish(edition, grown, now=now)
    for step in range(steps):
        edition, now = edits(edition, seed + step), f"2026-11-{21 + days:02}T04:00:00Z"
        publish(edition, grown, now=now)
    publish(edition, fresh, now=now)
    assert tree(grown) == tree(fresh)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10**6), steps=st.integers(1, 3))
def test_changes_alone_are_the_same_as_everything(
    seed: int, steps: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    grown, fresh = tmp_path_factory.mktemp("grown"), tmp_path_factory.mktemp("fresh")
    edition = SMALL
    publish(edition, grown, now=NOW)
    for step in range(steps):
        before, edition = edition.facts(), edits(edition, seed + step)
        after = edition.facts()
        changed = [family for family in before | after if before.get(family) != after.get(family)]
        source = MadeSource(edition, changed)
        builder.publish(edition.bare(), source, grown, Publication(NOW, check=False))
        assert source.acknowledged == "some"
    publish(edition, fresh, now=NOW)
    assert tree(grown) == tree(fresh)


def test_what_is_gone_is_taken_away(tmp_path: Path) -> None:
    publish(SMALL, tmp_path, now=NOW)
    gone = SMALL.stories[0].family.id
    fewer = SMALL.model_copy(update={"stories": SMALL.stories[1:]})
    assert publish(fewer, tmp_path, now=NOW).removed > 0
    assert not (tmp_path / "q" / gone).exists()


def test_a_merged_family_leads_on(tmp_path: Path) -> None:
    kept = SMALL.stories[0].family.id
    publish(SMALL.model_copy(update={"moved": (("0ldid", kept),)}), tmp_path, now=NOW)
    assert f"../../q/{kept}/index.html" in (tmp_path / "q/0ldid/index.html").read_text()


def test_lost_and_damaged_files_are_mended(tmp_path: Path) -> None:
    publish(SMALL, tmp_path, now=NOW)
    before = tree(tmp_path)
    (tmp_path / "index.html").unlink()
    (tmp_path / "about/index.json").write_text("half")
    (tmp_path / "static/site.css").write_text("")
    publish(SMALL, tmp_path, now=NOW)
    assert tree(tmp_path) == before


def test_a_lost_index_is_made_anew(tmp_path: Path) -> None:
    publish(SMALL, tmp_path, now=NOW)
    before = tree(tmp_path)
    (tmp_path / FILE).unlink()
    assert publish(SMALL, tmp_path, now=NOW).written == 0
    assert tree(tmp_path) == before


def test_what_a_lost_index_knew_is_taken_away(tmp_path: Path) -> None:
    site, fresh = tmp_path / "site", tmp_path / "fresh"
    publish(SMALL, site, now=NOW)
    (site / FILE).unlink()
    (site / "data/mine.txt").write_text("not of the site")
    fewer = SMALL.model_copy(update={"stories": SMALL.stories[:3]})
    publish(fewer, site, now=NOW)
    publish(fewer, fresh, now=NOW)
    assert tree(site) == tree(fresh) | {"data/mine.txt": b"not of the site"}


@pytest.mark.parametrize("harm", ["cut", "replaced", "spoilt inside"])
def test_a_damaged_index_is_no_harm(harm: str, tmp_path: Path) -> None:
    publish(SMALL, tmp_path, now=NOW)
    before = tree(tmp_path)
    whole = (tmp_path / FILE).read_bytes()
    spoilt = whole[:8192] + b"A" * (len(whole) - 8192)
    (tmp_path / FILE).write_bytes({"cut": whole[:5000], "replaced": b"{", "spoilt inside": spoilt}[harm])
    publish(SMALL, tmp_path, now=NOW)
    assert tree(tmp_path) == before


def test_a_index_cannot_reach_out_of_the_site(tmp_path: Path) -> None:
    treasure, site = tmp_path / "treasure", tmp_path / "site"
    treasure.write_text("gold")
    publish(SMALL, site, now=NOW)
    with sqlite3.connect(site / FILE) as index:
        files = {"../treasure": 4, str(treasure): 4}
        index.execute("UPDATE parts SET files = ? WHERE address GLOB 'q/*'", (json.dumps(files),))
        index.execute("INSERT INTO drafts (name, gone) VALUES ('../treasure', 1)")
    publish(SMALL.model_copy(update={"stories": ()}), site, now=NOW)
    assert treasure.read_text() == "gold"


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(ConfigError, match="choose an empty folder"):
        publish(SMALL, tmp_path, now=NOW)
    assert tree(tmp_path) == {"thesis.tex": b"years of work"}


def test_a_file_is_no_folder_for_a_site(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(ConfigError, match="is a file"):
        publish(SMALL, tmp_path / "notes.txt", now=NOW)


def test_an_empty_edition_has_a_whole_site(tmp_path: Path) -> None:
    publish(Whole(), tmp_path, now=NOW)
    assert "Nothing has been reported yet" in (tmp_path / "index.html").read_text()


def overlay(tmp_path: Path, name: str, content: str) -> Path:
    path = tmp_path / "mine" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    return tmp_path / "mine"


def test_own_templates_and_styles_lie_over_ours(tmp_path: Path) -> None:
    site = tmp_path / "site"
    publish(SMALL, site, now=NOW)
    overlay(tmp_path, "static/site.css", "body { color: teal }")
    mine = overlay(
        tmp_path,
        "templates/topics.html",
        '{% extends "base.html" %}{% block title %}T{% endblock %}{% block main %}Ours{% endblock %}',
    )
    report = publish(SMALL, site, now=NOW, overlay=mine)
    assert report.rendered == report.pages
    assert (site / "static/site.css").read_text() == "body { color: teal }"
    assert "Ours" in (site / "topics/index.html").read_text()
    publish(SMALL, site, now=NOW)
    assert "Ours" not in (site / "topics/index.html").read_text()


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("{% block main %}", r"topics\.html:1: not a template"),
        ("\n{{ 'x' | no_such }}", r"topics\.html:2: .*no_such"),
        ("\n\n{{ sitee.title }}", r"topics\.html:3: the page /topics/ .*sitee"),
        ("\n{{ 1 / 0 }}", r"topics\.html:2: the page /topics/ .*division"),
        ('{% extends "base.htm" %}', r"topics\.html:1: .*base\.htm"),
    ],
)
def test_a_wrong_template_names_file_line_and_page(template: str, says: str, tmp_path: Path) -> None:
    mine = overlay(tmp_path, "templates/topics.html", template)
    with pytest.raises(ConfigError, match=says):
        publish(SMALL, tmp_path / "site", now=NOW, overlay=mine)


def test_wrong_countries_name_the_file(tmp_path: Path) -> None:
    mine = overlay(tmp_path, "templates/countries.toml", 'ZZ = { name = "Zembla", mark = "heart" }')
    with pytest.raises(ConfigError, match=r"countries\.toml: ZZ has the mark 'heart'"):
        publish(SMALL, tmp_path / "site", now=NOW, overlay=mine)


def test_a_run_that_broke_is_made_whole_by_the_next(tmp_path: Path) -> None:
    site = tmp_path / "site"
    publish(SMALL, site, now=NOW)
    renamed = SMALL.model_copy(
        update={"outlets": (Outlet(domain="paper0.example", name="New"), *SMALL.outlets[1:])}
    )
    mine = overlay(tmp_path, "templates/status.html", "{{ nowhere }}")
    with pytest.raises(ConfigError):
        publish(renamed, site, now=NOW, overlay=mine)
    publish(renamed, site, now=NOW)
    fresh = tmp_path / "fresh"
    publish(renamed, fresh, now=NOW)
    assert tree(site) == tree(fresh)


def test_a_run_that_breaks_leaves_the_older_site_whole(tmp_path: Path) -> None:
    site = tmp_path / "site"
    publish(SMALL, site, now=NOW)
    before = tree(site)
    mine = overlay(tmp_path, "templates/home.html", "{{ nowhere }}")
    with pytest.raises(ConfigError):
        publish(edits(SMALL, 3), site, now=NOW, overlay=mine)
    after = tree(site)
    assert {name: after[name] for name in before} == before
    assert any(name.endswith(".new") for name in after)
    publish(SMALL, site, now=NOW)
    assert tree(site) == before


def test_a_swap_that_was_cut_short_is_ended_by_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, fresh, moves = tmp_path / "site", tmp_path / "fresh", itertools.count()
    changed, replace = edits(SMALL, 4), os.replace
    publish(SMALL, site, now=NOW)

    def fifth_fails(draft: str, path: str) -> None:
        if next(moves) == 5:
            raise OSError(errno.ENOSPC, "No space left on device")
        replace(draft, path)

    monkeypatch.setattr("openrace.site.output_files.os.replace", fifth_fails)
    with pytest.raises(ConfigError, match="No space left"):
        publish(changed, site, now=NOW)
    publish(changed, site, now=NOW)
    publish(changed, fresh, now=NOW)
    assert tree(site) == tree(fresh)


def test_an_overlay_with_nothing_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    with pytest.raises(ConfigError, match="holds neither templates/ nor static/"):
        publish(SMALL, tmp_path / "site", now=NOW, overlay=tmp_path / "mine")


def test_the_look_has_a_version(tmp_path: Path) -> None:
    ours = look_version()
    mine = overlay(tmp_path, "static/own.css", "p { color: teal }")
    first = look_version(mine)
    overlay(tmp_path, "static/own.css", "p { color: plum }")
    assert len({ours, first, look_version(mine)}) == 3
    assert look_version() == ours


def test_a_disk_that_fills_is_told_as_such(tmp_path: Path) -> None:
    with closing(open_index(tmp_path / "index.db")) as db:
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count = {pages + 3}")
        with pytest.raises(sqlite3.OperationalError, match="full"), SiteIndex(db).transaction():
            db.executemany("INSERT INTO facts VALUES (?, ?)", ((str(n), "x" * 1000) for n in range(1000)))
        assert not db.execute("SELECT 1 FROM facts").fetchone()
