"""Fields of other people's tables and lists to those of an article, and which are not known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from pydantic import ValidationError

from openrace.errors import InputError
from openrace.ingest.parse.dates import read_written_date
from openrace.ingest.urls import canonical_url, outlet_domain
from openrace.records import Article, normalise_when, slugify

FIELDS = frozenset(Article.model_fields) - {"turns", "automatic"}  # these come of transcripts alone
# What other programs and archives call our fields, the surest name first.
ALIASES: dict[str, tuple[str, ...]] = {
    "text": (
        "body",
        "content",
        "fulltext",
        "full_text",
        "article",
        "article_text",
        "maintext",
        "hit_sentence",
    ),
    "title": ("headline", "head", "titel", "hed"),
    "url": ("link", "permalink", "uri", "source_url", "article_url", "web_url"),
    "outlet": ("source", "publication", "publisher", "newspaper", "medium", "media", "site", "domain"),
    "published": (
        "date",
        "published_at",
        "publish_date",
        "date_published",
        "pub_date",
        "pubdate",
        "datetime",
        "time",
    ),
    "authors": ("author", "byline", "creator", "by"),
    "language": ("lang",),
    "id": ("article_id", "guid", "doc_id"),
}


class Notice(NamedTuple):
    """Something that a person should know of a file that was read all the same."""

    message: str


def known_fields(row: Mapping[str, Any], columns: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the fields of an article that `row` has, under our names.

    `columns` are what a person says: our name → theirs. Else a field goes by its name, then by an alias.
    """
    columns = columns or {}
    by_name = {_plain(name): value for name, value in row.items() if isinstance(name, str)}
    fields: dict[str, Any] = {}
    for field in FIELDS:
        names = [columns[field]] if field in columns else [field, *ALIASES.get(field, ())]
        values = (by_name.get(_plain(name)) for name in names)
        value = next((value for value in values if value not in (None, "", [])), None)
        if value is not None:
            fields[field] = value
    return fields


def unknown_fields(names: Iterable[Any], columns: Mapping[str, str] | None = None) -> list[str]:
    """Return those of `names` that no field of an article is read from."""
    known = {
        *FIELDS,
        *(alias for aliases in ALIASES.values() for alias in aliases),
        *(columns or {}).values(),
    }
    plain_names = {_plain(name) for name in known}
    return [name for name in names if isinstance(name, str) and name and _plain(name) not in plain_names]


def make_article(fields: Mapping[str, Any], where: str) -> Article:
    """Return the article of `fields`, with canonical address, outlet and a stable id.

    Raises InputError, naming `where`, for a field that cannot be used.
    """
    made = _complete(dict(fields))
    try:
        return Article.model_validate(made)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise InputError(where, f"has a bad {field}", first["msg"].removeprefix("Value error, ")) from error


def _complete(fields: dict[str, Any]) -> dict[str, Any]:
    if isinstance(fields.get("url"), str):
        fields["url"] = canonical_url(fields["url"]) or fields["url"]
        fields.setdefault("outlet", outlet_domain(fields["url"]) or None)
    if isinstance(fields.get("authors"), str):
        names = fields["authors"].replace(" and ", ";").replace("；", ";").split(";")
        fields["authors"] = tuple(name.strip() for name in names if name.strip())
    fields |= _dated(fields)
    if "id" not in fields:
        # without an address, the same words in two outlets are still two articles
        outlet, text = str(fields.get("outlet") or ""), str(fields.get("text") or "")
        fields["id"] = Article.make_id(fields.get("url"), f"{slugify(outlet)}\n{text}" if outlet else text)
    return fields


def _dated(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the date as records keep it, read as publishers write them."""
    published = fields.get("published")
    if isinstance(published, date):
        return {"published": normalise_when(published)}  # YAML reads a date as one
    if not isinstance(published, str) or "published_written" in fields:
        return {}
    found = read_written_date(published)
    if found is None:
        return {}  # refused by the record, which says why
    return {
        "published": found.when,
        "published_zone": found.zone,
        "published_basis": found.basis,
        "published_written": found.written,
    }


def _plain(name: str) -> str:
    return name.strip().lower().replace(" ", "_").replace("-", "_")
