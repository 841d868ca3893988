"""Extraction on any text at all: every claim fits its article, nothing is raised, nothing is forgotten.

The long runs measure nothing; a quadratic rule would take minutes of CPU time for them, and be noticed.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from conftest import cpu_limit
from openrace.extract.claims import extract_claims
from openrace.extract.directory import Directory
from openrace.records import Article, Claim
from openrace.seed_records import Organisation, Person

DIRECTORY = Directory(
    [Person(id="mara-lindqvist", name="Mara Lindqvist", aliases=("李若川",))],
    [Organisation(id="openforge", name="OpenForge", aliases=("海棠智能",))],
)

WORDS = """
said says told that according to asked whether Will warned claim Mara Lindqvist Lindqvist Okafor Dr. Mr. U.S.
CEO he she they it the a company spokesman for OpenForge , . ; : ? ! … — - ' ’ " “ ” ‘ « » ` `` '' ( ) [ ]
don't O’Brien WALLACE: Q: In an interview on Tuesday not and who 李若川 表示 ： “ ” 开源 他 1,000 3.5 http://x.y/z
"""
CONTROLS = [
    "\n",
    "\n\n",
    "\r\n",
    "\t",
    "\x00",
    "\u200b",
    "\u200f",
    "\u202e",
    "\u2028",
    "\ufeff",
    "\ue000",
    "é",
    "😀",
]
PIECES = st.sampled_from([*WORDS.split(), *CONTROLS])
SENTENCES = st.lists(st.tuples(PIECES, st.sampled_from([" ", " ", " ", "", "\n\n"])), min_size=1, max_size=80)
NEWSLIKE = SENTENCES.map(lambda pairs: "".join(piece + space for piece, space in pairs))
ANY_TEXT = st.text(st.characters(exclude_categories=("Cs",)), min_size=1)


def checked(text: str) -> list[Claim]:
    """The claims of `text`, each checked against it, and the same when read again."""
    article = Article(id="a", text=text)
    claims = extract_claims(article, DIRECTORY)
    for claim in claims:
        claim.check_against(article)
        assert claim.context.start <= claim.spans[0].start
        assert claim.context.end >= claim.spans[-1].end
        assert claim.id == Claim.make_id(article.id, claim.spans)
    assert [claim.spans for claim in claims] == sorted(claim.spans for claim in claims)
    assert len({claim.id for claim in claims}) == len(claims)
    assert {claim.parent_id for claim in claims if claim.parent_id} <= {claim.id for claim in claims}
    assert extract_claims(article, DIRECTORY) == claims
    return claims


@given(NEWSLIKE)
def test_news_in_pieces(text: str) -> None:
    checked(text)


@given(ANY_TEXT)
def test_any_text(text: str) -> None:
    checked(text)


@given(st.text(alphabet="“”\"‘’'«»「」 \na.:", min_size=1, max_size=200))
def test_marks_in_any_order(text: str) -> None:
    checked(text)


@given(NEWSLIKE, NEWSLIKE)
def test_what_comes_later_in_another_language_changes_no_offset(first: str, second: str) -> None:
    """Two texts in one are still exact, whatever their scripts."""
    checked(f"{first}\n\n李若川表示：“开源不是慈善。”\n\n{second}")


def test_unpaired_surrogates_are_no_article() -> None:
    with pytest.raises(ValidationError):
        Article(id="a", text="“Half a \ud83d,” Mara Lindqvist said.")


INVISIBLE = ["\x00", "\u200b", "\u200f", "\u202e", "\u2066", "\ufeff", "\u00ad"]


@pytest.mark.parametrize("mark", INVISIBLE)
@pytest.mark.parametrize(
    "text",
    [
        "~“The river will not wait,” Mara Lindqvist said.",
        "“The river~ will not wait,” Mara Lindqvist said.",
        "“The river will not wait,” Mara Lindqvist said.~ “It never did.”~",
        "“The river will not wait,”~ Mara Lindqvist said.",
        "“The river will not wait,” ~Mara Lindqvist said.",
        "“The river will not wait,” Mara Lind~qvist said.",
    ],
)
def test_invisible_characters(text: str, mark: str) -> None:
    """They hide no claim and move no offset; a page's own script leaves them anywhere."""
    claims = checked(text.replace("~", mark))
    assert claims
    assert claims[0].text.replace(mark, "").startswith("The river will not wait")
    assert claims[0].speaker
    assert claims[0].speaker.name == "Mara Lindqvist"


def test_a_text_without_line_breaks() -> None:
    sentence = "“The river will not wait,” Mara Lindqvist said, and the boats left before the evening. "
    claims = checked(sentence * 400)
    quoted = [claim for claim in claims if claim.text.rstrip(",") == "The river will not wait"]
    assert len(quoted) == 400


# Marks and the like are repeated to 50,000 characters, whole phrases to a quarter of that: some seconds
LONG = """
“ ” ‘ ’ « 「 `` ( ) () [ （ 《 ... ? a A 1 é 😀 开 说 李若川 don't
"""
SPACED = [
    "“\n\n",
    '"\n\n',
    "He said. ",
    "that ",
    "( ",
    "— ",
    ", ",
    ". ",
    "\n",
    "\n\n",
    "a ",
    "A ",
    "Mara ",
    "Mr. ",
    "U.S. ",
]
SPACED += [
    "Mara Lindqvist ",
    "Mara Lindqvist, ",
    "the CEO of ",
    "\x00",
    "\u200f",
    "a b c d e f g h ",
    "'a' ",
]
SPACED += [
    "“”",
    '"',
    "'",
    "''",
    "“ ”",
    "said ",
    "said said, ",
    "said that ",
    "he said ",
    "said Mara ",
    "told ",
    ": ",
]
SPACED += [
    "according to ",
    " ",
    "\t",
    "who said ",
    "WALLACE: ",
    "“a” said he. ",
    "“Yes,” she said. ",
    "“开”",
    '"A" ',
]
LIMIT = 35.0


@pytest.mark.parametrize(
    ("unit", "length"), [*((u, 50_000) for u in [*LONG.split(), "said "]), *((u, 12_500) for u in SPACED)]
)
def test_long_runs_end(unit: str, length: int) -> None:
    article = Article(id="a", text="x" + unit * (length // len(unit)))
    with cpu_limit(LIMIT):
        claims = extract_claims(article, DIRECTORY)
    for claim in claims[:500]:
        claim.check_against(article)
