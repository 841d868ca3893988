"""Meaning: the changed words that matter, and the alerts that follow from them.

A print that cuts a quotation short is no misquotation; one that loses a "not", another number, name or
modal may be. An alert says only that two prints differ there and shows both: which is right, a reader must
find in the recording. The base of an alert is the better attested wording, then the fuller, then the earlier.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple

from openrace.diffusion.diff import compare
from openrace.story import Alert, MeaningKind, WordChange
from openrace.wordings.align import misspelt
from openrace.wordings.normalise import is_common, words

_NEGATIONS = "not no never none nothing nobody nor neither without hardly 不 没 無 无 未 非"
_MODALS = """will would shall should can could may might must probably possibly perhaps maybe likely
    reportedly allegedly apparently seemingly seem appear 可能 也许 应该 必须"""
_NUMBERS = """zero one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty
    hundred thousand million billion trillion half third quarter double dozen percent"""
_HEDGES = """may might could probably possibly perhaps maybe likely reportedly allegedly apparently
    seemingly seem appear suggest"""
NEGATIONS, MODALS = frozenset(_NEGATIONS.split()), frozenset(_MODALS.split())
NUMBERS, HEDGES = frozenset(_NUMBERS.split()), frozenset(_HEDGES.split())
_COUNTED = frozenset(("one", "third", "quarter"))  # these alone are mostly no numbers
_NAME = re.compile(r"(?<![.!?…:“\"‘'(]\s)(?<!^)(?<!\w)[A-Z][\w.]*[\w]")
_BRACKETED = re.compile(r"\[[^\[\]]*\]")
_OR_NOT = re.compile(r"\b(?:or not|not only|not just)\b", re.I)  # these negate nothing
_LAST_SENTENCE = re.compile(r"[^.!?;…]*$")
_FIRST_SENTENCE = re.compile(r"^[^.!?;…]*")
_GAP_AT_END, _GAP_AT_START = re.compile(r"(?:…|\.\s?\.\s?\.)\W*$"), re.compile(r"\W*(?:…|\.\s?\.\s?\.)")
_ENDS = tuple(".!?:…")
FEW_WORDS = 3
SHARED_PASSAGE = 0.3  # two prints that share less of the shorter one are not held against each other
_TITLE_SHARE = 0.6  # of words in capitals: a headline, where capitals tell no names
MOST_BASES = 6  # a wording is held against so many of the best attested ones
REWORDED_WORDS, REWORDED_SHARE = 3, 0.2  # changed telling words, and their share of the words both sides have


class Print(NamedTuple):
    """One wording as printed, and the claims that print it, earliest first."""

    text: str
    claim_ids: tuple[str, ...]


class Difference(NamedTuple):
    """What of the meaning two prints of one passage do not share."""

    what: tuple[MeaningKind, ...]
    lost: tuple[str, ...]
    gained: tuple[str, ...]
    changes: tuple[WordChange, ...]


def difference(base: str, variant: str) -> Difference | None:
    """What `variant` turned, within the passage it shares with `base`; None where nothing that matters."""
    changes = compare(base, variant)[0]
    inner = _shared_passage(changes)
    lost: dict[MeaningKind, list[str]] = {}
    gained: dict[MeaningKind, list[str]] = {}
    for place, (change, opens) in enumerate(zip(inner, _opening(inner), strict=True)):
        before, after = change.base, _BRACKETED.sub(" ", change.variant)
        if change.op == "same":
            continue
        if not after.strip():
            before = _elided(before)
        marked = change.op == "left_out" and _is_marked(inner, place)
        for kind, gone, new in _turned(before, after, opens):
            if marked and kind != "negation":
                continue
            lost.setdefault(kind, []).extend(gone)
            gained.setdefault(kind, []).extend(new)
    reworded = _reworded(inner)
    kinds = tuple(dict.fromkeys([*lost, *reworded]))
    if not kinds:
        return None
    if kinds == ("wording",):
        return Difference(kinds, *_swapped_words(inner), changes)
    return Difference(kinds, _flat(lost), _flat(gained), changes)


def _flat(found: dict[MeaningKind, list[str]]) -> tuple[str, ...]:
    return tuple(word for words_of in found.values() for word in words_of)


def _shared_passage(changes: Sequence[WordChange]) -> list[WordChange]:
    """`changes` within the sentences whose words both sides have: what is cut off is no change.

    They go from the first to the last stretch of two common words; where both sides begin or end their
    sentence in other words, these belong to it.
    """
    anchors = [i for i, c in enumerate(changes) if c.op == "same" and len(words(c.base)) > 1]
    kept = sum(len(words(changes[i].base)) for i in anchors)
    sizes = [(len(words(c.base)), len(words(c.variant))) for c in changes]
    shorter = min(map(sum, zip(*sizes, strict=True)), default=0)
    if not anchors or kept < max(FEW_WORDS, SHARED_PASSAGE * shorter):
        return []
    first, last = anchors[0], anchors[-1]
    inner = list(changes[first : last + 1])
    if first and (edge := _edge(changes[first - 1], _LAST_SENTENCE)):
        inner.insert(0, edge)
    if last + 1 < len(changes) and (edge := _edge(changes[last + 1], _FIRST_SENTENCE)):
        inner.append(edge)
    return inner


def _edge(change: WordChange, sentence: re.Pattern[str]) -> WordChange | None:
    sides = [
        found.group() if (found := sentence.search(side)) else "" for side in (change.base, change.variant)
    ]
    return (
        change.model_copy(update={"base": sides[0], "variant": sides[1]}) if all(map(words, sides)) else None
    )


def _elided(text: str) -> str:
    """Words left out within: a few may turn what remains, a longer clause leaves with its own meaning."""
    return text if len(text.split()) <= FEW_WORDS else ""


def _is_marked(inner: Sequence[WordChange], place: int) -> bool:
    """Whether the variant says with an ellipsis that it leaves something out here."""
    before, after = inner[max(place - 1, 0)].variant, inner[min(place + 1, len(inner) - 1)].variant
    return bool(_GAP_AT_END.search(before) or _GAP_AT_START.match(after))


def _opening(inner: Sequence[WordChange]) -> list[bool]:
    """For each change, whether it opens a sentence (a capital then makes no name)."""
    return [not i or before.base.endswith(_ENDS) for i, before in enumerate([*inner[:1], *inner[:-1]])]


def _turned(before: str, after: str, opens: bool) -> Iterator[tuple[MeaningKind, list[str], list[str]]]:
    """Each kind of telling word whose count differs between two stretches, with those lost and gained."""
    old, new = Counter(words(_OR_NOT.sub("", before))), Counter(words(_OR_NOT.sub("", after)))
    lists: tuple[tuple[MeaningKind, frozenset[str]], ...] = (("negation", NEGATIONS), ("modal", MODALS))
    for kind, members in lists:
        gone = [w for w in (old - new) if w in members]
        come = [w for w in (new - old) if w in members]
        if gone or come:
            yield kind, gone, come
    gone, come = _numbers(old - new), _numbers(new - old)
    if gone or come:
        yield "number", gone, come
    gone, come = _names(before, after, opens), _names(after, before, opens)
    if any(not misspelt(a.lower(), b.lower()) for a, b in product(gone, come)):
        yield "name", gone, come


def _numbers(counted: Counter[str]) -> list[str]:
    found = [w for w in counted if w[0].isdigit() or w in NUMBERS]
    return found if set(found) - _COUNTED else []


def _names(stretch: str, other: str, opens: bool) -> list[str]:
    """The names in a stretch of text that the stretch `other` lacks."""
    found = stretch.split()
    if len(found) > FEW_WORDS and sum(w[0].isupper() for w in found) > _TITLE_SHARE * len(found):
        return []
    theirs = set(words(other))
    names = _NAME.findall(stretch if opens else f"x {stretch}")
    return [w for w in names if w != "I" and set(words(w)) - theirs]


def _swapped_words(inner: Sequence[WordChange]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    swapped = [c for c in inner if c.op == "changed" and "[" not in c.variant]
    before = [w for c in swapped for w in words(c.base) if not is_common(w)]
    after = [w for c in swapped for w in words(c.variant) if not is_common(w)]
    return tuple(w for w in before if w not in after), tuple(w for w in after if w not in before)


def _reworded(inner: Sequence[WordChange]) -> tuple[MeaningKind, ...]:
    """Whether so many telling words were swapped that these are no longer the speaker's words."""
    gone, new = _swapped_words(inner)
    kept = sum(len(words(c.base)) for c in inner if c.op == "same")
    swapped = min(len(gone), len(new))
    return ("wording",) if swapped >= REWORDED_WORDS and swapped > REWORDED_SHARE * kept else ()


def alerts(prints: Sequence[Print]) -> Iterator[Alert]:
    """The alerts of one family; `prints` must come best attested first, and earlier before later."""
    for place, late in enumerate(prints):
        for base in prints[: min(place, MOST_BASES)]:
            if found := difference(base.text, late.text):
                yield Alert(
                    base_claim_id=base.claim_ids[0],
                    claim_ids=late.claim_ids,
                    note=_note(found),
                    **found._asdict(),
                )
                break


_TOLD = {"negation": "a negation", "number": "a number", "name": "a name", "modal": "a modal"}


def _note(found: Difference) -> str:
    if found.what == ("wording",):
        return f"reworded: {_listed(found.gained)} in place of {_listed(found.lost)}"
    what = " and ".join(_TOLD.get(kind, "the wording") for kind in found.what)
    sides = [f"lost {_listed(found.lost)}"] * bool(found.lost)
    sides += [f"gained {_listed(found.gained)}"] * bool(found.gained)
    return f"{what} differs: {', '.join(sides)}"


def _listed(found: Sequence[str]) -> str:
    return ", ".join(f"“{word}”" for word in found[:6]) + ("…" if len(found) > 6 else "")


def hedges(text: str) -> tuple[str, ...]:
    """The words in `text` by which a report softens what it tells."""
    return tuple(dict.fromkeys(w for w in words(text) if w in HEDGES))
