"""Embedded quotations: families whose words stand in quotation marks inside those of another."""

from __future__ import annotations

from collections.abc import Iterator

from openrace.clustering.blocking import SHINGLE, fingerprints
from openrace.wordings.normalise import GAP, weight_of

RUN = 5  # words in a row: fewer are inside many a quotation by chance
LEAST_WEIGHT = 6.0  # what a run must tell (weights as in `wording`): two words, of those not in every text


def runs(wording: str) -> Iterator[str]:
    """Yield the runs of an encoded wording by which it is found inside another."""
    for i in range(len(wording) - RUN + 1):
        run = wording[i : i + RUN]
        if GAP not in run and weight_of(run) >= LEAST_WEIGHT:
            yield run


def fingerprint(run: str) -> int:
    """Return a fingerprint of the part of a run that tells most: the fewest wordings have it."""
    parts = [run[i : i + SHINGLE + 1] for i in range(len(run) - SHINGLE)]  # each has a whole one
    return int(fingerprints([max(parts, key=lambda part: (weight_of(part), part))]).key[0])
