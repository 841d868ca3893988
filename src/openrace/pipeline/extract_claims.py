"""Articles that are new → claims."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from openrace.claim_wording import KIND_NAMES, UNKNOWN_SPEAKER
from openrace.extract import Directory, extract_claims
from openrace.extract.claims import EXTRACTOR
from openrace.extract.relevance import judge_relevance
from openrace.pipeline import Warn, Watch
from openrace.plurals import many
from openrace.records import Article, Claim, Span
from openrace.store import article_table, block_table, claim_table, crawl_tables
from openrace.store.claim_table import Changes
from openrace.user_files.seed_files import Seeds


class ExtractionReport(NamedTuple):
    """How many articles were read, were off the topic, or made the extractor stumble; what changed."""

    read: int = 0
    off_topic: int = 0
    failed: int = 0
    claims: Changes = Changes()
    spoken: int = 0  # transcripts of recordings: no claims are read from them

    def __str__(self) -> str:
        added, changed, removed, _ = self.claims
        told = [f"{many(self.read, 'article')} read", many(added, "new claim")]
        told += [f"{changed:,} changed, {removed:,} gone"] * bool(changed or removed)
        told += [f"{many(self.off_topic, 'article')} off the topic"] * bool(self.off_topic)
        told += [many(self.spoken, "transcript")] * bool(self.spoken)
        told += [f"{self.failed:,} could not be read"] * bool(self.failed)
        return ", ".join(told)


def read_for_claims(
    db: sqlite3.Connection,
    seeds: Seeds,
    *,
    warn: Warn,
    watch: Watch,
    stale: bool = False,
    tell: Warn | None = None,
) -> ExtractionReport:
    """Read each article that no extractor has read (`stale`: that this one has not), one transaction each.

    `tell` is told every claim that a new reading adds, takes away or changes.
    """
    directory = Directory(seeds.people, seeds.organisations)
    block_table.mark_furniture(db)
    total = ExtractionReport()
    for article_id in watch(article_table.unread(db, EXTRACTOR, stale=stale), "articles read"):
        article = article_table.get_article(db, article_id)
        if article is None:  # taken out meanwhile
            continue
        if article.is_transcript:  # spoken text is kept and searched, and is no statement by itself
            claim_table.save_claims(db, article_id, [], EXTRACTOR)
            total = total._replace(spoken=total.spoken + 1)
            continue
        if (
            not article_table.is_on_topic(db, article_id)
            and not judge_relevance(article, seeds.topics).relevant
        ):
            article_table.judge(db, article_id, on_topic=False)
            total = total._replace(off_topic=total.off_topic + 1)
            continue
        try:
            furniture = block_table.furniture_spans(db, article)
            found = claim_table.under_kept_ids(db, article_id, extract(article, directory, furniture))
        except Exception as error:  # one strange article must not cost the night
            warn(f"{article.url or article_id}: the extractor failed: {type(error).__name__}: {error}")
            crawl_tables.note_bug(db, "article", article_id, error)
            total = total._replace(failed=total.failed + 1)
            continue
        crawl_tables.forget_bug(db, "article", article_id)
        if tell:
            for line in compare(claim_table.of_article(db, article_id), found, article.text):
                tell(line)
        changes = claim_table.save_claims(db, article_id, found, EXTRACTOR)
        total = total._replace(read=total.read + 1, claims=total.claims + changes)
    return total


def compare(before: list[Claim], after: list[Claim], page: str, old_page: str = "") -> Iterator[str]:
    """Yield what a new extraction of an article changed, one line a claim: + new, - gone, ~ changed.

    `page` is the text of the article, `old_page` the one it had before where that differs.
    """
    old, new = {claim.id: claim for claim in before}, {claim.id: claim for claim in after}
    for claim in before:
        if claim.id not in new:
            yield f"- {_line(claim, old_page or page)}"
    for claim in after:
        if claim.id not in old:
            yield f"+ {_line(claim, page)}"
        elif (was := _who(old[claim.id])) != _who(claim):
            yield f"~ {was} → {_line(claim, page)}"
        elif (was := KIND_NAMES[old[claim.id].kind]) != KIND_NAMES[claim.kind]:
            yield f"~ {was} → {KIND_NAMES[claim.kind]}: {_line(claim, page)}"
        elif (was := old[claim.id].polarity) != claim.polarity:
            yield f"~ {was} → {claim.polarity}: {_line(claim, page)}"


def _line(claim: Claim, page: str) -> str:
    return f"{_who(claim)}: {claim.wording(page).line}  ({claim.id})"


def _who(claim: Claim) -> str:
    return (claim.speaker and claim.speaker.name) or UNKNOWN_SPEAKER


def extract(article: Article, directory: Directory, furniture: Iterable[Span] = ()) -> list[Claim]:
    """The claims of `article`, each checked against its text; none is read from its `furniture`."""
    return [claim.check_against(article) for claim in extract_claims(article, directory, furniture)]
