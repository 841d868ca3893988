"""Relations between families: paraphrases and links, written only where they differ."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping


def replace(
    db: sqlite3.Connection, paraphrases: Mapping[str, tuple[str, str]], links: set[tuple[str, str]]
) -> None:
    """Make these all there are: (family, record) by the claim of each paraphrase, pairs of families."""
    kept = {row["claim"]: (row["family"], row["record"]) for row in db.execute("SELECT * FROM paraphrases")}
    for claim in kept.keys() | paraphrases.keys():
        if kept.get(claim) != paraphrases.get(claim):
            db.execute("DELETE FROM paraphrases WHERE claim = ?", (claim,))
            if claim in paraphrases:
                db.execute("INSERT INTO paraphrases VALUES (?, ?, ?)", (claim, *paraphrases[claim]))
    before = {(row["a"], row["b"]) for row in db.execute("SELECT a, b FROM links")}
    db.executemany("DELETE FROM links WHERE a = ? AND b = ?", before - links)
    db.executemany("INSERT INTO links VALUES (?, ?)", links - before)
