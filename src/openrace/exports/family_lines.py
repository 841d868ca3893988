"""Families as rows: who said it, in how many reports, from when to when, and whether prints of it differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from openrace.records import Article, Claim, Family, Kind, Polarity, When
from openrace.story import FamilyStory


class ExportedFamily(Family):
    """One family: the line of ``openrace export families``; claim_ids are in time, the earliest first."""

    line: str  # its representative as a reader is to be shown it
    kind: Kind  # of the representative
    polarity: Polarity
    first: When | None  # the earliest and latest date of a report; None: none is known
    last: When | None
    reports: int
    outlets: tuple[str, ...]  # domains, in the order in which they had it
    first_among: tuple[str, ...]  # the outlets that may have had it first; one alone surely had
    wordings: int  # distinct ones
    alerts: int  # wordings that differ in meaning from a better attested one

    @classmethod
    def of(cls, story: FamilyStory, claims: Mapping[str, Claim], articles: Mapping[str, Article]) -> Self:
        """Return the line of a family; `claims` and `articles` are those of its story, by id."""
        shown = claims[story.family.representative]
        dates = [a.when for a in story.appearances if a.when]
        first = {a.outlet: None for a in story.appearances if a.outlet and a.claim_id in story.first}
        return cls(
            **dict(story.family),
            line=shown.wording(articles[shown.article_id].text).line,
            kind=shown.kind,
            polarity=shown.polarity,
            first=min(dates, default=None),
            last=max(dates, default=None),
            reports=len(story.appearances),
            outlets=tuple(dict.fromkeys(a.outlet for a in story.appearances if a.outlet)),
            first_among=tuple(first),
            wordings=len(story.variants),
            alerts=len(story.alerts),
        )
