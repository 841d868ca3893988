"""Clocks: an outlet that has what others have hours before nearly all of them stamps its articles early.

    instants of one utterance by outlet ─▶ leads over the other outlets ─▶ all leads of an outlet ─▶ its doubt

On a fortnight of 24,000 articles one outlet stood out, 4.2 hours before the others by the median, most
often 4 to 6: it writes its own hours as if they were UTC. No other came to 3; reporters who break news lead
by 2 hours, as a rule by minutes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import ceil
from statistics import median, quantiles

ONE_NEWS = 24.0  # hours within which outlets bring the same news: what comes later is a report of its own
LEAST_UTTERANCES = 20  # shared ones, for a clock to be judged
LEAST_LEAD = 3.0  # hours, by the median


def leads(instants: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    """Yield by how many hours each outlet had one utterance before the others, if others had it that day.

    `instants` are the hours, on any scale, at which each outlet first printed it.
    """
    for outlet, hour in instants.items():
        near = [other for name, other in instants.items() if name != outlet and abs(other - hour) <= ONE_NEWS]
        if near:
            yield outlet, round(median(near) - hour, 2)


def clock_early(leads_of_outlet: Sequence[float]) -> float:
    """Return by how many whole hours the clock of an outlet with these leads seems early; 0: not at all.

    The upper quartile: in an outlet's own delay its clock's error is lost, where it was quick it shows.
    """
    if len(leads_of_outlet) < LEAST_UTTERANCES or median(leads_of_outlet) < LEAST_LEAD:
        return 0.0
    return float(ceil(quantiles(leads_of_outlet, n=4, method="inclusive")[2]))
