"""Whose words are whose in a Chinese text: cues and quotations joined, sentence by sentence."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace

from openrace.extract.attributed_content import AttributedContent
from openrace.extract.chinese import patterns
from openrace.extract.chinese.confidence import AttributedSpeaker, Attribution
from openrace.extract.chinese.contents import Content, content_behind, end_of_content
from openrace.extract.chinese.coreference import CoreferenceResolver
from openrace.extract.chinese.cue_subjects import CueSubjects
from openrace.extract.chinese.cues import Cue, find_cues
from openrace.extract.chinese.labelled_speech import LabelledSpeech
from openrace.extract.chinese.names import ArticleNames
from openrace.extract.chinese.noun_phrases import SourcePhrase
from openrace.extract.chinese.organisation_mentions import Resolution
from openrace.extract.chinese.polarity import is_denial, polarity_of
from openrace.extract.chinese.quotations import (
    FULL,
    MaskedText,
    Quotation,
    leading_quotations,
    quotations_in,
    trim,
)
from openrace.extract.chinese.transcripts import find_turns
from openrace.extract.chinese.uncued_quotations import BESIDE, UncuedQuotations
from openrace.extract.directory import Directory
from openrace.records import Span
from openrace.scripts import is_chinese

_REPORT_GAP = 24  # characters from 据某报报道 to the subject whose words it reports: a time, a place
_ANALYSES = ("分析", "解读")  # nouns that are cues: without a subject, of nobody in particular
_TURNING_RE = re.compile("谈[到及]|[提说讲]到|提及")  # 谈到某事，某某指出: what he turns to
_MOST_INNER = 4  # cues inside one content that are looked at
_LEAST_INSIDE = 8  # characters of a quotation inside its sentence that the cue behind it claims
_NARRATION_RE = re.compile("[，, ]*(?:该|[这那][话家名位座款份场次所栋间条幢辆艘]|此[次前外])")


def attribute(text: str, directory: Directory) -> list[AttributedContent]:
    """Return what is reported in the Chinese paragraphs of `text`, in the order of its first words.

    Paragraphs of other scripts are left alone.
    """
    found = Attributor(MaskedText(text), directory).attributions()
    in_order = sorted(found, key=lambda attribution: attribution.content.spans)
    return [attribution.with_confidence(text, directory) for attribution in in_order]


def _going_on(speaker: AttributedSpeaker, share: float, why: str) -> AttributedSpeaker:
    """Return `speaker` as the one who goes on, by `share` less sure."""
    resolution = speaker.resolution
    return speaker._replace(resolution=resolution._replace(sure=resolution.sure * share, why=why))


class Attributor:
    """Joins the cues and quotations of one text, sentence by sentence."""

    def __init__(self, page: MaskedText, directory: Directory) -> None:
        self._page, self._directory = page, directory
        self._sentences = [s for s in page.sentences if self._is_ours(s)]
        cues = {sentence: find_cues(page, sentence) for sentence in self._sentences}
        self._names = ArticleNames(page, [cue for found in cues.values() for cue in found], directory)
        self._resolver = CoreferenceResolver(page, self._names)
        self._subjects = CueSubjects(page, self._names)
        self._cues = {sentence: self._subjects.complete(sentence, found) for sentence, found in cues.items()}
        self._uncued = UncuedQuotations(page, self._names, self._resolver, self._sentences)
        self._labelled = LabelledSpeech(page, self._names, self._resolver, directory)
        self._speaking: AttributedSpeaker | None = None  # in the sentence before

    def _is_ours(self, sentence: Span) -> bool:
        """Whether the sentence is Chinese text, or opens with a quotation, whatever script that is in."""
        opens = self._page.masked[sentence.start] == patterns.QUOTED
        if patterns.FURNITURE_RE.search(self._page.masked, sentence.start, sentence.end):
            return False
        return opens or is_chinese(self._page.text[sentence.start : sentence.end])

    def attributions(self) -> Iterator[Attribution]:
        """Yield all attributions, in the order of the sentences that report them."""
        labels = dict(self._labelled.labels())
        turns = {turn.label.start: turn for turn in find_turns(self._page)}
        first_turn = min(turns, default=0)
        done = 0
        for sentence in self._sentences:
            if sentence.start < done:
                continue
            turn = turns.get(sentence.start)
            if turn and not turn.is_question:
                done = turn.paragraphs[-1].end
                said = [self._labelled.turn(turn, first_turn)]
            else:
                floor = turn.paragraphs[0].start if turn else sentence.start
                said = self._line(sentence, labels.get(sentence.start)) or [*self._sentence(sentence, floor)]
            for attribution in said:
                done = max(done, attribution.content.spans[-1].end)
                name = attribution.speaker.resolution.name
                phrase = attribution.speaker.phrase
                somebody = phrase is not None and patterns.SOMEBODY_RE.match(phrase.name) is not None
                self._resolver.note_claim(name, attribution.content.spans, attribution.end, somebody)
            if (unread := self._subjects.unread.get(sentence, -1)) > done:
                self._resolver.note_unread(unread)
            self._speaking = said[-1].speaker if said else self._still_speaking(sentence)
            yield from said

    def _line(self, sentence: Span, subject: SourcePhrase | None) -> list[Attribution]:
        """The line behind a label, whole, where no cue stands in it."""
        return [] if self._cues[sentence] else self._labelled.labelled(sentence, subject)

    def _still_speaking(self, sentence: Span) -> AttributedSpeaker | None:
        """Who goes on behind `sentence`, a narrator's aside that names nobody, in the same paragraph."""
        ends_paragraph = self._page.text[sentence.end : sentence.end + 1] == "\n"
        names_somebody = self._names.persons(sentence.start, sentence.end)
        return None if ends_paragraph or names_somebody else self._speaking

    def _sentence(self, sentence: Span, floor: int) -> Iterator[Attribution]:
        """The attributions of one sentence; cues before `floor` belong to a label (问：)."""
        cues = self._cues[sentence]
        leading = leading_quotations(self._page, sentence)
        if not cues:
            yield from self._uncued.attribute(sentence, leading, self._speaking)
        done, last, since = floor, None, sentence.start
        for index, cue in enumerate(cues):
            if cue.span.start < done or self._only_reports(cues, index):
                continue
            speaker = self._speaker(cue, last, sentence, since)
            since = cue.span.end
            if leading and self._goes_on(leading, cue):
                yield self._uncued.continued(sentence, leading, self._speaking)
                leading = []
            said = [*self._at_cue(sentence, cues, index, leading, speaker, done)]
            last = speaker if said or cue.silent or cue.before.subject else last
            if said:
                leading = []
                done = max(attribution.content.spans[-1].end for attribution in said)
            yield from said

    def _goes_on(self, leading: list[Quotation], cue: Cue) -> bool:
        """Whether the quotations in front are the last speaker's: a clause parts them from the cue."""
        between = self._page.masked[leading[-1].end : max(leading[-1].end, cue.before.clause_start)]
        full = self._page.text[leading[-1].spans[-1].end - 1] in FULL
        speaking = self._speaking is not None and self._speaking.resolution.name is not None
        return speaking and full and len(between.strip("，, —")) > 1

    def _only_reports(self, cues: list[Cue], index: int) -> bool:
        """Whether a medium reports there what somebody named right behind says, or a reporter asks."""
        cue, subject = cues[index], cues[index].before.subject
        if subject is None and _TURNING_RE.match(cue.word) and self._another_speaks(cues, index):
            return True
        if "问" in cue.word and subject and self._page.masked.endswith("记者", 0, subject.span.end):
            return self._page.masked[cue.span.end : cue.span.end + 2].strip("：:，,")[:1] != patterns.QUOTED
        is_outlet = subject is not None and patterns.OUTLET_RE.search(
            self._page.masked, subject.span.start, subject.span.end + 1
        )
        if not (is_outlet or patterns.REPORT_RE.search(cue.word)) or index + 1 >= len(cues):
            return False
        inner = cues[index + 1]
        named = inner.before.subject is not None and inner.reports and not inner.silent
        between = self._page.masked[cue.span.end : inner.before.clause_start]
        return named and (len(between) <= _REPORT_GAP or patterns.SETTING_RE.fullmatch(between) is not None)

    def _another_speaks(self, cues: list[Cue], index: int) -> bool:
        """Whether the next clause has a speaker of its own: 谈到新的关税，某某指出."""
        if index + 1 >= len(cues) or cues[index + 1].before.subject is None:
            return False
        between = self._page.masked[cues[index].span.end : cues[index + 1].before.clause_start]
        return re.fullmatch(f"[^{patterns.STOP}]*[，,]", between) is not None

    def _speaker(
        self, cue: Cue, last: AttributedSpeaker | None, sentence: Span, since: int
    ) -> AttributedSpeaker:
        """The subject of `cue` and whom it means; a subject left out is that of the cue before it.

        That one ends at `since`.
        """
        if cue.before.subject:
            return AttributedSpeaker(cue.before.subject, self._resolver.resolve(cue.before.subject))
        if self._subjects.is_another(cue, since):
            return AttributedSpeaker(None, Resolution(None, 0.5, "somebody else may be speaking there"))
        if last and not cue.word.startswith(_ANALYSES):
            return _going_on(last, 0.9, "the speaker of the clause before")
        opens = cue.before.clause_start <= sentence.start + 1
        if opens and self._speaking and self._may_go_on(self._speaking, cue):
            return _going_on(self._speaking, 0.85, "the speaker of the sentence before")
        nobodys = opens or patterns.IMPERSONAL_RE.match(cue.word) is not None
        name = None if nobodys else self._names.only_subject(sentence.start, cue.span.start)
        why = f"{name} is the only person named before it" if name else "nobody is named before it"
        return AttributedSpeaker(None, Resolution(name, 0.8, why))

    def _may_go_on(self, speaking: AttributedSpeaker, cue: Cue) -> bool:
        """Whether a cue without a subject can be the last speaker's: 报道称 is an outlet's alone."""
        if patterns.IMPERSONAL_RE.match(cue.word) is None:
            return True
        name = speaking.resolution.name or ""
        if patterns.REPORT_RE.match(cue.word):
            return patterns.OUTLET_RE.search(name) is not None
        return patterns.NOTICE_RE.match(cue.word) is not None and not self._names.is_person(name)

    def _at_cue(
        self,
        sentence: Span,
        cues: list[Cue],
        index: int,
        leading: list[Quotation],
        speaker: AttributedSpeaker,
        done: int,
    ) -> Iterator[Attribution]:
        """The quotation before the cue, the content behind it, or both as one that the cue parts.

        Words that nobody is named for are kept only where marks show that somebody said them.
        """
        cue = cues[index]
        if cue.silent:
            return
        behind = content_behind(self._page, cue, end_of_content(self._page, sentence, cues, index))
        before = self._quotations_before(cue, leading, max(done, sentence.start), behind)
        spans = tuple(span for quotation in before for span in quotation.spans)
        if spans and behind and behind.spans == behind.quoted and behind.shape != "named":
            joined = Content(spans + behind.spans, spans + behind.spans, "colon")
            yield self._attribution(joined, "split", cue, speaker, sentence)
            return
        if spans:
            yield self._attribution(Content(spans, spans, "colon"), "after", cue, speaker, sentence)
            if behind and _NARRATION_RE.match(self._page.masked, cue.span.end):
                return
        if behind and (speaker.phrase or speaker.resolution.name or behind.quoted):
            yield from self._with_inner(behind, cues, index, speaker, sentence)
        elif not spans and (block := self._paragraph_behind(cue, sentence)):
            yield self._attribution(block, "paragraph", cue, speaker, sentence)

    def _quotations_before(
        self, cue: Cue, leading: list[Quotation], floor: int, behind: Content | None
    ) -> list[Quotation]:
        """Those that open the sentence, or the one right before the clause of a cue without content."""
        near = [
            q for q in leading if q.end <= cue.before.clause_start + 1 and cue.span.start - q.end <= BESIDE
        ]
        if near or (behind and behind.spans != behind.quoted):
            return near
        clause = cue.before.clause_start
        for quotation in reversed(quotations_in(self._page, floor, clause + 1)):
            parted = self._page.masked[quotation.end : clause].strip("，, ")
            length = sum(span.end - span.start for span in quotation.spans)
            introduced = self._page.masked[max(floor, quotation.start - 1)] in "，,：:。 "
            return [quotation] if not parted and introduced and length >= _LEAST_INSIDE else []
        return []

    def _paragraph_behind(self, cue: Cue, sentence: Span) -> Content | None:
        """The next paragraph, where the line ends with the cue and a colon."""
        if self._page.masked[cue.span.end : sentence.end].strip() not in ("：", ":"):
            return None
        start = self._start_behind(sentence.end)
        newline = self._page.text.find("\n", start)
        span = trim(self._page.text, start, newline if newline > 0 else len(self._page.text))
        return self._labelled.as_content((span,)) if span.end > span.start else None

    def _start_behind(self, end: int) -> int:
        """Where the next sentence of the text begins."""
        index = bisect_left(self._page.sentences, (end,))
        return (
            self._page.sentences[index].start if index < len(self._page.sentences) else len(self._page.text)
        )

    def _with_inner(
        self, content: Content, cues: list[Cue], index: int, speaker: AttributedSpeaker, sentence: Span
    ) -> Iterator[Attribution]:
        """The claim, and the quotations in it that another is reported to have said: they are not its own."""
        end = content.spans[-1].end
        children = []
        for inner in cues[index + 1 : index + 1 + _MOST_INNER]:
            subject = inner.before.subject
            said = (
                content_behind(self._page, inner, end) if inner.span.end < end and not inner.silent else None
            )
            if subject and said and said.spans == said.quoted and said.shape in ("colon", "comma"):
                theirs = AttributedSpeaker(subject, self._resolver.resolve(subject))
                child = self._attribution(said, said.shape, inner, theirs, sentence)
                children.append(replace(child, parent=content.spans))
        taken = {span for child in children for span in child.content.spans}
        own = content._replace(quoted=tuple(span for span in content.quoted if span not in taken))
        yield self._attribution(own, own.shape, cues[index], speaker, sentence)
        yield from children

    def _attribution(
        self, content: Content, shape: str, cue: Cue, speaker: AttributedSpeaker, sentence: Span
    ) -> Attribution:
        venue = cue.before.venue or self._venue(sentence, cue.span.start)
        context = Span(min(sentence.start, content.spans[0].start), max(sentence.end, content.spans[-1].end))
        own_words = content.spans == content.quoted and shape in ("colon", "split", "after", "comma")
        own_words = own_words or (shape in ("colon", "comma") and is_denial(cue.word))  # 辟谣，工厂没有停工
        polarity = polarity_of(cue.word, cue.before.negation, own_words)
        return Attribution(content, shape, cue.span, speaker, venue, context, polarity)

    def _venue(self, sentence: Span, before: int) -> Span | None:
        """Where it was said, told in an adverbial earlier in the sentence."""
        low = max(sentence.start, before - BESIDE)
        matches = [*patterns.VENUE_RE.finditer(self._page.masked, low, before)]
        return Span(*matches[-1].span()) if matches else None
