"""openrace export: everything that is kept, in open formats."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openrace.cli.console import exit_if_failed, say
from openrace.cli.typer_app import PUBLISHING, Database, app

if TYPE_CHECKING:
    from openrace.exports.claim_lines import ArticleLine, ClaimLine
    from openrace.exports.family_lines import ExportedFamily
    from openrace.pipeline.isolation import FailedFamilies
    from openrace.records import Record
    from openrace.story import OutletEdge


class What(StrEnum):
    claims = "claims"
    articles = "articles"
    families = "families"
    graph = "graph"
    datasette = "datasette"
    dumps = "dumps"
    schema = "schema"


class Format(StrEnum):
    jsonl = "jsonl"
    csv = "csv"
    parquet = "parquet"
    bibtex = "bibtex"
    csl = "csl-json"
    svg = "svg"
    annotations = "annotations"


ONLY_FOR = {
    Format.bibtex: What.articles,
    Format.csl: What.articles,
    Format.annotations: What.claims,
    Format.svg: What.graph,
}
FOLDERS = (What.datasette, What.dumps)


@app.command(rich_help_panel=PUBLISHING)
def export(
    what: Annotated[
        What,
        typer.Argument(
            metavar="WHAT",
            help="claims, articles, families; graph (which outlet had it first, which followed); "
            "datasette or dumps (folders); schema (of claims).",
        ),
    ],
    db: Database,
    form: Annotated[
        Format,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="jsonl, csv, parquet; of articles: bibtex, csl-json; of claims: annotations; of graph: svg.",
        ),
    ] = Format.jsonl,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file or folder; default: stdout.")
    ] = None,
) -> None:
    """Export the database. The texts of articles are left out: they belong to their publishers."""
    _check(what, form, output)
    if what is What.schema:
        _write(_schema(), output)
        return
    from openrace.pipeline.isolation import FailedFamilies
    from openrace.store import open_store

    store, failed = open_store(db, readonly=True), FailedFamilies()
    if what in FOLDERS:
        _fill_folder(store, what, output or Path(), failed)
    elif form is Format.parquet:
        from openrace.exports.parquet import write_parquet

        say(f"{write_parquet(_records(store, what, failed), output or Path())} rows in {output}")
    else:
        _write(_text(store, what, form, failed), output)
    exit_if_failed(failed.messages())


def _check(what: What, form: Format, output: Path | None) -> None:
    """Raise BadParameter for what does not go together."""
    if form in ONLY_FOR and ONLY_FOR[form] is not what:
        raise typer.BadParameter(f"{form.value} is for {ONLY_FOR[form].value}")
    if form is not Format.jsonl and what in (*FOLDERS, What.schema):
        raise typer.BadParameter(f"{what.value} has its own format: leave out --format")
    if output is None and (what in FOLDERS or form is Format.parquet):
        name = what.value if what in FOLDERS else form.value
        raise typer.BadParameter(f"{name} cannot go to a terminal: name a file with --output")
    if output and what in FOLDERS and output.is_file():
        raise typer.BadParameter(f"{what.value} are several files: {output} must be a folder")


def _write(chunks: Iterable[str], output: Path | None) -> None:
    """To stdout, or to a file that gets its name only when it is whole."""
    if output is None:
        sys.stdout.writelines(chunks)
        return
    from openrace.atomic_write import draft_of

    with draft_of(output) as draft, draft.open("w", encoding="utf-8", newline="") as file:
        file.writelines(chunks)


def _text(db: sqlite3.Connection, what: What, form: Format, failed: FailedFamilies) -> Iterable[str]:
    from openrace.exports.annotation_lines import to_annotations
    from openrace.exports.citation_files import write_bibtex, write_csl
    from openrace.exports.claim_lines import to_csv, to_jsonl
    from openrace.exports.graph_picture import draw_matrix
    from openrace.store import article_table, claim_table

    names = {outlet.domain: outlet.name for outlet in article_table.iter_outlets(db)}
    ways: dict[Format, Callable[[], Iterable[str]]] = {
        Format.jsonl: lambda: to_jsonl(_records(db, what, failed)),
        Format.csv: lambda: to_csv(_records(db, what, failed)),
        Format.bibtex: lambda: write_bibtex(_articles(db), names),
        Format.csl: lambda: write_csl(_articles(db), names),
        Format.annotations: lambda: to_annotations(claim_table.iter_with_articles(db)),
        Format.svg: lambda: [draw_matrix(_edges(db, failed), names)],
    }
    return ways[form]()


def _records(db: sqlite3.Connection, what: What, failed: FailedFamilies) -> Iterable[Record]:
    match what:
        case What.claims:
            return _claims(db, failed)
        case What.articles:
            return _articles(db)
        case What.graph:
            return _edges(db, failed)
        case _:
            return _families(db, failed)


def _claims(db: sqlite3.Connection, failed: FailedFamilies) -> Iterator[ClaimLine]:
    from openrace.exports.claim_lines import ClaimLine
    from openrace.store import claim_table

    found, originals = _differences(db, failed), _originals(db)
    for claim, wording, where in claim_table.iter_placed(db):
        more = found.get(claim.id, {}) | originals.get(claim.id, {})
        yield ClaimLine.of(claim, wording, **more, **where)


def _originals(db: sqlite3.Connection) -> dict[str, dict[str, Any]]:
    """Of each claim that is held against a recording, the columns that tell of it."""
    from openrace.store.original_tables import iter_originals

    return {
        check.claim_id: {
            "original": original.text,
            "original_article": original.article_id,
            "original_speaker": original.speaker,
            "original_second": original.second,
            "original_link": original.link,
            "against_original": check.kinds,
        }
        for original in iter_originals(db)
        for check in original.reports
    }


def _differences(db: sqlite3.Connection, failed: FailedFamilies) -> dict[str, dict[str, Any]]:
    """Return, of each claim that alerts or the label of a translation are about, the fields of its line."""
    from openrace.pipeline.family_stories import tell_families
    from openrace.store import family_table

    found: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for family in tell_families(db, family_table.reported_again(db), failed):
        for alert in family.story.alerts:
            for claim_id in alert.claim_ids:
                kinds = (*found[claim_id].get("changed", ()), *alert.what)
                found[claim_id]["changed"] = tuple(dict.fromkeys(kinds))
        for variant in family.story.variants:
            if variant.to_representative and variant.to_representative.translated:
                for claim_id in variant.claim_ids:
                    found[claim_id]["translated"] = "worded differently"
    return found


def _articles(db: sqlite3.Connection) -> Iterator[ArticleLine]:
    from openrace.exports.claim_lines import ArticleLine
    from openrace.store import article_table

    return (ArticleLine.of(article) for article in article_table.iter_articles(db))


def _families(db: sqlite3.Connection, failed: FailedFamilies) -> Iterator[ExportedFamily]:
    from openrace.exports.family_lines import ExportedFamily
    from openrace.pipeline.family_stories import tell_families
    from openrace.store import family_table

    families = tell_families(db, family_table.every_id(db), failed)
    return (ExportedFamily.of(it.story, it.claims, it.articles) for it in families)


def _edges(db: sqlite3.Connection, failed: FailedFamilies) -> list[OutletEdge]:
    from openrace.diffusion.outlet_graph import outlet_edges
    from openrace.pipeline.family_stories import tell_families
    from openrace.store import family_table

    return outlet_edges(it.story for it in tell_families(db, family_table.reported_again(db), failed))


def _fill_folder(db: sqlite3.Connection, what: What, folder: Path, failed: FailedFamilies) -> None:
    from openrace.exports.datasette_file import write_datasette
    from openrace.exports.dumps import write_dumps

    if what is What.datasette:
        path = write_datasette(_claims(db, failed), _articles(db), _families(db, failed), folder)
        say(f"open it with: datasette {path} --metadata {folder / 'metadata.json'}")
    else:
        files = write_dumps(folder, _claims(db, failed), _articles(db), _families(db, failed))
        say(f"{len(files)} files and their SHA256SUMS in {folder}")


def _schema() -> Iterator[str]:
    """Yield the JSON Schema of a line of ``export claims --format jsonl``."""
    from openrace.exports.claim_lines import ClaimLine

    yield json.dumps(ClaimLine.model_json_schema(mode="serialization"), indent=2, ensure_ascii=False) + "\n"
