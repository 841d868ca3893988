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
from openrace.site.index_queries import Almanac
from openrace.site.output_files import Folder
from openrace.site.page_addresses import FRONT
from openrace.site.search_index import terms
from openrace.site.search_parts import Finding, index_words
from openrace.site.site_index import FILE, Catalogue, open_catalogue
from openrace.site.snapshot import News, Telling
from site_editions import make_edition


def when(telling: Telling) -> str:
    return telling.story.appearances[0].when or ""


EDITION = make_edition(60, days=900, single=True)
TELLINGS = sorted(EDITION.news().tellings, key=when)


@pytest.fixture(autouse=True, scope="module")
def _cut_small() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search_index, "PER_SEGMENT", 2)
        patch.setattr(search_index, "PER_BLOCK", 3)
        yield


def publish(folder: Path, tellings: Sequence[Telling], gone: Sequence[str] = ()) -> None:
    """Tell these too, and make the parts of the search that are stale then; no pages."""
    target = Folder(folder)
    with closing(open_catalogue(folder / FILE)) as db:
        catalogue = Catalogue(db)
        with catalogue.transaction():
            catalogue.take_in(EDITION.bare(), News(tellings, gone=gone, whole=False))
        almanac = Almanac(catalogue)
        with catalogue.transaction():
            index_words(catalogue, almanac)
        target.begin(catalogue)
        finding, stale = Finding(catalogue, almanac, None, {}), catalogue.stale(100_000)
        with catalogue.transaction():
            for address in stale:
                if address.startswith("search/") and address not in FRONT:
                    target.put(db, address, finding.files(address))
            catalogue.is_fresh(stale)
        target.swap(catalogue)


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
    own = dice.sample(TELLINGS, 40)
    kept = [telling for telling in own if dice.random() < 0.8]
    for night in range(nights):
        publish(grown, own[night::nights])
    publish(grown, (), gone=[telling.story.family.id for telling in own if telling not in kept])
    publish(fresh, kept)
    assert index(grown) == index(fresh)


def test_a_lexicon_tells_of_every_word_which_segments_hold_it(tmp_path: Path) -> None:
    publish(tmp_path, TELLINGS)
    scripts = index(tmp_path)
    names, begin = called(scripts.pop("segments.js"))
    assert len(begin["blocks"]) > 6
    for block, there, segments in begin["blocks"]:
        held: dict[str, set[str]] = {}
        for segment in segments.split():
            _, found = called(scripts.pop(f"{segment}.js"))
            for _, text, speaker, *_ in found["d"]:
                for word in terms(f"{found['s'][speaker][0]} {text}"):
                    held.setdefault(word, set()).add(segment)
        shards = [name for number, name in enumerate(names) if int(there, 16) >> number & 1]
        told = {}
        for shard in shards:
            name, words = called(scripts.pop(f"lex/{block}/{shard}.js"))
            assert name == f"{block}/{shard}"
            told |= words
        bits = {
            word: {s for n, s in enumerate(segments.split()) if int(b, 16) >> n & 1}
            for word, b in told.items()
        }
        assert bits == held
    assert not scripts


def changed(folder: Path, tellings: Sequence[Telling]) -> set[str]:
    """The files of the index that differ after one more night."""
    before = index(folder)
    publish(folder, tellings)
    after = index(folder)
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}


def test_one_more_day_leaves_what_was_before(tmp_path: Path) -> None:
    publish(tmp_path, TELLINGS[:-1])
    month = when(TELLINGS[-1])[:7]
    blocks = {block for block, *_ in called(index(tmp_path)["segments.js"])[1]["blocks"]}
    written = changed(tmp_path, TELLINGS[-1:])
    lexicons = {path.split("/")[1] for path in written if path.startswith("lex/")}
    assert lexicons == {max(blocks, key=lambda name: (name[:4], int(name[5:])))}
    assert {path[:7] for path in written if not path.startswith("lex/")} == {month, "segment"}


def test_a_late_report_shifts_only_the_rest_of_its_year(tmp_path: Path) -> None:
    middle = [telling for telling in TELLINGS if when(telling).startswith("2025-05")]
    publish(tmp_path, [telling for telling in TELLINGS if telling not in middle])
    before = {name: segments for name, _, segments in called(index(tmp_path)["segments.js"])[1]["blocks"]}
    written = changed(tmp_path, middle)
    after = {name: segments for name, _, segments in called(index(tmp_path)["segments.js"])[1]["blocks"]}
    lexicons = {path.split("/")[1] for path in written if path.startswith("lex/")}
    shifted = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    assert lexicons == shifted
    assert shifted < {name for name in after if name.startswith("2025.")}
    assert {path[:7] for path in written if not path.startswith("lex/")} == {"2025-05", "segment"}


def test_a_late_report_in_a_full_month_changes_one_segment(tmp_path: Path) -> None:
    crowded = [at_day(telling, 1 + n // 2) for n, telling in enumerate(TELLINGS[:40])]
    late = at_day(TELLINGS[40], 31)
    publish(tmp_path, [*crowded[:6], *crowded[8:]])
    assert len([path for path in index(tmp_path) if path.startswith("2026-01-")]) == 19
    written = changed(tmp_path, [crowded[6], late])
    segments = {path for path in written if not path.startswith("lex/")}
    assert segments == {"segments.js", "2026-01-04.1.js", "2026-01-25.1.js"}


def at_day(telling: Telling, day: int) -> Telling:
    """`telling` as if first reported on that day of January 2026."""
    story = telling.story
    dated = tuple(a.model_copy(update={"when": f"2026-01-{day:02}"}) for a in story.appearances)
    return telling.model_copy(update={"story": story.model_copy(update={"appearances": dated})})


def test_what_has_no_date_lies_where_it_was_first_read(tmp_path: Path) -> None:
    undated = [
        read_on(telling, f"2026-{9 + n // 8:02}-{1 + n % 8:02}") for n, telling in enumerate(TELLINGS[:24])
    ]
    publish(tmp_path, undated[:-1])
    written = changed(tmp_path, undated[-1:])
    names = {path for path in written if not path.startswith("lex/")}
    assert names == {"0000-00.2026-11-07.1.js"}
    segments = " ".join(segments for *_, segments in called(index(tmp_path)["segments.js"])[1]["blocks"])
    assert segments.split() == sorted(segments.split())


def read_on(telling: Telling, day: str) -> Telling:
    """`telling` as if no report had a date and the first was read on that day."""
    articles = (a.model_copy(update={"published": None, "seen": day}) for a in telling.articles)
    story = telling.story
    undated = tuple(a.model_copy(update={"when": None}) for a in story.appearances)
    return telling.model_copy(
        update={
            "story": story.model_copy(update={"appearances": undated}),
            "articles": tuple(articles),
        }
    )
