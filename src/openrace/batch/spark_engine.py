"""The stages on Apache Spark; the only module that knows pyspark (the extra ``spark``; it needs Java 17).

files ─▶ data frame ─▶ extract_stage on every executor ─▶ staged rows ─▶ claims, rejected rows
claims ─▶ quotes ─▶ distinct wordings ─▶ keys ─▶ pairs that share keys ─▶ candidates ─▶ offers ─▶ parents
       ─▶ trees (connected components) ─▶ cluster ids

Of grouping it only brings together what belongs together; what several steps read is kept as Parquet beside
the output until that is whole.

Executors need openrace installed and must see the files under the same path. A task that fails is tried again
by Spark; a run that is killed starts anew.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial, reduce
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from openrace.batch.group_schema import (
    CANDIDATES,
    FAMILIES,
    HOLDER,
    KEYS,
    OFFERS,
    PARENTS,
    QUOTES,
    SHARED,
    GroupReport,
)
from openrace.batch.rows import RowFunction
from openrace.batch.schema import CLAIMS, STAGED
from openrace.batch.shards import Counts
from openrace.batch.stages import LINE, ROW, GroupStages, Stage, extract_stage, page_stage
from openrace.errors import ConfigError

try:
    from py4j.protocol import Py4JJavaError
    from pyspark.errors import PySparkException, PythonException
    from pyspark.sql import DataFrame, SparkSession, Window
    from pyspark.sql import functions as f
    from pyspark.sql.pandas.types import from_arrow_schema
except ImportError as error:
    raise ConfigError("--engine spark", "needs pyspark", "pip install 'openrace[spark]'") from error

TOLD = 100  # bad rows that are told one by one


def extract_on_spark(files: Sequence[Path], folder: Path, function: RowFunction, *, master: str) -> Counts:
    """Write the claims of `files` to ``folder/claims``, as `function` finds them on the executors.

    Raises ConfigError where Java is not installed.
    """
    with session(master, "extract") as spark:
        staged = folder / "staged"
        _staged(spark, files, function).write.mode("overwrite").parquet(str(staged))
        counts = _write(spark.read.parquet(str(staged)), folder)
        shutil.rmtree(staged)
    return counts


@contextmanager
def session(master: str, command: str) -> Iterator[SparkSession]:
    """A session on `master`, which ends with the block."""
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise ConfigError("--engine spark", "needs Java 17", "install it, or set JAVA_HOME")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master(master).appName(f"openrace batch {command}")
    progress = str(sys.stderr.isatty()).lower()
    builder = builder.config("spark.ui.enabled", "false").config("spark.ui.showConsoleProgress", progress)
    try:
        spark = builder.getOrCreate()
    except Py4JJavaError as error:  # no master answers there, or no room for the driver
        raise ConfigError(f"--master {master}", _told(error)) from error
    spark.sparkContext.setLogLevel("ERROR")
    try:
        yield spark
    except PythonException:
        raise  # of our own stages: a bug, to be seen whole
    except (PySparkException, Py4JJavaError) as error:
        raise ConfigError("--engine spark", _told(error)) from error
    finally:
        spark.stop()


def _told(error: Exception) -> str:
    """Return what Spark says in its first words, of which it has many."""
    cause = getattr(error, "java_exception", None)
    while cause is not None and cause.getCause() is not None:
        cause = cause.getCause()
    return str(cause.getMessage() if cause is not None else error).strip().partition("\n")[0]


def _staged(spark: SparkSession, files: Sequence[Path], function: RowFunction) -> DataFrame:
    """Return the rows of all files as `schema.STAGED`."""
    schema = from_arrow_schema(STAGED)
    frames = [
        _frame(spark, kind, paths).mapInArrow(partial(_STAGES[kind], function=function), schema)
        for (kind, _), paths in _alike(files).items()
    ]
    return reduce(DataFrame.unionAll, frames)


def _alike(files: Sequence[Path]) -> dict[tuple[str, pa.Schema | None], list[str]]:
    """Return the paths of files that Spark can read at once, by their kind and their columns.

    What is named Parquet and cannot be read is left to a task of its own, which says so: Spark would end.
    """
    found: dict[tuple[str, pa.Schema | None], list[str]] = {}
    for file in files:
        found.setdefault(_kind(file), []).append(str(file.resolve()))
    return found


def _kind(file: Path) -> tuple[str, pa.Schema | None]:
    name = file.name.lower()
    if not name.endswith(".parquet"):
        return ("lines" if ".jsonl" in name else "pages"), None
    try:
        return "parquet", pq.read_schema(file).remove_metadata()
    except (OSError, pa.ArrowInvalid):
        return "pages", None


def _frame(spark: SparkSession, kind: str, paths: list[str]) -> DataFrame:
    """Return the rows of files of one kind and with the same columns, with where each stands."""
    if kind == "pages":
        return spark.createDataFrame([(path,) for path in paths], f"{ROW} string").repartition(len(paths))
    if kind == "lines":
        lines = spark.read.text(paths).where(f.trim("value") != "").withColumnRenamed("value", LINE)
        return lines.withColumn(ROW, f.input_file_name())
    return spark.read.parquet(*paths).withColumn(ROW, f.input_file_name())


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


def group_on_spark(
    files: Sequence[Path], target: Path, stages: GroupStages, *, master: str, warn: Callable[[str], None]
) -> GroupReport:
    """Write the cluster of each quote of `files` to the folder `target`.

    Of rows with one quote id the same one counts each time, but not always the first.
    """
    frames = _alike(files)
    unread = frames.pop(("pages", None), [])
    for path in unread:
        warn(f"{path}: is no Parquet file that can be read; skipped")
    if not frames:
        raise ConfigError(target, "would be empty: no Parquet file can be read", "name others")
    with session(master, "group") as spark:
        work = _Work(spark, target.with_name(f"{target.name}.staged"))
        read = [stage(_frame(spark, "parquet", paths), stages.prepare, QUOTES) for paths in frames.values()]
        prepared = work.keep(reduce(DataFrame.unionAll, read), "prepared")
        bad = prepared.where(f.col("problem").isNotNull())
        for row in bad.orderBy("row", "problem").limit(TOLD).collect():
            warn(f"{row['row']}: {row['problem']}; skipped")
        good = prepared.where(f.col("problem").isNull())
        quotes = work.keep(_one_of_each_id(good), "quotes")
        parents = _parents(work, quotes, stages)
        families = _families(work, quotes, parents, stages)
        families.write.mode("overwrite").parquet(str(target))
        found = spark.read.parquet(str(target))
        again = good.count() - quotes.count()
        if again:
            warn(f"{again:,} rows with an id that another row has; skipped")
        clusters = found.select("cluster_id").distinct().count()
        report = GroupReport(found.count(), clusters, bad.count() + again + len(unread))
        work.clear()
    return report


class _Work:
    """Frames that are kept as files, so that nothing is computed twice and each step can be looked at."""

    def __init__(self, spark: SparkSession, folder: Path) -> None:
        self.spark, self.folder = spark, folder

    def keep(self, frame: DataFrame, name: str) -> DataFrame:
        path = str(self.folder / name)
        frame.write.mode("overwrite").parquet(path)
        return self.spark.read.schema(frame.schema).parquet(path)

    def clear(self) -> None:
        shutil.rmtree(self.folder)


def stage(frame: DataFrame, function: Stage, schema: pa.Schema) -> DataFrame:
    """Return what `function` makes of each part of a frame."""
    return frame.mapInArrow(function, from_arrow_schema(schema))


def _one_of_each_id(quotes: DataFrame) -> DataFrame:
    rest = [name for name in QUOTES.names if name != "quote_id"]
    least = quotes.groupBy("quote_id").agg(f.min(f.struct(*rest)).alias("least"))
    return least.select("quote_id", "least.*")


def _together(frame: DataFrame, column: str, *order: Any) -> DataFrame:
    """Bring the rows of one value of `column` together, in one part and adjacent."""
    return frame.repartition(column).sortWithinPartitions(column, *order)


def _parents(work: _Work, quotes: DataFrame, stages: GroupStages) -> DataFrame:
    holder = f.struct(*[field.name for field in HOLDER])
    held = quotes.groupBy("wording", "words").agg(f.collect_list(holder).alias("holders"))
    wordings = work.keep(held, "wordings")
    speakers = wordings.select("wording", "words", f.array_distinct("holders.speaker").alias("speakers"))
    keys = _together(stage(speakers, stages.keys, KEYS), "key", f.desc("length"))
    shared = stage(keys, stages.shared, SHARED)
    counted = shared.groupBy("asking", "wording", "length", "level").agg(f.sum("shared").alias("shared"))
    pairs = work.keep(stage(counted, stages.candidates, CANDIDATES), "candidates")
    itself = wordings.select(f.col("wording").alias("asking"), "wording", "words", "holders")
    asked = pairs.join(wordings, "wording").select(*itself.columns).unionAll(itself)
    offers = stage(_together(asked, "asking"), stages.offers, OFFERS)
    return work.keep(stage(_together(offers, "quote_id"), stages.parents, PARENTS), "parents")


def _families(work: _Work, quotes: DataFrame, parents: DataFrame, stages: GroupStages) -> DataFrame:
    links = parents.select(f.col("quote_id").alias("a"), f.col("parent").alias("b"))
    trees = connected_components(links, work.keep).withColumnsRenamed({"a": "quote_id", "b": "tree"})
    members = (
        quotes.drop("wording", "row", "problem")
        .join(parents, "quote_id", "left")
        .join(trees, "quote_id", "left")
    )
    whole = members.withColumn("tree", f.coalesce("tree", "quote_id")).fillna(0.0, ["odds"])
    return stage(_together(whole, "tree"), stages.clusters, FAMILIES).sortWithinPartitions("quote_id")


def connected_components(edges: DataFrame, keep: Callable[[DataFrame, str], DataFrame]) -> DataFrame:
    """Return for each node (`a`) of these edges, but for the least ones, the least of its component (`b`).

    Large-star and small-star (Kiveris and others 2014, "Connected Components in MapReduce and Beyond"): every
    node points to ever smaller ones, until nothing changes.
    """
    turned = edges.select(f.greatest("a", "b").alias("a"), f.least("a", "b").alias("b"))
    stars, before, turn = turned.where("a <> b").distinct(), None, 0
    while True:
        stars = keep(_small_star(_large_star(stars)), f"stars-{turn % 2}")
        now = stars.agg(f.count("*"), f.sum(f.xxhash64("a", "b").cast("decimal(38,0)"))).first()
        if now == before:
            return stars
        before, turn = now, turn + 1


def _large_star(edges: DataFrame) -> DataFrame:
    """Point every larger neighbour of a node to the least of its neighbours and itself."""
    both = edges.unionAll(edges.select(f.col("b").alias("a"), f.col("a").alias("b")))
    least = both.withColumn("m", f.least("a", f.min("b").over(Window.partitionBy("a"))))
    return least.where("b > a").select(f.col("b").alias("a"), f.col("m").alias("b")).distinct()


def _small_star(edges: DataFrame) -> DataFrame:
    """Point every smaller neighbour of a node, and the node itself, to the least of these."""
    least = edges.withColumn("m", f.min("b").over(Window.partitionBy("a")))
    own = least.select("a", f.col("m").alias("b"))
    return least.where("b <> m").select(f.col("b").alias("a"), f.col("m").alias("b")).unionAll(own).distinct()
