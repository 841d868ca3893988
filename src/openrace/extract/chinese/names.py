"""Who is named in a Chinese article: persons and organisations, and where each is named outside quotations.

A name is told by its place before a cue, by the title, organisation or dot in it, by its surname, or because
the directory knows it. Others who seem to be persons are kept as strangers: they make a pronoun doubtful.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from openrace.extract.chinese import patterns, wordclass
from openrace.extract.chinese.cues import Cue
from openrace.extract.chinese.listed_companies import listed_companies
from openrace.extract.chinese.name_edges import with_edges
from openrace.extract.chinese.name_mentions import NameMention, find_known, find_strangers
from openrace.extract.chinese.name_shapes import is_person, leading_length
from openrace.extract.chinese.noun_phrases import SourceKind, SourcePhrase
from openrace.extract.chinese.quotations import MaskedText, fold
from openrace.extract.chinese.segmentation import words_of
from openrace.extract.chinese.titled_names import titled_names
from openrace.extract.directory import Directory
from openrace.extract.english.name_lists import is_common_given_name
from openrace.extract.english.name_types import is_surely_person
from openrace.person_names import parse_name, same_person
from openrace.records import Span

_WINDOW = 12  # mentions before a pronoun that are weighed
_COMPANY_SIGNS = 2  # times that a word for what companies have stands behind a name
_LATIN_RUN_RE = re.compile(r"[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,3}", re.ASCII)
_OPENING_PERSON_RE = re.compile(
    rf"({patterns.SURNAME}[\u4e00-\u9fff]{{1,2}}?)(?=[{patterns.GOES_ON}{wordclass.VERB_STARTS}]|{patterns.one_of(wordclass.ADVERBS)})"
)
# The rest of a body's name, before an adverb or verb
_BODY_RE = re.compile(
    r"[\u4e00-\u9fff]{1,8}?(?:委员会|机构|部门|法院|政府|当局|办公室|研究院|研究所|协会)"
    rf"(?=[{patterns.GOES_ON}{wordclass.VERB_STARTS}]|{patterns.one_of(wordclass.ADVERBS)}|$)"
)
_APPOINTING_RE = re.compile(
    "任命|委任|聘[请任]|提名|会见|解雇|起诉|指控"
)  # whom another deals with opens no clause
# His words begin with 她, or the next sentence does
_OWN_PRONOUN_RE = re.compile(
    f"[，,：:]?[他她](?!们)|[^。！？\\n]*[。！？]?{patterns.QUOTED}*\\s*[他她](?![们的])"
)
_PRONOUN_RE = re.compile("[他她](?![们的人国日乡])(?:本人|自己)?")
_TITLE_ONLY_RE = re.compile(
    rf"[^{patterns.STOP}是在对向说称将把被]{{0,30}}(?:{patterns.one_of(wordclass.TITLES)}|{patterns.one_of(wordclass.EMPLOYERS)}){patterns.BRACKETED}*|[^{patterns.STOP}]{{0,30}}的"
)
_ADVERBIAL_RE = re.compile(
    rf"(?:{patterns.one_of(wordclass.ADVERBS)}|[^{patterns.STOP}]{{2,16}}(?:时|后|期间|途中|路上)$|[在于对向给跟就将从以用通因针谈回本当同接\d\ue001]|周[一二三四五六日]|[上下]周)"
)
_BEHIND_TIME_RE = re.compile("^.*(?:[后时的]|之际)")  # 在对方宣布措施后某某, 与某某合作的某某
_VERB_PHRASE_RE = re.compile(
    rf"(?!{patterns.one_of(wordclass.TITLES)}|{patterns.one_of(wordclass.ORGANISATIONS)}"
    rf"|{patterns.one_of(wordclass.BELONGINGS)})[\u4e00-\u9fff\d \ue001]"
)


@dataclass
class NamedEntity:
    """One who is named in full: where first, and what tells him apart."""

    name: str
    first: int
    is_person: bool
    title: str = ""
    latin: str | None = None
    gender: str | None = None


class ArticleNames:
    """The persons and organisations of one article, and where each is named."""

    def __init__(self, page: MaskedText, cues: Iterable[Cue], directory: Directory) -> None:
        self._page, self._directory = page, directory
        self.members: dict[str, NamedEntity] = {}
        self.roles: list[tuple[int, str, str]] = []  # where, title, name
        self._contents: list[Span] = []
        for cue in cues:
            if cue.before.subject and not cue.doubtful:
                self._introduce(cue.before.subject, cue.span.end)
        for start, end in listed_companies(page):
            self._add(page.text[start:end], start, False)
        for start, end, title in titled_names(page.masked):
            self._add(page.text[start:end], start, True, title)
        for start, end, person in directory.mentions(_hide_words(page.masked)):
            self._add(page.text[start:end], start, person)
        self.owners: dict[str, set[str]] = {}  # by another form of the name: a part, in Latin, the surname
        for member in self.members.values():
            self._note_forms(member)
        self.mentions = sorted({*find_known(page, self._forms()), *find_strangers(page, self.members)})

    def _introduce(self, subject: SourcePhrase, behind: int) -> None:
        title = subject.title
        if subject.kind == "role":
            insort(self.roles, (subject.span.start, subject.name, subject.name))
        if not subject.is_named:
            return
        is_person = self._is_latin_person(subject, behind) or self._is_foreign_person(subject)
        if subject.kind == "person":
            is_person = bool(subject.title or subject.latin) or not self._is_company(subject.name)
        self._add(subject.name, subject.span.start, is_person, title, subject.latin)
        if title and (employer := _employer(title)):
            self._add(employer, subject.span.start - len(title), False)

    def is_company(self, name: str) -> bool:
        """Return whether the article tells that a name is a company's (古茗门店), or the lists know it."""
        known = self._directory.find(name)
        return self._is_company(name) or (known is not None and not known.is_person)

    def _is_company(self, name: str) -> bool:
        """Whether what has a person's shape is a company's name: 古茗, for the article has 古茗门店."""
        found = re.finditer(f"{re.escape(name)}{patterns.OF_COMPANY}", self._page.text)
        return sum(1 for _ in found) >= _COMPANY_SIGNS

    def _is_latin_person(self, subject: SourcePhrase, behind: int) -> bool:
        """Whether a bare Latin name is a person's: by its form, or for its words begin with 她."""
        if not subject.name.isascii():
            return False
        alone = " " not in subject.name and is_common_given_name(subject.name)
        return (
            alone
            or is_surely_person(subject.name)
            or _OWN_PRONOUN_RE.match(self._page.masked, behind) is not None
        )

    def _is_foreign_person(self, subject: SourcePhrase) -> bool:
        """Whether a bare name is written with the characters of foreign names, and is no known company's."""
        known = self._directory.find(subject.name)
        if subject.kind != "name" or (known is not None and not known.is_person):
            return False
        is_foreign = patterns.FOREIGN_RE.fullmatch(fold(subject.name)) is not None
        return (
            is_foreign
            and subject.name not in patterns.ORGANISATION_NAMES
            and not re.search(f"{re.escape(subject.name)}{patterns.OF_COMPANY}", self._page.text)
        )

    def _add(self, name: str, first: int, person: bool, title: str = "", latin: str | None = None) -> None:
        member = self.members.setdefault(name, NamedEntity(name, first, person))
        member.first = min(member.first, first)
        member.is_person |= person
        member.title = member.title or title
        member.latin = member.latin or latin
        if "先生" in title or "女士" in title:
            member.gender = "he" if "先生" in title else "she"
        if title:
            insort(self.roles, (first, title, name))

    def _note_forms(self, member: NamedEntity) -> None:
        if not member.is_person:
            return
        surname = re.match(patterns.SURNAME, fold(member.name))
        forms = (_last_part(member.name), member.latin, f"{surname[0]}…" if surname else None)
        for form in filter(None, forms):
            self.owners.setdefault(form, set()).add(member.name)

    def _forms(self) -> dict[str, str]:
        """Return by each form that names one member alone, as the last part of a foreign name, the name."""
        forms = {name: name for name in self.members}
        for form, owners in self.owners.items():
            if len(owners) == 1 and not form.endswith("…"):
                forms[form] = next(iter(owners))
        return forms

    def is_speaker(self, name: str) -> bool:
        """Return whether `name` speaks elsewhere in the article, is introduced by a title, or is known."""
        return name in self.members or name in self.owners or self._directory.find(name) is not None

    def is_listed(self, name: str) -> bool:
        """Return whether the lists have a person of this name."""
        known = self._directory.find(name)
        return known is not None and known.is_person

    def is_known_person(self, name: str) -> bool:
        """Return whether `name`, in full or in part, is a person's whom the article or the lists name."""
        if name in self.members or name in self.owners:
            return self.is_person(name)
        return self.is_listed(name)

    def owners_of(self, name: str) -> set[str]:
        """Return whose name `name` is a part of; where it is a listed person's, no other's.

        A foreign surname alone (施密特) is a listed person's only where the article names no other of it.
        """
        owners = self.owners.get(name, set()) - {name}
        known = self._directory.find(name)
        listed = {o for o in owners if known and (other := self._directory.find(o)) and other.id == known.id}
        return listed if listed or (known and not self._directory.is_surname_alone(name)) else owners

    def is_another(self, name: str, latin: str | None) -> bool:
        """Return whether `name`, a listed person's, means somebody else of the name here.

        Brackets say so (施密特（Helga Schmidt）), or it is a surname alone and nothing in the article speaks
        for the listed one: neither the full name, in either script, nor the organisation.
        """
        known = self._directory.find(name)
        if known is None or not known.is_person:
            return False
        if latin and parse_name(latin).is_full:
            return (
                self._directory.find(latin) or self._directory.find_misspelt(latin) or known
            ).id != known.id or same_person(latin, known.name) == "different"
        return self._directory.is_surname_alone(name) and not ({known.id, known.organisation} & self._listed)

    @cached_property
    def _listed(self) -> set[str]:
        """The ids of the listed whom the article names in full, in either script."""
        names = [self._page.text[s:e] for s, e, _ in self._directory.mentions(self._page.folded)]
        names += _LATIN_RUN_RE.findall(self._page.text)
        found = (self._directory.find(n) for n in set(names) if not self._directory.is_surname_alone(n))
        return {known.id for known in found if known}

    def subject_opening(self, start: int, end: int, adverbial: bool = False) -> SourcePhrase | None:
        """Return the one who is named, alone, where the clause between `start` and `end` begins.

        With `adverbial` an adverbial must follow the name at once; else any word that makes it no other's
        name (奥特曼的同事, 奥特曼团队).
        """
        masked = self._page.masked
        start += len(masked[start:end]) - len(masked[start:end].lstrip(patterns.QUOTED + " 【"))
        if (leading := leading_length(masked[start:end])) and masked[start + leading - 1] in "与同跟":
            return None  # 与某某并肩站在一起，称
        start += leading
        if pronoun := _PRONOUN_RE.match(masked, start, end):
            return self._subject("pronoun", pronoun.start(), pronoun.end())
        first = bisect_left(self.mentions, NameMention(start, ""))
        for place in self.mentions[first : first + 3]:
            before = masked[start : place.start]
            if (
                place.end <= place.start
                or place.end > end
                or (before and not _TITLE_ONLY_RE.fullmatch(before))
                or _APPOINTING_RE.search(before)
                or ({"和", "与"}.intersection(before) and self.persons(start, place.start))
            ):
                continue
            whole = self._end_of_body(place, end)
            after = _strip_brackets(masked, whole, end)
            follows = _ADVERBIAL_RE if adverbial else _VERB_PHRASE_RE
            if follows.match(masked, after, end):
                return self._subject(
                    "person" if self.is_person(place.name) else "organisation",
                    place.start,
                    whole,
                    before,
                )
        shaped = None if adverbial else _OPENING_PERSON_RE.match(masked, start, end)
        return self._subject("person", *shaped.span(1)) if shaped and is_person(shaped[1]) else None

    def _end_of_body(self, place: NameMention, end: int) -> int:
        """Return where a body ends whose name only begins with the one mentioned: 国务院/关税税则委员会."""
        longer = None if self.is_person(place.name) else _BODY_RE.match(self._page.masked, place.end, end)
        return (
            longer.end()
            if longer and all(w.word_class[0] in "nvjbal" for w in words_of(longer[0]))
            else place.end
        )

    def person_ending(self, phrase: Span) -> SourcePhrase | None:
        """Return the person named at the end of `phrase`, or before a preposition in it: 承诺特朗普在白宫."""
        preposition = patterns.PREPOSITION_RE.search(self._page.masked, phrase.start + 1, phrase.end)
        end = preposition.start() if preposition else phrase.end
        last = bisect_left(self.mentions, NameMention(end, "")) - 1
        place = self.mentions[last] if last >= 0 else None
        if place is None or place.end != end or place.start < phrase.start or not self.is_person(place.name):
            return None
        return self._subject("person", place.start, place.end, self._page.masked[phrase.start : place.start])

    def _subject(self, kind: SourceKind, start: int, end: int, title: str = "") -> SourcePhrase | None:
        phrase = SourcePhrase(kind, self._page.text[start:end], Span(start, end), title=title)
        return phrase if kind == "pronoun" else with_edges(phrase, self._page.masked)

    def persons(self, start: int, end: int) -> set[str]:
        """Return the persons who are named between `start` and `end`, strangers with a "?" in front."""
        return {place.name for place in self.between(start, end) if self.is_person(place.name)}

    def only_person(self, start: int, end: int, titled: bool = False) -> str | None:
        """Return the one person named between `start` and `end`; with `titled` of those with a title."""
        names = self.persons(start, end)
        if titled:
            names = {name for name in names if name in self.members and self.members[name].title}
        return names.pop() if len(names) == 1 and not any(n.startswith("?") for n in names) else None

    def only_subject(self, start: int, end: int) -> str | None:
        """Return the one person named between `start` and `end`, where that one opens a clause there."""
        name = self.only_person(start, end)
        places = [place for place in self.between(start, end) if place.name == name]
        return name if any(self._opens_clause(place, start, end) for place in places) else None

    def _opens_clause(self, place: NameMention, start: int, end: int) -> bool:
        """Whether only nouns stand before `place` in its clause (紅魔主帅鲁宾), and a verb may follow."""
        clause = max(self._page.masked.rfind(mark, start, place.start) for mark in patterns.STOP) + 1
        before = _BEHIND_TIME_RE.sub("", self._page.masked[max(start, clause) : place.start]).strip()
        titled = _TITLE_ONLY_RE.fullmatch(before) is not None and not _APPOINTING_RE.search(before)
        nouns = titled or all(word.word_class[0] in "nbmqx" for word in words_of(before))
        after = _strip_brackets(self._page.masked, place.end, end)
        if before and self._page.masked.startswith("，", after):
            after += 1
        return nouns and (after >= end or _VERB_PHRASE_RE.match(self._page.masked, after, end) is not None)

    def is_person(self, name: str) -> bool:
        return name not in self.members or self.members[name].is_person

    def between(self, start: int, end: int) -> list[NameMention]:
        """The last mentions between `start` and `end` that lie in nobody's words."""
        last = bisect_left(self.mentions, NameMention(end, ""))
        first = max(bisect_left(self.mentions, NameMention(start, "")), last - _WINDOW)
        return [place for place in self.mentions[first:last] if not self._is_content(place.start)]

    def _is_content(self, at: int) -> bool:
        return any(span.start <= at < span.end for span in self._contents[-2 * _WINDOW :])

    def add_mention(self, start: int, name: str) -> None:
        """Keep that a pronoun at `start` means `name`."""
        insort(self.mentions, NameMention(start, name))

    def note_content(self, spans: Iterable[Span]) -> None:
        """Keep that who is named inside `spans` is spoken of, not speaking."""
        self._contents.extend(spans)


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
