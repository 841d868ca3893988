"""Stories: what happened to the words of each family, and who had them when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set

from openrace.diffusion import alerts
from openrace.diffusion.alerts_across import TranslatedPrint, alerts_across
from openrace.diffusion.diff import compare
from openrace.diffusion.timeline import (
    UNLISTED,
    Outlets,
    PrintedClaim,
    appearances,
    dated,
    first_reports,
    prints_of,
    reach,
)
from openrace.diffusion.translation import translations
from openrace.records import Article, Claim, Family, normalise_wording
from openrace.story import Alert, Comparison, FamilyStory, Original, Paraphrase, Variant


def story_of_family(
    family: Family,
    claims: Mapping[str, Claim],
    articles: Mapping[str, Article],
    outlets: Outlets = UNLISTED,
    paraphrases: Sequence[Paraphrase] = (),
    links: Sequence[str] = (),
    original: Original | None = None,
    translated: Sequence[tuple[str, str]] = (),
) -> FamilyStory:
    """Return the story of `family`.

    `claims` (by id) and `articles` (by id) hold at least its own. `paraphrases` and `links` (ids of
    families) are what was worked out with the other families, `original` is where the words were said.
    `translated` are claims of the family, each with the claim in the other language that it surely matches.
    """
    shown = prints_of((claims[claim_id] for claim_id in family.claim_ids), articles)
    found = dated(shown, outlets)
    printed = tuple(appearances(shown, found, outlets))
    pairs = [_translated(claims[own], claims[other], articles) for own, other in translated]
    return FamilyStory(
        family=family,
        variants=tuple(_variants(family, shown)),
        appearances=printed,
        alerts=(*_alerts(shown, original), *alerts_across(pairs)),
        paraphrases=tuple(paraphrases),
        first=first_reports(found),
        reach=tuple(reach(printed)),
        links=tuple(links),
        original=original,
    )


def _translated(own: Claim, other: Claim, articles: Mapping[str, Article]) -> TranslatedPrint:
    prints = prints_of((own, other), articles)
    return TranslatedPrint(*sorted(prints, key=lambda shown: shown.claim.id != own.id))


def _variants(family: Family, prints: Sequence[PrintedClaim]) -> Iterator[Variant]:
    """Yield the distinct wordings, most printed first, compared with the earliest and the representative."""
    representative = next(shown for shown in prints if shown.claim.id == family.representative)
    translated = translations(prints)
    for group in _by_wording(prints):
        shown = representative if representative in group else group[0]
        yield Variant(
            text=shown.claim.verbatim(shown.article),
            claim_ids=tuple(member.claim.id for member in group),
            first=group[0].article.published,
            to_earliest=_comparison(prints[0], shown, translated),
            to_representative=_comparison(representative, shown, translated),
        )


def _by_wording(prints: Sequence[PrintedClaim]) -> list[list[PrintedClaim]]:
    groups: defaultdict[str, list[PrintedClaim]] = defaultdict(list)
    for shown in prints:
        groups[shown.wording].append(shown)
    return sorted(groups.values(), key=len, reverse=True)


def _comparison(base: PrintedClaim, shown: PrintedClaim, translations: Set[str]) -> Comparison | None:
    if base.wording == shown.wording:
        return None
    changes, kinds = compare(base.claim.verbatim(base.article), shown.claim.verbatim(shown.article))
    both = {base.claim.id, shown.claim.id} <= translations
    return Comparison(
        base_claim_id=base.claim.id,
        changes=changes,
        kinds=kinds,
        translated=both and "substituted" in kinds,
    )


def _alerts(prints: Sequence[PrintedClaim], original: Original | None) -> Iterator[Alert]:
    """Yield the alerts of a family: what its prints have inside quotation marks, the best attested first.

    A print that is as it was said in the recording comes before all that are not, however many have these.
    """
    quoted = [shown for shown in prints if shown.claim.kind != "indirect"]
    held = {check.claim_id: check for check in original.reports} if original else {}
    faithful = {claim_id for claim_id, check in held.items() if not check.flagged}

    def rank(group: Sequence[PrintedClaim]) -> tuple[bool, int, int]:
        return faithful.isdisjoint(shown.claim.id for shown in group), -len(group), -len(group[0].wording)

    for alert in alerts.alerts([_alert_print(group) for group in sorted(_by_wording(quoted), key=rank)]):
        checks = (held.get(claim_id) for claim_id in (*alert.claim_ids, alert.base_claim_id))
        said = next((check.said for check in checks if check and check.said), None)
        yield (
            alert.model_copy(update={"note": f"{alert.note}; the original says “{said}”"}) if said else alert
        )


def _alert_print(group: Sequence[PrintedClaim]) -> alerts.QuotedWording:
    claim, article = group[0].claim, group[0].article
    inside = " … ".join(normalise_wording(article.text[start:end]) for start, end in claim.quoted)
    outlets = (shown.article.outlet for shown in group)
    return alerts.QuotedWording(
        inside,
        tuple(shown.claim.id for shown in group),
        tuple(o for o in outlets if o),
        frozenset(shown.article.id for shown in group),
        _around(claim, article.text),
    )


def _around(claim: Claim, text: str) -> str:
    """Return the reporter's words of a partial quotation: its verb, and those beside the marks."""
    if claim.kind != "mixed":
        return ""
    parts = claim.wording(text).parts
    return " ".join(part.text for part in parts if not part.quoted)
