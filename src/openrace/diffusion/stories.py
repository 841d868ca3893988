"""Stories: what happened to the words of each family, and who had them when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from openrace.diffusion import meaning, paraphrases
from openrace.diffusion.changes import compare
from openrace.diffusion.pool import day_of, inner_quotes
from openrace.diffusion.travels import Print, appearances, in_time, reach
from openrace.diffusion.voices import NOBODY, voice
from openrace.diffusion.wording import encode
from openrace.records import Alert, Article, Claim, Comparison, Family, FamilyStory, Paraphrase, Variant


def tell_stories(
    families: Iterable[Family],
    claims: Mapping[str, Claim],
    articles: Mapping[str, Article],
    countries: Mapping[str, str] | None = None,
) -> Iterator[FamilyStory]:
    """The story of each family, in the order of `families`.

    `claims` (by id) and `articles` (by id) hold at least those of the families; `countries` are ISO codes by
    outlet. Indirect claims among them are attached to the families they paraphrase.
    """
    kept = list(families)
    prints = {family.id: in_time(_prints(family, claims, articles)) for family in kept}
    attached = _attached(prints, articles)
    links = _links(prints)
    for family in kept:
        shown = prints[family.id]
        told = tuple(appearances(shown, countries or {}))
        yield FamilyStory(
            family=family,
            variants=tuple(_variants(family, shown)),
            appearances=told,
            alerts=tuple(_alerts(shown)),
            paraphrases=tuple(attached.get(family.id, ())),
            reach=tuple(reach(told)),
            links=tuple(sorted(links.get(family.id, ()))),
        )


def _prints(family: Family, claims: Mapping[str, Claim], articles: Mapping[str, Article]) -> Iterator[Print]:
    for claim in (claims[i] for i in family.claim_ids):
        article = articles[claim.article_id]
        yield Print(claim, article, encode(claim.verbatim(article)))


def _variants(family: Family, prints: Sequence[Print]) -> Iterator[Variant]:
    """The distinct wordings, most printed first, each held against the earliest and the fullest."""
    fullest = next(shown for shown in prints if shown.claim.id == family.fullest)
    for group in _by_wording(prints):
        shown = group[0]
        yield Variant(
            text=shown.claim.verbatim(shown.article),
            claim_ids=tuple(member.claim.id for member in group),
            first=shown.article.published,
            to_earliest=_comparison(prints[0], group),
            to_fullest=_comparison(fullest, group),
        )


def _by_wording(prints: Sequence[Print]) -> list[list[Print]]:
    groups: defaultdict[str, list[Print]] = defaultdict(list)
    for shown in prints:
        groups[shown.wording].append(shown)
    return sorted(groups.values(), key=len, reverse=True)


def _comparison(base: Print, group: Sequence[Print]) -> Comparison | None:
    if base.wording == group[0].wording:
        return None
    changes, kinds = compare(base.claim.verbatim(base.article), group[0].claim.verbatim(group[0].article))
    return Comparison(base_claim_id=base.claim.id, changes=changes, kinds=kinds)


def _alerts(prints: Sequence[Print]) -> Iterator[Alert]:
    quoted = [shown for shown in prints if shown.claim.kind != "indirect"]
    groups = sorted(_by_wording(quoted), key=lambda group: (-len(group), -len(group[0].wording)))
    yield from meaning.alerts(
        [
            meaning.Print(group[0].claim.verbatim(group[0].article), tuple(shown.claim.id for shown in group))
            for group in groups
        ]
    )
    yield from _softened(groups)


def _softened(groups: Sequence[Sequence[Print]]) -> Iterator[Alert]:
    """Reports that put a hedge of their own before quoted words which no print of them has."""
    said = {
        word
        for group in groups
        for shown in group
        for word in meaning.hedges(shown.claim.verbatim(shown.article))
    }
    for group in groups:
        for claim, article in (
            (shown.claim, shown.article) for shown in group if shown.claim.kind == "mixed"
        ):
            gained = tuple(word for word in meaning.hedges(claim.unquoted(article)) if word not in said)
            others = [shown for rest in groups for shown in rest if shown.claim.id != claim.id]
            if gained and others:
                base = others[0]
                yield Alert(
                    base_claim_id=base.claim.id,
                    claim_ids=(claim.id,),
                    what=("modal",),
                    lost=(),
                    gained=gained,
                    changes=compare(base.claim.verbatim(base.article), claim.text)[0],
                    note=f"the report softens it with {', '.join(f'“{w}”' for w in gained)} of its own",
                )


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
