"""What a changed place does to the meaning: a negation, an opposite, another number, name, certainty …

Everything is compared by value: "five" is 5, "unable to" is "cannot", "US" is "United States".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice, product
from typing import NamedTuple

from openrace.diffusion.changed_places import Place, changed_places, same_items
from openrace.diffusion.items import Item, items_of
from openrace.diffusion.meaning_words import (
    AMOUNTS_THAT_MATTER_ALONE,
    BELIEFS,
    CLAUSE_OPENERS,
    NEAR_CERTAINTIES,
    NEAR_CERTAINTIES_HAN,
    NEGATIVE_PREFIXES,
    OPPOSITES,
    TRANSLITERATING,
    TRANSPARENT,
)
from openrace.person_names import same_person
from openrace.scripts import has_han
from openrace.story import MeaningKind
from openrace.wordings.align import misspelt, similarity
from openrace.wordings.normalise import is_common

_SPELLING = frozenset(TRANSLITERATING)
SURE_OF_VERB = 0.75  # two translations of one sentence have "avoid" and "have a rest from"
HALF, SHORTEST_FOREIGN = 0.5, 3  # of the characters of two spellings of one name, and their number


class MeaningChange(NamedTuple):
    """Words of the variant that say something else than those of the base in their place."""

    kind: MeaningKind
    lost: tuple[str, ...]
    gained: tuple[str, ...]
    sureness: float = 1.0


def meaning_changes(base: str, variant: str) -> Iterator[MeaningChange]:
    """Yield what `variant` says otherwise than `base` in the passage that both print."""
    for a, b in same_items(base, variant):  # numbers that are alike but count something else: 5 days, 5 weeks
        if a.quantity and b.quantity and a.quantity.measures_otherwise(b.quantity):
            yield MeaningChange("number", (a.text,), (b.text,))
    old, new = items_of(base), items_of(variant)
    for place in changed_places(base, variant):
        for change in _changes_at(place, old, new):
            yield change._replace(sureness=place.sureness)


def _changes_at(place: Place, old: Sequence[Item], new: Sequence[Item]) -> Iterator[MeaningChange]:
    """Yield what was changed at one place; `old` and `new` are all items of both wordings."""
    if _is_spacing(place):
        return
    found = [*_numbers(place, old, new), *_names(place, old, new), *_opposites(place)]
    if not any(change.kind == "opposite" for change in found):
        found += _negations(place)
    if not found:
        here = _without_moved(place, old, new)
        found += [*_amounts(here)] if place.is_cut else [*_certainties(here), *_amounts(here), *_times(here)]
    yield from found


def _is_spacing(place: Place) -> bool:
    """Return whether only a blank came or went: "in central" printed as "incentral"."""
    base, variant = ("".join(_texts(side)).lower() for side in (place.base, place.variant))
    return base == variant


def _without_moved(place: Place, old: Sequence[Item], new: Sequence[Item]) -> Place:
    """Return the place without what both wordings have as often: it only stands somewhere else.

    Or what the other's whole sentence has as often: more words of one print may say it once more.
    """
    counts = Counter(item.key for item in old), Counter(item.key for item in new)
    moved = {key for key, count in counts[0].items() if count == counts[1][key] and key[1:2] == " "}
    here = [Counter(item.key for item in sentence) for sentence in place.sentences]

    def remaining(side: Sequence[Item], own: Counter[str], other: Counter[str]) -> list[Item]:
        has_enough = (i.kind == "certainty" and own[i.key] <= other[i.key] for i in side)
        return [i for i, has in zip(side, has_enough, strict=True) if i.key not in moved and not has]

    base, variant = remaining(place.base, *here), remaining(place.variant, *reversed(here))
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


def _numbers(place: Place, old: Sequence[Item], new: Sequence[Item]) -> Iterator[MeaningChange]:
    """Yield numbers in place of others: as many on both sides, none of which the other wording has."""
    sides = ((place.base, new), (place.variant, old))
    gone, come = (
        [item for item in _of("number", here) if item.text.lower() != "one" and not _has_number(other, item)]
        for here, other in sides
    )
    if gone and come and len(gone) == len(come):
        yield MeaningChange("number", _texts(gone), _texts(come))


def _has_number(items: Sequence[Item], wanted: Item) -> bool:
    quantity = wanted.quantity
    return quantity is not None and any(item.quantity and quantity.agrees(item.quantity) for item in items)


def _names(place: Place, old: Sequence[Item], new: Sequence[Item]) -> Iterator[MeaningChange]:
    gone = [item for item in _of("name", place.base) if not _has_name(new, item)]
    come = [item for item in _of("name", place.variant) if not _has_name(old, item)]
    rest = len(_content(place.base, place.variant)) - len(gone)
    more = len(_content(place.variant, place.base)) - len(come)
    if gone and come and max(rest, more) <= 1 and not any(_one_name(a, b) for a, b in product(gone, come)):
        yield MeaningChange("name", _texts(gone), _texts(come))
        return
    first, second = _han_name(place.base), _han_name(place.variant)
    if first and second and not _is_one_spelling(first, second):
        yield MeaningChange("name", (first,), (second,))


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
    if has_han(first) != has_han(second):
        return True  # which spelling in one script is which in the other is not known here
    short, long = sorted((first, second), key=len)
    is_acronym = short[0] == long[0] and a.text.isupper() != b.text.isupper()
    is_spelling = misspelt(first, second) or _is_one_spelling(first, second)
    return is_spelling or short in long or is_acronym or same_person(a.text, b.text) == "same"


def _is_one_spelling(a: str, b: str) -> bool:
    """Tell whether two names in Han characters may spell one foreign name: 阿尔特曼 and 奥特曼."""
    is_foreign = min(len(a), len(b)) >= SHORTEST_FOREIGN and has_han(a) and has_han(b)
    return is_foreign and similarity(a, b) >= HALF


def _opposites(place: Place) -> Iterator[MeaningChange]:
    """Yield a word in place of its opposite, where no negation makes the two say the same."""
    pairs = ((a, b) for a, b in product(place.base, place.variant) if _is_opposite(a, b))
    for a, b in islice(pairs, 1):
        left = [item for item in place.base if item is not a]
        right = [item for item in place.variant if item is not b]
        if (_parity(left) + _parity(right)) % 2:
            return
        if max(len(_content(left, right)), len(_content(right, left))) <= 1:
            yield MeaningChange("opposite", (a.text,), (b.text,))


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


def _negations(place: Place) -> Iterator[MeaningChange]:
    """Yield a negation that came or went, alone or with a verb of no content.

    Where both sentences negate as often, it only stands elsewhere: "did not … much", "had little … not".
    """
    if (_parity(place.base) + _parity(place.variant)) % 2 == 0:
        return
    base, variant = place.sentences
    if _parity(base) == _parity(variant):
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
    if place.sureness < SURE_OF_VERB and not _of("negation", [*place.base, *place.variant]):
        return
    lost, gained = (
        _of("negation", side) + _of("negative verb", side) for side in (place.base, place.variant)
    )
    yield MeaningChange("negation", _texts(lost), _texts(gained))


def _is_belief(cut: Sequence[Item]) -> bool:
    """Tell whether what is cut off says no more than that the speaker does not believe the rest."""
    keys = [item.key for item in cut if item.kind == "word"]
    return any(key in BELIEFS for key in keys) and all(key in TRANSPARENT for key in keys)


def _certainties(place: Place) -> Iterator[MeaningChange]:
    """Yield another degree of certainty or duty, or a doubt that came or went."""
    gone, come = ({i.key for i in _of("certainty", side)} for side in (place.base, place.variant))
    lost, gained = (_of("certainty", side) for side in (place.base, place.variant))
    if gone == come or not _little_else(place):
        return
    classes = frozenset(key[2:] for key in gone ^ come)
    is_chinese = any(has_han(item.text) for item in lost + gained)
    if classes in NEAR_CERTAINTIES or (is_chinese and classes in NEAR_CERTAINTIES_HAN):
        return
    if place.is_edge and (_content(place.base, place.variant) or _content(place.variant, place.base)):
        return  # "but probably a tariff", "mostly tariffs": two beginnings
    if (gone and come) or classes & {"possible", "obliged"}:
        yield MeaningChange("modal", _texts(lost), _texts(gained))


def _little_else(place: Place) -> bool:
    return max(len(_content(place.base, place.variant)), len(_content(place.variant, place.base))) <= 1 and (
        bool(place.base and place.variant) or not _content(place.base or place.variant, ())
    )


def _amounts(place: Place) -> Iterator[MeaningChange]:
    lost, gained = _of("amount", place.base), _of("amount", place.variant)
    gone, come = {i.key[2:] for i in lost}, {i.key[2:] for i in gained}
    if gone == come or not _little_else(place):
        return
    alone = not place.base or not place.variant
    if (gone and come) or (alone and (gone | come) & AMOUNTS_THAT_MATTER_ALONE):
        yield MeaningChange("quantity", _texts(lost), _texts(gained))


def _times(place: Place) -> Iterator[MeaningChange]:
    """Yield another day, month, season or order in time, in place of one of its kind."""
    lost, gained = _of("time", place.base), _of("time", place.variant)
    for a, b in product(lost, gained):
        if a.key != b.key and a.key.split()[1] == b.key.split()[1]:
            yield MeaningChange("time", (a.text,), (b.text,))
            return
    ahead, done = (
        [i for i in side if i.key in ("m certain", "t done")] for side in (place.base, place.variant)
    )
    if ahead and done and {i.key for i in ahead}.isdisjoint(i.key for i in done) and _little_else(place):
        yield MeaningChange("time", _texts(ahead), _texts(done))
