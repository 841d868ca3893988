"""Families that changed → how they hang together with the others: paraphrases and links.

changed families ─▶ what their claims tell ─▶ the reports near in time by the same speakers ─▶ paraphrases
                 ─▶ what they quote inside ─▶ the families that share a run of words       ─▶ links

Both follow from the set of claims alone: worked out night by night for what changed, they are the same as
worked out at once.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence

from openrace.diffusion.paraphrases import LONGEST_DELAY, attach, paraphrase, saying_of, unsettled
from openrace.diffusion.passages import anchor, runs
from openrace.records import Saying
from openrace.store import changes, claims, relations, state, transaction
from openrace.store.relations import Moved

AT_ONCE = 500  # families


def relate_families(db: sqlite3.Connection) -> None:
    """Bring paraphrases and links up to date with the families that changed since the last time."""
    with transaction(db):
        changed = changes.since(db, int(state.recall(db, "related") or 0))
        moved = Moved(set(), set())
        for begin in range(0, len(changed), AT_ONCE):
            some = changed[begin : begin + AT_ONCE]
            for all_, these in zip(moved, relations.keep_sayings(db, some, _sayings(db, some)), strict=True):
                all_ |= these
            for family, said in relations.wordings(db, some).items():
                relations.keep_passages(db, family, {run for inner in said.inner for run in runs(inner)})
        _attach(db, moved, set(changed))
        for begin in range(0, len(changed), AT_ONCE):
            _link(db, changed[begin : begin + AT_ONCE])
        state.remember(db, "related", str(changes.latest(db)))


def _sayings(db: sqlite3.Connection, families: Sequence[str]) -> Iterator[Saying]:
    family_of = relations.members(db, families)
    quotes = claims.iter_quotes(db, only=tuple(family_of)) if family_of else ()
    found = (saying_of(quote, family_of[quote.quote_id]) for quote in quotes)
    return (saying for saying in found if saying)


def _attach(db: sqlite3.Connection, moved: Moved, families: set[str]) -> None:
    """Attach anew what is near to the sayings that `moved`, those of these families."""
    gone, new = ({saying.claim for saying in sayings if saying.reported} for sayings in moved)
    relations.detach(db, gone - new)
    days: defaultdict[str, set[int]] = defaultdict(set)
    for saying in moved.gone | moved.new:
        days[saying.speaker].add(saying.day)
    for speaker, found in sorted(days.items()):
        _attach_of(db, speaker, sorted(found), families)


def _attach_of(db: sqlite3.Connection, speaker: str, days: Sequence[int], families: set[str]) -> None:
    said = list(relations.reports_near(db, speaker, days, LONGEST_DELAY))
    kept = relations.attached(db, (saying.claim for saying in said if saying.reported))
    reports = list(unsettled(said, families, kept))
    if not reports:
        return
    around = sorted({report.day for report in reports})
    found = list(attach(reports, relations.quoted_near(db, speaker, around, LONGEST_DELAY)))
    relations.detach(db, (report.claim for report, quoted in found if quoted is None))
    texts = relations.texts(db, (report.claim for report, quoted in found if quoted))
    for report, quoted in found:
        if quoted:
            relations.attach(db, quoted.family, paraphrase(report, texts[report.claim], quoted))


def _link(db: sqlite3.Connection, families: Sequence[str]) -> None:
    for family, said in relations.wordings(db, families).items():
        linked = relations.quoting(db, {run for words in said.words for run in runs(words)})
        for run in {run for inner in said.inner for run in runs(inner)}:
            linked |= relations.saying_run(db, run, anchor(run))
        relations.link(db, family, linked - {family})
