"""What the index knows of outlets: what they had first, what they carried later, whom they quote."""

from __future__ import annotations

from collections import defaultdict
from statistics import median
from typing import NamedTuple

from openrace.site.family_line import FamilyLine
from openrace.site.index_reader import IndexReader
from openrace.site.name_lookup import OutletName, SpeakerName
from openrace.site.snapshot import FeedHealth

FOLLOWED = 1_000  # of what an outlet had first, so many of the latest are looked at for who followed
GRAPH_DAYS = 90  # of which the page tells who followed whom; `openrace export graph` has all


class OutletCounts(NamedTuple):
    """Of an outlet: its reports, their families; those it had first, of all that others carried too."""

    reports: int
    families: int
    firsts: int
    shared: int


class CarriedLine(NamedTuple):
    """A family in an outlet: its line, when the outlet had it, and how many hours after the first."""

    line: FamilyLine
    at: str
    lag_hours: float | None


class OutletPair(NamedTuple):
    """Statements that outlet `first` surely had first and `later` surely printed later."""

    first: OutletName
    later: OutletName
    families: int
    copies: int  # of these, in an article that is nearly the text of an earlier one
    median_lag_hours: float

    @property
    def leader(self) -> str:
        """The domain of the outlet that had them first."""
        return self.first.domain

    @property
    def follower(self) -> str:
        """The domain of the other one."""
        return self.later.domain


class OutletQueries(IndexReader):
    """Questions about outlets."""

    def outlets(self) -> list[tuple[OutletName, OutletCounts]]:
        """Return every outlet that carried something, in order of name."""
        found = [self.names.outlet(domain) for domain in self.counters.every("outlets/", "report")]
        named = [(outlet, self.counts_of(outlet)) for outlet in found if outlet]
        return sorted(named, key=lambda pair: (pair[0].name.casefold(), pair[0].key))

    def counts_of(self, outlet: OutletName) -> OutletCounts:
        """Return how much `outlet` carried."""
        facets = ("report", "statement", "first", "shared")
        return OutletCounts(*(self.counters.number("outlets/", facet, outlet.domain) for facet in facets))

    def first_in(self, outlet: OutletName, most: int) -> list[CarriedLine]:
        """Return what `outlet` had first of what others carried too, most outlets first among the latest."""
        return self._carried(outlet, "r.first", most)

    def later_in(self, outlet: OutletName, most: int) -> list[CarriedLine]:
        """Return what `outlet` carried after another outlet had it, the same way."""
        own = "SELECT 1 FROM reports f WHERE f.family = r.family AND f.first AND f.outlet = r.outlet"
        return self._carried(outlet, f"r.shared AND r.lag > 0 AND NOT EXISTS ({own})", most)

    def _carried(self, outlet: OutletName, where: str, most: int) -> list[CarriedLine]:
        latest = (
            "SELECT r.family, r.at, r.lag FROM reports r JOIN outlets o ON o.key = r.outlet"
            " JOIN families f ON f.key = r.family"
            f" WHERE o.slug = ? AND {where} ORDER BY r.at DESC, f.id LIMIT 200"
        )
        rows = self.db.execute(
            f"SELECT l.family, min(l.at) AS at, l.lag FROM ({latest}) l JOIN families f ON f.key = l.family"
            " GROUP BY l.family ORDER BY f.independent DESC, f.day DESC, f.id LIMIT ?",
            (outlet.key, most),
        ).fetchall()
        lines = self.lines_of([row["family"] for row in rows])
        return [CarriedLine(line, row["at"], row["lag"]) for line, row in zip(lines, rows, strict=True)]

    def carried_by(self, outlet: OutletName, most: int) -> list[FamilyLine]:
        """Return the latest statements in `outlet`."""
        query = (
            "SELECT r.family FROM reports r JOIN outlets o ON o.key = r.outlet"
            " JOIN families f ON f.key = r.family WHERE o.slug = ? ORDER BY r.at DESC, f.id LIMIT ?"
        )
        keys = [row["family"] for row in self.db.execute(query, (outlet.key, 3 * most))]
        return self.lines_of(list(dict.fromkeys(keys))[:most])

    def followers_of(self, outlet: OutletName, most: int) -> list[tuple[OutletName, int]]:
        """Return who carried what `outlet` had first, and how many of its latest FOLLOWED such statements."""
        latest = (
            "SELECT r.family, r.outlet FROM reports r JOIN outlets o ON o.key = r.outlet"
            " JOIN families f ON f.key = r.family"
            " WHERE o.slug = ? AND r.first ORDER BY r.at DESC, f.id LIMIT ?"
        )
        rows = self.db.execute(
            f"SELECT o.slug, count(DISTINCT l.family) AS n FROM ({latest}) l"
            " JOIN reports r ON r.family = l.family AND r.outlet <> l.outlet"
            " JOIN outlets o ON o.key = r.outlet GROUP BY o.key ORDER BY n DESC, o.slug LIMIT ?",
            (outlet.key, FOLLOWED, most),
        ).fetchall()
        return [(found, row["n"]) for row in rows if (found := self.outlet(row["slug"]))]

    def median_lag_of(self, outlet: OutletName) -> float | None:
        """Return by how many hours half of the later reports in `outlet` came after the first anywhere."""
        query = "FROM reports r JOIN outlets o ON o.key = r.outlet WHERE o.slug = ? AND r.lag > 0"
        later = int(self.row(f"SELECT count(*) {query}", outlet.key)[0])
        row = self.row(f"SELECT r.lag {query} ORDER BY r.lag LIMIT 1 OFFSET ?", outlet.key, later // 2)
        return row["lag"] if row else None

    def outlet_pairs(self) -> list[OutletPair]:
        """Return who followed whom in the last `GRAPH_DAYS` days, most statements first."""
        lags: defaultdict[tuple[str, str], dict[int, tuple[float, int]]] = defaultdict(dict)
        for row in self.db.execute(
            "SELECT r.family, l.domain AS leader, o.domain AS follower, r.lag, r.copy FROM reports r"
            " JOIN reports f ON f.family = r.family AND f.first JOIN outlets l ON l.key = f.outlet"
            " JOIN outlets o ON o.key = r.outlet WHERE r.follows AND r.outlet <> f.outlet"
            " AND r.day >= date((SELECT max(day) FROM reports), ?) ORDER BY r.lag",
            (f"-{GRAPH_DAYS} days",),
        ):
            found = lags[row["leader"], row["follower"]]
            found.setdefault(row["family"], (row["lag"], row["copy"]))
        pairs = (self._pair(*outlets, list(found.values())) for outlets, found in lags.items())
        return sorted((pair for pair in pairs if pair), key=lambda it: (-it.families, it.leader, it.follower))

    def _pair(self, leader: str, follower: str, found: list[tuple[float, int]]) -> OutletPair | None:
        first, later = self.names.outlet(leader), self.names.outlet(follower)
        if first is None or later is None:
            return None
        lag = round(median(lag for lag, _ in found), 2)
        return OutletPair(first, later, len(found), sum(copy for _, copy in found), lag)

    def evidence_of(self, pair: OutletPair, most: int) -> list[CarriedLine]:
        """Return the latest statements that `pair.later` printed after `pair.first`."""
        rows = self.db.execute(
            "SELECT r.family, max(r.at) AS at, min(r.lag) AS lag FROM reports r"
            " JOIN outlets o ON o.key = r.outlet JOIN reports f ON f.family = r.family AND f.first"
            " JOIN outlets l ON l.key = f.outlet JOIN families ON families.key = r.family"
            " WHERE r.follows AND o.slug = ? AND l.slug = ?"
            " GROUP BY r.family ORDER BY at DESC, families.id LIMIT ?",
            (pair.later.key, pair.first.key, most),
        ).fetchall()
        lines = self.lines_of([row["family"] for row in rows])
        return [CarriedLine(line, row["at"], row["lag"]) for line, row in zip(lines, rows, strict=True)]

    def corrected_in(self, outlet: OutletName) -> list[str]:
        """Return the families that `outlet` carried of which a person set something right."""
        query = (
            "SELECT 1 FROM families f JOIN reports r ON r.family = f.key JOIN outlets o ON o.key = r.outlet"
            " WHERE f.id = ? AND o.slug = ?"
        )
        return [family for family in self.names.corrections if self.row(query, family, outlet.key)]

    def speakers_in(self, outlet: OutletName, most: int) -> list[tuple[SpeakerName, int]]:
        """Return who is quoted most in `outlet`, with how many reports."""
        found = self.counters.most(f"outlets/{outlet.key}/", "speaker", most)
        return [(speaker, n) for key, n in found if (speaker := self.speaker(key))]

    def feeds_of(self, outlet: OutletName) -> list[FeedHealth]:
        """Return how the feeds of `outlet` are doing."""
        return [feed for feed in self.snapshot.feeds if feed.outlet == outlet.domain]

    def firsts(self, most: int) -> list[tuple[OutletName, int, int]]:
        """Return outlets by how often they had first what several carried, with how many such."""
        found = self.counters.most("outlets/", "first", most)
        named = [(outlet, n) for domain, n in found if (outlet := self.names.outlet(domain))]
        return [(outlet, n, self.counts_of(outlet).shared) for outlet, n in named]
