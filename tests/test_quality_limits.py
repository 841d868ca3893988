"""The constants that guard quality, each with a case on each side: whoever moves one is told what it decides.

What a whole text shows well is a case in `tests/cases/`; here stands what needs a number.
"""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain, product

import numpy as np
import pytest

from conftest import NOW, an_article, quoted_claims
from loopback.site import Reply
from loopback.web import Web, rss, story
from openrace.clustering.blocking import SELECTED, candidates, fingerprints
from openrace.crawl_records import Entry, Recheck
from openrace.diffusion.timeline import copies, prints_of
from openrace.extract import claims as claim_builder
from openrace.extract.claims import extract_claims
from openrace.extract.directory import Directory
from openrace.extract.english import antecedents, attribution
from openrace.extract.english.antecedents import Choice, Mention, Track, choose
from openrace.extract.english.entities import Entities, Entity
from openrace.extract.english.mentions import Discourse
from openrace.extract.english.name_types import NameType
from openrace.extract.english.selection import settle
from openrace.extract.english.sentences import read
from openrace.ingest.crawl.feed_round import older_undated
from openrace.person_names import ReportedSpeaker, family_speaker
from openrace.records import Article, Claim
from openrace.store import article_table, claim_table, page_table
from openrace.store.crawl_tables import SqliteCrawlStore
from openrace.wordings.normalise import encode

WORDS = ["".join(letters) for letters in product("bdfgklmnprst", "aeiou", "lnrst", "ado")]


# -- whose words: pronouns --------------------------------------------------------------------------


def candidates_of(text: str) -> list[list[str]]:
    """Whom each pronoun of `text` may mean, the last mentioned first."""
    asked: list[list[str]] = []

    def decide(anaphor: Mention, tracks, rows) -> Choice:
        asked.append([track.entity.name for track in tracks])
        return Choice(None, "only listed")

    read_text = read(text)
    Discourse(read_text, Entities(read_text, Directory()), decide)
    return asked


@pytest.mark.parametrize(("between", "found"), [(24, True), (29, True), (30, False), (40, False)])
def test_a_pronoun_looks_back_thirty_sentences(between: int, found: bool) -> None:
    told = "Mara Lindqvist opened the lock." + " The tide was low." * between + " She closed the lock."
    assert candidates_of(told) == ([["Mara Lindqvist"]] if found else [])


def test_a_pronoun_may_mean_one_of_six() -> None:
    names = "Mara Lindqvist, Anna Petrov, Ida Sandell, Julia Brandt, Laura Fenwick, Emma Corrigan, Clara Voss"
    told = " ".join(f"{name} opened the lock." for name in names.split(", ")) + " She closed it again."
    assert candidates_of(told) == [names.split(", ")[:0:-1]]


@pytest.mark.parametrize(("words", "found"), [(12, False), (25, False), (36, True), (50, True)])
def test_who_is_named_in_a_long_quotation_may_be_meant_outside_of_it(words: int, found: bool) -> None:
    more = "and the ferry was late again " * 10
    quotation = " ".join(f"Mara Lindqvist closed the lock {more}".split()[:words])
    [asked] = candidates_of(f"“{quotation},” the letter says. She opened it again.") or [[]]
    assert (asked == ["Mara Lindqvist"]) is found


def a_track(name: str, place: str = "subject", sentence: int = 0) -> Track:
    mention = Mention(0, 0, sentence, 0, 0, "name", place, quoted=False, word=name)
    return Track(Entity(name, NameType.PERSON, 0), mention, count=1, outside=True)


def chosen(probability: float, *tracks: Track, monkeypatch: pytest.MonkeyPatch) -> str | None:
    """Who is chosen where the first of `tracks` has this probability, and the next best has the rest."""
    odds = float(np.log(probability / (1 - probability)))
    monkeypatch.setattr(antecedents, "load_weights", lambda: {"antecedent": {"likely": odds, "none": -50.0}})
    rest = [["other"], *[["none"]] * len(tracks)][: len(tracks)]
    choice = choose([["likely"], *rest], tracks, "she")
    return choice.entity and choice.entity.name


@pytest.mark.parametrize(("probability", "told"), [(0.5, False), (0.57, False), (0.63, True), (0.7, True)])
def test_an_antecedent_is_told_from_sixty_percent(
    probability: float, told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = chosen(probability, a_track("Mara Lindqvist"), monkeypatch=monkeypatch)
    assert (found == "Mara Lindqvist") is told


@pytest.mark.parametrize(("probability", "told"), [(0.8, False), (0.87, False), (0.93, True), (0.96, True)])
def test_of_two_named_together_one_is_told_from_ninety_percent(
    probability: float, told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = a_track("Mara Lindqvist", "object"), a_track("Anna Petrov", "object")
    found = chosen(probability, *both, monkeypatch=monkeypatch)
    assert (found == "Mara Lindqvist") is told


# -- whose words: how sure ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "sure", "told"),
    [
        ("“The lock is closed,” said Mara Lindqvist.", 0.47, False),
        ("“The lock is closed,” said Mara Lindqvist.", 0.53, True),
        ("Mara Lindqvist said that the lock is “closed for good” this year.", 0.57, False),
        ("Mara Lindqvist said that the lock is “closed for good” this year.", 0.63, True),
        ("Mara Lindqvist said that the lock is closed.", 0.57, False),
        ("Mara Lindqvist said that the lock is closed.", 0.63, True),
    ],
)
def test_a_speaker_is_told_where_it_is_sure_enough(
    text: str, sure: float, told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A quotation without its speaker stays, a report without one is none."""
    found_by_rules = claim_builder.attribute
    unsure = lambda read_text: [replace(a, source_probability=sure) for a in found_by_rules(read_text)]  # noqa: E731
    monkeypatch.setattr(claim_builder, "attribute", unsure)
    speakers = [claim.speaker and claim.speaker.name for claim in extract_claims(Article(id="a", text=text))]
    nobody = [] if "“" not in text else [None]
    assert speakers == (["Mara Lindqvist"] if told else nobody)


FLOORS = {
    "a quotation": ("“The lock is closed,” said Mara Lindqvist.", 0.4),
    "a quotation in the next paragraph": ("Mara Lindqvist wrote.\n\n“The lock is closed for good.”", 0.8),
    "a report": ("Mara Lindqvist said that the lock is closed.", 0.5),
    "an opinion": ("Mara Lindqvist thought that the lock is closed.", 0.55),
    "what a thing tells": ("The tide pattern suggests that the lock is closed.", 0.8),
}


@pytest.mark.parametrize("what", FLOORS)
@pytest.mark.parametrize("step", [-0.04, 0.04])
def test_a_cue_reports_something_from_its_floor_on(
    what: str, step: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, floor = FLOORS[what]

    def as_likely(read_text, sentence, readings):
        likely = [reading._replace(probability=floor + step) for reading in readings]
        return settle(read_text, sentence, likely)

    monkeypatch.setattr(attribution, "settle", as_likely)
    cues = [claim.cue for claim in extract_claims(Article(id="a", text=text)) if claim.cue]
    assert len(cues) == (step > 0)


@pytest.mark.parametrize(("confidence", "grouped"), [(0.55, False), (0.68, False), (0.72, True), (0.8, True)])
def test_unsure_claims_are_in_no_family(db: sqlite3.Connection, confidence: float, grouped: bool) -> None:
    article = an_article()
    claims = [c.model_copy(update={"confidence": confidence}) for c in quoted_claims(article)]
    article_table.add_article(db, article, added=NOW)
    claim_table.save_claims(db, article.id, claims, "t")
    assert len(list(claim_table.iter_quotes(db))) == grouped


# -- which reports are one: fingerprints and copies -----------------------------------------------------


@pytest.mark.parametrize(("words", "selected"), [(40, 8), (200, 8), (6, 4)])
def test_eight_fingerprints_of_a_wording_are_selected(words: int, selected: int) -> None:
    found = fingerprints([encode(" ".join(WORDS[:words]))])
    assert int(np.sum(found.kind == SELECTED)) == selected


@pytest.mark.parametrize(("length", "compared"), [(5, True), (6, False), (7, False)])
def test_from_six_words_on_one_fingerprint_is_not_enough(length: int, compared: bool) -> None:
    """The shorter wording has three words in a row with the longer one: one fingerprint."""
    longer = [*WORDS[:3], *WORDS[200:230]]
    shorter = [*WORDS[:3], *WORDS[100 : 97 + length]]
    wordings = [encode(" ".join(words)) for words in (longer, shorter)]
    assert bool(list(candidates(wordings, [], []))) is compared


# Characters that no other sentence has, so that a run of one text is in another only where it is put.
HAN = [chr(0x6000 + 7 * n) for n in range(300)]


def interleaved(run: int, runs: int, first: int) -> str:
    """So many runs of characters that every such text has, each behind two of this text's own."""
    own = (HAN[first + 2 * n : first + 2 * n + 2] for n in range(runs))
    return encode(
        "".join(chain.from_iterable([*mine, *HAN[9 * n : 9 * n + run]] for n, mine in enumerate(own)))
    )


@pytest.mark.parametrize(("run", "speakers", "compared"), [(3, 2, False), (3, 1, True), (4, 2, True)])
def test_chinese_wordings_share_four_characters_in_a_row_or_three_and_the_speaker(
    run: int, speakers: int, compared: bool
) -> None:
    wordings = [interleaved(run, 4, 150), interleaved(run, 4, 200)]
    assert bool(list(candidates(wordings, [0, 1], [1, speakers]))) is compared


@pytest.mark.parametrize(("more", "compared"), [(0, True), (20, True), (21, False)])
def test_what_a_speaker_says_again_is_up_to_twice_as_long(more: int, compared: bool) -> None:
    wordings = [interleaved(3, 4, 150), interleaved(3, 4, 200) + encode("".join(HAN[240 : 240 + more]))]
    assert bool(list(candidates(wordings, [0, 1], [1, 1]))) is compared


def is_copy(words: int, changed: int) -> bool:
    """Whether a text of so many words is taken for a copy of one that differs in its last `changed`."""
    ends = WORDS[400 : 400 + changed], WORDS[600 : 600 + changed]
    said = "“The lock is closed,” said Ada Byte."
    bodies = [f"{said} {' '.join([*WORDS[: words - changed], *end])}" for end in ends]
    articles = [an_article(text, url=f"https://{n}.example", published=NOW) for n, text in enumerate(bodies)]
    claims: list[Claim] = [claim for article in articles for claim in quoted_claims(article)]
    return bool(copies(prints_of(claims, {article.id: article for article in articles})))


@pytest.mark.parametrize(("changed", "copied"), [(40, True), (90, True), (150, False), (180, False)])
def test_a_copy_has_seven_tenths_of_the_text(changed: int, copied: bool) -> None:
    assert is_copy(400, changed) is copied


@pytest.mark.parametrize(("words", "copied"), [(10, False), (28, False), (75, True)])
def test_a_short_text_is_no_copy(words: int, copied: bool) -> None:
    assert is_copy(words, 0) is copied


# -- what is fetched, and how long it is kept -------------------------------------------------------------


def entries(count: int, *, numbered: bool) -> list[Entry]:
    """Entries without a date; their numbers grow down the feed, or tell no order."""
    number = (lambda n: 1000 + n) if numbered else (lambda n: 1000 + n * 499 % 997)
    return [
        Entry(feed_url="https://o.example/feed", entry_id=f"e{n}", url=f"https://o.example/{number(n)}")
        for n in range(count)
    ]


@pytest.mark.parametrize(("count", "old"), [(40, 0), (50, 0), (51, 1), (70, 20)])
def test_of_undated_entries_in_order_the_fifty_newest_are_fetched(count: int, old: int) -> None:
    assert older_undated(entries(count, numbered=True)) == {f"e{n}" for n in range(old)}


@pytest.mark.parametrize(("count", "old"), [(400, 0), (500, 0), (501, 401), (600, 500)])
def test_of_undated_entries_in_no_order_up_to_five_hundred_are_fetched(count: int, old: int) -> None:
    assert len(older_undated(entries(count, numbered=False))) == old


@pytest.mark.parametrize(("days", "is_kept"), [(179, True), (181, False)])
def test_a_page_as_it_came_is_kept_for_180_days(days: int, is_kept: bool) -> None:
    with Web({"paper.example/one": story("Chinese open models lead")}) as web:
        web["paper.example/feed"] = rss((web.url("paper.example/one"), "Chinese open-source AI leads"))
        web.crawl("paper.example/feed")
        web["paper.example/one"] = Reply(404)
        web.pass_days(days)
        web.crawl("paper.example/feed")
        assert (page_table.get_page(web.db, web.url("paper.example/one")) is not None) is is_kept


@pytest.mark.parametrize(("days", "is_due"), [(30, True), (42, True), (45, False)])
def test_a_page_that_shows_something_else_is_tried_for_two_weeks_more(days: int, is_due: bool) -> None:
    """Two weeks after the last recheck, which is a month after it was first fetched."""
    with Web({"paper.example/one": story("Chinese open models lead")}) as web:
        url = web.url("paper.example/one")
        web["paper.example/feed"] = rss((url, "Chinese open-source AI leads"))
        web.crawl("paper.example/feed")
        ((fetched,),) = web.rows("SELECT fetched FROM pages")
        seen = datetime.fromisoformat(fetched) + timedelta(days=days)
        recheck = Recheck(url, "article", None, None)
        SqliteCrawlStore(web.db, lambda: seen).save_failed_recheck(recheck, "shows something else")
        ((due,),) = web.rows("SELECT due FROM pages")
        assert (due is not None) is is_due


# -- whose words a family is ------------------------------------------------------------------------------

LISTED, OTHER, UNLISTED = "mara-lindqvist", "mara-lindqvist-mayor", None


@pytest.mark.parametrize(
    ("reports", "speaker"),
    [
        ([(LISTED, "Mara Lindqvist"), (LISTED, "M. Lindqvist")], "Mara Lindqvist"),
        ([(LISTED, "Mara Lindqvist"), (OTHER, "Mara Lindqvist")], None),
        ([(LISTED, "M. Lindqvist"), (UNLISTED, "Mara Lindqvist")], "M. Lindqvist"),
        ([(LISTED, "Mara Lindqvist"), (LISTED, "The Mayor of Port")], "Mara Lindqvist"),
    ],
)
def test_a_family_has_one_listed_speaker(reports: list[tuple[str | None, str]], speaker: str | None) -> None:
    """One listed person under any name is one speaker, and shown; two are never one, however alike."""
    found = family_speaker(ReportedSpeaker(person_id, name) for person_id, name in reports)
    assert found.name == speaker
    assert found.person_id == (speaker and LISTED)
