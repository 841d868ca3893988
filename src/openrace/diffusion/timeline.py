"""Who printed the words of a family when, and which earlier print each later one is most like."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from openrace.dating import Bounds, lag_between, publication_bounds
from openrace.records import Article, Claim
from openrace.story import Appearance, Reach
from openrace.wordings.align import similarity
from openrace.wordings.normalise import encode

Sketch = npt.NDArray[np.int64]

MOST_COMPARED = 200  # of so many earlier distinct wordings at most, the most similar is looked for
WIRE_SHARE = 0.7  # of the smaller article's sampled shingles that the other has: one text in two places
WIRE_LEAST = 12  # sampled shingles below which a text is too short to tell
_SAMPLED = 4  # one shingle in four, chosen by its value, stands for an article
# Sketches by a digest of the text, a kilobyte each: an article has families all over the store, and
# working one out takes as long as the rest of a story.
_SKETCHES: dict[bytes, Sketch] = {}
_MOST_KEPT = 1 << 15


class PrintedClaim(NamedTuple):
    """A claim of the family, its article and its encoded words (empty where it is the only one)."""

    claim: Claim
    article: Article
    wording: str


def prints_of(claims: Iterable[Claim], articles: Mapping[str, Article]) -> list[PrintedClaim]:
    """Return the prints of these claims: earliest first, undated last, ties by id."""
    found = [(claim, articles[claim.article_id]) for claim in claims]
    if len(found) == 1:  # most families: there is nothing to compare its words with
        return [PrintedClaim(*found[0], "")]
    prints = [PrintedClaim(claim, article, encode(claim.verbatim(article))) for claim, article in found]
    return sorted(prints, key=lambda p: (p.article.published is None, p.article.published or "", p.claim.id))


class Outlets(NamedTuple):
    """What a story needs to know of outlets, by domain."""

    countries: Mapping[str, str] = {}  # ISO 3166-1 alpha-2
    zones: Mapping[str, str] = {}  # IANA name: in which an article that has only a day was printed
    clocks: Mapping[str, float] = {}  # by how many hours the outlet's clock seems early (clocks.py)

    def bounds(self, article: Article) -> Bounds | None:
        """Return when at the earliest and at the latest `article` was published."""
        domain = article.outlet or ""
        zone = article.published_zone or self.zones.get(domain)
        early = self.clocks.get(domain, 0.0)
        return publication_bounds(article.published, article.published_basis, zone, early)


UNLISTED = Outlets()  # outlets of which nothing is known


class Dated(NamedTuple):
    """A print, its date, and between which instants that says it was published."""

    shown: PrintedClaim
    when: str
    bounds: Bounds


def dated(prints: Iterable[PrintedClaim], outlets: Outlets) -> list[Dated]:
    """Return those of the prints whose date is known, in their order."""
    found = ((shown, shown.article.published, outlets.bounds(shown.article)) for shown in prints)
    return [Dated(shown, when, bounds) for shown, when, bounds in found if when and bounds]


def first_reports(found: Sequence[Dated]) -> tuple[str, ...]:
    """Return the claims that may be the first report: where it is certain, those of one outlet.

    Each may have been printed before the earliest instant by which one of them surely was.
    """
    upto = min((one.bounds.latest for one in found), default="")
    return tuple(one.shown.claim.id for one in found if one.bounds.earliest < upto)


def appearances(
    prints: Sequence[PrintedClaim], found: Sequence[Dated], outlets: Outlets
) -> Iterator[Appearance]:
    """Yield who had it when. `prints` are in time, `found` are those of them with a date."""
    first = min(found, key=lambda one: one.bounds.latest, default=None)
    lags = {one.shown.claim.id: lag_between(*first[1:], *one[1:]) for one in found} if first else {}
    wires = copies(prints)
    earlier: dict[str, str] = {}
    for shown in prints:
        claim, article = shown.claim, shown.article
        nearest = _nearest(shown, earlier) if article.published else None
        lag = lags.get(claim.id)
        yield Appearance(
            claim_id=claim.id,
            article_id=article.id,
            outlet=article.outlet,
            country=outlets.countries.get(article.outlet or ""),
            when=article.published,
            day=article.published_day,
            lag_hours=lag.hours if lag else None,
            lag_doubt_hours=lag.doubt if lag else 0.0,
            clock_early_hours=outlets.clocks.get(article.outlet or "", 0.0),
            kind=claim.kind,
            wire_of=wires.get(article.id),
            nearest=nearest and nearest[0],
            similarity=nearest and nearest[1],
        )
        if article.published and len(earlier) < MOST_COMPARED:
            earlier.setdefault(shown.wording, claim.id)


def _nearest(shown: PrintedClaim, earlier: Mapping[str, str]) -> tuple[str, float] | None:
    if shown.wording in earlier:
        return earlier[shown.wording], 1.0
    likest = max(
        ((similarity(shown.wording, w), i) for w, i in earlier.items()), default=None, key=lambda s: s[0]
    )
    return (likest[1], round(likest[0], 3)) if likest else None


def copies(prints: Sequence[PrintedClaim]) -> dict[str, str]:
    """Return, for each article that is nearly the text of an earlier one, the earliest such article."""
    articles = {shown.article.id: shown.article for shown in prints}
    seen: list[tuple[str, Sketch]] = []
    found: dict[str, str] = {}
    for article in articles.values() if len(articles) > 1 else ():
        mine = sketch(article.text)
        original = next((i for i, theirs in seen if _is_copy(mine, theirs)), None)
        if original:
            found[article.id] = original
        elif article.published and len(seen) < MOST_COMPARED:
            seen.append((article.id, mine))
    return found


def sketch(text: str) -> Sketch:
    """Return the shingles that stand for an article, in order: those whose value is divisible, so that two
    copies choose the same ones (Manber 1994, "Finding similar files in a large file system")."""
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    found = _SKETCHES.get(digest)
    if found is None:
        if len(_SKETCHES) >= _MOST_KEPT:
            _SKETCHES.clear()
        found = _SKETCHES[digest] = _sketch(text)
    return found


def _sketch(text: str) -> Sketch:
    code = np.frombuffer(encode(text).encode("utf-32-le"), np.uint32).astype(np.int64)
    keys = code[:-2] * 1_000_003 ^ code[1:-1] * 10_007 ^ code[2:]
    return np.unique(keys[(keys >> 3) % _SAMPLED == 0])


def _is_copy(a: Sketch, b: Sketch) -> bool:
    least = min(len(a), len(b))
    return least >= WIRE_LEAST and len(np.intersect1d(a, b, assume_unique=True)) >= WIRE_SHARE * least


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
