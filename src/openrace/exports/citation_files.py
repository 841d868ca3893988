"""Articles as files of citations: BibTeX and CSL-JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from openrace.citations import Source, to_bibtex, to_csl
from openrace.exports.claim_lines import ArticleLine


def write_bibtex(articles: Iterable[ArticleLine], outlets: Mapping[str, str]) -> Iterator[str]:
    """Yield one entry for each article; `outlets` are names by domain."""
    for article in articles:
        yield to_bibtex(_source(article, outlets)) + "\n\n"


def write_csl(articles: Iterable[ArticleLine], outlets: Mapping[str, str]) -> Iterator[str]:
    """Yield a JSON array of CSL items."""
    before = "[\n"
    for article in articles:
        yield before + json.dumps(to_csl(_source(article, outlets)), ensure_ascii=False)
        before = ",\n"
    yield "\n]\n" if before != "[\n" else "[]\n"


def _source(article: ArticleLine, outlets: Mapping[str, str]) -> Source:
    return Source(
        key=f"openrace-{article.id}",
        title=article.title,
        outlet=outlets.get(article.outlet or "", article.outlet or ""),
        published=article.published,
        url=article.url,
        authors=article.authors,
        language=article.language,
        note=article.note,
    )
