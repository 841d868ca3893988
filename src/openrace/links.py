"""Addresses that land on the very words: text fragments in pages, seconds in recordings.

Sources: "URL Fragment Text Directives" (W3C community group draft), which Chrome, Safari and Firefox follow;
"Media Fragments URI 1.0" (W3C) for files, and what the players of some sites document for theirs.
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
    """Return `url` with a text fragment that lands on `words` (one unbroken stretch of the page's text)."""
    base = url.partition("#")[0]
    tokens = words.strip(_EDGES).split()
    if not tokens:
        return base
    if len(tokens) <= 2 * WORDS_AT_END:
        return f"{base}#:~:text={_encode(tokens)}"
    return f"{base}#:~:text={_encode(tokens[:WORDS_AT_END])},{_encode(tokens[-WORDS_AT_END:])}"


# The parameter for the second at which a player starts, by host; in the query, or after "#".
_PLAYERS = {"youtube.com": "?t", "youtu.be": "?t", "bilibili.com": "?t", "vimeo.com": "#t", "ted.com": "?t"}
_PLAYERS |= {"c-span.org": "?start", "twitch.tv": "?t", "soundcloud.com": "#t"}
_MEDIA = (".mp3", ".m4a", ".mp4", ".m4v", ".ogg", ".oga", ".ogv", ".opus", ".webm", ".wav", ".flac", ".aac")


def link_to_second(url: str | None, second: float | None) -> str | None:
    """Return `url` so that it plays from `second`; None where the syntax of its player is not known.

    >>> link_to_second("https://talks.example/7.mp3", 83.4)
    'https://talks.example/7.mp3#t=83'
    """
    if url is None or second is None or not is_web_address(url):
        return None
    base, at = url.partition("#")[0], int(second)
    parts = urlsplit(base)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.").removeprefix("player.")
    if parts.path.lower().endswith(_MEDIA):
        return f"{base}#t={at}"
    if host not in _PLAYERS:
        return None
    place, name = _PLAYERS[host][0], _PLAYERS[host][1:]
    if place == "#":
        return f"{base}#{name}={at}s"
    query = "&".join(part for part in parts.query.split("&") if part and not part.startswith(f"{name}="))
    unit = "s" if host in ("youtube.com", "youtu.be", "twitch.tv") else ""
    return parts._replace(query="&".join(filter(None, (query, f"{name}={at}{unit}")))).geturl()


def clock_time(second: float | None) -> str:
    """Return `second` of a recording as players show it, 1:02:03 or 2:03; "" where it is not known."""
    if second is None:
        return ""
    hours, rest = divmod(int(second), 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _encode(tokens: list[str]) -> str:
    return "".join(map(_ENCODED.__getitem__, " ".join(tokens).encode()))
