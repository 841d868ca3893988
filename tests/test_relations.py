"""Paraphrases and links between families: found night by night for what is new, the same as all at once."""

from __future__ import annotations

import re
import sqlite3
import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import NOW, an_article, quoted_claims
from openrace.clustering.quote_table import inner_quotes
from openrace.diffusion.paraphrase_index import (
    LEAST_SHARE,
    LEAST_SHARED,
    LEAST_WEIGHT,
    LONGEST_DELAY,
    SHARE_A_DAY,
    attach,
    saying_of,
)
from openrace.pipeline import family_stories as telling_station
from openrace.pipeline import relate_families
from openrace.pipeline.family_stories import FamilyRecords, tell_families
from openrace.pipeline.group_claims import group_into_families
from openrace.pipeline.isolation import FailedFamilies
from openrace.records import Article, Claim, Quote, Span, Speaker
from openrace.store import (
    article_table,
    change_log,
    claim_table,
    correction_table,
    night_state,
    open_store,
)
from openrace.story import FamilyStory
from openrace.user_files.corrections_file import Correction
from openrace.wordings.normalise import WEIGHTS, encode, is_common, weight_of, words

CASES = tomllib.loads((Path(__file__).parent / "cases" / "families-paraphrases.toml").read_text("utf-8"))[
    "case"
]
WORDS = "The northern lab will not close the source of its small models"
FEWER = "Come and see how the northern lab trains all of these models"
REPORT = "the northern lab might close the source of its models"
DAY = date(2025, 5, 19)


def keep(
    db: sqlite3.Connection,
    *,
    quote: str = "",
    report: str = "",
    by: str | None = "Ada Byte",
    day: int | None = 0,
    person_id: str | None = None,
) -> Claim:
    """An article with a quotation or a report, kept and read; `day` counts from the first."""
    number = db.execute("SELECT count(*) FROM articles").fetchone()[0]
    published = None if day is None else str(DAY + timedelta(days=day))
    text = f"“{quote}” she said." if quote else f"She said that {report}."
    where = {"url": f"https://{number}.example/", "outlet": f"{number}.example"}
    article = an_article(text, published=published, **where)
    article_table.add_article(db, article, added=NOW)
    [claim] = quoted_claims(article, by) if quote else [indirect(article, report, by)]
    if claim.speaker and person_id:
        named = claim.speaker.model_copy(update={"person_id": person_id})
        claim = claim.model_copy(update={"speaker": named})
    claim_table.save_claims(db, article.id, [claim], "test")
    return claim


def indirect(article: Article, words: str, speaker: str | None) -> Claim:
    span = Span(article.text.index(words), article.text.index(words) + len(words))
    return Claim(
        id=Claim.make_id(article.id, (span,)),
        article_id=article.id,
        kind="indirect",
        spans=(span,),
        quoted=(),
        text=words,
        cue=None,
        speaker=Speaker(span=None, text=speaker, name=speaker) if speaker else None,
        context=span,
        confidence=0.9,
        reason="test",
        extractor="test",
    )


def group(db: sqlite3.Connection) -> None:
    group_into_families(db, now=NOW)


def telling_of(db: sqlite3.Connection, claim: Claim) -> FamilyRecords:
    family = db.execute("SELECT family FROM claims WHERE id = ?", (claim.id,)).fetchone()["family"]
    [telling] = tell_families(db, [family], FailedFamilies())
    return telling


def story_of(db: sqlite3.Connection, claim: Claim) -> FamilyStory:
    return telling_of(db, claim).story


def paraphrases_of(db: sqlite3.Connection, claim: Claim) -> list[str]:
    return [paraphrase.claim_id for paraphrase in story_of(db, claim).paraphrases]


def test_a_report_without_marks_is_attached_not_merged(db: sqlite3.Connection) -> None:
    quoted, report = keep(db, quote=WORDS), keep(db, report=REPORT, day=1)
    group(db)
    story, known, texts = telling_of(db, quoted)
    [paraphrase] = story.paraphrases
    assert paraphrase.claim_id == report.id
    assert paraphrase.softened == ("might",)
    assert {"northern", "lab", "source"} <= set(paraphrase.shared)
    assert report.id not in story.family.claim_ids
    assert set(known) == {quoted.id, report.id}
    assert set(texts) == {quoted.article_id, report.article_id}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_what_tells_the_words_of_a_quotation(case) -> None:
    quoted, report = (
        saying_of(
            Quote(
                quote_id=kind,
                speaker=case["speaker"],
                kind=kind,
                text=said["text"],
                date=said["day"],
                frame=said.get("frame"),
            ),
            kind,
        )
        for kind, said in (("direct", case["quoted"]), ("indirect", case["report"]))
    )
    found = [other for _, other in attach([report], [quoted])] if quoted and report else [None]
    assert (found[0] is not None) == case["attached"]


@pytest.mark.parametrize(
    ("by", "day", "attached"),
    [
        ("Ada Byte", 0, True),
        ("Ada Byte", LONGEST_DELAY, True),
        ("Ada Byte", -LONGEST_DELAY, True),
        ("Ada Byte", LONGEST_DELAY + 1, False),
        ("Ada Byte", None, False),
        ("Carl Node", 0, False),
        ("officials", 0, False),
        (None, 0, False),
    ],
)
def test_only_a_report_of_the_same_speaker_near_in_time_is_attached(
    db: sqlite3.Connection, by: str | None, day: int | None, attached: bool
) -> None:
    quoted, report = keep(db, quote=WORDS), keep(db, report=REPORT, by=by, day=day)
    group(db)
    assert paraphrases_of(db, quoted) == [report.id] * attached


@pytest.mark.parametrize(("person_id", "attached"), [("lanternworks", True), (None, False)])
def test_a_listed_speaker_is_somebody_whatever_the_id_looks_like(
    db: sqlite3.Connection, person_id: str | None, attached: bool
) -> None:
    named = {"by": "lanternworks", "person_id": person_id}
    quoted, report = keep(db, quote=WORDS, **named), keep(db, report=REPORT, **named)
    group(db)
    assert paraphrases_of(db, quoted) == [report.id] * attached


def test_a_report_goes_over_to_the_quotation_that_says_more_of_it(db: sqlite3.Connection) -> None:
    report = keep(db, report=REPORT)
    first = keep(db, quote=FEWER, day=1)
    group(db)
    assert paraphrases_of(db, first) == [report.id]
    better = keep(db, quote=WORDS, day=2)
    before = change_log.latest(db)
    group(db)
    assert paraphrases_of(db, first) == []
    assert paraphrases_of(db, better) == [report.id]
    touched = {story_of(db, claim).family.id for claim in (first, better)}
    assert touched <= set(change_log.since(db, before))


def test_a_hidden_quotation_has_no_paraphrases_and_a_hidden_report_is_none(db: sqlite3.Connection) -> None:
    quoted, other = keep(db, quote=WORDS), keep(db, quote=FEWER)
    reports = [keep(db, report=REPORT, day=day) for day in (1, 2)]
    group(db)
    assert paraphrases_of(db, quoted) == [report.id for report in reports]
    correction_table.hide(db, reports[0].id, "asked for")
    assert paraphrases_of(db, quoted) == [reports[1].id]
    correction_table.hide(db, quoted.id, "asked for")
    group(db)
    assert paraphrases_of(db, other) == [reports[1].id]


def test_a_quotation_that_goes_leaves_its_report_to_the_next_best(db: sqlite3.Connection) -> None:
    best, next_best = keep(db, quote=WORDS), keep(db, quote=FEWER)
    report = keep(db, report=REPORT)
    group(db)
    assert paraphrases_of(db, best) == [report.id]
    correction_table.hide(db, best.id, "asked for")
    group(db)
    assert paraphrases_of(db, next_best) == [report.id]


def test_of_two_that_say_as_much_the_earlier_has_the_report(db: sqlite3.Connection) -> None:
    later = keep(db, quote="A northern lab with one model of the source", day=2)
    earlier = keep(db, quote="The source is so close to this northern lab", day=1)
    report = keep(db, report=REPORT, day=3)
    group(db)
    assert paraphrases_of(db, earlier) == [report.id]
    assert paraphrases_of(db, later) == []


def test_a_claim_parted_from_its_family_by_hand_tells_for_itself(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relate_families, "AT_ONCE", 1)
    quoted, copy = keep(db, quote=WORDS), keep(db, quote=WORDS, day=1)
    report = keep(db, report=REPORT, day=2)
    group(db)
    apart = Correction(where="c.toml:1", when="2026-01-05", why="another day", part=(quoted.id,))
    group_into_families(db, (apart,), now=NOW)
    assert story_of(db, quoted).family.id != story_of(db, copy).family.id
    assert paraphrases_of(db, quoted) == [report.id]
    assert paraphrases_of(db, copy) == []
    assert relations(db) == worked_out_at_once(db)


def test_a_speaker_or_a_day_set_right_moves_a_report(db: sqlite3.Connection) -> None:
    quoted, report = keep(db, quote=WORDS), keep(db, report=REPORT, by="Carl Node", day=80)
    group(db)
    correction_table.set_speaker(db, report.id, "Ada Byte", None, "it was she")
    group(db)
    assert paraphrases_of(db, quoted) == []
    correction_table.set_date(db, report.article_id, str(DAY))
    group(db)
    assert paraphrases_of(db, quoted) == [report.id]
    correction_table.take_off(db)
    group(db)
    assert paraphrases_of(db, quoted) == []


def test_families_quoted_inside_one_another_are_linked(db: sqlite3.Connection) -> None:
    inside = keep(db, quote="Small models remember every harbour of the north", by="Bo Chen")
    around = keep(db, quote="He told me ‘models remember every harbour of the north’ and I laughed")
    group(db)
    a, b = story_of(db, inside), story_of(db, around)
    assert (a.links, b.links) == ((b.family.id,), (a.family.id,))
    correction_table.hide(db, around.id, "asked for")
    group(db)
    assert story_of(db, inside).links == ()


def test_words_that_every_text_has_link_nothing(db: sqlite3.Connection) -> None:
    keep(db, quote="And that is what we have to do about all of this", by="Bo Chen")
    around = keep(db, quote="He told me ‘that is what we have to do’ and I laughed at the harbour")
    group(db)
    assert story_of(db, around).links == ()


def test_what_is_gone_or_hidden_is_not_told(db: sqlite3.Connection) -> None:
    shown, hidden = keep(db, quote=WORDS), keep(db, quote="Nobody will ever know what the harbour froze")
    group(db)
    ids = [story_of(db, claim).family.id for claim in (shown, hidden)]
    correction_table.hide(db, hidden.id, "asked for")
    assert [
        told.story.family.id for told in tell_families(db, ["nothing", *reversed(ids)], FailedFamilies())
    ] == ids[:1]


def test_families_are_told_in_the_order_asked_however_many(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling_station, "AT_ONCE", 2)
    for word in ("harbour", "winter", "laboratory", "mountain", "parliament"):
        keep(db, quote=f"Nobody expected the {word} to answer")
    group(db)
    ids = change_log.since(db, 0)[::-1]
    assert [telling.story.family.id for telling in tell_families(db, ids, FailedFamilies())] == ids
    assert len(ids) > 2


# -- any nights ---------------------------------------------------------------------------------------

QUOTES = (
    WORDS,
    FEWER,
    "We will not close the source of what we made small",
    "Small models remember every harbour of the north",
    "He told me ‘models remember every harbour of the north’ and I laughed",
    "She wrote ‘northern lab will not close the source’ on a wall of the harbour",
)
REPORTS = (REPORT, "small models could remember harbours", "the lab closes the source of small models soon")
TABLES = ("paraphrases", "links", "sayings", "passages")
SPEAKERS = ("Ada Byte", "Bo Chen", None)
saids = st.fixed_dictionaries(
    {"by": st.sampled_from(SPEAKERS), "day": st.sampled_from((None, 0, 30, 60, 110))},
    optional={"quote": st.sampled_from(QUOTES)},
).flatmap(
    lambda said: (
        st.just(said) if "quote" in said else st.sampled_from(REPORTS).map(lambda r: said | {"report": r})
    )
)
rights = st.tuples(
    st.sampled_from(("hide", "speaker", "date", "gone")), st.integers(0, 30), st.sampled_from(SPEAKERS)
)
nights = st.lists(
    st.tuples(st.lists(saids, max_size=5), st.lists(rights, max_size=2)), min_size=1, max_size=4
)


@settings(max_examples=80)
@given(nights=nights)
def test_night_by_night_is_the_same_as_at_once(nights: list[tuple[list[dict], list[tuple]]]) -> None:
    db = open_store(":memory:")
    kept: list[Claim] = []
    for saids, rights in nights:
        kept += [keep(db, **said) for said in saids]
        for does, which, speaker in rights if kept else ():
            set_right(db, does, kept[which % len(kept)], speaker)
        group(db)
    grown = relations(db)
    assert worked_out_at_once(db) == grown
    assert {(row[0], row[1]) for row in grown["links"]} == set(links_by_hand(db))
    assert {(row[0], row[1]) for row in grown["paraphrases"]} == set(paraphrases_by_hand(db))


def set_right(db: sqlite3.Connection, does: str, claim: Claim, speaker: str | None) -> None:
    match does:
        case "hide":
            correction_table.hide(db, claim.id, "asked for")
        case "speaker":
            correction_table.set_speaker(db, claim.id, speaker, None, "it was so")
        case "date":
            correction_table.set_date(db, claim.article_id, str(DAY + timedelta(days=50)))
        case "gone":
            claim_table.save_claims(db, claim.article_id, [], "test")


def worked_out_at_once(db: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    for table in TABLES:
        db.execute(f"DELETE FROM {table}")
    night_state.set_value(db, "related", "0")
    relate_families.relate_families(db)
    return relations(db)


def relations(db: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    return {table: [tuple(row) for row in db.execute(f"SELECT * FROM {table}")] for table in TABLES}


def told(db: sqlite3.Connection) -> list[FamilyRecords]:
    return list(
        tell_families(db, [row["id"] for row in db.execute("SELECT id FROM families")], FailedFamilies())
    )


def paraphrases_by_hand(db: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Every report held against every quotation."""
    every = [
        (telling.claims[i], telling.articles[telling.claims[i].article_id], telling.story.family.id)
        for telling in told(db)
        for i in telling.story.family.claim_ids
    ]
    for report, page, _ in (row for row in every if row[0].kind == "indirect" and row[0].speaker):
        found = [
            (-likeness, article.published or "", claim.id, family)
            for claim, article, family in every
            if claim.kind == "direct" and claim.speaker and claim.speaker.name == report.speaker.name
            if (days := days_between(article, page)) <= LONGEST_DELAY
            if (likeness := share(report.text, claim.text)) >= LEAST_SHARE + SHARE_A_DAY * days
        ]
        if found:
            yield report.id, min(found)[3]


def days_between(a: Article, b: Article) -> float:
    if a.published is None or b.published is None:
        return 0 if a.published == b.published else float("inf")
    return abs((date.fromisoformat(a.published) - date.fromisoformat(b.published)).days)


def share(report: str, quotation: str) -> float:
    """Twice the weight of the shared content words, of that of both; 0 where a report is too far."""
    mine, theirs = ({stem_of(w): w for w in words(text) if not is_common(w)} for text in (report, quotation))
    common = mine.keys() & theirs.keys()
    shared = sum(WEIGHTS[min(len(mine[stem]), 7)] for stem in common)
    both = sum(WEIGHTS[min(len(word), 7)] for side in (mine, theirs) for word in side.values())
    return 2 * shared / both if len(common) >= LEAST_SHARED and shared >= LEAST_WEIGHT else 0.0


def stem_of(word: str) -> str:
    return re.sub("(?<=[a-z]{3})(ing|ed|ly|er|est|ion|s|e)$", "", word)


def links_by_hand(db: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Every family held against every other."""
    said = {
        telling.story.family.id: [telling.claims[i].text for i in telling.story.family.claim_ids]
        for telling in told(db)
    }
    for a, b in ((a, b) for a in said for b in said if a != b):
        runs = {
            inner[i : i + 5]
            for text in said[a]
            for inner in inner_quotes(text)
            for i in range(len(inner) - 4)
            if inner != encode(text) and weight_of(inner[i : i + 5]) >= 6
        }
        if any(run in encode(text) for run in runs for text in said[b]):
            yield a, b
            yield b, a
