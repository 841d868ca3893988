"""Reference managers' exports to articles: RIS, CSL JSON, Zotero's own; the text is the abstract or a note.

RIS: two letters, two blanks, a hyphen, a blank, a value (Research Information Systems' format).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from openrace.errors import InputError
from openrace.ingest.parse.full_text_entries import markup_paragraphs
from openrace.ingest.parse.import_fields import make_article
from openrace.ingest.parse.plain_text import text_paragraphs, with_headline
from openrace.records import Article

_RIS_LINE = re.compile(r"^([A-Z][A-Z0-9])  - ?(.*)$")
_RIS_FIELDS = {
    "title": ("TI", "T1", "CT", "BT"), "url": ("UR", "L1"), "outlet": ("T2", "JO", "JF", "PB"),
    "published": ("DA", "PY", "Y1"), "authors": ("AU", "A1"), "language": ("LA",), "text": ("N1", "N2", "AB"),
}  # fmt: skip


def read_ris(text: str, name: str) -> Iterator[Article | InputError]:
    """Yield the articles of a RIS file, an InputError for each reference without a text."""
    tags: dict[str, list[str]] = {}
    started, last = 1, ""
    for number, line in enumerate(text.splitlines(), 1):
        found = _RIS_LINE.match(line)
        if found is None:
            if last and line.strip():  # a value that goes on on the next line
                tags[last][-1] += f"\n{line}"
            continue
        last = found[1]
        if last == "TY":
            tags, started = {}, number
        if last == "ER":
            yield _from_ris(tags, f"{name}:{started}")
            tags, last = {}, ""
            continue
        tags.setdefault(last, []).append(found[2])
    if tags:
        yield InputError(f"{name}:{started}", "breaks off: its last reference has no end (ER)")


def _from_ris(tags: dict[str, list[str]], where: str) -> Article | InputError:
    fields: dict[str, Any] = {}
    for field, names in _RIS_FIELDS.items():
        values = [value.strip() for name in names for value in tags.get(name, []) if value.strip()]
        if values:
            fields[field] = tuple(map(_given_first, values)) if field == "authors" else values[0]
    if re.fullmatch(r"\d{4}(?:/+)?", str(fields.get("published", ""))):
        fields["published_written"] = fields.pop("published")  # a year is no day
    elif "published" in fields:
        fields["published"] = fields["published"].rstrip("/")
    texts = [value for name in ("N1", "AB", "N2") for value in tags.get(name, [])]
    return _article(fields, max(texts, key=len, default=""), where)


def _given_first(name: str) -> str:
    """RIS's "Byte, Ada" as "Ada Byte"."""
    family, comma, given = name.partition(",")
    return f"{given.strip()} {family.strip()}" if comma else name


def is_csl(items: Any) -> bool:
    """Whether parsed JSON is a list of CSL items, or Zotero's own export of them."""
    items = items.get("items") if isinstance(items, dict) else items
    return (
        isinstance(items, list)
        and bool(items)
        and all(isinstance(item, dict) for item in items)
        and all("title" in item and ("type" in item or "itemType" in item) for item in items)
    )


def read_csl(items: Any, name: str) -> Iterator[Article | InputError]:
    """Yield the articles of CSL JSON or Zotero's JSON, an InputError for each item without a text."""
    for number, item in enumerate(items["items"] if isinstance(items, dict) else items, 1):
        yield _from_csl(item, f"{name} item {number}")


def _from_csl(item: dict[str, Any], where: str) -> Article | InputError:
    names = item.get("author") or item.get("creators") or []
    authors = tuple(filter(None, (_name(person) for person in names if isinstance(person, dict))))
    notes = [note.get("note") for note in item.get("notes", []) if isinstance(note, dict)]
    texts = [item.get(key) for key in ("note", "abstract", "abstractNote", "extra")] + notes
    fields = {
        "title": item.get("title"),
        "url": item.get("URL") or item.get("url"),
        "outlet": item.get("container-title") or item.get("publicationTitle") or item.get("publisher"),
        "published": _csl_date(item.get("issued")) or item.get("date"),
        "authors": authors,
        "language": str(item.get("language") or "")[:2].lower() or None,
    }
    text = max((text for text in texts if isinstance(text, str)), key=len, default="")
    return _article({key: value for key, value in fields.items() if value}, text, where)


def _name(person: dict[str, Any]) -> str:
    whole = person.get("literal") or person.get("name")
    parts = (person.get("given") or person.get("firstName"), person.get("family") or person.get("lastName"))
    return str(whole or " ".join(str(part) for part in parts if part)).strip()


def _csl_date(issued: Any) -> str | None:
    """Return the day of CSL's ``date-parts``; None where only a month or year is given."""
    try:
        year, month, day = (int(part) for part in issued["date-parts"][0])
    except (KeyError, IndexError, TypeError, ValueError):
        return None
    return f"{year:04}-{month:02}-{day:02}"


def _article(fields: dict[str, Any], text: str, where: str) -> Article | InputError:
    paragraphs = markup_paragraphs(text) if "<p" in text else text_paragraphs(text)
    if not paragraphs:
        return InputError(where, "has no text", "import its address instead: openrace import URL")
    try:
        return make_article(fields | {"text": with_headline(fields.get("title"), paragraphs)}, where)
    except InputError as error:
        return error
