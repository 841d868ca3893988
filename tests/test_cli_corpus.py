"""import, extract, group: good files, and every kind of bad one."""

from __future__ import annotations

import json
import resource as limits
import socket
from pathlib import Path

import pytest

from conftest import an_article, openrace, without_root_power
from openrace.pipeline.add_articles import under_its_outlet
from openrace.records import Outlet
from openrace.store import database, open_store

GOOD = "A word on weights\n\n“Weights want to be free,” said Ada Byte, the founder of Bytewise, on Monday.\n"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "good.txt").write_text(GOOD)
    return folder


def count(db: Path, what: str = "articles") -> int:
    return int(json.loads(openrace("status", "--json", db=db).stdout)[what])


def test_from_a_file_to_families(files: Path, store_path: Path) -> None:
    done = openrace("import", str(files), db=store_path)
    assert done.returncode == 0, done.stderr
    assert openrace("extract", db=store_path).returncode == 0
    assert openrace("group", db=store_path).returncode == 0
    (line,) = map(json.loads, openrace("export", "claims", db=store_path).stdout.splitlines())
    assert line["text"] == "Weights want to be free,"
    assert line["speaker"]["name"] == "Ada Byte"
    assert line["family_id"]


def test_doing_all_of_it_twice_changes_nothing(files: Path, store_path: Path) -> None:
    for _ in range(2):
        openrace("import", str(files), db=store_path)
        openrace("extract", db=store_path)
        openrace("group", db=store_path)
        export = openrace("export", "claims", db=store_path).stdout
    assert len(export.splitlines()) == 1
    assert "1 known" in openrace("import", str(files), db=store_path).stderr
    assert "0 articles read" in openrace("extract", db=store_path).stderr
    assert openrace("export", "claims", db=store_path).stdout == export


BAD = {
    "missing.txt": None,
    "binary.txt": bytes(range(256)) * 8,
    "front.md": b"---\ntitle: [unclosed\n---\nText.\n",
    "lines.jsonl": b'{"id": "a", "text": "A text."}\n{"id": "b", "text": \n{"id": "c", "text": "A third."}\n',
    "empty.html": b"",
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_costs_one_clear_line(files: Path, store_path: Path, name: str) -> None:
    bad, content = files / name, BAD[name]
    if content is not None:
        bad.write_bytes(content)
    done = openrace("import", str(bad), str(files / "good.txt"), db=store_path)
    assert done.returncode == 3
    told = [line for line in done.stderr.splitlines() if name in line]
    assert len(told) == 1, done.stderr
    assert "Traceback" not in done.stderr
    if name == "lines.jsonl":
        assert f"{name}:2:" in told[0]
    assert count(store_path) == (3 if name == "lines.jsonl" else 1)


def test_standard_input(store_path: Path) -> None:
    assert openrace("import", "-", db=store_path, stdin=GOOD).returncode == 0
    assert count(store_path) == 1


def test_a_newer_database_is_refused_by_every_command(files: Path, store_path: Path) -> None:
    openrace("import", str(files), db=store_path)
    db = open_store(store_path)
    db.execute(f"PRAGMA user_version = {database.LATEST + 1}")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    before = store_path.read_bytes()
    for command in (f"import {files}", "extract", "group", "search", "status", "export claims"):
        done = openrace(*command.split(), db=store_path)
        assert done.returncode == 2
        assert "newer openrace" in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert store_path.read_bytes() == before


def test_a_folder_that_may_not_be_written(files: Path, store_path: Path) -> None:
    store_path.parent.chmod(0o555)
    done = openrace("import", str(files), db=store_path, preexec_fn=without_root_power)
    store_path.parent.chmod(0o755)
    assert done.returncode == 2
    assert "no permission" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_full_disk_keeps_what_was_stored(files: Path, store_path: Path) -> None:
    openrace("import", str(files), db=store_path)
    lines = (json.dumps({"id": str(n), "text": f"{n} " + "word " * 5_000}) for n in range(500))
    (files / "many.jsonl").write_text("\n".join(lines))
    small = store_path.stat().st_size + 1_000_000
    done = openrace(
        "import",
        str(files / "many.jsonl"),
        db=store_path,
        preexec_fn=lambda: limits.setrlimit(limits.RLIMIT_FSIZE, (small, small)),
    )
    assert done.returncode == 2
    assert "what was stored before is safe" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    kept = count(store_path)
    assert 1 < kept < 501
    assert openrace("import", str(files), db=store_path).returncode == 0
    assert count(store_path) == 501
    assert openrace("search", db=store_path).returncode == 1


def test_seeds_that_cannot_be_read_name_file_and_line(files: Path, store_path: Path, tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "people.toml").write_text("[people.ada]\nname = \n")
    done = openrace("import", str(files), "--seeds", str(seeds), db=store_path)
    assert done.returncode == 2
    assert "people.toml:2" in done.stderr


@pytest.mark.parametrize(
    ("url", "said", "outlet"),
    [
        ("https://lab.paper.example/a", "paper.example", "lab.paper.example"),  # the closest that is known
        ("https://www.paper.example/a", "paper.example", "paper.example"),
        ("https://deep.lab.paper.example/a", "paper.example", "lab.paper.example"),
        ("https://blog.other.example/a", "other.example", "other.example"),  # nobody knows it
        ("https://lab.paper.example/a", "wire.example", "wire.example"),  # whoever handed it in knows better
        ("https://lab.paper.example/a", None, "lab.paper.example"),
        (None, "paper.example", "paper.example"),
        (None, None, None),
    ],
)
def test_an_article_stands_in_the_closest_outlet_that_is_known(
    url: str | None, said: str | None, outlet: str | None
) -> None:
    article = an_article(url=url, outlet=said)
    domains = ("paper.example", "lab.paper.example", "example")
    known = {domain: Outlet(domain=domain, name=domain) for domain in domains}
    assert under_its_outlet(article, known).outlet == outlet


def test_an_imported_article_has_the_outlet_that_the_crawl_would_give_it(store_path: Path) -> None:
    line = json.dumps({"url": "https://blogs.nvidia.com/a", "text": "“Weights,” said Ada Byte."})
    openrace("import", "-", stdin=line, db=store_path)
    (article,) = map(json.loads, openrace("export", "articles", db=store_path).stdout.splitlines())
    assert article["outlet"] == "blogs.nvidia.com"


def test_a_demo_never_takes_the_place_of_somebodys_work(tmp_path: Path) -> None:
    db = tmp_path / "openrace.db"
    openrace("import", "-", stdin="“Weights want to be free,” said Ada Byte.", db=db)
    done = openrace("demo", str(tmp_path))
    assert (done.returncode, "holds more than a demo" in done.stderr) == (2, True)
    assert '"articles": 1,' in openrace("status", "--json", db=db).stdout


@pytest.mark.parametrize("arguments", [["--port", "99999"], ["--port", "-1"]])
def test_a_port_that_is_none_is_refused(tmp_path: Path, arguments: list[str]) -> None:
    assert openrace("serve", *arguments, db=tmp_path / "o.db").returncode == 2


def test_a_port_that_is_taken_is_told_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").touch()
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = openrace("serve", "--port", str(port), db=tmp_path / "o.db")
    assert done.returncode == 2
    assert done.stderr.startswith(f"openrace: 127.0.0.1, port {port}: address already in use (")
