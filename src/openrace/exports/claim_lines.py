"""Records → JSON Lines and CSV. `ClaimLine` is the canonical form of a claim; its schema is published."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any, Literal, Self, get_args

from openrace.claim_wording import Wording
from openrace.csv_sheet import write_sheet
from openrace.records import (
    Article,
    Claim,
    DateBasis,
    Family,
    Kind,
    Polarity,
    Record,
    Span,
    Speaker,
    TextSpan,
    When,
)
from openrace.story import CheckKind, MeaningKind

_SPEAKER = ("name", "person_id", "text")  # a claim's speaker has a column for each


class PieceLine(Record):
    """An unbroken stretch of a claim's content; `quoted` where the article has it inside quotation marks."""

    text: str
    quoted: bool


class ClaimLine(Record):
    """One claim with where it stands: the line of ``openrace export claims --format jsonl``."""

    claim_id: str
    article_id: str
    family_id: str | None  # the claims that report the same utterance share it; None: not grouped yet
    kind: Kind
    polarity: Polarity
    line: str  # as a reader is to be shown it: pieces in their marks, with the verb where they need it
    text: str  # the content alone on one line, for comparing: what is denied is not said to be denied here
    pieces: tuple[PieceLine, ...]  # the content in reading order, cut where marks open or close and at gaps
    spans: tuple[Span, ...]  # code points of the article's text: the content, marks left out
    quoted: tuple[Span, ...]  # the stretches of it inside quotation marks
    context: Span
    cue: TextSpan | None
    speaker: Speaker | None  # None: unknown, or too unsure to be shown
    venue: TextSpan | None
    parent_id: str | None  # the claim that this one is reported inside of
    confidence: float
    reason: str
    extractor: str
    url: str | None
    title: str | None
    outlet: str | None
    published: When | None
    said_when: str | None = None  # as the article dates what was said, where that is before its own day
    first_outlet: str | None  # who surely printed the family first; None: no date, or no certain order
    first_among: tuple[str, ...]  # the outlets that may be the first: several on the same day
    lag_hours: float | None  # since the first; whole days where either has only a day; None: not known
    lag_doubt_hours: float | None  # by so much that may be wrong: hours of a day, a clock in doubt
    changed: tuple[MeaningKind, ...] = ()  # what of the meaning this print changed, by its alerts
    translated: Literal["worded differently"] | None = None  # it and the wording shown are translations
    original: str | None = None  # the words as they were said, where a transcript of the recording is kept …
    original_article: str | None = None  # … the transcript
    original_speaker: str | None = None  # … who said them there; None: it does not name them
    original_second: float | None = None  # … when in the recording; None: it has no times
    original_link: str | None = None  # … plays it from there; None: not known how
    against_original: tuple[CheckKind, ...] = ()  # what this print did to them

    @classmethod
    def of(cls, claim: Claim, wording: Wording, **where: Any) -> Self:
        """Return the line of `claim`; `where` gives the fields that a claim does not have."""
        fields = dict(claim)
        pieces = tuple(PieceLine(text=piece.text, quoted=piece.quoted) for piece in wording.pieces)
        return cls(claim_id=fields.pop("id"), line=wording.line, pieces=pieces, **fields, **where)


class ArticleLine(Record):
    """One article without its text, which is its publisher's; `sha256` tells whether yours is the same."""

    id: str
    url: str | None
    title: str | None
    outlet: str | None
    published: When | None
    published_zone: str | None = None  # of its hour: "+08:00", "UTC" or an IANA name
    published_basis: DateBasis | None = None  # how sure the date is
    published_written: str | None = None  # as its publisher wrote it
    authors: tuple[str, ...]
    language: str | None
    note: str | None
    recording: str | None = None  # where it can be heard, if it is a transcript
    length: int  # code points of the text
    sha256: str  # of the text in UTF-8

    @classmethod
    def of(cls, article: Article) -> Self:
        """Return the line of `article`."""
        fields = dict(article)
        text, _ = fields.pop("text"), (fields.pop("turns"), fields.pop("automatic"))
        return cls(**fields, length=len(text), sha256=sha256(text.encode()).hexdigest())


def to_jsonl(records: Iterable[Record]) -> Iterator[str]:
    """One JSON object a line, keys in the order of the record."""
    for record in records:
        yield record.model_dump_json() + "\n"


def to_csv(records: Iterable[Record]) -> Iterator[str]:
    """Yield a header and one row a record, as `flatten` makes it."""
    return write_sheet(map(flatten, records))


def columns_of(model: type[Record]) -> list[str]:
    """Return the columns of `flatten` for records of one kind."""
    speaker = [f"speaker_{part}" for part in _SPEAKER]
    split = {} if issubclass(model, Family) else {"speaker": speaker}
    return [column for name in model.model_fields for column in split.get(name, [name])]


def plain_type(annotation: Any) -> type:
    """Return float, int or bool where a field holds one (or None), else str."""
    return next((it for it in (float, int, bool) if it in (annotation, *get_args(annotation))), str)


def flatten(record: Record) -> dict[str, Any]:
    """Return `record` as a row: three columns for the speaker, the words of cue and venue, JSON for lists."""
    row: dict[str, Any] = {}
    for name, value in record.model_dump(mode="json").items():
        if name == "speaker" and not isinstance(record, Family):
            row |= {f"speaker_{part}": value and value[part] for part in _SPEAKER}
        elif name in ("cue", "venue"):
            row[name] = value and value["text"]
        else:
            row[name] = json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
    return row
