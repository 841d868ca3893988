"""The same rows from Spark as from one machine; left out, and said so, where pyspark or Java is missing."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from conftest import openrace
from test_batch import articles, page, rejected, rows_of, warc_record, write_lines
from test_batch_group import one_process, quote_rows

LACKING = [
    *["pyspark"] * (importlib.util.find_spec("pyspark") is None),
    *["Java"] * (shutil.which("java") is None and "JAVA_HOME" not in os.environ),
]


on_spark = pytest.mark.skipif(
    bool(LACKING), reason=f"{' and '.join(LACKING)} missing: nothing on Spark was tested"
)


@on_spark
def test_spark_writes_the_rows_of_one_machine(tmp_path: Path) -> None:
    found = articles(24)
    inputs = tmp_path / "in"
    inputs.mkdir()
    write_lines(inputs / "one.jsonl.gz", found[:6], "no JSON\n")
    write_lines(inputs / "two.jsonl", found[6:12])
    pq.write_table(pa.Table.from_pylist(found[12:]), inputs / "three.parquet", row_group_size=4)
    (inputs / "broken.parquet").write_bytes(b"no Parquet")
    pq.write_table(pa.table({"id": ["n1"], "text": [7]}), inputs / "number.parquet")  # of another type
    (inputs / "four.warc").write_bytes(warc_record("https://o.example/1", page(1)))
    local, spark = tmp_path / "local", tmp_path / "spark"
    one = openrace("batch", "extract", "--articles", str(inputs), str(local))
    engine = ("--engine", "spark", "--master", "local[2]")
    other = openrace("batch", "extract", "--articles", *engine, str(inputs), str(spark))
    assert (one.returncode, other.returncode) == (3, 3), other.stderr
    assert rows_of(spark) == rows_of(local)
    assert other.stderr.splitlines()[-2].split(";")[0] == one.stderr.splitlines()[-2].split(";")[0]
    problems = [sorted(line["problem"] for line in rejected(folder)) for folder in (local, spark)]
    assert problems[0] == problems[1]
    assert len(problems[0]) == 3
    kept = [sorted(_lines(folder / "articles")) for folder in (local, spark)]
    assert kept[0] == kept[1]
    for file in (spark / "claims").glob("*.parquet"):
        keys = [(row["article_id"], row["start"]) for row in pq.read_table(file).to_pylist()]
        assert keys == sorted(keys)


def _lines(folder: Path) -> list[str]:
    files = [path for path in folder.iterdir() if path.suffix in (".jsonl", ".txt")]
    return [line for path in files for line in path.read_text().splitlines()]


@on_spark
def test_spark_groups_as_one_process(tmp_path: Path) -> None:
    rows = quote_rows()
    Random(5).shuffle(rows)
    bad = [{**rows[0], "quote_id": None}, rows[1]]
    for n, some in enumerate((rows[:200], rows[200:] + bad)):
        pq.write_table(pa.Table.from_pylist(some), tmp_path / f"{n}.parquet", row_group_size=100)
    (tmp_path / "2.parquet").write_bytes(b"no Parquet")
    out = tmp_path / "families"
    engine = ("--engine", "spark", "--master", "local[2]")
    parts = {"PYSPARK_SUBMIT_ARGS": "--conf spark.sql.shuffle.partitions=8 pyspark-shell"}
    done = openrace(
        "batch", "group", *engine, *map(str, sorted(tmp_path.glob("*.parquet"))), str(out), **parts
    )
    assert done.returncode == 3, done.stderr
    families = pq.read_table(out).to_pylist()
    assert {row["quote_id"]: row["cluster_id"] for row in families} == one_process(rows)
    assert done.stderr.splitlines()[-1].endswith("clusters, 3 skipped")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "0.parquet",
        "1.parquet",
        "2.parquet",
        "families",
    ]
