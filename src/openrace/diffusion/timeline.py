"""Travels: who had a family when, and which earlier print each later one is most like."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from openrace.records import Article, Claim
from openrace.story import Appearance, Reach
from openrace.wordings.align import similarity
from openrace.wordings.normalise import encode

MOST_COMPARED = 200  # of so many earlier distinct wordings at most, the most similar is looked for
WIRE_SHARE = 0.7  # of the smaller article's sampled shingles that the other has: one text in two places
WIRE_LEAST = 12  # sampled shingles below which a text is too short to tell
_SAMPLED = 4  # one shingle in four, chosen by its value, stands for an article


class Print(NamedTuple):
    """A claim of the family, its article and its encoded words."""

    claim: Claim
    article: Article
    wording: str


def prints_of(claims: Iterable[Claim], articles: Mapping[str, Article]) -> list[Print]:
    """Return the prints of these claims: earliest first, undated last, ties by id."""
    found = ((claim, articles[claim.article_id]) for claim in claims)
    prints = [Print(claim, article, encode(claim.verbatim(article))) for claim, article in found]
    return sorted(prints, key=lambda p: (p.article.published is None, p.article.published or "", p.claim.id))


def appearances(prints: Sequence[Print], countries: Mapping[str, str]) -> Iterator[Appearance]:
    """Who had it when. `prints` are in time; `countries` are those of the outlets, where known."""
    first = prints[0].article.published
    wires = copies(prints)
    earlier: dict[str, str] = {}
    for shown in prints:
        claim, article = shown.claim, shown.article
        nearest = _nearest(shown, earlier) if article.published else None
        yield Appearance(
            claim_id=claim.id,
            article_id=article.id,
            outlet=article.outlet,
            country=countries.get(article.outlet or ""),
            when=article.published,
            lag_hours=_lag(first, article.published),
            kind=claim.kind,
            wire_of=wires.get(article.id),
            nearest=nearest and nearest[0],
            similarity=nearest and nearest[1],
        )
        if article.published and len(earlier) < MOST_COMPARED:
            earlier.setdefault(shown.wording, claim.id)


def _nearest(shown: Print, earlier: Mapping[str, str]) -> tuple[str, float] | None:
    if shown.wording in earlier:
        return earlier[shown.wording], 1.0
    likest = max(
        ((similarity(shown.wording, w), i) for w, i in earlier.items()), default=None, key=lambda s: s[0]
    )
    return (likest[1], round(likest[0], 3)) if likest else None


def _lag(first: str | None, when: str | None) -> float | None:
    """Hours between two times; whole days where either is only a day."""
    if first is None or when is None:
        return None
    if min(len(first), len(when)) == 10:
        return 24.0 * (_instant(when[:10]) - _instant(first[:10])).days
    return round((_instant(when) - _instant(first)).total_seconds() / 3600, 2)


def _instant(when: str) -> datetime:
    moment = datetime.fromisoformat(when)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def copies(prints: Sequence[Print]) -> dict[str, str]:
    """Return, for each article that is nearly the text of an earlier one, the earliest such article."""
    articles = {shown.article.id: shown.article for shown in prints}
    seen: list[tuple[str, frozenset[int]]] = []
    found: dict[str, str] = {}
    for article in articles.values() if len(articles) > 1 else ():
        mine = sketch(article.text)
        original = next((i for i, theirs in seen if _is_copy(mine, theirs)), None)
        if original:
            found[article.id] = original
        elif article.published and len(seen) < MOST_COMPARED:
            seen.append((article.id, mine))
    return found


@lru_cache(maxsize=512)  # an article has some families, which are told one soon after the other
def sketch(text: str) -> frozenset[int]:
    """The shingles that stand for an article: those whose value is divisible (Manber 1994, "Finding similar
    files in a large file system"), so that two copies choose the same ones."""
    code = np.frombuffer(encode(text).encode("utf-32-le"), np.uint32).astype(np.int64)
    keys = code[:-2] * 1_000_003 ^ code[1:-1] * 10_007 ^ code[2:]
    return frozenset(keys[(keys >> 3) % _SAMPLED == 0].tolist())


def _is_copy(a: frozenset[int], b: frozenset[int]) -> bool:
    least = min(len(a), len(b))
    return least >= WIRE_LEAST and len(a & b) >= WIRE_SHARE * least


def reach(shown: Sequence[Appearance]) -> Iterator[Reach]:
    """Outlets, countries and appearances up to the end of each day on which the family was printed."""
    outlets: set[str] = set()
    countries: set[str] = set()
    dated = [a for a in shown if a.when]
    for place, appearance in enumerate(dated):
        day = (appearance.when or "")[:10]
        outlets |= {appearance.outlet} if appearance.outlet else set()
        countries |= {appearance.country} if appearance.country else set()
        if place + 1 == len(dated) or (dated[place + 1].when or "")[:10] != day:
            yield Reach(day=day, outlets=len(outlets), countries=len(countries), appearances=place + 1)
