"""The records of a family's story: what happened to the words, and who had them when."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Literal

from pydantic import Field

from openrace.dating import first_words
from openrace.records import Family, Kind, NonEmpty, Record, Spans, When

ChangeKind = Literal["repunctuated", "cut", "elided", "bracketed", "added", "substituted"]
MeaningKind = Literal["negation", "opposite", "number", "name", "modal", "quantity", "time", "wording"]


class WordChange(Record):
    """One stretch of a word diff, both sides as printed; joined by spaces the sides give both wordings.

    ``same`` sides agree, marks and case aside; ``left_out`` has no `variant`, ``put_in`` no `base`;
    ``changed`` puts other words in the place of some. ``elided`` has no `variant` either: words before or
    after what this print has, or a longer stretch within. It is shown as an ellipsis: it struck nothing out.
    """

    op: Literal["same", "left_out", "put_in", "changed", "elided"]
    base: str
    variant: str


class Comparison(Record):
    """A wording held against another of its family (`base_claim_id`, the earliest or the representative).

    `kinds` says what was done to it; none at all where both are printed alike.
    """

    base_claim_id: NonEmpty
    changes: Annotated[tuple[WordChange, ...], Field(min_length=1)]
    kinds: tuple[ChangeKind, ...] = ()
    translated: bool = False  # both are translations: other words in them change nothing that was said


class Variant(Record):
    """One distinct wording of a family (marks, case and Unicode forms aside) and the claims that print it.

    `text` is its earliest printing, or that of the representative where this is one of them. The
    comparisons are None for the wording that is itself the base.
    """

    text: NonEmpty
    claim_ids: Annotated[tuple[str, ...], Field(min_length=1)]  # earliest first; its length is the count
    first: When | None
    to_earliest: Comparison | None
    to_representative: Comparison | None


class Appearance(Record):
    """One claim of a family in one article: who had it when.

    `lag_hours` counts from the appearance that was surely out by the earliest moment; None where a date is
    unknown. Where either date is only a day, it counts whole days. It may be wrong by `lag_doubt_hours`
    either way: by the hours of a day, by an outlet's clock. `wire_of` is the article of which this article is
    nearly the same text (the earliest of them). `nearest` is the earlier appearance with the most similar
    wording, `similarity` 0..1: "earlier and most similar", which is never proof of copying.
    """

    claim_id: NonEmpty
    article_id: NonEmpty
    outlet: str | None
    country: str | None
    when: When | None
    day: When | None = None  # of `when`, where it was published
    lag_hours: float | None
    lag_doubt_hours: float = 0.0
    clock_early_hours: float = 0.0  # by how many hours the outlet's clock seems early; 0: nothing tells so
    kind: Kind
    wire_of: str | None = None
    nearest: str | None = None
    similarity: Annotated[float, Field(ge=0, le=1)] | None = None


class Alert(Record):
    """A possible misquotation: quoted words that changed the meaning of the wording they stand for.

    Both wordings stand side by side in `changes`; `lost` and `gained` are the words that matter. It says that
    two prints differ, not which is right: `base_claim_id` is only the better attested or earlier one.
    """

    base_claim_id: NonEmpty
    claim_ids: Annotated[tuple[str, ...], Field(min_length=1)]  # the claims that print the changed wording
    what: Annotated[tuple[MeaningKind, ...], Field(min_length=1)]
    lost: tuple[str, ...]
    gained: tuple[str, ...]
    changes: tuple[WordChange, ...]
    sureness: Annotated[float, Field(ge=0, le=1)] = 1.0  # share of the words around that both prints have
    note: NonEmpty  # which words, in which outlet, why it may matter


def tell_difference(
    what: Sequence[MeaningKind],
    lost: Sequence[str],
    gained: Sequence[str],
    outlets: Sequence[str],
    gettext: Callable[[str], str] = str,
) -> str:
    """Return which words differ, in which of `outlets`, and why that may matter, in one line."""
    if lost and gained:
        words = gettext("%(gained)s in place of %(lost)s")
    else:
        words = gettext("%(lost)s left out") if lost else gettext("%(gained)s added")
    words %= {"gained": _listed(gained, gettext), "lost": _listed(lost, gettext)}
    why = gettext(", ").join(dict.fromkeys(_why(kind, gettext) for kind in what))
    first, *more = dict.fromkeys(outlets) or [""]
    if more:
        told = gettext("%(words)s in %(outlet)s and %(number)s more: %(why)s")
    else:
        told = gettext("%(words)s in %(outlet)s: %(why)s") if first else gettext("%(words)s: %(why)s")
    return told % {"words": words, "outlet": first, "number": len(more), "why": why}


def _why(kind: MeaningKind, gettext: Callable[[str], str]) -> str:
    """Return why a difference of this kind may matter."""
    return {
        "negation": gettext("it may say the opposite"),
        "opposite": gettext("it may say the opposite"),
        "number": gettext("another number"),
        "name": gettext("another name"),
        "modal": gettext("more or less certain"),
        "quantity": gettext("another amount"),
        "time": gettext("another time"),
        "wording": gettext("reworded, though in quotation marks"),
    }[kind]


def _listed(found: Sequence[str], gettext: Callable[[str], str]) -> str:
    marked = [gettext("“%(words)s”") % {"words": words} for words in found[:6]]
    return gettext(", ").join(marked) + ("…" if len(found) > 6 else "")


class Paraphrase(Record):
    """An indirect claim that reports what a family quotes: attached to it, never merged into its wording.

    `softened` holds the hedges ("might", "reportedly") that the report puts before it and the quote lacks.
    """

    claim_id: NonEmpty
    score: Annotated[float, Field(ge=0, le=1)]
    shared: tuple[str, ...]  # the content words both have
    softened: tuple[str, ...] = ()


CheckKind = Literal["cut", "joined", "changed", "negation", "number", "another speaker"]


class ReportCheck(Record):
    """A report held against the recording: what it did to the words, and whether that misleads.

    `changes` are from what was said (`base`) to what is reported. ``joined``: words said apart stand as one;
    ``negation`` and ``number``: lost, gained or another one; ``another speaker``: the words are not theirs.
    `said` has the words of the recording around the first such negation or number.
    """

    claim_id: NonEmpty
    kinds: tuple[
        CheckKind, ...
    ] = ()  # none at all: faithful, but for fillers and what was left out at its ends
    flagged: bool = False
    changes: tuple[WordChange, ...]
    said: str | None = None
    note: str | None = None


class Original(Record):
    """Where a family's words were said: a place in the transcript of a recording."""

    article_id: NonEmpty  # the transcript
    published: When | None = None  # that of the transcript
    spans: Annotated[Spans, Field(min_length=1)]  # of its text, the passages that the fullest report has
    text: NonEmpty  # the words as they were said, passages apart by an ellipsis
    before: str  # what is said directly before …
    after: str  # … and after them
    speaker: str | None  # as the transcript names them
    second: float | None  # of the recording; None: the transcript has no times
    link: str | None  # plays the recording from there; None: not known how
    automatic: bool  # a machine wrote it down: differences may be its own
    reports: tuple[ReportCheck, ...]

    @property
    def flagged(self) -> tuple[ReportCheck, ...]:
        """The reports that mislead about what was said."""
        return tuple(check for check in self.reports if check.flagged)

    @property
    def misleading(self) -> frozenset[str]:
        """The claims of these reports."""
        return frozenset(check.claim_id for check in self.flagged)


class Reach(Record):
    """How many outlets and countries had printed a family by the end of `day` (both cumulative)."""

    day: When
    outlets: int
    countries: int
    appearances: int


class FamilyStory(Record):
    """The story of one family: what happened to the words and who had them when."""

    family: Family
    variants: tuple[Variant, ...]  # most printed first
    appearances: tuple[Appearance, ...]  # earliest first, undated last
    alerts: tuple[Alert, ...] = ()
    paraphrases: tuple[Paraphrase, ...] = ()
    first: tuple[str, ...] = ()  # the claims that may be the first report
    reach: tuple[Reach, ...] = ()  # one for each day on which it was printed
    links: tuple[str, ...] = ()  # families whose words this one quotes inside its own, or that quote it
    original: Original | None = None  # where the words were said, where a recording of it is kept

    def first_words(self, names: Mapping[str, str] | None = None, gettext: Callable[[str], str] = str) -> str:
        """Return who had it first, in words for a reader; `names` are those of outlets, by domain."""
        first = [shown for shown in self.appearances if shown.claim_id in self.first]
        domains = dict.fromkeys(shown.outlet for shown in first)
        named = [(names or {}).get(d, d) if d else gettext("an unnamed outlet") for d in domains]
        return first_words(named, [shown.day or "" for shown in first], gettext)


class Merge(Record):
    """Two published families turned out to be one: the id `gone` lives on as an alias of `kept`."""

    kept: NonEmpty
    gone: NonEmpty
    reason: NonEmpty
    when: When


class OutletEdge(Record):
    """Families that `leader` surely printed first and `follower` later."""

    leader: NonEmpty  # Outlet.domain
    follower: NonEmpty
    families: int
    same_text: int  # of these, where the follower's article is nearly the text of an earlier one (a wire)
    median_lag_hours: float
    least_lag_hours: float
    most_lag_hours: float
