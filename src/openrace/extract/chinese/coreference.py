"""Whom a mention in a Chinese article means: a surname, a pronoun, a role or 该公司.

A wrong person is worse than none: a mention resolves only where one candidate is left, who opens the clause
or sentence before, or who spoke last.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable

from openrace.extract.chinese import patterns, wordclass
from openrace.extract.chinese.name_shapes import is_person
from openrace.extract.chinese.names import ArticleNames
from openrace.extract.chinese.noun_phrases import SourcePhrase
from openrace.extract.chinese.organisation_mentions import OrganisationMentions, Resolution, as_organisation
from openrace.extract.chinese.quotations import MaskedText, fold, paragraph_breaks
from openrace.extract.chinese.segmentation import is_common_word
from openrace.records import Span

_WINDOW = 12  # mentions, and characters before a pronoun, that are weighed
_BACK = 3  # sentences before that of a pronoun whose subject it may be
_NEAR = 30  # characters between a claim and a pronoun that goes on with its speaker
_TELLING = 6  # characters of a description that tells who is meant wherever it stands
_THEY = frozenset("他们 她们 它们 他們 她們 它們".split())
_ENDS_WITH_TITLE_RE = re.compile(f"{patterns.one_of(wordclass.TITLES)}$")
_ENDS_WITH_OFFICE_RE = re.compile(f"{patterns.one_of(wordclass.OFFICES)}$")
_OFFICES = frozenset(wordclass.OFFICES.split())
_CLAUSE_END_RE = re.compile(f"[，,；; {patterns.QUOTED}]+")
# 不少网友 are no "she"
_MANY_RE = re.compile("不少|许多|很多|[一这那]些|部分|大?多数|个别|[两三四五六七八九几数多]+[个位名家]")
# 一位内部人士拜访了客户: he is who goes on
_SOMEBODY_RE = re.compile(
    rf"有?(?P<who>一[位名](?:[^{patterns.STOP}的在和与对向了]{{0,12}}?)(?:人士|[者员师家商工手]|经理|总监|老板|高管|{patterns.one_of(wordclass.TITLES)}))"
    rf"(?=[{wordclass.VERB_STARTS}]|{patterns.one_of(wordclass.ADVERBS)}|\S{{1,2}}了)"
)
_AT_END_RE = re.compile(
    rf"(?:的|{patterns.one_of(wordclass.TITLES)})({patterns.SURNAME}[\u4e00-\u9fff]{{1,2}})$"
)


def _of_house(head: str, roles: list[tuple[int, str, str]]) -> set[str]:
    """Return who of `roles` has the office of `head` in its house, told more fully: 某某(集团)首席执行官."""
    office = _ENDS_WITH_TITLE_RE.search(head)
    house = head[: office.start()] if office else ""
    if office is None or len(house) < 2:
        return set()
    return {name for _, title, name in roles if title.endswith(office[0]) and house[:2] in title}


class CoreferenceResolver:
    """Resolves the mentions of one article in the order of its text; claims are noted as they are found."""

    def __init__(self, page: MaskedText, names: ArticleNames) -> None:
        self._page, self._names = page, names
        self._breaks = paragraph_breaks(page.text)
        self._last_speaker: tuple[str, int] | None = None
        self._organisations = OrganisationMentions(page, names)
        self._told_before: defaultdict[str, set[str]] = defaultdict(set)  # by what follows 上述

    def note_unread(self, at: int) -> None:
        """Remember that somebody spoke at `at` who is not known: a pronoun behind it is nobody else."""
        self._last_speaker = ("", at)

    def note_claim(self, name: str | None, spans: Iterable[Span], at: int, mentioned: bool = False) -> None:
        """Remember who spoke, and that names inside `spans` are spoken of, not speaking.

        One who is `mentioned` and not known was somebody all the same: a pronoun behind it is no other.
        """
        self._names.note_content(spans)
        self._last_speaker = (name or "", at) if name or mentioned else None
        if name and not self._names.is_person(name) and not is_common_word(fold(name)):
            self._organisations.note(at, name)

    def resolve(self, subject: SourcePhrase) -> Resolution:
        """Return whom the mention `subject` means."""
        resolution = self._resolve(subject)
        member = self._names.members.get(resolution.name or "")
        if member and member.latin:
            resolution = resolution._replace(latin=member.latin)
        if resolution.name and self._names.is_another(resolution.name, subject.latin or resolution.latin):
            return resolution._replace(is_listed=False)
        return resolution

    def _resolve(self, subject: SourcePhrase) -> Resolution:
        kind = subject.kind
        if kind == "pronoun":
            return self._pronoun(subject)
        if kind == "surname":
            return self._surname(subject)
        if kind == "company":
            return self._organisations.resolve(subject)
        if kind == "anaphor":
            return self._anaphor(subject)
        if kind in ("former", "latter"):
            return self._former_or_latter(subject)
        if subject.name == "其":
            return self._organisations.its(subject, self._last_speaker)
        if subject.name in _THEY and (
            name := self._organisations.spoke_right_before(subject.span.start, self._last_speaker)
        ):
            return as_organisation(subject, name, "which spoke in the sentence before")
        if kind in ("group", "plural"):
            return Resolution(None, 0.6, f"{subject.name} is more than one speaker")
        if kind == "role":
            return self._role(subject)
        return self._named(subject)

    def _named(self, subject: SourcePhrase) -> Resolution:
        name = subject.name
        owners = self._names.owners_of(name)
        if subject.title and self._serves_another(subject, owners):
            served = self._page.text[subject.span.start : subject.span.end + len(subject.title)]
            return Resolution(served, 0.9, "a speaker told by what they are")
        if len(owners) == 1:
            return Resolution(owners.pop(), 0.97, f"the full name of {name} stands elsewhere")
        if len(owners) > 1:
            return Resolution(None, 0.5, f"{name} may be one of {len(owners)}")
        sure = 0.93 if subject.kind == "name" else 1.0 if subject.title else 0.98
        return Resolution(name, sure, "named before the cue")

    def _serves_another(self, subject: SourcePhrase, owners: set[str]) -> bool:
        """Whether the title behind a known name is somebody else's: 马斯克律师, unlike 马斯克先生."""
        behind = self._page.masked.startswith(subject.title, subject.span.end)
        known = bool(owners) or self._names.is_listed(subject.name)
        return behind and known and subject.title not in _OFFICES

    def _surname(self, subject: SourcePhrase) -> Resolution:
        surname = re.match(patterns.SURNAME, self._page.masked[subject.span.start :][:3].lstrip("老小"))
        if surname is None:
            return Resolution(subject.name, 0.8, "a surname and a title")
        known = self._names.owners.get(f"{surname[0]}…", set())
        fits = {name for name in known if self._names.members[name].first < subject.span.start}
        fits = fits or (known if len(known) == 1 else set())
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
        if name in self._names.members and self._names.members[name].is_person:
            self._names.members[name].gender = gender
        self._names.add_mention(at, name)
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
            others = {person.removeprefix("?") for person in self._names.persons(sentence.start, at)} - {name}
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
            subject = self._names.subject_opening(start, end) if start < end else None
            if subject and subject.kind == "person":
                return self._named(subject).name
            if somebody := _SOMEBODY_RE.match(self._page.masked, start, end):
                return self._page.text[somebody.start("who") : somebody.end("who")]
        return None

    def _in_apposition(self, at: int) -> str | None:
        """Return who is named at the end of the clause before: 包括网红周知行，他……"""
        end = len(self._page.masked[:at].rstrip("，, "))
        places = self._names.between(end - 2 * _WINDOW, at)
        near = places[-1] if places and end < at and places[-1].end == end else None
        if near and near.name in self._names.members and self._names.is_person(near.name):
            return near.name
        shaped = _AT_END_RE.search(self._page.masked, max(0, end - _WINDOW), end) if end < at else None
        return shaped[1] if shaped and is_person(shaped[1]) else None

    def _going_on(
        self, name: str, end: int, paragraph: int, at: int, gender: str
    ) -> tuple[str | None, float, str] | None:
        """Return the last speaker as the one who goes on, unless others are named in between."""
        if not name or _MANY_RE.match(name):
            return None, 0.0, "may be the one before, who was not told"
        if name in self._names.members and not (
            self._names.members[name].is_person and self._fits_gender(name, gender)
        ):
            return None
        named = {
            place.name for place in self._names.between(end, at) if self._names.is_person(place.name)
        } - {name}
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
            places = self._names.between(self._breaks[paragraph - back], stop)
            seen = [
                p.name for p in places if self._names.is_person(p.name) and self._fits_gender(p.name, gender)
            ]
            if seen:
                return seen, sure
        return [], 0.0

    def _fits_gender(self, name: str, gender: str) -> bool:
        member = self._names.members.get(name)
        known = member.gender if member else None
        return known is None or known == gender

    def _spoke_last(self, name: str, at: int) -> bool:
        """Whether the last claim was `name`'s and only a sentence's mark lies between it and `at`."""
        return (
            self._last_speaker is not None
            and self._last_speaker[0] == name
            and at - self._last_speaker[1] <= _NEAR
        )

    def _anaphor(self, subject: SourcePhrase) -> Resolution:
        match = patterns.ANAPHOR_RE.match(self._page.masked[subject.span.start : subject.span.end])
        head = match["head"] if match else subject.name
        near = self._page.text.rfind("\n", 0, max(0, subject.span.start - 400)) + 1
        last = bisect_left(self._names.roles, (subject.span.start,))
        first = max(bisect_left(self._names.roles, (near,)), last - _WINDOW)
        roles = self._names.roles[first:last]
        names = {name for _, title, name in roles if head in title} or _of_house(head, roles)
        if not names and len(head) >= _TELLING:
            names = self._told_before[head]
        if len(names) == 1:
            self._told_before[head] |= names
            name = names.pop()
            return Resolution(name, 0.9, f"{subject.name} means {name}, the only {head} named before")
        if not names and self._is_unnamed(head):
            return Resolution(subject.name[-len(head) :], 0.85, "a speaker told by what they are")
        if not names and patterns.COMPANY_HEAD_RE.search(head):
            return self._organisations.resolve(subject)
        return Resolution(None, 0.5, f"whom {subject.name} means is not clear")

    @staticmethod
    def _is_unnamed(head: str) -> bool:
        """Whether a source is told by what it is and by no name, title or document: 业内观察人士."""
        named = patterns.DOCUMENT_RE.search(head) or patterns.COMPANY_HEAD_RE.search(head)
        people = patterns.ANONYMOUS_RE.search(head) or head[-1] in wordclass.GROUP_ENDINGS
        return (
            bool(people and not named and head[0] != "行" and not _ENDS_WITH_TITLE_RE.search(head))
            and len(head) > 2
        )

    def _role(self, subject: SourcePhrase) -> Resolution:
        """A bare title (发言人) may mean its one bearer named before; else the words themselves tell who."""
        word = self._page.masked[subject.span.start : subject.span.end]
        if patterns.TITLE_RE.fullmatch(word):
            found = self._anaphor(subject)
            same_role = word not in patterns.PROFESSIONS or fold(found.name or "").endswith(word)
            if found.name and found.name != subject.name and same_role:
                return found
        if named := self._named_with_title(subject.name):
            return Resolution(named, 0.93, f"{subject.name} is {named} and a title")
        if patterns.DOCUMENT_RE.fullmatch(self._page.masked, subject.span.start, subject.span.end):
            if issuer := self._organisations.issuer(subject):
                return issuer
            return Resolution(None, 0.5, f"whose {subject.name} it is, is not told here")
        return Resolution(subject.name, 0.95, "a speaker told by what they are")

    def _named_with_title(self, phrase: str) -> str | None:
        """Return the person in 川普总统: one who is listed, or whom the article names without the title."""
        title = _ENDS_WITH_OFFICE_RE.search(fold(phrase))
        name = phrase[: title.start()] if title else ""
        if len(name) > 1 and self._names.is_known_person(name):
            owners = self._names.owners_of(name)
            return owners.pop() if len(owners) == 1 else name
        return None

    def _former_or_latter(self, subject: SourcePhrase) -> Resolution:
        at = subject.span.start
        places = self._names.between(max(0, at - 120), at)
        names = list(dict.fromkeys(place.name for place in places))
        if len(names) != 2:
            return Resolution(None, 0.5, f"whom {subject.name} means is not clear")
        name = names[subject.kind == "latter"].removeprefix("?")
        return Resolution(name, 0.85, f"{subject.name} means {name}, one of the two named before")
