"""Wordings: what is left of a quote when desks' choices are taken away, one code point a word.

Two desks print one sentence with other marks, case, spelling, contractions and Unicode forms. `words`
undoes these, and `encode` writes each word as one code point, so that a wording is a short string that
compares fast, and three words in a row (the shingles that find candidates) fit into one 63-bit integer.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterator
from functools import lru_cache

from openrace.scripts import EAST_ASIAN as _CJK
from openrace.scripts import to_simplified

# Apostrophes become one; what has no width goes; other marks separate words anyway.
_MARKS = str.maketrans(dict.fromkeys("’‘ʼ`´′＇", "'") | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_TYPOGRAPHY = (("’", "'"), ("‘", "'"), ("“", " "), ("”", " "), ("—", " "), ("–", " "), ("…", "..."))
_WORD = re.compile(
    rf"\d+(?:[.,]\d+)*|[a-z]\*|[{_CJK}]|[^\W\d_{_CJK}]+(?:'[^\W\d_{_CJK}]+)*|%|\.(?:\s?\.){{2,}}"
)
_LATIN_WORD = re.compile(r"\d+(?:[.,]\d+)*|[a-z]\*|[a-z]+(?:'[a-z]+)*|%|\.(?:\s?\.){2,}")  # for ASCII: faster
_LETTER_IN_BRACKETS = re.compile(r"\[(\w{1,2})\](?=\w)")  # "[w]e"
_POINTED = re.compile(r"(?<![^\W\d_])(?:[a-z]\.){2,}(?![^\W\d_])")  # "f.b.i.", lower case
_INITIAL = re.compile(r"\.[a-z]\.")  # in each of these: finding it costs a tenth
_MASKED = re.compile(r"(?<![^\W_])([a-z])[a-z]?(?:\*+|-{3,}|_{3,})[a-z]*")  # "b----", "f**k"
_PREFIXED_E = re.compile(r"(?<![^\W_])e-(?=mail|commerce|book)")
_BRACKETS = re.compile(r"\[[^\[\]]*\]")  # the editor's words, not the speaker's

_CONTRACTIONS = {
    "can't": "can not", "cannot": "can not", "won't": "will not", "shan't": "shall not", "ain't": "is not",
    "let's": "let us", "gonna": "going to", "gotta": "got to", "wanna": "want to", "'em": "them",
    "y'all": "you all", "okay": "ok", "%": "percent", "cause": "because",
}  # fmt: skip
_ABBREVIATIONS = {
    "gen": "general", "sen": "senator", "gov": "governor", "rep": "representative", "dept": "department",
    "govt": "government", "pres": "president", "feds": "federal",
}  # fmt: skip
# Figures that desks write as words; larger numbers stand in figures everywhere.
_FIGURES = dict(
    zip(
        "0 1 2 3 4 5 6 7 8 9 10 11 12 20 30 40 50 60 70 80 90 100".split(),
        "zero one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty sixty"
        " seventy eighty ninety hundred".split(),
        strict=True,
    )
)
# Oaths that desks mask: the first letter is what every print leaves of them.
_OATHS = frozenset(
    "asshole bastard bitch bullshit cocksucker damn fuck fucked fucker fucking goddamn motherfucker"
    " motherfucking shit shitty".split()
)
_ENDINGS = {"n't": "not", "'re": "are", "'m": "am", "'ve": "have", "'ll": "will", "'d": "would"}
_IS_AFTER = frozenset(("it", "that", "he", "she", "there", "here", "what", "who", "where", "how", "this"))
_SPELLINGS = tuple(  # with letters that each needs: most words have none of them
    (needed, re.compile(pattern), form)
    for needed, pattern, form in (
        ("is", r"(?<=[a-z]{3})is(e|ed|es|ing|ation|ations)$", r"iz\1"),  # organise, organisation
        ("our", r"^(.*(?:col|lab|hon|fav|hum|rum|vap|harb|val|avi|ghb|eav|arm|dem))our", r"\1or"),
        ("re", r"^(cent|theat|met|lit|fib)re$", r"\1er"),
        ("nce", r"^((?:de|of)fen|licen)ce$", r"\1se"),
        ("ll", r"ll(?=(?:ed|ing|er|ers)$)", "l"),  # travelled
        ("logue", r"^((?:dia|cata|ana|mono)log)ue", r"\1"),
        ("programme", r"^programme", "program"),
    )
)
_SINGULAR = re.compile(r"^(.{3,}?)(?:(?<=[sxz])es|(?<=[cs]h)es|(?<![su'])s)$")


@lru_cache(maxsize=1 << 18)
def _canonical(word: str) -> tuple[str, ...]:
    """One printed word, lower case, as the words that stand for it in every spelling."""
    if word[0].isdigit():
        figure = word.replace(",", "")
        return (_FIGURES.get(figure, figure),)
    if word in _CONTRACTIONS:
        return tuple(_CONTRACTIONS[word].split())
    if word in _OATHS:
        return (f"{word[0]}*",)
    word = _ABBREVIATIONS.get(word, word)
    if "'" in word:
        return _uncontracted(word)
    for needed, pattern, form in _SPELLINGS if len(word) > 4 else ():
        if needed in word:
            word = pattern.sub(form, word)
    return (_SINGULAR.sub(r"\1", word) if word[-1] == "s" else word,)


def _uncontracted(word: str) -> tuple[str, ...]:
    """Return the words that one with an apostrophe stands for."""
    for ending, full in _ENDINGS.items():
        if word.endswith(ending):
            before = word[: -len(ending)]
            return (*_canonical(before), full) if before else (full,)
    if word.endswith("'s"):
        stem = word[:-2]
        return (stem, "is") if stem in _IS_AFTER else _canonical(stem) if stem else ()
    return _canonical(word.replace("'", ""))


def words(text: str) -> list[str]:
    """Return the words of `text` in their common form; what an editor put in brackets is left out.

    >>> words("We’re GOING to carpet-bomb [them], 2,600 per cent …")
    ['we', 'are', 'going', 'to', 'carpet', 'bomb', '2600', 'percent']
    """
    return [form for word in _printed(text) if word[0] != "." for form in _canonical(word)]


def _printed(text: str) -> list[str]:
    """Return the words and ellipses of `text` as they stand, lower case, with one kind of apostrophe."""
    if not text.isascii():
        for mark, plain in _TYPOGRAPHY:
            text = text.replace(mark, plain)
    if "[" in text:
        text = _BRACKETS.sub(" ", _LETTER_IN_BRACKETS.sub(r"\1", text))
    pattern = _LATIN_WORD
    if not text.isascii():
        text = unicodedata.normalize("NFKC", to_simplified(text).translate(_MARKS))
        pattern = _WORD
    return pattern.findall(_without_style(text.casefold()))


def _without_style(text: str) -> str:
    """Return lower-case text without what is a desk's style within words: points, masks, signs."""
    text = text.replace("per cent", "percent")
    if "&" in text:
        text = text.replace("&", " and ")
    if _INITIAL.search(text):
        text = _POINTED.sub(lambda letters: letters[0].replace(".", ""), text)
    if "---" in text or "*" in text or "__" in text:
        text = _MASKED.sub(r" \1* ", text)
    return _PREFIXED_E.sub("e", text) if "e-" in text else text


# How much a word tells, in eight steps. Words that every sentence has tell little; of the others the long
# ones are the rare ones (Piantadosi et al., 2011, "Word lengths are optimized for efficient communication").
# On labelled news quotes this did as well as weights counted from the quotes themselves (pair F1 .78 against
# .76 with the same model), and unlike those it never changes, so that yesterday's families hold tomorrow.
COMMON, SHORTEST, PER_LETTER, MOST = 0.5, 1.5, 0.5, 5.0
WEIGHTS = (COMMON, *(min(SHORTEST + PER_LETTER * n, MOST) for n in range(1, 8)))
_BY_BYTE = WEIGHTS * 32  # the weight by the lowest byte of a code point
_COMMON = """
    the a an of to in and that is was for on it with as be at by this have from or are we they he she his
    her you i not but all who what so their our will would ha has had were been do if there can about which
    when them out up more my no one just than then into your its only some could other also me him u us how
    because very even am any doe did going go get got like said say thi hi wa
"""
_COMMON_WORDS = frozenset(_COMMON.split())
# Chinese characters that every sentence has: particles, pronouns, auxiliaries, measure words.
_COMMON_HAN = frozenset(
    "的了是在有和就不人我你他她它们这那也都很还会要能可以对为与及而但并或被把将从到于之其等个一上下中里说去来得地着过"
    "吗呢吧啊最更又再没些么什如因所让给向跟比只才已自己时后前大多做想看好"
)
# A Chinese word has some 1.6 characters; what counts words in a row counts characters as parts of one.
HAN_WORD = 0.6
# Where words lie in the code: first Han characters, each its own; then figures; then all others.
_HAN_FIRST, _HAN_CODES, _FIGURE_CODES, _OTHER_CODES = 0x4E00, 20_992, 4_000, 113_000
_FIRST_CODE, _SURROGATES, _SURROGATE_CODES = 8, 0xD800, 0x800
_FIRST_FIGURE = _FIRST_CODE + 8 * _HAN_CODES + _SURROGATE_CODES
_FIRST_OTHER = _FIRST_FIGURE + 8 * _FIGURE_CODES
HAN_CODES = range(_FIRST_CODE, _FIRST_FIGURE)  # of Chinese characters
_AMOUNTS = frozenset(_FIGURES.values()) - {"zero", "one"}  # "one" is a pronoun as well


def code_point(word: str) -> str:
    """Return the character that stands for `word`: a hash whose lowest three bits are its weight class.

    NUL and surrogates are left out. Two given words of one weight share a character by chance once in
    113,000, two figures once in 4,000; a pair of quotes is then judged a little too alike.
    """
    common = word in _COMMON_WORDS or word in _COMMON_HAN
    code = _FIRST_CODE + 8 * _place(word) + (0 if common else min(len(word), 7))
    return chr(code if code < _SURROGATES else code + _SURROGATE_CODES)


def _place(word: str) -> int:
    if len(word) == 1 and 0 <= ord(word) - _HAN_FIRST < _HAN_CODES:
        return ord(word) - _HAN_FIRST
    digest = zlib.crc32(word.encode())
    if word[:1].isdigit() or word in _AMOUNTS:
        return _HAN_CODES + digest % _FIGURE_CODES
    return _HAN_CODES + _FIGURE_CODES + digest % _OTHER_CODES


_FIGURE_CODE = re.compile(f"[{chr(_FIRST_FIGURE)}-{chr(_FIRST_OTHER - 1)}]")
_HAN_CODE = re.compile(f"[{chr(_FIRST_CODE)}-{chr(_FIRST_FIGURE - 1)}]")


def figures(wording: str) -> list[str]:
    """The words of an encoded wording that are figures, in digits or in letters."""
    return _FIGURE_CODE.findall(wording)


def is_han(word: str) -> bool:
    """Return whether an encoded word is a Chinese character."""
    return ord(word) < _FIRST_FIGURE


def word_count(wording: str) -> float:
    """How many words an encoded wording has, Chinese characters counted as parts of one."""
    if not _HAN_CODE.search(wording):
        return len(wording)
    return len(wording) - (1 - HAN_WORD) * len(_HAN_CODE.findall(wording))


def is_common(word: str) -> bool:
    """Whether `word` is one that every text has (or a single letter): it tells nothing by itself."""
    return word in _COMMON_WORDS or (len(word) == 1 and word.isascii())


def weights_of(wording: str) -> Iterator[float]:
    """Yield what each word of an encoded wording tells (the gap of surrogates keeps the lowest bits)."""
    return map(_BY_BYTE.__getitem__, wording.encode("utf-32-le")[::4])


def weight_of(wording: str) -> float:
    """Return what the words of an encoded wording tell together."""
    return sum(weights_of(wording))


def distinctive_words(wording: str) -> set[str]:
    """Return the words of an encoded wording that not every text has."""
    weighed = zip(wording, weights_of(wording), strict=True)
    return {word for word, weight in weighed if weight > COMMON and word != GAP}


class _Codes(dict[str, str]):
    """The code points of printed words, kept: few words make up most of any text."""

    def __missing__(self, word: str) -> str:
        if len(self) > _MOST_KEPT:
            self.clear()
        self[word] = code = GAP if word[0] == "." else "".join(map(code_point, _canonical(word)))
        return code


GAP = "\x01"  # stands for an ellipsis; no word has this code
_MOST_KEPT = 1 << 18
_CODES = _Codes()


def encode(text: str) -> str:
    """Return the wording of `text`: one code point a word (see `code_point`), GAP for an ellipsis within."""
    return "".join(map(_CODES.__getitem__, _printed(text))).strip(GAP)
