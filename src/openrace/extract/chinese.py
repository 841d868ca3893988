"""Chinese text → claims: who said what, by the plain patterns of Chinese news.

    某某表示：“……”    某某说，……    “……，”某某说，“……。”    据某某称，……    在某某看来，……

The cues of a sentence are found first (`chinese_clauses`), each with its subject (`chinese_subjects`);
then everybody the article names is known (`chinese_cast`), and content is given to them sentence by
sentence. No segmenter, no dictionary of names: a name is told by its place before a cue, by the title or
organisation in front of it, and by its surname. The cost is linear in the length of the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from openrace.extract import chinese_words as words
from openrace.extract.chinese_cast import Cast, Found
from openrace.extract.chinese_clauses import (
    Content,
    Cue,
    colon_quotations,
    content_behind,
    end_of_content,
    find_cues,
    is_all_quotation,
    leading_quotations,
)
from openrace.extract.chinese_subjects import Subject, read_noun_phrase
from openrace.extract.chinese_text import Page, Quotation, is_chinese
from openrace.records import Article, Claim, Kind, Mention, Span, Speaker, normalise_wording

EXTRACTOR = "chinese-1"

# How sure each shape is of its content, before its speaker is weighed. Set by hand: no gold data of
# Chinese news was to be had, so these say an order and were not measured.
_SURE = {"colon": 0.97, "split": 0.97, "after": 0.95, "comma": 0.9, "clause": 0.88, "fragment": 0.9, "named": 0.85,
         "continued": 0.8, "beside": 0.72, "adjacent": 0.55, "label": 0.75, "block": 0.8}  # fmt: skip
_UNKNOWN_SURE = 0.45
_SHAPES = {
    "colon": "with a colon before its words",
    "split": "inside the quotation that it parts",
    "after": "behind the quotation",
    "comma": "with a comma before its clause",
    "clause": "running into its clause",
    "fragment": "right before the quoted words",
    "named": "giving something a name in quotation marks",
}
_NO_LABELS = {"记者", "问", "答", "主持人", "编者按", "来源", "编辑", "作者", "责任编辑", "导读", "摘要", "原标题", "标题", "注", "图"}
_LABEL_RE = re.compile(rf"^([^{words.STOP}“”「」\"《》]{{1,20}})[：:](?=[^\n])", re.M)


@dataclass(frozen=True)
class _Utterance:
    """One claim before it is a record."""

    content: Content
    shape: str
    cue: Span | None
    subject: Subject | None
    found: Found
    venue: Span | None
    context: Span


def extract_chinese(article: Article, resolve: Callable[[str], str | None]) -> list[Claim]:
    """The claims in the Chinese paragraphs of `article`, in the order of their first words.

    `resolve` gives the directory's id of a name, or None. Paragraphs of other scripts are left alone.
    """
    page = Page(article.text)
    utterances = sorted(_Reading(page, resolve).utterances(), key=lambda u: u.content.spans)
    claims = {claim.id: claim for claim in (_claim(article, u, resolve) for u in utterances)}
    return [*claims.values()]


class _Reading:
    """One reading of a page, sentence by sentence."""

    def __init__(self, page: Page, resolve: Callable[[str], str | None]) -> None:
        self._page, self._resolve = page, resolve
        self._sentences = [s for s in page.sentences if is_chinese(page.text[s.start : s.end]) or page.masked[s.start] == words.QUOTED]
        self._cues = {sentence: find_cues(page, sentence) for sentence in self._sentences}
        subjects = [c.before.subject for cues in self._cues.values() for c in cues if c.before.subject]
        self._cast = Cast(page, subjects)
        self._done = 0  # where the last content ends
        self._speaking: tuple[Subject | None, Found] | None = None  # of the sentence before

    def utterances(self) -> Iterator[_Utterance]:
        labels = {at: subject for at, subject in self._labels()}
        for sentence in self._sentences:
            if sentence.start < self._done:
                continue
            said = self._labelled(sentence, labels.get(sentence.start)) or [*self._sentence(sentence)]
            for utterance in said:
                spans = utterance.content.spans
                self._done = max(self._done, spans[-1].end)
                self._cast.note_claim(utterance.found.name, spans, max(spans[-1].end, utterance.cue.end if utterance.cue else 0))
                yield utterance
            self._speaking = (said[-1].subject, said[-1].found) if said else None

    def _sentence(self, sentence: Span) -> Iterator[_Utterance]:
        cues = self._cues[sentence]
        leading = leading_quotations(self._page, sentence)
        if not cues:
            yield from self._without_cue(sentence, leading)
            return
        done, last = sentence.start, None
        for index, cue in enumerate(cues):
            if cue.span.start < done:
                continue
            speaker = self._speaker(cue, last, sentence)
            if speaker is None:
                continue
            said = [*self._at_cue(sentence, cues, index, leading, speaker)]
            leading = [] if said else leading
            if said:
                last = speaker
                done = max(u.content.spans[-1].end for u in said)
            yield from said

    def _speaker(self, cue: Cue, last: tuple[Subject | None, Found] | None, sentence: Span) -> tuple[Subject | None, Found] | None:
        """The subject of `cue` and whom it means; a subject left out is that of the cue before it."""
        if cue.before.subject:
            return cue.before.subject, self._cast.resolve(cue.before.subject)
        if last:
            return last[0], last[1]._replace(sure=last[1].sure * 0.9, why="the speaker of the clause before")
        name = self._cast.only_person(sentence.start, cue.span.start)
        return (None, Found(name, 0.8, f"{name} is the only person the sentence names before it")) if name else None

    def _at_cue(
        self, sentence: Span, cues: list[Cue], index: int, leading: list[Quotation], speaker: tuple[Subject | None, Found]
    ) -> Iterator[_Utterance]:
        """The quotation before the cue, the content behind it, or both as one that the cue parts."""
        cue = cues[index]
        behind = content_behind(self._page, cue, end_of_content(self._page, sentence, cues, index))
        before = [q for q in leading if q.end <= cue.before.clause_start + 1 and cue.span.start - q.end <= 80]
        if not before:
            if behind:
                yield self._utterance(behind, behind.shape, cue, speaker, sentence)
            return
        spans = tuple(span for q in before for span in q.spans)
        if behind and behind.spans == behind.quoted and behind.shape in ("colon", "comma", "fragment"):
            joined = Content(spans + behind.spans, spans + behind.spans, "colon")
            yield self._utterance(joined, "split", cue, speaker, sentence)
            return
        yield self._utterance(Content(spans, spans, "colon"), "after", cue, speaker, sentence)
        if behind:
            yield self._utterance(behind, behind.shape, cue, speaker, sentence)

    def _utterance(self, content: Content, shape: str, cue: Cue, speaker: tuple[Subject | None, Found], sentence: Span) -> _Utterance:
        subject, found = speaker
        venue = cue.before.venue or self._venue(sentence, cue.span.start)
        context = Span(min(sentence.start, content.spans[0].start), max(sentence.end, content.spans[-1].end))
        return _Utterance(content, shape, cue.span, subject, found, venue, context)

    def _venue(self, sentence: Span, before: int) -> Span | None:
        """Where it was said, told in an adverbial earlier in the sentence."""
        low = max(sentence.start, before - 80)
        matches = [*words.VENUE_RE.finditer(self._page.masked, low, before)]
        return Span(*matches[-1].span()) if matches else None

    def _without_cue(self, sentence: Span, leading: list[Quotation]) -> Iterator[_Utterance]:
        """Quotations that no cue claims: behind a colon, or standing alone behind their speaker."""
        if is_all_quotation(self._page, sentence, leading):
            yield from self._standing_alone(sentence, leading)
            return
        for colon, quotations in colon_quotations(self._page, sentence):
            spans = quotations[0].spans
            subject, found = self._beside(sentence, colon)
            full = self._page.text[spans[-1].end - 1] in "。！？!?…"
            if found.name or full:
                yield _Utterance(Content(spans, spans, "colon"), "beside", None, subject, found, None, sentence)

    def _beside(self, sentence: Span, colon: int) -> tuple[Subject | None, Found]:
        """Who is named before a colon without a cue: 某某的回答很简单：“……”."""
        start = max(sentence.start, colon - 60)
        possessive = self._page.masked.find("的", start, colon)
        if possessive > 0 and (subject := read_noun_phrase(self._page.text, self._page.masked, start, possessive)):
            if subject.is_named or subject.kind in ("pronoun", "surname", "company"):
                return subject, self._cast.resolve(subject)
        name = self._cast.only_person(start, colon)
        return None, Found(name, 0.9, f"{name} is the only person named before the colon" if name else "no speaker is named before the colon")

    def _standing_alone(self, sentence: Span, leading: list[Quotation]) -> Iterator[_Utterance]:
        """A sentence that is all quotation goes to who was speaking, or to the one person just named."""
        spans = tuple(span for q in leading for span in q.spans)
        content = Content(spans, spans, "block")
        if self._page.text[spans[-1].end - 1] not in "。！？!?…" and leading[-1].closed:
            return
        if self._speaking and self._speaking[1].name:
            subject, found = self._speaking
            found = found._replace(why=f"{found.name} was speaking in the sentence before")
            yield _Utterance(content, "continued", None, subject, found, None, sentence)
            return
        index = bisect_left(self._sentences, sentence)
        previous = self._sentences[index - 1] if index else None
        name = self._cast.only_person(previous.start, previous.end) if previous else None
        why = f"{name} is the only person named in the sentence before" if name else "no cue and no name beside the quotation"
        yield _Utterance(content, "adjacent", None, None, Found(name, 1.0, why), None, sentence)

    def _labels(self) -> Iterator[tuple[int, Subject]]:
        """Names with a colon that open a paragraph: in a headline, or of turns in an interview."""
        matches = [*_LABEL_RE.finditer(self._page.masked)]
        turns = Counter(match[1] for match in matches)
        for match in matches:
            subject = read_noun_phrase(self._page.text, self._page.masked, *match.span(1))
            if subject is None or match[1].strip() in _NO_LABELS or not (subject.is_named or subject.kind == "surname"):
                continue
            whole = subject.span.end == match.end(1) or self._page.masked[subject.span.end] == words.BRACKETED
            heading = match.start() == 0 and self._known(subject)
            if whole and (heading or (turns[match[1]] > 1 and subject.kind != "organisation")):
                yield match.start(), subject

    def _known(self, subject: Subject) -> bool:
        return self._cast.knows(subject.name, subject.span.start) or self._resolve(subject.name) is not None

    def _labelled(self, sentence: Span, subject: Subject | None) -> list[_Utterance]:
        """The paragraph behind a label, whole."""
        if subject is None or self._cues[sentence]:
            return []
        colon = re.compile("[：:]").search(self._page.masked, subject.span.end)
        end = self._page.masked.find("\n", sentence.start)
        line = Span(sentence.start, end if end > 0 else len(self._page.masked))
        if colon is None or colon.end() >= line.end:
            return []
        return [*self._label_content(line, colon.end(), subject)]

    def _label_content(self, line: Span, start: int, subject: Subject) -> Iterator[_Utterance]:
        found = self._cast.resolve(subject)
        raw = self._page.text[start : line.end]
        begin, end = start + len(raw) - len(raw.lstrip()), start + len(raw.rstrip())
        if begin >= end:
            return
        quotation = next((q for q in self._page.quotations if q.start == begin and q.end == end), None)
        spans = quotation.spans if quotation else (Span(begin, end),)
        yield _Utterance(Content(spans, spans if quotation else (), "block"), "label", None, subject, found, None, line)


def _claim(article: Article, said: _Utterance, resolve: Callable[[str], str | None]) -> Claim:
    """The record of `said`."""
    text = article.text
    spans, quoted = said.content.spans, said.content.quoted
    kind: Kind = "indirect" if not quoted else "direct" if quoted == spans else "mixed"
    speaker = _speaker(text, said, resolve)
    sure = _SURE[said.shape] * said.found.sure if speaker else min(_UNKNOWN_SURE, _SURE[said.shape])
    return Claim(
        id=Claim.make_id(article.id, spans),
        article_id=article.id,
        kind=kind,
        spans=spans,
        quoted=quoted,
        text=normalise_wording(" ".join(text[s.start : s.end] for s in spans)),
        cue=_mention(text, said.cue),
        speaker=speaker,
        venue=_mention(text, said.venue),
        context=said.context,
        confidence=round(sure, 2),
        reason=_reason(text, said),
        extractor=EXTRACTOR,
    )


def _mention(text: str, span: Span | None) -> Mention | None:
    return Mention(span=span, text=text[span.start : span.end]) if span else None


def _speaker(text: str, said: _Utterance, resolve: Callable[[str], str | None]) -> Speaker | None:
    name, subject = said.found.name, said.subject
    if name is None:
        return None
    person_id = resolve(name) or (resolve(subject.latin) if subject and subject.latin else None)
    mention = text[subject.span.start : subject.span.end] if subject else name
    return Speaker(span=subject.span if subject else None, text=mention, name=name, person_id=person_id)


def _reason(text: str, said: _Utterance) -> str:
    """Rule and cue in one readable line."""
    if said.cue is None:
        rule = {"label": "a name and a colon open the line", "beside": "a colon before the quotation"}.get(said.shape, "a quotation that stands alone")
    else:
        rule = f"cue {text[said.cue.start : said.cue.end]} {_SHAPES[said.shape]}"
    return f"{rule}; {said.found.why}"
