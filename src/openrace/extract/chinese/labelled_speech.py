"""Words that a label gives a speaker: turns of an interview, and names with a colon that open a line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from openrace.extract.chinese import patterns
from openrace.extract.chinese.confidence import AttributedSpeaker, Attribution
from openrace.extract.chinese.contents import Content
from openrace.extract.chinese.coreference import CoreferenceResolver
from openrace.extract.chinese.name_edges import read_mention
from openrace.extract.chinese.names import ArticleNames
from openrace.extract.chinese.noun_phrases import SourcePhrase
from openrace.extract.chinese.organisation_mentions import Resolution
from openrace.extract.chinese.quotations import MaskedText, quotations_in, trim
from openrace.extract.chinese.transcripts import InterviewTurn
from openrace.extract.directory import Directory
from openrace.records import Span

_LABEL_RE = re.compile(rf"^([^{patterns.STOP}“”「」\"《》]{{1,20}})[：:](?=[^\n])", re.M)


class LabelledSpeech:
    """Attributes the turns and labelled lines of one text."""

    def __init__(
        self, page: MaskedText, names: ArticleNames, resolver: CoreferenceResolver, directory: Directory
    ) -> None:
        self._page, self._names, self._resolver, self._directory = page, names, resolver, directory

    def labels(self) -> Iterator[tuple[int, SourcePhrase]]:
        """Names with a colon that open a line, as a headline's do."""
        for match in _LABEL_RE.finditer(self._page.masked):
            subject = read_mention(self._page.text, self._page.masked, *match.span(1))
            if subject is None or match[1].strip() in patterns.NO_LABELS:
                continue
            whole = self._page.masked[subject.span.end : match.end(1)].strip(patterns.BRACKETED + " ") == ""
            heads = subject.kind == "person" or (match.start() == 0 and subject.kind == "organisation")
            heads = heads and self._is_named_again(subject)
            if whole and heads:
                yield match.start(), subject

    def _is_named_again(self, subject: SourcePhrase) -> bool:
        elsewhere = self._page.text.find(subject.name) < subject.span.start or (
            self._page.text.find(subject.name, subject.span.end) >= 0
        )
        return subject.is_named and (elsewhere or self._directory.find(subject.name) is not None)

    def labelled(self, sentence: Span, subject: SourcePhrase | None) -> list[Attribution]:
        """The line behind a label, whole."""
        if subject is None:
            return []
        newline = self._page.masked.find("\n", sentence.start)
        line = Span(sentence.start, newline if newline > 0 else len(self._page.masked))
        colon = re.compile("[：:]").search(self._page.masked, subject.span.end, line.end)
        span = trim(self._page.text, colon.end(), line.end) if colon else None
        if span is None or span.start >= span.end or self._page.text[span.end - 1] in "？?":
            return []
        speaker = AttributedSpeaker(subject, self._resolver.resolve(subject))
        context = Span(line.start, max(line.end, span.end))
        return [Attribution(self.as_content((span,)), "label", None, speaker, None, context)]

    def turn(self, turn: InterviewTurn, first_turn: int) -> Attribution:
        """A turn of an interview; behind 答 it is the one person whom the opening names."""
        if turn.speaker:
            speaker = AttributedSpeaker(turn.speaker, self._resolver.resolve(turn.speaker))
        else:
            name = self._names.only_person(0, first_turn) or self._names.only_person(
                0, first_turn, titled=True
            )
            why = (
                f"{name} is the only person named before the first question"
                if name
                else "nobody is named for it"
            )
            label = self._page.text[turn.label.start : turn.label.end]
            speaker = AttributedSpeaker(SourcePhrase("role", label, turn.label), Resolution(name, 0.95, why))
        context = Span(turn.label.start, turn.paragraphs[-1].end)
        return Attribution(self.as_content(turn.paragraphs), "turn", None, speaker, None, context)

    def as_content(self, paragraphs: tuple[Span, ...]) -> Content:
        """The paragraphs, or the words inside the marks where one quotation is all of them."""
        start, end = paragraphs[0].start, paragraphs[-1].end
        whole = next(
            (q for q in quotations_in(self._page, start, end) if (q.start, q.end) == (start, end)), None
        )
        return Content(whole.spans, whole.spans, "block") if whole else Content(paragraphs, (), "block")
