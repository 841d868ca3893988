"""openrace families: which utterances travelled, and `show` for one of them."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openrace.claim_wording import UNKNOWN_SPEAKER
from openrace.cli.console import (
    BOLD,
    DIM,
    RED,
    YELLOW,
    exit_if_failed,
    paint,
    printable,
    say,
    wants_colour,
)
from openrace.cli.typer_app import READING, AsJsonLines, Database, Limit, app, day_option
from openrace.dating import lag_is_certain
from openrace.links import clock_time
from openrace.plurals import many
from openrace.scripts import has_han
from openrace.store import open_store
from openrace.store.claim_search import wording_of

if TYPE_CHECKING:
    from openrace.pipeline.isolation import FailedFamilies
    from openrace.story import Alert, Appearance, FamilyStory, Original, Variant, WordChange

TRANSLATED = "worded differently in translation"
COUNTED = {"claims": "report", "outlets": "outlet", "variants": "wording"}
RISING_DAYS = 2  # of the newest article in the store: what was printed in them is rising


@app.command(rich_help_panel=READING)
def families(
    db: Database,
    since: Annotated[str | None, day_option("Only what was first reported on that day or later.")] = None,
    rising: Annotated[
        bool, typer.Option("--rising", help="Those of the last two days, most reported first.")
    ] = False,
    changed: Annotated[bool, typer.Option("--changed", help="Only those with an alert.")] = False,
    limit: Limit = 20,
    as_json: AsJsonLines = False,
) -> None:
    """List utterances by how often they were reported, with outlets and wordings."""
    from openrace.pipeline.isolation import FailedFamilies
    from openrace.store.family_table import list_families

    failed = FailedFamilies()
    store = open_store(db, readonly=True)
    days = RISING_DAYS if rising else None
    rows = list_families(store, since=since, days=days, limit=-1 if changed else limit)
    shown = 0
    for row in rows:
        notes = _alerts(store, row, failed) if changed else []
        if changed and not notes:
            continue
        line = wording_of(store, row["representative"]).line
        other = json.loads(row["same_utterance"])
        record = dict(row) | {"line": line, "same_utterance": other} | ({"alerts": notes} if changed else {})
        if as_json:
            sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")
        else:
            sys.stdout.write(_line(store, record, rising))
        shown += 1
        if shown == limit:
            break
    if not shown:
        say("no family matches" if changed or since or rising else "there are no families yet")
    exit_if_failed(failed.messages())


def _alerts(store: sqlite3.Connection, row: sqlite3.Row, failed: FailedFamilies) -> list[str]:
    from openrace.pipeline.family_stories import stories_of

    if row["claims"] < 2:
        return []
    notes = (alert.note for story in stories_of(store, [row["id"]], failed) for alert in story.alerts)
    return list(dict.fromkeys(notes))


def _line(store: sqlite3.Connection, record: dict[str, Any], rising: bool) -> str:
    colour = wants_colour(sys.stdout)
    who = paint(printable(str(record["speaker"] or UNKNOWN_SPEAKER)), BOLD, on=colour)
    first, last = str(record["first"] or "no date")[:10], str(record["last"] or "no date")[:10]
    when = first if first == last else f"{first} – {last}"
    counts = [many(record[name], what) for name, what in COUNTED.items()]
    if rising:
        counts.append(f"{record['recent']} in the last two days")
    facts = f"  {record['id']}  {when}  {', '.join(counts)}"
    alerts = record.get("alerts") or ()
    notes = "".join(paint(f"  ! {printable(n)}\n", RED, on=colour) for n in alerts)
    notes += "".join(f"{line}\n" for line in _other_languages(store, record["same_utterance"]))
    said = printable(wording_of(store, record["representative"]).shortened(160).line)
    return f"{who}  {said}\n{paint(facts, DIM, on=colour)}\n{notes}"


def describe_family(db: sqlite3.Connection, family_id: str, *, as_json: bool) -> str | None:
    """Return the story of a family as text (or its record as JSON); None for an unknown id."""
    from openrace.pipeline.family_stories import stories_of
    from openrace.pipeline.isolation import FailedFamilies

    failed = FailedFamilies()
    for story in stories_of(db, [family_id], failed):
        return story.model_dump_json() + "\n" if as_json else "\n".join(_story(db, story)) + "\n"
    exit_if_failed(failed.messages())
    return None


def _story(db: sqlite3.Connection, story: FamilyStory) -> Iterator[str]:
    from openrace.store.claim_table import get_claim

    colour = wants_colour(sys.stdout)
    shown = get_claim(db, story.family.representative)
    if shown is None:  # it is a member
        return
    who = story.family.speaker or " or ".join(story.family.disputed) or UNKNOWN_SPEAKER
    yield paint(printable(who), BOLD, on=colour)
    yield f"  {printable(wording_of(db, shown.id).line)}"
    yield paint(f"  family {story.family.id}", DIM, on=colour)
    yield ""
    if story.original:
        yield from _original(story.original, colour)
    outlets = {shown.claim_id: shown.outlet or "–" for shown in story.appearances}
    yield f"  {printable(story.first_words())}"
    yield from _timeline(story)
    yield from _variants(db, story.variants, colour)
    yield from dict.fromkeys(_alert(alert, outlets, colour) for alert in story.alerts)
    for paraphrase in story.paraphrases:
        claim = get_claim(db, paraphrase.claim_id)
        if claim:
            soft = f"; softened by {', '.join(paraphrase.softened)}" if paraphrase.softened else ""
            shares = f"(shares {', '.join(paraphrase.shared)}{soft})"
            yield f"  paraphrase  {claim.id}  {printable(wording_of(db, claim.id).line)}  {shares}"
    yield from (f"  quotes, or is quoted in, family {link}" for link in story.links)
    yield from _other_languages(db, story.family.same_utterance)


def _other_languages(db: sqlite3.Connection, families: Sequence[str]) -> Iterator[str]:
    """Yield how families in another language word the same utterance."""
    from openrace.store.family_table import family_rows

    for family, row in sorted(family_rows(db, families).items()):
        words = printable(wording_of(db, row["representative"]).line)
        yield f"  in {'Chinese' if has_han(words) else 'English'}: {words}  (family {family})"


def _original(original: Original, colour: bool) -> Iterator[str]:
    """Yield what was said in the recording, and what the reports made of it."""
    heard = "automatic captions of the recording" if original.automatic else "recording"
    when = f" at {clock_time(original.second)}" if original.second is not None else ""
    who = printable(original.speaker or UNKNOWN_SPEAKER)
    yield f"  in the {heard}{when}, {who}:"
    yield f"    {printable(original.before)[-80:]} {paint(printable(original.text), BOLD, on=colour)}"
    yield f"  {original.link or f'transcript {original.article_id}'}"
    for check in original.reports:
        if check.kinds:
            line = f"{check.claim_id}: {', '.join(check.kinds)}" + (f" ({check.note})" if check.note else "")
            yield (
                paint(f"  ! {printable(line)}", RED, on=colour) if check.flagged else f"  {printable(line)}"
            )
            yield f"    {_diff(check.changes, colour)}"
    yield ""


def _timeline(story: FamilyStory) -> Iterator[str]:
    for shown in story.appearances:
        when = (shown.when or "no date")[:16].replace("T", " ")
        lag = "first" if story.first == (shown.claim_id,) else _lag(shown)
        near = f"  most like {shown.nearest} ({shown.similarity:.0%})" if shown.nearest else ""
        wire = f"  copy of article {shown.wire_of}" if shown.wire_of else ""
        early = f"  its clock seems {shown.clock_early_hours:.0f} h early" if shown.clock_early_hours else ""
        yield f"  {when:<16}  {lag:<8}  {printable(shown.outlet or '–')}  {shown.claim_id}{early}{wire}{near}"


def _lag(shown: Appearance) -> str:
    """Return how long after the first it came, where that is certain."""
    hours = shown.lag_hours
    if hours is None:
        return ""
    if not lag_is_certain(hours, shown.lag_doubt_hours):
        return "same day" if abs(hours) < 24 else "?"
    about = "~" if shown.lag_doubt_hours > hours / 4 else ""
    return f"+{about}{hours:.0f} h" if hours < 48 else f"+{about}{hours / 24:.0f} d"


def _variants(db: sqlite3.Connection, variants: tuple[Variant, ...], colour: bool) -> Iterator[str]:
    yield ""
    for variant in variants:
        held = variant.to_representative
        labels = [*held.kinds, *[TRANSLATED] * held.translated] if held else []
        kinds = f"  [{', '.join(labels)}]" if labels else ""
        words = _diff(held.changes, colour) if held else printable(variant.text)
        printed = wording_of(db, variant.claim_ids[0])
        shown = f"“{words}”" if printed.quoted_words else words
        lead = f"{printable(printed.lead)} " if printed.lead else ""
        yield f"  ×{len(variant.claim_ids):<3} {lead}{shown}{kinds}"
    yield ""


def _diff(changes: tuple[WordChange, ...], colour: bool) -> str:
    """Return the variant's words; what it changed stands in {}, after what it stands for.

    A cut is shown as […].
    """
    parts = []
    for change in changes:
        base, variant = printable(change.base), printable(change.variant)
        if change.op == "same":
            parts.append(variant)
        elif change.op in ("left_out", "elided"):
            parts.append(paint("[…]", DIM, on=colour))
        else:
            parts.append(paint(f"{{{base} → {variant}}}" if base else f"{{+ {variant}}}", YELLOW, on=colour))
    return " ".join(parts)


def _alert(alert: Alert, outlets: dict[str, str], colour: bool) -> str:
    where = ", ".join(sorted({printable(outlets.get(claim_id, "–")) for claim_id in alert.claim_ids}))
    return paint(f"  ! {printable(alert.note)}", RED, on=colour) + f"  ({where})"
