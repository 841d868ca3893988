"""Relations: which reports tell a family's words in others, and which families are quoted in one another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from openrace.diffusion import meaning, paraphrases
from openrace.diffusion.pool import day_of, inner_quotes
from openrace.diffusion.travels import Print
from openrace.diffusion.voices import NOBODY, voice
from openrace.diffusion.wording import encode
from openrace.records import Article, Claim, Family, Paraphrase


def relate(
    families: Iterable[Family], claims: Mapping[str, Claim], articles: Mapping[str, Article]
) -> tuple[dict[str, list[Paraphrase]], dict[str, set[str]]]:
    """The paraphrases of each family, and its links, both ways."""
    prints = {family.id: list(_prints(family, claims, articles)) for family in families}
    return _attached(prints, articles), _links(prints)


def _prints(family: Family, claims: Mapping[str, Claim], articles: Mapping[str, Article]) -> Iterator[Print]:
    for claim in (claims[i] for i in family.claim_ids):
        article = articles[claim.article_id]
        yield Print(claim, article, encode(claim.verbatim(article)))


def _attached(
    prints: Mapping[str, Sequence[Print]], articles: Mapping[str, Article]
) -> dict[str, list[Paraphrase]]:
    reports, quoted = [], []
    for family_id, shown in prints.items():
        reports += [p.claim for p in shown if p.claim.kind == "indirect"]
        if any(p.claim.kind != "indirect" for p in shown):
            quoted.append(_quoted(family_id, shown))
    found: defaultdict[str, list[Paraphrase]] = defaultdict(list)
    for family_id, paraphrase in paraphrases.attach(reports, quoted, articles):
        found[family_id].append(paraphrase)
    return found


def _quoted(family_id: str, prints: Sequence[Print]) -> paraphrases.Quoted:
    texts = [shown.claim.verbatim(shown.article) for shown in prints]
    named = (p.claim.speaker and (p.claim.speaker.person_id or p.claim.speaker.name) for p in prints)
    return paraphrases.Quoted(
        family_id=family_id,
        speakers=tuple({v for v in map(voice, named) if v != NOBODY}),
        stems=frozenset(stem for text in texts for stem in paraphrases.stems(text)),
        days=tuple(day_of(shown.article.published) for shown in prints),
        hedges=frozenset(word for text in texts for word in meaning.hedges(text)),
    )


def _links(prints: Mapping[str, Sequence[Print]]) -> dict[str, set[str]]:
    """Families whose words stand in quotation marks inside those of another, both ways."""
    inner: defaultdict[str, set[str]] = defaultdict(set)  # shingle → families that quote it inside
    for family_id, shown in prints.items():
        for said in {said for p in shown for said in inner_quotes(p.claim.verbatim(p.article))}:
            for shingle in _shingles(said):
                inner[shingle].add(family_id)
    found: defaultdict[str, set[str]] = defaultdict(set)
    for family_id, shown in prints.items() if inner else ():
        for shingle in {s for p in shown for s in _shingles(p.wording)}:
            for other in inner.get(shingle, set()) - {family_id}:
                found[family_id].add(other)
                found[other].add(family_id)
    return found


def _shingles(wording: str) -> Iterator[str]:
    """Runs of five words: fewer are inside many a quotation by chance."""
    return (wording[i : i + 5] for i in range(max(0, len(wording) - 4)))
