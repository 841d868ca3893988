"""Whose words are whose in a Chinese text: cues and quotations joined, sentence by sentence."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from openrace.extract.chinese import patterns, wordclass
from openrace.extract.chinese.coreference import Cast, Found
from openrace.extract.chinese.cues import (
    Content,
    Cue,
    colon_quotations,
    content_behind,
    end_of_content,
    find_cues,
    is_all_quotation,
    leading_quotations,
)
from openrace.extract.chinese.quotations import FULL, Page, Quotation, trim
from openrace.extract.chinese.source_phrases import Subject, read_before, read_noun_phrase
from openrace.records import Span
from openrace.scripts import is_chinese

_MEDIUM_RE = re.compile("报道|消息")
_REPORT_GAP = 24  # characters from 据某报报道 to the subject whose words it reports: a time, a place
_MOST_INNER = 4  # cues inside one content that are looked at
_BESIDE = 80  # characters between a quotation and the cue behind it, and between a venue and its cue
_NO_LABELS = frozenset(wordclass.NO_LABELS.split())
_LABEL_RE = re.compile(rf"^([^{patterns.STOP}“”「」\"《》]{{1,20}})[：:](?=[^\n])", re.M)


class Voice(NamedTuple):
    """A mention that stands for a speaker, if there is one, and whom it means."""

    subject: Subject | None
    found: Found


@dataclass(frozen=True)
class Utterance:
    """One claim before it is a record. `shape` is how cue and content stand to each other."""

    content: Content
    shape: str
    cue: Span | None
    voice: Voice
    venue: Span | None
    context: Span
    parent: tuple[Span, ...] | None = None  # the content that it is reported inside of

    @property
    def end(self) -> int:
        return max(self.content.spans[-1].end, self.cue.end if self.cue else 0)


class Reading:
    """One reading of a page, sentence by sentence; `is_known` tells names that a directory knows."""

    def __init__(self, page: Page, is_known: Callable[[str], bool]) -> None:
        self._page, self._is_known = page, is_known
        self._sentences = [s for s in page.sentences if self._is_ours(s)]
        self._cues = {sentence: find_cues(page, sentence) for sentence in self._sentences}
        subjects = [cue.before.subject for cues in self._cues.values() for cue in cues if cue.before.subject]
        self._cast = Cast(page, subjects)
        self._speaking: Voice | None = None  # in the sentence before

    def _is_ours(self, sentence: Span) -> bool:
        """Whether the sentence is Chinese, or opens with a quotation, whatever script that is in."""
        opens = self._page.masked[sentence.start] == patterns.QUOTED
        return opens or is_chinese(self._page.text[sentence.start : sentence.end])

    def utterances(self) -> Iterator[Utterance]:
        """All utterances, in the order of the sentences that report them."""
        labels = dict(self._labels())
        done = 0
        for sentence in self._sentences:
            if sentence.start < done:
                continue
            said = self._labelled(sentence, labels.get(sentence.start)) or [*self._sentence(sentence)]
            for utterance in said:
                done = max(done, utterance.content.spans[-1].end)
                self._cast.note_claim(utterance.voice.found.name, utterance.content.spans, utterance.end)
            self._speaking = said[-1].voice if said else None
            yield from said

    def _sentence(self, sentence: Span) -> Iterator[Utterance]:
        cues = self._cues[sentence]
        leading = leading_quotations(self._page, sentence)
        if not cues:
            yield from self._without_cue(sentence, leading)
        done, last = sentence.start, None
        for index, cue in enumerate(cues):
            if cue.span.start < done or self._only_reports(cues, index):
                continue
            voice = self._voice(cue, last, sentence)
            said = [*self._at_cue(sentence, cues, index, leading, voice)] if voice else []
            last = voice if said or cue.silent else last
            if said:
                leading = []
                done = max(utterance.content.spans[-1].end for utterance in said)
            yield from said

    def _only_reports(self, cues: list[Cue], index: int) -> bool:
        """Whether a medium reports there what somebody named right behind says, or a reporter asks."""
        cue, subject = cues[index], cues[index].before.subject
        if "问" in cue.word and subject and self._page.masked.endswith("记者", 0, subject.span.end):
            return self._page.masked[cue.span.end : cue.span.end + 2].strip("：:，,")[:1] != patterns.QUOTED
        if _MEDIUM_RE.search(cue.word) is None or index + 1 >= len(cues):
            return False
        inner = cues[index + 1]
        named = inner.before.subject is not None and inner.opens_utterance and not inner.silent
        return named and inner.before.clause_start - cue.span.end <= _REPORT_GAP

    def _voice(self, cue: Cue, last: Voice | None, sentence: Span) -> Voice | None:
        """The subject of `cue` and whom it means; a subject left out is that of the cue before it."""
        if cue.before.subject:
            return Voice(cue.before.subject, self._cast.resolve(cue.before.subject))
        if last:
            found = last.found._replace(sure=last.found.sure * 0.9, why="the speaker of the clause before")
            return Voice(last.subject, found)
        name = self._cast.only_person(sentence.start, cue.span.start)
        return Voice(None, Found(name, 0.8, f"{name} is the only person named before it")) if name else None

    def _at_cue(
        self, sentence: Span, cues: list[Cue], index: int, leading: list[Quotation], voice: Voice
    ) -> Iterator[Utterance]:
        """The quotation before the cue, the content behind it, or both as one that the cue parts."""
        cue = cues[index]
        if cue.silent:
            return
        behind = content_behind(self._page, cue, end_of_content(self._page, sentence, cues, index))
        before = [
            q for q in leading if q.end <= cue.before.clause_start + 1 and cue.span.start - q.end <= _BESIDE
        ]
        spans = tuple(span for quotation in before for span in quotation.spans)
        if spans and behind and behind.spans == behind.quoted and behind.shape != "named":
            joined = Content(spans + behind.spans, spans + behind.spans, "colon")
            yield self._utterance(joined, "split", cue, voice, sentence)
            return
        if spans:
            yield self._utterance(Content(spans, spans, "colon"), "after", cue, voice, sentence)
        if behind:
            yield from self._with_inner(behind, cues, index, voice, sentence)

    def _with_inner(
        self, content: Content, cues: list[Cue], index: int, voice: Voice, sentence: Span
    ) -> Iterator[Utterance]:
        """The claim, and the quotations in it that another is reported to have said: they are not its own."""
        end = content.spans[-1].end
        children = []
        for inner in cues[index + 1 : index + 1 + _MOST_INNER]:
            subject = inner.before.subject
            said = (
                content_behind(self._page, inner, end) if inner.span.end < end and not inner.silent else None
            )
            if subject and said and said.spans == said.quoted and said.shape in ("colon", "comma"):
                theirs = Voice(subject, self._cast.resolve(subject))
                child = self._utterance(said, said.shape, inner, theirs, sentence)
                children.append(replace(child, parent=content.spans))
        taken = {span for child in children for span in child.content.spans}
        own = content._replace(quoted=tuple(span for span in content.quoted if span not in taken))
        yield self._utterance(own, own.shape, cues[index], voice, sentence)
        yield from children

    def _utterance(self, content: Content, shape: str, cue: Cue, voice: Voice, sentence: Span) -> Utterance:
        venue = cue.before.venue or self._venue(sentence, cue.span.start)
        context = Span(min(sentence.start, content.spans[0].start), max(sentence.end, content.spans[-1].end))
        return Utterance(content, shape, cue.span, voice, venue, context)

    def _venue(self, sentence: Span, before: int) -> Span | None:
        """Where it was said, told in an adverbial earlier in the sentence."""
        low = max(sentence.start, before - _BESIDE)
        matches = [*patterns.VENUE_RE.finditer(self._page.masked, low, before)]
        return Span(*matches[-1].span()) if matches else None

    def _without_cue(self, sentence: Span, leading: list[Quotation]) -> Iterator[Utterance]:
        """Quotations that no cue claims: behind a colon, or standing alone behind their speaker."""
        if is_all_quotation(self._page, sentence, leading):
            yield from self._standing_alone(sentence, leading)
            return
        for colon, quotation in colon_quotations(self._page, sentence):
            voice = self._answering(sentence, colon)
            if voice.found.name or self._page.text[quotation.spans[-1].end - 1] in FULL:
                content = Content(quotation.spans, quotation.spans, "colon")
                yield Utterance(content, "beside", None, voice, None, sentence)

    def _answering(self, sentence: Span, colon: int) -> Voice:
        """Who speaks before a colon without a cue: 发言人某某：“……” or 某某的回答很简单：“……”."""
        nobody = Voice(None, Found(None, 0.5, "no speaker is named before the colon"))
        named = read_before(self._page.text, self._page.masked, sentence.start, colon).subject
        if named and named.kind == "person" and patterns.TITLE_RE.search(named.title):
            return Voice(named, self._cast.resolve(named))
        start = max(sentence.start, colon - _BESIDE)
        possessive = self._page.masked.find("的", start, colon)
        if possessive < 0 or patterns.SPEECH_RE.match(self._page.masked, possessive + 1, colon) is None:
            return nobody
        subject = read_noun_phrase(self._page.text, self._page.masked, start, possessive)
        if subject and (subject.is_named or subject.kind in ("pronoun", "surname", "company")):
            return Voice(subject, self._cast.resolve(subject))
        return nobody

    def _standing_alone(self, sentence: Span, leading: list[Quotation]) -> Iterator[Utterance]:
        """A sentence that is all quotation goes to who was speaking, or to the one person just named."""
        spans = tuple(span for quotation in leading for span in quotation.spans)
        content = Content(spans, spans, "block")
        if self._page.text[spans[-1].end - 1] not in FULL and leading[-1].closed:
            return
        if self._speaking and self._speaking.found.name:
            subject, found = self._speaking
            found = found._replace(why=f"{found.name} was speaking in the sentence before")
            yield Utterance(content, "continued", None, Voice(subject, found), None, sentence)
            return
        yield Utterance(content, "adjacent", None, self._introduced(sentence), None, sentence)

    def _introduced(self, sentence: Span) -> Voice:
        """The one person whom the sentence before names."""
        index = bisect_left(self._sentences, sentence)
        previous = self._sentences[index - 1] if index else None
        name = self._cast.only_person(previous.start, previous.end) if previous else None
        why = (
            f"{name} is the only person named in the sentence before" if name else "nobody is named beside it"
        )
        return Voice(None, Found(name, 1.0, why))

    def _labels(self) -> Iterator[tuple[int, Subject]]:
        """Names with a colon that open a line: of a headline, or of turns in an interview."""
        matches = [*_LABEL_RE.finditer(self._page.masked)]
        turns = Counter(match[1] for match in matches)
        for match in matches:
            subject = read_noun_phrase(self._page.text, self._page.masked, *match.span(1))
            if subject is None or match[1].strip() in _NO_LABELS:
                continue
            whole = self._page.masked[subject.span.end : match.end(1)].strip(patterns.BRACKETED + " ") == ""
            turn = turns[match[1]] > 1 and subject.kind in ("person", "surname", "name")
            heads = (match.start() == 0 or subject.kind == "person") and self._is_named_again(subject)
            if whole and (turn or heads):
                yield match.start(), subject

    def _is_named_again(self, subject: Subject) -> bool:
        elsewhere = self._page.text.find(subject.name) < subject.span.start or (
            self._page.text.find(subject.name, subject.span.end) >= 0
        )
        return subject.is_named and (elsewhere or self._is_known(subject.name))

    def _labelled(self, sentence: Span, subject: Subject | None) -> list[Utterance]:
        """The line behind a label, whole."""
        if subject is None or self._cues[sentence]:
            return []
        newline = self._page.masked.find("\n", sentence.start)
        line = Span(sentence.start, newline if newline > 0 else len(self._page.masked))
        colon = re.compile("[：:]").search(self._page.masked, subject.span.end, line.end)
        if colon is None:
            return []
        span = trim(self._page.text, colon.end(), line.end)
        if span.start >= span.end:
            return []
        quotation = next(
            (q for q in self._page.quotations if q.start == span.start and q.end == span.end), None
        )
        content = (
            Content(quotation.spans, quotation.spans, "block") if quotation else Content((span,), (), "block")
        )
        voice = Voice(subject, self._cast.resolve(subject))
        return [Utterance(content, "label", None, voice, None, Span(line.start, max(line.end, span.end)))]
