"""Who is in a Chinese article, and whom a mention means: by surname, pronoun, role or 该公司.

A wrong person is worse than none: a mention resolves only where one candidate is left, or where the one
who spoke last is also the one named last.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from openrace.extract.chinese import patterns, wordclass
from openrace.extract.chinese.cues import Cue
from openrace.extract.chinese.quotations import MaskedText, fold, paragraph_breaks
from openrace.extract.chinese.source_phrases import SourceKind, SourcePhrase, is_person, leading_length
from openrace.extract.directory import Directory
from openrace.records import Span

_MOST_NAMES = 300  # names of one article that are looked for; keeps the search linear
_BACK = 3  # sentences before that of a pronoun whose subject it may be
_NEAR = 30  # characters between a claim and a pronoun that goes on with its speaker
_WINDOW = 12  # mentions before a pronoun that are weighed
_GOES_ON = "在对向就也还则曾于和与、，。的是将说表称指强认透告周接出任担加毕离先都均各；：被把兼"
_GOES_ON += "发做作回介分解坦警呼补提谈宣批反主参抵访会受等"
_AFTER_NAME = f"(?=面对面|[{_GOES_ON}\\d{patterns.BRACKETED}{patterns.QUOTED}]|$)"
_TITLED_NAME_RE = re.compile(
    rf"{patterns.one_of(wordclass.TITLES)}({patterns.SURNAME}[\u4e00-\u9fff]{{1,2}}?){_AFTER_NAME}", re.M
)
_TITLED_LATIN_RE = re.compile(
    rf"(?P<title>{patterns.one_of(wordclass.TITLES)}) ?"
    r"(?P<name>[A-Z][a-zà-ÿ.'’-]+(?: [A-Z][A-Za-zà-ÿ.'’-]*){0,3})(?![A-Za-z])"
)
_NOT_IN_NAME = "和与对向同跟给让请是的在、称说将把被"
_DOTTED_FULL_RE = re.compile(
    rf"(?:(?P<title>{patterns.one_of(wordclass.TITLES)})|(?<![\u4e00-\u9fff])|[{_NOT_IN_NAME}])"
    rf"(?P<name>(?:(?![{_NOT_IN_NAME}])[\u4e00-\u9fff]){{1,5}}"
    rf"(?: ?[·•・‧∙-] ?(?:(?![{_NOT_IN_NAME}])[\u4e00-\u9fffA-Z.]){{1,7}}?){{1,3}}){_AFTER_NAME}",
    re.M,
)
_DOT_RE = re.compile(" ?[·•・‧∙-]")
_DOTTED_NAME_RE = re.compile(rf"[\u4e00-\u9fff]{{1,4}}[·•・‧]([\u4e00-\u9fff]{{2,6}}?){_AFTER_NAME}", re.M)
_TITLED_STRANGER_RE = re.compile(rf"{patterns.one_of(wordclass.TITLES)}({patterns.SURNAME}[\u4e00-\u9fff])")
_STRANGER_RE = re.compile(
    rf"(?:^|[，。、；]|[和与同对向跟由给让请]|批评|称赞|邀请|会见|采访|支持|反对|回应|接替|质疑|感谢|指责|遇到|见到|取代)"
    rf"({patterns.SURNAME}[\u4e00-\u9fff]{{1,2}}?){_AFTER_NAME}",
    re.M,
)

_CAPITALISED_RE = re.compile("[A-Z][A-Za-z]{2,}")
_CLAUSE_END_RE = re.compile(f"[，,；; {patterns.QUOTED}]+")
_AT_END_RE = re.compile(
    rf"(?:的|{patterns.one_of(wordclass.TITLES)})({patterns.SURNAME}[\u4e00-\u9fff]{{1,2}})$"
)
_OPENING_PERSON_RE = re.compile(
    rf"({patterns.SURNAME}[\u4e00-\u9fff]{{1,2}}?)(?=[{_GOES_ON}{wordclass.VERB_STARTS}])"
)
_OWN_PRONOUN_RE = re.compile("[，,：:]?[他她](?!们)")
_PRONOUN_RE = re.compile("[他她](?![们的人国日乡])(?:本人|自己)?")
_TITLE_ONLY_RE = re.compile(
    rf"[^{patterns.STOP}是在对向说称将把被和与]{{0,30}}(?:{patterns.one_of(wordclass.TITLES)}|{patterns.one_of(wordclass.EMPLOYERS)}){patterns.BRACKETED}*|[^{patterns.STOP}]{{0,30}}的"
)
_ADVERBIAL_RE = re.compile(
    rf"(?:{patterns.one_of(wordclass.ADVERBS)}|[在于对向给跟就将从以用通因针谈回本当同接\d\ue001]|周[一二三四五六日]|[上下]周)"
)
_VERB_PHRASE_RE = re.compile(
    rf"(?!{patterns.one_of(wordclass.TITLES)}|{patterns.one_of(wordclass.ORGANISATIONS)}"
    rf"|{patterns.one_of(wordclass.BELONGINGS)})[\u4e00-\u9fff\d \ue001]"
)


def titled_names(masked: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and title of the persons who are named behind a title or with a dot."""
    for match in _TITLED_NAME_RE.finditer(masked):
        if is_person(match[1]):
            yield match.start(1), match.end(1), match[0][: -len(match[1])]
    for match in _TITLED_LATIN_RE.finditer(masked):
        yield match.start("name"), match.end("name"), match["title"]
    for match in _DOTTED_FULL_RE.finditer(masked):
        dot = _DOT_RE.search(masked, match.start("name"))
        first = masked[match.start("name") : dot.start()] if dot else ""
        cut = max((m.end() for m in patterns.TITLE_RE.finditer(first) if m.end() < len(first)), default=0)
        yield match.start("name") + cut, match.end("name"), first[:cut] or match["title"] or ""


@dataclass
class NamedEntity:
    """One who is named in full: where first, and what tells him apart."""

    name: str
    first: int
    is_person: bool
    title: str = ""
    latin: str | None = None
    gender: str | None = None


class Resolution(NamedTuple):
    """Whom a mention means (None: not to be told), how sure that is, and why in a few words."""

    name: str | None
    sure: float
    why: str
    latin: str | None = None  # the name in Latin letters that brackets give elsewhere


class _NameMention(NamedTuple):
    """Where a person or organisation is named; one not introduced has a name that begins with "?"."""

    start: int
    name: str
    end: int = 0


class CoreferenceResolver:
    """The people and organisations of one article, and where each is named outside quotations."""

    def __init__(self, page: MaskedText, cues: Iterable[Cue], directory: Directory) -> None:
        self._page, self._directory = page, directory
        self._breaks = paragraph_breaks(page.text)
        self._members: dict[str, NamedEntity] = {}
        self._roles: list[tuple[int, str, str]] = []  # where, title, name
        self._contents: list[Span] = []
        self._last_speaker: tuple[str, int] | None = None
        for cue in cues:
            if cue.before.subject and not cue.doubtful:
                self._introduce(cue.before.subject, cue.span.end)
        for start, end, title in titled_names(page.masked):
            self._add(page.text[start:end], start, True, title)
        for start, end, person in directory.mentions(_hide_words(page.masked)):
            self._add(page.text[start:end], start, person)
        self._owners: dict[str, set[str]] = {}  # by another form of the name: a part, in Latin, the surname
        for member in self._members.values():
            self._note_forms(member)
        self._places = sorted({*self._known_places(), *self._strangers()})

    def _introduce(self, subject: SourcePhrase, behind: int) -> None:
        title = subject.title
        if subject.kind == "role":
            insort(self._roles, (subject.span.start, subject.name, subject.name))
        if not subject.is_named:
            return
        is_person = subject.kind == "person" or self._speaks_of_herself(subject, behind)
        self._add(subject.name, subject.span.start, is_person, title, subject.latin)
        if title and (employer := _employer(title)):
            self._add(employer, subject.span.start - len(title), False)

    def _speaks_of_herself(self, subject: SourcePhrase, behind: int) -> bool:
        """Whether a bare Latin name is a person's, for its words begin with a pronoun: Feld表示，她……"""
        return subject.name.isascii() and _OWN_PRONOUN_RE.match(self._page.masked, behind) is not None

    def _add(self, name: str, first: int, person: bool, title: str = "", latin: str | None = None) -> None:
        member = self._members.setdefault(name, NamedEntity(name, first, person))
        member.first = min(member.first, first)
        member.is_person |= person
        member.title = member.title or title
        member.latin = member.latin or latin
        if "先生" in title or "女士" in title:
            member.gender = "he" if "先生" in title else "she"
        if title:
            insort(self._roles, (first, title, name))

    def _note_forms(self, member: NamedEntity) -> None:
        if not member.is_person:
            return
        surname = re.match(patterns.SURNAME, fold(member.name))
        forms = (_last_part(member.name), member.latin, f"{surname[0]}…" if surname else None)
        for form in filter(None, forms):
            self._owners.setdefault(form, set()).add(member.name)

    def _known_places(self) -> Iterable[_NameMention]:
        """Every place where a member is named, by full name or by the last part of a foreign one."""
        forms = {name: name for name in self._members}
        for form, owners in self._owners.items():
            if len(owners) == 1 and not form.endswith("…"):
                forms[form] = next(iter(owners))
        longest = sorted(forms, key=len, reverse=True)[:_MOST_NAMES]
        if not longest:
            return []
        pattern = re.compile("|".join(map(re.escape, longest)))
        visible = _hide(self._page)
        return [
            _NameMention(match.start(), forms[match[0]], match.end()) for match in pattern.finditer(visible)
        ]

    def _strangers(self) -> Iterable[_NameMention]:
        """Others who seem to be people: they make a pronoun doubtful."""
        known = {fold(name)[:2] for name in self._members}
        for regex in (_STRANGER_RE, _TITLED_STRANGER_RE, _DOTTED_NAME_RE):
            for match in regex.finditer(self._page.masked):
                shape = regex is _DOTTED_NAME_RE or is_person(match[1])
                shape = (
                    shape and match[1][0] not in "时于和向对后" and patterns.CUE_RE.search(match[1]) is None
                )
                if shape and match[1][:2] not in known and not self._is_known_here(match):
                    yield _NameMention(match.start(1), f"?{match[1]}", match.end(1))

    def _is_known_here(self, match: re.Match[str]) -> bool:
        near = self._page.text[max(0, match.start() - 12) : match.end() + 6]
        return any(match[1] in name and name in near for name in self._members) if "·" in match[0] else False

    def is_speaker(self, name: str) -> bool:
        """Return whether `name` speaks elsewhere in the article, is introduced by a title, or is known."""
        return name in self._members or name in self._owners or self._directory.find(name) is not None

    def subject_opening(self, start: int, end: int, adverbial: bool = False) -> SourcePhrase | None:
        """Return the one who is named, alone, where the clause between `start` and `end` begins.

        With `adverbial` an adverbial must follow the name at once; else any word that makes it no other's
        name (奥特曼的同事, 奥特曼团队).
        """
        masked = self._page.masked
        start += len(masked[start:end]) - len(masked[start:end].lstrip(patterns.QUOTED + " "))
        start += leading_length(masked[start:end])
        if pronoun := _PRONOUN_RE.match(masked, start, end):
            return self._subject("pronoun", pronoun.start(), pronoun.end())
        first = bisect_left(self._places, _NameMention(start, ""))
        for place in self._places[first : first + 3]:
            before = masked[start : place.start]
            if (
                place.end <= place.start
                or place.end > end
                or (before and not _TITLE_ONLY_RE.fullmatch(before))
            ):
                continue
            after = _strip_brackets(masked, place.end, end)
            follows = _ADVERBIAL_RE if adverbial else _VERB_PHRASE_RE
            if follows.match(masked, after, end):
                return self._subject(
                    "person" if self._is_person(place.name) else "organisation",
                    place.start,
                    place.end,
                    before,
                )
        shaped = None if adverbial else _OPENING_PERSON_RE.match(masked, start, end)
        return self._subject("person", *shaped.span(1)) if shaped and is_person(shaped[1]) else None

    def person_ending(self, phrase: Span) -> SourcePhrase | None:
        """Return the person named at the end of `phrase`, or before a preposition in it: 承诺特朗普在白宫."""
        preposition = patterns.PREPOSITION_RE.search(self._page.masked, phrase.start + 1, phrase.end)
        end = preposition.start() if preposition else phrase.end
        last = bisect_left(self._places, _NameMention(end, "")) - 1
        place = self._places[last] if last >= 0 else None
        if place is None or place.end != end or place.start < phrase.start or not self._is_person(place.name):
            return None
        return self._subject("person", place.start, place.end, self._page.masked[phrase.start : place.start])

    def _subject(self, kind: SourceKind, start: int, end: int, title: str = "") -> SourcePhrase:
        return SourcePhrase(kind, self._page.text[start:end], Span(start, end), title=title)

    def note_unread(self, at: int) -> None:
        """Remember that somebody spoke at `at` who is not known: a pronoun behind it is nobody else."""
        self._last_speaker = ("", at)

    def note_claim(self, name: str | None, spans: Iterable[Span], at: int) -> None:
        """Remember who spoke, and that names inside `spans` are spoken of, not speaking."""
        self._contents.extend(spans)
        self._last_speaker = (name, at) if name else None

    @property
    def last_speaker(self) -> tuple[str, int] | None:
        """The speaker of the last claim, and where that claim ends."""
        return self._last_speaker

    def persons(self, start: int, end: int) -> set[str]:
        """Return the persons who are named between `start` and `end`, strangers with a "?" in front."""
        return {place.name for place in self._between(start, end) if self._is_person(place.name)}

    def only_person(self, start: int, end: int, titled: bool = False) -> str | None:
        """Return the one person named between `start` and `end`; with `titled` of those with a title."""
        names = self.persons(start, end)
        if titled:
            names = {name for name in names if name in self._members and self._members[name].title}
        return names.pop() if len(names) == 1 and not any(n.startswith("?") for n in names) else None

    def resolve(self, subject: SourcePhrase) -> Resolution:
        """Return whom the mention `subject` means."""
        resolution = self._resolve(subject)
        member = self._members.get(resolution.name or "")
        return resolution._replace(latin=member.latin) if member and member.latin else resolution

    def _resolve(self, subject: SourcePhrase) -> Resolution:
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
            return Resolution(None, 0.6, f"{subject.name} is more than one speaker")
        if kind == "role":
            return self._role(subject)
        return self._named(subject)

    def _named(self, subject: SourcePhrase) -> Resolution:
        name = subject.name
        owners = self._owners.get(name, set()) - {name}
        if len(owners) == 1:
            return Resolution(owners.pop(), 0.97, f"the full name of {name} stands elsewhere")
        if len(owners) > 1:
            return Resolution(None, 0.5, f"{name} may be one of {len(owners)}")
        sure = 0.93 if subject.kind == "name" else 1.0 if subject.title else 0.98
        return Resolution(name, sure, "named before the cue")

    def _surname(self, subject: SourcePhrase) -> Resolution:
        surname = re.match(patterns.SURNAME, self._page.masked[subject.span.start :][:3].lstrip("老小"))
        if surname is None:
            return Resolution(subject.name, 0.8, "a surname and a title")
        known = self._owners.get(f"{surname[0]}…", set())
        fits = {name for name in known if self._members[name].first < subject.span.start}
        if len(fits) > 1:
            return Resolution(None, 0.5, f"{subject.name} may be one of {len(fits)}")
        if not fits:
            return Resolution(subject.name, 0.85, "a surname and a title")
        return Resolution(fits.pop(), 0.94, f"the only one of the surname that {subject.name} gives")

    def _pronoun(self, subject: SourcePhrase) -> Resolution:
        at = subject.span.start
        gender = wordclass.PRONOUNS.get(self._page.masked[at], "he")
        name, sure, why = self._opener_before(at, gender) or self._only_one_before(at, gender)
        if name is None:
            return Resolution(None, 0.5, f"{subject.name} {why}")
        if name in self._members and self._members[name].is_person:
            self._members[name].gender = gender
        insort(self._places, _NameMention(at, name))
        return Resolution(name, sure, f"{subject.name} means {name}, {why}")

    def _opener_before(self, at: int, gender: str) -> tuple[str | None, float, str] | None:
        """Return who opens an earlier clause or sentence of the paragraph, or spoke in the one before."""
        if near := self._in_apposition(at):
            return near, 0.88, "who is named right before it"
        sentences = self._page.sentences
        paragraph = self._breaks[bisect_left(self._breaks, at + 1) - 1]
        index = bisect_left(sentences, (at + 1,)) - 1
        spoke, spoke_end = self._last_speaker or (None, -1)
        begins_paragraph = sentences[index].start <= paragraph + 1
        for back, sentence in enumerate(reversed(sentences[max(0, index - _BACK) : index + 1])):
            if spoke is not None and back and spoke_end > sentence.start:
                return self._going_on(spoke, spoke_end, paragraph, at, gender)
            if sentence.start < paragraph and (back > 1 or not begins_paragraph):
                return None
            name = self._opener_of(sentence, at, nearest=back == 0)
            if name is None:
                continue
            others = {person.removeprefix("?") for person in self.persons(sentence.start, at)} - {name}
            if not self._fits_gender(name, gender) or (back and others):
                return None
            return name, 0.88, "who opens a clause before" if back == 0 else "who opens a sentence before"
        return None

    def _opener_of(self, sentence: Span, at: int, nearest: bool) -> str | None:
        """Return the person who opens the first clause of `sentence`, or the nearest one before `at`."""
        end = min(at, sentence.end)
        starts = [
            sentence.start,
            *(m.end() for m in _CLAUSE_END_RE.finditer(self._page.masked, sentence.start, end)),
        ]
        for start in reversed(starts) if nearest else starts[:_BACK]:
            subject = self.subject_opening(start, end) if start < end else None
            if subject and subject.kind == "person":
                return self._named(subject).name
        return None

    def _in_apposition(self, at: int) -> str | None:
        """Return who is named at the end of the clause before: 包括网红周知行，他……"""
        end = len(self._page.masked[:at].rstrip("，, "))
        places = self._between(end - 2 * _WINDOW, at)
        near = places[-1] if places and end < at and places[-1].end == end else None
        if near and near.name in self._members and self._is_person(near.name):
            return near.name
        shaped = _AT_END_RE.search(self._page.masked, max(0, end - _WINDOW), end) if end < at else None
        return shaped[1] if shaped and is_person(shaped[1]) else None

    def _going_on(
        self, name: str, end: int, paragraph: int, at: int, gender: str
    ) -> tuple[str | None, float, str] | None:
        """Return the last speaker as the one who goes on, unless others are named in between."""
        if not name:
            return None, 0.0, "may be the one before, who was not told"
        if name in self._members and not (self._members[name].is_person and self._fits_gender(name, gender)):
            return None
        named = {place.name for place in self._between(end, at) if self._is_person(place.name)} - {name}
        return None if named or end < paragraph - 2 * _NEAR else (name, 0.9, "who spoke last")

    def _only_one_before(self, at: int, gender: str) -> tuple[str | None, float, str]:
        """Return the one person named before in the paragraph, or in the nearest that names somebody."""
        seen, sure = self._persons_before(at, gender)
        names = set(seen)
        if not names:
            return None, 0.0, "could mean nobody who is named"
        if len(names) > 1 and not self._spoke_last(seen[-1], at):
            return None, 0.0, f"may be one of {len(names)}"
        if seen[-1].startswith("?"):
            return None, 0.0, "may be somebody not introduced"
        if len(names) == 1:
            return seen[-1], sure, "the only person named before"
        return seen[-1], sure - 0.1, "who spoke last and was named last"

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
        return name not in self._members or self._members[name].is_person

    def _fits_gender(self, name: str, gender: str) -> bool:
        member = self._members.get(name)
        known = member.gender if member else None
        return known is None or known == gender

    def _spoke_last(self, name: str, at: int) -> bool:
        """Whether the last claim was `name`'s and only a sentence's mark lies between it and `at`."""
        return (
            self._last_speaker is not None
            and self._last_speaker[0] == name
            and at - self._last_speaker[1] <= _NEAR
        )

    def _between(self, start: int, end: int) -> list[_NameMention]:
        """The last mentions between `start` and `end` that lie in nobody's words."""
        last = bisect_left(self._places, _NameMention(end, ""))
        first = max(bisect_left(self._places, _NameMention(start, "")), last - _WINDOW)
        return [place for place in self._places[first:last] if not self._is_content(place.start)]

    def _is_content(self, at: int) -> bool:
        return any(span.start <= at < span.end for span in self._contents[-2 * _WINDOW :])

    def _company(self, subject: SourcePhrase) -> Resolution:
        at = subject.span.start
        paragraph = bisect_left(self._breaks, at + 1) - 1
        for back in (0, 1):
            start = self._breaks[max(0, paragraph - back)]
            names = {p.name for p in self._between(start, at) if not self._is_person(p.name)}
            if len(names) == 1 and not self._names_another_in_latin(names, start, at):
                name = names.pop()
                return Resolution(
                    name, 0.88, f"{subject.name} means {name}, the only organisation named before"
                )
            if names:
                return Resolution(None, 0.5, f"{subject.name} may be one of {len(names)}")
        return Resolution(None, 0.5, f"no organisation is named that {subject.name} could mean")

    def _names_another_in_latin(self, names: set[str], start: int, at: int) -> bool:
        """Whether the last word in Latin capitals before `at` is none of `names`: it may be the company."""
        words = [match[0] for match in _CAPITALISED_RE.finditer(self._page.masked, start, at)]
        return bool(words) and not any(words[-1] in name for name in names)

    def _anaphor(self, subject: SourcePhrase) -> Resolution:
        match = patterns.ANAPHOR_RE.match(self._page.masked[subject.span.start : subject.span.end])
        head = match["head"] if match else subject.name
        near = self._page.text.rfind("\n", 0, max(0, subject.span.start - 400)) + 1
        last = bisect_left(self._roles, (subject.span.start,))
        first = max(bisect_left(self._roles, (near,)), last - _WINDOW)
        names = {name for _, title, name in self._roles[first:last] if head in title}
        if len(names) == 1:
            name = names.pop()
            return Resolution(name, 0.9, f"{subject.name} means {name}, the only {head} named before")
        return Resolution(None, 0.5, f"whom {subject.name} means is not clear")

    def _role(self, subject: SourcePhrase) -> Resolution:
        """A bare title (发言人) may mean its one bearer named before; else the words themselves tell who."""
        if patterns.TITLE_RE.fullmatch(self._page.masked, subject.span.start, subject.span.end):
            found = self._anaphor(subject)
            if found.name and found.name != subject.name:
                return found
        if patterns.DOCUMENT_RE.fullmatch(self._page.masked, subject.span.start, subject.span.end):
            return Resolution(None, 0.5, f"whose {subject.name} it is, is not told here")
        return Resolution(subject.name, 0.95, "a speaker told by what they are")

    def _former_or_latter(self, subject: SourcePhrase) -> Resolution:
        at = subject.span.start
        places = self._between(max(0, at - 120), at)
        names = list(dict.fromkeys(place.name for place in places))
        if len(names) != 2:
            return Resolution(None, 0.5, f"whom {subject.name} means is not clear")
        name = names[subject.kind == "latter"].removeprefix("?")
        return Resolution(name, 0.85, f"{subject.name} means {name}, one of the two named before")


def _last_part(name: str) -> str | None:
    """The family name of a foreign name: what stands behind the last dot or space."""
    parts = re.split("[·•・‧∙ -]", name)
    return parts[-1] if len(parts) > 1 and len(parts[-1]) > 1 else None


def _strip_brackets(masked: str, start: int, end: int) -> int:
    while start < end and masked[start] in patterns.BRACKETED + " ":
        start += 1
    return start


def _hide_words(masked: str) -> str:
    return masked.replace(patterns.QUOTED, "\n").replace(patterns.BRACKETED, "\n")


def _employer(title: str) -> str | None:
    """The organisation in front of a title: 星河科技首席技术官 → 星河科技."""
    match = patterns.TITLE_RE.search(title)
    before = title[: match.start()] if match else title
    before = (
        before.strip(" ，、").removesuffix("的").removesuffix("前").removesuffix("时任").removesuffix("新闻")
    )
    return before if 2 <= len(before) <= 14 and not re.search("[的是在了]", before) else None


def _hide(page: MaskedText) -> str:
    """The text as printed, with what `masked` hides hidden."""
    hidden = (patterns.QUOTED, patterns.BRACKETED, patterns.TITLED)
    return "".join(m if m in hidden else t for t, m in zip(page.text, page.masked, strict=True))
