"""The index of the search: the same however it came to be, whole, and a night writes what it brings."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openrace.site import search_index
from openrace.site.index_queries import SiteQueries
from openrace.site.output_files import Folder
from openrace.site.page_addresses import FRONT
from openrace.site.search_index import ALPHABET, terms
from openrace.site.search_parts import SearchParts, update_segments
from openrace.site.site_index import FILE, SiteIndex, open_index
from openrace.site.snapshot import FamilyFacts
from site_editions import MadeSource, Whole, make_edition


def when(facts: FamilyFacts) -> str:
    return facts.story.appearances[0].when or ""


EDITION = make_edition(60, days=900, single=True)
FAMILIES = sorted(EDITION.facts().values(), key=when)


@pytest.fixture(autouse=True, scope="module")
def _cut_small() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search_index, "PER_SEGMENT", 2)
        patch.setattr(search_index, "PER_BLOCK", 3)
        yield


def publish(folder: Path, families: Sequence[FamilyFacts], gone: Sequence[str] = ()) -> None:
    """Apply these too, and make the parts of the search that are dirty then; no pages."""
    target, source = Folder(folder), GivenSource(families, gone)
    with closing(open_index(folder / FILE)) as db:
        index = SiteIndex(db)
        with index.transaction():
            index.apply(EDITION.bare(), source.changes(""), source)
        queries = SiteQueries(index, source)
        with index.transaction():
            update_segments(index, queries)
        target.begin(index)
        parts, dirty = SearchParts(index, queries, None, {}), index.dirty.next(100_000)
        with index.transaction():
            for address in dirty:
                if address.startswith("search/") and address not in FRONT:
                    target.put(db, address, parts.files(address))
            index.dirty.done(dirty)
        target.swap(index)


class GivenSource(MadeSource):
    """A source that gives these families as changed, and those that are gone."""

    def __init__(self, families: Sequence[FamilyFacts], gone: Sequence[str]) -> None:
        super().__init__(Whole(), [*(facts.story.family.id for facts in families), *gone])
        self._facts = {facts.story.family.id: facts for facts in families}


def index(folder: Path) -> dict[str, bytes]:
    """The scripts of the index by their path below search/."""
    found = folder / "search"
    return {path.relative_to(found).as_posix(): path.read_bytes() for path in found.rglob("*.js")}


def called(script: bytes) -> tuple[Any, Any]:
    """What a script of the index hands to the page."""
    arguments = script.decode().split("(", 1)[1].rstrip().removesuffix(")")
    return tuple(json.loads(f"[{arguments}]"))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10**6), nights=st.integers(2, 5))
def test_the_index_is_the_same_however_it_came(
    seed: int, nights: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    dice = random.Random(seed)
    grown, fresh = tmp_path_factory.mktemp("grown"), tmp_path_factory.mktemp("fresh")
    own = dice.sample(FAMILIES, 40)
    kept = [facts for facts in own if dice.random() < 0.8]
    for night in range(nights):
        publish(grown, own[night::nights])
    publish(grown, (), gone=[facts.story.family.id for facts in own if facts not in kept])
    publish(fresh, kept)
    assert index(grown) == index(fresh)


def places(held: str) -> Iterator[tuple[int, int]]:
    """The segments, by number, and the places in them that a lexicon has for a word."""
    for part in held.split("."):
        segment = ALPHABET.index(part[0]) * 64 + ALPHABET.index(part[1])
        if part[2] != "~":
            yield from ((segment, ALPHABET.index(sign)) for sign in part[2:])
            continue
        bits = sum(ALPHABET.index(sign) << 6 * n for n, sign in enumerate(part[3:]))
        yield from ((segment, place) for place in range(64) if bits >> place & 1)


@pytest.mark.parametrize("size", [2, 64])
def test_a_lexicon_tells_of_every_word_where_it_is(
    size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_index, "PER_SEGMENT", size)
    publish(tmp_path, FAMILIES)
    scripts = index(tmp_path)
    names, blocks = called(scripts.pop("segments.js"))
    for block, there, segments in blocks:
        _, days = called(scripts.pop(f"block/{block}.js"))
        held: dict[str, set[tuple[int, int]]] = {}
        for number, segment in enumerate(segments.split()):
            _, found = called(scripts.pop(f"{segment}.js"))
            assert [day for day, n in days[number][1] for _ in range(n)] == [
                row[7][:10] for row in found["d"]
            ]
            for place, (_, verb, parts, _, speaker, *_) in enumerate(found["d"]):
                for word in terms(f"{found['s'][speaker][0]} {verb} {''.join(text for text, _ in parts)}"):
                    held.setdefault(word, set()).add((number, place))
        shards = [name for number, name in enumerate(names) if int(there, 16) >> number & 1]
        words = {}
        for shard in shards:
            name, own = called(scripts.pop(f"lex/{block}/{shard}.js"))
            assert name == f"{block}/{shard}"
            words |= own
        for word, where in held.items():
            if word in words:  # a verb before a quotation is shown, not searched
                assert where >= set(places(words[word])) or word in ("jr", "贝特"), word
        assert {word for word in held if word not in words} <= {"said"}
    assert not scripts


def changed(folder: Path, families: Sequence[FamilyFacts]) -> set[str]:
    """The files of the index that differ after one more night."""
    before = index(folder)
    publish(folder, families)
    after = index(folder)
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}


def test_one_more_day_leaves_what_was_before(tmp_path: Path) -> None:
    publish(tmp_path, FAMILIES[:-1])
    month = when(FAMILIES[-1])[:7]
    blocks = {block for block, *_ in called(index(tmp_path)["segments.js"])[1]}
    written = changed(tmp_path, FAMILIES[-1:])
    lexicons = {path.split("/")[1] for path in written if path.startswith("lex/")}
    assert lexicons == {max(blocks, key=lambda name: (name[:4], int(name[5:])))}
    assert {path[:7] for path in written if not path.startswith(("lex/", "block/"))} == {month, "segment"}


def test_a_late_report_shifts_only_the_rest_of_its_year(tmp_path: Path) -> None:
    middle = [facts for facts in FAMILIES if when(facts).startswith("2025-05")]
    publish(tmp_path, [facts for facts in FAMILIES if facts not in middle])
    before = {name: segments for name, _, segments in called(index(tmp_path)["segments.js"])[1]}
    written = changed(tmp_path, middle)
    after = {name: segments for name, _, segments in called(index(tmp_path)["segments.js"])[1]}
    lexicons = {path.split("/")[1] for path in written if path.startswith("lex/")}
    shifted = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    assert lexicons == shifted
    assert shifted < {name for name in after if name.startswith("2025.")}
    assert {path[:7] for path in written if not path.startswith(("lex/", "block/"))} == {"2025-05", "segment"}


def test_a_late_report_in_a_full_month_changes_one_segment(tmp_path: Path) -> None:
    crowded = [at_day(facts, 1 + n // 2) for n, facts in enumerate(FAMILIES[:40])]
    late = at_day(FAMILIES[40], 31)
    publish(tmp_path, [*crowded[:6], *crowded[8:]])
    assert len([path for path in index(tmp_path) if path.startswith("2026-01-")]) == 19
    written = changed(tmp_path, [crowded[6], late])
    segments = {path for path in written if not path.startswith(("lex/", "block/"))}
    assert segments == {"segments.js", "2026-01-04.1.js", "2026-01-25.1.js"}


def at_day(facts: FamilyFacts, day: int) -> FamilyFacts:
    """`facts` as if first reported on that day of January 2026."""
    story = facts.story
    dated = tuple(a.model_copy(update={"when": f"2026-01-{day:02}"}) for a in story.appearances)
    return facts.model_copy(update={"story": story.model_copy(update={"appearances": dated})})


def test_what_has_no_date_lies_where_it_was_first_read(tmp_path: Path) -> None:
    undated = [
        read_on(facts, f"2026-{9 + n // 8:02}-{1 + n % 8:02}") for n, facts in enumerate(FAMILIES[:24])
    ]
    publish(tmp_path, undated[:-1])
    written = changed(tmp_path, undated[-1:])
    names = {path for path in written if not path.startswith(("lex/", "block/"))}
    assert names == {"0000-00.2026-11-07.1.js", "segments.js"}
    segments = " ".join(segments for *_, segments in called(index(tmp_path)["segments.js"])[1])
    assert segments.split() == sorted(segments.split())


def read_on(facts: FamilyFacts, day: str) -> FamilyFacts:
    """`facts` as if no report had a date and the first was read on that day."""
    articles = (a.model_copy(update={"published": None, "seen": day}) for a in facts.articles)
    story = facts.story
    undated = tuple(a.model_copy(update={"when": None}) for a in story.appearances)
    return facts.model_copy(
        update={
            "story": story.model_copy(update={"appearances": undated}),
            "articles": tuple(articles),
        }
    )
