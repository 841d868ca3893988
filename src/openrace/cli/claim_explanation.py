"""What `openrace show` tells of one claim."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Iterator

from openrace.cli.console import (
    BOLD,
    DIM,
    in_marks,
    paint,
    printable,
    wants_colour,
)
from openrace.errors import ConfigError
from openrace.links import is_web_address, link_to_words
from openrace.plurals import many
from openrace.records import Article, Claim
from openrace.store import article_table, claim_table
from openrace.store.claim_search import wording


def explain_claim(db: sqlite3.Connection, claim_id: str, *, why: bool, as_json: bool) -> str:
    """The claim as text (or its record as JSON). Raises ConfigError for an id that is not there."""
    claim = claim_table.get_claim(db, claim_id)
    if claim is None:
        from openrace.cli.families_command import describe_family

        if family := describe_family(db, claim_id, as_json=as_json):
            return family
        raise ConfigError(claim_id, "no claim has this id, and no family", "openrace search prints the ids")
    if as_json:
        return claim.model_dump_json() + "\n"
    article = article_table.get_article(db, claim.article_id)
    if article is None:  # foreign keys forbid it
        raise ConfigError(claim_id, "its article is gone", "run: openrace doctor")
    lines = list(_describe(claim, article))
    if why:
        lines += _why(claim)
    lines += _corrected(db, claim)
    lines += _family(db, claim_id)
    return "\n".join(lines) + "\n"


def _describe(claim: Claim, article: Article) -> Iterator[str]:
    colour = wants_colour(sys.stdout)
    yield paint(printable(_who(claim)), BOLD, on=colour)
    yield f"  {_marked(claim, article, colour)}"
    where = [article.published and article.published[:10], article.outlet, article.title]
    yield paint("  " + printable(" · ".join(part for part in where if part)), DIM, on=colour)
    if article.note:
        yield paint(f"  {printable(article.note)}", DIM, on=colour)
    if article.url and is_web_address(article.url):
        stretches = claim.quoted or (() if article.note else claim.spans)  # a note: not the page's own text
        words = article.text[stretches[0].start : stretches[0].end] if stretches else ""
        yield f"  {link_to_words(article.url, words)}"


def _who(claim: Claim) -> str:
    if claim.speaker is None:
        return "speaker unknown"
    return claim.speaker.name or f"speaker unclear: “{claim.speaker.text}”"


def _marked(claim: Claim, article: Article, colour: bool) -> str:
    """The sentences around the claim with its words set off."""
    text, at = "", claim.context.start
    for start, end in claim.spans:
        words = printable(article.text[start:end])
        text += printable(article.text[at:start])
        text += paint(words, BOLD, on=True) if colour else f"[{words}]"
        at = end
    return text + printable(article.text[at : claim.context.end])


def _why(claim: Claim) -> Iterator[str]:
    yield ""
    yield f"  kind        {claim.kind}"
    yield f"  because     {claim.reason}"
    yield f"  confidence  {claim.confidence:.2f}"
    if claim.cue:
        yield f"  cue         {claim.cue.text!r} at {list(claim.cue.span)}"
    if claim.speaker:
        span = list(claim.speaker.span) if claim.speaker.span else "no place"
        who = claim.speaker.person_id or "not in people.toml"
        yield f"  mention     {claim.speaker.text!r} at {span} → {who}"
    if claim.venue:
        yield f"  venue       {claim.venue.text!r}"
    yield f"  article     {claim.article_id}"
    yield f"  extractor   {claim.extractor}"


def _corrected(db: sqlite3.Connection, claim: Claim) -> Iterator[str]:
    """What people set right here, and what was read before."""
    row = db.execute(
        "SELECT c.hidden, c.original, a.original AS dated FROM claims c JOIN articles a ON a.key = c.article"
        " WHERE c.id = ?",
        (claim.id,),
    ).fetchone()
    if row["hidden"]:
        yield f"  hidden      {printable(row['hidden'])}"
    if row["original"]:
        before = json.loads(row["original"])["speaker"] or "speaker unknown"
        yield f"  corrected   it was read as: {printable(before)}; {printable(claim.reason)}"
    if row["dated"]:
        yield f"  corrected   the date; the page says: {json.loads(row['dated']) or 'none'}"


def _family(db: sqlite3.Connection, claim_id: str) -> Iterator[str]:
    rows = db.execute(
        "SELECT c.id, c.kind, c.text, c.spans, a.text AS page, a.outlet, a.published"
        " FROM claims c JOIN articles a ON a.key = c.article"
        " WHERE c.family = (SELECT family FROM claims WHERE id = ?1) AND c.id <> ?1 AND c.hidden IS NULL"
        " ORDER BY a.published IS NULL, c.key",
        (claim_id,),
    ).fetchall()
    if rows:
        yield ""
        yield f"  also reported {many(len(rows), 'time')}:"
    for row in rows:
        day, outlet = (row["published"] or "no date")[:10], row["outlet"] or "–"
        yield f"  {day}  {printable(outlet)}  {in_marks(wording(row), row['kind'])}  ({row['id']})"
