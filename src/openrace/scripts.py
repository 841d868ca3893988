"""Which script a text is in, and traditional Chinese in simplified characters.

The ranges are those of the Unicode blocks, written once for the whole program, to stand inside a class of
a regular expression. OpenCC is loaded by the first text in Han characters, not by an import.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
KANA = "\u3041-\u3096\u30a1-\u30fa"
HANGUL = "\uac00-\ud7af"
# Written without spaces between words: a word for an index is one character (々〆〇, kana, bopomofo, Han).
UNSPACED = f"\u3005-\u3007\u3040-\u30ff\u3100-\u312f{HAN}"
EAST_ASIAN = f"{UNSPACED}{HANGUL}"
_OTHER_LETTERS = rf"^\W\d_{HAN}\u3040-\u30ff"


@cache  # compiled when first needed: a search in ASCII ends sooner than that takes
def characters(ranges: str, run: str = "") -> re.Pattern[str]:
    """Return the pattern of one character in `ranges`, or of a run of them where `run` is "+"."""
    return re.compile(f"[{ranges}]{run}")


def has_han(text: str) -> bool:
    """Return whether any Han character occurs in `text`."""
    return not text.isascii() and characters(HAN).search(text) is not None


def is_chinese(text: str) -> bool:
    """Return whether `text` is Chinese: at least as many Han characters as words of other scripts.

    Japanese is told apart by its kana: one to ten Han characters already speaks for it.
    """
    han = len(characters(HAN).findall(text))
    if han < 2 or 10 * len(characters(KANA).findall(text)) > han:
        return False
    return han >= len(characters(_OTHER_LETTERS, "+").findall(text))


def to_simplified(text: str) -> str:
    """Return `text` with traditional characters simplified, of the same length: every offset stays valid.

    OpenCC reads phrases (乾净 → 干净, but 乾隆); where a phrase would change the length, characters are
    converted one by one.
    """
    if not has_han(text):
        return text
    converted = _converter()(text)
    return converted if len(converted) == len(text) else "".join(map(_simplified_character, text))


@cache
def _converter() -> Callable[[str], str]:
    from opencc import OpenCC

    convert: Callable[[str], str] = OpenCC("t2s").convert
    return convert


@cache
def _simplified_character(character: str) -> str:
    converted = _converter()(character)
    return converted if len(converted) == 1 else character
