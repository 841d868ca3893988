"""Local files to articles: plain text, Markdown with front matter, HTML, JSON Lines, folders, standard input.

What cannot be read comes out as an `InputError` in its place: one bad file or line costs nothing else.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import frontmatter
import yaml
from pydantic import ValidationError

from openrace.errors import InputError, reason
from openrace.ingest.parse.encoding import NotTextError, decode
from openrace.ingest.parse.page import parse_page
from openrace.ingest.parse.plain_text import markdown_paragraphs, split_title, text_paragraphs, with_headline
from openrace.ingest.urls import canonical_url, outlet_domain
from openrace.records import Article, normalise_when, slugify

Result = Article | InputError
Reader = Callable[[Any, str], Iterator[Result]]
MAX_BYTES = 32 << 20  # of one text, Markdown or HTML file: the longest book is smaller
FIELDS = {"id", "text", "url", "title", "outlet", "published", "authors", "language", "note"}
STDIN = "-"


def read_articles(paths: Iterable[Path | str], stdin: BinaryIO | None = None) -> Iterator[Result]:
    """The articles in `paths`, in order, an `InputError` standing for each that cannot be read.

    A folder gives the files in it whose kind is known, by name, folders inside it too. ``-`` is `stdin`:
    JSON Lines, HTML or text, as its first character tells.
    """
    for path in paths:
        if str(path) == STDIN and stdin is not None:
            yield from _read_stdin(stdin)
        elif Path(path).is_dir():
            yield from _read_folder(Path(path))
        else:
            yield from _read_file(Path(path))


def _read_folder(folder: Path) -> Iterator[Result]:
    files = sorted(_files_in(folder))
    if not files:
        yield InputError(folder, "holds no file that can be read", f"of these kinds: {' '.join(READERS)}")
    for file in files:
        yield from _read_file(file)


def _files_in(folder: Path) -> Iterator[Path]:
    for where, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            file = Path(where, name)
            if not name.startswith(".") and file.suffix.lower() in READERS:
                yield file


def _read_file(file: Path) -> Iterator[Result]:
    reader = READERS.get(file.suffix.lower(), _read_by_look)
    try:
        with file.open("rb") as stream:
            yield from reader(stream, str(file))
    except OSError as error:
        yield InputError(file, "is not there" if isinstance(error, FileNotFoundError) else reason(error))


def _read_stdin(stdin: BinaryIO) -> Iterator[Result]:
    yield from _read_by_look(stdin, "standard input")


def _read_by_look(stream: BinaryIO, name: str) -> Iterator[Result]:
    """Read what says nothing of its kind: by its first character."""
    lines = [stream.readline()]
    while lines[-1] and not lines[-1].strip():
        lines.append(stream.readline())
    rest = _Pushed(lines, stream)
    start = lines[-1].lstrip(b"\xef\xbb\xbf \t")[:1]
    readers: dict[bytes, Reader] = {b"{": _read_jsonl, b"<": _read_html}
    yield from readers.get(start, _read_text)(rest, name)


class _Pushed:
    """A byte stream with some lines put back in front of it."""

    def __init__(self, lines: list[bytes], stream: BinaryIO) -> None:
        self._lines, self._stream = lines, stream

    def read(self, size: int) -> bytes:
        return b"".join(self._lines) + self._stream.read(size)

    def __iter__(self) -> Iterator[bytes]:
        yield from self._lines
        yield from self._stream


# -- one reader a kind ------------------------------------------------------------------------------


def _whole(stream: BinaryIO | _Pushed, name: str) -> bytes:
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise InputError(name, f"is larger than {MAX_BYTES >> 20} MB", "split it, or make it JSON Lines")
    return data


def _text_of(stream: BinaryIO | _Pushed, name: str) -> str:
    try:
        text = decode(_whole(stream, name))
    except NotTextError as problem:
        raise InputError(name, f"is {problem}, not text", "save it as text or HTML") from problem
    if not text.strip():
        raise InputError(name, "is empty")
    return text


def _one(read: Callable[[BinaryIO | _Pushed, str], Article]) -> Reader:
    """`read`, whose errors come out as values."""

    def reader(stream: BinaryIO | _Pushed, name: str) -> Iterator[Result]:
        try:
            yield read(stream, name)
        except InputError as error:
            yield error

    return reader


@_one
def _read_text(stream: BinaryIO | _Pushed, name: str) -> Article:
    title, paragraphs = split_title(text_paragraphs(_text_of(stream, name)))
    return _make({"title": title}, paragraphs, name)


@_one
def _read_markdown(stream: BinaryIO | _Pushed, name: str) -> Article:
    text = _text_of(stream, name)
    try:
        head, body = frontmatter.parse(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"{name}:{mark.line + 2}" if mark else name
        raise InputError(line, "has broken front matter", getattr(error, "problem", None) or "") from error
    heading, paragraphs = markdown_paragraphs(body)
    fields = {
        key: value for key, value in head.items() if key in FIELDS - {"id", "text"} and value is not None
    }
    return _make({"title": heading} | fields, paragraphs, name)


@_one
def _read_html(stream: BinaryIO | _Pushed, name: str) -> Article:
    try:
        return parse_page(_whole(stream, name))
    except InputError as error:
        raise InputError(name, error.problem, error.remedy) from error


def _read_jsonl(stream: BinaryIO | _Pushed, name: str) -> Iterator[Result]:
    for number, line in enumerate(stream, 1):
        if line.strip():
            try:
                yield _from_json(line, f"{name}:{number}")
            except InputError as error:
                yield error


def _from_json(line: bytes, where: str) -> Article:
    """The article of one line. Its text is taken as it stands: offsets that others hold point into it."""
    try:
        fields = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputError(where, "is not UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise InputError(where, "is not valid JSON", str(error)) from error
    if not isinstance(fields, dict) or not isinstance(fields.get("text"), str) or not fields["text"].strip():
        raise InputError(where, 'is no article: it needs an object with a "text"')
    known = {key: value for key, value in fields.items() if key in FIELDS and value not in (None, "")}
    return _validated(_complete(known, fields["text"]), where)


READERS: dict[str, Reader] = {
    ".txt": _read_text,
    ".text": _read_text,
    ".md": _read_markdown,
    ".markdown": _read_markdown,
    ".html": _read_html,
    ".htm": _read_html,
    ".xhtml": _read_html,
    ".jsonl": _read_jsonl,
    ".ndjson": _read_jsonl,
}

# -- fields to an article ---------------------------------------------------------------------------


def _make(fields: dict[str, Any], paragraphs: list[str], name: str) -> Article:
    if not paragraphs:
        raise InputError(name, "has no text below its title")
    return _validated(_complete(fields, with_headline(fields.get("title"), paragraphs)), name)


def _complete(fields: dict[str, Any], text: str) -> dict[str, Any]:
    """`fields` with the text, the canonical address, the outlet that it tells, and a stable id."""
    fields = fields | {"text": text}
    if isinstance(fields.get("url"), str):
        fields["url"] = canonical_url(fields["url"]) or fields["url"]
        fields.setdefault("outlet", outlet_domain(fields["url"]) or None)
    if isinstance(fields.get("published"), date):
        fields["published"] = normalise_when(fields["published"])  # YAML reads a date as one
    if "id" not in fields:
        # without an address, the same words in two outlets are still two articles
        outlet = str(fields.get("outlet") or "")
        fields["id"] = Article.make_id(fields.get("url"), f"{slugify(outlet)}\n{text}" if outlet else text)
    return fields


def _validated(fields: dict[str, Any], where: str) -> Article:
    try:
        return Article.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise InputError(where, f"has a bad {field}", first["msg"].removeprefix("Value error, ")) from error
