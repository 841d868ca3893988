"""What `openrace show` tells of one claim."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator

from openrace.claim_wording import KIND_NAMES, UNKNOWN_SPEAKER
from openrace.cli.console import (
    BOLD,
    DIM,
    paint,
    printable,
    wants_colour,
)
from openrace.errors import ConfigError
from openrace.links import is_web_address, link_to_words
from openrace.plurals import many
from openrace.records import Article, Claim
from openrace.store import article_table, claim_table, correction_table
from openrace.store.claim_search import other_reports


def explain_claim(db: sqlite3.Connection, claim_id: str, *, why: bool, as_json: bool) -> str:
    """Return the claim as text (or its record as JSON). Raises ConfigError for an id that is not there."""
    claim = claim_table.get_claim(db, claim_id)
    if claim is None:
        from openrace.cli.families_command import describe_family

        if family := describe_family(db, claim_id, as_json=as_json):
            return family
        raise ConfigError(claim_id, "no claim and no family has this id", "openrace search prints the ids")
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
    yield f"  {printable(claim.wording(article.text).line)}"
    yield paint(f"  {KIND_NAMES[claim.kind]}, {claim.polarity}; in context:", DIM, on=colour)
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
        return UNKNOWN_SPEAKER
    return claim.speaker.name or f"{UNKNOWN_SPEAKER} (“{claim.speaker.text}”)"


def _marked(claim: Claim, article: Article, colour: bool) -> str:
    """Return the sentences around the claim with its words set off."""
    text, at = "", claim.context.start
    for start, end in claim.spans:
        words = printable(article.text[start:end])
        text += printable(article.text[at:start])
        text += paint(words, BOLD, on=True) if colour else f"[{words}]"
        at = end
    return text + printable(article.text[at : claim.context.end])


def _why(claim: Claim) -> Iterator[str]:
    yield ""
    yield f"  kind        {KIND_NAMES[claim.kind]} ({claim.kind})"
    yield f"  polarity    {claim.polarity}"
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
    """Yield what people set right here, and what was extracted before."""
    found = correction_table.overlaid(db, claim.id)
    if found.hidden:
        yield f"  hidden      {printable(found.hidden)}"
    if found.speaker_before is not None:
        before = printable(found.speaker_before or UNKNOWN_SPEAKER)
        yield f"  corrected   the extracted speaker was: {before}; {printable(claim.reason)}"
    if found.date_before is not None:
        yield f"  corrected   the date; the page gives: {found.date_before or 'none'}"


def _family(db: sqlite3.Connection, claim_id: str) -> Iterator[str]:
    reports = other_reports(db, claim_id)
    if reports:
        yield ""
        yield f"  also reported {many(len(reports), 'time')}:"
    for row, wording in reports:
        day, outlet = (row["published"] or "no date")[:10], row["outlet"] or "–"
        yield f"  {day}  {printable(outlet)}  {printable(wording.line)}  ({row['id']})"
