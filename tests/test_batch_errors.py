"""What a batch says of files, folders and columns that it cannot use, and what it leaves alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from openrace.batch.group_schema import FAMILIES
from openrace.batch.local_engine import extract_files
from openrace.batch.rows import Row, RowResult, input_files
from openrace.batch.schema import CLAIMS
from openrace.batch.shards import OutputFolder, write_parquet
from openrace.errors import ConfigError
from openrace.extract.directory import Directory
from openrace.pipeline.batch_extract import RowExtractor, extract_archive
from openrace.pipeline.batch_group import group_files
from test_batch import write_lines

QUOTE = {"quote_id": "q1", "text": "The harbour freezes before the lake does."}


def parquet(path: Path, *rows: dict[str, Any]) -> Path:
    pq.write_table(pa.Table.from_pylist(list(rows)), path)
    return path


def told(path: Path, target: Path) -> list[str]:
    lines: list[str] = []
    group_files([path], target, warn=lines.append)
    return [line.removeprefix(f"{path}:") for line in lines]


def test_rows_that_give_no_quote_are_told_in_one_line_each(tmp_path: Path) -> None:
    out = tmp_path / "out.parquet"
    claim = parquet(tmp_path / "a.parquet", {"claim_id": "c1", "text": "Ice."})
    assert told(claim, out) == ["1: article_id and kind and confidence missing; skipped"]
    numbered = parquet(tmp_path / "b.parquet", {**QUOTE, "quote_id": 7})
    assert told(numbered, out) == ["1: quote_id: Input should be a valid string; skipped"]
    assert told(parquet(tmp_path / "c.parquet", {"text": "Ice."}), out) == ["1: quote_id missing; skipped"]


def test_no_quotes_make_an_empty_file_of_clusters(tmp_path: Path) -> None:
    target = tmp_path / "out.parquet"
    write_parquet([], FAMILIES, tmp_path / "none.parquet")
    assert group_files([tmp_path / "none.parquet"], target, warn=pytest.fail).quotes == 0
    assert pq.read_table(target).schema.names == FAMILIES.names


def test_clusters_take_the_place_of_nothing_else(tmp_path: Path) -> None:
    quotes = parquet(tmp_path / "quotes.parquet", QUOTE)
    for target in (quotes, tmp_path):
        with pytest.raises(ConfigError, match="no clusters of an earlier run"):
            group_files([quotes], target, warn=pytest.fail)
    for _ in range(2):
        group_files([quotes], tmp_path / "out.parquet", warn=pytest.fail)
    assert pq.read_table(quotes).to_pylist() == [QUOTE]


def test_grouping_takes_parquet_alone_and_no_batch_reads_its_own_output(tmp_path: Path) -> None:
    quotes, lines = parquet(tmp_path / "a.parquet", QUOTE), write_lines(tmp_path / "b.jsonl", [QUOTE])
    (tmp_path / "out").mkdir()
    parquet(tmp_path / "out" / "c.parquet", QUOTE)
    assert input_files([str(tmp_path)], tmp_path / "out") == [quotes, lines]
    assert input_files([str(tmp_path)], tmp_path / "out", [".parquet"]) == [quotes]
    with pytest.raises(ConfigError, match=r"of these kinds: \.parquet\)"):
        input_files([str(lines)], tmp_path / "out", [".parquet"])


def test_a_row_without_text_says_what_it_has() -> None:
    extractor = RowExtractor(Directory((), ()), None, {})
    (result,) = extractor((Row("in:1", "columns", {"uri": "x", "stuff": "words"}),))
    assert result.problem == "has no text, only uri, stuff (name its column: --columns text=COLUMN)"


def test_an_output_of_other_settings_is_told_apart_by_name(tmp_path: Path) -> None:
    OutputFolder(tmp_path, {"columns": {}, "on_topic": False})
    with pytest.raises(ConfigError, match="other settings: columns"):
        OutputFolder(tmp_path, {"columns": {"text": "body"}, "on_topic": False})
    (tmp_path / "settings.json").write_text("{")
    with pytest.raises(ConfigError, match="other settings: columns and on_topic"):
        OutputFolder(tmp_path, {"columns": {}, "on_topic": False})


def test_a_spoilt_note_of_a_finished_shard_is_told_with_the_remedy(tmp_path: Path) -> None:
    output = OutputFolder(tmp_path, {})
    (tmp_path / "finished" / "x-00000.json").write_text("{")
    with pytest.raises(ConfigError, match="delete it, and the shard is done again"):
        output.finished("x-00000")


def test_a_file_as_output_folder_is_refused(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "in.jsonl", [QUOTE])
    options: dict[str, Any] = {"seeds": None, "columns": {}, "on_topic": False, "keep_articles": False}
    with pytest.raises(ConfigError, match="is a file"):
        extract_archive([path], path, **options, jobs=1, master=None, watch=iter, now="2026-01-01T00:00:00Z")


def test_a_file_that_was_fetched_again_is_read_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openrace.batch.local_engine.run_chunks", _claims_of_chunks)
    path, other = tmp_path / "in.jsonl", write_lines(tmp_path / "in-other.jsonl", [{"id": "o"}])
    output = OutputFolder(tmp_path / "out", {})
    for count in (1, 3):  # a download that broke off, and the whole file
        write_lines(path, [{"id": f"{n}"} for n in range(count)])
        report = extract_files([path, other], output, lambda rows: [], jobs=1, watch=iter)
    assert (report.now.rows, report.before.rows) == (3, 1)
    claims = [pq.read_table(file) for file in (tmp_path / "out" / "claims").iterdir()]
    assert sorted(len(table) for table in claims) == [1, 3]
    assert len(list((tmp_path / "out" / "finished").iterdir())) == 2


def _claims_of_chunks(chunks: Any, function: Any, jobs: int) -> Any:
    row = dict.fromkeys(CLAIMS.names, "") | {"spans": [[0, 1]], "confidence": 1.0, "start": 0}
    claim = row | {"pieces": None, "cue": None, "speaker": None}
    return ((shard, row, RowResult([claim])) for shard, rows in chunks for row in rows)
