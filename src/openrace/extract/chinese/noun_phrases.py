"""Noun phrases that can be a source: a person, an organisation, a role, a pronoun.

No dictionary of names: a phrase is told by its shape, closed classes first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from openrace.extract.chinese import patterns, wordclass
from openrace.extract.chinese.name_shapes import (
    FUNCTION_RE,
    NO_SPEAKER_RE,
    has_function_word,
    is_foreign,
    is_name_word,
    is_person,
    leading_here,
    start_behind_noun,
)
from openrace.extract.chinese.segmentation import is_common_word, splits_word, words_of
from openrace.extract.english.name_types import is_no_name
from openrace.records import Span

SourceKind = Literal["person", "surname", "pronoun", "organisation", "name", "company", "role", "anaphor",
                      "former", "latter", "group", "plural"]  # fmt: skip
_MAX_NOUN_PHRASE = 40
_SIDE = 2  # characters at least before 方面
_SHORT_LATIN = 4  # capitals that end a name in Han
_LONGEST_ANAPHOR = 16  # characters
_DOTTED_RE = re.compile(r"[\u4e00-\u9fff]{1,12}(?: ?[·•・‧∙-] ?[\u4e00-\u9fffA-Z.]{1,10}){1,3}$")
_LATIN_RE = re.compile(r"[A-Za-zÀ-ɏ][\wÀ-ɏ.&'’\-]*(?: [A-Za-zÀ-ɏ0-9][\wÀ-ɏ.&'’\-]*){0,4}$", re.ASCII)
_LATIN_TITLE_RE = re.compile(r"^(?:CEO|CTO|COO|CFO|CSO|VP|Dr\.?|Prof\.?|Mr\.?|Ms\.?)\s+", re.I)
_JOINT_RE = re.compile(r"(?<!共)和(?![解平谐])|与|及|、|以及")
_WITH_OTHERS_RE = re.compile(
    "(?<=..)(?:联合|携手|会同|连同)(?=其[他它余]|另|多[名位家]|数|[一两三四五六几十]|同僚|同事)"
)
_TITLE_THEN_RE = re.compile(f"{patterns.one_of(wordclass.TITLES)}的$")
_BODY_AND_FOREIGN_RE = re.compile(
    f".{{0,10}}(?:联储|央行|白宫|国会|参议院|众议院|[^家]政府|外交部|财政部|国务院|国防部)(?P<name>[{wordclass.FOREIGN_SOUNDS}]{{2,6}})"
)
_AS_RE = re.compile("作为[^，。]{1,40}的")  # 作为顾问的沈屿
CITED_RE = re.compile(r"^(?:[^，]{0,40}?)(?:援引|引述|引用|转述|转引|被(?!告))了?")
_BEHIND_LATIN_RE = re.compile(
    f"(?<=[A-Za-z.]) ?{patterns.one_of(wordclass.SURNAME_TITLES)}$"
)  # Ada Byte 教授
_TITLE_BEHIND_RE = re.compile(f"{patterns.one_of(wordclass.SURNAME_TITLES)}$")
# "1、", "* ", "某财讯 | " in front of a name; 据 behind a dateline
_ITEM_RE = re.compile(
    r"^(?:[上中里内]的|\d{1,2}[、.．)）] ?|\d{1,2}连板(?:公司|股)?|(?!\*ST)[*•·－￭◆■●▲▪★—–#-] ?"
    rf"|[^|｜│︱丨]{{1,12}}[|｜│︱丨] ?|{patterns.BRACKETED}+"
    r"|【(?:[^】]*】)? ?|#[^#]*#|.{0,20}电(?:根)?据"
    rf"|.{{0,30}}(?:讯|电|消息|报道)(?:{patterns.BRACKETED}+(?:根?据)?| (?:根?据)?))+"
)
_NOT_OF_PHRASE_RE = re.compile(
    "^我(?![国省市区县校院])|^(?:其|没有|未见|包括|涵盖|旨在|继|作为|获得|运输|等)|(?<=..)在|确实|及其|"
    "[让使把被也就都]|(?<![司命法指禁口政律])令(?!狐|牌)|了(?!解)|^在|可能|正在|反映|已经|今年|去年|明年|上半年|下半年|不(?!动产|良|少)|出(?!版|口|租|境|席|品|纳)|将(?!军|领)"
)
# Verbs that no name and no description of people has, but a relative clause may
_CLAUSE_VERB_RE = re.compile(
    f"(?:{patterns.one_of(wordclass.CLAUSE_VERBS)}|(?<![申聘邀])请(?![人者愿]))(?!.*的)"
)
_AND_OTHERS_RE = re.compile(
    "等(?:[多两三数一二几]?[人名位家]?[人员士]?"
    f"|.{{0,10}}(?:{patterns.one_of(wordclass.TITLES)}|人士|[企行厂构台国体商券]|公司|企业|媒体))$"
)
_SOME_PEOPLE_RE = re.compile(
    "(?:不少|许多|很多|一些|部分|多数|个别|这些|那些|[一两三几数多][个位名])"
    rf"[^{patterns.STOP}的在对向把被让使了不]{{0,10}}[{wordclass.PEOPLE_ENDINGS}]"
)
_FOREIGN_RE = re.compile(f"[{wordclass.FOREIGN_SOUNDS}]{{2,6}}")


@dataclass(frozen=True)
class SourcePhrase:
    """A mention before a cue: its kind, the name in it (as written), and where the mention stands."""

    kind: SourceKind
    name: str
    span: Span
    latin: str | None = None  # the name in Latin letters that brackets give
    title: str = ""  # the title or organisation in front of the name
    is_titled: bool = False  # the name of a paper, or of a film: 《…》

    @property
    def is_named(self) -> bool:
        return self.kind in ("person", "organisation", "name")


def read_noun_phrase(text: str, masked: str, start: int, end: int) -> SourcePhrase | None:
    """Return the subject that `text[start:end]` names, or None where it names nobody."""
    start += leading_here(masked, start, end)
    end, latin = _strip_bracket(text, masked, start, end)
    if masked.endswith("方面", start + _SIDE, end):
        end -= len("方面")
    for before in (_ITEM_RE, CITED_RE, _AS_RE):
        if skipped := before.match(masked[start:end]):
            start += skipped.end()
            start += leading_here(masked, start, end)
    if patterns.ANYBODYS_SITE_RE.fullmatch(masked, start, end):
        return None
    for owned in (patterns.OF_DOCUMENT_RE, patterns.OF_SITE_RE):
        if behind := owned.search(masked[start:end]):
            end = start + len(patterns.TIME_RE.sub("", masked[start : start + behind.start()]))
    phrase = masked[start:end]
    stripped = phrase.strip(" 、")
    if not stripped or stripped in patterns.NOT_NAMES or len(stripped) > 2 * _MAX_NOUN_PHRASE:
        return None
    start += phrase.index(stripped)
    return _PhraseReader(text, stripped, start, latin).read()


def _strip_bracket(text: str, masked: str, start: int, end: int) -> tuple[int, str | None]:
    """Return the end without a bracket that closes the phrase, and the Latin name in it."""
    bare = masked[start:end].rstrip(" ")
    kept = bare.rstrip(patterns.BRACKETED)
    if kept == bare:
        return end, None
    inside = text[start + len(kept) + 1 : start + len(bare) - 1]
    latin = re.match(r"[A-Z][\w.'’\-]*(?: [\w.'’\-]+){0,3}", inside, re.ASCII)
    return start + len(kept), latin[0] if latin else None


class _PhraseReader:
    """Tries one shape of noun phrase after the other; the first that fits is the subject."""

    def __init__(self, text: str, phrase: str, start: int, latin: str | None) -> None:
        self.text, self.phrase, self.start, self.latin = text, phrase, start, latin

    def read(self) -> SourcePhrase | None:
        """Return the subject in the first shape that fits, closed classes first, the loosest last."""
        shapes = (
            *(
                self._closed_class,
                self._outlet,
                self._with_others,
                self._joint,
                self._dotted,
                self._latin_name,
                self._titled,
            ),
            *(self._bare_person, self._of_organisation, self._organisation, self._role, self._other),
        )
        return next((subject for shape in shapes if (subject := shape())), None)

    def _make(
        self, kind: SourceKind, begin: int = 0, end: int | None = None, title: str = ""
    ) -> SourcePhrase:
        end = len(self.phrase) if end is None else end
        span = Span(self.start + begin, self.start + end)
        return SourcePhrase(kind, self.text[span.start : span.end], span, self.latin, title)

    def _closed_class(self) -> SourcePhrase | None:
        phrase = self.phrase
        if phrase in wordclass.PRONOUNS:
            return self._make("pronoun", 0, 1)
        if phrase in patterns.PLURALS or _AND_OTHERS_RE.search(phrase):
            return self._make("plural")
        if phrase in ("前者", "后者"):
            return self._make("former" if phrase == "前者" else "latter")
        if patterns.COMPANY_RE.fullmatch(phrase):
            return self._make("company", 0, len(phrase.removesuffix("方面")))
        if patterns.THESE_RE.match(phrase) and self._is_headed():
            return self._make("plural")
        if patterns.ANAPHOR_RE.match(phrase) and self._is_headed():
            return self._make("anaphor")
        return None

    def _is_headed(self) -> bool:
        """Whether a phrase with a demonstrative (该, 上述) ends in a word for people or a company."""
        if len(self.phrase) > _LONGEST_ANAPHOR or _NOT_OF_PHRASE_RE.search(self.phrase):
            return False
        people = self.phrase[-1] in wordclass.GROUP_ENDINGS or self._ends_with_title()
        return people or patterns.COMPANY_HEAD_RE.search(self.phrase) is not None

    def _ends_with_title(self) -> bool:
        ends = [m.end() for m in patterns.TITLE_RE.finditer(self.phrase)]
        return bool(ends and ends[-1] == len(self.phrase)) or bool(patterns.ANONYMOUS_RE.search(self.phrase))

    def _outlet(self) -> SourcePhrase | None:
        """《某某日报》, as the subject of 报道 or 称."""
        if not self.phrase.endswith("》") or "《" not in self.phrase:
            return None
        name = self._make("organisation", self.phrase.rindex("《") + 1, len(self.phrase) - 1)
        return replace(name, is_titled=True)

    def _with_others(self) -> SourcePhrase | None:
        """Return who speaks for others, too: 参议员沈某某/联合其他议员."""
        behind = _WITH_OTHERS_RE.search(self.phrase)
        if behind is None:
            return None
        reader = _PhraseReader(self.text, self.phrase[: behind.start()], self.start, self.latin)
        return reader._dotted() or reader._titled() or reader._bare_person() or reader._organisation()

    def _joint(self) -> SourcePhrase | None:
        """Two that speak together: nobody's words alone."""
        for match in _JOINT_RE.finditer(self.phrase):
            left, right = self.phrase[: match.start()], self.phrase[match.end() :]
            if left and self._titled_person(right) and not self._names_person(left):
                continue  # 某某银行和财富管理部主管周某: the words of one title
            titled = patterns.TITLE_RE.search(right) or patterns.ANONYMOUS_RE.search(right)
            if left and right and self._is_named(left, 0) and (titled or self._is_named(right, match.end())):
                return self._make("group")
        return None

    def _is_named(self, part: str, offset: int) -> bool:
        if part in patterns.ORGANISATION_NAMES or _FOREIGN_RE.fullmatch(part):
            return True
        reader = _PhraseReader(self.text, part, self.start + offset, None)
        return any(shape() for shape in (reader._dotted, reader._latin_name, reader._named_title,
                                         reader._bare_person, reader._organisation))  # fmt: skip

    def _titled_person(self, part: str) -> bool:
        reader = _PhraseReader(self.text, part, 0, None)
        found = reader._dotted() or reader._latin_name() or reader._named_title()
        return found is not None and found.kind == "person" and bool(found.title)

    def _names_person(self, part: str) -> bool:
        reader = _PhraseReader(self.text, part, 0, None)
        found = reader._dotted() or reader._latin_name() or reader._named_title() or reader._bare_person()
        return found is not None and found.kind == "person"

    def _dotted(self) -> SourcePhrase | None:
        """萨姆某·奥尔某, after any title: the first part begins behind the last title, 的 or list mark."""
        match = _DOTTED_RE.search(self.phrase)
        if match is None:
            return None
        first = match[0][: re.search(" ?[·•・‧∙-]", match[0]).start()]  # type: ignore[union-attr]
        cut = max((m.end() for m in patterns.TITLE_RE.finditer(first) if m.end() < len(first)), default=0)
        cut = max(cut, first.rfind("的") + 1, *(m.end() for m in patterns.EMPLOYER_RE.finditer(first)), 0)
        begin = match.start() + cut
        if self.phrase[begin] in "和与" and not is_common_word(self.phrase[begin : begin + 2]):
            return self._make("group")
        return self._make("person", begin, None, self.phrase[:begin])

    def _latin_name(self) -> SourcePhrase | None:
        end = len(self.phrase)
        if behind := _BEHIND_LATIN_RE.search(self.phrase):
            end = behind.start()
        match = _LATIN_RE.search(self.phrase[:end])
        if match is None:
            return None
        begin = match.start()
        if title := _LATIN_TITLE_RE.match(match[0]):
            begin += title.end()
        elif role := re.search(r"(?:CEO|CTO|COO|CFO)\s+", match[0]):
            begin += role.end()
        before = self.phrase[:begin].rstrip()
        titled = begin > match.start() or any(
            m.end() == len(before) for m in patterns.TITLE_RE.finditer(before)
        )
        name = self.phrase[begin:end]
        titled = titled or end < len(self.phrase)
        glued = self.phrase[:begin] == before and before and not titled
        if glued and len(name) <= _SHORT_LATIN and name.isupper() and not words_of(before)[-1].is_common:
            return None  # 尼尔森IQ
        if before.startswith(("大家", "人们", "我们")):
            return None  # 大家脑子里 MoE
        if re.fullmatch(
            r"CEO|CTO|COO|CFO|AI|VP|CPI|PPI|GDP|IPO|ETF|PMI|[Tt]oken|[A-Z]\d*", name
        ) or is_no_name(name):
            return None
        return self._make("person" if titled else "organisation", begin, end, before)

    def _named_title(self) -> SourcePhrase | None:
        subject = self._titled()
        return subject if subject and subject.kind in ("person", "surname") else None

    def _titled(self) -> SourcePhrase | None:
        """Return a title and the name behind it, or a surname and the title behind it."""
        ends = [match.end() for match in patterns.TITLE_RE.finditer(self.phrase)]
        behind = _TITLE_BEHIND_RE.search(self.phrase)
        for cut in reversed([end for end in ends if not splits_word(self.phrase, end)]):
            if behind and cut < behind.start() and is_person(self.phrase[cut : behind.start()]):
                return self._make("person", cut, behind.start(), self.phrase[:cut])
            if is_person(self.phrase[cut:]) or is_foreign(self.phrase[cut:]):
                return self._make("person", cut, None, self.phrase[:cut])
        if behind_noun := start_behind_noun(self.phrase):
            return self._make("person", behind_noun, None, self.phrase[:behind_noun])
        return self._surname_with_title()

    def _surname_with_title(self) -> SourcePhrase | None:
        match = re.fullmatch(
            rf"(?P<s>{patterns.SURNAME})(?P<given>[\u4e00-\u9fff]{{0,2}})(?P<t>{patterns.one_of(wordclass.SURNAME_TITLES)})",
            self.phrase,
        )
        if match is None:
            return re.fullmatch(
                rf"[老小]{patterns.SURNAME}|{patterns.SURNAME}某", self.phrase
            ) and self._make("surname")
        if not match["given"]:
            return self._make("surname")
        name = match["s"] + match["given"]
        named = is_person(name) and not is_common_word(name)
        return self._make("person", 0, match.start("t"), match["t"]) if named else None

    def _bare_person(self) -> SourcePhrase | None:
        phrase = self.phrase
        cut = phrase.rfind("的") + 1
        foreign = _FOREIGN_RE.fullmatch(phrase[cut:]) and _TITLE_THEN_RE.search(phrase[:cut])
        named = foreign or is_person(phrase[cut:])
        return self._make("person", cut, None, phrase[:cut]) if named else None

    def _organisation(self) -> SourcePhrase | None:
        phrase = self.phrase.removesuffix("方面")
        if phrase in ("公司", "集团", "机构", "部门", "官方") or len(phrase) > _MAX_NOUN_PHRASE:
            return None
        if not patterns.ORGANISATION_RE.search(phrase) or patterns.ANONYMOUS_RE.search(phrase):
            return None
        if _NOT_OF_PHRASE_RE.search(phrase) or _CLAUSE_VERB_RE.search(phrase):
            return None
        cut = phrase.rfind("的") + 1
        if cut >= len(phrase) - 1 or FUNCTION_RE.search(phrase[cut:]):
            cut = 0
        return (
            self._make("organisation", cut, len(phrase))
            if not cut or len(phrase) - cut > 3
            else self._make("role")
        )

    def _role(self) -> SourcePhrase | None:
        """Somebody who is told by what he is: 外交部发言人, 两名知情人士."""
        if _SOME_PEOPLE_RE.fullmatch(self.phrase) and words_of(self.phrase)[-1].word_class == "n":
            return self._make("role")
        if (
            len(self.phrase) > _MAX_NOUN_PHRASE
            or not self._ends_with_title()
            or _NOT_OF_PHRASE_RE.search(self.phrase)
            or _CLAUSE_VERB_RE.search(self.phrase)
        ):
            return None
        return self._make("role")

    def _of_organisation(self) -> SourcePhrase | None:
        """Return a name right behind its organisation: 星河科技李某某."""
        for match in patterns.EMPLOYER_RE.finditer(self.phrase):
            name = self.phrase[match.end() :]
            behind = _TITLE_BEHIND_RE.search(name)
            end = match.end() + behind.start() if behind else len(self.phrase)
            if is_person(self.phrase[match.end() : end]):
                return self._make("person", match.end(), end, self.phrase[: match.end()])
        if body := _BODY_AND_FOREIGN_RE.fullmatch(self.phrase):
            return self._make("person", body.start("name"), None, self.phrase[: body.start("name")])
        return None

    def _other(self) -> SourcePhrase | None:
        """Return a short bare phrase without any function word: a name of unknown kind."""
        phrase = self.phrase.removesuffix("方面").removesuffix("官方")
        if not 2 <= len(phrase) <= 8 or not re.fullmatch(r"\*?[\u4e00-\u9fffA-Za-z0-9\- ]+", phrase):
            return None
        if patterns.NOBODY_RE.search(phrase):
            return None
        if not is_name_word(phrase) and (has_function_word(phrase) or NO_SPEAKER_RE.search(phrase)):
            return None
        if _CLAUSE_VERB_RE.search(phrase):
            return None
        if len(phrase) == 2 and phrase[0] in wordclass.SURNAMES and phrase[1] in wordclass.NOT_IN_NAMES:
            return None  # 沈续称
        if phrase in patterns.NOT_PERSONS and len(phrase) == 2 and phrase not in patterns.ORGANISATION_NAMES:
            return None
        return self._make("name", 0, len(phrase))
