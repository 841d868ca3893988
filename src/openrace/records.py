"""The records that every room hands to the next: frozen, checked when made, compared by value.

Offsets count code points of `Article.text`, half-open: ``text[start:end]`` is always the very words.
Times are ISO 8601 strings, either a day (``2025-05-19``) or an instant in UTC to the second
(``2025-05-19T10:00:00Z``): they sort as text, and a date never pretends to know the hour.
`None` always means "not known".
"""

from __future__ import annotations

import hashlib
import itertools
import re
from bisect import bisect_right
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from openrace.dating import zone_info

if TYPE_CHECKING:
    from openrace.claim_wording import Wording

Kind = Literal["direct", "mixed", "indirect"]
KINDS: tuple[Kind, ...] = ("direct", "mixed", "indirect")
# How sure a date is: an instant whose zone the text states, or that the feed's or outlet's own zone settles;
# the day alone; or a date that cannot be (it lies in the future), which is kept as it was written and not
# told.
DateBasis = Literal["stated", "assumed", "day", "doubtful"]
Polarity = Literal["asserted", "denied", "questioned", "conditional"]  # what the cue makes of the content
# A claim below this confidence is kept, marked unsure, and by default neither grouped nor published. On
# annotated texts of every style 96 % of the claims from it on are right; raising it loses more than it wins.
UNSURE_BELOW = 0.7


class Span(NamedTuple):
    """Code points `start` to `end` of a text; JSON ``[start, end]``."""

    start: int
    end: int


def _check_span(span: Span) -> Span:
    if not 0 <= span.start < span.end:
        raise ValueError(f"a span must be 0 <= start < end, not [{span.start}, {span.end}]")
    return span


def _check_order(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    for before, after in itertools.pairwise(spans):
        if before.end > after.start:
            raise ValueError(f"spans must be in order and apart, not {list(before)} before {list(after)}")
    return spans


def spans_within(inner: tuple[Span, ...], outer: tuple[Span, ...]) -> tuple[Span, ...]:
    """Return those of `inner` that lie inside one of `outer`; both in order."""
    starts = [span.start for span in outer]
    return tuple(
        span for span in inner if (at := bisect_right(starts, span.start)) and span.end <= outer[at - 1].end
    )


def normalise_when(value: str | date | datetime) -> str:
    """Return `value` as this project writes times: ``YYYY-MM-DD`` or ``YYYY-MM-DDTHH:MM:SSZ``.

    An instant without a zone is taken for UTC. Raises ValueError for what is no ISO 8601 date or time.
    """
    return _normalise_text(value) if isinstance(value, str) else _normalise_moment(value)


@lru_cache(maxsize=4_096)  # the statements of an article have one date
def _normalise_text(text: str) -> str:
    text = text.strip()
    return _normalise_moment(date.fromisoformat(text) if len(text) <= 10 else datetime.fromisoformat(text))


def _normalise_moment(value: date | datetime) -> str:
    if not isinstance(value, datetime):
        return value.isoformat()
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    try:
        instant = aware.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"{value} is before the year 1 or after 9999 in UTC") from error
    return instant.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"  # strftime writes year 20 as "20"


def local_day(when: str, zone: str | None) -> str:
    """Return the day of `when` (a day, or an instant in UTC) on the clocks of `zone`; of UTC where it is not
    known."""
    if len(when) <= 10 or zone is None:
        return when[:10]
    return datetime.fromisoformat(when).astimezone(zone_info(zone)).date().isoformat()


def _check_zone(zone: str) -> str:
    try:
        local_day("2000-01-01T00:00:00Z", zone)
    except (ValueError, KeyError, OSError) as error:
        raise ValueError(f"{zone!r} is no time zone: write +08:00 or Asia/Shanghai") from error
    return zone


Zone = Annotated[str, AfterValidator(_check_zone)]
ValidSpan = Annotated[Span, AfterValidator(_check_span)]
Spans = Annotated[tuple[ValidSpan, ...], AfterValidator(_check_order)]
When = Annotated[str, AfterValidator(normalise_when)]
NonEmpty = Annotated[str, Field(min_length=1)]
Slug = Annotated[str, Field(pattern=r"^[\w-]+$")]


def stable_id(*parts: str, length: int = 12) -> str:
    """Return a short id that depends on `parts` alone: the first `length` hex digits of their SHA-256.

    Twelve digits (48 bits) keep the chance of one collision among a million below 0.2 %.
    """
    packed = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(packed).hexdigest()[:length]


def normalise_wording(text: str) -> str:
    """Return `text` on one line: every run of white space a single space."""
    return " ".join(text.split())


def slugify(name: str) -> str:
    """Return `name` as addresses have it: word characters of any script, lower case, joined by hyphens."""
    return re.sub(r"[\W_]+", "-", name.lower()).strip("-") or "unnamed"


class Record(BaseModel):
    """A frozen pydantic model that refuses fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Outlet(Record):
    """Who published: known by its registrable domain or host."""

    domain: NonEmpty
    name: NonEmpty
    country: str | None = None  # ISO 3166-1 alpha-2 of the outlet itself
    kind: str | None = None
    zone: Zone | None = None  # IANA name of the time zone it writes its hours in


class Turn(Record):
    """What one speaker says in a recording until the next one speaks; `span` has the words without the label.

    `times` are places in the article's text and the second of the recording at which they are said, in order.
    """

    span: ValidSpan
    speaker: NonEmpty | None = None  # as the transcript names them; None: it does not
    times: tuple[tuple[int, float], ...] = ()

    def second_at(self, offset: int) -> float | None:
        """Return when the words at `offset` of the article's text are said; None where no time is known."""
        at = bisect_right(self.times, offset, key=lambda mark: mark[0])
        return self.times[at - 1][1] if at else None


class Article(Record):
    """One published text. `text` is set once, here; everything else points into it.

    Where the headline is known it is the first paragraph of `text` too, so that claims in headlines
    have offsets like any other. Paragraphs are apart by one blank line.
    """

    id: NonEmpty
    text: NonEmpty
    url: str | None = None
    title: str | None = None
    outlet: str | None = None  # Outlet.domain
    published: When | None = None
    published_zone: Zone | None = None  # where its hour was written: "+08:00", "UTC" or an IANA name
    published_basis: DateBasis | None = None
    published_written: str | None = None  # as the publisher wrote it
    authors: tuple[str, ...] = ()
    language: str | None = None  # ISO 639-1
    note: str | None = None  # what a reader must know of the text, e.g. that it is a brief
    turns: tuple[Turn, ...] = ()  # of a recording, where the text is its transcript; in order
    recording: str | None = None  # where it can be heard or seen; None: not known, or no transcript
    automatic: bool = False  # a machine wrote the transcript down: it may have misheard words

    @property
    def is_transcript(self) -> bool:
        """Whether the text is what was said in a recording."""
        return bool(self.turns)

    @property
    def published_day(self) -> str | None:
        """The day of publication where it was published: an evening in San Francisco is not yet tomorrow."""
        return local_day(self.published, self.published_zone) if self.published else None

    @classmethod
    def make_id(cls, url: str | None, text: str) -> str:
        """Return the id of the article at `url`, or of `text` where it has no address."""
        return stable_id("url", url) if url else stable_id("text", text)


class TextSpan(Record):
    """Words of an article and where they stand: a cue, a venue."""

    span: ValidSpan
    text: NonEmpty


class Speaker(Record):
    """Who said it. `span` and `text` are the mention ("he"); `name` is whom it resolves to.

    `name` is None where the article does not settle who the mention is: then the speaker is unknown.
    """

    span: ValidSpan | None
    text: NonEmpty
    name: NonEmpty | None
    person_id: str | None = None  # Person.id or Organisation.id


class Claim(Record):
    """One attributed statement in one article.

    `spans` are its content, marks left out; `quoted` those stretches of it that stand inside quotation
    marks. `speaker` is None where it is unknown or too unsure to be shown (`reason` says which).
    """

    id: NonEmpty
    article_id: NonEmpty
    kind: Kind
    polarity: Polarity = "asserted"
    spans: Annotated[Spans, Field(min_length=1)]
    quoted: Spans
    text: NonEmpty  # the wording on one line
    cue: TextSpan | None
    speaker: Speaker | None
    venue: TextSpan | None = None
    context: ValidSpan  # the sentence or sentences that hold it
    parent_id: str | None = None  # the claim that this one is reported inside of
    confidence: Annotated[float, Field(ge=0, le=1)]
    reason: NonEmpty  # which rule and cue attribute it, in one readable line
    extractor: NonEmpty  # the version that made it

    @model_validator(mode="after")
    def _kind_agrees_with_marks(self) -> Self:
        if self.kind == "indirect" and self.quoted:
            raise ValueError("an indirect claim has no quoted words")
        if self.kind != "indirect" and not self.quoted:
            raise ValueError(f"a {self.kind} claim needs quoted words")
        if self.kind == "direct" and self.quoted != self.spans:
            raise ValueError("a direct claim is quoted throughout")
        if len(spans_within(self.quoted, self.spans)) < len(self.quoted):
            raise ValueError("quoted words must lie inside the content")
        return self

    @staticmethod
    def make_id(article_id: str, spans: tuple[Span, ...]) -> str:
        """Return the id of the claim with this content in this article."""
        return stable_id("claim", article_id, *(f"{s.start}-{s.end}" for s in spans))

    def wording(self, page: str) -> Wording:
        """Return the claim as it is shown, `page` being the text of its article: never without its verb."""
        from openrace.claim_wording import Reported, word_claim  # its patterns cost every start 10 ms

        cue = self.cue.span if self.cue else None
        speaker = self.speaker.span if self.speaker else None
        reported = Reported(self.kind, self.polarity, self.spans, self.quoted, cue, speaker)
        return word_claim(page, reported)

    def said_when(self, page: str, published: str | None) -> str | None:
        """Return the words by which the report dates what was said before its own day; None for none."""
        from openrace.said_when import said_when  # as above

        cue = self.cue.span if self.cue else None
        return said_when(page, cue, self.context, self.spans, published)

    def verbatim(self, article: Article) -> str:
        """Return the words inside marks, stretches apart by an ellipsis; the whole of an indirect claim."""
        if self.kind == "indirect":
            return self.text
        return " … ".join(normalise_wording(article.text[q.start : q.end]) for q in self.quoted)

    def check_against(self, article: Article) -> Self:
        """Return the claim itself, or ValueError where it does not fit the article's text."""
        last = max(self.spans[-1].end, self.context.end)
        for mention in (self.cue, self.venue, self.speaker):
            if mention is None or mention.span is None:
                continue
            last = max(last, mention.span.end)
            if article.text[mention.span.start : mention.span.end] != mention.text:
                raise ValueError(f"claim {self.id}: {mention.text!r} is not at {list(mention.span)}")
        if self.article_id != article.id or last > len(article.text):
            raise ValueError(f"claim {self.id} does not fit article {article.id}")
        if self.text != normalise_wording(" ".join(article.text[s.start : s.end] for s in self.spans)):
            raise ValueError(f"claim {self.id}: its wording is not that of its spans")
        return self


class Quote(Record):
    """What grouping reads of a claim: the input line of ``openrace pipe group``."""

    quote_id: NonEmpty
    text: NonEmpty
    speaker: str | None = None  # a resolved person's id or full name; None or a mention where unknown
    outlet: str | None = None
    date: str | None = None
    article_id: str | None = None
    kind: Kind = "direct"  # "indirect" words are the reporter's: they join no quoted ones
    context: str | None = None  # the sentences around it; None: not given
    frame: tuple[str, str] | None = None  # what its sentences say before and after its words; None: not given
    listed: bool = False  # `speaker` is the id of a listed person or organisation


class StoredQuote(NamedTuple):
    """A quote as grouping keeps it from night to night: its words encoded, and its parent link."""

    quote_id: str
    words: str  # one character a word (openrace.wordings.normalise)
    speaker: str | None = None
    day: int | None = None  # date.toordinal(); None: not known
    article: str | None = None
    reported: bool = False  # a reporter's words, outside quotation marks
    titled: bool = False  # its words are capitalised as in a name or a title
    inner: tuple[str, ...] = ()  # the words it quotes from somebody, encoded
    around: str | None = None  # what tells most in the sentences around it, encoded; None: not given
    parent: str | None = None  # the fuller or earlier quote that it fits best
    odds: float = 0.0  # how sure that link is (log-odds)
    family: str | None = None  # the id of its family; None: not named yet


class Saying(NamedTuple):
    """What a claim of a named speaker tells, as kept to find the reports that tell it in other words."""

    speaker: str  # a person's id or full name
    day: int  # as in openrace.diffusion.pool, which has a day for "not known" too
    claim: str
    family: str
    reported: bool  # a reporter's words, outside quotation marks
    stems: str  # of its telling words, one character each, sentences apart by a blank (paraphrase_index)
    weights: str  # how much each of these words tells, a digit each, apart likewise
    hedges: str  # one character each
    earliest: int  # when it was said at the earliest, as far as its article tells: 0, or the day it names …
    latest: int  # … and at the latest: the day it names, or that of the article


class Family(Record):
    """All claims that report one utterance, earliest first; `representative` is the one shown for it."""

    id: NonEmpty
    claim_ids: Annotated[tuple[str, ...], Field(min_length=1)]
    representative: NonEmpty
    speaker: NonEmpty | None = None  # the name; None: nobody is named, or the reports do not agree
    person_id: str | None = None  # Person.id or Organisation.id
    disputed: tuple[str, ...] = ()  # the names of which none can be chosen
    same_utterance: tuple[str, ...] = ()  # Family.id of its reports in another language

    @model_validator(mode="after")
    def _representative_is_a_member(self) -> Self:
        if self.representative not in self.claim_ids:
            raise ValueError(f"family {self.id}: {self.representative} is none of its claims")
        return self
