"""Alerts: quoted words that another report changed so that they say something else, and how sure that is.

    two wordings ─▶ items (items.py) ─▶ where they differ (changed_places.py) ─▶ what that changes
    (meaning_changes.py) ─▶ what of it is sure ─▶ alerts

Only what both print is compared, and only inside the marks: what one of them leaves out is an elision and
says nothing. A negation, number, name, certainty, amount or time is compared by value. A change is reported
where the words around it are the same: a sentence that was put in other words throughout, as by two
translators, changes nothing. An alert says that two prints differ, not which is right: its base is the better
attested wording, then the fuller, then the earlier.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import pairwise
from typing import NamedTuple

from openrace.diffusion.diff import compare
from openrace.diffusion.items import items_of
from openrace.diffusion.meaning_changes import MeaningChange, meaning_changes
from openrace.scripts import has_han
from openrace.story import Alert, MeaningKind, WordChange, tell_difference
from openrace.wordings.normalise import is_common, words

MOST_BASES = 6  # a wording is compared with so many of the best attested ones
# How large a share of the items around must be the same for a change to be reported.
SURE = {
    "negation": 0.55,
    "opposite": 0.6,
    "number": 0.5,
    "name": 0.6,
    "modal": 0.7,
    "quantity": 0.7,
    "time": 0.65,
}
REWORDED_WORDS, REWORDED_SHARE = 3, 0.2  # changed telling words, and their share of the words both sides have
_WORD = re.compile(r"\w+(?:[-’']\w+)*")
_SENTENCE_END = re.compile(r"[.!?;…](?:\s|$)")
REWORDED_KEPT = 6  # words that both sides have, for one sentence to be the other put in other words


class QuotedWording(NamedTuple):
    """One wording as quoted, the claims that print it, earliest first, and the outlets of these."""

    text: str
    claim_ids: tuple[str, ...]
    outlets: tuple[str, ...] = ()
    articles: frozenset[str] = frozenset()  # in which they are printed
    around: str = ""  # the reporter's words beside the marks


class Difference(NamedTuple):
    """What of the meaning two prints of one passage do not share."""

    what: tuple[MeaningKind, ...]
    lost: tuple[str, ...]
    gained: tuple[str, ...]
    changes: tuple[WordChange, ...]
    sureness: float


def difference(base: str, variant: str, but: Set[MeaningKind] = frozenset()) -> Difference | None:
    """Return what `variant` says otherwise in the passage it shares with `base`; None for nothing.

    Changes of the kinds `but` are passed over.
    """
    changed = [change for change in meaning_changes(base, variant) if change.kind not in but]
    found = _surest(changed) or _reworded(base, variant)
    if not found:
        return None
    return Difference(
        what=tuple(dict.fromkeys(change.kind for change in found)),
        lost=tuple(word for change in found for word in change.lost),
        gained=tuple(word for change in found for word in change.gained),
        changes=compare(base, variant)[0],
        sureness=round(min(change.sureness for change in found), 2),
    )


def _surest(found: list[MeaningChange]) -> list[MeaningChange]:
    """Return the changes that are sure enough to be reported, without those that another one takes back."""
    sure = [change for change in found if change.sureness >= SURE[change.kind]]
    return [change for change in sure if not any(_takes_back(change, other) for other in found)]


def _takes_back(change: MeaningChange, other: MeaningChange) -> bool:
    """Tell whether `change` only moved a word: "we do not think it is" for "we think it is not"."""
    if change.kind == other.kind == "negation":  # by another word: "not … and not", "not … nor"
        counts = [len(side) for side in (change.lost, change.gained, other.gained, other.lost)]
        return change is not other and counts[:2] == counts[2:]
    return change.kind == other.kind and _bare(*change[1:3]) == _bare(*reversed(other[1:3]))


def _bare(*sides: Sequence[str]) -> list[list[str]]:
    return [sorted(word.lower() for word in side) for side in sides]


def _reworded(base: str, variant: str) -> list[MeaningChange]:
    """Return whether so many telling words were swapped that these are no longer the speaker's words.

    Not in Chinese: nearly all such prints there are two translations of one sentence.
    """
    if has_han(base) or has_han(variant):
        return []
    inner = _between_common_words(compare(base, variant)[0])
    swapped = [
        c
        for before, c in pairwise(inner)
        if c.op == "changed" and "[" not in c.variant and not _ends_sentence(before)
    ]
    before = [w for c in swapped for w in words(c.base) if not is_common(w)]
    after = [w for c in swapped for w in words(c.variant) if not is_common(w)]
    gone, come = [w for w in before if w not in after], [w for w in after if w not in before]
    kept = sum(len(words(c.base)) for c in inner if c.op == "same")
    least = min(len(gone), len(come))
    if kept < REWORDED_KEPT or least < REWORDED_WORDS or least <= REWORDED_SHARE * kept:
        return []
    lost, gained = (c.base for c in swapped), (c.variant for c in swapped)
    return [MeaningChange("wording", _printed(lost, gone), _printed(gained, come))]


def _ends_sentence(change: WordChange) -> bool:
    return bool(_SENTENCE_END.search(f"{change.base[-1:]} {change.variant[-1:]} "))


def _printed(texts: Iterable[str], wanted: Sequence[str]) -> tuple[str, ...]:
    """Return the words of `texts` as they are printed that stand for one of the words `wanted`."""
    return tuple(word for text in texts for word in _WORD.findall(text) if set(words(word)) & set(wanted))


def _between_common_words(changes: Sequence[WordChange]) -> Sequence[WordChange]:
    """Return the changes from the first to the last two common words, if these are of one sentence."""
    common = [k for k, c in enumerate(changes) if c.op == "same" and len(c.base.split()) > 1]
    inner = changes[common[0] : common[-1] + 1] if common else ()
    sides = (" ".join(side.split()[:-1]) for c in inner if c.op != "same" for side in (c.base, c.variant))
    return () if any(_SENTENCE_END.search(side) for side in sides) else inner


def alerts(prints: Sequence[QuotedWording]) -> Iterator[Alert]:
    """Yield the alerts of one family; `prints` must come best attested first, and earlier before later."""
    for number, late in enumerate(prints):
        for base in prints[: min(number, MOST_BASES)]:
            if found := difference(base.text, late.text, _ignored_kinds(base, late)):
                yield Alert(
                    base_claim_id=base.claim_ids[0],
                    claim_ids=late.claim_ids,
                    note=tell_difference(found.what, found.lost, found.gained, late.outlets),
                    **found._asdict(),
                )
                break


def _ignored_kinds(base: QuotedWording, late: QuotedWording) -> frozenset[MeaningKind]:
    """Return the kinds of change that change nothing between these two.

    A negation or a "may" that one has outside the marks; other figures and names where one article prints
    both, which then are two statements.
    """
    found = {item.kind for wording in (base, late) for item in items_of(wording.around)}
    kinds = {kind for kind, items in _ITEMS_OUTSIDE_MARKS.items() if found & items}
    return frozenset(kinds | _TWO_STATEMENTS if base.articles & late.articles else kinds)


_ITEMS_OUTSIDE_MARKS: dict[MeaningKind, set[str]] = {
    "negation": {"negation", "soft negation", "negative verb"},
    "modal": {"certainty"},
    "quantity": {"amount"},
}
_TWO_STATEMENTS: frozenset[MeaningKind] = frozenset(["opposite", "number", "name", "time"])
