"""What is exported can be opened by the programs that it is for, and tells the same everywhere."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import re
import sqlite3
from pathlib import Path

import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import NOW, an_article, openrace, quoted_claims, without_root_power
from openrace.exports.citation_files import write_bibtex, write_csl
from openrace.exports.claim_lines import ArticleLine, ClaimLine, columns_of, to_csv, to_jsonl
from openrace.records import Article
from openrace.store import article_table, claim_table, open_store

TEXT = "Lead.\n\n“Weights & measures: 100 % {free}”, she said, “= so are chips”."


@pytest.fixture
def shelf(store_path: Path) -> Path:
    db = open_store(store_path, create=True)
    for number, more in enumerate(
        [{"published": "2025-05-19", "authors": ("Æ Ø",)}, {"url": None, "published": None}]
    ):
        article = an_article(f"{number} {TEXT}", title="Weights & {measures} #1 ~ 100 %", **more)
        article_table.add_article(db, article, added=NOW)
        claim_table.save_claims(db, article.id, quoted_claims(article, None if number else "Ada Byte"), "t")
    db.close()
    return store_path


def export(db: Path, *arguments: str) -> str:
    done = openrace("export", *arguments, db=db)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_json_lines_are_as_the_schema_says(shelf: Path) -> None:
    schema = json.loads(export(shelf, "schema"))
    lines = [json.loads(line) for line in export(shelf, "claims").splitlines()]
    assert len(lines) == 4
    for line in lines:
        assert list(line) == list(schema["properties"])
        assert set(schema["required"]) <= set(line)
        assert ClaimLine.model_validate(line).model_dump(mode="json") == line


def test_csv_parquet_and_json_lines_tell_the_same(shelf: Path, tmp_path: Path) -> None:
    lines = [json.loads(line) for line in export(shelf, "claims").splitlines()]
    table = list(csv.DictReader(export(shelf, "claims", "--format", "csv").splitlines()))
    path = tmp_path / "claims.parquet"
    export(shelf, "claims", "--format", "parquet", "-o", str(path))
    parquet = pyarrow.parquet.read_table(path).to_pylist()
    assert [row["claim_id"] for row in table] == [row["claim_id"] for row in parquet]
    assert [row["text"] for row in parquet] == [line["text"] for line in lines]
    assert [row["speaker_name"] for row in parquet] == ["Ada Byte", "Ada Byte", None, None]
    assert list(table[0]) == columns_of(ClaimLine)
    assert [name for name in parquet[0] if name != "published_at"] == columns_of(ClaimLine)
    assert [[list(s.values()) for s in row["spans"]] for row in parquet] == [line["spans"] for line in lines]
    assert parquet[0]["confidence"] == lines[0]["confidence"]


def test_no_cell_is_a_formula(shelf: Path) -> None:
    texts = [row["text"] for row in csv.DictReader(export(shelf, "claims", "--format", "csv").splitlines())]
    assert texts[1] == "'= so are chips"


def test_bibtex(shelf: Path) -> None:
    entry = export(shelf, "articles", "--format", "bibtex").split("\n\n")[0]
    assert r"title = {{Weights \& \{measures\} \#1 \textasciitilde{} 100 \%}}" in entry
    assert "author = {{Æ Ø}}" in entry
    assert "year = {2025}" in entry
    assert "month = may" in entry
    assert entry.count("{") == entry.count("}")


def test_csl_json(shelf: Path) -> None:
    dated, undated = json.loads(export(shelf, "articles", "--format", "csl-json"))
    assert dated["issued"] == {"date-parts": [[2025, 5, 19]]}
    assert dated["container-title"] == "news.example"
    assert "issued" not in undated
    assert "URL" not in undated


def test_annotations_point_at_the_words(shelf: Path) -> None:
    lines = [json.loads(line) for line in export(shelf, "claims", "--format", "annotations").splitlines()]
    assert len(lines) == 2
    (target,) = lines[0]["target"]
    selector = target["selector"]
    assert selector["prefix"] + selector["exact"] + selector["suffix"] in f"0 {TEXT}"
    assert {"purpose": "identifying", "type": "TextualBody", "value": "Ada Byte"} in lines[0]["body"]


def test_a_file_for_datasette(shelf: Path, tmp_path: Path) -> None:
    export(shelf, "datasette", "-o", str(tmp_path / "out"))
    db = sqlite3.connect(tmp_path / "out" / "openrace.sqlite")
    found = db.execute(
        "SELECT c.text, a.title FROM claims_fts f JOIN claims c ON c.rowid = f.rowid"
        " JOIN articles a ON a.id = c.article_id"
        " WHERE claims_fts MATCH 'chips' AND c.speaker_name = 'Ada Byte'"
    ).fetchall()
    assert len(found) == 1
    assert not db.execute("PRAGMA foreign_key_check").fetchall()
    told = json.loads((tmp_path / "out" / "metadata.json").read_text())["databases"]["openrace"]["tables"]
    for table, about in told.items():
        columns = {row[1] for row in db.execute(f"PRAGMA table_info({table})")}
        assert {about["sort_desc"], *about.get("columns", {}), *about.get("facets", [])} <= columns
    db.close()


def test_dumps_are_whole_checked_and_the_same_each_time(shelf: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        export(shelf, "dumps", "-o", str(tmp_path / name))
    files = {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}
    assert files == {path.name: path.read_bytes() for path in (tmp_path / "two").iterdir()}
    sums = dict(reversed(line.split("  ")) for line in files.pop("SHA256SUMS").decode().splitlines())
    assert sums == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    assert set(files) == {
        "claims-2025-05.jsonl.gz",
        "claims-undated.jsonl.gz",
        "articles.jsonl.gz",
        "families.jsonl.gz",
    }
    assert len(gzip.decompress(files["claims-2025-05.jsonl.gz"]).splitlines()) == 2


@pytest.mark.parametrize(
    "arguments", [["claims", "--format", "bibtex"], ["dumps"], ["claims", "--format", "parquet"], ["people"]]
)
def test_what_cannot_be_is_usage(shelf: Path, arguments: list[str]) -> None:
    done = openrace("export", *arguments, db=shelf)
    assert done.returncode == 2
    assert done.stdout == ""


ANY = st.text(st.characters(codec="utf-8"), min_size=1)


@given(ANY, ANY, st.none() | st.dates().map(str))
def test_no_text_breaks_a_format(title: str, author: str, published: str | None) -> None:
    article = Article(
        id="x", text="t", url="https://n.example/", title=title, authors=(author,), published=published
    )
    line = ArticleLine.of(article)
    entry = "".join(write_bibtex([line], {}))
    bare = re.sub(r"\\[&%$#_{}]", "", entry)
    assert bare.count("{") == bare.count("}")
    assert json.loads("".join(write_csl([line], {})))[0].get("URL") == "https://n.example/"
    assert json.loads("".join(to_jsonl([line])))["title"] == title
    (row,) = csv.DictReader(io.StringIO("".join(to_csv([line])), newline=""))
    assert row["title"].removeprefix("'") == title.removeprefix("'")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["articles", "--format", "parquet"], "parquet cannot go to a terminal"),
        (["dumps"], "dumps cannot go to a terminal"),
        (["schema", "--format", "csv"], "schema has its own format"),
        (["datasette", "--format", "csv", "-o", "x"], "datasette has its own format"),
        (["families", "--format", "bibtex"], "bibtex is for articles"),
        (["dumps", "-o", "{file}"], "must be a folder"),
    ],
)
def test_what_does_not_go_together_is_told(shelf: Path, arguments: list[str], told: str) -> None:
    done = openrace("export", *(word.format(file=shelf) for word in arguments), db=shelf, COLUMNS="500")
    assert (done.returncode, told in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize(("what", "name"), [("claims", "out/x.jsonl"), ("datasette", "out")])
def test_an_export_that_cannot_be_written_names_its_own_path(shelf: Path, what: str, name: str) -> None:
    (shelf.parent / "out").mkdir(mode=0o555)
    output = shelf.parent / name
    done = openrace("export", what, "-o", str(output), db=shelf, preexec_fn=without_root_power)
    file = output / "openrace.sqlite" if what == "datasette" else output
    assert (done.returncode, done.stderr) == (2, f"openrace: {file}: permission denied\n")
