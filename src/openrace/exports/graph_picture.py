"""Who had it first, who followed: a picture of outlet edges, as an SVG that stands alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from xml.sax.saxutils import escape

from openrace.story import OutletEdge

MOST_OUTLETS = 24  # rows and columns: more cannot be read on a screen
CELL, LABEL, HEAD = 26, 190, 150  # pixels


def draw_matrix(edges: Sequence[OutletEdge], names: Mapping[str, str]) -> str:
    """Return the edges between the outlets that have most of them: a row had it first, a column followed.

    `names` are those of outlets, by domain. Each cell tells the number of families, its title the lag too.
    """
    outlets = _busiest(edges)
    places = {outlet: number for number, outlet in enumerate(outlets)}
    shown = [edge for edge in edges if edge.leader in places and edge.follower in places]
    most = max((edge.families for edge in shown), default=1)
    width, height = LABEL + CELL * len(outlets) + 70, HEAD + CELL * len(outlets) + 20
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}"'
        f' height="{height}" font-family="sans-serif" font-size="12" fill="#1a1916">',
        "<title>Rows had it first, columns followed; the number of statements</title>",
        *_labels(outlets, names),
        *(line for edge in shown for line in _cell(edge, places, most, names)),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _busiest(edges: Sequence[OutletEdge]) -> list[str]:
    """Return the outlets with most families on their edges, those that lead most often first."""
    total: Counter[str] = Counter()
    led: Counter[str] = Counter()
    for edge in edges:
        total[edge.leader] += edge.families
        total[edge.follower] += edge.families
        led[edge.leader] += edge.families
    chosen = sorted(total, key=lambda outlet: (-total[outlet], outlet))[:MOST_OUTLETS]
    return sorted(chosen, key=lambda outlet: (-led[outlet], outlet))


def _labels(outlets: Sequence[str], names: Mapping[str, str]) -> Iterator[str]:
    for number, outlet in enumerate(outlets):
        name, at = _short(names.get(outlet, outlet)), CELL * number + CELL // 2
        yield f'<text x="{LABEL - 6}" y="{HEAD + at + 4}" text-anchor="end">{name}</text>'
        place = f"translate({LABEL + at + 4} {HEAD - 6}) rotate(-60)"
        yield f'<text transform="{place}">{name}</text>'


def _short(name: str) -> str:
    clean = "".join(sign for sign in name if sign.isprintable())
    return escape(clean if len(clean) <= 26 else clean[:25] + "…")


def _cell(edge: OutletEdge, places: Mapping[str, int], most: int, names: Mapping[str, str]) -> Iterator[str]:
    x, y = LABEL + CELL * places[edge.follower], HEAD + CELL * places[edge.leader]
    share = edge.families / most
    leader, follower = (_short(names.get(it, it)) for it in (edge.leader, edge.follower))
    ink = "#fff" if share > 0.6 else "#1a1916"
    yield (
        f"<g><title>{leader} had {edge.families} first, {follower} followed,"
        f" {edge.median_lag_hours:g} h later"
        f' at the median</title><rect x="{x}" y="{y}" width="{CELL - 1}" height="{CELL - 1}" fill="#1d4f7c"'
        f' fill-opacity="{0.1 + 0.9 * share:.2f}"/>'
        f'<text x="{x + CELL // 2}" y="{y + 17}" text-anchor="middle" fill="{ink}">{edge.families}</text></g>'
    )
