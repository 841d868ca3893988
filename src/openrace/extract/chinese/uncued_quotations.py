"""Quotations that no cue claims: behind a colon, alone in their sentence, or beside their speaker."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from openrace.extract.chinese import patterns
from openrace.extract.chinese.confidence import AttributedSpeaker, Attribution
from openrace.extract.chinese.contents import Content
from openrace.extract.chinese.coreference import CoreferenceResolver
from openrace.extract.chinese.name_edges import read_mention
from openrace.extract.chinese.names import ArticleNames
from openrace.extract.chinese.organisation_mentions import Resolution
from openrace.extract.chinese.quotations import (
    FULL,
    MaskedText,
    Quotation,
    colon_quotations,
    is_all_quotation,
)
from openrace.extract.chinese.source_phrases import read_before
from openrace.records import Span

BESIDE = 80  # characters between a quotation and the cue or name that is beside it
_LEAST_BESIDE = (
    10  # characters of a quotation that stands beside a name without a cue: shorter ones are terms
)
_LABELLED = 2  # quotations behind a label that make it a speaker's
_COMMA_RE = re.compile("[，, ]*")
_SIGNED_RE = re.compile(
    rf"\s*[—–―－-]{{1,3}}\s*(?P<name>[^{patterns.STOP}（(]{{2,30}})"
)  # “……”——某某，某公司
_ASIDE_RE = re.compile(rf"[，, ]*(?:[^{patterns.STOP}]{{1,10}}[，,])?")  # “……”春节前，某某就下了定义


class UncuedQuotations:
    """Attributes the quotations of a sentence without a cue; `speaking` is who spoke in the one before."""

    def __init__(
        self, page: MaskedText, names: ArticleNames, resolver: CoreferenceResolver, sentences: list[Span]
    ) -> None:
        self._page, self._names, self._resolver, self._sentences = page, names, resolver, sentences

    def attribute(
        self, sentence: Span, leading: list[Quotation], speaking: AttributedSpeaker | None
    ) -> Iterator[Attribution]:
        """Yield the attributions of a sentence without a cue; `leading` are the quotations that open it."""
        if is_all_quotation(self._page, sentence, leading):
            yield from self._standing_alone(sentence, leading, speaking)
            return
        if leading and (beside := self._beside(sentence, leading)):
            yield beside
        elif leading and speaking and self._page.text[leading[-1].spans[-1].end - 1] in FULL:
            yield self.continued(sentence, leading, speaking)
        for colon, quotation in colon_quotations(self._page, sentence):
            speaker = self._answering(sentence, colon)
            if speaker.resolution.name or self._page.text[quotation.spans[-1].end - 1] in FULL:
                content = Content(quotation.spans, quotation.spans, "colon")
                yield Attribution(content, "beside", None, speaker, None, sentence)

    def _beside(self, sentence: Span, leading: list[Quotation]) -> Attribution | None:
        """“……”，某某更关注……: the one who opens the clause behind the quotation."""
        spans = tuple(span for quotation in leading for span in quotation.spans)
        if sum(span.end - span.start for span in spans) < _LEAST_BESIDE:
            return None
        if signed := _SIGNED_RE.match(self._page.masked, leading[-1].end, sentence.end):
            phrase = read_mention(self._page.text, self._page.masked, *signed.span("name"))
            if phrase and phrase.kind in ("person", "organisation"):
                speaker = AttributedSpeaker(phrase, self._resolver.resolve(phrase))
                return Attribution(Content(spans, spans, "block"), "beside", None, speaker, None, sentence)
        aside = _ASIDE_RE.match(self._page.masked, leading[-1].end, sentence.end)
        starts = (leading[-1].end, aside.end() if aside else leading[-1].end)
        for start in starts:
            behind = _COMMA_RE.match(self._page.masked, start, sentence.end)
            phrase = self._names.subject_opening(behind.end() if behind else start, sentence.end)
            if phrase and phrase.kind == "person":
                speaker = AttributedSpeaker(phrase, self._resolver.resolve(phrase))
                return Attribution(Content(spans, spans, "block"), "beside", None, speaker, None, sentence)
        return None

    def _answering(self, sentence: Span, colon: int) -> AttributedSpeaker:
        """Who speaks before a colon without a cue: 发言人某某：“……” or 某某的回答很简单：“……”."""
        nobody = AttributedSpeaker(None, Resolution(None, 0.5, "no speaker is named before the colon"))
        named = read_before(self._page.text, self._page.masked, sentence.start, colon).subject
        if named and named.kind == "person" and patterns.TITLE_RE.search(named.title):
            return AttributedSpeaker(named, self._resolver.resolve(named))
        if named and named.kind in ("person", "role", "name") and self._is_label(sentence.start, colon):
            return AttributedSpeaker(named, self._resolver.resolve(named))
        start = max(sentence.start, colon - BESIDE)
        possessive = self._page.masked.find("的", start, colon)
        if possessive < 0 or patterns.SPEECH_RE.match(self._page.masked, possessive + 1, colon) is None:
            return nobody
        clause = max(self._page.masked.rfind(mark, start, possessive) for mark in "，,；;")
        subject = read_mention(self._page.text, self._page.masked, max(start, clause + 1), possessive)
        if subject and (subject.is_named or subject.kind in ("pronoun", "surname", "company")):
            return AttributedSpeaker(subject, self._resolver.resolve(subject))
        return nobody

    def _is_label(self, start: int, colon: int) -> bool:
        """Whether what stands before the colon opens lines again and again, as the lines of a dialogue."""
        label = self._page.masked[start:colon].strip()
        if not label or label in patterns.NO_LABELS or patterns.STOP_RE.search(label):
            return False
        lines = re.findall(rf"^\s*{re.escape(label)}[：:]\s*{patterns.QUOTED}", self._page.masked, re.M)
        return len(lines) >= _LABELLED

    def _standing_alone(
        self, sentence: Span, leading: list[Quotation], speaking: AttributedSpeaker | None
    ) -> Iterator[Attribution]:
        """A sentence that is all quotation goes to who was speaking, or to the one person just named."""
        spans = tuple(span for quotation in leading for span in quotation.spans)
        if self._page.text[spans[-1].end - 1] not in FULL and leading[-1].closed:
            return
        yield self.continued(sentence, leading, speaking)

    def continued(
        self, sentence: Span, leading: list[Quotation], speaking: AttributedSpeaker | None
    ) -> Attribution:
        """Return the quotations as the words of who was speaking, or of the one person just named."""
        spans = tuple(span for quotation in leading for span in quotation.spans)
        content = Content(spans, spans, "block")
        if speaking and speaking.resolution.name:
            why = f"{speaking.resolution.name} was speaking in the sentence before"
            speaker = speaking._replace(resolution=speaking.resolution._replace(why=why))
            return Attribution(content, "continued", None, speaker, None, sentence)
        return Attribution(content, "adjacent", None, self._introduced(sentence), None, sentence)

    def _introduced(self, sentence: Span) -> AttributedSpeaker:
        """The one person whom the sentence before names."""
        index = bisect_left(self._sentences, sentence)
        previous = self._sentences[index - 1] if index else None
        if previous and self._page.masked[previous.end - 1] in "：:":
            return self._answering(previous, previous.end - 1)
        name = self._names.only_subject(previous.start, previous.end) if previous else None
        why = "nobody is named beside it"
        if name:
            why = f"{name} is the only person named in the sentence before"
        return AttributedSpeaker(None, Resolution(name, 1.0, why))
