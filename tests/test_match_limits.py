"""The constants of the match model and of its neighbours, each with a pair of quotes on either side."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from openrace.clustering.linking import Linker, is_light
from openrace.clustering.pair_contexts import has_other_figures
from openrace.clustering.quote_table import QuoteTable
from openrace.clustering.scoring import RETOLD, PairContext, forbidden, log_odds_of_context, settled
from openrace.diffusion.clocks import clock_early, leads
from openrace.diffusion.originals import find_original
from openrace.diffusion.paraphrase_index import attach
from openrace.diffusion.recordings import Recording, Report
from openrace.ideas.suggestions import in_turn, says_enough
from openrace.ingest.parse.transcript_files import TranscriptSegment, write_turns
from openrace.records import Article, Saying, StoredQuote
from openrace.wordings.align import Match
from openrace.wordings.normalise import encode, weight_of

LIMITS = tomllib.loads((Path(__file__).parent / "cases" / "match-limits.toml").read_text("utf-8"))
MODEL = [pytest.param(case, id=case["name"]) for case in LIMITS["case"]]


def pair(case: dict[str, Any], value: Any) -> tuple[Match, PairContext]:
    """The pair of a case with `value` in the field that the case is about."""
    match = {**LIMITS["base"]["match"], **case.get("match", {})}
    context = {**LIMITS["base"]["context"], **case.get("context", {})}
    (match if case["field"] in Match._fields else context)[case["field"]] = value
    if context["days"] == "unknown":
        context["days"] = None
    return Match(**match | {"lengths": tuple(match["lengths"])}), PairContext(**context)


@pytest.mark.parametrize("case", MODEL)
def test_a_limit_of_the_match_model(case: dict[str, Any]) -> None:
    for is_over, values in ((False, case["no"]), (True, case["yes"])):
        for match, context in (pair(case, value) for value in values):
            if case.get("told_again"):
                assert (settled(-50.0, match, context) == RETOLD) is is_over
            else:
                assert forbidden(match, context) == ("" if is_over else case["why"])


@pytest.mark.parametrize(("days", "counts"), [(3, False), (4, True)])
def test_a_stock_phrase_joins_hardly_anything_four_days_away(days: int, counts: bool) -> None:
    usual, stock = (log_odds_of_context(True, days, False, is_stock) for is_stock in (False, True))
    assert (stock < usual) is counts
    assert log_odds_of_context(True, days, True, True) == log_odds_of_context(True, days, True, False)


def test_a_stock_phrase_tells_little() -> None:
    five, most = "abcdefghijk", 3  # a word of so many letters tells five
    assert weight_of(encode(five)) == 5
    assert is_light(encode(" ".join([five] * most)))  # 15
    assert not is_light(encode(" ".join([five] * most + ["to", "be"])))  # 16
    assert is_light(encode(" ".join([five] * most + ["to"])))


PEOPLE = ("Mara Lindqvist", "Anna Petrov", "Ida Sandell", "Julia Brandt")


@pytest.mark.parametrize(
    ("days", "speakers", "is_stock", "said_by_many"),
    [
        ((0, 7, 15), 1, True, False),
        ((0, 7, 14), 1, False, False),  # within two weeks it is one occasion that is reported
        ((0, 15), 1, False, False),  # two articles are no habit
        ((0, 0, 0), 3, False, True),
        ((0, 0, 0), 2, False, False),
    ],
)
def test_a_phrase_of_many_articles_or_of_many_people(
    days: tuple[int, ...], speakers: int, is_stock: bool, said_by_many: bool
) -> None:
    words = encode("open for everyone")
    quotes = [
        StoredQuote(f"q{n}", words, speaker=PEOPLE[n % speakers], day=700_000 + day, article=f"a{n}")
        for n, day in enumerate(days)
    ]
    use = Linker(QuoteTable(quotes), None).phrase_use(0, ())
    assert (use.is_stock, use.said_by_many) == (is_stock, said_by_many)


@pytest.mark.parametrize(
    ("shared", "others", "is_bulletin"), [(0, 1, False), (0, 2, True), (1, 1, True), (2, 1, False)]
)
def test_another_bulletin_has_two_figures_or_more_and_half_of_them_are_new(
    shared: int, others: int, is_bulletin: bool
) -> None:
    same = [f"the ferry carried {n}00 barrels" for n in range(21, 21 + shared)]
    mine = [f"the mill ground {n}00 sacks" for n in range(31, 31 + others)]
    theirs = [f"the mill ground {n}00 sacks" for n in range(51, 51 + others)]
    texts = {"a": [*same, *mine], "b": [*same, *theirs]}
    table = QuoteTable([StoredQuote(name, encode(", ".join(text))) for name, text in texts.items()])
    assert has_other_figures(table, 0, 1) is is_bulletin


# -- other wordings of one utterance ----------------------------------------------------------------


def saying(stems: str, weights: str, *, day: int = 700_000, reported: bool = False) -> Saying:
    kind = "report" if reported else "quotation"
    return Saying("Ada Byte", day, kind, kind, reported, stems, weights, hedges="", earliest=0, latest=day)


@pytest.mark.parametrize(
    ("report", "quoted", "attached"),
    [
        (("ab", "77"), ("ab", "77"), True),  # two words that tell ten
        (("ab", "67"), ("ab", "67"), False),
        (("ab", "77"), ("abcdefghij", "7777777000"), True),  # .43 of both
        (("ab", "77"), ("abcdefgh", "77777771"), False),
        (("abc", "66g"), ("abc", "66g"), True),  # a country tells one
        (("abc", "65g"), ("abc", "65g"), False),
        (("abcdefgh", "7ggggggg"), ("abcdefgh", "7ggggggg"), False),  # and is none of the two words
    ],
)
def test_a_report_tells_a_quotation_in_other_words(
    report: tuple[str, str], quoted: tuple[str, str], attached: bool
) -> None:
    [(_, found)] = attach([saying(*report, reported=True)], [saying(*quoted)])
    assert bool(found) is attached


@pytest.mark.parametrize(
    ("stems", "weights", "days", "attached"),
    [
        ("ab", "77", 14, True),
        ("ab", "77", 15, False),
        ("abcdef", "777772", 5, True),  # .53 of both, as five days need
        ("abcdef", "777773", 5, False),
    ],
)
def test_the_later_a_report_the_more_it_must_tell(
    stems: str, weights: str, days: int, attached: bool
) -> None:
    report = saying("ab", "77", day=700_000 + days, reported=True)
    [(_, found)] = attach([report], [saying(stems, weights)])
    assert bool(found) is attached


def test_a_report_puts_two_sentences_together() -> None:
    [(_, found)] = attach([saying("abcdef", "777777", reported=True)], [saying("ab cd ef", "77 77 77")])
    assert found
    assert found.score == 0.8


# -- clocks, ideas ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("lead", "early"), [(2.9, 0), (3.0, 3)])
def test_a_clock_is_early_from_three_hours_on(lead: float, early: float) -> None:
    assert clock_early([lead] * 20) == early


@pytest.mark.parametrize(("hours", "found"), [(24.0, {"a": 24.0, "b": -24.0}), (24.5, {})])
def test_a_day_later_it_is_other_news(hours: float, found: dict[str, float]) -> None:
    assert dict(leads({"a": 0.0, "b": hours})) == found


@pytest.mark.parametrize(
    ("text", "enough"),
    [
        ("Ferries carry barrels northward", False),
        ("Ferries carry heavy barrels northward", True),
    ],
)
def test_a_statement_of_five_words_may_be_an_argument(text: str, enough: bool) -> None:
    assert says_enough(text) is enough


def test_each_fifth_suggestion_comes_from_below_the_line() -> None:
    picked = in_turn({str(n): 0.5 for n in range(20)}, list("abcdef"), 11)
    assert [n for n, (_, test) in enumerate(picked) if test] == [4, 9]


# -- reports held against a recording ---------------------------------------------------------------

WORKS = (
    "Our engineers mended the northern sluice before Easter with borrowed timber from seven villages along"
    " that frozen river, while apprentices counted every hinge, painted each gate green, and carried heavy"
    " barrels northward until midnight without asking anybody for payment."
)
WORKS_ZH = (
    "我们的工程师在复活节之前用借来的木材修好了北方的水闸，学徒们数了每一个铰链，"
    "把闸门漆成绿色，并且把沉重的木桶搬到北方的码头直到午夜，没有向任何人要钱。"
)
NOT_SOLD = (
    "Every member of that council knows our county will not gladly after Easter sell another northern"
    " lighthouse to hotel companies from abroad."
)


def reported(said: str, words: str, speaker: str | None = "Ada Rook") -> tuple[str, ...] | None:
    """What a report of `words` did to what Ada Rook said; None where they are not found there."""
    text, turns = write_turns([TranscriptSegment("Ada Rook", 0.0, said, opens=True)])
    recording = Recording(Article(id="talk", text=text, turns=turns))
    found = find_original(
        [Report("a", words, speaker)], [recording], lambda a, b: "same" if a == b else "unknown"
    )
    return found.reports[0].kinds if found else None


@pytest.mark.parametrize(
    ("said", "begin", "left_out", "kind"),
    [
        (WORKS, 12, 8, "cut"),
        (WORKS, 12, 9, "joined"),
        (WORKS_ZH, 14, 15, "cut"),  # with a comma
        (WORKS_ZH, 14, 16, "joined"),
        (NOT_SOLD, 9, 3, "negation"),
        (NOT_SOLD, 9, 4, "cut"),  # a clause, and its "not" with it
    ],
)
def test_what_is_left_out_without_a_mark(said: str, begin: int, left_out: int, kind: str) -> None:
    words, between = (list(said), "") if said == WORKS_ZH else (said.split(), " ")
    assert reported(said, between.join(words[:begin] + words[begin + left_out :])) == (kind,)


@pytest.mark.parametrize(("words", "found"), [(7, False), (8, True)])
def test_eight_words_are_found_whoever_is_said_to_have_said_them(words: int, found: bool) -> None:
    some = " ".join(WORKS.split()[:words])
    assert (reported(WORKS, some, None) is not None) is found
    assert reported(WORKS, some) is not None
