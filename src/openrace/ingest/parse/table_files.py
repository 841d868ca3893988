"""Tables to articles: CSV and TSV with a head line, one article a row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

from openrace.errors import InputError
from openrace.ingest.parse.import_fields import Notice, known_fields, make_article, unknown_fields
from openrace.ingest.parse.plain_text import text_paragraphs, with_headline
from openrace.records import Article

csv.field_size_limit(16 << 20)  # code points of one cell: an article is a field


def read_table(
    text: str, name: str, columns: Mapping[str, str] | None = None
) -> Iterator[Article | InputError | Notice]:
    """Yield the articles in the rows of a table, an InputError for each without one, Notices of omissions.

    `columns`: our field → the column that holds it, where neither its name nor a usual other one says so.
    """
    head = text.partition("\n")[0]
    delimiter = max("\t;,|", key=head.count)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    names = list(rows.fieldnames or ())
    missing = [column for column in (columns or {}).values() if column not in names]
    if missing:
        yield InputError(name, f"has no column {missing[0]!r}", f"its columns: {', '.join(names)}")
        return
    unknown = unknown_fields(names, columns)
    if unknown:
        hint = "name them with --column FIELD=COLUMN if they matter"
        yield Notice(f"{name}: these columns are left out: {', '.join(unknown)} ({hint})")
    try:
        for row in rows:
            yield _article(row, f"{name}:{rows.line_num}", columns)
    except csv.Error as error:
        yield InputError(f"{name}:{rows.line_num}", f"is no valid table: {error}")


def _article(row: dict[str, str], where: str, columns: Mapping[str, str] | None) -> Article | InputError:
    fields = known_fields(row, columns)
    paragraphs = text_paragraphs(str(fields.get("text") or ""))
    if not paragraphs:
        return InputError(where, "has no text", "name its column: --column text=COLUMN")
    try:
        return make_article(fields | {"text": with_headline(fields.get("title"), paragraphs)}, where)
    except InputError as error:
        return error
