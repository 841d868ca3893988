"""Grouping in parts: whatever the parts and the order of the rows, the clusters and ids of one process."""

from __future__ import annotations

import sqlite3
import tomllib
from collections.abc import Iterator
from itertools import chain, pairwise
from pathlib import Path
from random import Random
from typing import Any
from zlib import crc32

import pyarrow as pa
import pytest

from openrace.batch.group_schema import HOLDER, WORDINGS
from openrace.batch.rows import Row
from openrace.batch.schema import CLAIMS
from openrace.batch.stages import ROW, Stage, whole_runs
from openrace.clustering import group_quotes
from openrace.clustering.quote_table import prepare
from openrace.extract.directory import Directory
from openrace.ingest.parse.import_fields import make_article
from openrace.pipeline.batch_extract import RowExtractor
from openrace.pipeline.batch_group import quote_of
from openrace.pipeline.extract_claims import extract
from openrace.pipeline.group_stages import STAGES
from openrace.records import Quote, StoredQuote
from openrace.store import article_table, claim_table

WORDS = (
    "we never asked for a wall of paper between the harbour and the people who mend its nets"
    " because a laboratory that cannot lend its chips to a rival has no rivals and learns nothing"
    " and whoever counts the boats at dawn knows more about trade than any ministry in the capital"
).split()
CHINESE = "港口的灯塔守护人说渔船和渔网都要在开春以前修好因为开春以后风浪会比往年更大没有人能在岸上等到夏天"
PEOPLE = ("Ada Byte", "Bo Chen", "Cy Dent", None)


def case_rows() -> Iterator[dict[str, Any]]:
    """The quotes of every case of grouping, each case with articles of its own."""
    for path in sorted((Path(__file__).parent / "cases").glob("families-[gk]*.toml")):
        for n, case in enumerate(tomllib.loads(path.read_text("utf-8"))["case"]):
            for i, row in enumerate(case["quotes"]):
                article = row.get("article")
                yield {
                    "quote_id": f"{path.stem}-{n}-{i}",
                    "text": row["text"],
                    "speaker": row.get("speaker"),
                    "date": row.get("day"),
                    "article_id": f"{path.stem}-{n}-{article}" if article else None,
                    "kind": row.get("kind", "direct"),
                    "context": row.get("context"),
                }


def made_rows(count: int, dice: Random) -> Iterator[dict[str, Any]]:
    """Cuts of one long statement, some of them in many articles, some a little reworded."""
    for n in range(count):
        start = dice.choice((0, 0, 5, 9, 20))
        source = WORDS if n % 3 else list(CHINESE)
        said = source[start : start + dice.choice((8, 12, 13, 14, 30))]
        if dice.random() < 0.3:
            said[dice.randrange(len(said))] = dice.choice(
                ("boats", "paper", "quietly") if n % 3 else "海天人"
            )
        yield {
            "quote_id": f"made-{n:03}",
            "text": (" " if n % 3 else "").join(said),
            "speaker": dice.choice(PEOPLE),
            "date": f"2025-03-{dice.randrange(1, 29):02}",
            "article_id": f"made-{dice.randrange(count // 2)}",
            "kind": "direct",
            "context": None,
        }


def quote_rows() -> list[dict[str, Any]]:
    return [*case_rows(), *made_rows(300, Random(1))]


def one_process(rows: list[dict[str, Any]]) -> dict[str, str]:
    return group_quotes(Quote.model_validate({k: v for k, v in row.items() if v}) for row in rows)


class Engine:
    """Brings rows together as Spark does: in so many parts, in batches of any size, in an order of chance."""

    def __init__(self, parts: int, dice: Random) -> None:
        self.parts, self.dice = parts, dice

    def run(self, stage: Stage, rows: list[dict[str, Any]], *together: str) -> list[dict[str, Any]]:
        """The rows that a stage makes of these; those alike in the first of `together` are adjacent."""
        self.dice.shuffle(rows)
        parts: list[list[dict[str, Any]]] = [[] for _ in range(self.parts)]
        for row in rows:
            place = crc32(str(row[together[0]]).encode()) if together else self.dice.randrange(self.parts)
            parts[place % self.parts].append(row)
        for part in parts:
            part.sort(
                key=lambda row: tuple(row[name] if n == 0 else -row[name] for n, name in enumerate(together))
            )
        schema = pa.Table.from_pylist(rows).schema
        done = (list(stage(self._batches(part, schema))) for part in parts if part)
        return [row for batch in chain.from_iterable(done) for row in batch.to_pylist()]

    def _batches(self, rows: list[dict[str, Any]], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        while rows:
            size = self.dice.randrange(1, 200)
            yield pa.RecordBatch.from_pylist(rows[:size], schema=schema)
            rows = rows[size:]


def in_parts(rows: list[dict[str, Any]], engine: Engine) -> dict[str, str]:
    quotes = engine.run(STAGES.prepare, [{**row, ROW: "here"} for row in rows])
    wordings: dict[int, dict[str, Any]] = {}
    for quote in quotes:
        wording = wordings.setdefault(quote["wording"], {**quote, "holders": []})
        wording["holders"].append(quote)
    held = pa.Table.from_pylist(list(wordings.values()), schema=WORDINGS).to_pylist()
    speakers = [{**w, "speakers": [quote["speaker"] for quote in w["holders"]]} for w in held]
    shared: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in engine.run(STAGES.shared, engine.run(STAGES.keys, speakers), "key", "length"):
        pair = shared.setdefault((row["asking"], row["wording"]), {**row, "shared": 0})
        pair["shared"] += row["shared"]
    itself = [{"asking": w["wording"], **w} for w in held]
    number = {w["wording"]: w for w in held}
    pairs = engine.run(STAGES.candidates, list(shared.values()))
    asked = [{**number[pair["wording"]], "asking": pair["asking"]} for pair in pairs]
    offers = engine.run(STAGES.offers, asked + itself, "asking")
    parents = {row["quote_id"]: row for row in engine.run(STAGES.parents, offers, "quote_id")}
    linked = [{"odds": 0.0, "parent": None, **q, **parents.get(q["quote_id"], {})} for q in quotes]
    above = {row["quote_id"]: row["parent"] for row in linked if row["parent"]}
    trees = [{**row, "tree": tree_of(row["quote_id"], above)} for row in linked]
    for row in trees:
        del row["wording"], row["row"], row["problem"]
    found = engine.run(STAGES.clusters, trees, "tree")
    return {row["quote_id"]: row["cluster_id"] for row in found}


def tree_of(quote: str, above: dict[str, str]) -> str:
    """A quote that stands for the tree of this one: where two are each other's parents, the lesser."""
    seen = [quote]
    while (parent := above.get(seen[-1])) and parent not in seen:
        seen.append(parent)
    return min(seen[seen.index(parent) :]) if parent else seen[-1]


def test_the_columns_hold_all_that_is_kept_of_a_quote() -> None:
    kept = {"words", "parent", "odds", "family"}  # of the wording, and found on the way
    assert {field.name for field in HOLDER} == set(StoredQuote._fields) - kept


@pytest.mark.parametrize("parts", [1, 8, 64])
def test_neither_the_parts_nor_the_order_decide(parts: int) -> None:
    rows = quote_rows()
    expected = one_process(rows)
    assert len(set(expected.values())) < len(expected) * 0.8
    assert in_parts(rows, Engine(parts, Random(parts))) == expected


STATEMENTS = (
    "The harbour master called the dredging “still a long voyage.”",
    "“Open weights help every laboratory that cannot pay,” said Ada Byte. It was “late,” she told us.",
    "Bo Chen said that the pilots of the delta would count the broken lamps before the winter.",
)


def test_claims_of_an_archive_give_the_quotes_of_the_store(db: sqlite3.Connection) -> None:
    nobody = Directory((), ())
    batch: list[Quote] = []
    for n, text in enumerate(STATEMENTS):
        columns = {"id": f"a{n}", "text": text, "outlet": "o.example", "published": "2025-12-01"}
        [result] = RowExtractor(nobody, None, {})((Row("here", "columns", columns),))
        claims = pa.Table.from_pylist(list(result.claims), schema=CLAIMS).to_pylist()
        batch += [quote for row in claims if (quote := quote_of(row))]
        article = make_article(columns, "here")
        article_table.add_article(db, article, added="2025-12-02T00:00:00Z")
        claim_table.save_claims(db, article.id, extract(article, nobody), "t")
    stored = list(claim_table.iter_quotes(db))
    assert sorted(map(prepare, batch)) == sorted(map(prepare, stored))
    assert {quote.kind for quote in batch} == {"direct", "mixed", "indirect"}
    assert {quote.context is None for quote in batch} == {True, False}


def test_runs_of_equal_values_stay_whole() -> None:
    dice = Random(2)
    values = sorted(dice.randrange(40) for _ in range(500))
    batches = [pa.RecordBatch.from_pydict({"n": values[i : i + 7]}) for i in range(0, 500, 7)]
    found = [batch.column("n").to_pylist() for batch in whole_runs(batches, "n", 30)]
    assert [n for some in found for n in some] == values
    assert len(found) > 5
    assert all(a[-1] != b[0] for a, b in pairwise(found))
    assert min(map(len, found[:-1])) > 7
