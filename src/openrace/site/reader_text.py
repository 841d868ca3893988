"""Text for a reader: cleaned, cut, and the links that are let out; the calendar of weeks.

All of it is pure and cheap; it runs for every field of every page.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from pydantic_core import to_json

from openrace.links import link_to_words
from openrace.records import stable_id
from openrace.scripts import has_han

# What no page may carry: control characters (they break XML and terminals), lone surrogates (they cannot
# be encoded), embeddings and overrides of direction (they make a line read backwards), invisible tags.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
# The same of it in UTF-8 where JSON has escaped the rest: line separators and what turns a line's direction.
_TURNS = re.compile(rb"\xe2\x80[\xa8-\xae]|\xe2\x81[\xa0-\xaf]|\xef\xbb\xbf")
_PLAIN = bytes([*range(0x20, 0x7F), 0x0A])  # ASCII that may stand anywhere: what else a page has is little
# A host without userinfo ("https://bank.example@evil.example" misleads), then nothing that could end an
# attribute or a header line.
_WEB_LINK = re.compile(r"https?://[^\s/?#@:\\\"'<>`]+(?::\d{1,5})?(?:[/?#][^\s\"'<>`\\]*)?", re.IGNORECASE)


def clean(text: str) -> str:
    """`text` without the characters that no page may carry."""
    if text.isprintable():  # a field of a record nearly always is
        return text
    return clean_bytes(text).decode()


def clean_bytes(text: str) -> bytes:
    """The same of a whole page, in UTF-8."""
    written = text.encode(errors="surrogatepass")
    rest = written.translate(None, _PLAIN).decode(errors="surrogatepass")
    return _UNSAFE.sub("", text).encode() if _UNSAFE.search(rest) else written


def clean_json(value: object, unknown: Callable[[Any], str] | None = None) -> bytes:
    """`value` as UTF-8 JSON without the marks that turn a line's direction; `unknown` tells other things."""
    written = to_json(value, inf_nan_mode="null", fallback=unknown)
    return _TURNS.sub(b"", written) if _TURNS.search(written.translate(None, _PLAIN)) else written


def shorten(text: str, limit: int) -> str:
    """`text`, cut at a word and ended by an ellipsis where it is longer than `limit` code points."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    return (head[: head.rfind(" ")] if head.rfind(" ") > limit // 2 else head).rstrip(" ,;:…") + "…"


@lru_cache(maxsize=1 << 14)  # a page asks several times for each of its ids
def component(text: str) -> str:
    """`text` as one lower-case component of a path; where that is not `text` itself, ended by its hash."""
    safe = re.sub(r"[^\w.-]+", "-", clean(text).lower()).strip(".-")
    short = safe.encode()[:72].decode(errors="ignore")
    return short if short == text else f"{short or 'x'}-{stable_id(text, length=6)}"


@lru_cache(maxsize=1024)  # a page asks five times for each of its links
def web_link(url: str | None) -> str | None:
    """`url` if it is plain http or https, else None: nothing else leaves the site."""
    return url if url and len(url) <= 2000 and _WEB_LINK.fullmatch(url) and not _UNSAFE.search(url) else None


def fragment_link(url: str | None, words: str) -> str | None:
    """`url` with a text fragment that lands on `words`; None where the address is no plain web address."""
    link = web_link(url)
    return link_to_words(link, clean(words)) if link else None


def week_of(when: str) -> str:
    """The ISO week of a day or instant: ``2026-W47``."""
    year, week, _ = date.fromisoformat(when[:10]).isocalendar()
    return f"{year:04}-W{week:02}"


def first_day(week: str) -> str:
    """The Monday of an ISO week: ``2026-W47`` → ``2026-11-16``."""
    return date.fromisocalendar(int(week[:4]), int(week[6:]), 1).isoformat()


def ends_of(week: str) -> tuple[str, str]:
    """The Monday and the Sunday of an ISO week."""
    monday = first_day(week)
    return monday, (date.fromisoformat(monday) + timedelta(days=6)).isoformat()


def letter_of(name: str) -> str:
    """Return under which letter an index has a name: of its last word; ``0`` for digits, ``zh``, ``other``.

    A name in Chinese characters is not transcribed: how to read it is not known from its characters alone.
    """
    words = name.split()
    first = unicodedata.normalize("NFKD", words[-1])[:1].lower() if words else ""
    if "a" <= first <= "z":
        return first
    if first.isdigit():
        return "0"
    return "zh" if has_han(first) else "other"
