"""What the site shows of a recording: the turns with reported words, never the whole transcript."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Self

from openrace.links import link_to_second
from openrace.records import Article, NonEmpty, Record, Span, Turn, ValidSpan
from openrace.site.snapshot import ArticleFacts

MARGIN = 320  # code points of a turn that are shown on each side of reported words: some sentences


class ReportedWords(Record):
    """Words of a turn that are reported: where they are in the transcript, and in the text that is shown."""

    source: ValidSpan
    span: ValidSpan


class ReportedTurn(Record):
    """A turn with words that are reported, cut to what stands around them."""

    number: int  # from 1, of all turns
    speaker: NonEmpty | None
    text: NonEmpty  # on one line
    reported: tuple[ReportedWords, ...]  # in order, apart from each other
    second: float | None  # of the recording, at which the first of them begins
    link: str | None  # plays it from there


class RecordingFacts(Record):
    """A transcript as the site may show it."""

    article: ArticleFacts
    recording: str | None  # where it can be heard or seen
    automatic: bool  # a machine wrote it down
    turns: tuple[ReportedTurn, ...]
    total: int  # turns in all

    @classmethod
    def of(cls, article: Article, spans: Sequence[Span]) -> Self:
        """Return what may be shown of the transcript `article`, of which these passages are reported."""
        return cls(
            article=ArticleFacts.of(article),
            recording=article.recording,
            automatic=article.automatic,
            turns=tuple(_reported(article, spans)),
            total=len(article.turns),
        )


def _reported(article: Article, spans: Sequence[Span]) -> Iterator[ReportedTurn]:
    for number, turn in enumerate(article.turns, 1):
        if mine := list(_merged(turn.span, spans)):
            yield _cut(article, number, turn, mine)


def _merged(turn: Span, spans: Sequence[Span]) -> Iterator[Span]:
    """Yield the stretches of a turn that these passages cover."""
    within = sorted(Span(max(s.start, turn.start), min(s.end, turn.end)) for s in spans)
    last: Span | None = None
    for span in (span for span in within if span.start < span.end):
        if last and span.start <= last.end:
            last = Span(last.start, max(last.end, span.end))
        else:
            if last:
                yield last
            last = span
    if last:
        yield last


def _cut(article: Article, number: int, turn: Turn, spans: Sequence[Span]) -> ReportedTurn:
    """Return a turn with `spans` of the transcript marked; what stands far from them is left out."""
    text, reported, at = "", [], turn.span.start
    for span in spans:
        text += _between(article.text[at : span.start], opens=at == turn.span.start)
        words = " ".join(article.text[slice(*span)].split())
        reported.append(ReportedWords(source=span, span=Span(len(text), len(text) + len(words))))
        text, at = text + words, span.end
    after = article.text[at : turn.span.end]
    text += after if len(after) <= MARGIN else _start_of(after) + " …"
    second = turn.second_at(spans[0].start)
    return ReportedTurn(
        number=number,
        speaker=turn.speaker,
        text=text,
        reported=tuple(reported),
        second=second,
        link=link_to_second(article.recording, second),
    )


def _between(words: str, *, opens: bool) -> str:
    """Return the words before a passage, without those that stand far from any; `opens`: of the turn."""
    if len(words) <= MARGIN * (1 if opens else 2):
        return words
    end = words[-MARGIN:].partition(" ")[2] or words[-MARGIN:]
    return f"… {end}" if opens else f"{_start_of(words)} … {end}"


def _start_of(words: str) -> str:
    return words[:MARGIN].rpartition(" ")[0] or words[:MARGIN]
