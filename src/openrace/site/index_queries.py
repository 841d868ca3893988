"""The catalogue in the orders that pages need: by day, week, month, speaker, outlet, topic and beat.

Lists of utterances are newest first (latest first report first, verbatim before told, those without a date
last) or by reach (most outlets first, then most countries, verbatim before told, then newest). They hold what
stands for an utterance (`Listed`): it is fetched only where it is shown.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from openrace.site.family_view import OutletName, Report, SpeakerName, Utterance, tell
from openrace.site.fragments import KEPT_IN_MIND, Deck, one_of
from openrace.site.list_rows import COLUMNS, Listed, Section, by_beat
from openrace.site.page_addresses import MONTH
from openrace.site.reader_text import component, ends_of, week_of
from openrace.site.site_index import Catalogue
from openrace.site.snapshot import FeedHealth

_LISTED = f"SELECT {COLUMNS} FROM utterances u"
_NEWEST = "ORDER BY u.day DESC, u.kind, u.key"
_REACH = "ORDER BY u.outlets DESC, u.countries DESC, u.kind, u.day DESC, u.key"


class SpeakerFile(NamedTuple):
    """A speaker, how many statements are theirs, and how many in each month (``2026-11``), earliest first."""

    speaker: SpeakerName
    total: int
    months: dict[str, int]


class OutletFile(NamedTuple):
    """An outlet and how many reports it brought."""

    outlet: OutletName
    total: int


class OutletCounts(NamedTuple):
    """Of an outlet: its reports, their utterances; those it had first, of all that others have too."""

    reports: int
    utterances: int
    firsts: int
    shared: int


class Almanac:
    """Questions to the catalogue of an edition."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._db, self._tallies, self.names = catalogue.db, catalogue.tallies, catalogue.names
        self._catalogue, self.edition = catalogue, catalogue.edition
        self._moved = {component(gone): (gone, kept) for gone, kept in self.edition.moved}
        self._listed = {speaker.key: speaker for speaker in self.names.speakers.values()}
        self.utterance = lru_cache(maxsize=KEPT_IN_MIND)(self._utterance)
        self.speaker = lru_cache(maxsize=KEPT_IN_MIND)(self._speaker)
        self.week = lru_cache(maxsize=2)(self._week)
        self.week_by_beat = lru_cache(maxsize=2)(self._week_by_beat)
        self.deck = Deck(catalogue.db)

    def _utterance(self, family: str) -> Utterance | None:
        """The utterance of `family`, None where there is none."""
        telling = self._catalogue.telling(family)
        return tell(telling, self.names) if telling else None

    def card(self, family: str, form: str, make: Callable[[Utterance], bytes]) -> bytes:
        """The card of a family in `form`, made where there is none."""
        body = self.deck.find(family, form)
        if body is None:
            utterance = self.utterance(family)
            body = make(utterance) if utterance else b""
            self.deck.add(family, form, body)
        return body

    def _all(self, query: str, *values: object) -> list[Listed]:
        """What `query` selects, in its order."""
        return [Listed(self, row) for row in self._db.execute(query, values).fetchall()]

    def _at_hand(self, listed: list[Listed]) -> list[Listed]:
        """These, all of which are to be shown."""
        self.deck.fetch(it.family for it in listed)
        return listed

    def _row(self, query: str, *values: object) -> sqlite3.Row:
        found: sqlite3.Row = self._db.execute(query, values).fetchone()
        return found

    def at_key(self, key: str) -> Utterance | None:
        """The utterance whose page is ``q/<key>/``."""
        named_so = "SELECT family FROM utterances WHERE family = ?1 AND key = ?1"
        else_named = "SELECT family FROM utterances WHERE key = ?1 AND key <> family"
        row = self._row(f"{named_so} UNION ALL {else_named}", key)
        return self.utterance(row["family"]) if row else None

    def moved_to(self, key: str) -> tuple[str, Utterance] | None:
        """The id that had the page ``q/<key>/`` before it was merged, and what it is part of now."""
        gone, kept = self._moved.get(key, ("", ""))
        target = self.utterance(kept)
        return (gone, target) if target else None

    def newest(self, most: int) -> list[Listed]:
        """The latest utterances."""
        return self._all(f"{_LISTED} {_NEWEST} LIMIT ?", most)

    def most_repeated(self, most: int) -> list[Listed]:
        """Those that most outlets brought, two at least."""
        return self._all(f"{_LISTED} WHERE u.outlets > 1 {_REACH} LIMIT ?", most)

    def undated(self, most: int) -> list[Listed]:
        """Those that no report dates."""
        return self._all(f"{_LISTED} WHERE day = '' {_NEWEST} LIMIT ?", most)

    def undated_in(self, week: str, most: int) -> list[Listed]:
        """Those of them that were first read in an ISO week, by reach."""
        where = "WHERE day = '' AND substr(seen, 1, 10) BETWEEN ? AND ?"
        return self._all(f"{_LISTED} {where} {_REACH} LIMIT ?", *ends_of(week), most)

    def on_topic(self, topic: str, most: int) -> list[Listed]:
        """The latest on a topic."""
        latest = "SELECT family FROM topics WHERE topic = ? ORDER BY day DESC, kind, key LIMIT ?"
        return self._all(f"{_LISTED} WHERE family IN ({latest}) {_NEWEST}", topic, most)

    def count_on_topic(self, topic: str) -> int:
        """How many utterances are on a topic."""
        return int(self._row("SELECT count(*) FROM topics WHERE topic = ?", topic)[0])

    @property
    def latest(self) -> str | None:
        """The last day on which anything was reported."""
        return self.day_before("9999")

    def day_before(self, day: str) -> str | None:
        """The last day before `day` with a report."""
        found: str | None = self._row("SELECT max(day) FROM reports WHERE day <> '' AND day < ?", day)[0]
        return found

    def day_after(self, day: str) -> str | None:
        """The first day after `day` with a report."""
        found: str | None = self._row("SELECT min(day) FROM reports WHERE day > ?", day)[0]
        return found

    def week_before(self, week: str) -> str | None:
        """The last ISO week before `week` with a report."""
        found = self.day_before(ends_of(week)[0])
        return week_of(found) if found else None

    def week_after(self, week: str) -> str | None:
        """The first ISO week after `week` with a report."""
        found = self.day_after(ends_of(week)[1])
        return week_of(found) if found else None

    def day(self, day: str) -> list[Listed]:
        """What was reported on a day: of several reports of an utterance on it, the earliest."""
        places = dict(
            self._db.execute(
                "SELECT family, min(place) FROM reports WHERE day = ? GROUP BY family", (day,)
            ).fetchall()
        )
        where = "WHERE family IN (SELECT family FROM reports WHERE day = ?)"
        rows = self._db.execute(f"{_LISTED} {where} {_NEWEST}", (day,)).fetchall()
        return [Listed(self, row, places[row["family"]]) for row in rows]

    def _week(self, week: str) -> list[Listed]:
        """What was reported in an ISO week, by reach: most outlets first, then most countries."""
        where = "WHERE family IN (SELECT family FROM reports WHERE day BETWEEN ? AND ?)"
        return self._all(f"{_LISTED} {where} {_REACH}", *ends_of(week))

    def _week_by_beat(self, week: str) -> list[Section]:
        """The same by beat."""
        return by_beat(self.week(week), self.edition.beats)

    def reports_in(self, week: str) -> tuple[int, list[OutletName]]:
        """How many reports there are in an ISO week, and of which outlets."""
        rows = self._db.execute(
            "SELECT domain, count(*) FROM reports WHERE day BETWEEN ? AND ? GROUP BY domain", ends_of(week)
        ).fetchall()
        outlets = (self.names.outlet(domain) for domain, _ in rows if domain)
        return sum(number for _, number in rows), [outlet for outlet in outlets if outlet]

    def days(self, first: str = "", last: str = "~") -> dict[str, int]:
        """Every day from `first` to `last` with a report and how many statements were reported on it."""
        every = self._tallies.every("archive/", "day")
        return {day: number for day, number in every.items() if first <= day <= last}

    def said_before(self, speaker: SpeakerName, day: str) -> bool:
        """Whether anything of `speaker` was reported before `day`."""
        query = "SELECT 1 FROM utterances WHERE speaker = ? AND day <> '' AND day < ? LIMIT 1"
        return self._row(query, speaker.key, day) is not None

    def _speaker(self, key: str) -> SpeakerName | None:
        """The speaker with this page; None where nothing of theirs is known."""
        names = self._tallies.most(f"people/{key}/", "name", 1)
        return self._named(key, names[0][0]) if names else None

    def _named(self, key: str, name: str) -> SpeakerName:
        return self._listed.get(key) or SpeakerName(key, name, None, None, known=False)

    def beats(self, key: str) -> tuple[str, ...]:
        """The beats that the speaker with this page is on; who is known by name only is on none."""
        listed = self._listed.get(key)
        return listed.beats if listed else ()

    def speakers(self, most: int) -> list[SpeakerFile]:
        """Those with most statements, in order of name."""
        found = self._tallies.most("people/", "statement", most)
        files = [SpeakerFile(s, n, self._months(s)) for key, n in found if (s := self.speaker(key))]
        return sorted(files, key=lambda file: name_order(file.speaker))

    def _months(self, speaker: SpeakerName) -> dict[str, int]:
        months: Counter[str] = Counter()
        for day, number in self.days_of(speaker).items():
            months[day[:7]] += number
        return months

    def count_speakers(self) -> int:
        """How many speakers have a page."""
        return self._tallies.values("people/", "statement")

    def statements_of(self, speaker: SpeakerName, most: int) -> list[Listed]:
        """The latest statements of `speaker`."""
        return self._at_hand(self._all(f"{_LISTED} WHERE u.speaker = ? {_NEWEST} LIMIT ?", speaker.key, most))

    def count_of(self, speaker: SpeakerName) -> int:
        """How many statements are of `speaker`."""
        return self._tallies.number("people/", "statement", speaker.key)

    def days_of(self, speaker: SpeakerName) -> dict[str, int]:
        """How many statements of `speaker` were first reported on which day, in order."""
        return self._tallies.every(f"people/{speaker.key}/", "day")

    def roles_of(self, speaker: SpeakerName, most: int) -> list[tuple[str, Report]]:
        """What articles call `speaker`, each with the earliest report that does, latest first."""
        report = "SELECT at || ' ' || family || ' ' || place FROM reports WHERE speaker = ? AND role = value"
        rows = self._db.execute(
            f"SELECT value AS role, ({report} ORDER BY at, family, place LIMIT 1) AS first FROM tallies"
            " WHERE page = ? AND facet = 'role' ORDER BY first DESC LIMIT ?",
            (speaker.key, f"people/{speaker.key}/", most),
        ).fetchall()
        found = [(row["role"], *row["first"].rsplit(" ", 2)[1:]) for row in rows]
        return [(role, it.all_reports[int(place)]) for role, f, place in found if (it := self.utterance(f))]

    def repeaters_of(self, speaker: SpeakerName, most: int) -> list[tuple[OutletName, int]]:
        """The outlets that brought most statements of `speaker`, with how many."""
        found = self._tallies.most(f"people/{speaker.key}/", "outlet", most)
        return [(outlet, n) for domain, n in found if (outlet := self.names.outlet(domain))]

    def outlet(self, key: str) -> OutletName | None:
        """The outlet with this page; None where it brought nothing."""
        row = self._row("SELECT domain FROM reports WHERE outlet = ? LIMIT 1", key)
        return self.names.outlet(row[0]) if row else None

    def outlets(self) -> list[OutletFile]:
        """Every outlet that brought something, in order of name."""
        found = self._tallies.every("outlets/", "report")
        files = [OutletFile(o, n) for domain, n in found.items() if (o := self.names.outlet(domain))]
        return sorted(files, key=lambda file: (file.outlet.name.casefold(), file.outlet.key))

    def brought_by(self, outlet: OutletName, most: int) -> list[Listed]:
        """The latest statements in `outlet`, each with its latest report there."""
        query = "SELECT family, place FROM reports WHERE outlet = ? ORDER BY at DESC, family, place"
        found: dict[str, int] = {}
        for family, place in self._db.execute(query, (outlet.key,)):
            found.setdefault(family, place)
            if len(found) == most:
                break
        listed = f"{_LISTED} WHERE family IN {one_of(found)}"
        rows = {row["family"]: row for row in self._db.execute(listed, [*found])}
        return self._at_hand([Listed(self, rows[family], place) for family, place in found.items()])

    def days_in(self, outlet: OutletName) -> dict[str, int]:
        """How many reports in `outlet` have which day, in order."""
        return self._tallies.every(f"outlets/{outlet.key}/", "day")

    def counts_of(self, outlet: OutletName) -> OutletCounts:
        """How much `outlet` brought."""
        facets = ("report", "statement", "first", "shared")
        return OutletCounts(*(self._tallies.number("outlets/", facet, outlet.domain) for facet in facets))

    def median_lag_of(self, outlet: OutletName) -> float | None:
        """Hours by which half of the later reports in `outlet` came after the first anywhere."""
        query = "FROM reports WHERE outlet = ? AND lag > 0"
        later = int(self._row(f"SELECT count(*) {query}", outlet.key)[0])
        row = self._row(f"SELECT lag {query} ORDER BY lag LIMIT 1 OFFSET ?", outlet.key, later // 2)
        return row[0] if row else None

    def speakers_in(self, outlet: OutletName, most: int) -> list[tuple[SpeakerName, int]]:
        """Who is quoted most in `outlet`, with how many reports."""
        found = self._tallies.most(f"outlets/{outlet.key}/", "speaker", most)
        return [(speaker, n) for key, n in found if (speaker := self.speaker(key))]

    def feeds_of(self, outlet: OutletName) -> list[FeedHealth]:
        """How the feeds of `outlet` are doing."""
        return [feed for feed in self.edition.feeds if feed.outlet == outlet.domain]

    def firsts(self, most: int) -> list[tuple[OutletName, int, int]]:
        """Outlets by how often they had first what several brought; how many of those they brought at all."""
        found = self._tallies.most("outlets/", "first", most)
        named = [(outlet, n) for domain, n in found if (outlet := self.names.outlet(domain))]
        return [(outlet, n, self.counts_of(outlet).shared) for outlet, n in named]

    def counts(self) -> dict[str, int]:
        """How much there is of everything."""
        return {
            "statements": int(self._row("SELECT count(*) FROM utterances")[0]),
            "reports": int(self._row("SELECT count(*) FROM reports")[0]),
            "speakers": self.count_speakers(),
            "outlets": self._tallies.values("outlets/", "report"),
        }

    def addresses(self) -> Iterator[str]:
        """The address of every page of an utterance, a speaker, an outlet, a day; and every month."""
        for query in (
            "SELECT 'q/' || key || '/' FROM utterances",
            "SELECT DISTINCT 'people/' || speaker || '/' FROM utterances WHERE speaker <> ''",
            "SELECT DISTINCT 'outlets/' || outlet || '/' FROM reports WHERE outlet <> ''",
            "SELECT DISTINCT 'day/' || day || '/' FROM reports WHERE day <> ''",
            f"SELECT DISTINCT '{MONTH}' || month FROM utterances",
            "SELECT DISTINCT 'sitemap/' || month FROM utterances",
        ):
            yield from (row[0] for row in self._db.execute(query).fetchall())


def name_order(speaker: SpeakerName) -> tuple[str, str]:
    """Sorts persons by the last word of their name, as an index does, and organisations by the first."""
    name = speaker.name.casefold()
    return (name if speaker.is_organisation else name.split()[-1] if name.split() else "", speaker.key)
