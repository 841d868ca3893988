"""The records of the seeds: people, organisations, topics, sides; and how relevant a text is to a topic."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from openrace.records import NonEmpty, Record, Slug, Spans


class Person(Record):
    """A person who speaks on the topic. A person has no country; a role is what an article says."""

    id: Slug
    name: NonEmpty
    aliases: tuple[str, ...] = ()
    organisation: str | None = None  # Organisation.id


class Organisation(Record):
    """An organisation that speaks, or for which people speak."""

    id: Slug
    name: NonEmpty
    aliases: tuple[str, ...] = ()
    country: str | None = None  # ISO 3166-1 alpha-2
    group: str | None = None  # "lab", "government", "investor", "research", …


class Facet(Record):
    """One of the things that an article must speak of to be on a topic: its weighted terms."""

    name: NonEmpty
    at_least: Annotated[float, Field(gt=0)]  # the weight that its terms must reach together
    terms: Annotated[tuple[tuple[NonEmpty, Annotated[float, Field(gt=0)]], ...], Field(min_length=1)]


class Topic(Record):
    """What is collected: an article is on it that reaches every facet's `at_least` and `threshold` in all."""

    id: Slug
    name: NonEmpty
    threshold: Annotated[float, Field(gt=0)]
    facets: Annotated[tuple[Facet, ...], Field(min_length=1)]


class Beat(Record):
    """Organisations that the site shows together: those of these countries and groups, and those named."""

    id: Slug
    name: NonEmpty
    countries: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()  # Organisation.id

    def holds(self, organisation: Organisation) -> bool:
        """Whether `organisation` is on this beat; a list that is empty asks for nothing."""
        if organisation.id in self.organisations:
            return True
        if not self.countries and not self.groups:
            return False
        return (not self.countries or organisation.country in self.countries) and (
            not self.groups or organisation.group in self.groups
        )


class TermMatch(Record):
    """A term of a topic in an article: `weight` is what all its `places` together add to the score."""

    term: NonEmpty
    facet: NonEmpty
    weight: float
    places: Annotated[Spans, Field(min_length=1)]


class Relevance(Record):
    """Whether an article is on a topic, and why."""

    topic: NonEmpty  # Topic.id
    score: float
    threshold: float
    relevant: bool
    matches: tuple[TermMatch, ...]  # heaviest first
    missing: tuple[str, ...]  # the facets that fell short
