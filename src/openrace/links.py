"""Addresses that land on the very words: text fragments.

Source: "URL Fragment Text Directives" (W3C community group draft), which Chrome, Safari and Firefox follow.
"""

from __future__ import annotations

import string
from urllib.parse import urlsplit

WORDS_AT_END = 5  # the draft asks for whole words; five at each end are enough to be unique in an article
# Each byte percent-encoded: the comma, hyphen and ampersand mean something in a directive, so they too.
_PLAIN = string.ascii_letters + string.digits + "_.~"
_ENCODED = [chr(byte) if chr(byte) in _PLAIN else f"%{byte:02X}" for byte in range(256)]
MARKS = '“”„‟"«»‹›‘’‚‛「」『』'
_EDGES = MARKS + " \n\t.,;:"


def is_web_address(url: str) -> bool:
    """Whether `url` is an http(s) address with a host; nothing else may become a link."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def link_to_words(url: str, words: str) -> str:
    """`url` with a text fragment that lands on `words` (one unbroken stretch of the page's text)."""
    base = url.partition("#")[0]
    tokens = words.strip(_EDGES).split()
    if not tokens:
        return base
    if len(tokens) <= 2 * WORDS_AT_END:
        return f"{base}#:~:text={_encode(tokens)}"
    return f"{base}#:~:text={_encode(tokens[:WORDS_AT_END])},{_encode(tokens[-WORDS_AT_END:])}"


def _encode(tokens: list[str]) -> str:
    return "".join(map(_ENCODED.__getitem__, " ".join(tokens).encode()))
