"""Paraphrases: reports without marks, attached to the quoted family whose words they tell in others.

Only where the speaker is known to be the same, and the content words of the report that tell anything are
largely those of the quotation. An attachment is a pointer, it never enters the family's wording.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from openrace.diffusion.meaning import hedges
from openrace.diffusion.pool import day_of, is_day
from openrace.diffusion.voices import NOBODY, Voice, relation, voice
from openrace.diffusion.wording import code_point, is_common, weight_of, words
from openrace.records import Article, Claim, Paraphrase

LEAST_SHARED = 2  # content words
LEAST_WEIGHT = 8.0  # what they must tell together (weights as in `wording`)
LEAST_SHARE = 0.3  # of what the report's content words tell
LONGEST_DELAY = 45  # days; later the same speaker may be talking of it again
_ENDING = re.compile(r"(?<=[^\W\d_]{3})(?:ing|ed|ly|er|est|ion|s|e)$")


def stems(text: str) -> dict[str, str]:
    """The content words of `text`, cut to their stems, and each as it stands there."""
    telling = (w for w in words(text) if not is_common(w))
    return {_ENDING.sub("", word): word for word in telling}


class Quoted(NamedTuple):
    """What a family says, for finding its paraphrases."""

    family_id: str
    speakers: tuple[Voice, ...]
    stems: frozenset[str]
    days: tuple[int, ...]
    hedges: frozenset[str]


def attach(
    reports: Iterable[Claim], families: Iterable[Quoted], articles: Mapping[str, Article]
) -> Iterator[tuple[str, Paraphrase]]:
    """The family id each indirect claim belongs to, where there is one, and the attachment."""
    by_stem: defaultdict[tuple[str, str], list[Quoted]] = defaultdict(list)  # a speaker's families by stem
    for family in families:
        for name in {speaker.family for speaker in family.speakers}:
            for stem in family.stems:
                by_stem[name, stem].append(family)
    for claim in reports:
        speaker, mine = _speaker(claim), stems(claim.text)
        day = day_of(articles[claim.article_id].published)
        found = {f.family_id: f for stem in mine for f in by_stem.get((speaker.family, stem), ())}
        near = [f for f in found.values() if _fits(f, speaker, day)]
        scored = ((*_shared(mine, family), family) for family in near)
        score, shared, likest = max(scored, key=lambda s: (s[0], s[2].family_id), default=(0.0, (), None))
        if likest and score > 0:
            softened = tuple(h for h in hedges(claim.text) if h not in likest.hedges)
            yield (
                likest.family_id,
                Paraphrase(claim_id=claim.id, score=round(score, 3), shared=shared, softened=softened),
            )


def _speaker(claim: Claim) -> Voice:
    return voice(claim.speaker and (claim.speaker.person_id or claim.speaker.name))


def _fits(family: Quoted, speaker: Voice, day: int) -> bool:
    if speaker == NOBODY or not any(relation(speaker, other) == "same" for other in family.speakers):
        return False
    known = [other for other in family.days if is_day(other)]
    return not is_day(day) or not known or min(abs(day - other) for other in known) <= LONGEST_DELAY


def _shared(mine: Mapping[str, str], family: Quoted) -> tuple[float, tuple[str, ...]]:
    """The share of what a report (its `stems`) tells that the family says too; 0 where that is too little."""
    both = [stem for stem in mine if stem in family.stems]
    weight = sum(weight_of(code_point(mine[stem])) for stem in both)
    share = weight / (sum(weight_of(code_point(word)) for word in mine.values()) or 1.0)
    enough = len(both) >= LEAST_SHARED and weight >= LEAST_WEIGHT and share >= LEAST_SHARE
    return (min(share, 1.0) if enough else 0.0), tuple(mine[stem] for stem in both)
