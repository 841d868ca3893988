"""What has the shape of a name: a Chinese full name, a foreign name of one part, and words that are none."""

from __future__ import annotations

import re

from openrace.extract.chinese import patterns, wordclass
from openrace.extract.chinese.segmentation import Word, is_common_word, words_of

_OF_CHINA_RE = re.compile(r"^\*?(?:ST)?中")  # 中芯国际, *ST中某
_FULL = 3  # characters of most full names
_POINTING = frozenset("该这那此我你您其")
FUNCTION_RE = re.compile(
    r"[你我您该的了是在不这那对把被将着过个些很最吧吗呢只从让使给因所时后中已会可能应并或若如]"
)
NO_SPEAKER_RE = re.compile(
    r"(?:[上中下里内前]|结果|数据|事实|经验|实践|消息|情况|历史|理论|图片|市场|原因|目的|证据|迹象|趋势|核心|歌词|格局|形势|走势|误差条|问题|方式|方向|内容|作用|明显|充分|成绩|行为|"
    r"表现|目标|意见|观点|看法|态度|立场|价格|股价|指数|模型|产品|技术|系统|算法|颜色|数字|箭头|括号|字母|符号|条款|合同|协议|规定|法律|代码)$"
)


def leading_length(phrase: str) -> int:
    """Return how many characters at the start are connectives and times.

    A name that begins like one stays.
    """
    match = patterns.LEADING_RE.match(phrase)
    if match is None or is_person(phrase):
        return 0
    return match.end()


def leading_here(masked: str, start: int, end: int) -> int:
    """Return how many characters lead to a name, 0 where it is never without them here: 和铂医药."""
    length = leading_length(masked[start:end])
    for shortest, least in ((3, 2), (2, 3)):
        whole = masked[start : min(end, start + shortest)]
        if length == 1 and len(whole) == shortest and masked.count(whole) >= least:
            return 0 if masked.count(whole) == masked.count(whole[1:]) else length
    return length


def is_person(phrase: str) -> bool:
    """Whether `phrase` has the shape of a Chinese person's full name and is no common word."""
    if phrase in patterns.NOT_PERSONS or not 2 <= len(phrase) <= 4 or phrase[-1] in wordclass.NOT_IN_NAMES:
        return False
    if len(phrase) == 2 and phrase[1] in "于和与在对向":
        return False
    compound = phrase[:2] in patterns.COMPOUND_SURNAMES
    fits = 3 <= len(phrase) <= 4 if compound else len(phrase) <= 3
    if phrase[-1] in "局部署院会厅所社" and is_common_word(phrase):
        return False
    return (
        fits and patterns.PERSON_RE.fullmatch(phrase) is not None and phrase[:2] not in patterns.NOT_PERSONS
    )


def is_foreign(phrase: str) -> bool:
    """Whether `phrase`, behind a title, can be a foreign name of one part (奥特兰)."""
    if patterns.FOREIGN_RE.fullmatch(phrase) and not is_common_word(phrase):
        return True
    if not re.fullmatch(r"[\u4e00-\u9fff]{2,5}", phrase) or has_function_word(phrase):
        return False
    if all(word.is_common for word in words_of(phrase)):
        return False
    return not any(
        r.search(phrase)
        for r in (patterns.TITLE_RE, patterns.ORGANISATION_RE, patterns.ANONYMOUS_RE, NO_SPEAKER_RE)
    )


def has_function_word(phrase: str) -> bool:
    """Whether a function word stands in `phrase`, and not only its character in a name: 贝瑞基因, 上交所."""
    phrase = _OF_CHINA_RE.sub("", phrase)
    if FUNCTION_RE.search(phrase) is None:
        return False
    if phrase[0] in _POINTING:
        return True
    words = words_of(phrase)
    return any(FUNCTION_RE.search(word.text) and not _is_noun_or_name(word) for word in words)


def _is_noun_or_name(word: Word) -> bool:
    if len(word.text) == 1 or not word.is_nominal:
        return False
    return word.is_known or not FUNCTION_RE.search(word.text[0] + word.text[-1])


def is_name_word(phrase: str) -> bool:
    """Return whether `phrase` is, whole, a name that the dictionary has: 阿里."""
    words = words_of(phrase)
    return len(words) == 1 and words[0].is_known and not words[0].is_common


def start_behind_noun(phrase: str) -> int | None:
    """Return where a person's name begins behind a noun for people, or a full name behind any one noun.

    从业者/陈某某, 账房/沈某某.
    """
    cut, words = 0, words_of(phrase)
    for word in words:
        cut += len(word.text)
        name = phrase[cut:]
        if word.text in wordclass.NO_PEOPLE or name[:1] in wordclass.JOINING or FUNCTION_RE.match(name):
            continue
        people = len(word.text) > 1 and word.text[-1] in wordclass.PEOPLE_ENDINGS
        alone = len(words) == 2 and word.is_common and len(name) == _FULL and words[1].word_class == "nr"
        if word.word_class == "n" and (people or alone) and is_person(name) and not is_common_word(name):
            return cut
    return None
