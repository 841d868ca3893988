"""What the reading of every language hands to the one builder of claims."""

from __future__ import annotations

from dataclasses import dataclass

from openrace.records import Polarity, Span, Speaker


@dataclass(frozen=True)
class AttributedContent:
    """One attributed statement with its offsets into the article's text.

    `quoted` are those of the `spans` that stand inside quotation marks. `speaker` is None where nobody may be
    told; `reason` says in one line how the words were found and why they are the speaker's. `parent` are the
    spans of the content inside of which it is reported.
    """

    spans: tuple[Span, ...]
    quoted: tuple[Span, ...]
    cue: Span | None
    speaker: Speaker | None
    venue: Span | None
    context: Span
    confidence: float
    reason: str
    polarity: Polarity = "asserted"
    parent: tuple[Span, ...] | None = None
