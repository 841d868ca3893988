"""A WARC file (ISO 28500) → the HTML pages that were fetched; needs fastwarc (the extra ``archives``)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from openrace.batch.rows import PageData
from openrace.errors import ConfigError

MAX_PAGE = 32 << 20  # bytes
HTML = ("text/html", "application/xhtml+xml")


def read_pages(file: Path) -> Iterator[PageData]:
    """Yield the pages in the order of the file; requests, redirects, errors and pictures are passed over.

    Raises ConfigError without fastwarc.
    """
    try:
        from fastwarc.warc import ArchiveIterator, WarcRecordType
    except ImportError as error:
        raise ConfigError(file, "needs fastwarc", "pip install 'openrace[archives]'") from error
    with file.open("rb") as stream:
        for record in ArchiveIterator(stream, record_types=WarcRecordType.response, parse_http=True):
            headers = record.http_headers
            url = (record.headers.get("WARC-Target-URI") or "").strip("<>")
            if not url or headers is None or headers.status_code != 200:
                continue
            if (record.http_content_type or "text/html").lower() in HTML:
                yield PageData(url, record.reader.read(MAX_PAGE), record.http_charset)
