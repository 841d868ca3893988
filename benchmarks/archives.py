"""Archives by every engine: the same rows and cluster ids as `openrace pipe`, and what each engine costs.

    python benchmarks/archives.py [--copies 20] [--quotes 100000] [--partitions 1 8 64] [--write]

Articles are those of PolNeAR's training part (`../shared/eval`, or OPENRACE_EVAL), so many copies under ids
of their own. Engines: one process and two, Spark in this process with one core and two, and a standalone
master with two workers of one core each on loopback. What starting costs is measured on one article and told
apart. CPU is that of all processes that a command starts, read from /proc while they run, since nobody waits
for Spark's Python workers: up to a tenth of a second of each is missed. Ends with 1 where a row differs.
"""

from __future__ import annotations

import argparse
import ctypes
import gzip
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from evaluate_families import EVAL, make
from openrace.batch.schema import CLAIMS
from report import write_section

ADDED = {"start", "context", "url", "title", "outlet", "published"}  # not in a line of the filter
QUOTE = ("quote_id", "text", "speaker", "outlet", "date", "article_id", "kind", "context")
OPENRACE = [sys.executable, "-m", "openrace"]


class Cost(NamedTuple):
    """What a command took: CPU seconds of its processes, seconds on the clock, and what it wrote."""

    cpu: float
    wall: float
    java: float = 0.0  # of the CPU seconds
    shuffled: int = 0  # bytes that Spark wrote for other parts to read


def adopt_orphans() -> None:
    """Become the parent of what outlives its own: Java ends after the Python that started it."""
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


class Meter(threading.Thread):
    """Counts the CPU seconds of all processes below this one, of those too that nobody waits for."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.ended = threading.Event()
        self.used: dict[tuple[int, int], tuple[str, int]] = {}  # by process and start: its name, its ticks

    def run(self) -> None:
        while not self.ended.wait(0.1):
            self.look()

    def look(self) -> None:
        found = dict(filter(None, map(_process, Path("/proc").glob("[0-9]*/stat"))))
        below = {os.getpid()}
        while more := {pid for pid, row in found.items() if row.parent in below} - below:
            below |= more
        for pid in below - {os.getpid()}:
            self.used[pid, found[pid].start] = found[pid].name, found[pid].ticks

    def seconds(self, name: str = "") -> float:
        ticks = (ticks for comm, ticks in self.used.values() if name in comm)
        return sum(ticks) / os.sysconf("SC_CLK_TCK")


class Process(NamedTuple):
    name: str
    parent: int
    start: int
    ticks: int  # of its own CPU time


def _process(stat: Path) -> tuple[int, Process] | None:
    try:
        pid, _, rest = stat.read_text().partition(" (")
    except OSError:  # it ended
        return None
    name, _, after = rest.rpartition(") ")
    fields = after.split()
    return int(pid), Process(name, int(fields[1]), int(fields[19]), int(fields[11]) + int(fields[12]))


@contextmanager
def metered() -> Iterator[Callable[[], Cost]]:
    """Yield what tells the cost of the block, once all that it started has ended."""
    meter, began = Meter(), time.monotonic()
    meter.start()

    def found() -> Cost:
        wall = time.monotonic() - began
        wait_for_all()
        meter.ended.set()
        meter.join()
        return Cost(meter.seconds(), wall, meter.seconds("java"))

    yield found


def wait_for_all() -> None:
    while True:
        try:
            os.wait()
        except ChildProcessError:
            return


def run(command: list[str], source: Path | None = None, target: Path | None = None, **env: str) -> None:
    nothing = Path(os.devnull)
    with (source or nothing).open("rb") as lines, (target or nothing).open("wb") as out:
        done = subprocess.run(
            command, stdin=lines, stdout=out, stderr=subprocess.PIPE, env={**os.environ, **env}, check=False
        )
    if done.returncode:
        raise SystemExit(f"{command} ended with {done.returncode}\n{done.stderr.decode()}")


@contextmanager
def standalone(folder: Path, workers: int = 2) -> Iterator[str]:
    """A master and workers of one core on loopback; yields the master's address."""
    import pyspark

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    master = f"spark://127.0.0.1:{port}"
    start = [str(Path(pyspark.__file__).parent / "bin" / "spark-class")]
    at = ["--host", "127.0.0.1", "--webui-port", "0"]
    worker = ["org.apache.spark.deploy.worker.Worker", *at, "--cores", "1", "--memory", "1g"]
    commands = [["org.apache.spark.deploy.master.Master", *at, "--port", str(port)]]
    commands += [[*worker, "--work-dir", str(folder / f"worker-{n}"), master] for n in range(workers)]
    with (folder / "standalone.log").open("wb") as log:
        running = []
        for command in commands:
            running.append(subprocess.Popen([*start, *command], stdout=log, stderr=log))
            time.sleep(3 if len(running) == 1 else 0)
        try:
            yield master
        finally:
            for process in reversed(running):
                process.terminate()


def cost(engine: str, command: list[str], folder: Path, *conf: str) -> Cost:
    """Run `command` by an engine ("2 jobs", "local[2]", "standalone")."""
    log = folder / "events"
    log.mkdir(exist_ok=True)
    settings = ["spark.eventLog.enabled=true", "spark.driver.host=127.0.0.1", *conf]
    settings += [f"spark.eventLog.dir={log.as_uri()}", "spark.eventLog.compress=false"]
    submit = " ".join(f"--conf {setting}" for setting in settings) + " pyspark-shell"
    with metered() as found:
        if engine == "standalone":
            with standalone(folder) as master:
                options = ["--engine", "spark", "--master", master]
                run([*command, *options], PYSPARK_SUBMIT_ARGS=submit)
        elif engine.startswith("local["):
            run([*command, "--engine", "spark", "--master", engine], PYSPARK_SUBMIT_ARGS=submit)
        else:
            run([*command, *(["--jobs", engine.split()[0]] if "job" in engine else [])])
        took = found()
    shuffled = sum(map(shuffle_bytes, filter(Path.is_file, log.rglob("*"))))
    shutil.rmtree(log)
    return took._replace(shuffled=shuffled)


def shuffle_bytes(log: Path) -> int:
    """The bytes that the tasks of an event log of Spark wrote for others."""
    ends = (json.loads(line) for line in log.read_text().splitlines() if '"SparkListenerTaskEnd"' in line)
    metrics = (end.get("Task Metrics") or {} for end in ends)
    return sum(found.get("Shuffle Write Metrics", {}).get("Shuffle Bytes Written", 0) for found in metrics)


# --- extraction


def articles(folder: Path, copies: int) -> Path:
    """PolNeAR's training articles so many times, in eight files; the lines of `pipe extract` in one."""
    packed = (EVAL / "polnear" / "train.jsonl.gz").read_bytes()
    rows = [json.loads(line) for line in gzip.decompress(packed).splitlines()]
    lines = [
        json.dumps({"id": f"{row['id']}-{n}", "text": row["text"]}) + "\n"
        for n in range(copies)
        for row in rows
    ]
    inputs = folder / "articles"
    inputs.mkdir()
    for part in range(8):
        (inputs / f"{part}.jsonl").write_text("".join(lines[part::8]))
    (folder / "all.jsonl").write_text("".join(lines))
    (folder / "one.jsonl").write_text(lines[0])
    return inputs


def claims_of(folder: Path) -> list[str]:
    """The rows of Parquet as the lines of the filter, sorted."""
    found: list[dict[str, Any]] = []
    for file in sorted((folder / "claims").glob("*.parquet")):
        found += pq.read_table(file, schema=CLAIMS).to_pylist()
    return sorted(
        json.dumps({k: v for k, v in row.items() if k not in ADDED}, sort_keys=True) for row in found
    )


def compare_extraction(folder: Path, copies: int, engines: list[str]) -> tuple[list[str], bool]:
    inputs = articles(folder, copies)
    plain = {}
    for name in ("one", "all"):
        with metered() as found:
            run(
                [*OPENRACE, "pipe", "extract", "--jobs", "1"],
                folder / f"{name}.jsonl",
                folder / f"{name}.out",
            )
            plain[name] = found()
    lines = [json.loads(line) for line in (folder / "all.out").read_text().splitlines()]
    expected = sorted(json.dumps(line, sort_keys=True) for line in lines)
    work = plain["all"].cpu - plain["one"].cpu
    count = sum(1 for _ in (folder / "all.jsonl").open())
    rows = [
        f"{count:,} articles, {len(expected):,} claims. CPU over plain leaves out what starting costs.",
        "",
        "| | rows | starting, CPU s | CPU s | of it Java | over plain | wall s |",
        "|---" * 7 + "|",
        f"| `pipe extract` | | {plain['one'].cpu:.1f} | {plain['all'].cpu:.1f} | | 1"
        f" | {plain['all'].wall:.1f} |",
    ]
    good = True
    for engine in engines:
        out = folder / "out"
        start = cost(engine, [*OPENRACE, "batch", "extract", str(folder / "one.jsonl"), str(out)], folder)
        shutil.rmtree(out)
        whole = cost(engine, [*OPENRACE, "batch", "extract", str(inputs), str(out)], folder)
        same = claims_of(out) == expected
        shutil.rmtree(out)
        good &= same
        rows.append(
            f"| {engine} | {'the same' if same else 'DIFFERENT'} | {start.cpu:.1f} | {whole.cpu:.1f}"
            f" | {whole.java:.1f} | {(whole.cpu - start.cpu) / work:.2f} | {whole.wall:.1f} |"
        )
        print(rows[-1], flush=True)
    return rows, good


# --- grouping


def as_parquet(lines: Path, target: Path, seed: int) -> int:
    """Quotes, shuffled, as Parquet; how many."""
    rows = [json.loads(line) for line in lines.read_text("utf-8").splitlines()]
    rows = [{name: row.get(name) for name in QUOTE} for row in rows]
    random.Random(seed).shuffle(rows)
    schema = pa.schema([(name, pa.string()) for name in QUOTE])
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), target, row_group_size=5_000)
    return len(rows)


def compare_grouping(
    folder: Path, quotes: dict[str, Path], engines: list[str], partitions: list[int]
) -> tuple[list[str], bool]:
    rows = ["| | quotes | engine | parts | ids | CPU s | wall s | shuffled MB |", "|---" * 8 + "|"]
    good = True
    for name, lines in quotes.items():
        source, out = folder / "quotes.parquet", folder / "found"
        count = as_parquet(lines, source, seed=len(name))
        with metered() as found:
            run([*OPENRACE, "pipe", "group"], lines, folder / "grouped.jsonl")
            plain = found()
        rows.append(f"| {name} | {count:,} | `pipe group` | | | {plain.cpu:.1f} | {plain.wall:.1f} | |")
        print(rows[-1], flush=True)
        expected = dict(json.loads(line).values() for line in (folder / "grouped.jsonl").open())
        for engine in engines:
            for parts in partitions if "job" not in engine else [1]:
                command = [*OPENRACE, "batch", "group", str(source), str(out)]
                conf = (
                    f"spark.sql.shuffle.partitions={parts}",
                    "spark.sql.adaptive.coalescePartitions.enabled=false",
                )
                took = cost(engine.replace("1 job", "one process"), command, folder, *conf)
                table = pq.read_table(out).to_pylist()
                same = {row["quote_id"]: row["cluster_id"] for row in table} == expected
                shutil.rmtree(out) if out.is_dir() else out.unlink()
                good &= same
                rows.append(
                    f"| {name} | {count:,} | {engine} | {parts} | {'the same' if same else 'DIFFERENT'}"
                    f" | {took.cpu:.1f} | {took.wall:.1f} | {took.shuffled / 1e6:.1f} |"
                )
                print(rows[-1], flush=True)
    return rows, good


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--copies", type=int, default=20, help="of PolNeAR's training articles; 0: none")
    parser.add_argument("--quotes", type=int, default=100_000, help="made quotes; 0: none")
    parser.add_argument(
        "--files", type=Path, nargs="*", help="JSON Lines of quotes; default: the labelled ones"
    )
    parser.add_argument("--partitions", type=int, nargs="*", default=[1, 8, 64])
    parser.add_argument(
        "--engines", nargs="*", default=["1 job", "2 jobs", "local[1]", "local[2]", "standalone"]
    )
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    adopt_orphans()
    good = True
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if chosen.copies:
            rows, good = compare_extraction(folder, chosen.copies, chosen.engines)
            if chosen.write:
                write_section("Archives: extraction by every engine", "make batch-compare", "\n".join(rows))
        labelled = [EVAL / "variants" / f"{name}.jsonl" for name in ("dev", "news-dev")]
        quotes = {file.stem: file for file in (labelled if chosen.files is None else chosen.files)}
        if chosen.quotes:
            quotes["made"] = make(folder, chosen.quotes)[0]
        if quotes:
            engines = [engine for engine in chosen.engines if engine != "2 jobs"]
            rows, same = compare_grouping(folder, quotes, engines, chosen.partitions)
            good &= same
            if chosen.write:
                write_section("Archives: grouping by every engine", "make batch-compare", "\n".join(rows))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
