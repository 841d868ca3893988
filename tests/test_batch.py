"""Archives: the same claims as the filters give, from every kind of file, after a kill too."""

from __future__ import annotations

import gzip
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from conftest import openrace
from openrace.batch.local_engine import extract_files
from openrace.batch.rows import Row, RowResult
from openrace.batch.schema import CLAIMS
from openrace.batch.shards import Counts, OutputFolder
from worker_tasks import deadly_rows

# `make batch-kills` asks for ten; OPENRACE_SEED says where they fall.
KILLS = int(os.environ.get("OPENRACE_KILLS", "2"))
PEOPLE = ("Ada Byte", "Bo Chen", "Cy Dent")
SAID = (
    "open weights help every laboratory that cannot pay",
    "chips will be dear for years to come",
    "nobody owns arithmetic, and nobody ever will",
)


def articles(count: int, first: int = 0) -> list[dict[str, str]]:
    found = []
    for n in range(first, first + count):
        who, said = PEOPLE[n % 3], SAID[n // 3 % 3]
        text = f"Report {n}, Port.\n\n“I tell you that {said},” said {who}. {who} added that it was late."
        line = {"id": f"a{n:03}", "text": text, "outlet": f"o{n % 5}.example", "published": "2025-12-01"}
        found.append(line)
    return found


def write_lines(path: Path, found: list[dict[str, str]], *more: str) -> Path:
    text = "".join(json.dumps(line) + "\n" for line in found) + "".join(more)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def rows_of(out: Path) -> list[dict[str, Any]]:
    tables = [pq.read_table(file, schema=CLAIMS) for file in sorted((out / "claims").glob("*.parquet"))]
    rows = pa.concat_tables(tables).to_pylist() if tables else []
    return sorted(rows, key=lambda row: (row["article_id"], row["start"], row["claim_id"]))


def rejected(out: Path) -> list[dict[str, str]]:
    files = sorted(file for file in (out / "rejected").iterdir() if file.suffix in (".json", ".jsonl"))
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


def piped(found: list[dict[str, str]]) -> list[dict[str, Any]]:
    done = openrace("pipe", "extract", stdin="".join(json.dumps(line) + "\n" for line in found))
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return sorted(lines, key=lambda line: (line["article_id"], line["spans"], line["claim_id"]))


def as_lines(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows without the columns that a line of the filter does not have."""
    added = ("start", "context", "url", "title", "outlet", "published")
    return [{name: value for name, value in row.items() if name not in added} for row in rows]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_rows_are_the_lines_of_the_filter(jobs: str, tmp_path: Path) -> None:
    found = articles(40)
    inputs = tmp_path / "in"
    (inputs / "deeper").mkdir(parents=True)
    write_lines(inputs / "one.jsonl", found[:10])
    write_lines(inputs / "deeper" / "two.jsonl.gz", found[10:20])
    pq.write_table(pa.Table.from_pylist(found[20:]), inputs / "three.parquet")
    done = openrace("batch", "extract", str(inputs), str(tmp_path / "out"), "--jobs", jobs)
    assert done.returncode == 0, done.stderr
    rows = rows_of(tmp_path / "out")
    assert as_lines(rows) == piped(found)
    assert done.stderr.startswith(f"40 rows, {len(rows)} claims; ")
    assert {row["published"] for row in rows} == {"2025-12-01"}
    for file in (tmp_path / "out" / "claims").iterdir():
        keys = [(row["article_id"], row["start"]) for row in pq.read_table(file).to_pylist()]
        assert keys == sorted(keys)


def test_columns_by_another_name_and_bad_rows(tmp_path: Path) -> None:
    good = [{"key": a["id"], "prose": a["text"], "site": a["outlet"]} for a in articles(3)]
    path = write_lines(tmp_path / "in.jsonl", good, "no JSON\n", '{"prose": ""}\n', "[]\n")
    names = ("--columns", "text=prose", "--columns", "id=key")
    done = openrace("batch", "extract", str(path), str(tmp_path / "out"), *names)
    assert done.returncode == 3
    assert {row["article_id"] for row in rows_of(tmp_path / "out")} == {"a000", "a001", "a002"}
    told = rejected(tmp_path / "out")
    assert [line["row"] for line in told] == [f"{path}:4", f"{path}:5", f"{path}:6"]
    assert "is not JSON" in told[0]["problem"]
    assert "has no text" in told[1]["problem"]
    again = openrace("batch", "extract", str(path), str(tmp_path / "out"))
    assert (again.returncode, "other settings" in again.stderr) == (2, True)


def test_a_file_that_breaks_off_gives_what_stands_before(tmp_path: Path) -> None:
    whole = write_lines(tmp_path / "whole.jsonl.gz", articles(300))
    broken = tmp_path / "broken.jsonl.gz"
    broken.write_bytes(whole.read_bytes()[:-200])
    (tmp_path / "no.parquet").write_bytes(b"PAR1 and nothing else")
    done = openrace("batch", "extract", str(broken), str(tmp_path / "no.parquet"), str(tmp_path / "out"))
    assert done.returncode == 3
    assert rows_of(tmp_path / "out")
    assert {line["row"] for line in rejected(tmp_path / "out")} == {str(broken), str(tmp_path / "no.parquet")}


def warc_record(
    url: str, body: bytes, kind: str = "text/html; charset=utf-8", status: str = "200 OK"
) -> bytes:
    http = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2025-12-01T00:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000000>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def page(n: int) -> bytes:
    told = f"<p>“I tell you that {SAID[n % 3]},” said Ada Byte on Monday in the harbour of Port Example.</p>"
    more = (
        "<p>The meeting went on until late in the evening, and the next one is to be held in spring.</p>" * 3
    )
    return (
        f"<html><head><title>Report {n}</title></head><body><article><h1>Report {n}</h1>{told}{more}".encode()
    )


@pytest.mark.parametrize("packed", [False, True])
def test_pages_of_a_warc_file(packed: bool, tmp_path: Path) -> None:
    records = [
        *(warc_record(f"https://o.example/{n}", page(n)) for n in range(4)),
        warc_record("https://o.example/gone", b"gone", status="404 Not Found"),
        warc_record("https://o.example/picture", b"\x89PNG", kind="image/png"),
        warc_record("https://o.example/empty", b"<html><body></body></html>"),
        b"WARC/1.0\r\nthis is no record\r\n\r\n",
        warc_record("https://o.example/5", page(5)),
    ]
    path = tmp_path / ("in.warc.gz" if packed else "in.warc")
    path.write_bytes(b"".join(map(gzip.compress, records)) if packed else b"".join(records))
    done = openrace("batch", "extract", str(path), str(tmp_path / "out"))
    assert done.returncode == 3
    urls = {row["url"] for row in rows_of(tmp_path / "out")}
    assert urls >= {f"https://o.example/{n}" for n in range(4)}
    assert next(line["row"] for line in rejected(tmp_path / "out")) == "https://o.example/empty"


def test_on_topic_leaves_the_rest_out(tmp_path: Path) -> None:
    about = (
        "Washington weighs open-source AI: DeepSeek, Llama and Chinese open-weight models against OpenAI.\n\n"
    )
    found = articles(4)
    found[2]["text"] = about + found[2]["text"]
    path = write_lines(tmp_path / "in.jsonl", found)
    done = openrace("batch", "extract", "--on-topic", "--articles", str(path), str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    assert {row["article_id"] for row in rows_of(tmp_path / "out")} == {"a002"}
    assert "3 off the topic" in done.stderr
    imported = openrace("import", str(tmp_path / "out" / "articles"), db=tmp_path / "o.db")
    assert (imported.returncode, imported.stderr.split(",")[0]) == (0, "1 new article")


def test_a_row_that_kills_its_process_is_rejected_by_name(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "in.jsonl", [{"id": what} for what in ("a", "die", "b", "c")])
    report = extract_files([path], OutputFolder(tmp_path / "out", {}), deadly_rows, jobs=2, watch=iter)
    assert report.now == Counts(rows=4, off_topic=3, rejected=1)
    assert rejected(tmp_path / "out") == [{"row": f"{path}:2", "problem": "its process died (signal 9)"}]


def files_in(out: Path) -> dict[str, bytes]:
    found = (path for path in out.rglob("*") if path.is_file() and path.name != "run.lock")
    return {str(path.relative_to(out)): path.read_bytes() for path in found}


def test_a_killed_run_goes_on_to_the_same_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inputs, dice = tmp_path / "in", random.Random(os.environ.get("OPENRACE_SEED", "1"))
    inputs.mkdir()
    for n in range(12):
        write_lines(inputs / f"{n:02}.jsonl", articles(40, first=40 * n), "no JSON\n" * (n % 2))
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    assert openrace("batch", "extract", str(inputs), str(whole)).returncode == 3
    command = [sys.executable, "-m", "openrace", "batch", "extract", str(inputs), str(killed), "--jobs", "2"]
    for _ in range(KILLS):
        finished = len(list(killed.glob("finished/*.json")))
        wanted = finished + dice.choice((0, 1) if KILLS > 2 else (1, 2))
        with subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True) as run:
            while run.poll() is None and len(list(killed.glob("finished/*.json"))) < wanted:
                time.sleep(0.005)
            time.sleep(dice.uniform(0, 0.1))
            os.killpg(run.pid, signal.SIGKILL)
    assert 0 < len(list(killed.glob("finished/*.json"))) < 12
    done = openrace("batch", "extract", str(inputs), str(killed))
    assert "finished before: " in done.stderr
    assert files_in(killed) == files_in(whole)


def test_a_shard_of_a_file_that_is_finished_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openrace.batch.local_engine.SHARD_ROWS", 3)
    path = write_lines(tmp_path / "in.jsonl", [{"id": f"{n}"} for n in range(8)])
    output = OutputFolder(tmp_path / "out", {})
    seen: list[Row] = []

    def function(rows: tuple[Row, ...]) -> list[RowResult]:
        return [RowResult(off_topic=True) for _ in rows]

    monkeypatch.setattr("openrace.batch.local_engine.CHUNK", 2)
    monkeypatch.setattr(
        "openrace.batch.local_engine.map_in_order",
        lambda _, chunks, *__: _in_this_process(function, chunks, seen),
    )
    first = extract_files([path], output, function, jobs=1, watch=iter)
    assert first.now.rows == 8
    assert len(list((tmp_path / "out" / "finished").iterdir())) == 3
    sorted((tmp_path / "out" / "finished").iterdir())[2].unlink()
    seen.clear()
    again = extract_files([path], output, function, jobs=1, watch=iter)
    assert (again.now.rows, again.before.rows, len(seen)) == (2, 6, 2)


def _in_this_process(function: Any, chunks: Any, seen: list[Row]) -> Any:
    from openrace.processes import attempt

    for chunk in chunks:
        seen.extend(chunk.rows)
        yield chunk, attempt(function, chunk.rows)


def test_groups_are_those_of_the_filter(tmp_path: Path) -> None:
    found = articles(30)
    path = write_lines(tmp_path / "in.jsonl", found)
    openrace("batch", "extract", str(path), str(tmp_path / "out"))
    rows = [row for row in rows_of(tmp_path / "out") if row["confidence"] >= 0.7]
    quotes = [
        {
            "quote_id": row["claim_id"],
            "text": row["text"],
            "speaker": row["speaker"] and row["speaker"]["name"],
            "outlet": row["outlet"],
            "date": row["published"],
            "article_id": row["article_id"],
            "kind": row["kind"],
        }
        for row in rows
        if row["kind"] != "mixed"
    ]
    done = openrace("batch", "group", str(tmp_path / "out" / "claims"), str(tmp_path / "families.parquet"))
    assert done.returncode == 0, done.stderr
    families = {
        r["quote_id"]: r["cluster_id"] for r in pq.read_table(tmp_path / "families.parquet").to_pylist()
    }
    assert families.keys() == {row["claim_id"] for row in rows}
    piped = openrace("pipe", "group", stdin="".join(json.dumps(quote) + "\n" for quote in quotes))
    expected = dict(json.loads(line).values() for line in piped.stdout.splitlines())
    assert {quote: families[quote] for quote in expected} == expected
    pq.write_table(pa.Table.from_pylist(quotes), tmp_path / "quotes.parquet")
    openrace("batch", "group", str(tmp_path / "quotes.parquet"), str(tmp_path / "again.parquet"))
    again = pq.read_table(tmp_path / "again.parquet").to_pylist()
    assert {row["quote_id"]: row["cluster_id"] for row in again} == expected


def test_what_has_no_known_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("words")
    done = openrace("batch", "extract", str(tmp_path / "in.txt"), str(tmp_path / "out"))
    assert done.returncode == 2
    assert ".warc.gz" in done.stderr


def test_without_its_libraries_it_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "pyarrow.py").write_text("raise ImportError")
    write_lines(tmp_path / "in.jsonl", articles(1))
    paths = f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
    done = openrace("batch", "extract", str(tmp_path / "in.jsonl"), str(tmp_path / "out"), PYTHONPATH=paths)
    assert (done.returncode, "openrace[archives]" in done.stderr) == (2, True)
    shutil.rmtree(tmp_path / "out", ignore_errors=True)
