"""Which outlet had it first, which followed, how often and how late: counts over families.

An edge counts the families of which one outlet surely had the first report and the other printed it later, by
more than the dates may be wrong. "Had it earlier" is all that it says: it is never proof of copying.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from statistics import median

from openrace.story import Appearance, FamilyStory, OutletEdge


def outlet_edges(stories: Iterable[FamilyStory]) -> list[OutletEdge]:
    """Return the edges, those of most families first, then by name, whatever the order of stories."""
    lags: defaultdict[tuple[str, str], list[Appearance]] = defaultdict(list)
    for story in stories:
        for leader, shown in _followed(story):
            lags[leader, shown.outlet or ""].append(shown)
    edges = [_edge(leader, follower, found) for (leader, follower), found in lags.items()]
    return sorted(edges, key=lambda edge: (-edge.families, edge.leader, edge.follower))


def _followed(story: FamilyStory) -> Iterator[tuple[str, Appearance]]:
    """Yield the outlet that surely was first, and the first print of each outlet that surely was later."""
    leaders = {shown.outlet for shown in story.appearances if shown.claim_id in story.first}
    leader = next(iter(leaders)) if len(leaders) == 1 else None
    if leader is None:
        return
    seen = {leader, None}
    for shown in story.appearances:
        if shown.outlet not in seen and shown.lag_hours is not None:
            seen.add(shown.outlet)
            if shown.lag_hours > shown.lag_doubt_hours:
                yield leader, shown


def _edge(leader: str, follower: str, found: list[Appearance]) -> OutletEdge:
    lags = sorted(shown.lag_hours for shown in found if shown.lag_hours is not None)
    return OutletEdge(
        leader=leader,
        follower=follower,
        families=len(found),
        same_text=sum(shown.wire_of is not None for shown in found),
        median_lag_hours=round(median(lags), 2),
        least_lag_hours=lags[0],
        most_lag_hours=lags[-1],
    )
