"""What the index knows of speakers: statements, months, roles, who carried them; the index of people."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from openrace.site.family_line import FamilyLine
from openrace.site.index_reader import NEWEST, IndexReader
from openrace.site.invalidation import HAS_PAGE, UNDATED
from openrace.site.name_lookup import OutletName, SpeakerName


class Role(NamedTuple):
    """What articles call a speaker."""

    role: str
    reports: int
    first: str
    last: str
    outlet: OutletName | None  # the first that does
    article: str  # the slug of that report's article


class SpeakerQueries(IndexReader):
    """Questions about speakers."""

    def statements_of(self, key: str, month: str | None = None) -> list[FamilyLine]:
        """Return the statements of a speaker, newest first, or of a month (``0000-00``: no date)."""
        where, values = "f.speaker = ?", [key]
        if month == UNDATED:
            where += " AND f.day = ''"
        elif month:
            where, values = f"{where} AND f.day BETWEEN ? AND ?", [key, month, f"{month}~"]
        return self.lines(f"families f WHERE {where} {NEWEST}", *values)

    def on_topics(self, key: str) -> dict[str, list[FamilyLine]]:
        """Return the dated statements of a speaker on each topic (`TopicName.id`), earliest first."""
        rows = self.db.execute(
            "SELECT t.topic, f.key FROM families f JOIN topics t ON t.family = f.key"
            " WHERE f.speaker = ? AND f.day <> '' ORDER BY t.topic, f.at, f.id",
            (key,),
        ).fetchall()
        found: dict[str, list[int]] = defaultdict(list)
        for row in rows:
            found[row["topic"]].append(row["key"])
        return {topic: self.lines_of(keys) for topic, keys in found.items()}

    def months_of(self, key: str) -> dict[str, int]:
        """Return how many statements of a speaker were first reported in which month, latest first."""
        query = "SELECT substr(day, 1, 7) AS month, count(*) AS n FROM families WHERE speaker = ? GROUP BY 1"
        counts = {row["month"] or UNDATED: row["n"] for row in self.db.execute(query, (key,))}
        return dict(sorted(counts.items(), reverse=True))

    def roles_of(self, key: str) -> list[Role]:
        """Return what articles call a speaker, most reports first; capitals make no other role."""
        rows = self.db.execute(
            "SELECT r.role, r.at, r.day, o.slug, a.slug AS article"
            " FROM families f JOIN reports r ON r.family = f.key JOIN articles a ON a.key = r.article"
            " LEFT JOIN outlets o ON o.key = r.outlet WHERE f.speaker = ? AND r.role <> ''"
            " ORDER BY r.at = '', r.at, f.id, r.place",
            (key,),
        ).fetchall()
        found: dict[str, list[sqlite3.Row]] = defaultdict(list)
        for row in rows:
            found[row["role"].casefold()].append(row)
        roles = [
            Role(
                role=own[0]["role"],
                reports=len(own),
                first=own[0]["day"],
                last=max(r["day"] for r in own),
                outlet=self.outlet(own[0]["slug"]) if own[0]["slug"] else None,
                article=own[0]["article"],
            )
            for own in found.values()
        ]
        return sorted(roles, key=lambda role: (-role.reports, role.first, role.role))

    def carriers_of(self, key: str) -> list[tuple[OutletName, int, int]]:
        """Return the outlets that carried a speaker: how many reports, how many of them verbatim."""
        rows = self.db.execute(
            "SELECT o.slug, count(*) AS n, sum(r.kind = 0) AS direct FROM families f"
            " JOIN reports r ON r.family = f.key JOIN outlets o ON o.key = r.outlet"
            " WHERE f.speaker = ? GROUP BY o.key ORDER BY n DESC, o.slug",
            (key,),
        ).fetchall()
        return [(o, row["n"], row["direct"]) for row in rows if (o := self.outlet(row["slug"]))]

    def speakers_at(self, letter: str) -> list[tuple[SpeakerName, int]]:
        """Return the speakers with a page whose name begins with `letter`, in order of name."""
        rows = self.db.execute("SELECT slug FROM speakers WHERE letter = ?", (letter,)).fetchall()
        return self._in_order(row["slug"] for row in rows)

    def speakers_on(self, side: str) -> list[tuple[SpeakerName, int]]:
        """Return the speakers of a side with statements, in order of name."""
        return self._in_order(speaker.key for speaker in self._listed.values() if side in speaker.beats)

    def _in_order(self, keys: Iterable[str]) -> list[tuple[SpeakerName, int]]:
        found = [(s, self.count_of(k)) for k in keys if self.speaker_address(k) and (s := self.speaker(k))]
        return sorted(found, key=lambda pair: name_order(pair[0]))

    def letters(self) -> dict[str, int]:
        """Return the letters of the index of people, and how many with a page each has."""
        known = {key for key in self._listed if self.count_of(key)}
        rows = self.db.execute(
            "SELECT s.slug, s.letter, c.n FROM speakers s JOIN counters c"
            " ON c.page = 'people/' AND c.facet = 'statement' AND c.value = s.slug"
        )
        counts = Counter(row["letter"] for row in rows if row["n"] >= HAS_PAGE or row["slug"] in known)
        return dict(sorted(counts.items(), key=lambda pair: (len(pair[0]), pair[0])))

    def most_quoted(self, most: int) -> list[tuple[SpeakerName, int]]:
        """Return the speakers with most statements."""
        found = self.counters.most("people/", "statement", most)
        return [(speaker, n) for key, n in found if (speaker := self.speaker(key))]


def name_order(speaker: SpeakerName) -> tuple[str, str]:
    """Sort people by the last word of their name, as an index does, and organisations by the first."""
    name = speaker.name.casefold()
    return (name if speaker.is_organisation else name.split()[-1] if name.split() else "", speaker.key)
