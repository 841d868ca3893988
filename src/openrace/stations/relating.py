"""Families → how they hang together: paraphrases and links."""

from __future__ import annotations

import sqlite3

from openrace.diffusion.relations import relate
from openrace.store import articles, claims, families, transaction
from openrace.store.relations import replace


def relate_families(db: sqlite3.Connection) -> None:
    """Work out paraphrases and links of what is kept, and keep those that differ."""
    known = {claim.id: claim for claim in claims.iter_claims(db)}
    texts = {article.id: article for article in articles.iter_articles(db)}
    attached, linked = relate(families.iter_families(db), known, texts)
    rows = {p.claim_id: (f, p.model_dump_json()) for f, found in attached.items() for p in found}
    with transaction(db):
        replace(db, rows, {(a, b) for a, others in linked.items() for b in others})
