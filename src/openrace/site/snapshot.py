"""What the conductor hands to the site: frozen records that hold everything a page may show.

An article's text is not among them. A `Statement` carries the words of one claim, its sentence of
context and enough of the words around it to link to them; `Statement.of` cuts these out of an article,
and nothing else of the text goes further. Times are those of `records.When`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol, Self, TypeVar

from openrace.claim_wording import Piece, Wording
from openrace.person_names import printed_role
from openrace.records import Article, Claim, Kind, NonEmpty, Outlet, Polarity, Record, Slug, Span, When
from openrace.seed_records import Beat, Organisation, Person
from openrace.site.interface_language import LanguageCode, message
from openrace.story import FamilyStory
from openrace.web_annotations import select

if TYPE_CHECKING:
    from openrace.site.recording_facts import RecordingFacts

T = TypeVar("T")
IdeaLabel = Literal["yes", "against"]  # voices the idea, or argues the opposite
CONTEXT_MARGIN = 240  # code points of context kept on each side of the words: a long sentence, not a text


class ArticleFacts(Record):
    """An article as the site may show it: where it is and when it came out, never its text."""

    id: NonEmpty
    url: str | None = None
    title: str | None = None
    outlet: str | None = None  # Outlet.domain
    published: When | None = None
    language: str | None = None  # ISO 639-1
    seen: When | None = None  # when openrace first read it
    note: str | None = None  # what a reader must know of it, e.g. that it is a brief
    topics: tuple[Slug, ...] = ()  # Topic.id

    @classmethod
    def of(cls, article: Article, **more: object) -> Self:
        """Return the card of `article`; `more` sets `seen` or `topics`."""
        shown = {"id", "url", "title", "outlet", "published", "language", "note"}
        return cls.model_validate(article.model_dump(include=shown) | more)


class Statement(Record):
    """One appearance of an utterance: one claim in one article."""

    claim_id: NonEmpty
    article_id: NonEmpty
    kind: Kind
    polarity: Polarity = "asserted"
    lead: str = ""  # the verb with which it must be read; empty: none is needed
    parts: tuple[Piece, ...]  # the content, cut where marks open or close and where words are left out
    gap: str = " … "  # what stands for words that are left out
    context: str  # the sentence that holds the words, on one line
    marked: tuple[Span, ...] = ()  # where the words stand in `context`
    exact: str = ""  # the first stretch of the words as the article has it …
    prefix: str = ""  # … what stands before it …
    suffix: str = ""  # … and after it: a W3C TextQuoteSelector
    cue: str | None = None
    speaker_id: str | None = None  # Person.id or Organisation.id
    speaker_name: str | None = None  # None: unknown or too unsure to be told
    mention: str | None = None  # the words by which the article names the speaker
    role: str | None = None  # what the article says the speaker is
    gone: When | None = None  # when the page was first seen without these words
    venue: str | None = None
    said_when: str | None = None  # as the article dates what was said, where that is before its own day
    confidence: float = 1.0
    reason: str = ""

    @property
    def wording(self) -> Wording:
        """How it is shown: the only form in which the words leave this program."""
        return Wording(self.lead, self.parts, self.gap)

    @property
    def text(self) -> str:
        """The statement as it is shown on one line: pieces in their marks, with its verb if need be."""
        return self.wording.line

    @property
    def is_quotation(self) -> bool:
        """Whether all of it stands inside marks and is asserted: only then is it set as a quotation."""
        return self.kind == "direct" and self.polarity == "asserted"

    def short(self, limit: int) -> str:
        """Return `text` cut to about `limit` code points, its marks still in pairs."""
        return self.wording.shortened(limit).line

    @classmethod
    def of(cls, claim: Claim, article: Article, *, gone: str | None = None) -> Self:
        """Return the statement of `claim` in `article`, gone from its page since `gone`."""
        first = claim.spans[0]
        context, marked = _context(article.text, claim)
        speaker = claim.speaker
        wording = claim.wording(article.text)
        return cls(
            claim_id=claim.id,
            article_id=article.id,
            kind=claim.kind,
            polarity=claim.polarity,
            lead=wording.lead,
            parts=wording.pieces,
            gap=wording.gap,
            context=context,
            marked=marked,
            **select(article.text, *first)._asdict(),
            cue=claim.cue.text if claim.cue else None,
            speaker_id=speaker.person_id if speaker else None,
            speaker_name=speaker.name if speaker else None,
            mention=speaker.text if speaker else None,
            role=printed_role(speaker.text, speaker.name) if speaker and speaker.name else None,
            venue=claim.venue.text if claim.venue else None,
            said_when=claim.said_when(article.text, article.published),
            confidence=claim.confidence,
            reason=claim.reason,
            gone=gone,
        )


def _context(text: str, claim: Claim) -> tuple[str, tuple[Span, ...]]:
    """Return the sentence around `claim`, cut to a margin, and where the claim's words stand in it."""
    start = max(claim.context.start, claim.spans[0].start - CONTEXT_MARGIN)
    end = min(claim.context.end, claim.spans[-1].end + CONTEXT_MARGIN)
    before, after = ("…" if start > claim.context.start else ""), ("…" if end < claim.context.end else "")
    moved = len(before) - start
    marked = tuple(
        Span(max(s.start, start) + moved, min(s.end, end) + moved)
        for s in claim.spans
        if s.start < end and s.end > start
    )
    return before + re.sub(r"\s", " ", text[start:end]) + after, marked


class CorrectionNote(Record):
    """One thing that a person set right."""

    when: When
    what: NonEmpty
    why: str = ""
    families: tuple[str, ...] = ()  # Family.id of those it touches


class FeedHealth(Record):
    """How a feed is doing."""

    title: NonEmpty
    url: NonEmpty
    outlet: NonEmpty
    state: NonEmpty  # in words: "fine", "unchanged", "failing since …"
    fine: bool = True
    last_success: When | None = None
    entries: int = 0


class StepResult(Record):
    """One station of the night, and what came of it."""

    name: NonEmpty
    done: int = 0
    failed: int = 0
    note: str = ""


class NightRun(Record):
    """The run that made this edition."""

    started: When
    finished: When | None = None
    steps: tuple[StepResult, ...] = ()


class Accuracy(Record):
    """A measured quality of the method, for the page that explains it."""

    what: NonEmpty
    figure: NonEmpty  # as it is to be printed, with its unit
    measured_on: NonEmpty
    compared: str = ""  # what else reaches what figure on the same data


class Download(Record):
    """A file that the data page offers; `address` is relative to the site's root."""

    address: NonEmpty
    title: NonEmpty
    size: int
    sha256: str = ""


class TopicName(Record):
    """A topic that has a page."""

    id: Slug
    name: NonEmpty


class IdeaMark(Record):
    """A person's word on a family: it voices an idea, or argues the opposite."""

    family: NonEmpty  # Family.id
    claim: NonEmpty  # Claim.id of the statement that they marked
    label: IdeaLabel
    when: When
    by: str | None = None  # None: the person did not say who they are


class IdeaFacts(Record):
    """An argument that different people make in different words, and what people marked for it.

    Nothing that was only suggested is among the marks, and no family whose marks contradict each other.
    """

    id: Slug
    name: NonEmpty
    definition: NonEmpty
    not_when: str | None = None
    marks: tuple[IdeaMark, ...] = ()  # earliest marked first
    unsettled: int = 0  # families left out: marked both ways, or reported with the sense turned


class RevisedPassage(Record):
    """A passage of an article that another one replaced; an empty side means that it was added or removed."""

    before: str
    after: str


class ArticleRevision(Record):
    """What changed between two texts of one article: only the passages that differ, never a text."""

    article: ArticleFacts
    seen: When  # when the page was first seen with the later text
    passages: tuple[RevisedPassage, ...] = ()
    more: int = 0  # further passages that are not shown
    gone: tuple[str, ...] = ()  # quotations that are no longer there
    came: tuple[str, ...] = ()  # quotations that were not there before


class FamilyFacts(Record):
    """What the site may show of a family: its story, and the statements and articles that it names."""

    story: FamilyStory
    statements: tuple[Statement, ...]
    articles: tuple[ArticleFacts, ...]


class ArticleStatements(Record):
    """An article with its statements in the order of the text, and the family of each."""

    article: ArticleFacts
    statements: tuple[Statement, ...]
    families: tuple[str, ...]  # Family.id of each statement


class ChangedFamilies(NamedTuple):
    """The families that may look another way than before, in the order in which they changed.

    With `whole`, these are all there are. `token` says how far this reaches: the next publishing hands it in.
    """

    families: Sequence[str]  # Family.id; some may be gone
    whole: bool
    token: str


class RecordSource(Protocol):
    """Where the site gets its records from. The pipeline reads them from the store."""

    def changes(self, token: str) -> ChangedFamilies:
        """Return what changed since `token`; everything where that token is not known (or empty)."""

    def done(self, changes: ChangedFamilies) -> None:
        """Acknowledge `changes`: the site has stored them and need not be given them again."""

    def families(self, ids: Sequence[str]) -> Iterator[FamilyFacts]:
        """Yield those of these families that exist and can be read."""

    def articles(self, ids: Sequence[str]) -> Iterator[ArticleStatements]:
        """Yield those of these articles that exist, each with its statements."""

    def recording(self, article_id: str, spans: Sequence[Span]) -> RecordingFacts | None:
        """Return of a transcript the turns with these passages; None where it is gone."""

    def attempt(self, family: str, work: Callable[[], T]) -> T | None:
        """Return what `work` on a family gives; None where a bug stops it: it costs that family alone."""

    @property
    def failed(self) -> Collection[str]:
        """The families that a bug kept from being read: they stay as they are."""


class SiteSnapshot(Record):
    """Everything that is to be published beside the families themselves, as of one moment.

    `moved` leads from the id of a family that was merged to the one it is in now. `base_url` is where the
    site will be served, needed only by what must be absolute: canonical links, the site map and feeds.
    """

    title: NonEmpty = "openrace"
    tagline: str = message("Who said what, and how the words travel")
    language: LanguageCode = "en"  # of the interface: its readers' own
    base_url: str | None = None
    contact: str | None = None  # where to report an error: an address or mailbox
    people: tuple[Person, ...] = ()
    organisations: tuple[Organisation, ...] = ()
    outlets: tuple[Outlet, ...] = ()
    beats: tuple[Beat, ...] = ()
    topics: tuple[TopicName, ...] = ()
    corrections: tuple[CorrectionNote, ...] = ()
    feeds: tuple[FeedHealth, ...] = ()
    run: NightRun | None = None
    accuracy: tuple[Accuracy, ...] = ()
    downloads: tuple[Download, ...] = ()
    moved: tuple[tuple[str, str], ...] = ()  # (gone, kept)
    ideas: tuple[IdeaFacts, ...] = ()
    revisions: tuple[ArticleRevision, ...] = ()  # latest first
    same_speakers: tuple[tuple[str, str], ...] = ()  # (name in Chinese characters, name or id in English)
