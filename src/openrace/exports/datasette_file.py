"""A SQLite file for Datasette: flat tables that explain themselves, and their metadata.json."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from openrace.atomic_write import draft_of
from openrace.exports.claim_lines import ArticleLine, ClaimLine, columns_of, flatten, plain_type
from openrace.exports.family_lines import ExportedFamily

REFERENCES = (
    ", FOREIGN KEY (article_id) REFERENCES articles (id), FOREIGN KEY (family_id) REFERENCES families (id)"
)
TYPES = {str: "TEXT", int: "INTEGER", float: "REAL"}
COLUMNS = {
    "claim_id": "stays the same when the article is read again",
    "family_id": "claims that report the same utterance share it",
    "kind": "direct: verbatim, all inside marks; mixed: partial; indirect: paraphrase, without marks",
    "polarity": "what the speaker does with the content: asserted, denied, questioned, conditional",
    "line": "as it is to be quoted: each piece in its marks, with its verb where it is not verbatim",
    "text": "the content alone, for comparing and counting: a denial reads as an assertion here",
    "pieces": "the content piece by piece, and whether each stands inside quotation marks",
    "spans": "code points of the article's text, half-open",
    "quoted": "the stretches inside quotation marks",
    "speaker_name": "empty: unknown, or too unsure to be shown",
    "confidence": "0 to 1",
    "reason": "which rule and cue attribute it",
    "said_when": "as the article dates what was said, where that is before its own day",
    "first_outlet": "who surely printed the same utterance first; empty where the order is not certain",
    "first_among": "the outlets that may be the first, as JSON",
    "lag_hours": "since the first print; whole days where only the day is known",
    "translated": "where this print and the wording shown are translations in other words",
    "lag_doubt_hours": "by how many hours that lag may be wrong",
    "original": "the words as they were said in a recording",
    "original_article": "the transcript of that recording",
    "original_speaker": "who says them there",
    "original_second": "when in the recording",
    "original_link": "plays the recording from there",
    "against_original": "what this print did to them: cut, joined, changed, negation, number or speaker",
    "changed": "what of the meaning this print turned: negation, opposite, number, name, modal, quantity, "
    "time, wording",
    "published": "as the page says; empty: it does not say",
}


FAMILY_COLUMNS = {
    "line": "as it is to be quoted",
    "speaker": "empty: nobody is named, or the reports do not agree",
    "disputed": "the names of which none can be chosen, as JSON",
    "first": "date of the earliest report; empty: none is known",
    "first_among": "the outlets that may have had it first, as JSON; one alone surely had",
    "outlets": "who printed it, in time, as JSON",
    "wordings": "distinct ones",
    "alerts": "wordings that differ in meaning from a better attested one",
}


def write_datasette(
    claims: Iterable[ClaimLine],
    articles: Iterable[ArticleLine],
    families: Iterable[ExportedFamily],
    folder: Path,
) -> Path:
    """Write openrace.sqlite and metadata.json into `folder`; the path of the former."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "openrace.sqlite"
    with draft_of(path) as draft:
        draft.write_bytes(b"")  # an empty file is an empty database; where none can be written, it says so
        with closing(sqlite3.connect(draft)) as db:
            _fill(db, "articles", "id", ArticleLine, map(flatten, articles))
            _fill(db, "families", "id", ExportedFamily, map(flatten, families))
            _fill(db, "claims", "claim_id", ClaimLine, map(flatten, claims))
            db.execute("CREATE VIRTUAL TABLE claims_fts USING fts5 (text, speaker_name, content = 'claims')")
            db.execute("INSERT INTO claims_fts (claims_fts) VALUES ('rebuild')")
            db.commit()
            db.execute("VACUUM")
    with draft_of(folder / "metadata.json") as draft:
        draft.write_text(json.dumps(_metadata(), indent=2, ensure_ascii=False) + "\n", "utf-8")
    return path


def _fill(
    db: sqlite3.Connection, table: str, key: str, model: type[Any], rows: Iterable[dict[str, Any]]
) -> None:
    names = columns_of(model)
    types = {name: TYPES[plain_type(field.annotation)] for name, field in model.model_fields.items()}
    columns = ", ".join(f"{name} {types.get(name, 'TEXT')}" for name in names)
    reference = REFERENCES if table == "claims" else ""
    db.execute(f"CREATE TABLE {table} ({columns}, PRIMARY KEY ({key}){reference})")
    places = ", ".join(f":{name}" for name in names)
    db.executemany(f"INSERT INTO {table} VALUES ({places})", rows)  # noqa: S608 - our own names


def _metadata() -> dict[str, Any]:
    return {
        "title": "openrace",
        "description": "Who said what, and how the words travel.",
        "databases": {
            "openrace": {
                "tables": {
                    "claims": {
                        "description": "One attributed statement in one article a row.",
                        "columns": COLUMNS,
                        "sort_desc": "published",
                        "facets": ["speaker_name", "kind", "polarity", "outlet"],
                        "fts_table": "claims_fts",
                    },
                    "families": {
                        "description": "One utterance a row, with all its reports.",
                        "columns": FAMILY_COLUMNS,
                        "label_column": "line",
                        "sort_desc": "reports",
                        "facets": ["speaker", "kind", "alerts"],
                    },
                    "articles": {
                        "description": "The articles, without their texts, which are their publishers'.",
                        "sort_desc": "published",
                    },
                }
            }
        },
    }
