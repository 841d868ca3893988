"""Bytes to text: the byte order mark, UTF-8 where it is plain to see, what was declared, what it looks
like."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What browsers read these labels as (WHATWG Encoding Standard): the larger set that pages really use.
WIDER = {
    "iso-8859-1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252",
    "gb2312": "gb18030", "gbk": "gb18030", "ks_c_5601-1987": "cp949", "euc-kr": "cp949",
    "shift_jis": "cp932", "big5": "big5hkscs", "iso-8859-9": "cp1254", "tis-620": "cp874",
}  # fmt: skip
SIGNATURES = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a sound, image or film"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
)
# A text in one of these that is short may be UTF-8 by chance; so many characters never are.
LEGACY_MULTIBYTE = {
    "gb2312",
    "gbk",
    "gb18030",
    "big5",
    "big5-hkscs",
    "shift_jis",
    "euc-jp",
    "euc-kr",
    "ks_c_5601-1987",
}
MULTIBYTE_BY_CHANCE = 8
MAX_STRAY = 0.01
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_UTF8_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2}|\xf0[\x90-\xbf][\x80-\xbf]{2}"
    rb"|[\xf1-\xf4][\x80-\xbf]{3}"
)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
MAX_CONTROLS = 0.01  # of the characters: real text has nearly none, a decoded binary about a tenth
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_SAMPLE = 1 << 16  # bytes that detection looks at: more costs time and changes no verdict on our pages


class NotTextError(ValueError):
    """The bytes are no text; the message says what they look like."""


def decode(data: bytes, declared: str | None = None) -> str:
    """Return `data` as text with ``\\n`` line ends. Raises NotTextError, whose message fits "is …"."""
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return _checked(data.decode(encoding, "replace"))
    for signature, what in SIGNATURES:
        if data.startswith(signature):
            raise NotTextError(what)
    if _is_utf8(data, declared):
        return _checked(data.decode("utf-8", "replace"))
    for label in (declared, "utf-8"):
        text = _decode_as(data, label)
        if text is not None:
            return _checked(text)
    if b"\x00" in data[:_SAMPLE]:
        raise NotTextError("binary data")
    likeliest = _likeliest(data[:_SAMPLE])
    if likeliest is None:
        raise NotTextError("binary data or text in an unknown encoding")
    return _checked(data.decode(likeliest, "replace"))


def decode_if_utf8(data: bytes) -> str | None:
    """Return `data` as text where it is UTF-8 plain to see; None where it is not, or ASCII alone."""
    return data.decode("utf-8", "replace") if _is_utf8(data, None) else None


def _is_utf8(data: bytes, declared: str | None) -> bool:
    """Whether `data` is UTF-8 whatever it is declared to be: its sequences of several bytes hardly ever come
    about by chance. A stray byte in a hundred of them is damage and tells nothing else."""
    others = MULTIBYTE_BY_CHANCE if _label(declared) in LEGACY_MULTIBYTE else 1
    sequences = len(_UTF8_SEQUENCE.findall(data))
    if sequences < others or _label(declared).startswith(("utf-16", "utf-32", "iso-2022")):
        return False
    stray = len(_NOT_ASCII.findall(_UTF8_SEQUENCE.sub(b"", data)))
    return stray <= sequences * MAX_STRAY


def _label(declared: str | None) -> str:
    return (declared or "").strip().strip("\"'").lower()


def _likeliest(sample: bytes) -> str | None:
    """Return what the bytes look like.

    Of Western encodings that fit alike, the one that browsers fall back to.
    """
    matches = from_bytes(sample)
    best = matches.best()
    if best is None:
        return None
    western = (match for match in matches if match.encoding == "cp1252" and match.chaos <= best.chaos)
    return "cp1252" if next(western, None) else WIDER.get(best.encoding, best.encoding)


def declared_in_html(data: bytes) -> str | None:
    """Return the encoding that a page's own meta element names."""
    found = _META.search(data[:4096])
    return found[1].decode("ascii") if found else None


def charset_of(content_type: str | None) -> str | None:
    """Return the encoding that a Content-Type names."""
    return (content_type or "").lower().partition("charset=")[2].partition(";")[0].strip(" \"'") or None


def _decode_as(data: bytes, label: str | None) -> str | None:
    if not label:
        return None
    label = _label(label)
    try:
        return data.decode(WIDER.get(label, label))
    except (LookupError, UnicodeError, ValueError):
        return None


def _checked(text: str) -> str:
    if len(_CONTROLS.findall(text[:_SAMPLE])) > MAX_CONTROLS * len(text[:_SAMPLE]):
        raise NotTextError("binary data")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
