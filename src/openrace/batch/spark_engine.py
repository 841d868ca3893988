"""The stages on Apache Spark; the only module that knows pyspark (the extra ``spark``; it needs Java 17).

files ─▶ data frame ─▶ extract_stage on every executor ─▶ staged rows ─▶ claims, rejected rows

Executors need openrace installed and must see the files under the same path. A task that fails is tried again
by Spark; a run that is killed starts anew.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from functools import partial, reduce
from pathlib import Path
from typing import Any

from openrace.batch.rows import RowFunction
from openrace.batch.schema import CLAIMS, STAGED
from openrace.batch.shards import Counts
from openrace.batch.stages import LINE, ROW, extract_stage, page_stage
from openrace.errors import ConfigError

try:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql import functions as f
    from pyspark.sql.pandas.types import from_arrow_schema
except ImportError as error:
    raise ConfigError("--engine spark", "needs pyspark", "pip install 'openrace[spark]'") from error


def extract_on_spark(files: Sequence[Path], folder: Path, function: RowFunction, *, master: str) -> Counts:
    """Write the claims of `files` to ``folder/claims``, as `function` finds them on the executors.

    Raises ConfigError where Java is not installed.
    """
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise ConfigError("--engine spark", "needs Java 17", "install it, or set JAVA_HOME")
    spark = _session(master)
    try:
        staged = folder / "staged"
        _staged(spark, files, function).write.mode("overwrite").parquet(str(staged))
        counts = _write(spark.read.parquet(str(staged)), folder)
        shutil.rmtree(staged)
    finally:
        spark.stop()
    return counts


def _session(master: str) -> SparkSession:
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master(master).appName("openrace batch extract")
    session = builder.config("spark.ui.enabled", "false").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def _staged(spark: SparkSession, files: Sequence[Path], function: RowFunction) -> DataFrame:
    """Return the rows of all files as `schema.STAGED`."""
    schema = from_arrow_schema(STAGED)
    names: dict[str, list[str]] = {}
    for file in files:
        names.setdefault(_kind(file), []).append(str(file.resolve()))
    frames = [
        _frame(spark, kind, paths).mapInArrow(partial(_STAGES[kind], function=function), schema)
        for kind, paths in names.items()
    ]
    return reduce(DataFrame.unionAll, frames)


def _kind(file: Path) -> str:
    name = file.name.lower()
    return "parquet" if name.endswith(".parquet") else "lines" if ".jsonl" in name else "pages"


def _frame(spark: SparkSession, kind: str, paths: list[str]) -> DataFrame:
    """Return the articles of files of one kind, with where each stands."""
    if kind == "pages":
        return spark.createDataFrame([(path,) for path in paths], f"{ROW} string").repartition(len(paths))
    if kind == "lines":
        lines = spark.read.text(paths).where(f.trim("value") != "").withColumnRenamed("value", LINE)
        return lines.withColumn(ROW, f.input_file_name())
    return spark.read.option("mergeSchema", "true").parquet(*paths).withColumn(ROW, f.input_file_name())


_STAGES: dict[str, Any] = {"parquet": extract_stage, "lines": extract_stage, "pages": page_stage}


def _write(staged: DataFrame, folder: Path) -> Counts:
    claims = staged.where(f.col("outcome") == "claim").select(*CLAIMS.names)
    in_order = claims.sortWithinPartitions("article_id", "start", "claim_id")
    in_order.write.mode("overwrite").parquet(str(folder / "claims"))
    articles = staged.where(f.col("article").isNotNull()).select("article")
    articles.write.mode("overwrite").text(str(folder / "articles"))
    rejected = staged.where(f.col("outcome") == "rejected").select("row", "problem")
    rejected.write.mode("overwrite").json(str(folder / "rejected"))
    return Counts(
        rows=staged.where("first").count(),
        off_topic=staged.where(f.col("outcome") == "off topic").count(),
        rejected=rejected.count(),
        claims=claims.count(),
    )
