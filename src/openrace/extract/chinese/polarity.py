"""What a Chinese cue makes of its content: whether it was asserted, denied, questioned or held possible.

    denied       否认…  驳斥…的说法  不认为…  拒绝承认…
    questioned   问…  质疑…是否…  怀疑…; and what the cue leaves open, on no condition: 没有否认…  不排除…
    asserted     all else; also 无法否认…, and a denial's own words: 否认称，…  “我没拿。”某某否认道

What was never said is no claim: 没有说, 将表示, 拒绝评论, 如果某某说. `source_phrases` tells that.
"""

from __future__ import annotations

import re

from openrace.extract.chinese import patterns, reporting_words
from openrace.records import Polarity

_DENIAL_RE = re.compile(patterns.one_of(reporting_words.DENIALS))
_DOUBT_RE = re.compile(patterns.one_of(reporting_words.DOUBTS))
_ASKING_RE = re.compile(patterns.one_of(reporting_words.ASKING))
_OPINION_RE = re.compile(patterns.one_of(reporting_words.OPINIONS))
_OWN_WORDS_RE = re.compile(rf"{patterns.one_of(reporting_words.SAYING_TAILS)}$")
_UNDENIABLE = ("无法", "不能", "不可", "难以", "不容")


def can_be_negated(word: str) -> bool:
    """Return whether the cue still reports something when it is negated: 不认为, 没有否认, 不怀疑."""
    return any(listed.match(word) for listed in (_DENIAL_RE, _DOUBT_RE, _OPINION_RE))


def is_denial(word: str) -> bool:
    """Return whether the cue `word` denies what follows it."""
    return _DENIAL_RE.match(word) is not None


def is_asking(word: str) -> bool:
    """Return whether the cue `word` asks what follows it."""
    return _ASKING_RE.match(word) is not None


def polarity_of(word: str, negation: str, is_own_words: bool) -> Polarity:
    """Return the polarity that the cue `word` behind `negation` ("" where it is none) gives to its content.

    `is_own_words`: the content is a quotation that stands by itself, so a denial's words are in it.
    """
    if negation:
        return _when_negated(word, negation)
    if is_asking(word):
        return "questioned"
    if _OWN_WORDS_RE.search(word):
        return "asserted"
    if is_denial(word):
        return "asserted" if is_own_words else "denied"
    if _DOUBT_RE.match(word) and not is_own_words:
        return "questioned"
    return "asserted"


def _when_negated(word: str, negation: str) -> Polarity:
    """Return the polarity of a negated cue: a denial denied leaves the content open, an opinion is turned."""
    if word.startswith("排除"):  # 无法排除 says no more than 不排除
        return "questioned"
    if is_denial(word):
        return "asserted" if negation.startswith(_UNDENIABLE) else "questioned"
    if _DOUBT_RE.match(word):
        return "asserted"
    return "denied"


def is_rejected_view(word: str, negation: str, content: str) -> bool:
    """Return whether `content` only names a view that the cue rejects: 反驳了…的说法, 不相信…的说法."""
    return bool((negation or is_denial(word)) and patterns.REJECTED_RE.search(content))


def is_only_judged(word: str, content: str) -> bool:
    """Return whether `content` names a view that the cue only judges, and does not reject: 批评…的说法."""
    judges = patterns.JUDGING_RE.match(word) is not None and not is_denial(word)
    return judges and patterns.VIEW_RE.search(content) is not None
