"""Families that changed → how they relate to the others: paraphrases, links, leads in time.

changed families ─▶ what their claims tell ─▶ the reports near in time by the same speakers ─▶ paraphrases
                 ─▶ what they quote inside ─▶ the families that share a run of words       ─▶ links
                 ─▶ when each outlet printed them ─▶ its leads over the others  ─▶ clocks that seem early

All three follow from the set of claims alone: worked out night by night for what changed, they are the same
as worked out at once.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from openrace.clustering.embedded_quotations import fingerprint, runs
from openrace.diffusion import clock_early, leads
from openrace.diffusion.paraphrase_index import LONGEST_DELAY, attach, paraphrase, reports_to_match, saying_of
from openrace.pipeline.isolation import FailedFamilies
from openrace.records import Saying
from openrace.store import change_log, claim_table, clock_table, night_state, relation_tables, transaction
from openrace.store.relation_tables import SayingChanges, Wordings

AT_ONCE = 500  # families


def relate_families(db: sqlite3.Connection) -> FailedFamilies:
    """Bring paraphrases, links and clocks up to date with the families that changed since the last time.

    Returns the families that a bug left as they were: they count as changed again in the next run.
    """
    failed = FailedFamilies()
    with transaction(db):
        changed = change_log.since(db, int(night_state.get_value(db, "related") or 0))
        batches = [changed[begin : begin + AT_ONCE] for begin in range(0, len(changed), AT_ONCE)]
        moved = [relation_tables.set_sayings(db, some, _sayings(db, some, failed)) for some in batches]
        for some in batches:
            _set_passages(db, some, failed)
        _attach(db, moved, set(changed), failed)
        for some in batches:
            _link(db, some, failed)
        _check_clocks(db, batches)
        night_state.set_value(db, "related", str(change_log.latest(db)))
        change_log.note_again(db, failed)
    return failed


def _check_clocks(db: sqlite3.Connection, batches: Iterable[Sequence[str]]) -> None:
    """Bring up to date whose clock seems early, for the outlets whose leads in these families changed.

    Only what the articles say goes into it, not what is doubted: the outcome follows from the set of claims.
    """
    changed: set[str] = set()
    for families in batches:
        found = clock_table.instants(db, families).items()
        now = ((outlet, family, hours) for family, at in found for outlet, hours in leads(at))
        changed |= clock_table.set_leads(db, families, now)
    for outlet in sorted(changed):
        clock_table.set_early(db, outlet, clock_early(clock_table.leads_of(db, outlet)))


def _sayings(db: sqlite3.Connection, families: Sequence[str], failed: FailedFamilies) -> Iterator[Saying]:
    family_of = relation_tables.members(db, families)
    for quote in claim_table.iter_quotes(db, only=tuple(family_of)) if family_of else ():
        family = family_of[quote.quote_id]
        saying = failed.attempt(family, partial(saying_of, quote, family))
        if saying:
            yield saying


def _set_passages(db: sqlite3.Connection, families: Sequence[str], failed: FailedFamilies) -> None:
    for family, said in relation_tables.wordings(db, families).items():
        inner = failed.attempt(family, partial(_all_runs, said.inner))
        if inner is not None:
            relation_tables.set_passages(db, family, inner)


def _all_runs(wordings: Iterable[str]) -> set[str]:
    return {run for words in wordings for run in runs(words)}


def _attach(
    db: sqlite3.Connection, moved: Sequence[SayingChanges], families: set[str], failed: FailedFamilies
) -> None:
    """Attach anew what is near to the sayings of these families that `moved`."""
    attached = relation_tables.attached(db, families)
    gone = {claim for some in moved for claim in some.gone}
    relation_tables.detach(db, gone.difference(*(some.new for some in moved)))
    days: defaultdict[str, set[int]] = defaultdict(set)
    for speaker, day in {place for some in moved for place in some.days}:
        days[speaker].add(day)
    for speaker, found in sorted(days.items()):
        said = relation_tables.reports_near(db, speaker, sorted(found), LONGEST_DELAY)
        reports = list(reports_to_match(said, families, attached))
        if reports:
            _attach_each(db, speaker, reports, failed)


def _attach_each(
    db: sqlite3.Connection, speaker: str, reports: Sequence[Saying], failed: FailedFamilies
) -> None:
    days = sorted({report.day for report in reports})
    found = list(attach(reports, relation_tables.quoted_near(db, speaker, days, LONGEST_DELAY)))
    relation_tables.detach(db, (report.claim for report, quoted in found if quoted is None))
    texts = relation_tables.texts(db, (report.claim for report, quoted in found if quoted))
    for report, quoted in found:
        if quoted:
            make = partial(paraphrase, report, texts[report.claim], quoted)
            if made := failed.attempt(quoted.family, make):
                relation_tables.attach(db, quoted.family, made)


def _link(db: sqlite3.Connection, families: Sequence[str], failed: FailedFamilies) -> None:
    for family, said in relation_tables.wordings(db, families).items():
        linked = failed.attempt(family, partial(_linked, db, said))
        if linked is not None:
            relation_tables.link(db, family, linked - {family})


def _linked(db: sqlite3.Connection, said: Wordings) -> set[str]:
    """Return the families that quote these words inside their own, or whose words are quoted in these."""
    linked = relation_tables.quoting(db, _all_runs(said.words))
    for run in _all_runs(said.inner):
        linked |= relation_tables.saying_run(db, run, fingerprint(run))
    return linked
