"""Where the name in a mention begins and ends: the words in front of it and behind it cut off.

The shapes in `noun_phrases` know characters and no words, so that 奥特曼改口 or 之前俞永福 passes for a name.
Here the words of a mention are looked at, and how often the article has the shorter name alone. What has
no name left in it is no source.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from openrace.extract.chinese import patterns, wordclass
from openrace.extract.chinese.name_shapes import is_person, leading_length
from openrace.extract.chinese.noun_phrases import SourcePhrase, read_noun_phrase
from openrace.extract.chinese.segmentation import Word, is_common_word, words_of
from openrace.records import Span

_NEAR = 4_000  # characters around a mention in which a shorter name is looked for
_DOT_RE = re.compile("[·•・‧∙-]")
_SPACE_RE = re.compile("(?<=[\u4e00-\u9fff]) +(?=[\u4e00-\u9fff])")
_HAN_RE = re.compile("[\u4e00-\u9fff]+")
_UNSHAPED_RE = re.compile("(?![该这那此我你您其有])[一-鿿]{3,6}(?<![的了是])")
_VERBAL = frozenset("v vn vd vi d p c f t r a ad s m q uj ul uz u k zg i l z b".split())
_ENDS_NAME = frozenset("v vn vd d p c t r uj ul l i".split())  # classes that no name goes on with
_BEHIND_HOUSE = frozenset("a ad d".split())  # classes that go on with no name of an organisation
_ENDS_DOTTED = _VERBAL | {"n"}
_BEFORE_NAME = frozenset("n v vn b q uj f t d".split())  # classes that stand before a name
_MODIFIERS = frozenset("a b d f m r v".split())  # classes of a surname that goes with a common word: 全/版本
_AUDIENCE = frozenset(wordclass.AUDIENCE_WORDS.split())
_ADDRESSING = frozenset("对 向 跟 给".split())
_LEADS_IN = frozenset(wordclass.BEFORE_A_NAME.split())
_CLAUSE_ADVERBS = frozenset(wordclass.CLAUSE_ADVERBS.split())
_IN_COMPANY_NAMES = tuple(wordclass.IN_COMPANY_NAMES.split())
_GROUPS = frozenset(wordclass.COMMON_SPEAKERS.split())
_SHORT_ENDS = frozenset("的就也又还已做来")  # words of one character that end a name
_WELL_KNOWN = 3  # times that the article has a person's name that a longer phrase begins with
_SPEAKS = 2  # times that what may be no name stands where a name does
_SAYS = patterns.one_of("表示 指出 认为 强调 透露 坦言 告诉 称 说 指")
_SHORTEST = 2  # characters of a name


def read_mention(text: str, masked: str, start: int, end: int) -> SourcePhrase | None:
    """Return whom `text[start:end]` names, by no more words than the name has; None where it names nobody."""
    found = read_noun_phrase(text, masked, start, end)
    return with_edges(found, masked) if found else _told_by_place(text, masked, start, end)


def _told_by_place(text: str, masked: str, start: int, end: int) -> SourcePhrase | None:
    """Return a name of no known shape that stands where names do again and again: 隆基绿能."""
    start += leading_length(masked[start:end])
    phrase = masked[start:end].rstrip(patterns.BRACKETED + " ").removesuffix("方面")
    if not _UNSHAPED_RE.fullmatch(phrase) or all(word.is_known for word in words_of(phrase)):
        return None
    if patterns.NOBODY_RE.search(phrase) or not _speaks_elsewhere(phrase, start, masked):
        return None
    span = Span(start, start + len(phrase))
    return SourcePhrase("name", text[span.start : span.end], span)


def with_edges(found: SourcePhrase | None, masked: str) -> SourcePhrase | None:
    """Return the mention with what is no part of the name cut off; None where no name is left."""
    if found is None or found.latin or found.is_titled:
        return found
    phrase = masked[found.span.start : found.span.end]
    if phrase in patterns.ORGANISATION_NAMES:
        return found
    if found.kind == "person":
        return _person(found, phrase, masked)
    if found.kind == "name":
        return _of_unknown_kind(found, phrase, masked)
    if found.kind == "organisation":
        return _organisation(found, phrase)
    return _role(found, phrase) if found.kind == "role" else found


def _role(found: SourcePhrase, phrase: str) -> SourcePhrase | None:
    """Return a role without what leads to it; None for a clause that only ends like one: 令投资者."""
    begin = _behind_space(phrase)
    words = words_of(phrase[begin:])
    while len(words) > 1 and words[0].text in _LEADS_IN:
        begin, words = begin + len(words[0].text), words[1:]
        if words[0].is_known and words[0].word_class == "v" and words[0].text not in _LEADS_IN:
            return None
    if any(word.text in _CLAUSE_ADVERBS for word in words[1:]) and "的" not in phrase:
        return None
    first, single = words[0], len(words[0].text) == 1
    joins = first.is_known and (first.word_class in ("p", "c") or (first.word_class == "v" and single))
    return None if joins and "的" not in phrase[begin:] else _part(found, begin, len(phrase))


def _behind_space(phrase: str) -> int:
    """Return where the last of the parts begins that spaces set apart in Chinese text."""
    spaces = [match.end() for match in _SPACE_RE.finditer(phrase)]
    return spaces[-1] if spaces else 0


def _part(found: SourcePhrase, begin: int, end: int) -> SourcePhrase:
    """Return the mention of the characters from `begin` to `end` of the name alone."""
    start = found.span.start
    return replace(found, name=found.name[begin:end], span=Span(start + begin, start + end))


def _person(found: SourcePhrase, phrase: str, masked: str) -> SourcePhrase | None:
    if _DOT_RE.search(phrase):
        return _dotted(found, phrase)
    if not _HAN_RE.fullmatch(phrase):
        return found
    words = words_of(phrase)
    if is_person(phrase):
        named = _speaks_elsewhere(phrase, found.span.start, masked)
        if len(words) > 1 and not (found.title or named) and _is_preposition(words, found.span.start, masked):
            return None
        if not named and not patterns.TITLE_RE.search(found.title) and _is_ordinary(words):
            return None
        return _part(found, 0, _end_by_count(phrase, found.span.start, masked))
    end = _end_of_name(words)
    left = words_of(phrase[:end])
    nothing = len(left) == 1 or any(word.word_class != "n" for word in left)
    if end < _SHORTEST or (nothing and all(word.is_common for word in left)):
        return None
    return _part(found, 0, end)


def _speaks_elsewhere(phrase: str, at: int, masked: str) -> bool:
    """Return whether `phrase` stands twice or more where a name does: before a cue, or behind a title."""
    near = masked[max(0, at - _NEAR) : at + _NEAR]
    if near.count(phrase) < _SPEAKS:
        return False
    before_cue = re.findall(f"(?:^|[^\u4e00-\u9fff]){phrase}(?:{_SAYS})", near)
    titled = re.findall(f"{patterns.TITLE_RE.pattern}{phrase}", near)
    return len(before_cue) + len(titled) >= _SPEAKS


def _is_ordinary(words: Sequence[Word]) -> bool:
    """Whether the words are no name: 全功能 is one word, 成绩/来 a noun and a verb."""
    first, *behind = words
    if not first.is_common or first.word_class == "t":
        return False
    is_noun = first.word_class == "n" and len(first.text) > 1
    return not behind or (is_noun and behind[0].is_known and behind[0].word_class in _ENDS_NAME)


def _is_preposition(words: Sequence[Word], at: int, masked: str) -> bool:
    """Whether a surname is a word of its own there: 向/婆婆, 全/版本, and not 于/东来, named again."""
    behind = "".join(word.text for word in words[1:])
    known = is_common_word(behind) and words_of(behind)[0].word_class != "t"
    if known and words[0].word_class in _MODIFIERS:
        return True
    return words[0].word_class == "p" and (known or near_count(words[0].text + behind, at, masked) == 1)


def _dotted(found: SourcePhrase, phrase: str) -> SourcePhrase | None:
    """Return a foreign name without what is around it; what it owns or leads is a role."""
    if re.search("[A-Za-z]", phrase) or patterns.ORGANISATION_RE.search(phrase):
        return found
    begin, end = _start_of_dotted(phrase), _end_of_dotted(phrase)
    if "的" in phrase[end:]:
        return replace(found, kind="role")
    return _part(found, begin, end)


def _end_by_count(phrase: str, at: int, masked: str) -> int:
    """Return where a name ends that the article has more often without the last characters: 王青/也."""
    near = masked[max(0, at - _NEAR) : at + _NEAR]
    whole = near.count(phrase)
    for end in range(len(phrase) - 1, 1, -1):
        alone = (
            len(re.findall(f"{phrase[:end]}(?!{phrase[end]}){patterns.AFTER_NAME}", near))
            if is_person(phrase[:end])
            else 0
        )
        if alone >= whole:
            return end
    return len(phrase)


def _end_of_name(words: Sequence[Word]) -> int:
    """Return where the first word begins that no name goes on with, but for the first one."""
    end = 0
    for index, word in enumerate(words):
        behind_group = word.word_class == "d" and words[index - 1].text[-1] in wordclass.GROUP_ENDINGS
        long_enough = len(word.text) > 1 or word.text in _SHORT_ENDS or behind_group
        if index and word.is_known and word.word_class in _ENDS_NAME and long_enough:
            return end
        if index and word.is_known and word.word_class in _BEHIND_HOUSE and _is_house(words[index - 1].text):
            return end
        if index and word.word_class == "m" and word.text[0].isdigit():
            return end
        end += len(word.text)
    return end


def _is_house(word: str) -> bool:
    """Whether the name of an organisation ends with the word: 证券, 银行."""
    return len(word) > 1 and patterns.ORGANISATION_RE.fullmatch(word) is not None


def _end_of_dotted(phrase: str) -> int:
    """Return where a foreign name ends: 马克·托贝罗夫/致信."""
    last = [match.end() for match in _DOT_RE.finditer(phrase)][-1]
    last += len(phrase[last:]) - len(phrase[last:].lstrip())
    end = last
    for word in words_of(phrase[last:]):
        long_enough = len(word.text) > 1 or word.text in _SHORT_ENDS
        if end > last and word.is_common and word.word_class in _ENDS_DOTTED and long_enough:
            break
        end += len(word.text)
    return end if end - last > 1 else len(phrase)


def _start_of_dotted(phrase: str) -> int:
    """Return where a foreign name begins: 对冲基金大佬/吉姆·查诺斯."""
    dot = _DOT_RE.search(phrase)
    words = words_of(phrase[: dot.start()]) if dot else ()
    begin = place = 0
    for word in words[:-1]:
        place += len(word.text)
        joins = word.word_class in ("c", "p")
        if word.is_common and (joins or (word.word_class in _BEFORE_NAME and (len(word.text) > 1 or begin))):
            begin = place
    return begin


def _of_unknown_kind(found: SourcePhrase, phrase: str, masked: str) -> SourcePhrase | None:
    """Return a short bare phrase without the words around its name; None for a common word."""
    words, first = words_of(phrase), words_of(phrase)[0]
    if first.text in ("前述", "上述"):
        return None
    if patterns.FOREIGN_RE.fullmatch(phrase) and not (len(words) == 1 and first.is_common):
        return found
    if len(words) == 1:
        return None if first.is_common and not _is_group(phrase) else found
    if person := _person_at_end(words, found.span.start, masked):
        return replace(_part(found, len(phrase) - len(person), len(phrase)), kind="person")
    if near_count(phrase, found.span.start, masked) > 1 and first.text not in _AUDIENCE:
        return found
    if _begins_with_a_person(words, found.span.start, masked):
        return _part(found, 0, len(first.text))
    if first.is_known and all(word.word_class in _VERBAL for word in words):
        return None
    if first.text in _AUDIENCE or (first.is_known and first.word_class in ("d", "p", "c", "v")):
        return _behind(found, phrase, len(first.text)) if first.text in _LEADS_IN else None
    if first.text in _LEADS_IN:
        return _behind(found, phrase, len(first.text))
    end = _end_of_name(words)
    if end == len(phrase) or phrase[end:].startswith(_IN_COMPANY_NAMES):
        return found
    kept = words_of(phrase[:end])
    ordinary = len(kept) == 1 and (kept[0].is_common or kept[0].word_class == "ns")
    if end < _SHORTEST or (ordinary and not _is_group(phrase[:end])):
        return None
    return _part(found, 0, end)


def _begins_with_a_person(words: Sequence[Word], at: int, masked: str) -> bool:
    """Return whether a phrase begins with a person whom the article names often: 周鸿祎/发视频."""
    name = words[0]
    shaped = name.word_class in ("nr", "nrfg", "x") and is_person(name.text)
    return shaped and len(words) > 1 and near_count(name.text, at, masked) >= _WELL_KNOWN


def _person_at_end(words: Sequence[Word], at: int, masked: str) -> str | None:
    """Return the person whose name ends a phrase and stands elsewhere without the words before it."""
    phrase = "".join(word.text for word in words)
    for length in (3, 2):
        name = phrase[-length:]
        alone = near_count(name, at, masked) - near_count(phrase, at, masked)
        if (
            len(phrase) > length + 1
            and alone >= _WELL_KNOWN
            and words[-1].word_class == "nr"
            and is_person(name)
        ):
            return name if words[-1].text == name else None
    return None


def _is_group(word: str) -> bool:
    """Whether a common word means people who can speak: 警方, 家属."""
    return word[-1] in wordclass.GROUP_ENDINGS or word in _GROUPS


def near_count(phrase: str, at: int, masked: str) -> int:
    """Return how often the article has `phrase` around `at`."""
    return masked[max(0, at - _NEAR) : at + _NEAR].count(phrase)


def _behind(found: SourcePhrase, phrase: str, begin: int) -> SourcePhrase | None:
    """Return the name behind a word that leads to it: 隔夜/鲍威尔."""
    rest = phrase[begin:]
    ordinary = all(word.is_common for word in words_of(rest)) and not _is_group(rest)
    return None if len(rest) < _SHORTEST or ordinary else _part(found, begin, len(phrase))


def _organisation(found: SourcePhrase, phrase: str) -> SourcePhrase | None:
    """Return the organisation without what leads to it; None for a clause that only ends like one."""
    begin = max(_behind_space(phrase), phrase.rfind("旗下", 0, -_SHORTEST) + 2 if "旗下" in phrase else 0)
    words = words_of(phrase[begin:])
    while len(words) > 1 and words[0].text in _LEADS_IN:
        begin, words = begin + len(words[0].text), words[1:]
    verbs = [word.is_known and word.word_class == "v" and len(word.text) > 1 for word in words[:2]]
    if (
        words[0].text in _AUDIENCE
        or any(word.text in _ADDRESSING for word in words)
        or (len(verbs) > 1 and all(verbs))
        or any(word.text in _CLAUSE_ADVERBS for word in words)
    ):
        return None
    if all(word.is_common for word in words) and not _is_group(phrase) and phrase.endswith("投资"):
        return None
    ordinary = len(words) == 1 and words[0].is_common and not _is_group(phrase)
    if ordinary and (len(phrase) == _SHORTEST or not patterns.ORGANISATION_RE.search(phrase)):
        return None
    return _part(found, begin, len(phrase))
