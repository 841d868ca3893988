"""Words as the full-text index sees them, the same for what is stored and for what is asked.

What a person types is a list of words and "phrases", all of which must occur; ``-word`` must not, and
``OR`` between two asks for either. It is translated into an FTS5 expression in which every term is
quoted, so that nothing that is typed can be an FTS5 operator by accident.
"""

from __future__ import annotations

import re

from openrace.errors import ConfigError
from openrace.scripts import UNSPACED, characters, to_simplified

_TERM = re.compile(r'(?P<minus>-)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')


def set_apart(text: str) -> str:
    """Return `text` in simplified script, a space around every character of a script that writes none.

    Of Han and kana unicode61 would make one long word; and 開源 is asked for as 开源.
    """
    return text if text.isascii() else characters(UNSPACED).sub(r" \g<0> ", to_simplified(text))


def apart(text: str | None) -> str | None:
    """Return `text` set apart, None where that changes nothing."""
    spaced = set_apart(text or "")
    return spaced if spaced != (text or "") else None


def fts_expression(words: str) -> str:
    """Return the FTS5 expression of `words` as typed. Raises ConfigError where there is none."""
    words = re.sub("[“”„«»]", '"', words)
    if words.count('"') % 2:
        raise ConfigError(words, "a quotation mark is missing", 'a phrase stands between two: "open source"')
    wanted: list[list[str]] = []
    unwanted: list[str] = []
    join = False
    for term in _TERM.finditer(words):
        if term["word"] == "OR" and not term["minus"]:
            if not wanted or join:
                raise ConfigError(words, "OR needs a word on each side", "write: chips OR models")
            join = True
            continue
        text = term["phrase"] if term["phrase"] is not None else term["word"]
        if not re.search(r"\w", text):
            continue
        if term["minus"]:
            unwanted.append(_term(text))
        elif join:
            wanted[-1].append(_term(text))
            join = False
        else:
            wanted.append([_term(text)])
    if join:
        raise ConfigError(words, "OR needs a word on each side", "write: chips OR models")
    if not wanted:
        raise ConfigError(words, "there is no word to search for", "add one that must occur")
    found = " AND ".join(f"({' OR '.join(either)})" for either in wanted)
    return f"({found}) NOT ({' OR '.join(unwanted)})" if unwanted else found


def _term(text: str) -> str:
    """Return one term as FTS5: a word that ends with ``*`` stands for all that begin so."""
    return _quote(text[:-1]) + " *" if text.endswith("*") and re.search(r"\w\*$", text) else _quote(text)


def speaker_expression(*names: str) -> str:
    """Return the FTS5 expression for the claims of speakers with the words of one of `names`."""
    either = " OR ".join(_quote(name.replace("-", " ")) for name in dict.fromkeys(names))
    return f"{{speaker}} : ({either})"


def _quote(text: str) -> str:
    """Return `text` as an FTS5 string; what no index holds (controls, halves of characters) is left out."""
    return '"' + set_apart("".join(c if c.isprintable() and c != '"' else " " for c in text)).strip() + '"'


def matcher_of(words: str) -> re.Pattern[str] | None:
    """Return a pattern for the words that were asked for, to mark them; diacritics are not looked through."""
    terms = [
        r"\W+".join(map(re.escape, re.findall(r"\w+", term["phrase"] or term["word"] or "")))
        for term in _TERM.finditer(re.sub("[“”„«»]", '"', words))
        if not term["minus"] and term["word"] != "OR"
    ]
    terms = [rf"(?<!\w){term}(?!\w)" if term.isascii() else term for term in terms if term]
    return re.compile("|".join(terms), re.IGNORECASE) if terms else None
