"""Score the extraction and the families on the gate's own articles (tests/gate/README.md).

A claim that was found is right where `INSIDE` of its characters or more lie inside one gold claim. A gold
claim is covered where right claims hold `COVERED` of it or more; end to end they must name its speaker.
A wrong name is one that is told and is not the gold speaker's; telling nobody is no wrong name.

    python tests/quality_gate.py            # the table, and every error on stderr
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from openrace.clustering import group_quotes
from openrace.extract.claims import extract_claims
from openrace.person_names import same_person
from openrace.records import Article, Claim, Quote

GATE = Path(__file__).with_name("gate")
INSIDE, COVERED = 0.75, 0.6
_MARKUP = re.compile(r"\[\[(\d+):|\]\]")


class GoldClaim(NamedTuple):
    """What a careful reader finds: the code points of its content, and whose it is."""

    article: str
    inside: frozenset[int]
    speakers: tuple[str, ...]  # right answers; "" where nobody is named
    others: tuple[str, ...]  # who speaks in the same article
    polarities: tuple[str, ...]
    family: str | None
    optional: bool


class GoldArticle(NamedTuple):
    """An article of the gate with its claims."""

    article: Article
    style: str
    claims: tuple[GoldClaim, ...]


def load_gate(folder: Path = GATE) -> list[GoldArticle]:
    """Return all articles of the gate, in the order of their files."""
    tables = (
        table
        for path in sorted(folder.glob("*.toml"))
        for table in tomllib.loads(path.read_text(encoding="utf-8")).get("article", ())
    )
    return [_gold_article(table) for table in tables]


def _gold_article(table: dict) -> GoldArticle:
    text, places = _without_markup(table["text"].strip())
    language = "zh" if table["id"].startswith("zh") else "en"
    article = Article(
        id=table["id"],
        text=text,
        title=table["title"],
        outlet=table["outlet"],
        published=table["published"],
        language=language,
    )
    claims = table.get("claim", {})
    if set(claims) != set(places):
        raise ValueError(f"{table['id']}: marks {sorted(places)} against claims {sorted(claims)}")
    named = tuple({claim["speaker"] for claim in claims.values()} - {""})
    return GoldArticle(
        article,
        table["style"],
        tuple(_gold_claim(article.id, places[key], claim, named) for key, claim in claims.items()),
    )


def _gold_claim(article: str, inside: set[int], claim: dict, named: tuple[str, ...]) -> GoldClaim:
    polarity = claim.get("polarity", "asserted")
    return GoldClaim(
        article,
        frozenset(inside),
        (claim["speaker"], *claim.get("also", ())),
        named,
        (polarity, *claim.get("also_polarity", ())),
        claim.get("family"),
        claim.get("optional", False),
    )


def _without_markup(marked: str) -> tuple[str, dict[str, set[int]]]:
    """The text, and for each claim's number the code points of its pieces (white space left out)."""
    text, places, open_claim, at = "", {}, "", 0
    for mark in [*_MARKUP.finditer(marked), None]:
        piece = marked[at : mark.start() if mark else len(marked)]
        if open_claim:
            inside = places.setdefault(open_claim, set())
            inside.update(len(text) + i for i, c in enumerate(piece) if c.isalnum())
        text += piece
        if mark:
            open_claim, at = mark[1] or "", mark.end()
    return text, places


class Score(NamedTuple):
    """What was counted; `errors` are readable lines."""

    found: int = 0  # claims found, optional gold left out
    right: int = 0
    gold: int = 0
    covered: int = 0
    end_to_end: int = 0
    named: int = 0  # right claims that tell a name
    wrong_names: int = 0
    turned: int = 0  # denials, questions and conditions that are told as assertions
    errors: tuple[str, ...] = ()

    def __add__(self, other: Score) -> Score:  # type: ignore[override]
        return Score(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.covered / self.gold if self.gold else 1.0

    @property
    def f1(self) -> float:
        """End to end: precision of content, recall with the right speaker."""
        recall = self.end_to_end / self.gold if self.gold else 1.0
        return 2 * self.precision * recall / (self.precision + recall) if recall else 0.0

    @property
    def wrong(self) -> float:
        return self.wrong_names / self.named if self.named else 0.0


def score_article(gold: GoldArticle, claims: list[Claim]) -> Score:
    """Hold the claims of one article against its gold."""
    text, errors, counts = gold.article.text, [], Counter()
    by_gold: dict[GoldClaim, list[Claim]] = {}
    for claim in claims:
        inside = {i for span in claim.spans for i in range(*span) if text[i].isalnum()}
        target = max(gold.claims, key=lambda g: len(g.inside & inside), default=None)
        if target is None or len(target.inside & inside) < INSIDE * len(inside):
            counts["found"] += 1
            errors.append(f"{gold.article.id}: no claim: {claim.text!r} ({claim.reason})")
            continue
        by_gold.setdefault(target, []).append(claim)
        if not target.optional:
            counts.update(found=1, right=1)
            errors += _judge(target, claim, counts)
    for target in gold.claims:
        if not target.optional:
            counts.update(_coverage(gold, target, by_gold.get(target, []), errors))
    return Score(*(counts[name] for name in Score._fields[:-1]), tuple(errors))


def _judge(target: GoldClaim, claim: Claim, counts: Counter[str]) -> Iterator[str]:
    name = claim.speaker and claim.speaker.name
    if name:
        counts["named"] += 1
        if not names_speaker(name, target):
            counts["wrong_names"] += 1
            yield f"{target.article}: {name!r} for {target.speakers[0]!r}: {claim.text!r} ({claim.reason})"
    if "asserted" not in target.polarities and claim.polarity == "asserted":
        counts["turned"] += 1
        yield f"{target.article}: {target.polarities[0]} told as asserted: {claim.text!r}"


def _coverage(gold: GoldArticle, target: GoldClaim, claims: list[Claim], errors: list[str]) -> dict[str, int]:
    def covered(some: list[Claim]) -> bool:
        inside = {i for claim in some for span in claim.spans for i in range(*span)}
        return len(target.inside & inside) >= COVERED * len(target.inside)

    named = [claim for claim in claims if _speaker_right(claim, target)]
    result = {"gold": 1, "covered": int(covered(claims)), "end_to_end": int(covered(named))}
    if not result["end_to_end"]:
        words = "".join(gold.article.text[min(target.inside) : max(target.inside) + 1])
        told = [claim.speaker and (claim.speaker.name or claim.speaker.text) for claim in claims]
        errors.append(f"{target.article}: {target.speakers[0]!r} missed, told {told}: {words!r}")
    return result


def _speaker_right(claim: Claim, target: GoldClaim) -> bool:
    name = claim.speaker and claim.speaker.name
    return names_speaker(name, target) if name else "" in target.speakers


def names_speaker(name: str, target: GoldClaim) -> bool:
    """Whether `name` is a right answer; where nobody is named: whether it is nobody else of the article."""
    if target.speakers == ("",):
        return not any(same_person(name, other) == "same" for other in target.others)
    return any(name == right or same_person(name, right) == "same" for right in target.speakers if right)


def extracted(gate: list[GoldArticle]) -> list[tuple[GoldArticle, list[Claim]]]:
    """Extract every article of the gate."""
    return [(gold, list(extract_claims(gold.article))) for gold in gate]


def score_families(found: list[tuple[GoldArticle, list[Claim]]]) -> tuple[float, float]:
    """Pair precision and recall of the families, over the claims that carry a gold family."""
    quotes, families = [], {}
    for gold, claims in found:
        for claim in claims:
            quotes.append(_quote(gold.article, claim))
            families[claim.id] = _family_of(gold, claim)
    clusters = group_quotes(quotes)
    told = {(a, b) for a, b in combinations(sorted(families), 2) if clusters[a] == clusters[b]}
    true = {
        (a, b) for a, b in combinations(sorted(families), 2) if families[a] and families[a] == families[b]
    }
    across = {(a, b) for a, b in told if _article_of(quotes, a) != _article_of(quotes, b)}
    return (
        len(across & true) / len(across) if across else 1.0,
        len(told & true) / len(true) if true else 1.0,
    )


def _quote(article: Article, claim: Claim) -> Quote:
    return Quote(
        quote_id=claim.id,
        text=claim.text,
        speaker=claim.speaker and (claim.speaker.name or claim.speaker.text),
        outlet=article.outlet,
        date=article.published,
        article_id=article.id,
        kind=claim.kind,
    )


def _article_of(quotes: list[Quote], quote_id: str) -> str | None:
    return next(quote.article_id for quote in quotes if quote.quote_id == quote_id)


def _family_of(gold: GoldArticle, claim: Claim) -> str | None:
    inside = {i for span in claim.spans for i in range(*span) if gold.article.text[i].isalnum()}
    return next((g.family for g in gold.claims if len(g.inside & inside) >= INSIDE * len(inside)), None)


def table(found: list[tuple[GoldArticle, list[Claim]]]) -> dict[str, Score]:
    """Scores by language and by style; "all" is the whole."""
    scores: dict[str, Score] = {}
    for gold, claims in found:
        score = score_article(gold, claims)
        for row in ("all", gold.article.language or "", f"{gold.article.language} {gold.style}"):
            scores[row] = scores.get(row, Score()) + score
    return scores


def main() -> None:
    """Print the table; every error on stderr."""
    found = extracted(load_gate())
    scores = table(found)
    print("\n".join(scores["all"].errors), file=sys.stderr)
    print(f"{'':16} P     R     F1    wrong turned claims")
    for row, score in scores.items():
        print(
            f"{row:16} {score.precision:.3f} {score.recall:.3f} {score.f1:.3f} "
            f"{score.wrong:.3f} {score.turned:6} {score.gold}"
        )
    print("families: pair precision {:.3f}, recall {:.3f}".format(*score_families(found)))


if __name__ == "__main__":
    main()
