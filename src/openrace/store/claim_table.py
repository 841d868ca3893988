"""Claims: kept with the article they are of, replaced together when it is read again."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

from openrace.claim_wording import Wording
from openrace.dating import Bounds, lag_between, publication_bounds
from openrace.errors import StoreError
from openrace.records import (
    UNSURE_BELOW,
    Article,
    Claim,
    Quote,
    Speaker,
    TextSpan,
    normalise_wording,
    stable_id,
)
from openrace.store.article_table import get_article
from openrace.store.claim_keys import next_key
from openrace.store.database import place, transaction
from openrace.store.night_state import bump_revision
from openrace.store.row_lists import LISTED, listed
from openrace.store.search_words import apart

_FIELDS = (
    *("kind", "polarity", "text", "words", "spans", "quoted", "context", "cue", "venue"),
    *("speaker", "names", "person", "mention", "parent", "confidence", "reason", "extractor"),
)

_FRAME = (  # what the sentences of a claim say before and after its words
    "substr(a.text, (c.context ->> 0) + 1, (c.spans ->> 0 ->> 0) - (c.context ->> 0)) AS before,"
    " substr(a.text, (c.spans ->> '$[#-1][1]') + 1, (c.context ->> 1) - (c.spans ->> '$[#-1][1]')) AS after"
)


class ClaimChanges(NamedTuple):
    """How many claims a reading of articles added, changed, took away and found as they were."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    same: int = 0

    def __add__(self, other: Any) -> ClaimChanges:
        return ClaimChanges(*(a + b for a, b in zip(self, other, strict=True)))


def with_stored_ids(
    db: sqlite3.Connection, article_id: str, claims: Sequence[Claim], *, anew: bool = False
) -> list[Claim]:
    """Return `claims` of the article as it is read now, each under the id by which it is kept already.

    A claim is the one that stood at the same place; where they are `anew`, of another text than the kept
    ones, the one with the same wording, if that occurs once in both. An id that is kept for another claim is
    given to none.
    """
    stored = db.execute(
        "SELECT c.id, c.text, c.spans FROM claims c JOIN articles a ON a.key = c.article WHERE a.id = ?",
        (article_id,),
    ).fetchall()
    known = _once((row["text"] if anew else row["spans"], row["id"]) for row in stored)
    found = _once((claim.text if anew else json.dumps(claim.spans), claim.id) for claim in claims)
    ids = {found[place]: known[place] for place in found.keys() & known.keys()}
    taken = {row["id"] for row in stored}
    ids |= {c.id: stable_id(c.id, c.text) for c in claims if c.id in taken and c.id not in ids}
    return [
        claim.model_copy(
            update={
                "id": ids.get(claim.id, claim.id),
                "parent_id": claim.parent_id and ids.get(claim.parent_id, claim.parent_id),
            }
        )
        for claim in claims
    ]


def _once(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Key → id, without the keys that occur twice."""
    ids: dict[str, str] = {}
    twice = set()
    for key, claim_id in pairs:
        twice |= {key} & ids.keys()
        ids[key] = claim_id
    return {key: claim_id for key, claim_id in ids.items() if key not in twice}


def save_claims(
    db: sqlite3.Connection, article_id: str, claims: Iterable[Claim], extractor: str
) -> ClaimChanges:
    """Make `claims` all that is kept of this article, read by the version `extractor`; one transaction.

    A claim that was there before keeps its key and its family; raises StoreError for an unknown article.
    """
    with transaction(db):
        article = db.execute("SELECT * FROM articles WHERE id = ?", (article_id,)).fetchone()
        if article is None:
            raise StoreError(place(db), f"there is no article {article_id}")
        stored = db.execute("SELECT * FROM claims WHERE article = ?", (article["key"],))
        old = {row["id"]: row for row in stored}
        new = {claim.id: _row(claim) for claim in claims}
        db.executemany("DELETE FROM claims WHERE id = ?", [(i,) for i in old if i not in new])
        fresh = [i for i in new if i not in old]
        changed = [i for i in new if i in old and _differs(old[i], new[i])]
        for claim_id in fresh:
            _insert(db, article, claim_id, new[claim_id])
        for claim_id in changed:
            _update(db, claim_id, new[claim_id])
        db.execute("UPDATE articles SET extractor = ? WHERE key = ?", (extractor, article["key"]))
        gone = sum(i not in new for i in old)
        if fresh or changed or gone:
            bump_revision(db)
    return ClaimChanges(len(fresh), len(changed), gone, len(new) - len(fresh) - len(changed))


def _row(claim: Claim) -> dict[str, Any]:
    name = claim.speaker.name if claim.speaker else None
    mention = {"span": claim.speaker.span, "text": claim.speaker.text} if claim.speaker else None
    return {
        "kind": claim.kind,
        "polarity": claim.polarity,
        "text": claim.text,
        "words": apart(claim.text),
        "spans": json.dumps(claim.spans),
        "quoted": json.dumps(claim.quoted),
        "context": json.dumps(claim.context),
        "cue": _mention_json(claim.cue),
        "venue": _mention_json(claim.venue),
        "speaker": name,
        "names": apart(name),
        "person": claim.speaker and claim.speaker.person_id,
        "mention": mention and json.dumps(mention, ensure_ascii=False),
        "parent": claim.parent_id,
        "confidence": claim.confidence,
        "reason": claim.reason,
        "extractor": claim.extractor,
    }


def _mention_json(mention: TextSpan | None) -> str | None:
    return json.dumps(mention.model_dump(), ensure_ascii=False) if mention else None


def _as_extracted(row: sqlite3.Row) -> dict[str, Any]:
    return dict(row) | (json.loads(row["original"]) if row["original"] else {})


def _differs(old: sqlite3.Row, new: dict[str, Any]) -> bool:
    before = _as_extracted(old)
    return any(before[name] != new[name] for name in _FIELDS)


def _insert(db: sqlite3.Connection, article: sqlite3.Row, claim_id: str, row: dict[str, Any]) -> None:
    key = next_key(db, article["published"], article["added"])
    names = ["key", "id", "article", "outlet", *_FIELDS]
    values = row | {"key": key, "id": claim_id, "article": article["key"], "outlet": article["outlet"]}
    places = ", ".join(f":{name}" for name in names)
    db.execute(f"INSERT INTO claims ({', '.join(names)}) VALUES ({places})", values)


def _update(db: sqlite3.Connection, claim_id: str, row: dict[str, Any]) -> None:
    """Write the new reading over the old; the words of an id never change, so its family stays."""
    sets = ", ".join(f"{name} = :{name}" for name in _FIELDS)
    db.execute(f"UPDATE claims SET {sets}, original = NULL WHERE id = :id", row | {"id": claim_id})


_SELECT = "SELECT c.*, a.id AS article_id FROM claims c JOIN articles a ON a.key = c.article"


def get_claim(db: sqlite3.Connection, claim_id: str) -> Claim | None:
    """Return the claim with this id, hidden or not."""
    row = db.execute(f"{_SELECT} WHERE c.id = ?", (claim_id,)).fetchone()
    return claim_of(row) if row else None


def iter_claims(db: sqlite3.Connection, *, hidden: bool = False) -> Iterator[Claim]:
    """Yield every shown claim (with `hidden`, every claim), article by article in the order of the text."""
    where = "" if hidden else "WHERE c.hidden IS NULL"
    for row in db.execute(f"{_SELECT} {where} ORDER BY c.article, c.key"):
        yield claim_of(row)


def iter_with_articles(db: sqlite3.Connection, *, hidden: bool = False) -> Iterator[tuple[Claim, Article]]:
    """Yield every claim that is shown (with `hidden`, every claim) with its article, article by article."""
    article: Article | None = None
    for claim in iter_claims(db, hidden=hidden):
        if article is None or article.id != claim.article_id:
            article = get_article(db, claim.article_id)
        if article is not None:
            yield claim, article


def grouped_in(db: sqlite3.Connection, article_ids: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """Return the shown claims of these articles in the order of the text, each with its family, by article.

    Claims and families are given by their ids.
    """
    found: dict[str, list[tuple[str, str]]] = {}
    query = (
        "SELECT a.id, c.id, c.family FROM claims c JOIN articles a ON a.key = c.article"
        f" WHERE a.id IN {LISTED} AND c.hidden IS NULL AND c.family IS NOT NULL ORDER BY c.article, c.key"
    )
    for article, claim, family in db.execute(query, listed(article_ids)):
        found.setdefault(article, []).append((claim, family))
    return found


def of_article(db: sqlite3.Connection, article_id: str) -> list[Claim]:
    """Return the claims of an article as they were extracted, whatever a person set right, hidden or not."""
    rows = db.execute(f"{_SELECT} WHERE a.id = ? ORDER BY c.key", (article_id,))
    return [claim_of(_as_extracted(row)) for row in rows]


# Each dated claim with the instants between which it was published; of each family the one that was surely
# out by the earliest instant, and the outlets that may have been before it.
_PRINTS = """SELECT c.family, c.id, c.outlet, a.published,
        earliest(a.published, a.published_basis, coalesce(a.published_zone, o.zone), e.hours) AS earliest,
        latest(a.published, a.published_basis, coalesce(a.published_zone, o.zone), e.hours) AS latest
    FROM claims c JOIN articles a ON a.key = c.article
        LEFT JOIN outlets o ON o.domain = c.outlet LEFT JOIN early_clocks e ON e.outlet = c.outlet
    WHERE c.hidden IS NULL AND c.family IS NOT NULL AND a.published IS NOT NULL"""
_SURE = "SELECT family, published, earliest, latest, min(latest || ' ' || id) FROM prints GROUP BY family"
_FIRSTS = """SELECT s.*, json_group_array(DISTINCT p.outlet) AS outlets
    FROM sure s JOIN prints p ON p.family = s.family AND p.earliest < s.latest GROUP BY s.family"""


def iter_placed(db: sqlite3.Connection) -> Iterator[tuple[Claim, Wording, dict[str, Any]]]:
    """Yield every claim that is shown, how it is worded for readers, and where it stands.

    Where is url, title, outlet, published, family_id, said_when, and of the family first_outlet, first_among,
    lag_hours and lag_doubt_hours, as in a family's story.
    """
    for end in Bounds._fields:
        db.create_function(end, 4, partial(_bound, end), deterministic=True)
    rows = db.execute(
        f"WITH prints AS MATERIALIZED ({_PRINTS}), sure AS MATERIALIZED ({_SURE}), firsts AS ({_FIRSTS})"
        " SELECT c.*, c.family AS family_id, a.id AS article_id, a.url, a.title, a.published, a.text AS page,"
        " p.earliest, p.latest, f.outlets AS first_outlets, f.published AS first_published,"
        " f.earliest AS first_earliest, f.latest AS first_latest"
        " FROM claims c JOIN articles a ON a.key = c.article LEFT JOIN prints p ON p.id = c.id"
        " LEFT JOIN firsts f ON f.family = c.family"
        " WHERE c.hidden IS NULL ORDER BY c.article, c.key"
    )
    for row in rows:
        claim = claim_of(row)
        names = ("url", "title", "outlet", "published", "family_id")
        said = {"said_when": claim.said_when(row["page"], row["published"])}
        yield claim, claim.wording(row["page"]), {name: row[name] for name in names} | said | _timing(row)


def _bound(end: str, when: str, basis: str | None, zone: str | None, early: float | None) -> str | None:
    bounds = publication_bounds(when, basis, zone, early or 0.0)
    return bounds and bounds._asdict()[end]


def _timing(row: sqlite3.Row) -> dict[str, Any]:
    """Return who had a claim's family first, and how long before it."""
    outlets = sorted(o for o in json.loads(row["first_outlets"] or "[]") if o)
    origin = {"first_outlet": outlets[0] if len(outlets) == 1 else None, "first_among": tuple(outlets)}
    if not (row["first_latest"] and row["latest"]):
        return origin | {"lag_hours": None, "lag_doubt_hours": None}
    first = Bounds(row["first_earliest"], row["first_latest"])
    lag = lag_between(row["first_published"], first, row["published"], Bounds(row["earliest"], row["latest"]))
    return origin | {"lag_hours": lag.hours, "lag_doubt_hours": lag.doubt}


def claim_of(row: sqlite3.Row | dict[str, Any]) -> Claim:
    """Return the record of a row of `claims` joined with its article's id as `article_id`."""
    cue, venue, mention = (row[name] and json.loads(row[name]) for name in ("cue", "venue", "mention"))
    speaker = mention and Speaker(**mention, name=row["speaker"], person_id=row["person"])
    return Claim(
        id=row["id"],
        article_id=row["article_id"],
        kind=row["kind"],
        polarity=row["polarity"],
        spans=json.loads(row["spans"]),
        quoted=json.loads(row["quoted"]),
        text=row["text"],
        cue=cue,
        speaker=speaker,
        venue=venue,
        context=json.loads(row["context"]),
        parent_id=row["parent"],
        confidence=row["confidence"],
        reason=row["reason"],
        extractor=row["extractor"],
    )


def iter_quotes(
    db: sqlite3.Connection, *, waiting: bool = False, only: tuple[str, ...] = ()
) -> Iterator[Quote]:
    """Yield what grouping reads of every shown claim that is sure enough (`waiting`: new to it or changed).

    With `only`, of the claims with these ids, and what stands around their words too.
    """
    loose = "SELECT claim FROM quotes WHERE loose"
    where = f"AND (c.family IS NULL OR c.id IN ({loose}))" if waiting else ""
    where += f" AND c.id IN {LISTED}" if only else ""
    rows = db.execute(
        "SELECT c.id, c.kind, c.text, c.quoted, coalesce(c.person, c.speaker) AS speaker, c.outlet,"
        " c.person IS NOT NULL AS listed, a.published, a.id AS article_id,"
        " CASE c.kind WHEN 'indirect' THEN NULL"
        " ELSE substr(a.text, (c.context ->> 0) + 1, (c.context ->> 1) - (c.context ->> 0)) END AS context,"
        f" {_FRAME if only else 'NULL AS before, NULL AS after'},"
        " CASE c.kind WHEN 'mixed' THEN a.text END AS article_text"
        " FROM claims c JOIN articles a ON a.key = c.article"
        f" WHERE c.hidden IS NULL AND c.confidence >= ? {where} ORDER BY c.key",
        (UNSURE_BELOW, json.dumps(only)) if only else (UNSURE_BELOW,),
    )
    for row in rows:
        yield Quote(
            quote_id=row["id"],
            text=_quoted_words(row) if row["kind"] == "mixed" else row["text"],
            speaker=row["speaker"],
            outlet=row["outlet"],
            date=row["published"],
            article_id=row["article_id"],
            kind=row["kind"],
            context=row["context"],
            frame=(row["before"], row["after"]) if only else None,
            listed=bool(row["listed"]),
        )


def _quoted_words(row: sqlite3.Row) -> str:
    """As `Claim.verbatim`: the words inside quotation marks, stretches apart by an ellipsis."""
    parts = (row["article_text"][start:end] for start, end in json.loads(row["quoted"]))
    return " … ".join(normalise_wording(part) for part in parts)
