"""The lines of ``openrace pipe``, which ``openrace batch`` writes as rows: what other programs build on.

Fields may be added; none changes its meaning.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from openrace.records import Article, Claim

ARTICLE_NEEDED, ARTICLE_OPTIONAL = ("id", "text"), ("url", "title", "published", "outlet")
QUOTE_NEEDED, QUOTE_OPTIONAL = (
    ("quote_id", "text"),
    ("speaker", "outlet", "date", "article_id", "kind", "context"),
)


def choose_fields(fields: Any, needed: tuple[str, ...], optional: tuple[str, ...]) -> dict[str, Any]:
    """Return the `needed` fields and those `optional` ones that there are. Raises ValueError."""
    if not isinstance(fields, Mapping):
        raise ValueError("a line must be a JSON object")
    if missing := [name for name in needed if fields.get(name) is None]:
        raise ValueError(f"{' and '.join(missing)} missing")
    return {name: fields[name] for name in needed + optional if fields.get(name) is not None}


def problem_of(error: Exception) -> str:
    """Return in one line what is wrong with a line or row that could not be read."""
    if isinstance(error, json.JSONDecodeError):
        return f"is not JSON: {error.msg} at column {error.colno}"
    if isinstance(error, UnicodeDecodeError):
        return "is not UTF-8"
    if isinstance(error, RecursionError):
        return "is nested too deeply"
    if errors := getattr(error, "errors", None):
        first = errors()[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return str(error)


def claim_line(claim: Claim, article: Article) -> dict[str, Any]:
    """Return `claim` as a line of ``openrace pipe extract``."""
    wording = claim.wording(article.text)
    return {
        "claim_id": claim.id,
        "article_id": claim.article_id,
        "kind": claim.kind,
        "polarity": claim.polarity,
        "spans": claim.spans,
        "text": claim.text,
        "line": wording.line,
        "pieces": [{"text": piece.text, "quoted": piece.quoted} for piece in wording.pieces],
        "cue": claim.cue.model_dump() if claim.cue else None,
        "speaker": claim.speaker.model_dump() if claim.speaker else None,
        "said_when": claim.said_when(article.text, article.published),
        "confidence": claim.confidence,
    }
