"""Who is in a Chinese article, and whom a mention means: by surname, pronoun, role or 该公司.

A wrong person is worse than none: a mention resolves only where one candidate is left, or where the one
who spoke last is also the one named last.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from openrace.extract.chinese import patterns, wordclass
from openrace.extract.chinese.quotations import Page, fold, paragraph_breaks
from openrace.extract.chinese.source_phrases import Subject, is_person
from openrace.records import Span

_MOST_NAMES = 300  # names of one article that are looked for; keeps the search linear
_WINDOW = 12  # mentions before a pronoun that are weighed
_GOES_ON = "在对向就也还则曾于和与、，。的是将说表称指强认透告周接出任担加毕离先都均各；：被把兼"
_GOES_ON += "发做作回介分解坦警呼补提谈宣批反主参抵访会受等"
_AFTER_NAME = f"(?=[{_GOES_ON}{patterns.BRACKETED}{patterns.QUOTED}]|$)"
_TITLED_NAME_RE = re.compile(
    rf"{patterns.one_of(wordclass.TITLES)}({patterns.SURNAME}[\u4e00-\u9fff]{{1,2}}?){_AFTER_NAME}", re.M
)
_DOTTED_NAME_RE = re.compile(rf"[\u4e00-\u9fff]{{1,4}}[·•・‧]([\u4e00-\u9fff]{{2,6}}?){_AFTER_NAME}", re.M)
_TITLED_STRANGER_RE = re.compile(rf"{patterns.one_of(wordclass.TITLES)}({patterns.SURNAME}[\u4e00-\u9fff])")
_STRANGER_RE = re.compile(
    rf"(?:^|[，。、；]|[和与同对向跟由给让请]|批评|称赞|邀请|会见|采访|支持|反对|回应|接替|质疑|感谢|指责|遇到|见到|取代)"
    rf"({patterns.SURNAME}[\u4e00-\u9fff]{{1,2}}?){_AFTER_NAME}",
    re.M,
)


@dataclass
class Member:
    """One who is named in full: where first, and what tells him apart."""

    name: str
    first: int
    is_person: bool
    title: str = ""
    latin: str | None = None
    gender: str | None = None


class Found(NamedTuple):
    """Whom a mention means (None: not to be told), how sure that is, and why in a few words."""

    name: str | None
    sure: float
    why: str


class _Place(NamedTuple):
    start: int
    name: str


class Cast:
    """The people and organisations of one article, and where each is named outside quotations."""

    def __init__(self, page: Page, subjects: Iterable[Subject]) -> None:
        self._page = page
        self._breaks = paragraph_breaks(page.text)
        self._members: dict[str, Member] = {}
        self._roles: list[tuple[int, str, str]] = []  # where, title, name
        self._contents: list[Span] = []
        self._last_speaker: tuple[str, int] | None = None
        for subject in subjects:
            self._introduce(subject)
        for match in _TITLED_NAME_RE.finditer(page.masked):
            if is_person(match[1]):
                self._add(
                    page.text[match.start(1) : match.end(1)], match.start(1), True, match[0][: -len(match[1])]
                )
        self._owners: dict[str, set[str]] = {}  # by another form of the name: a part, in Latin, the surname
        for member in self._members.values():
            self._note_forms(member)
        self._places = sorted({*self._known_places(), *self._strangers()})

    def _introduce(self, subject: Subject) -> None:
        title = subject.title
        if subject.kind == "role":
            insort(self._roles, (subject.span.start, subject.name, subject.name))
        if not subject.is_named:
            return
        self._add(subject.name, subject.span.start, subject.kind == "person", title, subject.latin)
        if title and (employer := _employer(title)):
            self._add(employer, subject.span.start - len(title), False)

    def _add(self, name: str, first: int, person: bool, title: str = "", latin: str | None = None) -> None:
        member = self._members.setdefault(name, Member(name, first, person))
        member.first = min(member.first, first)
        member.is_person |= person
        member.title = member.title or title
        member.latin = member.latin or latin
        if "先生" in title or "女士" in title:
            member.gender = "he" if "先生" in title else "she"
        if title:
            insort(self._roles, (first, title, name))

    def _note_forms(self, member: Member) -> None:
        if not member.is_person:
            return
        surname = re.match(patterns.SURNAME, fold(member.name))
        forms = (_last_part(member.name), member.latin, f"{surname[0]}…" if surname else None)
        for form in filter(None, forms):
            self._owners.setdefault(form, set()).add(member.name)

    def _known_places(self) -> Iterable[_Place]:
        """Every place where a member is named, by full name or by the last part of a foreign one."""
        forms = {name: name for name in self._members}
        for name, member in self._members.items():
            if member.is_person and (short := _last_part(name)):
                forms.setdefault(short, name)
        longest = sorted(forms, key=len, reverse=True)[:_MOST_NAMES]
        if not longest:
            return []
        pattern = re.compile("|".join(map(re.escape, longest)))
        visible = _hide(self._page)
        return [_Place(match.start(), forms[match[0]]) for match in pattern.finditer(visible)]

    def _strangers(self) -> Iterable[_Place]:
        """Others who seem to be people: they make a pronoun doubtful."""
        known = {fold(name)[:2] for name in self._members}
        for regex in (_STRANGER_RE, _TITLED_STRANGER_RE, _DOTTED_NAME_RE):
            for match in regex.finditer(self._page.masked):
                shape = regex is _DOTTED_NAME_RE or is_person(match[1])
                shape = (
                    shape and match[1][0] not in "时于和向对后" and patterns.CUE_RE.search(match[1]) is None
                )
                if shape and match[1][:2] not in known and not self._is_known_here(match):
                    yield _Place(match.start(1), f"?{match[1]}")

    def _is_known_here(self, match: re.Match[str]) -> bool:
        near = self._page.text[max(0, match.start() - 12) : match.end() + 6]
        return any(match[1] in name and name in near for name in self._members) if "·" in match[0] else False

    def note_claim(self, name: str | None, spans: Iterable[Span], at: int) -> None:
        """Remember who spoke, and that names inside `spans` are spoken of, not speaking."""
        self._contents.extend(spans)
        self._last_speaker = (name, at) if name else None

    @property
    def last_speaker(self) -> tuple[str, int] | None:
        """The speaker of the last claim, and where that claim ends."""
        return self._last_speaker

    def only_person(self, start: int, end: int) -> str | None:
        """The one person named between `start` and `end`, if it is one."""
        names = {place.name for place in self._between(start, end) if self._is_person(place.name)}
        return names.pop() if len(names) == 1 and not any(n.startswith("?") for n in names) else None

    def resolve(self, subject: Subject) -> Found:
        """Whom the mention `subject` means."""
        kind = subject.kind
        if kind == "pronoun":
            return self._pronoun(subject)
        if kind == "surname":
            return self._surname(subject)
        if kind == "company":
            return self._company(subject)
        if kind == "anaphor":
            return self._anaphor(subject)
        if kind in ("former", "latter"):
            return self._former_or_latter(subject)
        if kind in ("group", "plural"):
            return Found(None, 0.6, f"{subject.name} is more than one speaker")
        if kind == "role":
            return self._role(subject)
        return self._named(subject)

    def _named(self, subject: Subject) -> Found:
        name = subject.name
        owners = self._owners.get(name, set()) - {name}
        if len(owners) == 1:
            return Found(owners.pop(), 0.97, f"the full name of {name} stands elsewhere")
        if len(owners) > 1:
            return Found(None, 0.5, f"{name} may be one of {len(owners)}")
        sure = 0.93 if subject.kind == "name" else 1.0 if subject.title else 0.98
        return Found(name, sure, "named before the cue")

    def _surname(self, subject: Subject) -> Found:
        surname = re.match(patterns.SURNAME, self._page.masked[subject.span.start :][:3].lstrip("老小"))
        if surname is None:
            return Found(subject.name, 0.8, "a surname and a title")
        known = self._owners.get(f"{surname[0]}…", set())
        fits = {name for name in known if self._members[name].first < subject.span.start}
        if len(fits) > 1:
            return Found(None, 0.5, f"{subject.name} may be one of {len(fits)}")
        if not fits:
            return Found(subject.name, 0.85, "a surname and a title")
        return Found(fits.pop(), 0.94, f"the only one of the surname that {subject.name} gives")

    def _pronoun(self, subject: Subject) -> Found:
        at = subject.span.start
        gender = wordclass.PRONOUNS.get(self._page.masked[at], "he")
        seen, sure = self._persons_before(at, gender)
        names = set(seen)
        if not names:
            return Found(None, 0.5, f"nobody is named whom {subject.name} could mean")
        if len(names) > 1 and not self._spoke_last(seen[-1], at):
            return Found(None, 0.5, f"{subject.name} may be one of {len(names)}")
        name = seen[-1]
        if name.startswith("?"):
            return Found(None, 0.5, f"{subject.name} may be somebody not introduced")
        self._members[name].gender = gender
        insort(self._places, _Place(at, name))
        why = "the only person named before" if len(names) == 1 else "who spoke last and was named last"
        return Found(name, sure if len(names) == 1 else sure - 0.1, f"{subject.name} means {name}, {why}")

    def _persons_before(self, at: int, gender: str) -> tuple[list[str], float]:
        """The persons named before `at` in its paragraph, else in the nearer of the two before it."""
        paragraph = bisect_left(self._breaks, at + 1) - 1
        for back, sure in ((0, 0.92), (1, 0.86), (2, 0.78)):
            if paragraph - back < 0:
                break
            stop = at if back == 0 else self._breaks[paragraph - back + 1]
            places = self._between(self._breaks[paragraph - back], stop)
            seen = [p.name for p in places if self._is_person(p.name) and self._fits_gender(p.name, gender)]
            if seen:
                return seen, sure
        return [], 0.0

    def _is_person(self, name: str) -> bool:
        return name.startswith("?") or self._members[name].is_person

    def _fits_gender(self, name: str, gender: str) -> bool:
        known = None if name.startswith("?") else self._members[name].gender
        return known is None or known == gender

    def _spoke_last(self, name: str, at: int) -> bool:
        """Whether the last claim was `name`'s and only a sentence's mark lies between it and `at`."""
        return (
            self._last_speaker is not None
            and self._last_speaker[0] == name
            and at - self._last_speaker[1] <= 30
        )

    def _between(self, start: int, end: int) -> list[_Place]:
        """The last mentions between `start` and `end` that lie in nobody's words."""
        last = bisect_left(self._places, _Place(end, ""))
        first = max(bisect_left(self._places, _Place(start, "")), last - _WINDOW)
        return [place for place in self._places[first:last] if not self._is_content(place.start)]

    def _is_content(self, at: int) -> bool:
        return any(span.start <= at < span.end for span in self._contents[-2 * _WINDOW :])

    def _company(self, subject: Subject) -> Found:
        at = subject.span.start
        paragraph = bisect_left(self._breaks, at + 1) - 1
        for back in (0, 1):
            start = self._breaks[max(0, paragraph - back)]
            names = {p.name for p in self._between(start, at) if not self._is_person(p.name)}
            if len(names) == 1:
                name = names.pop()
                return Found(name, 0.88, f"{subject.name} means {name}, the only organisation named before")
            if names:
                return Found(None, 0.5, f"{subject.name} may be one of {len(names)}")
        return Found(None, 0.5, f"no organisation is named that {subject.name} could mean")

    def _anaphor(self, subject: Subject) -> Found:
        match = patterns.ANAPHOR_RE.match(self._page.masked[subject.span.start : subject.span.end])
        head = match["head"] if match else subject.name
        near = self._page.text.rfind("\n", 0, max(0, subject.span.start - 400)) + 1
        last = bisect_left(self._roles, (subject.span.start,))
        first = max(bisect_left(self._roles, (near,)), last - _WINDOW)
        names = {name for _, title, name in self._roles[first:last] if head in title}
        if len(names) == 1:
            name = names.pop()
            return Found(name, 0.9, f"{subject.name} means {name}, the only {head} named before")
        return Found(None, 0.5, f"whom {subject.name} means is not clear")

    def _role(self, subject: Subject) -> Found:
        """A bare title (发言人) may mean its one bearer named before; else the words themselves tell who."""
        if patterns.TITLE_RE.fullmatch(self._page.masked, subject.span.start, subject.span.end):
            found = self._anaphor(subject)
            if found.name and found.name != subject.name:
                return found
        if patterns.DOCUMENT_RE.fullmatch(self._page.masked, subject.span.start, subject.span.end):
            return Found(None, 0.5, f"whose {subject.name} it is, is not told here")
        return Found(subject.name, 0.95, "a speaker told by what they are")

    def _former_or_latter(self, subject: Subject) -> Found:
        at = subject.span.start
        places = self._between(max(0, at - 120), at)
        names = list(dict.fromkeys(place.name for place in places))
        if len(names) != 2:
            return Found(None, 0.5, f"whom {subject.name} means is not clear")
        name = names[subject.kind == "latter"].removeprefix("?")
        return Found(name, 0.85, f"{subject.name} means {name}, one of the two named before")


def _last_part(name: str) -> str | None:
    """The family name of a foreign name: what stands behind the last dot or space."""
    parts = re.split("[·•・‧∙ ]", name)
    return parts[-1] if len(parts) > 1 and len(parts[-1]) > 1 else None


def _employer(title: str) -> str | None:
    """The organisation in front of a title: 星河科技首席技术官 → 星河科技."""
    match = patterns.TITLE_RE.search(title)
    before = title[: match.start()] if match else title
    before = (
        before.strip(" ，、").removesuffix("的").removesuffix("前").removesuffix("时任").removesuffix("新闻")
    )
    return before if 2 <= len(before) <= 14 and not re.search("[的是在了]", before) else None


def _hide(page: Page) -> str:
    """The text as printed, with what `masked` hides hidden."""
    hidden = (patterns.QUOTED, patterns.BRACKETED, patterns.TITLED)
    return "".join(m if m in hidden else t for t, m in zip(page.text, page.masked, strict=True))
