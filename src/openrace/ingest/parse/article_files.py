"""Local files to articles: text, Markdown, HTML, JSON Lines, tables, references, mail, transcripts, and
folders of these; each also packed with gzip, as ``name.jsonl.gz``.

What cannot be read comes out as an `InputError` in its place: one bad file or line costs nothing else.
"""

from __future__ import annotations

import gzip
import json
import os
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import frontmatter
import yaml

from openrace.errors import InputError, reason
from openrace.ingest.parse.caption_cues import is_podcast_json
from openrace.ingest.parse.encoding import NotTextError, decode
from openrace.ingest.parse.import_fields import (
    FIELDS,
    Notice,
    known_fields,
    make_article,
    unknown_fields,
)
from openrace.ingest.parse.mail_files import read_mailbox, read_message
from openrace.ingest.parse.page import parse_page
from openrace.ingest.parse.plain_text import markdown_paragraphs, split_title, text_paragraphs, with_headline
from openrace.ingest.parse.reference_files import is_csl, read_csl, read_ris
from openrace.ingest.parse.table_files import read_table
from openrace.ingest.parse.transcript_files import labelled_pieces, read_transcript
from openrace.records import Article

ReadResult = Article | InputError | Notice
Columns = Mapping[str, str] | None
Reader = Callable[[Any, str, Columns], Iterator[ReadResult]]
MAX_BYTES = 32 << 20  # of one text, Markdown or HTML file: the longest book is smaller
STDIN = "-"
PACKED = ".gz"


def read_articles(
    paths: Iterable[Path | str], stdin: BinaryIO | None = None, columns: Mapping[str, str] | None = None
) -> Iterator[ReadResult]:
    """Yield the articles in `paths` in order, an InputError for each unreadable one, Notices of omissions.

    `columns` names the columns of tables and the fields of JSON Lines: ours → theirs.
    A folder gives the files in it whose kind is known, by name, folders inside it too. ``-`` is `stdin`:
    JSON Lines, HTML or text, as its first character tells.
    """
    for path in paths:
        if str(path) == STDIN and stdin is not None:
            yield from _read_by_look(stdin, "standard input", columns)
        elif Path(path).is_dir():
            yield from _read_folder(Path(path), columns)
        else:
            yield from _read_file(Path(path), columns)


def _read_folder(folder: Path, columns: Columns) -> Iterator[ReadResult]:
    files = sorted(_files_in(folder))
    if not files:
        yield InputError(folder, "holds no file that can be read", f"of these kinds: {' '.join(READERS)}")
    for file in files:
        yield from _read_file(file, columns)


def _files_in(folder: Path) -> Iterator[Path]:
    for where, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            file = Path(where, name)
            if not name.startswith(".") and _ending(file) in READERS:
                yield file


def _read_file(file: Path, columns: Columns) -> Iterator[ReadResult]:
    reader = READERS.get(_ending(file), _read_by_look)
    opened = gzip.open if file.suffix.lower() == PACKED else open
    try:
        with opened(file, "rb") as stream:
            yield from reader(stream, str(file), columns)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        problem = f"is a broken gzip file ({str(error).rstrip('.')}); what follows the break is lost"
        yield InputError(file, problem, "fetch it again; `gzip -t` must find no fault in it")
    except OSError as error:
        yield InputError(file, "is not there" if isinstance(error, FileNotFoundError) else reason(error))


def _ending(file: Path) -> str:
    """Return the suffix that tells the kind of a file, in lower case: of ``a.jsonl.gz`` it is ``.jsonl``."""
    suffix = file.suffix.lower()
    return file.with_suffix("").suffix.lower() if suffix == PACKED else suffix


def _read_by_look(stream: BinaryIO, name: str, columns: Columns) -> Iterator[ReadResult]:
    """Read what says nothing of its kind: by its first character."""
    lines = [stream.readline()]
    while lines[-1] and not lines[-1].strip():
        lines.append(stream.readline())
    rest = _Pushed(lines, stream)
    start = lines[-1].lstrip(b"\xef\xbb\xbf \t")[:1]
    readers: dict[bytes, Reader] = {b"{": _read_jsonl, b"<": _read_html}
    yield from readers.get(start, _read_text)(rest, name, columns)


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


def _bytes_of(stream: BinaryIO | _Pushed, name: str) -> bytes:
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise InputError(name, f"is larger than {MAX_BYTES >> 20} MB", "split it, or make it JSON Lines")
    return data


def _text_of(stream: BinaryIO | _Pushed, name: str) -> str:
    try:
        text = decode(_bytes_of(stream, name))
    except NotTextError as problem:
        raise InputError(name, f"is {problem}, not text", "save it as text or HTML") from problem
    if not text.strip():
        raise InputError(name, "is empty")
    return text


def _one(read: Callable[[BinaryIO | _Pushed, str], Article]) -> Reader:
    """Yield `read`, whose errors come out as values."""

    def reader(stream: BinaryIO | _Pushed, name: str, columns: Columns) -> Iterator[ReadResult]:
        try:
            yield read(stream, name)
        except InputError as error:
            yield error

    return reader


@_one
def _read_text(stream: BinaryIO | _Pushed, name: str) -> Article:
    text = _text_of(stream, name)
    if labelled_pieces(text.split("\n")):
        return read_transcript(text, ".txt", name)
    title, paragraphs = split_title(text_paragraphs(text))
    return _make({"title": title}, paragraphs, name)


@_one
def _read_markdown(stream: BinaryIO | _Pushed, name: str) -> Article:
    text = _text_of(stream, name)
    try:
        head, body = frontmatter.parse(text)
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a day that no calendar has
        mark = getattr(error, "problem_mark", None)
        line = f"{name}:{mark.line + 2}" if mark else name
        raise InputError(
            line, "has broken front matter", getattr(error, "problem", None) or str(error)
        ) from error
    heading, paragraphs = markdown_paragraphs(body)
    fields = {
        key: value for key, value in head.items() if key in FIELDS - {"id", "text"} and value is not None
    }
    return _make({"title": heading} | fields, paragraphs, name)


@_one
def _read_html(stream: BinaryIO | _Pushed, name: str) -> Article:
    try:
        return parse_page(_bytes_of(stream, name))
    except InputError as error:
        raise InputError(name, error.problem, error.remedy) from error


def _read_jsonl(stream: BinaryIO | _Pushed, name: str, columns: Columns) -> Iterator[ReadResult]:
    warned: set[str] = set()
    for number, line in enumerate(stream, 1):
        if not line.strip():
            continue
        try:
            fields = _json_fields(line, f"{name}:{number}")
            article = _from_json(fields, f"{name}:{number}", columns)
        except InputError as error:
            yield error
            continue
        unknown = [field for field in unknown_fields(fields, columns) if field not in warned]
        if unknown:
            warned.update(unknown)
            yield Notice(f"{name}:{number}: these fields are left out: {', '.join(unknown)}")
        yield article


def _json_fields(line: bytes, where: str) -> dict[str, Any]:
    try:
        fields = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputError(where, "is not UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise InputError(where, "is not valid JSON", str(error)) from error
    if not isinstance(fields, dict):
        raise InputError(where, 'is no article: it needs an object with a "text"')
    return fields


def _from_json(fields: dict[str, Any], where: str, columns: Columns) -> Article:
    """Return the article of one line.

    Its text is taken as it stands: offsets that others hold point into it.
    """
    known = known_fields(fields, columns)
    if not isinstance(known.get("text"), str) or not known["text"].strip():
        raise InputError(where, 'is no article: it needs an object with a "text"')
    return make_article(known, where)


def _read_json(stream: BinaryIO | _Pushed, name: str, columns: Columns) -> Iterator[ReadResult]:
    """Yield the articles of a reference manager's export."""
    try:
        text = _text_of(stream, name)
        items = json.loads(text)
    except InputError as error:
        yield error
    except (ValueError, RecursionError) as error:
        yield InputError(name, "is not valid JSON", str(error))
    else:
        if is_csl(items):
            yield from read_csl(items, name)
        elif is_podcast_json(items):
            yield from _read_podcast(text, name)
        else:
            problem = "is JSON, but neither a list of references nor a transcript"
            yield InputError(name, problem, "write articles as JSON Lines (.jsonl)")


def _read_podcast(text: str, name: str) -> Iterator[ReadResult]:
    try:
        yield read_transcript(text, ".json", name)
    except InputError as error:
        yield error


@_one
def _read_captions(stream: BinaryIO | _Pushed, name: str) -> Article:
    return read_transcript(_text_of(stream, name), _ending(Path(name)), name)


def _read_table(stream: BinaryIO | _Pushed, name: str, columns: Columns) -> Iterator[ReadResult]:
    yield from _of_text(stream, name, lambda text: read_table(text, name, columns))


def _read_references(stream: BinaryIO | _Pushed, name: str, columns: Columns) -> Iterator[ReadResult]:
    yield from _of_text(stream, name, lambda text: read_ris(text, name))


def _of_text(
    stream: BinaryIO | _Pushed, name: str, read: Callable[[str], Iterator[ReadResult]]
) -> Iterator[ReadResult]:
    try:
        text = _text_of(stream, name)
    except InputError as error:
        yield error
    else:
        yield from read(text)


def _read_mailbox(stream: BinaryIO | _Pushed, name: str, columns: Columns) -> Iterator[ReadResult]:
    try:
        data = _bytes_of(stream, name)
    except InputError as error:
        yield error
    else:
        found = False
        for result in read_mailbox(data, name):
            found = True
            yield result
        if not found:
            yield InputError(name, "holds no message")


@_one
def _read_mail(stream: BinaryIO | _Pushed, name: str) -> Article:
    result = read_message(_bytes_of(stream, name), name)
    if isinstance(result, InputError):
        raise result
    return result


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
    ".json": _read_json,
    ".csv": _read_table,
    ".tsv": _read_table,
    ".ris": _read_references,
    ".eml": _read_mail,
    ".mbox": _read_mailbox,
    ".vtt": _read_captions,
    ".srt": _read_captions,
}

# -- fields to an article ---------------------------------------------------------------------------


def _make(fields: dict[str, Any], paragraphs: list[str], name: str) -> Article:
    if not paragraphs:
        raise InputError(name, "has no text below its title")
    return make_article(fields | {"text": with_headline(fields.get("title"), paragraphs)}, name)
