"""Alerts: quoted words that another report turned, and how sure that is.

    two wordings ─▶ items (items.py) ─▶ aligned ─▶ what stands in place of what ─▶ turns ─▶ alerts

Only what both print is compared, and only inside the marks: what one of them leaves out is an elision and
says nothing. A negation, number, name, certainty, amount or time is compared by value. A turn is told where
the words around it are the same: a sentence that was put in other words throughout, as by two translators,
turns nothing. An alert says that two prints differ, not which is right: its base is the better attested
wording, then the fuller, then the earlier.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice, product
from typing import NamedTuple

from openrace.diffusion.diff import compare
from openrace.diffusion.items import Item, encoded_items, items_of
from openrace.diffusion.meaning_words import (
    AMOUNTS_THAT_MATTER_ALONE,
    BELIEFS,
    CLAUSE_OPENERS,
    HEDGES,
    NEAR_CERTAINTIES,
    NEAR_CERTAINTIES_HAN,
    NEGATIVE_PREFIXES,
    OPPOSITES,
    TRANSLITERATING,
    TRANSPARENT,
)
from openrace.person_names import same_person
from openrace.scripts import has_han
from openrace.story import Alert, MeaningKind, WordChange
from openrace.wordings.align import Stretch, misspelt, similarity, stretches
from openrace.wordings.normalise import is_common, words

_SPELLING = frozenset(TRANSLITERATING)
MOST_BASES = 6  # a wording is compared with so many of the best attested ones
WINDOW = 12  # items on each side of a turn that must be the same for the most part
LEAST_AROUND = 3  # items around it that are the same
# How large a share of the items around must be the same for a turn to be told.
SURE = {
    "negation": 0.55,
    "opposite": 0.6,
    "number": 0.5,
    "name": 0.6,
    "modal": 0.7,
    "quantity": 0.7,
    "time": 0.65,
}
LONGEST_TURN = 7  # items on either side: what is longer is another sentence
HALF, SHORTEST_FOREIGN = 0.5, 3  # of the characters of two spellings of one name, and their number
REWORDED_WORDS, REWORDED_SHARE = 3, 0.2  # changed telling words, and their share of the words both sides have
_SENTENCE_END = re.compile(r"[.!?;…](?:\s|$)")
REWORDED_KEPT = 6  # words that both sides have, for one sentence to be the other put in other words


class Print(NamedTuple):
    """One wording as printed, the claims that print it, earliest first, and the outlets of these."""

    text: str
    claim_ids: tuple[str, ...]
    outlets: tuple[str, ...] = ()


class Turn(NamedTuple):
    """Words of the variant that say something else than those of the base in their place."""

    kind: MeaningKind
    lost: tuple[str, ...]
    gained: tuple[str, ...]
    sureness: float = 1.0


class Difference(NamedTuple):
    """What of the meaning two prints of one passage do not share."""

    what: tuple[MeaningKind, ...]
    lost: tuple[str, ...]
    gained: tuple[str, ...]
    changes: tuple[WordChange, ...]
    sureness: float


def difference(base: str, variant: str) -> Difference | None:
    """Return what `variant` turned in the passage it shares with `base`; None where that is nothing."""
    turns = _surest(list(_turns(base, variant))) or _reworded(base, variant)
    if not turns:
        return None
    return Difference(
        what=tuple(dict.fromkeys(turn.kind for turn in turns)),
        lost=tuple(word for turn in turns for word in turn.lost),
        gained=tuple(word for turn in turns for word in turn.gained),
        changes=compare(base, variant)[0],
        sureness=round(min(turn.sureness for turn in turns), 2),
    )


def _surest(turns: list[Turn]) -> list[Turn]:
    """Return the turns that are sure enough to be told, without those that another one takes back."""
    told = [turn for turn in turns if turn.sureness >= SURE[turn.kind]]
    return [turn for turn in told if not any(_takes_back(turn, other) for other in turns)]


def _takes_back(turn: Turn, other: Turn) -> bool:
    """Tell whether `turn` only moved a word: "we do not think it is" for "we think it is not"."""
    return turn.kind == other.kind and _bare(*turn[1:3]) == _bare(*reversed(other[1:3]))


def _bare(*sides: Sequence[str]) -> list[list[str]]:
    return [sorted(word.lower() for word in side) for side in sides]


class _Place(NamedTuple):
    """Items that stand in place of each other, and how much around them is the same."""

    base: Sequence[Item]
    variant: Sequence[Item]
    sureness: float
    is_cut: bool  # one of them ends here
    is_edge: bool  # it is before the first or after the last words that are the same


def _turns(base: str, variant: str) -> Iterator[Turn]:
    old, new = items_of(base), items_of(variant)
    cuts = _joined(stretches(encoded_items(base), encoded_items(variant)), old)
    for number, cut in enumerate(cuts):
        if cut.same:
            yield from _units(old[cut.a : cut.b], new[cut.c : cut.d])
            continue
        is_cut = number in (0, len(cuts) - 1) and not _is_swap(cut)
        is_edge = number in (0, len(cuts) - 1)
        place = _Place(*_beside(cuts, number, old, new), _sureness(cuts, number), is_cut, is_edge)
        if 0 < max(len(place.base), len(place.variant)) <= LONGEST_TURN and place.sureness:
            for turn in _turns_of(place, old, new):
                yield turn._replace(sureness=place.sureness)


def _joined(cuts: list[Stretch], old: Sequence[Item]) -> list[Stretch]:
    """Join two changes that one word without content parts."""
    merged = list(cuts)
    k = 1
    while k < len(merged) - 1:
        before, cut, after = merged[k - 1 : k + 2]
        small = cut.same and cut.b - cut.a == 1 and old[cut.a].kind == "word" and is_common(old[cut.a].key)
        if small and _is_swap(before) and _is_swap(after):
            merged[k - 1 : k + 2] = [Stretch(False, before.a, after.b, before.c, after.d)]
        else:
            k += 1
    return merged


def _is_swap(cut: Stretch) -> bool:
    return not cut.same and cut.a < cut.b and cut.c < cut.d


def _beside(
    cuts: list[Stretch], number: int, old: Sequence[Item], new: Sequence[Item]
) -> tuple[Sequence[Item], Sequence[Item]]:
    """Return the items on both sides of a change, within the sentence of the words around it.

    What is cut off before the first or after the last common words belongs to it only where both sides begin,
    or end, that sentence in other words, or where nothing but a negation and its verb is cut off.
    """
    cut = cuts[number]
    left, right = old[cut.a : cut.b], new[cut.c : cut.d]
    if number == 0 and len(cuts) > 1:
        left = [item for item in left if item.sentence == old[cut.b].sentence]
        right = [item for item in right if item.sentence == new[cut.d].sentence]
    elif number == len(cuts) - 1 and number:
        left = [item for item in left if item.sentence == old[cut.a - 1].sentence]
        right = [item for item in right if item.sentence == new[cut.c - 1].sentence]
    crosses = len({item.sentence for item in left}) > 1 or len({item.sentence for item in right}) > 1
    return ((), ()) if crosses else (left, right)


def _sureness(cuts: list[Stretch], number: int) -> float:
    """Return the share of the items around a change that are the same; 0 where these are too few."""
    same = other = 0.0
    for way in (range(number - 1, -1, -1), range(number + 1, len(cuts))):
        seen = 0
        for k in way:
            cut = cuts[k]
            size = cut.b - cut.a if cut.same else max(cut.b - cut.a, cut.d - cut.c)
            if not cut.same and k in (0, len(cuts) - 1) and not _is_swap(cut):
                break  # cut off
            size = min(size, WINDOW - seen)
            seen += size
            same, other = (same + size, other) if cut.same else (same, other + size)
            if seen >= WINDOW:
                break
    return same / (same + other) if same >= LEAST_AROUND else 0.0


def _units(old: Sequence[Item], new: Sequence[Item]) -> Iterator[Turn]:
    """Yield numbers that are alike but count something else: 5 days, 5 weeks."""
    for a, b in zip(old, new, strict=True):
        if a.quantity and b.quantity and a.quantity.measures_otherwise(b.quantity):
            yield Turn("number", (a.text,), (b.text,))


def _turns_of(place: _Place, old: Sequence[Item], new: Sequence[Item]) -> Iterator[Turn]:
    """Yield what was turned at one place; `old` and `new` are all items of both wordings."""
    found = [*_numbers(place, old, new), *_names(place, old, new), *_opposites(place)]
    if not any(turn.kind == "opposite" for turn in found):
        found += _negations(place)
    if not found:
        here = _without_moved(place, old, new)
        found += [*_amounts(here)] if place.is_cut else [*_certainties(here), *_amounts(here), *_times(here)]
    yield from found


def _without_moved(place: _Place, old: Sequence[Item], new: Sequence[Item]) -> _Place:
    """Return the place without what both wordings have as often: it only stands somewhere else."""
    counts = Counter(item.key for item in old), Counter(item.key for item in new)
    moved = {key for key, count in counts[0].items() if count == counts[1][key] and key[1:2] == " "}
    base, variant = ([i for i in side if i.key not in moved] for side in (place.base, place.variant))
    return place._replace(base=base, variant=variant)


def _of(kind: str, found: Sequence[Item]) -> list[Item]:
    return [item for item in found if item.kind == kind]


def _content(found: Sequence[Item], others: Sequence[Item]) -> list[Item]:
    """Return the words that tell something by themselves and that the other side lacks."""
    theirs = {item.key for item in others}
    return [
        item
        for item in found
        if item.kind in ("word", "name", "number", "time")
        and item.key not in theirs
        and (not is_common(item.key) or item.key in CLAUSE_OPENERS)
        and item.key not in TRANSPARENT
        and item.key not in ("t done", "t still")
    ]


def _texts(found: Sequence[Item]) -> tuple[str, ...]:
    return tuple(item.text for item in found)


def _numbers(place: _Place, old: Sequence[Item], new: Sequence[Item]) -> Iterator[Turn]:
    """Yield numbers in place of others: as many on both sides, none of which the other wording has."""
    sides = ((place.base, new), (place.variant, old))
    gone, come = (
        [item for item in _of("number", here) if item.text.lower() != "one" and not _has_number(other, item)]
        for here, other in sides
    )
    if gone and come and len(gone) == len(come):
        yield Turn("number", _texts(gone), _texts(come))


def _has_number(items: Sequence[Item], wanted: Item) -> bool:
    quantity = wanted.quantity
    return quantity is not None and any(item.quantity and quantity.agrees(item.quantity) for item in items)


def _names(place: _Place, old: Sequence[Item], new: Sequence[Item]) -> Iterator[Turn]:
    gone = [item for item in _of("name", place.base) if not _has_name(new, item)]
    come = [item for item in _of("name", place.variant) if not _has_name(old, item)]
    rest = len(_content(place.base, place.variant)) - len(gone)
    more = len(_content(place.variant, place.base)) - len(come)
    if gone and come and max(rest, more) <= 1 and not any(_one_name(a, b) for a, b in product(gone, come)):
        yield Turn("name", _texts(gone), _texts(come))
        return
    first, second = _han_name(place.base), _han_name(place.variant)
    if first and second and not _is_one_spelling(first, second):
        yield Turn("name", (first,), (second,))


def _han_name(found: Sequence[Item]) -> str:
    """Return the characters of items that spell a foreign name and nothing else; "" where they do not."""
    spelt = "".join(item.text for item in found)
    is_name = len(spelt) > 1 and all(item.kind == "word" for item in found) and set(spelt) <= _SPELLING
    return spelt if is_name else ""


def _has_name(items: Sequence[Item], wanted: Item) -> bool:
    return any(item.key == wanted.key or item.text.lower() == wanted.text.lower() for item in items)


def _one_name(a: Item, b: Item) -> bool:
    """Tell whether two names may be one: spelt otherwise, or one an acronym or a part of the other."""
    first, second = a.text.lower().replace(".", ""), b.text.lower().replace(".", "")
    short, long = sorted((first, second), key=len)
    is_acronym = short[0] == long[0] and a.text.isupper() != b.text.isupper()
    is_spelling = misspelt(first, second) or _is_one_spelling(first, second)
    return is_spelling or short in long or is_acronym or same_person(a.text, b.text) == "same"


def _is_one_spelling(a: str, b: str) -> bool:
    """Tell whether two names in Han characters may spell one foreign name: 阿尔特曼 and 奥特曼."""
    is_foreign = min(len(a), len(b)) >= SHORTEST_FOREIGN and has_han(a) and has_han(b)
    return is_foreign and similarity(a, b) >= HALF


def _opposites(place: _Place) -> Iterator[Turn]:
    """Yield a word in place of its opposite, where no negation makes the two say the same."""
    pairs = ((a, b) for a, b in product(place.base, place.variant) if _is_opposite(a, b))
    for a, b in islice(pairs, 1):
        left = [item for item in place.base if item is not a]
        right = [item for item in place.variant if item is not b]
        if (_parity(left) + _parity(right)) % 2:
            return
        if max(len(_content(left, right)), len(_content(right, left))) <= 1:
            yield Turn("opposite", (a.text,), (b.text,))


def _is_opposite(a: Item, b: Item) -> bool:
    for first, second in product(_forms(a), _forms(b)):
        short, long = sorted((first, second), key=len)
        if frozenset((first, second)) in OPPOSITES:
            return True
        if len(short) > 3 and long in {prefix + short for prefix in NEGATIVE_PREFIXES}:
            return True
    return False


def _forms(item: Item) -> set[str]:
    return {item.key, item.text.lower(), item.text.lower().removesuffix("s")}


def _parity(found: Sequence[Item]) -> int:
    return sum(item.kind in ("negation", "negative verb") for item in found)


def _negations(place: _Place) -> Iterator[Turn]:
    """Yield a negation that came or went, alone or with a verb of no content."""
    if (_parity(place.base) + _parity(place.variant)) % 2 == 0:
        return
    if any(item.key in ("¬ soft", "q minority") for item in (*place.base, *place.variant)):
        return
    if any(_is_opposite(a, b) for a, b in product(place.base, place.variant)):
        return
    gone, come = _content(place.base, place.variant), _content(place.variant, place.base)
    if place.base and place.variant:
        if max(len(gone), len(come)) > 1:
            return
    elif gone or come or (place.is_edge and not _is_belief([*place.base, *place.variant])):
        return
    lost, gained = (
        _of("negation", side) + _of("negative verb", side) for side in (place.base, place.variant)
    )
    yield Turn("negation", _texts(lost), _texts(gained))


def _is_belief(cut: Sequence[Item]) -> bool:
    """Tell whether what is cut off says no more than that the speaker does not believe the rest."""
    keys = [item.key for item in cut if item.kind == "word"]
    return any(key in BELIEFS for key in keys) and all(key in TRANSPARENT for key in keys)


def _certainties(place: _Place) -> Iterator[Turn]:
    """Yield another degree of certainty or duty, or a doubt that came or went."""
    gone, come = ({i.key for i in _of("certainty", side)} for side in (place.base, place.variant))
    lost, gained = (_of("certainty", side) for side in (place.base, place.variant))
    if gone == come or not _little_else(place):
        return
    classes = frozenset(key[2:] for key in gone ^ come)
    is_chinese = any(has_han(item.text) for item in lost + gained)
    if classes in NEAR_CERTAINTIES or (is_chinese and classes in NEAR_CERTAINTIES_HAN):
        return
    if (gone and come) or classes & {"possible", "obliged"}:
        yield Turn("modal", _texts(lost), _texts(gained))


def _little_else(place: _Place) -> bool:
    return max(len(_content(place.base, place.variant)), len(_content(place.variant, place.base))) <= 1 and (
        bool(place.base and place.variant) or not _content(place.base or place.variant, ())
    )


def _amounts(place: _Place) -> Iterator[Turn]:
    lost, gained = _of("amount", place.base), _of("amount", place.variant)
    gone, come = {i.key[2:] for i in lost}, {i.key[2:] for i in gained}
    if gone == come or not _little_else(place):
        return
    alone = not place.base or not place.variant
    if (gone and come) or (alone and (gone | come) & AMOUNTS_THAT_MATTER_ALONE):
        yield Turn("quantity", _texts(lost), _texts(gained))


def _times(place: _Place) -> Iterator[Turn]:
    """Yield another day, month, season or order in time, in place of one of its kind."""
    lost, gained = _of("time", place.base), _of("time", place.variant)
    for a, b in product(lost, gained):
        if a.key != b.key and a.key.split()[1] == b.key.split()[1]:
            yield Turn("time", (a.text,), (b.text,))
            return
    ahead, done = (
        [i for i in side if i.key in ("m certain", "t done")] for side in (place.base, place.variant)
    )
    if ahead and done and {i.key for i in ahead}.isdisjoint(i.key for i in done) and _little_else(place):
        yield Turn("time", _texts(ahead), _texts(done))


def _reworded(base: str, variant: str) -> list[Turn]:
    """Return whether so many telling words were swapped that these are no longer the speaker's words.

    Not in Chinese: nearly all such prints there are two translations of one sentence.
    """
    if has_han(base) or has_han(variant):
        return []
    inner = _between_common_words(compare(base, variant)[0])
    swapped = [c for c in inner if c.op == "changed" and "[" not in c.variant]
    before = [w for c in swapped for w in words(c.base) if not is_common(w)]
    after = [w for c in swapped for w in words(c.variant) if not is_common(w)]
    gone, come = [w for w in before if w not in after], [w for w in after if w not in before]
    kept = sum(len(words(c.base)) for c in inner if c.op == "same")
    least = min(len(gone), len(come))
    if kept < REWORDED_KEPT or least < REWORDED_WORDS or least <= REWORDED_SHARE * kept:
        return []
    return [Turn("wording", tuple(gone), tuple(come))]


def _between_common_words(changes: Sequence[WordChange]) -> Sequence[WordChange]:
    """Return the changes from the first to the last two common words, if these are of one sentence."""
    common = [k for k, c in enumerate(changes) if c.op == "same" and len(c.base.split()) > 1]
    inner = changes[common[0] : common[-1] + 1] if common else ()
    sides = (" ".join(side.split()[:-1]) for c in inner if c.op != "same" for side in (c.base, c.variant))
    return () if any(_SENTENCE_END.search(side) for side in sides) else inner


def alerts(prints: Sequence[Print]) -> Iterator[Alert]:
    """Yield the alerts of one family; `prints` must come best attested first, and earlier before later."""
    for number, late in enumerate(prints):
        for base in prints[: min(number, MOST_BASES)]:
            if found := difference(base.text, late.text):
                yield Alert(
                    base_claim_id=base.claim_ids[0],
                    claim_ids=late.claim_ids,
                    note=_note(found, late.outlets),
                    **found._asdict(),
                )
                break


_WHY = {
    "negation": "it may say the opposite",
    "opposite": "it may say the opposite",
    "number": "another number",
    "name": "another name",
    "modal": "more or less certain",
    "quantity": "another amount",
    "time": "another time",
    "wording": "reworded, though in quotation marks",
}


def _note(found: Difference, outlets: Sequence[str]) -> str:
    """Return which words differ, in which outlet, and why that may matter, in one line."""
    if found.lost and found.gained:
        words_of = f"{_listed(found.gained)} in place of {_listed(found.lost)}"
    else:
        words_of = f"{_listed(found.lost)} left out" if found.lost else f"{_listed(found.gained)} added"
    where = f" in {_named(outlets)}" if outlets else ""
    return f"{words_of}{where}: {', '.join(dict.fromkeys(_WHY[kind] for kind in found.what))}"


def _named(outlets: Sequence[str]) -> str:
    several = list(dict.fromkeys(outlets))
    return several[0] if len(several) == 1 else f"{several[0]} and {len(several) - 1} more"


def _listed(found: Sequence[str]) -> str:
    return ", ".join(f"“{word}”" for word in found[:6]) + ("…" if len(found) > 6 else "")


def hedges(text: str) -> tuple[str, ...]:
    """Return the words in `text` by which a report softens what it tells."""
    return tuple(dict.fromkeys(w for w in words(text) if w in HEDGES))
