"""Articles into the store."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from openrace.errors import OpenraceError
from openrace.ingest.crawl.page_changes import without_future_date
from openrace.ingest.parse.import_fields import Notice
from openrace.pipeline import Warn
from openrace.plurals import many
from openrace.records import Article, Outlet
from openrace.store import article_table
from openrace.user_files.seed_files import Seeds


class AddReport(NamedTuple):
    """How many articles were new, there already, there with another text, and not readable."""

    new: int = 0
    same: int = 0
    differs: int = 0
    failed: int = 0

    def __str__(self) -> str:
        parts = [many(self.new, "new article"), f"{self.same:,} known"]
        parts += [f"{self.differs:,} known with another text (the kept one stays)"] * bool(self.differs)
        parts += [f"{self.failed:,} could not be read"] * bool(self.failed)
        return ", ".join(parts)


def add_articles(
    db: sqlite3.Connection,
    results: Iterable[Article | OpenraceError | Notice],
    seeds: Seeds,
    *,
    now: str,
    warn: Warn,
) -> AddReport:
    """Store every article of `results`, each in its own transaction; report and count the errors."""
    article_table.save_outlets(db, seeds.outlets)
    known, moment = {outlet.domain: outlet for outlet in seeds.outlets}, datetime.fromisoformat(now)
    count = dict.fromkeys(AddReport._fields, 0)
    for result in results:
        if isinstance(result, OpenraceError):
            warn(str(result))
            count["failed"] += 1
        elif isinstance(result, Notice):
            warn(result.message)
        else:
            article = without_future_date(under_its_outlet(result, known), moment)
            count[article_table.add_article(db, article, added=now)] += 1
    return AddReport(**count)


def under_its_outlet(article: Article, known: Mapping[str, Outlet]) -> Article:
    """Return `article` under the `known` outlet (by domain) on whose pages it stands, the closest of several.

    Its hours are read in that outlet's time zone. Else it is under the registrable domain of its address.
    """
    host = (article.url and urlsplit(article.url).hostname) or ""
    labels = host.split(".")
    domains = [".".join(labels[n:]) for n in range(len(labels))]
    if article.outlet in (None, *domains):  # else whoever handed it in says that it is somebody else's
        closest = next((domain for domain in domains if domain in known or domain == article.outlet), None)
        article = article.model_copy(update={"outlet": closest or article.outlet})
    outlet = known.get(article.outlet or "")
    if outlet is None or outlet.zone is None or not article.published or len(article.published) <= 10:
        return article
    return article.model_copy(update={"published_zone": outlet.zone})
