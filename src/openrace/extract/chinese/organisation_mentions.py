"""Which organisation a mention in a Chinese article means: 该公司, 该行, 它, 其 or a report of its own.

Only where one is left: named alone, opening the clause before, or the only one that spoke.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import NamedTuple

from openrace.extract.chinese import patterns
from openrace.extract.chinese.names import ArticleNames
from openrace.extract.chinese.noun_phrases import SourcePhrase
from openrace.extract.chinese.quotations import MaskedText, fold, paragraph_breaks
from openrace.extract.english.name_lists import is_surname

_WINDOW = 12  # mentions and clauses before that are weighed
_GENERIC = frozenset(["机构", "公司", "企业", "投资者", "消费者"])  # name no company that 该公司 could mean
_CAPITALISED_RE = re.compile("[A-Z][A-Za-z]{2,}")
_SOME_RE = re.compile(
    "(?:大|绝大)?多[数家位]|部分|[一有某哪]些|各|其[他它余]|某|[两三四五六七八九十几数\\d]+[家个位名]|相关|上述|研究"
)
_PUBLIC_RE = re.compile("(?:[部委局署院]|政府|国会|白宫|议会|警方|美联储|央行|社|报|网友|人士|分析师)$")
_HEAD_RE = re.compile(
    "(?:工会|商会|协会|学会|商家|卖家|智库|大学|研究院|电视台|网站|基金会|实验室|联盟|委员会|法院|医院)$"
)
_BANK_RE = re.compile(
    "银行|证券|国际|资本|研究|投行|信贷|评级|机构|[大小]摩|摩根|高盛|瑞[银信]|花旗|汇丰|里昂|美银|野村|麦格理|中金|星展|富瑞|巴克莱|德银|德意志"
)
_OF_PUBLIC_RE = re.compile("(?:部门|局|署|部|委员会)$")
_ANY_END_RE = re.compile(f"[{patterns.STOP} ]+")
_EXAMPLE_RE = re.compile(f"以(?P<name>[^{patterns.STOP}]{{2,12}}?)(?:[\ue001]*)为例，其?$")
_BETWEEN = 3  # characters, the marks between two sentences


class Resolution(NamedTuple):
    """Whom a mention means (None: not to be told), how sure that is, and why in a few words."""

    name: str | None
    sure: float
    why: str
    latin: str | None = None  # the name in Latin letters that brackets give elsewhere
    is_listed: bool = True  # False: the article has another of a listed person's name


def as_organisation(subject: SourcePhrase, name: str, why: str) -> Resolution:
    """Return that `subject` means `name`."""
    return Resolution(name, 0.88, f"{subject.name} means {name}, {why}")


class OrganisationMentions:
    """Resolves what is no name of an organisation; those that spoke are noted in the order of the text."""

    def __init__(self, page: MaskedText, names: ArticleNames) -> None:
        self._page, self._names = page, names
        self._breaks = paragraph_breaks(page.text)
        self._houses: list[tuple[int, str]] = []  # organisations that spoke, and where

    def note(self, at: int, name: str) -> None:
        """Remember that the organisation `name` spoke at `at`."""
        self._houses.append((at, name))

    def _full_name(self, subject: SourcePhrase) -> str:
        owners = self._names.owners_of(subject.name)
        return next(iter(owners)) if len(owners) == 1 else subject.name

    def resolve(self, subject: SourcePhrase) -> Resolution:
        """Return which organisation 该公司, 它 or 该行 means."""
        at = subject.span.start
        paragraph = bisect_left(self._breaks, at + 1) - 1
        kind: re.Pattern[str] | None = None
        if patterns.HOUSE_RE.search(self._page.masked, at, subject.span.end):
            house = self._house(subject, self._breaks[max(0, paragraph - 2)])
            if house is not None:
                return house
            kind = _BANK_RE
        elif head := _HEAD_RE.search(self._page.masked, at, subject.span.end):
            kind = re.compile(head[0] + "$")
        public = _OF_PUBLIC_RE.search(self._page.masked, at, subject.span.end) is not None
        for back in (0, 1):
            start = self._breaks[max(0, paragraph - back)]
            named = (place.name for place in self._names.between(start, at))
            names = {name for name in named if self._may_be_company(name, public)}
            names = {name for name in names if kind is None or kind.search(fold(name))}
            if len(names) == 1 and not self._names_another_in_latin(names, start, at):
                return as_organisation(subject, names.pop(), "the only organisation named before")
            spoke = {name for end, name in self._houses[-_WINDOW:] if start <= end <= at}
            if names and len(spoke) < 2:
                opener = self._company_opening(start, at, public)
                if opener in names:
                    return as_organisation(subject, opener, "which opens the clause before")
            if names:
                return Resolution(None, 0.5, f"{subject.name} may be one of {len(names)}")
        return Resolution(None, 0.5, f"no organisation is named that {subject.name} could mean")

    def its(self, subject: SourcePhrase, spoke_last: tuple[str, int] | None) -> Resolution:
        """Return who 其 means: who opens a clause before in its sentence, or spoke in the sentence before."""
        at = subject.span.start
        index = bisect_left(self._page.sentences, (at + 1,)) - 1
        start = self._page.sentences[index].start
        clauses = [start, *(m.end() for m in _ANY_END_RE.finditer(self._page.masked, start, at))]
        openers = [self._names.subject_opening(begin, at) for begin in clauses if begin < at]
        names = {
            self._full_name(o)
            for o in openers
            if o and self._names.is_speaker(o.name) and o.kind in ("person", "organisation")
        }
        if len(names) == 1 and (name := names.pop()):
            return as_organisation(subject, name, "who opens a clause before")
        if example := _EXAMPLE_RE.search(self._page.masked, start, at):
            name = self._page.text[example.start("name") : example.end("name")]
            if self._names.is_speaker(name):
                return as_organisation(subject, name, "who is the example")
        spoke = None if names else self.spoke_right_before(at, spoke_last, persons=True)
        if spoke:
            return as_organisation(subject, spoke, "who spoke in the sentence before")
        if not names and index and (before := self._only_opener(index - 1, at)):
            return as_organisation(subject, before, "who opens the sentence before")
        return Resolution(None, 0.6, "whom 其 means is not clear")

    def _only_opener(self, index: int, at: int) -> str | None:
        """Return who opens the sentence `index`, in the same paragraph and the only one named before `at`."""
        start, end = self._page.sentences[index]
        clauses = [start, *(m.end() for m in _ANY_END_RE.finditer(self._page.masked, start, end))]
        openers = (self._names.subject_opening(begin, end) for begin in clauses if begin < end)
        opener = next(filter(None, openers), None)
        if opener is None or "\n" in self._page.text[start:at] or not self._names.is_speaker(opener.name):
            return None
        name = self._full_name(opener)
        return name if self._names.persons(start, at) <= {name} else None

    def spoke_right_before(
        self, at: int, spoke_last: tuple[str, int] | None, persons: bool = False
    ) -> str | None:
        """Return the organisation, or with `persons` anybody, whose words end right before `at`."""
        name, end = spoke_last or ("", -1)
        paragraph = self._breaks[bisect_left(self._breaks, at + 1) - 1]
        if not name or end < paragraph or len(self._page.text[end:at].strip()) > _BETWEEN:
            return None
        return name if persons or not self._names.is_person(name) else None

    def issuer(self, subject: SourcePhrase) -> Resolution | None:
        """Return the only organisation that spoke here or in the paragraph before, by such a document."""
        at = subject.span.start
        since = self._breaks[max(0, bisect_left(self._breaks, at + 1) - 2)]
        spoke = {name: end for end, name in self._houses[-_WINDOW:] if since <= end <= at}
        word = self._page.masked[at : subject.span.end][-2:]
        said = self._page.masked.find(word, max(0, since), at)
        if len(spoke) != 1 or said < 0:
            return None
        return as_organisation(subject, next(iter(spoke)), "the only organisation that spoke by one")

    def _may_be_company(self, name: str, public: bool = False) -> bool:
        """Whether it is an organisation's name; a word in Latin letters may be somebody's surname.

        A `public` body is one whose name ends like one: 该局.
        """
        if self._names.is_person(name) or name in _GENERIC or _SOME_RE.match(name):
            return False
        if (_PUBLIC_RE.search(fold(name)) is not None) != public:
            return False
        return not is_surname(name) or self._names.is_company(name)

    def _company_opening(self, start: int, at: int, public: bool) -> str | None:
        """Return the organisation that opens the nearest clause before `at`, at most one sentence back."""
        index = bisect_left(self._page.sentences, (at + 1,)) - 1
        start = max(start, self._page.sentences[max(0, index - 1)].start)
        clauses = [start, *(m.end() for m in _ANY_END_RE.finditer(self._page.masked, start, at))]
        for begin in reversed(clauses[-_WINDOW:]):
            opener = self._names.subject_opening(begin, at) if begin < at else None
            if opener:
                name = self._full_name(opener)
                return name if opener.kind == "organisation" and self._may_be_company(name, public) else None
        return None

    def _house(self, subject: SourcePhrase, since: int) -> Resolution | None:
        """该行: the bank or broker whose report is told, the only organisation that spoke `since`.

        None where none has spoken.
        """
        spoke = {name for at, name in self._houses[-_WINDOW:] if since <= at <= subject.span.start}
        if len(spoke) > 1:
            near = self._breaks[bisect_left(self._breaks, subject.span.start + 1) - 1]
            spoke = {
                name for at, name in self._houses[-_WINDOW:] if near <= at <= subject.span.start
            } or spoke
        if len(spoke) == 1:
            name = spoke.pop()
            return as_organisation(subject, name, "the only organisation that spoke")
        if spoke and (last := self._last_house(spoke, subject.span.start)):
            return as_organisation(subject, last, "the last organisation that spoke")
        return Resolution(None, 0.5, f"{subject.name} may be one of {len(spoke)}") if spoke else None

    def _last_house(self, spoke: set[str], at: int) -> str | None:
        """Return which of those that `spoke` did so last before `at`, no other of them being named since."""
        end, last = self._houses[-1]
        others = {place.name for place in self._names.between(end, at)} - {last}
        return last if last in spoke and _BANK_RE.search(fold(last)) and not others & spoke else None

    def _names_another_in_latin(self, names: set[str], start: int, at: int) -> bool:
        """Whether the last word in Latin capitals before `at` is none of `names`: it may be the company."""
        words = [match[0] for match in _CAPITALISED_RE.finditer(self._page.masked, start, at)]
        return bool(words) and not any(words[-1] in name for name in names)
