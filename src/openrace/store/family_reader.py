"""All that is kept of some families, read together: their claims, articles, paraphrases and links."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from openrace.person_names import ReportedSpeaker
from openrace.records import Article, Claim, Family
from openrace.store.article_table import get_articles
from openrace.store.claim_table import claim_of
from openrace.store.family_table import family_of, family_rows
from openrace.store.original_tables import get_originals
from openrace.store.row_lists import LISTED, listed
from openrace.story import Original, Paraphrase

# Log-odds from which claims in two languages are compared word by word: below it they may be two utterances.
SURELY_ONE = 4.0
_CLAIMS = "claims c JOIN articles a ON a.key = c.article"


class FamilyParts(NamedTuple):
    """What is kept of some families; by family id, or by the id of the claim or article itself."""

    families: list[Family]  # those of which a claim is shown, in the order in which they were asked for
    claims: dict[str, Claim]  # of the families, of their paraphrases and of their translations
    articles: dict[str, Article]  # of these claims
    paraphrases: dict[str, list[Paraphrase]]  # in time
    links: dict[str, list[str]]
    originals: dict[str, Original]
    translated: dict[
        str, list[tuple[str, str]]
    ]  # claims, each with that in the other language it surely matches


def read_families(db: sqlite3.Connection, family_ids: Sequence[str]) -> FamilyParts:
    """Return what is kept of these families, all of it in memory: ask for some hundred at a time."""
    asked = listed(family_ids)
    members, claims = _members(db, asked)
    paraphrases, telling = _paraphrases(db, asked)
    claims |= telling
    translated, others = _translated(db, asked)
    claims |= others
    known = family_rows(db, family_ids)
    families = [
        family_of(known[family_id], members[family_id])
        for family_id in dict.fromkeys(family_ids)
        if family_id in members and family_id in known
    ]
    links: defaultdict[str, list[str]] = defaultdict(list)
    for a, b in db.execute(f"SELECT a, b FROM links WHERE a IN {LISTED} ORDER BY a, b", asked):
        links[a].append(b)
    texts = get_articles(db, {claim.article_id for claim in claims.values()})
    originals = get_originals(db, family_ids)
    return FamilyParts(families, claims, texts, paraphrases, links, originals, translated)


def read_claims(db: sqlite3.Connection, claim_ids: Iterable[str]) -> tuple[list[Claim], dict[str, Article]]:
    """Read those of these claims that are shown, and their articles by id: ask for some hundred at a time."""
    rows = db.execute(
        f"SELECT c.*, a.id AS article_id FROM {_CLAIMS} WHERE c.id IN {LISTED} AND c.hidden IS NULL",
        listed(claim_ids),
    )
    claims = [claim_of(row) for row in rows]
    return claims, get_articles(db, {claim.article_id for claim in claims})


def read_speakers(db: sqlite3.Connection, claim_ids: Iterable[str]) -> dict[str, ReportedSpeaker]:
    """Return whom each of these claims that is shown names as its speaker, where and when."""
    rows = db.execute(
        f"SELECT c.id, c.person, c.speaker, c.outlet, a.published FROM {_CLAIMS}"
        f" WHERE c.id IN {LISTED} AND c.hidden IS NULL",
        listed(claim_ids),
    )
    return {claim: ReportedSpeaker(*named) for claim, *named in rows}


def _members(db: sqlite3.Connection, asked: tuple[str]) -> tuple[dict[str, list[str]], dict[str, Claim]]:
    """Return the ids of the shown claims of each family, earliest published first (undated last).

    The claims.
    """
    members: defaultdict[str, list[str]] = defaultdict(list)
    claims: dict[str, Claim] = {}
    rows = db.execute(
        f"SELECT c.*, a.id AS article_id FROM {_CLAIMS} WHERE c.family IN {LISTED} AND c.hidden IS NULL"
        " ORDER BY a.published IS NULL, c.key",
        asked,
    )
    for row in rows:
        claims[row["id"]] = claim_of(row)
        members[row["family"]].append(row["id"])
    return members, claims


def _translated(
    db: sqlite3.Connection, asked: tuple[str]
) -> tuple[dict[str, list[tuple[str, str]]], dict[str, Claim]]:
    """Return the claims of each family that surely match one in the other language, and those others."""
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    claims: dict[str, Claim] = {}
    for own, other in (("claim", "other"), ("other", "claim")):
        rows = db.execute(
            f"SELECT m.family AS own_family, m.id AS own_claim, c.*, a.id AS article_id FROM {_CLAIMS}"
            f" JOIN translations t ON t.{other} = c.id JOIN claims m ON m.id = t.{own}"
            f" WHERE m.family IN {LISTED} AND m.hidden IS NULL AND c.hidden IS NULL AND t.odds >= ?"
            " ORDER BY m.id, c.id",
            (*asked, SURELY_ONE),
        )
        for row in rows:
            claims[row["id"]] = claim_of(row)
            found[row["own_family"]].append((row["own_claim"], row["id"]))
    return found, claims


def _paraphrases(
    db: sqlite3.Connection, asked: tuple[str]
) -> tuple[dict[str, list[Paraphrase]], dict[str, Claim]]:
    """Return the paraphrases of each family by shown claims, earliest published first; the claims."""
    found: defaultdict[str, list[Paraphrase]] = defaultdict(list)
    claims: dict[str, Claim] = {}
    rows = db.execute(
        f"SELECT p.family AS quoted_in, p.record, c.*, a.id AS article_id FROM {_CLAIMS}"
        f" JOIN paraphrases p ON p.claim = c.id WHERE p.family IN {LISTED} AND c.hidden IS NULL"
        " ORDER BY a.published IS NULL, a.published, c.id",
        asked,
    )
    for row in rows:
        claims[row["id"]] = claim_of(row)
        found[row["quoted_in"]].append(Paraphrase.model_validate_json(row["record"]))
    return found, claims
