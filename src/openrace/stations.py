"""The stations of the night, one function each: what a room makes is committed before the next one starts.

Each takes the store first, says in a NamedTuple what it did, and can be run again: it goes on where the
last run stopped. Here the rooms meet; no room knows another.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, TypeVar

from openrace.diffusion import group_quotes
from openrace.editions import build_edition
from openrace.errors import OpenraceError
from openrace.extract import EXTRACTOR, Directory, extract_claims
from openrace.extract.relevance import judge_relevance
from openrace.records import Article, Claim, Family, Quote
from openrace.seeds import Seeds
from openrace.site import PublishReport, publish
from openrace.store import articles, claims, families
from openrace.store.claims import Changes

T = TypeVar("T")
Warn = Callable[[str], None]
Watch = Callable[[Iterable[T], str], Iterator[T]]


class Kept(NamedTuple):
    """How many articles were new, there already, there with another text, and not readable."""

    new: int = 0
    same: int = 0
    differs: int = 0
    failed: int = 0

    def __str__(self) -> str:
        told = [f"{self.new} new articles", f"{self.same} known"]
        told += [f"{self.differs} known with another text (the kept one stays)"] * bool(self.differs)
        told += [f"{self.failed} could not be read"] * bool(self.failed)
        return ", ".join(told)


def keep_articles(
    db: sqlite3.Connection,
    results: Iterable[Article | OpenraceError],
    seeds: Seeds,
    *,
    now: str,
    warn: Warn,
    on_topic: bool | None = True,
) -> Kept:
    """Keep every article of `results`, each in its own transaction; an error among them is told and counted.

    What a person hands in is on the topic; `on_topic` None leaves the judgement to `read_for_claims`.
    """
    articles.save_outlets(db, seeds.outlets)
    count = dict.fromkeys(Kept._fields, 0)
    for result in results:
        if isinstance(result, OpenraceError):
            warn(str(result))
            count["failed"] += 1
        else:
            count[articles.add_article(db, result, added=now, on_topic=on_topic)] += 1
    return Kept(**count)


class Reading(NamedTuple):
    """How many articles were read, were off the topic, or made the extractor stumble; what changed."""

    read: int = 0
    off_topic: int = 0
    failed: int = 0
    claims: Changes = Changes()

    def __str__(self) -> str:
        added, changed, removed, _ = self.claims
        told = [f"{self.read} articles read", f"{added} new claims"]
        told += [f"{changed} changed, {removed} gone"] * bool(changed or removed)
        told += [f"{self.off_topic} articles off the topic"] * bool(self.off_topic)
        told += [f"{self.failed} could not be read"] * bool(self.failed)
        return ", ".join(told)


def read_for_claims(
    db: sqlite3.Connection, seeds: Seeds, *, warn: Warn, watch: Watch[str], stale: bool = False
) -> Reading:
    """Read each article that no extractor has read (`stale`: that this one has not), one transaction each."""
    directory = Directory(seeds.people, seeds.organisations)
    total = Reading()
    for article_id in watch(articles.unread(db, EXTRACTOR, stale=stale), "articles read"):
        article = articles.get_article(db, article_id)
        if article is None:  # taken out meanwhile
            continue
        if not articles.is_on_topic(db, article_id) and not judge_relevance(article, seeds.topics).relevant:
            articles.judge(db, article_id, on_topic=False)
            total = total._replace(off_topic=total.off_topic + 1)
            continue
        try:
            found = _extract(article, directory)
        except Exception as error:  # one strange article must not cost the night
            warn(f"{article.url or article_id}: the extractor failed: {type(error).__name__}: {error}")
            total = total._replace(failed=total.failed + 1)
            continue
        changes = claims.save_claims(db, article_id, found, EXTRACTOR)
        total = total._replace(read=total.read + 1, claims=total.claims + changes)
    return total


def _extract(article: Article, directory: Directory) -> list[Claim]:
    return [claim.check_against(article) for claim in extract_claims(article, directory)]


class Grouping(NamedTuple):
    """How many families there are, and how many claims went into another one."""

    families: int
    moved: int

    def __str__(self) -> str:
        return f"{self.families} families, {self.moved} claims newly placed"


def group_into_families(db: sqlite3.Connection) -> Grouping:
    """Join all claims into families of one utterance, in one transaction."""
    quotes = list(claims.iter_quotes(db))
    placed = group_quotes(quotes)
    members: dict[str, list[Quote]] = {}
    for quote in quotes:
        members.setdefault(placed[quote.quote_id], []).append(quote)
    found = [_family(family_id, group) for family_id, group in members.items()]
    return Grouping(len(found), families.save_families(db, found))


def _family(family_id: str, quotes: list[Quote]) -> Family:
    """The record; the most words are the most complete wording, the earliest where two have as many."""
    fullest = max(quotes, key=lambda quote: len(quote.text.split()))
    return Family(id=family_id, claim_ids=tuple(q.quote_id for q in quotes), fullest=fullest.quote_id)


def publish_site(
    db: sqlite3.Connection, seeds: Seeds, folder: Path, *, now: str, full: bool = False
) -> PublishReport:
    """Publish what is kept as a site into `folder`; only files that differ are written."""
    return publish(build_edition(db, seeds), folder, now=now, full=full)
