"""What is taken away opens elsewhere with types and keys right, and counts what surely was."""

from __future__ import annotations

import csv
import json
import random
import sqlite3
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import pandas
import pytest

from conftest import openrace
from openrace.diffusion.outlet_graph import outlet_edges
from openrace.exports.claim_lines import ArticleLine, ClaimLine
from openrace.exports.family_lines import ExportedFamily
from openrace.exports.graph_picture import draw_matrix
from openrace.records import Family
from openrace.story import Appearance, FamilyStory, OutletEdge

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOK = ROOT / "docs" / "analyses.py"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the bundled articles."""
    folder = tmp_path_factory.mktemp("kept")
    for arguments in (["import", str(ROOT / "seeds" / "articles")], ["extract"], ["group"]):
        assert openrace(*arguments, db=folder / "o.db").returncode == 0
    return folder / "o.db"


def export(db: Path, *arguments: str) -> str:
    done = openrace("export", *arguments, db=db)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_duckdb_reads_typed_columns(kept: Path, tmp_path: Path) -> None:
    claims, families = tmp_path / "claims.parquet", tmp_path / "families.parquet"
    export(kept, "claims", "--format", "parquet", "-o", str(claims))
    export(kept, "families", "--format", "parquet", "-o", str(families))
    types = {row[0]: row[1] for row in duckdb.sql(f"DESCRIBE SELECT * FROM '{claims}'").fetchall()}
    assert types["published_at"] == "TIMESTAMP WITH TIME ZONE"
    assert types["spans"] == 'STRUCT("start" BIGINT, "end" BIGINT)[]'
    assert types["context"] == 'STRUCT("start" BIGINT, "end" BIGINT)'
    assert (types["changed"], types["confidence"]) == ("VARCHAR[]", "DOUBLE")
    joined = duckdb.sql(
        f"SELECT count(*), count(f.id) FROM '{claims}' c LEFT JOIN '{families}' f ON f.id = c.family_id"
        " WHERE c.family_id IS NOT NULL"
    ).fetchall()
    assert joined[0][0] == joined[0][1] > 0
    lengths = f"SELECT bool_and(len(spans) > 0 AND spans[1].start < spans[1].end) FROM '{claims}'"
    assert duckdb.sql(lengths).fetchall() == [(True,)]


def test_pandas_reads_times_lists_and_keys(kept: Path, tmp_path: Path) -> None:
    frames = {}
    for what in ("claims", "families"):
        export(kept, what, "--format", "parquet", "-o", str(tmp_path / f"{what}.parquet"))
        frames[what] = pandas.read_parquet(tmp_path / f"{what}.parquet")
    claims, families = frames["claims"], frames["families"].set_index("id")
    assert str(claims["published_at"].dtype).endswith("UTC]")
    assert claims["confidence"].dtype == "float64"
    assert claims["claim_id"].is_unique
    assert families.index.is_unique
    assert all(span["start"] < span["end"] for spans in claims["spans"] for span in spans)
    joined = claims.join(families["reports"], on="family_id", validate="many_to_one")
    assert (joined.groupby("family_id").size() == joined.groupby("family_id")["reports"].first()).all()


def test_what_is_a_list_in_a_record_is_a_list_in_parquet(kept: Path, tmp_path: Path) -> None:
    for what, record in (("claims", ClaimLine), ("families", ExportedFamily), ("articles", ArticleLine)):
        path = tmp_path / f"{what}.parquet"
        export(kept, what, "--format", "parquet", "-o", str(path))
        types = {row[0]: row[1] for row in duckdb.sql(f"DESCRIBE SELECT * FROM '{path}'").fetchall()}
        lists = {name for name, field in record.model_fields.items() if "tuple[" in str(field.annotation)}
        assert {name for name, column in types.items() if column.endswith("[]")} == lists & types.keys()
        assert lists <= types.keys()


def test_families_tell_who_when_where_and_whether_prints_differ(kept: Path) -> None:
    rows = list(csv.DictReader(export(kept, "families", "--format", "csv").splitlines()))
    lines = [json.loads(line) for line in export(kept, "families").splitlines()]
    assert [row["id"] for row in rows] == [line["id"] for line in lines]
    assert {"speaker", "first", "last", "outlets", "wordings", "alerts", "line"} <= set(rows[0])
    many = [line for line in lines if line["reports"] > 1]
    assert many
    for line in many:
        assert line["reports"] == len(line["claim_ids"])
        assert line["wordings"] >= 1
        assert set(line["first_among"]) <= set(line["outlets"])
    assert any(line["alerts"] for line in lines)


def test_datasette_has_families_with_their_claims(kept: Path, tmp_path: Path) -> None:
    export(kept, "datasette", "-o", str(tmp_path))
    db = sqlite3.connect(tmp_path / "openrace.sqlite")
    assert not db.execute("PRAGMA foreign_key_check").fetchall()
    counts = "SELECT f.reports, count(*) FROM families f JOIN claims c ON c.family_id = f.id GROUP BY f.id"
    rows = db.execute(counts).fetchall()
    assert rows
    assert all(reports == found for reports, found in rows)
    tables = json.loads((tmp_path / "metadata.json").read_text())["databases"]["openrace"]["tables"]
    columns = {row[1] for row in db.execute("PRAGMA table_info(families)")}
    about = tables["families"]
    assert {about["sort_desc"], about["label_column"], *about["columns"], *about["facets"]} <= columns
    db.close()


def test_the_notebook_runs_from_a_fresh_export(kept: Path, tmp_path: Path) -> None:
    for what in ("claims", "graph"):
        export(kept, what, "--format", "parquet", "-o", str(tmp_path / f"{what}.parquet"))
    done = subprocess.run(
        [sys.executable, str(NOTEBOOK)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "leader" in done.stdout
    assert "“" in done.stdout.splitlines()[-1] or "asserted" in done.stdout.splitlines()[-1]


def a_story(
    number: int, *prints: tuple[str, float | None, float], first: tuple[int, ...] = (0,)
) -> FamilyStory:
    """A family whose prints are (outlet, lag, doubt); `first` are those that may be the first."""
    ids = [f"{number}-{place}" for place in range(len(prints))]
    appearances = tuple(
        Appearance(
            claim_id=claim,
            article_id=claim,
            outlet=outlet,
            country=None,
            when="2026-01-01",
            lag_hours=lag,
            lag_doubt_hours=doubt,
            kind="direct",
        )
        for claim, (outlet, lag, doubt) in zip(ids, prints, strict=True)
    )
    family = Family(id=str(number), claim_ids=tuple(ids), representative=ids[0])
    return FamilyStory(
        family=family, variants=(), appearances=appearances, first=tuple(ids[place] for place in first)
    )


STORIES = [
    a_story(1, ("a.example", 0, 0), ("b.example", 2, 0.5), ("b.example", 9, 0), ("c.example", 5, 0)),
    a_story(2, ("a.example", 0, 0), ("b.example", 4, 0)),
    a_story(3, ("a.example", 0, 0), ("b.example", 3, 24)),  # within the doubt: nobody surely followed
    a_story(4, ("a.example", 0, 0), ("b.example", 0, 0), ("c.example", 9, 0), first=(0, 1)),  # no sure first
    a_story(5, ("c.example", 0, 0), ("a.example", None, 0)),  # a follower without a date
]


def test_an_edge_counts_what_surely_was() -> None:
    found = {(e.leader, e.follower): (e.families, e.median_lag_hours) for e in outlet_edges(STORIES)}
    assert found == {("a.example", "b.example"): (2, 3.0), ("a.example", "c.example"): (1, 5.0)}


def test_edges_do_not_depend_on_the_order_of_the_stories() -> None:
    expected = outlet_edges(STORIES)
    for seed in range(5):
        assert outlet_edges(random.Random(seed).sample(STORIES, len(STORIES))) == expected


def test_the_picture_shows_each_edge_once_and_escapes_names() -> None:
    edges = outlet_edges(STORIES)
    picture = ElementTree.fromstring(draw_matrix(edges, {"a.example": "A <&> B"}))
    titles = [title.text for title in picture.iter("{http://www.w3.org/2000/svg}title")]
    assert titles[1:] == [
        "A <&> B had 2 first, b.example followed, 3 h later at the median",
        "A <&> B had 1 first, c.example followed, 5 h later at the median",
    ]
    assert ElementTree.fromstring(draw_matrix([], {})).tag.endswith("svg")


def test_the_page_of_the_graph_counts_as_the_export_does(kept: Path, tmp_path: Path) -> None:
    assert openrace("publish", "--to", str(tmp_path / "site"), db=kept).returncode == 0
    page = json.loads((tmp_path / "site" / "outlets" / "graph" / "index.json").read_text())
    shown = {(pair["leader"], pair["follower"], pair["statements"], pair["hours"]) for pair in page["pairs"]}
    edges = map(json.loads, export(kept, "graph", "--format", "jsonl").splitlines())
    keys = ("leader", "follower", "families", "median_lag_hours")
    assert shown  # the page has the last months alone
    assert shown <= {tuple(edge[key] for key in keys) for edge in edges}


def test_the_graph_is_the_same_in_every_form(kept: Path) -> None:
    rows = list(csv.DictReader(export(kept, "graph", "--format", "csv").splitlines()))
    lines = [OutletEdge.model_validate_json(line) for line in export(kept, "graph").splitlines()]
    assert [(row["leader"], row["follower"], int(row["families"])) for row in rows] == [
        (edge.leader, edge.follower, edge.families) for edge in lines
    ]
    assert lines
    ElementTree.fromstring(export(kept, "graph", "--format", "svg"))
