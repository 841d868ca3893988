"""The subjects of cues that only the names of the whole article tell, and where somebody spoke untold."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace

from openrace.extract.chinese import patterns, wordclass
from openrace.extract.chinese.cues import Cue
from openrace.extract.chinese.name_edges import read_mention
from openrace.extract.chinese.name_shapes import is_person
from openrace.extract.chinese.names import ArticleNames
from openrace.extract.chinese.noun_phrases import SourcePhrase
from openrace.extract.chinese.quotations import MaskedText
from openrace.records import Span

_CLAUSE_RE = re.compile(f"[，,；;。 \n{patterns.QUOTED}]+")
# A surname and nothing but an adverbial before the cue
_SURNAME_RE = re.compile(
    rf"(?P<whole>(?P<surname>{patterns.SURNAME})(?:[续遂又再则亦也便即仍还]|{patterns.one_of(wordclass.ADVERBS)}|于[^{patterns.STOP}]+)?)"
    rf"(?:{patterns.one_of(wordclass.ADVERBS)})*$"
)
# Cues that need a subject of their own: 分析预计 and 不排除 are nobody's
_NOBODYS_RE = re.compile(f"排除|估计|{patterns.IMPERSONAL_RE.pattern}")
_GROUP_RE = re.compile(f"(?P<group>[^{patterns.STOP}也则亦还都均又却]{{2,16}})[也则亦还都均又却]")
_COMMON_STARTS = "表指说认强透宣提"  # of cues: no name is longer by one
_ONLY_SPEAKERS_RE = re.compile("承认|坦承|否认|证实|感叹|抱怨|吐槽|写道")  # nothing but a speaker does so
_MOST_CLAUSES = 5  # before a cue without a subject that are looked at


class CueSubjects:
    """Completes the cues of one text.

    `unread` has, by sentence, where somebody speaks who could not be told.
    """

    def __init__(self, page: MaskedText, names: ArticleNames) -> None:
        self._page, self._names = page, names
        self.unread: dict[Span, int] = {}
        self._given_up: list[Span] = []  # from a subject that may be no speaker to its cue

    def complete(self, sentence: Span, cues: list[Cue]) -> list[Cue]:
        """Return `cues` with the subjects that only the names of the whole article tell."""
        completed: list[Cue] = []
        floor = sentence.start
        for cue in cues:
            cue = self._with_subject(cue, sentence.start, floor)
            if not cue.is_unread:
                completed.append(cue)
                floor = cue.span.end
            else:
                subject = cue.before.subject
                begin = subject.span.start if subject else cue.before.clause_start
                if begin < cue.span.start and not self._names.persons(begin, cue.span.start):
                    self._given_up.append(Span(begin, cue.span.start))
                if (cue.opens_utterance or _ONLY_SPEAKERS_RE.match(cue.word)) and not cue.silent:
                    self.unread[sentence] = cue.span.end
        return completed

    def _with_subject(self, cue: Cue, sentence_start: int, floor: int) -> Cue:
        """Return `cue` with the subject that opens its clause or the nearest clause before that has one."""
        subject = cue.before.subject
        if longer := self._longer_name(cue):
            return replace(cue, before=replace(cue.before, subject=longer))
        if surname := self._surname_opening(cue):
            return replace(cue, before=replace(cue.before, subject=surname, elided=False), doubtful=False)
        if subject is not None and subject.kind not in ("name", "organisation", "role"):
            return cue
        if subject is not None and (known := self._names.person_ending(subject.span)):
            return replace(cue, before=replace(cue.before, subject=known), doubtful=False)
        if subject is not None and subject.kind != "name" and not cue.doubtful:
            return cue
        if subject is not None and cue.doubtful and self._names.is_speaker(subject.name):
            return replace(cue, doubtful=False)
        start = max(floor, cue.before.clause_start)
        found = self._names.subject_opening(start, cue.span.start, adverbial=True)
        if found is None and subject is None and cue.before.elided and _NOBODYS_RE.match(cue.word) is None:
            start, found = self._subject_of_clauses(sentence_start, floor, start)
        if found is None:
            return cue
        before = replace(cue.before, subject=found, elided=False, clause_start=start)
        return replace(cue, before=before, doubtful=False)

    def _longer_name(self, cue: Cue) -> SourcePhrase | None:
        """Return the name that goes on into the cue, as the article has it elsewhere: 陈子坚/称."""
        subject = cue.before.subject
        if subject is None or subject.kind != "person" or subject.span.end != cue.span.start:
            return None
        masked, (start, end) = self._page.masked, subject.span
        whole = masked[start : end + 1]
        as_cue = masked.count(masked[start:end] + cue.word)
        if len(cue.word) < 2 or whole[-1] in _COMMON_STARTS or not is_person(whole):
            return None
        if not as_cue < masked.count(whole) == masked.count(masked[start:end]):
            return None
        return replace(subject, name=self._page.text[start : end + 1], span=Span(start, end + 1))

    def _surname_opening(self, cue: Cue) -> SourcePhrase | None:
        """Return the surname that alone opens the clause, where it is one person's here: 沈又说, 沈续称."""
        subject = cue.before.subject
        if subject is not None and subject.kind not in ("name", "person"):
            return None
        start = cue.before.clause_start
        found = _SURNAME_RE.match(self._page.masked, start, cue.span.start)
        if found is None or self._names.is_speaker(found["whole"]):
            return None
        owners = self._names.owners.get(f"{found['surname']}…", set())
        span = Span(*found.span("surname"))
        is_full = any(self._page.text.startswith(name, span.start) for name in owners)
        known = len(owners) == 1 and not is_full
        return SourcePhrase("surname", self._page.text[span.start : span.end], span) if known else None

    def _subject_of_clauses(
        self, sentence_start: int, floor: int, end: int
    ) -> tuple[int, SourcePhrase | None]:
        """Return the nearest clause between `floor` and `end` that somebody opens, and whom.

        Behind another's cue it may be that one's words, unless a title introduces somebody.
        """
        semicolon = self._page.masked.rfind("；", floor, end) + 1
        if semicolon:
            sentence_start = floor = semicolon
        clauses = [match.end() for match in _CLAUSE_RE.finditer(self._page.masked, floor, end)][
            -_MOST_CLAUSES:
        ]
        for start in reversed([floor, *clauses]):
            found = self._names.subject_opening(start, end) or self._group_opening(start, end)
            if found and (floor == sentence_start or found.title or found.kind == "pronoun"):
                return start, found
        return end, None

    def _group_opening(self, start: int, end: int) -> SourcePhrase | None:
        """Return the people or the body that open a clause before an adverb: 当地政府/也主动上门."""
        before = _GROUP_RE.match(self._page.masked, start, end)
        if before is None:
            return None
        found = read_mention(self._page.text, self._page.masked, *before.span("group"))
        if found is None or found.kind not in ("role", "organisation", "name"):
            return None
        is_group = found.kind != "name" or self._page.masked[found.span.end - 1] in wordclass.GROUP_ENDINGS
        return replace(found, kind="role") if is_group else None

    def is_another(self, cue: Cue, since: int) -> bool:
        """Return whether a subject that was not read stands before `cue`, which leaves its own out.

        It may be the subject of a cue that was given up, or of a clause set against the one before
        (而某联盟则支持决定，称……).
        """
        given_up = bisect_left(self._given_up, (since,))
        if given_up < len(self._given_up) and self._given_up[given_up].end < cue.span.start:
            return True
        return patterns.AGAINST_RE.search(self._page.masked, since, cue.span.start) is not None
