"""Watches → matches → receivers.

families that changed ─▶ matches, each kept once with the deliveries it is for
deliveries            ─▶ mail, webhook: marked before they go out, and after
matches               ─▶ an Atom feed in the site's folder

A delivery that failed is tried again the next night; one that a kill interrupted is reported and not
sent again (at most once). The feed and the digest show its matches in any case.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from openrace.atomic_write import draft_of
from openrace.claim_wording import KIND_NAMES
from openrace.errors import ConfigError, OpenraceError
from openrace.links import is_web_address, link_to_words
from openrace.pipeline import Warn
from openrace.pipeline.family_stories import tell_families
from openrace.pipeline.isolation import FailedFamilies
from openrace.plurals import many
from openrace.records import normalise_when, stable_id
from openrace.store import change_log, claim_search, night_state, page_table, watch_tables
from openrace.store.database import transaction
from openrace.store.search_query import parse_query
from openrace.store.watch_tables import Delivery, FoundClaim
from openrace.user_files.secret_values import is_reference, read_secret
from openrace.user_files.seed_files import Seeds
from openrace.user_files.watch_file import MatchKind, SavedSearch, iter_watches
from openrace.watching.messages import MOST, Message, WatchMatch, as_mail, as_text, atom_feed, payload
from openrace.watching.receivers import DEADLINE, MailServer, post_json, send_mail

FEED_LENGTH = 100  # entries of a watch's feed
Candidate = tuple[
    MatchKind, list[str], FoundClaim, str | None
]  # kind, its subjects, the claim that shows it, note


class WatchPlan(NamedTuple):
    """What watches are run with."""

    file: Path
    site: Path | None  # None: no feeds are written
    seeds: Seeds
    now: str
    base_url: str | None = None
    environment: Mapping[str, str] = {}  # where secrets and the mail server are named
    deadline: float = DEADLINE  # seconds for one delivery


class WatchReport(NamedTuple):
    """How many matches are new, how many deliveries arrived, how many watches or deliveries failed."""

    found: int
    sent: int
    failed: int

    def __str__(self) -> str:
        parts = [many(self.found, "new match", "new matches"), f"{self.sent:,} sent"]
        return ", ".join(parts + [f"{self.failed:,} failed"] * bool(self.failed))


def run_watches(db: sqlite3.Connection, plan: WatchPlan, *, warn: Warn) -> WatchReport:
    """Find and deliver what is new for every watch; one that is not right costs itself alone."""
    watches, failed = _readable(plan.file, warn)
    found = 0
    for watch in watches:
        try:
            found += find_matches(db, watch, plan.seeds, plan.now)
            if watch.feed and plan.site:
                _write_feed(db, watch, plan.site, plan.base_url)
        except OpenraceError as error:
            failed += 1
            warn(str(error))
    sent, unsent = _deliver_all(db, {watch.name: watch for watch in watches}, plan, warn)
    return WatchReport(found, sent, failed + unsent)


def _readable(file: Path, warn: Warn) -> tuple[list[SavedSearch], int]:
    """Return the watches that are right, and how many are not."""
    watches: list[SavedSearch] = []
    failed = 0
    try:
        for watch in iter_watches(file):
            if isinstance(watch, ConfigError):
                failed += 1
                warn(str(watch))
            else:
                watches.append(watch)
    except ConfigError as error:
        failed += 1
        warn(str(error))
    return watches, failed


def query_of(watch: SavedSearch, seeds: Seeds, today: str) -> claim_search.ClaimQuery:
    """Return what a watch asks for. Raises ConfigError with the line of its file."""
    try:
        parsed = parse_query(watch.query, today)
        query = claim_search.ClaimQuery(
            words=parsed.words,
            since=parsed.since,
            until=parsed.until,
            filters=tuple(it for it in parsed.filters if it.field != "side"),
            persons=tuple(seeds.persons_on(it.values) for it in parsed.filters if it.field == "side"),
        )
        claim_search.matching(query)
    except ConfigError as error:
        problem = f"watch {watch.name}: {error.resource}: {error.problem}"
        raise ConfigError(watch.where, problem, error.remedy) from error
    return query


def find_matches(db: sqlite3.Connection, watch: SavedSearch, seeds: Seeds, now: str) -> int:
    """Keep what is new for a watch since it was last run, with its deliveries; how many matches."""
    query, name = query_of(watch, seeds, now), f"watch {watch.name}"
    asked = stable_id(watch.query, str(watch.since), *watch.of)
    with transaction(db):
        last, _, before = (night_state.get_value(db, name) or "").partition(" ")
        serial = change_log.latest(db)
        found = watch_tables.find_claims(db, query, changed_after=int(last) if before == asked else 0)
        failed = FailedFamilies()
        new = [
            _keep(db, watch, it, now)
            for it in _all_matches(db, watch, found, failed)
            if _is_new(db, watch, it)
        ]
        for channel in ("mail", "webhook"):
            if new and getattr(watch, channel):
                watch_tables.add_delivery(db, watch.name, channel, new, now)
        if not failed:
            night_state.set_value(db, name, f"{serial} {asked}")
    return len(new)


def _all_matches(
    db: sqlite3.Connection, watch: SavedSearch, found: Sequence[FoundClaim], failed: FailedFamilies
) -> Iterator[Candidate]:
    """Yield every match that these claims make, new or not."""
    fresh = [claim for claim in found if not watch.since or claim.added >= watch.since]
    families: defaultdict[str, list[FoundClaim]] = defaultdict(list)
    for claim in fresh:
        families[claim.family].append(claim)
    if "statement" in watch.of:
        yield from (("statement", [claim.claim], claim, None) for claim in fresh)
    if "family" in watch.of:
        for family, claims in families.items():
            yield "family", [family, *(claim.claim for claim in claims)], claims[0], None
    if "alert" in watch.of:
        yield from _alerts(db, watch, found, failed)
    if "change" in watch.of:
        yield from _changes(db, watch, found)


def _alerts(
    db: sqlite3.Connection, watch: SavedSearch, found: Sequence[FoundClaim], failed: FailedFamilies
) -> Iterator[Candidate]:
    """Yield prints that differ in meaning, of families with a claim that matches; one of them must be new."""
    for family in tell_families(db, dict.fromkeys(claim.family for claim in found), failed):
        for alert in family.story.alerts:
            ids = (*alert.claim_ids, alert.base_claim_id)
            prints = [claim for claim in (watch_tables.get_claim(db, it) for it in ids) if claim]
            if prints and any(not watch.since or claim.added >= watch.since for claim in prints):
                # one more print of the changed wording is no new alert, nor are two that change sides
                pair = stable_id(*sorted((alert.base_claim_id, alert.claim_ids[0])))
                yield "alert", [pair, *alert.claim_ids], prints[0], alert.note


def _changes(db: sqlite3.Connection, watch: SavedSearch, found: Sequence[FoundClaim]) -> Iterator[Candidate]:
    """Yield claims that match and whose quoted words are gone from the page since."""
    by_id = {claim.claim: claim for claim in found}
    for _, seen, gone in page_table.iter_gone(db):
        for claim_id in gone:
            if claim_id in by_id and (not watch.since or seen >= watch.since):
                note = f"not on the page any more when it was seen on {seen[:10]}"
                yield "change", [claim_id], by_id[claim_id], note


def _is_new(db: sqlite3.Connection, watch: SavedSearch, found: Candidate) -> bool:
    """Whether the watch has not matched any of its subjects before; note them in any case."""
    kind, subjects, *_ = found
    known = watch_tables.is_known(db, watch.name, kind, subjects)
    watch_tables.note_known(db, watch.name, kind, subjects)
    return not known


def _keep(db: sqlite3.Connection, watch: SavedSearch, found: Candidate, now: str) -> int:
    kind, _, claim, note = found
    record = match_of(db, kind, claim, note).model_dump_json()
    return watch_tables.add_match(db, watch.name, now, record)


def match_of(
    db: sqlite3.Connection, kind: MatchKind, claim: FoundClaim, note: str | None = None
) -> WatchMatch:
    """Return a match as its receivers get it."""
    (hit,) = claim_search.get_hits(db, [claim.key])
    linked = hit.url and is_web_address(hit.url)
    return WatchMatch(
        kind=kind,
        claim_id=claim.claim,
        family_id=claim.family,
        speaker=claim.speaker,
        line=hit.line,
        how=KIND_NAMES[hit.kind] + (f", {hit.polarity}" if hit.polarity != "asserted" else ""),
        outlet=claim.outlet or hit.outlet,
        published=hit.published,
        link=link_to_words(hit.url, hit.words) if hit.url and linked else None,
        page=f"a/{claim.article}/#s-{claim.claim}",
        note=note,
    )


def matches_of(db: sqlite3.Connection, ids: Iterable[int]) -> list[WatchMatch]:
    """Return matches that were kept."""
    return [WatchMatch.model_validate_json(record) for record in watch_tables.get_matches(db, ids)]


def watched_since_yesterday(db: sqlite3.Connection, file: Path, now: str, base_url: str | None) -> list[str]:
    """Return what watches found in the day before `now`, in plain text: what a daily digest tells once."""
    start = normalise_when(datetime.fromisoformat(now) - timedelta(days=1))
    lines: list[str] = []
    for watch in iter_watches(file):
        if isinstance(watch, ConfigError):
            continue
        for _, found, record in watch_tables.latest_matches(db, watch.name, MOST, start):
            if start < found <= now:
                lines.append(f"{watch.name}: {as_text(WatchMatch.model_validate_json(record), base_url)}")
    return lines


def _write_feed(db: sqlite3.Connection, watch: SavedSearch, site: Path, base_url: str | None) -> None:
    path = site / "watch" / f"{watch.name}.xml"
    rows = watch_tables.latest_matches(db, watch.name, FEED_LENGTH)
    entries = [(number, found, WatchMatch.model_validate_json(record)) for number, found, record in rows]
    path.parent.mkdir(parents=True, exist_ok=True)
    content = atom_feed(watch.name, entries, base_url)
    if not path.exists() or path.read_bytes() != content:
        with draft_of(path) as draft:
            draft.write_bytes(content)


def _deliver_all(
    db: sqlite3.Connection, watches: Mapping[str, SavedSearch], plan: WatchPlan, warn: Warn
) -> tuple[int, int]:
    """Deliver what waits; how many arrived, and how many did not or nobody knows."""
    sent = failed = 0
    for lost in watch_tables.note_interrupted(db):
        failed += 1
        warn(f"watch {lost.watch}: the last run was interrupted while it sent {lost.channel}; not sent again")
    for delivery in watch_tables.waiting(db):
        watch = watches.get(delivery.watch)
        if watch is None or not getattr(watch, delivery.channel):
            continue  # its watch, or the line with this receiver, is away or not right: it waits
        problem = _deliver(db, watch, delivery, plan)
        sent += problem is None
        failed += problem is not None
        if problem:
            warn(f"watch {watch.name}: {problem}")
    return sent, failed


def _deliver(
    db: sqlite3.Connection, watch: SavedSearch, delivery: Delivery, plan: WatchPlan
) -> OpenraceError | None:
    """Deliver once; what went wrong, which the next night tries again."""
    matches = matches_of(db, delivery.matches)
    message = Message(watch.name, delivery.key, plan.now, matches, plan.base_url)
    try:
        send = sender_of(watch, delivery.channel, plan)
        watch_tables.set_state(db, delivery.key, "sending")
        send(message)
    except OpenraceError as error:
        watch_tables.put_off(db, delivery.key, str(error), plan.now[:10])
        return error
    watch_tables.set_state(db, delivery.key, "sent")
    return None


def sender_of(watch: SavedSearch, channel: str, plan: WatchPlan) -> Callable[[Message], None]:
    """Return what sends a message to a receiver. Raises ConfigError where a secret is not to be had."""
    if channel == "mail":
        server, sender = mail_server(plan), plan.environment.get("OPENRACE_MAIL_FROM", "openrace@localhost")
        recipient = watch.mail or ""
        return lambda message: send_mail(
            server, as_mail(message, sender=sender, recipient=recipient), deadline=plan.deadline
        )
    address = _revealed(watch.webhook or "", plan)
    token = _revealed(watch.token, plan) if watch.token else None
    if not is_web_address(address):
        raise ConfigError(watch.webhook, "holds no web address", "write https://… there")
    return lambda message: post_json(
        address, payload(message, watch.template), key=message.key, token=token, deadline=plan.deadline
    )


def mail_server(plan: WatchPlan) -> MailServer:
    """Return the mail server that the environment names: the local one where it names none."""
    password = plan.environment.get("OPENRACE_SMTP_PASSWORD")
    if file := plan.environment.get("OPENRACE_SMTP_PASSWORD_FILE"):
        password = read_secret(f"file:{file}", plan.file.parent, plan.environment)
    return MailServer.parse(plan.environment.get("OPENRACE_SMTP", "smtp://localhost"), password)


def _revealed(text: str, plan: WatchPlan) -> str:
    return read_secret(text, plan.file.parent, plan.environment) if is_reference(text) else text
