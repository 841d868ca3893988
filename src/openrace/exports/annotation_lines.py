"""Claims as Web Annotations (https://www.w3.org/TR/annotation-model/), one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from openrace.records import Article, Claim
from openrace.web_annotations import CONTEXT, select, target


def to_annotations(claims: Iterable[tuple[Claim, Article]]) -> Iterator[str]:
    """Yield an annotation of each claim whose article has an address, on the words as the page has them.

    Where the article has a note its text is not the page's, and only what is quoted can be pointed at.
    """
    for claim, article in claims:
        spans = claim.quoted or (() if article.note else claim.spans)
        if article.url and spans:
            yield json.dumps(_annotation(claim, article, spans), ensure_ascii=False) + "\n"


def _annotation(claim: Claim, article: Article, spans: Iterable[tuple[int, int]]) -> dict[str, Any]:
    who = (claim.speaker and claim.speaker.name) or None
    line = claim.wording(article.text).line
    body: list[dict[str, str]] = [{"type": "TextualBody", "purpose": "describing", "value": line}]
    body += [
        {"type": "TextualBody", "purpose": "tagging", "value": tag} for tag in (claim.kind, claim.polarity)
    ]
    if who:
        body.append({"type": "TextualBody", "purpose": "identifying", "value": who})
    return {
        "@context": CONTEXT,
        "id": f"urn:openrace:claim:{claim.id}",
        "type": "Annotation",
        "motivation": "identifying",
        "body": body,
        "target": [target(article.url, select(article.text, start, end)) for start, end in spans],
    }
