"""Alerts between an English and a Chinese print that are surely of one utterance, told of the translation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from openrace.diffusion.changes_across import changes_across
from openrace.diffusion.meaning_changes import MeaningChange
from openrace.diffusion.timeline import PrintedClaim
from openrace.diffusion.translation import translations
from openrace.scripts import has_han
from openrace.story import Alert, WordChange, tell_difference

# A verb that denies or doubts may say what a negation says in the other language.
_WHATEVER_THE_VERB = frozenset(("number", "name", "time"))


class TranslatedPrint(NamedTuple):
    """A print of a family and the print in the other language that says the same best."""

    own: PrintedClaim
    other: PrintedClaim


def alerts_across(pairs: Sequence[TranslatedPrint]) -> Iterator[Alert]:
    """Yield the alerts of the prints that are translations of others; one for several with the same words."""
    found: dict[tuple[str, str], list[TranslatedPrint]] = {}
    for pair in pairs:
        if pair.own.claim.id in translations(pair) and _is_like_quoted(pair):
            found.setdefault((pair.own.wording, pair.other.wording), []).append(pair)
    for several in found.values():
        if changes := _changes(several[0]):
            yield _alert(several, changes)


def _is_like_quoted(pair: TranslatedPrint) -> bool:
    """Return whether both are wholly inside marks, or neither has any: no partial quotation."""
    return pair.own.claim.kind == pair.other.claim.kind != "mixed"


def _changes(pair: TranslatedPrint) -> list[MeaningChange]:
    english, chinese = sorted(pair, key=lambda shown: has_han(shown.claim.text))
    same_verb = english.claim.polarity == chinese.claim.polarity
    found = changes_across(english.claim.text, chinese.claim.text)
    return [change for change in found if same_verb or change.kind in _WHATEVER_THE_VERB]


def _alert(pairs: Sequence[TranslatedPrint], changes: Sequence[MeaningChange]) -> Alert:
    own, other = pairs[0]
    swap = not has_han(own.claim.text)  # the changes are those of the Chinese print
    lost = tuple(word for change in changes for word in (change.gained if swap else change.lost))
    gained = tuple(word for change in changes for word in (change.lost if swap else change.gained))
    what = tuple(dict.fromkeys(change.kind for change in changes))
    outlets = [outlet for pair in pairs if (outlet := pair.own.article.outlet)]
    words = (shown.claim.verbatim(shown.article) for shown in (other, own))
    return Alert(
        base_claim_id=other.claim.id,
        claim_ids=tuple(pair.own.claim.id for pair in pairs),
        what=what,
        lost=lost,
        gained=gained,
        changes=(WordChange(op="changed", base=next(words), variant=next(words)),),
        sureness=round(min(change.sureness for change in changes), 2),
        note=tell_difference(what, lost, gained, outlets),
    )
