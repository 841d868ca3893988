"""How sure a claim is: the model's probability set right by how often it was right.

Measured on annotated articles (PolNeAR's training articles, and news, transcripts, releases, newsletters
and forums about the topic) as the share of claims that a careful reader finds too, by kind. Between the
points the line is straight: an isotonic calibration (Zadrozny and Elkan, 2002) that can be read.
"""

from __future__ import annotations

from itertools import pairwise

from openrace.records import Kind

# (what the choices say, the share that was right)
_MEASURED: dict[Kind, tuple[tuple[float, float], ...]] = {
    "direct": ((0.0, 0.65), (0.4, 0.80), (0.6, 0.88), (0.8, 0.94), (0.95, 0.97), (1.0, 0.99)),
    "mixed": ((0.0, 0.60), (0.35, 0.70), (0.5, 0.86), (0.7, 0.90), (0.9, 0.95), (1.0, 0.98)),
    "indirect": (
        (0.0, 0.40),
        (0.5, 0.67),
        (0.65, 0.74),
        (0.75, 0.80),
        (0.85, 0.88),
        (0.95, 0.95),
        (1.0, 0.97),
    ),
}


def calibrated(kind: Kind, probability: float) -> float:
    """Return the share of claims of this `kind` and `probability` that are right, between 0 and 1."""
    for (low, share), (high, next_share) in pairwise(_MEASURED[kind]):
        if probability <= high:
            return share + (next_share - share) * max(0.0, probability - low) / (high - low)
    return _MEASURED[kind][-1][1]
