"""Content codings (RFC 9110, 8.4) undone with a bound: a small body cannot become a large one.

HTTP clients decode a chunk at a time without one, so that a megabyte of gzip becomes a gigabyte of memory.
Here each decoder gets the size that it may still put out.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable

import brotli
import zstandard

ACCEPTED = "gzip, deflate, br, zstd"
PLAIN_STARTS = (b"<", b"{", b"[")  # of markup and JSON: no packed body starts so
GZIP_START = b"\x1f\x8b"
MAX_CODINGS = 3  # more than one is rare; nested ones are how bombs are built
_ZSTD_WINDOW = 1 << 23  # bytes: what RFC 9659 allows on the web


class DecodingError(ValueError):
    """The body is not what its coding says, or grows beyond the limit (`too_large`)."""

    def __init__(self, problem: str, *, too_large: bool = False) -> None:
        super().__init__(problem)
        self.too_large = too_large


def decompress(body: bytes, codings: str, limit: int) -> bytes:
    """Return `body` with the `codings` of a Content-Encoding header undone, last first.

    Raises DecodingError where one is unknown or broken, or more than `limit` bytes come out.
    """
    names = [name for part in codings.split(",") if (name := part.strip().lower()) not in ("", "identity")]
    if len(names) > MAX_CODINGS:
        raise DecodingError(f"is packed {len(names)} times over")
    for name in reversed(names):
        body = _decode(body, name, limit)
    # packed without a word: a CDN's mistake, or a file that is gzip itself, as sitemaps often are
    return _decode(body, "gzip", limit) if body.startswith(GZIP_START) else body


def _decode(body: bytes, name: str, limit: int) -> bytes:
    decoder = DECODERS.get(name)
    if body.lstrip()[:1] in PLAIN_STARTS:
        return body  # the header of a server that forgot to pack it
    if decoder is None:
        raise DecodingError(f"is packed as {name[:20]!r}, which is not known")
    try:
        plain = decoder(body, limit + 1)
    except (zlib.error, brotli.error, zstandard.ZstdError) as error:
        raise DecodingError(f"is no valid {name}: {error}") from error
    if len(plain) > limit:
        raise DecodingError(f"unpacks to more than {limit >> 20} MB", too_large=True)
    return plain


def _gzip(body: bytes, limit: int) -> bytes:
    """Return all members of a gzip file, one after the other."""
    plain = b""
    while body.startswith(GZIP_START) and len(plain) < limit:
        decoder = zlib.decompressobj(31)
        plain += decoder.decompress(body, limit - len(plain))
        if len(plain) < limit and not decoder.eof:
            raise zlib.error("ends too early")
        body = decoder.unused_data
    return plain


def _deflate(body: bytes, limit: int) -> bytes:
    """zlib's format as the standard has it, or the raw one that some servers send."""
    try:
        return zlib.decompressobj().decompress(body, limit)
    except zlib.error:
        return zlib.decompressobj(-15).decompress(body, limit)


def _brotli(body: bytes, limit: int) -> bytes:
    decoder = brotli.Decompressor()
    plain = decoder.process(body, output_buffer_limit=limit)
    while len(plain) < limit and not decoder.is_finished():
        more = decoder.process(b"", output_buffer_limit=limit - len(plain))
        if not more:
            raise brotli.error("ends too early")
        plain += more
    return bytes(plain)


def _zstd(body: bytes, limit: int) -> bytes:
    decoder = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
    with decoder.stream_reader(io.BytesIO(body), read_across_frames=True) as reader:
        pieces, size = [], 0
        while size < limit and (piece := reader.read(min(1 << 16, limit - size))):
            pieces.append(piece)
            size += len(piece)
    return b"".join(pieces)


DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
