"""The clocks of outlets: their leads over others on shared utterances, and whose clock seems early.

Written only where something differs, inside the transaction of whoever calls.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence

from openrace.store.row_lists import LISTED, listed, replace_rows


def instants(db: sqlite3.Connection, families: Sequence[str]) -> dict[str, dict[str, float]]:
    """Return by family the hour at which each outlet first printed it, where it stamps its articles."""
    rows = db.execute(
        "SELECT c.family, c.outlet, 24 * min(julianday(a.published)) AS hour"
        " FROM claims c JOIN articles a ON a.key = c.article"
        f" WHERE c.family IN {LISTED} AND c.hidden IS NULL AND c.outlet IS NOT NULL"
        " AND length(a.published) > 10 AND a.published_basis IS NOT 'doubtful' GROUP BY c.family, c.outlet",
        listed(families),
    )
    found: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for family, outlet, hour in rows:
        found[family][outlet] = hour
    return found


def set_leads(
    db: sqlite3.Connection, families: Sequence[str], leads: Iterable[tuple[str, str, float]]
) -> set[str]:
    """Make these (outlet, family, hours) all that is kept of these families; return outlets that changed."""
    rows = db.execute(
        f"SELECT outlet, family, hours FROM clock_leads WHERE family IN {LISTED}", listed(families)
    )
    before, now = set(map(tuple, rows)), set(leads)
    replace_rows(db, "clock_leads", ("outlet", "family", "hours"), before, now)
    return {outlet for outlet, *_ in before ^ now}


def leads_of(db: sqlite3.Connection, outlet: str) -> list[float]:
    """Return the leads of an outlet, in hours."""
    return [row[0] for row in db.execute("SELECT hours FROM clock_leads WHERE outlet = ?", (outlet,))]


def set_early(db: sqlite3.Connection, outlet: str, hours: float) -> None:
    """Keep that the clock of an outlet seems `hours` early; 0: it does not."""
    if not hours:
        db.execute("DELETE FROM early_clocks WHERE outlet = ?", (outlet,))
        return
    db.execute(
        "INSERT INTO early_clocks (outlet, hours) VALUES (?, ?) ON CONFLICT (outlet)"
        " DO UPDATE SET hours = excluded.hours WHERE hours IS NOT excluded.hours",
        (outlet, hours),
    )


def early_clocks(db: sqlite3.Connection) -> dict[str, float]:
    """Return by how many hours the clocks of these outlets seem early."""
    return {row["outlet"]: row["hours"] for row in db.execute("SELECT outlet, hours FROM early_clocks")}
